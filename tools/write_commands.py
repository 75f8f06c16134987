"""Writes docs/commands.md from the command tree, the outcome table and the error vocabulary.

`python tools/write_commands.py` writes; a test compares. The words come from the code: what a command's help says, the
page says.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from privity.domain.errors import ErrorCode
from privity.interfaces.cli.application import build
from privity.interfaces.outcomes import EXIT_CODES, MEANINGS, TITLES, ExitCode

PAGE = Path(__file__).resolve().parent.parent / "docs" / "commands.md"

OPENING = """# Commands

Written by `python tools/write_commands.py` from the commands themselves; a test keeps it true.

Every command has `--help` with an example and `--json`. The result goes to standard output, progress and errors to
standard error. An error is one sentence with a stable code and one that says what to mend:

```
error ON_HOLD: 1 hold(s) in force cover this request. Mend: See `privity hold list`; counsel may lift a hold.
```

With `--json` it is also the one object on standard output: `{"error": {"code", "message", "mend", "exit_code",
"details"}}`. No message repeats a supplied or stored value.

## Environment

| variable | what it sets |
|---|---|
| `PRIVITY_HOME` | the home directory, where `--home` is not given (otherwise `./privity-home`) |
| `PRIVITY_TRUST` | the public trust file, where `--trust` is not given |
| `PRIVITY_ACTOR` | who acts, where `--by` is not given |
| `PRIVITY_ORIGIN` | the evidence log's public name, where `init` gets no `--origin` |
| `PRIVITY_ENGINE` | the engine of the register's index, `duckdb` or `spark`, where `--engine` is not given |
| `PRIVITY_PROCESSES` | worker processes, where `--processes` is not given |

## Roles

Who may do what is the closed table of `privity.domain.lifecycle`; a command that acts under a role takes `--role`
and refuses (ROLE_FORBIDDEN) what the table does not allow. On the command line the operating system's permissions
on the home say who may call it at all: the role records under which function they act.
"""


def commands(tree: Any, prefix: str = "privity") -> Iterator[tuple[str, Any]]:
    """Every command with its full name, in the order of help."""
    for name, command in tree.commands.items():
        path = f"{prefix} {name}"
        if getattr(command, "commands", None):
            yield from commands(command, path)
        else:
            yield path, command


def command_tree() -> Any:
    """The tree as typer builds it."""
    return typer.main.get_command(build())


def page() -> str:
    """The whole page."""
    parts = [OPENING, _exit_codes(), _error_codes(), "## Commands\n"]
    parts += [_command(name, command) for name, command in commands(command_tree())]
    return "\n".join(parts)


def _exit_codes() -> str:
    rows = [f"| {code.value} | {code.name} | {MEANINGS[code]} |" for code in ExitCode]
    return "\n".join(["## Exit codes\n", "| exit code | class | when |", "|---|---|---|", *rows, ""])


def _error_codes() -> str:
    rows = [f"| `{code.value}` | {EXIT_CODES[code].value} | {TITLES[code]} |" for code in ErrorCode]
    return "\n".join(["## Error codes\n", "| code | exit code | what it says |", "|---|---|---|", *rows, ""])


def _command(name: str, command: Any) -> str:
    lines = [f"### `{name}`\n", re.sub(r"\s*\n\s*", " ", command.help.strip()) + "\n"]
    lines += ["| argument or option | |", "|---|---|"]
    lines += [_parameter(one) for one in command.params if one.name != "help"]
    shown, _, ends = command.epilog.removeprefix("\b\nExample:\n").partition("\n\n")
    lines += ["", "```", *(line.removeprefix("  ") for line in shown.split("\n")), "```", ""]
    lines += [ends.removesuffix(" All are listed in docs/commands.md."), ""]
    return "\n".join(lines)


def _parameter(one: Any) -> str:
    name = ", ".join(one.opts) if one.param_type_name == "option" else (one.metavar or one.name.upper()).strip("{}[]")
    said = [one.help or ""]
    if one.required:
        said.append("Required.")
    elif one.default not in (None, False, "", ()) and not callable(one.default):
        said.append(f"Default: {one.default}.")
    if getattr(one, "envvar", None):
        said.append(f"Environment: `{one.envvar}`.")
    return f"| `{name}` | {' '.join(part for part in said if part)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"wrote {PAGE}\n")
