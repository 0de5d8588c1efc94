"""Lets each published emitter write one log of mixed content, with the key it must be pinned by.

    emit.py FOLDER

Every log goes into a folder of its own: the log, `trust/` with one TOML file, and `expect.json` that says what the
format can prove. Nothing here imitates a format; the packages write their own bytes.
"""

import base64
import json
import pathlib
import sys

# Content that canonical forms disagree about: accents, astral characters, U+2028, DEL, small and whole floats, nulls.
CONTENT = [
    {"tool": "search", "query": "running shoes", "n": 3},
    {"tool": "payment", "amount": 240, "currency": "EUR", "note": "café — naïve"},
    {"tool": "model", "temperature": 0.7, "top_p": 1.0, "tiny": 1e-07, "count": 123456789012},
    {"tool": "emoji", "text": "\U0001f600 \U0001d11e", "line": "a\u2028b\u2029c"},
    {"tool": "control", "text": "del\u007f tab\t quote\" back\\slash / end"},
    {"tool": "nested", "deep": {"a": None, "b": [1, None, {"c": [None, {}]}], "z": {}}},
    {"tool": "empty", "list": [], "object": {}, "text": ""},
    {"tool": "order", "b": 1, "a": 2, "\u00e9": 3, "Z": 4, "_": 5},
    {"tool": "html", "text": "<script>alert('x')</script> & more"},
    {"tool": "numbers", "values": [0, -1, 0.1, 100, 12.5, -0.25]},
    {"tool": "bool", "yes": True, "no": False},
    {"tool": "last", "n": 12},
]


def folder(root, name):
    path = root / name
    (path / "trust").mkdir(parents=True)
    return path


