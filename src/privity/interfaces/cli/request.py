"""`privity request`: the requester's pre-flight and packing; the custodian's intake and matching."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from privity.interfaces.cli.door import (
    LINES_FILE,
    EngineOption,
    HomeOption,
    ProcessesOption,
    RoleOption,
    chosen_engine,
    custodian_role,
    door,
    example,
    file_format,
    group,
    known_home,
    read_input,
    refuse_existing,
    worker_processes,
    write_output,
)
from privity.interfaces.cli.presentation import Report, Sheet, as_data, as_facts, as_object
from privity.interfaces.cli.progress import service_progress
from privity.interfaces.outcomes import ExitCode

if TYPE_CHECKING:
    from privity.services.admission.receive_request import Received
    from privity.services.requester.lint_request import LintReport

requests = group("request", "Requests: lint, pack, correct; receive, list, show, match, return.")

LinesArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The lines: .csv, .jsonl or .parquet.")]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The request's id.")]


def attach(app: typer.Typer) -> None:
    """Add the group to the command tree."""
    app.add_typer(requests)


@requests.command(
    "lint",
    epilog=example(
        "privity request lint lines.csv --agreement agreement.yaml --page lint.html",
        ends="0 nothing would be returned; 1 a line or the whole request would be; otherwise by the error's code",
    ),
)
@door
def lint(
    file: LinesArgument,
    agreement: Annotated[Path, typer.Option("--agreement", help="The agreement (YAML).")],
    header: Annotated[Path | None, typer.Option("--header", help="The header (YAML or JSON), judged too.")] = None,
    offices: Annotated[Path | None, typer.Option("--offices", help="The office register: checks officers too.")] = None,
    page: Annotated[Path | None, typer.Option("--page", help="Write an HTML page that needs nothing else.")] = None,
) -> Report:
    """Judge the lines as the custodian will, before sending. No home, no register, no keys are needed.

    Ends with 0 where nothing would be returned, with 1 where a line or the whole request would be.
    """
    from privity.bootstrap.wiring.requester import system_clock
    from privity.services.requester.lint_request import lint_request
    from privity.wire.agreement_format import read_agreement
    from privity.wire.offices_format import read_offices
    from privity.wire.request_format import read_header

    if page is not None:
        refuse_existing(page, "--page")
    terms = read_agreement(read_input(agreement, "--agreement"))
    head = read_header(read_input(header, "--header")) if header else None
    roster = read_offices(read_input(offices, "--offices")) if offices else None
    lines = _own_lines(file)
    at = system_clock().now()
    report = lint_request(lines, file_format(file), terms, head, roster, at)
    data = report.as_json()
    if page is not None:
        write_output(page, _lint_page(report, f"{terms.id}, version {terms.version}", at), "--page")
    codes = data.get("codes")
    sheets = [
        Sheet("Returned", ("code", "lines"), list(codes.items()) if isinstance(codes, dict) else []),
        _findings(
            "Findings, one for each returned line", data.get("findings"), ("line_id", "code", "field", "message")
        ),
        _findings("Findings on the whole request", data.get("request_findings"), ("code", "rule", "message", "mend")),
        _findings("Referred to a human", data.get("referrals"), ("line_id", "code", "field", "message")),
    ]
    clean = not data.get("returned") and not data.get("request_findings")
    return Report(data, "Lint", as_facts(data), sheets, ends_with=ExitCode.OK if clean else ExitCode.REFUSED)


def _own_lines(file: Path) -> bytes:
    """The lines' file, without the comment columns of a corrections file."""
    from privity.wire.corrections_format import without_comments

    return without_comments(read_input(file, "FILE", LINES_FILE), file_format(file))


@requests.command(
    "correct",
    epilog=example(
        "privity request correct lines.csv --answer mine.csv --agreement agreement.yaml --out corrections.csv",
        "privity request lint corrections.csv --agreement agreement.yaml",
    ),
)
@door
def correct(
    file: LinesArgument,
    *,
    answer: Annotated[Path, typer.Option("--answer", help="The CSV that `response open` wrote for the signatory.")],
    out: Annotated[Path, typer.Option("--out", help="The corrections file to write (a new CSV, 0600).")],
    agreement: Annotated[
        Path | None, typer.Option("--agreement", help="The agreement: names the columns, too.")
    ] = None,
    header: Annotated[Path | None, typer.Option("--header", help="The header that was sent (YAML or JSON).")] = None,
) -> Report:
    """Write the lines that went back, as you sent them, each with its code and what to mend.

    Correct them there; lint and pack leave the comment columns out. Give the new request an id of its own.
    """
    from privity.bootstrap.wiring.requester import system_clock
    from privity.services.requester.correct_request import correct_request
    from privity.wire.agreement_format import read_agreement
    from privity.wire.request_format import read_header

    refuse_existing(out, "--out")
    terms = read_agreement(read_input(agreement, "--agreement")) if agreement else None
    head = read_header(read_input(header, "--header")) if header else None
    told = read_input(answer, "--answer", LINES_FILE)
    made = correct_request(_own_lines(file), file_format(file), told, terms, head, system_clock().now())
    write_output(out, made.csv)
    data: dict[str, object] = {"out": str(out), "lines": made.lines, "codes": dict(made.codes)}
    sheet = Sheet("Lines that went back", ("code", "lines"), list(made.codes.items()))
    notes = (f"Next: correct them, then privity request lint {out}",)
    return Report(data, "Corrections file written.", as_facts(data), [sheet], notes)


