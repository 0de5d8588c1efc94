import type { ReviewPeriod } from '../ipc/generated/contract';
import { day, instant } from './format';

const DAY = /^(\d{4}-\d\d-\d\d)([Zz]|[+-]\d\d:\d\d)?$/;
const INSTANT = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** What two fields name; which of them is wrong, where one is. */
export interface TypedPeriod {
  period: ReviewPeriod | null;
  wrong: { from: 'missing' | 'shape' | null; to: 'missing' | 'shape' | null };
}

/** "2026-07-01" and "2026-09-30" as typed; whether one comes before the other, the core says. */
export function typedPeriod(from: string, to: string): TypedPeriod {
  const ends = { from: from.trim(), to: to.trim() };
  const wrong = (end: string, other: string) => (end ? (DAY.test(end) || INSTANT.test(end) ? null : 'shape') : other ? 'missing' : null);
  const found = { from: wrong(ends.from, ends.to), to: wrong(ends.to, ends.from) } as const;
  return { period: ends.from && ends.to && !found.from && !found.to ? ends : null, wrong: found };
}

/** "1 Jul 2026 to 30 Sep 2026"; a zone behind a day is said, none is invented. */
export function periodSaid(period: ReviewPeriod): string {
  return `${endSaid(period.from)} to ${endSaid(period.to)}`;
}

function endSaid(text: string): string {
  const match = DAY.exec(text);
  if (match?.[1]) return [day(match[1]), match[2]?.replace(/^z$/i, 'UTC')].filter(Boolean).join(' ');
  return instant(text, /:\d\d:00(?:[Zz]|[+-])/.test(text) ? 'minute' : 'whole');
}
