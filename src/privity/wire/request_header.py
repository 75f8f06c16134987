"""Reads a request's header (YAML or JSON, `privity-header/1`): what the signed request says of all its lines.

Form only: whether office, statutes, purpose and dates are acceptable is judged in `policy`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictInt, StringConstraints

from privity.domain.errors import ErrorCode
from privity.domain.request import RequestHeader, RequestId
from privity.wire.yaml_document import parse_model, read_yaml

FORMAT = "privity-header/1"

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
RequestIdText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]

Digest = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]


class _Header(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    format: Literal["privity-header/1"]
    request_id: RequestIdText
    agreement_id: Identifier
    agreement_version: Annotated[StrictInt, Field(ge=1, le=1_000_000)]
    agreement_digest: Digest = ""
    requester: Identifier
    office: Identifier
    request_type: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    statutes: Annotated[list[Words], Field(max_length=100)] = Field(default_factory=list)
    purpose: Words
    attestations: Annotated[list[Words], Field(max_length=100)] = Field(default_factory=list)
    created_at: AwareDatetime
    lines_sha256: Digest = ""  # these two are put in when the request is packed
    signer_sha256: Digest = ""


@dataclass(frozen=True, slots=True)
class Binding:
    """What ties an encrypted header to the lines and to the signature it was packed with: SHA-256, hex, or "".

    `lines`: of the lines' file before encryption, which only who packed it can know. `signer`: of the certificate.
    """

    lines: str
    signer: str


def read_binding(document: bytes) -> Binding:
    """The binding that a packed header carries. Raises PrivityError FORMAT_INVALID with the line."""
    header = parse_model(read_yaml(document, source="header", code=ErrorCode.FORMAT_INVALID), _Header)
    return Binding(header.lines_sha256, header.signer_sha256)


def read_header(document: bytes) -> RequestHeader:
    """Read one header. Raises PrivityError FORMAT_INVALID with the line."""
    yaml = read_yaml(document, source="header", code=ErrorCode.FORMAT_INVALID)
    header = parse_model(yaml, _Header)
    return RequestHeader(
        request_id=RequestId(header.request_id),
        agreement_id=header.agreement_id,
        agreement_version=header.agreement_version,
        requester=header.requester,
        office=header.office,
        request_type=header.request_type,
        statutes=tuple(header.statutes),
        purpose=header.purpose,
        attestations=tuple(header.attestations),
        created_at=header.created_at.astimezone(UTC),
        agreement_digest=header.agreement_digest,
    )
