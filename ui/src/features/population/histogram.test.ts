import { describe, expect, it } from 'vitest';
import { bound, chosen, longestSilence, merged } from './histogram';

const bars = (counts: number[]) => counts.map((count, i) => ({ from: `2026-08-${String(i + 1).padStart(2, '0')}T00:00:00Z`, count, faults: count === 3 ? 1 : 0 }));

describe('the histogram', () => {
  it('finds the longest silence between records, never at the ends', () => {
    expect(longestSilence(bars([0, 0, 0, 1, 0, 0, 2, 0, 1, 0, 0, 0]))).toEqual({ from: 4, length: 2 });
    expect(longestSilence(bars([1, 0, 1]))).toBeNull();
    expect(longestSilence(bars([0, 0]))).toBeNull();
  });
  it('merges neighbours and loses no record', () => {
    const m = merged(bars([1, 2, 3, 4, 5]), 2);
    expect(m.each).toBe(3);
    expect(m.bars.map((b) => b.count)).toEqual([6, 9]);
    expect(m.bars[0]?.faults).toBe(1);
  });
  it('chooses from a day up to but not including a day', () => {
    expect(chosen(bars([1, 1, 1, 1]), '2026-08-02', '2026-08-04')).toEqual({ first: 1, end: 3 });
    expect(chosen(bars([1, 1]), null, null)).toEqual({ first: 0, end: 2 });
    expect(chosen(bars([1, 1]), '2026-09-01', null)).toEqual({ first: 2, end: 2 });
  });
  it('writes a bound as the bars are wide', () => {
    expect(bound('2026-08-02T00:00:00Z', 'day')).toBe('2026-08-02');
    expect(bound('2026-08-02T07:00:00Z', 'hour')).toBe('2026-08-02T07:00:00Z');
  });
});
