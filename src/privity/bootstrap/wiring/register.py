"""The blind index of a home: build it, open it, say what is active."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from privity.bootstrap.wiring.engines import index_engine

if TYPE_CHECKING:
    from privity.bootstrap.wiring.custodian import OpenedHome
    from privity.domain.offices import CustodianRole
    from privity.ports.register_index import RegisterIndex, SnapshotInfo
    from privity.services.gate import Progress
    from privity.services.register.activate_register import RegisterActivated, UpdateActivated

MOST_REFUSED_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class RegisterFolder:
    """The register folder of one home."""

    home: Path

    @property
    def folder(self) -> Path:
        """HOME/register."""
        return self.home / "register"

    def info(self) -> SnapshotInfo:
        """Facts of the active snapshot. Raises PrivityError REGISTER_MISSING."""
        from privity.adapters.duckdb_index_files import active_snapshot

        return active_snapshot(self.folder)[1]

    def refused_rows(self) -> list[tuple[int, str]]:
        """(row number, code) of the first refused rows of the active snapshot's extract."""
        from privity.adapters.duckdb_index_files import active_snapshot

        listing = active_snapshot(self.folder)[0] / "refused.csv"
        with listing.open(encoding="utf-8", newline="") as stream:
            rows = csv.DictReader(stream)
            return [(int(row["row"]), row["code"]) for row, _ in zip(rows, range(MOST_REFUSED_SHOWN), strict=False)]


def build_register_at(
    opened: OpenedHome, extract: Path, *, role: CustodianRole, engine: str, processes: int, progress: Progress
) -> RegisterActivated:
    """Build a snapshot from the extract, swap it in and record it. Raises PrivityError USAGE (engine) and others."""
    from privity.services.register.activate_register import activate_register

    return activate_register(
        opened.gate,
        extract,
        RegisterFolder(opened.path).folder,
        index_engine(engine, processes),
        role=role,
        processes=processes,
        progress=progress,
    )


def update_register_at(
    opened: OpenedHome, changes: Path, *, role: CustodianRole, progress: Progress
) -> UpdateActivated:
    """Update the active snapshot by a file of changes, swap in and record it. Works on what either engine built."""
    from privity.adapters.duckdb_index_update import DuckDbUpdatingEngine
    from privity.services.register.activate_register import activate_update

    folder = RegisterFolder(opened.path).folder
    return activate_update(opened.gate, changes, folder, DuckDbUpdatingEngine(), role=role, progress=progress)


def open_register(opened: OpenedHome, *, engine: str, processes: int) -> RegisterIndex:
    """The active snapshot, on record. Raises PrivityError USAGE (engine), REGISTER_MISSING or RULE_SET_CHANGED."""
    from privity.services.register.activate_register import record_activation

    index = index_engine(engine, processes).open(RegisterFolder(opened.path).folder)
    record_activation(opened.gate, index.info)
    return index
