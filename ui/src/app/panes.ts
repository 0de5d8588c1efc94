/** Moves the focus to the next pane (top bar, parts of the page, status line), as F6 does in desktop programs. */
export function nextPane(backwards: boolean): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter((p) => p.offsetParent !== null && !hasInner(p));
  if (panes.length === 0) return;
  const at = panes.findIndex((p) => p.contains(document.activeElement));
  const step = backwards ? -1 : 1;
  const next = panes[(at + step + panes.length) % panes.length];
  if (!next) return;
  const first = next.querySelector<HTMLElement>('[tabindex="0"], button:not(:disabled), input:not(:disabled), select, textarea, a[href]');
  (first ?? next).focus();
}

/** A pane that holds panes of its own steps aside for them. */
function hasInner(pane: HTMLElement): boolean {
  return pane.querySelector('[data-pane]') !== null;
}
