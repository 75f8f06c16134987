"""What a line rule returns, and the shape of a line rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from privity.policy.admission.context import LineTerms
from privity.policy.admission.line_view import LineView


class Defect(NamedTuple):
    """What is wrong with a line, and in which column. The message repeats no value."""

    field: str
    message: str


LineRule = Callable[[LineView, LineTerms], Defect | None]
