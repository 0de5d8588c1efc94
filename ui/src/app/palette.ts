/** Something that the palette can go to or run. */
export interface Entry {
  kind: string;
  name: string;
  run: () => void;
}

/** Entries that hold every typed word, those that begin with it first. */
export function matches(entries: Entry[], typed: string): Entry[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return entries;
  const held = entries.filter((e) => words.every((w) => e.name.toLowerCase().includes(w)));
  const begins = (e: Entry) => (e.name.toLowerCase().startsWith(words[0] ?? '') ? 0 : 1);
  return held.sort((a, b) => begins(a) - begins(b));
}
