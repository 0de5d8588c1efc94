import type { BundleRow, BundleView, Check, CheckOutcome, Claim, ClaimOutcome, Continuity, Fault, FaultGroup, Verification } from '../generated/contract';
import { hex64 } from './figures';
import { HOSTILE } from './population';

const check = (id: string, title: string, outcome: CheckOutcome, detail: string, passed = 0, failed = 0): Check => ({ id, title, outcome, detail, passed, failed });
const claim = (outcome: ClaimOutcome, sentence: string, checks: Check[], basis: Claim['basis'] = null): Claim => ({ outcome, sentence, checks, basis });

const KEY = '7c1e90ab44d0e2b731f85a6c08ddb9136e24c75f9a01d3e82b60f47a15c980be';
const PROFILE = { id: 'example-gateway', version: '1.2.0', title: 'Example gateway', digest: hex64(5, 5) };
const UNCOVERED = ['/usage/latency_ms', '/labels/case_ref', '/labels/reviewed_by'];

const fault = (code: string, record: number, sentence: string, more: Partial<Fault> = {}): Fault => ({
  code, claim: 'integrity', record, line: ((record - 1) % 2000) + 1, member: `part-${String(Math.floor((record - 1) / 2000) + 1).padStart(3, '0')}.jsonl`,
  field: null, expected: null, found: null, sentence, ...more,
});

/** The head of an earlier import beside what is here; the sentence is the core's. */
const beside = (relation: Continuity['relation'], at: string, there: number, here: number, sentence: string, more: Partial<Continuity> = {}): Continuity => ({
  chain: null, relation, earlier: { import: 'b-earlier', at, records: there, head: hex64(there, 77) }, here: { import: null, at: null, records: here, head: hex64(here, 77) }, due: there, found: null, since: null, sentence, ...more,
});

export const REFUTED_FAULTS: Fault[] = [
  fault('duplicate_name', 12044, 'Record 12,044 names the member “outcome” twice.', { field: '/decision/outcome', expected: 'one member', found: '"declined", "approved"' }),
  fault('duplicate_name', 12045, 'Record 12,045 names the member “outcome” twice.', { field: '/decision/outcome', expected: 'one member', found: HOSTILE }),
  fault('hash_mismatch', 88417, 'Record 88,417: its content gives another hash than the one recorded.', { field: '/hash', expected: `ca978112${hex64(1).slice(8)}`, found: `3e23e816${hex64(2).slice(8)}` }),
  fault('duplicate_name', 90310, 'Record 90,310 names the member “outcome” twice.', { field: '/decision/outcome', expected: 'one member', found: '"approved", "declined"' }),
  fault('link_mismatch', 131007, 'Record 131,007 does not follow record 131,006.', { field: '/prev', expected: hex64(131006, 77), found: hex64(131006, 78) }),
];

const groups = (faults: Fault[], titles: Record<string, string>): FaultGroup[] => Object.entries(titles).map(([code, title]) => {
  const own = faults.filter((f) => f.code === code);
  return { code, title, count: own.length, records: own.flatMap((f) => (f.record === null ? [] : [f.record])) };
});

export interface Invented { row: BundleRow; view: BundleView }

interface Facts {
  continuity?: Continuity[]; source?: string; id: string; name: string; bytes: number; records: number; verdict: ClaimOutcome; outcomes: [ClaimOutcome, ClaimOutcome, ClaimOutcome, ClaimOutcome];
  faults: Fault[]; imported_at: string; custody: number; first: string | null; last: string | null; files: number; received: string;
}

function rowFrom(f: Facts): BundleRow {
  const [integrity, authenticity, completeness, time] = f.outcomes;
  return {
    id: f.id, name: f.name, source: f.source ?? 'Credit assistant, gateway', sha256: hex64(f.custody, 9), bytes: f.bytes, records: f.records, verdict: f.verdict, integrity, authenticity, completeness, time,
    profile: f.records ? PROFILE.title : null, imported_at: f.imported_at, imported_by: 'Preparer', faults: f.faults.length, first_time: f.first, last_time: f.last,
  };
}

