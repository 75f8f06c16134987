"""Help is fast, plain and complete: every command explains itself with an example and its exit codes."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.builders.finished_demo import ENTRY, privity
from tools.write_commands import command_tree, commands

ALL = list(commands(command_tree()))


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_every_command_has_help_example_exit_codes_and_json(name: str, command: object) -> None:
    assert command.help  # type: ignore[attr-defined]
    epilog = str(command.epilog)  # type: ignore[attr-defined]
    assert re.search(rf"Example:\n  {re.escape(name)}( |$)", epilog, flags=re.MULTILINE), (
        "the example is the command itself"
    )
    assert "Exit codes: " in epilog
    options = {option for one in command.params for option in one.opts}  # type: ignore[attr-defined]
    assert "--json" in options
    assert all(one.help for one in command.params if one.name != "help")  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", [name for name, _ in ALL])
def test_the_example_uses_only_options_that_exist(name: str) -> None:
    command = dict(ALL)[name]
    known = {option for one in command.params for option in one.opts}
    example = str(command.epilog).partition("Exit codes:")[0]
    assert set(re.findall(r"(?<= )--[a-z-]+", example)) <= known


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; from privity.interfaces.cli import main; code = main(['--help']);"
        "heavy = {'sqlalchemy', 'pyhanko', 'duckdb', 'pyarrow', 'pydantic', 'alembic', 'rich', 'cryptography'};"
        "sys.exit(f'{sorted(heavy & set(sys.modules))}' if heavy & set(sys.modules) else code)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_bare_call_shows_help_and_version_is_known() -> None:
    assert "Commands:" in privity("--help").out
    bare = privity()
    assert bare.err.startswith("Usage: privity")
    assert bare.code == 2
    assert re.fullmatch(r"privity \d+\.\d+\.\d+\n", privity("--version").out)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["requset"], "no such command"),
        (["request", "lint"], "missing argument"),
        (["request", "lint", "x.csv", "--agrement", "a"], "no such option"),
        (["request", "match", "R", "--processes", "0"], "processes"),
    ],
)
def test_usage_errors_are_one_sentence_with_a_code(words: list[str], said: str) -> None:
    ended = privity(*words)
    assert ended.code == 2
    assert ended.err.startswith("error USAGE: ")
    assert said in ended.err.lower()
    assert "Mend: " in ended.err
    assert "Traceback" not in ended.err
    with_json = privity(*words, "--json")
    assert (with_json.code, with_json.error) == (2, "USAGE")


def test_a_reader_that_goes_away_is_no_error() -> None:
    """`privity ... | head` must not end in a traceback."""
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run(
        [sys.executable, "-c", ENTRY, "--help"], stdout=theirs, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(theirs)
    assert "Traceback" not in done.stderr
