"""Which rows of a register extract can be used, and what each says: name, point, period; or the code of its refusal.

Reads each distinct text of a chunk once. RULES A07: a placeholder never enters from the record's side either. Knows no
key: digests and seals are the work of `seal_rows`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.domain.errors import ErrorCode
from privity.domain.person_reference import MAX_REFERENCE
from privity.domain.personal import MASK
from privity.domain.request import SuppliedName
from privity.matching.periods import Span
from privity.matching.person_record import Face, RecordedName, day, fits
from privity.matching.points import may_enter
from privity.normalise.addresses.register_points import Spelling, read_register_points
from privity.normalise.names.columns import (
    plain_family,
    plain_generation,
    plain_given,
    plain_middle,
    read_columns,
)
from privity.policy.detect.person_words import name_defect
from privity.policy.detect.placeholders import is_placeholder
from privity.wire.register_format import BROKEN, COLUMNS, Row

_AT: Final = {name: place for place, name in enumerate(COLUMNS)}
_NAME: Final = slice(_AT["given_name"], _AT["full_name"] + 1)  # in the order of SuppliedName's fields
_ADDRESS: Final = slice(_AT["address_line1"], _AT["address"] + 1)  # in the order of SuppliedAddress's fields
_PERIOD: Final = slice(_AT["valid_from"], _AT["valid_to"] + 1)
_MALFORMED, _NO_PERIOD, _NO_NAME, _NO_ADDRESS, _PLACEHOLDER, _TOO_LONG = (
    code.value
    for code in (
        ErrorCode.LINE_MALFORMED, ErrorCode.PERIOD_INVALID, ErrorCode.NAME_INVALID, ErrorCode.ADDRESS_INCOMPLETE,
        ErrorCode.ADDRESS_PLACEHOLDER, ErrorCode.REGISTER_ROW_REFUSED,
    )
)  # fmt: skip
_IDENTIFIER: Final = _AT["identifier"]
_NOBODY: Final = RecordedName("", "", (), "")  # a name that is no name
_SHORT: Final = 20  # letters: names up to this fit into a record with any face, and need not be tried
_new = tuple.__new__  # makes a named tuple in half the time of calling its class

Core = tuple[str, ...]
"""`DeliveryPoint.core`: what the point's digest covers."""


class PersonRow(NamedTuple):
    """One person at one point, before digests. Rows that are equal in this are one record with several periods."""

    reference: str
    name: RecordedName
    core: Core
    face: Face
    identifier: str
    birth_day: int

    def __repr__(self) -> str:
        """The mask (invariant C8)."""
        return f"PersonRow({MASK})"


class UsedRow(NamedTuple):
    """A row that can be used: the person at the point, the period, and the point in full."""

    person: PersonRow
    span: Span
    point: DeliveryPoint


def usable_rows(rows: Sequence[Row]) -> Iterator[UsedRow | str]:
    """For each row, in order, what it says, or the code that it is refused with."""
    if not rows:
        return
    columns = list(zip(*rows, strict=True))
    names, places = _names(columns[_NAME]), _places(list(zip(*columns[_ADDRESS], strict=True)))
    spans, births, identifiers = _spans(columns[_PERIOD]), map(_day, columns[_AT["birth_date"]]), columns[_IDENTIFIER]
    for reference, span, birth_day, name, place, identifier in zip(
        map(str.strip, columns[0]), spans, births, names, places, identifiers, strict=True
    ):
        code = _refusal(reference, span, birth_day, name, place)
        if code or span is None or name is None or place is None:
            yield code
        else:
            person = _new(PersonRow, (reference, name, place.core, place.face, identifier, birth_day))
            yield _new(UsedRow, (person, span, place.point))


class _Place(NamedTuple):
    """A point that may enter, and what is asked of it for each row."""

    point: DeliveryPoint
    core: Core
    face: Face
    is_no_street: bool


def reference_of(row: Row) -> str:
    """The person reference of a row, "" where it names nobody: blank, too long, or of a row that could not be read."""
    reference = row[0].strip()
    return reference if _names_a_person(reference) else ""


