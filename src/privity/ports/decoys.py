"""What stores keep of planted decoys and of the runs that confirmed one; a part of `ports.stores`.

Clear fields hold ids, kinds, times and digests only. What a decoy says is sealed, and gone once it is retired.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from privity.domain.decoys import DecoyKind
from privity.domain.request import RequestId


@dataclass(frozen=True, slots=True)
class StoredDecoy:
    """One decoy. `sealed`: the line under the decoys' key; empty once retired."""

    decoy_id: str
    kind: DecoyKind
    sealed: bytes
    planted_at: datetime
    planted_by: str
    checked_snapshot: str  # the register snapshot for which it was last held against an extract
    retired_at: datetime | None = None
    retired_reason: str = ""  # "removed" or "may_be_true"


@dataclass(frozen=True, slots=True)
class StoredDecoyStop:
    """A run that confirmed a decoy: its answers are gone, and nothing of the request moves until it is cleared."""

    stop_id: str
    request_id: RequestId
    snapshot_id: str
    rule_set: str
    software: str
    hold_id: str  # what the log shows of it
    found_at: datetime
    asked: int  # decoys asked in the batch at hand
    sealed: bytes  # which decoys were confirmed, at which level, under the decoys' key
    cleared_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredDecoyClearance:
    """One officer's signed decision that a stopped request may be matched anew. Permanent."""

    stop_id: str
    officer: str
    certificate: str  # SHA-256 of the certificate's DER, hex
    role: str
    finding: str
    signed_at: datetime
    signature_sha256: str
    sealed: bytes  # document and CMS under the accounting key


class DecoyReads(Protocol):
    """What is planted, and what it stopped."""

    def decoys(self) -> Sequence[StoredDecoy]:
        """All decoys, retired ones too, in the order of planting."""
        ...

    def decoy_stops(self, request_id: RequestId | None = None) -> Sequence[StoredDecoyStop]:
        """All stops, cleared ones too, oldest first; of one request where it is given."""
        ...

    def decoy_clearances(self, stop_id: str) -> Sequence[StoredDecoyClearance]:
        """Signed decisions on one stop."""
        ...


class DecoyWrites(Protocol):
    """Plant, retire, stop, clear. A stop is never deleted, and cleared once."""

    def add_decoy(self, decoy: StoredDecoy) -> None:
        """Raises PrivityError STATE_CONFLICT where the id exists."""
        ...

    def retire_decoy(self, decoy_id: str, at: datetime, reason: str) -> None:
        """Forget what the decoy says. Raises PrivityError NOT_FOUND where no such decoy is planted."""
        ...

    def mark_decoy_checked(self, decoy_id: str, snapshot_id: str) -> None:
        """Raises PrivityError NOT_FOUND where no such decoy is planted."""
        ...

    def add_decoy_stop(self, stop: StoredDecoyStop) -> None:
        """Record the stop, and forget every decision of the request. Raises PrivityError STATE_CONFLICT unless the
        request waits for matching.
        """
        ...

    def add_decoy_clearance(self, clearance: StoredDecoyClearance) -> None:
        """Raises PrivityError SAME_PERSON where the person or the certificate signed before."""
        ...

    def clear_decoy_stop(self, stop_id: str, at: datetime) -> None:
        """Raises PrivityError DECOY_CONFIRMED where two people have not signed, STATE_CONFLICT where it is cleared."""
        ...
