"""`privity init` and `privity home`: make a home, look at it, and thaw one that was restored or copied."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from privity.interfaces.cli.door import HomeOption, door, example, group, known_home, read_input
from privity.interfaces.cli.presentation import Report, as_facts, as_object

homes = group("home", "The home directory: status, reconfirmation.")


def attach(app: typer.Typer) -> None:
    """Add the commands to the command tree."""
    app.command("init", epilog=example("privity init --home ./home --origin agency.example/privity-log"))(init)
    app.add_typer(homes)


@door
def init(
    home: HomeOption = None,
    origin: Annotated[
        str, typer.Option("--origin", help="The evidence log's public name, like agency.example/privity-log.")
    ] = "",
) -> Report:
    """Make a home: keys (0600), database, evidence log. Refuses a folder that is not empty."""
    from privity.bootstrap.wiring.custodian import create_home_at

    folder = known_home(home)
    data = as_object(create_home_at(folder, origin))
    data["home"] = str(folder)
    notes = (
        "Next: have the two certificate requests signed (`privity keys csr`), install the certificates",
        "(`privity keys install`), add the trust anchors (`privity trust add`), an agreement and the office register.",
    )
    return Report(data, "Home made.", as_facts(data), notes=notes)


@homes.command("status", epilog=example("privity home status --home ./home"))
@door
def status(home: HomeOption = None) -> Report:
    """Say what the home holds and whether it is frozen."""
    from privity.bootstrap.wiring.custodian import home_status

    data = as_object(home_status(known_home(home)))
    return Report(data, "Home", as_facts(data))


@homes.command("migrate", epilog=example("privity home migrate --home ./home"))
@door
def migrate(home: HomeOption = None) -> Report:
    """Bring the database of a home made by an older version up to date. Back it up first."""
    from privity.bootstrap.wiring.custodian import migrate_home

    data = as_object(migrate_home(known_home(home)))
    return Report(data, "Up to date.", as_facts(data))


@homes.command("reconfirm", epilog=example("privity home reconfirm --key officer.key --cert officer.pem"))
@door
def reconfirm(
    key: Annotated[Path, typer.Option("--key", help="Your private key (PEM).")],
    cert: Annotated[Path, typer.Option("--cert", help="Your certificate (PEM).")],
    home: HomeOption = None,
) -> Report:
    """Reconfirm the holds of a restored or copied home. Two different custodian officers must do so."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.bootstrap.wiring.requester import signer_of
    from privity.services.home.reconfirm_home import reconfirm_home

    signer = signer_of(read_input(key, "--key"), read_input(cert, "--cert"))
    opened = open_gate(known_home(home))
    data = as_object(reconfirm_home(opened.gate, opened.folder, signer))
    return Report(data, "Reconfirmed.", as_facts(data))
