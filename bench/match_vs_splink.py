"""Privity's match stage beside Splink 5 on the same rows in one run: time, peak memory, false confirmations.

Both get rows normalised by Privity; neither's preparation counts (our index build, Splink's training). Splink's pairs
are reduced to the best pair of each line and, in its favour, to pairs whose recorded period covers the asked ones.

    make bench-env && .venv/bin/python -m bench.match_vs_splink [--register-rows 1000000] [--lines 200000] [--seed 2]
"""

from __future__ import annotations

import argparse
import csv
import json
import pickle
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from bench.adversarial import build_files
from bench.measured import Measured, machine, run
from privity.adapters.duckdb_index import DuckDbIndexEngine
from privity.domain.delivery_point import DeliveryPoint
from privity.domain.person_name import PersonName
from privity.domain.request import SuppliedAddress, SuppliedName
from privity.normalise.addresses import read_addresses
from privity.normalise.names import read_name
from privity.services.build_register import build_register
from tests.builders.index_keys import throwaway_keys
from tests.builders.plain_admission import admitted_lines

BATCH = 50_000  # lines answered at once, as in the gate
THRESHOLDS = (0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999)


def prepare(folder: Path, rows: int, lines: int, seed: int) -> None:
    """Files, index, admitted lines, and both tables for Splink. Kept: a second run with the same figures skips this."""
    done = folder / "prepared.json"
    wanted = json.dumps([rows, lines, seed])
    if done.exists() and done.read_text() == wanted:
        return
    build_files(folder, register_rows=rows, lines=lines, seed=seed)
    build_register(folder / "register.csv", folder / "register", throwaway_keys(), DuckDbIndexEngine())
    admitted = admitted_lines(folder / "requests.csv")
    with (folder / "lines.pickle").open("wb") as file:
        for first in range(0, len(admitted), BATCH):
            pickle.dump(admitted[first : first + BATCH], file)
        pickle.dump([], file)
    asked = [(line.ordinal, line.name.reveal(), line.point.reveal()) for line in admitted]
    _write(folder / "lines.parquet", asked)
    _write(folder / "register.parquet", _register_rows(folder / "register.csv"))
    done.write_text(wanted)


def _register_rows(extract: Path) -> list[tuple[int, PersonName, DeliveryPoint]]:
    found = []
    with extract.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for first in range(0, len(rows), 50_000):
        chunk = rows[first : first + 50_000]
        addresses = read_addresses(
            [
                SuppliedAddress(
                    row["address_line1"], row["address_line2"], row["city"], row["state"], row["postal_code"]
                )
                for row in chunk
            ],
            second_opinion=False,
        )
        for number, (row, address) in enumerate(zip(chunk, addresses, strict=True), first):
            supplied = SuppliedName(row["given_name"], row["middle_name"], row["family_name"], row["generation"])
            name = read_name(supplied).name
            if name is not None and address.point is not None:
                found.append((number, name, address.point))
    return found


