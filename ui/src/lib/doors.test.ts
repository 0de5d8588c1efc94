import { describe, expect, it } from 'vitest';
import { doors, type Known } from './doors';

const known: Known = { records: 184212, faults: 5, positions: new Set([88417, 12]) };
const found = (s: string) => doors(s, known).filter((p) => p.door).map((p) => [p.text, p.door?.kind]);

describe('numbers that lead somewhere', () => {
  it('are records, counts of records and counts of faults', () => {
    expect(found('Two of 184,212 records differ; see record 88,417.')).toEqual([['184,212', 'records'], ['88,417', 'record']]);
    expect(found('The bundle has 5 faults.')).toEqual([['5', 'faults']]);
    expect(found('records 12 and 13 differ')).toEqual([['12', 'record'], ['13', 'record']]);
  });
  it('are never parts of dates, versions, shares or other counts', () => {
    expect(found('On 2026-08-12 version 4.2.12 had 12 % and 12 checks')).toEqual([]);
    expect(found('All 185 checkpoints are signed.')).toEqual([]);
    const year: Known = { records: 184212, faults: 5, positions: new Set([2026]) };
    expect(doors('The import of 20 Nov 2026, 10:00 UTC ended at record 2,026.', year).filter((p) => p.door).map((p) => p.text)).toEqual(['2,026']);
  });
  it('keep the sentence whole', () => {
    const s = 'Two of 184,212 records differ; see record 88,417.';
    expect(doors(s, known).map((p) => p.text).join('')).toBe(s);
  });
});
