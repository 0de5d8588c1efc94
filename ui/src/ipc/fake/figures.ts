/** The sampling figures of the fake, computed and not written down, so that they hang together. */

const LOG: number[] = [0];

function logFactorial(n: number): number {
  for (let i = LOG.length; i <= n; i += 1) LOG.push((LOG[i - 1] ?? 0) + Math.log(i));
  return LOG[n] ?? 0;
}

function logChoose(n: number, k: number): number {
  return k < 0 || k > n ? -Infinity : logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** Chance of at most `c` deviating units in a sample of `n`, when `d` of `population` deviate. */
export function atMost(c: number, n: number, d: number, population: number): number {
  let sum = 0;
  for (let k = 0; k <= c; k += 1) {
    sum += Math.exp(logChoose(d, k) + logChoose(population - d, n - k) - logChoose(population, n));
  }
  return Math.min(1, sum);
}

export interface Size { sample: number; acceptable: number }

/** Smallest sample that supports with the expected share and misleads at most in 1 - confidence of the draws. */
export function planSize(population: number, tolerable: number, expected: number, confidence: number): Size | null {
  const d = Math.max(1, Math.ceil(population * tolerable));
  for (let c = 0; c <= 60; c += 1) {
    const n = smallest(c, d, population, 1 - confidence);
    if (n === null) return null;
    if (Math.ceil(n * expected - 1e-9) <= c) return { sample: n, acceptable: c };
  }
  return null;
}

function smallest(c: number, d: number, population: number, risk: number): number | null {
  let low = c + 1;
  let high = population;
  if (atMost(c, high, d, population) > risk) return null;
  while (low < high) {
    const mid = Math.floor((low + high) / 2);
    if (atMost(c, mid, d, population) <= risk) high = mid;
    else low = mid + 1;
  }
  return low;
}

/** One-sided upper limit as a count of the population. */
export function upperCount(n: number, x: number, population: number, confidence: number): number {
  let low = x;
  let high = population - (n - x);
  while (low < high) {
    const mid = Math.ceil((low + high) / 2);
    if (atMost(x, n, mid, population) > 1 - confidence) low = mid;
    else high = mid - 1;
  }
  return low;
}

/** A whole number between 0 and 2^32, always the same for the same input. */
export function mix(n: number, salt = 0): number {
  let h = (n ^ (salt * 0x9e3779b9)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Sixty-four hexadecimal figures that look like a digest and are none. */
export function hex64(n: number, salt = 0): string {
  let text = '';
  for (let i = 0; i < 8; i += 1) text += mix(n + i * 7919, salt + i).toString(16).padStart(8, '0');
  return text;
}
