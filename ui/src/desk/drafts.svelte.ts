/** Unfinished text, kept in memory while the program runs, over a lock too; never written to disk. */
class Drafts {
  #kept = new Map<string, string>();

  get(key: string): string {
    return this.#kept.get(key) ?? '';
  }

  set(key: string, text: string): void {
    if (text) this.#kept.set(key, text);
    else this.#kept.delete(key);
  }
}

export const drafts = new Drafts();
