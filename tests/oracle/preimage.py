"""What a hash or a signature is over, as a profile's parts say it, and what it reaches. The second file of the oracle."""

import dataclasses
import json

from spelling import ABSENT, CANON, Number, Unbuildable, at, decode, digest, number, put, respelled, spell, steps, text_of

# ---- The bytes -------------------------------------------------------------------------------------------------------


@dataclasses.dataclass
class Row:
    """One record as received. Without a record, `damage` says why: "unreadable" or "limit"."""

    place: int
    raw: bytes
    record: object = None
    damage: str = ""


class Unknown(Exception):
    """The record before could not be read, so what depends on it cannot be said. That is no fault of this record."""


def build(parts, row, before=None, before_enc="hex"):
    """The bytes of a list of parts. `before` is what the record before is linked by."""
    return b"".join(build_one(part, row, before, before_enc) for part in parts)


def build_one(part, row, before, before_enc):
    """One part: exactly one of lit, field, prev, digest, json and raw."""
    if "lit" in part:
        return part["lit"].encode()
    if "field" in part:
        data = build_field(part, row.record)
        return (len(data).to_bytes(4) if "len" in part else b"") + data
    if "prev" in part:
        if before is None:
            raise Unknown
        data = before.encode() if part["prev"] == "text" else decode(before, before_enc)
        if data is None:
            raise Unbuildable("the link before is no digest")
        return data
    if "digest" in part:
        made = digest(part.get("alg", "sha256"), build(part["digest"], row, before, before_enc))
        return made.hex().encode() if part.get("out") == "text" else made
    if "json" in part:
        return build_json(part["json"], row.record).encode()
    if part["raw"] == "line":
        return row.raw
    raise Unbuildable("signed tokens are not known here")


def build_field(part, record):
    value, style = at(record, part["field"]), part.get("as", "token")
    if value is ABSENT or value is None:
        if "default" in part:
            return part["default"].encode()
        raise Unbuildable(f"{part['field']} is absent")
    text = text_of(value)
    if text is None or (style in ("pyrepr", "es6") and not isinstance(value, Number)):
        raise Unbuildable(f"{part['field']} is of another kind")
    if style in ("hex-bytes", "b64-bytes"):
        data = decode(text.rpartition(":")[2], style.split("-")[0])  # after an optional `alg:`
        if data is None:
            raise Unbuildable(f"{part['field']} cannot be decoded")
        return data
    if style in ("iso-ms", "py-isoformat"):
        return respelled(text, style).encode()
    return (text if style == "token" else number(value, style)).encode()


def build_json(rule, record):
    """JSON, chosen from the record, edited in the order of these lines and spelled anew."""
    value = at(record, rule.get("of", ""))
    if value is ABSENT:
        raise Unbuildable(f"{rule['of']} is absent")
    if "include" in rule:
        value = included(value, rule["include"], rule.get("default", {}))
    for pointer in rule.get("exclude", []):
        value = put(value, steps(pointer), ABSENT)
    dropped = rule.get("drop_null", [])
    if dropped == "all":
        value, dropped = without_nulls(value), []
    for pointer in dropped:
        value = put(value, steps(pointer), ABSENT) if at(value, pointer) is None else value
    for pointer, stand_in in rule.get("default", {}).items():
        value = put(value, steps(pointer), json.loads(stand_in)) if at(value, pointer) is ABSENT else value
    for pointer, fixed in rule.get("set", {}).items():
        value = put(value, steps(pointer), json.loads(fixed))
    for pointer, style in rule.get("reformat", {}).items():
        if isinstance(text := at(value, pointer), str):
            value = put(value, steps(pointer), respelled(text, style))
    canon = rule["canon"]
    return spell(value, CANON[canon] if isinstance(canon, str) else canon)


