"""`privity agreement activate | suspend | end`: counsel's decisions on a recorded agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from privity.interfaces.cli.door import ByOption, HomeOption, RoleOption, custodian_role, door, example, known_home
from privity.interfaces.cli.presentation import Report, as_facts, as_object

if TYPE_CHECKING:
    from privity.services.agreements.decide_on_agreement import AgreementDecided

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The agreement's id.")]
DocketOption = Annotated[
    str, typer.Option("--docket", help="Order, file number or ground, in your words. Kept sealed, not in the log.")
]


def attach(agreements: typer.Typer) -> None:
    """Add the commands to `privity agreement`."""
    agreements.command("activate", epilog=example("privity agreement activate tax-enforcement-2025 --version 2"))(
        activate
    )
    agreements.command(
        "suspend",
        epilog=example('privity agreement suspend tax-enforcement-2025 --reason court_order --docket "25-1234"'),
    )(suspend)
    agreements.command("end", epilog=example("privity agreement end tax-enforcement-2025 --reason by_agreement"))(end)


@door
def activate(
    agreement_id: IdArgument,
    version: Annotated[int, typer.Option("--version", help="The version that is in force from now on, and no other.")],
    *,
    docket: DocketOption = "",
    role: RoleOption = "counsel",
    by: ByOption = "",
    home: HomeOption = None,
) -> Report:
    """Put one version in force from now on; also ends a suspension. Both sides must have signed it.

    Requests under any other version stop where they are, as under a hold.
    """
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.agreements.decide_on_agreement import activate_agreement

    gate = open_gate(known_home(home)).gate
    decided = activate_agreement(gate, agreement_id, version, docket=docket, role=custodian_role(role), by=by)
    return _shown(decided, f"Version {version} is in force; no other version is.")


@door
def suspend(
    agreement_id: IdArgument,
    *,
    reason: Annotated[
        str, typer.Option("--reason", help="court_order, suspension, litigation, safeguards or incident.")
    ],
    docket: DocketOption = "",
    role: RoleOption = "counsel",
    by: ByOption = "",
    home: HomeOption = None,
) -> Report:
    """Stop everything under every version of the agreement, until counsel activates one.

    Works before the next line is answered, at release and at every delivery; new requests go back whole.
    """
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.agreements.decide_on_agreement import suspend_agreement

    gate = open_gate(known_home(home)).gate
    decided = suspend_agreement(gate, agreement_id, reason, docket=docket, role=custodian_role(role), by=by)
    return _shown(
        decided, "The agreement is suspended.", f"Undo: privity agreement activate {agreement_id} --version N"
    )


@door
def end(
    agreement_id: IdArgument,
    *,
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            help="terminated_by_custodian, terminated_by_requester, by_agreement, court_order or change_of_law.",
        ),
    ],
    docket: DocketOption = "",
    role: RoleOption = "counsel",
    by: ByOption = "",
    home: HomeOption = None,
) -> Report:
    """End every version on record, for ever. Only a newer version that both sides sign can be activated after it.

    Answered requests that have not left stay: two officers may still refuse them, so that they end.
    """
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.agreements.decide_on_agreement import end_agreement

    gate = open_gate(known_home(home)).gate
    decided = end_agreement(gate, agreement_id, reason, docket=docket, role=custodian_role(role), by=by)
    return _shown(decided, "The agreement is ended.")


def _shown(decided: AgreementDecided, title: str, *notes: str) -> Report:
    data = as_object(decided)
    stopped = f"{decided.requests_stopped} requests that had not ended are stopped."
    return Report(data, title, as_facts(data), notes=((stopped, *notes) if decided.requests_stopped else notes))
