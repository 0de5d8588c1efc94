import type { BundleRow, EvidenceRef, FindingView, WriteFinding } from '../../ipc/generated/contract';
import type { FindingStart } from '../../desk/place.svelte';
import { count } from '../../lib/format';
import { spelled } from '../../lib/visible';
import { findingsText as t } from '../../text/findings';

export function blank(start?: FindingStart): WriteFinding {
  return {
    id: null, title: start?.title ?? '', criterion: start?.criterion ?? '', condition: start?.condition ?? '', cause: '', effect: '', recommendation: '',
    severity: 'medium', status: 'open', evidence: start?.evidence ?? [],
  };
}

export function fromFinding(f: FindingView): WriteFinding {
  const { id, title, criterion, condition, cause, effect, recommendation, severity, status, evidence } = f;
  return { id, title, criterion, condition, cause, effect, recommendation, severity, status, evidence };
}

/** "record 88,417, credit-assistant-2026-Q3.tar.zst". */
export function evidenceSaid(e: EvidenceRef, bundles: BundleRow[]): string {
  const bundle = bundles.find((b) => b.id === e.bundle);
  const name = bundle ? spelled(bundle.name) : '';
  const parts: string[] = [];
  if (e.kind === 'unit' && e.ordinal !== null) parts.push(`${t.kinds.unit} ${count(e.ordinal)}`);
  if (e.kind === 'check' && e.check) parts.push(`${t.kinds.check} ${spelled(e.check)}`);
  if (e.position !== null) parts.push(`${t.kinds.record} ${count(e.position)}`);
  if (e.kind === 'bundle') parts.push(t.kinds.bundle ?? 'bundle');
  if (name) parts.push(name);
  return parts.join(', ');
}

export function sameEvidence(a: EvidenceRef, b: EvidenceRef): boolean {
  return a.kind === b.kind && a.bundle === b.bundle && a.position === b.position && a.check === b.check && a.plan === b.plan && a.ordinal === b.ordinal;
}

export function withEvidence(list: EvidenceRef[], one: EvidenceRef): EvidenceRef[] {
  return list.some((e) => sameEvidence(e, one)) ? list : [...list, one];
}

/** A draft read back from memory; null when it is none. */
export function readDraft(text: string): WriteFinding | null {
  if (!text) return null;
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null && 'title' in found && 'evidence' in found ? (found as WriteFinding) : null;
  } catch { return null; }
}
