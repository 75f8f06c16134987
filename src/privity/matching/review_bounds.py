"""What a clerical review of sampled confirmations proves: exact bounds by level, and one for all levels together.

Pure arithmetic. An unsure verdict counts as a false confirmation. Where every confirmation of a level was reviewed the
share is known and needs no bound; else lines are drawn without putting back, and Clopper-Pearson errs on the safe side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from privity.matching.precision_bounds import clopper_pearson_lower, one_sided_lower

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class ReviewedLevel:
    """One level: how many lines it confirmed, how many of them were drawn, and what the reviewers found."""

    level: str
    confirmed: int
    drawn: int
    right: int
    wrong: int
    unsure: int

    @property
    def complete(self) -> bool:
        """Whether every confirmation of the level was reviewed: then nothing is left to chance."""
        return self.drawn == self.confirmed


@dataclass(frozen=True, slots=True)
class LevelBound:
    """The precision of one level that a review proves. The two ends are different statements, each with 95 %."""

    level: str
    confirmed: int
    drawn: int
    right: int
    wrong: int
    unsure: int
    precision_in_sample: float | None
    lower95_one_sided: float  # "the precision is at least this"
    lower95_two_sided: float  # lower end of the two-sided interval: the figure that `evaluate` prints
    complete: bool


def clean_review(level: str, confirmed: int, drawn: int) -> LevelBound:
    """The bound that a review without any finding would give: 0.05 ** (1 / drawn), the rule of three made exact."""
    return bound_of(ReviewedLevel(level, confirmed, drawn, drawn, 0, 0))


def bound_of(reviewed: ReviewedLevel) -> LevelBound:
    """The bounds of one reviewed level."""
    return LevelBound(
        level=reviewed.level,
        confirmed=reviewed.confirmed,
        drawn=reviewed.drawn,
        right=reviewed.right,
        wrong=reviewed.wrong,
        unsure=reviewed.unsure,
        precision_in_sample=reviewed.right / reviewed.drawn if reviewed.drawn else None,
        lower95_one_sided=_lower(reviewed, CONFIDENCE),
        lower95_two_sided=_known(reviewed, clopper_pearson_lower(reviewed.right, reviewed.drawn, CONFIDENCE)),
        complete=reviewed.complete,
    )


def whole_bound(levels: Sequence[ReviewedLevel]) -> float | None:
    """One-sided 95 % lower bound of the precision over all levels: each held to its part of the 5 %, weighted by its
    confirmations (Bonferroni, so that all hold together). None where nothing was confirmed.
    """
    confirmed = sum(one.confirmed for one in levels)
    sampled = sum(not one.complete for one in levels)
    if not confirmed:
        return None
    each = 1.0 - (1.0 - CONFIDENCE) / max(sampled, 1)
    return sum(one.confirmed * _lower(one, each) for one in levels) / confirmed


def _lower(reviewed: ReviewedLevel, confidence: float) -> float:
    return _known(reviewed, one_sided_lower(reviewed.right, reviewed.drawn, confidence))


def _known(reviewed: ReviewedLevel, bound: float) -> float:
    """The share itself where all was reviewed, else the bound."""
    return reviewed.right / reviewed.drawn if reviewed.complete and reviewed.drawn else bound
