"""What the gate keeps of a received request beside its lines, as bytes to be sealed under the request's key.

The header, who signed it, what admission found: the file that reviewers, release and accounting read again.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.request import RequestFinding, RequestHeader, RequestId

_FORM = "privity-request-file/1"


@dataclass(frozen=True, slots=True)
class RequestFile:
    """The kept facts. `codes` counts lines by code; warnings and findings hold no value of any line."""

    header: RequestHeader
    custodian: str
    signer: str  # SHA-256 of the signatory's certificate, hex
    signer_certificate: bytes  # DER: the return notice is encrypted to it
    signing_time: datetime
    findings: tuple[RequestFinding, ...]
    warnings: tuple[str, ...]
    codes: Mapping[str, int]


def encode_request_file(kept: RequestFile) -> bytes:
    """Compact JSON."""
    header = kept.header
    return json.dumps(
        {
            "form": _FORM,
            "header": {
                "request_id": header.request_id,
                "agreement_id": header.agreement_id,
                "agreement_version": header.agreement_version,
                "requester": header.requester,
                "office": header.office,
                "request_type": header.request_type,
                "statutes": list(header.statutes),
                "purpose": header.purpose,
                "attestations": list(header.attestations),
                "created_at": header.created_at.isoformat(),
                "agreement_digest": header.agreement_digest,
            },
            "custodian": kept.custodian,
            "signer": kept.signer,
            "signer_certificate": base64.b64encode(kept.signer_certificate).decode("ascii"),
            "signing_time": kept.signing_time.isoformat(),
            "findings": [[f.code.value, f.rule, f.message, f.mend] for f in kept.findings],
            "warnings": list(kept.warnings),
            "codes": dict(kept.codes),
        },
        separators=(",", ":"),
    ).encode("ascii")


def decode_request_file(data: bytes) -> RequestFile:
    """What `encode_request_file` wrote. Raises PrivityError INTERNAL for anything else."""
    try:
        value = json.loads(data)
        if value["form"] != _FORM:
            raise ValueError
        return RequestFile(
            header=_header(value["header"]),
            custodian=value["custodian"],
            signer=value["signer"],
            signer_certificate=base64.b64decode(value["signer_certificate"], validate=True),
            signing_time=datetime.fromisoformat(value["signing_time"]),
            findings=tuple(RequestFinding(ErrorCode(c), rule, said, mend) for c, rule, said, mend in value["findings"]),
            warnings=tuple(value["warnings"]),
            codes=value["codes"],
        )
    except (ValueError, KeyError, TypeError):
        raise PrivityError(ErrorCode.INTERNAL, "a stored request file is not in the form this version writes") from None


def _header(value: Mapping[str, Any]) -> RequestHeader:
    return RequestHeader(
        request_id=RequestId(value["request_id"]),
        agreement_id=value["agreement_id"],
        agreement_version=value["agreement_version"],
        requester=value["requester"],
        office=value["office"],
        request_type=value["request_type"],
        statutes=tuple(value["statutes"]),
        purpose=value["purpose"],
        attestations=tuple(value["attestations"]),
        created_at=datetime.fromisoformat(value["created_at"]),
        agreement_digest=value["agreement_digest"],
    )
