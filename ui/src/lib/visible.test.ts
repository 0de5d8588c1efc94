import { describe, expect, it } from 'vitest';
import { firstPart, pieces, spelled } from './visible';

describe('hidden characters', () => {
  it('show by name, in place', () => {
    expect(pieces('answer \u202etoday')).toEqual([
      { kind: 'text', text: 'answer ' },
      { kind: 'chip', text: 'U+202E' },
      { kind: 'text', text: 'today' },
    ]);
  });
  it('include every Trojan Source character, zero-width characters, controls and tags', () => {
    const all = [0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0x200e, 0x200f, 0x061c,
      0x200b, 0x200c, 0x200d, 0x2060, 0xfeff, 0x00ad, 0x0000, 0x001b, 0x000d, 0x0085, 0x2028, 0x2029, 0xe0041, 0xfe0f, 0x3164];
    for (const code of all) {
      const found = pieces(`a${String.fromCodePoint(code)}b`);
      expect(found.map((p) => p.kind), code.toString(16)).toEqual(['text', 'chip', 'text']);
    }
  });
  it('leave line feeds, tabs, letters of any script and pairs alone', () => {
    const text = 'Ünï\tcode\n日本語 العربية 😀';
    expect(pieces(text)).toEqual([{ kind: 'text', text }]);
  });
  it('name a lone surrogate', () => {
    expect(spelled('a\ud800b')).toBe('a[U+D800]b');
  });
  it('lose nothing', () => {
    const text = '<script>\u200b\u0007</script>';
    expect(pieces(text).map((p) => (p.kind === 'chip' ? String.fromCodePoint(parseInt(p.text.slice(2), 16)) : p.text)).join('')).toBe(text);
  });
});

describe('first part', () => {
  it('does not cut a pair', () => {
    expect(firstPart('ab😀cd', 3)).toEqual({ part: 'ab', whole: false });
    expect(firstPart('ab', 3)).toEqual({ part: 'ab', whole: true });
  });
});
