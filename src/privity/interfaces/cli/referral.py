"""`privity referral`: officers decide on lines that wait for a human, before anything is looked up (L16)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    read_input,
)
from privity.interfaces.cli.presentation import Report, Sheet, as_data, as_facts, as_object

if TYPE_CHECKING:
    from privity.domain.request import LineContent

referrals = group("referral", "Lines that wait for a human: list, show, decide.")

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The request's id.")]
MOST_LINES = 100_000  # that one decision names by number
ALL = "all"


def attach(app: typer.Typer) -> None:
    """Add the group to the command tree."""
    app.add_typer(referrals)


@referrals.command("list", epilog=example("privity referral list", "privity referral list R-2025-0001 --json"))
@door
def list_(
    request_id: Annotated[str, typer.Argument(metavar="[ID]", help="A request's id: its lines, one by one.")] = "",
    role: RoleOption = "disclosure_officer",
    home: HomeOption = None,
) -> Report:
    """List requests with lines that wait, and until when; or the lines of one request, each with its reason."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.admission.referral_desk import list_referrals, referrals_of

    gate = open_gate(known_home(home)).gate
    if not request_id:
        rows = list_referrals(gate, role=custodian_role(role))
        names = ("request_id", "agreement_id", "decide_by", "referred", "decided", "waiting", "overdue")
        cells = [tuple(getattr(row, name) for name in names) for row in rows]
        return Report({"requests": as_data(rows)}, sheets=[Sheet("Requests with lines that wait", names, cells)])
    found = referrals_of(gate, request_id, role=custodian_role(role))
    columns = ("ordinal", "message", "verdict", "code", "decided_by", "role", "decided_at")
    lines = [tuple(getattr(row, name) for name in columns) for row in found.lines]
    data = as_object(found.request) | {"lines": as_data(found.lines)}
    return Report(data, "Referred lines", as_facts(data), [Sheet("Lines", columns, lines)])


@referrals.command("show", epilog=example("privity referral show R-2025-0001 --line 17"))
@door
def show(
    request_id: IdArgument,
    line: Annotated[int, typer.Option("--line", min=1, help="The line's number in its file.")],
    role: RoleOption = "disclosure_officer",
    home: HomeOption = None,
) -> Report:
    """Show one line that waits, as it was supplied, and why it waits. Nothing of the register."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.admission.referral_desk import show_referral

    view = show_referral(open_gate(known_home(home)).gate, request_id, line, role=custodian_role(role))
    supplied = dict(_cells(view.supplied.reveal()))
    data: dict[str, object] = {
        "request_id": request_id,
        "ordinal": view.ordinal,
        "message": view.message,
        "can_be_admitted": view.can_be_admitted,
        "obstacle": view.obstacle,
        "decide_by": as_data(view.decide_by),
    }
    notes = (f"Next: privity referral decide {request_id} --lines {line} --admit --key officer.key --cert officer.pem",)
    sheet = Sheet("As supplied", ("column", "value"), list(supplied.items()))
    return Report(data | {"supplied": supplied}, "Line that waits for a human", as_facts(data), [sheet], notes)


@referrals.command(
    "decide",
    epilog=example(
        "privity referral decide R-2025-0001 --lines 17 --admit --key officer.key --cert officer.pem",
        "privity referral decide R-2025-0001 --lines 3,20-41 --return ADDRESS_INSTITUTION \\",
        "  --key officer.key --cert officer.pem",
    ),
)
@door
def decide(
    request_id: IdArgument,
    *,
    lines: Annotated[
        str, typer.Option("--lines", help="Numbers of the lines: 17, or 3,20-41; or all: those that wait.")
    ],
    key: Annotated[Path, typer.Option("--key", help="Your private key (PEM).")],
    cert: Annotated[Path, typer.Option("--cert", help="Your certificate (PEM).")],
    admit: Annotated[bool, typer.Option("--admit", help="Admit the lines: they need not wait.")] = False,
    code: Annotated[str, typer.Option("--return", metavar="CODE", help="Return the lines with this code.")] = "",
    note: Annotated[str, typer.Option("--note", help="Why, in one line; kept under the request's key.")] = "",
    home: HomeOption = None,
) -> Report:
    """Sign one decision on one line or several. It stands; every other rule is asked of an admitted line again."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.bootstrap.wiring.requester import signer_of
    from privity.services.admission.referral_desk import decide_referrals, referrals_of

    if admit == bool(code):
        raise PrivityError(ErrorCode.USAGE, "say one of --admit and --return CODE", "A line is admitted or returned.")
    ordinals = set() if lines == ALL else _ordinals(lines)
    signer = signer_of(read_input(key, "--key"), read_input(cert, "--cert"))
    gate = open_gate(known_home(home)).gate
    if lines == ALL:
        ordinals = {one.ordinal for one in referrals_of(gate, request_id).lines if not one.verdict}
    decided = decide_referrals(gate, request_id, ordinals, signer, code=code, note=note)
    data = as_object(decided)
    done = f"Next: privity request match {request_id}" if not decided.still_waiting else "Other lines wait still."
    return Report(data, "Decision recorded.", as_facts(data), notes=(done,))


def _ordinals(text: str) -> set[int]:
    """The numbers named: 3,20-41."""
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not (first.isdecimal() and (last.isdecimal() if dash else not last)) or max(len(first), len(last)) > 9:
            raise PrivityError(ErrorCode.USAGE, "--lines is no list of numbers", "Write 17, or 3,20-41.")
        start, end = int(first), int(last or first)
        if not 0 < start <= end or len(found) + end - start >= MOST_LINES:
            raise PrivityError(ErrorCode.USAGE, "--lines names no lines, or too many", "Write 17, or 3,20-41.")
        found.update(range(start, end + 1))
    return found


def _cells(content: LineContent) -> Iterator[tuple[str, str]]:
    """Column and value of what the file gave; empty cells are left out."""
    from dataclasses import fields

    for part in (content.name, content.address, content):
        for one in fields(part):
            value = getattr(part, one.name)
            if isinstance(value, str) and value and one.name != "form_defect":
                yield one.name, value
