"""`privity register decoys`: lines that only the custodian knows and that must never be confirmed.

They are asked beside every request's lines; one that is confirmed stops the run inside (docs/procedures/decoys.md).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from privity.interfaces.cli.door import (
    LINES_FILE,
    ByOption,
    HomeOption,
    RoleOption,
    custodian_role,
    door,
    example,
    file_format,
    group,
    known_home,
    read_input,
    refuse_existing,
    write_output,
)
from privity.interfaces.cli.presentation import Report, Sheet, as_data, as_facts, as_object
from privity.interfaces.cli.register import registers

SHOWN = 40

decoys = group("decoys", "Planted lines that must not be confirmed: make, plant, list, check, remove, stops, clear.")


def attach(_app: typer.Typer) -> None:
    """Add the group to `privity register`."""
    registers.add_typer(decoys)


@decoys.command("make", epilog=example("privity register decoys make extract.csv --count 200 --out decoys.csv"))
@door
def make(
    extract: Annotated[Path, typer.Argument(metavar="EXTRACT", help="The register extract: CSV or Parquet.")],
    out: Annotated[Path, typer.Option("--out", help="Where the decoys go: a CSV that holds personal data (0600).")],
    count: Annotated[int, typer.Option("--count", min=1, max=10_000, help="How many to derive.")] = 200,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Draws the rows. Default: by chance.")] = None,
) -> Report:
    """Derive decoys from an extract: a known person with a wrong unit, number or period, or a sibling.

    Reads the extract only, never a home. What any row could make true is left out.
    """
    from collections import Counter
    from datetime import UTC, datetime
    from secrets import randbelow

    from privity.domain.errors import ErrorCode, PrivityError
    from privity.services.decoys.decoy_truth import Extract
    from privity.services.decoys.make_decoys import make_decoys
    from privity.wire.decoy_format import write_decoys

    if not extract.is_file():
        raise PrivityError(ErrorCode.NOT_FOUND, "the file given as EXTRACT does not exist", "Check the path.")
    refuse_existing(out, "--out")
    last_year = datetime.now(UTC).year - 1
    rows = make_decoys(Extract(extract), count, seed=randbelow(10**9) if seed is None else seed, year=last_year)
    write_output(out, write_decoys(rows))
    data = {"made": len(rows), "wanted": count, "kinds": dict(Counter(row["reason"] for row in rows))}
    notes = ["Look at them, then: privity register decoys plant FILE. Destroy the file afterwards."]
    return Report(data, "Decoys derived.", as_facts(data), [_counts("By kind", data["kinds"])], notes)


@decoys.command("plant", epilog=example("privity register decoys plant decoys.csv --by registrar-1"))
@door
def plant(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Decoys in the form of request lines.")],
    role: RoleOption = "registrar",
    by: ByOption = "",
    home: HomeOption = None,
) -> Report:
    """Plant lines of which you know that they must not be confirmed. `reason` says why: wrong_unit, sibling, ...

    Nothing is looked up now: they are asked with the next request. Stored sealed.
    """
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.decoys.plant_decoys import plant_decoys
    from privity.wire.request_format import read_lines

    lines = list(read_lines(read_input(file, "FILE", LINES_FILE), file_format(file)))
    opened = open_gate(known_home(home))
    snapshot = _active_snapshot(opened.path)
    planted = plant_decoys(opened.gate, lines, role=custodian_role(role), by=by, snapshot_id=snapshot)
    data = as_object(planted)
    rows = [(one.row, one.code) for one in planted.refused[:SHOWN]]
    return Report(data, "Planted.", as_facts(data), [Sheet("Rows that cannot be asked", ("row", "code"), rows)])


@decoys.command("list", epilog=example("privity register decoys list --json"))
@door
def list_(role: RoleOption = "registrar", home: HomeOption = None) -> Report:
    """List decoys by id, kind and time, retired ones too. What they say is shown nowhere."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.decoys.plant_decoys import list_decoys

    opened = open_gate(known_home(home))
    rows = list_decoys(opened.gate, role=custodian_role(role))
    snapshot = _active_snapshot(opened.path)
    due = sum(row.retired_at is None and row.checked_snapshot != snapshot for row in rows)
    columns = ("decoy", "kind", "planted", "by", "retired", "why")
    cells = [(r.decoy_id, r.kind, r.planted_at, r.planted_by, r.retired_at, r.retired_reason) for r in rows]
    notes = [f"{due:,} were not yet held against the active register's extract: privity register decoys check EXTRACT"]
    data = {"decoys": as_data(rows), "active": sum(row.retired_at is None for row in rows), "due_for_check": due}
    return Report(data, "", [], [Sheet("Decoys", columns, cells)], notes if due else [])


