"""What stores keep of officers' decisions on referred lines (L16), and how a request's admission changes afterwards.

Clear fields hold ids, counts, times, digests and codes only; what an officer signed lies sealed under the request's
key.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from privity.domain.lifecycle import RequestState
from privity.domain.request import RequestId
from privity.ports.stored import LineChunk


@dataclass(frozen=True, slots=True)
class StoredReferralDecision:
    """One officer's signed decision on some referred lines. `sealed`: document and CMS, under the request's key."""

    request_id: RequestId
    ordinals: tuple[int, ...]  # ascending
    admits: bool
    code: str  # what the lines go back with; "" where they are admitted
    officer: str  # custodian officer's id in the office register
    certificate: str  # SHA-256 of the certificate's DER, hex
    role: str
    signed_at: datetime
    signature_sha256: str
    log_index: int
    sealed: bytes


@dataclass(frozen=True, slots=True)
class AdmissionCounts:
    """How many lines of a request stand admitted and returned. Nothing waits for a human any more."""

    admitted: int
    returned: int


class ReferralReads(Protocol):
    """What officers decided."""

    def referral_decisions(self, request_id: RequestId) -> Sequence[StoredReferralDecision]:
        """All decisions on one request's lines, oldest first."""
        ...


class ReferralWrites(Protocol):
    """Decide on lines; change what admission made of a request, before anything of it is released."""

    def add_referral_decision(self, decision: StoredReferralDecision) -> None:
        """Record a decision, for ever. Raises PrivityError STATE_CONFLICT where one of the lines is decided already, or
        no line of the request waits.
        """
        ...

    def replace_lines(self, chunks: Iterable[LineChunk]) -> None:
        """Put other sealed lines in the place of stored chunks, and forget decisions made on the request's lines.

        Raises PrivityError STATE_CONFLICT where a chunk is not stored.
        """
        ...

    def forget_history(self, request_id: RequestId) -> None:
        """Forget the request's questions and officers' cases."""
        ...

    def settle_admission(self, request_id: RequestId, counts: AdmissionCounts, sealed_header: bytes) -> None:
        """No line waits any more. Raises PrivityError STATE_CONFLICT unless lines of an ADMITTED request waited."""
        ...

    def revoke_admission(self, request_id: RequestId, current: RequestState, sealed_header: bytes) -> None:
        """From now on the request goes back whole: every line returned; it awaits review.

        Raises PrivityError STATE_CONFLICT where the state is another, or the request was returned whole or released.
        """
        ...
