"""`privity office`: the office register: who holds which office when, the named officers, the custodian's people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from privity.interfaces.cli.door import (
    HomeOption,
    RoleOption,
    custodian_role,
    door,
    example,
    group,
    known_home,
    read_input,
)
from privity.interfaces.cli.presentation import Report, as_facts, as_object

offices = group("office", "The office register: who holds which office when.")

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The office register (YAML).")]


def attach(app: typer.Typer) -> None:
    """Add the group to the command tree."""
    app.add_typer(offices)


@offices.command("check", epilog=example("privity office check offices.yaml"))
@door
def check(file: FileArgument) -> Report:
    """Validate an office register; errors name the line. Needs no home."""
    from privity.wire.offices_format import read_offices

    register = read_offices(read_input(file, "FILE"))
    data: dict[str, object] = {
        "digest": register.digest,
        "holders": len(register.holdings),
        "officers": len(register.officers),
        "custodian_officers": len(register.custodian_officers),
        "safeguards": len(register.safeguards),
    }
    return Report(data, "The office register is valid.", as_facts(data))


@offices.command("add", epilog=example("privity office add offices.yaml --role counsel"))
@door
def add(
    file: FileArgument,
    role: RoleOption = "counsel",
    home: HomeOption = None,
) -> Report:
    """Record an office register. It holds from now on; earlier ones stay on record by their digest."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.agreements.record_offices import record_offices

    document = read_input(file, "FILE")
    data = as_object(record_offices(open_gate(known_home(home)).gate, document, role=custodian_role(role)))
    return Report(data, "Office register recorded.", as_facts(data))
