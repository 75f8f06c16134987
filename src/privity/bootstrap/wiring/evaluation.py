"""Extracts under throwaway keys for `evaluate`: picks engine and keys, and removes everything afterwards (C1)."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from privity.domain.errors import ErrorCode, PrivityError

if TYPE_CHECKING:
    from privity.services.evaluation_figures import Evaluation
    from privity.services.gate import Progress
    from privity.services.measure_sizes import SizeCost
    from privity.services.review_sample import DrawnSample


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


@dataclass(frozen=True, slots=True)
class EvaluationOutcome:
    """Figures by policy, costs by size, and the review sample where one was asked for."""

    policies: Sequence[Evaluation]
    sizes: Sequence[SizeCost]
    sample: DrawnSample | None


def evaluate_extracts(order: EvaluationOrder, progress: Progress) -> EvaluationOutcome:
    """Measure the matcher on three files, under throwaway keys, in a temporary folder that is removed afterwards.

    Raises PrivityError USAGE (policies, sizes), NOT_FOUND, REGISTER_INVALID, FORMAT_INVALID, TRUTH_INVALID.
    """
    from privity.adapters.duckdb_index import DuckDbIndexEngine
    from privity.adapters.file_keys import FileKeys, create_keys
    from privity.matching.levels import named_policy
    from privity.services.evaluate_matching import Bench, EvaluationFiles, evaluate_policies
    from privity.services.measure_sizes import measure_sizes
    from privity.services.review_sample import draw_sample

    _check(order)
    policies = [named_policy(name) for name in order.policies]
    files = EvaluationFiles(order.register, order.requests, order.truth)
    with tempfile.TemporaryDirectory(prefix="privity-evaluate-") as folder:
        create_keys(Path(folder) / "keys")
        keys = FileKeys(Path(folder) / "keys").index_keys()
        bench = Bench(keys, DuckDbIndexEngine(), Path(folder) / "register", order.processes)
        runs = evaluate_policies(files, policies, bench, progress, keep_lines=order.sample > 0)
        sample = None
        if order.sample:
            sample = draw_sample(runs[0], order.sample, order.seed, register=order.register, keys=keys)
        sizes = measure_sizes(files, order.sizes, policies[-1], bench, progress) if order.sizes else []
        return EvaluationOutcome([run.figures for run in runs], sizes, sample)


def _check(order: EvaluationOrder) -> None:
    for option, path in (("--register", order.register), ("--requests", order.requests), ("--truth", order.truth)):
        if not path.is_file():
            raise PrivityError(ErrorCode.NOT_FOUND, f"the file given as {option} does not exist", "Check the path.")
    if not order.policies or len(set(order.policies)) != len(order.policies):
        raise PrivityError(ErrorCode.USAGE, "each policy is named once", "Give --policy once for each policy.")
    if order.sample and len(order.policies) != 1:
        raise PrivityError(ErrorCode.USAGE, "a review sample is drawn under one policy", "Give one --policy.")
