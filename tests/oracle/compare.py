"""Holds the oracle, Tickmark and the statements of the corpus against each other.

    compare.py CORPUS TICKMARK

First the comparison shows that it can fail. Then Tickmark must find whole what the oracle wrote in every canonical form,
and trails edited at random must come to the same under both. At last every line-shaped case of the corpus: the oracle's
four claims, verdict and exit code must be those that the case states, and those that `tickmark verify --json` tells. A case
is line-shaped if its bundle is one file and that file is no container: its name ends in .jsonl or .json.
"""

import base64
import collections
import concurrent.futures
import dataclasses
import json
import pathlib
import random
import subprocess
import sys
import tomllib
from unittest import mock

import dialects
import edits
import keys
import oracle
import spelling

FLOOR = 900  # fewer line-shaped cases than this mean that the corpus was not laid out, or the rule above broke
TRIALS, SEED = 400, 20261128
CLAIMS = ("integrity", "authenticity", "completeness", "time")
REFUSED = {"exit": 2}


@dataclasses.dataclass
class Case:
    """One folder of the corpus."""

    name: str
    path: pathlib.Path
    trust: pathlib.Path
    profile: str  # id of a shipped one, or the path of another; None: to be recognised
    told: oracle.Told
    expect: dict = None  # what it must come to, where that is stated


def read_case(folder):
    """The case; without a path where it is not line-shaped."""
    facts = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    bundle = facts["bundle"]
    is_line_shaped = len(bundle) == 1 and bundle[0].endswith((".jsonl", ".json"))
    earlier = facts["earlier_import"].split() if "earlier_import" in facts else None  # "8 records, head f52b…"
    told = oracle.Told(facts.get("told_heads", []), facts.get("told_count"), facts.get("told_sha256"))
    told.earlier = (int(earlier[0]), earlier[3]) if earlier else None
    names = ("exit", "verdict", *CLAIMS, "basis")
    profile = facts.get("profile")
    if "profile_toml" in facts:
        profile = str(folder / "profile.toml")
        pathlib.Path(profile).write_text(facts["profile_toml"], encoding="utf-8")
    return Case(
        folder.name,
        folder / "bundle" / bundle[0] if is_line_shaped else None,
        folder / "trust.toml" if "trust" in facts else None,
        profile,
        told,
        {name: facts["expect"].get(name) for name in names if name in facts["expect"]},
    )


# ---- What each of them says ------------------------------------------------------------------------------------------


def plain(result, exit_code):
    """A judgement in the words of a case's `[expect]`."""
    if "claims" not in result:
        return {"exit": exit_code}
    said = {"exit": exit_code, "verdict": result["verdict"]}
    said |= {claim: result["claims"][claim]["outcome"] for claim in CLAIMS}
    basis = result["claims"]["integrity"].get("basis")
    return said | ({"basis": basis} if basis else {})


def oracle_says(case, profiles, data=None):
    is_own = case.profile is not None and case.profile.endswith(".toml")
    own = oracle.read_profiles(case.profile) if is_own else profiles
    chosen = own if is_own else [profile for profile in profiles if case.profile in (None, profile["id"])]
    try:
        pinned = keys.read_trust(case.trust) if case.trust else []
        result = oracle.verify(data or case.path.read_bytes(), chosen, pinned, case.told)
    except keys.Refused:
        return REFUSED
    return plain(result, oracle.EXIT[result["verdict"]])


def tickmark_says(tickmark, case):
    """None where the command line cannot be asked: only a vault knows of earlier imports."""
    if case.told.earlier:
        return None
    call = [tickmark, "verify", str(case.path), "--json"]
    call += ["--trust", str(case.trust)] if case.trust else []
    call += ["--profile", case.profile] if case.profile else []
    call += [word for head in case.told.heads for word in ("--expect-head", head)]
    call += ["--expect-count", str(case.told.count)] if case.told.count is not None else []
    call += ["--expect-sha256", case.told.sha256] if case.told.sha256 else []
    done = subprocess.run(call, capture_output=True, text=True, timeout=120)
    try:
        return plain(json.loads(done.stdout), done.returncode)
    except ValueError:
        raise SystemExit(f"no JSON from {' '.join(call)} (exit {done.returncode}):\n{done.stderr}") from None


