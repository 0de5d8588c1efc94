"""Holds `tickmark verify` and the validator of the AWS command line against each other, over the same files.

    compare.py FOLDER TICKMARK

A trail is made with a key of its own; each case is that trail with one thing wrong. Both are given the same objects,
metadata and keys, and have to report the same things about the same objects. Where we report more, the case says so.
"""

import base64
import contextlib
import copy
import gzip
import hashlib
import io
import json
import pathlib
import re
import socket
import subprocess
import sys
import types
from datetime import datetime, timedelta, timezone

import rsa
from awscli.customizations.cloudtrail.validation import CloudTrailValidateLogs
from botocore.exceptions import ClientError

BUCKET = "example-bucket"
ACCOUNT = "123456789012"
REGION = "us-east-1"
FINGERPRINT = "30ca1dd7d9f1aee4dc54086557d687c3"
PERIOD_OF_KEY = "ValidityStartTime", "ValidityEndTime"
FROM, TO = "2026-10-01T00:00:00Z", "2026-10-01T06:00:00Z"


def no_network(*_, **__):
    raise AssertionError("the validator asked for the network")


socket.socket = no_network


class Trail:
    """Objects by key, with their metadata."""

    def __init__(self, key, hours=range(6), restarts=(), backfill=False):
        self.key = key
        self.objects, self.metadata, self.digests, self.logs = {}, {}, {}, {}
        previous = None
        for hour in hours:
            previous = self.add(hour, None if hour in restarts else previous, backfill)

    def add(self, hour, previous, backfill):
        start = datetime(2026, 10, 1, tzinfo=timezone.utc) + timedelta(hours=hour)
        end = start + timedelta(hours=1)
        logs = [] if hour == 2 or backfill else [self.log(hour, start + timedelta(minutes=m)) for m in (0, 5)]
        name = f"{ACCOUNT}_CloudTrail-Digest_{REGION}_mgmt_{REGION}_{end:%Y%m%dT%H%M%SZ}{'_backfill' if backfill else ''}"
        key = f"AWSLogs/{ACCOUNT}/CloudTrail-Digest/{REGION}/{end:%Y/%m/%d}/{name}.json.gz"
        before = previous or (None, None, None)
        digest = {
            "awsAccountId": ACCOUNT,
            "digestStartTime": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "digestEndTime": f"{end:%Y-%m-%dT%H:%M:%SZ}",
            "digestS3Bucket": BUCKET,
            "digestS3Object": key,
            "digestPublicKeyFingerprint": FINGERPRINT,
            "digestSignatureAlgorithm": "SHA256withRSA",
            "previousDigestS3Bucket": BUCKET if previous else None,
            "previousDigestS3Object": before[0],
            "previousDigestHashValue": before[1],
            "previousDigestHashAlgorithm": "SHA-256" if previous else None,
            "previousDigestSignature": before[2],
            "logFiles": logs,
        }
        body = json.dumps(digest).encode()
        digest_hash = hashlib.sha256(body).hexdigest()
        to_sign = f"{digest['digestEndTime']}\n{BUCKET}/{key}\n{digest_hash}\n{before[2] or 'null'}"
        signature = rsa.sign(to_sign.encode(), self.key, "SHA-256").hex()
        self.objects[key] = gzip.compress(body)
        self.metadata[key] = {"signature": signature, "signature-algorithm": "SHA256withRSA"}
        if backfill:
            self.metadata[key]["backfill-generation-timestamp"] = "2026-10-02T00:00:00Z"
        self.digests[hour] = key
        return key, digest_hash, signature

    def log(self, hour, at):
        events = [{"eventTime": f"{at:%Y-%m-%dT%H:%M:%SZ}", "eventName": "InvokeModel", "eventID": f"{hour}-{n}"} for n in (1, 2)]
        body = json.dumps({"Records": events}).encode()
        digest = hashlib.sha256(body).hexdigest()
        key = f"AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/{at:%Y/%m/%d}/{ACCOUNT}_CloudTrail_{REGION}_{at:%Y%m%dT%H%MZ}_{digest[:16]}.json.gz"
        self.objects[key] = gzip.compress(body)
        self.logs.setdefault(hour, []).append(key)
        time = f"{at:%Y-%m-%dT%H:%M:%SZ}"
        return {"s3Bucket": BUCKET, "s3Object": key, "hashValue": digest, "hashAlgorithm": "SHA-256", "newestEventTime": time, "oldestEventTime": time}

    def change(self, key, old, new):
        body = gzip.decompress(self.objects[key])
        assert old in body, (old, body)
        self.objects[key] = gzip.compress(body.replace(old, new, 1))

    def remove_hour(self, hour):
        for key in [self.digests[hour], *self.logs.get(hour, [])]:
            del self.objects[key]

    def move(self, key, to):
        self.objects[to] = self.objects.pop(key)
        if key in self.metadata:
            self.metadata[to] = self.metadata.pop(key)


# ---- the validator of the AWS command line ---------------------------------------------------------------------------


class Store:
    """Answers as Amazon S3 and CloudTrail would, from a trail in memory."""

    def __init__(self, trail, keys):
        self.trail, self.keys = trail, keys

    def get_client(self, _bucket):
        return self

    def get_object(self, Bucket, Key):
        if Key not in self.trail.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": "no such key"}}, "GetObject")
        return {"Body": io.BytesIO(self.trail.objects[Key]), "Metadata": self.trail.metadata.get(Key, {})}

    def get_paginator(self, _operation):
        return self

    def paginate(self, Bucket, Marker, Prefix):
        keys = sorted(key for key in self.trail.objects if key.startswith(Prefix) and key > Marker)
        return types.SimpleNamespace(search=lambda _: keys)

    def list_public_keys(self, StartTime, EndTime):
        return self.keys


def of_aws(trail, keys):
    """What the AWS command line reports, as pairs of kind and name."""
    command = CloudTrailValidateLogs(types.SimpleNamespace())
    store = Store(trail, keys)
    command.handle_args(
        types.SimpleNamespace(
            trail_arn=f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/mgmt",
            verbose=True,
            s3_bucket=BUCKET,
            s3_prefix=None,
            account_id=None,
            start_time=FROM,
            end_time=TO,
        )
    )
    command._source_region = REGION
    command.s3_client_provider, command.cloudtrail_client, command.organization_client = store, store, store
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        command._call()
    told = set()
    for line in err.getvalue().splitlines():
        if not line.strip():
            continue
        if "No log files were delivered" in line:
            told.add(("gap", ""))
            continue
        what, name, why = re.match(r"(?:\(backfill\) )?(Digest|Log) file\ts3://\S*?/([^/\s]+)\tINVALID: (.*)", line).groups()
        kind = next(
            kind
            for text, kind in [
                ("signature verification failed", "signature"),
                ("invalid format", "format"),
                ("moved from its original location", "moved"),
                ("public key not found", "no key"),
                ("not found", "missing"),
                ("after end of compressed stream", "trailing"),
                ("hash value doesn't match", "altered"),
            ]
            if text in why
        )
        told.add((f"{what.lower()} {kind}", name))
    valid = set(re.findall(r"(?:Digest|Log) file\ts3://\S*?/([^/\s]+)\tvalid", out.getvalue()))
    return told, valid


# ---- ours ------------------------------------------------------------------------------------------------------------

KINDS = {
    "digest_signature_mismatch": "digest signature",
    "digest_link_mismatch": "digest link",
    "digest_format": "digest format",
    "digest_moved": "digest moved",
    "digest_missing": "digest missing",
    "digest_gap": "gap",
    "log_mismatch": "log altered",
    "log_missing": "log missing",
    "log_moved": "log missing",
    "log_unlisted": "log unlisted",
}


