import { asError } from '../ipc/errors';
import type { ErrorView } from '../ipc/generated/contract';

/** Something that a page asked for: its answer, its error, and whether one has waited long enough to say so. */
export class Asked<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<ErrorView | null>(null);
  slow = $state(false);
  busy = $state(false);
  #turn = 0;

  /** Asks; only the newest question's answer counts. */
  async ask(work: () => Promise<T>): Promise<T | null> {
    const turn = ++this.#turn;
    this.busy = true;
    const timer = setTimeout(() => { if (turn === this.#turn) this.slow = true; }, 150);
    try {
      const value = await work();
      if (turn !== this.#turn) return null;
      this.value = value;
      this.error = null;
      return value;
    } catch (thrown) {
      if (turn === this.#turn) this.error = asError(thrown);
      return null;
    } finally {
      clearTimeout(timer);
      if (turn === this.#turn) { this.slow = false; this.busy = false; }
    }
  }
}