@decoys.command("check", epilog=example("privity register decoys check extract.csv"))
@door
def check(
    extract: Annotated[Path, typer.Argument(metavar="EXTRACT", help="The extract of the active register.")],
    role: RoleOption = "registrar",
    home: HomeOption = None,
) -> Report:
    """After each register build: hold the decoys against the new extract, and retire those that might be true now.

    Compares plain texts, without the matcher and without the index.
    """
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.domain.errors import ErrorCode, PrivityError
    from privity.services.decoys.plant_decoys import check_decoys

    if not extract.is_file():
        raise PrivityError(ErrorCode.NOT_FOUND, "the file given as EXTRACT does not exist", "Check the path.")
    opened = open_gate(known_home(home))
    snapshot = _active_snapshot(opened.path)
    data = as_object(check_decoys(opened.gate, extract, role=custodian_role(role), snapshot_id=snapshot))
    return Report(data, "Checked.", as_facts(data))


@decoys.command("remove", epilog=example("privity register decoys remove 00f1e2d3c4b5a697"))
@door
def remove(
    decoy_ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids from `privity register decoys list`.")],
    role: RoleOption = "registrar",
    home: HomeOption = None,
) -> Report:
    """Retire decoys: they are asked no more, and what they say is forgotten."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.decoys.plant_decoys import remove_decoys

    left = remove_decoys(open_gate(known_home(home)).gate, decoy_ids, role=custodian_role(role))
    data = {"removed": len(decoy_ids), "active": left.active}
    return Report(data, "Removed.", as_facts(data))


@decoys.command("stops", epilog=example("privity register decoys stops --json"))
@door
def stops(role: RoleOption = "disclosure_officer", home: HomeOption = None) -> Report:
    """List the runs that confirmed a decoy: which, at which level, on which register, and whether it is cleared."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.decoys.clear_decoy_stop import list_stops

    rows = list_stops(open_gate(known_home(home)).gate, role=custodian_role(role))
    columns = ("request", "found", "decoy", "kind", "level", "register", "rules", "signatures", "cleared")
    cells = [
        (r.request_id, r.found_at, decoy, kind, level, r.snapshot_id, r.rule_set, r.signatures, r.cleared_at)
        for r in rows
        for decoy, kind, level in r.confirmed
    ]
    return Report({"stops": as_data(rows)}, "", [], [Sheet("Runs stopped by a decoy", columns, cells)])


@decoys.command(
    "clear",
    epilog=example(
        "privity register decoys clear R-1 --finding register_corrected --key counsel.key --cert counsel.pem"
    ),
)
@door
def clear(
    request_id: Annotated[str, typer.Argument(metavar="ID", help="The stopped request.")],
    finding: Annotated[
        str, typer.Option("--finding", help="decoy_was_true, register_corrected or software_corrected.")
    ],
    key: Annotated[Path, typer.Option("--key", help="Your private key (PEM).")],
    cert: Annotated[Path, typer.Option("--cert", help="Your certificate (PEM).")],
    home: HomeOption = None,
) -> Report:
    """Decide that a stopped request may be matched anew. Two officers must sign, one of them counsel."""
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.bootstrap.wiring.requester import signer_of
    from privity.services.decoys.clear_decoy_stop import clear_decoy_stop

    signer = signer_of(read_input(key, "--key"), read_input(cert, "--cert"))
    data = as_object(clear_decoy_stop(open_gate(known_home(home)).gate, request_id, finding, signer))
    notes = ["Matching starts anew, on another register or software: privity request match ID"]
    return Report(data, "Decision recorded.", as_facts(data), (), notes if data["cleared"] else [])


def _counts(title: str, counts: object) -> Sheet:
    return Sheet(title, ("kind", "count"), list(counts.items()) if isinstance(counts, dict) else [])


def _active_snapshot(home: Path) -> str:
    """The active register's id, "" where none is built yet."""
    from privity.bootstrap.wiring.register import RegisterFolder
    from privity.domain.errors import ErrorCode, PrivityError

    try:
        return RegisterFolder(home).info().snapshot_id
    except PrivityError as missing:
        if missing.code is not ErrorCode.REGISTER_MISSING:
            raise
        return ""
