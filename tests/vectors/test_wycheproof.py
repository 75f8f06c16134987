"""C2SP Wycheproof: edge cases that broke other people's cryptography, through our one module of primitives."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF
from cryptography.hazmat.primitives.serialization import load_der_public_key

from privity.adapters import primitives

VECTORS = Path(os.environ.get("PRIVITY_VECTORS", Path(__file__).resolve().parents[3] / "shared" / "vectors"))
FOLDER = VECTORS / "wycheproof"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="Wycheproof's vectors are not here: set PRIVITY_VECTORS to a folder that has wycheproof/",
)
Case = tuple[dict[str, Any], dict[str, Any]]


def cases(name: str) -> Iterator[Case]:
    """(group, test) of one file."""
    for group in json.loads((FOLDER / f"{name}_test.json").read_text())["testGroups"]:
        for test in group["tests"]:
            yield group, test


def accepted(act: Callable[..., Any], *arguments: Any) -> bool:
    """Whether the primitive took its input."""
    try:
        act(*arguments)
    except primitives.PrimitiveError:
        return False
    return True


def test_aes_gcm() -> None:
    seen = {"valid": 0, "invalid": 0, "outside": 0}
    for group, test in cases("aes_gcm"):
        key, nonce, plain, associated = (bytes.fromhex(test[name]) for name in ("key", "iv", "msg", "aad"))
        sealed = bytes.fromhex(test["ct"] + test["tag"])
        if group["keySize"] != 256 or group["ivSize"] != 96:
            assert not accepted(primitives.gcm_encrypt, key, nonce, plain, associated), test["tcId"]
            seen["outside"] += 1
            continue
        seen[test["result"]] += 1
        if test["result"] == "valid":
            assert primitives.gcm_encrypt(key, nonce, plain, associated) == sealed, test["tcId"]
            assert primitives.gcm_decrypt(key, nonce, sealed, associated) == plain, test["tcId"]
        else:
            assert not accepted(primitives.gcm_decrypt, key, nonce, sealed, associated), test["tcId"]
    assert min(seen.values()) > 10


def test_aes_key_wrap() -> None:
    seen = {"valid": 0, "invalid": 0}
    for group, test in cases("aes_wrap"):
        key, plain, wrapped = (bytes.fromhex(test[name]) for name in ("key", "msg", "ct"))
        if group["keySize"] != 256 or test["result"] == "acceptable":
            continue
        seen[test["result"]] += 1
        if test["result"] == "valid":
            assert primitives.wrap_key(key, plain) == wrapped, test["tcId"]
            assert primitives.unwrap_key(key, wrapped) == plain, test["tcId"]
        else:
            assert not accepted(primitives.unwrap_key, key, wrapped), test["tcId"]
    assert min(seen.values()) > 10


@pytest.mark.parametrize(
    ("name", "digest"), [("ecdsa_secp256r1_sha256", "sha256"), ("ecdsa_secp384r1_sha384", "sha384")]
)
def test_ecdsa(name: str, digest: str) -> None:
    seen = {"valid": 0, "invalid": 0}
    for group, test in cases(name):
        key = load_der_public_key(bytes.fromhex(group["publicKeyDer"]))
        assert isinstance(key, ec.EllipticCurvePublicKey)
        signature, message = bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"])
        verdict = accepted(primitives.verify_ecdsa, key, signature, message, digest)
        assert verdict == (test["result"] == "valid"), test["tcId"]
        seen[test["result"]] += 1
    assert min(seen.values()) > 50


def test_ed25519() -> None:
    seen = {"valid": 0, "invalid": 0}
    for group, test in cases("ed25519"):
        key = bytes.fromhex(group["publicKey"]["pk"])
        signature, message = bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"])
        verdict = accepted(primitives.verify_ed25519, key, signature, message)
        assert verdict == (test["result"] == "valid"), test["tcId"]
        seen[test["result"]] += 1
    assert min(seen.values()) > 20


def test_ecdh_p384() -> None:
    """Valid: our key agreement is the KDF over the published secret. Invalid: the point never meets the key."""
    seen = {"valid": 0, "invalid": 0, "acceptable": 0}
    curve = ec.SECP384R1()
    for _, test in cases("ecdh_secp384r1"):
        public = bytes.fromhex(test["public"])
        point = public[-97:] if public[-97:-96] == b"\x04" else public[-49:]
        private = ec.derive_private_key(int(test["private"], 16), curve)
        expected = (
            X963KDF(hashes.SHA384(), 32, b"info").derive(bytes.fromhex(test["shared"])) if test["shared"] else b""
        )
        try:
            got = primitives.agree_key(private, primitives.load_point(curve, point), b"info", "sha384")
        except primitives.PrimitiveError:
            got = None
        seen[test["result"]] += 1
        if test["result"] == "valid":
            assert got == expected, test["tcId"]
        elif got is not None:
            # The bytes before the point are wrong (another curve's name, parameters): we never read them, only a point,
            # so what counts is that the point lies on our own curve.
            assert got == expected or not expected, test["tcId"]
            assert primitives.load_point(curve, point).curve.name == "secp384r1"
    assert seen["valid"] > 100
