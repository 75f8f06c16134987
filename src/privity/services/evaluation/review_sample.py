"""The clerical review of an evaluation: draw confirmed lines by level for people to compare, and read what they found.

Lines and register rows are named by number only; reviewers open both files themselves. Decides nothing about a match.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from privity.domain.errors import ErrorCode, PrivityError
from privity.matching.review_bounds import LevelBound, ReviewedLevel, bound_of, clean_review, whole_bound
from privity.ports.security import IndexKeys
from privity.services.evaluation.evaluate_matching import PolicyRun
from privity.services.evaluation.evaluation_figures import EvaluatedLine
from privity.wire.register_format import read_rows
from privity.wire.review_format import ReviewVerdict, SampleRow, read_sample

_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class DrawnSample:
    """The rows to review, and what a clean review of them would prove, by level."""

    rows: Sequence[SampleRow]
    clean: Sequence[LevelBound]
    clean_whole_lower95: float | None  # over all levels, one-sided


@dataclass(frozen=True, slots=True)
class ReviewOutcome:
    """What a filled-in sample proves; nothing while `pending` is not 0."""

    policy: str
    seed: int
    drawn: int
    pending: int
    wrong: int
    unsure: int
    precision_lower95: float | None  # over all levels, one-sided 95 %; None while verdicts are missing
    by_level: Sequence[LevelBound]


def draw_sample(run: PolicyRun, per_level: int, seed: int, *, register: Path, keys: IndexKeys) -> DrawnSample:
    """Up to `per_level` confirmations of each level. The same seed draws the same lines; every line is equally likely.

    The lines of smallest SHA-256(seed, level, line number) are drawn.
    """
    drawn: list[tuple[str, int, EvaluatedLine]] = []
    clean, reviewed = [], []
    for level, figures in run.figures.by_level.items():
        lines = [line for line in run.lines if line.confirmed and line.outcome == level]
        some = sorted(lines, key=lambda line: _lot(seed, level, line.ordinal))[:per_level]
        drawn += [(level, figures.confirmed, line) for line in sorted(some, key=lambda line: line.ordinal)]
        clean.append(clean_review(level, figures.confirmed, len(some)))
        reviewed.append(ReviewedLevel(level, figures.confirmed, len(some), len(some), 0, 0))
    places = _rows_of({line.person for _, _, line in drawn}, register, keys)
    rows = [
        SampleRow(seed, run.figures.policy, level, confirmed, line.ordinal, tuple(places[line.person]))
        for level, confirmed, line in drawn
    ]
    return DrawnSample(rows, clean, whole_bound(reviewed))


def _lot(seed: int, level: str, ordinal: int) -> bytes:
    return hashlib.sha256(f"{seed}\x1f{level}\x1f{ordinal}".encode()).digest()


def _rows_of(persons: set[bytes], register: Path, keys: IndexKeys) -> dict[bytes, list[int]]:
    """Person -> 1-based data rows of the extract that bear the person's reference."""
    found: dict[bytes, list[int]] = {person: [] for person in persons}
    with register.open("rb") as source:
        number = 0
        for chunk in read_rows(source, _CHUNK):
            for row in chunk:
                number += 1
                person = keys.person_reference(row[0].strip())
                if person in found:
                    found[person].append(number)
    return found


def read_review(document: bytes) -> ReviewOutcome:
    """What the filled-in sample proves. Raises PrivityError FORMAT_INVALID."""
    rows = read_sample(document)
    if len({(row.policy, row.seed) for row in rows}) != 1 or len({row.line for row in rows}) != len(rows):
        raise PrivityError(ErrorCode.FORMAT_INVALID, "the review sample mixes two draws, or names a line twice")
    levels = list(_levels(rows))
    pending = sum(row.verdict is ReviewVerdict.PENDING for row in rows)
    return ReviewOutcome(
        policy=rows[0].policy,
        seed=rows[0].seed,
        drawn=len(rows),
        pending=pending,
        wrong=sum(level.wrong for level in levels),
        unsure=sum(level.unsure for level in levels),
        precision_lower95=None if pending else whole_bound(levels),
        by_level=[] if pending else [bound_of(level) for level in levels],
    )


def _levels(rows: Sequence[SampleRow]) -> Iterator[ReviewedLevel]:
    for name in dict.fromkeys(row.level for row in rows):
        some = [row for row in rows if row.level == name]
        right, wrong, unsure = (
            sum(row.verdict is verdict for row in some)
            for verdict in (ReviewVerdict.SAME, ReviewVerdict.DIFFERENT, ReviewVerdict.UNSURE)
        )
        yield ReviewedLevel(name, some[0].confirmed_at_level, len(some), right, wrong, unsure)
