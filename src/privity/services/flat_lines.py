"""Admitted lines as flat values: quick to hand to a worker process, and small to hold while it works.

Only changes the form. What is digested of a point is built by `matching.points`; nothing is looked up or decided here.
"""

from __future__ import annotations

from typing import Final

from privity.domain.request import AdmittedLine
from privity.matching.decide import AskedPerson
from privity.matching.person_record import RecordedName, Span, day
from privity.matching.points import point_message
from privity.ports.security import IndexKeys
from privity.services.seal_rows import identifier_digest

_FIELD: Final = "\x1f"  # never in normalised text
_PART: Final = "\x1e"
_FIELDS: Final = 7  # before the identifier, which comes last because it is text as supplied

FlatLine = tuple[bytes, str, tuple[Span, ...], int, bool]
"""Point message; name, face and identifier in one text; periods; birth day; whether it may be confirmed."""


def flatten(line: AdmittedLine) -> FlatLine:
    """The flat form of one line."""
    name, point = line.name.reveal(), line.point.reveal()
    text = _FIELD.join((
        name.given,
        name.middle,
        name.generation,
        _PART.join(name.family),
        point.predirectional,
        point.suffix,
        point.postdirectional,
        line.identifier.reveal(),
    ))  # fmt: skip
    periods = tuple([(period.start.toordinal(), period.end.toordinal()) for period in line.periods])
    return point_message(point), text, periods, day(line.birth_date), line.confirmable


def asked_person(line: FlatLine, keys: IndexKeys) -> AskedPerson:
    """What a flat line asks, in the form that is compared."""
    _message, text, periods, birth_day, confirmable = line
    given, middle, generation, family, pre, suffix, post, identifier = text.split(_FIELD, _FIELDS)
    parts = tuple(family.split(_PART)) if _PART in family else (family,) if family else ()
    name = RecordedName(given, middle, parts, generation)
    digest = identifier_digest(identifier, keys) if identifier else 0
    return AskedPerson(name, (pre, suffix, post), periods, digest, birth_day, confirmable)