function viewFrom(f: Facts, rest: Pick<Verification, 'sentence' | 'claims' | 'fault_groups' | 'not_proven' | 'next_steps' | 'warnings' | 'keys'>): BundleView {
  const row = rowFrom(f);
  return {
    row, judged_at: f.imported_at, judgements: 1, files: f.files, custody_seq: f.custody, notes: [], digest_agrees: true,
    intake: { received_from: 'Compliance office', received_at: f.received, medium: 'sealed USB drive', request: 'Request 3 of 12 Nov 2026', sender_sha256: row.sha256, period: { from: '2026-07-01', to: '2026-09-30' } },
    verification: {
      schema: 'tickmark.verification/1', tool: { name: 'tickmark', version: '0.1.0' }, bundle: { name: f.name, sha256: row.sha256, bytes: f.bytes, packing: ['zstd', 'tar'] },
      profile: f.records ? PROFILE : null, verdict: f.verdict, counts: { records: f.records, checked: f.records, signed: f.records, unsigned: 0, chains: 1, members: f.files, faults: f.faults.length, proof_level: null },
      faults: f.faults, uncovered_fields: UNCOVERED, chains: [{ chain: null, records: f.records, starts_at_genesis: true, first_seq: '1', last_seq: String(f.records), head: hex64(f.records, 77) }], continuity: f.continuity ?? [], ...rest,
    },
  };
}

const pinned = (records: number): Verification['keys'] => [{ fingerprint: KEY, algorithm: 'ed25519', kid: 'gateway-1', owner: 'Example Bank, model gateway', confirmed: 'Fingerprint read aloud by telephone to Preparer and Second reviewer.', origin: 'pinned', records }];

