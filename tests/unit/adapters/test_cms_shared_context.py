"""Many recipients are checked in one validation context: each by itself all the same, and at each moment anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asn1crypto import pem, x509

from privity.domain.errors import ErrorCode, PrivityError
from tests.builders.pki import AT, pki, verifier


def with_signature_of(other: str, certificate: str) -> str:
    """The certificate, its signature replaced by another certificate's."""
    one = x509.Certificate.load(pem.unarmor(certificate.encode())[2])
    two = x509.Certificate.load(pem.unarmor(other.encode())[2])
    forged = x509.Certificate(
        {
            "tbs_certificate": one["tbs_certificate"],
            "signature_algorithm": one["signature_algorithm"],
            "signature_value": two["signature_value"],
        }
    )
    return str(pem.armor("CERTIFICATE", forged.dump()), "ascii")


def test_a_signature_seen_before_vouches_for_nothing() -> None:
    first, second, *_ = pki().officers
    checker = verifier()
    checker.check_recipient(first.certificate_pem, at=AT)
    intermediate = pki().intermediates[0].read_text()
    for signature in (first.certificate_pem, intermediate):
        with pytest.raises(PrivityError) as refusal:
            checker.check_recipient(with_signature_of(signature, second.certificate_pem), at=AT)
        assert refusal.value.code is ErrorCode.CERTIFICATE_INVALID
    checker.check_recipient(second.certificate_pem, at=AT)
    checker.check_recipient(first.certificate_pem, at=AT)


def test_another_moment_is_another_question() -> None:
    officer = pki().officers[0]
    checker = verifier()
    checker.check_recipient(officer.certificate_pem, at=AT)
    with pytest.raises(PrivityError) as refusal:
        checker.check_recipient(officer.certificate_pem, at=AT + timedelta(days=40_000))
    assert refusal.value.code is ErrorCode.CERTIFICATE_INVALID
    checker.check_recipient(officer.certificate_pem, at=AT)
