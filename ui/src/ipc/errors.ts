import type { ErrorView } from './generated/contract';

export type ErrorSeverity = 'notice' | 'caution' | 'grave';
/** What the window offers after an error. */
export type NextAct = 'unlock' | 'retry' | 'choose_path' | 'choose_profile' | 'correct' | 'free_space' | 'restore' | 'update' | 'back' | 'none';

export interface ErrorRow {
  severity: ErrorSeverity;
  say: string;
  next: string;
  act: NextAct;
}

/** One code, one row: how grave it is, what it means, what to do. The shell's own message is shown below as detail. */
export const ERRORS = {
  wrong_secret: { severity: 'caution', say: 'This passphrase does not open it.', next: 'Type it again. Capital letters and the keyboard layout count.', act: 'retry' },
  not_a_vault: { severity: 'caution', say: 'There is no vault at this path.', next: 'Choose a folder whose name ends in .vault, or create a vault there.', act: 'choose_path' },
  newer_format: { severity: 'caution', say: 'This was written by a newer Tickmark.', next: 'Open it with that version. Nothing was changed.', act: 'update' },
  damaged: { severity: 'grave', say: 'Part of the vault cannot be read back as it was written.', next: 'Keep the folder as it is and restore a backup beside it.', act: 'restore' },
  locked_elsewhere: { severity: 'notice', say: 'Another Tickmark has this vault open for writing.', next: 'Close it there, or go on reading here.', act: 'retry' },
  read_only: { severity: 'notice', say: 'This vault is open for reading only.', next: 'Close the other window, or copy the vault to a disk that can be written.', act: 'none' },
  vault_locked: { severity: 'notice', say: 'The vault is locked.', next: 'Enter the passphrase. Drafts are kept.', act: 'unlock' },
  not_found: { severity: 'caution', say: 'This is not in the vault.', next: 'Go back to the list; it may have been superseded.', act: 'back' },
  unreadable: { severity: 'caution', say: 'This file cannot be read.', next: 'Ask for the file again. The vault is as it was.', act: 'choose_path' },
  ambiguous_profile: { severity: 'caution', say: 'Several profiles fit these records.', next: 'Choose the one the sender names, and import again.', act: 'choose_profile' },
  cancelled: { severity: 'notice', say: 'Cancelled.', next: 'The vault is as it was.', act: 'none' },
  already_held: { severity: 'notice', say: 'The vault holds exactly these bytes already.', next: 'Open the bundle from the list.', act: 'back' },
  limit: { severity: 'caution', say: 'A limit was reached, so the rest was not read.', next: 'The detail names the limit. What was read is judged.', act: 'none' },
  disk_full: { severity: 'grave', say: 'The disk is full.', next: 'Free some space and do it again. The vault is as it was.', act: 'free_space' },
  invalid_input: { severity: 'caution', say: 'This cannot be used as it was entered.', next: 'Correct it; the detail says what is expected.', act: 'correct' },
  internal: { severity: 'grave', say: 'Something stopped that should not have.', next: 'Do it again. If it stops again, send the detail to whoever keeps Tickmark for you.', act: 'retry' },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

export function errorRow(code: string): ErrorRow {
  return code in ERRORS ? ERRORS[code as ErrorCode] : ERRORS.internal;
}

/** Whatever was thrown, as an `ErrorView`. */
export function asError(thrown: unknown): ErrorView {
  if (isErrorView(thrown)) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { schema: 'tickmark.error/1', code: 'internal', message, hints: [] };
}

function isErrorView(value: unknown): value is ErrorView {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value
    && typeof (value as ErrorView).code === 'string' && Array.isArray((value as ErrorView).hints);
}
