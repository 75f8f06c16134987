"""`privity agreement simulate`: what another version would have made of requests received before."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from privity.interfaces.cli.agreement_outlook import named_document
from privity.interfaces.cli.door import (
    HomeOption,
    RoleOption,
    custodian_role,
    door,
    example,
    known_home,
    refuse_existing,
)
from privity.interfaces.cli.presentation import Report, Sheet, as_data, as_object
from privity.interfaces.cli.progress import service_progress

if TYPE_CHECKING:
    from privity.services.admission.simulate_agreement import NotSimulated, SimulatedRequest

SHOWN = 50  # lines of each request on the screen and in --json; --out has them all
EVERY = "all"


def attach(agreements: typer.Typer) -> None:
    """Add the command to `privity agreement`."""
    agreements.command(
        "simulate", epilog=example("privity agreement simulate agreement-2.yaml --requests R-2025-0001,R-2025-0002")
    )(simulate)


@door
def simulate(
    new: Annotated[str, typer.Argument(metavar="NEW", help="The other version: a file, or ID@VERSION.")],
    *,
    requests: Annotated[
        str, typer.Option("--requests", help="Request ids, separated by commas; or: all, under this agreement.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="Write every line that changes to a new file (JSON Lines).")
    ] = None,
    role: RoleOption = "counsel",
    home: HomeOption = None,
) -> Report:
    """Replay past requests' admission under another version and report, by ordinal, what would change.

    Nothing is looked up, nothing leaves, nothing is recorded. Requests whose data was destroyed cannot be replayed.
    """
    from privity.bootstrap.wiring.custodian import open_gate
    from privity.services.admission.simulate_agreement import NOTES, requests_under, simulate_agreement
    from privity.wire.agreement_format import read_agreement

    if out is not None:
        refuse_existing(out, "--out")
    document = named_document(new, "NEW", home)
    gate = open_gate(known_home(home)).gate
    asked = [one.strip() for one in requests.split(",") if one.strip()]
    if asked == [EVERY]:
        asked = list(requests_under(gate, read_agreement(document).id))
    shown: list[dict[str, object]] = []
    with service_progress() as progress, _draft(out) as stream:
        for one in simulate_agreement(gate, document, asked, role=custodian_role(role), progress=progress):
            shown.append(_shown(one))
            stream.writelines(_written(one))
    data: dict[str, object] = {"requests": shown, "notes": list(NOTES), "out": str(out) if out else None}
    return Report(data, "What would change. Nothing was recorded.", sheets=_sheets(shown), notes=NOTES)


@contextmanager
def _draft(out: Path | None) -> Iterator[BinaryIO]:
    """Where lines are written as they come: a new file for its owner only, in place once it is whole; or nowhere."""
    if out is None:
        with Path(os.devnull).open("wb") as nowhere:
            yield nowhere
        return
    draft = out.with_name(f"{out.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        refuse_existing(out, "--out")
        draft.rename(out)
    finally:
        draft.unlink(missing_ok=True)


def _shown(one: SimulatedRequest | NotSimulated) -> dict[str, object]:
    from privity.services.admission.simulate_agreement import SimulatedRequest

    if not isinstance(one, SimulatedRequest):
        return {"request_id": one.request_id, "simulated": False, "reason": one.reason}
    first = [as_object(change) for change in islice(one.each_change(), SHOWN)]
    return {
        "request_id": one.request_id,
        "simulated": True,
        "version": one.version,
        "lines": one.lines,
        "unchanged": one.unchanged,
        "changes": dict(one.changes),
        "findings_was": as_data(one.findings_was),
        "findings_would_be": as_data(one.findings_would_be),
        "differs_from_record": one.differs_from_record,
        "first_lines": first,
    }


def _written(one: SimulatedRequest | NotSimulated) -> Iterator[bytes]:
    from privity.services.admission.simulate_agreement import SimulatedRequest

    if isinstance(one, SimulatedRequest):
        for change in one.each_change():
            row = {"request_id": one.request_id, **as_object(change)}
            yield json.dumps(row, ensure_ascii=False).encode() + b"\n"


def _sheets(shown: list[dict[str, object]]) -> list[Sheet]:
    rows: list[tuple[object, ...]] = []
    changes: list[tuple[object, ...]] = []
    lines: list[tuple[object, ...]] = []
    findings: list[tuple[object, ...]] = []
    for one in shown:
        name = one["request_id"]
        if not one["simulated"]:
            rows.append((name, "-", "-", "-", one["reason"]))
            continue
        rows.append((name, one["version"], one["lines"], one["unchanged"], "replayed"))
        changes += [(name, kind, count) for kind, count in _items(one["changes"])]
        lines += [
            (name, *(line[key] for key in ("ordinal", "was", "would_be", "message")))
            for line in _rows(one["first_lines"])
        ]
        for key, words in (("findings_was", "was"), ("findings_would_be", "would be")):
            findings += [(name, words, found["rule"], found["code"], found["message"]) for found in _rows(one[key])]
    return [
        Sheet("Requests", ("request", "version", "lines", "unchanged", "outcome"), rows),
        Sheet("Lines that change", ("request", "from -> to", "lines"), changes),
        Sheet("Findings on the whole request", ("request", "version", "rule", "code", "message"), findings),
        Sheet(f"Line by line (the first {SHOWN})", ("request", "line", "was", "would be", "why"), lines),
    ]


def _items(value: object) -> list[tuple[str, object]]:
    return list(value.items()) if isinstance(value, dict) else []


def _rows(value: object) -> list[dict[str, object]]:
    return list(value) if isinstance(value, list) else []
