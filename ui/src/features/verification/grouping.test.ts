import { describe, expect, it } from 'vitest';
import { notProven, refuted } from '../../ipc/fake/verdicts';
import { allChecks, faultLines, faultsOf, faultyRecords, known, tally, weakestFirst } from './grouping';

const v = refuted().verification;

describe('grouping', () => {
  it('counts every check once', () => {
    expect(tally(allChecks(v.claims))).toEqual({ all: 16, pass: 9, fail: 3, open: 4, na: 0 });
    expect(tally(notProven().verification.claims.time.checks).na).toBe(1);
  });
  it('puts refuted claims first and keeps the rest in order', () => {
    expect(weakestFirst(v.claims).map((c) => c.name)).toEqual(['integrity', 'authenticity', 'completeness', 'time']);
    const other = { ...v.claims, integrity: v.claims.time, time: v.claims.integrity };
    expect(weakestFirst(other)[0]?.name).toBe('time');
  });
  it('gives each group its faults and counts the records they name', () => {
    expect(v.fault_groups.map((g) => faultsOf(g, v.faults).length)).toEqual(v.fault_groups.map((g) => g.count));
    expect(faultyRecords(v)).toBe(5);
    expect(known(v).positions.has(88417)).toBe(true);
  });
  it('copies faults with hidden characters spelled out', () => {
    const lines = faultLines(v);
    expect(lines.split('\n')).toHaveLength(5);
    expect(lines).toContain('[U+202E]');
    expect(lines).not.toContain('\u202e');
  });
});
