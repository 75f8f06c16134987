"""Small request and response packages for tests, made with the real services."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

from demo.pki import Identity
from privity.domain.agreement import Agreement, MatchPolicy, Office, Party
from privity.domain.answer import Answer, ResponseLine
from privity.domain.certificate_policies import RESPONSE_SIGNING
from privity.domain.errors import ErrorCode
from privity.domain.personal import Personal
from privity.domain.request import Ordinal, RequestHeader, RequestId
from privity.services.requester.pack_request import pack_request
from privity.wire.package import write_container
from privity.wire.package_manifest import LOG_ENTRY, LOG_PROOF, AgreementReference, PartEntry, ResponseManifest
from privity.wire.response_format import write_part
from tests.builders.pki import AT, OFFICES, CmsEncryptor, Odd, encrypt_to, odd_identity, pki, signer_of

COLUMNS = "line_id,given_name,family_name,address_line1,city,state,postal_code,periods"
LINES = (
    COLUMNS + "\na1,Ada,Example,12 Main St,Dallas,TX,75201,2024-01-01/2024-12-31\n"
    "a2,Bo,Sample,14 Main St,Dallas,TX,75201,2024-01-01/2024-12-31\n"
).encode()

AGREEMENT = Agreement(
    id="test-agreement",
    version=1,
    title="A test",
    digest="d" * 64,
    custodian=Party("custodian-agency", "Custodian"),
    requester=Party("requester-agency", "Requester"),
    effective=date(2025, 1, 1),
    expires=date(2030, 1, 1),
    authority="a statute",
    signing_offices=(Office(OFFICES[0], "Secretary", "requester-agency", "clause"),),
    custodian_offices=(),
    delegates_allowed=False,
    certificate_policies=(),
    statutes=("8 U.S.C. 1253(a)(1)",),
    purposes=("criminal-enforcement",),
    rules=(),
    match_policy=MatchPolicy("standard", ("exact",)),
    answer_after_seconds=0,
    destruction_due_days=90,
    accounting_open_to_person=True,
)
HEADER = RequestHeader(
    request_id=RequestId("REQ-2026-0001"),
    agreement_id=AGREEMENT.id,
    agreement_version=1,
    requester="requester-agency",
    office=OFFICES[0],
    request_type="confirm_address",
    statutes=("8 U.S.C. 1253(a)(1)",),
    purpose="criminal-enforcement",
    attestations=("final-order",),
    created_at=AT,
)


@dataclass(frozen=True)
class FixedClock:
    """A clock that stands still."""

    moment: datetime = AT

    def now(self) -> datetime:
        return self.moment.astimezone(UTC)


@cache
def custodian_recipient() -> Identity:
    """The custodian's receiving identity, for requests."""
    from demo.pki import AGREE
    from privity.domain.certificate_policies import RECIPIENT

    odd = Odd(policies=(RECIPIENT,), uses=(AGREE,))
    return odd_identity(pki().folder / "people", odd, authority=pki().custodian_authority, name="gate-recipient")


@cache
def custodian_signer() -> Identity:
    """The custodian's signing identity, for responses."""
    from demo.pki import SIGN

    odd = Odd(policies=(RESPONSE_SIGNING,), uses=(SIGN,))
    return odd_identity(pki().folder / "people", odd, authority=pki().custodian_authority, name="gate-signer")


def request_package(lines: bytes = LINES, header: RequestHeader = HEADER) -> bytes:
    """A request packed and signed by the first office's holder."""
    return pack_request(
        lines,
        "csv",
        header,
        AGREEMENT,
        signer_of(pki().holders[OFFICES[0]]),
        CmsEncryptor(),
        custodian_recipient().certificate.read_bytes(),
        FixedClock(),
    )


def line(ordinal: int, told: Answer | ErrorCode) -> ResponseLine:
    """One row of a response."""
    answer, code = (told, None) if isinstance(told, Answer) else (None, told)
    return ResponseLine(Ordinal(ordinal), Personal(f"a{ordinal}"), answer, code, "")


def response_files(
    groups: list[tuple[Identity, list[ResponseLine]]], *, returned_whole: bool = False, lines: int | None = None
) -> dict[str, bytes]:
    """The files of a response package, signed by the custodian; the log's files are placeholders."""
    parts, files = [], {}
    for place, (identity, rows) in enumerate(groups, start=1):
        name, content = f"parts/{place:04d}.p7m", encrypt_to(identity, write_part(rows))
        files[name] = content
        digest = hashlib.sha256(content).hexdigest()
        parts.append(PartEntry(name, identity.fingerprint, len(rows), len(content), digest))
    manifest = ResponseManifest(
        request_id="REQ-2026-0001",
        request_manifest_sha256="e" * 64,
        agreement=AgreementReference(AGREEMENT.id, 1, AGREEMENT.digest),
        custodian="custodian-agency",
        created_at=AT,
        lines=sum(part.lines for part in parts) if lines is None else lines,
        returned_whole=returned_whole,
        marking="Not to be shared onward.",
        destroy_by=date(2026, 6, 1),
        parts=tuple(parts),
    ).to_bytes()
    signature = signer_of(custodian_signer()).sign(manifest, at=AT)
    return {"manifest.json": manifest, "manifest.p7s": signature, **files, LOG_PROOF: b"proof", LOG_ENTRY: b"{}"}


def response_package(groups: list[tuple[Identity, list[ResponseLine]]]) -> bytes:
    """The container of `response_files`."""
    return write_container(list(response_files(groups).items()))
