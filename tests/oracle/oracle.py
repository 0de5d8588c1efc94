#!/usr/bin/env python3
"""A second verifier of audit trails, written apart from Tickmark, so that one can be held against the other.

It reads the same profiles (crates/verify/profiles/*.toml, described in docs/profiles.md) and judges one file of records:
JSON Lines, or a JSON document with an array of records. Four claims, each proven, not_proven or refuted:

    integrity      do the records agree with the hashes, links and signatures that accompany them?
    authenticity   is every record signed under a key that the reviewer pinned?
    completeness   is nothing missing between the trail's beginning and an end that somebody else fixed?
    time           does somebody else's clock vouch for it? (no file of records carries that: never proven here)

Four files, to be read in this order: spelling.py (JSON and its canonical forms), preimage.py (what is hashed and signed),
keys.py (keys and signatures), and this one (the trail and the claims). What it does not know, containers, manifests,
statements in other files and signed tokens, proves nothing here. Nothing is fetched, nothing from a bundle is run, and
every doubt is "not proven".
"""

import argparse
import collections
import dataclasses
import json
import pathlib
import re
import sys
import tomllib

import keys as keyring
from keys import Refused
from preimage import LINK, Row, Unbuildable, Unknown, build, fix, hash_tables, reaches, target_parts
from spelling import ABSENT, DEPTH, LINE, NotJson, Number, OverLimit, at, decode, digest, encode, read_json, text_of

PROFILES = pathlib.Path(__file__).resolve().parents[2] / "crates/verify/profiles"
EXIT = {"proven": 0, "refuted": 1, "not_proven": 3}  # as `tickmark verify`; 2: nothing could be judged


@dataclasses.dataclass
class Told:
    """What the reviewer knows by another way than the bundle."""

    heads: list = dataclasses.field(default_factory=list)
    count: int = None
    sha256: str = None
    earlier: tuple = None  # an earlier import of the same trail: its number of records and its last hash


@dataclasses.dataclass
class Chain:
    """What is remembered of one chain while its records pass."""

    heads: list = dataclasses.field(default_factory=list)  # by what a next record would name each; None: not known
    number: int = None  # the last number that could be trusted, and how many records since then have none
    unnumbered: int = 0
    starts: list = dataclasses.field(default_factory=list)  # whether link and number are those of a first record
    ended: bool = False
    is_bare: bool = False  # neither hash nor signature reaches the last record; the next one's link still may


@dataclasses.dataclass
class Claim:
    outcome: str
    why: str
    basis: str = None


# ---- Reading the file ------------------------------------------------------------------------------------------------


