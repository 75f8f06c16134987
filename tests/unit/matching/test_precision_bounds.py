"""The exact bound against an independent implementation."""

from __future__ import annotations

import pytest
from scipy.stats import beta

from privity.matching.precision_bounds import (
    clopper_pearson_lower,
    clopper_pearson_upper,
    incomplete_beta,
    one_sided_lower,
)


@pytest.mark.parametrize(
    ("successes", "trials"),
    [(1, 1), (1, 2), (10, 10), (9, 10), (500, 1000), (5000, 5000), (858_578, 858_581), (858_581, 858_581), (3, 10**6)],
)
@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_lower_bound(successes: int, trials: int, confidence: float) -> None:
    expected = beta.ppf((1 - confidence) / 2, successes, trials - successes + 1)
    assert clopper_pearson_lower(successes, trials, confidence) == pytest.approx(expected, rel=1e-7)


def test_edges() -> None:
    assert clopper_pearson_lower(0, 10) == clopper_pearson_lower(0, 0) == 0.0
    assert (incomplete_beta(2, 3, 0.0), incomplete_beta(2, 3, 1.0)) == (0.0, 1.0)
    assert clopper_pearson_lower(1, 1) == pytest.approx(0.025)


@pytest.mark.parametrize(("successes", "trials"), [(0, 10), (1, 10), (9, 10), (10, 10), (299, 300), (858_581, 858_581)])
def test_upper_bound(successes: int, trials: int) -> None:
    expected = 1.0 if successes == trials else beta.ppf(0.975, successes + 1, trials - successes)
    assert clopper_pearson_upper(successes, trials) == pytest.approx(expected, rel=1e-7)
    assert clopper_pearson_upper(0, 0) == 1.0


@pytest.mark.parametrize("trials", [1, 59, 300, 100_000])
def test_the_one_sided_bound_is_the_rule_of_three_made_exact(trials: int) -> None:
    assert one_sided_lower(trials, trials) == pytest.approx(0.05 ** (1 / trials), rel=1e-9)
    assert one_sided_lower(trials, trials) > clopper_pearson_lower(trials, trials) > 1 - 3.7 / trials
    assert one_sided_lower(trials, trials) > 1 - 3 / trials
    assert one_sided_lower(0, 0) == 0.0