def _names_a_person(reference: str) -> bool:
    return bool(reference) and reference != BROKEN and len(reference) <= MAX_REFERENCE


def _refusal(reference: str, span: Span | None, birth_day: int, name: RecordedName | None, place: _Place | None) -> str:
    """The code of the first thing that is wrong with a row, or ""."""
    if not _names_a_person(reference):
        return _MALFORMED
    if span is None or birth_day < 0:
        return _NO_PERIOD
    if name is None or place is None:
        return _NO_NAME if name is None else _NO_ADDRESS
    if name is _NOBODY or place.is_no_street:
        return _NO_NAME if name is _NOBODY else _PLACEHOLDER
    given, middle, family, _generation = name
    short = len(given) + len(middle) <= _SHORT and len(family) == 1 and len(family[0]) <= _SHORT
    return "" if short or fits(name, place.face) else _TOO_LONG


@lru_cache(maxsize=50_000)
def _day(text: str) -> int:
    """An ISO 8601 date as the stored number; 0 for blank, -1 for what is no date."""
    try:
        return day(date.fromisoformat(text.strip())) if text.strip() else 0
    except ValueError:
        return -1


def _spans(columns: Sequence[Sequence[str]]) -> list[Span | None]:
    """The period of each row; None where there is none, or it ends before it begins."""
    found: dict[tuple[str, ...], Span | None] = {}
    for texts in set(zip(*columns, strict=True)):
        first, last = map(_day, texts)
        found[texts] = None if first < 0 or last < 0 or 0 < last < first else (first, last)
    return [found[texts] for texts in zip(*columns, strict=True)]


def _names(columns: Sequence[Sequence[str]]) -> Iterator[RecordedName | None]:
    """The name of each row: `_NOBODY` where it stands for no name, None where it is not a whole one.

    A plain column is read once in a chunk; a name that is not plain throughout is read whole.
    """
    given, middle, family, generation, _full = columns
    first = {text: word for text in set(given) if (word := plain_given(text)) and not _is_no_given_name(word)}
    last = {
        text: parts for text in set(family) if (parts := plain_family(text)) and not _is_no_family_name(" ".join(parts))
    }
    second, closing = (
        {text: plain_middle(text) for text in set(middle)},
        {text: plain_generation(text) for text in set(generation)},
    )
    words = map(first.get, given), map(second.get, middle), map(last.get, family), map(closing.get, generation)
    for one, two, three, four, texts in zip(*words, zip(*columns, strict=True), strict=True):
        if one and three and two is not None and four is not None and not texts[4]:
            yield _new(RecordedName, (one, two, three, four))
        else:
            yield _name(texts)


@lru_cache(maxsize=1 << 12)
def _name(texts: tuple[str, str, str, str, str]) -> RecordedName | None:
    parts = read_columns(*texts)
    if parts is None or not (parts[0] and parts[2]):
        return None
    if _is_no_given_name(parts[0]) or _is_no_family_name(" ".join(parts[2])):
        return _NOBODY
    return RecordedName(*parts)


def _places(spellings: Sequence[Spelling]) -> list[_Place | None]:
    distinct = list(dict.fromkeys(spellings))
    found: dict[Spelling, _Place | None] = {}
    for spelling, point in zip(distinct, read_register_points(distinct), strict=True):
        found[spelling] = None
        if point is not None and may_enter(point):
            is_no_street = point.kind is PointKind.STREET and _is_no_street(point.street, point.suffix)
            found[spelling] = _Place(point, point.core, point.face, is_no_street)
    return [found[spelling] for spelling in spellings]


@lru_cache(maxsize=100_000)
def _is_no_given_name(given: str) -> bool:
    """Initials are kept: they confirm nothing, and may be another person who could be meant."""
    return len(given) > 1 and bool(name_defect(SuppliedName(given_name=given, family_name="SMITH")))


@lru_cache(maxsize=100_000)
def _is_no_family_name(family: str) -> bool:
    return len(family) > 1 and bool(name_defect(SuppliedName(given_name="JOHN", family_name=family)))


@lru_cache(maxsize=100_000)
def _is_no_street(street: str, suffix: str) -> bool:
    return is_placeholder(f"9 {street} {suffix}".strip())
