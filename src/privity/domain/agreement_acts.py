"""What counsel may decide about a recorded agreement, and what the latest decision means for each of its versions.

The latest decision on an agreement decides: one version is in force, or none is. Signatures and dates are asked
beside this (R07). Values and small pure functions only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class AgreementAct(StrEnum):
    """A recorded decision on an agreement."""

    ACTIVATED = "ACTIVATED"  # this version is in force from now on, and no other; also ends a suspension
    SUSPENDED = "SUSPENDED"  # no version is in force until one is activated
    ENDED = "ENDED"  # no version recorded so far is ever in force again


@dataclass(frozen=True, slots=True)
class AgreementDecision:
    """One decision. `version`: the version put in force; else the newest version on record at that moment."""

    act: AgreementAct
    version: int


class Life(StrEnum):
    """Where one version of an agreement stands by the decisions alone."""

    UNDECIDED = "undecided"  # nothing decided: signatures and dates alone say whether it is in force
    ACTIVE = "active"
    SUPERSEDED = "superseded"  # another version is the one in force
    SUSPENDED = "suspended"
    ENDED = "ended"


SUSPENSION_REASONS = ("court_order", "suspension", "litigation", "safeguards", "incident")
END_REASONS = ("terminated_by_custodian", "terminated_by_requester", "by_agreement", "court_order", "change_of_law")
FIRST_SIGNED, NEW_VERSION, RESUMED = "first_signed", "new_version", "resumed"  # why a version was activated

_STOPPED = {
    Life.SUPERSEDED: "another version of the agreement is in force",
    Life.SUSPENDED: "the agreement is suspended",
    Life.ENDED: "the agreement was ended",
}


def life_of(decisions: Sequence[AgreementDecision], version: int) -> Life:
    """Where a version stands, from all decisions on its agreement, oldest first."""
    if not decisions:
        return Life.UNDECIDED
    if version <= ended_through(decisions):
        return Life.ENDED
    latest = decisions[-1]
    if latest.act is AgreementAct.ACTIVATED:
        return Life.ACTIVE if latest.version == version else Life.SUPERSEDED
    return Life.SUSPENDED if latest.act is AgreementAct.SUSPENDED else Life.SUPERSEDED


def ended_through(decisions: Sequence[AgreementDecision]) -> int:
    """The newest version that was ended (0: none): neither it nor an older one comes back."""
    return max((one.version for one in decisions if one.act is AgreementAct.ENDED), default=0)


def why_stopped(life: Life) -> str:
    """Why nothing is answered under such a version, or "" (R07)."""
    return _STOPPED.get(life, "")
