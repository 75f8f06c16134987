"""Exact (Clopper-Pearson) bounds of a share that was counted, such as precision. Pure arithmetic, no tables.

Source: C. J. Clopper, E. S. Pearson, Biometrika 26 (1934), 404-413; the incomplete beta function by the continued
fraction of DLMF section 8.17(v), evaluated by the modified Lentz method.
"""

from __future__ import annotations

from math import exp, lgamma, log, log1p

_TINY = 1e-300
_PRECISION = 1e-15


def clopper_pearson_lower(successes: int, trials: int, confidence: float = 0.95) -> float:
    """Lower end of the two-sided interval of the given confidence; 0 where there is no success or no trial.

    With 95 % this is also a one-sided bound of 97.5 %. `successes` of `trials`, both whole numbers >= 0.
    """
    if successes <= 0 or trials <= 0:
        return 0.0
    tail = (1.0 - confidence) / 2.0
    low, high = 0.0, 1.0
    while high - low > _PRECISION * high:
        middle = (low + high) / 2.0
        if middle in (low, high):
            break
        if incomplete_beta(successes, trials - successes + 1, middle) < tail:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def clopper_pearson_upper(successes: int, trials: int, confidence: float = 0.95) -> float:
    """Upper end of the two-sided interval of the given confidence; 1 where nothing was tried."""
    if trials <= 0:
        return 1.0
    return 1.0 - clopper_pearson_lower(trials - successes, trials, confidence)


def one_sided_lower(successes: int, trials: int, confidence: float = 0.95) -> float:
    """The one-sided bound: the true share is at least this, with the given confidence; 0 where nothing was tried.

    With no failure it is (1 - confidence) ** (1 / trials): about 1 - 3 / trials at 95 % (the rule of three).
    """
    return clopper_pearson_lower(successes, trials, 2.0 * confidence - 1.0)


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), a and b positive, x from 0 to 1."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - incomplete_beta(b, a, 1.0 - x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    return front * _continued_fraction(a, b, x) / a


def _continued_fraction(a: float, b: float, x: float) -> float:
    """DLMF 8.17.22 by modified Lentz; converges in about sqrt(max(a, b)) steps."""
    c, d = 1.0, 1.0 / _away(1.0 - (a + b) * x / (a + 1.0))
    fraction = d
    for m in range(1, 100_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1.0 / _away(1.0 + even * d)
        c = _away(1.0 + even / c)
        fraction *= c * d
        d = 1.0 / _away(1.0 + odd * d)
        c = _away(1.0 + odd / c)
        fraction *= c * d
        if abs(c * d - 1.0) < _PRECISION:
            break
    return fraction


def _away(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
