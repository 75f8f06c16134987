"""uk-address-matcher 1.5.3 on the same rows: address to address, then the names at the address found must be equal.

It matches addresses and knows no persons, so the name test is given to it: given name, surname and the asked years of
the normalised columns. Its token frequencies and its Splink model were trained on British addresses; the ZIP stands in
for the postcode. Documented settings: the register's distinct addresses prepared once (`prepare_canonical_folder`), the
default stages (exact, then Splink). Own environment, because it pins duckdb<2 and splink<5 (make bench-env).

    .venv-bench-uk/bin/python bench/uk_side.py prepare|match FOLDER
"""

from __future__ import annotations

import json
import logging
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
from uk_address_matcher import AddressMatcher, prepare_canonical_folder


def addresses(database: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The register's distinct addresses, with an id."""
    database.execute(
        "CREATE TABLE canonical AS SELECT 'c' || row_number() OVER (ORDER BY address, zip5) AS unique_id, "
        "address AS address_concat, zip5 AS postcode FROM (SELECT DISTINCT address, zip5 FROM "
        f"read_parquet('{folder}/tables/register.parquet'))"
    )


def prepare(folder: Path) -> dict[str, Any]:
    """Clean the register's addresses once."""
    start = time.perf_counter()
    database = duckdb.connect(config={"threads": 2})
    addresses(database, folder)
    database.execute(f"COPY canonical TO '{folder}/uk-addresses.parquet' (FORMAT parquet)")
    shutil.rmtree(folder / "uk-canonical", ignore_errors=True)
    prepare_canonical_folder(database.table("canonical"), folder / "uk-canonical", con=database)
    return {"seconds": time.perf_counter() - start}


def match(folder: Path) -> dict[str, Any]:
    """Match the lines' addresses, compare names, write (line, row, score); score is the match weight."""
    database = duckdb.connect(config={"threads": 2})
    start, used = time.perf_counter(), time.process_time()
    lines = database.sql(
        "SELECT unique_id::VARCHAR AS unique_id, address AS address_concat, zip5 AS postcode "
        f"FROM read_parquet('{folder}/tables/lines.parquet')"
    )
    matcher = AddressMatcher(
        canonical_addresses=folder / "uk-canonical", addresses_to_match=lines, con=database, show_progress="off"
    )
    found = matcher.match().matches()
    database.register("found", found)
    database.execute(
        "CREATE TABLE pairs AS SELECT l.unique_id AS line, r.unique_id AS row, "
        "coalesce(f.match_weight, 1000) AS score "
        f"FROM found f JOIN read_parquet('{folder}/tables/lines.parquet') l ON f.unique_id = l.unique_id::VARCHAR "
        f"JOIN read_parquet('{folder}/uk-addresses.parquet') c ON c.unique_id = f.resolved_canonical_id "
        f"JOIN read_parquet('{folder}/tables/register.parquet') r ON r.address = c.address_concat "
        "AND r.zip5 = c.postcode AND r.given = l.given AND r.family = l.family "
        "AND r.valid_from <= list_min(l.years) AND r.valid_to >= list_max(l.years)"
    )
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    database.execute(f"COPY pairs TO '{folder}/uk.parquet' (FORMAT parquet)")
    return {"seconds": seconds, "processor_seconds": processor}


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    print(json.dumps({"prepare": prepare, "match": match}[sys.argv[1]](Path(sys.argv[2]))))
