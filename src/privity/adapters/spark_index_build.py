"""Builds a blind index with Spark: executors make the chunks, then sort them into buckets of digests.

A bucket is an equal range of the digests that a table is looked up by: keyed digests spread evenly, so buckets are of
one size whatever the addresses are, and a large building is a few rows of one bucket. Rows move between machines once,
as digests and sealed persons. Files, resumption and the swap are those of one machine (`duckdb_index_build`).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar
from uuid import uuid4

from privity.adapters import duckdb_index_build as one_machine
from privity.adapters.duckdb_index_files import (
    BUILDING,
    TABLES,
    content_digest,
    file_digest,
    storage_errors,
)
from privity.adapters.index_sql import KEYS
from privity.adapters.spark_index_session import spark_errors, spark_session
from privity.adapters.tables_in_place import fixed_schema, write_in_place
from privity.domain.errors import ErrorCode, PrivityError
from privity.ports.register_cluster import MakeChunks

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMAS: Final = {
    "points": "point BIGINT, sealed BINARY",
    "near": "form BIGINT, point BIGINT",
    "streets": "street BIGINT",
    "records": "person BIGINT, sealed BINARY",
    "places": "point BIGINT, sealed BINARY",
}
BUCKET_ROWS: Final = 1_500_000  # of `points`: some 270 MB a file
SMALL: Final = 100_000  # rows; fewer lie in one bucket
_WAVE: Final = 32  # stretches of one job, for each core: progress is told, and a failure seen, after each job

Stretch = TypeVar("Stretch")
_Failure = tuple[str, str, str]


def make_chunks(
    folder: Path, stretches: Sequence[Stretch], make: MakeChunks[Stretch], done: Callable[[int], None], workers: int
) -> None:
    """See `ports.register_cluster.ClusterEngine.make_chunks`."""
    context = spark_session(workers).sparkContext
    store = partial(_store, folder.resolve(), make)
    wave = _WAVE * context.defaultParallelism
    with storage_errors():
        (folder / BUILDING / "attempts").mkdir(exist_ok=True)
    for start in range(0, len(stretches), wave):
        some = stretches[start : start + wave]
        with spark_errors():
            failures = context.parallelize(some, len(some)).map(store).collect()
        for code, message, mend in filter(None, failures):
            raise PrivityError(ErrorCode(code), message, mend)
        done(start + len(some))


def _store(folder: Path, make: MakeChunks[Stretch], stretch: Stretch) -> _Failure | None:
    """On an executor: make the chunks of one stretch and store them. A failure comes back as a value.

    Spark would write an exception's text into the logs of driver and executor, and it may quote the extract (C8).
    """
    try:
        for number, chunk in make(stretch):
            attempt = folder / BUILDING / "attempts" / uuid4().hex
            with storage_errors():
                (attempt / BUILDING / "chunks").mkdir(parents=True)
            one_machine.write_chunk(attempt, number, chunk)
            with storage_errors():
                _move_whole(attempt / BUILDING / "chunks", folder / BUILDING / "chunks")
                shutil.rmtree(attempt)
    except PrivityError as problem:
        return problem.code.value, problem.message, problem.mend
    except Exception as problem:
        return ErrorCode.INTERNAL.value, f"a stretch of the extract failed ({type(problem).__name__})", ""
    return None


def _move_whole(made: Path, chunks: Path) -> None:
    """Put a chunk's files in place, what says that it is whole last: two attempts at one chunk never mix in a file."""
    for path in sorted(made.iterdir(), key=lambda path: path.suffix == ".json"):
        path.replace(chunks / path.name)
    descriptor = os.open(chunks, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def merge(workers: int) -> one_machine.Merge:
    """Sorts all chunks into buckets on the executors."""
    return partial(_merge, workers)


def _merge(workers: int, building: Path, finished: Path) -> one_machine.Merged:
    session = spark_session(workers)
    rows = sum(json.loads(path.read_bytes())["rows"] for path in (building / "chunks").glob("*.json"))
    exponent = bucket_exponent(rows, session.sparkContext.defaultParallelism)
    written: dict[Path, _Bucket] = {}
    with spark_errors():
        for table in TABLES:
            made = _write_buckets(session, table, building / "chunks", finished.resolve(), exponent)
            written |= {finished / _file_name(table, one.number): one for one in made}
    content = content_digest(finished, lambda path: written[path].digest)
    points = [one for path, one in written.items() if path.name.startswith("points")]
    return one_machine.Merged(sum(one.rows for one in points), sum(one.digests for one in points), content)


def bucket_exponent(rows: int, cores: int) -> int:
    """The number of buckets is two to this power: enough for every core, and none much above `BUCKET_ROWS`."""
    least = max(-(-rows // BUCKET_ROWS), cores if rows > SMALL else 1)
    return (least - 1).bit_length()


class _Bucket(NamedTuple):
    """One finished file."""

    number: int
    digest: bytes  # of its bytes
    rows: int
    digests: int  # distinct ones of the column it is sorted by


_BUCKET: Final = "number BIGINT, digest BINARY, rows BIGINT, digests BIGINT"


def _file_name(table: str, bucket: int) -> str:
    return f"{table}-{bucket:05}.parquet"


def _write_buckets(session: Any, table: str, chunks: Path, finished: Path, exponent: int) -> list[_Bucket]:
    """One file a bucket that has rows, sorted; rows of `near` and `streets` once each."""
    rows = session.read.schema(SCHEMAS[table]).parquet(f"{chunks.resolve()}/*.{table}.parquet")
    columns = rows.columns
    half = 2**exponent // 2
    bucket = f"CAST(shiftright({KEYS[table]}, {64 - exponent}) + {half} AS INT)" if exponent else "0"
    rows = rows.selectExpr("*", f"{bucket} AS bucket").repartitionById(2**exponent, "bucket")
    if table != "points":
        rows = rows.dropDuplicates(["bucket", *columns])  # within its bucket: nothing moves again
    rows = rows.sortWithinPartitions(*columns).drop("bucket")  # by all: every attempt writes the same bytes
    made = rows.mapInArrow(partial(_write_bucket, table, finished), _BUCKET).toArrow()
    for draft in finished.glob(".*.part"):
        draft.unlink()  # of an attempt that ended early
    return [_Bucket(**found) for found in made.to_pylist()]


def _write_bucket(table: str, finished: Path, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """On an executor: the file of one bucket, whole or not at all, however often it is tried."""
    import pyarrow as pa
    from pyspark import TaskContext

    task = TaskContext.get()
    first = next(batches, None)
    if task is None or first is None:
        return
    number = task.partitionId()
    digests = _Distinct()
    draft = finished / f".{uuid4().hex}.part"
    rows = write_in_place(draft, fixed_schema(*one_machine.COLUMNS[table]), map(digests.count, chain([first], batches)))
    digest = file_digest(draft)
    draft.replace(finished / _file_name(table, number))
    made = _Bucket(number, digest, rows, digests.found)
    yield pa.RecordBatch.from_pylist([made._asdict()])


class _Distinct:
    """Counts the distinct values of the first column, which is sorted, as its batches pass."""

    def __init__(self) -> None:
        self.found = 0
        self._last: int | None = None

    def count(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The same batch."""
        import pyarrow.compute as pc

        column = batch.column(0)
        if len(column):
            steps = pc.sum(pc.not_equal(column[1:], column[:-1])).as_py() or 0
            self.found += steps + (column[0].as_py() != self._last)
            self._last = column[-1].as_py()
        return batch
