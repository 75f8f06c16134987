"""Rows of a register extract to blind rows: normalise, digest under the index key, seal each person to the point.

Pure but for the keys; decides which rows can be used (RULES A07: a placeholder never enters). Writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.domain.errors import ErrorCode
from privity.domain.person_name import PersonName
from privity.domain.request import SuppliedAddress, SuppliedName
from privity.matching.person_record import PersonAtPoint, Span, day, encode_person, fits
from privity.matching.points import may_enter, point_message, record_near_messages, street_message
from privity.normalise.addresses import read_addresses
from privity.normalise.names import read_name
from privity.ports.register_index import IndexChunk
from privity.ports.security import IndexKeys
from privity.wire.register_format import BROKEN, COLUMNS, Row

_AT: Final = {name: place for place, name in enumerate(COLUMNS)}
_MAX_REFERENCE: Final = 200


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
    addresses = read_addresses([_address(row) for row in rows], second_opinion=False)
    persons: dict[tuple[int, bytes, PersonName, tuple[str, str, str], int, int], set[Span]] = {}
    points: dict[tuple[str, ...], int] = {}
    distinct: dict[int, DeliveryPoint] = {}
    refused: list[tuple[int, str]] = []
    for number, (row, address) in enumerate(zip(rows, addresses, strict=True), first_row):
        try:
            span = _span(row)
            birth_day = day(_date(row[_AT["birth_date"]]))
            name = _name(row)
            place = _complete(address.point)
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


def _address(row: Row) -> SuppliedAddress:
    return SuppliedAddress(
        address_line1=row[_AT["address_line1"]],
        address_line2=row[_AT["address_line2"]],
        city=row[_AT["city"]],
        state=row[_AT["state"]],
        postal_code=row[_AT["postal_code"]],
        address=row[_AT["address"]],
    )


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


def _name(row: Row) -> PersonName:
    read = read_name(
        SuppliedName(
            given_name=row[_AT["given_name"]],
            middle_name=row[_AT["middle_name"]],
            family_name=row[_AT["family_name"]],
            generation=row[_AT["generation"]],
            full_name=row[_AT["full_name"]],
        )
    )
    if read.name is None or not read.name.given or not read.name.family:
        raise _RefusedRowError(ErrorCode.NAME_INVALID)
    return read.name


def _complete(point: DeliveryPoint | None) -> DeliveryPoint:
    if point is None or not may_enter(point):
        raise _RefusedRowError(ErrorCode.ADDRESS_INCOMPLETE)
    return point


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
