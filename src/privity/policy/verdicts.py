"""Officers' verdicts, reviewers' samples, and the words of holds and withholdings: pure rules over values.

Who may act with which certificate, what two verdicts amount to, what a sample can prove, when an answer may be seen.
What else must hold at release is in `policy.release`. Sources: RULES A08, A09, V03; ARCHITECTURE C2, C4.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from heapq import nsmallest

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action, may
from privity.domain.offices import CustodianOfficer, OfficeRegister

HOLD_KINDS = ("court_order", "suspension", "litigation", "safeguards", "incident")
WITHHOLDING_REASONS = ("informant", "impaired_investigation", "protected_person", "court_order")
MARKING = (
    "For the named officers' own use under the agreement alone. Onward sharing, publication and use for any other "
    "purpose are unlawful. Destroy by the date stated, and certify the destruction."
)


class Outcome(StrEnum):
    """What the recorded verdicts amount to."""

    WAITING = "waiting"
    RELEASE = "release"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Vote:
    """One officer's signed verdict on the content at hand."""

    officer: str
    certificate: str
    releases: bool


def acting_officer(offices: OfficeRegister, fingerprint: str, at: datetime, action: Action) -> CustodianOfficer:
    """The custodian officer whose certificate signed, if their tenure covers `at` and their role allows the action.

    Raises PrivityError ROLE_FORBIDDEN: no such certificate in the office register, tenure over, or wrong role.
    """
    for officer in offices.custodian_officers:
        in_office = officer.since <= at and (officer.until is None or at < officer.until)
        if in_office and fingerprint in officer.certificates:
            if may(officer.role, action):
                return officer
            raise PrivityError(
                ErrorCode.ROLE_FORBIDDEN,
                f"an officer with the role {officer.role.value} may not {action.value.lower().replace('_', ' ')}",
                "Ask an officer whose role allows it.",
            )
    raise PrivityError(
        ErrorCode.ROLE_FORBIDDEN,
        "the certificate that signed belongs to no custodian officer in office now",
        "Record an office register that names the officer's certificate and tenure.",
    )


def outcome(votes: Sequence[Vote]) -> Outcome:
    """Two different people with two different certificates decide (A08); nothing is decided by one.

    Any refusal among two is a refusal; a first refusal alone decides nothing, so that the second officer learns
    nothing of the first verdict.
    """
    if len({vote.officer for vote in votes}) < 2 or len({vote.certificate for vote in votes}) < 2:
        return Outcome.WAITING
    return Outcome.RELEASE if all(vote.releases for vote in votes) else Outcome.REFUSE


def need_visible(visible_from: datetime, at: datetime) -> None:
    """Raise PrivityError TOO_EARLY before the moment fixed at admission (C2)."""
    if at < visible_from:
        raise PrivityError(
            ErrorCode.TOO_EARLY,
            f"the answer may be visible from {visible_from:%Y-%m-%dT%H:%M:%SZ} on, not before",
            "Run the command again then. The moment was fixed when the request was admitted.",
        )


def sample_ordinals(content_sha256: str, ordinals: Iterable[int], size: int) -> tuple[int, ...]:
    """A random sample that every reviewer of the same content sees alike: chosen by hash, in ascending order."""
    keyed = nsmallest(size, ordinals, key=lambda ordinal: sha256(f"{content_sha256}/{ordinal}".encode()).digest())
    return tuple(sorted(keyed))


def error_bound(sampled: int, population: int) -> float:
    """Upper 95 % bound on the share of wrong lines when a sample shows none.

    1 - 0.05 ** (1/n): Clopper-Pearson at zero errors; 0 where every line was looked at, 1 where none was.
    """
    if sampled >= population:
        return 0.0
    return 1.0 if sampled == 0 else 1.0 - math.pow(0.05, 1.0 / sampled)
