"""How things are spelled: JSON, its canonical forms, encodings of bytes, instants. The first file of the oracle.

A hash covers spelling and not meaning. So JSON is read in one way only here, keeps the text of its numbers and the order
of its members, and is written in each of the ways in which systems write what they hash.
"""

import base64
import datetime
import decimal
import hashlib
import json
import re
import unicodedata

# ---- JSON, read in one way only --------------------------------------------------------------------------------------
# Names are unique, a number stays the text that it is, text is well-formed Unicode. What two programs could read in two
# ways is no record. Past the limits (the product's) a record is not judged, which is no accusation.

DEPTH, FIELDS, LINE = 64, 100_000, 16 * 1024 * 1024
ABSENT = object()  # a pointer that leads nowhere; null is something else


class NotJson(Exception):
    """It cannot be read, or not in one way only."""


class OverLimit(Exception):
    """It is larger than what is judged."""


class Number(str):
    """A JSON number as it stands in the file."""


def members(pairs):
    if len(dict(pairs)) < len(pairs):
        raise NotJson("a name stands twice")
    return dict(pairs)


def no_number(word):
    raise NotJson(f"{word} is no JSON")


JSON = json.JSONDecoder(object_pairs_hook=members, parse_int=Number, parse_float=Number, parse_constant=no_number)


def read_json(data, depth=DEPTH):
    try:
        value = JSON.decode(data.decode("utf-8"))
    except RecursionError:
        raise OverLimit("nested too deeply") from None
    except ValueError as error:
        raise NotJson(str(error)) from None
    if isinstance(value, (dict, list)) and count(value, depth) > FIELDS:
        raise OverLimit("too many fields")
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise NotJson("half a surrogate pair") from None
    return value


def count(value, depth):
    """The number of fields; what is nested too deeply is refused."""
    if depth == 0:
        raise OverLimit("nested too deeply")
    inner = value.values() if isinstance(value, dict) else value
    return len(value) + sum(count(item, depth - 1) for item in inner if isinstance(item, (dict, list)))


def steps(pointer):
    """The names in a JSON Pointer (RFC 6901)."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def at(value, pointer):
    """What stands at a pointer, or ABSENT."""
    for step in steps(pointer):
        if isinstance(value, dict):
            value = value.get(step, ABSENT)
        elif isinstance(value, list) and re.fullmatch("0|[1-9][0-9]{0,8}", step) and int(step) < len(value):
            value = value[int(step)]
        else:
            return ABSENT
    return value


def put(value, names, new):
    """A copy with something else at a place; ABSENT takes it away. Where its object is not, nothing changes."""
    if not isinstance(value, dict) or (len(names) > 1 and names[0] not in value):
        return value
    inner = put(value[names[0]], names[1:], new) if names[1:] else new
    if inner is ABSENT:
        return {name: kept for name, kept in value.items() if name != names[0]}
    return {**value, names[0]: inner}


def text_of(value):
    """A scalar's text: without quotes, a number as in the file. Null, lists and objects have none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str) else None


# ---- Canonical forms -------------------------------------------------------------------------------------------------
# "Canonical JSON" means different bytes in different systems. A profile names one of these or turns the knobs itself.


class Unbuildable(Exception):
    """The record lacks something that enters its hash or signature, or has it in an impossible form."""


def knobs(sort, comma, colon, escape, num):
    return {"sort": sort, "sep": [comma, colon], "escape": escape, "num": num, "nfc": False}


CANON = {
    "jcs": knobs("utf16", ",", ":", "utf8", "es6"),  # RFC 8785
    "scu": knobs("codepoint", ",", ":", "utf8", "token"),  # Python: sorted, compact, UTF-8
    "sca": knobs("codepoint", ",", ":", "py-ascii", "token"),  # Python: sorted, compact, ASCII
    "ssa": knobs("codepoint", ", ", ": ", "py-ascii", "token"),  # Python: sort_keys=True
    "ocu": knobs("none", ",", ":", "utf8", "token"),  # the record's own order
    "oj": knobs("none", ",", ":", "utf8", "token"),  # JSON.stringify
    "orjson": knobs("codepoint", ",", ":", "utf8", "orjson"),
}
ORDER = {"utf16": lambda name: name.encode("utf-16-be"), "codepoint": None, "utf8": lambda name: name.encode()}
SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
ESCAPED = {  # the characters that are not written as they are
    "utf8": re.compile(r'["\\\x00-\x1f]'),
    "py-ascii": re.compile(r'["\\]|[^ -~]'),
    "go-html": re.compile(r'["\\\x00-\x1f<>&\u2028\u2029]'),
    "dotnet": re.compile(r'["\\<>&+\'`]|[^ -~]'),
}


def spell(value, canon):
    """A value in a canonical form."""
    comma, colon = canon["sep"]
    if isinstance(value, dict):
        value = normalized(value) if canon.get("nfc") else value
        names = list(value) if canon["sort"] == "none" else sorted(value, key=ORDER[canon["sort"]])
        return "{" + comma.join(quote(name, canon) + colon + spell(value[name], canon) for name in names) + "}"
    if isinstance(value, list):
        return "[" + comma.join(spell(item, canon) for item in value) + "]"
    if isinstance(value, Number):
        return number(value, canon["num"])
    if isinstance(value, str):
        return quote(value, canon)
    return "null" if value is None else text_of(value)


