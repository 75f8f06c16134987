"""Builds a blind index with Spark: executors make the chunks, then sort them into buckets of digests.

A bucket is an equal range of the digests that a table is looked up by: keyed digests spread evenly, so buckets are of
one size whatever the addresses are, and a large building is a few rows of one bucket. Rows move between machines once,
as digests and sealed persons. Files, resumption and the swap are those of one machine (`duckdb_index_build`).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar
from uuid import uuid4

from privity.adapters import duckdb_index_build as one_machine
from privity.adapters.duckdb_index_files import (
    BUILDING,
    TABLES,
    content_digest,
    file_digest,
    storage_errors,
    table_files,
)
from privity.adapters.index_sql import KEYS
from privity.adapters.spark_index_session import spark_errors, spark_session
from privity.domain.errors import ErrorCode, PrivityError
from privity.ports.register_cluster import MakeChunks

SCHEMAS: Final = {
    "points": "point BIGINT, sealed BINARY",
    "near": "form BIGINT, point BIGINT",
    "streets": "street BIGINT",
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


class _Facts(NamedTuple):
    """Of one finished file."""

    digest: bytes
    rows: int
    keys: int


def _merge(workers: int, building: Path, finished: Path) -> one_machine.Merged:
    session = spark_session(workers)
    rows = sum(json.loads(path.read_bytes())["rows"] for path in (building / "chunks").glob("*.json"))
    exponent = bucket_exponent(rows, session.sparkContext.defaultParallelism)
    for table in TABLES:
        written = building / f"written-{table}"
        shutil.rmtree(written, ignore_errors=True)
        with spark_errors():
            _write_buckets(session, table, building / "chunks", written, exponent)
        for number, path in enumerate(sorted(written.glob("part-*.parquet"))):
            path.replace(finished / f"{table}-{number:05}.parquet")
        shutil.rmtree(written)
    files = [(table, path) for table in TABLES for path in table_files(finished, table)]
    with spark_errors():
        facts = session.sparkContext.parallelize(files, len(files)).map(_facts).collect()
    found = {path: one for (_, path), one in zip(files, facts, strict=True)}
    points = [one for (table, _), one in zip(files, facts, strict=True) if table == "points"]
    content = content_digest(finished, lambda path: found[path].digest)
    return one_machine.Merged(sum(one.rows for one in points), sum(one.keys for one in points), content)


def bucket_exponent(rows: int, cores: int) -> int:
    """The number of buckets is two to this power: enough for every core, and none much above `BUCKET_ROWS`."""
    least = max(-(-rows // BUCKET_ROWS), cores if rows > SMALL else 1)
    return (least - 1).bit_length()


def _write_buckets(session: Any, table: str, chunks: Path, written: Path, exponent: int) -> None:
    """One file a bucket, rows of `near` and `streets` once each, sorted by all digests of the row."""
    rows = session.read.schema(SCHEMAS[table]).parquet(f"{chunks.resolve()}/*.{table}.parquet")
    numbers = [name for name in rows.columns if name != "sealed"]
    half = 2**exponent // 2
    bucket = f"CAST(shiftright({KEYS[table]}, {64 - exponent}) + {half} AS INT)" if exponent else "0"
    rows = rows.selectExpr("*", f"{bucket} AS bucket").repartitionById(2**exponent, "bucket")
    if "sealed" not in rows.columns:
        rows = rows.dropDuplicates(["bucket", *numbers])
    rows = rows.sortWithinPartitions(*numbers).drop("bucket")
    (
        rows.write.option("compression", "none")
        .option("parquet.enable.dictionary", "false")
        .option("parquet.block.row.count.limit", str(one_machine.ROW_GROUP))
        .parquet(str(written.resolve()))
    )


def _facts(file: tuple[str, Path]) -> _Facts:
    """On an executor: digest, rows and distinct keys of one sorted file."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table, path = file
    rows = keys = 0
    last = None
    for batch in pq.ParquetFile(path).iter_batches(columns=[KEYS[table]]):
        column = batch.column(0)
        steps = pc.sum(pc.not_equal(column[1:], column[:-1])).as_py() or 0
        keys += steps + (column[0].as_py() != last)
        rows += len(column)
        last = column[-1].as_py()
    return _Facts(file_digest(path), rows, keys)
