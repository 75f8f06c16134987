"""How a command shows its result: one JSON object, or facts, tables and next steps for a reader.

The result goes to standard output, everything else (progress, errors) to standard error. Shows only what it is
handed: reports hold counts, ids and codes, never a person's data (C8). rich is imported when a reader is served.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import PurePath
from typing import TYPE_CHECKING

from privity.interfaces.cli.plain_text import plain, writable
from privity.interfaces.outcomes import ExitCode, exit_code

if TYPE_CHECKING:
    from rich.console import Console

    from privity.domain.errors import PrivityError

WIDTH_WHEN_PIPED = 160


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table for a reader: a title, column names, and rows of plain values."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Report:
    """What a command hands back: `data` is the whole result (`--json`); the rest is the same for a reader."""

    data: Mapping[str, object]
    title: str = ""
    facts: Sequence[tuple[str, object]] = ()
    sheets: Sequence[Sheet] = ()
    notes: Sequence[str] = ()
    ends_with: ExitCode = field(default=ExitCode.OK)


def as_data(value: object) -> object:
    """A service's result as JSON values: dataclasses become objects, moments ISO 8601, bytes hex, paths text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: as_data(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(as_data(key)): as_data(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_data(one) for one in value]
    return _as_plain(value)


def _as_plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, PurePath) else value


def as_object(value: object) -> dict[str, object]:
    """A dataclass result as one JSON object."""
    data = as_data(value)
    return data if isinstance(data, dict) else {"value": data}


def as_facts(data: Mapping[str, object], *, without: Sequence[str] = ()) -> list[tuple[str, object]]:
    """The plain values of an object, named for a reader; lists and objects are left to tables."""
    return [
        (key.replace("_", " "), value)
        for key, value in data.items()
        if key not in without and not isinstance(value, list | dict)
    ]


def show(report: Report, *, as_json: bool) -> None:
    """Write the result to standard output."""
    if as_json:
        _write_object(report.data)
    else:
        _show_to_reader(report)
        sys.stdout.flush()


def show_error(error: PrivityError, *, as_json: bool) -> None:
    """`error CODE: sentence. Mend: sentence.` on standard error; with `--json` also one object on standard output."""
    if as_json:
        fault = {
            "code": error.code.value,
            "message": error.message,
            "mend": error.mend,
            "exit_code": int(exit_code(error.code)),
            "details": dict(error.details),
        }
        _write_object({"error": fault})
    sys.stderr.write(f"error {error.code.value}: {_sentence(error.message)}")
    if error.mend:
        sys.stderr.write(f" Mend: {_sentence(error.mend)}")
    sys.stderr.write("\n")
    sys.stderr.flush()


def _write_object(data: Mapping[str, object]) -> None:
    """The whole object or nothing: a fault while it is made leaves standard output to the error's own object."""
    sys.stdout.write(writable(json.dumps(data, ensure_ascii=False, default=str)) + "\n")
    sys.stdout.flush()


def number(value: object) -> str:
    """A value for a reader, plain: counts with thousands separators, yes and no for truth values, "-" for nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value == "":
        return "-"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.4f}" if abs(value) < 1 else f"{value:,.2f}"
    return plain(str(value))


def _sentence(text: str) -> str:
    stripped = text.strip()
    return stripped if stripped.endswith((".", "!", "?")) else stripped + "."


def console(*, to_errors: bool = False) -> Console:
    """A rich console; wide when piped, so that paths and digests stay on one line."""
    from rich.console import Console

    stream = sys.stderr if to_errors else sys.stdout
    width = None if stream.isatty() else WIDTH_WHEN_PIPED
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def _show_to_reader(report: Report) -> None:
    from rich.table import Table
    from rich.text import Text

    out = console()
    if report.title:
        out.print(Text(plain(report.title), style="bold"))
    if report.facts:
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="cyan", no_wrap=True)
        grid.add_column(overflow="fold")
        for label, value in report.facts:
            grid.add_row(Text(label), Text(number(value)))
        out.print(grid)
    for sheet in report.sheets:
        _show_sheet(out, sheet)
    for note in report.notes:
        out.print(Text(plain(note)), soft_wrap=True)


def _show_sheet(out: Console, sheet: Sheet) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    if not sheet.rows:
        out.print(Text(f"{sheet.title}: none"))
        return
    table = Table(title=sheet.title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    numeric = [all(isinstance(row[place], int | float) for row in sheet.rows) for place in range(len(sheet.columns))]
    for column, is_number in zip(sheet.columns, numeric, strict=True):
        table.add_column(column, justify="right" if is_number else "left", overflow="fold")
    for row in sheet.rows:
        table.add_row(*(Text(number(value)) for value in row))
    out.print(table)
