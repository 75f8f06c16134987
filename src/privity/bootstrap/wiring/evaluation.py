"""Extracts under throwaway keys for `evaluate`: picks engine and keys, and removes everything afterwards (C1)."""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from privity.domain.errors import ErrorCode, PrivityError

if TYPE_CHECKING:
    from privity.services.evaluation.evaluation_figures import Evaluation
    from privity.services.evaluation.measure_sizes import SizeCost
    from privity.services.evaluation.review_sample import DrawnSample
    from privity.services.gate import Progress


_MARK = "privity-evaluation"


@dataclass(frozen=True, slots=True)
class EvaluationOrder:
    """What is asked of one evaluation."""

    register: Path
    requests: Path
    truth: Path
    policies: Sequence[str]
    sizes: Sequence[int] = ()
    sample: int = 0  # confirmations of each level to draw for review; 0: none
    seed: int = 0
    processes: int = 2
    work: Path | None = None  # where a killed evaluation goes on; None: a temporary folder


@dataclass(frozen=True, slots=True)
class EvaluationOutcome:
    """Figures by policy, costs by size, and the review sample where one was asked for."""

    policies: Sequence[Evaluation]
    sizes: Sequence[SizeCost]
    sample: DrawnSample | None


def evaluate_extracts(order: EvaluationOrder, progress: Progress) -> EvaluationOutcome:
    """Measure the matcher on three files, under throwaway keys, in a folder that is removed afterwards with them.

    Raises PrivityError USAGE (policies, sizes, work folder), NOT_FOUND, REGISTER_INVALID, FORMAT_INVALID,
    TRUTH_INVALID, HOME_BUSY (another evaluation works in that folder).
    """
    from privity.adapters.duckdb_index import DuckDbIndexEngine
    from privity.adapters.file_keys import FileKeys, create_keys
    from privity.matching.levels import named_policy
    from privity.services.evaluation.evaluate_matching import Bench, EvaluationFiles, evaluate_policies
    from privity.services.evaluation.measure_sizes import measure_sizes
    from privity.services.evaluation.review_sample import draw_sample

    _check(order)
    policies = [named_policy(name) for name in order.policies]
    files = EvaluationFiles(order.register, order.requests, order.truth)
    with _work_folder(order.work) as folder:
        resumed = (folder / "keys").exists()
        if not resumed:
            create_keys(folder / "keys")
        keys = FileKeys(folder / "keys").index_keys()
        bench = Bench(keys, DuckDbIndexEngine(), folder / "register", order.processes, resumed)
        runs = evaluate_policies(files, policies, bench, progress, keep_lines=order.sample > 0)
        sample = None
        if order.sample:
            sample = draw_sample(runs[0], order.sample, order.seed, register=order.register, keys=keys)
        sizes = measure_sizes(files, order.sizes, policies[-1], bench, progress) if order.sizes else []
        return EvaluationOutcome([run.figures for run in runs], sizes, sample)


@contextmanager
def _work_folder(wanted: Path | None) -> Iterator[Path]:
    """A folder of this user alone, removed at the end with keys and index. A named one stays where the work fails or is
    killed, so that the same evaluation can go on."""
    if wanted is None:
        with tempfile.TemporaryDirectory(prefix="privity-evaluate-") as folder:
            yield Path(folder)
        return
    with _locked(wanted):
        yield wanted
        shutil.rmtree(wanted)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """The named work folder, made or found, held for one process. Raises PrivityError USAGE, HOME_BUSY."""
    mark = _open_mark(folder)
    try:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PrivityError(
                ErrorCode.HOME_BUSY, "another evaluation works in the folder given as --work", "Wait, or name another."
            ) from None
        yield
    finally:
        os.close(mark)


def _open_mark(folder: Path) -> int:
    """The file that says whose folder it is; it is made in a new or empty one. Raises PrivityError USAGE."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        facts = folder.lstat()
        private = stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.getuid() and not facts.st_mode & 0o077
        if private and ((folder / _MARK).is_file() or not any(folder.iterdir())):
            return os.open(folder / _MARK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError:
        raise _no_work_folder() from None
    raise _no_work_folder()


def _no_work_folder() -> PrivityError:
    return PrivityError(
        ErrorCode.USAGE,
        "the folder given as --work is not one that an evaluation of yours made",
        "Name a folder that does not exist yet, below one that does.",
    )


def _check(order: EvaluationOrder) -> None:
    for option, path in (("--register", order.register), ("--requests", order.requests), ("--truth", order.truth)):
        if not path.is_file():
            raise PrivityError(ErrorCode.NOT_FOUND, f"the file given as {option} does not exist", "Check the path.")
    if not order.policies or len(set(order.policies)) != len(order.policies):
        raise PrivityError(ErrorCode.USAGE, "each policy is named once", "Give --policy once for each policy.")
    if order.sample and len(order.policies) != 1:
        raise PrivityError(ErrorCode.USAGE, "a review sample is drawn under one policy", "Give one --policy.")