def read_rows(data, source):
    """The records of a file and the document around them; None where the file is of another kind."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if source.get("order", "file") != "file" or source["kind"] not in ("json", "jsonl"):
        return None  # signed tokens and records in another order are not known here
    if source["kind"] == "jsonl":
        lines = [line for line in data.split(b"\n") if line.strip(b" \t\r")]
        return [read_line(place, line.removesuffix(b"\r")) for place, line in enumerate(lines, 1)], ABSENT
    try:
        document = read_json(data, DEPTH + len(source["at"].split("/")))
    except (NotJson, OverLimit):
        return None
    records = at(document, source["at"])
    if not isinstance(records, list):
        return None
    return [row_of(place, b"", record) for place, record in enumerate(records, 1)], document


def read_line(place, line):
    try:
        if len(line) > LINE:
            raise OverLimit("a line too long")
        return row_of(place, line, read_json(line))
    except OverLimit:
        return Row(place, line, damage="limit")
    except NotJson:
        return Row(place, line, damage="unreadable")


def row_of(place, line, record):
    return Row(place, line, record) if isinstance(record, dict) else Row(place, line, damage="unreadable")


def recognise(data, profiles, pinned):
    """The one profile that describes the file, as (profile, source, rows, document). Never one of several, silently."""
    found, read = [], {}
    for profile in profiles:
        for source in profile["source"]:
            way = (source["kind"], source.get("at"), source.get("order"))
            read[way] = read[way] if way in read else read_rows(data, source)
            rows, document = read[way] or ([], ABSENT)
            if looks_like(profile["detect"], [row.record for row in rows[:20] if not row.damage]):
                found.append((profile, source, rows, document))
                break
    if len(found) > 1:  # of several those that reproduce a recorded hash or a signature
        tried = lambda profile, source, rows, document: Judge(profile, source, rows[:20], document, pinned, Told())
        found = [item for item in found if tried(*item).reproduced] or found
    if len(found) > 1:
        raise Refused("several profiles describe the bundle: " + ", ".join(item[0]["id"] for item in found))
    return found[0] if found else None


def is_hollow(item):
    """Whether the place for records is an array that holds none: a document without records, not a record."""
    source, _, document = item
    return source["kind"] == "json" and all(element is None for element in at(document, source["at"]))


def looks_like(detect, records):
    """A pointer of `none` must be in no record; those of `all` and `const` must meet in one."""
    absent = lambda record, pointer: at(record, pointer) is ABSENT
    texts = detect.get("const", {}).items()
    return all(absent(record, pointer) for record in records for pointer in detect.get("none", [])) and any(
        not any(absent(record, pointer) for pointer in detect.get("all", []))
        and all(text_of(at(record, pointer)) == text for pointer, text in texts)
        for record in records
    )


def genesis_value(word):
    """What a profile's word for a first value stands for: `absent`, `null`, or `=text`, in which `0*64` is 64 zeros."""
    if word in ("absent", "null"):
        return ABSENT if word == "absent" else None
    return re.sub(r"0\*([0-9]+)$", lambda match: "0" * int(match[1]), word[1:])


# ---- Holding the records against the profile -------------------------------------------------------------------------


