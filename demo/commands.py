"""Runs the real `privity` commands, one process each: shown, with their progress, their JSON results kept.

Each process is forked from this one after the libraries are loaded, so that nobody waits for Python to start thirty
times; from there on it is the command as the `privity` script runs it. What is shown is what the commands said.
"""

from __future__ import annotations

import importlib
import json
import os
import shlex
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from rich.console import Console
from rich.text import Text


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
        code, said = self._in_a_process([*given, "--json"])
        self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - started
        if code not in ends_with:
            raise DemoError(f"`privity {name}` ended with exit code {code}")
        try:
            result: dict[str, Any] = json.loads(said)
        except ValueError:
            raise DemoError(f"`privity {name}` did not print one JSON object") from None
        return result

    def _in_a_process(self, given: list[str]) -> tuple[int, bytes]:
        """Run the command in a forked process: its exit code, and what it wrote to standard output."""
        sys.stdout.flush()
        sys.stderr.flush()
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ours)
            os.dup2(theirs, 1)
            os.chdir(self.folder)
            os.environ["PRIVITY_HOME"] = "home"
            _end(given)
        os.close(theirs)
        with os.fdopen(ours, "rb") as stream:
            said = stream.read()
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said

    def say(self, sentence: str) -> None:
        """A result in one line."""
        self.console.print(Text("  " + sentence), soft_wrap=True)

    def _short(self, word: str | Path) -> str:
        """Paths below the demonstration's folder are shown, and used, relative to it."""
        if isinstance(word, Path):
            return str(word.relative_to(self.folder)) if word.is_relative_to(self.folder) else str(word)
        return word


def load_libraries() -> None:
    """Import once what most commands need; engines that keep threads are left to the commands themselves."""
    for module in LIBRARIES:
        importlib.import_module(module)


LIBRARIES = (
    "privity.interfaces.cli.application",
    "privity.adapters.cms",
    "privity.adapters.file_keys",
    "privity.adapters.home_files",
    "privity.adapters.sql_store",
    "privity.policy.admission",
    "pyhanko_certvalidator",
    "rich.table",
)


def _end(given: list[str]) -> NoReturn:
    """In the child: run the command and end with its exit code, whatever happens."""
    code = 70
    try:
        from privity.interfaces.cli import main

        sys.argv = ["privity", *given]
        code = main()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)
