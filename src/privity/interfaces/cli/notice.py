"""`privity notice`: tell recipients of delivered answers what an order demands, and take in their receipts.

Custodian's side: issue, list, show, deliver, receive-receipt. Requester's side, without a home: open, acknowledge.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from privity.domain.errors import ErrorCode, PrivityError
from privity.interfaces.cli.door import (
    HomeOption,
    RoleOption,
    custodian_role,
    door,
    example,
    group,
    known_home,
    moment,
    read_input,
    refuse_existing,
    write_output,
)
from privity.interfaces.cli.presentation import Report, Sheet, as_data, as_facts, as_object
from privity.interfaces.cli.progress import service_progress

notices = group("notice", "Freeze and recall notices on delivered answers, and the receipts for them.")

TrustOption = Annotated[
    Path | None, typer.Option("--trust", envvar="PRIVITY_TRUST", help="The custodian's public trust file.")
]
ResponseOption = Annotated[
    Path | None, typer.Option("--response", help="The response package you hold: refuse a notice on another.")
]


def attach(app: typer.Typer) -> None:
    """Add the group to the command tree."""
    app.add_typer(notices)


@notices.command("issue", epilog=example("privity notice issue", "privity notice issue --request R-2025-0001"))
@door
def issue(
    request_id: Annotated[str, typer.Option("--request", metavar="ID", help="Only on this request's answer.")] = "",
    role: RoleOption = "counsel",
    home: HomeOption = None,
) -> Report:
    """Issue every notice that is due: where an order governs a delivered answer and its recipients do not know yet.

    Run it after an order with --delivered was placed, and after one was lifted. What stands is not repeated. While a
    receipt is outstanding, the requester's next request goes back (DUTIES_OVERDUE).
    """
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.holds.issue_notices import issue_notices

    gate = open_gate(known_home(home)).gate
    with service_progress() as progress:
        issued = issue_notices(gate, request_id=request_id, role=custodian_role(role), progress=progress)
    columns = ("notice", "request", "action", "governed by", "receipt due")
    cells = [(one.notice_id, one.request_id, one.action, one.governed_by, one.receipt_due) for one in issued]
    notes = ("Make each visible: privity notice deliver NOTICE-ID --out DIR",) if issued else ()
    title = f"{len(issued)} notices issued." if issued else "Nothing is due: every recipient knows."
    return Report({"issued": as_data(issued)}, title, sheets=[Sheet("Notices", columns, cells)], notes=notes)


@notices.command("list", epilog=example("privity notice list --json"))
@door
def list_(home: HomeOption = None) -> Report:
    """List all notices, where each stands, and whether it keeps the requester's next request out."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.holds.deliver_notice import list_notices

    rows = list_notices(open_gate(known_home(home)).gate)
    columns = ("notice", "request", "requester", "action", "issued", "receipt due", "stands", "blocks", "done", "on")
    cells = [
        (
            row.notice_id,
            row.request_id,
            row.requester,
            row.action,
            row.issued_at,
            row.receipt_due,
            row.state,
            row.blocks,
            row.outcome,
            row.done_on,
        )
        for row in rows
    ]
    return Report({"notices": as_data(rows)}, sheets=[Sheet("Notices", columns, cells)])


@notices.command("show", epilog=example("privity notice show NOTICE-ID"))
@door
def show(
    notice_id: Annotated[str, typer.Argument(help="The notice's id, from `privity notice list`.")],
    home: HomeOption = None,
) -> Report:
    """Show one notice: what it demands, under which orders, and where it stands."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.holds.deliver_notice import show_notice

    view = show_notice(open_gate(known_home(home)).gate, notice_id)
    data = as_object(view)
    facts = [*as_facts(as_object(view.row)), *as_facts(data)]
    orders = list(zip(view.row.orders, view.dockets, strict=False))
    return Report(data, "Notice", facts, [Sheet("Orders", ("hold", "docket"), orders)])


@notices.command("deliver", epilog=example("privity notice deliver NOTICE-ID --out ./outgoing"))
@door
def deliver(
    notice_id: Annotated[str, typer.Argument(help="The notice's id, from `privity notice list`.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder in which the package becomes visible.")],
    role: RoleOption = "counsel",
    home: HomeOption = None,
) -> Report:
    """Make the notice's package visible, with the log's proof of its issue. Again: the same bytes."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.holds.deliver_notice import deliver_notice

    data = as_object(deliver_notice(open_gate(known_home(home)).gate, notice_id, out, role=custodian_role(role)))
    return Report(data, "Notice delivered.", as_facts(data))


