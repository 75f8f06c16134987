"""What a clerical review proves, against an independent implementation."""

from __future__ import annotations

import pytest
from scipy.stats import beta

from privity.matching.review_bounds import ReviewedLevel, bound_of, clean_review, whole_bound


@pytest.mark.parametrize("drawn", [1, 30, 300, 3_000])
def test_a_clean_review_gives_the_rule_of_three_made_exact(drawn: int) -> None:
    bound = clean_review("exact", 1_000_000, drawn)
    assert bound.lower95_one_sided == pytest.approx(0.05 ** (1 / drawn), rel=1e-9)
    assert bound.lower95_two_sided == pytest.approx(0.025 ** (1 / drawn), rel=1e-9)
    assert not bound.complete
    if drawn >= 30:
        assert 1 - 3 / drawn < bound.lower95_one_sided < 1 - 2.8 / drawn


@pytest.mark.parametrize(("right", "wrong", "unsure"), [(299, 1, 0), (290, 4, 6), (0, 300, 0)])
def test_findings_and_doubts_lower_the_bound(right: int, wrong: int, unsure: int) -> None:
    bound = bound_of(ReviewedLevel("exact", 10_000, 300, right, wrong, unsure))
    assert bound.precision_in_sample == right / 300
    expected = beta.ppf(0.05, right, 300 - right + 1) if right else 0.0
    assert bound.lower95_one_sided == pytest.approx(expected, rel=1e-7)
    assert bound.lower95_two_sided <= bound.lower95_one_sided


def test_where_all_was_reviewed_the_share_is_known() -> None:
    bound = bound_of(ReviewedLevel("street_typo", 8, 8, 7, 1, 0))
    assert bound.complete
    assert bound.lower95_one_sided == bound.lower95_two_sided == 7 / 8


def test_levels_together_are_weighted_and_all_hold_at_once() -> None:
    large, small = ReviewedLevel("exact", 9_000, 300, 300, 0, 0), ReviewedLevel("given_typo", 1_000, 100, 99, 1, 0)
    each = [beta.ppf(0.025, one.right, one.drawn - one.right + 1) for one in (large, small)]
    assert whole_bound([large, small]) == pytest.approx(0.9 * each[0] + 0.1 * each[1], rel=1e-7)
    known = ReviewedLevel("street_typo", 5, 5, 5, 0, 0)
    assert whole_bound([known]) == 1.0
    assert whole_bound([large, known]) == pytest.approx((9_000 * 0.05 ** (1 / 300) + 5) / 9_005, rel=1e-7)
    assert whole_bound([]) is None