def difference(said, others):
    """What differs between the oracle and the others, in one line; None where all agree."""
    told = [f"{who} says {other}" for who, other in others.items() if other is not None and other != said]
    return "; ".join([f"the oracle says {said}", *told]) if told else None


# ---- The comparison can fail -----------------------------------------------------------------------------------------


def lenient(text, enc):
    """Base64 as most programs read it."""
    if not enc.endswith(("b64", "b64url")):
        return spelling.decode(text, enc)
    body = text.rpartition(":")[2].replace("+", "-").replace("/", "_").rstrip("=")
    return base64.urlsafe_b64decode(body + "==")


def by_carried_key(judge, row, where, algs):
    key = judge.carried_key(row, where)[1]
    return [keys.Key(algs[0], key)] if key else []


LAST_NAME_COUNTS = json.JSONDecoder(parse_int=spelling.Number, parse_float=spelling.Number)

def has_periods(case):
    """Whether a pinned key is valid for a time only, which the oracle refuses to judge."""
    return case.trust and "valid_" in case.trust.read_text(encoding="utf-8")


PACKED = "jws--"  # its records lie in signed tokens, which the oracle does not open: they are no lines of JSON

# an oracle that forgets one rule, and the lies by which that must come out
FORGETFUL = [
    ("a name may stand twice", "duplicate-member", spelling, "JSON", LAST_NAME_COUNTS),
    ("base64 is read leniently", "signature-lenient-bits", oracle, "decode", lenient),
    ("hashes are not compared", "edit", oracle.Judge, "judge_hashes", lambda *_: (True, True)),
    ("links are not compared", "drop-middle", oracle.Judge, "judge_link", lambda *_: None),
    ("a key from the bundle counts", "forge-without-pin", oracle.Judge, "candidates", by_carried_key),
    ("any 32 bytes are a key", "weak-key-no-point", keys, "is_of_group", lambda _: True),
    ("a told hash is not compared", "drop-tail-head-told", oracle.Judge, "head_agrees", lambda _: None),
    ("any integrity is anchored", "forge-without-pin", oracle.Judge, "fixes", lambda *_: True),
]


def prove_that_it_fails(cases, profiles):
    """Each forgetful oracle differs from the statements, and so does an edited bundle from those of the whole one."""
    undetected = []
    for what, lie, where, name, instead in FORGETFUL:
        with mock.patch.object(where, name, instead):
            keys.load.cache_clear()  # what it took for a key before or now must not be remembered
            told = [case for case in cases if case.name.endswith("--" + lie)]
            if not any(difference(oracle_says(case, profiles), {"the case": case.expect}) for case in told):
                undetected.append(what)
    keys.load.cache_clear()
    by_name = {case.name: case for case in cases}
    edited = lambda whole: by_name.get(whole.name.replace("--whole", "--edit"))
    wholes = [case for case in cases if case.name.endswith("--whole") and edited(case)]
    for whole in wholes:
        data = edited(whole).path.read_bytes()
        if not difference(oracle_says(whole, profiles, data), {"the case": whole.expect}):
            undetected.append(f"{whole.name} with an edited record")
    for what in undetected:
        print(f"  UNNOTICED {what}")
    print(f"  the comparison can fail: {len(FORGETFUL)} forgotten rules and {len(wholes)} edits, {len(undetected)} unnoticed")
    return not undetected and wholes


# ---- The comparison --------------------------------------------------------------------------------------------------


def compare(cases, profiles, tickmark, pool):
    """How many cases differ, and how often the oracle came to which verdict."""
    differing, verdicts = 0, collections.Counter()
    asked = pool.map(lambda case: tickmark_says(tickmark, case), cases)
    for case, product in zip(cases, asked):
        said = oracle_says(case, profiles)
        verdicts[said.get("verdict", "refused")] += 1
        if told := difference(said, {"the case": case.expect, "Tickmark": product}):
            differing += 1
            print(f"  DIFFERS {case.name}: {told}")
    return differing, ", ".join(f"{count} {verdict.replace('_', ' ')}" for verdict, count in sorted(verdicts.items()))


