"""Asks the verifiers of peers.toml and Tickmark about the same bundles, and counts.

    side_by_side.py PEERS BUNDLES VENVS OUT TICKMARK

BUNDLES is what `corpus bundles` laid out, VENVS holds one virtual environment a peer. OUT gets `answers.json` (every answer,
with names), `table.md` and `figure` (letters only).
"""

import concurrent.futures
import dataclasses
import fnmatch
import json
import os
import pathlib
import subprocess
import sys
import tomllib

import cases
import classing

SECONDS = 60
NOTE = (
    "Letters stand for published verifiers, by their rate; no lie is held against one that cannot know of it. What each column\n"
    "counts, and how each verifier is asked, is in [tests/peers](../tests/peers/README.md).\n"
)
ASK = pathlib.Path(__file__).with_name("ask.py")


@dataclasses.dataclass(frozen=True)
class Door:
    """One way to ask a peer."""

    peer: str
    reads: tuple[str, ...]
    file: str
    takes: tuple[str, ...]
    call: str


def doors_of(peers):
    """The doors of a parsed peers.toml; a word that is not known is an error, not a smaller count."""
    doors = []
    for peer in peers.get("peer", []):
        for door in peer["door"]:
            unknown = set(door["takes"]) - set(classing.TAKES)
            if unknown:
                raise SystemExit(f"peers: {peer['name']}: `takes` does not know {', '.join(sorted(unknown))}")
            doors.append(
                Door(peer["name"], tuple(door["reads"]), door.get("file", "*.jsonl"), tuple(door["takes"]), door["call"])
            )
    return doors


def ask(door, bundle, venvs):
    """One answer; no file of the kind that the door reads is no answer."""
    answer = lambda said, reason: classing.Answer(bundle.case, said, door.takes, reason)
    files = [path for path in bundle.files if fnmatch.fnmatch(path.name, door.file)]
    if len(files) != 1:
        return answer(classing.UNREAD, f"no file {door.file}")
    venv = venvs / door.peer / "bin"
    question = {
        "call": door.call,
        "folder": str(bundle.folder),
        "file": str(files[0]),
        "keys": bundle.keys,
        "heads": bundle.heads,
        "count": bundle.count,
        "bin": str(venv),
    }
    quiet = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
    try:
        done = subprocess.run(
            [str(venv / "python"), str(ASK)],
            input=json.dumps(question, default=str),  # a key of a bundle may have a time
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            env=quiet,
        )
        said = json.loads(done.stdout)
        return answer(said["said"], said["reason"])
    except subprocess.TimeoutExpired:
        return answer(classing.UNREAD, f"no answer in {SECONDS} s")
    except json.JSONDecodeError:
        return answer(classing.UNREAD, f"exit code {done.returncode}: {done.stderr.strip()[-200:]}")


def judge(doors, bundles, venvs):
    """Every answer, by peer and format."""
    by_format = {}
    questions = [(door, bundle) for door in doors for bundle in bundles if bundle.case.format in door.reads]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for (door, bundle), answer in zip(questions, pool.map(lambda q: ask(*q, venvs), questions)):
            by_format.setdefault((door.peer, bundle.case.format), []).append(answer)
    return by_format


def taking_part(by_format):
    """The answers that count, by peer; and the peers and formats that take no part."""
    peers, out = {}, []
    for (peer, form), answers in by_format.items():
        if classing.takes_part(answers):
            peers.setdefault(peer, []).extend(answers)
        else:
            out.append((peer, form))
    return peers, out


def main():
    peers_file, root, venvs, out, tickmark = map(pathlib.Path, sys.argv[1:6])
    doors = doors_of(tomllib.loads(peers_file.read_text(encoding="utf-8")))
    bundles = cases.read_all(root)
    by_format = judge(doors, bundles, venvs)
    peers, left_out = taking_part(by_format)

    readable = {
        answer.case.name
        for answers in peers.values()
        for answer in answers
        if answer.case.is_good or answer.klass in ("false_valid", "caught", "no_caveat", "with_caveat")
    }
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        ours = list(
            pool.map(
                lambda bundle: cases.ask_tickmark(tickmark, bundle),
                [bundle for bundle in bundles if bundle.case.name in readable],
            )
        )
    lies = {answer.case.name for answer in ours if answer.case.is_refuted and answer.klass != "out_of_reach"}
    counted = {name: classing.count(answers) for name, answers in peers.items()}
    letters = {name: classing.letter(index) for index, name in enumerate(classing.by_rate(counted))}
    counts = [counted[name] for name in letters]
    our_count = classing.count(ours)
    figure = classing.sentence(counts, our_count, len(lies))

    out.mkdir(parents=True, exist_ok=True)
    (out / "table.md").write_text(f"{classing.table(counts, our_count)}\n{NOTE}", encoding="utf-8")
    (out / "figure").write_text(figure + "\n", encoding="utf-8")
    plain = lambda answer: {
        "case": answer.case.name, "said": answer.said, "class": answer.klass, "reason": answer.reason,
    }
    document = {
        "letters": letters,
        "left_out": [{"peer": peer, "format": form} for peer, form in left_out],
        "peers": [
            {"peer": peer, "format": form, "answers": [plain(answer) for answer in answers]}
            for (peer, form), answers in by_format.items()
        ],
        "tickmark": [plain(answer) for answer in ours],
    }
    (out / "answers.json").write_text(json.dumps(document, indent=1), encoding="utf-8")

    for peer, form in left_out:
        wrong = [answer for answer in by_format[peer, form] if answer.case.is_good and answer.said != classing.VALID]
        print(f"peers: a verifier of {form} takes no part: of the good bundles it does not accept {wrong[0].case.lie}", file=sys.stderr)
    print(classing.table(counts, our_count), file=sys.stderr)
    print(figure)
    if our_count.false_valid or our_count.refused_good:
        raise SystemExit("peers: Tickmark itself is wrong; see answers.json")


if __name__ == "__main__":
    main()
