"""Values about a person, masked wherever Python would print them (invariant C8).

This file decides how personal values look in logs, errors and debuggers: always masked.
It does not encrypt anything; `reveal()` is the one visible act of reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar, final

T = TypeVar("T")

MASK = "<personal>"


class Masked:
    """Base for frozen dataclasses whose fields are personal: printing shows the class name only.

    Subclasses must be declared with ``@dataclass(..., repr=False)`` so that this ``__repr__`` holds.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({MASK})"

    __str__ = __repr__

    def __format__(self, specification: str) -> str:
        return repr(self)


@final
@dataclass(frozen=True, slots=True, repr=False, eq=True)
class Personal(Masked, Generic[T]):
    """One personal value. ``str``, ``repr`` and f-strings give the mask; ``reveal()`` gives the value."""

    _value: T

    def reveal(self) -> T:
        """Return the value. Every call site is a place where personal data is handled: keep them few."""
        return self._value
