"""Build the blind index on a cluster: plan stretches of the extract here, make its chunks on the executors, merge.

The same rows become the same blind rows as on one machine (`seal_rows`). Resumable like `build_register`, whose job and
refusals it shares. This process holds a plan, never rows; executors hold the index keys in memory while they work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from privity.domain.errors import ErrorCode, PrivityError
from privity.matching.points import INDEX_FORMAT
from privity.normalise import RULE_SET_VERSION
from privity.ports.register_cluster import ClusterEngine
from privity.ports.register_index import IndexChunk, SnapshotInfo
from privity.ports.security import IndexKeys
from privity.services.register.build_register import CHUNK_ROWS, Progress, build_job, open_extract, quiet
from privity.services.register.seal_rows import seal_rows
from privity.wire.extract_parts import Stretch, chunks_of, plan_stretches, read_stretch


def build_on_cluster(
    extract: Path,
    folder: Path,
    keys: IndexKeys,
    engine: ClusterEngine,
    progress: Progress = quiet,
    *,
    built_at: datetime | None = None,
    chunk_rows: int = CHUNK_ROWS,
) -> SnapshotInfo:
    """Build a new snapshot below `folder` and make it the active one; extract and folder lie where executors see them.

    `progress` hears ("rows", rows made, rows in the extract) and ("merge", 0 or 1, 1).
    Raises PrivityError as `build_register` does, and USAGE where the cluster cannot be used.
    """
    job = build_job(extract, keys, chunk_rows)
    finished = engine.start(folder, job)
    with open_extract(extract) as source:
        stretches = list(plan_stretches(source, chunk_rows))
    if not stretches:
        raise PrivityError(ErrorCode.REGISTER_INVALID, "the extract has no rows", "export the extract again")
    waiting = [one for one in stretches if not finished.issuperset(chunks_of(one, chunk_rows))]
    work = _Work(extract.resolve(), keys, chunk_rows, finished)
    engine.make_chunks(folder, waiting, partial(_make_chunks, work), _counted(stretches, waiting, progress))
    progress("merge", 0, 1)
    chunks = chunks_of(stretches[-1], chunk_rows).stop
    info = engine.finish(folder, job, chunks, (built_at or datetime.now(UTC)).isoformat(timespec="seconds"))
    progress("merge", 1, 1)
    return info


@dataclass(frozen=True, slots=True)
class _Work:
    """What every stretch is made with, sent to the executors."""

    extract: Path
    keys: IndexKeys
    chunk_rows: int
    finished: frozenset[int]
    rules: tuple[str, str] = (RULE_SET_VERSION, INDEX_FORMAT)


def _make_chunks(work: _Work, stretch: Stretch) -> Iterator[tuple[int, IndexChunk]]:
    """On an executor: read one stretch and seal its rows, chunk by chunk; whole chunks are not made again."""
    if work.rules != (RULE_SET_VERSION, INDEX_FORMAT):
        raise PrivityError(
            ErrorCode.RULE_SET_CHANGED,
            "an executor runs another version of privity than the process that builds",
            "install the same version on every machine of the cluster",
        )
    with open_extract(work.extract) as source:
        for number, first_row, rows in read_stretch(source, stretch, work.chunk_rows):
            if number not in work.finished:
                yield number, seal_rows(rows, work.keys, first_row=first_row)


def _counted(stretches: list[Stretch], waiting: list[Stretch], progress: Progress) -> Callable[[int], None]:
    """Tell progress in rows, from how many of the waiting stretches are over."""
    total = sum(stretch.rows for stretch in stretches)
    before = total - sum(stretch.rows for stretch in waiting)

    def done(count: int) -> None:
        share = count / len(waiting) if waiting else 1.0
        progress("rows", before + round((total - before) * share), total)

    return done
