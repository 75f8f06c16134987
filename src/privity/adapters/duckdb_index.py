"""The blind index on one machine: DuckDB joins digests with sealed persons. It fetches; it never decides.

Implements `ports.register_index`. Each look-up scans only the row groups whose digests can occur, and streams.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from privity.adapters import duckdb_index_build as build
from privity.adapters.duckdb_index_files import current_snapshot
from privity.adapters.index_sql import WANTED, look_up
from privity.normalise import RULE_SET_VERSION
from privity.ports.register_index import BuildJob, IndexChunk, RegisterIndex, SnapshotInfo

FETCH_ROWS = 20_000  # sealed rows held at once while streaming


def open_snapshot(folder: Path) -> DuckDbRegisterIndex:
    """The active snapshot below HOME/register.

    Raises PrivityError REGISTER_MISSING where there is none, RULE_SET_CHANGED where it was built under other rules.
    """
    import duckdb  # noqa: F401  # now, so that forked workers need not load it each

    place, info = current_snapshot(folder, RULE_SET_VERSION)
    return DuckDbRegisterIndex(place, info)


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
    """One opened snapshot. Pickles as its folder: a worker process connects for itself."""

    def __init__(self, place: Path, info: SnapshotInfo, threads: int = 1) -> None:
        self._place = place
        self._info = info
        self._threads = threads
        self._connection: Any = None

    def __reduce__(self) -> tuple[type[DuckDbRegisterIndex], tuple[Path, SnapshotInfo, int]]:
        return (DuckDbRegisterIndex, (self._place, self._info, self._threads))

    @property
    def info(self) -> SnapshotInfo:
        """The snapshot's public facts."""
        return self._info

    def persons_at(self, points: Iterable[int]) -> Iterator[tuple[int, Sequence[bytes]]]:
        """Point and its sealed persons; one point's rows always come together, because the table is sorted by point."""
        held: list[bytes] = []
        current: int | None = None
        for point, sealed in self._rows("points", "point", points, "point, sealed"):
            if point != current and current is not None:
                yield current, held
                held = []
            current = point
            held.append(sealed)
        if current is not None:
            yield current, held

    def near_points(self, forms: Iterable[int]) -> Mapping[int, Sequence[int]]:
        """Near-form digest to points."""
        found: dict[int, list[int]] = {}
        for form, point in self._rows("near", "form", forms, "form, point"):
            found.setdefault(form, []).append(point)
        return found

    def known_streets(self, streets: Iterable[int]) -> frozenset[int]:
        """Street digests that exist."""
        return frozenset(street for (street,) in self._rows("streets", "street", streets, "street"))

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _rows(self, table: str, key: str, wanted: Iterable[int], columns: str) -> Iterator[tuple[Any, ...]]:
        """Rows of one table whose key is wanted, in key order, read in batches of `FETCH_ROWS`."""
        keys = sorted(set(wanted))
        if not keys:
            return
        if self._connection is None:
            self._connection = build.connect(self._place, [self._place], threads=self._threads)
        cursor = self._connection.cursor()
        source = f"read_parquet('{build._quoted(self._place)}/{table}*.parquet')"
        wanted_keys = f"(SELECT unnest(?::BIGINT[]) AS {WANTED})"
        query = (
            f"{look_up(table, columns, source=source, wanted=wanted_keys)} "
            f"WHERE t.{key} BETWEEN {keys[0]} AND {keys[-1]} ORDER BY t.{key}"
        )
        try:
            cursor.execute(query, [keys])
            while rows := cursor.fetchmany(FETCH_ROWS):
                yield from rows
        finally:
            cursor.close()
