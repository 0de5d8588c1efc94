import { describe, expect, it } from 'vitest';
import type { EvidenceRef } from '../../ipc/generated/contract';
import { FIRST_FINDINGS } from '../../ipc/fake/file';
import { refuted } from '../../ipc/fake/verdicts';
import { blank, evidenceSaid, fromFinding, readDraft, withEvidence } from './form';

const record: EvidenceRef = { kind: 'record', bundle: 'b-refuted', position: 88417, record_id: null, check: null, plan: null, ordinal: null };

describe('a finding', () => {
  it('keeps every piece of evidence once', () => {
    const list = withEvidence(withEvidence([], record), { ...record });
    expect(list).toHaveLength(1);
    expect(withEvidence(list, { ...record, position: 1 })).toHaveLength(2);
  });
  it('says its evidence in words', () => {
    expect(evidenceSaid(record, [refuted().row])).toBe('record 88,417, credit-assistant-2026-Q3.tar.zst');
    expect(evidenceSaid({ ...record, kind: 'check', position: null, check: 'record_hash' }, [])).toBe('check record_hash');
    expect(evidenceSaid({ ...record, kind: 'unit', plan: 'p', ordinal: 3 }, [])).toBe('unit 3, record 88,417');
  });
  it('starts from evidence and from an earlier version', () => {
    expect(blank({ evidence: [record], condition: 'x' })).toMatchObject({ id: null, condition: 'x', severity: 'medium' });
    const first = FIRST_FINDINGS[0];
    expect(first && fromFinding(first).id).toBe('f-1');
  });
  it('reads a draft back, and nothing else', () => {
    expect(readDraft(JSON.stringify(blank()))?.title).toBe('');
    expect(readDraft('{"a":1}')).toBeNull();
    expect(readDraft('not json')).toBeNull();
  });
});
