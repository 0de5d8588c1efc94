// Generated from crates/workbench/src/contract by `cargo xtask bindings`. Do not edit.

/**
 * A path that a person chose or typed.
 */
export type AtPath = {
/**
 * The path.
 */
path: string, };

/**
 * What integrity rests on.
 */
export type Basis = "anchored" | "self_consistent";

/**
 * One bar.
 */
export type Bucket = {
/**
 * Start, RFC 3339.
 */
from: string,
/**
 * Records.
 */
count: number,
/**
 * Records with a fault.
 */
faults: number, };

/**
 * The received bundle.
 */
export type BundleId = {
/**
 * File or folder name as received.
 */
name: string,
/**
 * Lower-case hex SHA-256 of the file; of a folder: of the lines `hex SP SP name LF`, sorted by name.
 */
sha256: string,
/**
 * Size of the received bytes.
 */
bytes: number,
/**
 * How it is packed, outermost first: `age`, `zip`, `tar`, `gzip`, `zstd`, `folder`, `file`.
 */
packing: Array<string>, };

/**
 * A bundle in a list.
 */
export type BundleRow = {
/**
 * Its id.
 */
id: string,
/**
 * Its name.
 */
name: string,
/**
 * The system it comes from, as the reviewer named it.
 */
source: string | null,
/**
 * Digest of the received bytes.
 */
sha256: string,
/**
 * Size of the received bytes.
 */
bytes: number,
/**
 * Records in it.
 */
records: number,
/**
 * Its verdict.
 */
verdict: ClaimOutcome,
/**
 * Claim.
 */
integrity: ClaimOutcome,
/**
 * Claim.
 */
authenticity: ClaimOutcome,
/**
 * Claim.
 */
completeness: ClaimOutcome,
/**
 * Claim.
 */
time: ClaimOutcome,
/**
 * Title of the profile it was judged under.
 */
profile: string | null,
/**
 * When it was imported.
 */
imported_at: string,
/**
 * By whom.
 */
imported_by: string,
/**
 * Faults in it.
 */
faults: number,
/**
 * Earliest time that a record states.
 */
first_time: string | null,
/**
 * Latest time that a record states.
 */
last_time: string | null, };

/**
 * A bundle's verdict.
 */
export type BundleView = {
/**
 * The same as in the list.
 */
row: BundleRow,
/**
 * The newest judgement.
 */
verification: Verification,
/**
 * When it was judged.
 */
judged_at: string,
/**
 * How often it was judged; older judgements stay on file.
 */
judgements: number,
/**
 * How it came.
 */
intake: Intake,
/**
 * Whether the sender's digest is the digest of what was received.
 */
digest_agrees: boolean | null,
/**
 * Received files.
 */
files: number,
/**
 * The custody event of its import.
 */
custody_seq: number,
/**
 * Notes on the bundle and its checks.
 */
notes: Array<NoteView>, };

/**
 * Names a bundle, plan, key, engagement or finding by its id.
 */
export type ById = {
/**
 * The id.
 */
id: string, };

/**
 * Where a chain ends; what the vault remembers.
 */
export type ChainHead = {
/**
 * The chain's id where the profile partitions, else `None`.
 */
chain: string | null,
/**
 * Records in it.
 */
records: number,
/**
 * Whether it starts at an accepted genesis value.
 */
starts_at_genesis: boolean,
/**
 * The first record's number in its own sequence, where there is one.
 */
first_seq: string | null,
/**
 * The last record's number in its own sequence.
 */
last_seq: string | null,
/**
 * The value that a next record would have to link to; for an unlinked trail the last record's id.
 */
head: string, };

/**
 * A record as its neighbours see it.
 */
export type ChainNeighbour = {
/**
 * Number in file order.
 */
position: number,
/**
 * Its own hash.
 */
link: string | null,
/**
 * Faults on it.
 */
faults: number, };

/**
 * One check.
 */
export type Check = {
/**
 * Stable id, for example `record_hash`.
 */
id: string,
/**
 * What it asks, as a statement: "Every record's content matches its recorded hash".
 */
title: string,
/**
 * Its outcome.
 */
outcome: CheckOutcome,
/**
 * Why it was not checked, or what was found: "184,211 match, 1 does not".
 */
detail: string,
/**
 * How many units passed.
 */
passed: number,
/**
 * How many failed.
 */
failed: number, };

/**
 * The answer to a check.
 */
export type CheckOutcome = "pass" | "fail" | "not_checked" | "not_applicable";

/**
 * Perform a report again.
 */
export type CheckReport = {
/**
 * The PDF, or its `report.json`.
 */
path: string,
/**
 * The bundles it was made from, where at hand.
 */
bundles: Array<string>,
/**
 * Trust files or folders.
 */
trust: Array<string>, };

/**
 * One claim.
 */
export type Claim = {
/**
 * Its outcome.
 */
outcome: ClaimOutcome,
/**
 * What it rests on; integrity only.
 */
basis?: Basis | null,
/**
 * One plain sentence.
 */
sentence: string,
/**
 * The checks behind it. Every check that the profile names appears exactly once over the four claims.
 */
checks: Array<Check>, };

/**
 * The answer to a claim, and the verdict.
 */
export type ClaimOutcome = "refuted" | "not_proven" | "proven";

/**
 * The four claims.
 */
export type Claims = {
/**
 * Do the records agree with the hashes and links that accompany them?
 */
integrity: Claim,
/**
 * Did the expected party record them?
 */
authenticity: Claim,
/**
 * Is everything here that a named statement says is there?
 */
completeness: Claim,
/**
 * Is there a time that does not rest on the recorder's word?
 */
time: Claim, };

/**
 * How a chain goes with an earlier import: both ends side by side.
 */
