"""A register's addresses to delivery points, quickly: the plainest houses of one street are read once.

"12 ELM ST" and "4711 ELM ST" differ in a number that `read_addresses` hands through: once it has read one of them, the
other's street is known. So is the unit of "APT 4" beside such a street. Everything else is read in full, and equality
with `read_addresses` is held by test. Does not: give defects (a register row has a point or is refused), nor serve
requests (whose lines ask the second opinion).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.domain.request import SuppliedAddress
from privity.normalise.addresses.last_line import LastLine, last_line
from privity.normalise.addresses.reading import read_addresses
from privity.normalise.addresses.screening import tidy_place
from privity.normalise.places import STATE_NAMES, state_code

Spelling = tuple[str, str, str, str, str, str]
"""The six texts of `SuppliedAddress`, in its order."""

_PLAIN_STREET: Final = re.compile(
    r"(?:(?:[NSEW]{1,2}|(?:NORTH|SOUTH)?(?:EAST|WEST)?) )?"
    r"(?:[A-Z]{2,}|[1-9][0-9]{0,2}(?:ST|ND|RD|TH))(?: [A-Z]{2,})*(?: [NSEW])?"
    r"|(?:STATE|COUNTY|US) (?:HIGHWAY|HWY|ROUTE|ROAD|RD) [1-9][0-9]{0,3}|(?:AVENUE|COUNTY ROAD) [A-Z]"
)
"""What such a street is read as does not depend on the plain house number before it."""
_PLAIN_UNIT: Final = re.compile(r"(?:APT|UNIT|STE) [A-Z]?[0-9]{1,4}[A-Z]?")
_ZIP_LENGTH: Final = 5
_LONGEST_NUMBER: Final = 5
_SHORTEST_STREET: Final = 4
_MOST_KNOWN: Final = 1 << 17  # entries; then forgotten and learned anew: memory does not grow with the register
_BATCH: Final = 1000  # what one batch teaches serves the next


class _Street(NamedTuple):
    """What the words behind a plain number are read as."""

    core: str
    predirectional: str
    suffix: str
    postdirectional: str
    words: frozenset[str]  # upper-case


_streets: dict[str, _Street] = {}  # words behind the number
_units: dict[str, str] = {"": ""}  # second line -> unit


def read_register_points(spellings: Sequence[Spelling]) -> Iterator[DeliveryPoint | None]:
    """The point of each spelling, in order, or None where `read_addresses` gives none."""
    for start in range(0, len(spellings), _BATCH):
        yield from _read_batch(spellings[start : start + _BATCH])


def _read_batch(spellings: Sequence[Spelling]) -> list[DeliveryPoint | None]:
    points: list[DeliveryPoint | None] = []
    unknown: list[int] = []
    for place, (line1, line2, city, state, zip5, whole) in enumerate(spellings):
        number, _, words = line1.upper().partition(" ")
        street, unit = _streets.get(words), _units.get(line2.upper())
        last = None
        if (
            street is not None
            and unit is not None
            and not whole
            and _is_plain(line1 + line2, number, words, city, zip5)
        ):
            state_words = _state_words(state)
            if state_words is not None and state_words.isdisjoint(street.words):
                last = _last_line(city, state, zip5)
        if street is None or unit is None or last is None:
            unknown.append(place)
            points.append(None)
        elif last.defect:
            points.append(None)
        else:
            core, pre, suffix, post, _ = street
            points.append(
                DeliveryPoint(PointKind.STREET, last.zip5, number, core, unit, pre, suffix, post, last.city, last.state)
            )
    read = read_addresses([SuppliedAddress(*spellings[place]) for place in unknown], second_opinion=False)
    for place, answer in zip(unknown, read, strict=True):
        points[place] = answer.point
        if answer.point is not None:
            _learn(spellings[place], answer.point)
    return points


@lru_cache(maxsize=1 << 16)
def _last_line(city: str, state: str, zip5: str) -> LastLine | None:
    """The last line of a plain address; None where its texts must be read in full."""
    (city, defect), (state, other) = tidy_place(city), tidy_place(state)
    return None if defect or other else last_line(city, state, zip5)


def _is_plain(lines: str, number: str, words: str, city: str, zip5: str) -> bool:
    """A house number and a ZIP that are taken as they stand, and a street that does not end as the city ends or begins.

    What repeats the city (or the state, see `_learn`) behind a street may be taken for it, even in part ("12 ELM" in
    Elm Springs); a street of two or three letters ("US") may be taken for a part of what follows.
    """
    if not (lines.isascii() and number.isdecimal() and number[0] != "0" and len(number) <= _LONGEST_NUMBER):
        return False
    if not (len(zip5) == _ZIP_LENGTH and zip5.isdecimal() and zip5.isascii()):
        return False
    city = city.strip(" .,").upper()
    if len(words) < _SHORTEST_STREET or city.startswith(words.rpartition(" ")[2]):
        return False
    return not words.endswith(city.rpartition(" ")[2] or " ")


def _learn(spelling: Spelling, point: DeliveryPoint) -> None:
    """Keep what a plain address was read as: its street where it has no unit, its unit where its street is known."""
    line1, line2, city, state, zip5, whole = spelling
    number, _, words = line1.upper().partition(" ")
    if whole or not _is_plain(line1 + line2, number, words, city, zip5) or not _PLAIN_STREET.fullmatch(words):
        return
    state_words, own = _state_words(state), frozenset(words.split())
    if state_words is None or not state_words.isdisjoint(own):
        return
    if point.kind is not PointKind.STREET or point.number != number:
        return
    read = _Street(point.street, point.predirectional, point.suffix, point.postdirectional, own)
    if not line2 and not point.unit:
        _forget_if_full(len(_streets))
        _streets[words] = read
    elif _streets.get(words) == read and _PLAIN_UNIT.fullmatch(line2.upper()):
        _forget_if_full(len(_units))
        _units[line2.upper()] = point.unit


@lru_cache(maxsize=1 << 10)
def _state_words(state: str) -> frozenset[str] | None:
    """The code of a state and the words of its name: "E SUMMIT CT" in CT may be read as E Summit, CT.

    None where an address is read in full: no known state, or Puerto Rico, whose streets are written in their own way.
    """
    code = state_code(state)
    if not code or code == "PR":
        return None
    return frozenset([code, *(word for name, other in STATE_NAMES.items() if other == code for word in name.split())])


def _forget_if_full(size: int) -> None:
    if size >= _MOST_KNOWN:
        _streets.clear()
        _units.clear()
        _units[""] = ""
