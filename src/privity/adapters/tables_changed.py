"""Sorted tables with some rows left out and others put in, batch by batch: memory does not grow with the table.

Batches that no change touches pass through as they are. Knows Arrow; what a row means is told elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from privity.adapters.tables_in_place import ROW_GROUP

if TYPE_CHECKING:
    import pyarrow as pa

Leave = Callable[["pa.RecordBatch"], "pa.RecordBatch"]
"""A batch without the rows that are left out."""


def batches_of(files: Iterable[Path], columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
    """The rows of a table of one or more files, in its order."""
    import pyarrow.parquet as pq

    for path in files:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=ROW_GROUP, columns=None if columns is None else list(columns))


def changed(batches: Iterable[pa.RecordBatch], leave: Leave, added: pa.Table) -> Iterator[pa.RecordBatch]:
    """The rows that `leave` keeps, and `added`, sorted by the first column. `batches` are sorted by it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    key = added.schema.names[0]
    added = added.sort_by(key)
    done = 0
    for whole in batches:
        batch = leave(whole.cast(added.schema))
        if not batch.num_rows:
            continue
        end = int(pc.search_sorted(added[key], batch.column(0)[-1], side="right").as_py())
        if end > done:
            some = pa.concat_tables([pa.Table.from_batches([batch]), added.slice(done, end - done)])
            yield from some.sort_by(key).combine_chunks().to_batches()
            done = end
        else:
            yield batch
    yield from added.slice(done).combine_chunks().to_batches()


def without_values(column: str, values: Collection[int]) -> Leave:
    """Leaves out every row whose `column` is one of `values`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = pa.array(sorted(values), pa.int64())

    def leave(batch: pa.RecordBatch) -> pa.RecordBatch:
        return batch.filter(pc.invert(pc.is_in(batch[column], wanted))) if len(wanted) else batch

    return leave


def without_rows(rows: Iterable[tuple[int, bytes]]) -> Leave:
    """Leaves out exactly these rows of a table of two columns."""
    import pyarrow as pa
    import pyarrow.compute as pc

    unwanted = set(rows)
    wanted = pa.array(sorted({key for key, _ in unwanted}), pa.int64())

    def leave(batch: pa.RecordBatch) -> pa.RecordBatch:
        places = pc.indices_nonzero(pc.is_in(batch.column(0), wanted)).to_pylist() if len(wanted) else []
        gone = [place for place in places if _row(batch, place) in unwanted]
        if not gone:
            return batch
        out = pc.is_in(pa.array(range(batch.num_rows), pa.int64()), pa.array(gone, pa.int64()))
        return batch.filter(pc.invert(out))

    return leave


def _row(batch: pa.RecordBatch, place: int) -> tuple[Any, Any]:
    return batch.column(0)[place].as_py(), batch.column(1)[place].as_py()