export type Continuity = {
/**
 * The chain's id where the profile partitions, else `None`.
 */
chain: string | null,
/**
 * What the two ends say about each other.
 */
relation: Relation,
/**
 * The earlier import: of several the one that contradicts, else the latest.
 */
earlier: HeadSeen,
/**
 * This bundle.
 */
here: HeadSeen,
/**
 * The record of this chain, from 1, at which the earlier head is due. `None` where the first record names it, or where
 * no record shows that the two are one trail.
 */
due: number | null,
/**
 * Another value that stands at that place.
 */
found: string | null,
/**
 * The import since which the trail is continuous, where it is.
 */
since: string | null,
/**
 * The same in one plain sentence.
 */
sentence: string, };

/**
 * What was counted.
 */
export type Counts = {
/**
 * Records found.
 */
records: number,
/**
 * Records whose hash or signature was recomputed.
 */
checked: number,
/**
 * Records with a signature that verifies, under any key.
 */
signed: number,
/**
 * Records without one.
 */
unsigned: number,
/**
 * Chains found.
 */
chains: number,
/**
 * Members of the container.
 */
members: number,
/**
 * Faults, listed or not.
 */
faults: number,
/**
 * `P0` to `P4` where no profile applies.
 */
proof_level?: string | null, };

/**
 * Create a vault.
 */
export type CreateVault = {
/**
 * Folder to create; `.vault` is added when missing.
 */
path: string,
/**
 * The passphrase of its first slot and of the reviewer's signing keys.
 */
passphrase: string,
/**
 * Name of the first reviewer.
 */
reviewer: string,
/**
 * A first engagement.
 */
engagement: WriteEngagement | null, };

/**
 * A criterion that a finding can cite.
 */
export type CriterionView = {
/**
 * Its id.
 */
id: string,
/**
 * Framework.
 */
framework: string,
/**
 * Clause.
 */
clause: string,
/**
 * What it asks, in short.
 */
duty: string,
/**
 * What records can show.
 */
shows: string,
/**
 * What records cannot show.
 */
cannot: string, };

/**
 * A point of the curve.
 */
export type CurvePoint = {
/**
 * True rate, 0 to 1.
 */
rate: number,
/**
 * Chance that the sample supports, 0 to 1.
 */
chance: number, };

/**
 * A custody export.
 */
export type CustodyExported = {
/**
 * The file.
 */
path: string,
/**
 * Events in it.
 */
events: number,
/**
 * Its last hash; enter it as expected head when it is verified.
 */
head: string,
/**
 * Fingerprints of the signers.
 */
key: string, };

/**
 * A page of custody events, newest first.
 */
export type CustodyPage = {
/**
 * Events in all.
 */
total: number,
/**
 * Hash of the last one.
 */
head: string,
/**
 * The page.
 */
events: Array<CustodyRow>, };

/**
 * One custody event.
 */
export type CustodyRow = {
/**
 * Its number.
 */
seq: number,
/**
 * When, RFC 3339.
 */
time: string,
/**
 * Who.
 */
actor: string,
/**
 * Fingerprint of the key that signed it.
 */
key: string,
/**
 * What, as a stable word.
 */
action: string,
/**
 * In words.
 */
sentence: string,
/**
 * Its hash.
 */
hash: string, };

/**
 * Draw.
 */
export type DrawSample = {
/**
 * The plan.
 */
plan: string,
/**
 * The seed, typed.
 */
seed: string,
/**
 * Where it came from, for example `20 rolls of a ten-sided die, two people`.
 */
seed_source: string, };

/**
 * A draw.
 */
export type DrawView = {
/**
 * `rivest-sha256/1`.
 */
algorithm: string,
/**
 * The seed.
 */
seed: string,
/**
 * Where it came from.
 */
seed_source: string,
/**
 * When.
 */
drawn_at: string,
/**
 * By whom.
 */
drawn_by: string,
/**
 * In draw order, replacements last.
 */
units: Array<UnitView>, };

/**
 * An engagement.
 */
export type EngagementView = {
/**
 * Its id.
 */
id: string,
/**
 * Its title.
 */
title: string,
/**
 * For whom the report is.
 */
addressee: string,
/**
 * What is examined.
 */
scope: string,
/**
 * First day.
 */
period_from: string | null,
/**
 * Last day.
 */
period_to: string | null,
/**
 * How the report is classified.
 */
classification: string,
/**
 * When it was created.
 */
created_at: string,
/**
 * By whom.
 */
created_by: string, };

/**
 * An error as a door shows it: `tickmark.error/1`.
 */
export type ErrorView = {
/**
 * Always `tickmark.error/1`.
 */
schema: string,
/**
 * Stable code, for example `wrong_secret`.
 */
code: string,
/**
 * What happened, in words.
 */
message: string,
/**
 * What can be done.
 */
hints: Array<string>, };

/**
 * What the results show.
 */
export type EvaluationView = {
/**
 * Whether every unit has a result.
 */
finished: boolean,
/**
 * Units that count.
 */
tested: number,
/**
 * Pass.
 */
passed: number,
/**
 * Deviations, with `could not test`.
 */
deviations: number,
/**
 * Replaced units.
 */
not_applicable: number,
/**
 * Could not test.
 */
could_not_test: number,
/**
 * Deviations by units.
 */
point: number,
/**
 * One-sided upper limit, 0 to 1, unrounded.
 */
upper_limit: number,
/**
 * The same, rounded up to 0.1 %.
 */
upper_printed: string,
/**
 * The same as a count of the population.
 */
upper_count: number | null,
/**
 * Whether the finished sample supports the control.
 */
supports: boolean | null,
/**
 * In words.
 */
sentence: string,
/**
 * Upper limit after each tested unit.
 */
running: Array<number>, };

/**
 * Kind of thing that a finding or note is about.
 */
export type EvidenceKind = "record" | "bundle" | "check" | "unit";

/**
 * What a finding or note is about.
 */
export type EvidenceRef = {
/**
 * Kind of thing.
 */
kind: EvidenceKind,
/**
 * The bundle.
 */
bundle: string | null,
/**
 * The record's number.
 */
position: number | null,
/**
 * The record's id.
 */
record_id: string | null,
/**
 * The check's id.
 */
check: string | null,
/**
 * The plan.
 */
plan: string | null,
/**
 * The drawn unit.
 */
ordinal: number | null, };

