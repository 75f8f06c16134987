"""`privity register`: build the blind index from an extract, update it, and say what is active."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from privity.interfaces.cli.door import (
    EngineOption,
    HomeOption,
    ProcessesOption,
    RoleOption,
    chosen_engine,
    custodian_role,
    door,
    example,
    group,
    known_home,
    worker_processes,
)
from privity.interfaces.cli.presentation import Report, Sheet, as_facts, as_object
from privity.interfaces.cli.progress import service_progress

SHOWN = 40

registers = group("register", "The register's blind index: build, update, status.")


def attach(app: typer.Typer) -> None:
    """Add the group to the command tree."""
    app.add_typer(registers)


@registers.command("build", epilog=example("privity register build extract.parquet --home ./home"))
@door
def build(
    extract: Annotated[Path, typer.Argument(metavar="EXTRACT", help="The register extract: CSV or Parquet.")],
    engine: EngineOption = "",
    processes: ProcessesOption = None,
    role: RoleOption = "registrar",
    home: HomeOption = None,
) -> Report:
    """Build the index and swap it in. Interrupted builds resume; refused rows are listed by row number and code."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.bootstrap.wiring.register import RegisterFolder, build_register_at
    from privity.domain.errors import ErrorCode, PrivityError

    if not extract.is_file():
        raise PrivityError(ErrorCode.NOT_FOUND, "the file given as EXTRACT does not exist", "Check the path.")
    opened = open_gate(known_home(home))
    with service_progress() as progress:
        built = build_register_at(
            opened,
            extract,
            role=custodian_role(role),
            engine=chosen_engine(engine),
            processes=worker_processes(processes),
            progress=progress,
        )
    rows = RegisterFolder(opened.path).refused_rows()
    data = as_object(built) | {"refused": [{"row": row, "code": code} for row, code in rows]}
    return Report(data, "Register active.", as_facts(data), [_refused(rows, built.refused_rows)])


@registers.command("update", epilog=example("privity register update changes.csv --home ./home"))
@door
def update(
    changes: Annotated[Path, typer.Argument(metavar="CHANGES", help="CSV or Parquet: add, change, end, remove.")],
    role: RoleOption = "registrar",
    home: HomeOption = None,
) -> Report:
    """Apply a file of changes to the active index and swap the outcome in, without a rebuild.

    CHANGES has the extract's columns and `change`: add (one more row), change (these are all rows of the person from
    now on), end (open periods end with valid_to), remove. Rows that cannot be used are listed by row number and code.
    """
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.bootstrap.wiring.register import MOST_REFUSED_SHOWN, update_register_at
    from privity.domain.errors import ErrorCode, PrivityError

    if not changes.is_file():
        raise PrivityError(ErrorCode.NOT_FOUND, "the file given as CHANGES does not exist", "Check the path.")
    opened = open_gate(known_home(home))
    with service_progress() as progress:
        done = update_register_at(opened, changes, role=custodian_role(role), progress=progress)
    rows = list(done.refused[:MOST_REFUSED_SHOWN])
    data = as_object(done) | {"refused": [{"row": row, "code": code} for row, code in rows]}
    title = "Register updated." if done.is_new else "The register stays as it is."
    return Report(data, title, as_facts(data), [_refused(rows, done.refused_rows)])


def _refused(rows: list[tuple[int, str]], total: int) -> Sheet:
    more = f" (first {SHOWN} of {total:,})" if total > SHOWN else ""
    return Sheet(f"Refused rows{more}", ("row", "code"), rows[:SHOWN])


@registers.command("status", epilog=example("privity register status --json"))
@door
def status(home: HomeOption = None) -> Report:
    """Say which snapshot is active, under which rule set it was made, and how many rows it holds."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.bootstrap.wiring.register import RegisterFolder

    data = as_object(RegisterFolder(open_gate(known_home(home)).path).info())
    return Report(data, "Active register", as_facts(data))
