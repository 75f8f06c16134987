"""From an extract to a finished, active index: rows a second, processor seconds, peak memory, size on disk, each step.

python -m bench.index_build [--rows 1000000] [--processes 2] [--runs 3] [--seed 2] [--parsed] [--steps]

Without a word: from the raw extract (CSV). `--parsed`: from rows already read and normalised, held in the workers'
memory before the clock starts, to the finished index. `--steps`: one process, processor seconds of each step.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import sys
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from threading import BrokenBarrierError
from typing import Any

from bench.adversarial import build_files
from bench.measured import machine, run
from privity.adapters.duckdb_index import DuckDbIndexEngine
from privity.services.register.build_register import CHUNK_ROWS, build_job, build_register
from privity.services.register.seal_rows import seal_usable
from privity.services.register.usable_rows import UsedRow, usable_rows
from privity.wire.register_format import read_rows
from tests.builders.index_keys import throwaway_keys

KEYS, ENGINE = throwaway_keys(), DuckDbIndexEngine()


def processor_seconds() -> float:
    """User and system time of this process and its finished children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def raw(folder: Path, processes: int) -> dict[str, float]:
    """The whole way, as `privity register build` goes it."""
    start = time.perf_counter()
    info = build_register(folder / "register.csv", folder / "register", KEYS, ENGINE, processes=processes)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "processor_seconds": processor_seconds(), "rows": info.rows + info.refused_rows}


def parsed(folder: Path, processes: int) -> dict[str, float]:
    """Digests, seals, chunk files and merge; reading and normalising are done before the clock starts."""
    job = build_job(folder / "register.csv", KEYS, CHUNK_ROWS)
    ENGINE.start(folder / "register", job)
    context = multiprocessing.get_context("spawn")
    ready, spent = context.Barrier(processes + 1), context.Queue()
    workers = [
        context.Process(target=_seal_share, args=(folder, share, processes, ready, spent)) for share in range(processes)
    ]
    for worker in workers:
        worker.start()
    try:
        ready.wait()
    except BrokenBarrierError:
        raise RuntimeError("a worker failed while it read") from None
    start, before = time.perf_counter(), time.process_time()
    shares = [spent.get() for _ in workers]
    for worker in workers:
        worker.join()
    info = ENGINE.finish(folder / "register", job, sum(chunks for chunks, _ in shares), _now())
    seconds = time.perf_counter() - start
    own = time.process_time() - before
    return {
        "seconds": seconds,
        "processor_seconds": own + sum(seconds for _, seconds in shares),
        "rows": info.rows + info.refused_rows,
    }


def _seal_share(folder: Path, share: int, processes: int, ready: Any, spent: Any) -> None:
    """One worker: reads every so-manieth chunk into memory, waits for the start, then seals and stores them."""
    chunks: list[tuple[int, list[UsedRow | str]]] = []
    with (folder / "register.csv").open("rb") as source:
        for number, rows in islice(enumerate(read_rows(source, CHUNK_ROWS)), share, None, processes):
            chunks.append((number, list(usable_rows(rows))))
    ready.wait()
    before = time.process_time()
    for number, used in chunks:
        chunk = seal_usable(used, KEYS, first_row=number * CHUNK_ROWS + 1)
        ENGINE.write_chunk(folder / "register", number, chunk)
    spent.put((len(chunks), time.process_time() - before))


def steps(folder: Path, _processes: int) -> dict[str, float]:
    """One process, step by step."""
    spent = dict.fromkeys(("hash", "read", "normalise", "digest and seal", "store chunks", "merge and swap"), 0.0)
    rows_read = chunks = 0

    def timed(step: str, before: float) -> float:
        now = time.process_time()
        spent[step] += now - before
        return now

    now = time.process_time()
    job = build_job(folder / "register.csv", KEYS, CHUNK_ROWS)
    ENGINE.start(folder / "register", job)
    now = timed("hash", now)
    with (folder / "register.csv").open("rb") as source:
        for number, rows in enumerate(read_rows(source, CHUNK_ROWS)):
            now = timed("read", now)
            used = list(usable_rows(rows))
            now = timed("normalise", now)
            chunk = seal_usable(used, KEYS, first_row=rows_read + 1)
            now = timed("digest and seal", now)
            ENGINE.write_chunk(folder / "register", number, chunk)
            now = timed("store chunks", now)
            rows_read, chunks = rows_read + len(rows), number + 1
    ENGINE.finish(folder / "register", job, chunks, _now())
    timed("merge and swap", now)
    return {**spent, "seconds": sum(spent.values()), "processor_seconds": sum(spent.values()), "rows": rows_read}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


MODES = {"raw": raw, "parsed": parsed, "steps": steps}


def main() -> None:
    """Make the extract once, build it `--runs` times, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/privity-bench-index"))
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--parsed", action="store_const", const="parsed", dest="mode", default="raw")
    parser.add_argument("--steps", action="store_const", const="steps", dest="mode")
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        shutil.rmtree(given.folder / "register", ignore_errors=True)
        print(json.dumps(MODES[given.mode](given.folder, given.processes)))
        return
    build_files(given.folder, register_rows=given.rows, lines=10, seed=given.seed)
    command = [sys.executable, "-m", "bench.index_build", "--once", "--folder", str(given.folder)]
    command += ["--processes", str(given.processes), *([] if given.mode == "raw" else [f"--{given.mode}"])]
    runs = [run(command) for _ in range(given.runs)]
    snapshot = sorted((given.folder / "register").glob("snapshot-*/*.parquet"))
    said = {
        "machine": machine(),
        "from": given.mode,
        "rows": given.rows,
        "seed": given.seed,
        "processes": given.processes,
        "seconds": [round(one.said["seconds"], 1) for one in runs],
        "processor_seconds": [round(one.said["processor_seconds"], 1) for one in runs],
        "rows_per_second": [round(one.said["rows"] / one.said["seconds"]) for one in runs],
        "peak_mb": [round(one.peak_mb) for one in runs],
        "megabytes": {path.stem: round(path.stat().st_size / 1e6) for path in snapshot},
    }
    if given.mode == "steps":
        rows = runs[0].said["rows"]
        said["microseconds_a_row"] = {
            step: round(min(one.said[step] for one in runs) / rows * 1e6, 2)
            for step in runs[0].said
            if step not in ("seconds", "processor_seconds", "rows")
        }
    print(json.dumps(said, indent=1))


if __name__ == "__main__":
    main()