def _lint_page(report: LintReport, agreement: str, at: datetime) -> bytes:
    from importlib.metadata import version

    from privity.interfaces.cli.lint_page import lint_page

    software, moment = f"privity {version('privity')}", at.isoformat(timespec="seconds")
    return lint_page(report, agreement=agreement, software=software, judged_at=moment).encode()


SHOWN_FINDINGS = 40
UNVERIFIED = (
    "The custodian's certificate was not verified against an anchor (--trust): compare its fingerprint with the "
    "custodian by another way before you send this."
)


def _findings(title: str, found: object, columns: tuple[str, ...]) -> Sheet:
    listed = found if isinstance(found, list) else []
    rows = [tuple(one.get(column, "") for column in columns) for one in listed[:SHOWN_FINDINGS]]
    more = f" (first {SHOWN_FINDINGS} of {len(listed):,}; all with --json)" if len(listed) > SHOWN_FINDINGS else ""
    return Sheet(title + more, columns, rows)


@requests.command(
    "pack",
    epilog=example(
        "privity request pack lines.csv --agreement agreement.yaml --header header.yaml \\",
        "  --signer-key office.key --signer-cert office.pem --recipient-cert custodian.pem --trust trust.json \\",
        "  --out request.zip",
    ),
)
@door
def pack(
    file: LinesArgument,
    *,
    agreement: Annotated[Path, typer.Option("--agreement", help="The agreement (YAML).")],
    header: Annotated[Path, typer.Option("--header", help="The header (YAML or JSON).")],
    signer_key: Annotated[Path, typer.Option("--signer-key", help="Private key of the office's holder (PEM).")],
    signer_cert: Annotated[Path, typer.Option("--signer-cert", help="Its certificate and chain (PEM, own first).")],
    recipient_cert: Annotated[Path, typer.Option("--recipient-cert", help="The custodian's certificate (PEM).")],
    out: Annotated[Path, typer.Option("--out", help="The package to write (a new file).")],
    trust: Annotated[
        Path | None,
        typer.Option(
            "--trust", envvar="PRIVITY_TRUST", help="The custodian's public trust file: checks --recipient-cert."
        ),
    ] = None,
    crl: Annotated[
        list[Path] | None, typer.Option("--crl", help="A newer revocation list than the trust file's (PEM or DER).")
    ] = None,
) -> Report:
    """Encrypt the lines to the custodian, sign, and write the request package. Needs no home.

    With --trust the custodian's certificate is verified first (path, recipient policy, revocation). Without it only
    its dates and key usage are checked, and the result says that it was not verified.
    """
    from privity.bootstrap.wiring.requester import check_custodian, cms_encryptor, signer_of, system_clock
    from privity.services.requester.pack_request import pack_request
    from privity.wire.agreement_format import read_agreement
    from privity.wire.request_format import read_header

    refuse_existing(out, "--out")
    head = read_header(read_input(header, "--header"))
    recipient = read_input(recipient_cert, "--recipient-cert")
    anchors = read_input(trust, "--trust") if trust else None
    verified = check_custodian(recipient, anchors, [read_input(path, "--crl") for path in crl or ()])
    package = pack_request(
        _own_lines(file),
        file_format(file),
        head,
        read_agreement(read_input(agreement, "--agreement")),
        signer_of(read_input(signer_key, "--signer-key"), read_input(signer_cert, "--signer-cert")),
        cms_encryptor(),
        recipient,
        system_clock(),
    )
    write_output(out, package)
    data: dict[str, object] = {
        "package": str(out),
        "size": len(package),
        "request_id": head.request_id,
        "recipient_verified": verified,
    }
    return Report(data, "Request packed and signed.", as_facts(data), notes=() if verified else (UNVERIFIED,))


