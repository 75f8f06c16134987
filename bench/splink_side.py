"""Splink 5 on the same rows: trains a model, then predicts. Runs in the peers' own environment (make bench-env).

Settings are the documented ones for linking persons (Splink 5.0.0): link_only on the DuckDB backend;
ForenameSurnameComparison with term-frequency adjustments; u by random sampling, m by expectation maximisation over two
blocking rules; four prediction blocking rules of two or three columns each, so that no single misspelt column loses a
pair. Both sides get the columns that Privity's normalisation made, so that Splink is spared all parsing, and the dates
of birth. `--narrow` predicts with three rules of three columns instead: quicker, and loses more pairs. `--chunks N`
predicts the register side in N chunks, Splink's own way to hold memory down.

    .venv-bench/bin/python bench/splink_side.py train|predict FOLDER [--narrow] [--chunks N] [--no-frequencies]
"""

from __future__ import annotations

import argparse
import json
import logging
import time
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

WIDE = (("zip5", "number", "street"), ("zip5", "family"), ("zip5", "given"), ("given", "family"))
NARROW = (("zip5", "number", "street"), ("zip5", "number", "family"), ("zip5", "given", "family"))


def settings(given: argparse.Namespace) -> SettingsCreator:
    """The model before training."""
    names = cl.ForenameSurnameComparison("given", "family", forename_surname_concat_col_name="whole_name")
    if given.no_frequencies:
        names = cl.ForenameSurnameComparison("given", "family")
    else:
        names = names.configure(term_frequency_adjustments=True)
    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            names,
            cl.ExactMatch("middle"),
            cl.ExactMatch("generation"),
            cl.ExactMatch("born"),
            cl.ExactMatch("number"),
            cl.ExactMatch("unit"),
            cl.LevenshteinAtThresholds("street", [1, 2]),
            cl.ExactMatch("face"),
            cl.ExactMatch("zip5"),
        ],
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in (NARROW if given.narrow else WIDE)],
        retain_matching_columns=False,
        additional_columns_to_retain=[],
    )


def linker(folder: Path, model: Any) -> Linker:
    """Both tables and a model on two threads."""
    database = DuckDBAPI(connection=duckdb.connect(config={"threads": 2}))
    sides = [
        database.register(_view(database, folder / "tables" / f"{side}.parquet", side), dataset_display_name=side)
        for side in ("lines", "register")
    ]
    return Linker(sides, model, log_level=logging.WARNING)


def _view(database: DuckDBAPI, path: Path, name: str) -> Any:
    columns = "unique_id, given, middle, family, generation, born, number, unit, street, face, zip5"
    return database.duckdb_con.sql(
        f"SELECT {columns}, given || ' ' || family AS whole_name FROM read_parquet('{path}')"
    ).set_alias(name)


def _model(folder: Path, given: argparse.Namespace) -> Path:
    """A trained model says its blocking rules too."""
    return folder / f"splink{'-narrow' if given.narrow else ''}.json"


def train(folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    """Estimate the parameters and save the model."""
    start = time.perf_counter()
    made = linker(folder, settings(given))
    made.training.estimate_probability_two_random_records_match(
        [block_on("zip5", "number", "street", "given", "family")], recall=0.6
    )
    made.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    made.training.estimate_parameters_using_expectation_maximisation(block_on("given", "family", "zip5"))
    made.training.estimate_parameters_using_expectation_maximisation(block_on("zip5", "number", "street"))
    made.misc.save_model_to_json(str(_model(folder, given)), overwrite=True)
    return {"seconds": time.perf_counter() - start}


def predict(folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    """Score pairs; write those of probability 0.01 and more as (line, row, score)."""
    made = linker(folder, str(_model(folder, given)))
    start, used = time.perf_counter(), time.process_time()
    chunks = {"num_chunks_left": 1, "num_chunks_right": given.chunks} if given.chunks > 1 else {}
    found = made.inference.predict(threshold_match_probability=0.01, **chunks)
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    database = made._db_api.duckdb_con
    columns = {column for (column, *_) in database.execute(f"DESCRIBE {found.physical_name}").fetchall()}
    left_is_line = "source_dataset_l = 'lines'" if "source_dataset_l" in columns else "TRUE"
    database.execute(
        f"COPY (SELECT CASE WHEN {left_is_line} THEN unique_id_l ELSE unique_id_r END AS line, "
        f"CASE WHEN {left_is_line} THEN unique_id_r ELSE unique_id_l END AS row, match_probability AS score "
        f"FROM {found.physical_name}) TO '{folder / 'splink.parquet'}' (FORMAT parquet)"
    )
    return {"seconds": seconds, "processor_seconds": processor}


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=("train", "predict"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--narrow", action="store_true")
    parser.add_argument("--chunks", type=int, default=1)
    parser.add_argument("--no-frequencies", action="store_true")
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    print(json.dumps({"train": train, "predict": predict}[given.step](given.folder, given)))


if __name__ == "__main__":
    main()
