"""Verifies recorded decisions on referred lines anew before anything rests on them: the store's word is not enough.

Each must be signed by an officer's certificate, valid when it was signed, over these very lines of this very request,
and stand in the log. An officer who has left since decided all the same: unlike an approval, a decision on a line is an
act that is over.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from privity.domain.audit_events import AuditEvent
from privity.domain.certificate_policies import CUSTODIAN_OFFICER
from privity.domain.errors import ErrorCode, PrivityError
from privity.ports.referrals import StoredReferralDecision
from privity.ports.stored import StoredRequest
from privity.ports.stores import ReadStore
from privity.services.accounting.account_lines import rfc3339
from privity.services.gate import Gate
from privity.services.stored_lines import Sealer
from privity.wire.canonical_json import decode_strict

DECISION_FORMAT = "privity-referral/1"


def decision_fields(
    request: StoredRequest, ordinals: Sequence[int], code: str, role: str, at: datetime
) -> dict[str, Any]:
    """What an officer signs, the note apart; `code` is empty where the lines are admitted."""
    return {
        "format": DECISION_FORMAT,
        "request_id": request.request_id,
        "manifest_sha256": request.manifest_sha256,
        "lines": list(ordinals),
        "verdict": "return" if code else "admit",
        "code": code,
        "role": role,
        "time": rfc3339(at),
    }


def need_genuine(
    gate: Gate, read: ReadStore, sealer: Sealer, request: StoredRequest, decisions: Sequence[StoredReferralDecision]
) -> None:
    """Raise PrivityError SIGNATURE_INVALID where a recorded decision is not what an officer signed, or not in the log;
    what the verifier raises, and DECRYPTION_FAILED."""
    for one in decisions:
        kept = sealer.open(f"referral/{one.log_index}", one.sealed)
        length = 4 + int.from_bytes(kept[:4], "big")
        document, signature = kept[4:length], kept[length:]
        verified = gate.verifier.verify(document, signature, at=one.signed_at, policies=(CUSTODIAN_OFFICER,))
        said = decode_strict(document)
        recorded = decision_fields(request, one.ordinals, one.code, one.role, one.signed_at)
        signed = isinstance(said, dict) and {**said, "note": ""} == {**recorded, "note": ""}
        known = verified.signer_fingerprint == one.certificate and one.admits == (not one.code)
        if not (signed and known and _in_the_log(read, request, one, signature)):
            raise PrivityError(
                ErrorCode.SIGNATURE_INVALID,
                "a recorded decision on referred lines is not one that an officer signed",
                "The database was changed from outside: treat it as an incident (docs/procedures/refer.md).",
            )


def _in_the_log(read: ReadStore, request: StoredRequest, one: StoredReferralDecision, signature: bytes) -> bool:
    digest = hashlib.sha256(signature).hexdigest()
    for row in read.log_rows(one.log_index, 1):
        entry = json.loads(row)
        fields = entry["fields"]
        return bool(
            entry["event"] == AuditEvent.REFERRALS_DECIDED.value
            and (fields["request_id"], fields["code"], fields["lines"])
            == (request.request_id, one.code, len(one.ordinals))
            and fields["signature_sha256"] == digest == one.signature_sha256
        )
    return False
