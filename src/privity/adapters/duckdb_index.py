"""The blind index on one machine: joins digests with sealed persons. It fetches; it never decides.

Implements `ports.register_index`. Tables that DuckDB sorted here are read in place; others it joins itself.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

from privity.adapters import duckdb_index_build as build
from privity.adapters.duckdb_index_files import current_snapshot, need_whole, storage_errors, table_files
from privity.adapters.index_sql import KEYS, WANTED, look_up
from privity.adapters.tables_in_place import Layout, TableInPlace, layout_in_place
from privity.domain.errors import ErrorCode, PrivityError
from privity.normalise import RULE_SET_VERSION
from privity.ports.register_index import BuildJob, IndexChunk, RegisterIndex, SnapshotInfo

Value = TypeVar("Value")

FETCH_ROWS = 20_000  # sealed rows held at once while streaming


def open_snapshot(folder: Path) -> DuckDbRegisterIndex:
    """The active snapshot below HOME/register.

    Raises PrivityError REGISTER_MISSING where there is none, RULE_SET_CHANGED where it was built under other rules, and
    STORAGE_FAILED where its tables are not, byte for byte, those that were built: all are read once for that.
    """
    place, info = current_snapshot(folder, RULE_SET_VERSION)
    need_whole(place, info)
    index = DuckDbRegisterIndex(place, info)
    index.find_layouts()
    return index


class DuckDbIndexEngine:
    """Implements `ports.register_index.IndexEngine`; all state is in the folder."""

    def start(self, folder: Path, job: BuildJob) -> frozenset[int]:
        """Prepare or resume a build."""
        return build.start(folder, job)

    def write_chunk(self, folder: Path, number: int, chunk: IndexChunk) -> None:
        """Store one chunk."""
        build.write_chunk(folder, number, chunk)

    def finish(self, folder: Path, job: BuildJob, chunks: int, built_at: str) -> SnapshotInfo:
        """Merge and swap in."""
        return build.finish(folder, job, chunks, built_at)

    def open(self, folder: Path) -> RegisterIndex:
        """The active snapshot."""
        return open_snapshot(folder)


class DuckDbRegisterIndex:
    """One opened snapshot. Pickles as its folder: a worker process opens it for itself.

    A table that this machine wrote is read in place: what a look-up costs grows with the digests asked, not with the
    register. A table that a cluster wrote is joined by DuckDB, which scans the row groups whose digests can occur.
    """

    def __init__(
        self, place: Path, info: SnapshotInfo, threads: int = 1, layouts: Mapping[str, Layout | None] | None = None
    ) -> None:
        self._place = place
        self._info = info
        self._threads = threads
        self._connection: Any = None
        self._layouts = dict(layouts or {})
        self._opened: dict[str, TableInPlace] = {}

    def __reduce__(self) -> tuple[type[DuckDbRegisterIndex], tuple[object, ...]]:
        return (DuckDbRegisterIndex, (self._place, self._info, self._threads, self._layouts))

    @property
    def info(self) -> SnapshotInfo:
        """The snapshot's public facts."""
        return self._info

    @property
    def lines_at_once(self) -> int:
        """Looks cost what they ask for."""
        return 0

    def persons_at(self, points: Iterable[int]) -> Iterator[tuple[int, Sequence[bytes]]]:
        """Each point that exists and its sealed persons, in the order of points."""
        return self.sealed_rows("points", points)

    def sealed_rows(self, table: str, owners: Iterable[int]) -> Iterator[tuple[int, Sequence[bytes]]]:
        """Each owner that exists in a table of sealed rows, and what is sealed of it, in the table's order."""
        found = self._in_place(table)
        if found is None:
            return _grouped(self._rows(table, owners, f"{KEYS[table]}, sealed"))
        width = found.width
        return ((owner, _cut(sealed, width)) for owner, sealed in found.look_up(owners))

    def near_points(self, forms: Iterable[int]) -> Mapping[int, Sequence[int]]:
        """Near-form digest to points."""
        table = self._in_place("near")
        if table is None:
            return dict(_grouped(self._rows("near", forms, "form, point")))
        return {form: array("q", points) for form, points in table.look_up(forms)}

    def known_streets(self, streets: Iterable[int]) -> frozenset[int]:
        """Street digests that exist."""
        table = self._in_place("streets")
        if table is None:
            return frozenset(street for (street,) in self._rows("streets", streets, "street"))
        return frozenset(street for street, _ in table.look_up(streets))

    def find_layouts(self) -> None:
        """Learn which tables can be read in place, once for all workers: it is part of what they are handed.

        Raises PrivityError STORAGE_FAILED where a file cannot be read.
        """
        import duckdb

        try:
            for table in ("points", "near", "streets"):
                self._layout(table)
        except duckdb.Error:
            raise PrivityError(
                ErrorCode.STORAGE_FAILED,
                "a table of the register snapshot cannot be read",
                "build the register again, or restore the snapshot's folder from a backup",
            ) from None
        finally:
            self._disconnect()

    def close(self) -> None:
        """Close the files and the connection."""
        for table in self._opened.values():
            table.close()
        self._opened = {}
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> Any:
        if self._connection is None:
            self._connection = build.connect(self._place, [self._place], threads=self._threads)
        return self._connection

    def _layout(self, table: str) -> Layout | None:
        if table not in self._layouts:
            self._layouts[table] = layout_in_place(self._connected(), table_files(self._place, table))
        return self._layouts[table]

    def _in_place(self, table: str) -> TableInPlace | None:
        layout = self._layout(table)
        if layout is None:
            return None
        if table not in self._opened:
            with storage_errors():
                self._opened[table] = TableInPlace(layout)
        return self._opened[table]

    def _rows(self, table: str, wanted: Iterable[int], columns: str) -> Iterator[tuple[Any, ...]]:
        """Rows of one table whose digest is wanted, in its order, read in batches of `FETCH_ROWS`."""
        digests = sorted(set(wanted))
        if not digests:
            return
        cursor = self._connected().cursor()
        source = f"read_parquet('{build._quoted(self._place)}/{table}*.parquet')"
        wanted_digests = f"(SELECT unnest(?::BIGINT[]) AS {WANTED})"
        key = KEYS[table]
        query = (
            f"{look_up(table, columns, source=source, wanted=wanted_digests)} "
            f"WHERE t.{key} BETWEEN {digests[0]} AND {digests[-1]} ORDER BY t.{key}"
        )
        try:
            cursor.execute(query, [digests])
            while rows := cursor.fetchmany(FETCH_ROWS):
                yield from rows
        finally:
            cursor.close()


def _grouped(rows: Iterator[tuple[int, Value]]) -> Iterator[tuple[int, list[Value]]]:
    """Rows in the order of their digest -> each digest and its values."""
    for digest, some in groupby(rows, key=itemgetter(0)):
        yield digest, [value for _, value in some]


def _cut(joined: bytes, width: int) -> list[bytes]:
    """Values of one width, apart."""
    if len(joined) == width:
        return [joined]
    return [joined[at : at + width] for at in range(0, len(joined), width)]
