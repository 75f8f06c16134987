"""`privity evaluate`: the matcher measured on extracts with known truth, under a throwaway key.

It never touches a home (C1) and releases nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from privity.interfaces.cli.door import (
    ProcessesOption,
    door,
    example,
    read_input,
    refuse_existing,
    worker_processes,
    write_output,
)
from privity.interfaces.cli.presentation import Report, Sheet, as_facts, as_object
from privity.interfaces.cli.progress import service_progress
from privity.interfaces.outcomes import ExitCode

if TYPE_CHECKING:
    from privity.bootstrap.wiring.evaluation import EvaluationOrder, EvaluationOutcome

_FILES = "privity evaluate --register extract.csv --requests lines.csv --truth truth.csv"
_BOUNDS = "a review of the sample without any finding would prove a precision of at least this (95 %)"


def attach(app: typer.Typer) -> None:
    """Add the command to the command tree."""
    app.command(
        "evaluate",
        epilog=example(
            f"{_FILES} --policy standard --json",
            f"{_FILES} --policy exact --policy standard --page proof.html --sizes 10000,100000",
            f"{_FILES} --sample 300 --sample-out review.csv",
            "privity evaluate --review review.csv",
            ends="0 done; 3 where the review has lines without a verdict; otherwise by the error's code",
        ),
    )(evaluate)


PolicyOption = Annotated[
    list[str] | None,
    typer.Option("--policy", help="exact, standard or extended; may be given several times. Default: standard."),
]
PageOption = Annotated[
    Path | None, typer.Option("--page", help="Write an HTML page with plots and tables; it needs nothing else.")
]
SizesOption = Annotated[
    str, typer.Option("--sizes", help="Also measure time and memory with the first N rows: N,N,...")
]
SampleOption = Annotated[
    int, typer.Option("--sample", min=0, help="Draw N confirmations of each level for clerical review.")
]
SampleOutOption = Annotated[
    Path | None, typer.Option("--sample-out", help="Where the sample goes: a CSV of line and row numbers.")
]
SeedOption = Annotated[
    int | None, typer.Option("--seed", min=0, help="Draws the sample. Default: by chance, and written into it.")
]
ReviewOption = Annotated[
    Path | None, typer.Option("--review", help="A sample with verdicts (same, different, unsure): what it proves.")
]
WorkOption = Annotated[
    Path | None,
    typer.Option("--work", help="Keep index and keys in this new folder until done: a killed run goes on there."),
]
RegisterOption = Annotated[Path | None, typer.Option("--register", help="A register extract: CSV or Parquet.")]
RequestsOption = Annotated[Path | None, typer.Option("--requests", help="Request lines: .csv, .jsonl or .parquet.")]
TruthOption = Annotated[
    Path | None, typer.Option("--truth", help="CSV: line_id, person_ref (empty: none), optional class.")
]


@door
def evaluate(  # noqa: PLR0917  # the options of one command
    register: RegisterOption = None,
    requests: RequestsOption = None,
    truth: TruthOption = None,
    policy: PolicyOption = None,
    page: PageOption = None,
    sizes: SizesOption = "",
    sample: SampleOption = 0,
    sample_out: SampleOutOption = None,
    seed: SeedOption = None,
    review: ReviewOption = None,
    processes: ProcessesOption = None,
    work: WorkOption = None,
) -> Report:
    """Measure the matcher: precision, recall, time, memory.

    Exact (Clopper-Pearson) bounds; by level and by class. Works on extracts under a throwaway key; releases
    nothing. Class names of the truth file are printed: a class is a kind of line (street_typo), never a value.
    """
    from privity.bootstrap.wiring.evaluation import EvaluationOrder, evaluate_extracts
    from privity.domain.errors import ErrorCode, PrivityError

    if review is not None:
        return _review(review)
    if register is None or requests is None or truth is None:
        raise PrivityError(ErrorCode.USAGE, "--register, --requests and --truth are needed", "Or give --review.")
    if bool(sample) != (sample_out is not None):
        raise PrivityError(ErrorCode.USAGE, "--sample and --sample-out go together", "Give both.")
    for path, option in ((page, "--page"), (sample_out, "--sample-out")):
        if path is not None:
            refuse_existing(path, option)
    order = EvaluationOrder(
        register,
        requests,
        truth,
        policies=policy or ["standard"],
        sizes=_numbers(sizes),
        sample=sample,
        seed=_seed() if seed is None else seed,
        processes=worker_processes(processes),
        work=work,
    )
    with service_progress(match="lines") as progress:
        outcome = evaluate_extracts(order, progress)
    return _report(order, outcome, page, sample_out)


def _seed() -> int:
    from secrets import randbelow

    return randbelow(10**9)


def _numbers(given: str) -> list[int]:
    from privity.domain.errors import ErrorCode, PrivityError

    parts = [part.strip().replace("_", "") for part in given.split(",") if part.strip()]
    if not all(part.isdecimal() for part in parts):
        raise PrivityError(ErrorCode.USAGE, "--sizes takes whole numbers", "For example --sizes 10000,100000.")
    return [int(part) for part in parts]


def _report(order: EvaluationOrder, outcome: EvaluationOutcome, page: Path | None, sample_out: Path | None) -> Report:
    """Write page and sample, and show the figures. One policy keeps its fixed JSON shape; several lie in a list."""
    policies = [as_object(one) for one in outcome.policies]
    extra: dict[str, Any] = {}
    if outcome.sizes:
        extra["sizes"] = [as_object(one) for one in outcome.sizes]
    sheets = [sheet for one in policies for sheet in _sheets(one, named=len(policies) > 1)]
    sheets += _costs(extra.get("sizes", []))
    notes = []
    if outcome.sample is not None and sample_out is not None:
        from privity.wire.review_format import write_sample

        write_output(sample_out, write_sample(outcome.sample.rows), "--sample-out")
        told = as_object(outcome.sample)
        extra["sample"] = {"seed": order.seed, **told, "rows": len(outcome.sample.rows)}
        sheets.append(_bounds(f"Review sample: {_BOUNDS}", told["clean"]))
        notes.append("Fill in the column verdict (same, different or unsure), then: privity evaluate --review FILE")
    if page is not None:
        write_output(page, _page(policies, extra.get("sizes", [])), "--page")
    data = (policies[0] if len(policies) == 1 else {"policies": policies}) | extra
    facts = as_facts(policies[0]) if len(policies) == 1 else []
    return Report(data, "Evaluation", facts, sheets, notes)


def _page(policies: list[dict[str, object]], sizes: list[dict[str, object]]) -> bytes:
    from datetime import UTC, datetime
    from importlib.metadata import version

    from privity.interfaces.cli.proof_page import proof_page

    at = datetime.now(UTC).isoformat(timespec="seconds")
    return proof_page(policies, sizes, software=f"privity {version('privity')}", measured_at=at).encode()


def _sheets(data: Mapping[str, object], *, named: bool) -> list[Sheet]:
    sheets = []
    if named:
        keys = ("confirmed", "false_confirmations", "precision", "precision_lower95", "precision_upper95", "recall")
        sheets.append(Sheet(f"policy {data['policy']}", keys, [tuple(data[key] for key in keys)]))
    for key in ("by_level", "by_class", "seconds"):
        part = data.get(key)
        if not isinstance(part, dict) or not part:
            continue
        title = key.replace("_", " ") + (f", policy {data['policy']}" if named else "")
        first = next(iter(part.values()))
        if isinstance(first, dict):
            columns = list(first)
            rows = [(name, *(one.get(column) for column in columns)) for name, one in part.items()]
            sheets.append(Sheet(title, (key.removeprefix("by_"), *columns), rows))
        else:
            sheets.append(Sheet(title, (key, "value"), list(part.items())))
    return sheets


def _costs(sizes: list[dict[str, Any]]) -> list[Sheet]:
    if not sizes:
        return []
    steps = list(sizes[0]["seconds"])
    rows = [
        (one["register_rows"], one["lines"], *(one["seconds"][step] for step in steps), one["peak_rss_mb"])
        for one in sizes
    ]
    return [Sheet("by size", ("register rows", "lines", *(f"{step}, s" for step in steps), "peak memory, MB"), rows)]


def _bounds(title: str, levels: Any) -> Sheet:
    columns = ("level", "confirmed", "drawn", "wrong", "unsure", "lower95_one_sided", "lower95_two_sided", "complete")
    shown = tuple(name.replace("lower95_", "at least, ").replace("_", "-") for name in columns)
    return Sheet(title, shown, [tuple(one[name] for name in columns) for one in levels])


def _review(path: Path) -> Report:
    """What a filled-in sample proves."""
    from privity.services.evaluation.review_sample import read_review

    outcome = read_review(read_input(path, "--review"))
    data = as_object(outcome)
    if outcome.pending:
        note = f"{outcome.pending:,} of {outcome.drawn:,} lines have no verdict yet: nothing is proved before all have."
        return Report(data, "Review not finished", as_facts(data), [], [note], ends_with=ExitCode.INCOMPLETE)
    notes = [
        "precision lower95: over all levels together, one-sided, 95 %. Unsure counts as wrong.",
        "By level, one-sided is the statement 'at least this'; two-sided is the lower end of the interval that "
        "`evaluate` prints. Where complete, all was reviewed and the share itself is known.",
    ]
    return Report(data, "Review", as_facts(data), [_bounds("by level", data["by_level"])], notes)
