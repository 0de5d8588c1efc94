/**
 * A table of ten million rows of 26 px is taller than an engine lays out. The scrolled element gets at most `MAX_PX`;
 * beyond that its scroll position stands for a place in the table, scaled.
 */
export const MAX_PX = 8_000_000;

export interface Extent {
  rows: number;
  rowHeight: number;
  viewport: number;
}

/** Height that the scrolled element really has. */
export function physicalHeight(e: Extent): number {
  return Math.min(e.rows * e.rowHeight, MAX_PX);
}

export function isScaled(e: Extent): boolean {
  return e.rows * e.rowHeight > MAX_PX;
}

/** Scroll position of the element -> place in the table, in px of the whole table. */
export function toTable(physical: number, e: Extent): number {
  const table = Math.max(0, e.rows * e.rowHeight - e.viewport);
  const room = Math.max(0, physicalHeight(e) - e.viewport);
  if (room === 0) return 0;
  return Math.min(table, Math.max(0, isScaled(e) ? (physical / room) * table : physical));
}

/** Place in the table -> scroll position of the element. */
export function toPhysical(top: number, e: Extent): number {
  const table = Math.max(0, e.rows * e.rowHeight - e.viewport);
  const room = Math.max(0, physicalHeight(e) - e.viewport);
  if (table === 0) return 0;
  const clamped = Math.min(table, Math.max(0, top));
  return isScaled(e) ? (clamped / table) * room : clamped;
}

/** The place that brings a row into view with as little movement as possible. */
export function reveal(row: number, top: number, e: Extent): number {
  const start = row * e.rowHeight;
  const end = start + e.rowHeight;
  if (start < top) return start;
  if (end > top + e.viewport) return end - e.viewport;
  return top;
}

/** First and one past the last row to draw, with `over` rows of margin. */
export function visibleRows(top: number, e: Extent, over = 6): { first: number; end: number } {
  const first = Math.max(0, Math.floor(top / e.rowHeight) - over);
  const end = Math.min(e.rows, Math.ceil((top + e.viewport) / e.rowHeight) + over);
  return { first, end: Math.max(first, end) };
}