def included(value, names, defaults):
    """The named members, in that order; `name?` only where it is there and not null."""
    if not isinstance(value, dict):
        raise Unbuildable("members are taken from what is no object")
    chosen = {}
    for name in names:
        plain = name.removesuffix("?")
        if plain in value and (value[plain] is not None or plain == name):
            chosen[plain] = value[plain]
        elif plain == name and "/" + name not in defaults:
            raise Unbuildable(f"{name} is absent")
    return chosen


def without_nulls(value):
    if isinstance(value, dict):
        return {name: without_nulls(inner) for name, inner in value.items() if inner is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


# ---- What they reach -------------------------------------------------------------------------------------------------


def within(pointer, branch):
    return pointer == branch or pointer.startswith(branch + "/")


LINK = "the record before"  # asked like a pointer: do the bytes change when another record stands before?


def reaches(profile, parts, pointer, behind=()):
    """Whether the bytes of these parts change when what stands at the pointer changes, directly or behind a digest."""
    return any(reaches_one(profile, part, pointer, behind) for part in parts)


def reaches_one(profile, part, pointer, behind):
    if pointer is LINK:
        pointer = profile.get("link", {}).get("field", LINK)
    if "prev" in part or "digest" in part:
        return pointer is LINK if "prev" in part else reaches(profile, part["digest"], pointer, behind)
    if "raw" in part or covers(part, pointer):
        return True
    # a recorded digest that is covered covers in its turn what it was made of
    digests = [table for table in hash_tables(profile) if covers(part, table["field"]) and table["field"] not in behind]
    return any(reaches(profile, table["preimage"], pointer, (*behind, table["field"])) for table in digests)


def hash_tables(profile):
    """The digests that records carry: their own first, where the format has one, then those of their parts."""
    return [table for table in [profile.get("hash", {}), *profile.get("checks", [])] if "field" in table]


def covers(part, pointer):
    if "field" in part:
        return within(pointer, part["field"])
    rule = part.get("json")
    if rule is None or not within(pointer, rule.get("of", "")):
        return False
    rest = pointer[len(rule.get("of", "")) :]
    if "include" in rule and steps(rest)[:1] not in [[name.removesuffix("?")] for name in rule["include"]]:
        return False
    return not any(within(rest, out) for out in [*rule.get("exclude", []), *rule.get("set", {})])


def leaves(value, pointer=""):
    """The pointers of all scalars in a value."""
    if not isinstance(value, (dict, list)):
        return {pointer}
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    return set().union(*(leaves(item, f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}") for name, item in inner))


def target_parts(profile):
    """What that value is made of by which a next record names this one."""
    target = profile.get("link", {}).get("target")
    if isinstance(target, dict):
        return target["preimage"]["parts"] if "preimage" in target else [{"field": target["field"]}]
    return [{"field": table["field"]} for table in [profile.get("hash", {})] if target and "field" in table]


def fix(profile, part_lists, records, has_sequence):
    """Whether these bytes together fix everything that enters any hash or signature, and the order of the records."""
    reached = lambda pointer: any(reaches(profile, parts, pointer) for parts in part_lists)
    content = set().union(*(leaves(record) for record in records))
    if not all(reached(leaf) for leaf in content if enters(profile, leaf)):
        return False
    by_link = "link" in profile and reached(LINK)
    by_number = "seq" in profile and has_sequence and reached(profile["seq"]["field"])
    return by_link or by_number or not ("link" in profile or "seq" in profile)


def enters(profile, leaf):
    """Whether a value enters a hash, a link or a signature. Those themselves are what is compared; they need no cover."""
    signatures, tables = profile.get("signatures", []), hash_tables(profile)
    own = [table["field"] for table in [*tables, profile.get("link", {}), *signatures] if "field" in table]
    if any(within(leaf, field) for field in own):
        return False
    parts = [part for table in [*tables, *signatures] for part in table.get("preimage", table.get("message", []))]
    # what only describes a signature is reached by a next record's link alone, and on the last record by nothing
    if not any(within(leaf, spec["envelope"]) for spec in signatures if "envelope" in spec):
        parts += target_parts(profile)
    return any(reaches(profile, [part], leaf) for part in parts)
