"""Update the blind index without a rebuild: add, change, end-date and remove persons, named by their keyed reference.

Only the rows of the persons named are opened; all others are copied as they lie. The outcome is that of a build of the
changed extract. Nothing is active before the last rename, so that a killed update leaves what was; run again, it is
made anew, or found made. The numbered steps are those of docs/procedures/update-register.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from privity.domain.delivery_point import DeliveryPoint
from privity.matching.person_record import decode_person, encode_person
from privity.normalise import RULE_SET_VERSION
from privity.ports.register_index import IndexChunk, Links, SnapshotInfo
from privity.ports.register_update import Dropped, RegisterUpdate, UpdateJob, UpdatingEngine
from privity.ports.security import IndexKeys, LinkKind
from privity.services.register.build_register import KEY_CHECK, Progress, file_digest, quiet
from privity.services.register.changed_persons import Rows, apply_changes, held, persons_of
from privity.services.register.read_changes import ReadChanges, read_all_changes
from privity.services.register.seal_rows import NO_STREET, place_digests


@dataclass(frozen=True, slots=True)
class RegisterUpdated:
    """What an update did."""

    info: SnapshotInfo
    is_new: bool  # False: no row of the index changed
    was_made: bool  # the active snapshot is the outcome of this very file already; nothing below is told again
    rows: int  # of the changes
    persons: int  # whose records changed
    refused: tuple[tuple[int, str], ...]  # row number, code


def update_register(
    changes: Path,
    folder: Path,
    keys: IndexKeys,
    engine: UpdatingEngine,
    progress: Progress = quiet,
    *,
    built_at: datetime,
) -> RegisterUpdated:
    """Make the active snapshot's successor below `folder` and make it the active one.

    `progress` hears ("rows", bytes read, bytes in the file) and ("merge", 0 or 1, 1). Raises PrivityError
    REGISTER_INVALID (the file as a whole, or no row would be left), REGISTER_MISSING, RULE_SET_CHANGED, KEY_INVALID,
    STORAGE_FAILED.
    """
    update = engine.update(folder, UpdateJob(file_digest(changes, keys), RULE_SET_VERSION, keys.digest(KEY_CHECK)))  # 1
    try:
        if update.is_made:
            return RegisterUpdated(update.base, False, True, 0, 0, ())
        total = changes.stat().st_size
        read = read_all_changes(changes, keys, lambda done: progress("rows", min(done, total), total))  # 2
        outcome = _outcome(update, read, keys)  # 3
        refused = sorted((dict(outcome.refused) | dict(read.refused)).items())
        if not (outcome.dropped or outcome.added):
            return RegisterUpdated(update.base, False, False, read.rows, 0, tuple(refused))
        progress("merge", 0, 1)
        dropped, added = _tables(update, outcome, read.places, refused, keys)  # 4
        info = update.finish(dropped, added, built_at.isoformat(timespec="seconds"))  # 5
        progress("merge", 1, 1)
        return RegisterUpdated(info, True, False, read.rows, outcome.persons, tuple(refused))
    finally:
        update.close()


_Record = tuple[int, bytes]  # point, plain record


class _Outcome(NamedTuple):
    """Which records go and come, of all persons together, and the persons' links before and after."""

    dropped: dict[_Record, list[bytes]]  # -> its sealed rows
    added: list[_Record]
    links_before: set[tuple[bytes, int]]
    links_after: set[tuple[bytes, int]]
    refused: list[tuple[int, str]]
    persons: int