def _write(path: Path, rows: list[tuple[int, PersonName, DeliveryPoint]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def column(values: list[str]) -> Any:
        return pa.array([value or None for value in values], pa.string())

    pq.write_table(
        pa.table(
            {
                "unique_id": pa.array([number for number, _, _ in rows], pa.int64()),
                "given": column([name.given for _, name, _ in rows]),
                "middle": column([name.middle[:1] for _, name, _ in rows]),
                "family": column([" ".join(name.family) for _, name, _ in rows]),
                "generation": column([name.generation for _, name, _ in rows]),
                "number": column([f"{point.kind.value} {point.number}" for _, _, point in rows]),
                "unit": pa.array([point.unit for _, _, point in rows], pa.string()),
                "street": column([point.street for _, _, point in rows]),
                "face": pa.array([" ".join(point.face) for _, _, point in rows], pa.string()),
                "zip5": column([point.zip5 for _, _, point in rows]),
            }
        ),
        path,
    )


def _truths(folder: Path) -> list[tuple[str, str]]:
    with (folder / "truth.csv").open(encoding="utf-8") as file:
        return [(row["person_ref"], row["class"]) for row in csv.DictReader(file)]


def judge_privity(folder: Path, truths: list[tuple[str, str]]) -> dict[str, Any]:
    """Confirmed, false, recall of the decisions on disk."""
    keys = throwaway_keys()
    decisions = pickle.loads((folder / "decisions.pickle").read_bytes())
    false: Counter[str] = Counter()
    confirmed = right = 0
    for ordinal, reference, _ in decisions:
        if not reference:
            continue
        truth, kind = truths[ordinal - 1]
        confirmed += 1
        if truth and keys.person_reference(truth) == reference:
            right += 1
        else:
            false[kind] += 1
    return _judged(confirmed, right, false, truths)


def _judged(confirmed: int, right: int, false: Counter[str], truths: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "confirmed": confirmed,
        "false": sum(false.values()),
        "precision": round(right / confirmed, 5) if confirmed else None,
        "recall": round(right / sum(bool(truth) for truth, _ in truths), 4),
        "false_by_class": dict(false.most_common()),
    }


def judge_splink(folder: Path, truths: list[tuple[str, str]]) -> dict[str, dict[str, Any]]:
    """By threshold: the best pair of each line, where its record covers the asked periods."""
    import pyarrow.parquet as pq

    with (folder / "register.csv").open(encoding="utf-8") as file:
        records = [(row["person_ref"], row["valid_from"], row["valid_to"]) for row in csv.DictReader(file)]
    periods = {}
    with (folder / "lines.pickle").open("rb") as file:
        while batch := pickle.load(file):
            periods.update({line.ordinal: line.periods for line in batch})
    best: dict[int, tuple[float, str]] = {}
    table = pq.read_table(folder / "predicted.parquet").to_pydict()
    for line, row, probability in zip(table["line"], table["row"], table["match_probability"], strict=True):
        ref, start, end = records[int(row)]
        covers = all(
            period.overlaps(date.fromisoformat(start), date.fromisoformat(end) if end else None)
            for period in periods[int(line)]
        )
        if covers and probability > best.get(int(line), (0.0, ""))[0]:
            best[int(line)] = (probability, ref)
    judged = {}
    for threshold in THRESHOLDS:
        false: Counter[str] = Counter()
        confirmed = right = 0
        for line, (probability, ref) in best.items():
            if probability >= threshold:
                truth, kind = truths[line - 1]
                confirmed += 1
                right += truth == ref
                false[kind] += truth != ref
        judged[str(threshold)] = _judged(confirmed, right, +false, truths)
    return judged


def main() -> None:
    """Prepare once, run both sides `--runs` times in turn, print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/privity-bench-match"))
    parser.add_argument("--register-rows", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--policy", default="standard")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--narrow", action="store_true", help="fewer blocking rules for Splink")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    prepare(given.folder, given.register_rows, given.lines, given.seed)
    peer = [".venv-bench/bin/python", "bench/splink_side.py"]
    options = ["--narrow"] if given.narrow else []
    trained = run([*peer, "train", str(given.folder), *options])
    ours: list[Measured] = []
    theirs: list[Measured] = []
    for _ in range(given.runs):
        ours.append(
            run([sys.executable, "-m", "bench.privity_side", str(given.folder), given.policy, "2", str(given.lines)])
        )
        theirs.append(run([*peer, "predict", str(given.folder)]))
    truths = _truths(given.folder)
    result = {
        "machine": machine(),
        "register_rows": given.register_rows,
        "lines": given.lines,
        "seed": given.seed,
        "policy": given.policy,
        "privity": {**_spread(ours), **judge_privity(given.folder, truths)},
        "splink": {
            **_spread(theirs),
            "blocking": "narrow" if given.narrow else "wide",
            "training_seconds": round(trained.said["seconds"], 1),
            "by_threshold": judge_splink(given.folder, truths),
        },
    }
    print(json.dumps(result, indent=1))


def _spread(runs: list[Measured]) -> dict[str, Any]:
    return {
        "match_seconds": [round(one.said["seconds"], 2) for one in runs],
        "processor_seconds": [round(one.said["processor_seconds"], 2) for one in runs],
        "peak_mb": [round(one.peak_mb) for one in runs],
    }


if __name__ == "__main__":
    main()
