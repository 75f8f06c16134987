"""What every command has in common: its options, its examples, how files are read and written, how it fails.

`door` turns a function that returns a `Report` into a command that ends with a documented exit code. No exception
passes it: not a traceback, not a message of a library (C8).
"""

from __future__ import annotations

import functools
import inspect
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec

import typer

from privity.domain.errors import ErrorCode, PrivityError
from privity.interfaces.cli.presentation import Report, show, show_error
from privity.interfaces.outcomes import as_privity_error, exit_code

if TYPE_CHECKING:
    from privity.domain.offices import CustodianRole

P = ParamSpec("P")

DEFAULT_HOME = Path("privity-home")
SMALL_FILE = 16 * 1024 * 1024  # agreements, headers, keys, certificates, office registers
LINES_FILE = 4 * 1024 * 1024 * 1024

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]
HomeOption = Annotated[
    Path | None,
    typer.Option("--home", envvar="PRIVITY_HOME", help="The home directory. Default: ./privity-home."),
]
ProcessesOption = Annotated[
    int | None,
    typer.Option("--processes", min=1, max=256, help="Worker processes. Default: PRIVITY_PROCESSES, or 2."),
]
EngineOption = Annotated[
    str,
    typer.Option("--engine", help="Engine of the index: duckdb or spark. Default: PRIVITY_ENGINE, or duckdb."),
]
RoleOption = Annotated[
    str,
    typer.Option("--role", help="Acting as: disclosure_officer, counsel, registrar or auditor."),
]
ByOption = Annotated[
    str,
    typer.Option("--by", envvar="PRIVITY_ACTOR", help="Who acts: an id in the office register."),
]


def group(name: str, summary: str) -> typer.Typer:
    """A command group: plain help (fast, readable when piped), help when called bare."""
    return typer.Typer(name=name, help=summary, no_args_is_help=True, rich_markup_mode=None, add_completion=False)


def example(*lines: str, ends: str = "0 done; otherwise by the error's code") -> str:
    """The end of a help page: commands ready to copy, exit codes. The backspace mark keeps the lines as they are."""
    shown = "\n".join(f"  {line}" for line in lines)
    return f"\b\nExample:\n{shown}\n\nExit codes: {ends}. All are listed in docs/commands.md."


def door(function: Callable[P, Report]) -> Callable[..., None]:
    """Run the command's function, show its report or its error, and leave with the right exit code.

    Every command gets `--json` here, so that none can forget it.
    """

    @functools.wraps(function)
    def command(*args: P.args, **kwargs: P.kwargs) -> None:
        as_json = bool(kwargs.pop("json_output", False))
        try:
            report = function(*args, **kwargs)
            show(report, as_json=as_json)
        except (typer.Exit, SystemExit, typer.TyperException):
            raise
        except BrokenPipeError:
            leave_quietly()
        except BaseException as error:
            fault = as_privity_error(error)
            show_error(fault, as_json=as_json)
            raise typer.Exit(exit_code(fault.code)) from None
        else:
            raise typer.Exit(report.ends_with)

    _add_json_option(command, function)
    return command


def _add_json_option(command: Callable[..., None], function: Callable[..., Report]) -> None:
    """Give the command the signature of its function, and `--json` as the last option."""
    signature = inspect.signature(function, eval_str=True)
    option = inspect.Parameter("json_output", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=JsonOption)
    parameters = [*signature.parameters.values(), option]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    setattr(command, "__signature__", signature.replace(parameters=parameters, return_annotation=None))  # noqa: B010


def leave_quietly() -> None:
    """The reader of our output went away (`| head`): the work is done, so nothing more is said."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def read_input(path: Path, what: str, limit: int = SMALL_FILE) -> bytes:
    """The bytes of a file named on the command line. `what` is how the option calls it; the path is not repeated.

    Raises PrivityError NOT_FOUND (no such file, a folder) or FORMAT_INVALID (larger than `limit` bytes).
    """
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            if size > limit:
                raise _too_large(what, limit)
            document = stream.read(limit + 1)
    except FileNotFoundError:
        raise PrivityError(ErrorCode.NOT_FOUND, f"the file given as {what} does not exist", "Check the path.") from None
    except IsADirectoryError:
        raise PrivityError(ErrorCode.NOT_FOUND, f"{what} names a folder, not a file", "Name a file.") from None
    if len(document) > limit:
        raise _too_large(what, limit)
    return document


def _too_large(what: str, limit: int) -> PrivityError:
    return PrivityError(
        ErrorCode.FORMAT_INVALID, f"the file given as {what} is larger than {limit:,} bytes", "Check that it is right."
    )


def write_output(path: Path, content: bytes, what: str = "--out") -> None:
    """Write a new file for its owner only (0600), whole or not at all. An existing file is never overwritten.

    Raises PrivityError USAGE where the file exists.
    """
    refuse_existing(path, what)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + f".{os.getpid()}.part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def refuse_existing(path: Path, what: str) -> None:
    """Raise PrivityError USAGE where the file exists already: output never overwrites."""
    if path.exists():
        raise PrivityError(
            ErrorCode.USAGE, f"the file given as {what} exists already", "Choose another name, or move it away first."
        )


def file_format(path: Path) -> str:
    """The format of a request or register file, by its ending: csv, jsonl or parquet.

    Raises PrivityError USAGE for any other ending.
    """
    formats = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
    found = formats.get(path.suffix.lower())
    if found is None:
        raise PrivityError(
            ErrorCode.USAGE,
            "the file's ending does not say what it is",
            "Use .csv, .jsonl (JSON Lines) or .parquet.",
        )
    return found


def known_home(home: Path | None) -> Path:
    """The home directory meant: the option, the environment (typer reads it), or ./privity-home."""
    return home if home is not None else DEFAULT_HOME


def worker_processes(given: int | None) -> int:
    """How many worker processes: the option, the environment, or two."""
    from privity.bootstrap.settings import read_settings

    return given if given is not None else read_settings().processes


def chosen_engine(given: str) -> str:
    """The engine of the index: the option, the environment, or DuckDB."""
    from privity.bootstrap.settings import read_settings

    return given or read_settings().engine


def custodian_role(word: str) -> CustodianRole:
    """The role a person acts under. Raises PrivityError USAGE for a word outside the closed list."""
    from privity.domain.offices import CustodianRole

    if word not in {role.value for role in CustodianRole}:
        raise PrivityError(
            ErrorCode.USAGE, "there is no such role", "Use disclosure_officer, counsel, registrar or auditor."
        )
    return CustodianRole(word)


def day(text: str, option: str) -> date:
    """A day as a command line gives it. Raises PrivityError USAGE."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PrivityError(ErrorCode.USAGE, f"{option} is not a day", "Write it as YYYY-MM-DD.") from None


def moment(text: str, option: str, *, end_of_day: bool = False) -> datetime | None:
    """A day (YYYY-MM-DD) or a UTC moment (2026-01-31T12:00:00Z) from an option; None where it was not given.

    A day is its first moment or, with `end_of_day`, the first moment after it. Raises PrivityError USAGE.
    """
    if not text:
        return None
    try:
        if len(text) == len("YYYY-MM-DD"):
            day = datetime.combine(date.fromisoformat(text), time(), UTC)
            return day + timedelta(days=1) if end_of_day else day
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise PrivityError(
            ErrorCode.USAGE, f"{option} is neither a day nor a moment", "Write 2026-01-31 or 2026-01-31T12:00:00Z."
        ) from None


def joined(codes: Sequence[str]) -> str:
    """Words in one cell."""
    return ", ".join(codes) if codes else "-"
