import type { Vouches } from '../ipc/generated/contract';
import { counted } from '../lib/format';

export const keysText = {
  title: 'Keys', pin: 'Pin a key',
  empty: 'No keys yet. A pinned key is one whose owner you confirmed by another way than the bundle; only such a key can prove who recorded.',
  emptyExample: 'For example: the operator’s security officer reads the fingerprint aloud by telephone, and a second person listens.',
  columns: { owner: 'Owner', fingerprint: 'Fingerprint', confirmed: 'How it was confirmed', validity: 'In force', used: 'Used' },
  pinned: (when: string, who: string) => `pinned ${when} by ${who}`,
  second: (who: string) => `with ${who}`, noSecond: 'one person only',
  fingerprint: 'Fingerprint (SHA-256)', fingerprintOf: { openpgp: 'Fingerprint (OpenPGP)', 'x509-root': 'Fingerprint of the certificate (SHA-256)', 'sigstore-root': 'SHA-256 of the file', 'sigstore-identity': 'SHA-256 of subject and issuer' } as Record<string, string>,
  vouches: 'Vouches for', vouchesFor: { both: 'time stamps and signatures', time: 'time stamps', signatures: 'signatures' } as Record<Vouches, string>, says: 'Says of itself', subject: 'Subject', issuer: 'Issuer', ownTime: 'for the time that it states itself',
  copyWhole: 'Copy whole:', pictureOf: 'The fingerprint as a QR picture', pictureHint: 'Another device reads algorithm and fingerprint.',
  secretNoPrint: 'A secret has no fingerprint that may be shown. Compare it by the way it came.',
  keyOf: (owner: string) => `Key of ${owner}`, everySource: 'every source', openStart: 'no start stated', openEnd: 'no end stated',
  replaces: 'Takes over from', replacedBy: 'Replaced by', edgeAt: (when: string) => `from ${when}`, history: 'History of this pin', by: (who: string) => `by ${who}`,
  change: { pinned: 'Pinned', changed: 'Changed', withdrawn: 'Withdrawn' } as Record<string, string>,
  after: (owner: string) => `takes over from ${owner}`, before: (owner: string) => `then ${owner}`, onlyFor: (source: string) => `for ${source} only`,
  withdrawReason: 'Reason', withdrawReasonHint: 'For example: the operator reported it lost on 20 Nov 2026', withdrawNeedsReason: 'Say why it is no longer trusted.',
  withdrawn: (when: string) => `withdrawn ${when}`,
  anyTime: 'no limits stated', from: 'from', to: 'to',
  used: (n: number) => counted(n, 'bundle'),
  withdraw: 'Withdraw', withdrawTitle: 'Withdraw this key', withdrawLead: 'Later judgements no longer rest on it. Judgements on file stay as they are; verify a bundle again to judge it without this key.', withdrawDo: 'Withdraw key', keep: 'Keep it',
  form: {
    title: 'Pin a key', text: 'Key, certificate or Sigstore root', textHint: 'Paste it (PEM, hex, base64, JWK, minisign, OpenPGP, an AWS list of keys …) or enter the path of a file that holds it; a Sigstore root by its path, so that its SHA-256 is that of the file', file: 'File…',
    owner: 'Owner', ownerHint: 'For example: Example Bank, model gateway', confirmed: 'How it was confirmed', confirmedHint: 'For example: fingerprint read aloud by telephone',
    second: 'Second person who heard or saw it', secondHint: 'A name on file; it is no second signature', source: 'For the source', sourceHint: 'Left empty, it holds for every source', replaces: 'Takes over from', replacesNone: 'No key', replacesHint: 'The old key then holds until the new one begins', needsEdge: 'A key that takes over needs the day from which it signs.', since: (when: string) => `pinned ${when}`, look: 'Read the key', back: 'Back', end: 'Close', again: 'Bundles that are here keep their verdict until they are verified again.', known: (owner: string) => `A key with this fingerprint is pinned already, for ${owner}.`, algorithm: 'Algorithm', algorithmAny: 'As the key says', kid: 'Name that records use for it (kid)', from: 'In force from', to: 'In force to', dayHint: 'As 2026-01-01',
    identity: 'Or an identity of Sigstore', identityHint: 'It counts under a pinned Sigstore root; anybody can get a certificate for an identity of their own.', subjectHint: 'The e-mail address or URI, as it stands in the certificate', issuerHint: 'For example: https://token.actions.githubusercontent.com',
    vouchesNone: 'Choose …', vouchesHint: 'A public authority vouches for everybody who buys from it: its root for time stamps vouches for time alone', needsVouches: 'Say what the root vouches for.', statesPeriod: 'By its own word in force', number: (n: number) => `Key ${n}`,
    compareIdentity: 'Compare subject and issuer, letter by letter, with what you hear from their owner by another way than the bundle. Pin the identity only if they are the same.',
    compareAll: (n: number) => `The list holds ${n} keys of one owner. Compare every fingerprint with what you hear by another way than the bundle; all are pinned together, each with the period that the list states.`,
    submit: (n: number) => (n > 1 ? `Pin ${n} keys` : 'Pin key'), needsText: 'Paste a key, enter a path, or state an identity.', needsOwner: 'Say whose key it is.', needsConfirmed: 'Say how you confirmed it.', wrongDay: 'Write the day as 2026-01-01.',
    compare: 'Compare the fingerprint with the one you hear from its owner by another way than the bundle, line by line, or let a second device read the picture. Pin the key only if they are the same.', done: (n: number) => (n > 1 ? `${n} keys pinned.` : 'Key pinned.'), secret: 'A secret (HMAC) proves only that a holder of the secret recorded, which includes whoever checks it.',
  },
};

