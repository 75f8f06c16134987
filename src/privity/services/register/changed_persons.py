"""What the changes of one person make of the person's rows, in the order of the file. Pure: reads and writes nothing.

The outcome is what a build of the changed extract would hold of the person.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from privity.domain.errors import ErrorCode
from privity.domain.personal import MASK
from privity.matching.periods import Span
from privity.matching.person_record import Face, PersonAtPoint, Recorded, RecordedName
from privity.wire.register_changes import Change


class Held(NamedTuple):
    """One person at one point under one name and face: what may have several periods."""

    point: int
    name: RecordedName
    face: Face
    identifier: int
    birth_day: int

    def __repr__(self) -> str:
        """The mask (invariant C8)."""
        return f"Held({MASK})"


Rows = dict[Held, set[Span]]
"""All rows of one person."""


class Operation(NamedTuple):
    """One row of the changes. `row` is None for `end` and `remove`, and where an add or a change was refused."""

    number: int  # of the row in the file, from 1
    kind: Change
    row: Held | None = None
    span: Span = (0, 0)  # of `row`; for `end`: (0, last day)


def held(point: int, person: PersonAtPoint | Recorded) -> tuple[Held, tuple[Span, ...]]:
    """A person's record in the form that changes work on."""
    name = person.name
    plain = RecordedName(name.given, name.middle, tuple(name.family), name.generation)
    return Held(point, plain, person.face, person.identifier, person.birth_day), person.spans


def persons_of(rows: Rows, reference: bytes) -> list[tuple[int, PersonAtPoint]]:
    """The records to seal, with their points."""
    return [
        (one.point, PersonAtPoint(reference, one.name, one.face, tuple(sorted(spans)), one.identifier, one.birth_day))
        for one, spans in rows.items()
    ]


def apply_changes(operations: Iterable[Operation], rows: Rows) -> tuple[Rows, list[tuple[int, str]]]:
    """The person's rows afterwards, and (row number, code) of what was refused.

    * `add`: one more row.
    * `change`: neighbouring ones of one person are together all rows from now on (what was refused among them is not
      kept, and what stood before goes all the same). The person must be known.
    * `end`: every open period ends with that day. Refused where the person is unknown (NOT_FOUND), or where there is no
      open period or one that begins later (PERIOD_INVALID).
    * `remove`: no row is kept. Refused where the person is unknown.
    """
    rows = {one: set(spans) for one, spans in rows.items()}
    refused: list[tuple[int, str]] = []
    known, replacing = bool(rows), False
    for number, kind, row, span in operations:
        if kind is not Change.ADD and not known:
            refused.append((number, ErrorCode.NOT_FOUND.value))
            continue
        if kind is Change.CHANGE and not replacing:
            rows = {}
        replacing = kind is Change.CHANGE
        if row is not None:
            rows.setdefault(row, set()).add(span)
        elif kind is Change.REMOVE:
            rows = {}
        elif kind is Change.END:
            ended = _ended(rows, span[1])
            if ended is None:
                refused.append((number, ErrorCode.PERIOD_INVALID.value))
            else:
                rows = ended
        known = bool(rows) or replacing
    return rows, refused


def _ended(rows: Rows, last: int) -> Rows | None:
    """The rows with every open period ended; None where there is none, or one begins after its end."""
    starts = [first for spans in rows.values() for first, end in spans if not end]
    if not starts or max(starts) > last:
        return None
    return {one: {(first, end or last) for first, end in spans} for one, spans in rows.items()}
