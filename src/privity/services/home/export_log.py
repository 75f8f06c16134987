"""Copies the published log, with its public keys, into a folder that outsiders can verify: `privity log export DIR`.

All or nothing: the files are written and fsynced beside the destination, which then appears under its name at once.
A destination that already holds something is refused, never mixed with. It publishes nothing by itself.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from privity.domain.errors import ErrorCode, PrivityError
from privity.ports.evidence_log import EvidenceLog

KEYS_FILE = "keys.txt"


@dataclass(frozen=True, slots=True)
class ExportedLog:
    """What was written: entries covered by the checkpoint, files, bytes."""

    folder: Path
    size: int
    files: int
    bytes: int


def export_log(log: EvidenceLog, destination: Path) -> ExportedLog:
    """Write checkpoint, tiles, entry bundles and `keys.txt` (verifier keys, one a line) into `destination`.

    Raises PrivityError USAGE (the destination is not an empty place), LOG_UNAVAILABLE (nothing published, or the log
    cannot be read), STORAGE_FAILED.
    """
    size = log.checkpoint().size
    partial = destination.with_name(f".{destination.name}.partial")
    standing = partial
    try:
        _need_empty(destination)
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        files = total = 0
        for name, data in (*log.files(), (KEYS_FILE, _keys(log))):
            _write(partial / name, data)
            files, total = files + 1, total + len(data)
        for folder, _, _ in os.walk(partial):
            _sync(Path(folder))
        standing = partial.replace(destination)
        _sync(destination.parent)
    except OSError as error:
        shutil.rmtree(standing, ignore_errors=True)
        reason = error.strerror or "input/output error"
        raise PrivityError(
            ErrorCode.STORAGE_FAILED, f"the log could not be exported: {reason}", "Choose a writable place with room."
        ) from None
    return ExportedLog(destination, size, files, total)


def _need_empty(destination: Path) -> None:
    """Nothing, or an empty folder, may stand at the destination."""
    if destination.is_dir() and not any(destination.iterdir()):
        return
    if destination.exists() or destination.is_symlink():
        raise PrivityError(
            ErrorCode.USAGE, "the place to export to is not empty", "Name a folder that does not exist yet."
        )


def _keys(log: EvidenceLog) -> bytes:
    return "".join(f"{key}\n" for key in log.verifier_keys).encode()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
