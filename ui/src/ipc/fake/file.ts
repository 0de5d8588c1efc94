import type { CriterionView, CustodyRow, FindingView, KeyVersion, PinnedKeyView, QrPicture, SourceView } from '../generated/contract';
import { hex64 } from './figures';

/** What the invented engagement has on file beside its bundles. */

export const CRITERIA: CriterionView[] = [
  { id: 'eu-ai-act-12-1', framework: 'EU AI Act', clause: 'Art. 12(1)', duty: 'High-risk systems record events over their lifetime.', shows: 'Whether events were recorded and form an unbroken sequence.', cannot: 'Whether every event was recorded in the first place.' },
  { id: 'eu-ai-act-26-2', framework: 'EU AI Act', clause: 'Art. 26(2)', duty: 'Deployers assign human oversight to competent persons.', shows: 'Whether a person is recorded before each decision.', cannot: 'Whether that person was competent or read the case.' },
  { id: 'eu-ai-act-26-6', framework: 'EU AI Act', clause: 'Art. 26(6)', duty: 'Deployers keep the logs for at least six months.', shows: 'The first and last time that records state.', cannot: 'Whether records were removed before the export.' },
  { id: 'gdpr-22', framework: 'GDPR', clause: 'Art. 22(3)', duty: 'A person can obtain human intervention on an automated decision.', shows: 'Requests for a review and their outcome.', cannot: 'Requests made by other ways.' },
  { id: 'iso-42001-a.6.2.8', framework: 'ISO/IEC 42001', clause: 'A.6.2.8', duty: 'Event logs are kept for phases of the life cycle.', shows: 'Which events carry a log.', cannot: 'Whether the phases are complete.' },
];

/** A version of a pin, as the key stands. */
export const version = (k: Pick<PinnedKeyView, 'valid_from' | 'valid_to'> & { history?: KeyVersion[] }, change: string, at: string, reason: string | null): KeyVersion => ({ version: (k.history?.length ?? 0) + 1, at, by: 'Preparer', change, reason, valid_from: k.valid_from, valid_to: k.valid_to });

/** Something that looks like a QR picture: corners as they are, the rest from the text. */
export function picture(text: string): QrPicture {
  const size = 33;
  const corner = (x: number, y: number): boolean | null => {
    for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) {
      const far = Math.max(Math.abs(x - cx), Math.abs(y - cy));
      if (far <= 4) return far === 3 || far <= 1;
    }
    return null;
  };
  const bit = (x: number, y: number) => ((text.charCodeAt((x * 7 + y * 13) % text.length) * (x + 3) * (y + 5)) >> 3) % 2 === 1;
  return { text, size, rows: Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => ((corner(x, y) ?? bit(x, y)) ? '1' : '0')).join('')) };
}

const OLD = '4d0be01122f7a9c35e86d1903b7cc2f4a05e9917d8426b3f1c70ea95b2d863f4';
const NOW_KEY = '7c1e90ab44d0e2b731f85a6c08ddb9136e24c75f9a01d3e82b60f47a15c980be';
const key = (of: Partial<PinnedKeyView> & Pick<PinnedKeyView, 'id' | 'fingerprint' | 'algorithm' | 'owner' | 'confirmed' | 'pinned_at'>): PinnedKeyView => ({ kid: null, says: [], identity: null, vouches: null, second_person: null, source: null, valid_from: null, valid_to: null, pinned_by: 'Preparer', withdrawn_at: null, withdrawn_why: null, replaces: null, replaced_by: null, history: [{ version: 1, at: of.pinned_at, by: 'Preparer', change: 'pinned', reason: null, valid_from: of.valid_from ?? null, valid_to: null }], bundles: 0, ...of });

export const FIRST_KEYS: PinnedKeyView[] = [
  key({ id: 'k-1', fingerprint: NOW_KEY, algorithm: 'ed25519', kid: 'gateway-1', owner: 'Example Bank, model gateway', confirmed: 'Fingerprint read aloud by telephone.', second_person: 'Second reviewer', source: 'Credit assistant, gateway', valid_from: '2026-01-01T00:00:00Z', valid_to: '2027-12-31T00:00:00Z', pinned_at: '2026-11-18T09:02:00+01:00', bundles: 2, replaces: { key: 'k-3', fingerprint: OLD, owner: 'Example Bank, model gateway until 2025', at: '2026-01-01T00:00:00Z' } }),
  key({ id: 'k-2', fingerprint: hex64(8, 8), algorithm: 'es256', owner: 'Example Bank, archive (before 2026)', confirmed: 'Printed in the hand-over note.', pinned_at: '2026-11-18T09:05:00+01:00', withdrawn_at: '2026-11-19T11:00:00+01:00', withdrawn_why: 'The hand-over note came with the bundle.', history: [{ version: 2, at: '2026-11-19T11:00:00+01:00', by: 'Preparer', change: 'withdrawn', reason: 'The hand-over note came with the bundle.', valid_from: null, valid_to: null }, { version: 1, at: '2026-11-18T09:05:00+01:00', by: 'Preparer', change: 'pinned', reason: null, valid_from: null, valid_to: null }] }),
  key({ id: 'k-3', fingerprint: OLD, algorithm: 'ed25519', owner: 'Example Bank, model gateway until 2025', confirmed: 'Fingerprint read aloud by telephone.', second_person: 'Second reviewer', valid_to: '2026-01-01T00:00:00Z', pinned_at: '2026-11-17T15:40:00+01:00', replaced_by: { key: 'k-1', fingerprint: NOW_KEY, owner: 'Example Bank, model gateway', at: '2026-01-01T00:00:00Z' }, history: [{ version: 2, at: '2026-11-18T09:02:00+01:00', by: 'Preparer', change: 'changed', reason: `replaced by the key ${NOW_KEY} from 2026-01-01T00:00:00Z`, valid_from: null, valid_to: '2026-01-01T00:00:00Z' }, { version: 1, at: '2026-11-17T15:40:00+01:00', by: 'Preparer', change: 'pinned', reason: null, valid_from: null, valid_to: null }] }),
];

