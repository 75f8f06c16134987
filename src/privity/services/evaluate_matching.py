"""`privity evaluate`: how precise, complete, fast and big the matcher is, on extracts with known truth.

Works under throwaway keys in a temporary folder; touches no home, no agreement and no log (invariant C1), and releases
nothing. A confirmation is false where the truth names nobody or another person than the one confirmed.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final, Literal

from privity.domain.agreement import MatchPolicy
from privity.domain.answer import Answer, Decision
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.request import AdmittedLine, LineJudgement, Ordinal, RequestLine
from privity.matching.precision_bounds import clopper_pearson_lower
from privity.policy.admission import admit_for_evaluation
from privity.ports.register_index import IndexEngine
from privity.ports.security import IndexKeys
from privity.services.answer_lines import answer_lines
from privity.services.build_register import Progress, build_register
from privity.services.worker_pool import WorkerPool
from privity.wire.request_format import read_lines
from privity.wire.truth_format import Truth, read_truth

_FORMATS: Final[Mapping[str, Literal["csv", "jsonl", "parquet"]]] = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".parquet": "parquet",
}
_CHUNK: Final = 5_000
_NOBODY: Final = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one level or one class. `precision` and its bound are None where nothing was confirmed."""

    lines: int
    should_confirm: int
    confirmed: int
    false_confirmations: int
    precision: float | None
    precision_lower95: float | None
    recall: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The whole result; its fields are the fixed JSON shape of `privity evaluate --json`."""

    policy: str
    rule_set: str
    lines: int
    returned: int  # lines that the form rules send back or refer, and that are therefore never looked up
    should_confirm: int
    confirmed: int
    false_confirmations: int
    precision: float | None
    precision_lower95: float | None  # lower end of the exact two-sided 95 % interval (Clopper-Pearson)
    recall: float | None
    seconds: Mapping[str, float]
    peak_rss_mb: float
    register_rows: int
    refused_rows: int
    by_level: Mapping[str, Tally]
    by_class: Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class EvaluatedLine:
    """What became of one line, for the table and for whoever inspects a mistake."""

    ordinal: Ordinal
    line_class: str
    should_confirm: bool
    confirmed: bool
    false: bool
    outcome: str  # the level that confirmed, the gate that failed, or the code of a returned line


@dataclass(frozen=True, slots=True)
class EvaluationFiles:
    """The three files: register extract, request lines, truth."""

    register: Path
    requests: Path
    truth: Path


def _quiet(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def evaluate(
    files: EvaluationFiles,
    policy: MatchPolicy,
    *,
    keys: IndexKeys,
    engine: IndexEngine,
    folder: Path,
    processes: int = 2,
    progress: Progress = _quiet,
) -> Evaluation:
    """Build an index of the register below `folder` (temporary), answer the requests, compare with the truth.

    Raises PrivityError REGISTER_INVALID, FORMAT_INVALID or TRUTH_INVALID for the three files.
    """
    return evaluate_lines(
        files, policy, keys=keys, engine=engine, folder=folder, processes=processes, progress=progress
    )[0]


def evaluate_lines(
    files: EvaluationFiles,
    policy: MatchPolicy,
    *,
    keys: IndexKeys,
    engine: IndexEngine,
    folder: Path,
    processes: int = 2,
    progress: Progress = _quiet,
) -> tuple[Evaluation, list[EvaluatedLine]]:
    """As `evaluate`, and what became of each line."""
    clock = _StepClock()
    lines, truths = _read(files)
    clock.step("read")
    info = build_register(files.register, folder, keys, engine, progress, processes=processes)
    clock.step("build")
    judgements = _admit(lines, processes, progress)
    clock.step("admit")
    admitted = [judgement for judgement in judgements if isinstance(judgement, AdmittedLine)]
    index = engine.open(folder)
    progress("match", 0, len(admitted))
    decisions = answer_lines(admitted, index, keys, policy, frozenset(), processes)
    index.close()
    progress("match", len(admitted), len(admitted))
    clock.step("match")
    compared = _compare(truths, judgements, decisions, keys)
    total = _tally(compared)
    return Evaluation(
        policy=policy.name,
        rule_set=info.rule_set,
        lines=len(lines),
        returned=len(lines) - len(admitted),
        should_confirm=total.should_confirm,
        confirmed=total.confirmed,
        false_confirmations=total.false_confirmations,
        precision=total.precision,
        precision_lower95=total.precision_lower95,
        recall=total.recall,
        seconds=clock.seconds,
        peak_rss_mb=_peak_rss_mb(),
        register_rows=info.rows,
        refused_rows=info.refused_rows,
        by_level=_grouped(compared, lambda line: line.outcome if line.confirmed else ""),
        by_class=_grouped(compared, lambda line: line.line_class),
    ), compared


class _StepClock:
    """Seconds spent since the step before, by step name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = perf_counter()

    def step(self, name: str) -> None:
        """End a step."""
        now = perf_counter()
        self.seconds[name] = round(now - self._last, 3)
        self._last = now


