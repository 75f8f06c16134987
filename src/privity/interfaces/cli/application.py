"""The command tree, and the frame around every command: usage errors, silence of libraries, exit code.

Help is plain text and imports nothing heavy: `privity --help` stays below 0.2 s (a test measures it).
"""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Sequence

import typer

from privity.domain.errors import ErrorCode, PrivityError
from privity.interfaces.cli.door import example, leave_quietly
from privity.interfaces.cli.presentation import show_error
from privity.interfaces.outcomes import as_privity_error, exit_code

SUMMARY = (
    "The gate in front of confidential personal records: checks a signed request, answers CONFIRMED or "
    "NO_CONFIRMATION per line and nothing else, and leaves evidence that an outsider can verify."
)


def build() -> typer.Typer:
    """The whole command tree."""
    from privity.interfaces.cli import (
        account,
        agreement,
        decoys,
        evaluate,
        evidence,
        hold,
        home,
        keys,
        notice,
        office,
        referral,
        register,
        release,
        request,
        response,
        retention,
    )

    app = typer.Typer(
        name="privity",
        help=SUMMARY,
        epilog=example("privity init --home ./home", "privity request lint lines.csv --agreement agreement.yaml"),
        no_args_is_help=True,
        rich_markup_mode=None,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_whole)
    for room in (
        home,
        keys,
        agreement,
        office,
        register,
        decoys,
        request,
        referral,
        release,
        response,
        hold,
        notice,
        account,
        retention,
        evidence,
    ):
        room.attach(app)
    evaluate.attach(app)
    return app


def _show_version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(f"privity {version('privity')}")
        raise typer.Exit


def _whole(
    version: bool = typer.Option(
        False, "--version", help="Print the version and leave.", callback=_show_version, is_eager=True
    ),
) -> None:
    """Nothing is done before a command is chosen."""


def silence_libraries() -> None:
    """Libraries may not speak: a log line or a warning of theirs could repeat a value (C8)."""
    logging.getLogger().addHandler(logging.NullHandler())
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; return the exit code."""
    silence_libraries()
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        outcome = typer.main.get_command(build()).main(args=given, prog_name="privity", standalone_mode=False)
    except typer.TyperException as wrong:
        if wrong.format_message().startswith("Usage: "):  # called bare: the message is the help page
            typer.echo(wrong.format_message(), err=True)
            return int(exit_code(ErrorCode.USAGE))
        return _fail(_usage_error(wrong), given)
    except BrokenPipeError:
        leave_quietly()
        return 0
    except (KeyboardInterrupt, typer.Abort):
        return _fail(as_privity_error(KeyboardInterrupt()), given)
    except Exception as error:  # the last door: nothing passes it unshaped
        return _fail(as_privity_error(error), given)
    return int(outcome) if isinstance(outcome, int) else 0


def _usage_error(wrong: typer.TyperException) -> PrivityError:
    message = wrong.format_message().strip() or "a command is missing"
    return PrivityError(ErrorCode.USAGE, message[0].lower() + message[1:], "See the same command with --help.")


def _fail(fault: PrivityError, given: Sequence[str]) -> int:
    show_error(fault, as_json="--json" in given)
    return int(exit_code(fault.code))
