"""Decoys are planted, listed, held against a new extract, and retired. None of it looks into the register (C1).

A planted decoy is asked only beside the lines of an admitted request (`ask_decoys`): planting one tells nothing, so
that no door opens by which somebody could ask the register without a request. What a decoy says is sealed under a key
of its own; whoever retires it destroys that key, so that no page or copy of the database can be read any more (C9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from privity.domain.audit_events import AuditEvent
from privity.domain.decoys import MOST_DECOYS, DecoyKind
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianRole
from privity.domain.request import AdmittedLine, RequestLine
from privity.policy.admission.decoys import admit_decoys
from privity.ports.decoys import StoredDecoy
from privity.ports.stores import ReadStore, WriteStore
from privity.services.decoys.decoy_truth import Extract, may_be_true
from privity.services.gate import Gate, append_entry, need_role, need_thawed
from privity.wire.decoy_format import decode_decoy, encode_decoy, kind_of

REMOVED, MAY_BE_TRUE = "removed", "may_be_true"


@dataclass(frozen=True, slots=True)
class RefusedDecoy:
    """A row of the file that cannot be asked, by its number and the code of the form rule."""

    row: int
    code: str


@dataclass(frozen=True, slots=True)
class DecoysPlanted:
    """What was planted now, and how many are asked from now on."""

    planted: int
    refused: tuple[RefusedDecoy, ...]
    active: int


@dataclass(frozen=True, slots=True)
class DecoyRow:
    """One decoy in the list. Nothing of what it says."""

    decoy_id: str
    kind: str
    planted_at: datetime
    planted_by: str
    checked_snapshot: str
    retired_at: datetime | None
    retired_reason: str


@dataclass(frozen=True, slots=True)
class DecoysChecked:
    """What holding the decoys against an extract found: those that might be true now are retired."""

    checked: int
    retired: tuple[str, ...]
    active: int


def plant_decoys(
    gate: Gate,
    lines: Sequence[RequestLine],
    *,
    role: CustodianRole = CustodianRole.REGISTRAR,
    by: str = "",
    snapshot_id: str = "",
) -> DecoysPlanted:
    """Plant every line that can be asked. `snapshot_id`: the active register for which the custodian vouches.

    Raises PrivityError ROLE_FORBIDDEN, FORMAT_INVALID (no such kind), USAGE (too many), HOME_FROZEN, HOME_BUSY.
    """
    need_role(role, Action.PLANT_DECOYS)
    kinds = [kind_of(line) for line in lines]
    judged = admit_decoys(lines)
    refused = tuple(RefusedDecoy(one.ordinal, one.code.value) for one in judged if not isinstance(one, AdmittedLine))
    at = gate.clock.now()
    with gate.locks.work():
        with gate.store.reading() as read:
            _need_room(read, len(lines) - len(refused))
        planted = [
            _stored(gate, line, kind, at, by=by or role.value, snapshot_id=snapshot_id)
            for line, kind, one in zip(lines, kinds, judged, strict=True)
            if isinstance(one, AdmittedLine)
        ]
        with gate.store.writing() as write:
            active = _need_room(write, len(planted))
            for decoy in planted:
                write.add_decoy(decoy)
            if planted:
                append_entry(write, AuditEvent.DECOYS_CHANGED, at, change="planted")
        _destroy_keys(gate)
        gate.publish()
    return DecoysPlanted(len(planted), refused, active)


def _need_room(read: ReadStore, more: int) -> int:
    """How many would be active then. Raises PrivityError HOME_FROZEN, USAGE (too many)."""
    need_thawed(read)
    active = len(active_decoys(read)) + more
    if active > MOST_DECOYS:
        raise PrivityError(ErrorCode.USAGE, f"more than {MOST_DECOYS:,} decoys", "Remove some first.")
    return active


def _stored(gate: Gate, line: RequestLine, kind: DecoyKind, at: datetime, *, by: str, snapshot_id: str) -> StoredDecoy:
    decoy_id = gate.entropy.token(8).hex()
    sealed = gate.keys.create_decoy_key(decoy_id).seal(encode_decoy(line), _place(decoy_id))
    return StoredDecoy(decoy_id, kind, sealed, at, by, snapshot_id)


def active_decoys(read: ReadStore) -> list[StoredDecoy]:
    """Those that are asked."""
    return [one for one in read.decoys() if one.retired_at is None]


def open_decoy(gate: Gate, decoy: StoredDecoy, ordinal: int) -> RequestLine:
    """What a decoy says. Raises PrivityError DECRYPTION_FAILED."""
    try:
        key = gate.keys.decoy_key(decoy.decoy_id)
    except PrivityError as problem:
        if problem.code is not ErrorCode.NOT_FOUND:
            raise
        key = gate.keys.decoy_storage()  # planted before decoys had keys of their own
    try:
        said = key.open(decoy.sealed, _place(decoy.decoy_id))
    except PrivityError:
        raise PrivityError(
            ErrorCode.DECRYPTION_FAILED,
            "a planted decoy cannot be read: its key is lost, or its text was changed",
            "Restore request-keys, or remove the decoys (`privity register decoys list`, `remove`) and plant new ones.",
        ) from None
    return decode_decoy(said, ordinal)


def list_decoys(gate: Gate, *, role: CustodianRole = CustodianRole.REGISTRAR) -> tuple[DecoyRow, ...]:
    """All decoys, retired ones too. Raises PrivityError ROLE_FORBIDDEN."""
    need_role(role, Action.PLANT_DECOYS)
    with gate.store.reading() as read:
        return tuple(
            DecoyRow(
                one.decoy_id,
                one.kind.value,
                one.planted_at,
                one.planted_by,
                one.checked_snapshot,
                one.retired_at,
                one.retired_reason,
            )
            for one in read.decoys()
        )


def remove_decoys(
    gate: Gate, decoy_ids: Sequence[str], *, role: CustodianRole = CustodianRole.REGISTRAR
) -> DecoysPlanted:
    """Retire decoys by id; what they say is forgotten. Raises PrivityError ROLE_FORBIDDEN, NOT_FOUND, HOME_BUSY."""
    need_role(role, Action.PLANT_DECOYS)
    with gate.locks.work():
        with gate.store.writing() as write:
            _retire(gate, write, decoy_ids, REMOVED)
            active = len(active_decoys(write))
        _destroy_keys(gate)
        gate.publish()
    return DecoysPlanted(0, (), active)


def check_decoys(
    gate: Gate, extract: Path, *, role: CustodianRole = CustodianRole.REGISTRAR, snapshot_id: str = ""
) -> DecoysChecked:
    """Hold every decoy against an extract, by plain comparison of texts and never by the matcher; retire those that
    might be true. Raises PrivityError ROLE_FORBIDDEN, REGISTER_INVALID.
    """
    need_role(role, Action.PLANT_DECOYS)
    with gate.locks.work(), gate.store.reading() as read:
        active = active_decoys(read)
        lines = [open_decoy(gate, decoy, place) for place, decoy in enumerate(active, 1)]
    doubtful = may_be_true([line.content.reveal() for line in lines], Extract(extract))
    with gate.locks.work():
        with gate.store.writing() as write:
            present = {one.decoy_id for one in active_decoys(write)}
            asked = [one.decoy_id for one in active if one.decoy_id in present]
            retired = [
                one.decoy_id for place, one in enumerate(active) if place in doubtful and one.decoy_id in present
            ]
            _retire(gate, write, retired, MAY_BE_TRUE)
            for decoy_id in asked:
                if decoy_id not in retired:
                    write.mark_decoy_checked(decoy_id, snapshot_id)
            left = len(active_decoys(write))
        _destroy_keys(gate)
        gate.publish()
    return DecoysChecked(len(asked), tuple(retired), left)


def _retire(gate: Gate, write: WriteStore, decoy_ids: Sequence[str], reason: str) -> None:
    at = gate.clock.now()
    for decoy_id in decoy_ids:
        write.retire_decoy(decoy_id, at, reason)
    if decoy_ids:
        append_entry(write, AuditEvent.DECOYS_CHANGED, at, change="retired")


def _destroy_keys(gate: Gate) -> None:
    """Destroy the key of every retired decoy, those included whose retirement was interrupted before this."""
    with gate.store.reading() as read:
        retired = [one.decoy_id for one in read.decoys() if one.retired_at is not None]
    for decoy_id in retired:
        gate.keys.destroy_decoy_key(decoy_id)


def _place(decoy_id: str) -> bytes:
    return f"decoy/{decoy_id}".encode()
