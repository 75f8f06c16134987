"""What must stand before each batch of lines is answered: no freeze, no hold, agreement and signatory.

Asked of the authoritative store, in the caller's transaction, and of the home's trust folder as it lies there now;
never from a cache (C7). The rules are `privity.policy.release.judge_standing`'s. Release asks the same in
`check_release`.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

from privity.domain.agreement import Agreement
from privity.domain.errors import ErrorCode, PrivityError
from privity.policy.release import judge_standing
from privity.ports.stored import StoredRequest
from privity.ports.stores import ReadStore
from privity.services.agreements.agreement_decisions import stopped
from privity.services.agreements.agreement_signatures import signed_by
from privity.services.agreements.record_offices import current_offices
from privity.services.gate import Gate, need_thawed, need_unheld
from privity.wire.package import MANIFEST_NAME, SIGNATURE_NAME, open_container


@dataclass(frozen=True, slots=True)
class RequestSignature:
    """What the signatory signed when the request was sent, taken from the kept package once."""

    manifest: bytes
    signature: bytes


def signature_of(arrived: bytes | None) -> RequestSignature:
    """The signature in the request's own package. Raises PrivityError STATE_CONFLICT where the package is missing."""
    if arrived is None:
        raise PrivityError(ErrorCode.STATE_CONFLICT, "the request's own package is missing from the store")
    container = open_container(io.BytesIO(arrived))
    return RequestSignature(container.read(MANIFEST_NAME), container.read(SIGNATURE_NAME))


def need_signatory(gate: Gate, signed: RequestSignature, at: datetime) -> None:
    """The signatory's certificate, expired or revoked since, stops the next batch and the release (C7).

    One signature for a whole batch. Raises PrivityError CERTIFICATE_INVALID, SIGNATURE_INVALID.
    """
    gate.verifier.verify(signed.manifest, signed.signature, at=at)


def need_standing(gate: Gate, read: ReadStore, request: StoredRequest, agreement: Agreement, at: datetime) -> None:
    """Everything, at `at`.

    Raises PrivityError HOME_FROZEN, ON_HOLD, AGREEMENT_NOT_IN_FORCE (dates, a side that has not signed, a decision),
    SAFEGUARDS_UNMET, NOT_FOUND (no office register).
    """
    need_thawed(read)
    need_unheld(read, request, at)
    offices, signed = current_offices(read, gate.keys), signed_by(read, gate.keys, agreement)
    why = stopped(read, gate.keys, agreement.id, agreement.version)
    for finding in judge_standing(agreement, offices, (), at, signed_by=signed, stopped=why):
        raise PrivityError(finding.code, finding.message, finding.mend)
