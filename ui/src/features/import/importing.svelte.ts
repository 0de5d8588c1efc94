import { announce } from '../../desk/announce.svelte';
import { go } from '../../desk/place.svelte';
import { ask, change, session } from '../../desk/session.svelte';
import { NOTHING } from '../../ipc/client';
import { asError } from '../../ipc/errors';
import type { ErrorView, ImportBundle, Progress } from '../../ipc/generated/contract';
import { spelled } from '../../lib/visible';
import { importText } from '../../text/bundles';
import { outcomeWord } from '../../text/outcomes';

/** The one import that can run at a time; it goes on while other screens are open. */
class Importing {
  running = $state(false);
  name = $state('');
  progress = $state.raw<Progress | null>(null);
  error = $state.raw<ErrorView | null>(null);
  note = $state('');
  #told = 0;

  /** Starts; resolves to whether it was stored. */
  async start(request: ImportBundle): Promise<boolean> {
    this.running = true;
    this.error = null;
    this.note = '';
    this.progress = null;
    this.name = request.path.split(/[\\/]/).filter(Boolean).pop() ?? request.path;
    try {
      const summary = await change('bundle_import', request, (p) => this.#tell(p));
      this.running = false;
      const first = summary.bundles[0];
      const failed = summary.bundles.find((b) => b.error);
      if (failed?.error && !failed.bundle) { this.error = failed.error; return false; }
      if (first?.already_held) this.note = importText.doneHeld;
      else if (first?.verdict) announce(importText.done(spelled(this.name), outcomeWord[first.verdict]));
      if (session.vault && summary.bundles.length === 1 && first?.bundle) go({ screen: 'bundle', id: first.bundle });
      else if (summary.bundles.length > 1) this.note = importText.several;
      return true;
    } catch (thrown) {
      this.error = asError(thrown);
      return false;
    } finally {
      this.running = false;
      this.progress = null;
    }
  }

  async cancel(): Promise<void> {
    try { await ask('bundle_import_cancel', NOTHING); } catch (thrown) { this.error = asError(thrown); }
  }

  /** Figures change at most four times a second; a new phase shows at once. */
  #tell(progress: Progress): void {
    const now = Date.now();
    if (now - this.#told < 250 && progress.phase === this.progress?.phase) return;
    this.#told = now;
    this.progress = progress;
  }
}

export const importing = new Importing();
