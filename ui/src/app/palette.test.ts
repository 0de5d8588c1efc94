import { expect, it } from 'vitest';
import { matches } from './palette';

const entry = (name: string) => ({ kind: 'x', name, run: () => undefined });

it('finds entries that hold every word, beginnings first', () => {
  const list = [entry('Write a finding'), entry('Findings'), entry('Records')];
  expect(matches(list, 'find').map((e) => e.name)).toEqual(['Findings', 'Write a finding']);
  expect(matches(list, 'a find').map((e) => e.name)).toEqual(['Write a finding']);
  expect(matches(list, ' ')).toHaveLength(3);
});
