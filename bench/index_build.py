"""From a raw extract to a finished, active index: rows a second, peak memory, size on disk.

python -m bench.index_build [--rows 1000000] [--processes 2] [--runs 3]
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from pathlib import Path

from bench.adversarial import build_files
from bench.measured import machine, run
from privity.adapters.duckdb_index import DuckDbIndexEngine
from privity.services.build_register import build_register
from tests.builders.index_keys import throwaway_keys


def build_once(folder: Path, processes: int) -> None:
    """One build in this process; prints its seconds and rows."""
    shutil.rmtree(folder / "register", ignore_errors=True)
    start = time.perf_counter()
    info = build_register(
        folder / "register.csv", folder / "register", throwaway_keys(), DuckDbIndexEngine(), processes=processes
    )
    print(json.dumps({"seconds": time.perf_counter() - start, "rows": info.rows + info.refused_rows}))


def main() -> None:
    """Make the extract once, build it `--runs` times, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/privity-bench-index"))
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        build_once(given.folder, given.processes)
        return
    build_files(given.folder, register_rows=given.rows, lines=10, seed=2)
    command = [sys.executable, "-m", "bench.index_build", "--once", "--folder", str(given.folder)]
    runs = [run([*command, "--processes", str(given.processes)]) for _ in range(given.runs)]
    snapshot = sorted((given.folder / "register").glob("snapshot-*/*.parquet"))
    print(
        json.dumps(
            {
                "machine": machine(),
                "rows": given.rows,
                "processes": given.processes,
                "seconds": [round(one.said["seconds"], 1) for one in runs],
                "rows_per_second": [round(one.said["rows"] / one.said["seconds"]) for one in runs],
                "peak_mb": [round(one.peak_mb) for one in runs],
                "megabytes": {path.stem: round(path.stat().st_size / 1e6) for path in snapshot},
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
