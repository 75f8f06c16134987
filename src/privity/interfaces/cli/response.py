"""`privity response`: the requester's side of an answer: decrypt, verify, and only then write."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from privity.domain.answer import RETURNED
from privity.domain.errors import ErrorCode, PrivityError
from privity.interfaces.cli.door import (
    LINES_FILE,
    door,
    example,
    file_format,
    group,
    read_input,
    refuse_existing,
    write_output,
)
from privity.interfaces.cli.presentation import Report, Sheet, as_facts

responses = group("response", "Responses, on the requester's side: open.")


def attach(app: typer.Typer) -> None:
    """Add the group to the command tree."""
    app.add_typer(responses)


@responses.command(
    "open",
    epilog=example(
        "privity response open response.zip --request request.zip --key me.key --cert me.pem --trust trust.json \\",
        "  --out mine.csv",
    ),
)
@door
def open_(
    package: Annotated[Path, typer.Argument(metavar="PKG", help="The response package.")],
    *,
    key: Annotated[Path, typer.Option("--key", help="Your private key (PEM).")],
    cert: Annotated[Path, typer.Option("--cert", help="Your certificate (PEM).")],
    out: Annotated[Path, typer.Option("--out", help="The CSV to write (a new file, 0600).")],
    trust: Annotated[
        Path | None, typer.Option("--trust", envvar="PRIVITY_TRUST", help="The custodian's public trust file.")
    ] = None,
    request: Annotated[
        Path | None, typer.Option("--request", help="The request package you sent: refuse an answer to another.")
    ] = None,
    lines: Annotated[
        Path | None, typer.Option("--lines", help="The lines as you packed them; with --corrections.")
    ] = None,
    corrections: Annotated[
        Path | None, typer.Option("--corrections", help="Write the lines that went back, with what to mend (CSV).")
    ] = None,
) -> Report:
    """Verify the package, decrypt the part addressed to you, and write your lines.

    With --lines and --corrections also the lines that went back, ready to correct (`request correct` does it later).
    """
    from privity.bootstrap.wiring.requester import open_response_package

    refuse_existing(out, "--out")
    if (lines is None) != (corrections is None):
        raise PrivityError(ErrorCode.USAGE, "--lines and --corrections go together", "Give both, or neither.")
    if corrections is not None:
        refuse_existing(corrections, "--corrections")
    if trust is None:
        raise PrivityError(
            ErrorCode.USAGE, "no trust file is known", "Give --trust, or set PRIVITY_TRUST to the custodian's file."
        )
    document = read_input(trust, "--trust")
    pair = (read_input(key, "--key"), read_input(cert, "--cert"))
    for name, path in (("PKG", package), ("--request", request)):
        if path is not None and not path.is_file():
            raise PrivityError(ErrorCode.NOT_FOUND, f"the file given as {name} does not exist", "Check the path.")
    with contextlib.ExitStack() as files:
        sent = files.enter_context(request.open("rb")) if request else None
        opened = open_response_package(files.enter_context(package.open("rb")), pair, document, sent)
    write_output(out, opened.csv)
    data = {**opened.facts, "out": str(out)}
    if lines is not None and corrections is not None and RETURNED in opened.counts:
        write_output(corrections, _corrections(lines, opened.csv), "--corrections")
        data["corrections"] = str(corrections)
    rows = list(opened.counts.items())
    return Report(
        {**data, "answers": opened.counts},
        "Response opened.",
        as_facts(data),
        [Sheet("Lines", ("told", "lines"), rows)],
    )


def _corrections(lines: Path, answer: bytes) -> bytes:
    from privity.bootstrap.wiring.requester import system_clock
    from privity.services.requester.correct_request import correct_request

    document = read_input(lines, "--lines", LINES_FILE)
    return correct_request(document, file_format(lines), answer, None, None, system_clock().now()).csv
