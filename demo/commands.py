"""Runs the real `privity` commands, one process each: shown, with their progress, their JSON results kept.

Nothing of Privity is called from inside: what the demonstration shows is what the commands said.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

ENTRY = "import sys; from privity.interfaces.cli import main; sys.exit(main())"  # what the `privity` script does


class DemoError(Exception):
    """A command ended otherwise than it had to; the sentence says which."""


@dataclass(slots=True)
class Commands:
    """Runs commands below one folder and remembers how long each took."""

    folder: Path
    console: Console
    seconds: dict[str, float] = field(default_factory=dict)

    def heading(self, number: int, sentence: str) -> None:
        """One step of the walk, in words."""
        self.console.print()
        self.console.print(Text(f"{number}. {sentence}", style="bold"), soft_wrap=True)

    def run(self, *words: str | Path, ends_with: tuple[int, ...] = (0,)) -> dict[str, Any]:
        """Run `privity WORDS --json`; return its object. Raises DemoError for an exit code not in `ends_with`."""
        given = [self._short(word) for word in words]
        self.console.print(Text("$ privity " + shlex.join(given), style="cyan"), soft_wrap=True)
        name = " ".join(word for word in given[:2] if not word.startswith("-") and "/" not in word)
        started = time.monotonic()
        done = subprocess.run(  # noqa: S603 - the command line is this file's own
            [sys.executable, "-P", "-c", ENTRY, *given, "--json"],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            env={**os.environ, "PRIVITY_HOME": "home"},
            check=False,
        )
        self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - started
        if done.returncode not in ends_with:
            raise DemoError(f"`privity {name}` ended with exit code {done.returncode}")
        try:
            result: dict[str, Any] = json.loads(done.stdout)
        except ValueError:
            raise DemoError(f"`privity {name}` did not print one JSON object") from None
        return result

    def say(self, sentence: str) -> None:
        """A result in one line."""
        self.console.print(Text("  " + sentence), soft_wrap=True)

    def _short(self, word: str | Path) -> str:
        """Paths below the demonstration's folder are shown, and used, relative to it."""
        if isinstance(word, Path):
            return str(word.relative_to(self.folder)) if word.is_relative_to(self.folder) else str(word)
        return word
