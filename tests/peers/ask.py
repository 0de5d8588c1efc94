"""Asks one published verifier about one bundle, in a process of its own.

    VENV/bin/python ask.py < question.json

The question holds `call` (Python that defines `verify(case)`), `folder`, `file`, `keys`, `heads`, `count` and `bin`. The
answer is one line of JSON; what a package prints goes to stderr.
"""

import base64
import json
import os
import pathlib
import resource
import subprocess
import sys

MEMORY = 4 << 30
ED25519_SPKI = bytes.fromhex("302a300506032b6570032100")
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class Unread(Exception):
    """The verifier gave no verdict."""


class Key:
    """A key that the reviewer pinned, in the spellings that doors ask for."""

    def __init__(self, fields):
        self.algorithm = fields["algorithm"]
        self.text = fields.get("public_key", "")
        self.secret = fields.get("secret", "").encode()
        self.kid = fields.get("kid")

    @property
    def raw(self):
        """The 32 bytes of an Ed25519 key."""
        if self.text.startswith("did:key:z"):
            number = 0
            for letter in self.text.removeprefix("did:key:z"):
                number = number * 58 + BASE58.index(letter)
            return number.to_bytes(34, "big")[2:]
        if len(self.text) == 64:
            return bytes.fromhex(self.text)
        return base64.b64decode(self.text, validate=True).removeprefix(ED25519_SPKI)

    @property
    def base64(self):
        return base64.b64encode(self.raw).decode()

    @property
    def hex(self):
        return self.raw.hex()

    @property
    def pem(self):
        if self.text.startswith("-----"):
            return self.text
        body = base64.b64encode(ED25519_SPKI + self.raw).decode()
        return f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"


class Question:
    """What `verify(case)` is given."""

    def __init__(self, fields):
        self.folder = pathlib.Path(fields["folder"])
        self.file = pathlib.Path(fields["file"])
        self.keys = [Key(key) for key in fields["keys"]]
        self.head = fields["heads"][0] if fields["heads"] else None
        self.count = fields["count"]
        self.bin = pathlib.Path(fields["bin"])

    @property
    def key(self):
        """The pinned key; a door that needs one gives no verdict without."""
        if not self.keys:
            raise Unread("no key is pinned")
        return self.keys[0]

    @property
    def text(self):
        return self.file.read_text(encoding="utf-8")

    @property
    def records(self):
        """The records of a file of lines, as a caller of the door would parse them."""
        return [json.loads(line) for line in self.text.split("\n") if line.strip()]

    def run(self, program, *args):
        """A program of the package: exit code 0 is valid, 1 invalid, anything else or a traceback no verdict."""
        done = subprocess.run([str(self.bin / program), *map(str, args)], capture_output=True, text=True, errors="replace")
        if done.returncode not in (0, 1) or "Traceback (most recent call last)" in done.stderr:
            raise Unread(f"exit code {done.returncode}: {done.stderr.strip()[-200:]}")
        return done.returncode == 0, (done.stdout + done.stderr).strip()[-200:]


def answer(fields):
    scope = {"Unread": Unread}
    try:
        exec(compile(fields["call"], "call", "exec"), scope)  # the reviewer's own file, never a part of a bundle
        said = scope["verify"](Question(fields))
        valid, reason = said if isinstance(said, tuple) else (said, "")
        if not isinstance(valid, bool):
            raise Unread(f"neither true nor false: {valid!r}")
        return {"said": "valid" if valid else "invalid", "reason": str(reason)[:300]}
    except (Exception, SystemExit) as fault:
        return {"said": "unread", "reason": f"{type(fault).__name__}: {fault}"[:300]}


def main():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    fields = json.load(sys.stdin)
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a package prints goes to stderr
    json.dump(answer(fields), out)
    out.flush()


if __name__ == "__main__":
    main()