/**
 * State the profile that is expected of a source.
 */
export type ExpectProfile = {
/**
 * The source.
 */
source: string,
/**
 * Id of a shipped profile, or path of a profile file.
 */
profile: string,
/**
 * Why it supersedes what was expected before; needed where something was.
 */
reason: string | null, };

/**
 * A profile that is, or was, expected of a source.
 */
export type ExpectedProfileView = {
/**
 * The profile's id.
 */
profile: string,
/**
 * Its version.
 */
version: string,
/**
 * SHA-256 of its text, lower-case hex.
 */
digest: string,
/**
 * When it was stated.
 */
stated_at: string,
/**
 * By whom.
 */
stated_by: string,
/**
 * Why it superseded the one before.
 */
reason: string | null, };

/**
 * Values of one column and how often they occur.
 */
export type Facet = {
/**
 * Query name of the column: `event`, `actor`, `outcome`, `model`.
 */
field: string,
/**
 * Most frequent first.
 */
values: Array<FacetValue>,
/**
 * Values that are not listed.
 */
more: number, };

/**
 * One value.
 */
export type FacetValue = {
/**
 * The value.
 */
value: string,
/**
 * How many records have it.
 */
count: number, };

/**
 * One thing that is wrong, and where.
 */
export type Fault = {
/**
 * Stable code, for example `hash_mismatch`.
 */
code: string,
/**
 * The claim it bears on: `integrity`, `authenticity`, `completeness` or `time`.
 */
claim: string,
/**
 * Record number, 1-based in file order.
 */
record: number | null,
/**
 * Physical line, 1-based.
 */
line: number | null,
/**
 * Member of the container.
 */
member: string | null,
/**
 * JSON pointer of the field.
 */
field: string | null,
/**
 * What was expected.
 */
expected: string | null,
/**
 * What was found.
 */
found: string | null,
/**
 * The same in one plain sentence.
 */
sentence: string, };

/**
 * Faults of one code.
 */
export type FaultGroup = {
/**
 * The code.
 */
code: string,
/**
 * A short title: "Content does not match its recorded hash".
 */
title: string,
/**
 * How many.
 */
count: number,
/**
 * The first record numbers, capped.
 */
records: Array<number>, };

/**
 * One field.
 */
export type FieldView = {
/**
 * JSON pointer.
 */
pointer: string,
/**
 * Its text as recorded.
 */
value: string,
/**
 * Whether a hash or signature reaches it.
 */
covered: boolean, };

/**
 * One figure.
 */
export type FigureCheck = {
/**
 * Its name.
 */
figure: string,
/**
 * As the report states it.
 */
printed: string,
/**
 * As it was performed again, or why not.
 */
found: string,
/**
 * Whether they agree.
 */
outcome: FigureOutcome, };

/**
 * Whether a figure holds.
 */
export type FigureOutcome = "agrees" | "differs" | "not_checked" | "entered";

/**
 * Where it stands.
 */
export type FindingStatus = "draft" | "open" | "answered" | "closed" | "withdrawn";

/**
 * An earlier version.
 */
export type FindingVersion = {
/**
 * Its number.
 */
version: number,
/**
 * Title then.
 */
title: string,
/**
 * Severity then.
 */
severity: Severity,
/**
 * Status then.
 */
status: FindingStatus,
/**
 * By whom.
 */
author: string,
/**
 * When.
 */
written_at: string, };

/**
 * A finding.
 */
export type FindingView = {
/**
 * Its id.
 */
id: string,
/**
 * Its number in the engagement, from 1.
 */
number: number,
/**
 * Version, from 1.
 */
version: number,
/**
 * Title.
 */
title: string,
/**
 * What is prescribed, and where.
 */
criterion: string,
/**
 * What was found.
 */
condition: string,
/**
 * Why.
 */
cause: string,
/**
 * What follows.
 */
effect: string,
/**
 * What should be done.
 */
recommendation: string,
/**
 * Severity.
 */
severity: Severity,
/**
 * Status.
 */
status: FindingStatus,
/**
 * What it rests on.
 */
evidence: Array<EvidenceRef>,
/**
 * By whom.
 */
author: string,
/**
 * When.
 */
written_at: string,
/**
 * Earlier versions.
 */
history: Array<FindingVersion>, };

/**
 * Order of a frame.
 */
export type FrameOrder = "id" | "time_id" | "source";

/**
 * Freeze plan and population.
 */
export type FreezePlan = {
/**
 * What is asked of each unit.
 */
attribute: string,
/**
 * What counts as a deviation.
 */
deviation: string,
/**
 * Where it is prescribed.
 */
criterion: string,
/**
 * The figures.
 */
size: PlanSize,
/**
 * Only this bundle.
 */
bundle: string | null,
/**
 * Only records that fit this query.
 */
query: string,
/**
 * Order of the frame.
 */
order: FrameOrder, };

/**
 * The end of a chain as one import showed it.
 */
export type HeadSeen = {
/**
 * The import, as the vault names it; `None` for this one.
 */
import: string | null,
/**
 * When it was imported; `None` for this one.
 */
at: string | null,
/**
 * Records of the chain.
 */
records: number,
/**
 * The value that a next record would have to link to.
 */
head: string, };

/**
 * Records over time.
 */
export type HistogramView = {
/**
 * `minute`, `hour`, `day` or `month`.
 */
unit: string,
/**
 * In time order; empty ones are present.
 */
buckets: Array<Bucket>,
/**
 * Records that state no time.
 */
undated: number, };

/**
 * Import one file or folder.
 */
export type ImportBundle = {
/**
 * File or folder.
 */
path: string,
/**
 * How it came.
 */
intake: Intake,
/**
 * The system it comes from. The first import under a source pins its profile; a later one is judged under that.
 */
source: string | null,
/**
 * Id of a shipped profile, or path of a profile file; else detected.
 */
profile: string | null,
/**
 * Opens an age-encrypted bundle.
 */
passphrase: string | null,
/**
 * An age identity (`AGE-SECRET-KEY-1...`) that opens it.
 */
identity: string | null,
/**
 * A last hash that the sender stated by another way.
 */
expect_head: string | null,
/**
 * A count that the sender stated by another way.
 */
expect_count: number | null, };

