"""The command-line door. `main` is the entry point of the `privity` command; the rooms beside it hold one group each.

Nothing is decided here: a command reads its options, calls one service, and shows the result.
"""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (the table is `privity.interfaces.outcomes`)."""
    from privity.interfaces.cli.application import run

    return run(arguments)
