"""Limits on hostile DER, applied before any parser builds objects from it.

One iterative pass over tags and lengths (ITU-T X.690, DER: definite, shortest lengths): total size, depth, number of
elements, every element inside its parent, nothing after the end. It knows no types and gives no values.
"""

from __future__ import annotations

from dataclasses import dataclass

# What asn1crypto raises on bad input, at any access, because it reads lazily.
UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)


class DerError(Exception):
    """The bytes are not one DER element within the limits."""


@dataclass(frozen=True, slots=True)
class DerLimits:
    """Bytes in all, levels of nesting, elements."""

    size: int
    depth: int = 24
    elements: int = 5000


SIGNATURE_LIMITS = DerLimits(size=256 * 1024)
ENVELOPE_LIMITS = DerLimits(size=1024 * 1024 * 1024, elements=500)
CERTIFICATE_LIMITS = DerLimits(size=64 * 1024, elements=2000)


def check_der(data: bytes, limits: DerLimits) -> None:
    """Accept exactly one DER element that fills `data`. Raises DerError; linear time, no recursion."""
    if not data or len(data) > limits.size:
        raise DerError("empty, or larger than the limit")
    ends = [len(data)]  # where each open element ends, outermost first
    position = elements = 0
    while ends:
        if position == ends[-1]:
            ends.pop()
            continue
        if len(ends) == 1 and position > 0:
            raise DerError("bytes after the end")
        elements += 1
        if elements > limits.elements or len(ends) > limits.depth:
            raise DerError("too many or too deeply nested elements")
        constructed, start, end = element(data, position, ends[-1])
        if constructed:
            ends.append(end)
            position = start
        else:
            position = end
    if elements == 0:
        raise DerError("empty")


def element(data: bytes, position: int, parent_end: int) -> tuple[bool, int, int]:
    """(constructed?, first content byte, end) of the element at `position`. Raises DerError."""
    first = data[position]
    if first & 0x1F == 0x1F:
        raise DerError("long tags do not occur here")
    if first in (0x00, 0x20):
        raise DerError("reserved tag")
    position += 1
    if position >= parent_end:
        raise DerError("cut short")
    length = data[position]
    position += 1
    if length >= 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4 or position + count > parent_end:
            raise DerError("indefinite, oversized or cut length")
        length = int.from_bytes(data[position : position + count], "big")
        if length < 0x80 or length < 1 << (8 * (count - 1)):
            raise DerError("a length that is not the shortest")
        position += count
    if length > parent_end - position:
        raise DerError("longer than its parent")
    return bool(first & 0x20), position, position + length
