"""Rows of a file of changes to operations on persons, under keys: what is read and normalised of an update.

Refused rows are told by number and code. Knows no snapshot: whether a person is known is asked later.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from privity.domain.delivery_point import DeliveryPoint
from privity.domain.errors import ErrorCode
from privity.matching.periods import Span
from privity.matching.person_record import day
from privity.matching.points import point_message
from privity.ports.security import IndexKeys
from privity.services.register.build_register import open_extract
from privity.services.register.changed_persons import Held, Operation, held
from privity.services.register.seal_rows import recorded_persons
from privity.services.register.usable_rows import PersonRow, UsedRow, reference_of, usable_rows
from privity.wire.register_changes import Change, read_changes
from privity.wire.register_format import COLUMNS, Row

CHUNK_ROWS = 20_000
_VALID_TO = COLUMNS.index("valid_to")


class ReadChanges(NamedTuple):
    """All operations of a file, by the person's keyed reference, and the places of its new rows, by point digest."""

    operations: dict[bytes, list[Operation]]
    places: dict[int, DeliveryPoint]
    refused: list[tuple[int, str]]
    rows: int


def read_all_changes(changes: Path, keys: IndexKeys, progress: Callable[[int], None]) -> ReadChanges:
    """Read the whole file; memory grows with the changes, not with the register. `progress` hears bytes read.

    Raises PrivityError REGISTER_INVALID.
    """
    found = ReadChanges({}, {}, [], 0)
    rows = 0
    with open_extract(changes) as source:
        for chunk in read_changes(source, CHUNK_ROWS):
            _read_chunk(chunk, rows + 1, keys, found)
            rows += len(chunk)
            progress(source.tell())
    return found._replace(rows=rows)


def _read_chunk(chunk: list[tuple[str, Row]], first_row: int, keys: IndexKeys, found: ReadChanges) -> None:
    kinds = [_kind(word) for word, _ in chunk]
    references = [reference_of(row) for _, row in chunk]
    digests = keys.person_references([text or "" for text in references])
    used = iter(usable_rows([row for (_, row), kind in zip(chunk, kinds, strict=True) if kind in _WITH_ROW]))
    read: list[UsedRow | str | None] = [next(used) if kind in _WITH_ROW else None for kind in kinds]
    at = _held_rows([one for one in read if isinstance(one, UsedRow)], keys, found.places)
    for number, kind, reference, digest, (_, row), one in zip(
        range(first_row, first_row + len(chunk)), kinds, references, digests, chunk, read, strict=True
    ):
        if kind is None or not reference:
            found.refused.append((number, ErrorCode.LINE_MALFORMED.value))
            continue
        operation = Operation(number, kind)
        if isinstance(one, str):
            found.refused.append((number, one))
        elif one is not None:
            operation = Operation(number, kind, at[one.person], one.span)
        elif kind is Change.END:
            last = _last_day(row)
            if not last:
                found.refused.append((number, ErrorCode.PERIOD_INVALID.value))
                continue
            operation = Operation(number, kind, None, (0, last))
        if operation.row is not None or kind is not Change.ADD:  # a refused add is nothing; a refused change is one
            found.operations.setdefault(digest, []).append(operation)


_WITH_ROW = (Change.ADD, Change.CHANGE)


def _kind(word: str) -> Change | None:
    try:
        return Change(word.strip().lower())
    except ValueError:
        return None


def _last_day(row: Row) -> int:
    """The day with which periods end; 0 where there is none."""
    try:
        return day(date.fromisoformat(row[_VALID_TO].strip()))
    except ValueError:
        return 0


def _held_rows(used: list[UsedRow], keys: IndexKeys, places: dict[int, DeliveryPoint]) -> dict[PersonRow, Held]:
    """Each person's row under keys; the places are kept for what must be made of new points."""
    cores = {one.person.core: one.point for one in used}
    points = dict(zip(cores, keys.digests([point_message(place) for place in cores.values()]), strict=True))
    places.update((points[core], place) for core, place in cores.items())
    persons: dict[PersonRow, list[Span]] = {one.person: [one.span] for one in used}
    made = recorded_persons(persons, points, keys)
    return {person: held(*one)[0] for person, one in zip(persons, made, strict=True)}
