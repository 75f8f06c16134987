"""Rows of a register extract to blind rows: normalise, digest under the index key, seal each person to the point.

Pure but for the keys; decides which rows can be used (RULES A07: a placeholder never enters). Writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.domain.errors import ErrorCode
from privity.domain.person_name import PersonName
from privity.domain.request import SuppliedAddress, SuppliedName
from privity.matching.person_record import PersonAtPoint, Span, day, encode_person, fits
from privity.matching.points import may_enter, point_message, record_near_messages, street_message
from privity.normalise.addresses import read_addresses
from privity.normalise.names import read_name
from privity.policy.detect.person_words import name_defect
from privity.policy.detect.placeholders import is_placeholder
from privity.ports.register_index import IndexChunk
from privity.ports.security import IndexKeys
from privity.wire.register_format import BROKEN, COLUMNS, Row

_AT: Final = {name: place for place, name in enumerate(COLUMNS)}
_MAX_REFERENCE: Final = 200
_FIRST_NAME, _AFTER_NAME = _AT["given_name"], _AT["full_name"] + 1  # in the order of SuppliedName's fields
_FIRST_ADDRESS, _AFTER_ADDRESS = _AT["address_line1"], _AT["address"] + 1  # in the order of SuppliedAddress's fields

_Name = tuple[PersonName | None, bool]


def identifier_digest(identifier: str, keys: IndexKeys) -> int:
    """Keyed digest of an identifier's letters and digits (upper-case); 0 where there is none."""
    plain = "".join(letter for letter in identifier.upper() if letter.isalnum())
    return keys.digest(b"identifier\x1f" + plain.encode()) if plain else 0


class _RefusedRowError(Exception):
    """A row that cannot be used, with its code."""

    def __init__(self, code: ErrorCode) -> None:
        super().__init__(code.value)
        self.code = code


def seal_rows(rows: Sequence[Row], keys: IndexKeys, *, first_row: int) -> IndexChunk:
    """The blind rows of one chunk; a person's equal rows at one point become one, with several periods."""
    addresses = _addresses(rows)
    persons: dict[tuple[int, bytes, PersonName, tuple[str, str, str], int, int], set[Span]] = {}
    points: dict[tuple[str, ...], int] = {}
    distinct: dict[int, DeliveryPoint] = {}
    refused: list[tuple[int, str]] = []
    names: dict[tuple[str, ...], _Name] = {}
    for number, (row, address) in enumerate(zip(rows, addresses, strict=True), first_row):
        try:
            span = _span(row)
            birth_day = day(_date(row[_AT["birth_date"]]))
            name, is_no_name = _name(row, names)
            place = _complete(address)
            _refuse_placeholders(is_no_name, place)
            if not fits(name, place.face):
                raise _RefusedRowError(ErrorCode.REGISTER_ROW_REFUSED)
        except _RefusedRowError as refusal:
            refused.append((number, refusal.code.value))
            continue
        point = points.get(place.core)
        if point is None:
            point = points[place.core] = keys.digest(point_message(place))
            distinct[point] = place
        reference = keys.person_reference(row[0].strip())
        identifier = identifier_digest(row[_AT["identifier"]], keys)
        persons.setdefault((point, reference, name, place.face, identifier, birth_day), set()).add(span)
    return _chunk(persons, distinct, refused, keys)


def _addresses(rows: Sequence[Row]) -> list[DeliveryPoint | None]:
    """The point of each row; each distinct spelling of a chunk is read once."""
    spellings = [tuple(row[_FIRST_ADDRESS:_AFTER_ADDRESS]) for row in rows]
    distinct = list(dict.fromkeys(spellings))
    read = read_addresses([SuppliedAddress(*spelling) for spelling in distinct], second_opinion=False)
    points = {spelling: one.point for spelling, one in zip(distinct, read, strict=True)}
    return [points[spelling] for spelling in spellings]


@lru_cache(maxsize=50_000)
def _date(text: str) -> date | None:
    """An ISO 8601 date, or None for blank."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise _RefusedRowError(ErrorCode.PERIOD_INVALID) from None


def _span(row: Row) -> Span:
    if row[0].strip() in ("", BROKEN) or len(row[0]) > _MAX_REFERENCE:
        raise _RefusedRowError(ErrorCode.LINE_MALFORMED)
    first, last = _date(row[_AT["valid_from"]]), _date(row[_AT["valid_to"]])
    if first and last and last < first:
        raise _RefusedRowError(ErrorCode.PERIOD_INVALID)
    return day(first), day(last)


def _name(row: Row, read: dict[tuple[str, ...], _Name]) -> tuple[PersonName, bool]:
    """The row's name, and whether it stands for no name; each distinct spelling of a chunk is read once."""
    spelling = tuple(row[_FIRST_NAME:_AFTER_NAME])
    found = read.get(spelling)
    if found is None:
        name = read_name(SuppliedName(*spelling)).name
        if name is not None and not (name.given and name.family):
            name = None
        found = read[spelling] = (name, name is not None and _is_no_name(name))
    name, is_no_name = found
    if name is None:
        raise _RefusedRowError(ErrorCode.NAME_INVALID)
    return name, is_no_name


def _is_no_name(name: PersonName) -> bool:
    return _is_no_given_name(name.given) or _is_no_family_name(" ".join(name.family))


def _complete(point: DeliveryPoint | None) -> DeliveryPoint:
    if point is None or not may_enter(point):
        raise _RefusedRowError(ErrorCode.ADDRESS_INCOMPLETE)
    return point


def _refuse_placeholders(is_no_name: bool, point: DeliveryPoint) -> None:
    """RULES A07: what no request may say never enters from the record's side either."""
    if is_no_name:
        raise _RefusedRowError(ErrorCode.NAME_INVALID)
    if point.kind is PointKind.STREET and _is_no_street(point.street, point.suffix):
        raise _RefusedRowError(ErrorCode.ADDRESS_PLACEHOLDER)


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


def _chunk(
    persons: dict[tuple[int, bytes, PersonName, tuple[str, str, str], int, int], set[Span]],
    distinct: dict[int, DeliveryPoint],
    refused: list[tuple[int, str]],
    keys: IndexKeys,
) -> IndexChunk:
    """Seal every person, and digest near forms and street once per distinct point."""
    rows: list[tuple[int, bytes]] = []
    for (point, reference, name, face, identifier, birth_day), spans in persons.items():
        person = PersonAtPoint(reference, name, face, tuple(sorted(spans)), identifier, birth_day)
        rows.extend((point, keys.seal_person(point, record)) for record in encode_person(person))
    near: list[tuple[int, int]] = []
    for point, place in distinct.items():
        near.extend((keys.digest(message), point) for message in record_near_messages(place))
    streets = {street_message(place) for place in distinct.values() if place.kind is PointKind.STREET}
    return IndexChunk(rows, near, [keys.digest(message) for message in streets], refused)
