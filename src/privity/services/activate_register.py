"""Build a register snapshot and make it the active one, on record: an entry of the log names every snapshot used.

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
from privity.services.build_on_cluster import build_on_cluster
from privity.services.build_register import build_register
from privity.services.gate import Gate, Progress, need_role, quiet, record_once

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
