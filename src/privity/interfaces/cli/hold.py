"""`privity hold` and `privity withhold`: stop answers by scope, or for one person, or for persons of a declared class.

A hold works before the next line is answered, at release and at delivery (C7); the services check it, not this door.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from privity.interfaces.cli.door import (
    ByOption,
    HomeOption,
    RoleOption,
    custodian_role,
    door,
    example,
    group,
    known_home,
    moment,
    read_input,
)
from privity.interfaces.cli.person_class import classes
from privity.interfaces.cli.presentation import Report, Sheet, as_data, as_facts, as_object

if TYPE_CHECKING:
    from privity.domain.holds import Demand, HoldScope

holds = group("hold", "Holds that stop answers: place, list, show, lift.")
withholdings = group("withhold", "Persons never confirmed: place, list, lift a mark; declare classes of persons.")


def attach(app: typer.Typer) -> None:
    """Add the groups to the command tree."""
    app.add_typer(holds)
    withholdings.add_typer(classes)
    app.add_typer(withholdings)


@holds.command(
    "place",
    epilog=example(
        'privity hold place everything --kind court_order --docket "docket 25-1234"',
        "privity hold place requester AGENCY --docket 1:25-cv-00677 --delivered recall --order order.pdf",
    ),
)
@door
def place(
    scope: Annotated[str, typer.Argument(help="agreement, requester, request, class or everything.")],
    target: Annotated[str, typer.Argument(help="Its id, or the class's word; nothing for everything.")] = "",
    *,
    kind: Annotated[
        str, typer.Option("--kind", help="court_order, suspension, litigation, safeguards or incident.")
    ] = "court_order",
    docket: Annotated[str, typer.Option("--docket", help="The order's reference. Stored sealed.")] = "",
    delivered: Annotated[
        str, typer.Option("--delivered", help="Demand on answers already delivered: none, freeze or recall.")
    ] = "none",
    since: Annotated[str, typer.Option("--from", help="Day or moment (UTC) from which it works. Default: now.")] = "",
    until: Annotated[
        str, typer.Option("--until", help="Last day, or moment (UTC), of the order. Default: until lifted.")
    ] = "",
    order: Annotated[
        Path | None, typer.Option("--order", help="The order's document; only its SHA-256 is kept.")
    ] = None,
    sealed: Annotated[
        bool, typer.Option("--sealed", help="A sealed court order: a requester is told AGREEMENT_NOT_IN_FORCE.")
    ] = False,
    role: RoleOption = "counsel",
    by: ByOption = "",
    home: HomeOption = None,
) -> Report:
    """Stop answers now: for an agreement, a requester, a request, persons of a class, or everything.

    A class stops no request: none of its persons is confirmed any more. With --delivered, tell the recipients of
    answers that left with `privity notice issue` afterwards.
    """
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.holds.place_hold import HoldTerms, place_hold

    words = _words(scope, delivered)
    ends_at = moment(until, "--until", end_of_day=True)
    document = read_input(order, "--order") if order else b""
    terms = HoldTerms(words[1], moment(since, "--from"), ends_at, sealed, document)
    gate = open_gate(known_home(home)).gate
    placed = place_hold(gate, words[0], target, kind, docket, role=custodian_role(role), by=by, terms=terms)
    data = as_object(placed)
    begins = "it works from this moment" if placed.starts_at is None else "it works from its own first moment"
    notes = () if delivered == "none" else ("Tell the recipients: privity notice issue",)
    return Report(data, f"Hold placed: {begins}.", as_facts(data), notes=notes)


def _words(scope: str, delivered: str) -> tuple[HoldScope, Demand]:
    """The closed words of the scope and the demand. Raises PrivityError USAGE."""
    from privity.domain.errors import ErrorCode, PrivityError
    from privity.domain.holds import Demand, HoldScope

    if scope not in {one.value for one in HoldScope}:
        raise PrivityError(
            ErrorCode.USAGE,
            "the scope of a hold is unknown",
            "Use agreement, requester, request, class or everything.",
        )
    if delivered not in {one.value for one in Demand}:
        raise PrivityError(ErrorCode.USAGE, "this is no demand on delivered answers", "Use none, freeze or recall.")
    return HoldScope(scope), Demand(delivered)


@holds.command("list", epilog=example("privity hold list --json"))
@door
def list_(home: HomeOption = None) -> Report:
    """List all holds, lifted ones too; of orders that conflict, which one governs, and why."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.holds.place_hold import list_holds

    rows = list_holds(open_gate(known_home(home)).gate)
    columns = ("hold", "scope", "target", "kind", "docket", "delivered", "from", "until", "lifted", "in force")
    cells = [
        (
            r.hold_id,
            r.scope,
            r.target,
            r.kind,
            r.docket,
            r.demand,
            r.starts_at or r.placed_at,
            r.ends_at,
            r.lifted_at,
            r.in_force,
        )
        for r in rows
    ]
    rivals = [(r.hold_id, r.standing) for r in rows if r.standing]
    sheets = [Sheet("Holds", columns, cells)]
    sheets += [Sheet("Orders that conflict (the stricter wins)", ("hold", "standing"), rivals)] if rivals else []
    return Report({"holds": as_data(rows)}, sheets=sheets)


