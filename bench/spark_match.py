"""The cluster engine in local mode beside the one-machine engine: build, match, and compare every decision's bytes.

python -m bench.spark_match [--folder DIR] [--rows 1000000] [--lines 200000] [--seed 2] [--policy extended]

Each step runs in a process of its own; memory is that of its whole process tree, Java included. Four matches: each
engine reads what each engine built. Ends with an error where one decision differs in one byte.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

from bench.adversarial import build_files
from bench.measured import machine, run
from privity.adapters.duckdb_index import DuckDbIndexEngine
from privity.adapters.duckdb_index_files import TABLES
from privity.adapters.spark_index import SparkIndexEngine
from privity.adapters.spark_index_session import spark_session
from privity.matching.levels import named_policy
from privity.ports.register_index import IndexEngine
from privity.services.answering.answer_lines import answer_lines
from privity.services.register.build_on_cluster import build_on_cluster
from privity.services.register.build_register import build_register
from tests.builders.index_keys import throwaway_keys
from tests.builders.plain_admission import admitted_lines
from tests.builders.spark import spark_is_there

ENGINES: dict[str, Callable[[], IndexEngine]] = {"spark": SparkIndexEngine, "duckdb": DuckDbIndexEngine}
PROCESSES = 2


def build(folder: Path, builder: str) -> dict[str, Any]:
    """One snapshot, below the folder's `builder`."""
    shutil.rmtree(folder / builder, ignore_errors=True)
    extract, keys = folder / "register.csv", throwaway_keys()
    started = time.perf_counter()
    if builder == "spark":
        spark_session(PROCESSES)
        ready = time.perf_counter()
        info = build_on_cluster(extract, folder / builder, keys, SparkIndexEngine())
    else:
        ready = time.perf_counter()
        info = build_register(extract, folder / builder, keys, DuckDbIndexEngine(), processes=PROCESSES)
    taken = time.perf_counter() - ready
    sizes = {path.name: path.stat().st_size for path in (folder / builder).glob("snapshot-*/*.parquet")}
    return {
        "start_seconds": round(ready - started, 1),
        "seconds": round(taken, 1),
        "rows_per_second": round((info.rows + info.refused_rows) / taken),
        "rows": info.rows,
        "points": info.points,
        "files": len(sizes),
        "bytes": {table: sum(size for name, size in sizes.items() if name.startswith(table)) for table in TABLES},
    }


def match(folder: Path, builder: str, reader: str, policy: str) -> dict[str, Any]:
    """All lines, told by `reader` from what `builder` built; every decision is written out, one a line."""
    lines = admitted_lines(folder / "requests.csv")
    started = time.perf_counter()
    if reader == "spark":
        spark_session(PROCESSES)
    ready = time.perf_counter()
    index = ENGINES[reader]().open(folder / builder)
    found = answer_lines(lines, index, throwaway_keys(), named_policy(policy), frozenset(), processes=PROCESSES)
    taken = time.perf_counter() - ready
    with (folder / f"decisions-{builder}-{reader}").open("w", encoding="utf-8") as file:
        for one in found:
            told = (one.ordinal, one.answer.value, one.level, one.candidates, one.rivals, one.failed_gate)
            file.write(f"{told} {one.person.reveal().hex()}\n")
    return {
        "start_seconds": round(ready - started, 1),
        "seconds": round(taken, 1),
        "lines": len(lines),
        "confirmed": sum(bool(one.level) for one in found),
    }


class _Processors(Thread):
    """Processor seconds of all that descends from this process, seen twice a second.

    Java does not wait for all of its Python workers: what the system counts for ended children lacks them.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._ended = Event()
        self._seen: dict[int, float] = {}

    def __enter__(self) -> _Processors:
        self.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._ended.set()
        self.join()

    @property
    def seconds(self) -> float:
        """Of everybody seen so far."""
        return sum(self._seen.values())

    def run(self) -> None:
        tick = os.sysconf("SC_CLK_TCK")
        while not self._ended.wait(0.5):
            waiting = _children(os.getpid())
            while waiting:
                number = waiting.pop()
                waiting += _children(number)
                try:
                    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                self._seen[number] = (int(fields[11]) + int(fields[12])) / tick


def _children(number: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{number}/task").glob("*/children"):
        try:
            found += map(int, task.read_text().split())
        except OSError:
            continue
    return found


def main() -> None:
    """Make the files, run each step, compare, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/privity-bench-spark"))
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--policy", default="extended")
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        name, *which = given.step
        local = given.folder / "java"
        shutil.rmtree(local, ignore_errors=True)
        with spark_is_there(local):
            said = build(given.folder, *which) if name == "build" else match(given.folder, *which, given.policy)
        print(json.dumps(said))
        return
    build_files(given.folder, register_rows=given.rows, lines=given.lines, seed=given.seed, processes=PROCESSES)
    command = [sys.executable, "-m", "bench.spark_match", "--folder", str(given.folder), "--policy", given.policy]
    steps = [["build", engine] for engine in ENGINES]
    steps += [["match", builder, reader] for builder in ENGINES for reader in ENGINES]
    figures: dict[str, Any] = {"machine": machine(), "rows": given.rows, "lines": given.lines, "seed": given.seed}
    for step in steps:
        with _Processors() as processors:
            one = run([*command, "--step", *step])
        figures[" ".join(step)] = {
            **one.said,
            "processor_seconds": round(max(one.processor_seconds, processors.seconds), 1),
            "peak_mb": round(one.peak_mb),
        }
    told = [given.folder / f"decisions-{builder}-{reader}" for builder in ENGINES for reader in ENGINES]
    figures["decisions_differ"] = [path.name for path in told if not filecmp.cmp(told[0], path, shallow=False)]
    print(json.dumps(figures, indent=1))
    if figures["decisions_differ"]:
        raise SystemExit("engines decided differently")


if __name__ == "__main__":
    main()
