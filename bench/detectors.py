"""How many bad lines the line rules send back, and how many good ones: by family, with exact bounds.

Run `python -m bench.detectors [LINES_A_FAMILY] [SEED] [--show FAMILY]`. Each family (bench/detector_*.py) draws lines
that are sound but for one part. Families marked "tuned" were looked at while detectors were mended; those "held out"
were written after that and only counted. Prints the share of each family and exact (Clopper-Pearson, 95 %) bounds.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import bench.detector_fragments
import bench.detector_good
import bench.detector_good_names
import bench.detector_institutions
import bench.detector_later
import bench.detector_placeholders
import bench.detector_third  # noqa: F401  (each module registers its families)
from bench.detector_lines import ADMITTED, FAMILIES, HELD, HELD_BACK, TUNED, Drawn, Family
from privity.domain.personal import Personal
from privity.domain.request import Ordinal, RequestLine
from privity.matching.precision_bounds import clopper_pearson_lower, clopper_pearson_upper
from privity.policy.admission import first_look, line_terms, marker
from tests.builders.admission import content, context, header

LINES, SEED = 1_000, 20261123
ROSTER = frozenset(f"officer-{number}" for number in range(1, 101))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the line rules said of one drawn line: the rule and message, or None where it was admitted."""

    drawn: Drawn
    rule: str | None
    message: str


def outcomes(family: Family, lines: int, seed: int) -> Iterator[Outcome]:
    """Draw and judge. The same family, number and seed give the same lines whatever other families there are."""
    draw = Random(f"{seed} {family.name}")
    drawn = [family.draw(draw) for _ in range(lines)]
    terms = line_terms(header(), context(), ROSTER)
    asked = [_line(number, one) for number, one in enumerate(drawn, start=1)]
    judged = first_look(asked, terms, marker(b"bench"), None).judged
    for one, verdict in zip(drawn, judged, strict=True):
        yield Outcome(one, *((verdict[0], verdict[1].message) if isinstance(verdict, tuple) else (None, "")))


def _line(number: int, drawn: Drawn) -> RequestLine:
    changes: dict[str, object] = {"name": drawn.name, "address": drawn.address}
    if drawn.reason:
        changes["reason"] = drawn.reason
    return RequestLine(Ordinal(number), Personal(content(number % 9_000, **changes)))


def right(family: Family, outcome: Outcome) -> bool:
    """Whether the line got what its family deserves; a referral is no return, and no admission."""
    if family.deserves == ADMITTED:
        return outcome.rule is None
    return outcome.rule is not None and (family.deserves == HELD_BACK or outcome.rule != "L16")


def main() -> None:
    """Print the table."""
    arguments = sys.argv[1:]
    show = arguments[arguments.index("--show") + 1] if "--show" in arguments else None
    numbers = [int(one) for one in arguments if one.isdigit()]
    lines, seed = (*numbers, *(LINES, SEED)[len(numbers) :])[:2]
    totals: dict[tuple[str, bool], list[int]] = {}
    for family in FAMILIES:
        if show not in (None, family.name):
            continue
        found = list(outcomes(family, lines, seed))
        wrong = [one for one in found if not right(family, one)]
        print(f"{family.split:8} {family.deserves:20} {family.name:42} {len(found) - len(wrong):6,} of {len(found):,}")
        for one in wrong if show else ():
            print("   ", one.rule, one.message, "|", one.drawn)
        total = totals.setdefault((family.split, family.deserves == ADMITTED), [0, 0])
        total[0] += len(wrong)
        total[1] += len(found)
    for split in (TUNED, HELD):
        for good in (False, True):
            _print_total(split, good, *totals.get((split, good), (0, 0)))


def _print_total(split: str, good: bool, wrong: int, lines: int) -> None:
    if not lines:
        return
    if good:
        bound = clopper_pearson_upper(wrong, lines)
        print(f"{split}: good lines not admitted {wrong:,} of {lines:,} = {wrong / lines:.3%}, at most {bound:.3%}")
    else:
        right_ones = lines - wrong
        bound = clopper_pearson_lower(right_ones, lines)
        print(
            f"{split}: bad lines held back {right_ones:,} of {lines:,} = {1 - wrong / lines:.3%}, at least {bound:.3%}"
        )


if __name__ == "__main__":
    main()
