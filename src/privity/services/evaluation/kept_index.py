"""An index that an evaluation built and kept: whoever goes on after a kill uses it instead of building it anew.

It is used only where it is whole and was built of the same extract, under the same rule set and keys; else it is built,
and of a build that was killed whole chunks are kept. Keys and folder belong to one evaluation and die with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Final

from privity.domain.errors import ErrorCode, PrivityError
from privity.ports.register_index import IndexEngine, SnapshotInfo
from privity.ports.security import IndexKeys
from privity.services.register.build_register import CHUNK_ROWS, build_job, build_register

_NOTE: Final = "finished-index.json"


def build_or_reuse(
    extract: Path,
    folder: Path,
    keys: IndexKeys,
    engine: IndexEngine,
    progress: Callable[[str, int, int], None],
    *,
    processes: int,
) -> tuple[SnapshotInfo, bool]:
    """The index of `extract` below `folder`, and whether a finished one was found there.

    Raises PrivityError REGISTER_INVALID, STORAGE_FAILED.
    """
    note = json.dumps(asdict(build_job(extract, keys, CHUNK_ROWS)), sort_keys=True)
    kept = _kept(folder, note, engine)
    if kept is not None:
        return kept, True
    info = build_register(extract, folder, keys, engine, progress, processes=processes)
    _write(folder / _NOTE, json.dumps({"job": note, "snapshot": info.snapshot_id}))
    return info, False


def _kept(folder: Path, note: str, engine: IndexEngine) -> SnapshotInfo | None:
    try:
        said = json.loads((folder / _NOTE).read_bytes())
    except (OSError, ValueError):
        return None
    if said.get("job") != note:
        return None
    try:
        index = engine.open(folder)  # reads all tables, and refuses them where a byte has changed
    except PrivityError:
        return None
    info = index.info
    index.close()
    return info if info.snapshot_id == said.get("snapshot") else None


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    draft = path.with_suffix(".part")
    try:
        draft.write_text(text, encoding="ascii")
        draft.replace(path)
    except OSError:
        raise PrivityError(
            ErrorCode.STORAGE_FAILED, "the evaluation's work folder cannot be written to", "Check free space."
        ) from None
