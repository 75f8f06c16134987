"""docs/commands.md says what the commands are: every command, option, exit code and error code."""

from __future__ import annotations

import pytest

from privity.domain.errors import ErrorCode
from privity.interfaces.outcomes import EXIT_CODES, ExitCode
from tools.write_commands import PAGE, command_tree, commands, page

ALL = list(commands(command_tree()))


def test_the_page_is_what_the_commands_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python tools/write_commands.py"


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_every_command_and_option_stands_in_the_page(name: str, command: object) -> None:
    section = PAGE.read_text(encoding="utf-8").partition(f"### `{name}`\n")[2].partition("\n### ")[0]
    assert section, "the command has no section"
    for parameter in command.params:  # type: ignore[attr-defined]
        if parameter.param_type_name == "option" and parameter.name != "help":
            assert all(f"`{option}`" in section or f"{option}," in section for option in parameter.opts)


def test_every_exit_code_and_error_code_stands_in_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for code in ExitCode:
        assert f"| {code.value} | {code.name} |" in text
    for error in ErrorCode:
        assert f"| `{error.value}` | {EXIT_CODES[error].value} |" in text


def test_the_commands_the_design_promises_exist() -> None:
    names = {name.removeprefix("privity ") for name, _ in ALL}
    promised = """init|agreement check|agreement add|agreement show|register build|register status|request lint
    |request pack|request receive
    |request list|request show|request match|review show|release approve|release deliver|response open
    |hold place|hold list|hold lift|account person|account request|log export|verify|evaluate"""
    assert {one.strip() for one in promised.split("|")} <= names
