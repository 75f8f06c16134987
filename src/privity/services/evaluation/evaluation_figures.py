"""The figures of `privity evaluate`: from what became of each line to tallies by level and by class, with exact bounds.

Pure counting: no file, no key, no index. The fields of `Evaluation` are the fixed JSON shape. All bounds are
Clopper-Pearson, the two ends of the two-sided 95 % interval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from privity.domain.personal import Masked
from privity.domain.request import Ordinal
from privity.matching.precision_bounds import clopper_pearson_lower, clopper_pearson_upper

NO_CLASS = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one level or one class. A share is None where there is nothing to take a share of.

    Of a level, `recall` is its part of all lines that should be confirmed: the levels' recalls add up to the whole.
    """

    lines: int
    should_confirm: int
    confirmed: int
    false_confirmations: int
    precision: float | None
    precision_lower95: float | None
    recall: float | None
    precision_upper95: float | None = None
    recall_lower95: float | None = None
    recall_upper95: float | None = None
    false_share_upper95: float | None = None  # false confirmations of all lines asked: at most this share


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The whole result under one policy; its fields are the fixed JSON shape of `privity evaluate --json`."""

    policy: str
    rule_set: str
    lines: int
    returned: int  # lines that the form rules send back or refer, and that are therefore never looked up
    should_confirm: int
    confirmed: int
    false_confirmations: int
    precision: float | None
    precision_lower95: float | None  # lower end of the exact two-sided 95 % interval (Clopper-Pearson)
    recall: float | None
    seconds: Mapping[str, float]  # by step; reading, building and admitting are shared by all policies of a run
    peak_rss_mb: float  # of the run so far
    register_rows: int
    refused_rows: int
    by_level: Mapping[str, Tally]  # in the policy's order
    by_class: Mapping[str, Tally]
    precision_upper95: float | None = None
    recall_lower95: float | None = None
    recall_upper95: float | None = None


@dataclass(frozen=True, slots=True, repr=False)
class EvaluatedLine(Masked):
    """What became of one line, for the table, for a review sample, and for whoever inspects a mistake."""

    ordinal: Ordinal
    line_class: str
    should_confirm: bool
    confirmed: bool
    false: bool
    outcome: str  # the level that confirmed, the gate that failed, or the code of a returned line
    person: bytes = b""  # keyed reference, under the throwaway key, of the person confirmed


def tally(lines: Iterable[EvaluatedLine], *, of_should: int | None = None) -> Tally:
    """Count some lines. `of_should`: recall is taken of this many lines (a level's part of the whole)."""
    asked = should = confirmed = false = 0
    for line in lines:
        asked += 1
        should += line.should_confirm
        confirmed += line.confirmed
        false += line.false
    right, wanted = confirmed - false, should if of_should is None else of_should
    return Tally(
        lines=asked,
        should_confirm=should,
        confirmed=confirmed,
        false_confirmations=false,
        precision=right / confirmed if confirmed else None,
        precision_lower95=clopper_pearson_lower(right, confirmed) if confirmed else None,
        recall=right / wanted if wanted else None,
        precision_upper95=clopper_pearson_upper(right, confirmed) if confirmed else None,
        recall_lower95=clopper_pearson_lower(right, wanted) if wanted else None,
        recall_upper95=clopper_pearson_upper(right, wanted) if wanted else None,
        false_share_upper95=clopper_pearson_upper(false, asked) if asked else None,
    )


def by_level(lines: Sequence[EvaluatedLine], levels: Sequence[str]) -> dict[str, Tally]:
    """A tally of each level that confirmed a line, in the policy's order."""
    should = sum(line.should_confirm for line in lines)
    groups = _grouped((line for line in lines if line.confirmed), lambda line: line.outcome)
    return {name: tally(groups[name], of_should=should) for name in levels if name in groups}


def by_class(lines: Sequence[EvaluatedLine]) -> dict[str, Tally]:
    """A tally of each class of the truth file, by name; lines without a class are in none."""
    groups = _grouped((line for line in lines if line.line_class != NO_CLASS), lambda line: line.line_class)
    return {name: tally(groups[name]) for name in sorted(groups)}


def _grouped(lines: Iterable[EvaluatedLine], key: Callable[[EvaluatedLine], str]) -> dict[str, list[EvaluatedLine]]:
    groups: dict[str, list[EvaluatedLine]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    return groups
