import { ask } from '../../desk/session.svelte';
import { asError } from '../../ipc/errors';
import type { ErrorView, RecordOrder, RecordRow, RecordsPage } from '../../ipc/generated/contract';

export const PAGE = 200;

/** Which rows a table shows. */
export interface Source { bundle: string | null; query: string; order: RecordOrder }

/** Rows of a query, fetched a page at a time with the next page ahead; far pages are let go. */
export class Pages {
  total = $state(0);
  of = $state(0);
  reads = $state('');
  micros = $state(0);
  ready = $state(false);
  error = $state.raw<ErrorView | null>(null);
  /** Counts arrivals, so that drawn rows look again. */
  version = $state(0);
  #rows = new Map<number, RecordRow[]>();
  #asked = new Set<number>();
  #source: Source = { bundle: null, query: '', order: 'source' };
  #turn = 0;

  /** Starts anew; the old rows stay until the first page is here. */
  async open(source: Source): Promise<boolean> {
    const turn = ++this.#turn;
    try {
      const page = await this.#fetch(source, 0);
      if (turn !== this.#turn) return false;
      this.#source = source;
      this.#rows = new Map([[0, page.rows]]);
      this.#asked = new Set([0]);
      this.total = page.total;
      this.of = page.of;
      this.reads = page.reads_as;
      this.micros = page.micros;
      this.error = null;
      this.ready = true;
      this.version += 1;
      return true;
    } catch (thrown) {
      if (turn === this.#turn) this.error = asError(thrown);
      return false;
    }
  }

  row(index: number): RecordRow | null {
    if (this.version < 0) return null;
    return this.#rows.get(Math.floor(index / PAGE))?.[index % PAGE] ?? null;
  }

  /** Fetches what a range needs, and one page after it. */
  want(first: number, end: number): void {
    if (!this.ready) return;
    const from = Math.floor(first / PAGE);
    const to = Math.floor(Math.max(first, end - 1) / PAGE);
    const last = Math.max(0, Math.ceil(this.total / PAGE) - 1);
    for (let page = from; page <= Math.min(to + 1, last); page += 1) void this.#need(page);
    if (this.#rows.size > 40) for (const page of this.#rows.keys()) if (Math.abs(page - from) > 20) { this.#rows.delete(page); this.#asked.delete(page); }
  }

  /** The row at an index, fetched if need be. */
  async find(index: number): Promise<RecordRow | null> {
    await this.#need(Math.floor(index / PAGE));
    return this.row(index);
  }

  async #need(page: number): Promise<void> {
    if (this.#asked.has(page)) return;
    this.#asked.add(page);
    const turn = this.#turn;
    try {
      const answer = await this.#fetch(this.#source, page);
      if (turn !== this.#turn) return;
      this.#rows.set(page, answer.rows);
      this.version += 1;
    } catch (thrown) {
      this.#asked.delete(page);
      if (turn === this.#turn) this.error = asError(thrown);
    }
  }

  #fetch(source: Source, page: number): Promise<RecordsPage> {
    return ask('records_page', { ...source, offset: page * PAGE, limit: PAGE });
  }
}
