"""`privity agreement diff | inventory`: what a change would mean, and how every agreement stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from privity.domain.errors import ErrorCode, PrivityError
from privity.interfaces.cli.door import HomeOption, door, example, joined, known_home, read_input
from privity.interfaces.cli.presentation import Report, Sheet, as_data, as_facts, as_object
from privity.interfaces.outcomes import ExitCode

if TYPE_CHECKING:
    from privity.services.duties.agreement_inventory import Inventory

_RECORDED = re.compile(r"([a-z0-9][a-z0-9_-]{0,63})@([1-9][0-9]{0,6})")
_MOST_DOCUMENTS = 1_000


def attach(agreements: typer.Typer) -> None:
    """Add the commands to `privity agreement`."""
    agreements.command("diff", epilog=example("privity agreement diff tax-enforcement-2025@1 agreement-2.yaml"))(diff)
    ends = "0 nothing needs attention; 1 something is overdue, unmet, on hold or drifts; otherwise by the error's code"
    agreements.command("inventory", epilog=example("privity agreement inventory --documents ./agreements", ends=ends))(
        inventory
    )


@door
def diff(
    first: Annotated[str, typer.Argument(metavar="A", help="A file, or a recorded version as ID@VERSION.")],
    second: Annotated[str, typer.Argument(metavar="B", help="The other one: a file, or ID@VERSION.")],
    home: HomeOption = None,
) -> Report:
    """Say in sentences what B allows or forbids that A does not. Needs a home only for ID@VERSION."""
    from privity.services.agreements.compare_agreements import compare_agreements

    compared = compare_agreements(named_document(first, "A", home), named_document(second, "B", home))
    facts: list[tuple[str, object]] = [("A", compared.first), ("B", compared.second)]
    facts += [
        ("allows more", compared.allows),
        ("forbids more", compared.forbids),
        ("says otherwise", compared.otherwise),
    ]
    rows = [(one.element, one.sentence) for one in compared.changes]
    title = "What B changes." if rows else "B changes nothing."
    return Report(as_object(compared), title, facts, [Sheet("Changes", ("element", "what changes"), rows)])


@door
def inventory(
    documents: Annotated[
        Path | None,
        typer.Option("--documents", help="A folder of agreement files (*.yaml) to hold against the record."),
    ] = None,
    home: HomeOption = None,
) -> Report:
    """List every agreement with its expiry, overdue duties, reports due and drift of the documents on file."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.duties.agreement_inventory import take_inventory

    files = None if documents is None else _files(documents)
    taken = take_inventory(open_gate(known_home(home)).gate, files)
    columns = (
        "agreement",
        "version",
        "standing",
        "expires",
        "days left",
        "signed by",
        "holds",
        "open",
        "overdue",
        "notices due",
        "safeguards",
    )
    cells = [
        (
            *(row.agreement_id, str(row.version), row.standing, row.expires, row.days_left, joined(row.signed_by)),
            *(row.holds, row.requests_open, row.overdue_duties, row.notices_due, row.safeguards or "current"),
        )
        for row in taken.agreements
    ]
    sheets = [
        Sheet("Agreements", columns, cells),
        _reports_owed(taken),
    ]
    if files is not None:
        found = [
            (one.document or "-", one.agreement_id, str(one.version or "-"), one.finding) for one in taken.documents
        ]
        sheets.append(Sheet("Documents on file", ("document", "agreement", "version", "finding"), found))
    facts = as_facts({"at": as_data(taken.at), "needs attention": taken.attention})
    return Report(
        as_object(taken), "Inventory of agreements", facts, sheets,
        ends_with=ExitCode.REFUSED if taken.attention else ExitCode.OK,
    )  # fmt: skip


def _reports_owed(taken: Inventory) -> Sheet:
    columns = ("agreement", "version", "report", "owed by", "next due", "overdue", "made last")
    rows = []
    for row in taken.agreements:
        for one in row.reports:
            when = (one.due or "after an incident", one.overdue, one.made_last)
            rows.append((row.agreement_id, str(row.version), one.id, one.owed_by, *when))
    return Sheet("Reports owed", columns, rows)


def named_document(named: str, what: str, home: Path | None) -> bytes:
    """The bytes of a file, or of a recorded version (ID@VERSION). Raises PrivityError NOT_FOUND."""
    recorded = _RECORDED.fullmatch(named)
    if recorded is None or Path(named).exists():
        return read_input(Path(named), what)
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.agreements.record_agreement import recorded_document

    return recorded_document(open_gate(known_home(home)).gate, recorded[1], int(recorded[2]))


def _files(folder: Path) -> dict[str, bytes]:
    """The agreement files in a folder, by name. Raises PrivityError NOT_FOUND, USAGE."""
    if not folder.is_dir():
        raise PrivityError(ErrorCode.NOT_FOUND, "the folder given as --documents does not exist", "Check the path.")
    paths = sorted(one for one in folder.iterdir() if one.suffix in (".yaml", ".yml") and one.is_file())
    if len(paths) > _MOST_DOCUMENTS:
        raise PrivityError(
            ErrorCode.USAGE, "the folder holds too many documents", "Name the folder of agreements alone."
        )
    return {one.name: read_input(one, "--documents") for one in paths}