export const FIRST_SOURCES: SourceView[] = [
  { name: 'Credit assistant, gateway', bundles: 2, expected: { profile: 'example-gateway', version: '1.2.0', digest: hex64(5, 5), stated_at: '2026-11-19T10:00:00+01:00', stated_by: 'Preparer', reason: 'The operator signs every record since 1 March 2026, as their letter of 18 Nov 2026 says.' }, superseded: [{ profile: 'example-gateway-plain', version: '1.0.0', digest: hex64(6, 5), stated_at: '2026-11-18T09:30:11+01:00', stated_by: 'Preparer', reason: null }] },
  { name: 'Chat support', bundles: 1, expected: { profile: 'example-gateway', version: '1.2.0', digest: hex64(5, 5), stated_at: '2026-11-21T10:02:55+01:00', stated_by: 'Preparer', reason: null }, superseded: [] },
];

/** A profile that is stated now. */
export const expected = (profile: string, reason: string | null): NonNullable<SourceView['expected']> => ({ profile, version: '1', digest: hex64(profile.length, 5), stated_at: '2026-11-23T15:04:00+01:00', stated_by: 'Preparer', reason });

export const FIRST_FINDINGS: FindingView[] = [
  { id: 'f-1', number: 1, version: 2, title: 'Two records of the third quarter differ from what was recorded', criterion: 'EU AI Act Art. 12(1): High-risk systems record events over their lifetime.', condition: 'Record 88,417 gives another hash than the one recorded. Record 131,007 does not follow record 131,006.', cause: '', effect: 'The trail does not show what was decided in these two cases.', recommendation: 'Ask the operator for the two records from the archive and for an explanation.', severity: 'high', status: 'open', evidence: [{ kind: 'record', bundle: 'b-refuted', position: 88417, record_id: hex64(88417, 184212), check: null, plan: null, ordinal: null }, { kind: 'record', bundle: 'b-refuted', position: 131007, record_id: hex64(131007, 184212), check: null, plan: null, ordinal: null }], author: 'Preparer', written_at: '2026-11-20T16:20:00+01:00', history: [{ version: 1, title: 'Record 88,417 differs', severity: 'medium', status: 'draft', author: 'Preparer', written_at: '2026-11-20T15:58:00+01:00' }] },
  { id: 'f-2', number: 2, version: 1, title: 'Three records can be read in two ways', criterion: '', condition: 'Records 12,044, 12,045 and 90,310 name the member “outcome” twice.', cause: '', effect: '', recommendation: '', severity: 'low', status: 'draft', evidence: [{ kind: 'check', bundle: 'b-refuted', position: null, record_id: null, check: 'record_reading', plan: null, ordinal: null }], author: 'Preparer', written_at: '2026-11-21T09:12:00+01:00', history: [] },
];

const told: [string, string][] = [
  ['result_recorded', 'Unit 37: pass.'], ['result_recorded', 'Unit 36: not applicable.'], ['sample_drawn', 'Drew 93 units for “A person reviewed the case before it was declined”.'],
  ['plan_frozen', 'Froze the plan “A person reviewed the case before it was declined”: 93 of 9,214.'], ['finding_written', 'Wrote finding 2, version 1.'], ['finding_written', 'Wrote finding 1, version 2.'],
  ['bundle_imported', 'Imported chat-support-export.jsonl: not proven.'], ['bundle_imported', 'Imported credit-assistant-2026-Q3.tar.zst: refuted.'], ['key_withdrawn', 'Withdrew the key of Example Bank, archive (before 2026).'], ['key_pinned', 'Pinned the key of Example Bank, model gateway.'],
];

export const FIRST_EVENTS: CustodyRow[] = Array.from({ length: 1204 }, (_, i) => {
  const seq = 1204 - i;
  const [action, sentence] = told[i] ?? ['record_opened', `Opened record ${((seq * 7919) % 184212).toLocaleString('en-US')}.`];
  const at = new Date(Date.UTC(2026, 10, 23, 15, 4) - i * 340_000);
  return { seq, time: `${at.toISOString().slice(0, 19)}Z`, actor: 'Preparer', key: hex64(3, 3), action, sentence, hash: hex64(seq, 21) };
});