def compare_dialects(tickmark, work):
    """The canonical forms that Tickmark spells otherwise than the oracle."""
    forms, unlike = dialects.forms(), []
    for start in range(0, len(forms), 40):
        some = forms[start : start + 40]
        if spelled_otherwise(tickmark, work, some):
            unlike += [form for form in some if spelled_otherwise(tickmark, work, [form])]
    with mock.patch.dict(spelling.CANON, {"jcs": spelling.CANON["scu"]}):
        can_fail = spelled_otherwise(tickmark, work, ["jcs"])
    for form in unlike:
        print(f"  SPELLED OTHERWISE {form}")
    print(f"  {len(forms)} canonical forms of hard text and numbers: {len(unlike)} spelled otherwise by Tickmark")
    return not unlike and can_fail


def spelled_otherwise(tickmark, work, some):
    trail, profile = dialects.trail_and_profile(some)
    case = Case("dialects", work / "dialects.jsonl", None, str(work / "dialects.toml"), oracle.Told())
    case.path.write_text(trail, encoding="utf-8")
    pathlib.Path(case.profile).write_text(profile, encoding="utf-8")
    return tickmark_says(tickmark, case).get("integrity") != "proven"


def edited_cases(goods, profiles, work):
    """Good trails edited at random, with keys, last hash and count told or not; always the same for one seed."""
    chance = random.Random(SEED)
    named = {good.name: oracle.recognise(good.path.read_bytes(), profiles, [])[0]["id"] for good in goods}
    for trial in range(TRIALS):
        good = chance.choice(goods)
        lines = edits.edit(chance, good.path.read_bytes().splitlines())
        path = work / f"{trial}-{good.name}.jsonl"
        path.write_bytes(b"\n".join(lines) + b"\n")
        told = oracle.Told(good.told.heads if chance.random() < 0.5 else [])
        told.count = len([line for line in lines if line.strip()]) if chance.random() < 0.3 else None
        trust = good.trust if chance.random() < 0.75 else None
        yield Case(path.name, path, trust, named[good.name], told)


def main():
    root, tickmark = pathlib.Path(sys.argv[1]), sys.argv[2]
    profiles = oracle.read_profiles(None)
    cases = [read_case(folder) for kind in ("attacks", "good") for folder in sorted((root / kind).iterdir())]
    known = [case for case in cases if not case.name.startswith(PACKED) and not has_periods(case)]
    shaped = [case for case in known if case.path]
    can_fail = prove_that_it_fails(shaped, profiles)
    wholes = [case for case in known if case.name.endswith(("--whole", "--head-told"))]
    lines = lambda case: sorted((root / "good" / case.name / "bundle").glob("*.jsonl"))
    goods = [dataclasses.replace(case, path=path) for case in wholes for path in lines(case)]  # also one of several files
    work = root / "edited"
    work.mkdir()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        alike = compare_dialects(tickmark, work)
        unlike, verdicts = compare(list(edited_cases(goods, profiles, work)), profiles, tickmark, pool)
        print(f"  {TRIALS} trails edited at random ({verdicts}): {unlike} judged otherwise by Tickmark")
        differing, verdicts = compare(shaped, profiles, tickmark, pool)
    only_vaults = sum(case.told.earlier is not None for case in shaped)
    print(f"  {len(shaped)} cases of the corpus ({verdicts}); {only_vaults} tell of an earlier import, which only a vault")
    print("  knows: the oracle is held against their statements alone")
    agree, others = len(shaped) - differing, len(cases) - len(shaped)
    print(f"{agree} cases agree, {differing} differ, {others} are not line-shaped")
    if agree < FLOOR:
        print(f"at least {FLOOR} must agree")
    sys.exit(0 if can_fail and alike and not unlike and not differing and agree >= FLOOR else 1)


if __name__ == "__main__":
    main()
