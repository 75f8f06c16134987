"""`privity retention destroy`: make a request's data unreadable for ever, and certify it.

Writes the certificate, its signature and the log's proof as new files; the services decide whether it may be done.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from privity.interfaces.cli.door import (
    HomeOption,
    RoleOption,
    custodian_role,
    day,
    door,
    example,
    group,
    known_home,
    refuse_existing,
    write_output,
)
from privity.interfaces.cli.presentation import Report, Sheet, as_data, as_facts, as_object
from privity.interfaces.cli.progress import service_progress

retention = group("retention", "The end of a request's data: destroy its key, certify it.")

CERTIFICATE, SIGNATURE = "certificate.json", "certificate.p7s"
PROOF, ENTRY = "proof.txt", "entry.json"


def attach(app: typer.Typer) -> None:
    """Add the group to the command tree."""
    app.add_typer(retention)


@retention.command(
    "destroy",
    epilog=example("privity retention destroy R-2025-0001 --backups-expire 2026-12-31 --out ./destroyed/R-2025-0001"),
)
@door
def destroy(
    request_id: Annotated[str, typer.Argument(metavar="ID", help="The request's id.")],
    backups_expire: Annotated[
        str, typer.Option("--backups-expire", help="Day (YYYY-MM-DD) after which no backup holds the wrapped key.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A new or empty folder for the certificate.")],
    role: RoleOption = "counsel",
    home: HomeOption = None,
) -> Report:
    """Destroy the key of a delivered or rejected request. It cannot be undone; the accounting stays. Holds stop it.

    Killed half-way, run it again. Run again later, it signs another certificate of the same destruction.
    """
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.home.apply_retention import destroy_request

    last = day(backups_expire, "--backups-expire")
    _prepare(out)
    gate = open_gate(known_home(home)).gate
    with service_progress() as progress:
        done = destroy_request(gate, request_id, role=custodian_role(role), backups_expire=last, progress=progress)
    files = done.certificate
    write_output(out / PROOF, files.proof)
    write_output(out / ENTRY, files.entry)
    write_output(out / CERTIFICATE, files.document)
    write_output(out / SIGNATURE, files.signature)
    data = {key: value for key, value in as_object(done).items() if key != "certificate"}
    data |= {"certificate": str(out / CERTIFICATE), "signature": str(out / SIGNATURE)}
    data |= {"checkpoint_size": files.checkpoint_size, "checkpoint_root": files.checkpoint_root}
    sheet = Sheet("Blobs that can no longer be read", ("place", "blobs"), list(done.covered.items()))
    note = "Destroy every copy of the request package that arrived: it opens with the custodian's recipient key."
    return Report(as_object(as_data(data)), "Request destroyed.", as_facts(data), [sheet], (note,))


def _prepare(out: Path) -> None:
    """The folder exists and takes the certificate: found out before anything is destroyed."""
    for name in (CERTIFICATE, SIGNATURE, PROOF, ENTRY):
        refuse_existing(out / name, "--out")
    out.mkdir(parents=True, exist_ok=True)
    probe = out / ".writable"
    probe.touch()
    probe.unlink()
