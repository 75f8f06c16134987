"""Encrypted parts: they open for their recipient alone, any change is refused, a size tells only a length."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.pki import Identity
from privity.adapters.cms import CmsDecryptor, CmsEncryptor
from privity.adapters.cms_schema import Envelope
from privity.domain.errors import ErrorCode, PrivityError
from tests.builders.pki import Odd, decryptor_of, encrypt_to, odd_identity, pki


def officer(place: int = 0) -> Identity:
    return pki().officers[place]


def refused(enveloped: bytes, decryptor: CmsDecryptor | None = None) -> None:
    with pytest.raises(PrivityError) as refusal:
        (decryptor or decryptor_of(officer())).decrypt(enveloped)
    assert refusal.value.code is ErrorCode.DECRYPTION_FAILED


@pytest.mark.parametrize("key", ["p256", "p384"])
@pytest.mark.parametrize("size", [0, 1, 111, 100_000])
def test_round_trip(tmp_path: Path, key: str, size: int) -> None:
    identity = odd_identity(tmp_path, Odd(key=key))
    plaintext = bytes(range(256)) * (size // 256 + 1)
    assert decryptor_of(identity).decrypt(encrypt_to(identity, plaintext[:size])) == plaintext[:size]


def test_der_certificates_are_taken_too() -> None:
    decryptor = decryptor_of(officer())
    assert decryptor.decrypt(CmsEncryptor().encrypt(b"x", decryptor.certificate)) == b"x"


def test_length_depends_on_the_plaintexts_length_alone() -> None:
    """C2: nothing of what a part says shows in its size."""
    for size in (0, 111, 1110, 5000):
        lengths = {len(encrypt_to(officer(), fill * size)) for fill in (b"\0", b"A", b"\xff") for _ in range(4)}
        assert len(lengths) == 1


def test_two_encryptions_differ() -> None:
    assert encrypt_to(officer(), b"x" * 100) != encrypt_to(officer(), b"x" * 100)


def test_another_recipient_cannot_open_it() -> None:
    refused(encrypt_to(officer(0), b"secret"), decryptor_of(officer(1)))


def test_every_changed_byte_and_every_truncation_is_refused() -> None:
    enveloped = encrypt_to(officer(), b"111 Main Street")
    decryptor = decryptor_of(officer())
    for place in range(len(enveloped)):
        for change in (0x01, 0x80):
            damaged = bytearray(enveloped)
            damaged[place] ^= change
            refused(bytes(damaged), decryptor)
        refused(enveloped[:place], decryptor)
    refused(enveloped + b"\0", decryptor)


def test_another_case_in_a_name_is_refused() -> None:
    enveloped = encrypt_to(officer(), b"x")
    place = enveloped.rfind(b"Demonstration Requester Authority")
    for offset in range(33):
        damaged = bytearray(enveloped)
        damaged[place + offset] ^= 0x20
        refused(bytes(damaged))


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_mutations_are_refused_and_raise_nothing_else(data: st.DataObject) -> None:
    enveloped = encrypt_to(officer(), b"x" * 50)
    damaged = bytearray(enveloped)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        length = data.draw(st.integers(1, 12))
        damaged[place : place + length] = data.draw(st.binary(max_size=12))
        if not damaged:
            break
    if bytes(damaged) != enveloped:
        refused(bytes(damaged))


def test_a_point_off_the_curve_is_refused() -> None:
    """The invalid-curve attack: an ephemeral key that is on no curve must never meet the private key."""
    envelope = Envelope.load(encrypt_to(officer(), b"x"))
    agreement = envelope["content"]["recipient_infos"][0].chosen
    originator = agreement["originator"].chosen
    for point in (b"\x04" + b"\x01" * 64, b"\x04" + b"\x00" * 64, b"\x00", b"", b"\x02" + b"\x01" * 32):
        originator["public_key"] = point
        refused(envelope.dump(force=True))


def test_a_short_tag_and_other_algorithms_are_refused() -> None:
    for path, value in (
        (("content", "algorithm", "algorithm"), "2.16.840.1.101.3.4.1.6"),  # AES-128-GCM
        (("content", "content_type"), "1.2.840.113549.1.7.2"),
        (("version",), 2),
        (("mac",), b"\0" * 12),
    ):
        envelope = Envelope.load(encrypt_to(officer(), b"x"))
        place = envelope["content"]
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value
        refused(envelope.dump(force=True))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_noise_is_refused(noise: bytes) -> None:
    refused(noise)


def test_unusable_certificates_are_refused(tmp_path: Path) -> None:
    for place, key in enumerate(("rsa3072", "p521")):
        identity = odd_identity(tmp_path, Odd(key=key), name=str(place))
        with pytest.raises(PrivityError) as refusal:
            encrypt_to(identity, b"x")
        assert refusal.value.code is ErrorCode.CERTIFICATE_INVALID
        with pytest.raises(PrivityError) as refusal:
            decryptor_of(identity)
        assert refusal.value.code is ErrorCode.KEY_INVALID
    with pytest.raises(PrivityError) as refusal:
        CmsEncryptor().encrypt(b"x", b"not a certificate")
    assert refusal.value.code is ErrorCode.CERTIFICATE_INVALID
