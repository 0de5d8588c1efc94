import { terms } from '../../lib/query';
import { day } from '../../lib/format';
import type { Columns } from './population';

export interface Refusal { message: string; hints: string[] }

const FIELDS = ['event', 'actor', 'outcome', 'model'] as const;
type Field = (typeof FIELDS)[number];

export interface Filter { fits: (c: Columns, position: number, faults: number, notes: number) => boolean; reads: string; key: string }

/** Reads the query line the way the core does, near enough for the fake. */
export function filter(line: string): Filter | Refusal {
  const wanted = new Map<string, { field: Field; excluded: boolean; values: string[] }>();
  const words: { word: string; excluded: boolean }[] = [];
  let after: string | null = null;
  let before: string | null = null;
  const has: { what: string; wanted: boolean }[] = [];
  for (const t of terms(line)) {
    if (!t.value) return { message: `A value is missing at character ${t.start + 1}.`, hints: [] };
    if (t.field === null) words.push({ word: t.value.toLowerCase(), excluded: t.excluded });
    else if (t.field === 'after' || t.field === 'before') {
      if (!/^\d{4}-\d\d-\d\d/.test(t.value)) return { message: `“${t.value}” at character ${t.start + 1} is no date.`, hints: ['Write a day as 2026-08-01, or an instant as 2026-08-01T09:00:00Z.'] };
      if (t.field === 'after') after = t.value; else before = t.value;
    } else if (t.field === 'has') {
      if (!['fault', 'note', 'signature'].includes(t.value)) return { message: `“has:${t.value}” at character ${t.start + 1} is not known. Expected fault, note or signature.`, hints: [] };
      has.push({ what: t.value, wanted: !t.excluded });
    } else if ((FIELDS as readonly string[]).includes(t.field)) {
      const key = `${t.excluded ? '-' : ''}${t.field}`;
      const entry = wanted.get(key) ?? { field: t.field as Field, excluded: t.excluded, values: [] };
      entry.values.push(t.value);
      wanted.set(key, entry);
    } else return { message: `“${t.field}:” at character ${t.start + 1} is no field that can be asked for.`, hints: ['Fields are event, actor, outcome, model, after, before and has.'] };
  }
  const columnTerms = [...wanted.values()];
  const parts = [
    ...columnTerms.map((w) => `${w.excluded ? 'not ' : ''}with ${w.field} ${w.values.join(' or ')}`),
    ...words.map((w) => (w.excluded ? `that do not contain “${w.word}”` : `that contain “${w.word}”`)),
    ...(after ? [`from ${day(after)}`] : []), ...(before ? [`up to but not including ${day(before)}`] : []),
    ...has.map((h) => `${h.wanted ? 'with' : 'without'} a ${h.what === 'note' ? 'note or finding' : h.what === 'signature' ? 'signature that verifies' : 'fault'}`),
  ];
  const times = after || before ? ' Times are UTC.' : '';
  return {
    key: line, reads: parts.length ? `Records ${parts.join(', ')}.${times}` : 'All records.',
    fits: (c, _p, faults, notes) => {
      for (const w of columnTerms) if (w.values.includes(c[w.field] ?? '') === w.excluded) return false;
      if (after && c.time < after) return false;
      if (before && c.time >= before) return false;
      for (const h of has) if (((h.what === 'fault' && faults > 0) || (h.what === 'note' && notes > 0) || h.what === 'signature') !== h.wanted) return false;
      if (words.length) {
        const text = `${c.summary} ${c.actor} ${c.event} ${c.model}`.toLowerCase();
        for (const w of words) if (text.includes(w.word) === w.excluded) return false;
      }
      return true;
    },
  };
}