/**
 * What was stored.
 */
export type ImportCounts = {
/**
 * Records.
 */
records: number,
/**
 * Metric samples.
 */
metrics: number,
/**
 * Evidence items.
 */
evidence: number,
/**
 * Fairness results.
 */
fairness: number,
/**
 * Personal data found.
 */
pii: number, };

/**
 * `tickmark.import/1`.
 */
export type ImportSummary = {
/**
 * Always `tickmark.import/1`.
 */
schema: string,
/**
 * One entry a path.
 */
bundles: Array<ImportedBundle>, };

/**
 * One imported bundle.
 */
export type ImportedBundle = {
/**
 * The path as given.
 */
name: string,
/**
 * Its id in the vault; `None` when nothing was stored.
 */
bundle: string | null,
/**
 * The profile's id, if one applies.
 */
source: string | null,
/**
 * The system it was imported under, as the vault spells it.
 */
under_source: string | null,
/**
 * Id of the profile that is expected of this source from now on, when this import pinned it.
 */
pins_profile: string | null,
/**
 * Its verdict.
 */
verdict: ClaimOutcome | null,
/**
 * Whether the same bytes were in the vault already.
 */
already_held: boolean,
/**
 * The review period that it is judged for: of bytes that were in the vault already, the one that is kept with them.
 */
period: ReviewPeriod | null,
/**
 * What was stored.
 */
counts: ImportCounts,
/**
 * Its faults.
 */
faults: Array<Fault>,
/**
 * Why nothing was stored.
 */
error: ErrorView | null, };

/**
 * Who handed over what, when, on which medium, for which request.
 */
export type Intake = {
/**
 * Who handed it over.
 */
received_from: string,
/**
 * When, as the reviewer states it.
 */
received_at: string,
/**
 * On which medium.
 */
medium: string,
/**
 * For which request.
 */
request: string,
/**
 * The digest that the sender stated. Another digest refutes integrity.
 */
sender_sha256: string | null,
/**
 * The review period that it is judged for. On import: the engagement's, where none is stated and that has both days.
 */
period: ReviewPeriod | null, };

/**
 * A rotation: the other key, and the moment from which the new one signs.
 */
export type KeyEdge = {
/**
 * The other key's id.
 */
key: string,
/**
 * Its fingerprint.
 */
fingerprint: string,
/**
 * Its owner.
 */
owner: string,
/**
 * The moment.
 */
at: string, };

/**
 * Where a key came from.
 */
export type KeyOrigin = "pinned" | "carried";

/**
 * A key as it was read.
 */
export type KeyRead = {
/**
 * SHA-256 in lower-case hex: of the key, of a root certificate, of a Sigstore root as a file, of an identity as
 * subject, line feed, issuer. 40 upper-case hex digits for an OpenPGP key; empty for a secret, whose digest is not told.
 */
fingerprint: string,
/**
 * Algorithm; `x509-root`, `openpgp`, `sigstore-root` or `sigstore-identity` for what is no bare key.
 */
algorithm: string,
/**
 * The name that came with it.
 */
kid: string | null,
/**
 * What it says of itself, which is its maker's word: a certificate's subject, user ids, hosts of logs.
 */
says: Array<string>,
/**
 * From when it holds, as the list of keys or the certificate itself says.
 */
valid_from: string | null,
/**
 * Until when.
 */
valid_to: string | null,
/**
 * The fingerprint as a QR picture; `None` for a secret.
 */
picture: QrPicture | null,
/**
 * The owner of a key with this fingerprint that is pinned already.
 */
pinned_for: string | null, };

/**
 * A key that signed, was pinned, or was found in the bundle.
 */
export type KeyUse = {
/**
 * Lower-case hex SHA-256 of the key (SPKI DER); empty for an HMAC secret, whose digest is not told.
 */
fingerprint: string,
/**
 * `ed25519`, `es256`, ...
 */
algorithm: string,
/**
 * The name that records use for it.
 */
kid: string | null,
/**
 * Who it belongs to, as pinned.
 */
owner: string | null,
/**
 * How and by whom it was confirmed, as pinned.
 */
confirmed: string | null,
/**
 * `pinned` or `carried`.
 */
origin: KeyOrigin,
/**
 * Records that verify under it; a statement over whole members counts as one.
 */
records: number, };

/**
 * One version of a pin.
 */
export type KeyVersion = {
/**
 * 1 for the first.
 */
version: number,
/**
 * When it was written.
 */
at: string,
/**
 * By whom.
 */
by: string,
/**
 * `pinned`, `changed` or `withdrawn`.
 */
change: string,
/**
 * Why it superseded the one before.
 */
reason: string | null,
/**
 * From when it held, as this version says.
 */
valid_from: string | null,
/**
 * Until when, as this version says.
 */
valid_to: string | null, };

/**
 * One thing to do next.
 */
export type NextStep = {
/**
 * In words.
 */
sentence: string,
/**
 * The screen that does it: `bundles`, `keys`, `sampling`, `findings`, `reports`.
 */
screen: string,
/**
 * The id that the screen opens, if any.
 */
target: string | null, };

/**
 * A note.
 */
export type NoteView = {
/**
 * Its id.
 */
id: string,
/**
 * What it is about.
 */
target: EvidenceRef,
/**
 * The note.
 */
text: string,
/**
 * By whom.
 */
author: string,
/**
 * When.
 */
written_at: string,
/**
 * Whether a later note replaces it.
 */
superseded: boolean, };

/**
 * Nothing goes in.
 */
export type Nothing = Record<symbol, never>;

/**
 * Open a vault.
 */
export type OpenVault = {
/**
 * Its folder.
 */
path: string,
/**
 * Passphrase of a slot.
 */
passphrase: string, };

/**
 * What is proven, what is not, what to do next, over the whole engagement.
 */
