"""Pinned keys, and whether a signature fits one. The third file of the oracle.

The algorithm is bound to the pinned key and is never read from a record. Ed25519 is held to the strict rules: the library
alone would accept keys and signatures that other programs refuse.
"""

import base64
import dataclasses
import functools
import hmac
import re
import tomllib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, padding, rsa, utils

from spelling import decode, digest, encode


class Refused(Exception):
    """Nothing can be judged: the reviewer's own files cannot be used, or several profiles describe the bundle."""


@dataclasses.dataclass(eq=False)
class Key:
    """A pinned key: its algorithm, the library's key (for HMAC the secret itself), and the name that records use for it."""

    alg: str
    public: object
    kid: str = None


# ---- Ed25519, strictly -----------------------------------------------------------------------------------------------

PRIME = 2**255 - 19
GROUP = 2**252 + 27742317777372353535851937790883648493  # the order of the group in which signatures are made
D = -121665 * pow(121666, -1, PRIME) % PRIME
EIGHTH = int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little")
SMALL_ORDER = {0, 1, PRIME - 1, EIGHTH, PRIME - EIGHTH}  # the y of the points of which eight add up to nothing


def is_strong(point):
    """Whether 32 bytes are the one encoding of a point (y below the prime), and not of one of small order."""
    y = int.from_bytes(point, "little") % 2**255
    return y < PRIME and y not in SMALL_ORDER


def is_of_group(point):
    """Whether it is a point of the curve, and of the large group alone. The sign of x makes no difference to that."""
    y = int.from_bytes(point, "little") % 2**255
    square = (y * y - 1) * pow(D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    x = x if x * x % PRIME == square else x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    if x * x % PRIME != square:
        return False
    total, power = (0, 1), (x, y)
    for bit in reversed(f"{GROUP:b}"):
        total = add(total, power) if bit == "1" else total
        power = add(power, power)
    return total == (0, 1)


def add(one, other):
    (x1, y1), (x2, y2) = one, other
    skew = D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + skew, -1, PRIME) % PRIME
    return x, (y1 * y2 + x1 * x2) * pow(1 - skew, -1, PRIME) % PRIME


# ---- Reading keys ----------------------------------------------------------------------------------------------------


@functools.lru_cache(1000)
def load(data):
    """A public key from its bytes: a bare Ed25519, P-256, P-384 or ML-DSA-65 key, or SubjectPublicKeyInfo."""
    if len(data) == 32:
        if not (is_strong(data) and is_of_group(data)):
            raise ValueError("a weak Ed25519 key")
        return ed25519.Ed25519PublicKey.from_public_bytes(data)
    if len(data) == 1952:
        return mldsa.MLDSA65PublicKey.from_public_bytes(data)
    if len(data) in (33, 65, 49, 97):
        curve = ec.SECP256R1() if len(data) in (33, 65) else ec.SECP384R1()
        return ec.EllipticCurvePublicKey.from_encoded_point(curve, data)
    key = serialization.load_der_public_key(data)
    return load(raw(key)) if isinstance(key, ed25519.Ed25519PublicKey) else key


def raw(key):
    """The bytes by which a key is known."""
    if isinstance(key, bytes):
        return key
    return key.public_bytes_raw() if hasattr(key, "public_bytes_raw") else described(key)


def described(key):
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def read(text, enc):
    """A key from its text in one encoding; ValueError where it is none."""
    data = None
    if enc == "pem":
        body = re.fullmatch(r"\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*", text)
        data = base64.b64decode("".join(body[1].split())) if body else None
    elif enc in ("did", "did-url"):  # did:key: two bytes that name the algorithm, then the key
        named = decode(text.partition("#")[0].removeprefix("did:key:"), "z+b58") or b""
        data = named[2:] if named[:2] in (b"\xed\x01", b"\x80\x24", b"\x81\x24") else None
    elif enc != "jwk":
        data = decode(text, enc)
    if not data:
        raise ValueError("no key")
    return load(data)


