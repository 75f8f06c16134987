"""Holds the documents to the tree: links lead somewhere, commands exist, rooms and invariants are real."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
    if path.is_file()
)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    lost = [
        target for target, _ in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / target).exists()
    ]
    assert not lost


def test_readme_commands_are_targets_and_ci_calls_the_test_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = re.findall(r"^make ([a-z-]+)\s+#", readme, flags=re.MULTILINE)
    assert commands == ["demo", "test"], "the README promises exactly two commands"
    for command in commands:
        assert re.search(rf"^{command}:", makefile, flags=re.MULTILINE)
    assert "\nmake test\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_room_of_the_architecture_exists_and_none_is_missing() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`src/privity/([a-z]+)/`", text))
    present = {path.name for path in (ROOT / "src" / "privity").iterdir() if (path / "__init__.py").exists()}
    assert named == present


def test_every_invariant_names_tests_that_exist() -> None:
    text = (ROOT / "docs" / "invariants.md").read_text(encoding="utf-8")
    for invariant in (f"C{number}" for number in range(1, 11)):
        row = re.search(rf"^\| {invariant} \|(.*)$", text, flags=re.MULTILINE)
        assert row, f"{invariant} has no row"
        tests = re.findall(r"`(tests/[^`:]+)::(test_\w+)`", row.group(1))
        assert tests, f"{invariant} names no test"
        for path, name in tests:
            source = (ROOT / path).read_text(encoding="utf-8")
            assert f"def {name}(" in source, f"{invariant}: {path}::{name} does not exist"


def test_glossary_defines_each_word_once_in_order() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = re.findall(r"^\| ([^|]+?) \|", text, flags=re.MULTILINE)[1:]
    words = [word for word in words if not set(word) <= {"-"}]
    assert len(words) > 40
    assert len(words) == len(set(words))
    assert [word.casefold() for word in words] == sorted(word.casefold() for word in words)


def test_every_decision_record_has_status_date_and_outcome() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert records
    numbers = [record.name[:4] for record in records]
    assert len(numbers) == len(set(numbers)), "two records share a number"
    for record in records:
        text = record.read_text(encoding="utf-8")
        assert text.startswith(f"# {record.name[:4]} "), f"{record.name}: the title carries the number"
        assert "**Status:**" in text, f"{record.name}: no status"
        assert "**Date:** 2" in text, f"{record.name}: no date"
