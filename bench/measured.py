"""Runs a command and measures it from outside: wall time, and the peak memory of its whole process tree.

Memory is the sum of proportional set sizes (PSS) over the tree, sampled every 50 ms: shared pages count once.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Measured:
    """What a command took, and the JSON object on the last line of its output."""

    seconds: float
    peak_mb: float
    said: dict[str, Any]


def run(command: Sequence[str]) -> Measured:
    """Run to the end. Raises RuntimeError with the command's error output where it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    peak = 0
    while process.poll() is None:
        peak = max(peak, _tree_kb(process.pid))
        time.sleep(0.05)
    out, err = process.communicate()
    if process.returncode:
        raise RuntimeError(err[-4000:])
    return Measured(time.perf_counter() - start, peak / 1000, json.loads(out.strip().splitlines()[-1]))


def _tree_kb(root: int) -> int:
    total, waiting = 0, [root]
    while waiting:
        number = waiting.pop()
        try:
            children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
            rollup = Path(f"/proc/{number}/smaps_rollup").read_text()
        except OSError:
            continue
        waiting += [int(child) for child in children]
        total += next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)
    return total


def machine() -> str:
    """Processor, cores and memory, for the record."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        "unknown processor",
    )
    cores = Path("/proc/cpuinfo").read_text().count("processor\t")
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 1_000_000
    return f"{model}, {cores} cores, {memory:.0f} GB"
