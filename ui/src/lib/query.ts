/** A term of the query line and where it stands. The core reads the line for itself; this is for colours and clicks. */
export interface Term {
  excluded: boolean;
  field: string | null;
  value: string;
  start: number;
  end: number;
}

const FIELD = /^[a-z]+$/;

/** Splits a query line into its terms; an open quotation mark runs to the end. */
export function terms(line: string): Term[] {
  const found: Term[] = [];
  let at = 0;
  while (at < line.length) {
    if (/\s/.test(line[at] ?? '')) { at += 1; continue; }
    const term = termAt(line, at);
    found.push(term);
    at = term.end;
  }
  return found;
}

function termAt(line: string, start: number): Term {
  const excluded = line[start] === '-';
  let at = excluded ? start + 1 : start;
  let field: string | null = null;
  let value = '';
  while (at < line.length && !/\s/.test(line[at] ?? '')) {
    const char = line[at] ?? '';
    if (char === '"') {
      const close = line.indexOf('"', at + 1);
      const end = close < 0 ? line.length : close;
      value += line.slice(at + 1, end);
      at = Math.min(line.length, end + 1);
    } else if (char === ':' && field === null && FIELD.test(value)) {
      field = value;
      value = '';
      at += 1;
    } else {
      value += char;
      at += 1;
    }
  }
  return { excluded, field, value, start, end: at };
}

/** Whether a value can be written in a query at all: quotation marks cannot. */
export function canAsk(value: string): boolean {
  return value.length > 0 && !value.includes('"') && !/[\r\n]/.test(value);
}

export function written(field: string, value: string): string {
  return /^[^\s"]+$/.test(value) ? `${field}:${value}` : `${field}:"${value}"`;
}

export function hasTerm(line: string, field: string, value: string): boolean {
  return terms(line).some((t) => !t.excluded && t.field === field && t.value === value);
}

/** Adds the term, or takes it away when it is there. */
export function toggleTerm(line: string, field: string, value: string): string {
  if (hasTerm(line, field, value)) return without(line, (t) => !t.excluded && t.field === field && t.value === value);
  return joined(line, written(field, value));
}

/** Sets the range of days; null takes a bound away. */
export function setRange(line: string, after: string | null, before: string | null): string {
  let next = without(line, (t) => t.field === 'after' || t.field === 'before');
  if (after) next = joined(next, `after:${after}`);
  if (before) next = joined(next, `before:${before}`);
  return next;
}

export function rangeOf(line: string): { after: string | null; before: string | null } {
  const last = (field: string) => terms(line).filter((t) => t.field === field && !t.excluded).at(-1)?.value ?? null;
  return { after: last('after'), before: last('before') };
}

function without(line: string, drop: (t: Term) => boolean): string {
  return terms(line).filter((t) => !drop(t)).map((t) => line.slice(t.start, t.end)).join(' ');
}

function joined(line: string, term: string): string {
  const head = line.trim();
  return head ? `${head} ${term}` : term;
}

/** The character that an error of the core names, as an index into the line. */
export function errorAt(message: string): number | null {
  const m = /at character (\d+)/.exec(message);
  return m ? Math.max(0, Number(m[1]) - 1) : null;
}
