"""Right and wrong of each side's answers against truth.csv: confirmed, false, precision, recall, by class.

A pair of line and register row counts only where the row covers the asked years (in the peers' favour), each line keeps
its best pair, and a confirmation is right where that row's person is the one of the truth.
"""

from __future__ import annotations

import pickle
from collections import Counter
from pathlib import Path
from typing import Any

from tests.builders.index_keys import throwaway_keys

Right = list[tuple[str, bool]]  # (class, whether right) of each confirmed line


def truths(folder: Path) -> list[tuple[str, str]]:
    """(person or "", class) of each line, in the file's order."""
    with (folder / "truth.csv").open(encoding="utf-8") as file:
        next(file)
        return [(row[1], row[2]) for row in (line.rstrip("\n").split(",") for line in file)]


def judge_privity(folder: Path, known: list[tuple[str, str]]) -> dict[str, Any]:
    """The decisions that `bench.privity_side` left."""
    keys = throwaway_keys()
    decisions = pickle.loads((folder / "decisions.pickle").read_bytes())
    confirmed = [(known[ordinal - 1], reference) for ordinal, reference, _ in decisions if reference]
    meant = keys.person_references([person for (person, _), _ in confirmed])
    right = [
        (kind, bool(person) and own == reference)
        for ((person, kind), reference), own in zip(confirmed, meant, strict=True)
    ]
    return judged(right, known)


def judge_pairs(pairs: Path, folder: Path, known: list[tuple[str, str]], threshold: float) -> dict[str, Any]:
    """Pairs (line, row, score) of a peer, from this score on."""
    import duckdb

    best = duckdb.connect().execute(
        "SELECT p.line, arg_max(r.ref, (p.score, -p.row)) FROM read_parquet(?) p "
        "JOIN read_parquet(?) r ON r.unique_id = p.row JOIN read_parquet(?) l ON l.unique_id = p.line "
        "WHERE p.score >= ? AND r.valid_from <= list_min(l.years) AND r.valid_to >= list_max(l.years) GROUP BY p.line",
        [str(pairs), f"{folder}/tables/register.parquet", f"{folder}/tables/lines.parquet", threshold],
    )
    right: Right = []
    while rows := best.fetchmany(100_000):
        for line, ref in rows:
            person, kind = known[line - 1]
            right.append((kind, person == ref))
    return judged(right, known)


def judged(right: Right, known: list[tuple[str, str]]) -> dict[str, Any]:
    """The figures; `f1` is the harmonic mean of precision and recall."""
    due = Counter(kind for person, kind in known if person)
    asked = Counter(kind for _, kind in known)
    good = Counter(kind for kind, ok in right if ok)
    false = Counter(kind for kind, ok in right if not ok)
    confirmed, hits = len(right), sum(good.values())
    precision = hits / confirmed if confirmed else None
    recall = hits / max(1, sum(due.values()))
    return {
        "confirmed": confirmed,
        "false": confirmed - hits,
        "precision": None if precision is None else round(precision, 6),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / (precision + recall), 4) if precision and recall else None,
        "recall_by_class": {kind: round(good[kind] / count, 4) for kind, count in sorted(due.items())},
        "false_by_class": dict(false.most_common()),
        "lines_by_class": dict(sorted(asked.items())),
    }