class Judge:
    """Judges the records of a file one after the other. What departs from the profile is a fault of one claim."""

    def __init__(self, profile, source, rows, document, pinned, told):
        self.profile, self.rows, self.document, self.pinned, self.told = profile, rows, document, pinned, told
        self.link, self.seq, self.expect = profile.get("link"), profile.get("seq"), profile.get("expect", {})
        self.specs, self.partition = profile.get("signatures", []), source.get("partition")
        self.faults = {"integrity": [], "authenticity": [], "completeness": []}
        self.signed = [collections.Counter() for _ in self.specs]  # what became of each kind of signature
        self.signers = collections.defaultdict(set)  # the pinned keys that signed, by the place of the key beside the records
        self.chains, self.unread, self.restarts, self.reproduced = collections.defaultdict(Chain), 0, 0, 0
        self.is_open = False  # something could not be checked, which nobody is to blame for
        self.is_damaged = False  # content, hash or link of a record is not as it was, or nobody knows
        self.is_altered = False  # a hash beside its content shows that one of them was changed
        self.has_gap = False
        for row in rows:
            self.judge_row(row)
        self.hold_statements()

    def fault(self, claim, row, what):
        self.faults[claim].append(f"record {row.place}: {what}" if row else what)

    def damage(self, row, what):
        self.is_damaged = True
        self.fault("integrity", row, what)

    def judge_row(self, row):
        if row.damage:
            return self.pass_unread(row)
        chain = self.chains[text_of(at(row.record, self.partition)) if self.partition else None]
        for pointer, text in self.profile.get("fixed", {}).items():
            if text_of(at(row.record, pointer)) != text:
                self.damage(row, f"{pointer} is not {text}, so it is no record of this format")
                self.is_altered = True
        self.judge_link(row, chain)
        is_hashed, is_trusted = self.judge_hashes(row, chain)
        is_signed = self.judge_signatures(row, chain)
        if self.seq:
            self.judge_number(row, chain, is_trusted)
        if chain.ended:
            self.fault("completeness", row, "it stands after the record that closes the trail")
        terminal = self.expect.get("terminal")
        chain.ended = chain.ended or bool(terminal and text_of(at(row.record, terminal["field"])) == terminal["is"])
        chain.is_bare = not (is_hashed or is_signed)
        chain.heads.append(self.head(row))

    def pass_unread(self, row):
        """What cannot be read in one way only refutes integrity; what is too large was not judged. Nobody knows its chain."""
        self.unread += 1
        if row.damage == "limit":
            self.is_open = self.is_damaged = True
        else:
            self.damage(row, "it cannot be read, or not in one way only")
        for chain in self.chains.values():
            chain.heads.append(None)
            chain.number = None

    # -- links and hashes --

    def head(self, row):
        """By what a next record names this one. Where nothing is linked: the SHA-256 of its bytes, as received."""
        if not self.link:
            return digest("sha256", row.raw).hex() if row.raw else None
        target = self.link["target"]
        if "preimage" not in target:
            return text_of(at(row.record, self.target_field()))
        try:
            return encode(digest(target["preimage"]["alg"], build(target["preimage"]["parts"], row)), self.head_enc())
        except Unbuildable:
            return None

    def target_field(self):
        """The field that holds what a next record names: the record's own hash, or another."""
        target = self.link["target"]
        return self.profile["hash"]["field"] if target == "hash" else target["field"]

    def head_enc(self):
        """How what a next record names is written."""
        if not self.link or "preimage" in self.link["target"]:
            return self.link["target"]["preimage"]["enc"] if self.link else "hex"
        tables = {table["field"]: table["enc"] for table in hash_tables(self.profile)}
        return tables.get(self.target_field(), "hex")

    def judge_link(self, row, chain):
        """A first record has a first value. Any other names the one before: after a fault the chain goes on from there."""
        if self.link and "field" in self.link:
            named = at(row.record, self.link["field"])
            named = named if named in (ABSENT, None) else text_of(named)
            first = [genesis_value(word) for word in self.link.get("genesis", [])]
            other = at(row.record, self.link["genesis_field"]) if "genesis_field" in self.link else ABSENT
            first += [text_of(other)] if text_of(other) is not None else []
            if not chain.heads:
                chain.starts.append(named in first and not self.unread)
            elif named in first and self.link.get("restarts"):
                self.restarts += 1
            elif chain.heads[-1] is None:
                self.is_open = True
            elif named not in self.spellings(chain.heads[-1]):
                self.damage(row, "it does not follow the record before it")
            else:
                chain.is_bare = False
        elif self.link and not chain.heads:
            chain.starts.append(True)  # its first value stands in no field; it enters the first record's hash
        self.is_open = self.is_open or chain.is_bare

    def spellings(self, head):
        data = decode(head, self.head_enc())
        return [head] + [encode(data, enc) for enc in self.link.get("also", []) if data is not None]

    def before(self, chain):
        """The text by which the record before is known; for a first record the first value's; None: not known."""
        if chain.heads or self.unread:
            return chain.heads[-1] if chain.heads else None
        texts = [genesis_value(word) for word in (self.link or {}).get("genesis", []) if word.startswith("=")]
        return texts[0] if texts else None

    def judge_hashes(self, row, chain):
        """Whether the record's own hash reaches its content, and whether none that it carries differs."""
        is_hashed, is_trusted = False, True
        for table in hash_tables(self.profile):
            recorded = at(row.record, table["field"])
            if recorded is ABSENT and table.get("optional"):
                continue
            try:
                data = build(table["preimage"], row, self.before(chain), self.head_enc())
                agrees = encode(digest(table["alg"], data), table["enc"]) == text_of(recorded)
            except Unbuildable:
                agrees = False
            except Unknown:
                self.is_open = True
                continue
            if agrees:
                self.reproduced += 1
                is_hashed = is_hashed or table is self.profile.get("hash")
            else:
                self.damage(row, f"{table['field']} is not the digest of what the record holds")
                self.is_altered, is_trusted = True, False
        return is_hashed, is_trusted

    def judge_number(self, row, chain, is_trusted):
        """Numbers go up by one step. A record whose content was changed counts, but its number is not believed."""
        found, step = at(row.record, self.seq["field"]), self.seq.get("step", 1)
        if found is ABSENT and self.seq.get("optional"):
            return
        if not is_trusted:
            chain.unnumbered += 1
            return
        if not isinstance(found, Number) or not re.fullmatch("-?[0-9]{1,30}", found):
            self.fault("completeness", row, "it has no number")
            return
        number = int(found)
        if not chain.heads:
            chain.starts.append(number == self.seq.get("start", 0))
        elif chain.number is not None and number != chain.number + step * (1 + chain.unnumbered):
            self.has_gap = True
            if self.seq.get("gaps") != "report":
                self.fault("completeness", row, f"it has the number {number} after {chain.number}")
        chain.number, chain.unnumbered = number, 0

    # -- signatures --

    def judge_signatures(self, row, chain):
        """Whether any signature fits the record, whoever made it."""
        used, fitting = [], False
        for spec, tally in zip(self.specs, self.signed):
            outcome = self.judge_signature(row, chain, spec, used)
            tally[outcome] += 1
            fitting = fitting or outcome in ("pinned", "carried", "wrong, and carried")
            if outcome in ("wrong", "wrong, and carried", "malformed", "missing"):
                self.fault("authenticity", row, f"its signature is {outcome}")
        self.reproduced += fitting
        return fitting

    def judge_signature(self, row, chain, spec, used):
        found = at(row.record, spec["field"])
        if found in (ABSENT, None, ""):
            needed = spec.get("required", "always")
            is_needed = needed == "always" or (needed != "never" and at(row.record, needed[3:]) not in (ABSENT, None))
            return "missing" if is_needed else "not asked for"
        encs = spec["enc"] if isinstance(spec["enc"], list) else [spec["enc"]]
        read = [decode(found, enc) for enc in encs] if isinstance(found, str) else []
        signature = next((data for data in read if data is not None), None)
        if signature is None:
            return "malformed"
        try:
            message = build(spec["message"], row, self.before(chain), self.head_enc())
        except Unbuildable as why:
            self.damage(row, f"it is no record of this format: {why}")  # what cannot be built cannot have been signed
            return "malformed"
        except Unknown:
            return "unpinned"
        algs = spec["alg"] if isinstance(spec["alg"], list) else [spec["alg"]]
        shape, low = spec.get("form", "p1363"), spec.get("low_s", False)
        fits = lambda key, alg: keyring.fits(key, alg, signature, message, shape, low)
        named, carried = self.carried_key(row, spec.get("key", {}))
        by_carried = carried is not None and any(fits(carried, alg) for alg in algs)
        candidates = self.candidates(row, spec.get("key", {}), algs)
        good = [keyring.raw(key.public) for key in candidates if fits(key.public, key.alg)]
        fresh = [key for key in good if not (spec.get("distinct") and key in used)]
        used.extend(good)
        if fresh:
            if named is not ABSENT and (carried is None or keyring.raw(carried) not in fresh):
                self.fault("integrity", row, "it carries another key than the one that signed it")
            self.signers[spec.get("key", {}).get("at")].update(fresh)
            return "pinned"
        if candidates:
            return "wrong, and carried" if by_carried else "wrong"
        if not by_carried and (carried is not None or named is not ABSENT):
            self.fault("integrity", row, "its signature does not fit the key that comes with it")
        return "carried" if by_carried else "unpinned"

    def candidates(self, row, where, algs):
        """The pinned keys that can have signed: of the profile's algorithm, and of no other name than the record says."""
        kid = text_of(at(row.record, where["kid"])) if "kid" in where else None
        thumbprint = text_of(at(row.record, where["digest"])) if "digest" in where else None
        keys = [key for key in self.pinned if key.alg in algs and (not key.kid or not kid or key.kid == kid)]
        return [key for key in keys if thumbprint is None or keyring.names(thumbprint, key.public)]

    def carried_key(self, row, where):
        """What the record names as its key (ABSENT: nothing), and the key that comes with it. It never shows who signed."""
        named = at(row.record, where["field"]) if "field" in where else ABSENT
        if where.get("enc") == "did-url" and not str(named).startswith("did:key:"):
            named = ABSENT  # a DID of another method names a key and is none
        text = at(self.document, where["at"]) if "at" in where and "file" not in where else named
        try:
            return named, keyring.read(text, where.get("enc", "hex")) if isinstance(text, str) else None
        except ValueError:
            return named, None

    # -- what was told, and what stands beside the records --

    def hold_keys(self):
        """A key in the document around the records is one of those that signed them."""
        for spec in self.specs:
            where = spec.get("key", {})
            beside = {name: where[name] for name in ("at", "enc") if name in where}
            key = self.carried_key(None, beside)[1] if "at" in where and "file" not in where else None
            if key is not None and self.signers[where["at"]] and keyring.raw(key) not in self.signers[where["at"]]:
                self.fault("integrity", None, "another key stands beside the records than the one that signed them")

    def hold_statements(self):
        self.hold_keys()
        for chain in self.chains.values():
            self.is_open = self.is_open or (chain.is_bare and not self.head_agrees())
        if not self.profile.get("hash", {}).get("field") and any(tally["pinned"] and tally["wrong"] for tally in self.signed):
            self.fault("integrity", None, "a key that fits other records does not fit one, and no hash stands beside it")
        wrong, total = lambda what: self.fault("completeness", None, what), len(self.rows)
        if self.told.count not in (None, total):
            wrong(f"{self.told.count} records were told, {total} are here")
        if self.head_agrees() is False:
            wrong("it does not end with the hash that was told")
        if self.told.earlier and not all(self.extends(chain) for chain in self.chains.values()):
            wrong("it is no extension of an earlier import")
        if self.states(self.expect.get("count")) not in (ABSENT, str(total)):
            wrong("the document states another number of records")
        if self.states(self.expect.get("head")) not in (ABSENT, *(self.last(chain) for chain in self.chains.values())):
            wrong("the document states another last hash")
        tree = self.profile.get("tree", {})
        if any(self.states(place) not in (ABSENT, self.root(tree)) for place in tree.get("root", [])):
            wrong("the tree over all records has another root than the document states")

    def states(self, place):
        """The text at a place in the document around the records; what stands in other files is not seen."""
        found = at(self.document, place["at"]) if place and "file" not in place else None
        return ABSENT if found in (ABSENT, None) else text_of(found)

    def last(self, chain):
        return next((head for head in reversed(chain.heads) if head is not None), None)

    def head_agrees(self):
        """Whether the told hashes are the last ones of all chains; None where there is no telling."""
        if not self.told.heads or self.restarts or any(row.damage == "limit" for row in self.rows):
            return None
        heads = [self.last(chain) for chain in self.chains.values()]
        spelled = [[head] if head is None or not self.link else self.spellings(head) for head in heads]
        if any(all(told not in texts for texts in spelled) for told in self.told.heads):
            return False
        return True if all(any(text in self.told.heads for text in texts) for texts in spelled) else None

    def extends(self, chain):
        count, head = self.told.earlier
        return len(chain.heads) >= count and chain.heads[count - 1] in (head, None)

    def root(self, tree):
        """The root of the tree over all records; None where a leaf cannot be made."""
        hashed = lambda prefix, data: digest(tree["alg"], bytes.fromhex(tree.get(prefix, "")) + data)
        try:
            level = [build(tree["leaf"], row) for row in self.rows if not row.damage]
        except Unbuildable:
            return None
        level = level if tree.get("hashed") else [hashed("leaf_prefix", leaf) for leaf in level]
        nothing = bytes(len(digest(tree["alg"], b"")))
        while tree["odd"] == "zero-pad" and len(level) & (len(level) - 1):
            level.append(nothing)
        while len(level) > 1:
            single = [level.pop()] if len(level) % 2 else []
            if single and tree["odd"] != "promote":
                level += [single[0], single.pop() if tree["odd"] == "duplicate" else nothing]
                single = []
            pairs = zip(level[::2], level[1::2])
            if tree.get("combine") == "hextext":
                pairs = ((left.hex().encode(), right.hex().encode()) for left, right in pairs)
            level = [hashed("node_prefix", left + right) for left, right in pairs] + single
        return encode(level[0], tree["enc"]) if level else None

    # -- the claims --

    def signed_parts(self):
        """What pinned keys sign on every single record."""
        every = len(self.rows)
        return [spec["message"] for spec, tally in zip(self.specs, self.signed) if every and tally["pinned"] == every]

    def told_parts(self):
        return [target_parts(self.profile)] if self.link and self.head_agrees() else []

    def fixes(self, part_lists):
        records = [row.record for row in self.rows if not row.damage]
        return bool(part_lists) and fix(self.profile, part_lists, records, not self.has_gap)

    def integrity(self):
        if self.faults["integrity"]:
            return Claim("refuted", self.faults["integrity"][0])
        if not self.rows or self.is_open:
            return Claim("not_proven", "a record is reached by no hash and no checked signature, or none is here")
        if self.fixes(self.signed_parts() + self.told_parts()):
            return Claim("proven", "pinned keys or a told hash reach every record, and their order", "anchored")
        return Claim("proven", "the file agrees with itself; whoever can write it can remake it", "self_consistent")

    def authenticity(self):
        if self.faults["authenticity"]:
            return Claim("refuted", self.faults["authenticity"][0])
        is_asked = lambda spec: spec.get("required") != "never"
        unchecked = any(is_asked(spec) and tally["unpinned"] + tally["carried"] for spec, tally in zip(self.specs, self.signed))
        if self.signed_parts() and not (unchecked or self.unread or self.is_altered):
            return Claim("proven", "every record is signed under a pinned key")
        return Claim("not_proven", "not every record is reached by a signature under a pinned key")

    def completeness(self):
        if self.faults["completeness"]:
            return Claim("refuted", self.faults["completeness"][0])
        if not self.rows or self.is_damaged or self.has_gap or self.restarts:
            return Claim("not_proven", "records are damaged or missing, or none is here")
        if not all(chain.starts and all(chain.starts) for chain in self.chains.values()):
            return Claim("not_proven", "nothing shows that the trail starts here")
        signed, told, terminal = self.signed_parts(), self.told_parts(), self.expect.get("terminal")
        if told and reaches(self.profile, told[0], LINK):
            return Claim("proven", "it starts at its beginning and ends with the hash that was told")
        if self.fixes(signed) and self.told.count is not None:
            return Claim("proven", "there are as many records as were told, and each is signed")
        closed = terminal and all(chain.ended for chain in self.chains.values())
        if closed and self.fixes(signed) and any(reaches(self.profile, parts, terminal["field"]) for parts in signed):
            return Claim("proven", "a signed last record closes it")
        return Claim("not_proven", "nothing fixes where the trail ends")


