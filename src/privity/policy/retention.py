"""When the data of a request may be destroyed (C9). Pure: it looks at states and dates and touches no key.

What the agreement's law keeps for ever, the accounting, has no path of deletion anywhere.
"""

from __future__ import annotations

from datetime import date

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import RequestState

ENDED = frozenset({RequestState.DELIVERED, RequestState.REJECTED})
"""States from which nothing follows. A request returned whole ends in the same two: its notice is delivered or not."""


def need_ended(state: RequestState) -> None:
    """Raise PrivityError STATE_CONFLICT while anything may still happen to the request."""
    if state not in ENDED:
        raise PrivityError(
            ErrorCode.STATE_CONFLICT,
            f"the request is in state {state.value}: only a delivered or a rejected request is destroyed",
            "Bring the request to its end first: deliver the response, or have two officers refuse it.",
        )


def need_expiry(backups_expire: date, today: date) -> None:
    """Raise PrivityError USAGE where the backups that hold the wrapped key would have expired before today."""
    if backups_expire < today:
        raise PrivityError(
            ErrorCode.USAGE,
            "the date on which backups expire lies in the past",
            "Give the day after which no backup holds the request's wrapped key; today, where there are none.",
        )
