import { describe, expect, it } from 'vitest';
import type { DrawView, UnitResult, UnitView } from '../../ipc/generated/contract';
import { around, firstUnit, limitPath, needsNote, nextOpen } from './queue';

const unit = (ordinal: number, result: UnitResult | null): UnitView => ({ ordinal, counter: ordinal, pick: ordinal, record_id: '', bundle: 'b', position: ordinal, result, note: null, tested_at: null, tested_by: null, replaced_by: null, superseded: 0 });
const draw = (...results: (UnitResult | null)[]): DrawView => ({ algorithm: '', seed: '', seed_source: '', drawn_at: '', drawn_by: '', units: results.map((r, i) => unit(i + 1, r)) });

describe('the queue', () => {
  it('goes to the next open unit, round once', () => {
    const d = draw('pass', null, 'pass', null);
    expect(firstUnit(d)).toBe(2);
    expect(nextOpen(d, 2)).toBe(4);
    expect(nextOpen(d, 4)).toBe(2);
    expect(nextOpen(draw('pass'), 1)).toBeNull();
    expect(firstUnit(draw('pass'))).toBe(1);
  });
  it('asks for a note with everything but a pass', () => {
    expect((['pass', 'deviation', 'not_applicable', 'could_not_test'] as const).map(needsNote)).toEqual([false, true, true, true]);
    expect(needsNote(null)).toBe(false);
  });
  it('shows the part around a unit', () => {
    const units = draw(...Array<null>(20).fill(null)).units;
    expect(around(units, 10).map((u) => u.ordinal)).toEqual([6, 7, 8, 9, 10, 11, 12]);
    expect(around(units, 20).at(-1)?.ordinal).toBe(20);
    expect(around(units, 1)[0]?.ordinal).toBe(1);
  });
  it('draws only what fits the figure', () => {
    expect(limitPath([1, 0.2, 0.1], 10, 0.3, 100, 30)).toBe('M20.0 10.0L30.0 20.0');
    expect(limitPath([], 10, 0.3, 100, 30)).toBe('');
  });
});
