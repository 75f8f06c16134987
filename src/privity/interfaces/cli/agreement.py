"""`privity agreement`: check, record, list and show data-sharing agreements."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from privity.interfaces.cli.presentation import Report, Sheet, as_data, as_facts, as_object

if TYPE_CHECKING:
    from privity.domain.agreement import Agreement

agreements = group("agreement", "Data-sharing agreements: check, record, list, show.")

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The agreement (YAML).")]


def attach(app: typer.Typer) -> None:
    """Add the group to the command tree."""
    app.add_typer(agreements)


@agreements.command("check", epilog=example("privity agreement check examples/agreements/tax-enforcement-2025.yaml"))
@door
def check(file: FileArgument) -> Report:
    """Validate an agreement; errors name the line. Needs no home."""
    from privity.wire.agreement_format import read_agreement

    return _shown(read_agreement(read_input(file, "FILE")), "The agreement is valid.")


@agreements.command("add", epilog=example("privity agreement add tax-enforcement-2025.yaml --role counsel"))
@door
def add(
    file: FileArgument,
    role: RoleOption = "counsel",
    home: HomeOption = None,
) -> Report:
    """Record an agreement with its digest. Recording the same document again changes nothing."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.record_agreement import record_agreement

    document = read_input(file, "FILE")
    data = as_object(record_agreement(open_gate(known_home(home)).gate, document, role=custodian_role(role)))
    return Report(data, "Agreement recorded.", as_facts(data))


@agreements.command("list", epilog=example("privity agreement list --home ./home"))
@door
def list_(home: HomeOption = None) -> Report:
    """List the recorded agreements, all versions."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.record_agreement import list_agreements

    rows = list_agreements(open_gate(known_home(home)).gate)
    cells = [(r.agreement_id, str(r.version), r.title, r.effective, r.expires, r.digest[:16]) for r in rows]
    columns = ("agreement", "version", "title", "effective", "expires", "digest")
    return Report({"agreements": as_data(rows)}, sheets=[Sheet("Agreements", columns, cells)])


@agreements.command("show", epilog=example("privity agreement show tax-enforcement-2025"))
@door
def show(
    agreement_id: Annotated[str, typer.Argument(metavar="ID", help="The agreement's id.")],
    version: Annotated[int | None, typer.Option("--version", help="One version. Default: the newest.")] = None,
    home: HomeOption = None,
) -> Report:
    """Show a recorded agreement: parties, offices, rules with their clauses and parameters, match policy."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.record_agreement import show_agreement

    return _shown(show_agreement(open_gate(known_home(home)).gate, agreement_id, version), "Agreement")


def _shown(agreement: Agreement, title: str) -> Report:
    data = as_object(agreement)
    facts = [
        *as_facts(data),
        ("custodian", agreement.custodian.name),
        ("requester", agreement.requester.name),
        ("statutes", "; ".join(agreement.statutes)),
        ("purposes", "; ".join(agreement.purposes)),
        ("match policy", f"{agreement.match_policy.name}: {', '.join(agreement.match_policy.levels)}"),
    ]
    offices = [(one.id, one.title, one.clause) for one in agreement.signing_offices]
    rules = [(use.rule, use.clause, _parameters(use.parameters)) for use in agreement.rules]
    sheets = [
        Sheet("Offices that may sign", ("office", "title", "clause"), offices),
        Sheet("Rules", ("rule", "clause", "parameters"), rules),
    ]
    return Report(data, title, facts, sheets)


def _parameters(parameters: object) -> str:
    plain = as_data(parameters)
    return ", ".join(f"{key}={value}" for key, value in plain.items()) if isinstance(plain, dict) else ""
