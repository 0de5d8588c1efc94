import { describe, expect, it } from 'vitest';
import { canAsk, errorAt, hasTerm, rangeOf, setRange, terms, toggleTerm, written } from './query';

const LINE = 'event:decision outcome:declined after:2026-08-01 before:2026-09-01 -actor:svc-batch "two words" refund';

describe('the query line', () => {
  it('splits as the core does', () => {
    expect(terms(LINE).map((t) => [t.excluded, t.field, t.value])).toEqual([
      [false, 'event', 'decision'], [false, 'outcome', 'declined'], [false, 'after', '2026-08-01'],
      [false, 'before', '2026-09-01'], [true, 'actor', 'svc-batch'], [false, null, 'two words'], [false, null, 'refund'],
    ]);
    for (const t of terms(LINE)) expect(LINE.slice(t.start, t.end).trim()).not.toBe('');
  });
  it('keeps colons in values and quotes', () => {
    expect(terms('after:2026-08-01T09:00:00Z').map((t) => t.value)).toEqual(['2026-08-01T09:00:00Z']);
    expect(terms('"a:b"').map((t) => [t.field, t.value])).toEqual([[null, 'a:b']]);
    expect(terms('actor:"open end')[0]?.value).toBe('open end');
  });
  it('toggles a facet and leaves the rest as typed', () => {
    const off = toggleTerm(LINE, 'outcome', 'declined');
    expect(hasTerm(off, 'outcome', 'declined')).toBe(false);
    expect(off).toContain('-actor:svc-batch "two words" refund');
    expect(toggleTerm('', 'actor', 'a person')).toBe('actor:"a person"');
    expect(toggleTerm('-outcome:x', 'outcome', 'x')).toBe('-outcome:x outcome:x');
  });
  it('round-trips written terms', () => {
    for (const value of ['x', 'a b', 'a:b', '-x', 'é\u202e']) {
      const [t, ...rest] = terms(written('actor', value));
      expect(rest).toEqual([]);
      expect([t?.field, t?.value]).toEqual(['actor', value]);
    }
    expect(canAsk('a"b')).toBe(false);
  });
  it('sets and reads the range', () => {
    expect(setRange(LINE, '2026-07-01', null)).toMatch(/refund after:2026-07-01$/);
    expect(rangeOf(LINE)).toEqual({ after: '2026-08-01', before: '2026-09-01' });
    expect(setRange('after:2026-01-01', null, null)).toBe('');
  });
  it('finds where an error points', () => {
    expect(errorAt('The quotation mark at character 5 has no partner.')).toBe(4);
    expect(errorAt('no place')).toBeNull();
  });
});
