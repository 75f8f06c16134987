"""The plain form of one sealed person at one point: a fixed number of bytes, so that a row's length says nothing.

Holds what `decide` needs and no address: name, face of the point, periods, keyed reference, keyed identifier, birth
date. What is compared first lies first, as text; the rest lies at fixed places at the end and is read only for those
who matter. Sealing is `ports.security.IndexKeys`' work.

    bytes 0 ..        given, middle, family parts, generation, predirectional, suffix, postdirectional, each ended by
                      U+001F (family parts divided by U+001E), ASCII; then zeros
    bytes .. 113      the periods, first and last day, 8 bytes each, the last one ending here
    bytes 114 .. 143  number of periods, birth day, identifier digest, person reference, form of the record
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

from privity.domain.personal import MASK
from privity.matching.periods import Span

RECORD_BYTES = 144
REFERENCE_BYTES = 16
_FORM = 2
_TAIL = struct.Struct("<Biq16sB")  # number of periods, birth day, identifier digest, person reference, form
_TAIL_AT = RECORD_BYTES - _TAIL.size
REFERENCE = slice(_TAIL_AT + 13, _TAIL_AT + 13 + REFERENCE_BYTES)  # where in a record it lies
_SPAN = struct.Struct("<ii")
_ONE_SPAN_AT = _TAIL_AT - _SPAN.size
_SPANS = tuple(struct.Struct("<" + "ii" * count) for count in range(13))
_new = tuple.__new__  # makes a named tuple in half the time of calling its class
_FIELD, _PART = "\x1f", "\x1e"
_TEXTS = 7  # fields of text, each ended by _FIELD

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
    """One stored person at one point, as the build knows it."""

    reference: bytes
    name: Name
    face: Face
    spans: tuple[Span, ...]
    identifier: int  # keyed digest of the identifier; 0: none
    birth_day: int  # proleptic ordinal; 0: none

    def __repr__(self) -> str:
        """The mask (invariant C8)."""
        return f"PersonAtPoint({MASK})"


class Recorded(Protocol):
    """What `decide` asks of a stored person: a `PersonAtPoint`, or one read out of its record."""

    @property
    def reference(self) -> bytes:
        """The keyed person reference."""

    @property
    def name(self) -> Name:
        """The name."""

    @property
    def face(self) -> Face:
        """Directionals and suffix of the point."""

    @property
    def spans(self) -> tuple[Span, ...]:
        """When the person was there."""

    @property
    def identifier(self) -> int:
        """Keyed digest; 0: none."""

    @property
    def birth_day(self) -> int:
        """Proleptic ordinal; 0: none."""


class RecordedPerson(NamedTuple):
    """One person read out of a record: `Recorded`, and the person's own `Name`. What is seldom asked is read late."""

    given: str
    middle: str
    families: str  # the parts, joined
    generation: str
    predirectional: str
    suffix: str
    postdirectional: str
    record: bytes
    reference: bytes

    def __repr__(self) -> str:
        """The mask (invariant C8)."""
        return f"RecordedPerson({MASK})"

    @property
    def name(self) -> Name:
        """The name's parts are fields of this record."""
        return self

    @property
    def family(self) -> tuple[str, ...]:
        """Family name parts."""
        return family_parts(self[2])

    @property
    def face(self) -> Face:
        """Directionals and suffix of the point."""
        return self[4:7]

    @property
    def spans(self) -> tuple[Span, ...]:
        """The periods of this record."""
        return recorded_spans(self[7])

    @property
    def identifier(self) -> int:
        """Keyed digest of the identifier; 0: none."""
        return int(_TAIL.unpack_from(self[7], _TAIL_AT)[2])

    @property
    def birth_day(self) -> int:
        """Proleptic ordinal; 0: none."""
        return int(_TAIL.unpack_from(self[7], _TAIL_AT)[1])


def recorded_spans(record: bytes) -> tuple[Span, ...]:
    """The periods of one record."""
    count = record[_TAIL_AT]
    if count == 1:
        return (_SPAN.unpack_from(record, _ONE_SPAN_AT),)
    numbers = _SPANS[count].unpack_from(record, _TAIL_AT - _SPAN.size * count)
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def recorded_words(text: bytes) -> list[str]:
    """Given, middle and joined family names at the head of a record, or of a line's `compared_text`, and the rest."""
    return text.decode("latin-1").split(_FIELD, 3)


def day(moment: date | None) -> int:
    """A date as the stored number; None (open) is 0."""
    return 0 if moment is None else moment.toordinal()


def compared_text(name: Name, face: Face) -> str:
    """Name and face as one text: the same for two people exactly where all their parts are."""
    return _FIELD.join((name.given, name.middle, _PART.join(name.family), name.generation, *face, ""))


def family_parts(joined: str) -> tuple[str, ...]:
    """The family name parts out of `compared_text`."""
    return tuple(joined.split(_PART)) if _PART in joined else (joined,)


def _room(text: str) -> int:
    """How many periods one record can hold beside this text."""
    return min(len(_SPANS) - 1, (_TAIL_AT - len(text)) // _SPAN.size)


def fits(name: Name, face: Face) -> bool:
    """Whether a name and face fit into a record of the fixed length (normalised text is ASCII throughout)."""
    text = compared_text(name, face)
    return text.isascii() and _room(text) > 0


def encode_person(person: PersonAtPoint) -> list[bytes]:
    """Records of `RECORD_BYTES` bytes each: one, or several where the periods do not fit into one.

    The name and face must fit (`fits`).
    """
    text = compared_text(person.name, person.face)
    room = _room(text)
    return [_encode(person, person.spans[at : at + room], text) for at in range(0, len(person.spans), room)]


def _encode(person: PersonAtPoint, spans: Sequence[Span], text: str) -> bytes:
    tail = b"".join(_SPAN.pack(*span) for span in spans)
    tail += _TAIL.pack(len(spans), person.birth_day, person.identifier, person.reference, _FORM)
    return text.encode("ascii").ljust(RECORD_BYTES - len(tail), b"\0") + tail


def decode_person(record: bytes) -> RecordedPerson:
    """The person of one record made by `encode_person`. Runs for everybody at every point that is looked at."""
    parts: list[Any] = record.decode("latin-1").split(_FIELD, _TEXTS)
    parts[_TEXTS] = record
    parts.append(record[REFERENCE])
    return _new(RecordedPerson, parts)
