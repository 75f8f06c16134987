"""Files of a blind index on disk: chunk files of a build, the sorted tables of a snapshot, the pointer to it.

Layout below HOME/register:

    current                       the active snapshot's folder name, replaced by one rename
    snapshot-<id>/                one Parquet file for each of TABLES, refused.csv, snapshot.json;
                                  a table of several files is points-00000.parquet ..., each after the one before
    building/                     job.json, chunks/<number>.<table>.parquet + <number>.json when whole
    updating/                     the next snapshot while an update copies it

Knows files and durability; SQL lives in `duckdb_index_build`, look-ups in `duckdb_index`. Holds no key.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from privity.domain.errors import ErrorCode, PrivityError
from privity.matching.points import INDEX_FORMAT
from privity.ports.register_index import BuildJob, SnapshotInfo

POINTER, BUILDING, UPDATING = "current", "building", "updating"
TABLES = ("points", "near", "streets", "records", "places")
ID_LENGTH = 16  # hexadecimal digits of `content_digest`


@contextmanager
def storage_errors() -> Iterator[None]:
    """Disk full, read-only and other input/output errors as PrivityError STORAGE_FAILED, without paths."""
    try:
        yield
    except OSError as problem:
        raise PrivityError(
            ErrorCode.STORAGE_FAILED,
            f"the register folder could not be read or written ({type(problem).__name__}, errno {problem.errno})",
            "check free space and permissions; a killed build resumes when run again",
        ) from None


def sync_file(path: Path) -> None:
    """Make a file's bytes durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_durably(path: Path, content: bytes) -> None:
    """Write beside, fsync, rename, fsync the folder: whole or not at all."""
    beside = path.with_name(path.name + ".part")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_file(path.parent)


def prepare_building(folder: Path, job: BuildJob) -> frozenset[int]:
    """The build area for this job; numbers of chunks already whole. Another job's leavings are removed."""
    building = folder / BUILDING
    wanted = json.dumps({"format": INDEX_FORMAT, **asdict(job)}, sort_keys=True).encode()
    marker = building / "job.json"
    if not marker.exists() or marker.read_bytes() != wanted:
        shutil.rmtree(building, ignore_errors=True)
        (building / "chunks").mkdir(parents=True)
        write_durably(marker, wanted)
    return frozenset(int(done.stem) for done in (building / "chunks").glob("*.json"))


def refused_rows(chunks: Path, count: int) -> Iterator[tuple[int, str]]:
    """(row number, code) of every refused row, in row order."""
    for number in range(count):
        yield from json.loads((chunks / f"{number:06}.json").read_bytes())["refused"]


def table_files(place: Path, table: str) -> list[Path]:
    """The files of one table of a snapshot, in the order of its digests."""
    return sorted(place.glob(f"{table}*.parquet"))


def file_digest(path: Path) -> bytes:
    """SHA-256 of one file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def content_digest(folder: Path, digest: Callable[[Path], bytes] = file_digest) -> str:
    """SHA-256 over the digests of the tables' files, hex: what a snapshot's id is made of."""
    whole = hashlib.sha256()
    for table in TABLES:
        for path in table_files(folder, table):
            whole.update(digest(path))
    return whole.hexdigest()


def activate(folder: Path, finished: Path, info: SnapshotInfo, made: Mapping[str, str | int]) -> None:
    """Make a finished folder the active snapshot: everything durable first, then one rename of the pointer.

    `made`: what else its record says of how it was made (`snapshot_record`).
    """
    record = {"format": INDEX_FORMAT, **asdict(info), **made}
    write_durably(finished / "snapshot.json", json.dumps(record, sort_keys=True).encode())
    for name in os.listdir(finished):
        sync_file(finished / name)
    sync_file(finished)
    target = folder / f"snapshot-{info.snapshot_id}"
    shutil.rmtree(target, ignore_errors=True)
    finished.replace(target)
    sync_file(folder)
    write_durably(folder / POINTER, target.name.encode())


def active_name(folder: Path) -> str:
    """Folder name of the active snapshot; "" for none."""
    try:
        return (folder / POINTER).read_text("ascii").strip()
    except OSError:
        return ""


def remove_older(folder: Path, previous: str) -> None:
    """Remove building leftovers and all snapshots but the active one and the one before, which may still be read."""
    for unfinished in (BUILDING, UPDATING):
        shutil.rmtree(folder / unfinished, ignore_errors=True)
    keep = {active_name(folder), previous}
    for old in folder.glob("snapshot-*"):
        if old.name not in keep:
            shutil.rmtree(old, ignore_errors=True)


def snapshot_record(place: Path) -> Mapping[str, str | int]:
    """The whole record of one snapshot: its facts, and `key_check`; of an update also `base` and `changes`."""
    record: Mapping[str, str | int] = json.loads((place / "snapshot.json").read_bytes())
    return record


def active_snapshot(folder: Path) -> tuple[Path, SnapshotInfo]:
    """Folder and facts of the active snapshot. Raises PrivityError REGISTER_MISSING."""
    try:
        place = folder / (active_name(folder) or "none")
        record = snapshot_record(place)
    except (OSError, ValueError):
        record = {}
    if record.get("format") != INDEX_FORMAT or not all(table_files(place, table) for table in TABLES):
        raise PrivityError(
            ErrorCode.REGISTER_MISSING, "there is no active register snapshot", "run `privity register build`"
        )
    return place, SnapshotInfo(
        snapshot_id=str(record["snapshot_id"]),
        rule_set=str(record["rule_set"]),
        rows=int(record["rows"]),
        points=int(record["points"]),
        refused_rows=int(record["refused_rows"]),
        built_at=str(record["built_at"]),
    )


def need_whole(place: Path, info: SnapshotInfo, digest: Callable[[Path], bytes] = file_digest) -> None:
    """Raise PrivityError STORAGE_FAILED unless the tables are, byte for byte, those that the snapshot's id names.

    A lost or changed row in any table can hide a rival, a street or another ZIP, and so turn into a confirmation.
    `digest`: how a file's SHA-256 is found.
    """
    with storage_errors():
        content = content_digest(place, digest)
    if content[: len(info.snapshot_id)] != info.snapshot_id or len(info.snapshot_id) != ID_LENGTH:
        raise PrivityError(
            ErrorCode.STORAGE_FAILED,
            "the tables of the register snapshot are not those that were built",
            "build the register again, or restore the snapshot's folder from a backup",
        )


def current_snapshot(folder: Path, rule_set: str) -> tuple[Path, SnapshotInfo]:
    """The active snapshot, where it was built under this rule set. Raises PrivityError RULE_SET_CHANGED otherwise."""
    place, info = active_snapshot(folder)
    if info.rule_set != rule_set:
        raise PrivityError(
            ErrorCode.RULE_SET_CHANGED,
            "the register snapshot was built under another rule-set version of normalisation",
            "run `privity register build` again with this version",
        )
    return place, info
