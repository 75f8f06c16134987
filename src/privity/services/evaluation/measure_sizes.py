"""How time and memory of an evaluation grow: the first rows of the register, and the same part of the lines, by size.

Each size runs in a fresh process, so that its peak memory is its own. The copied rows lie in files that have no name
(where the system allows that): they are gone with the process that made them, however it ends.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from time import perf_counter
from typing import TypeVar

from privity.domain.agreement import MatchPolicy
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.request import AdmittedLine
from privity.services.evaluation.evaluate_matching import (
    Bench,
    EvaluationFiles,
    admit_lines,
    answer_admitted,
    peak_rss_mb,
    read_request_lines,
)
from privity.services.register.build_register import Progress, build_register
from privity.wire.file_prefix import copy_first_rows

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class SizeCost:
    """What one size cost. `lines`: how many were asked."""

    register_rows: int
    lines: int
    seconds: Mapping[str, float]  # by step
    peak_rss_mb: float


def measure_sizes(
    files: EvaluationFiles, sizes: Sequence[int], policy: MatchPolicy, bench: Bench, progress: Progress
) -> list[SizeCost]:
    """One measurement a size, smallest first; `lines` and rows keep the proportion of the whole files.

    Raises PrivityError USAGE where a size is larger than the extract.
    """
    wanted = sorted(set(sizes))
    whole = _rows(files.register)
    if wanted and (wanted[0] < 1 or wanted[-1] > whole):
        raise PrivityError(
            ErrorCode.USAGE, f"a size lies outside the extract's {whole:,} rows", "Name sizes from 1 to that."
        )
    all_lines = _rows(files.requests)
    measured = []
    for number, size in enumerate(wanted):
        progress("sizes", number, len(wanted))
        lines = max(1, size * all_lines // whole)
        folder = bench.folder.with_name(f"{bench.folder.name}-{size}")
        shutil.rmtree(folder, ignore_errors=True)  # a part that a killed run left would make the build look quick
        measured.append(_in_own_process(files, (size, lines), policy, replace(bench, folder=folder)))
    progress("sizes", len(wanted), len(wanted))
    return measured


def _in_own_process(files: EvaluationFiles, sizes: tuple[int, int], policy: MatchPolicy, bench: Bench) -> SizeCost:
    with (
        _first_rows(files.register, sizes[0], bench.folder.parent) as register,
        _first_rows(files.requests, sizes[1], bench.folder.parent) as requests,
        ProcessPoolExecutor(1, get_context("spawn")) as process,
    ):
        return process.submit(_measure, (register, requests, files.requests.suffix.lower()), policy, bench).result()


def _rows(path: Path) -> int:
    """How many rows a file has, by the copy into nothing."""
    with path.open("rb") as source, Path(os.devnull).open("wb") as target:
        return copy_first_rows(source, target, 1 << 62, json_lines=path.suffix.lower() == ".jsonl")


@contextmanager
def _first_rows(path: Path, rows: int, folder: Path) -> Iterator[Path]:
    """A file of the first rows that never has a name where `/proc` leads to open files; else one that is removed."""
    nameless = Path("/proc/self/fd").exists()
    with path.open("rb") as source, (TemporaryFile if nameless else NamedTemporaryFile)(dir=folder) as target:
        copy_first_rows(source, target, rows, json_lines=path.suffix.lower() == ".jsonl")
        target.flush()
        yield Path(f"/proc/{os.getpid()}/fd/{target.fileno()}") if nameless else Path(target.name)


def _measure(paths: tuple[Path, Path, str], policy: MatchPolicy, bench: Bench) -> SizeCost:
    """In a fresh process: build, read, admit, match."""
    register, requests, ending = paths
    seconds: dict[str, float] = {}
    workers = bench.processes
    info = _timed(
        seconds, "build", lambda: build_register(register, bench.folder, bench.keys, bench.engine, processes=workers)
    )
    lines = _timed(seconds, "read", lambda: read_request_lines(requests, ending))
    count = len(lines)
    judgements = _timed(seconds, "admit", lambda: admit_lines(lines, workers))
    admitted = [judgement for judgement in judgements if isinstance(judgement, AdmittedLine)]
    index = bench.engine.open(bench.folder)
    _timed(seconds, "match", lambda: answer_admitted(admitted, index, bench, policy))
    index.close()
    return SizeCost(info.rows, count, seconds, peak_rss_mb())


def _timed(seconds: dict[str, float], step: str, work: Callable[[], Result]) -> Result:
    start = perf_counter()
    result = work()
    seconds[step] = round(perf_counter() - start, 3)
    return result
