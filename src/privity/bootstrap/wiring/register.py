"""The blind index of a home, and extracts under a throwaway key for `evaluate`."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from privity.domain.errors import ErrorCode, PrivityError

if TYPE_CHECKING:
    from privity.bootstrap.wiring.custodian import OpenedHome
    from privity.domain.offices import CustodianRole
    from privity.ports.register_index import RegisterIndex, SnapshotInfo
    from privity.services.activate_register import RegisterActivated
    from privity.services.evaluation_figures import Evaluation
    from privity.services.gate import Progress

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
    opened: OpenedHome, extract: Path, *, role: CustodianRole, processes: int, progress: Progress
) -> RegisterActivated:
    """Build a snapshot from the extract, swap it in and record it."""
    from privity.adapters.duckdb_index import DuckDbIndexEngine
    from privity.services.activate_register import activate_register

    return activate_register(
        opened.gate,
        extract,
        RegisterFolder(opened.path).folder,
        DuckDbIndexEngine(),
        role=role,
        processes=processes,
        progress=progress,
    )


def open_register(opened: OpenedHome) -> RegisterIndex:
    """The active snapshot, on record. Raises PrivityError REGISTER_MISSING or RULE_SET_CHANGED."""
    from privity.adapters.duckdb_index import open_snapshot
    from privity.services.activate_register import record_activation

    index = open_snapshot(RegisterFolder(opened.path).folder)
    record_activation(opened.gate, index.info)
    return index


def evaluate_extracts(
    register: Path, requests: Path, truth: Path, *, policy: str, processes: int, progress: Progress
) -> Evaluation:
    """Measure the matcher on three files, under throwaway keys, in a temporary folder that is removed afterwards.

    Raises PrivityError USAGE (no such policy), NOT_FOUND, REGISTER_INVALID, FORMAT_INVALID, TRUTH_INVALID.
    """
    from privity.adapters.duckdb_index import DuckDbIndexEngine
    from privity.adapters.file_keys import FileKeys, create_keys
    from privity.matching.levels import named_policy
    from privity.services.evaluate_matching import EvaluationFiles, evaluate

    for option, path in (("--register", register), ("--requests", requests), ("--truth", truth)):
        if not path.is_file():
            raise PrivityError(ErrorCode.NOT_FOUND, f"the file given as {option} does not exist", "Check the path.")
    with tempfile.TemporaryDirectory(prefix="privity-evaluate-") as folder:
        create_keys(Path(folder) / "keys")
        return evaluate(
            EvaluationFiles(register, requests, truth),
            named_policy(policy),
            keys=FileKeys(Path(folder) / "keys").index_keys(),
            engine=DuckDbIndexEngine(),
            folder=Path(folder) / "register",
            processes=processes,
            progress=progress,
        )
