import type { Bucket } from '../../ipc/generated/contract';

/** A stretch without any record between two that have some. */
export interface Silence { from: number; length: number }

/** The longest silent stretch, if it is long enough to be told. */
export function longestSilence(buckets: Bucket[], atLeast = 2): Silence | null {
  let best: Silence | null = null;
  let from = -1;
  let seen = false;
  buckets.forEach((b, i) => {
    if (b.count > 0) {
      if (seen && from >= 0 && i - from >= atLeast && (!best || i - from > best.length)) best = { from, length: i - from };
      seen = true;
      from = -1;
    } else if (from < 0) from = i;
  });
  return best;
}

/** Adds neighbours together until at most `most` bars are left. */
export function merged(buckets: Bucket[], most: number): { bars: Bucket[]; each: number } {
  const each = Math.max(1, Math.ceil(buckets.length / most));
  if (each === 1) return { bars: buckets, each };
  const bars: Bucket[] = [];
  for (let i = 0; i < buckets.length; i += each) {
    const part = buckets.slice(i, i + each);
    const first = part[0];
    if (first) bars.push({ from: first.from, count: part.reduce((n, b) => n + b.count, 0), faults: part.reduce((n, b) => n + b.faults, 0) });
  }
  return { bars, each };
}

/** Which bars lie in a range of days or instants, by their start. */
export function chosen(bars: Bucket[], after: string | null, before: string | null): { first: number; end: number } {
  if (!after && !before) return { first: 0, end: bars.length };
  const first = after ? bars.findIndex((b) => b.from.slice(0, after.length) >= after) : 0;
  const past = before ? bars.findIndex((b) => b.from.slice(0, before.length) >= before) : -1;
  return { first: first < 0 ? bars.length : first, end: past < 0 ? bars.length : past };
}

/** The bound that a query can carry for a bar's start: a day where the bars are days, else the instant. */
export function bound(from: string, unit: string): string {
  return unit === 'day' || unit === 'month' ? from.slice(0, 10) : from;
}
