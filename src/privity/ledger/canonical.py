"""Strict reading of the two scalar forms in log texts: decimal numbers and base64, one spelling each.

Two spellings of one value would let two different byte strings pass for the same proof.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error

from privity.domain.errors import ErrorCode, PrivityError

_MOST_DIGITS = 19


def read_decimal(text: bytes) -> int:
    """A non-negative decimal without leading zeros, below 2**63. Raises PrivityError EVIDENCE_INVALID."""
    plain = text.isdigit() and len(text) <= _MOST_DIGITS and (text == b"0" or not text.startswith(b"0"))
    value = int(text) if plain else -1
    if not 0 <= value < 2**63:
        raise PrivityError(ErrorCode.EVIDENCE_INVALID, "a number in the log is not in canonical decimal form")
    return value


def read_base64(text: bytes) -> bytes:
    """Standard base64 with padding, in its one canonical spelling. Raises PrivityError EVIDENCE_INVALID."""
    try:
        value = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        value = b""
    if not value or b64encode(value) != text:
        raise PrivityError(ErrorCode.EVIDENCE_INVALID, "a value in the log is not in canonical base64 form")
    return value
