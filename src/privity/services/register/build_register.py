"""Build the blind index from a register extract: read, normalise, digest and seal in chunks on both cores, then merge.

Resumable (a chunk that is whole is not made again) and bounded in memory by a few chunks. A row that cannot be used is
counted and listed by number and code, never by value. Nothing readable is written anywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from typing import Final

from privity.domain.errors import ErrorCode, PrivityError
from privity.normalise import RULE_SET_VERSION
from privity.ports.register_index import BuildJob, IndexEngine, SnapshotInfo
from privity.ports.security import IndexKeys
from privity.services.register.seal_rows import seal_rows
from privity.services.worker_pool import WorkerPool
from privity.wire.extract_parts import PARQUET, Stretch, plan_stretches, read_stretch
from privity.wire.register_format import Row, read_rows

Progress = Callable[[str, int, int], None]

CHUNK_ROWS: Final = 20_000
SMALL: Final = 1_000_000  # bytes; a smaller extract is read in this process: starting workers would take longer
KEY_CHECK: Final = b"privity index key check"


def quiet(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def build_register(
    extract: Path,
    folder: Path,
    keys: IndexKeys,
    engine: IndexEngine,
    progress: Progress = quiet,
    *,
    processes: int = 2,
    built_at: datetime | None = None,
    chunk_rows: int = CHUNK_ROWS,
) -> SnapshotInfo:
    """Build a new snapshot below `folder` and make it the active one; readers of the old one are not disturbed.

    `progress` hears ("rows", bytes read, bytes in the extract) and ("merge", 0 or 1, 1). Refused rows lie in
    `refused.csv` beside the snapshot. Raises PrivityError REGISTER_INVALID (the file as a whole), STORAGE_FAILED.
    """
    job = build_job(extract, keys, chunk_rows)
    finished = engine.start(folder, job)
    total = extract.stat().st_size
    chunks = 0
    with open_extract(extract) as source:

        def todo() -> Iterator[_Job]:
            nonlocal chunks
            for job in _jobs(source, chunk_rows):
                chunks = job.chunk + 1
                progress("rows", min(source.tell(), total), total)  # bytes
                if job.chunk not in finished:
                    yield job

        workers = processes if total > SMALL else 1
        _make_chunks(todo(), _Desk(extract, folder, keys, engine), workers)
    if not chunks:
        raise PrivityError(ErrorCode.REGISTER_INVALID, "the extract has no rows", "export the extract again")
    progress("merge", 0, 1)
    info = engine.finish(folder, job, chunks, (built_at or datetime.now(UTC)).isoformat(timespec="seconds"))
    progress("merge", 1, 1)
    return info


def build_job(extract: Path, keys: IndexKeys, chunk_rows: int) -> BuildJob:
    """What a build of this extract is, read whole for its hash. Raises PrivityError REGISTER_INVALID."""
    return BuildJob(file_digest(extract, keys), RULE_SET_VERSION, keys.digest(KEY_CHECK), chunk_rows)


def open_extract(extract: Path) -> BufferedReader:
    """The extract's bytes. Raises PrivityError REGISTER_INVALID where it cannot be opened."""
    try:
        return extract.open("rb")
    except OSError:
        raise PrivityError(ErrorCode.REGISTER_INVALID, "the extract cannot be opened", "check its path") from None


def file_digest(extract: Path, keys: IndexKeys) -> int:
    """What tells one file from another and nothing of its rows. Raises PrivityError REGISTER_INVALID."""
    with open_extract(extract) as file:
        return keys.digest(b"file\x1f" + hashlib.file_digest(file, "sha256").digest())


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every chunk is made with. Picklable."""

    extract: Path
    folder: Path
    keys: IndexKeys
    engine: IndexEngine


@dataclass(frozen=True, slots=True)
class _Job:
    """One chunk: where its rows lie in the extract, or the rows themselves."""

    chunk: int
    first_row: int
    place: Stretch | Sequence[Row]


def _jobs(source: BufferedReader, chunk_rows: int) -> Iterator[_Job]:
    """The chunks of an extract: of a CSV only where they lie, for the workers read it; of a Parquet file the rows."""
    if source.peek(4)[:4] == PARQUET:
        for chunk, rows in enumerate(read_rows(source, chunk_rows)):
            yield _Job(chunk, chunk * chunk_rows + 1, rows)
        return
    for stretch in plan_stretches(source, chunk_rows):
        yield _Job(stretch.chunk, stretch.first_row, stretch)


def _make_chunk(desk: _Desk, job: _Job) -> None:
    """Seal the rows of one chunk and store it; row numbers count data rows from 1."""
    if isinstance(job.place, Stretch):
        with open_extract(desk.extract) as source:
            rows: Sequence[Row] = [row for _, _, part in read_stretch(source, job.place, 0) for row in part]
    else:
        rows = job.place
    chunk = seal_rows(rows, desk.keys, first_row=job.first_row)
    desk.engine.write_chunk(desk.folder, job.chunk, chunk)


def _make_chunks(todo: Iterator[_Job], desk: _Desk, processes: int) -> None:
    """Make all chunks: in this process, or on `processes` workers with few chunks in flight."""
    if processes < 2:
        for job in todo:
            _make_chunk(desk, job)
        return
    with WorkerPool(_make_chunk, desk, _nothing, processes=processes, in_flight=processes + 2) as pool:
        for job in todo:
            pool.submit(job)


def _nothing(result: None) -> None:
    """A chunk's result is its files."""
