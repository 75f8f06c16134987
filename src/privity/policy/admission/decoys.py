"""Admission of planted decoys: the form rules of a line, as `evaluate` asks them (C1).

A decoy is no line of a request: no agreement, officer or case speaks for it, and its answer is told to nobody. It is
looked up only beside the admitted lines of a request that was admitted.
"""

from __future__ import annotations

from collections.abc import Sequence

from privity.domain.request import LineJudgement, RequestLine
from privity.policy.admission.judge import admit_for_evaluation


def admit_decoys(lines: Sequence[RequestLine]) -> list[LineJudgement]:
    """One judgement for each decoy, in order."""
    return admit_for_evaluation(lines)
