import { describe, expect, it } from 'vitest';
import { isScaled, MAX_PX, physicalHeight, reveal, toPhysical, toTable, visibleRows } from './scroll';

const small = { rows: 9214, rowHeight: 26, viewport: 520 };
const huge = { rows: 10_000_000, rowHeight: 26, viewport: 520 };

describe('scroll mapping', () => {
  it('is the identity for tables that fit', () => {
    expect(isScaled(small)).toBe(false);
    for (const px of [0, 26, 100_000]) expect(toTable(px, small)).toBe(px);
  });
  it('reaches first and last row of a huge table', () => {
    expect(isScaled(huge)).toBe(true);
    expect(physicalHeight(huge)).toBe(MAX_PX);
    expect(toTable(0, huge)).toBe(0);
    expect(visibleRows(toTable(MAX_PX - 520, huge), huge).end).toBe(10_000_000);
  });
  it('goes there and back', () => {
    for (const row of [0, 1, 4_999_999, 9_999_000]) {
      const top = row * 26;
      expect(toTable(toPhysical(top, huge), huge)).toBeCloseTo(top, 3);
    }
  });
  it('never leaves the table', () => {
    expect(toTable(1e12, huge)).toBe(10_000_000 * 26 - 520);
    expect(toTable(-5, small)).toBe(0);
    expect(visibleRows(0, { rows: 0, rowHeight: 26, viewport: 520 })).toEqual({ first: 0, end: 0 });
  });
  it('reveals a row with as little movement as possible', () => {
    expect(reveal(0, 260, small)).toBe(0);
    expect(reveal(12, 260, small)).toBe(260);
    expect(reveal(100, 0, small)).toBe(101 * 26 - 520);
  });
});
