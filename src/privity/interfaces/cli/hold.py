"""`privity hold` and `privity withhold`: stop answers for an agreement, a request, everything, or one person.

A hold works before the next line is answered, at release and at delivery (C7); the services check it, not this door.
"""

from __future__ import annotations

from typing import Annotated

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
)
from privity.interfaces.cli.presentation import Report, Sheet, as_data, as_facts, as_object

holds = group("hold", "Holds that stop answers: place, list, lift.")
withholdings = group("withhold", "Persons never confirmed: place, list, lift a mark.")


def attach(app: typer.Typer) -> None:
    """Add the groups to the command tree."""
    app.add_typer(holds)
    app.add_typer(withholdings)


@holds.command("place", epilog=example('privity hold place everything --kind court_order --docket "docket 25-1234"'))
@door
def place(
    scope: Annotated[str, typer.Argument(help="agreement, request or everything.")],
    target: Annotated[str, typer.Argument(help="The agreement's or the request's id; nothing for everything.")] = "",
    *,
    kind: Annotated[
        str, typer.Option("--kind", help="court_order, suspension, litigation, safeguards or incident.")
    ] = "court_order",
    docket: Annotated[str, typer.Option("--docket", help="The order's reference. Stored sealed.")] = "",
    role: RoleOption = "counsel",
    by: ByOption = "",
    home: HomeOption = None,
) -> Report:
    """Stop answers now, for an agreement, a request, or everything."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.domain.errors import ErrorCode, PrivityError
    from privity.ports.stored import HoldScope
    from privity.services.place_hold import place_hold

    if scope not in {one.value for one in HoldScope}:
        raise PrivityError(ErrorCode.USAGE, "the scope of a hold is unknown", "Use agreement, request or everything.")
    placed = place_hold(
        open_gate(known_home(home)).gate, HoldScope(scope), target, kind, docket, role=custodian_role(role), by=by
    )
    data = as_object(placed)
    return Report(data, "Hold placed: it works from this moment.", as_facts(data))


@holds.command("list", epilog=example("privity hold list --json"))
@door
def list_(home: HomeOption = None) -> Report:
    """List all holds, lifted ones too."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.place_hold import list_holds

    rows = list_holds(open_gate(known_home(home)).gate)
    columns = ("hold", "scope", "target", "kind", "docket", "placed", "lifted", "in force")
    cells = [(r.hold_id, r.scope, r.target, r.kind, r.docket, r.placed_at, r.lifted_at, r.in_force) for r in rows]
    return Report({"holds": as_data(rows)}, sheets=[Sheet("Holds", columns, cells)])


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
    from privity.services.place_hold import lift_hold

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
    from privity.services.withhold_person import withhold_person

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
    from privity.services.withhold_person import lift_withholding as lift_mark

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