export type OverviewView = {
/**
 * Every bundle.
 */
bundles: Array<BundleRow>,
/**
 * Records in all.
 */
records: number,
/**
 * Every plan.
 */
plans: Array<PlanRow>,
/**
 * Findings that are not closed.
 */
findings_open: number,
/**
 * Findings in all.
 */
findings: number,
/**
 * Reports written.
 */
reports: number,
/**
 * What to do next, most useful first.
 */
next_steps: Array<NextStep>, };

/**
 * A page of a list.
 */
export type Page = {
/**
 * First row, from 0.
 */
offset: number,
/**
 * Rows wanted, at most 500.
 */
limit: number, };

/**
 * Which path a dialog asks for.
 */
export type PickPath = {
/**
 * `file`, `folder` or `save`.
 */
kind: string,
/**
 * The dialog's title.
 */
title: string,
/**
 * A suggested name, for `save`.
 */
suggestion: string, };

/**
 * Pin a key, or every key of a list that one owner publishes.
 */
export type PinKey = {
/**
 * As in `ReadKey`.
 */
text: string,
/**
 * Algorithm; else from the key.
 */
algorithm: string | null,
/**
 * An identity of Sigstore; `text` is empty then.
 */
identity: SigstoreIdentity | null,
/**
 * What a root certificate may vouch for, which has to be said for one and for nothing else.
 */
vouches: Vouches | null,
/**
 * The name that records use for it.
 */
kid: string | null,
/**
 * Who it belongs to.
 */
owner: string,
/**
 * How it was confirmed.
 */
confirmed: string,
/**
 * Who else confirmed it. Workflow, not access control: nobody else signs.
 */
second_person: string | null,
/**
 * The source it holds for; else for every source.
 */
source: string | null,
/**
 * From when it holds; else from what a list of keys says. Only bare keys are pinned for a period.
 */
valid_from: string | null,
/**
 * Until when it holds; else from what a list of keys says.
 */
valid_to: string | null,
/**
 * The pinned key that it takes over from, at `valid_from`: that one then holds until that moment. Bare keys only.
 */
replaces: string | null, };

/**
 * A pinned key.
 */
export type PinnedKeyView = {
/**
 * Its id.
 */
id: string,
/**
 * As in `KeyRead`.
 */
fingerprint: string,
/**
 * As in `KeyRead`.
 */
algorithm: string,
/**
 * The name that records use for it.
 */
kid: string | null,
/**
 * What it says of itself, which is its maker's word.
 */
says: Array<string>,
/**
 * The identity, where it is one.
 */
identity: SigstoreIdentity | null,
/**
 * What it may vouch for, where it is a root certificate.
 */
vouches: Vouches | null,
/**
 * Who it belongs to.
 */
owner: string,
/**
 * How it was confirmed.
 */
confirmed: string,
/**
 * Who else confirmed it.
 */
second_person: string | null,
/**
 * The source it holds for; `None`: every source.
 */
source: string | null,
/**
 * From when it holds.
 */
valid_from: string | null,
/**
 * Until when it holds.
 */
valid_to: string | null,
/**
 * When it was pinned.
 */
pinned_at: string,
/**
 * By whom.
 */
pinned_by: string,
/**
 * When it was withdrawn.
 */
withdrawn_at: string | null,
/**
 * Why it was withdrawn.
 */
withdrawn_why: string | null,
/**
 * The key that it took over from.
 */
replaces: KeyEdge | null,
/**
 * The key that took over from it.
 */
replaced_by: KeyEdge | null,
/**
 * Every version of this pin, newest first.
 */
history: Array<KeyVersion>,
/**
 * Bundles that it verified.
 */
bundles: number, };

/**
 * One row.
 */
export type PlanAlternative = {
/**
 * Tolerable rate.
 */
tolerable: string,
/**
 * Units.
 */
sample_size: number,
/**
 * Acceptable deviations.
 */
acceptable: number,
/**
 * Chance to support at the expected rate.
 */
chance: number, };

/**
 * What it asks.
 */
export type PlanPreview = {
/**
 * Records in the population.
 */
population: number,
/**
 * Units to test.
 */
sample_size: number,
/**
 * Acceptable deviations.
 */
acceptable: number,
/**
 * `hypergeometric` or `binomial`.
 */
method: string,
/**
 * The same in words.
 */
sentence: string,
/**
 * Chance to support, by true rate.
 */
curve: Array<CurvePoint>,
/**
 * Three sentences that read the curve.
 */
readings: Array<string>,
/**
 * What other tolerable rates would ask.
 */
alternatives: Array<PlanAlternative>, };

/**
 * A plan in a list.
 */
export type PlanRow = {
/**
 * Its id.
 */
id: string,
/**
 * What is asked.
 */
attribute: string,
/**
 * Units to test.
 */
sample_size: number,
/**
 * Acceptable deviations.
 */
acceptable: number,
/**
 * Records in the population.
 */
population: number,
/**
 * When it was frozen.
 */
frozen_at: string,
/**
 * Whether the sample is drawn.
 */
drawn: boolean,
/**
 * Units with a result.
 */
tested: number,
/**
 * Deviations so far.
 */
deviations: number,
/**
 * Conclusion, when the sample is finished.
 */
supports: boolean | null, };

/**
 * The four figures of a plan.
 */
export type PlanSize = {
/**
 * Tolerable rate, for example `5%`.
 */
tolerable: string,
/**
 * Expected rate.
 */
expected: string,
/**
 * Confidence.
 */
confidence: string,
/**
 * Size of the population, where it is given by hand.
 */
population: number | null, };

/**
 * A frozen plan with its draw.
 */
