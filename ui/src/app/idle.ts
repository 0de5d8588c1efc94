/** Locks after so many minutes without a key or pointer; returns how to stop. */
export function lockWhenIdle(minutes: number, lock: () => void): () => void {
  let last = Date.now();
  const seen = () => { last = Date.now(); };
  const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;
  for (const sign of signs) addEventListener(sign, seen, { passive: true, capture: true });
  const timer = setInterval(() => { if (Date.now() - last >= minutes * 60_000) lock(); }, 5000);
  return () => {
    clearInterval(timer);
    for (const sign of signs) removeEventListener(sign, seen, { capture: true });
  };
}
