-- Tickmark vault, schema 1. SQLite 3.45 syntax. Never edited after release: a later change is a later file.
--
-- Three kinds of tables, told apart by their triggers:
--   append-only   no UPDATE, no DELETE. A correction is a new row (a new version) that supersedes.
--   per bundle    append-only from the moment the bundle is kept; until then the import is staging and may be removed.
--   content       never changed; destroyed only while staging, or after an approved disposal of the bundle.
--
-- Column `custody`: the number of the custody event that was written in the same transaction. The deferred foreign key
-- makes a row without its event impossible to commit; who and when are read from that event.

-- The vault ---------------------------------------------------------------------------------------------------------

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE custody_event (
    seq       INTEGER PRIMARY KEY CHECK (seq >= 1),
    time      TEXT NOT NULL,                 -- RFC 3339, UTC, milliseconds
    actor     TEXT NOT NULL,                 -- the reviewer's name
    key       TEXT NOT NULL,                 -- fingerprint of the signing key
    action    TEXT NOT NULL,
    subject   TEXT NOT NULL,                 -- canonical JSON object
    prev      TEXT,                          -- hash of the event before, NULL for the first
    hash      TEXT NOT NULL UNIQUE,
    signature TEXT NOT NULL,                 -- base64 Ed25519
    CHECK ((seq = 1) = (prev IS NULL))
) STRICT;

CREATE TRIGGER custody_event_follows BEFORE INSERT ON custody_event
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM custody_event)
  OR NEW.prev IS NOT (SELECT hash FROM custody_event ORDER BY seq DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'custody_event: does not follow the last event'); END;

CREATE TABLE reviewer (
    seq                INTEGER PRIMARY KEY AUTOINCREMENT,
    id                 TEXT NOT NULL,
    version            INTEGER NOT NULL,
    name               TEXT NOT NULL,
    roles              TEXT NOT NULL,        -- JSON array of words
    custody_key        TEXT NOT NULL,        -- base64 SPKI: Ed25519
    custody_key_digest TEXT NOT NULL,        -- fingerprint: hex SHA-256 of the SPKI
    report_key         TEXT NOT NULL,        -- base64 SPKI: P-256
    report_key_digest  TEXT NOT NULL,
    active             INTEGER NOT NULL CHECK (active IN (0, 1)),
    custody            INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (id, version)
) STRICT;

CREATE TABLE engagement (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    id             TEXT NOT NULL,
    version        INTEGER NOT NULL,
    title          TEXT NOT NULL,
    addressee      TEXT NOT NULL,
    scope          TEXT NOT NULL,
    period_from    TEXT,
    period_to      TEXT,
    classification TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('open', 'sealed')),
    json           TEXT NOT NULL,            -- further fields of the window: criteria, responsibilities, ...
    custody        INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (id, version)
) STRICT;

