"""The exact bound against an independent implementation."""

from __future__ import annotations

import pytest
from scipy.stats import beta

from privity.matching.precision_bounds import clopper_pearson_lower, incomplete_beta


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
