"""`privity account` and `privity duty`: who was told what, with proof; and what the requester still owes.

A look-up needs a role and a reason and is itself an entry of the log. The records shown are personal data: they go to
standard output only, never to an error.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from privity.domain.errors import ErrorCode, PrivityError
from privity.interfaces.cli.door import (
    HomeOption,
    RoleOption,
    custodian_role,
    day,
    door,
    example,
    group,
    known_home,
    read_input,
    refuse_existing,
)
from privity.interfaces.cli.presentation import Report, Sheet, as_data, as_facts, as_object

accounts = group("account", "Accounting: who was told what, with proof.")
duties = group("duty", "Duties to destroy and to report: list, discharge, report.")

ReasonOption = Annotated[
    str,
    typer.Option("--reason", help="Why: subject_request, audit, litigation, incident or oversight."),
]


def attach(app: typer.Typer) -> None:
    """Add the groups to the command tree."""
    app.add_typer(accounts)
    app.add_typer(duties)


@accounts.command("person", epilog=example("privity account person P0000123 --reason subject_request"))
@door
def person(
    reference: Annotated[str, typer.Argument(metavar="REF", help="The person's reference in the register.")],
    role: RoleOption = "disclosure_officer",
    reason: ReasonOption = "subject_request",
    home: HomeOption = None,
) -> Report:
    """Who was told what about this person, with log index and inclusion proof for each entry."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.accounting.account_for_person import account_for_person

    gate = open_gate(known_home(home)).gate
    found = account_for_person(gate, reference, role=custodian_role(role), reason_code=reason)
    return _entries(as_object(found))


@accounts.command("name", epilog=example('privity account name "Jane Q Public" --reason subject_request'))
@door
def name(
    full_name: Annotated[str, typer.Argument(metavar="NAME", help="The name as it may stand in requests.")],
    *,
    birth_date: Annotated[str, typer.Option("--birth-date", help="Date of birth, ISO 8601.")] = "",
    identifier: Annotated[str, typer.Option("--identifier", help="Identifier as it may stand in requests.")] = "",
    role: RoleOption = "disclosure_officer",
    reason: ReasonOption = "subject_request",
    home: HomeOption = None,
) -> Report:
    """Every line about someone of this name: confirmed, not confirmed or returned."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.domain.request import SuppliedName
    from privity.services.accounting.account_for_person import account_for_name

    supplied = SuppliedName(full_name=full_name)
    found = account_for_name(
        open_gate(known_home(home)).gate,
        supplied,
        birth_date,
        identifier,
        role=custodian_role(role),
        reason_code=reason,
    )
    return _entries(as_object(found))


def _entries(data: dict[str, object]) -> Report:
    entries = data.get("entries")
    rows = []
    for entry in entries if isinstance(entries, list) else []:
        record = entry["record"]
        said = record.get("answer") or record.get("code") or ""
        rows.append((entry["request_id"], entry["ordinal"], entry["filed_as"], said, entry["log_index"]))
    columns = ("request", "line", "filed as", "told", "log index")
    notes = ("The whole record, its nonce and its proofs: the same command with --json.",) if rows else ()
    return Report(data, facts=as_facts(data), sheets=[Sheet("Accounting", columns, rows)], notes=notes)


@accounts.command("request", epilog=example("privity account request R-2025-0001 --export accounting.jsonl"))
@door
def request(
    request_id: Annotated[str, typer.Argument(metavar="ID", help="The request's id.")],
    *,
    export: Annotated[
        Path | None, typer.Option("--export", help="Also write the records as JSON Lines, for an auditor.")
    ] = None,
    blind: Annotated[
        bool, typer.Option("--blind", help="Export leaf hashes without the records: proves completeness alone.")
    ] = False,
    role: RoleOption = "disclosure_officer",
    reason: ReasonOption = "audit",
    home: HomeOption = None,
) -> Report:
    """The accounting of one request: records, root, log index, proof; the root is recomputed."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.accounting.account_for_person import account_for_request, export_accounting

    gate = open_gate(known_home(home)).gate
    if export is not None:
        refuse_existing(export, "--export")
    found = account_for_request(gate, request_id, role=custodian_role(role), reason_code=reason)
    data = as_object(found)
    if export is not None:
        export_accounting(gate, request_id, export, role=custodian_role(role), reason_code=reason, blind=blind)
        data["export"] = str(export)
    answers = data.get("answers")
    rows = list(answers.items()) if isinstance(answers, dict) else []
    facts = as_facts(data, without=("proof",))
    return Report(data, "Accounting", facts, [Sheet("Told", ("answer or code", "lines"), rows)])


@duties.command("list", epilog=example("privity duty list"))
@door
def list_(home: HomeOption = None) -> Report:
    """List the duties to destroy what was received, with their due dates."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.release.track_duties import list_duties

    rows = list_duties(open_gate(known_home(home)).gate)
    columns = ("request", "requester", "duty", "due", "discharged", "overdue")
    cells = [(r.request_id, r.requester, r.duty, r.due, r.discharged_at, r.overdue) for r in rows]
    return Report({"duties": as_data(rows)}, sheets=[Sheet("Duties", columns, cells)])


@duties.command("discharge", epilog=example("privity duty discharge R-2025-0001 --evidence certificate.pdf"))
@door
def discharge(
    request_id: Annotated[str, typer.Argument(metavar="ID", help="The request's id.")],
    evidence: Annotated[
        Path, typer.Option("--evidence", help="The certificate of destruction. Only its hash is kept.")
    ],
    role: RoleOption = "counsel",
    home: HomeOption = None,
) -> Report:
    """Record that the requester destroyed what it received."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.release.track_duties import discharge_duty

    document = read_input(evidence, "--evidence")
    gate = open_gate(known_home(home)).gate
    data = as_object(discharge_duty(gate, request_id, document, role=custodian_role(role)))
    return Report(data, "Duty discharged.", as_facts(data))


@duties.command(
    "report",
    epilog=example(
        "privity duty report tax-enforcement-2025 --report yearly-public-report --year 2025 --evidence report.pdf"
    ),
)
@door
def report(
    agreement_id: Annotated[str, typer.Argument(metavar="AGREEMENT", help="The agreement's id.")],
    *,
    report: Annotated[str, typer.Option("--report", help="The reporting duty's id in the agreement.")],
    evidence: Annotated[Path, typer.Option("--evidence", help="The report that was made. Only its hash is kept.")],
    year: Annotated[int | None, typer.Option("--year", min=1990, max=2200, help="The year it is about.")] = None,
    incident_on: Annotated[str, typer.Option("--incident-on", help="The incident's day (YYYY-MM-DD).")] = "",
    made_on: Annotated[str, typer.Option("--made-on", help="When it was made (YYYY-MM-DD). Default: today.")] = "",
    role: RoleOption = "counsel",
    home: HomeOption = None,
) -> Report:
    """Record that a report which the agreement demands was made: the year's, or one on an incident."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.duties.record_report import record_report

    if (year is None) == (not incident_on):
        raise PrivityError(
            ErrorCode.USAGE, "say one of --year and --incident-on", "A report is about one or the other."
        )
    about = date(year, 12, 31) if year is not None else day(incident_on, "--incident-on")
    made = day(made_on, "--made-on") if made_on else None
    document = read_input(evidence, "--evidence")
    gate = open_gate(known_home(home)).gate
    done = record_report(gate, agreement_id, report, about, document, made_on=made, role=custodian_role(role))
    data = as_object(done)
    return Report(data, "Report recorded.", as_facts(data))
