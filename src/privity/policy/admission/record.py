"""The storage form of an admitted line: a compact JSON array, bound to the rule set its readings were made under.

Encrypting and storing it is the caller's work. Restoring refuses a record of another rule set (C6).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.person_name import PersonName
from privity.domain.personal import Personal
from privity.domain.request import AdmittedLine, Ordinal, Period
from privity.normalise import RULE_SET_VERSION

JsonValue = str | int | bool | None | list[Any]


def admitted_record(line: AdmittedLine) -> list[JsonValue]:
    """The line as a JSON array; `restore_admitted` is its inverse."""
    name, point = line.name.reveal(), line.point.reveal()
    return [
        RULE_SET_VERSION,
        line.ordinal,
        [name.given, name.middle, list(name.family), name.generation],
        [
            point.kind.value,
            point.zip5,
            point.number,
            point.street,
            point.unit,
            point.predirectional,
            point.suffix,
            point.postdirectional,
            point.city,
            point.state,
        ],
        [[period.start.isoformat(), period.end.isoformat()] for period in line.periods],
        line.officer,
        line.identifier.reveal(),
        line.birth_date.isoformat() if line.birth_date else None,
        line.confirmable,
    ]


def restore_admitted(record: Sequence[Any]) -> AdmittedLine:
    """The admitted line. Raises PrivityError RULE_SET_CHANGED for another rule set's record."""
    if record[0] != RULE_SET_VERSION:
        raise PrivityError(
            ErrorCode.RULE_SET_CHANGED,
            "a line was admitted under another rule-set version",
            "finish the request with the software that admitted it, or have it sent again",
        )
    _, ordinal, name, point, periods, officer, identifier, birth_date, confirmable = record
    return AdmittedLine(
        ordinal=Ordinal(ordinal),
        name=Personal(PersonName(name[0], name[1], tuple(name[2]), name[3])),
        point=Personal(DeliveryPoint(PointKind(point[0]), *point[1:])),
        periods=tuple(Period(date.fromisoformat(start), date.fromisoformat(end)) for start, end in periods),
        officer=officer,
        identifier=Personal(identifier),
        birth_date=date.fromisoformat(birth_date) if birth_date else None,
        confirmable=confirmable,
    )
