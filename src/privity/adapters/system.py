"""The machine's own clock and randomness behind their ports."""

from __future__ import annotations

import os
from datetime import UTC, datetime


class SystemClock:
    """`ports.clock.Clock` over the operating system."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        return datetime.now(UTC)


class SystemEntropy:
    """`ports.home.Entropy` over the operating system."""

    def token(self, size: int) -> bytes:
        """`size` unpredictable bytes."""
        return os.urandom(size)
