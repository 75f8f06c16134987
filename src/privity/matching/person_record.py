"""The plain form of one sealed person at one point: a fixed number of bytes, so that a row's length says nothing.

Holds what `decide` needs and no address: name, face of the point, periods, keyed reference, keyed identifier, birth
date. Sealing is `ports.security.IndexKeys`' work.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, Protocol

from privity.domain.personal import MASK

RECORD_BYTES = 144
REFERENCE_BYTES = 16
_VERSION = 1
_HEAD = struct.Struct("<B16sqiB")  # version, person reference, identifier digest, birth day, number of periods
_HEAD_AND_SPAN = struct.Struct("<B16sqiBii")
_COUNT_AT = _HEAD.size - 1
_SPAN = struct.Struct("<ii")
_SPANS = tuple(struct.Struct("<" + "ii" * count) for count in range(13))
_new = tuple.__new__  # makes a named tuple in half the time of calling its class
_FIELD, _PART = "\x1f", "\x1e"

Span = tuple[int, int]  # first and last day as proleptic ordinals; 0 means open
Face = tuple[str, str, str]  # predirectional, suffix, postdirectional


class Name(Protocol):
    """What is compared of a name: `domain.PersonName`, or a recorded one."""

    @property
    def given(self) -> str:
        """Given names."""

    @property
    def middle(self) -> str:
        """Middle names or initials."""

    @property
    def family(self) -> tuple[str, ...]:
        """Family name parts."""

    @property
    def generation(self) -> str:
        """JR, SR, 2 ..."""


class RecordedName(NamedTuple):
    """A name out of a sealed record. Named tuples here, not dataclasses: millions are made while matching."""

    given: str
    middle: str
    family: tuple[str, ...]
    generation: str = ""

    def __repr__(self) -> str:
        """The mask (invariant C8)."""
        return f"RecordedName({MASK})"


class PersonAtPoint(NamedTuple):
    """One stored person at one point."""

    reference: bytes
    name: Name
    face: Face
    spans: tuple[Span, ...]
    identifier: int  # keyed digest of the identifier; 0: none
    birth_day: int  # proleptic ordinal; 0: none

    def __repr__(self) -> str:
        """The mask (invariant C8)."""
        return f"PersonAtPoint({MASK})"


def day(moment: date | None) -> int:
    """A date as the stored number; None (open) is 0."""
    return 0 if moment is None else moment.toordinal()


def _text(name: Name, face: Face) -> str:
    return _FIELD.join((name.given, name.middle, _PART.join(name.family), name.generation, *face, ""))


def _room(text: str) -> int:
    """How many periods one record can hold beside this text."""
    return min(len(_SPANS) - 1, (RECORD_BYTES - _HEAD.size - len(text)) // _SPAN.size)


def fits(name: Name, face: Face) -> bool:
    """Whether a name and face fit into a record of the fixed length (normalised text is ASCII throughout)."""
    text = _text(name, face)
    return text.isascii() and _room(text) > 0


def encode_person(person: PersonAtPoint) -> list[bytes]:
    """Records of `RECORD_BYTES` bytes each: one, or several where the periods do not fit into one.

    The name and face must fit (`fits`).
    """
    text = _text(person.name, person.face)
    room = _room(text)
    return [_encode(person, person.spans[at : at + room], text) for at in range(0, len(person.spans), room)]


def _encode(person: PersonAtPoint, spans: Sequence[Span], text: str) -> bytes:
    head = _HEAD.pack(_VERSION, person.reference, person.identifier, person.birth_day, len(spans))
    return (head + b"".join(_SPAN.pack(*span) for span in spans) + text.encode("ascii")).ljust(RECORD_BYTES, b"\0")


def decode_person(record: bytes) -> PersonAtPoint:
    """The person of one record made by `encode_person`. Runs for everybody at every point that is looked at."""
    count = record[_COUNT_AT]
    if count == 1:
        _version, reference, identifier, birth_day, _count, first, last = _HEAD_AND_SPAN.unpack_from(record)
        spans: tuple[Span, ...] = ((first, last),)
    else:
        _version, reference, identifier, birth_day, _count = _HEAD.unpack_from(record)
        numbers = _SPANS[count].unpack_from(record, _HEAD.size)
        spans = tuple(zip(numbers[::2], numbers[1::2], strict=True))
    text = record[_HEAD.size + 8 * count :].decode("ascii")
    given, middle, family, generation, pre, suffix, post, _padding = text.split(_FIELD)
    parts = tuple(family.split(_PART)) if _PART in family else (family,)
    name = _new(RecordedName, (given, middle, parts, generation))
    return _new(PersonAtPoint, (reference, name, (pre, suffix, post), spans, identifier, birth_day))