@notices.command("receive-receipt", epilog=example("privity notice receive-receipt receipt.zip"))
@door
def receive_receipt(
    package: Annotated[Path, typer.Argument(metavar="PKG", help="The requester's receipt package.")],
    role: RoleOption = "disclosure_officer",
    home: HomeOption = None,
) -> Report:
    """Verify a receipt, match it to its notice, and record it: the notice keeps no request out any more."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.holds.record_receipt import record_receipt

    if not package.is_file():
        raise _missing("PKG")
    gate = open_gate(known_home(home), hostile=True).gate
    with package.open("rb") as stream:
        data = as_object(record_receipt(gate, stream, role=custodian_role(role)))
    return Report(data, "Receipt recorded.", as_facts(data))


@notices.command("open", epilog=example("privity notice open notice.zip --trust trust.json --response response.zip"))
@door
def open_(
    package: Annotated[Path, typer.Argument(metavar="PKG", help="The notice package.")],
    trust: TrustOption = None,
    response: ResponseOption = None,
) -> Report:
    """Verify a notice (signature, and that the custodian's log has it) and say what must be done with which answer."""
    from privity.bootstrap.wiring.notices import open_notice_package

    opened = open_notice_package(_file(package, "PKG"), _trust(trust), _file(response, "--response"))
    sheets = [Sheet("Orders", ("hold", "demand", "docket", "SHA-256 of the order"), opened.orders)]
    data = {**opened.facts, "orders": [list(row) for row in opened.orders]}
    due = "" if opened.facts["action"] == "lifted" else "Then send the receipt: privity notice acknowledge"
    return Report(data, "Notice verified.", as_facts(opened.facts), sheets, (due,) if due else ())


@notices.command(
    "acknowledge",
    epilog=example(
        "privity notice acknowledge notice.zip --trust trust.json --office department-secretary \\",
        "  --outcome returned --on 2026-03-02 --key me.key --cert me.pem --out receipt.zip",
    ),
)
@door
def acknowledge(
    package: Annotated[Path, typer.Argument(metavar="PKG", help="The notice package.")],
    *,
    office: Annotated[str, typer.Option("--office", help="The signing office for which you sign.")],
    outcome: Annotated[str, typer.Option("--outcome", help="What was done: frozen, returned or destroyed.")],
    on: Annotated[str, typer.Option("--on", help="The day (YYYY-MM-DD) on which it was done.")],
    key: Annotated[Path, typer.Option("--key", help="The office holder's private key (PEM).")],
    cert: Annotated[Path, typer.Option("--cert", help="The office holder's certificate with its chain (PEM).")],
    out: Annotated[Path, typer.Option("--out", help="The receipt package to write (a new file).")],
    trust: TrustOption = None,
    response: ResponseOption = None,
) -> Report:
    """Verify a notice, and sign the receipt for it: what your agency did with the answer, and when."""
    from privity.bootstrap.wiring.notices import acknowledge_notice_package
    from privity.domain.holds import ReceiptOutcome

    refuse_existing(out, "--out")
    if outcome not in {one.value for one in ReceiptOutcome}:
        raise PrivityError(ErrorCode.USAGE, "this is no outcome of a receipt", "Use frozen, returned or destroyed.")
    day = moment(on, "--on")
    if day is None:
        raise PrivityError(ErrorCode.USAGE, "the day of a receipt is missing", "Write --on YYYY-MM-DD.")
    made = acknowledge_notice_package(
        _file(package, "PKG"),
        _trust(trust),
        _file(response, "--response"),
        office=office,
        outcome=ReceiptOutcome(outcome),
        done_on=day.date(),
        pair=(read_input(key, "--key"), read_input(cert, "--cert")),
    )
    write_output(out, made.package)
    data = {**made.facts, "out": str(out)}
    return Report(data, "Receipt signed.", as_facts(data), notes=("Send it to the custodian.",))


def _trust(path: Path | None) -> bytes:
    if path is None:
        raise PrivityError(
            ErrorCode.USAGE, "no trust file is known", "Give --trust, or set PRIVITY_TRUST to the custodian's file."
        )
    return read_input(path, "--trust")


def _file(path: Path | None, what: str) -> Path | None:
    if path is not None and not path.is_file():
        raise _missing(what)
    return path


def _missing(what: str) -> PrivityError:
    return PrivityError(ErrorCode.NOT_FOUND, f"the file given as {what} does not exist", "Check the path.")
