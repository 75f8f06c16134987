"""How long `privity --help` takes: processor and wall seconds, best and median of nine starts.

.venv/bin/python -m bench.help_time
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time

STARTS = 9
ENTRY = "import sys; from privity.interfaces.cli import main; sys.exit(main(['--help']))"


def start() -> tuple[float, float]:
    """Processor and wall seconds of one start."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", ENTRY], stdout=subprocess.DEVNULL, check=True)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - began
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def main() -> None:
    """Print the figures."""
    processor, wall = zip(*(start() for _ in range(STARTS)), strict=True)
    for name, figures in (("processor", processor), ("wall", wall)):
        print(f"{name}: best {min(figures):.3f} s, median {statistics.median(figures):.3f} s of {STARTS}")


if __name__ == "__main__":
    main()
