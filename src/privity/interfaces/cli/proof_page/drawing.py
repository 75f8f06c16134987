"""What every plot is made of: the framed picture with its title and description, axes, marks and a legend.

Colours are told apart by shape too, and keep their contrast when printed in grey.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from xml.etree.ElementTree import Element

from privity.interfaces.cli.page_elements import element
from privity.interfaces.cli.proof_page.scales import Scale

INKS: Final = ("#0b3d91", "#b3430a", "#1a6b3c", "#6a2c8f")
SHAPES: Final = ("circle", "square", "triangle", "diamond")


def picture(name: str, title: str, description: str, size: tuple[float, float], parts: Sequence[Element]) -> Element:
    """An SVG picture that says in words what it shows. `name` is unique in the page."""
    width, height = size
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-desc"),
        *parts,
        role="img",
        view_box=f"0 0 {width:.0f} {height:.0f}",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def text(x: float, y: float, words: str, anchor: str = "middle", class_: str = "mark") -> Element:
    """Words at a place."""
    return element("text", words, x=x, y=y, text_anchor=anchor, class_=class_)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Element:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def across(scale: Scale, y: float, top: float, label: Callable[[float], str], title: str) -> list[Element]:
    """The horizontal axis at height `y`, with lines up to `top`."""
    parts = [line(scale.start, y, scale.end, y, "axis")]
    for value in scale.marks():
        x = scale.at(value)
        if value > scale.low:
            parts.append(line(x, y, x, top, "grid"))
        parts.append(text(x, y + 18, label(value)))
    return [*parts, text((scale.start + scale.end) / 2, y + 40, title, class_="axis-title")]


def upwards(scale: Scale, x: float, right: float, label: Callable[[float], str], title: str) -> list[Element]:
    """The vertical axis at `x`, with lines to `right`; its title stands above it."""
    parts = [line(x, scale.start, x, scale.end, "axis")]
    for value in scale.marks():
        y = scale.at(value)
        if value > scale.low:
            parts.append(line(x, y, right, y, "grid"))
        parts.append(text(x - 8, y + 4, label(value), "end"))
    return [*parts, text(x, scale.end - 16, title, "start", "axis-title")]


def marker(place: int, x: float, y: float, says: str) -> Element:
    """The shape of series number `place` at a point; hovering says the figure."""
    ink, size = INKS[place % len(INKS)], 6.0
    shape = SHAPES[place % len(SHAPES)]
    title = element("title", says)
    if shape == "circle":
        return element("circle", title, cx=x, cy=y, r=size, fill=ink)
    if shape == "square":
        return element("rect", title, x=x - size, y=y - size, width=2 * size, height=2 * size, fill=ink)
    corners = [(0, -size * 1.3), (size * 1.2, size), (-size * 1.2, size)]
    if shape == "diamond":
        corners = [(0, -size * 1.4), (size * 1.4, 0), (0, size * 1.4), (-size * 1.4, 0)]
    points = " ".join(f"{x + dx:.2f},{y + dy:.2f}" for dx, dy in corners)
    return element("polygon", title, points=points, fill=ink)


def path(place: int, points: Sequence[tuple[float, float]]) -> Element:
    """A line through points, in the ink of series number `place`."""
    through = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
    return element("polyline", points=through, fill="none", stroke=INKS[place % len(INKS)], stroke_width=2)


def legend(names: Sequence[str], x: float, y: float) -> list[Element]:
    """The series' shapes and names, one below the other."""
    parts: list[Element] = []
    for place, name in enumerate(names):
        parts += [marker(place, x, y + 20 * place, name), text(x + 14, y + 20 * place + 4, name, "start")]
    return parts
