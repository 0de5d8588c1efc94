/** U+202F, between a number and its per cent sign. */
export const NARROW = '\u202f';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 184212 -> "184,212". */
export function count(n: number): string {
  return Number.isFinite(n) ? n.toLocaleString('en-US', { maximumFractionDigits: 0 }) : '–';
}

/** "1 record", "2 records". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** 0.05 -> "5 %", 0.1249 -> "12.5 %" (digits 1). */
export function percent(rate: number, digits = 0): string {
  return `${(rate * 100).toFixed(digits)}${NARROW}%`;
}

/** An upper limit never reads smaller than it is. */
export function percentUp(rate: number, digits = 1): string {
  const step = 10 ** digits;
  return `${(Math.ceil(rate * 100 * step - 1e-9) / step).toFixed(digits)}${NARROW}%`;
}

/** "5%" or "5" as typed -> "5 %". */
export function percentTyped(text: string): string {
  const match = /^\s*([0-9.]+)\s*%?\s*$/.exec(text);
  return match ? `${match[1]}${NARROW}%` : text;
}

interface Stamp { year: string; month: string; day: string; hour?: string; minute?: string; second?: string; fraction?: string; zone?: string }

const STAMP = /^(\d{4,5})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?\s*([Zz]|[+-]\d\d:?\d\d)?)?$/;

function stamp(text: string): Stamp | null {
  const m = STAMP.exec(text);
  if (!m || !m[1] || !m[2] || !m[3]) return null;
  const month = Number(m[2]);
  if (month < 1 || month > 12) return null;
  return { year: m[1], month: MONTHS[month - 1] ?? m[2], day: String(Number(m[3])), hour: m[4], minute: m[5], second: m[6], fraction: m[7], zone: m[8] };
}

/** "2026-11-20T14:05:09+01:00" -> "20 Nov 2026"; what cannot be read stays as it is. */
export function day(text: string | null | undefined): string {
  if (!text) return '';
  const s = stamp(text);
  return s ? `${s.day} ${s.month} ${s.year}` : text;
}

/** "14 Aug" and, where it differs from the year in force, the year. */
export function dayShort(text: string): string {
  const s = stamp(text);
  return s ? `${s.day} ${s.month}` : text;
}

export type Precision = 'minute' | 'second' | 'whole';

/** "20 Nov 2026, 14:05 +01:00"; the zone is always said, none is invented. */
export function instant(text: string | null | undefined, precision: Precision = 'minute'): string {
  if (!text) return '';
  const s = stamp(text);
  if (!s) return text;
  const date = `${s.day} ${s.month} ${s.year}`;
  if (!s.hour) return date;
  return `${date}, ${clock(s, precision)}${zoneSaid(s.zone)}`;
}

/** "14 Aug 08:55:22", for a column whose head names the zone. */
export function instantColumn(text: string): string {
  const s = stamp(text);
  if (!s) return text;
  const zone = s.zone && !/^[Zz]$/.test(s.zone) ? ` ${s.zone}` : '';
  return s.hour ? `${s.day} ${s.month} ${clock(s, 'second')}${zone}` : `${s.day} ${s.month} ${s.year}`;
}

function clock(s: Stamp, precision: Precision): string {
  const minutes = `${s.hour}:${s.minute}`;
  if (precision === 'minute' || !s.second) return minutes;
  return `${minutes}:${s.second}${precision === 'whole' ? (s.fraction ?? '') : ''}`;
}

function zoneSaid(zone: string | undefined): string {
  if (!zone) return '';
  return /^[Zz]$/.test(zone) ? ' UTC' : ` ${zone}`;
}

/** "1 Jul – 30 Sep 2026". */
export function span(from: string | null, to: string | null): string {
  const a = from ? stamp(from) : null;
  const b = to ? stamp(to) : null;
  if (!a && !b) return '';
  if (!a || !b) return day(from ?? to);
  const last = `${b.day} ${b.month} ${b.year}`;
  if (a.year === b.year && a.month === b.month && a.day === b.day) return last;
  return a.year === b.year ? `${a.day} ${a.month} – ${last}` : `${a.day} ${a.month} ${a.year} – ${last}`;
}

/** 2340 -> "about 39 min". */
export function timeLeft(seconds: number): string {
  if (!Number.isFinite(seconds)) return '';
  if (seconds < 5) return 'a few seconds';
  if (seconds < 90) return `about ${Math.round(seconds)} s`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min`;
  return `about ${Math.round(seconds / 3600)} h`;
}

/** 64 hex characters -> ["9f3c", "41d2", …]. */
export function fours(digest: string): string[] {
  return digest.match(/.{1,4}/gs) ?? [];
}

/** "9f3c 41d2 … 0be7 71aa"; short ones stay whole. */
export function digestShort(digest: string, head = 2, tail = 2): string {
  const groups = fours(digest);
  if (groups.length <= head + tail + 1) return groups.join(' ');
  const end = tail > 0 ? ` ${groups.slice(-tail).join(' ')}` : '';
  return `${groups.slice(0, head).join(' ')} …${end}`;
}

export function looksLikeDigest(text: string): boolean {
  return /^[0-9a-f]{32,128}$/.test(text);
}

/** 412608233 -> "412,608,233 bytes". */
export function bytesSaid(n: number): string {
  return `${count(n)} ${n === 1 ? 'byte' : 'bytes'}`;
}

/** 412608233 -> "412.6 MB", for progress only. */
export function bytesShort(n: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = n;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) { value /= 1000; unit += 1; }
  return unit === 0 ? `${count(n)} bytes` : `${value.toFixed(1)} ${units[unit]}`;
}

/** "2026-11-20 14:05" as typed -> RFC 3339 with the machine's zone; a whole RFC 3339 text stays as it is; else null. */
export function typedInstant(text: string, offsetMinutes: number): string | null {
  const m = /^\s*(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?\s*(Z|[+-]\d\d:\d\d)?\s*$/.exec(text);
  if (!m) return null;
  const [, y, mo, d, h = '00', mi = '00', s = '00', zone] = m;
  const date = new Date(Date.UTC(Number(y), Number(mo) - 1, Number(d)));
  if (date.getUTCMonth() !== Number(mo) - 1 || Number(h) > 23 || Number(mi) > 59 || Number(s) > 60) return null;
  return `${y}-${mo}-${d}T${h}:${mi}:${s}${zone ?? offset(offsetMinutes)}`;
}

function offset(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** The machine's clock as a person would type it. */
export function nowTyped(now: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${two(now.getHours())}:${two(now.getMinutes())}`;
}

const WORDS = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

/** Small numbers in words, as the sentences of the core write them. */
export function inWords(n: number): string {
  return WORDS[n] ?? count(n);
}
