"""Runs a command and measures it from outside: wall time, and the peak memory of its whole process tree.

Memory is the sum of proportional set sizes (PSS) over the tree, sampled every 50 ms: shared pages count once.
"""

from __future__ import annotations

import json
import resource
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Measured:
    """What a command took, and the JSON object on the last line of its output."""

    seconds: float
    peak_mb: float
    processor_seconds: float  # of the whole process tree, user and system
    said: dict[str, Any]


class TooMuchError(Exception):
    """A command was stopped because it took more time or memory than it may."""


def run(
    command: Sequence[str],
    *,
    most_seconds: float = 0,
    most_mb: float = 0,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Measured:
    """Run to the end. Raises RuntimeError with the command's error output where it fails, TooMuchError past a limit."""
    start, used = time.perf_counter(), _children_seconds()
    with tempfile.TemporaryFile("w+") as out_file, tempfile.TemporaryFile("w+") as err_file:
        process = subprocess.Popen(command, stdout=out_file, stderr=err_file, text=True, cwd=cwd, env=env)
        peak = 0
        while process.poll() is None:
            peak = max(peak, _tree_kb(process.pid))
            taken = time.perf_counter() - start
            if (most_seconds and taken > most_seconds) or (most_mb and peak / 1000 > most_mb):
                process.kill()
                process.wait()
                raise TooMuchError(f"stopped after {taken:.0f} s at {peak / 1000:,.0f} MB")
            time.sleep(0.05)
        out_file.seek(0)
        err_file.seek(0)
        out, err = out_file.read(), err_file.read()
    if process.returncode:
        raise RuntimeError(f"exit code {process.returncode}: {err[-4000:]}{out[-2000:]}")
    said = json.loads(out.strip().splitlines()[-1])
    return Measured(time.perf_counter() - start, peak / 1000, _children_seconds() - used, said)


def _children_seconds() -> float:
    """Processor seconds of this process's ended children and theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


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
