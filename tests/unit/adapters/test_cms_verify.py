"""CMS signatures: what verifies, and each cause of refusal with its code and a sentence of its own."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, core
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.pki import AGREE, SIGN, Authority, Identity, create_pki
from privity.adapters import primitives
from privity.adapters.cms import CmsSigner, CmsVerifier
from privity.adapters.file_keys_private import load_private_key
from privity.domain.certificate_policies import RECIPIENT, REQUEST_SIGNING, RESPONSE_SIGNING
from privity.domain.errors import ErrorCode, PrivityError
from tests.builders.pki import (
    AT,
    EXPIRED,
    NOT_YET_VALID,
    OFFICES,
    WRONG_POLICY,
    WRONG_USE,
    Odd,
    make_key,
    odd_identity,
    pki,
    signer_of,
    verifier,
)

CONTENT = b'{"a":1}'


def holder() -> Identity:
    return pki().holders[OFFICES[0]]


def refused(content: bytes, signature: bytes, checker: CmsVerifier | None = None, **options: Any) -> PrivityError:
    with pytest.raises(PrivityError) as refusal:
        (checker or verifier()).verify(content, signature, at=options.pop("at", AT), **options)
    error = refusal.value
    assert error.mend
    assert "Avery" not in str(error)
    assert "Odd Person" not in str(error)
    return error


@pytest.mark.parametrize("key", ["p256", "p384", "rsa3072"])
def test_each_accepted_key_signs_and_verifies(tmp_path: Path, key: str) -> None:
    identity = odd_identity(tmp_path, Odd(key=key))
    signature = signer_of(identity).sign(CONTENT, at=AT)
    seen = verifier().verify(CONTENT, signature, at=AT + timedelta(hours=1), policies=[REQUEST_SIGNING])
    assert seen.signer_fingerprint == identity.fingerprint
    assert hashlib.sha256(seen.signer_certificate).hexdigest() == identity.fingerprint
    assert seen.signing_time == AT
    assert seen.policies == tuple(sorted((REQUEST_SIGNING, RECIPIENT)))


def test_signing_is_deterministic_so_that_a_repeated_step_gives_the_same_bytes() -> None:
    assert signer_of(holder()).sign(CONTENT, at=AT) == signer_of(holder()).sign(CONTENT, at=AT)


def test_chain_may_come_with_the_signature_or_from_the_trust_store() -> None:
    alone = CmsSigner(holder().key.read_bytes(), holder().certificate.read_bytes())
    assert verifier().verify(CONTENT, alone.sign(CONTENT, at=AT), at=AT)
    along = signer_of(holder())
    assert verifier(intermediates=False).verify(CONTENT, along.sign(CONTENT, at=AT), at=AT)
    error = refused(CONTENT, alone.sign(CONTENT, at=AT), verifier(intermediates=False))
    assert error.code is ErrorCode.CERTIFICATE_INVALID


def test_other_content_is_refused() -> None:
    error = refused(CONTENT + b" ", signer_of(holder()).sign(CONTENT, at=AT))
    assert error.code is ErrorCode.SIGNATURE_INVALID
    assert "other content" in error.message


def test_every_changed_byte_of_the_signature_is_refused() -> None:
    """Whatever byte changes, the signature no longer verifies; nothing but the two refusals is raised."""
    signature = signer_of(holder()).sign(CONTENT, at=AT)
    checker = verifier()
    for place in range(len(signature)):
        damaged = bytearray(signature)
        damaged[place] ^= 0x01
        error = refused(CONTENT, bytes(damaged), checker)
        assert error.code in {ErrorCode.SIGNATURE_INVALID, ErrorCode.CERTIFICATE_INVALID}, place


def test_another_case_in_a_name_is_refused() -> None:
    """RFC 5280 compares names without case; the signer identifier lies outside the signature, so we do not."""
    signature = signer_of(holder()).sign(CONTENT, at=AT)
    place = signature.rfind(b"Demonstration Requester Authority")
    for offset in range(33):
        damaged = bytearray(signature)
        damaged[place + offset] ^= 0x20
        assert refused(CONTENT, bytes(damaged)).code is ErrorCode.SIGNATURE_INVALID


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_mutations_are_refused_and_raise_nothing_else(data: st.DataObject) -> None:
    """Bytes overwritten, removed and repeated, as a fuzzer does; the longer runs found three slips (0042)."""
    signature = signer_of(holder()).sign(CONTENT, at=AT)
    damaged = bytearray(signature)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        length = data.draw(st.integers(1, 12))
        damaged[place : place + length] = data.draw(st.binary(max_size=12))
        if not damaged:
            break
    if bytes(damaged) != signature:
        assert refused(CONTENT, bytes(damaged)).code in {ErrorCode.SIGNATURE_INVALID, ErrorCode.CERTIFICATE_INVALID}


@pytest.mark.parametrize("damage", [b"", b"\x30", b"\x30\x80\x00\x00", b"hello", b"0" * 300_000, b"\x30\x00"])
def test_other_bytes_are_refused(damage: bytes) -> None:
    assert refused(CONTENT, damage).code is ErrorCode.SIGNATURE_INVALID


def test_truncated_and_extended_signatures_are_refused() -> None:
    signature = signer_of(holder()).sign(CONTENT, at=AT)
    for length in range(0, len(signature), 7):
        assert refused(CONTENT, signature[:length]).code is ErrorCode.SIGNATURE_INVALID
    assert refused(CONTENT, signature + b"\0").code is ErrorCode.SIGNATURE_INVALID


def test_each_certificate_cause_has_its_own_sentence(tmp_path: Path) -> None:
    """Expired, not yet valid, wrong policy, wrong usage, revoked, unknown issuer, no list, stale list: all differ."""
    other = create_pki(tmp_path / "other", at=AT, offices=OFFICES[:1], officers=0)
    revoking = create_pki(tmp_path / "revoking", at=AT, offices=OFFICES[:1], officers=0)
    stranger = odd_identity(tmp_path, Odd(), authority=Authority.root("Somebody Else", at=AT), name="f")
    _revoke(revoking.requester_authority, revoking.holders[OFFICES[0]])
    revoking.write_revocation_lists(at=AT)
    cases: dict[str, tuple[Identity, CmsVerifier, dict[str, Any]]] = {
        "expired": (odd_identity(tmp_path, EXPIRED, name="a"), verifier(), {}),
        "not valid yet": (odd_identity(tmp_path, NOT_YET_VALID, name="b"), verifier(), {}),
        "policy": (odd_identity(tmp_path, WRONG_POLICY, name="c"), verifier(), {"policies": [REQUEST_SIGNING]}),
        "key usage": (odd_identity(tmp_path, WRONG_USE, name="d"), verifier(), {}),
        "revoked": (revoking.holders[OFFICES[0]], verifier(revoking), {}),
        "trust anchor": (stranger, verifier(), {}),
        "path does not verify": (other.holders[OFFICES[0]], verifier(), {}),  # same names, other keys
        "no current revocation list": (holder(), verifier(crls=False), {}),
        "kind or length": (odd_identity(tmp_path, Odd(key="p521"), name="e"), verifier(), {}),
    }
    sentences = set()
    for cause, (identity, checker, options) in cases.items():
        signer = _careless_signature(identity)
        error = refused(CONTENT, signer, checker, **options)
        assert error.code is ErrorCode.CERTIFICATE_INVALID, cause
        assert cause in error.message
        sentences.add(error.message)
    assert len(sentences) == len(cases)


def test_stale_revocation_lists_are_refused() -> None:
    signature = signer_of(holder()).sign(CONTENT, at=AT)
    error = refused(CONTENT, signature, at=AT + timedelta(days=31))
    assert error.code is ErrorCode.CERTIFICATE_INVALID
    assert "no current revocation list" in error.message


def test_a_revoked_issuing_authority_takes_its_certificates_along(tmp_path: Path) -> None:
    demo = create_pki(tmp_path, at=AT, offices=OFFICES[:1], officers=0)
    demo.root.revoke(demo.requester_authority.certificate, at=AT - timedelta(hours=1))
    demo.write_revocation_lists(at=AT)
    error = refused(CONTENT, signer_of(demo.holders[OFFICES[0]]).sign(CONTENT, at=AT), verifier(demo))
    assert error.code is ErrorCode.CERTIFICATE_INVALID
    assert "revoked" in error.message


def test_all_required_policies_must_hold_along_the_path() -> None:
    signature = signer_of(holder()).sign(CONTENT, at=AT)
    for policies in ([RESPONSE_SIGNING], [REQUEST_SIGNING, RESPONSE_SIGNING], ["2.5.29.32.0"]):
        assert refused(CONTENT, signature, policies=policies).code is ErrorCode.CERTIFICATE_INVALID


def test_a_policy_that_the_authority_may_not_grant_does_not_hold(tmp_path: Path) -> None:
    """The requester's authority is limited to its own policies: it cannot make a custodian."""
    identity = odd_identity(tmp_path, Odd(policies=(RESPONSE_SIGNING, REQUEST_SIGNING)))
    signature = signer_of(identity).sign(CONTENT, at=AT)
    assert verifier().verify(CONTENT, signature, at=AT).policies == (REQUEST_SIGNING,)
    assert refused(CONTENT, signature, policies=[RESPONSE_SIGNING]).code is ErrorCode.CERTIFICATE_INVALID


