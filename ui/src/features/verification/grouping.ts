import type { Check, Claim, Claims, Continuity, Fault, FaultGroup, Verification } from '../../ipc/generated/contract';
import { spelled } from '../../lib/visible';
import type { Known } from '../../lib/doors';
import type { ClaimName } from '../../text/verification';

export interface Tally { all: number; pass: number; fail: number; open: number; na: number }

export function tally(checks: Check[]): Tally {
  const of = (outcome: Check['outcome']) => checks.filter((c) => c.outcome === outcome).length;
  return { all: checks.length, pass: of('pass'), fail: of('fail'), open: of('not_checked'), na: of('not_applicable') };
}

/** Claims in the order of reading: the weakest first, equals in the order of their definition. */
export function weakestFirst(claims: Claims): { name: ClaimName; claim: Claim }[] {
  const rank = { refuted: 0, not_proven: 2, proven: 1 } as const;
  const names: ClaimName[] = ['integrity', 'authenticity', 'completeness', 'time'];
  const list = names.map((name) => ({ name, claim: claims[name] }));
  return list.sort((a, b) => (rank[a.claim.outcome] === 0 ? 0 : 1) - (rank[b.claim.outcome] === 0 ? 0 : 1));
}

export function allChecks(claims: Claims): Check[] {
  return [claims.integrity, claims.authenticity, claims.completeness, claims.time].flatMap((c) => c.checks);
}

/** Faults of one group, in record order. */
export function faultsOf(group: FaultGroup, faults: Fault[]): Fault[] {
  return faults.filter((f) => f.code === group.code);
}

/** How many records the listed faults name. */
export function faultyRecords(v: Verification): number {
  return new Set(v.faults.flatMap((f) => (f.record === null ? [] : [f.record]))).size;
}

export function known(v: Verification): Known {
  return {
    records: v.counts.records,
    faults: v.counts.faults,
    positions: new Set(v.faults.flatMap((f) => (f.record === null ? [] : [f.record]))),
  };
}

/** A detail such as "184,211 match, 1 does not" in two: what leads nowhere, and the part that says what failed. */
export function lastClause(detail: string): [string, string] {
  const at = detail.lastIndexOf(', ');
  return at < 0 || at > detail.length - 3 ? ['', detail] : [detail.slice(0, at + 2), detail.slice(at + 2)];
}

/** The faults as lines of text, for the clipboard. */
export function faultLines(v: Verification): string {
  return v.faults
    .map((f) => [f.code, f.record === null ? '' : `record ${f.record}`, f.member ?? '', f.line === null ? '' : `line ${f.line}`, f.field ?? '', `expected ${f.expected ?? '-'}`, `found ${f.found ?? '-'}`].filter(Boolean).map(spelled).join('\t'))
    .join('\n');
}

/** Contradictions first, then what is open, then what is continuous. */
export function worstFirst(entries: Continuity[]): Continuity[] {
  const weight: Record<Continuity['relation'], number> = { forks: 0, shorter: 1, unknown: 2, extends: 3, equal: 4 };
  return [...entries].sort((a, b) => weight[a.relation] - weight[b.relation]);
}
