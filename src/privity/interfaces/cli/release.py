"""`privity review` and `privity release`: officers look, sign, and let a response leave."""

from __future__ import annotations

from datetime import timedelta
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
    read_input,
)
from privity.interfaces.cli.presentation import Report, Sheet, as_facts, as_object
from privity.interfaces.cli.progress import service_progress
from privity.interfaces.outcomes import ExitCode

reviews = group("review", "What an officer sees before signing.")
releases = group("release", "Two officers approve; the response is delivered.")

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The request's id.")]


def attach(app: typer.Typer) -> None:
    """Add the groups to the command tree."""
    app.add_typer(reviews)
    app.add_typer(releases)


@reviews.command("show", epilog=example("privity review show R-2025-0001 --sample 50"))
@door
def show(
    request_id: IdArgument,
    sample: Annotated[int, typer.Option("--sample", min=0, max=100_000, help="Lines in the random sample.")] = 30,
    role: RoleOption = "disclosure_officer",
    home: HomeOption = None,
) -> Report:
    """Show counts, warnings and a random sample by line number, with the sample's error bound."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.release.review_request import review_request

    gate = open_gate(known_home(home)).gate
    data = as_object(review_request(gate, request_id, role=custodian_role(role), sample=sample))
    codes, warnings, lines = data.get("codes"), data.get("warnings"), data.get("sample")
    columns = ("ordinal", "answer", "level", "candidates", "rivals", "failed_gate")
    rows = [tuple(one.get(column) for column in columns) for one in lines] if isinstance(lines, list) else []
    sheets = [
        Sheet("Returned and referred lines", ("code", "lines"), list(codes.items()) if isinstance(codes, dict) else []),
        Sheet("Warnings", ("warning",), [(one,) for one in warnings] if isinstance(warnings, list) else []),
        Sheet("Random sample", columns, rows),
    ]
    content = data.get("content_sha256")
    notes = (f"Next: privity release approve {request_id} --content {content} --key officer.key --cert officer.pem",)
    return Report(data, "Review", as_facts(data), sheets, notes)


@releases.command("approve", epilog=example("privity release approve R-2025-0001 --key officer.key --cert officer.pem"))
@door
def approve(
    request_id: IdArgument,
    *,
    key: Annotated[Path, typer.Option("--key", help="Your private key (PEM).")],
    cert: Annotated[Path, typer.Option("--cert", help="Your certificate (PEM).")],
    verdict: Annotated[str, typer.Option("--verdict", help="release or refuse.")] = "release",
    content: Annotated[
        str, typer.Option("--content", help="The content hash you reviewed; any other content is refused.")
    ] = "",
    home: HomeOption = None,
) -> Report:
    """Sign your verdict on the content hash. The same person or certificate is refused the second time."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.bootstrap.wiring.requester import signer_of
    from privity.ports.stored import Verdict
    from privity.services.release.review_request import approve_release

    if verdict not in {one.value for one in Verdict}:
        raise PrivityError(ErrorCode.USAGE, "there is no such verdict", "Use release or refuse.")
    signer = signer_of(read_input(key, "--key"), read_input(cert, "--cert"))
    gate = open_gate(known_home(home)).gate
    data = as_object(approve_release(gate, request_id, signer, verdict=Verdict(verdict), reviewed=content))
    return Report(data, "Verdict recorded.", as_facts(data))


@releases.command("deliver", epilog=example("privity release deliver R-2025-0001 --out ./outgoing --wait 60"))
@door
def deliver(
    request_id: IdArgument,
    out: Annotated[Path, typer.Option("--out", help="Folder where the package becomes visible.")],
    wait: Annotated[
        int, typer.Option("--wait", min=0, max=86_400, help="Wait up to so many seconds for the answer time.")
    ] = 0,
    role: RoleOption = "disclosure_officer",
    home: HomeOption = None,
) -> Report:
    """Release (accounting, log, sealed bytes) and place the package. Again: the same bytes. Holds stop it."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.release.release_response import deliver_response

    gate = open_gate(known_home(home)).gate
    if wait:
        _wait_for_answer_time(gate, request_id, wait)
    with service_progress() as progress:
        delivered = deliver_response(gate, request_id, out, role=custodian_role(role), progress=progress)
    data = as_object(delivered)
    return Report(data, "Response delivered.", as_facts(data), ends_with=ExitCode.OK)


def _wait_for_answer_time(gate: object, request_id: str, longest: int) -> None:
    """Wait, visibly, until the answer may be seen (C2), but never longer than asked."""
    import math
    import time

    from privity.interfaces.cli.progress import meter
    from privity.services.admission.show_request import show_request
    from privity.services.gate import Gate

    if not isinstance(gate, Gate):
        return
    visible_from = show_request(gate, request_id).row.visible_from + timedelta(seconds=1)  # moments are told in seconds
    left = (visible_from - gate.clock.now()).total_seconds()
    if not 0 < left <= longest:
        return
    with meter("Waiting for the answer time", total=math.ceil(left), unit="seconds") as waiting:
        while (now_left := (visible_from - gate.clock.now()).total_seconds()) > 0:
            waiting.to(math.floor(left - now_left))
            time.sleep(min(0.2, now_left))
