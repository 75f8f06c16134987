"""The blind index on a cluster: Apache Spark joins digests with sealed persons. It fetches; it never decides.

Implements `ports.register_index` and `ports.register_cluster`. The wanted digests are broadcast and each executor scans
its own files of the register, which is never shuffled. Executors see digests and sealed rows here, and no key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from privity.adapters import duckdb_index_build as build
from privity.adapters import spark_index_build as cluster
from privity.adapters.duckdb_index_files import TABLES, current_snapshot, file_digest, need_whole, table_files
from privity.adapters.index_sql import WANTED, look_up
from privity.adapters.spark_index_session import spark_errors, spark_session
from privity.normalise import RULE_SET_VERSION
from privity.ports.register_cluster import MakeChunks
from privity.ports.register_index import BuildJob, IndexChunk, RegisterIndex, SnapshotInfo

Stretch = TypeVar("Stretch")

LINES_AT_ONCE = 250_000  # some 0.5 GB of sealed persons are held for them
_BATCH = 20_000  # rows turned into Python's values at once


@dataclass(frozen=True, slots=True)
class SparkIndexEngine:
    """Implements `ports.register_cluster.ClusterEngine`; all state is in the folder, and in the process's session."""

    workers: int = 2  # threads, where no configuration of a cluster is given

    def start(self, folder: Path, job: BuildJob) -> frozenset[int]:
        """Prepare or resume a build."""
        spark_session(self.workers)  # what is missing is said before any work
        return build.start(folder, job)

    def write_chunk(self, folder: Path, number: int, chunk: IndexChunk) -> None:
        """Store one chunk that was made in this process."""
        build.write_chunk(folder, number, chunk)

    def make_chunks(
        self, folder: Path, stretches: Sequence[Stretch], make: MakeChunks[Stretch], done: Callable[[int], None]
    ) -> None:
        """Let the executors make and store the chunks."""
        cluster.make_chunks(folder, stretches, make, done, self.workers)

    def finish(self, folder: Path, job: BuildJob, chunks: int, built_at: str) -> SnapshotInfo:
        """Sort into buckets on the executors, and swap in."""
        return build.finish(folder, job, chunks, built_at, cluster.merge(self.workers))

    def open(self, folder: Path) -> RegisterIndex:
        """The active snapshot, whichever engine built it. Raises PrivityError as `duckdb_index.open_snapshot` does.

        The executors read every table once for that, each its share of the files: they see the bytes they will join.
        """
        place, info = current_snapshot(folder, RULE_SET_VERSION)
        digests = _digests(place, self.workers)
        need_whole(place, info, lambda path: digests.get(path.name, b""))
        return SparkRegisterIndex(place, info, self.workers)


def _digests(place: Path, workers: int) -> dict[str, bytes]:
    """SHA-256 of every table file of a snapshot, by file name, found by the executors; b"" for one they cannot read."""
    files = [str(path.resolve()) for table in TABLES for path in table_files(place, table)]
    context = spark_session(workers).sparkContext
    with spark_errors():
        found = context.parallelize(files, len(files)).map(_digest).collect()
    return {Path(name).name: digest for name, digest in zip(files, found, strict=True)}


def _digest(name: str) -> bytes:
    """On an executor. A failure comes back as a value: Spark would write its text into logs."""
    try:
        return file_digest(Path(name))
    except OSError:
        return b""


class SparkRegisterIndex:
    """One opened snapshot. Every look is one pass of the cluster over the columns asked for."""

    def __init__(self, place: Path, info: SnapshotInfo, workers: int = 2) -> None:
        self._place = place
        self._info = info
        self._workers = workers

    @property
    def info(self) -> SnapshotInfo:
        """The snapshot's public facts."""
        return self._info

    @property
    def lines_at_once(self) -> int:
        """Every look is a pass of the cluster over the register, asked for by the process that holds the session."""
        return LINES_AT_ONCE

    def persons_at(self, points: Iterable[int]) -> Iterator[tuple[int, Sequence[bytes]]]:
        """Each point that exists and its sealed persons, in the order of points."""
        found = self._rows("points", "point, sealed", points)
        for point, rows in groupby(found, key=itemgetter(0)):
            yield point, [sealed for _, sealed in rows]

    def known_points(self, points: Iterable[int]) -> frozenset[int]:
        """Point digests that exist: reads one narrow column."""
        return frozenset(point for (point,) in self._rows("points", "point", points))

    def near_points(self, forms: Iterable[int]) -> Mapping[int, Sequence[int]]:
        """Near-form digest to points."""
        found: dict[int, list[int]] = {}
        for form, point in self._rows("near", "form, point", forms):
            found.setdefault(form, []).append(point)
        return found

    def known_streets(self, streets: Iterable[int]) -> frozenset[int]:
        """Street digests that exist."""
        return frozenset(street for (street,) in self._rows("streets", "street", streets))

    def close(self) -> None:
        """Nothing is held: the session serves the whole process."""

    def _rows(self, table: str, columns: str, wanted: Iterable[int]) -> Iterator[tuple[Any, ...]]:
        """Rows of one table whose digest is wanted, in the order of their first column."""
        digests = sorted(set(wanted))
        if not digests:
            return
        with spark_errors(), self.look(table, columns, digests) as look:
            rows = look.toArrow()
        rows = rows.sort_by(rows.column_names[0])
        for batch in rows.to_batches(_BATCH):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)

    @contextmanager
    def look(self, table: str, columns: str, wanted: Sequence[int]) -> Iterator[Any]:
        """The look-up as a Spark data frame that has not run yet: its plan can be asked for."""
        import pyarrow as pa

        session = spark_session(self._workers)
        name = f"{WANTED}_{uuid4().hex}"
        digests = pa.table({WANTED: pa.array(wanted, pa.int64())})
        session.createDataFrame(digests).createOrReplaceTempView(name)
        try:
            yield session.sql(look_up(table, columns, source=self._view(session, table), wanted=name))
        finally:
            session.catalog.dropTempView(name)

    def _view(self, session: Any, table: str) -> str:
        """The name of one table of this snapshot in the session."""
        name = f"{table}_{self._info.snapshot_id}"
        if not session.catalog.tableExists(name):
            files = [str(path) for path in table_files(self._place, table)]
            session.read.schema(cluster.SCHEMAS[table]).parquet(*files).createOrReplaceTempView(name)
        return name
