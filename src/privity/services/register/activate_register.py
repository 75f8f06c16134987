"""Build or update a register snapshot and make it active, on record: an entry of the log names every snapshot used.

A crash between the swap and the entry leaves an active snapshot without its entry; whoever opens it next records it
first (`record_activation` changes nothing the second time). Reads no row itself: that is `build_register`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from privity.domain.audit_events import AuditEvent
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianRole
from privity.ports.register_cluster import ClusterEngine
from privity.ports.register_index import IndexEngine, SnapshotInfo
from privity.ports.register_update import UpdatingEngine
from privity.services.gate import Gate, Progress, need_role, quiet, record_once
from privity.services.register.build_on_cluster import build_on_cluster
from privity.services.register.build_register import build_register
from privity.services.register.update_register import update_register

ACTIVE = "register_snapshot"  # the fact that names the snapshot recorded last


@dataclass(frozen=True, slots=True)
class RegisterActivated:
    """The snapshot that is active now."""

    snapshot_id: str
    rule_set: str
    rows: int
    points: int
    refused_rows: int
    built_at: str


def activate_register(
    gate: Gate,
    extract: Path,
    folder: Path,
    engine: IndexEngine,
    *,
    role: CustodianRole = CustodianRole.REGISTRAR,
    processes: int = 2,
    progress: Progress = quiet,
) -> RegisterActivated:
    """Build below `folder` (HOME/register), swap in, record. Interrupted builds resume.

    Where the engine is a cluster's, its executors make the chunks, and `processes` says nothing.
    Raises PrivityError ROLE_FORBIDDEN, HOME_BUSY, REGISTER_INVALID, STORAGE_FAILED, LOG_UNAVAILABLE.
    """
    need_role(role, Action.BUILD_REGISTER)
    with gate.locks.work():
        keys, now = gate.keys.index_keys(), gate.clock.now()
        if isinstance(engine, ClusterEngine):
            info = build_on_cluster(extract, folder, keys, engine, progress, built_at=now)
        else:
            info = build_register(extract, folder, keys, engine, progress, processes=processes, built_at=now)
    record_activation(gate, info)
    return RegisterActivated(info.snapshot_id, info.rule_set, info.rows, info.points, info.refused_rows, info.built_at)


@dataclass(frozen=True, slots=True)
class UpdateActivated:
    """The snapshot that is active after an update, and what the update did."""

    snapshot_id: str
    rows: int
    points: int
    built_at: str
    is_new: bool  # False: the changes touched no row
    was_made: bool  # the active snapshot was made by this very file before
    changes: int  # rows of the file
    persons_changed: int
    refused_rows: int
    refused: tuple[tuple[int, str], ...]  # row number, code


def activate_update(
    gate: Gate,
    changes: Path,
    folder: Path,
    engine: UpdatingEngine,
    *,
    role: CustodianRole = CustodianRole.REGISTRAR,
    progress: Progress = quiet,
) -> UpdateActivated:
    """Update the active snapshot below `folder` (HOME/register), swap in, record; a killed one is undone or found made.

    Raises PrivityError ROLE_FORBIDDEN, HOME_BUSY, REGISTER_INVALID, REGISTER_MISSING, RULE_SET_CHANGED, KEY_INVALID,
    STORAGE_FAILED, LOG_UNAVAILABLE.
    """
    need_role(role, Action.BUILD_REGISTER)
    with gate.locks.work():
        done = update_register(changes, folder, gate.keys.index_keys(), engine, progress, built_at=gate.clock.now())
    record_activation(gate, done.info)
    info, refused = done.info, done.refused
    return UpdateActivated(
        info.snapshot_id, info.rows, info.points, info.built_at, done.is_new, done.was_made, done.rows, done.persons,
        len(refused), refused,
    )  # fmt: skip


def record_activation(gate: Gate, info: SnapshotInfo) -> bool:
    """Append the entry for the active snapshot, unless the newest one names it already. True where it was appended."""
    return record_once(
        gate,
        ACTIVE,
        info.snapshot_id,
        AuditEvent.REGISTER_ACTIVATED,
        snapshot_id=info.snapshot_id,
        rule_set=info.rule_set,
        rows=info.rows,
        refused_rows=info.refused_rows,
    )
