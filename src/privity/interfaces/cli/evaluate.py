"""`privity evaluate`: the matcher measured on extracts with known truth, under a throwaway key.

It never touches a home (C1) and releases nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from privity.interfaces.cli.door import ProcessesOption, door, example, worker_processes
from privity.interfaces.cli.presentation import Report, Sheet, as_facts, as_object
from privity.interfaces.cli.progress import service_progress


def attach(app: typer.Typer) -> None:
    """Add the command to the command tree."""
    app.command(
        "evaluate",
        epilog=example(
            "privity evaluate --register extract.csv --requests lines.csv --truth truth.csv --policy standard --json"
        ),
    )(evaluate)


@door
def evaluate(
    register: Annotated[Path, typer.Option("--register", help="A register extract: CSV or Parquet.")],
    requests: Annotated[Path, typer.Option("--requests", help="Request lines: .csv, .jsonl or .parquet.")],
    truth: Annotated[Path, typer.Option("--truth", help="CSV: line_id, person_ref (empty: none), optional class.")],
    policy: Annotated[str, typer.Option("--policy", help="exact, standard or extended.")] = "standard",
    processes: ProcessesOption = None,
) -> Report:
    """Measure the matcher: precision, recall, time, memory.

    Precision with Clopper-Pearson bounds; by level and by class. Works on extracts under a throwaway key; releases
    nothing.
    """
    from privity.bootstrap.wiring.register import evaluate_extracts

    with service_progress(match="lines") as progress:
        measured = evaluate_extracts(
            register, requests, truth, policy=policy, processes=worker_processes(processes), progress=progress
        )
    data = as_object(measured)
    return Report(data, "Evaluation", as_facts(data), _sheets(data))


def _sheets(data: dict[str, object]) -> list[Sheet]:
    sheets = []
    for key in ("by_level", "by_class", "seconds"):
        part = data.get(key)
        if not isinstance(part, dict) or not part:
            continue
        first = next(iter(part.values()))
        if isinstance(first, dict):
            columns = list(first)
            rows = [(name, *(one.get(column) for column in columns)) for name, one in part.items()]
            sheets.append(Sheet(key.replace("_", " "), (key.removeprefix("by_"), *columns), rows))
        else:
            sheets.append(Sheet(key.replace("_", " "), (key, "value"), list(part.items())))
    return sheets
