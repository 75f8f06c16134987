"""C1: an AdmittedLine is constructed in `policy/admission` and nowhere else. Reads the syntax trees of all source."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "privity"
ALLOWED = SOURCE / "policy" / "admission"
MAKERS = {"replace", "copy", "deepcopy", "__new__", "__reduce__"}


def constructions(path: Path) -> list[int]:
    """Lines of a file that call AdmittedLine under any name, or rename it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {"AdmittedLine"}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname for alias in node.names if alias.name == "AdmittedLine" and alias.asname}
        if isinstance(node, ast.Assign) and _is_named(node.value, names):
            found.append(node.lineno)  # an alias would hide a construction
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (
            _is_named(node.func, names)
            or (isinstance(node.func, ast.Attribute) and node.func.attr == "__new__" and _mentions(node, names))
        ):
            found.append(node.lineno)
    return found


def _is_named(node: ast.expr, names: set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in names
    return isinstance(node, ast.Attribute) and node.attr == "AdmittedLine"


def _mentions(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(one, ast.expr) and _is_named(one, names) for one in ast.walk(node))


def test_only_admission_constructs_an_admitted_line() -> None:
    guilty = {
        str(path.relative_to(SOURCE)): lines
        for path in SOURCE.rglob("*.py")
        if not path.is_relative_to(ALLOWED) and (lines := constructions(path))
    }
    assert guilty == {}


def test_admission_itself_does() -> None:
    assert any(constructions(path) for path in ALLOWED.glob("*.py"))


def test_the_reader_sees_every_way(tmp_path: Path) -> None:
    samples = (
        "from privity.domain.request import AdmittedLine\nAdmittedLine(1)",
        "from privity.domain.request import AdmittedLine as A\nA(1)",
        "import privity.domain.request as r\nr.AdmittedLine(1)",
        "from privity.domain.request import AdmittedLine\nB = AdmittedLine",
        "from privity.domain.request import AdmittedLine\nobject.__new__(AdmittedLine)",
    )
    for number, text in enumerate(samples):
        file = tmp_path / f"{number}.py"
        file.write_text(text)
        assert constructions(file), text
    clean = tmp_path / "clean.py"
    clean.write_text("from privity.domain.request import AdmittedLine\nx = isinstance(1, AdmittedLine)")
    assert constructions(clean) == []


def test_admission_imports_nothing_of_the_register() -> None:
    for path in (SOURCE / "policy").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not any("register" in name or "matching" in name or "ports" in name for name in modules), path
