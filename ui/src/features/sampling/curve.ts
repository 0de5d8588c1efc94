import type { CurvePoint } from '../../ipc/generated/contract';

/** The drawing of a curve: where its points, ticks and readings stand. */
export interface Plot {
  path: string;
  risk: string;
  ticks: { x: number; label: string }[];
  marks: { n: number; x: number; y: number; label: string; filled: boolean }[];
  tolerableX: number;
}

export interface Frame { width: number; height: number; left: number; right: number; top: number; bottom: number }

/** Chance at a rate, between the two nearest points. */
export function chanceAt(curve: CurvePoint[], rate: number): number {
  let before = curve[0];
  for (const point of curve) {
    if (point.rate >= rate) {
      if (!before || point.rate === before.rate) return point.chance;
      const share = (rate - before.rate) / (point.rate - before.rate);
      return before.chance + share * (point.chance - before.chance);
    }
    before = point;
  }
  return before?.chance ?? 0;
}

/** "5%" or "5" -> 0.05. */
export function typedRate(text: string): number | null {
  const m = /^\s*(\d+(?:\.\d+)?)\s*%?\s*$/.exec(text);
  return m ? Number(m[1]) / 100 : null;
}

/** "5" -> "5%", as the core reads it; what is no number stays, so that the core can say so. */
export function asRate(text: string): string {
  return /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? `${text.trim()}%` : text.trim();
}

/** The rates and chances that the core's own readings name, so that the drawing says the same figures. */
export function said(readings: string[]): { rate: number; inHundred: number }[] {
  return readings.flatMap((reading) => {
    const rate = /(\d+(?:\.\d+)?)\s*%/.exec(reading);
    const draws = /(\d+) draws in 100/.exec(reading);
    return rate && draws ? [{ rate: Number(rate[1]) / 100, inHundred: Number(draws[1]) }] : [];
  });
}

export function plot(curve: CurvePoint[], readings: string[], tolerable: number, f: Frame): Plot {
  const most = Math.max(tolerable * 1.5, curve.at(-1)?.rate ?? tolerable * 2);
  const x = (rate: number) => f.left + (rate / most) * (f.width - f.left - f.right);
  const y = (chance: number) => f.top + (1 - chance) * (f.height - f.top - f.bottom);
  const inside = curve.filter((p) => p.rate <= most + 1e-12);
  const line = inside.map((p, i) => `${i === 0 ? 'M' : 'L'}${x(p.rate).toFixed(1)} ${y(p.chance).toFixed(1)}`).join('');
  const beyond = inside.filter((p) => p.rate >= tolerable);
  const floor = y(0).toFixed(1);
  const risk = beyond.length > 1
    ? `M${x(tolerable).toFixed(1)} ${floor}L${x(tolerable).toFixed(1)} ${y(chanceAt(curve, tolerable)).toFixed(1)}${beyond.map((p) => `L${x(p.rate).toFixed(1)} ${y(p.chance).toFixed(1)}`).join('')}L${x(beyond.at(-1)?.rate ?? most).toFixed(1)} ${floor}Z`
    : '';
  const marks = said(readings).map(({ rate, inHundred }, i, all) => ({ n: i + 1, x: x(rate), y: y(chanceAt(curve, rate)), label: `${inHundred} in 100`, filled: i === all.length - 1 }));
  return { path: line, risk, ticks: ticks(most).map((t) => ({ x: x(t / 100), label: String(t) })), marks, tolerableX: x(tolerable) };
}

/** Round per cent values from 0 to the end, at most thirteen of them. */
export function ticks(most: number): number[] {
  const end = most * 100;
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20].find((s) => end / s <= 12.001) ?? 20;
  const found: number[] = [];
  for (let i = 0; i * step <= end + 1e-9; i += 1) found.push(+(i * step).toFixed(2));
  return found;
}
