"""Builds a blind index with DuckDB: chunk files in, sorted Parquet tables out, swapped in atomically.

Sees only digests and sealed rows; so may spill to disk. Memory is bounded by the connection's limit.
"""

from __future__ import annotations

import csv
import io
import json
from array import array
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from privity.adapters.duckdb_index_files import (
    BUILDING,
    TABLES,
    activate,
    active_name,
    content_digest,
    prepare_building,
    refused_rows,
    remove_older,
    storage_errors,
    write_durably,
)
from privity.adapters.tables_in_place import ROW_GROUP, fixed_schema, write_in_place
from privity.domain.errors import ErrorCode, PrivityError
from privity.matching.person_record import RECORD_BYTES
from privity.ports.register_index import BuildJob, IndexChunk, Links, SnapshotInfo

SEALED_BYTES = 12 + RECORD_BYTES + 16  # nonce, ciphertext, tag
LINK_BYTES = 16
_MERGE_MEMORY = "512MB"  # past some two million rows sorting spills to disk, and takes no more processor time for it


def start(folder: Path, job: BuildJob) -> frozenset[int]:
    """See `ports.register_index.IndexEngine.start`."""
    with storage_errors():
        folder.mkdir(parents=True, exist_ok=True)
        return prepare_building(folder, job)


def write_chunk(folder: Path, number: int, chunk: IndexChunk) -> None:
    """A Parquet file for each table, then the JSON file that says the chunk is whole."""
    import pyarrow.parquet as pq

    chunks = folder / BUILDING / "chunks"
    with storage_errors():
        for table, rows in tables_of(chunk).items():
            pq.write_table(rows, chunks / f"{number:06}.{table}.parquet", compression="none", use_dictionary=False)
        whole = {"rows": len(chunk.points), "refused": list(chunk.refused)}
        write_durably(chunks / f"{number:06}.json", json.dumps(whole).encode())


def tables_of(chunk: IndexChunk) -> dict[str, Any]:
    """The rows of a chunk as an Arrow table for each of TABLES, unsorted."""
    return {
        "points": table_of_points([point for point, _ in chunk.points], [sealed for _, sealed in chunk.points]),
        "near": table_of_numbers(
            {"form": [form for form, _ in chunk.near], "point": [point for _, point in chunk.near]}
        ),
        "streets": table_of_numbers({"street": chunk.streets}),
        "records": table_of_links("person", chunk.records),
        "places": table_of_links("point", chunk.places),
    }


def table_of_numbers(columns: Mapping[str, Sequence[int]]) -> Any:
    """An Arrow table of 64-bit integers, made from buffers: quicker than from lists, and pandas is never asked."""
    import pyarrow as pa

    arrays = {
        name: pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(array("q", numbers))])
        for name, numbers in columns.items()
    }
    return pa.Table.from_arrays(list(arrays.values()), names=list(arrays))


def table_of_links(owner: str, links: Links) -> Any:
    """An Arrow table of sealed links, under the name of what owns them."""
    return table_of_numbers({owner: links.owners}).append_column("sealed", _binary_column(LINK_BYTES, links.blocks))


def table_of_points(points: Sequence[int], sealed: Sequence[bytes]) -> Any:
    """An Arrow table of sealed persons."""
    return table_of_numbers({"point": points}).append_column("sealed", _binary_column(SEALED_BYTES, b"".join(sealed)))


def _binary_column(width: int, content: bytes) -> Any:
    import pyarrow as pa

    return pa.Array.from_buffers(pa.binary(width), len(content) // width, [None, pa.py_buffer(content)])


class Merged(NamedTuple):
    """What the finished tables hold."""

    rows: int
    points: int
    content: str  # `content_digest`


Merge = Callable[[Path, Path], Merged]
"""(build area, folder for the finished tables): sorts and merges all chunk files."""


def finish(folder: Path, job: BuildJob, chunks: int, built_at: str, merge: Merge | None = None) -> SnapshotInfo:
    """Merge, name the snapshot by its content, swap it in. See `ports.register_index.IndexEngine.finish`."""
    with storage_errors():
        building = folder / BUILDING
        finished = building / "finished"
        _empty(finished)
        merged = (merge or _merge)(building, finished)
        refused = list(refused_rows(building / "chunks", chunks))
        if not merged.rows:
            raise PrivityError(
                ErrorCode.REGISTER_INVALID,
                f"no row of the extract can be used ({len(refused)} refused)",
                "see the refused rows' codes; the active snapshot is unchanged",
            )
        write_durably(finished / "refused.csv", refused_csv(refused))
        info = SnapshotInfo(
            snapshot_id=merged.content[:16],
            rule_set=job.rule_set,
            rows=merged.rows,
            points=merged.points,
            refused_rows=len(refused),
            built_at=built_at,
        )
        previous = active_name(folder)
        activate(folder, finished, info, {"key_check": job.key_check})
        remove_older(folder, previous)
        return info


def _empty(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()


def refused_csv(refused: Sequence[tuple[int, str]]) -> bytes:
    """The listing of refused rows that lies beside a snapshot."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("row", "code"))
    writer.writerows(refused)
    return text.getvalue().encode()


_MERGES = {
    "points": "SELECT point, sealed FROM {source} ORDER BY point",
    "near": "SELECT DISTINCT form, point FROM {source} ORDER BY form, point",
    "streets": "SELECT DISTINCT street FROM {source} ORDER BY street",
    "records": "SELECT DISTINCT person, sealed FROM {source} ORDER BY person",
    "places": "SELECT DISTINCT point, sealed FROM {source} ORDER BY point",
}

COLUMNS: dict[str, tuple[str, dict[str, int]]] = {
    "points": ("point", {"sealed": SEALED_BYTES}),
    "near": ("form", {"point": 8}),
    "streets": ("street", {}),
    "records": ("person", {"sealed": LINK_BYTES}),
    "places": ("point", {"sealed": LINK_BYTES}),
}
"""The digest a table is sorted by, and the width of each further column."""


def _merge(building: Path, finished: Path) -> Merged:
    """Write the sorted tables by DuckDB."""
    connection = connect(building, [building], threads=2, memory=_MERGE_MEMORY)
    counts: dict[str, int] = {}
    try:
        for table in TABLES:
            source = f"read_parquet('{_quoted(building / 'chunks')}/*.{table}.parquet')"
            rows = connection.sql(_MERGES[table].format(source=source)).to_arrow_reader(ROW_GROUP)
            counts[table] = write_in_place(finished / f"{table}.parquet", fixed_schema(*COLUMNS[table]), rows)
        return Merged(counts["points"], counts["places"], content_digest(finished))
    finally:
        connection.close()


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")


def connect(spill: Path, folders: list[Path], *, threads: int, memory: str = "1GB") -> Any:
    """A locked-down in-memory DuckDB: only these folders, no extensions, no network, nothing to configure any more."""
    import duckdb

    connection = duckdb.connect(
        config={
            "memory_limit": memory,
            "threads": threads,
            "temp_directory": str(spill.resolve() / "spill"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
        }
    )
    allowed = ", ".join(f"'{_quoted(folder)}/'" for folder in [*folders, spill / "spill"])
    connection.execute(f"SET allowed_directories = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection
