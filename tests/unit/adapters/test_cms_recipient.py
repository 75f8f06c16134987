"""The custodian's certificate at the requester's desk: verified against anchors, or at least not unusable in itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from demo.pki import AGREE, SIGN, Authority, create_pki
from privity.adapters.cms_recipient import check_against_anchors, check_in_itself
from privity.domain.certificate_policies import RECIPIENT
from privity.domain.errors import ErrorCode, PrivityError
from tests.builders.packages import custodian_recipient
from tests.builders.pki import AT, OFFICES, Odd, odd_identity, pki

GOOD = Odd(policies=(RECIPIENT,), uses=(AGREE,))
EXPIRED = replace(GOOD, at=AT - timedelta(days=400), days=365)
NOT_YET = replace(GOOD, at=AT + timedelta(days=30))
SIGNING = replace(GOOD, uses=(SIGN,))
RSA = replace(GOOD, key="rsa3072")


def anchored(chain: bytes, *more_crls: bytes, intermediates: bool = True) -> None:
    trust = [[path.read_bytes() for path in paths] for paths in (pki().anchors, pki().intermediates, pki().crls)]
    check_against_anchors(
        chain, trust[0], trust[1] if intermediates else [], [*trust[2], *more_crls], at=AT, policies=(RECIPIENT,)
    )


def told(check: object, *given: object, **options: object) -> str:
    with pytest.raises(PrivityError) as raised:
        check(*given, **options)  # type: ignore[operator]
    assert raised.value.code is ErrorCode.CERTIFICATE_INVALID
    assert raised.value.mend
    return raised.value.message


def test_a_good_certificate_passes_alone_and_with_its_chain() -> None:
    identity = custodian_recipient()
    anchored(identity.certificate.read_bytes())
    anchored(identity.chain.read_bytes(), intermediates=False)
    check_in_itself(identity.chain.read_bytes(), at=AT)


@pytest.mark.parametrize(
    ("odd", "cause"),
    [(EXPIRED, "expired"), (NOT_YET, "not valid yet"), (SIGNING, "key usage"), (RSA, "RSA key")],
    ids=["expired", "not yet", "signing", "rsa"],
)
def test_what_is_wrong_in_itself_is_told_with_and_without_anchors(tmp_path: Path, odd: Odd, cause: str) -> None:
    chain = odd_identity(tmp_path, odd, authority=pki().custodian_authority).chain.read_bytes()
    assert cause in told(anchored, chain)
    assert cause in told(check_in_itself, chain, at=AT)


def test_only_anchors_tell_a_stranger_a_wrong_policy_and_a_revocation(tmp_path: Path) -> None:
    stranger = odd_identity(tmp_path, GOOD, authority=Authority.root("Somebody Else", at=AT), name="a")
    other_use = odd_identity(tmp_path, replace(GOOD, policies=()), authority=pki().custodian_authority, name="b")
    for identity, cause in ((stranger, "trust anchor"), (other_use, "policy")):
        assert cause in told(anchored, identity.chain.read_bytes())
        check_in_itself(identity.chain.read_bytes(), at=AT)


def test_a_newer_list_beside_the_trust_files_older_one_revokes(tmp_path: Path) -> None:
    demo = create_pki(tmp_path, at=AT, offices=OFFICES[:1], officers=0)
    identity = odd_identity(tmp_path, GOOD, authority=demo.custodian_authority)
    trust = [[path.read_bytes() for path in paths] for paths in (demo.anchors, demo.intermediates, demo.crls)]
    options = {"at": AT, "policies": (RECIPIENT,)}
    check_against_anchors(identity.chain.read_bytes(), *trust, **options)
    demo.custodian_authority.revoke(
        x509.load_pem_x509_certificate(identity.certificate.read_bytes()), at=AT - timedelta(hours=1)
    )
    demo.write_revocation_lists(at=AT)
    newer = [path.read_bytes() for path in demo.crls]
    for lists in ([*trust[2], *newer], [*newer, *trust[2]]):
        assert "revoked" in told(check_against_anchors, identity.chain.read_bytes(), *trust[:2], lists, **options)


def test_what_is_no_certificate_is_refused() -> None:
    for text in (b"", b"\x30\x00", b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"):
        told(check_in_itself, text, at=AT)
        told(anchored, text)
