"""Precision against recall, a curve for each policy: level after level in the policy's order, ending at the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from xml.etree.ElementTree import Element

from privity.interfaces.cli.proof_page import drawing
from privity.interfaces.cli.proof_page.numbers import share
from privity.interfaces.cli.proof_page.scales import Scale

Figures = Mapping[str, Any]
"""One policy's figures: the JSON object of `privity evaluate --json`."""

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 760.0, 400.0, 90.0, 700.0, 50.0, 340.0


@dataclass(frozen=True, slots=True)
class Step:
    """Precision and recall after one more level."""

    level: str
    recall: float
    precision: float


def steps(figures: Figures) -> list[Step]:
    """The curve of one policy: its levels added one by one, in order."""
    levels = [(name, one["confirmed"], one["false_confirmations"]) for name, one in figures["by_level"].items()]
    confirmed = list(accumulate(one[1] for one in levels))
    false = list(accumulate(one[2] for one in levels))
    should = figures["should_confirm"]
    return [
        Step(name, (all_ - wrong) / should, (all_ - wrong) / all_)
        for (name, _, _), all_, wrong in zip(levels, confirmed, false, strict=True)
        if all_ and should
    ]


def policy_plot(policies: Sequence[Figures]) -> Element:
    """The picture. The vertical axis begins below the smallest lower bound, and says so in its marks."""
    lows = [one["precision_lower95"] for one in policies if one["precision_lower95"] is not None]
    lows += [step.precision for one in policies for step in steps(one)]
    bottom = max(0.0, 1.0 - 1.25 * (1.0 - min(lows))) if lows and min(lows) < 1 else 0.99
    x = Scale(0.0, 1.0, _LEFT, _RIGHT)
    y = Scale(bottom, 1.0, _BOTTOM, _TOP)
    parts = drawing.across(x, _BOTTOM, _TOP, lambda value: f"{value:.1f}", "recall: part of the right lines confirmed")
    digits = 2 if bottom < 0.9 else 3 if bottom < 0.99 else 4 if bottom < 0.999 else 6
    parts += drawing.upwards(y, _LEFT, _RIGHT, lambda value: f"{value:.{digits}f}", "precision")
    said = []
    for place, figures in enumerate(policies):
        parts += _curve(place, figures, x, y)
        said.append(
            f"{figures['policy']}: precision {share(figures['precision'])}, at least "
            f"{share(figures['precision_lower95'])}, recall {share(figures['recall'])}"
        )
    parts += drawing.legend([str(one["policy"]) for one in policies], _LEFT + 20, _BOTTOM - 20.0 * len(policies))
    description = "; ".join(said) + ". Bars reach down to the lower end of the exact 95 % interval."
    return drawing.picture("policies", "Precision against recall by policy", description, (_WIDTH, _HEIGHT), parts)


def _curve(place: int, figures: Figures, x: Scale, y: Scale) -> list[Element]:
    curve = steps(figures)
    if not curve:
        return []
    points = [(x.at(step.recall), y.at(step.precision)) for step in curve]
    end_x, end_y = points[-1]
    down = y.at(figures["precision_lower95"])
    says = f"{figures['policy']}: precision {share(figures['precision'])}, recall {share(figures['recall'])}"
    return [
        drawing.path(place, points),
        drawing.line(end_x, end_y, end_x, down, "whisker"),
        drawing.line(end_x - 5, down, end_x + 5, down, "whisker"),
        drawing.marker(place, end_x, end_y, says),
    ]
