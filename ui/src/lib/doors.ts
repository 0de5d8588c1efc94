/** A stretch of a sentence; `door` says what its number counts. */
export interface SentencePart {
  text: string;
  door: Door | null;
}

export type Door = { kind: 'record'; position: number } | { kind: 'records' } | { kind: 'faults' };

/** What the numbers of a sentence can be. */
export interface Known {
  records: number;
  faults: number;
  /** Record numbers that faults name. */
  positions: ReadonlySet<number>;
}

const NUMBER = /\d{1,3}(?:,\d{3})+|\d+/g;
const MONTH = /\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s$/;
const NAMES_RECORD = /\b[Rr]ecords?\s(?:[\d,]+(?:,\s|\sand\s|\s))*$/;

/**
 * Finds the numbers of a sentence that lead somewhere: after "record" the record of that number, the count of all
 * records, the count of all faults. A number that is part of a longer token (a date, a version) leads nowhere.
 */
export function doors(sentence: string, known: Known): SentencePart[] {
  const parts: SentencePart[] = [];
  let from = 0;
  for (const match of sentence.matchAll(NUMBER)) {
    const door = doorOf(sentence, match.index, match[0], known);
    if (!door) continue;
    if (match.index > from) parts.push({ text: sentence.slice(from, match.index), door: null });
    parts.push({ text: match[0], door });
    from = match.index + match[0].length;
  }
  if (from < sentence.length) parts.push({ text: sentence.slice(from), door: null });
  return parts;
}

function doorOf(sentence: string, at: number, token: string, known: Known): Door | null {
  const before = sentence.slice(0, at);
  const after = sentence.slice(at + token.length);
  if (/[\w.:/-]$/.test(before) || /^(?:[\w:/-]|\.\d|\s?%|\u202f%)/.test(after)) return null;
  if (MONTH.test(before)) return null;
  const n = Number(token.replaceAll(',', ''));
  if (NAMES_RECORD.test(before) && n >= 1 && n <= known.records) return { kind: 'record', position: n };
  if (known.positions.has(n) && n > 99) return { kind: 'record', position: n };
  if (n === known.records && /^\s(?:[a-z]+\s){0,2}records?\b/.test(after)) return { kind: 'records' };
  if (n === known.faults && /^\sfaults?\b/.test(after)) return { kind: 'faults' };
  return null;
}