def test_an_authoritys_certificate_does_not_sign_requests(tmp_path: Path) -> None:
    demo = create_pki(tmp_path, at=AT, offices=OFFICES[:1], officers=0)
    name = "demonstration-requester-authority"
    key = (tmp_path / "authorities" / f"{name}.key").read_bytes()
    certificate = (tmp_path / "trust" / "intermediates" / f"{name}.pem").read_bytes()
    error = refused(CONTENT, CmsSigner(key, certificate).sign(CONTENT, at=AT), verifier(demo))
    assert error.code is ErrorCode.CERTIFICATE_INVALID
    assert "certification authority" in error.message


def test_a_leaf_cannot_issue(tmp_path: Path) -> None:
    """A certificate issued by an officer's key, with the officer as authority, has no path."""
    officer = holder()
    key = load_private_key(officer.key.read_bytes())
    from cryptography import x509 as pyca

    leaf = Authority(
        "Avery Alder", key, pyca.load_pem_x509_certificate(officer.certificate.read_bytes()), pki().requester_authority
    )
    forged = odd_identity(tmp_path, Odd(), authority=leaf)
    assert refused(CONTENT, signer_of(forged).sign(CONTENT, at=AT)).code is ErrorCode.CERTIFICATE_INVALID


def test_signing_times() -> None:
    signer = signer_of(holder())
    assert verifier().verify(CONTENT, signer.sign(CONTENT, at=AT + timedelta(minutes=4)), at=AT)
    error = refused(CONTENT, signer.sign(CONTENT, at=AT + timedelta(minutes=6)))
    assert error.code is ErrorCode.SIGNATURE_INVALID
    assert "future" in error.message
    error = refused(CONTENT, signer.sign(CONTENT, at=AT - timedelta(days=3)))
    assert error.code is ErrorCode.CERTIFICATE_INVALID
    assert "claimed signing time" in error.message
    with pytest.raises(ValueError, match="time zone"):
        signer.sign(CONTENT, at=AT.replace(tzinfo=None))


