import type { TextSpan } from '../ipc/generated/contract';

/** A stretch of one line: covered by a hash or signature, or not. */
export interface Stretch {
  text: string;
  covered: boolean;
}

/** One line of original bytes with its offset in the member. */
export interface ByteLine {
  offset: number;
  stretches: Stretch[];
}

/**
 * Lays record text out in lines of `width` UTF-16 units (never cutting a pair), each with the byte offset at which it
 * starts. Text is counted as UTF-8; U+FFFD stands for a byte that is none and is counted as one.
 */
export function byteLines(text: string, uncovered: TextSpan[], offset: number, width: number): ByteLine[] {
  const lines: ByteLine[] = [];
  const spans = uncovered.filter((s) => s.end > s.start).sort((a, b) => a.start - b.start);
  let at = offset;
  let from = 0;
  while (from < text.length) {
    let to = Math.min(from + width, text.length);
    const code = text.charCodeAt(to - 1);
    if (to < text.length && code >= 0xd800 && code <= 0xdbff) to -= 1;
    if (to <= from) to = from + 1;
    lines.push({ offset: at, stretches: stretches(text, from, to, spans) });
    at += utf8Length(text.slice(from, to));
    from = to;
  }
  return lines;
}

function stretches(text: string, from: number, to: number, spans: TextSpan[]): Stretch[] {
  const found: Stretch[] = [];
  let at = from;
  for (const span of spans) {
    const start = Math.max(span.start, at);
    const end = Math.min(span.end, to);
    if (end <= start) continue;
    if (start > at) found.push({ text: text.slice(at, start), covered: true });
    found.push({ text: text.slice(start, end), covered: false });
    at = end;
  }
  if (at < to) found.push({ text: text.slice(at, to), covered: true });
  return found;
}

function utf8Length(text: string): number {
  let n = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code === 0xfffd) n += 1;
    else if (code < 0x80) n += 1;
    else if (code < 0x800) n += 2;
    else if (code < 0x10000) n += 3;
    else n += 4;
  }
  return n;
}

/** Eight hexadecimal figures, or more where needed. */
export function offsetSaid(offset: number): string {
  return offset.toString(16).padStart(8, '0');
}