@holds.command("show", epilog=example("privity hold show HOLD-ID"))
@door
def show(
    hold_id: Annotated[str, typer.Argument(help="The hold's id, from `privity hold list`.")],
    home: HomeOption = None,
) -> Report:
    """Show one order: what it stops, which delivered answers it reaches, and which order governs each of them."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.holds.show_hold import show_hold

    view = show_hold(open_gate(known_home(home)).gate, hold_id)
    reached = [
        (one.request_id, one.governed_by, one.action, one.why, ", ".join(one.orders), one.notice_id, one.notice_state)
        for one in view.answers
    ]
    columns = ("request", "governed by", "action", "why", "orders", "notice", "stands")
    sheets = [
        Sheet("Requests it stops", ("request", "state"), [(one.request_id, one.state) for one in view.stops]),
        Sheet("Delivered answers it reaches", columns, reached),
    ]
    return Report(as_object(view), "Hold", as_facts(as_object(view.hold)), sheets)


@holds.command("lift", epilog=example("privity hold lift HOLD-ID --by counsel-1"))
@door
def lift(
    hold_id: Annotated[str, typer.Argument(help="The hold's id, from `privity hold list`.")],
    role: RoleOption = "counsel",
    by: ByOption = "",
    home: HomeOption = None,
) -> Report:
    """Lift a hold. Only counsel may."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.holds.place_hold import lift_hold

    data = as_object(lift_hold(open_gate(known_home(home)).gate, hold_id, role=custodian_role(role), by=by))
    return Report(data, "Hold lifted.", as_facts(data))


@withholdings.command("place", epilog=example("privity withhold place P0000123 --reason protected_person"))
@door
def withhold(
    reference: Annotated[str, typer.Argument(metavar="REF", help="The person's reference in the register.")],
    reason: Annotated[str, typer.Option("--reason", help="Reason code, as counsel records it.")] = "protected_person",
    role: RoleOption = "counsel",
    home: HomeOption = None,
) -> Report:
    """Withhold a person: every line about them is NO_CONFIRMATION, and looks like any other."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.holds.withhold_person import withhold_person

    changed = withhold_person(open_gate(known_home(home)).gate, reference, reason, role=custodian_role(role))
    data = as_object(changed)
    return Report(data, "Person withheld.", as_facts(data))


@withholdings.command("lift", epilog=example("privity withhold lift P0000123"))
@door
def lift_withholding(
    reference: Annotated[str, typer.Argument(metavar="REF", help="The person's reference in the register.")],
    role: RoleOption = "counsel",
    home: HomeOption = None,
) -> Report:
    """Lift the mark on a person."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.holds.withhold_person import lift_withholding as lift_mark

    data = as_object(lift_mark(open_gate(known_home(home)).gate, reference, role=custodian_role(role)))
    return Report(data, "Mark lifted.", as_facts(data))


@withholdings.command("list", epilog=example("privity withhold list --json"))
@door
def list_withheld(home: HomeOption = None) -> Report:
    """List the marks by reason and time. No person can be read from the list: only keyed references are stored."""
    from privity.bootstrap.wiring.custodian import open_gate

    with open_gate(known_home(home)).gate.store.reading() as read:
        marks = read.withholdings()
    rows = [(mark.reason_code, mark.placed_at, mark.lifted_at) for mark in marks]
    data = [{"reason_code": code, "placed_at": placed, "lifted_at": lifted} for code, placed, lifted in rows]
    return Report({"withholdings": as_data(data)}, sheets=[Sheet("Withholdings", ("reason", "placed", "lifted"), rows)])
