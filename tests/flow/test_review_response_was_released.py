"""A response is opened only where the custodian's own log has its release: the right policy alone proves nothing."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from demo.pki import SIGN, Identity, write_identity
from privity.adapters.cms import CmsEncryptor
from privity.adapters.file_keys_material import EcdsaLogSigner, Ed25519LogSigner
from privity.bootstrap.wiring.requester import open_response_package
from privity.domain.answer import Answer
from privity.domain.certificate_policies import RESPONSE_SIGNING
from privity.domain.errors import ErrorCode, PrivityError
from privity.wire.package import open_container, write_container
from privity.wire.package_manifest import LOG_ENTRY, LOG_PROOF, PartEntry, ResponseManifest
from privity.wire.response_format import read_part, write_part
from tests.builders.custodian_home import Desk, decryptor_of, fresh, signer_of

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return fresh(tmp_path_factory.mktemp("released"))


@pytest.fixture(scope="module")
def released(desk: Desk) -> Files:
    _, delivered = desk.walk(desk.pack(desk.stage.first))
    container = open_container(io.BytesIO(Path(delivered.path).read_bytes()))
    return {name: container.read(name) for name in container.names}


def other_custodian(desk: Desk, folder: Path) -> Identity:
    """Somebody else below the same root, with the policy for signing responses."""
    key = ec.generate_private_key(ec.SECP256R1())
    authority = desk.stage.pki.custodian_authority
    certificate = authority.issue(
        "Another Custodian", key.public_key(), policies=[RESPONSE_SIGNING], uses=[SIGN], at=desk.stage.pki.at
    )
    return write_identity(folder, "other", "Another Custodian", key=key, certificate=certificate, authority=authority)


def recipient_of(desk: Desk, files: Files) -> tuple[Identity, PartEntry]:
    part = ResponseManifest.from_bytes(files["manifest.json"]).parts[-1]
    return next(one for one in desk.stage.pki.officers if one.fingerprint == part.recipient), part


def opened(desk: Desk, files: Files, trust: bytes | None = None, sent: bytes | None = None) -> dict[str, int]:
    person, _ = recipient_of(desk, files)
    pair = person.key.read_bytes(), person.certificate.read_bytes()
    trust = trust or (desk.home / "public" / "trust.json").read_bytes()
    request = io.BytesIO(sent) if sent else None
    return open_response_package(io.BytesIO(write_container(list(files.items()))), pair, trust, request).counts


def forged(desk: Desk, files: Files, folder: Path) -> Files:
    """Every answer of one part turned to CONFIRMED, hashed anew, signed by the other custodian."""
    person, part = recipient_of(desk, files)
    rows = read_part(decryptor_of(person).decrypt(files[part.name]))
    turned = write_part(replace(row, answer=Answer.CONFIRMED, code=None) for row in rows)
    sealed = CmsEncryptor().encrypt(turned, person.certificate.read_bytes())
    new = replace(part, size=len(sealed), sha256=hashlib.sha256(sealed).hexdigest())
    manifest = ResponseManifest.from_bytes(files["manifest.json"])
    parts = tuple(new if one.name == part.name else one for one in manifest.parts)
    document = replace(manifest, parts=parts).to_bytes()
    signature = signer_of(other_custodian(desk, folder)).sign(document, at=desk.clock.now())
    return {**files, part.name: sealed, "manifest.json": document, "manifest.p7s": signature}


def refused(action: Callable[[], object], code: ErrorCode) -> None:
    with pytest.raises(PrivityError) as raised:
        action()
    assert raised.value.code is code


def test_what_was_released_opens(desk: Desk, released: Files) -> None:
    assert sum(opened(desk, released).values()) == recipient_of(desk, released)[1].lines


def test_a_response_to_another_request_is_refused_where_the_request_is_given(tmp_path: Path) -> None:
    desk = fresh(tmp_path)
    first, second = desk.pack(desk.stage.first), desk.pack(desk.stage.second)
    _, delivered = desk.walk(first)
    container = open_container(io.BytesIO(Path(delivered.path).read_bytes()))
    files = {name: container.read(name) for name in container.names}
    assert opened(desk, files, sent=first)
    refused(lambda: opened(desk, files, sent=second), ErrorCode.PACKAGE_INVALID)


def test_another_custodians_signature_is_no_release(desk: Desk, released: Files, tmp_path: Path) -> None:
    refused(lambda: opened(desk, forged(desk, released, tmp_path)), ErrorCode.EVIDENCE_INVALID)


@pytest.mark.parametrize("name", [LOG_PROOF, LOG_ENTRY])
def test_a_changed_proof_is_no_proof(desk: Desk, released: Files, name: str) -> None:
    for place in (len(released[name]) // 3, len(released[name]) - 10):
        damaged = bytearray(released[name])
        damaged[place] ^= 1
        refused(lambda damaged=damaged: opened(desk, {**released, name: bytes(damaged)}), ErrorCode.EVIDENCE_INVALID)


def test_a_proof_of_another_log_is_no_proof(desk: Desk, released: Files) -> None:
    """The same authorities and the same name, but keys of another log, or one key of two."""
    trust = json.loads((desk.home / "public" / "trust.json").read_bytes())
    theirs = [
        Ed25519LogSigner(trust["origin"], ed25519.Ed25519PrivateKey.generate()).verifier_key,
        EcdsaLogSigner(trust["origin"], ec.generate_private_key(ec.SECP256R1())).verifier_key,
    ]
    for keys in (theirs, [trust["log_keys"][0], theirs[1]], [theirs[0], trust["log_keys"][1]]):
        other = json.dumps({**trust, "log_keys": keys}).encode()
        refused(lambda other=other: opened(desk, released, other), ErrorCode.EVIDENCE_INVALID)


def test_a_trust_file_without_log_keys_opens_nothing(desk: Desk, released: Files) -> None:
    trust = json.loads((desk.home / "public" / "trust.json").read_bytes())
    broken = trust["log_keys"][0].replace("+", "+0", 1)
    for keys in ([], [broken], ["", "a+b+c"], [trust["log_keys"][0] + "A"]):
        other = json.dumps({**trust, "log_keys": keys}).encode()
        refused(lambda other=other: opened(desk, released, other), ErrorCode.KEY_INVALID)
    other = json.dumps({**trust, "origin": "another.example/log"}).encode()
    refused(lambda: opened(desk, released, other), ErrorCode.KEY_INVALID)
    del trust["log_keys"]
    refused(lambda: opened(desk, released, json.dumps(trust).encode()), ErrorCode.FORMAT_INVALID)
