import type { RecordRow, RecordView, TextSpan } from '../generated/contract';
import { hex64, mix } from './figures';

/** The invented trails: how many records each bundle has, and what its record of a number looks like. */
export interface Trail {
  bundle: string;
  records: number;
  declined: number;
  start: number;
  seconds: number;
  faults: Map<number, string>;
  member: (position: number) => { member: string; line: number };
}

const DAY = 86_400;
const JULY = Date.UTC(2026, 6, 1) / 1000;
const REASONS = ['R-07 repayment ratio', 'R-07 repayment ratio', 'R-07 repayment ratio', 'R-02 income proof', 'R-11 prior default', 'R-04 residence'];
const REVIEWERS = ['P-OP-07', 'P-OP-21', 'P-OP-03', 'P-OP-12'];

export const HOSTILE = '<script>window.__pwned = true</script><img src=x onerror="window.__pwned = true"> \u202egnp.exe\u202c a\u200bb \u0007';

export function trail(bundle: string, records: number, declined: number, faults: [number, string][], perFile: number): Trail {
  return {
    bundle, records, declined, start: JULY, seconds: 92 * DAY, faults: new Map(faults),
    member: (p) => ({ member: `part-${String(Math.floor((p - 1) / perFile) + 1).padStart(3, '0')}.jsonl`, line: ((p - 1) % perFile) + 1 }),
  };
}

export function isDeclined(t: Trail, p: number): boolean {
  return Math.floor((p * t.declined) / t.records) !== Math.floor(((p - 1) * t.declined) / t.records);
}

export function timeOf(t: Trail, p: number): string {
  const at = t.start + Math.floor(((p - 1) / t.records) * t.seconds);
  const ms = String(mix(p, 3) % 1000).padStart(3, '0');
  return `${new Date(at * 1000).toISOString().slice(0, 19)}.${ms}Z`;
}

export interface Columns { event: string; outcome: string | null; actor: string; model: string; time: string; summary: string }

export function columns(t: Trail, p: number): Columns {
  const declined = isDeclined(t, p);
  const roll = mix(p, 1) % 100;
  const event = declined || roll < 12 ? 'decision' : roll < 55 ? 'model_call' : roll < 80 ? 'message' : roll < 92 ? 'review' : 'tool_call';
  const outcome = event === 'decision' ? (declined ? 'declined' : roll < 10 ? 'approved' : 'referred') : null;
  const actor = event === 'review' ? REVIEWERS[mix(p, 4) % 4] : event === 'decision' ? (mix(p, 5) % 9 === 0 ? 'svc-batch' : 'svc-decision') : `P-${(mix(p, 2) % 65536).toString(16).toUpperCase().padStart(4, '0')}`;
  const model = p < t.records * 0.12 ? 'credit-scorer 4.2.0' : 'credit-scorer 4.2.1';
  return { event, outcome, actor: actor ?? 'unknown', model, time: timeOf(t, p), summary: summary(t, p, event, outcome) };
}

function summary(t: Trail, p: number, event: string, outcome: string | null): string {
  if (p === 12) return HOSTILE;
  if (event === 'decision') return outcome === 'declined' ? `declined, ${REASONS[mix(p, 6) % REASONS.length]}` : `${outcome}, score ${(mix(p, 7) % 60 + 40) / 100}`;
  if (event === 'message') return 'Will my application for 12,000 euros be accepted?';
  if (event === 'review') return 'case opened and read, proposal confirmed';
  return 'credit-scorer called, answered in 0.61 s';
}

export function rowOf(t: Trail, p: number, notes: number): RecordRow {
  const c = columns(t, p);
  return {
    bundle: t.bundle, position: p, id: hex64(p, t.records), time: c.time, event: c.event, actor: c.actor, outcome: c.outcome,
    model: c.model, summary: c.summary, signed: true, faults: t.faults.has(p) ? 1 : 0, notes,
  };
}

/** The record's bytes as text; number 12 is hostile, number 13 has a line of a megabyte. */
export function textOf(t: Trail, p: number): { text: string; uncovered: TextSpan[] } {
  const c = columns(t, p);
  const body = {
    v: 1, seq: p, ts: c.time, event: c.event, actor: c.actor, model: { name: 'credit-scorer', version: c.model.slice(-5) },
    ...(c.outcome ? { decision: { outcome: c.outcome, reason: 'R-07', ratio: 0.437 } } : {}),
    text: p === 13 ? `${'All work and no play. '.repeat(50_000)}${HOSTILE}` : p === 12 ? HOSTILE : `Account [IBAN 1], ${c.summary}. Answer -> today \u202eplease`,
    ...(mix(p, 8) % 11 === 0 ? {} : { review: { by: REVIEWERS[mix(p, 4) % 4], at: c.time } }),
    usage: { tokens: 900 + (mix(p, 9) % 1500), latency_ms: 400 + (mix(p, 10) % 2500) },
    labels: { case_ref: `C-${mix(p, 11) % 99999}`, reviewed_by: REVIEWERS[mix(p, 12) % 4] },
    prev: hex64(p - 1, 77), hash: hex64(p, 77),
  };
  const text = JSON.stringify(body);
  const uncovered: TextSpan[] = [];
  for (const part of [`"latency_ms":${body.usage.latency_ms}`, `"case_ref":"${body.labels.case_ref}"`, `"reviewed_by":"${body.labels.reviewed_by}"`]) {
    const start = text.indexOf(part);
    if (start >= 0) uncovered.push({ start, end: start + part.length });
  }
  return { text, uncovered };
}

export function fieldsOf(text: string): RecordView['fields'] {
  const found: RecordView['fields'] = [];
  const uncovered = new Set(['/usage/latency_ms', '/labels/case_ref', '/labels/reviewed_by']);
  const walk = (value: unknown, pointer: string) => {
    if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) walk(inner, `${pointer}/${key}`);
    } else found.push({ pointer, value: String(value), covered: !uncovered.has(pointer) });
  };
  walk(JSON.parse(text), '');
  return found;
}
