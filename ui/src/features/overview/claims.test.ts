import { expect, it } from 'vitest';
import { proven, refuted } from '../../ipc/fake/verdicts';
import { lines, split } from './claims';

it('tells proven claims from the rest, refuted first, one line a bundle', () => {
  const s = split([proven().row, refuted().row]);
  expect(s.proven).toHaveLength(4);
  expect(s.not[0]?.outcome).toBe('refuted');
  expect(lines(s.proven).map((l) => l.claims.length)).toEqual([3, 1]);
  expect(lines(s.not).map((l) => [l.outcome, l.claims])).toEqual([['refuted', ['integrity', 'completeness']], ['not_proven', ['time']], ['not_proven', ['time']]]);
});
