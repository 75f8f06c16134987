"""`privity evaluate`: how precise, complete, fast and big the matcher is, on extracts with known truth.

Works under throwaway keys in a temporary folder; touches no home, no agreement and no log (invariant C1), and releases
nothing. A confirmation is false where the truth names nobody or another person than the one confirmed. One index and
one admission serve all policies of a run.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final, Literal

from privity.domain.agreement import MatchPolicy
from privity.domain.answer import Answer, Decision
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.request import AdmittedLine, LineJudgement, RequestLine
from privity.policy.admission import admit_for_evaluation
from privity.ports.register_index import IndexEngine, RegisterIndex, SnapshotInfo
from privity.ports.security import IndexKeys
from privity.services.answering.answer_lines import LineAnswerer
from privity.services.evaluation.evaluation_figures import EvaluatedLine, Evaluation, by_class, by_level, tally
from privity.services.evaluation.kept_index import build_or_reuse
from privity.services.register.build_register import Progress
from privity.services.worker_pool import WorkerPool
from privity.wire.request_format import read_lines
from privity.wire.truth_format import Truth, read_truth

_FORMATS: Final[Mapping[str, Literal["csv", "jsonl", "parquet"]]] = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".parquet": "parquet",
}
_CHUNK: Final = 5_000
_BATCH: Final = 200_000  # lines answered between two signs of progress
_NOBODY: Final = ""


@dataclass(frozen=True, slots=True)
class EvaluationFiles:
    """The three files: register extract, request lines, truth."""

    register: Path
    requests: Path
    truth: Path


@dataclass(frozen=True, slots=True)
class Bench:
    """What an evaluation works with. `folder` is temporary, and `keys` die with the run.

    `resumed`: an evaluation that was killed left its keys, and perhaps its index or a part of it.
    """

    keys: IndexKeys
    engine: IndexEngine
    folder: Path
    processes: int = 2
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class PolicyRun:
    """One policy's figures, and what became of each line (empty unless asked for: it is large)."""

    figures: Evaluation
    lines: Sequence[EvaluatedLine]


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
    return evaluate_policies(files, [policy], Bench(keys, engine, folder, processes), progress)[0].figures


def evaluate_policies(
    files: EvaluationFiles,
    policies: Sequence[MatchPolicy],
    bench: Bench,
    progress: Progress = _quiet,
    *,
    keep_lines: bool = False,
) -> list[PolicyRun]:
    """As `evaluate`, under several policies over one index; with `keep_lines` also what became of each line.

    Killed and run again in the same folder under the same keys, it goes on with the index: building is the long part.
    Reading, admitting and matching (some 30 µs a line) begin anew.
    """
    clock = _StepClock()
    lines, truths = _read(files)
    clock.step("read")
    info, found = build_or_reuse(
        files.register, bench.folder, bench.keys, bench.engine, progress, processes=bench.processes
    )
    clock.step("reuse" if found else "build_rest" if bench.resumed else "build")  # never a part named as the whole
    judgements = admit_lines(lines, bench.processes, progress)
    admitted = [judgement for judgement in judgements if isinstance(judgement, AdmittedLine)]
    clock.step("admit")
    runs = []
    for policy in policies:
        index = bench.engine.open(bench.folder)
        decisions = answer_admitted(admitted, index, bench, policy, progress)
        index.close()
        clock.step("match")
        compared = _compare(truths, judgements, decisions, bench.keys)
        runs.append(
            PolicyRun(_figures(policy, compared, len(admitted), info, clock.seconds), compared if keep_lines else ())
        )
        clock.skip()
    return runs


def _figures(
    policy: MatchPolicy,
    compared: Sequence[EvaluatedLine],
    admitted: int,
    info: SnapshotInfo,
    seconds: Mapping[str, float],
) -> Evaluation:
    total = tally(compared)
    return Evaluation(
        policy=policy.name,
        rule_set=info.rule_set,
        lines=len(compared),
        returned=len(compared) - admitted,
        should_confirm=total.should_confirm,
        confirmed=total.confirmed,
        false_confirmations=total.false_confirmations,
        precision=total.precision,
        precision_lower95=total.precision_lower95,
        recall=total.recall,
        seconds=dict(seconds),
        peak_rss_mb=peak_rss_mb(),
        register_rows=info.rows,
        refused_rows=info.refused_rows,
        by_level=by_level(compared, policy.levels),
        by_class=by_class(compared),
        precision_upper95=total.precision_upper95,
        recall_lower95=total.recall_lower95,
        recall_upper95=total.recall_upper95,
    )


class _StepClock:
    """Seconds spent since the step before, by step name; a step named again replaces what was measured before."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = perf_counter()

    def step(self, name: str) -> None:
        """End a step."""
        now = perf_counter()
        self.seconds[name] = round(now - self._last, 3)
        self._last = now

    def skip(self) -> None:
        """Count what was done since the last step to no step."""
        self._last = perf_counter()


def read_request_lines(requests: Path, ending: str = "") -> list[RequestLine]:
    """All lines of a request file, of the format its `ending` says. Raises PrivityError FORMAT_INVALID, NOT_FOUND."""
    file_format = _FORMATS.get((ending or requests.suffix).lower())
    if file_format is None:
        raise PrivityError(ErrorCode.FORMAT_INVALID, "the request file must end in .csv, .jsonl or .parquet")
    return list(read_lines(_bytes_of(requests), file_format))


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise PrivityError(ErrorCode.NOT_FOUND, "the request or truth file cannot be opened", "check paths") from None


def _read(files: EvaluationFiles) -> tuple[list[RequestLine], list[Truth]]:
    """The lines, and the truth of each in the same order: exactly one truth for each line."""
    lines = read_request_lines(files.requests)
    truths = read_truth(_bytes_of(files.truth))
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


def admit_lines(lines: Sequence[RequestLine], processes: int, progress: Progress = _quiet) -> list[LineJudgement]:
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


def answer_admitted(
    admitted: Sequence[AdmittedLine],
    index: RegisterIndex,
    bench: Bench,
    policy: MatchPolicy,
    progress: Progress = _quiet,
) -> list[Decision]:
    """One decision for each admitted line, batch after batch on the same workers."""
    decisions: list[Decision] = []
    progress("match", 0, len(admitted))
    with LineAnswerer(index, bench.keys, policy, bench.processes) as answerer:
        for first in range(0, len(admitted), _BATCH):
            decisions += answerer.answer(admitted[first : first + _BATCH], frozenset())
            progress("match", len(decisions), len(admitted))
    return decisions


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
        person = decision.person.reveal() if confirmed and decision is not None else b""
        false = confirmed and (wanted == _NOBODY or keys.person_reference(wanted) != person)
        compared.append(
            EvaluatedLine(judgement.ordinal, truth.line_class, wanted != _NOBODY, confirmed, false, outcome, person)
        )
    return compared


def peak_rss_mb() -> float:
    """Largest resident set of this process plus the largest of its worker processes, in MB (an upper bound)."""
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    usage = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round(sum(usage) / unit, 1)