# ---- The verdict -----------------------------------------------------------------------------------------------------


def verify(data, profiles, pinned, told):
    """Judges the bytes of one file: under a profile that is named, or under the one of several that describes it."""
    if len(profiles) == 1:
        read = [(source, *rows) for source in profiles[0]["source"] if (rows := read_rows(data, source))]
        first = lambda rows: [row.record for row in rows[:20] if not row.damage]
        alike = [item for item in read if looks_like(profiles[0]["detect"], first(item[1]))]
        found = next(((profiles[0], *item) for item in [*alike, *filter(is_hollow, read), *read]), None)
    else:
        found = recognise(data, profiles, pinned)
    judge = Judge(*found, pinned, told) if found else None
    nothing = Claim("not_proven", "no profile describes the file")
    claims = {name: getattr(judge, name)() if judge else nothing for name in ("integrity", "authenticity", "completeness")}
    if told.sha256 not in (None, digest("sha256", data).hex()):
        claims["integrity"] = Claim("refuted", "it is another file than the one that was sent")
    if not judge and told.count:
        claims["completeness"] = Claim("refuted", f"{told.count} records were told, none is here")
    outcomes = [claim.outcome for claim in claims.values()]
    is_proven = outcomes == ["proven"] * 3 and claims["integrity"].basis == "anchored"
    return {
        "profile": judge and judge.profile["id"],
        "records": len(judge.rows) if judge else 0,
        "verdict": "refuted" if "refuted" in outcomes else "proven" if is_proven else "not_proven",
        "claims": {name: vars(claim) for name, claim in claims.items()}
        | {"time": vars(Claim("not_proven", "every time is the recorder's own word"))},
        "faults": [fault for faults in judge.faults.values() for fault in faults] if judge else [],
    }


