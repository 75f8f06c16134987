"""A period is covered from its first day to its last, both included."""

from __future__ import annotations

import pytest

from privity.matching.periods import Span, overlap_all

ASKED: Span = (100, 200)


@pytest.mark.parametrize(
    ("span", "common"),
    [
        ((50, 100), True),  # left on the first day asked for
        ((50, 99), False),
        ((200, 250), True),  # came on the last one
        ((201, 250), False),
        ((150, 150), True),
        ((0, 100), True),
        ((0, 99), False),
        ((200, 0), True),
        ((201, 0), False),
        ((0, 0), True),
    ],
)
def test_one_day_in_common_is_enough_and_needed(span: Span, common: bool) -> None:
    assert overlap_all([span], [ASKED]) is common


def test_every_period_is_asked_for_and_any_span_covers_it() -> None:
    assert overlap_all([(50, 100), (300, 310)], [ASKED, (310, 400)])
    assert not overlap_all([(50, 100), (300, 309)], [ASKED, (310, 400)])
    assert not overlap_all([], [ASKED])