export type PlanView = {
/**
 * The same as in the list.
 */
row: PlanRow,
/**
 * What counts as a deviation.
 */
deviation: string,
/**
 * Where it is prescribed.
 */
criterion: string,
/**
 * Tolerable rate.
 */
tolerable: string,
/**
 * Expected rate.
 */
expected: string,
/**
 * Confidence.
 */
confidence: string,
/**
 * `hypergeometric`.
 */
method: string,
/**
 * Bundles of the population.
 */
bundles: Array<string>,
/**
 * The query that chose the population.
 */
filter: string,
/**
 * The same in words.
 */
filter_reads_as: string,
/**
 * Order of the frame.
 */
frame_order: FrameOrder,
/**
 * SHA-256 over the ids in frame order, each followed by LF.
 */
frame_digest: string,
/**
 * SHA-256 of the frozen plan's canonical JSON.
 */
plan_digest: string,
/**
 * By whom.
 */
frozen_by: string,
/**
 * The draw.
 */
draw: DrawView | null,
/**
 * What the results show so far.
 */
evaluation: EvaluationView | null, };

/**
 * What a plan would ask.
 */
export type PreviewPlan = {
/**
 * The figures.
 */
size: PlanSize,
/**
 * Population: only this bundle.
 */
bundle: string | null,
/**
 * Population: only records that fit this query.
 */
query: string, };

/**
 * The profile that was used, so that it can be named and found again.
 */
export type ProfileRef = {
/**
 * Its id, for example `witnesskit`.
 */
id: string,
/**
 * Its version.
 */
version: string,
/**
 * Its title.
 */
title: string,
/**
 * Lower-case hex SHA-256 of the profile's TOML text.
 */
digest: string, };

/**
 * How far a long task is.
 */
export type Progress = {
/**
 * `receiving`, `judging`, `indexing`, `writing`.
 */
phase: string,
/**
 * Done so far, in `unit`.
 */
done: number,
/**
 * In all, where known.
 */
total: number | null,
/**
 * `bytes` or `records`.
 */
unit: string,
/**
 * Records judged so far.
 */
records: number,
/**
 * Rate, in `unit` a second.
 */
per_second: number,
/**
 * Time left, where known.
 */
seconds_left: number | null,
/**
 * The first faults, as soon as they are seen.
 */
faults: Array<Fault>, };

/**
 * A QR picture: the modules without the quiet zone, which whoever draws it leaves white for four modules on each side.
 */
export type QrPicture = {
/**
 * The text that a reader of it shows: `algorithm:fingerprint`.
 */
text: string,
/**
 * Modules on each side.
 */
size: number,
/**
 * One text a row, `1` for a dark module and `0` for a light one.
 */
rows: Array<string>, };

/**
 * Read a key before it is pinned, so that its fingerprint can be compared first.
 */
export type ReadKey = {
/**
 * The key in any common spelling, a list of keys that one owner publishes, a root certificate, an OpenPGP key or a
 * Sigstore root; the path of a file that holds it; or an HMAC secret with `algorithm` hmac-sha256.
 */
text: string,
/**
 * Algorithm; else from the key.
 */
algorithm: string | null,
/**
 * An identity of Sigstore; `text` is empty then.
 */
identity: SigstoreIdentity | null, };

/**
 * A vault that was opened before.
 */
export type RecentVault = {
/**
 * Its folder.
 */
path: string,
/**
 * Its file name without `.vault`.
 */
name: string, };

/**
 * Names a record.
 */
export type RecordAt = {
/**
 * Its bundle.
 */
bundle: string,
/**
 * Its number in file order, from 1.
 */
position: number, };

/**
 * Order of rows.
 */
export type RecordOrder = "source" | "source_reversed" | "time" | "time_reversed";

/**
 * Record a result.
 */
export type RecordResult = {
/**
 * The plan.
 */
plan: string,
/**
 * The unit.
 */
ordinal: number,
/**
 * The result.
 */
result: UnitResult,
/**
 * Required for a deviation, not applicable and could not test.
 */
note: string, };

/**
 * One record in a list.
 */
export type RecordRow = {
/**
 * Its bundle.
 */
bundle: string,
/**
 * Number in file order, from 1.
 */
position: number,
/**
 * Hex SHA-256 of its received bytes, with `#k` for a repeated one.
 */
id: string,
/**
 * The time that it states.
 */
time: string | null,
/**
 * What happened.
 */
event: string | null,
/**
 * Who or what acted.
 */
actor: string | null,
/**
 * How it ended.
 */
outcome: string | null,
/**
 * Model and version.
 */
model: string | null,
/**
 * First words of its text.
 */
summary: string | null,
/**
 * Whether a signature on it verifies.
 */
signed: boolean,
/**
 * Faults on it.
 */
faults: number,
/**
 * Notes and findings that name it.
 */
notes: number, };

/**
 * One record beside its original bytes.
 */
export type RecordView = {
/**
 * The same as in the list.
 */
row: RecordRow,
/**
 * Member of the bundle.
 */
member: string,
/**
 * Physical line, from 1.
 */
line: number,
/**
 * Byte offset in the member.
 */
offset: number,
/**
 * Its received bytes as text; bytes that are no UTF-8 are shown as U+FFFD.
 */
text: string,
/**
 * Parts of `text` that no hash or signature reaches, in UTF-16 units.
 */
uncovered: Array<TextSpan>,
/**
 * Its fields.
 */
fields: Array<FieldView>,
/**
 * The record before.
 */
before: ChainNeighbour | null,
/**
 * Itself.
 */
own: ChainNeighbour,
/**
 * The record after.
 */
after: ChainNeighbour | null,
/**
 * Faults on it.
 */
faults: Array<Fault>,
/**
 * Notes on it.
 */
notes: Array<NoteView>,
/**
 * Ids of findings that name it.
 */
findings: Array<string>, };

/**
 * A page of records.
 */
export type RecordsPage = {
/**
 * Rows that fit the query.
 */
total: number,
/**
 * Rows in the bundle or engagement.
 */
of: number,
/**
 * The page.
 */
rows: Array<RecordRow>,
/**
 * The query said back in words.
 */
reads_as: string,
/**
 * Time taken.
 */
micros: number, };

/**
 * Which records.
 */
export type RecordsQuery = {
/**
 * Only this bundle.
 */
bundle: string | null,
/**
 * The query line, for example `outcome:declined after:2026-08-01 -actor:svc-batch refund`.
 */
query: string,
/**
 * Order of rows.
 */
order: RecordOrder,
/**
 * First row, from 0.
 */
offset: number,
/**
 * Rows wanted, at most 500.
 */
limit: number, };

