import { describe, expect, it } from 'vitest';
import { byteLines, offsetSaid } from './bytes';

describe('original bytes', () => {
  it('start each line at its offset and keep every character', () => {
    const lines = byteLines('äbcdefgh', [], 16, 4);
    expect(lines.map((l) => offsetSaid(l.offset))).toEqual(['00000010', '00000015']);
    expect(lines.flatMap((l) => l.stretches.map((s) => s.text)).join('')).toBe('äbcdefgh');
  });
  it('mark what no hash reaches, over a line end too', () => {
    const lines = byteLines('abcdefgh', [{ start: 2, end: 6 }], 0, 4);
    expect(lines[0]?.stretches).toEqual([{ text: 'ab', covered: true }, { text: 'cd', covered: false }]);
    expect(lines[1]?.stretches).toEqual([{ text: 'ef', covered: false }, { text: 'gh', covered: true }]);
  });
  it('never cut a pair, and ignore spans beyond the end', () => {
    const lines = byteLines('abc😀d', [{ start: 4, end: 900 }], 0, 4);
    expect(lines.map((l) => l.stretches.map((s) => s.text).join(''))).toEqual(['abc', '😀d']);
  });
});
