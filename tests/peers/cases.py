"""Reads the cases that `corpus bundles FOLDER` lays out, and asks Tickmark about them."""

import dataclasses
import json
import pathlib
import subprocess
import tomllib

import classing

# Tickmark's own door, by the same rules: its command line is not told of an earlier import; a vault is.
TAKES = ("bytes", "order", "hash", "payload", "key", "head", "count", "digest")


@dataclasses.dataclass(frozen=True)
class Bundle:
    """A case with its bundle and what the reviewer knows."""

    case: classing.Case
    folder: pathlib.Path
    trust: pathlib.Path | None
    keys: tuple[dict, ...]
    heads: tuple[str, ...]
    count: int | None
    sha256: str | None
    profile: str | None

    @property
    def files(self):
        return sorted(path for path in self.folder.rglob("*") if path.is_file())


def read(folder, is_good):
    """The case that lies in this folder."""
    facts = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    trust = folder / "trust.toml"
    keys = tomllib.loads(trust.read_text(encoding="utf-8")).get("key", []) if trust.is_file() else []
    expect = facts["expect"]
    case = classing.Case(folder.name, is_good, expect.get("verdict"), tuple(expect.get("faults", ())))
    return Bundle(
        case,
        folder / "bundle",
        trust if trust.is_file() else None,
        tuple(keys),
        tuple(facts.get("told_heads", ())),
        facts.get("told_count"),
        facts.get("told_sha256"),
        facts.get("profile"),
    )


def read_all(root):
    """Every case: the good bundles, then the lies."""
    good = [read(folder, True) for folder in sorted((root / "good").iterdir())]
    return good + [read(folder, False) for folder in sorted((root / "attacks").iterdir())]


def ask_tickmark(program, bundle):
    """What `tickmark verify` says: proven is valid, refuted invalid, anything else a caveat."""
    files = bundle.files
    call = [str(program), "verify", str(files[0] if len(files) == 1 else bundle.folder), "--json", "--quiet"]
    call += ["--trust", str(bundle.trust)] if bundle.trust else []
    call += ["--profile", bundle.profile] if bundle.profile else []
    for head in bundle.heads:
        call += ["--expect-head", head]
    call += ["--expect-count", str(bundle.count)] if bundle.count is not None else []
    call += ["--expect-sha256", bundle.sha256] if bundle.sha256 else []
    done = subprocess.run(call, capture_output=True, text=True, timeout=120)
    if done.returncode not in (0, 1, 2, 3):
        return classing.Answer(bundle.case, classing.UNREAD, TAKES, f"exit code {done.returncode}: {done.stderr[-200:]}")
    verdict = json.loads(done.stdout).get("verdict")
    said = {"proven": classing.VALID, "refuted": classing.INVALID}.get(verdict, classing.CAVEAT)
    return classing.Answer(bundle.case, said, TAKES, f"exit code {done.returncode}")
