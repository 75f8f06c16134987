"""House rules that a machine can keep: sizes, notes, names, and what no committed file may hold."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = sorted((ROOT / "src").rglob("*.py"))
VERIFIER = ROOT / "src" / "privity_verify.py"
LONGEST_FUNCTION = 60
LONGEST_FILE = 400
FORBIDDEN_MODULES = {"utils", "misc", "helpers", "common"}


def committed() -> list[Path]:
    """Every file git tracks, or (outside a checkout) none."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout
    return [ROOT / name for name in listing.decode().split("\0") if name and (ROOT / name).is_file()]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", SOURCE, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_each_file_is_small_and_opens_with_a_note(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "a file opens with a note on what it does and what it does not"
    assert path == VERIFIER or text.count("\n") <= LONGEST_FILE, "split this file: one idea a file"
    long = [
        f"{node.name} at line {node.lineno}"
        for node in functions(path)
        if (node.end_lineno or node.lineno) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long, f"functions over {LONGEST_FUNCTION} lines"


def test_no_room_is_called_utils() -> None:
    assert not [path for path in SOURCE if path.stem in FORBIDDEN_MODULES or path.parent.name in FORBIDDEN_MODULES]


def test_no_committed_requirement_names_a_download_host() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text, f"{path.name} names an address"
        packages = re.findall(r"^[A-Za-z0-9][\w.\-]*==", text, flags=re.MULTILINE)
        assert packages
        assert len(re.findall(r"--hash=sha256:", text)) >= len(packages), f"{path.name} has a package without a hash"


def test_no_lock_file_with_addresses_is_committed() -> None:
    assert not {path.name for path in committed()} & {"uv.lock", "pylock.toml", "package-lock.json"}


def test_the_product_never_reads_outside_itself() -> None:
    """Only tests may look for the published vectors beside the checkout."""
    for path in committed():
        inside_tests = path.is_relative_to(ROOT / "tests")
        if path.suffix in {".py", ".md", ".toml", ".yaml", ".sh"} and not inside_tests:
            assert "../shared" not in path.read_text(encoding="utf-8"), path


def test_pure_floors_ask_no_clock_and_open_nothing() -> None:
    """`datetime.now`, `today`, `open` and `random` have no place where decisions are made (C6)."""
    banned_calls = {"open", "now", "utcnow", "today", "input", "print", "eval", "exec"}
    for floor in ("domain", "wire", "normalise", "matching", "policy", "ledger"):
        for path in (ROOT / "src" / "privity" / floor).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                bare = node.func.id if isinstance(node.func, ast.Name) else ""
                dotted = node.func.attr if isinstance(node.func, ast.Attribute) else ""
                owner = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
                called = bare in banned_calls or (dotted in {"now", "utcnow", "today"} and "date" in owner)
                assert not called, f"{path.relative_to(ROOT)}:{node.lineno}"
