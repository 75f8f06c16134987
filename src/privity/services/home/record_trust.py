"""Puts on record whom the home believes: an entry of the log for every change of anchors, authorities or lists.

An authority slipped into the folder by hand is recorded too, by whichever command opens the home next: before it can
be used to admit anything. Judges no certificate.
"""

from __future__ import annotations

from dataclasses import dataclass

from privity.domain.audit_events import AuditEvent
from privity.services.gate import Gate, record_once

BELIEVED = "trust_sha256"  # the fact that names the trust recorded last


@dataclass(frozen=True, slots=True)
class TrustState:
    """What lies in the trust folder now. `digest` is "" where nothing does."""

    digest: str
    anchors: int
    intermediates: int
    revocation_lists: int


def record_trust(gate: Gate, state: TrustState) -> bool:
    """Append the entry for the present trust, unless the newest one names it already. True where it was appended.

    Raises PrivityError STORAGE_FAILED, LOG_UNAVAILABLE.
    """
    return record_once(
        gate,
        BELIEVED,
        state.digest,
        AuditEvent.TRUST_RECORDED,
        trust_sha256=state.digest,
        anchors=state.anchors,
        intermediates=state.intermediates,
        revocation_lists=state.revocation_lists,
    )
