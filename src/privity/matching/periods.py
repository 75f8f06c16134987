"""Whether recorded periods cover asked ones: at least one day in common with each. Days are proleptic ordinals."""

from __future__ import annotations

from collections.abc import Sequence

Span = tuple[int, int]  # first and last day as proleptic ordinals; 0 means open


def overlap_all(spans: Sequence[Span], periods: Sequence[Span]) -> bool:
    """Whether each period has at least one day in common with some span (0 is open)."""
    for start, end in periods:
        for first, last in spans:
            if (not first or first <= end) and (not last or last >= start):
                break
        else:
            return False
    return True