-- The key of an engagement's pseudonyms. Content: it may be destroyed, never changed.
CREATE TABLE pseudonym_key (
    engagement TEXT PRIMARY KEY,
    key        BLOB NOT NULL CHECK (length(key) = 32),
    event      INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- Bundles -----------------------------------------------------------------------------------------------------------

-- An import under way. A bundle number is handed out here and never again.
CREATE TABLE staging (
    bundle     INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    started_at TEXT NOT NULL
) STRICT;

-- A kept bundle. The row appears with the last transaction of its import: no row, nothing visible.
CREATE TABLE bundle (
    bundle          INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    sha256          TEXT NOT NULL UNIQUE,
    bytes           INTEGER NOT NULL,
    packing         TEXT NOT NULL,           -- JSON array, outermost first
    source          TEXT,                    -- the system it comes from, as the reviewer names it
    importer        TEXT,                    -- how records were read, for example `langfuse`
    records         INTEGER NOT NULL,
    records_digest  TEXT NOT NULL,           -- SHA-256 over the record ids in source order, each followed by LF
    counts          TEXT NOT NULL,           -- JSON object: metrics, evidence, fairness, pii
    received_from   TEXT,
    received_at     TEXT,
    medium          TEXT,
    request         TEXT,
    sender_sha256   TEXT,
    custody         INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- The review period for which a bundle's completeness is judged, as the reviewer states it.
CREATE TABLE review_period (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    bundle      INTEGER NOT NULL REFERENCES bundle (bundle),
    version     INTEGER NOT NULL,
    period_from TEXT NOT NULL,               -- a day or an RFC 3339 instant
    period_to   TEXT NOT NULL,               -- likewise: a day belongs to the period, an instant does not
    custody     INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (bundle, version)
) STRICT;

CREATE TABLE bundle_link (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    engagement TEXT NOT NULL,
    bundle     INTEGER NOT NULL REFERENCES bundle (bundle),
    linked     INTEGER NOT NULL CHECK (linked IN (0, 1)),
    custody    INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX bundle_link_by_engagement ON bundle_link (engagement, bundle, seq);

-- The approval under which a bundle's content may be destroyed.
CREATE TABLE disposal (
    bundle   INTEGER PRIMARY KEY REFERENCES bundle (bundle),
    ground   TEXT NOT NULL,
    approved TEXT NOT NULL,                  -- who approved, besides the acting reviewer
    custody  INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE file (
    bundle INTEGER NOT NULL,
    number INTEGER NOT NULL,                 -- 1-based, in the order received
    name   TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes  INTEGER NOT NULL,
    PRIMARY KEY (bundle, number),
    UNIQUE (bundle, name)
) STRICT;

CREATE TABLE chunk (
    bundle  INTEGER NOT NULL,
    file    INTEGER NOT NULL,
    seq     INTEGER NOT NULL,                -- 0-based; byte offset = seq * 1 MiB
    sha256  TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (bundle, file, seq)
) STRICT;

CREATE TABLE member (
    bundle INTEGER NOT NULL,
    number INTEGER NOT NULL,
    path   TEXT NOT NULL,
    PRIMARY KEY (bundle, number)
) STRICT;

-- What identifies a record. Stays when the content is disposed of.
CREATE TABLE record (
    row      INTEGER PRIMARY KEY,
    bundle   INTEGER NOT NULL,
    position INTEGER NOT NULL CHECK (position >= 1),
    id       BLOB NOT NULL CHECK (length(id) = 32),   -- SHA-256 of the received bytes
    again    TEXT NOT NULL,                  -- '' or the k of `#k`
    member   INTEGER,
    line     INTEGER,
    file     INTEGER,                        -- with offset: where the bytes lie in the received file
    offset   INTEGER,
    length   INTEGER NOT NULL,
    time_utc INTEGER,                        -- microseconds since 1970-01-01T00:00:00Z
    chain    TEXT,
    signed   INTEGER NOT NULL CHECK (signed IN (0, 1)),
    UNIQUE (bundle, position)
) STRICT;
-- position makes them enough for a frame, without a look at the row
CREATE INDEX record_by_id ON record (bundle, id, again, position);
CREATE INDEX record_by_time ON record (bundle, time_utc, id, again, position);

CREATE TABLE record_content (
    row         INTEGER PRIMARY KEY,
    bundle      INTEGER NOT NULL,
    time_text   TEXT,
    event       TEXT,
    actor       TEXT,                        -- masked, unless the importer found nothing to mask
    actor_token BLOB,                        -- keyed token of the raw identity
    outcome     TEXT,
    model       TEXT,
    summary     TEXT NOT NULL,
    link        TEXT,
    masks       TEXT                         -- JSON array of [start, end, kind] in the record's bytes
) STRICT;

-- The bytes of records that do not lie as they are in a received file (a packed member).
CREATE TABLE record_bytes (
    row    INTEGER PRIMARY KEY,
    bundle INTEGER NOT NULL,
    bytes  BLOB NOT NULL
) STRICT;

CREATE VIRTUAL TABLE record_index USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2"
);

-- How often each value of a column occurs in a bundle, counted at import; '' for records without one. A column with too
-- many values has no rows here and is counted when asked.
CREATE TABLE facet (
    bundle INTEGER NOT NULL,
    field  TEXT NOT NULL,
    value  TEXT NOT NULL,
    count  INTEGER NOT NULL,
    PRIMARY KEY (bundle, field, value)
) STRICT;

-- What an export says besides records: metrics, control evidence, fairness findings, personal data found by others.
CREATE TABLE observation (
    bundle   INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('metric', 'evidence', 'fairness', 'pii')),
    name     TEXT NOT NULL,
    time_utc INTEGER,
    member   TEXT,
    json     TEXT NOT NULL,
    PRIMARY KEY (bundle, number)
) STRICT;

-- Outcomes ----------------------------------------------------------------------------------------------------------

CREATE TABLE verification (
    bundle          INTEGER NOT NULL,
    seq             INTEGER NOT NULL,        -- 1 at import, then one more for each later verification
    json            TEXT NOT NULL,           -- tickmark.verification/1
    verdict         TEXT NOT NULL,
    profile         TEXT,
    profile_version TEXT,
    profile_digest  TEXT,
    custody         INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (bundle, seq)
) STRICT;

CREATE TABLE fault (
    bundle       INTEGER NOT NULL,
    verification INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    position     INTEGER,
    code         TEXT NOT NULL,
    claim        TEXT NOT NULL,
    json         TEXT NOT NULL,
    PRIMARY KEY (bundle, verification, number)
) STRICT;
CREATE INDEX fault_by_position ON fault (bundle, verification, position);

-- Trust -------------------------------------------------------------------------------------------------------------

CREATE TABLE pinned_key (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    id            TEXT NOT NULL,
    version       INTEGER NOT NULL,
    source        TEXT,                      -- NULL: for every source
    key           TEXT NOT NULL,             -- as it was entered; a `secret` for HMAC
    algorithm     TEXT NOT NULL,
    fingerprint   TEXT NOT NULL,
    kid           TEXT,
    owner         TEXT NOT NULL,
    confirmed     TEXT NOT NULL,
    second_person TEXT,
    valid_from    TEXT,
    valid_to      TEXT,
    withdrawn     TEXT,                      -- the reason, when this version withdraws the key
    replaces      TEXT,                      -- the key that this one takes over from, at its valid_from
    reason        TEXT,                      -- why this version supersedes the one before
    custody       INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (id, version)
) STRICT;

-- The profile that bundles of a source are expected to have, pinned by the first import under it.
CREATE TABLE expected_profile (
    seq             INTEGER PRIMARY KEY AUTOINCREMENT,
    source          TEXT NOT NULL,
    version         INTEGER NOT NULL,        -- of this statement, not of the profile
    profile         TEXT NOT NULL,           -- the profile's id
    profile_version TEXT NOT NULL,
    profile_digest  TEXT NOT NULL,           -- SHA-256 of text
    text            TEXT NOT NULL,           -- the profile itself: another program may ship another one under this id
    reason          TEXT,                    -- why it supersedes the one before
    custody         INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (source, version),
    CHECK (version = 1 OR reason IS NOT NULL)
) STRICT;

CREATE TABLE trail_head (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    profile TEXT NOT NULL,
    chain   TEXT NOT NULL,                   -- '' where the profile knows one chain only
    signer  TEXT NOT NULL,                   -- fingerprint, '' where nobody signs
    records INTEGER NOT NULL,
    head    TEXT NOT NULL,
    first_seq TEXT,                          -- the first record's own number, where there is one
    last_seq  TEXT,
    bundle  INTEGER NOT NULL REFERENCES bundle (bundle) DEFERRABLE INITIALLY DEFERRED,
    custody INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX trail_head_by_trail ON trail_head (profile, chain, signer, seq);

-- Sampling ----------------------------------------------------------------------------------------------------------

CREATE TABLE population (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL,
    version      INTEGER NOT NULL,
    engagement   TEXT NOT NULL,
    title        TEXT NOT NULL,
    size         INTEGER NOT NULL,
    frame_digest TEXT NOT NULL,
    digest       TEXT NOT NULL,              -- SHA-256 of json
    json         TEXT NOT NULL,              -- canonical: bundles, filter, order, exclusions
    custody      INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (id, version)
) STRICT;

CREATE TABLE plan (
    seq                INTEGER PRIMARY KEY AUTOINCREMENT,
    id                 TEXT NOT NULL,
    version            INTEGER NOT NULL,
    engagement         TEXT NOT NULL,
    population         TEXT NOT NULL,
    population_version INTEGER NOT NULL,
    title              TEXT NOT NULL,
    digest             TEXT NOT NULL,
    json               TEXT NOT NULL,
    custody            INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (id, version),
    FOREIGN KEY (population, population_version) REFERENCES population (id, version)
) STRICT;

CREATE TABLE draw (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL,
    version      INTEGER NOT NULL,           -- 1: the draw; a later version discards it and says why
    plan         TEXT NOT NULL,
    plan_version INTEGER NOT NULL,
    method       TEXT NOT NULL,
    seed         TEXT NOT NULL,
    seed_source  TEXT NOT NULL,
    discarded    TEXT,
    json         TEXT NOT NULL,
    custody      INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (id, version),
    FOREIGN KEY (plan, plan_version) REFERENCES plan (id, version)
) STRICT;

CREATE TABLE pick (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    draw     TEXT NOT NULL,
    number   INTEGER NOT NULL CHECK (number >= 1),   -- in draw order
    frame    INTEGER NOT NULL CHECK (frame >= 1),    -- place in the frame
    bundle   INTEGER NOT NULL REFERENCES bundle (bundle),
    position INTEGER NOT NULL,
    record   TEXT NOT NULL,                  -- record id
    counter  INTEGER NOT NULL,               -- of the sampler that gave it
    stratum  TEXT,
    ticket   TEXT,
    replaces INTEGER,                        -- the pick that it replaces
    custody  INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (draw, number)
) STRICT;

CREATE TABLE result (
    seq       INTEGER PRIMARY KEY AUTOINCREMENT,
    draw      TEXT NOT NULL,
    pick      INTEGER NOT NULL,
    attribute TEXT NOT NULL,
    version   INTEGER NOT NULL,
    outcome   TEXT NOT NULL CHECK (outcome IN ('pass', 'deviation', 'not_applicable', 'could_not_test')),
    note      TEXT NOT NULL,
    json      TEXT NOT NULL,
    custody   INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (draw, pick, attribute, version),
    FOREIGN KEY (draw, pick) REFERENCES pick (draw, number)
) STRICT;

-- Judgements --------------------------------------------------------------------------------------------------------

CREATE TABLE finding (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL,
    version    INTEGER NOT NULL,
    engagement TEXT NOT NULL,
    title      TEXT NOT NULL,
    severity   TEXT NOT NULL,
    status     TEXT NOT NULL,
    json       TEXT NOT NULL,                -- condition, criteria, cause, effect, recommendation, ...
    evidence   TEXT NOT NULL,                -- JSON array of references
    custody    INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (id, version)
) STRICT;
CREATE INDEX finding_by_engagement ON finding (engagement);

CREATE TABLE note (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL,
    version    INTEGER NOT NULL,
    engagement TEXT,
    target     TEXT NOT NULL,                -- what it is about: `record`, `bundle`, `finding`, ...
    reference  TEXT NOT NULL,                -- canonical text of the reference, for look-up
    text       TEXT NOT NULL,                -- '' in a version that withdraws the note
    json       TEXT NOT NULL,
    custody    INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (id, version)
) STRICT;
CREATE INDEX note_by_target ON note (target, reference);

CREATE TABLE assessment (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    engagement TEXT NOT NULL,
    control    TEXT NOT NULL,                -- framework and clause
    version    INTEGER NOT NULL,
    conclusion TEXT NOT NULL CHECK (conclusion IN ('observed', 'exception', 'not_evaluable')),
    json       TEXT NOT NULL,
    custody    INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (engagement, control, version)
) STRICT;

CREATE TABLE report (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL,
    version    INTEGER NOT NULL,
    engagement TEXT NOT NULL,
    digest     TEXT NOT NULL,                -- report digest: SHA-256 of the canonical report.json
    path       TEXT,                         -- where it was written
    json       TEXT NOT NULL,                -- options and state
    custody    INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (id, version)
) STRICT;
CREATE INDEX report_by_engagement ON report (engagement);

CREATE TABLE sign_off (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    engagement TEXT NOT NULL,
    target     TEXT NOT NULL,                -- `plan`, `finding`, `report`, `engagement`
    reference  TEXT NOT NULL,
    digest     TEXT NOT NULL,                -- of what was signed
    meaning    TEXT NOT NULL,                -- `prepared`, `reviewed`, `approved`, `returned`
    note       TEXT NOT NULL,
    signature  TEXT,
    custody    INTEGER NOT NULL REFERENCES custody_event (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX sign_off_by_engagement ON sign_off (engagement);

-- Triggers ----------------------------------------------------------------------------------------------------------
-- INSERT OR REPLACE deletes too: connections set recursive_triggers, so that these triggers see it.

-- append-only
CREATE TRIGGER meta_no_update BEFORE UPDATE ON meta BEGIN SELECT RAISE(ABORT, 'append-only: meta'); END;
CREATE TRIGGER meta_no_delete BEFORE DELETE ON meta BEGIN SELECT RAISE(ABORT, 'append-only: meta'); END;
CREATE TRIGGER custody_event_no_update BEFORE UPDATE ON custody_event BEGIN SELECT RAISE(ABORT, 'append-only: custody_event'); END;
CREATE TRIGGER custody_event_no_delete BEFORE DELETE ON custody_event BEGIN SELECT RAISE(ABORT, 'append-only: custody_event'); END;
CREATE TRIGGER reviewer_no_update BEFORE UPDATE ON reviewer BEGIN SELECT RAISE(ABORT, 'append-only: reviewer'); END;
CREATE TRIGGER reviewer_no_delete BEFORE DELETE ON reviewer BEGIN SELECT RAISE(ABORT, 'append-only: reviewer'); END;
CREATE TRIGGER engagement_no_update BEFORE UPDATE ON engagement BEGIN SELECT RAISE(ABORT, 'append-only: engagement'); END;
CREATE TRIGGER engagement_no_delete BEFORE DELETE ON engagement BEGIN SELECT RAISE(ABORT, 'append-only: engagement'); END;
CREATE TRIGGER bundle_no_update BEFORE UPDATE ON bundle BEGIN SELECT RAISE(ABORT, 'append-only: bundle'); END;
CREATE TRIGGER bundle_no_delete BEFORE DELETE ON bundle BEGIN SELECT RAISE(ABORT, 'append-only: bundle'); END;
CREATE TRIGGER bundle_link_no_update BEFORE UPDATE ON bundle_link BEGIN SELECT RAISE(ABORT, 'append-only: bundle_link'); END;
CREATE TRIGGER bundle_link_no_delete BEFORE DELETE ON bundle_link BEGIN SELECT RAISE(ABORT, 'append-only: bundle_link'); END;
CREATE TRIGGER review_period_no_update BEFORE UPDATE ON review_period BEGIN SELECT RAISE(ABORT, 'append-only: review_period'); END;
CREATE TRIGGER review_period_no_delete BEFORE DELETE ON review_period BEGIN SELECT RAISE(ABORT, 'append-only: review_period'); END;
CREATE TRIGGER disposal_no_update BEFORE UPDATE ON disposal BEGIN SELECT RAISE(ABORT, 'append-only: disposal'); END;
CREATE TRIGGER disposal_no_delete BEFORE DELETE ON disposal BEGIN SELECT RAISE(ABORT, 'append-only: disposal'); END;
CREATE TRIGGER verification_no_update BEFORE UPDATE ON verification BEGIN SELECT RAISE(ABORT, 'append-only: verification'); END;
CREATE TRIGGER verification_no_delete BEFORE DELETE ON verification BEGIN SELECT RAISE(ABORT, 'append-only: verification'); END;
CREATE TRIGGER pinned_key_no_update BEFORE UPDATE ON pinned_key BEGIN SELECT RAISE(ABORT, 'append-only: pinned_key'); END;
CREATE TRIGGER pinned_key_no_delete BEFORE DELETE ON pinned_key BEGIN SELECT RAISE(ABORT, 'append-only: pinned_key'); END;
CREATE TRIGGER expected_profile_no_update BEFORE UPDATE ON expected_profile BEGIN SELECT RAISE(ABORT, 'append-only: expected_profile'); END;
CREATE TRIGGER expected_profile_no_delete BEFORE DELETE ON expected_profile BEGIN SELECT RAISE(ABORT, 'append-only: expected_profile'); END;
CREATE TRIGGER trail_head_no_update BEFORE UPDATE ON trail_head BEGIN SELECT RAISE(ABORT, 'append-only: trail_head'); END;
CREATE TRIGGER trail_head_no_delete BEFORE DELETE ON trail_head BEGIN SELECT RAISE(ABORT, 'append-only: trail_head'); END;
CREATE TRIGGER population_no_update BEFORE UPDATE ON population BEGIN SELECT RAISE(ABORT, 'append-only: population'); END;
CREATE TRIGGER population_no_delete BEFORE DELETE ON population BEGIN SELECT RAISE(ABORT, 'append-only: population'); END;
CREATE TRIGGER plan_no_update BEFORE UPDATE ON plan BEGIN SELECT RAISE(ABORT, 'append-only: plan'); END;
CREATE TRIGGER plan_no_delete BEFORE DELETE ON plan BEGIN SELECT RAISE(ABORT, 'append-only: plan'); END;
CREATE TRIGGER draw_no_update BEFORE UPDATE ON draw BEGIN SELECT RAISE(ABORT, 'append-only: draw'); END;
CREATE TRIGGER draw_no_delete BEFORE DELETE ON draw BEGIN SELECT RAISE(ABORT, 'append-only: draw'); END;
CREATE TRIGGER pick_no_update BEFORE UPDATE ON pick BEGIN SELECT RAISE(ABORT, 'append-only: pick'); END;
CREATE TRIGGER pick_no_delete BEFORE DELETE ON pick BEGIN SELECT RAISE(ABORT, 'append-only: pick'); END;
CREATE TRIGGER result_no_update BEFORE UPDATE ON result BEGIN SELECT RAISE(ABORT, 'append-only: result'); END;
CREATE TRIGGER result_no_delete BEFORE DELETE ON result BEGIN SELECT RAISE(ABORT, 'append-only: result'); END;
CREATE TRIGGER finding_no_update BEFORE UPDATE ON finding BEGIN SELECT RAISE(ABORT, 'append-only: finding'); END;
CREATE TRIGGER finding_no_delete BEFORE DELETE ON finding BEGIN SELECT RAISE(ABORT, 'append-only: finding'); END;
CREATE TRIGGER note_no_update BEFORE UPDATE ON note BEGIN SELECT RAISE(ABORT, 'append-only: note'); END;
CREATE TRIGGER note_no_delete BEFORE DELETE ON note BEGIN SELECT RAISE(ABORT, 'append-only: note'); END;
CREATE TRIGGER assessment_no_update BEFORE UPDATE ON assessment BEGIN SELECT RAISE(ABORT, 'append-only: assessment'); END;
CREATE TRIGGER assessment_no_delete BEFORE DELETE ON assessment BEGIN SELECT RAISE(ABORT, 'append-only: assessment'); END;
CREATE TRIGGER report_no_update BEFORE UPDATE ON report BEGIN SELECT RAISE(ABORT, 'append-only: report'); END;
CREATE TRIGGER report_no_delete BEFORE DELETE ON report BEGIN SELECT RAISE(ABORT, 'append-only: report'); END;
CREATE TRIGGER sign_off_no_update BEFORE UPDATE ON sign_off BEGIN SELECT RAISE(ABORT, 'append-only: sign_off'); END;
CREATE TRIGGER sign_off_no_delete BEFORE DELETE ON sign_off BEGIN SELECT RAISE(ABORT, 'append-only: sign_off'); END;

-- per bundle: append-only from the moment the bundle is kept
CREATE TRIGGER file_no_update BEFORE UPDATE ON file BEGIN SELECT RAISE(ABORT, 'append-only: file'); END;
CREATE TRIGGER file_no_delete BEFORE DELETE ON file WHEN EXISTS (SELECT 1 FROM bundle WHERE bundle = OLD.bundle)
BEGIN SELECT RAISE(ABORT, 'append-only: file'); END;
CREATE TRIGGER member_no_update BEFORE UPDATE ON member BEGIN SELECT RAISE(ABORT, 'append-only: member'); END;
CREATE TRIGGER member_no_delete BEFORE DELETE ON member WHEN EXISTS (SELECT 1 FROM bundle WHERE bundle = OLD.bundle)
BEGIN SELECT RAISE(ABORT, 'append-only: member'); END;
CREATE TRIGGER record_no_update BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'append-only: record'); END;
CREATE TRIGGER record_no_delete BEFORE DELETE ON record WHEN EXISTS (SELECT 1 FROM bundle WHERE bundle = OLD.bundle)
BEGIN SELECT RAISE(ABORT, 'append-only: record'); END;
CREATE TRIGGER fault_no_update BEFORE UPDATE ON fault BEGIN SELECT RAISE(ABORT, 'append-only: fault'); END;
CREATE TRIGGER fault_no_delete BEFORE DELETE ON fault WHEN EXISTS (SELECT 1 FROM bundle WHERE bundle = OLD.bundle)
BEGIN SELECT RAISE(ABORT, 'append-only: fault'); END;
CREATE TRIGGER file_closed BEFORE INSERT ON file WHEN EXISTS (SELECT 1 FROM bundle WHERE bundle = NEW.bundle)
BEGIN SELECT RAISE(ABORT, 'append-only: file'); END;
CREATE TRIGGER member_closed BEFORE INSERT ON member WHEN EXISTS (SELECT 1 FROM bundle WHERE bundle = NEW.bundle)
BEGIN SELECT RAISE(ABORT, 'append-only: member'); END;
CREATE TRIGGER record_closed BEFORE INSERT ON record WHEN EXISTS (SELECT 1 FROM bundle WHERE bundle = NEW.bundle)
BEGIN SELECT RAISE(ABORT, 'append-only: record'); END;
CREATE TRIGGER fault_closed BEFORE INSERT ON fault
WHEN EXISTS (SELECT 1 FROM verification WHERE bundle = NEW.bundle AND seq = NEW.verification)
BEGIN SELECT RAISE(ABORT, 'append-only: fault'); END;

-- content: never changed; destroyed while staging or after an approved disposal
CREATE TRIGGER chunk_no_update BEFORE UPDATE ON chunk BEGIN SELECT RAISE(ABORT, 'append-only: chunk'); END;
CREATE TRIGGER chunk_no_delete BEFORE DELETE ON chunk WHEN EXISTS (SELECT 1 FROM bundle WHERE bundle = OLD.bundle)
  AND NOT EXISTS (SELECT 1 FROM disposal WHERE bundle = OLD.bundle)
BEGIN SELECT RAISE(ABORT, 'append-only: chunk'); END;
CREATE TRIGGER chunk_closed BEFORE INSERT ON chunk WHEN EXISTS (SELECT 1 FROM bundle WHERE bundle = NEW.bundle)
BEGIN SELECT RAISE(ABORT, 'append-only: chunk'); END;
CREATE TRIGGER record_content_no_update BEFORE UPDATE ON record_content BEGIN SELECT RAISE(ABORT, 'append-only: record_content'); END;
CREATE TRIGGER record_content_no_delete BEFORE DELETE ON record_content WHEN EXISTS (SELECT 1 FROM bundle WHERE bundle = OLD.bundle)
  AND NOT EXISTS (SELECT 1 FROM disposal WHERE bundle = OLD.bundle)
BEGIN SELECT RAISE(ABORT, 'append-only: record_content'); END;
CREATE TRIGGER record_content_closed BEFORE INSERT ON record_content WHEN EXISTS (SELECT 1 FROM bundle WHERE bundle = NEW.bundle)
BEGIN SELECT RAISE(ABORT, 'append-only: record_content'); END;
CREATE TRIGGER record_bytes_no_update BEFORE UPDATE ON record_bytes BEGIN SELECT RAISE(ABORT, 'append-only: record_bytes'); END;
CREATE TRIGGER record_bytes_no_delete BEFORE DELETE ON record_bytes WHEN EXISTS (SELECT 1 FROM bundle WHERE bundle = OLD.bundle)
  AND NOT EXISTS (SELECT 1 FROM disposal WHERE bundle = OLD.bundle)
BEGIN SELECT RAISE(ABORT, 'append-only: record_bytes'); END;
CREATE TRIGGER record_bytes_closed BEFORE INSERT ON record_bytes WHEN EXISTS (SELECT 1 FROM bundle WHERE bundle = NEW.bundle)
BEGIN SELECT RAISE(ABORT, 'append-only: record_bytes'); END;
CREATE TRIGGER observation_no_update BEFORE UPDATE ON observation BEGIN SELECT RAISE(ABORT, 'append-only: observation'); END;
CREATE TRIGGER observation_no_delete BEFORE DELETE ON observation WHEN EXISTS (SELECT 1 FROM bundle WHERE bundle = OLD.bundle)
  AND NOT EXISTS (SELECT 1 FROM disposal WHERE bundle = OLD.bundle)
BEGIN SELECT RAISE(ABORT, 'append-only: observation'); END;
CREATE TRIGGER observation_closed BEFORE INSERT ON observation WHEN EXISTS (SELECT 1 FROM bundle WHERE bundle = NEW.bundle)
BEGIN SELECT RAISE(ABORT, 'append-only: observation'); END;
CREATE TRIGGER facet_no_update BEFORE UPDATE ON facet BEGIN SELECT RAISE(ABORT, 'append-only: facet'); END;
CREATE TRIGGER facet_no_delete BEFORE DELETE ON facet WHEN EXISTS (SELECT 1 FROM bundle WHERE bundle = OLD.bundle)
  AND NOT EXISTS (SELECT 1 FROM disposal WHERE bundle = OLD.bundle)
BEGIN SELECT RAISE(ABORT, 'append-only: facet'); END;
CREATE TRIGGER facet_closed BEFORE INSERT ON facet WHEN EXISTS (SELECT 1 FROM bundle WHERE bundle = NEW.bundle)
BEGIN SELECT RAISE(ABORT, 'append-only: facet'); END;
CREATE TRIGGER pseudonym_key_no_update BEFORE UPDATE ON pseudonym_key BEGIN SELECT RAISE(ABORT, 'append-only: pseudonym_key'); END;

-- versions: 1, 2, 3 ... without gaps; a version supersedes the one before
CREATE TRIGGER reviewer_version BEFORE INSERT ON reviewer
WHEN NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM reviewer WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'superseded: reviewer'); END;
CREATE TRIGGER engagement_version BEFORE INSERT ON engagement
WHEN NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM engagement WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'superseded: engagement'); END;
CREATE TRIGGER pinned_key_version BEFORE INSERT ON pinned_key
WHEN NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM pinned_key WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'superseded: pinned_key'); END;
CREATE TRIGGER expected_profile_version BEFORE INSERT ON expected_profile
WHEN NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM expected_profile WHERE source = NEW.source)
BEGIN SELECT RAISE(ABORT, 'superseded: expected_profile'); END;
CREATE TRIGGER review_period_version BEFORE INSERT ON review_period
WHEN NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM review_period WHERE bundle = NEW.bundle)
BEGIN SELECT RAISE(ABORT, 'superseded: review_period'); END;
CREATE TRIGGER population_version BEFORE INSERT ON population
WHEN NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM population WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'superseded: population'); END;
CREATE TRIGGER plan_version BEFORE INSERT ON plan
WHEN NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM plan WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'superseded: plan'); END;
CREATE TRIGGER draw_version BEFORE INSERT ON draw
WHEN NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM draw WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'superseded: draw'); END;
CREATE TRIGGER finding_version BEFORE INSERT ON finding
WHEN NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM finding WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'superseded: finding'); END;
CREATE TRIGGER note_version BEFORE INSERT ON note
WHEN NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM note WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'superseded: note'); END;
CREATE TRIGGER report_version BEFORE INSERT ON report
WHEN NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM report WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'superseded: report'); END;
CREATE TRIGGER result_version BEFORE INSERT ON result
WHEN NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM result
                         WHERE draw = NEW.draw AND pick = NEW.pick AND attribute = NEW.attribute)
BEGIN SELECT RAISE(ABORT, 'superseded: result'); END;
CREATE TRIGGER assessment_version BEFORE INSERT ON assessment
WHEN NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM assessment
                         WHERE engagement = NEW.engagement AND control = NEW.control)
BEGIN SELECT RAISE(ABORT, 'superseded: assessment'); END;
CREATE TRIGGER verification_seq BEFORE INSERT ON verification
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM verification WHERE bundle = NEW.bundle)
BEGIN SELECT RAISE(ABORT, 'superseded: verification'); END;
