import { asError } from '../ipc/errors';
import { call, NOTHING, type CommandName, type Request, type Response } from '../ipc/client';
import type { ErrorView, Progress, SessionView } from '../ipc/generated/contract';
import { where } from './place.svelte';

/** Why the window is locked. */
export type LockReason = 'asked' | 'idle' | 'core' | 'start';

class Session {
  view = $state.raw<SessionView | null>(null);
  reason = $state<LockReason>('start');
  /** The folder to open again; its name is all that the locked window shows. */
  lastPath = $state('');
  error = $state.raw<ErrorView | null>(null);
  /** Counts changes of the vault, so that pages ask again. */
  changes = $state(0);

  get vault() { return this.view?.state === 'open' ? this.view.vault : null; }
  get engagement() { return this.vault?.engagement ?? null; }
  get readOnly() { return this.vault?.read_only ?? false; }

  async start(): Promise<void> {
    try { this.take(await call('session', NOTHING)); } catch (thrown) { this.error = asError(thrown); }
  }

  take(view: SessionView): void {
    if (view.vault) this.lastPath = view.vault.path;
    this.view = view;
    this.error = null;
  }

  /** Asks anew for the custody number and the clock, after something was written. */
  async refresh(): Promise<void> {
    this.changes += 1;
    try {
      const view = await call('session', NOTHING);
      if (view.state === 'open') this.take(view);
      else this.close(view, 'core');
    } catch (thrown) { this.noticeLock(asError(thrown)); }
  }

  async lock(reason: LockReason): Promise<void> {
    if (!this.vault) return;
    try { this.close(await call('vault_lock', NOTHING), reason); } catch (thrown) { this.error = asError(thrown); }
  }

  /** The core says the vault is locked: the window follows. */
  noticeLock(error: ErrorView): void {
    if (error.code !== 'vault_locked' || !this.view) return;
    this.close({ ...this.view, state: 'locked', vault: null }, 'core');
  }

  private close(view: SessionView, reason: LockReason): void {
    this.reason = reason;
    where.forget();
    this.view = view;
  }
}

export const session = new Session();

/** Runs a command; when the core answers that the vault is locked, the window locks too. */
export async function ask<K extends CommandName>(name: K, request: Request<K>, onProgress?: (p: Progress) => void): Promise<Response<K>> {
  try { return await call(name, request, onProgress); } catch (thrown) {
    const error = asError(thrown);
    session.noticeLock(error);
    throw error;
  }
}

/** Runs a command that changes the vault. */
export async function change<K extends CommandName>(name: K, request: Request<K>, onProgress?: (p: Progress) => void): Promise<Response<K>> {
  const answer = await ask(name, request, onProgress);
  void session.refresh();
  return answer;
}

/** Asks the system's dialog for a path. */
export async function pickPath(kind: 'file' | 'folder' | 'save', title: string, suggestion = ''): Promise<string | null> {
  try { return await call('pick_path', { kind, title, suggestion }); } catch { return null; }
}
