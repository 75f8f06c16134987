"""Updates a blind index on one machine: copies the tables of the active snapshot with the changes put in, and swaps.

Implements `ports.register_update`. Copies only; sees digests and sealed rows. One pass over each table in its own
order, so that no table is sorted again and memory does not grow with the register.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from privity.adapters import duckdb_index_build as build
from privity.adapters.duckdb_index import DuckDbRegisterIndex
from privity.adapters.duckdb_index_files import (
    UPDATING,
    activate,
    content_digest,
    current_snapshot,
    need_whole,
    remove_older,
    snapshot_record,
    storage_errors,
    table_files,
    write_durably,
)
from privity.adapters.tables_changed import Leave, batches_of, changed, without_rows, without_values
from privity.adapters.tables_in_place import fixed_schema, write_in_place
from privity.domain.errors import ErrorCode, PrivityError
from privity.ports.register_index import IndexChunk, Links, SnapshotInfo
from privity.ports.register_update import Dropped, RegisterUpdate, UpdateJob

if TYPE_CHECKING:
    import pyarrow as pa


class DuckDbUpdatingEngine:
    """Implements `ports.register_update.UpdatingEngine`; all state is in the folder."""

    def update(self, folder: Path, job: UpdateJob) -> RegisterUpdate:
        """See the port."""
        place, info = current_snapshot(folder, job.rule_set)
        with storage_errors():
            record = snapshot_record(place)
            shutil.rmtree(folder / UPDATING, ignore_errors=True)
        if record["key_check"] != job.key_check:
            raise PrivityError(
                ErrorCode.KEY_INVALID,
                "the active register snapshot was built under another index key",
                "run `privity register build` with the whole extract",
            )
        need_whole(place, info)  # what is copied from now on is named anew
        return _Update(folder, place, info, job, is_made=record.get("changes") == job.changes)


class _Update:
    """Implements `ports.register_update.RegisterUpdate`."""

    def __init__(self, folder: Path, place: Path, info: SnapshotInfo, job: UpdateJob, *, is_made: bool) -> None:
        self._folder, self._place, self._job = folder, place, job
        self._index = DuckDbRegisterIndex(place, info)
        self.base, self.is_made = info, is_made

    def records_of(self, handles: Iterable[int]) -> Links:
        """See the port."""
        return _links(self._index.sealed_rows("records", handles))

    def persons_at(self, points: Iterable[int]) -> Iterator[tuple[int, Sequence[bytes]]]:
        """See the port."""
        return self._index.persons_at(points)

    def places_of(self, points: Iterable[int]) -> Links:
        """See the port."""
        return _links(self._index.sealed_rows("places", points))

    def all_places(self) -> Iterator[Links]:
        """See the port."""
        with storage_errors():
            for batch in batches_of(table_files(self._place, "places")):
                yield Links(batch.column(0).to_pylist(), b"".join(batch.column(1).to_pylist()))

    def known_streets(self, streets: Iterable[int]) -> frozenset[int]:
        """See the port."""
        return self._index.known_streets(streets)

    def finish(self, dropped: Dropped, added: IndexChunk, built_at: str) -> SnapshotInfo:
        """See the port."""
        made = self._folder / UPDATING
        with storage_errors():
            made.mkdir()
            leave = _leave(dropped)
            rows = {
                table: self._copy(table, leave[table], coming, made) for table, coming in build.tables_of(added).items()
            }
            if not rows["points"]:
                raise PrivityError(
                    ErrorCode.REGISTER_INVALID,
                    "the changes would leave no row in the register",
                    "the active snapshot is unchanged; build the register anew from its extract",
                )
            write_durably(made / "refused.csv", build.refused_csv(added.refused))
            info = SnapshotInfo(
                snapshot_id=content_digest(made)[:16],
                rule_set=self.base.rule_set,
                rows=rows["points"],
                points=rows["places"],
                refused_rows=len(added.refused),
                built_at=built_at,
            )
            job = self._job
            of: dict[str, str | int] = {
                "key_check": job.key_check,
                "base": self.base.snapshot_id,
                "changes": job.changes,
            }
            activate(self._folder, made, info, of)
            remove_older(self._folder, self._place.name)
        return info

    def _copy(self, table: str, leave: Leave, coming: pa.Table, made: Path) -> int:
        """Write one table of the next snapshot; how many rows it has."""
        schema = fixed_schema(*build.COLUMNS[table])
        batches = changed(batches_of(table_files(self._place, table)), leave, coming.cast(schema))
        return write_in_place(made / f"{table}.parquet", schema, batches)

    def close(self) -> None:
        """See the port."""
        self._index.close()
        shutil.rmtree(self._folder / UPDATING, ignore_errors=True)


def _leave(dropped: Dropped) -> dict[str, Leave]:
    """What each table is left without."""
    owners, blocks = dropped.records
    width = build.LINK_BYTES
    links = zip(owners, (blocks[at : at + width] for at in range(0, len(blocks), width)), strict=True)
    return {
        "points": without_rows(dropped.points),
        "near": without_values("point", dropped.places),
        "streets": without_values("street", dropped.streets),
        "records": without_rows(links),
        "places": without_values("point", dropped.places),
    }


def _links(rows: Iterable[tuple[int, Sequence[bytes]]]) -> Links:
    owners: list[int] = []
    blocks: list[bytes] = []
    for owner, some in rows:
        owners += [owner] * len(some)
        blocks += some
    return Links(owners, b"".join(blocks))