export function refuted(): BundleView {
  return viewFrom({
    id: 'b-refuted', name: 'credit-assistant-2026-Q3.tar.zst', bytes: 412_608_233, records: 184_212, verdict: 'refuted', outcomes: ['refuted', 'proven', 'refuted', 'not_proven'],
    faults: REFUTED_FAULTS, imported_at: '2026-11-20T15:12:40+01:00', custody: 1131, first: '2026-07-01T00:00:00Z', last: '2026-09-30T23:59:31Z', files: 94, received: '2026-11-20T14:05:00+01:00',
    continuity: [
      beside('extends', '2026-10-04T10:20:00+02:00', 41_200, 92_880, 'It extends the import of 4 Oct 2026, 10:20 +02:00, which ended at record 41,200; continuous since 4 Oct 2026, 10:20 +02:00.', { chain: 'branch', since: '2026-10-04T10:20:00+02:00' }),
      beside('shorter', '2026-10-04T10:20:00+02:00', 94_004, 91_332, 'An earlier import of this trail (4 Oct 2026, 10:20 +02:00) ended at record 94,004; this one ends at 91,332.', { chain: 'head office' }),
      beside('forks', '2026-09-12T08:00:00+02:00', 4_100, 91_332, 'At record 4,100 this trail differs from the import of 12 Sep 2026, 08:00 +02:00: the two are forks of one trail.', { chain: 'archive', found: hex64(4100, 3) }),
    ],
  }, {
    sentence: 'Two records differ from what was recorded. One refuted claim refutes the bundle, whatever else holds.',
    claims: {
      integrity: claim('refuted', 'Two of 184,212 records differ from what was recorded, and three can be read in two ways.', [
        check('received_digest', 'The file is the one named in the transfer note', 'pass', 'SHA-256 equal', 1),
        check('record_hash', 'Every record’s content matches its recorded hash', 'fail', '184,211 match, 1 does not', 184_211, 1),
        check('record_link', 'Every record follows the one before it', 'fail', '184,210 links hold, 1 is broken', 184_210, 1),
        check('record_reading', 'Every record can be read in one way only', 'fail', '3 records name a member twice', 184_209, 3),
        check('checkpoint_hash', 'Recorded hashes lead to the signed checkpoints', 'pass', '185 of 185', 185),
      ], 'anchored'),
      authenticity: claim('proven', 'All 185 checkpoints are signed with the key you pinned. They sign recorded hashes, so they do not vouch for record 88,417.', [
        check('signature', 'Every checkpoint’s signature verifies under a pinned key', 'pass', '185 of 185', 185),
        check('signature_required', 'Every record is reached by a signature', 'pass', '184,212 of 184,212', 184_212),
        check('key_window', 'The key was in force at every stated time', 'pass', '1 Jan 2026 – 31 Dec 2027', 1),
      ]),
      completeness: claim('refuted', 'An earlier import of this trail ended at record 94,004; this one ends at 91,332.', [
        check('earlier_import', 'It extends what earlier imports of this trail held', 'fail', '1 chain is continuous, 2 are not', 1, 2),
        check('start', 'The trail starts at an accepted first value', 'pass', 'genesis value of the profile', 1),
        check('gap', 'Record numbers have no gap', 'pass', '1 to 184,212', 184_212),
        check('members', 'Every listed file is here, and none besides', 'pass', '94 of 94', 94),
        check('final', 'A closing record states count and head', 'not_checked', 'The export carries no closing record.'),
        check('expected_head', 'The end is the one the sender stated', 'not_checked', 'No final count or head was entered.'),
      ]),
      time: claim('not_proven', 'Every time is the recorder’s own word. The bundle carries no time stamp from anyone else.', [
        check('time_order', 'Stated times do not run backwards', 'pass', '184,212 in order', 184_212),
        check('time_token', 'A pinned third party’s time stamp covers the head', 'not_checked', 'The bundle carries no time stamp.'),
        check('cosignature', 'A witness signed the head', 'not_checked', 'The bundle carries no cosignature.'),
      ]),
    },
    fault_groups: groups(REFUTED_FAULTS, { hash_mismatch: 'Content does not match its recorded hash', link_mismatch: 'Does not follow the record before it', duplicate_name: 'Same member name twice' }),
    keys: pinned(184_212),
    not_proven: ['That nothing was left out before signing.', 'That the trail ends at record 184,212.', 'That any time shown is true.', 'That three fields, such as /usage/latency_ms, are as recorded. No hash reaches them.'],
    next_steps: ['Compare record 88,417 with its original bytes, then the other four.', 'Ask the sender for the final count or the last hash and enter it. That can settle completeness.', 'Write one finding from all 5 faults. Records, fields and hashes are filled in.', 'You can go on and sample. The report’s cover will carry this verdict.'],
    warnings: ['The bundle carries a program, verify.py. It was not run.'],
  });
}

export function proven(): BundleView {
  return viewFrom({
    id: 'b-proven', name: 'credit-assistant-2026-Q2.tar.zst', bytes: 398_210_004, records: 171_905, verdict: 'proven', outcomes: ['proven', 'proven', 'proven', 'not_proven'],
    faults: [], imported_at: '2026-11-18T09:30:11+01:00', custody: 1042, first: '2026-04-01T00:00:02Z', last: '2026-06-30T23:58:02Z', files: 88, received: '2026-11-17T16:20:00+01:00',
    continuity: [beside('extends', '2026-05-02T09:00:00+02:00', 58_112, 171_905, 'It extends the import of 2 May 2026, 09:00 +02:00, which ended at record 58,112; continuous since 2 May 2026, 09:00 +02:00.', { since: '2026-05-02T09:00:00+02:00' })],
  }, {
    sentence: 'The records are the ones the pinned key signed, in their order, from the first to the stated last.',
    claims: {
      integrity: claim('proven', 'All 171,905 records match their recorded hashes and follow one another.', [check('record_hash', 'Every record’s content matches its recorded hash', 'pass', '171,905 of 171,905', 171_905), check('record_link', 'Every record follows the one before it', 'pass', '171,904 of 171,904', 171_904)], 'anchored'),
      authenticity: claim('proven', 'All 172 checkpoints are signed with the key you pinned.', [check('signature', 'Every checkpoint’s signature verifies under a pinned key', 'pass', '172 of 172', 172)]),
      completeness: claim('proven', 'The closing record states 171,905 records; 171,905 are here.', [check('gap', 'Record numbers have no gap', 'pass', '1 to 171,905', 171_905), check('final', 'A closing record states count and head', 'pass', '171,905 stated, 171,905 here', 1)]),
      time: claim('not_proven', 'Every time is the recorder’s own word.', [check('time_token', 'A pinned third party’s time stamp covers the head', 'not_checked', 'The bundle carries no time stamp.')]),
    },
    fault_groups: [], keys: pinned(171_905), not_proven: ['That every event was logged in the first place.', 'That any time shown is true.'],
    next_steps: ['Open the records and choose a population.', 'Ask whether the operator keeps time stamps from a third party.'], warnings: [],
  });
}

