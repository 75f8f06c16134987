"""A plain DuckDB equi-join on two threads: what no matcher on this engine undercuts, and what plain SQL answers.

`limit`: the lines' point digests joined with the index's `points` table, sealed persons fetched and nothing decided.
`exact`: the normalised columns joined on name, point, directionals and suffix, and the row's period.

    python -m bench.equijoin_side limit|exact FOLDER
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import duckdb

EXACT = (
    "given", "family", "number", "unit", "street", "face", "zip5",
)  # fmt: skip


def main() -> None:
    """Join, and print seconds, processor seconds and rows found."""
    what, folder = sys.argv[1], Path(sys.argv[2])
    database = duckdb.connect(config={"threads": 2})
    start, used = time.perf_counter(), time.process_time()
    if what == "limit":
        parts = f"{folder}/register/snapshot-*/points*.parquet"
        if not list((folder / "register").glob("snapshot-*/points*.parquet")):
            parts = f"{folder}/register/snapshot-*/points*/*.parquet"
        query = (
            f"SELECT l.line, p.sealed FROM read_parquet('{folder}/tables/asked_points.parquet') l "
            f"JOIN read_parquet('{parts}') p ON l.point = p.point"
        )
    else:
        equal = " AND ".join(f"l.{column} = r.{column}" for column in EXACT)
        query = (
            f"SELECT l.unique_id AS line, r.unique_id AS row, 1.0 AS score "
            f"FROM read_parquet('{folder}/tables/lines.parquet') l "
            f"JOIN read_parquet('{folder}/tables/register.parquet') r ON {equal} "
            "AND r.valid_from <= list_min(l.years) AND r.valid_to >= list_max(l.years)"
        )
    database.execute(f"CREATE TABLE found AS {query}")
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    (count,) = database.execute("SELECT count(*) FROM found").fetchall()[0]
    if what == "exact":
        database.execute(f"COPY found TO '{folder}/equijoin.parquet' (FORMAT parquet)")
    print(json.dumps({"seconds": seconds, "processor_seconds": processor, "found": count}))


if __name__ == "__main__":
    main()