def of_tickmark(folder, tickmark, keys):
    """What `tickmark verify` reports, as pairs of kind and name, and its verdict."""
    command = [tickmark, "verify", str(folder), "--trust", str(keys), "--period", f"{FROM}..{TO}", "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    found = json.loads(ran.stdout)
    told = set()
    for fault in found["faults"]:
        name = (fault["member"] or "").rsplit("/", 1)[-1]
        code = fault["code"]
        if code == "trailing_bytes":
            kind = "digest trailing" if "CloudTrail-Digest" in name else "log trailing"
        else:
            kind = KINDS.get(code, code)
        if kind in ("digest missing", "log missing"):
            if fault["expected"] is None:
                kind, name = "digest missing too", ""
            else:
                name = fault["expected"].rsplit("/", 1)[-1]
        told.add((kind, "" if kind == "gap" else name))
    return told, found


def write(folder, trail):
    for key, body in trail.objects.items():
        path = folder / BUCKET / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    metadata = {f"{BUCKET}/{key}": value for key, value in trail.metadata.items() if key in trail.objects}
    (folder / "s3-object-metadata.json").write_text(json.dumps(metadata), encoding="utf-8")


# ---- the cases -------------------------------------------------------------------------------------------------------


def base(path):
    return path.rsplit("/", 1)[-1]


def cases(key):
    """Name, trail, what only we report, whether we prove it; where the key is listed with another period, that."""
    whole = Trail(key)

    def with_one_wrong(change):
        trail = copy.deepcopy(whole)
        change(trail)
        return trail

    def append(trail, name, more):
        trail.objects[name] += more

    def unlisted(trail):
        name = trail.logs[3][0].replace("T0300Z", "T0330Z")
        trail.objects[name] = gzip.compress(b'{"Records": [{"eventID": "x"}]}')

    d, l = whole.digests, whole.logs
    yield "whole", whole, set(), True
    yield "altered log", with_one_wrong(lambda t: t.change(l[3][1], b"Invoke", b"Delete")), set(), False
    yield "missing log", with_one_wrong(lambda t: t.objects.pop(l[3][1])), set(), False
    yield "log moved", with_one_wrong(lambda t: t.move(l[3][1], l[3][1].replace("/10/01/", "/09/30/"))), set(), False
    yield "second gzip member", with_one_wrong(lambda t: append(t, l[3][1], gzip.compress(b"more"))), set(), False
    yield "bytes after the log", with_one_wrong(lambda t: append(t, l[3][1], b"x")), set(), False
    # the AWS command line unpacks a digest without a look at what follows
    yield "bytes after the digest", with_one_wrong(lambda t: append(t, d[3], b"x")), {("digest trailing", base(d[3]))}, False
    link = {("digest link", base(d[3]))}
    yield "re-spaced digest", with_one_wrong(lambda t: t.change(d[3], b", ", b",  ")), link, False
    yield "newest digest altered", with_one_wrong(lambda t: t.change(d[5], b", ", b",  ")), set(), False
    yield "missing digest", with_one_wrong(lambda t: t.remove_hour(3)), set(), False

    def two(trail):
        trail.remove_hour(2)
        trail.remove_hour(3)

    # the AWS command line names the first one only (aws-cli issue 7054)
    yield "two missing digests", with_one_wrong(two), {("digest missing too", "")}, False
    yield "digest moved", with_one_wrong(lambda t: t.move(d[5], d[5].replace("T060000Z", "T063000Z"))), set(), False
    yield "wrong signature", with_one_wrong(lambda t: t.metadata[d[5]].update(signature=t.metadata[d[4]]["signature"])), set(), False
    yield "unlisted log", with_one_wrong(unlisted), {("log unlisted", base(l[3][0]).replace("T0300Z", "T0330Z"))}, False
    yield "no digest in the form", with_one_wrong(lambda t: t.objects.update({d[5]: gzip.compress(b"no json")})), {
        ("log unlisted", base(log)) for log in l[5]
    }, False
    yield "gap", Trail(key, hours=(0, 1, 3, 4, 5), restarts=(3,)), set(), False
    yield "restart", Trail(key, restarts=(3,)), set(), False
    other = copy.deepcopy(whole)
    later = Trail(key, hours=(0, 3), backfill=True)
    other.objects.update(later.objects)
    other.metadata.update(later.metadata)
    yield "backfill", other, set(), True
    undated = copy.deepcopy(other)
    for name in later.metadata:
        undated.metadata[name].pop("backfill-generation-timestamp")
    yield "backfill without its time", undated, {("digest format", "s3-object-metadata.json")}, False
    stranger = Trail(rsa.newkeys(2048)[1])
    yield "another key", stranger, set(), False
    # the AWS command line leaves it to the service to give it keys of the right time, and reads no period
    yield "key of the time", whole, set(), True, ("2026-09-01T00:00:00Z", "2026-10-31T00:00:00Z")
    yield "key of another time", whole, set(), False, ("2026-07-01T00:00:00Z", "2026-07-31T00:00:00Z")


def main(work, tickmark):
    work = pathlib.Path(work)
    public, key = rsa.newkeys(2048)
    listed = {"Value": base64.b64encode(public.save_pkcs1("DER")).decode(), "Fingerprint": FINGERPRINT}
    failed = compared = 0
    for number, (name, trail, only_ours, proven, *period) in enumerate(cases(key)):
        folder = work / f"{number:02}-{name.replace(' ', '-')}"
        write(folder, trail)
        keys = {"PublicKeyList": [listed | {n: t for ends in period for n, t in zip(PERIOD_OF_KEY, ends)}]}
        pinned = work / f"{number:02}-list-public-keys.json"
        pinned.write_text(json.dumps(keys), encoding="utf-8")
        theirs, valid = of_aws(trail, keys)
        ours, found = of_tickmark(folder, tickmark, pinned)
        # in the metadata's own member, where the AWS command line names the digest
        about_metadata = {pair for pair in only_ours if pair[1] == "s3-object-metadata.json"}
        expected = theirs | only_ours
        if about_metadata:
            expected = {pair for pair in expected if pair[0] != "digest format"} | about_metadata
        wrong = []
        if ours != expected:
            wrong.append(f"AWS {sorted(theirs)}, only ours {sorted(only_ours)}, found {sorted(ours)}")
        if (found["verdict"] == "proven") != proven:
            wrong.append(f"verdict {found['verdict']}: {found['sentence']}")
        if proven and (theirs or len(valid) != len(trail.objects)):
            wrong.append(f"AWS accepts {len(valid)} of {len(trail.objects)} objects")
        if found["verdict"] == "proven" and theirs:
            wrong.append("we prove what AWS refuses")
        compared += 1
        failed += bool(wrong)
        print(f"{'FAIL' if wrong else 'ok  '} {name}: {len(theirs)} reported by both, {len(only_ours)} by us alone")
        for line in wrong:
            print(f"     {line}")
    print(f"{compared} trails compared with awscli 1.46.3, {failed} differ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
