"""The one source of time. Services ask once and pass the moment down; pure floors never ask."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Gives the present moment."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        ...