export function notProven(id = 'b-not-proven', name = 'chat-support-export.jsonl', records = 9_214, importedAt = '2026-11-21T10:02:55+01:00', custody = 1188): BundleView {
  const view = viewFrom({
    source: 'Chat support', id, name, bytes: records * 1840, records, verdict: 'not_proven', outcomes: ['not_proven', 'not_proven', 'not_proven', 'not_proven'],
    faults: [], imported_at: importedAt, custody, first: '2026-07-01T00:00:00Z', last: '2026-09-30T23:51:40Z', files: 1, received: '2026-11-21T09:50:00+01:00',
    continuity: id === 'b-not-proven' ? [beside('unknown', '2026-11-01T08:00:00+01:00', 310, records, 'It does not continue the earlier import: that of 1 Nov 2026, 08:00 +01:00 ended at record 310, and no record of it is here. Whether it is the same trail is not shown.', { due: null })] : [],
  }, {
    sentence: 'The file agrees with itself. Nothing in it rests on a key or count from outside.',
    claims: {
      integrity: claim('not_proven', `All ${records.toLocaleString('en-US')} records match their recorded hashes. Whoever can write this file can remake it.`, [check('record_hash', 'Every record’s content matches its recorded hash', 'pass', `${records.toLocaleString('en-US')} of ${records.toLocaleString('en-US')}`, records), check('record_link', 'Every record follows the one before it', 'pass', 'all links hold', records - 1)], 'self_consistent'),
      authenticity: claim('not_proven', 'The signing key was found only in the bundle. It shows that the bundle agrees with itself, not who made it.', [check('signature', 'Every record’s signature verifies under a pinned key', 'not_checked', 'No key is pinned for this source.')]),
      completeness: claim('not_proven', 'The export states no final count. A cut-off end would look the same.', [check('gap', 'Record numbers have no gap', 'pass', `1 to ${records.toLocaleString('en-US')}`, records), check('final', 'A closing record states count and head', 'not_checked', 'The export carries no closing record.')]),
      time: claim('not_proven', 'Every time is the recorder’s own word.', [check('time_token', 'A pinned third party’s time stamp covers the head', 'not_applicable', 'The profile knows no time stamps.')]),
    },
    fault_groups: [], keys: [{ fingerprint: hex64(40, 4), algorithm: 'ed25519', kid: null, owner: null, confirmed: null, origin: 'carried', records }],
    not_proven: ['Who recorded these records.', 'That the trail ends where this file ends.', 'That any time shown is true.'],
    next_steps: ['Ask the operator for the fingerprint of the signing key by another way, and pin it. That can settle authenticity.', 'Ask for the final count or the last hash and enter it.'], warnings: [],
  });
  view.digest_agrees = null;
  view.intake = { ...view.intake, sender_sha256: null, period: null, medium: 'download from the operator’s portal' };
  return view;
}
