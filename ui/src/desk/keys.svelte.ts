/** A key of the screen at hand: what it does, for the list behind `?`, and the act itself. */
export interface ScreenKey {
  keys: string;
  does: string;
  /** `event.key` values that fire it. */
  on: string[];
  run: (event: KeyboardEvent) => void;
}

class ScreenKeys {
  list = $state.raw<ScreenKey[]>([]);
}

export const screenKeys = new ScreenKeys();

/** Registers the keys of a screen while it is shown; call inside an effect. */
export function useKeys(keys: ScreenKey[]): () => void {
  screenKeys.list = keys;
  return () => { if (screenKeys.list === keys) screenKeys.list = []; };
}

/** Whether a key press belongs to a text field. */
export function inText(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type);
}
