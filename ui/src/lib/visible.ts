/** A piece of record text: as it is, or the name of a character that would not show. */
export interface Piece {
  kind: 'text' | 'chip';
  text: string;
}

/**
 * Characters that change how a line reads without showing themselves: controls (not tab and line feed), bidirectional
 * marks and overrides, zero-width and filler characters, line separators, variation selectors, tags, lone surrogates.
 */
const HIDDEN = new RegExp(
  '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f'
    + '\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb'
    + '\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}\\p{Cs}]',
  'gu',
);

/** "U+202E". */
export function codePoint(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Splits text so that every hidden character becomes a chip; the pieces in order are the whole text. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > from) found.push({ kind: 'text', text: text.slice(from, match.index) });
    found.push({ kind: 'chip', text: codePoint(match[0]) });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ kind: 'text', text: text.slice(from) });
  return found;
}

/** The same as one string, for titles, labels and lists that are copied. */
export function spelled(text: string): string {
  return pieces(text).map((p) => (p.kind === 'chip' ? `[${p.text}]` : p.text)).join('');
}

/** The first part of a text, never cutting a surrogate pair. */
export function firstPart(text: string, limit: number): { part: string; whole: boolean } {
  if (text.length <= limit) return { part: text, whole: true };
  const code = text.charCodeAt(limit - 1);
  const end = code >= 0xd800 && code <= 0xdbff ? limit - 1 : limit;
  return { part: text.slice(0, end), whole: false };
}
