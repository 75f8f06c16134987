"""Draws lines on logarithmic axes as one self-contained SVG: no script, no font, no library."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

INKS = ("#0b3d91", "#b3430a", "#1a6b3c", "#6a2c8f", "#555555", "#8a6d00")
DASHES = ("", "7 4", "2 4", "10 3 2 3", "1 3", "14 4")
WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT = 560, 430, 70, 60, 60, 44


@dataclass(frozen=True, slots=True)
class Panel:
    """One plot: series of (x, y), all above 0."""

    title: str
    across: str
    series: dict[str, list[tuple[float, float]]]


def draw(title: str, panels: list[Panel]) -> str:
    """The panels side by side, one legend below. Every point says its figure when pointed at."""
    names = list(dict.fromkeys(name for panel in panels for name in panel.series))
    width, height = WIDTH * len(panels), HEIGHT + 40 + 22 * ((len(names) + 2) // 3)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'font-family="Helvetica, Arial, sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="24" font-size="17" font-weight="bold">{escape(title)}</text>',
    ]
    for place, panel in enumerate(panels):
        parts += [f'<g transform="translate({place * WIDTH},0)">', *_panel(panel, names), "</g>"]
    for place, name in enumerate(names):
        x, y = LEFT + place % 3 * 330, HEIGHT + 20 + place // 3 * 22
        parts.append(f'<line x1="{x}" y1="{y - 4}" x2="{x + 34}" y2="{y - 4}" {_ink(names.index(name))}/>')
        parts.append(f'<text x="{x + 42}" y="{y}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _ink(place: int) -> str:
    dash = f' stroke-dasharray="{DASHES[place % len(DASHES)]}"' if DASHES[place % len(DASHES)] else ""
    return f'stroke="{INKS[place % len(INKS)]}" stroke-width="2.2" fill="none"{dash}'


def _decades(values: list[float]) -> tuple[int, int]:
    """The powers of ten that hold all values."""
    low, high = math.floor(math.log10(min(values)) + 1e-9), math.ceil(math.log10(max(values)) - 1e-9)
    return low, max(high, low + 1)


def _said(value: float) -> str:
    """A power of ten for an axis, or a figure."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.3g}"


def _panel(panel: Panel, names: list[str]) -> list[str]:
    points = [point for line in panel.series.values() for point in line]
    (x_low, x_high), (y_low, y_high) = (_decades([point[axis] for point in points]) for axis in (0, 1))

    def x_at(value: float) -> float:
        return LEFT + (math.log10(value) - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT)

    def y_at(value: float) -> float:
        return HEIGHT - BOTTOM - (math.log10(value) - y_low) / (y_high - y_low) * (HEIGHT - TOP - BOTTOM)

    parts = [f'<text x="{LEFT}" y="{TOP - 14}" font-weight="bold">{escape(panel.title)}</text>']
    for power in range(x_low, x_high + 1):
        x = x_at(10.0**power)
        parts.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#dde"/>')
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{_said(10.0**power)}</text>')
    for power in range(y_low, y_high + 1):
        y = y_at(10.0**power)
        parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#dde"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_said(10.0**power)}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - BOTTOM + 40}" text-anchor="middle">{escape(panel.across)}</text>')
    for name, line in panel.series.items():
        place = names.index(name)
        through = " ".join(f"{x_at(x):.1f},{y_at(y):.1f}" for x, y in line)
        parts.append(f'<polyline points="{through}" {_ink(place)}/>')
        for x, y in line:
            tip = escape(f"{name}: {_said(y)} at {_said(x)}")
            parts.append(
                f'<circle cx="{x_at(x):.1f}" cy="{y_at(y):.1f}" r="4" fill="{INKS[place % len(INKS)]}">'
                f"<title>{tip}</title></circle>"
            )
    return parts
