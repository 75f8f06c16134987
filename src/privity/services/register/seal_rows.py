"""Rows of a register extract to blind rows: digest under the index key, seal each person to the point.

Which rows can be used is `usable_rows`' work. Digests and seals are made for a whole chunk at a time. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.matching.periods import Span
from privity.matching.person_record import PersonAtPoint, encode_person
from privity.matching.points import point_message, record_near_messages, street_message
from privity.ports.register_index import IndexChunk, Links
from privity.ports.security import IndexKeys, LinkKind
from privity.services.register.usable_rows import Core, PersonRow, UsedRow, usable_rows
from privity.wire.register_format import Row

NO_STREET: Final = 0  # what a place that is no street leads to


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
    made = seal_persons(recorded_persons(persons, points, keys), keys)
    near, streets, links = place_digests(dict(zip(digests, places.values(), strict=True)), keys)
    return IndexChunk(made.points, near, streets, refused, made.records, links)


def recorded_persons(
    persons: Mapping[PersonRow, list[Span]], points: Mapping[Core, int], keys: IndexKeys
) -> Iterator[tuple[int, PersonAtPoint]]:
    """(point, person) of everybody, with keyed reference and identifier."""
    distinct = list(dict.fromkeys(person.reference for person in persons))
    references = dict(zip(distinct, keys.person_references(distinct), strict=True))
    identifiers = {text: identifier_digest(text, keys) for text in {person.identifier for person in persons}}
    for (reference, name, core, face, identifier, birth_day), spans in persons.items():
        if len(spans) > 1:
            spans.sort()
        fields = references[reference], name, face, tuple(spans), identifiers[identifier], birth_day
        yield points[core], tuple.__new__(PersonAtPoint, fields)


class SealedPersons(NamedTuple):
    """Sealed records with their points, and the links to them from the persons' handles."""

    points: list[tuple[int, bytes]]
    records: Links


def seal_persons(persons: Iterable[tuple[int, PersonAtPoint]], keys: IndexKeys) -> SealedPersons:
    """Seal everybody at their points."""
    at: list[int] = []
    records: list[bytes] = []
    links: dict[tuple[bytes, int], None] = {}
    for point, person in persons:
        made = encode_person(person)
        records += made
        at += [point] * len(made)
        links[person.reference, point] = None
    handles = keys.person_handles([reference for reference, _ in links])
    blocks = keys.seal_links(LinkKind.RECORD, handles, [point for _, point in links])
    return SealedPersons(list(zip(at, keys.seal_persons(at, records), strict=True)), Links(handles, blocks))


class PlaceDigests(NamedTuple):
    """What a set of points adds to the tables that are about places and not about persons."""

    near: list[tuple[int, int]]
    streets: list[int]
    places: Links


def place_digests(places: Mapping[int, DeliveryPoint], keys: IndexKeys) -> PlaceDigests:
    """Near forms, streets and links for distinct points."""
    at: list[int] = []
    messages: list[bytes] = []
    for point, place in places.items():
        forms = record_near_messages(place)
        messages += forms
        at += [point] * len(forms)
    near = list(zip(keys.digests(messages), at, strict=True))
    names = [street_message(place) if place.kind is PointKind.STREET else b"" for place in places.values()]
    distinct = list(dict.fromkeys(filter(None, names)))
    streets = dict(zip(distinct, keys.digests(distinct), strict=True))
    blocks = keys.seal_links(LinkKind.PLACE, list(places), [streets.get(name, NO_STREET) for name in names])
    return PlaceDigests(near, list(streets.values()), Links(list(places), blocks))
