"""Rows of a register extract to blind rows: digest under the index key, seal each person to the point.

Which rows can be used is `usable_rows`' work. Digests and seals are made for a whole chunk at a time. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.matching.person_record import PersonAtPoint, Span, encode_person
from privity.matching.points import point_message, record_near_messages, street_message
from privity.ports.register_index import IndexChunk
from privity.ports.security import IndexKeys
from privity.services.usable_rows import Core, PersonRow, UsedRow, usable_rows
from privity.wire.register_format import Row


def identifier_digest(identifier: str, keys: IndexKeys) -> int:
    """Keyed digest of an identifier's letters and digits (upper-case); 0 where there is none."""
    plain = "".join(letter for letter in identifier.upper() if letter.isalnum())
    return keys.digest(b"identifier\x1f" + plain.encode()) if plain else 0


def seal_rows(rows: Sequence[Row], keys: IndexKeys, *, first_row: int) -> IndexChunk:
    """The blind rows of one chunk; `first_row` is the number of its first row."""
    return seal_usable(usable_rows(rows), keys, first_row=first_row)


def seal_usable(rows: Iterable[UsedRow | str], keys: IndexKeys, *, first_row: int) -> IndexChunk:
    """The blind rows of rows already read. A person's equal rows at one point become one, with several periods."""
    persons: dict[PersonRow, list[Span]] = {}
    places: dict[Core, DeliveryPoint] = {}
    refused: list[tuple[int, str]] = []
    for number, row in enumerate(rows, first_row):
        if isinstance(row, str):
            refused.append((number, row))
        else:
            person, span, place = row
            spans = persons.get(person)
            if spans is None:
                persons[person] = [span]
                places[person.core] = place
            elif span not in spans:
                spans.append(span)
    digests = keys.digests([point_message(place) for place in places.values()])
    points = dict(zip(places, digests, strict=True))
    return IndexChunk(
        _sealed(persons, points, keys),
        _near(zip(digests, places.values(), strict=True), keys),
        keys.digests({street_message(place) for place in places.values() if place.kind is PointKind.STREET}),
        refused,
    )


def _sealed(
    persons: Mapping[PersonRow, list[Span]], points: Mapping[Core, int], keys: IndexKeys
) -> list[tuple[int, bytes]]:
    """(point, sealed record) of everybody."""
    distinct = list(dict.fromkeys(person.reference for person in persons))
    references = dict(zip(distinct, keys.person_references(distinct), strict=True))
    identifiers = {text: identifier_digest(text, keys) for text in {person.identifier for person in persons}}
    at: list[int] = []
    records: list[bytes] = []
    for (reference, name, core, face, identifier, birth_day), spans in persons.items():
        if len(spans) > 1:
            spans.sort()
        person = PersonAtPoint(references[reference], name, face, tuple(spans), identifiers[identifier], birth_day)
        made = encode_person(person)
        records += made
        at += [points[core]] * len(made)
    return list(zip(at, keys.seal_persons(at, records), strict=True))


def _near(places: Iterable[tuple[int, DeliveryPoint]], keys: IndexKeys) -> list[tuple[int, int]]:
    """(near form, point) of every distinct point."""
    at: list[int] = []
    messages: list[bytes] = []
    for point, place in places:
        forms = record_near_messages(place)
        messages += forms
        at += [point] * len(forms)
    return list(zip(keys.digests(messages), at, strict=True))
