"""From values to places on the paper: a linear and a logarithmic scale, and where their marks stand."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps `low`..`high` to `start`..`end` (drawing units); logarithmic where told so (then `low` > 0)."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def at(self, value: float) -> float:
        """The place of a value; values outside are drawn at the edge."""
        held = min(max(value, self.low), self.high)
        if self.high <= self.low:
            return (self.start + self.end) / 2
        if self.logarithmic:
            part = (log10(held) - log10(self.low)) / (log10(self.high) - log10(self.low))
        else:
            part = (held - self.low) / (self.high - self.low)
        return self.start + part * (self.end - self.start)

    def marks(self) -> list[float]:
        """Round values inside the scale: some five of them, or one for each power of ten."""
        if self.high <= self.low:
            return [self.low]
        if self.logarithmic:
            powers = range(ceil(log10(self.low) - 1e-9), floor(log10(self.high) + 1e-9) + 1)
            return [10.0**power for power in powers]
        step = _round_step((self.high - self.low) / 5)
        first = ceil(self.low / step - 1e-9)
        last = floor(self.high / step + 1e-9)
        return [number * step for number in range(first, last + 1)]


def _round_step(rough: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    power = 10.0 ** floor(log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))


def decades(low: float, high: float, start: float, end: float) -> Scale:
    """A logarithmic scale over whole powers of ten that hold both values (both > 0)."""
    return Scale(10.0 ** floor(log10(low)), 10.0 ** max(ceil(log10(high)), floor(log10(low)) + 1), start, end, True)


def from_nothing(high: float, start: float, end: float) -> Scale:
    """A linear scale from 0 to a round value at or above `high`."""
    step = _round_step(high / 5) if high > 0 else 1.0
    return Scale(0.0, max(1, ceil(high / step - 1e-9)) * step, start, end)
