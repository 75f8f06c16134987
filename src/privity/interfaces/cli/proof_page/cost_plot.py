"""Time and memory by the size of the register: two pictures over the same sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from privity.interfaces.cli.proof_page import drawing
from privity.interfaces.cli.proof_page.numbers import amount, count
from privity.interfaces.cli.proof_page.policy_plot import Figures
from privity.interfaces.cli.proof_page.scales import decades, from_nothing

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 760.0, 360.0, 90.0, 690.0, 50.0, 300.0

Series = tuple[str, list[float]]


def time_plot(sizes: Sequence[Figures]) -> Element:
    """Seconds of each step that grows, by size."""
    steps = [step for step in ("build", "admit", "match") if all(step in one["seconds"] for one in sizes)]
    series: list[Series] = [(step, [float(one["seconds"][step]) for one in sizes]) for step in steps]
    series.append(("all steps", [float(sum(one["seconds"].values())) for one in sizes]))
    return _plot(_Frame("time", "Seconds by size of the register", "seconds", "s"), sizes, series)


def memory_plot(sizes: Sequence[Figures]) -> Element:
    """Peak memory by size, each size in a process of its own."""
    series: list[Series] = [("peak memory", [float(one["peak_rss_mb"]) for one in sizes])]
    frame = _Frame("memory", "Peak memory by size of the register", "peak memory, MB", "MB")
    return _plot(frame, sizes, series)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a picture is called, and what its vertical axis measures."""

    name: str
    title: str
    axis: str
    unit: str


def _plot(frame: _Frame, sizes: Sequence[Figures], series: Sequence[Series]) -> Element:
    rows = [int(one["register_rows"]) for one in sizes]
    wide = max(rows) >= 20 * min(rows)
    x = decades(min(rows), max(rows), _LEFT, _RIGHT) if wide else from_nothing(max(rows), _LEFT, _RIGHT)
    values = [value for _, some in series for value in some]
    high = max(values)
    steep = wide and min(values) > 0 and high >= 20 * min(values)
    y = decades(min(values), high, _BOTTOM, _TOP) if steep else from_nothing(high, _BOTTOM, _TOP)
    parts = drawing.across(x, _BOTTOM, _TOP, lambda value: f"{value:,.0f}", "rows of the register")
    parts += drawing.upwards(y, _LEFT, _RIGHT, _short_number, frame.axis)
    said = []
    for place, (label, some) in enumerate(series):
        points = [(x.at(size), y.at(value)) for size, value in zip(rows, some, strict=True)]
        parts.append(drawing.path(place, points))
        told = [f"{amount(value, frame.unit)} at {count(size)} rows" for size, value in zip(rows, some, strict=True)]
        parts += [drawing.marker(place, *at, f"{label}: {says}") for at, says in zip(points, told, strict=True)]
        said.append(f"{label}: {', '.join(told)}")
    if len(series) > 1:
        parts += drawing.legend([label for label, _ in series], _LEFT + 20, _TOP + 14)
    return drawing.picture(frame.name, frame.title, "; ".join(said) + ".", (_WIDTH, _HEIGHT), parts)


def _short_number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:g}"