def _read(files: EvaluationFiles) -> tuple[list[RequestLine], list[Truth]]:
    """The lines, and the truth of each in the same order: exactly one truth for each line."""
    file_format = _FORMATS.get(files.requests.suffix.lower())
    if file_format is None:
        raise PrivityError(ErrorCode.FORMAT_INVALID, "the request file must end in .csv, .jsonl or .parquet")
    try:
        document, truth_document = files.requests.read_bytes(), files.truth.read_bytes()
    except OSError:
        raise PrivityError(ErrorCode.NOT_FOUND, "the request or truth file cannot be opened", "check paths") from None
    lines = list(read_lines(document, file_format))
    truths = read_truth(truth_document)
    missing = sum(line.content.reveal().line_id not in truths for line in lines)
    if missing or len(truths) != len(lines):
        raise PrivityError(
            ErrorCode.TRUTH_INVALID,
            f"{len(lines)} lines and {len(truths)} truths do not pair up ({missing} lines have none)",
            "the truth file needs exactly one row for each line",
        )
    return lines, [truths[line.content.reveal().line_id] for line in lines]


def _admit_chunk(_nothing: None, job: tuple[int, list[RequestLine]]) -> tuple[int, list[LineJudgement]]:
    first, lines = job
    return first, admit_for_evaluation(lines)


def _admit(lines: Sequence[RequestLine], processes: int, progress: Progress) -> list[LineJudgement]:
    """Judge the form of every line; large files on all cores."""
    if processes < 2 or len(lines) < 2 * _CHUNK:
        return admit_for_evaluation(lines)
    chunks: dict[int, list[LineJudgement]] = {}

    def take(result: tuple[int, list[LineJudgement]]) -> None:
        chunks[result[0]] = result[1]
        progress("admit", sum(map(len, chunks.values())), len(lines))

    with WorkerPool(_admit_chunk, None, take, processes=processes) as pool:
        for first in range(0, len(lines), _CHUNK):
            pool.submit((first, list(lines[first : first + _CHUNK])))
    return [judgement for first in sorted(chunks) for judgement in chunks[first]]


def _compare(
    truths: Sequence[Truth], judgements: Sequence[LineJudgement], decisions: Sequence[Decision], keys: IndexKeys
) -> list[EvaluatedLine]:
    decided = {decision.ordinal: decision for decision in decisions}
    compared = []
    for truth, judgement in zip(truths, judgements, strict=True):
        wanted = truth.person_ref.reveal()
        decision = decided.get(judgement.ordinal)
        if decision is None:
            outcome = "" if isinstance(judgement, AdmittedLine) else judgement.code.value
        else:
            outcome = decision.level or decision.failed_gate
        confirmed = decision is not None and decision.answer is Answer.CONFIRMED
        false = False
        if confirmed and decision is not None:
            false = wanted == _NOBODY or keys.person_reference(wanted) != decision.person.reveal()
        compared.append(
            EvaluatedLine(judgement.ordinal, truth.line_class, wanted != _NOBODY, confirmed, false, outcome)
        )
    return compared


def _tally(lines: Sequence[EvaluatedLine]) -> Tally:
    should = sum(line.should_confirm for line in lines)
    confirmed = sum(line.confirmed for line in lines)
    false = sum(line.false for line in lines)
    right = confirmed - false
    return Tally(
        lines=len(lines),
        should_confirm=should,
        confirmed=confirmed,
        false_confirmations=false,
        precision=right / confirmed if confirmed else None,
        precision_lower95=clopper_pearson_lower(right, confirmed) if confirmed else None,
        recall=right / should if should else None,
    )


def _grouped(lines: Sequence[EvaluatedLine], key: Callable[[EvaluatedLine], str]) -> dict[str, Tally]:
    groups: dict[str, list[EvaluatedLine]] = {}
    for line in lines:
        if name := key(line):
            groups.setdefault(name, []).append(line)
    return {name: _tally(groups[name]) for name in sorted(groups)}


def _peak_rss_mb() -> float:
    """Largest resident set of this process plus the largest of its worker processes, in MB (an upper bound)."""
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    usage = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round(sum(usage) / unit, 1)