def read_profiles(named):
    """The profile of a file, the shipped one of that id, or all that are shipped."""
    paths = sorted(PROFILES.glob("*.toml")) if named is None else [pathlib.Path(named), PROFILES / f"{named}.toml"]
    found = [tomllib.loads(path.read_text(encoding="utf-8")) for path in paths if path.is_file()]
    if not found:
        raise Refused(f"there is no profile {named}")
    return found if named is None else found[:1]


def tell(name, result):
    """One line a claim, for people."""
    mark = {"proven": "[+]", "refuted": "[x]", "not_proven": "[-]"}
    said = {word: word.replace("_", " ") for word in mark}
    lines = [f"{name}: {result['records']} records, profile {result['profile'] or 'none'}: {said[result['verdict']]}"]
    for claim, found in result["claims"].items():
        basis = f" ({found['basis'].replace('_', '-')})" if found["basis"] else ""
        lines.append(f"{mark[found['outcome']]} {claim:13} {said[found['outcome']]}{basis}: {found['why']}")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(
        description="Judges one file of records (JSON Lines, or a JSON document with an array) by a verification profile.",
        epilog="Exit codes: 0 proven, 1 a claim is refuted, 3 something is not proven, 2 nothing could be judged.",
    )
    option = parser.add_argument
    option("file", type=pathlib.Path, help="the file of records")
    option("--profile", metavar="ID|FILE", help="judge by this profile; without it the file is recognised")
    several = {"action": "append", "default": []}
    option("--trust", metavar="FILE", type=pathlib.Path, help="pinned keys: TOML with [[key]] tables", **several)
    option("--expect-head", metavar="TEXT", help="the last hash, told by another way; once a chain", **several)
    option("--expect-count", metavar="N", type=int, help="the number of records, told by another way")
    option("--expect-sha256", metavar="HEX", help="the file's SHA-256, told by its sender")
    option("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    told = Told(asked.expect_head, asked.expect_count, asked.expect_sha256)
    try:
        pinned = [key for path in asked.trust for key in keyring.read_trust(path)]
        result = verify(asked.file.read_bytes(), read_profiles(asked.profile), pinned, told)
    except (Refused, OSError, tomllib.TOMLDecodeError) as why:
        print(f"oracle: {why}", file=sys.stderr)
        sys.exit(2)
    print(json.dumps(result) if asked.json else tell(asked.file.name, result))
    sys.exit(EXIT[result["verdict"]])


if __name__ == "__main__":
    main()