def read_trust(path):
    """The pinned keys of a trust file (TOML, `[[key]]`). One key that cannot be used, and nothing is judged."""
    keys = []
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("key", []):
        if "valid_from" in entry or "valid_to" in entry:
            raise Refused(f"{path}: the oracle knows no periods of keys")
        public = entry["secret"].encode() if "secret" in entry else read_pinned(entry["public_key"].strip(), path)
        if not is_of(public, entry["algorithm"]):
            raise Refused(f"{path}: a key is of another algorithm than it says, or too weak")
        keys.append(Key(entry["algorithm"], public, entry.get("kid")))
    return keys


def read_pinned(text, path):
    for enc in ("pem", "did", "hex", "ed25519:+b64", "ed25519:+hex", "b64", "b64url"):
        try:
            return read(text, enc)
        except ValueError:
            continue
    raise Refused(f"{path}: a key cannot be used: {text[:80]}")


def names(text, key):
    """Whether a text is a key's SHA-256: of its bytes, of its SubjectPublicKeyInfo, or as RFC 7638 has it."""
    if isinstance(key, bytes):
        return False
    forms = [raw(key), described(key)]
    if isinstance(key, ed25519.Ed25519PublicKey):
        forms.append(('{"crv":"Ed25519","kty":"OKP","x":"%s"}' % encode(raw(key), "b64url")).encode())
    prints = [digest("sha256", data) for data in forms]
    return text.rpartition(":")[2] in [encode(data, enc) for data in prints for enc in ("hex", "b64", "b64url")]


# ---- Signatures ------------------------------------------------------------------------------------------------------


def is_of(key, alg):
    """Whether a key can be one of an algorithm's."""
    if alg in ("es256", "es384"):
        return isinstance(key, ec.EllipticCurvePublicKey) and key.key_size == int(alg[2:])
    if alg.startswith("rsa-"):
        return isinstance(key, rsa.RSAPublicKey) and key.key_size >= 2048
    kinds = {"ed25519": ed25519.Ed25519PublicKey, "ml-dsa-65": mldsa.MLDSA65PublicKey, "hmac-sha256": bytes}
    return isinstance(key, kinds.get(alg, ()))


def fits(key, alg, signature, message, shape="p1363", low=False):
    """Whether it is the key's signature over the message. One of another length or outside its range is nobody's; `low`
    leaves out the upper half of the range of an ECDSA signature's s."""
    try:
        if not is_of(key, alg):
            return False
        if alg == "hmac-sha256":
            return hmac.compare_digest(hmac.digest(key, message, "sha256"), signature)
        if alg == "ed25519":
            # the same signature in another spelling, or one that would fit under many keys
            if len(signature) != 64 or int.from_bytes(signature[32:], "little") >= GROUP or not is_strong(signature[:32]):
                return False
            key.verify(signature, message)
        elif alg == "ml-dsa-65":
            key.verify(signature, message)
        elif alg in ("es256", "es384"):
            made = hashes.SHA256() if alg == "es256" else hashes.SHA384()
            der = as_der(signature, key.key_size // 8, shape)
            if low and utils.decode_dss_signature(der)[1] > key.curve.group_order // 2:
                return False
            key.verify(der, message, ec.ECDSA(made))
        else:
            made = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}[alg[-3:]]
            filling = padding.PSS(padding.MGF1(made), made.digest_size) if "pss" in alg else padding.PKCS1v15()
            key.verify(signature, message, filling, made)
        return True
    except (InvalidSignature, ValueError):
        return False


def as_der(signature, half, shape):
    """An ECDSA signature as the library wants it. Either shape has one spelling only."""
    if shape == "der":
        if utils.encode_dss_signature(*utils.decode_dss_signature(signature)) != signature:
            raise ValueError("not DER")
        return signature
    if len(signature) != 2 * half:
        raise ValueError("of another length")
    return utils.encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
