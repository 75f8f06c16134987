"""DER limits: what is refused before a parser sees it, in linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privity.adapters.cms_der import DerError, DerLimits, check_der
from tests.builders.pki import AT, OFFICES, pki, signer_of

LIMITS = DerLimits(size=1_000_000)


def nested(depth: int) -> bytes:
    data = b"\x05\x00"
    for _ in range(depth):
        length = len(data)
        head = (
            bytes([length])
            if length < 0x80
            else b"\x82" + length.to_bytes(2, "big")
            if length > 0xFF
            else bytes([0x81, length])
        )
        data = b"\x30" + head + data
    return data


def test_real_signatures_pass() -> None:
    check_der(signer_of(pki().holders[OFFICES[0]]).sign(b"x", at=AT), LIMITS)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x80\x05\x00\x00\x00",  # indefinite length
        b"\x30\x81\x02\x05\x00",  # not the shortest length
        b"\x30\x82\x00\x80" + b"\x04\x7e" + b"a" * 126,  # leading zero in the length
        b"\x30\x03\x05\x00",  # longer than the data
        b"\x30\x02\x04\x05",  # longer than its parent
        b"\x30\x01\x05",  # cut inside
        b"\x05\x00\x05\x00",  # two elements
        b"\x05\x00\x00",  # a byte after the end
        b"\x1f\x81\x01\x00",  # long tag
        b"\x00\x00",  # end-of-contents
        b"\x30\x85\x01\x00\x00\x00\x00",  # a length of five bytes
    ],
)
def test_refused(data: bytes) -> None:
    with pytest.raises(DerError):
        check_der(data, LIMITS)


def test_depth_elements_and_size() -> None:
    check_der(nested(20), LIMITS)
    for data, limits in (
        (nested(24), LIMITS),
        (nested(5), DerLimits(size=3)),
        (b"\x30\x82\x27\x10" + b"\x05\x00" * 5000, DerLimits(size=100_000, elements=5000)),
    ):
        with pytest.raises(DerError):
            check_der(data, limits)


def test_a_megabyte_of_the_worst_takes_little_time() -> None:
    begin = time.perf_counter()
    for worst in (b"\x30\x80" * 500_000, b"\x05\x00" * 500_000, b"\x30\x83\x0f\xff\xff" * 200_000):
        with pytest.raises(DerError):
            check_der(worst, LIMITS)
    assert time.perf_counter() - begin < 0.5


@given(st.binary(max_size=200))
def test_noise_raises_nothing_else(noise: bytes) -> None:
    try:
        check_der(noise, LIMITS)
    except DerError:
        return
    assert noise
