"""`privity log export` and `privity verify`: evidence for outsiders.

Verification runs the independent verifier as another process: no code is shared with the gate (C10).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from privity.interfaces.cli.door import DEFAULT_HOME, HomeOption, JsonOption, door, example, group, known_home
from privity.interfaces.cli.presentation import Report, as_facts, as_object

logs = group("log", "The evidence log: export, status.")


def attach(app: typer.Typer) -> None:
    """Add the commands to the command tree."""
    app.add_typer(logs)
    app.command(
        "verify",
        epilog=example(
            "privity verify response.zip --trust trust.json",
            ends="the verifier's own: 0 VALID; 1 INVALID; 2 usage; 3 INCOMPLETE",
        ),
    )(verify)


@logs.command("export", epilog=example("privity log export ./log-copy --home ./home"))
@door
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    home: HomeOption = None,
) -> Report:
    """Copy the published log: checkpoint, tiles, entry bundles (C2SP tlog-tiles)."""
    from privity.bootstrap.wiring.custodian import export_log_to

    data = as_object(export_log_to(known_home(home), folder))
    return Report(data, "Log exported.", as_facts(data), notes=(f"Next: privity verify {folder}",))


@logs.command("status", epilog=example("privity log status --home ./home"))
@door
def status(home: HomeOption = None) -> Report:
    """Show the current checkpoint."""
    from privity.bootstrap.wiring.custodian import open_gate

    point = open_gate(known_home(home)).gate.log.checkpoint()
    data: dict[str, object] = {"size": point.size, "root": point.root.hex(), "note": point.note.decode("utf-8")}
    return Report(data, "Checkpoint", as_facts(data))


def verify(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A package, an exported log, or an audit bundle.")],
    trust: Annotated[
        Path | None, typer.Option("--trust", envvar="PRIVITY_TRUST", help="The gate's public trust file.")
    ] = None,
    home: HomeOption = None,
    json_output: JsonOption = False,
) -> None:
    """Verify offline with the independent verifier. Ends with 0 VALID, 1 INVALID, 2 usage, 3 INCOMPLETE.

    Without --trust the public trust file of the home is used, where a home is known.
    """
    command = [sys.executable, "-P", "-m", "privity_verify", str(path)]
    known = trust or (home or DEFAULT_HOME) / "public" / "trust.json"
    if trust is not None or known.is_file():
        command += ["--trust", str(known)]
    if json_output:
        command.append("--json")
    sys.stdout.flush()
    raise typer.Exit(subprocess.run(command, check=False).returncode)  # noqa: S603 - our own module, a fixed list
