"""What an answer to a case is worth. Pure: no process, no file.

A case is a bundle of the corpus with what must be said of it; an answer is what a verifier said. The rules are in README.md.
"""

import dataclasses

VALID, INVALID, CAVEAT, UNREAD = "valid", "invalid", "caveat", "unread"

# What a door may take beside the records it judges. A lie whose every fault needs something that the door does not take is
# out of its reach.
TAKES = {
    "bytes": "reads the file itself, so that the spelling reaches it",
    "order": "is given all records, so that their order reaches it",
    "hash": "is given the recorded hashes",
    "payload": "is given the content and not only its hash",
    "key": "takes a pinned key",
    "head": "takes the last hash, as known by another way",
    "count": "takes the number of records, as known by another way",
    "digest": "takes the digest of the file, as known by another way",
    "earlier": "remembers an earlier import",
}

# What must reach a verifier before it can see a fault of this code; a code that is not here needs nothing.
NEEDED_BY_FAULT = {
    "bundle_digest_mismatch": "digest",
    "carried_key_differs": "key",
    "count_mismatch": "count",
    "damaged": "bytes",
    "duplicate_member": "bytes",
    "field_hash_mismatch": "payload",
    "fork": "earlier",
    "head_mismatch": "head",
    "leading_bytes": "bytes",
    "link_mismatch": "order",
    "not_json": "bytes",
    "rollback": "earlier",
    "sequence_gap": "order",
    "trailing_bytes": "bytes",
    "truncated": "bytes",
}

# The same, for lies whose fault code alone does not say it: a bundle that is sound but for its key, and a recorded hash that
# a door may not be given at all.
NEEDED_BY_LIE = {"resign-with-another-key": "key", "hash-changed": "hash", "hash-removed": "hash"}


@dataclasses.dataclass(frozen=True)
class Case:
    """One bundle of the corpus, as far as classing goes."""

    name: str
    is_good: bool = False
    verdict: str | None = None  # what must be said; None where nothing can be judged
    faults: tuple[str, ...] = ()

    @property
    def format(self):
        return self.name.split("--", 1)[0]

    @property
    def lie(self):
        return self.name.split("--", 1)[1]

    @property
    def is_refuted(self):
        """Whether a verifier that sees everything says no."""
        return not self.is_good and self.verdict == "refuted"


def is_in_reach(case, takes):
    """Whether a door that takes this can know of the lie."""
    if case.lie in NEEDED_BY_LIE and NEEDED_BY_LIE[case.lie] not in takes:
        return False
    needs = [NEEDED_BY_FAULT.get(fault) for fault in case.faults]
    return not needs or any(need is None or need in takes for need in needs)


def class_of(case, answer, takes):
    """The class of one answer.

    good bundle     accepted, refused or unread (a caveat is no refusal)
    refuted lie     false_valid, out_of_reach (called valid, but nothing that tells reaches the door), caught,
                    with_caveat or unread
    any other lie   no_caveat (called valid without one), caught, with_caveat or unread
    """
    if answer == UNREAD:
        return "unread"
    if case.is_good:
        return "refused" if answer == INVALID else "accepted"
    if answer == INVALID:
        return "caught"
    if answer == CAVEAT:
        return "with_caveat"
    if not case.is_refuted:
        return "no_caveat"
    return "false_valid" if is_in_reach(case, takes) else "out_of_reach"


@dataclasses.dataclass(frozen=True)
class Answer:
    """What one verifier said of one case, with what its door takes."""

    case: Case
    said: str
    takes: tuple[str, ...]
    reason: str = ""

    @property
    def klass(self):
        return class_of(self.case, self.said, self.takes)


PLAIN_GOOD = ("single", "whole", "long")


def takes_part(answers):
    """Whether a verifier's answers on one format count: it calls each plain good bundle valid."""
    plain = [answer for answer in answers if answer.case.is_good and answer.case.lie in PLAIN_GOOD]
    return len(plain) == len(PLAIN_GOOD) and all(answer.said == VALID for answer in plain)


@dataclasses.dataclass(frozen=True)
class Count:
    """The answers of one verifier over the formats in which it takes part."""

    false_valid: int  # refuted lies called valid
    read: int  # refuted lies called valid or invalid, those out of reach left out
    out_of_reach: int
    no_caveat: int  # other lies called valid
    others: int  # other lies that were read
    unread: int
    refused_good: int  # good bundles called invalid
    good: int  # good bundles that were read


def count(answers):
    """Counts answers; which of them take part is the caller's."""
    classes = [(answer.case, answer.klass) for answer in answers]
    number = lambda wanted: sum(1 for case, klass in classes if wanted(case, klass))
    return Count(
        false_valid=number(lambda case, klass: klass == "false_valid"),
        read=number(lambda case, klass: case.is_refuted and klass in ("false_valid", "caught", "with_caveat")),
        out_of_reach=number(lambda case, klass: klass == "out_of_reach"),
        no_caveat=number(lambda case, klass: klass == "no_caveat"),
        others=number(
            lambda case, klass: not case.is_good and not case.is_refuted and klass in ("no_caveat", "caught", "with_caveat")
        ),
        unread=number(lambda case, klass: not case.is_good and klass == "unread"),
        refused_good=number(lambda case, klass: klass == "refused"),
        good=number(lambda case, klass: klass in ("accepted", "refused")),
    )


def by_rate(counts):
    """The names of `counts` in the order of the letters: by the rate of false valids, so that no list shows through."""
    return sorted(counts, key=lambda name: (-counts[name].false_valid / max(counts[name].read, 1), -counts[name].read, name))


def letter(index):
    """A, B … Z, AA, AB …"""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _rate(part, whole):
    return f"{part} of {whole}" if whole else "–"


def table(counts, ours):
    """The counts as Markdown: letters for the others, our own name for ours."""
    lines = [
        "| verifier | lies called valid | out of its reach | valid without a caveat | not read |",
        "|---|---|---|---|---|",
    ]
    rows = [*((letter(index), count) for index, count in enumerate(counts)), ("Tickmark", ours)]
    lines += [
        f"| {name} | {_rate(c.false_valid, c.read)} | {c.out_of_reach} | {_rate(c.no_caveat, c.others)} | {c.unread} |"
        for name, c in rows
    ]
    return "\n".join(lines) + "\n"


def sentence(counts, ours, lies):
    """One sentence for the table of figures. `lies` is how many different refuted lies some peer read."""
    wrong, read = sum(c.false_valid for c in counts), sum(c.read for c in counts)
    each = ", ".join(f"{letter(index)} {c.false_valid} of {c.read}" for index, c in enumerate(counts))
    return (
        f"{len(counts)} published verifiers gave {read} answers about {lies} lies that they can read, {wrong} of them "
        f"“valid” ({each}); tickmark {ours.false_valid} of {ours.read}"
    )
