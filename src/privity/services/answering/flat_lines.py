"""Admitted lines as columns of flat values: quick to hand to a worker process, and small to hold while it works.

Only changes the form. What is digested of a point is built by `matching.points`; nothing is looked up or decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from privity.domain.personal import MASK
from privity.domain.request import AdmittedLine
from privity.matching.decide import AskedPerson
from privity.matching.periods import Span
from privity.matching.person_record import RecordedName, compared_text, day, family_parts
from privity.matching.points import point_message
from privity.ports.security import IndexKeys
from privity.services.register.seal_rows import identifier_digest

_FIELD: Final = "\x1f"  # never in normalised text
_new = tuple.__new__  # makes a named tuple in half the time of calling its class


class FlatLines(NamedTuple):
    """One entry in each column for each line."""

    messages: list[bytes]  # what is digested of the point
    texts: list[bytes]  # name and face, as in a sealed record
    periods: list[tuple[Span, ...]]
    birth_days: list[int]  # proleptic ordinals; 0: none
    identifiers: list[str]  # as supplied; "": none
    confirmable: list[bool]
    cities: list[tuple[str, str]]  # city and state, which the point's message lacks

    def __repr__(self) -> str:
        return f"FlatLines({MASK})"


def flatten(lines: Sequence[AdmittedLine]) -> FlatLines:
    """The flat form of some lines. Equal periods and equal cities become one value, which travels once."""
    flat = FlatLines([], [], [], [], [], [], [])
    shared: dict[tuple[Span, ...], tuple[Span, ...]] = {}
    cities: dict[tuple[str, str], tuple[str, str]] = {}
    for line in lines:
        point = line.point.reveal()
        periods = tuple([(period.start.toordinal(), period.end.toordinal()) for period in line.periods])
        flat.messages.append(point_message(point))
        flat.texts.append(compared_text(line.name.reveal(), point.face).encode())
        flat.periods.append(shared.setdefault(periods, periods))
        flat.birth_days.append(day(line.birth_date))
        flat.identifiers.append(line.identifier.reveal())
        flat.confirmable.append(line.confirmable)
        city = (point.city, point.state)
        flat.cities.append(cities.setdefault(city, city))
    return flat


def asked_person(lines: FlatLines, place: int, keys: IndexKeys) -> AskedPerson:
    """What the line at one place asks, in the form that is compared."""
    given, middle, families, generation, pre, suffix, post, _end = lines.texts[place].decode().split(_FIELD)
    name = _new(RecordedName, (given, middle, family_parts(families) if families else (), generation))
    identifier = lines.identifiers[place]
    digest = identifier_digest(identifier, keys) if identifier else 0
    birth_day, confirmable = lines.birth_days[place], lines.confirmable[place]
    return _new(AskedPerson, (name, (pre, suffix, post), lines.periods[place], digest, birth_day, confirmable))
