"""Splink 5 on the same rows: trains a model, then predicts. Runs in the peers' own environment (make bench-env).

Settings are the documented ones for linking persons: link_only on the DuckDB backend, ForenameSurnameComparison, u by
random sampling, m by expectation maximisation over two blocking rules, and four prediction blocking rules of two or
three columns each, so that no single misspelt column loses a pair. Both sides get the columns that Privity's
normalisation made. `--narrow` predicts with three rules of three columns instead: quicker, and loses more pairs.

    .venv-bench/bin/python bench/splink_side.py train|predict FOLDER [--narrow]
"""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

WIDE = [block_on("zip5", "number", "street"), block_on("zip5", "family"), block_on("zip5", "given")]
WIDE += [block_on("given", "family")]
NARROW = [
    block_on("zip5", "number", "street"),
    block_on("zip5", "number", "family"),
    block_on("zip5", "given", "family"),
]
SETTINGS = SettingsCreator(
    link_type="link_only",
    comparisons=[
        cl.ForenameSurnameComparison("given", "family"),
        cl.ExactMatch("middle"),
        cl.ExactMatch("generation"),
        cl.ExactMatch("number"),
        cl.ExactMatch("unit"),
        cl.LevenshteinAtThresholds("street", [1, 2]),
        cl.ExactMatch("face"),
        cl.ExactMatch("zip5"),
    ],
    blocking_rules_to_generate_predictions=NARROW if "--narrow" in sys.argv else WIDE,
    retain_matching_columns=False,
    additional_columns_to_retain=[],
)


def linker(folder: Path, settings: Any) -> Linker:
    database = DuckDBAPI(connection=duckdb.connect(config={"threads": 2}))
    sides = [
        database.register(duckdb_view(database, folder / f"{side}.parquet", side), dataset_display_name=side)
        for side in ("lines", "register")
    ]
    return Linker(sides, settings, log_level=logging.WARNING)


def duckdb_view(database: DuckDBAPI, path: Path, name: str) -> Any:
    return database.duckdb_con.sql(f"SELECT * FROM read_parquet('{path}')").set_alias(name)


def train(folder: Path) -> dict[str, Any]:
    start = time.perf_counter()
    made = linker(folder, SETTINGS)
    made.training.estimate_probability_two_random_records_match(
        [block_on("zip5", "number", "street", "given", "family")], recall=0.6
    )
    made.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    made.training.estimate_parameters_using_expectation_maximisation(block_on("given", "family", "zip5"))
    made.training.estimate_parameters_using_expectation_maximisation(block_on("zip5", "number", "street"))
    made.misc.save_model_to_json(str(folder / "splink.json"), overwrite=True)
    return {"seconds": time.perf_counter() - start}


def predict(folder: Path) -> dict[str, Any]:
    made = linker(folder, str(folder / "splink.json"))
    start, used = time.perf_counter(), time.process_time()
    found = made.inference.predict(threshold_match_probability=0.01)
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    database = made._db_api.duckdb_con
    target = folder / "predicted.parquet"
    columns = {column for (column, *_) in database.execute(f"DESCRIBE {found.physical_name}").fetchall()}
    left_is_line = "source_dataset_l = 'lines'" if "source_dataset_l" in columns else "TRUE"
    database.execute(
        f"COPY (SELECT CASE WHEN {left_is_line} THEN unique_id_l ELSE unique_id_r END AS line, "
        f"CASE WHEN {left_is_line} THEN unique_id_r ELSE unique_id_l END AS row, match_probability "
        f"FROM {found.physical_name}) TO '{target}' (FORMAT parquet)"
    )
    return {"seconds": seconds, "processor_seconds": processor}


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    print(json.dumps({"train": train, "predict": predict}[sys.argv[1]](Path(sys.argv[2]))))
