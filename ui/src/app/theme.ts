import type { Theme } from '../desk/settings.svelte';

/** The theme in force, from the window's own setting or the system's. */
export function themeInForce(theme: Theme): 'light' | 'dark' {
  if (theme !== 'system') return theme;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** Keeps the document's theme in step; returns how to stop. */
export function followTheme(theme: Theme): () => void {
  const apply = () => { document.documentElement.dataset.theme = themeInForce(theme); };
  apply();
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', apply);
  return () => system.removeEventListener('change', apply);
}
