"""Small evaluations: three files with marker persons, and figures as `privity evaluate --json` gives them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from privity.interfaces.cli.presentation import as_object
from privity.services.evaluation.evaluation_figures import EvaluatedLine, Evaluation, by_class, by_level, tally

LEVELS = ("exact", "surname_typo")


def evaluated(ordinal: int, line_class: str, *, should: bool, level: str = "", false: bool = False) -> EvaluatedLine:
    """One line: confirmed where a level is given."""
    person = f"person {ordinal}".encode() if level else b""
    return EvaluatedLine(ordinal, line_class, should, bool(level), false, level or "point", person)  # type: ignore[arg-type]


def some_lines(false: int = 0) -> list[EvaluatedLine]:
    """Ninety right confirmations in two classes at two levels, ten missed ones, forty that must not be confirmed."""
    lines = [evaluated(n, "plain", should=True, level="exact") for n in range(1, 61)]
    lines += [evaluated(n, "typo", should=True, level="surname_typo") for n in range(61, 91)]
    lines += [evaluated(n, "typo", should=True) for n in range(91, 101)]
    lines += [evaluated(n, "other_unit", should=False) for n in range(101, 141 - false)]
    return lines + [
        evaluated(n, "other_unit", should=False, level="exact", false=True) for n in range(141 - false, 141)
    ]


def figures(policy: str = "standard", false: int = 0, lines: list[EvaluatedLine] | None = None) -> Evaluation:
    """The figures of `some_lines`."""
    lines = some_lines(false) if lines is None else lines
    total = tally(lines)
    return Evaluation(
        policy, "n2", total.lines, 0, total.should_confirm, total.confirmed, total.false_confirmations,
        total.precision, total.precision_lower95, total.recall, {"read": 0.1, "build": 2.5, "admit": 1.0, "match": 0.5},
        321.5, 1234, 5, by_level(lines, LEVELS), by_class(lines),
        total.precision_upper95, total.recall_lower95, total.recall_upper95,
    )  # fmt: skip


def as_json(policy: str = "standard", false: int = 0) -> dict[str, Any]:
    """The same as one JSON object."""
    return as_object(figures(policy, false))


MARKERS = ("Zyxwanda", "Qvrtlmarker", "Xyloquartz", "PREF-MARKER-77", "LINEMARKQX")


def marker_files(folder: Path, persons: int = 40) -> Path:
    """register.csv, requests.csv, truth.csv: the own address (class home), the next person's (wrong_house)."""
    register, requests, truth = (
        ["person_ref,full_name,address"],
        ["line_id,full_name,address,periods"],
        ["line_id,person_ref,class"],
    )
    for number in range(persons):
        letters = chr(65 + number // 26) * 3 + chr(65 + number % 26) * 3  # never one edit apart
        name, home = f"Zyxwanda {letters}qvrtlmarker", f'"{100 + number} Xyloquartz St, Dallas, TX 75201"'
        other = f'"{100 + (number + 1) % persons} Xyloquartz St, Dallas, TX 75201"'
        register.append(f"PREF-MARKER-77-{number},{name},{home}")
        requests += [f"LINEMARKQX{number}a,{name},{home},2024", f"LINEMARKQX{number}b,{name},{other},2024"]
        truth += [f"LINEMARKQX{number}a,PREF-MARKER-77-{number},home", f"LINEMARKQX{number}b,,wrong_house"]
    folder.mkdir(parents=True, exist_ok=True)
    for file, rows in (("register", register), ("requests", requests), ("truth", truth)):
        (folder / f"{file}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder
