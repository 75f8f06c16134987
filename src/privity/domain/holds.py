"""Orders that hold answers back: what each covers, from when to when, and what it demands of answers already delivered.

Values and small pure functions; which of several orders governs is asked in `privity.policy.holds`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class HoldScope(StrEnum):
    """What an order covers."""

    AGREEMENT = "agreement"
    REQUESTER = "requester"
    REQUEST = "request"
    CLASS = "class"  # persons of a declared class: none of them is confirmed, and nothing else stops (A09)
    EVERYTHING = "everything"


class Demand(StrEnum):
    """What an order demands of answers already delivered."""

    NONE = "none"
    FREEZE = "freeze"  # keep them, use and share nothing of them, destroy nothing
    RECALL = "recall"  # return them, or destroy them where no other order preserves them


@dataclass(frozen=True, slots=True)
class Answered:
    """A request as an order sees it: by its ids alone. `request_id` "": one that is only arriving."""

    agreement_id: str
    requester: str
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class HoldOrder:
    """One order. Moments are aware; `starts_at` None: from its placement; `ends_at` None: until it is lifted."""

    hold_id: str
    scope: HoldScope
    target: str  # id of the agreement, requester or request, word of the class, "" for everything
    kind: str
    demand: Demand
    placed_at: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    lifted_at: datetime | None = None
    concealed: bool = False  # a sealed court order: the requester is told AGREEMENT_NOT_IN_FORCE

    def in_force(self, at: datetime) -> bool:
        """Whether it works at `at`: not lifted, begun, not over."""
        begun = self.starts_at is None or self.starts_at <= at
        return self.lifted_at is None and begun and (self.ends_at is None or at < self.ends_at)

    def covers(self, one: Answered) -> bool:
        """Whether its scope reaches the request. A class reaches every request: nobody may tell where a member is."""
        named = {
            HoldScope.AGREEMENT: one.agreement_id,
            HoldScope.REQUESTER: one.requester,
            HoldScope.REQUEST: one.request_id,
        }
        return self.scope in (HoldScope.EVERYTHING, HoldScope.CLASS) or named[self.scope] == self.target != ""


class NoticeAction(StrEnum):
    """What a notice tells the recipient of an answer to do."""

    FREEZE = "freeze"
    RECALL = "recall"
    LIFTED = "lifted"  # no order covers the answer any more; nothing is to be sent back


class ReceiptOutcome(StrEnum):
    """What the requester states that it did with the answer."""

    FROZEN = "frozen"
    RETURNED = "returned"
    DESTROYED = "destroyed"