/**
 * How a chain goes with an earlier import.
 */
export type Relation = "extends" | "equal" | "shorter" | "forks" | "unknown";

/**
 * `tickmark.report-check/1`.
 */
export type ReportCheck = {
/**
 * Always `tickmark.report-check/1`.
 */
schema: string,
/**
 * The sum.
 */
outcome: ReportOutcome,
/**
 * In words.
 */
sentence: string,
/**
 * Every figure.
 */
figures: Array<FigureCheck>, };

/**
 * The sum of a performed-again report.
 */
export type ReportOutcome = "agrees" | "differs" | "incomplete";

/**
 * What the report would say.
 */
export type ReportPreview = {
/**
 * Title.
 */
title: string,
/**
 * The sentences of its summary.
 */
lead: Array<string>,
/**
 * Its chapters.
 */
chapters: Array<string>,
/**
 * What is still missing, in words.
 */
gaps: Array<string>, };

/**
 * A report that was written.
 */
export type ReportRow = {
/**
 * Its id.
 */
id: string,
/**
 * Title.
 */
title: string,
/**
 * SHA-256 of its `report.json`.
 */
digest: string,
/**
 * Pages.
 */
pages: number,
/**
 * When.
 */
written_at: string,
/**
 * By whom.
 */
written_by: string,
/**
 * Where it was written.
 */
path: string, };

/**
 * What was written.
 */
export type ReportWritten = {
/**
 * The PDF.
 */
pdf: string,
/**
 * Its `report.json`.
 */
json: string,
/**
 * SHA-256 of `report.json`.
 */
digest: string,
/**
 * Pages.
 */
pages: number,
/**
 * The custody event.
 */
custody_seq: number, };

/**
 * The time for which a bundle's completeness is judged.
 */
export type ReviewPeriod = {
/**
 * Its beginning: a day (in UTC unless a zone stands behind it) or an RFC 3339 instant.
 */
from: string,
/**
 * Its end, spelled alike: a last day belongs to it, a last instant does not.
 */
to: string, };

/**
 * Whether a vault is open.
 */
export type SessionState = "none" | "locked" | "open";

/**
 * What the door shows before anything else.
 */
export type SessionView = {
/**
 * Open, locked or nothing yet.
 */
state: SessionState,
/**
 * The open vault.
 */
vault: VaultView | null,
/**
 * Vaults that were opened on this machine, newest first.
 */
recent: Array<RecentVault>,
/**
 * Version of the program.
 */
version: string, };

/**
 * How grave it is.
 */
export type Severity = "high" | "medium" | "low" | "info";

/**
 * Whose certificate of a pinned Sigstore instance counts: both as they stand in the certificate.
 */
export type SigstoreIdentity = {
/**
 * The e-mail address or URI.
 */
subject: string,
/**
 * The address of the OpenID Connect issuer that vouched for the login.
 */
issuer: string, };

/**
 * A system that bundles come from.
 */
export type SourceView = {
/**
 * Its name, as the reviewer gave it.
 */
name: string,
/**
 * Bundles that were imported under it.
 */
bundles: number,
/**
 * The profile that is expected of it; `None` while no import showed one.
 */
expected: ExpectedProfileView | null,
/**
 * What was expected before, newest first.
 */
superseded: Array<ExpectedProfileView>, };

/**
 * A part of a text.
 */
export type TextSpan = {
/**
 * First UTF-16 unit.
 */
start: number,
/**
 * One past the last.
 */
end: number, };

/**
 * Name and version of the program.
 */
export type Tool = {
/**
 * Always `tickmark`.
 */
name: string,
/**
 * The version of the workspace.
 */
version: string, };

/**
 * What the reviewer saw for one unit.
 */
export type UnitResult = "pass" | "deviation" | "not_applicable" | "could_not_test";

/**
 * A drawn unit.
 */
export type UnitView = {
/**
 * Place in draw order, from 1.
 */
ordinal: number,
/**
 * Counter of the sampler that gave it.
 */
counter: number,
/**
 * Position in the frame, from 1.
 */
pick: number,
/**
 * Record id.
 */
record_id: string,
/**
 * Bundle.
 */
bundle: string,
/**
 * Record number in its bundle.
 */
position: number,
/**
 * The result in force.
 */
result: UnitResult | null,
/**
 * Its note.
 */
note: string | null,
/**
 * When.
 */
tested_at: string | null,
/**
 * By whom.
 */
tested_by: string | null,
/**
 * The ordinal that replaces it.
 */
replaced_by: number | null,
/**
 * Earlier results that were superseded.
 */
superseded: number, };

/**
 * An open vault.
 */
export type VaultView = {
/**
 * Its id.
 */
id: string,
/**
 * Its folder.
 */
path: string,
/**
 * Its file name without `.vault`.
 */
name: string,
/**
 * Whether another process holds the writer's lock or the medium is read-only.
 */
read_only: boolean,
/**
 * Why it is read-only, in words.
 */
held_by: string | null,
/**
 * Who is signed in.
 */
reviewer: string | null,
/**
 * Fingerprint of the key that signs this reviewer's custody events.
 */
reviewer_key: string | null,
/**
 * The engagement at hand.
 */
engagement: EngagementView | null,
/**
 * Number of the last custody event.
 */
custody_seq: number,
/**
 * The machine's clock, RFC 3339 with zone.
 */
now: string, };

/**
 * What one bundle proves and what it does not.
 */
