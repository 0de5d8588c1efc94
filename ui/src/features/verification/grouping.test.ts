import { describe, expect, it } from 'vitest';
import { notProven, refuted } from '../../ipc/fake/verdicts';
import { allChecks, faultLines, faultsOf, faultyRecords, known, tally, weakestFirst } from './grouping';

const v = refuted().verification;

describe('grouping', () => {
  it('counts every check once', () => {
    expect(tally(allChecks(v.claims))).toEqual({ all: 17, pass: 9, fail: 4, open: 4, na: 0 });
    expect(tally(notProven().verification.claims.time.checks).na).toBe(1);
  });
  it('puts refuted claims first and keeps the rest in order', () => {
    expect(weakestFirst(v.claims).map((c) => c.name)).toEqual(['integrity', 'completeness', 'authenticity', 'time']);
    const other = { ...v.claims, integrity: v.claims.time, time: v.claims.integrity };
    expect(weakestFirst(other).slice(0, 2).map((c) => c.name)).toEqual(['completeness', 'time']);
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
