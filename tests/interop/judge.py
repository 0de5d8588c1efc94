"""Holds `tickmark verify` against the logs of emit.py, and against lies about them.

    judge.py FOLDER TICKMARK

Per log: as written (everything that its format can prove is proven), then one covered byte edited, a record dropped,
swapped and duplicated (each refuted, at the right record), a record deleted and the chain made anew without the key
(never anchored), the tail cut (never complete), and a wrong key pinned (authenticity refuted).
"""

import base64
import copy
import hashlib
import json
import pathlib
import subprocess
import sys

WRONG_KEYS = {
    "ed25519": base64.b64encode(bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")).decode(),
    "es256": "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n"
    "6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n-----END PUBLIC KEY-----\n",
}


class Log:
    """One log: its records as written, and how to write them back."""

    def __init__(self, folder):
        self.folder = folder
        self.facts = json.loads((folder / "expect.json").read_text(encoding="utf-8"))
        self.path = folder / self.facts["log"]
        text = self.path.read_text(encoding="utf-8")
        if "at" in self.facts:
            self.document = json.loads(text)
            self.records = self.document[self.facts["at"]]
        else:
            self.document = None
            self.records = [json.loads(line) for line in text.split("\n") if line]
            # the spelling of the file is evidence too: write back as it was
            first = text.split("\n", 1)[0]
            self.style = next(
                style
                for style in ({"separators": (",", ":")}, {"separators": (", ", ": ")})
                if all(json.dumps(json.loads(first), ensure_ascii=a, **style) for a in (True, False))
                and first in (json.dumps(json.loads(first), ensure_ascii=a, **style) for a in (True, False))
            )
            self.style["ensure_ascii"] = text.isascii()

    def write(self, records, name):
        path = self.folder / f"lie-{name}{self.path.suffix}"
        if self.document is None:
            text = "".join(json.dumps(record, **self.style) + "\n" for record in records)
        else:
            document = copy.deepcopy(self.document)
            document[self.facts["at"]] = records
            text = json.dumps(document, ensure_ascii=False, indent=1)
        path.write_text(text, encoding="utf-8")
        return path


def edited(value):
    """The value with the last letter of its first text changed."""
    if isinstance(value, str) and value:
        return value[:-1] + ("x" if value[-1] != "x" else "y"), True
    if isinstance(value, dict):
        for key in value:
            new, done = edited(value[key])
            if done:
                return {**value, key: new}, True
    if isinstance(value, list):
        for index, item in enumerate(value):
            new, done = edited(item)
            if done:
                return [*value[:index], new, *value[index + 1 :]], True
    return value, False


def edit_covered(record, pointer):
    head, _, rest = pointer.partition("/")
    if rest:
        return {**record, head: edit_covered(record[head], rest)}
    new, done = edited(record[head])
    assert done, f"nothing to edit at {pointer}"
    return {**record, head: new}


def rechain(profile, records):
    """Remakes hashes and links without the key; signatures stay as they were."""
    records = copy.deepcopy(records)
    sha = lambda data: hashlib.sha256(data).hexdigest()
    prev = None
    for record in records:
        if profile == "witnesskit":
            import rfc8785

            record["prev_hash"] = prev
            body = {k: v for k, v in record.items() if k not in ("hash", "signature")}
            prev = record["hash"] = base64.b64encode(hashlib.sha256(rfc8785.dumps(body)).digest()).decode()
        elif profile == "agentproofchain":
            record["prev_hash"] = prev or "genesis"
            body = {k: v for k, v in record.items() if k not in ("signature", "entry_hash")}
            prev = record["entry_hash"] = sha((json.dumps(body, sort_keys=True) + record["signature"]).encode())
        elif profile == "aat":
            from aat.core import chain_hash

            record["prev_hash"] = prev
            prev = chain_hash(record)
        elif profile == "agent-receipts":
            import rfc8785

            chain = record["credentialSubject"]["chain"]
            chain.pop("previous_receipt_hash", None)
            if prev:
                chain["previous_receipt_hash"] = prev
            body = {k: v for k, v in copy.deepcopy(record).items() if k != "proof"}
            body["credentialSubject"]["chain"].setdefault("previous_receipt_hash", None)
            prev = "sha256:" + sha(rfc8785.dumps(body))
        elif profile == "signet":
            import rfc8785

            record["prev_hash"] = prev or "sha256:" + "0" * 64
            body = {"prev_hash": record["prev_hash"], "receipt": record["receipt"]}
            prev = record["record_hash"] = "sha256:" + sha(rfc8785.dumps(body))
        elif profile == "agt-fileauditsink":
            record["previous_hash"] = prev or ""
            fields = {k: v for k, v in record.items() if k in AGT_SINK_FIELDS}
            prev = record["content_hash"] = sha(json.dumps(fields, sort_keys=True, default=str).encode())
        elif profile == "agt-auditlog":
            record["previous_hash"] = prev or ""
            fields = {k: record[k] for k in AGT_LOG_FIELDS}
            fields["timestamp"] = record["timestamp"].replace(" ", "T")
            prev = record["entry_hash"] = sha(json.dumps(fields, sort_keys=True, default=str).encode())
        else:
            raise SystemExit(f"no way to re-chain {profile}")
    return records


AGT_LOG_FIELDS = (
    "entry_id", "timestamp", "event_type", "agent_did", "action", "resource", "data", "outcome", "previous_hash",
)
AGT_SINK_FIELDS = (
    "entry_id", "timestamp", "event_type", "agent_did", "action", "resource", "target_did", "data", "outcome",
    "policy_decision", "matched_rule", "trace_id", "session_id", "previous_hash",
)


def verify(tickmark, path, profile, trust):
    call = [tickmark, "verify", str(path), "--profile", profile, "--json"]
    if trust:
        call += ["--trust", str(trust)]
    done = subprocess.run(call, capture_output=True, text=True, timeout=60)
    try:
        return done.returncode, json.loads(done.stdout)
    except json.JSONDecodeError:
        raise SystemExit(f"no JSON from {' '.join(call)} (exit {done.returncode}):\n{done.stdout}\n{done.stderr}")


class Score:
    passed = 0
    failed = 0

    def check(self, name, truth, told):
        if truth:
            self.passed += 1
        else:
            self.failed += 1
            print(f"  FAIL {name}: {told}")


def told(result):
    claims = {name: (claim["outcome"], claim.get("basis")) for name, claim in result["claims"].items()}
    return f"{result['verdict']} {claims} faults={[(f['code'], f['record']) for f in result['faults'][:4]]}"


def records_at_fault(result):
    return {fault["record"] for fault in result["faults"]}


def judge(log, tickmark, score):
    facts, profile, records = log.facts, log.facts["profile"], log.records
    trust = log.folder / "trust" if facts["signed"] else None
    claim = lambda result, name: result["claims"][name]["outcome"]
    ask = lambda path, keys=trust: verify(tickmark, path, profile, keys)

    code, whole = ask(log.path)
    score.check(f"{profile} whole: records", whole["counts"]["records"] == len(records), told(whole))
    score.check(f"{profile} whole: integrity", claim(whole, "integrity") == "proven", told(whole))
    score.check(f"{profile} whole: no fault", not whole["faults"], told(whole))
    # a signature that does not reach the link says nothing of the order
    basis = "anchored" if facts["signed"] and facts.get("link_signed", True) else "self_consistent"
    score.check(f"{profile} whole: {basis}", whole["claims"]["integrity"].get("basis") == basis, told(whole))
    authenticity = "proven" if facts["signed"] else "not_proven"
    score.check(f"{profile} whole: authenticity", claim(whole, "authenticity") == authenticity, told(whole))
    score.check(f"{profile} whole: exit code", code in (0, 3), code)
    completeness = "proven" if facts.get("terminal") else "not_proven"
    score.check(f"{profile} whole: completeness", claim(whole, "completeness") == completeness, told(whole))

    k = 4  # 0-based; record 5
    lies = {
        "edited": (records[:k] + [edit_covered(records[k], facts["covered"])] + records[k + 1 :], k + 1),
        "dropped": (records[:k] + records[k + 1 :], k + 1),
        "swapped": (records[:k] + [records[k + 1], records[k]] + records[k + 2 :], k + 1),
        "duplicated": (records[: k + 1] + records[k:], k + 2),
    }
    for name, (lie, at) in lies.items():
        code, result = ask(log.write(lie, name))
        score.check(f"{profile} {name}: refuted", code == 1 and claim(result, "integrity") == "refuted", told(result))
        score.check(f"{profile} {name}: at record {at}", at in records_at_fault(result), told(result))

    code, result = ask(log.write(rechain(profile, records[:k] + records[k + 1 :]), "rechained"))
    anchored = claim(result, "integrity") == "proven" and result["claims"]["integrity"].get("basis") == "anchored"
    score.check(f"{profile} re-chained: never anchored", not anchored and code != 0, told(result))
    score.check(f"{profile} re-chained: never proven", result["verdict"] != "proven", told(result))

    code, result = ask(log.write(records[:-2], "cut"))
    expected = ("refuted",) if "count" in facts else ("not_proven",)
    score.check(f"{profile} cut: completeness", claim(result, "completeness") in expected and code in (1, 3), told(result))

    if facts["signed"]:
        algorithm = (trust / "pinned.toml").read_text(encoding="utf-8").split('algorithm = "')[1].split('"')[0]
        wrong = log.folder / "wrong.toml"
        secret = algorithm == "hmac-sha256"
        key = 'secret = "another secret"' if secret else f"public_key = {json.dumps(WRONG_KEYS[algorithm])}"
        wrong.write_text(f'[[key]]\nalgorithm = "{algorithm}"\nowner = "somebody else"\n{key}\n', encoding="utf-8")
        code, result = ask(log.path, wrong)
        score.check(f"{profile} wrong key: refuted", code == 1 and claim(result, "authenticity") == "refuted", told(result))
        code, result = ask(log.path, None)
        score.check(
            f"{profile} no key: never anchored",
            code == 3 and result["claims"]["integrity"].get("basis") != "anchored"
            and claim(result, "authenticity") == "not_proven",
            told(result),
        )


def main():
    root, tickmark = pathlib.Path(sys.argv[1]), sys.argv[2]
    score = Score()
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        before = score.failed
        log = Log(folder)
        judge(log, tickmark, score)
        print(f"  {log.facts['profile']}: {'as expected' if score.failed == before else 'DIFFERS'}")
    print(f"{score.passed} passed, {score.failed} failed")
    sys.exit(1 if score.failed else 0)


if __name__ == "__main__":
    main()