def _outcome(update: RegisterUpdate, read: ReadChanges, keys: IndexKeys) -> _Outcome:
    """Open the rows of the persons named, apply the changes, and compare before with after."""
    before = _records_of(update, read.operations, keys)
    outcome = _Outcome({}, [], set(), set(), [], 0)
    persons = 0
    for reference, operations in read.operations.items():
        mine = before.get(reference, {})
        rows: Rows = {}
        for point, record in mine:
            one, spans = held(point, decode_person(record))
            rows.setdefault(one, set()).update(spans)
        after, refused = apply_changes(operations, rows)
        outcome.refused.extend(refused)
        if after == rows:
            continue
        persons += 1
        made = {(point, record) for point, one in persons_of(after, reference) for record in encode_person(one)}
        outcome.dropped.update((record, sealed) for record, sealed in mine.items() if record not in made)
        outcome.added.extend(sorted(made - mine.keys()))
        outcome.links_before.update((reference, point) for point, _ in mine)
        outcome.links_after.update((reference, one.point) for one in after)
    return outcome._replace(persons=persons)


def _records_of(
    update: RegisterUpdate, references: Iterable[bytes], keys: IndexKeys
) -> dict[bytes, dict[_Record, list[bytes]]]:
    """The records of each person, and the sealed rows of each record."""
    wanted = list(references)
    links = update.records_of(keys.person_handles(wanted))
    points = set(keys.open_links(LinkKind.RECORD, links.owners, links.blocks))
    found: dict[bytes, dict[_Record, list[bytes]]] = {reference: {} for reference in wanted}
    for point, sealed in update.persons_at(points):
        for one, record in zip(sealed, keys.open_persons(point, sealed), strict=True):
            mine = found.get(decode_person(record).reference)
            if mine is not None:
                mine.setdefault((point, record), []).append(one)
    return found


def _tables(
    update: RegisterUpdate,
    outcome: _Outcome,
    places: dict[int, DeliveryPoint],
    refused: list[tuple[int, str]],
    keys: IndexKeys,
) -> tuple[Dropped, IndexChunk]:
    """What goes from each table, and what comes."""
    gone = [(point, one) for (point, _), sealed in outcome.dropped.items() for one in sealed]
    arrived = {point for point, _ in outcome.added}
    existing = set(update.places_of(arrived).owners)
    near, streets, new_places = place_digests({point: places[point] for point in arrived - existing}, keys)
    vacated = _vacated(update, gone, arrived)
    old_streets = _streets_without_place(update, vacated, keys) - set(streets)
    unknown_streets = sorted(set(streets) - update.known_streets(streets))
    points = [point for point, _ in outcome.added]
    sealed = keys.seal_persons(points, [record for _, record in outcome.added])
    dropped = Dropped(
        gone, _links(outcome.links_before - outcome.links_after, keys), sorted(vacated), sorted(old_streets)
    )
    records = _links(outcome.links_after - outcome.links_before, keys)
    added = IndexChunk(list(zip(points, sealed, strict=True)), near, unknown_streets, refused, records, new_places)
    return dropped, added


def _links(pairs: set[tuple[bytes, int]], keys: IndexKeys) -> Links:
    ordered = sorted(pairs)
    handles = keys.person_handles([reference for reference, _ in ordered])
    return Links(handles, keys.seal_links(LinkKind.RECORD, handles, [point for _, point in ordered]))


def _vacated(update: RegisterUpdate, gone: list[tuple[int, bytes]], arrived: set[int]) -> set[int]:
    """The points that nobody is at any more."""
    leaving: dict[int, int] = {}
    for point, _ in gone:
        leaving[point] = leaving.get(point, 0) + 1
    candidates = leaving.keys() - arrived
    return {point for point, sealed in update.persons_at(candidates) if len(sealed) == leaving[point]}


def _streets_without_place(update: RegisterUpdate, vacated: set[int], keys: IndexKeys) -> set[int]:
    """The streets of vacated points that no other point is on: one pass over all links of places."""
    links = update.places_of(vacated)
    left = set(keys.open_links(LinkKind.PLACE, links.owners, links.blocks)) - {NO_STREET}
    if not left:
        return left
    for owners, blocks in update.all_places():
        streets = keys.open_links(LinkKind.PLACE, owners, blocks)
        met = left.intersection(streets)
        if met:
            left -= {
                street for point, street in zip(owners, streets, strict=True) if street in met and point not in vacated
            }
        if not left:
            break
    return left
