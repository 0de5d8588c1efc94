"""Times the peers that read a format beside `tickmark verify` and `openssl dgst -sha256`, on the same trail.

    speed.py PEERS VENVS TICKMARK TRAIL RECORDS FORMAT TRUST|-

One line of Markdown a program, no names for the others. A peer that does not call the trail valid gets no time.
"""

import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import time
import tomllib

import side_by_side

ROUNDS = 3
SECONDS = 1800


@dataclasses.dataclass(frozen=True)
class Time:
    """The median of a few runs, and the largest resident set."""

    seconds: float
    peak_kib: int


def median(values):
    return sorted(values)[len(values) // 2]


def measured(call, stdin=None, is_right=lambda done: done.returncode == 0):
    """The call's time, or why it has none."""
    seconds, peak = [], 0
    for _ in range(ROUNDS):
        start = time.perf_counter()
        try:
            done = subprocess.run(
                ["/usr/bin/time", "--format=%M", "--quiet", *map(str, call)],
                input=stdin, capture_output=True, text=True, errors="replace", timeout=SECONDS,
            )
        except subprocess.TimeoutExpired:
            return f"no answer in {SECONDS} s"
        seconds.append(time.perf_counter() - start)
        if not is_right(done):
            return f"does not call it valid: {(done.stdout + done.stderr).strip()[:200]}"
        peak = max(peak, int(done.stderr.strip().rsplit("\n", 1)[-1]))
    return Time(median(seconds), peak)


def row(name, took, records, limit):
    if not isinstance(took, Time):
        return f"| {name} | – | – | – | – |"
    rate = f"{int(records / took.seconds):,}" if records else "–"
    return f"| {name} | {took.seconds:.2f} s | {took.seconds / limit:.1f} | {rate} | {took.peak_kib // 1024} MiB |"


def main():
    peers, venvs, tickmark, trail = map(pathlib.Path, sys.argv[1:5])
    records, form = int(sys.argv[5]), sys.argv[6]
    trust = None if sys.argv[7] == "-" else pathlib.Path(sys.argv[7])
    keys = []
    for file in sorted(trust.glob("*.toml")) if trust else []:
        keys += tomllib.loads(file.read_text(encoding="utf-8")).get("key", [])

    digest = measured(["openssl", "dgst", "-sha256", trail])
    if not isinstance(digest, Time):
        raise SystemExit(f"peers: openssl: {digest}")
    claims = "integrity,authenticity" if trust else "integrity"
    ours = measured(
        [tickmark, "verify", trail, "--json", "--quiet", "--profile", form, "--require", claims, *(["--trust", trust] if trust else [])]
    )
    print(f"| {records:,} records of one trail | median of {ROUNDS} | times one SHA-256 pass | records a second | peak |")
    print("|---|---|---|---|---|")
    print(row("`openssl dgst -sha256`", digest, 0, digest.seconds))
    print(row("`tickmark verify`", ours, records, digest.seconds))

    doors = [door for door in side_by_side.doors_of(tomllib.loads(peers.read_text(encoding="utf-8"))) if form in door.reads]
    for door in doors:
        question = {
            "call": door.call, "folder": str(trail.parent), "file": str(trail), "keys": keys, "heads": [], "count": None,
            "bin": str(venvs / door.peer / "bin"),
        }
        took = measured(
            [venvs / door.peer / "bin" / "python", side_by_side.ASK],
            stdin=json.dumps(question, default=str),
            is_right=lambda done: done.stdout and json.loads(done.stdout)["said"] == "valid",
        )
        print(row("a published verifier", took, records, digest.seconds))
        if not isinstance(took, Time):
            print(f"peers: a verifier of {form}: {took}", file=sys.stderr)
    if not doors:
        print(f"peers: no verifier of peers.toml reads {form}", file=sys.stderr)


if __name__ == "__main__":
    main()
