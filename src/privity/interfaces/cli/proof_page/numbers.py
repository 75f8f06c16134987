"""How the proof page writes counts, shares and bounds. Page and tests use the same words for the same figure."""

from __future__ import annotations

from math import ceil

from privity.interfaces.cli.page_elements import NOTHING

_GAP = "\N{NO-BREAK SPACE}"  # a number and its unit stay on one line
_UNIT = f"{_GAP}%"


def count(value: object) -> str:
    """A count, with separators."""
    return f"{value:,}" if isinstance(value, int) else NOTHING


def share(value: object) -> str:
    """A share in per cent with three decimals; never rounded up to 100 % nor down to 0 %."""
    if not isinstance(value, int | float):
        return NOTHING
    text = f"{100 * value:.3f}"
    if text == "100.000" and value < 1:
        text = f"{int(100 * value * 1e6) / 1e6:.6f}"
    if text == "0.000" and value > 0:
        text = f"{ceil(100 * value * 1e6) / 1e6:.6f}"
    return f"{text}{_UNIT}"


def interval(lower: object, upper: object) -> str:
    """Two bounds of a share."""
    if not isinstance(lower, int | float) or not isinstance(upper, int | float):
        return NOTHING
    return f"{share(lower).removesuffix(_UNIT)} to {share(upper)}"


def amount(value: object, unit: str) -> str:
    """A measured amount."""
    return f"{value:,.1f}{_GAP}{unit}" if isinstance(value, int | float) else NOTHING