@requests.command(
    "receive",
    epilog=example(
        "privity request receive request.zip --home ./home",
        ends="0 received (single lines may go back); 1 refused or returned whole; otherwise by the error's code",
    ),
)
@door
def receive(
    package: Annotated[Path, typer.Argument(metavar="PKG", help="The request package.")],
    role: RoleOption = "disclosure_officer",
    home: HomeOption = None,
) -> Report:
    """Take in a package: open, verify, admit. A package refused whole, and a request returned whole, end with 1."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.domain.errors import ErrorCode, PrivityError
    from privity.services.admission.receive_request import receive_request

    gate = open_gate(known_home(home), hostile=True).gate
    if not package.is_file():
        raise PrivityError(ErrorCode.NOT_FOUND, "the file given as PKG does not exist", "Check the path.")
    with package.open("rb") as stream, service_progress() as progress:
        received = receive_request(gate, stream, role=custodian_role(role), progress=progress)
    data = as_object(received)
    title = "Request returned whole." if received.returned_whole else "Request received."
    ends = ExitCode.REFUSED if received.returned_whole else ExitCode.OK
    return Report(data, title, as_facts(data), _judgement(data), _next_steps(received), ends)


def _next_steps(received: Received) -> tuple[str, ...]:
    if received.returned_whole:
        return ()
    waits = f"{received.referred:,} line(s) wait for a human, and the request with them: privity referral list"
    return (*((waits,) if received.referred else ()), f"Next: privity request match {received.request_id}")


def _judgement(data: dict[str, object]) -> list[Sheet]:
    codes = data.get("codes")
    warnings = data.get("warnings")
    return [
        Sheet("Returned and referred lines", ("code", "lines"), list(codes.items()) if isinstance(codes, dict) else []),
        _findings("Findings on the whole request", data.get("findings"), ("code", "rule", "message", "mend")),
        Sheet(
            "Warnings for the reviewers", ("warning",), [(w,) for w in warnings] if isinstance(warnings, list) else []
        ),
    ]


@requests.command("list", epilog=example("privity request list --json"))
@door
def list_(home: HomeOption = None) -> Report:
    """List the requests and where each stands."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.admission.show_request import list_requests

    rows = list_requests(open_gate(known_home(home)).gate)
    counts = ("lines", "admitted", "returned", "referred")
    columns = ("request", "agreement", "state", *counts, "received", "on hold", "destroyed")
    shown = ("request_id", "agreement_id", "state", *counts, "received_at", "on_hold", "destroyed_at")
    cells = [tuple(getattr(row, name) for name in shown) for row in rows]
    return Report({"requests": as_data(rows)}, sheets=[Sheet("Requests", columns, cells)])


@requests.command("show", epilog=example("privity request show R-2025-0001"))
@door
def show(request_id: IdArgument, home: HomeOption = None) -> Report:
    """Show one request: its state, counts by code, findings, progress, holds."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.admission.show_request import show_request

    view = show_request(open_gate(known_home(home)).gate, request_id)
    data = as_object(view.row) | {key: value for key, value in as_object(view).items() if key != "row"}
    title = "Request, destroyed: only its accounting can be read" if view.key_destroyed else "Request"
    return Report(data, title, as_facts(data), _judgement(data))


@requests.command("return", epilog=example("privity request return R-2025-0001"))
@door
def return_(request_id: IdArgument, role: RoleOption = "disclosure_officer", home: HomeOption = None) -> Report:
    """Give back, whole, a request that can be answered no more: its agreement ended or stands suspended, for instance.

    Every line goes back with a code and is accounted for; the notice needs two officers, as every return does.
    """
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.admission.revoke_admission import return_request

    data = as_object(return_request(open_gate(known_home(home)).gate, request_id, role=custodian_role(role)))
    columns = ("code", "rule", "message", "mend")
    sheets = [_findings("Findings on the whole request", data.get("findings"), columns)]
    notes = (f"Next: privity review show {request_id}",)
    return Report(data, "Request goes back whole.", as_facts(data), sheets, notes)


@requests.command("match", epilog=example("privity request match R-2025-0001 --processes 2"))
@door
def match(
    request_id: IdArgument,
    engine: EngineOption = "",
    processes: ProcessesOption = None,
    role: RoleOption = "disclosure_officer",
    home: HomeOption = None,
) -> Report:
    """Answer the admitted lines against the active register, in resumable chunks. Counts are for the reviewers only."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.bootstrap.wiring.register import open_register
    from privity.services.answering.match_request import match_request

    opened = open_gate(known_home(home))
    workers = worker_processes(processes)
    index = open_register(opened, engine=chosen_engine(engine), processes=workers)
    try:
        with service_progress() as progress:
            matched = match_request(
                opened.gate, request_id, index, role=custodian_role(role), progress=progress, processes=workers
            )
    finally:
        index.close()
    data = as_object(matched)
    return Report(data, "Lines answered.", as_facts(data), notes=(f"Next: privity review show {request_id}",))
