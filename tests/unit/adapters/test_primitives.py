"""Primitives against published examples and the standard library."""

from __future__ import annotations

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privity.adapters import primitives


@given(st.binary(max_size=64), st.binary(max_size=300))
def test_mac_is_the_standard_librarys_hmac(key: bytes, message: bytes) -> None:
    assert primitives.mac(key, message) == hmac.digest(key, message, "sha256")


def test_mac_rfc_4231_case_2() -> None:
    assert primitives.mac(b"Jefe", b"what do ya want for nothing?").hex() == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


def test_long_mac_keys_are_refused() -> None:
    with pytest.raises(primitives.PrimitiveError):
        primitives.mac(b"k" * 65, b"x")


def test_derived_keys_differ_by_label_and_context() -> None:
    """NIST SP 800-108r1 section 4.1: one block of counter mode, written out."""
    key = b"\x01" * 32
    expected = hmac.digest(key, b"\0\0\0\x01label\0context\0\0\x01\0", "sha256")
    assert primitives.derive_key(key, b"label", b"context") == expected
    assert len({primitives.derive_key(key, label, context) for label in (b"a", b"b") for context in (b"", b"c")}) == 4


def test_key_wrap_rfc_3394_section_4_6() -> None:
    key = bytes(range(32))
    data = bytes.fromhex("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f")
    wrapped = "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"
    assert primitives.wrap_key(key, data).hex() == wrapped
    assert primitives.unwrap_key(key, bytes.fromhex(wrapped)) == data


@pytest.mark.parametrize(("key", "nonce"), [(b"k" * 16, b"n" * 12), (b"k" * 32, b"n" * 8), (b"", b"n" * 12)])
def test_short_keys_and_nonces_are_refused(key: bytes, nonce: bytes) -> None:
    with pytest.raises(primitives.PrimitiveError):
        primitives.gcm_encrypt(key, nonce, b"x", b"")
    with pytest.raises(primitives.PrimitiveError):
        primitives.gcm_decrypt(key, nonce, b"x" * 20, b"")
