"""Recall by class of line, a bar for each policy, with the exact 95 % interval. Classes that must not be confirmed
have no recall: they stand in the table of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from privity.interfaces.cli.page_elements import element
from privity.interfaces.cli.proof_page import drawing
from privity.interfaces.cli.proof_page.numbers import share
from privity.interfaces.cli.proof_page.policy_plot import Figures
from privity.interfaces.cli.proof_page.scales import Scale

_WIDTH, _LEFT, _RIGHT, _TOP, _BAR = 760.0, 190.0, 700.0, 50.0, 12.0
_LONGEST_NAME = 26


def classes_with_recall(policies: Sequence[Figures]) -> list[str]:
    """Names of the classes of which some line should be confirmed, in the table's order."""
    return [name for name, one in policies[0]["by_class"].items() if one["should_confirm"]]


def class_plot(policies: Sequence[Figures]) -> Element | None:
    """The picture, or None where no class has a recall."""
    names = classes_with_recall(policies)
    if not names:
        return None
    row = _BAR * len(policies) + 12
    bottom = _TOP + row * len(names)
    x = Scale(0.0, 1.0, _LEFT, _RIGHT)
    parts = drawing.across(x, bottom, _TOP, lambda value: f"{value:.1f}", "recall, with the exact 95 % interval")
    parts.append(drawing.line(_LEFT, _TOP, _LEFT, bottom, "axis"))
    said = []
    for number, name in enumerate(names):
        top = _TOP + row * number + 6
        parts.append(drawing.text(_LEFT - 8, top + row / 2 - 2, _short(name), "end"))
        recalls = []
        for place, figures in enumerate(policies):
            parts += _bar(place, figures, name, x, top + place * _BAR)
            recalls.append(f"{figures['policy']} {share(figures['by_class'][name]['recall'])}")
        said.append(f"{name}: {', '.join(recalls)}")
    legend = 24.0
    for place, figures in enumerate(policies):
        at = _LEFT + 150.0 * place
        parts += [
            element(
                "rect",
                x=at,
                y=legend - 10,
                width=12,
                height=10,
                fill_opacity="0.6",
                fill=drawing.INKS[place % len(drawing.INKS)],
            ),
            drawing.text(at + 18, legend, str(figures["policy"]), "start"),
        ]
    return drawing.picture("classes", "Recall by class of line", "; ".join(said), (_WIDTH, bottom + 56), parts)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def _bar(place: int, figures: Figures, name: str, x: Scale, top: float) -> list[Element]:
    one = figures["by_class"][name]
    end = x.at(one["recall"])
    middle = top + (_BAR - 2) / 2
    low, high = x.at(one["recall_lower95"]), x.at(one["recall_upper95"])
    says = element("title", f"{name}, {figures['policy']}: recall {share(one['recall'])} of {one['should_confirm']:,}")
    ink = drawing.INKS[place % len(drawing.INKS)]
    return [
        element(
            "rect", says, x=_LEFT, y=top, width=max(end - _LEFT, 0.5), height=_BAR - 2, fill=ink, fill_opacity="0.6"
        ),
        drawing.line(low, middle, high, middle, "whisker"),
        drawing.line(low, middle - 3, low, middle + 3, "whisker"),
        drawing.line(high, middle - 3, high, middle + 3, "whisker"),
    ]