def test_short_rsa_keys_neither_sign_nor_verify(tmp_path: Path) -> None:
    identity = odd_identity(tmp_path, Odd(key="rsa2048"))
    with pytest.raises(PrivityError) as refusal:
        signer_of(identity)
    assert refusal.value.code is ErrorCode.KEY_INVALID
    assert refused(CONTENT, _careless_signature(identity)).code is ErrorCode.CERTIFICATE_INVALID


def test_a_certificate_for_another_key_is_refused() -> None:
    with pytest.raises(PrivityError) as refusal:
        CmsSigner(holder().key.read_bytes(), pki().counsel.certificate.read_bytes())
    assert refusal.value.code is ErrorCode.CERTIFICATE_INVALID
    with pytest.raises(PrivityError) as refusal:
        CmsSigner(b"not a key", holder().certificate.read_bytes())
    assert refusal.value.code is ErrorCode.KEY_INVALID


def test_library_log_lines_name_nobody(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        verifier().verify(CONTENT, signer_of(holder()).sign(CONTENT, at=AT), at=AT)
    assert "Avery" not in caplog.text


def test_verifies_inside_a_running_event_loop() -> None:
    import asyncio

    async def door() -> str:
        return verifier().verify(CONTENT, signer_of(holder()).sign(CONTENT, at=AT), at=AT).signer_fingerprint

    assert asyncio.run(door()) == holder().fingerprint


def test_recipients(tmp_path: Path) -> None:
    officer = pki().officers[0]
    der = verifier().check_recipient(officer.certificate_pem, at=AT)
    assert hashlib.sha256(der).hexdigest() == officer.fingerprint
    strict = CmsVerifier(
        [path.read_bytes() for path in pki().anchors],
        [path.read_bytes() for path in pki().intermediates],
        [path.read_bytes() for path in pki().crls],
        recipient_policies=[RECIPIENT],
    )
    assert strict.check_recipient(officer.certificate_pem, at=AT) == der
    odd = [
        odd_identity(tmp_path, Odd(uses=(SIGN,)), name="a"),
        odd_identity(tmp_path, Odd(key="rsa3072"), name="b"),
        odd_identity(tmp_path, EXPIRED, name="c"),
        odd_identity(tmp_path, Odd(policies=(REQUEST_SIGNING,), uses=(AGREE,)), name="d"),
    ]
    for pem in [*(one.certificate_pem for one in odd), "", "x", officer.certificate_pem * 2]:
        with pytest.raises(PrivityError) as refusal:
            strict.check_recipient(pem, at=AT)
        assert refusal.value.code is ErrorCode.CERTIFICATE_INVALID


def test_trust_stores_must_be_readable() -> None:
    good = [path.read_bytes() for path in pki().anchors]
    key = holder().key.read_bytes()
    for anchors, intermediates, crls in (
        ([], [], []),
        ([b"x"], [], []),
        (good, [b"x"], []),
        (good, [], [b"x"]),
        ([key], [], []),
        (good, [], good),
    ):
        with pytest.raises(PrivityError) as refusal:
            CmsVerifier(anchors, intermediates, crls)
        assert refusal.value.code is ErrorCode.CERTIFICATE_INVALID


# Signatures of other shapes, made by hand: each verifies as mathematics, and none is accepted.


def _revoke(authority: Authority, identity: Identity) -> None:
    from cryptography import x509 as pyca

    authority.revoke(pyca.load_pem_x509_certificate(identity.certificate.read_bytes()), at=AT - timedelta(hours=1))


def _careless_signature(identity: Identity) -> bytes:
    """A signature with whatever key the identity has, also one that our signer refuses."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding

    signer = CmsSigner.__new__(CmsSigner)
    from privity.adapters.cms_certificates import load_certificates

    key = load_private_key(identity.key.read_bytes())
    signer._key, signer._chain, signer._digest = key, load_certificates([identity.chain.read_bytes()]), "sha256"
    signer._der = signer._chain[0].dump()
    attributes = signer._signed_attributes(CONTENT, AT)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        raw = key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256()))
    else:
        raw = key.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256())
    return signer._signed_data(attributes, raw)


def _resigned(change: str) -> bytes:
    """A signature by the holder with one thing changed, and signed anew where the change lies inside."""
    content = cms.ContentInfo.load(signer_of(holder()).sign(CONTENT, at=AT))
    data = content["content"]
    info = data["signer_infos"][0]
    attributes = {attribute["type"].native: attribute for attribute in info["signed_attrs"]}
    signed = cms.CMSAttributes([each.copy() for each in _inside(change, attributes, data, info)])
    info["signed_attrs"] = signed
    info["signature"] = primitives.sign(load_private_key(holder().key.read_bytes()), signed.dump())
    additions: dict[str, tuple[Any, Any]] = {
        "stranger's certificate": (
            data["certificates"],
            cms.CertificateChoices("certificate", _load(pki().counsel.certificate.read_bytes())),
        ),
        "same certificate twice": (data["certificates"], data["certificates"][0].copy()),
        "two signers": (data["signer_infos"], info.copy()),
        "extra digest": (data["digest_algorithms"], {"algorithm": "sha512"}),
    }
    if change in additions:
        collection, addition = additions[change]
        collection.append(addition)
    replacements: dict[str, tuple[Any, str, Any]] = {
        "unsigned attribute": (info, "unsigned_attrs", [attributes["signing_time"].copy()]),
        "no certificate": (data, "certificates", []),
        "no signer": (data, "signer_infos", []),
        "revocation list inside": (data, "crls", [cms.RevocationInfoChoice("crl", _load_crl())]),
    }
    if change in replacements:
        sequence, name, value = replacements[change]
        sequence[name] = value
    return content.dump(force=True)


def _inside(change: str, attributes: dict[str, Any], data: Any, info: Any) -> list[Any]:
    """The signed attributes after a change of what is signed."""
    others = dict(attributes)
    others.pop(change.removeprefix("without "), None)
    if change == "twice":
        return [*others.values(), attributes["signing_time"]]
    if change == "content type":
        others["content_type"] = cms.CMSAttribute({"type": "content_type", "values": ["signed_data"]})
    if change == "sha1":
        info["digest_algorithm"] = {"algorithm": "sha1"}
        data["digest_algorithms"] = [{"algorithm": "sha1"}]
        digest = hashlib.sha1(CONTENT).digest()
        others["message_digest"] = cms.CMSAttribute({"type": "message_digest", "values": [digest]})
    if change == "not detached":
        data["encap_content_info"] = {"content_type": "data", "content": core.OctetString(CONTENT)}
    return list(others.values())


def _load(pem_bytes: bytes) -> Any:
    from privity.adapters.cms_certificates import load_certificates

    return load_certificates([pem_bytes])[0]


def _load_crl() -> Any:
    from privity.adapters.cms_certificates import load_revocation_lists

    return load_revocation_lists([pki().crls[0].read_bytes()])[0]


def test_the_workshop_makes_good_signatures() -> None:
    assert verifier().verify(CONTENT, _resigned("nothing"), at=AT)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("without content_type", "lacks"),
        ("without message_digest", "lacks"),
        ("without signing_time", "lacks"),
        ("without signing_certificate_v2", "lacks"),
        ("twice", "twice"),
        ("content type", "plain data"),
        ("sha1", "digest that is not accepted"),
        ("not detached", "not detached"),
        ("unsigned attribute", "unsigned attributes"),
        ("stranger's certificate", "not part of the signer's path"),
        ("same certificate twice", "twice"),
        ("no certificate", "no certificate"),
        ("two signers", "exactly one signer"),
        ("no signer", "exactly one signer"),
        ("extra digest", "other digests"),
        ("revocation list inside", "revocation lists"),
    ],
)
def test_other_shapes_are_refused(change: str, words: str) -> None:
    assert words in refused(CONTENT, _resigned(change)).message


def test_keys_of_the_wrong_kind_are_not_made_by_accident() -> None:
    for kind in ("p521", "rsa2048"):
        key = make_key(kind)
        with pytest.raises(primitives.PrimitiveError):
            primitives.sign(key, b"x")  # type: ignore[arg-type]
