"""pyHanko's whole validator agrees with ours on what we sign: a second opinion, in the same language."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("pyhanko", reason="pyHanko is not installed")

from asn1crypto import cms, pem, x509
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from tests.builders.pki import AT, OFFICES, pki, signer_of


def validate(content: bytes, signature: bytes) -> bool:
    roots = [x509.Certificate.load(pem.unarmor(path.read_bytes())[2]) for path in pki().anchors]
    context = ValidationContext(
        trust_roots=roots,
        moment=AT,
        allow_fetching=False,
        crls=[pem.unarmor(path.read_bytes())[2] for path in pki().crls],
        revocation_mode="require",
    )
    usage = KeyUsageConstraints(key_usage={"digital_signature"})
    status = asyncio.run(
        async_validate_detached_cms(
            content,
            cms.ContentInfo.load(signature)["content"],
            signer_validation_context=context,
            key_usage_settings=usage,
        )
    )
    return bool(status.bottom_line)


def test_pyhanko_validates_our_signatures() -> None:
    signature = signer_of(pki().holders[OFFICES[0]]).sign(b"content", at=AT)
    assert validate(b"content", signature)
    assert not validate(b"Content", signature)