export const sourcesText = {
  title: 'Sources', hint: 'A later bundle of a source is judged under the profile that its first one showed; one that looks like another is refuted.',
  columns: { source: 'Source', profile: 'Expected profile', since: 'Since', bundles: 'Bundles' },
  none: 'none yet', text: 'its text', stated: (when: string, who: string) => `stated ${when} by ${who}`, used: (n: number) => counted(n, 'bundle'),
  change: 'Change', changeTitle: 'Expect another profile', lead: 'Later bundles of this source are judged under the new profile. What was expected before stays on file; verify a bundle again to judge it anew.',
  now: 'Expected now:', profile: 'Profile', profileHint: 'Its id, or the path of a profile file', reason: 'Reason', reasonHint: 'For example: the operator changed the format on 1 Nov 2026, as their letter of that day says',
  needsProfile: 'Enter the profile.', needsReason: 'Say why another profile is expected now.', submit: 'Expect this profile', keep: 'Keep it', done: 'Expected profile stated.',
};

export const activityText = {
  title: 'Activity', lead: 'Who did what, in a signed chain. It only grows.',
  summary: (n: number) => counted(n, 'event'), head: 'Last hash', columns: { seq: 'No.', time: 'When', actor: 'Who', action: 'What', hash: 'Hash' },
  older: 'Older', newer: 'Newer', page: (a: string, b: string, of: string) => `Events ${a} – ${b} of ${of}`,
  export: 'Export', exportTitle: 'Export the custody log', exportLead: 'The export is a bundle like any other: it can be verified with the profile of Tickmark. Note the last hash by another way, so that nobody can cut the end.',
  path: 'File to write', browse: 'Browse…', submit: 'Write export', needsPath: 'Enter a path.', suggestion: 'custody.jsonl', done: (n: number) => `${counted(n, 'event')} written.`, key: 'Signed by', empty: 'No events yet.',
};

export const overviewText = {
  proven: 'What is proven', notProven: 'What is not proven', next: 'What to do next', nextNone: 'Nothing is waiting.', start: 'Go to the first step',
  noEngagement: 'No engagement is chosen. Scope, plans, findings and reports belong to one.', chooseEngagement: 'Create an engagement',
  empty: 'Nothing is examined yet. Open the exported file or folder; Tickmark keeps its bytes as they are.', importFirst: 'Import a bundle', emptyExample: 'The next pages follow from it: records, a sample, findings, the report.',
  bundles: 'Bundles', plans: 'Samples', findings: 'Findings', reports: 'Reports',
  claim: { integrity: 'Integrity', authenticity: 'Authenticity', completeness: 'Completeness', time: 'Time' },
  noneProven: 'No claim is proven so far.', allProven: 'Every claim of every bundle is proven.',
  records: 'Records', scope: 'Scope', period: 'Period', addressee: 'Report for', classification: 'Classification', notStated: 'not stated',
  planLine: (tested: string, n: string, dev: string) => `${tested} of ${n} units tested, ${dev}`, notDrawn: 'frozen, not drawn',
  findingsLine: (open: string, all: string) => `${open} open of ${all}`, reportsLine: (n: number) => (n === 0 ? 'none written' : counted(n, 'report')),
  guide: 'Five steps through an engagement',
  steps: [['Import', 'Open what was handed over; it is kept as it is and judged.'], ['Pin keys', 'Confirm signing keys by another way than the bundle.'], ['Look', 'Search records; every one stands beside its bytes.'], ['Sample', 'Plan, freeze, draw, test.'], ['Report', 'Findings, gaps and verdicts in one PDF.']] as [string, string][],
};