def normalized(members):
    """Unicode normalisation comes before the order of names, and must not make two names one."""
    made = {unicodedata.normalize("NFC", name): value for name, value in members.items()}
    if len(made) < len(members):
        raise Unbuildable("two names are one after normalisation")
    return made


def quote(text, canon):
    style = canon["escape"]

    def escape(match):
        if match[0] in SHORT and (style, match[0]) != ("dotnet", '"'):
            return SHORT[match[0]]
        units = match[0].encode("utf-16-be").hex()  # four digits a unit: two units beyond U+FFFF
        return "".join("\\u" + (unit.upper() if style == "dotnet" else unit) for unit in re.findall("....", units))

    if canon.get("nfc"):
        text = unicodedata.normalize("NFC", text)
    return '"' + ESCAPED[style].sub(escape, text) + '"'


def number(token, style):
    """A number as a language writes it. Only `token` keeps what stands in the file."""
    if style == "token":
        return str(token)
    if re.fullmatch("-?[0-9]+", token) and style != "es6":  # an integer, which JavaScript does not know
        is_small = len(token) <= 20 and -(2**63) <= int(token) < 2**64
        if style == "pyrepr" or (is_small and (style, token) != ("serde", "-0")):
            return "0" if token == "-0" else str(token)
    double = float(token)
    if double in (float("inf"), float("-inf")):
        raise Unbuildable("a number beyond a double")
    if style == "pyrepr":
        return repr(double)
    sign = "-" if repr(double).startswith("-") else ""
    if double == 0:
        return "0" if style == "es6" else sign + "0.0"
    # the shortest digits that give this double back, and where their decimal point stands
    _, digits, exponent = decimal.Decimal(repr(abs(double))).normalize().as_tuple()
    digits, point = "".join(map(str, digits)), len(digits) + exponent
    plus = "" if style == "serde" else "+"
    longest, smallest, whole = (21, -6, "") if style == "es6" else (16, -5, ".0")
    if len(digits) <= point <= longest:
        return sign + digits + "0" * (point - len(digits)) + whole
    if 0 < point <= longest:
        return sign + digits[:point] + "." + digits[point:]
    if smallest < point <= 0:
        return sign + "0." + "0" * -point + digits
    fraction = "." + digits[1:] if digits[1:] else ""
    return f"{sign}{digits[0]}{fraction}e{plus if point > 0 else '-'}{abs(point - 1)}"


# ---- Encodings, digests, instants ------------------------------------------------------------------------------------

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def digest(alg, data):
    return hashlib.new(alg.replace("-", "_"), data).digest()  # sha256, sha512, sha3-256 …; blake3 is not in the library


def encode(data, enc):
    """Bytes in an encoding such as `hex` or `sha256:+hex`: a fixed text, then one of four alphabets."""
    prefix, _, alphabet = enc.rpartition("+")
    if alphabet == "hex":
        return prefix + data.hex()
    if alphabet == "b58":
        value, out = int.from_bytes(data), ""
        while value:
            value, rest = divmod(value, 58)
            out = BASE58[rest] + out
        return prefix + "1" * (len(data) - len(data.lstrip(b"\0"))) + out
    text = base64.b64encode(data).decode()
    return prefix + (text if alphabet == "b64" else text.translate(str.maketrans("+/", "-_", "=")))


def decode(text, enc):
    """The bytes, or None. Strict: of all texts only the one that `encode` writes is read."""
    prefix, _, alphabet = enc.rpartition("+")
    body = text[len(prefix) :]
    try:
        if alphabet == "hex":
            data = bytes.fromhex(body)
        elif alphabet == "b58":
            value = sum(BASE58.index(character) * 58**place for place, character in enumerate(reversed(body[:256])))
            data = bytes(len(body) - len(body.lstrip("1"))) + value.to_bytes((value.bit_length() + 7) // 8)
        else:
            data = base64.b64decode(body.translate(str.maketrans("-_", "+/")) + "=" * (-len(body) % 4))
    except ValueError:
        return None
    return data if encode(data, enc) == text else None


def instant(text):
    """RFC 3339 with an offset, as the second in its zone and the digits of its fraction; None if it is no instant."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)", text, re.ASCII)
    try:
        return match and (datetime.datetime.fromisoformat(f"{match[1]}T{match[2]}{match[4].upper()}"), match[3] or "")
    except ValueError:
        return None


def respelled(text, style):
    """An instant as Python's `isoformat` or JavaScript's `toISOString` writes it; finer digits than they have do not fit."""
    found, places = instant(text), 6 if style == "py-isoformat" else 3
    if not found or found[1][places:].strip("0"):
        raise Unbuildable("no instant")
    fraction = (found[1] + "000000")[:places]
    if style == "iso-ms":
        return f"{found[0].astimezone(datetime.timezone.utc):%Y-%m-%dT%H:%M:%S}.{fraction}Z"
    return found[0].replace(microsecond=int(fraction)).isoformat()
