"""A seam for faults: adapters name each durable step before and after they take it.

In use the seam does nothing. Tests hand in a function that raises, or kills the process, at the n-th step.
"""

from __future__ import annotations

from collections.abc import Callable

FaultPoint = Callable[[str], None]
"""Called with the step's name, for example "db.commit", "db.committed", "file.write", "file.fsync", "file.rename"."""


def no_fault(step: str) -> None:
    """The seam in use: nothing happens."""
