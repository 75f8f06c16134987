"""The two answers, and what a response says of each line.

There is no third answer and no field for a stored value: none could leave (C2, C3).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from privity.domain.errors import ErrorCode
from privity.domain.personal import Personal
from privity.domain.request import Ordinal


class Answer(StrEnum):
    """All that an admitted line can be told."""

    CONFIRMED = "CONFIRMED"
    NO_CONFIRMATION = "NO_CONFIRMATION"


RETURNED = "RETURNED"
_NOBODY: Final = Personal(b"")


class Decision(NamedTuple):
    """One decided line. Everything but `answer` stays inside the gate (explanation for reviewers and courts).

    A named tuple, not a dataclass: one is made for every line, in the one process that hands lines to the others.
    """

    ordinal: Ordinal
    answer: Answer
    level: str = ""  # name of the level that confirmed; "" otherwise
    candidates: int = 0  # persons found at the point
    rivals: int = 0  # other persons that passed a looser name test
    failed_gate: str = ""  # first gate that failed, in the closed list of `privity.matching.decide`
    person: Personal[bytes] = _NOBODY  # keyed reference of the confirmed person


@dataclass(frozen=True, slots=True)
class ResponseLine:
    """One row of a response: answered (`code` is None) or returned (`answer` is None). Exactly one is set."""

    ordinal: Ordinal
    line_id: Personal[str]
    answer: Answer | None
    code: ErrorCode | None
    recipient: str  # roster id of the named officer; "" for the signatory (returned lines)
