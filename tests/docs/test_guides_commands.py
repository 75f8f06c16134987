"""Every `privity ...` command and option that a guide or the README names exists in the page of commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
PAGES = sorted(
    [ROOT / "README.md", *(ROOT / "docs" / "guides").glob("*.md"), *(ROOT / "docs" / "procedures").glob("*.md")]
)
MENTION = re.compile(r"`(privity [a-z][^`]*)`")


def known_command(words: list[str]) -> str:
    """The command the mention starts with: three words (`register decoys make`), two (`hold place`) or one (`init`)."""
    for length in (4, 3, 2):
        name = " ".join(words[:length])
        if re.search(rf"^#+ `?{re.escape(name)}`?\s*$", COMMANDS, flags=re.MULTILINE):
            return name
    return ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_in_prose_exist_with_their_options(page: Path) -> None:
    for mention in MENTION.findall(page.read_text(encoding="utf-8")):
        words = mention.split()
        name = known_command(words)
        assert name, f"`{mention}` is no command"
        section = re.split(rf"^#+ `?{re.escape(name)}`?\s*$", COMMANDS, flags=re.MULTILINE)[1].split("\n#")[0]
        for option in re.findall(r"--[a-z-]+", mention):
            assert option in section, f"`{mention}`: no option {option}"