export type Verification = {
/**
 * Always [`SCHEMA`].
 */
schema: string,
/**
 * The program that judged.
 */
tool: Tool,
/**
 * What was judged.
 */
bundle: BundleId,
/**
 * The profile it was judged under; `None` when no profile describes the bundle.
 */
profile: ProfileRef | null,
/**
 * `refuted` if any claim is; `proven` if integrity is anchored and authenticity and completeness are proven.
 */
verdict: ClaimOutcome,
/**
 * One plain sentence under the verdict.
 */
sentence: string,
/**
 * The four claims.
 */
claims: Claims,
/**
 * What was counted.
 */
counts: Counts,
/**
 * Every fault, in record order, up to the cap; `counts.faults` is the true number.
 */
faults: Array<Fault>,
/**
 * The same faults by code.
 */
fault_groups: Array<FaultGroup>,
/**
 * JSON pointers of fields that no hash or signature reaches; `*` stands for an array index. One of a statement beside the
 * records stands behind `MEMBER: `.
 */
uncovered_fields: Array<string>,
/**
 * Keys that were used or found.
 */
keys: Array<KeyUse>,
/**
 * One entry a chain, with the head to remember.
 */
chains: Array<ChainHead>,
/**
 * Earlier imports of these chains beside what is here; one entry a chain of which one is known.
 */
continuity: Array<Continuity>,
/**
 * Sentences: what this does not prove.
 */
not_proven: Array<string>,
/**
 * Sentences: what a reviewer can do next.
 */
next_steps: Array<string>,
/**
 * Sentences: what is odd but is no fault (an executable in the bundle, an ambiguous preimage).
 */
warnings: Array<string>, };

/**
 * Judge a kept bundle again.
 */
export type VerifyAgain = {
/**
 * The bundle.
 */
id: string,
/**
 * The review period from now on; else the one that is kept with the bundle.
 */
period: ReviewPeriod | null, };

/**
 * What a pinned root certificate may vouch for.
 */
export type Vouches = "both" | "time" | "signatures";

/**
 * Withdraw a key.
 */
export type WithdrawKey = {
/**
 * The key.
 */
id: string,
/**
 * Why it is no longer trusted.
 */
reason: string, };

/**
 * Create an engagement.
 */
export type WriteEngagement = {
/**
 * Its title.
 */
title: string,
/**
 * For whom the report is.
 */
addressee: string,
/**
 * What is examined.
 */
scope: string,
/**
 * First day, `YYYY-MM-DD`.
 */
period_from: string | null,
/**
 * Last day, `YYYY-MM-DD`.
 */
period_to: string | null,
/**
 * How the report is classified, for example `restricted`.
 */
classification: string, };

/**
 * Write a finding, or supersede one.
 */
export type WriteFinding = {
/**
 * The finding that is superseded; else a new one.
 */
id: string | null,
/**
 * Title.
 */
title: string,
/**
 * What is prescribed, and where.
 */
criterion: string,
/**
 * What was found.
 */
condition: string,
/**
 * Why, where known.
 */
cause: string,
/**
 * What follows, where known.
 */
effect: string,
/**
 * What should be done.
 */
recommendation: string,
/**
 * Severity.
 */
severity: Severity,
/**
 * Status.
 */
status: FindingStatus,
/**
 * What it rests on.
 */
evidence: Array<EvidenceRef>, };

/**
 * Write a note.
 */
export type WriteNote = {
/**
 * What it is about.
 */
target: EvidenceRef,
/**
 * The note.
 */
text: string,
/**
 * The note that it replaces.
 */
supersedes: string | null, };

/**
 * Write the report.
 */
export type WriteReport = {
/**
 * PDF file to write; `report.json` and the lists go beside it.
 */
path: string,
/**
 * Title; empty for the engagement's.
 */
title: string,
/**
 * Further limitations, in the reviewer's words.
 */
limitations: string,
/**
 * The reviewer's own conclusion, if any.
 */
conclusion: string, };

export interface Commands {
  session: { request: Nothing; response: SessionView };
  vault_create: { request: CreateVault; response: SessionView };
  vault_open: { request: OpenVault; response: SessionView };
  vault_lock: { request: Nothing; response: SessionView };
  demo_open: { request: Nothing; response: SessionView };
  pick_path: { request: PickPath; response: string | null };
  overview: { request: Nothing; response: OverviewView };
  engagement_list: { request: Nothing; response: Array<EngagementView> };
  engagement_create: { request: WriteEngagement; response: EngagementView };
  engagement_select: { request: ById; response: SessionView };
  bundle_import: { request: ImportBundle; response: ImportSummary };
  bundle_import_cancel: { request: Nothing; response: boolean };
  bundle_list: { request: Nothing; response: Array<BundleRow> };
  bundle_view: { request: ById; response: BundleView };
  bundle_verify_again: { request: VerifyAgain; response: BundleView };
  records_page: { request: RecordsQuery; response: RecordsPage };
  records_facets: { request: RecordsQuery; response: Array<Facet> };
  records_histogram: { request: RecordsQuery; response: HistogramView };
  record_view: { request: RecordAt; response: RecordView };
  source_list: { request: Nothing; response: Array<SourceView> };
  source_expect: { request: ExpectProfile; response: Array<SourceView> };
  key_list: { request: Nothing; response: Array<PinnedKeyView> };
  key_read: { request: ReadKey; response: Array<KeyRead> };
  key_picture: { request: ById; response: QrPicture };
  key_pin: { request: PinKey; response: Array<PinnedKeyView> };
  key_withdraw: { request: WithdrawKey; response: Array<PinnedKeyView> };
  plan_preview: { request: PreviewPlan; response: PlanPreview };
  plan_freeze: { request: FreezePlan; response: PlanView };
  plan_list: { request: Nothing; response: Array<PlanRow> };
  plan_view: { request: ById; response: PlanView };
  sample_draw: { request: DrawSample; response: PlanView };
  result_record: { request: RecordResult; response: PlanView };
  criterion_list: { request: Nothing; response: Array<CriterionView> };
  finding_list: { request: Nothing; response: Array<FindingView> };
  finding_write: { request: WriteFinding; response: FindingView };
  note_write: { request: WriteNote; response: NoteView };
  report_preview: { request: Nothing; response: ReportPreview };
  report_write: { request: WriteReport; response: ReportWritten };
  report_list: { request: Nothing; response: Array<ReportRow> };
  report_check: { request: CheckReport; response: ReportCheck };
  activity: { request: Page; response: CustodyPage };
  custody_export: { request: AtPath; response: CustodyExported };
}