def pin(path, algorithm, owner, public_key=None, secret=None, kid=None):
    lines = ["[[key]]", f'algorithm = "{algorithm}"', f'owner = "{owner}"', 'confirmed = "made by this script"']
    lines += [f"public_key = {json.dumps(public_key)}"] if public_key else []
    lines += [f"secret = {json.dumps(secret)}"] if secret else []
    lines += [f"kid = {json.dumps(kid)}"] if kid else []
    (path / "trust" / "pinned.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def expect(path, log, **facts):
    (path / "expect.json").write_text(json.dumps({"log": log, **facts}, indent=1), encoding="utf-8")


def witnesskit(root):
    from witnesskit import Chain, generate_keypair

    path = folder(root, "witnesskit")
    seed, public = generate_keypair()
    chain = Chain(seed, actor="agent-7")
    for payload in CONTENT:
        chain.append("tool_call", payload)
    (path / "chain.json").write_text(json.dumps(chain.to_json(), indent=2, ensure_ascii=False), encoding="utf-8")
    pin(path, "ed25519", "witness", base64.b64encode(public).decode())
    expect(path, "chain.json", profile="witnesskit", at="entries", covered="payload", linked=True, signed=True)


def agentproofchain(root):
    from agentproof.core import export_public_key, generate_key, sign_event

    path = folder(root, "agentproofchain")
    secret, _ = generate_key()
    for payload in CONTENT:
        sign_event(path / "log.jsonl", "tool_call", payload, signing_key=secret)
    public = export_public_key(signing_key=secret)
    raw = public if isinstance(public, bytes) else base64.b64decode(public)
    pin(path, "ed25519", "proof chain", base64.b64encode(raw).decode())
    expect(path, "log.jsonl", profile="agentproofchain", covered="data", linked=True, signed=True)


def aat(root):
    from cryptography.hazmat.primitives import serialization

    from aat import core
    from aat.mcp import MCPRecorder

    path = folder(root, "aat")
    key = core.gen_key()
    recorder = MCPRecorder(agent_id="urn:agent:bot.example", agent_version="1.0.0", private_key=key)
    recorder.open_session()
    for payload in CONTENT:
        recorder.record(
            action_type="tool_call",
            action_detail={"tool_name": payload["tool"], "arguments": payload},
            outcome="success",
            record_phase="concurrent",
        )
    recorder.close_session()
    with open(path / "records.jsonl", "w", encoding="utf-8") as log:
        for record in recorder.records:
            log.write(json.dumps(record, ensure_ascii=False) + "\n")
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    pin(path, "es256", "recorder", public.decode(), kid=recorder.kid)
    expect(path, "records.jsonl", profile="aat", covered="action_detail", linked=True, signed=True)


def agent_receipts(root):
    from agent_receipts import receipt as r
    from agent_receipts.emitters.in_memory import InMemoryEmitter
    from agent_receipts.receipt.create import ActionInput
    from agent_receipts.receipt.signing import generate_key_pair
    from agent_receipts.receipt.types import Issuer, Outcome, Principal
    from agent_receipts.receipt_chain import ChainEmitInput, ReceiptChain

    assert r
    path = folder(root, "agent-receipts")
    keys = generate_key_pair()
    emitter = InMemoryEmitter()
    chain = ReceiptChain(
        chain_id="chain_é", private_key=keys.private_key, verification_method="did:agent:my-agent#key-1", emitter=emitter
    )
    for number, payload in enumerate(CONTENT):
        chain.emit(
            ChainEmitInput(
                issuer=Issuer(id="did:agent:my-agent", name=payload.get("note") or payload.get("text") or "agent"),
                principal=Principal(id="did:user:alice"),
                action=ActionInput(type="filesystem.file.read", risk_level="low"),
                outcome=Outcome(status="success"),
                response_body=payload,
                terminal=number == len(CONTENT) - 1,
            )
        )
    with open(path / "receipts.jsonl", "w", encoding="utf-8") as log:
        for receipt in emitter.received:
            log.write(json.dumps(receipt.model_dump(by_alias=True, exclude_none=True), ensure_ascii=False) + "\n")
    pin(path, "ed25519", "issuer", keys.public_key)
    expect(path, "receipts.jsonl", profile="agent-receipts", covered="issuer", linked=True, signed=True, terminal=True)


def signet(root):
    import signet_auth as s

    path = folder(root, "signet")
    pair = s.generate_keypair()
    log = path / "log"
    for payload in CONTENT:
        action = s.Action(payload["tool"], payload, "mcp://t", "stdio")
        s.audit_append(str(log), s.sign(pair.secret_key, action, "bot", "owner"))
    files = sorted(log.rglob("*.jsonl"))
    (path / "audit.jsonl").write_bytes(b"".join(f.read_bytes() for f in files))
    pin(path, "ed25519", "signer", pair.public_key)
    expect(path, "audit.jsonl", profile="signet", covered="receipt/action", linked=True, signed=True, link_signed=False)


def agt(root):
    from agentmesh.governance.audit import AuditLog
    from agentmesh.governance.audit_backends import FileAuditSink

    sink_path = folder(root, "agt-fileauditsink")
    secret = b"an interop secret of this script"
    log = AuditLog(sink=FileAuditSink(sink_path / "audit.jsonl", secret))
    for payload in CONTENT:
        log.log("tool_invocation", "did:mesh:abc", "tool", resource="res", data=payload)
    pin(sink_path, "hmac-sha256", "sink", secret=secret.decode())
    expect(sink_path, "audit.jsonl", profile="agt-fileauditsink", covered="data", linked=True, signed=True)

    log_path = folder(root, "agt-auditlog")
    document = json.dumps(log.export(), default=str, ensure_ascii=False, indent=1)
    (log_path / "export.json").write_text(document, encoding="utf-8")
    expect(
        log_path, "export.json", profile="agt-auditlog", at="entries", covered="data", linked=True, signed=False,
        count="entry_count",
    )


def main():
    root = pathlib.Path(sys.argv[1])
    for emitter in (witnesskit, agentproofchain, aat, agent_receipts, signet, agt):
        emitter(root)
    print(f"interop: {len(list(root.iterdir()))} logs written by published emitters")


if __name__ == "__main__":
    main()
