/** Settings of this machine's window; nothing of an engagement is among them. */
export type Theme = 'system' | 'light' | 'dark';

interface Kept { theme: Theme; letters: boolean; lockMinutes: number; hideLimit: boolean }

const KEY = 'tickmark.settings';
const START: Kept = { theme: 'system', letters: true, lockMinutes: 10, hideLimit: false };

class Settings {
  theme = $state<Theme>(START.theme);
  letters = $state(START.letters);
  lockMinutes = $state(START.lockMinutes);
  hideLimit = $state(START.hideLimit);

  constructor() {
    const kept = read();
    this.theme = kept.theme;
    this.letters = kept.letters;
    this.lockMinutes = kept.lockMinutes;
    this.hideLimit = kept.hideLimit;
  }

  keep(): void {
    const kept: Kept = { theme: this.theme, letters: this.letters, lockMinutes: this.lockMinutes, hideLimit: this.hideLimit };
    try { localStorage.setItem(KEY, JSON.stringify(kept)); } catch { /* a webview without storage forgets; nothing depends on it */ }
  }
}

function read(): Kept {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof found !== 'object' || found === null) return START;
    const f = found as Partial<Kept>;
    return {
      theme: f.theme === 'light' || f.theme === 'dark' ? f.theme : 'system',
      letters: f.letters !== false,
      lockMinutes: typeof f.lockMinutes === 'number' && f.lockMinutes >= 1 && f.lockMinutes <= 240 ? f.lockMinutes : START.lockMinutes,
      hideLimit: f.hideLimit === true,
    };
  } catch { return START; }
}

export const settings = new Settings();
