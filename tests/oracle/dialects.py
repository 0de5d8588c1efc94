"""Records that carry a digest of their content in every canonical form that a profile can name, written by the oracle.

If Tickmark calls such a trail intact, both spell every form alike, byte for byte. Forms that no shipped profile uses are
reached by nothing else.
"""

import itertools
import json

import preimage
import spelling

HARD_TEXT = "\x00\x01\b\t\n\f\r\x1f \"\\/<>&+'`~\x7f\x80é\u00a0\u2028\u2029\ufeff\ufffdＡ😀𝄞 e\u0301 \u212b \ud7ff\ue000"
HARD_NAMES = ["", "a", "A", "é", "ü", "~", "/", "1", "10", "2", "\ue000", "😀", "\ufffd", "a\u0301b", "\x7f", "<"]
HARD_NUMBERS = (
    "0 -0 0.0 -0.0 1 -1 1.0 10 1.50 1e2 1E+2 1e-5 1e-6 1e-7 0.00001 0.000001 0.0000001 123456789012345680 1e15 1e16 1e17 1e20 "
    "1e21 1e22 1.2345678901234568e20 9007199254740993 9223372036854775807 -9223372036854775808 9223372036854775808 "
    "18446744073709551615 18446744073709551616 -9223372036854775809 5e-324 2.2250738585072014e-308 1.7976931348623157e308 "
    "0.1 0.30000000000000004 100.0 123.456 1795446137.916069 -1.5e-9 333333333.33333329 4.35 0.000123 12e3"
).split()
KNOBS = {
    "sort": ["utf16", "codepoint", "utf8", "none"],
    "sep": [[",", ":"], [", ", ": "]],
    "escape": ["utf8", "py-ascii", "go-html", "dotnet"],
    "num": ["token", "es6", "pyrepr", "orjson", "serde"],
    "nfc": [False, True],
}
HEAD = """id = "dialects"
version = "1"
title = "Every canonical form"
spec_url = "tests/oracle"
detect = { all = ["/content"] }
source = [{ kind = "jsonl" }]
"""


def forms():
    """The short names, and every position of the five knobs."""
    return [*spelling.CANON, *(dict(zip(KNOBS, knobs)) for knobs in itertools.product(*KNOBS.values()))]


def content():
    """A record's text: names, texts and numbers on which writers of JSON disagree."""
    names = ", ".join(f"{json.dumps(name)}: {place}" for place, name in enumerate(HARD_NAMES))
    texts = f'"text": {json.dumps(HARD_TEXT)}, "names": {{{names}}}'
    return f'{{{texts}, "numbers": [{", ".join(HARD_NUMBERS)}], "others": [{{}}, [], null, true, false]}}'


def trail_and_profile(some):
    """One record with a digest for each of some forms, and the profile that says so."""
    text = content()
    row = preimage.Row(1, b"", {"content": spelling.read_json(text.encode())})
    record, profile = [f'"content": {text}'], [HEAD]
    for place, canon in enumerate(some):
        made = spelling.digest("sha256", preimage.build([{"json": {"of": "/content", "canon": canon}}], row)).hex()
        record.append(f'"d{place}": "{made}"')
        knobs = ", ".join(f"{knob} = {json.dumps(value)}" for knob, value in canon.items()) if isinstance(canon, dict) else ""
        json_part = f'{{ of = "/content", canon = {f"{{ {knobs} }}" if knobs else json.dumps(canon)} }}'
        profile.append("[[checks]]" if place else "[hash]")
        profile.append(f'field = "/d{place}"\nalg = "sha256"\nenc = "hex"\npreimage = [{{ json = {json_part} }}]')
    return "{" + ", ".join(record) + "}\n", "\n".join(profile)
