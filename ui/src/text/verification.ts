import type { Relation } from '../ipc/generated/contract';
import { count, counted } from '../lib/format';

export type ClaimName = 'integrity' | 'authenticity' | 'completeness' | 'time';

/** The review period of a bundle, on import and afterwards. */
export const periodText = {
  title: 'Review period of this bundle',
  lead: 'Completeness is judged for this period, by formats that know times. The bundle is verified again for it; earlier judgements stay on file.',
  from: 'Review period from',
  to: 'Review period to',
  hint: 'A day, as 2026-07-01 (UTC) or 2026-07-01+02:00, or a whole RFC 3339 time',
  hintTo: 'A last day belongs to it; a last time does not',
  ofEngagement: (said: string) => `Left empty, it is the engagement’s: ${said}`,
  wrong: { missing: 'Enter both ends of the period.', shape: 'Write a day as 2026-07-01, or a time as 2026-07-01T00:00:00Z.' },
  submit: 'Verify again',
  cancel: 'Cancel',
  named: (said: string) => `review period ${said}`,
  none: 'no review period stated',
};

export const verificationText = {
  place: (i: number, n: number) => `Bundle ${i} of ${n}`,
  again: 'Verify again',
  againTask: 'Verifying again',
  againPhases: { receiving: 'Reading the kept bytes', judging: 'Judging records', indexing: 'Indexing records', writing: 'Writing the judgement' } as Record<string, string>,
  waiting: 'Starting',
  finding: 'Write finding',
  records: 'Open records',
  identity: { size: 'Size', records: 'Records', digest: 'SHA-256, whole file', received: 'Received', imported: 'Imported', profile: 'Judged under' },
  files: (n: number) => counted(n, 'file'),
  digest: { same: 'same as the sender stated', differs: 'differs from what the sender stated', none: 'the sender stated none' },
  by: 'by',
  custody: (seq: number) => `custody event ${count(seq)}`,
  noProfile: 'no profile',
  noProfileWhy: 'no hash chain that a profile describes',
  judged: (when: string, n: number) => (n > 1 ? `judged ${count(n)} times, last ${when}` : `judged ${when}`),
  claims: { integrity: 'Integrity', authenticity: 'Authenticity', completeness: 'Completeness', time: 'Time' } satisfies Record<ClaimName, string>,
  questions: {
    integrity: 'Are these the bytes that were recorded, in that order?',
    authenticity: 'Did the expected party record them?',
    completeness: 'Is everything here that a named statement says is there?',
    time: 'Is there a time that does not rest on the recorder’s word?',
  } satisfies Record<ClaimName, string>,
  basis: { anchored: 'Anchored: a pinned key, expected head or earlier import reaches all of it.', self_consistent: 'Self-consistent: nothing from outside the file anchors it.' },
  checks: (n: number) => counted(n, 'check'),
  tally: (pass: number, fail: number, open: number, na: number) =>
    [`${pass} pass`, fail ? `${fail} fail` : '', open ? `${open} not checked` : '', na ? `${na} not applicable` : ''].filter(Boolean).join(', '),
  claimTally: (pass: number, all: number, open: number) => [`${pass} of ${all} checks pass`, open ? `${open} not checked` : ''].filter(Boolean).join(', '),
  noChecks: 'No check of this profile bears on this claim.',
  faults: 'Faults',
  faultsSum: (records: number, groups: number, listed: number, all: number) =>
    `${counted(all, 'fault')} on ${counted(records, 'record')} in ${counted(groups, 'group')}, ${listed >= all ? 'all listed' : `the first ${count(listed)} listed`}`,
  noFaults: 'No fault was found by the checks that were made.',
  copyList: 'Copy list',
  copied: 'Copied',
  record: 'record',
  recordsWord: 'records',
  moreRecords: (n: number) => `and ${count(n)} more`,
  wholeBundle: 'the bundle as a whole',
  where: 'Where',
  field: 'Field',
  expected: 'Expected',
  found: 'Found',
  line: (member: string | null, line: number | null) => [member, line === null ? '' : `line ${count(line)}`].filter(Boolean).join(', '),
  compare: 'Compare bytes',
  moreFaults: (n: number) => `Show ${count(n)} more`,
  uncovered: 'Fields that no hash or signature reaches',
  uncoveredSum: (n: number) => `${counted(n, 'field')}; marked wherever a record is shown, printed in the report`,
  uncoveredMeans: 'Whoever held the file could have changed it without a trace. Rest no test on it.',
  uncoveredNone: 'Every field of every record is reached by a hash or signature.',
  means: 'What that means',
  chains: 'Chains and their ends',
  chainsHint: 'The vault remembers these ends; a later export of the same trail has to go on from them.',
  chain: 'Chain', chainRecords: 'Records', chainNumbers: 'Numbers', chainHead: 'Last hash', oneChain: 'the only chain', atGenesis: 'from its accepted start', notGenesis: 'not from an accepted start',
  warnings: 'Odd, but no fault',
  notes: 'Notes',
  notesNone: 'No notes on this bundle.',
  noteField: 'New note',
  noteWrite: 'Write note',
  next: 'What to do next',
  nextNone: 'Nothing is left to do for this bundle.',
  notProven: 'What this does not prove',
  key: 'Key that was used',
  keys: 'Keys that were used',
  keyNone: 'No signature was found, so no key was used.',
  carried: 'Found only in the bundle, so it shows that the bundle agrees with itself, not who made it.',
  pinnedKey: 'Pinned.',
  owner: 'Owner not known',
  reaches: (n: number) => counted(n, 'record'),
  pinThis: 'Pin a key for this source',
  findingFrom: (name: string) => `Faults in ${name}`,
};

/** How a chain goes with an earlier import, as the mark of a check. */
export const relationMark: Record<Relation, 'pass' | 'fail' | 'not_checked'> = {
  extends: 'pass', equal: 'pass', shorter: 'fail', forks: 'fail', unknown: 'not_checked',
};

export const continuityText = {
  title: 'Earlier imports of this trail',
  hint: 'What the vault remembers, beside what is here.',
  relation: { extends: 'Extends', equal: 'Ends alike', shorter: 'Shorter', forks: 'Forks', unknown: 'Not shown' } satisfies Record<Relation, string>,
  earlier: 'Earlier', here: 'This bundle', records: 'Records', head: 'Last hash', chain: 'Chain', absent: 'not here',
  at: (record: string) => `At record ${record}`, met: 'the earlier last hash', bundle: (id: string) => `bundle ${id}`,
  more: (n: number) => `Show ${count(n)} more`,
};
