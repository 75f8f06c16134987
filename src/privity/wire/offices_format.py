"""Reads the office register (YAML, `privity-offices/1`): who holds which office when, officers, safeguard reviews.

Refuses unknown keys, contradictory dates, two regular holders of one office at one time and ids that stand twice,
with source and line. It checks no certificate: paths and revocation are checked where a signature is used.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from privity.domain.errors import ErrorCode
from privity.domain.offices import (
    CustodianOfficer,
    CustodianRole,
    NamedOfficer,
    OfficeHolding,
    OfficeRegister,
    SafeguardFinding,
    Safeguards,
)
from privity.domain.personal import Personal
from privity.wire.yaml_document import Path, YamlDocument, parse_model, read_yaml

FORMAT = "privity-offices/1"

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
RosterId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
PersonText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
CertificateText = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]

_PEM = re.compile(r"\s*-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END CERTIFICATE-----\s*\Z")
_FINGERPRINT = re.compile(r"[0-9a-f]{64}\Z")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _Tenure(_Strict):
    since: AwareDatetime
    until: AwareDatetime | None = None


class _Holder(_Tenure):
    office: Identifier
    party: Identifier
    name: PersonText
    acting: StrictBool = False
    delegate: StrictBool = False
    certificates: Annotated[list[CertificateText], Field(min_length=1, max_length=20)]


class _Officer(_Tenure):
    id: RosterId
    party: Identifier
    name: PersonText
    certificate: CertificateText
    contractor: StrictBool = False
    contractor_safeguarded: StrictBool = False


class _CustodianOfficer(_Tenure):
    id: RosterId
    name: PersonText
    role: CustodianRole
    certificates: Annotated[list[CertificateText], Field(min_length=1, max_length=20)]


class _Finding(_Strict):
    id: RosterId
    plan_due: date | None = None
    closed_on: date | None = None


class _Safeguards(_Strict):
    party: Identifier
    reviewed_on: date
    findings: list[_Finding] = Field(default_factory=list)


class _Document(_Strict):
    format: Literal["privity-offices/1"]
    holders: Annotated[list[_Holder], Field(min_length=1, max_length=10_000)]
    officers: Annotated[list[_Officer], Field(max_length=100_000)]
    custodian_officers: Annotated[list[_CustodianOfficer], Field(max_length=10_000)]
    safeguards: Annotated[list[_Safeguards], Field(max_length=1000)]


def read_offices(document: bytes, *, source: str = "offices") -> OfficeRegister:
    """Read the office register. Raises PrivityError OFFICES_INVALID with source, line and what to mend."""
    yaml = read_yaml(document, source=source, code=ErrorCode.OFFICES_INVALID)
    model = parse_model(yaml, _Document)
    _check_tenures(yaml, model)
    _check_ids(yaml, model)
    return OfficeRegister(
        digest=hashlib.sha256(document).hexdigest(),
        holdings=tuple(_holding(yaml, place, holder) for place, holder in enumerate(model.holders)),
        officers=tuple(_officer(yaml, place, officer) for place, officer in enumerate(model.officers)),
        custodian_officers=tuple(_custodian(yaml, place, one) for place, one in enumerate(model.custodian_officers)),
        safeguards=tuple(_safeguards(one) for one in model.safeguards),
    )


def _holding(yaml: YamlDocument, place: int, holder: _Holder) -> OfficeHolding:
    path: Path = ("holders", place, "certificates")
    return OfficeHolding(
        office=holder.office,
        party=holder.party,
        name=Personal(holder.name),
        since=holder.since.astimezone(UTC),
        until=_utc(holder.until),
        acting=holder.acting,
        certificates=_fingerprints(yaml, path, holder.certificates),
        delegate=holder.delegate,
    )


def _officer(yaml: YamlDocument, place: int, officer: _Officer) -> NamedOfficer:
    _pem_der(yaml, ("officers", place, "certificate"), officer.certificate)
    if officer.contractor_safeguarded and not officer.contractor:
        yaml.refuse(("officers", place), "contractor_safeguarded is set for one who is no contractor")
    return NamedOfficer(
        id=officer.id,
        party=officer.party,
        name=Personal(officer.name),
        since=officer.since.astimezone(UTC),
        until=_utc(officer.until),
        certificate_pem=officer.certificate.strip() + "\n",
        contractor=officer.contractor,
        contractor_safeguarded=officer.contractor_safeguarded,
    )


def _custodian(yaml: YamlDocument, place: int, one: _CustodianOfficer) -> CustodianOfficer:
    certificates = _fingerprints(yaml, ("custodian_officers", place, "certificates"), one.certificates)
    return CustodianOfficer(
        one.id, Personal(one.name), one.role, one.since.astimezone(UTC), _utc(one.until), certificates
    )


def _safeguards(one: _Safeguards) -> Safeguards:
    findings = tuple(SafeguardFinding(found.id, found.plan_due, found.closed_on) for found in one.findings)
    return Safeguards(one.party, one.reviewed_on, findings)


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)


def _fingerprints(yaml: YamlDocument, path: Path, certificates: list[str]) -> tuple[str, ...]:
    """SHA-256 of each certificate's DER, hex; the document gives that, or the certificate as PEM."""
    found = tuple(
        text.strip()
        if _FINGERPRINT.match(text.strip())
        else hashlib.sha256(_pem_der(yaml, (*path, place), text)).hexdigest()
        for place, text in enumerate(certificates)
    )
    if len(set(found)) != len(found):
        yaml.refuse(path, "the same certificate stands twice")
    return found


def _pem_der(yaml: YamlDocument, path: Path, text: str) -> bytes:
    match = _PEM.match(text)
    try:
        der = base64.b64decode("".join(match[1].split()), validate=True) if match else b""
    except binascii.Error:
        der = b""
    if not der.startswith(b"\x30"):
        yaml.refuse(path, "not a certificate", "give it as PEM (or, for a holder, its SHA-256 in hex)")
    return der


def _check_tenures(yaml: YamlDocument, model: _Document) -> None:
    """Every tenure ends after it begins; no office has two regular holders at one time."""
    lists: tuple[tuple[str, list[Any]], ...] = (
        ("holders", model.holders),
        ("officers", model.officers),
        ("custodian_officers", model.custodian_officers),
    )
    for name, tenures in lists:
        for place, tenure in enumerate(tenures):
            if tenure.until is not None and tenure.until <= tenure.since:
                yaml.refuse((name, place, "until"), "ends on or before it begins", "correct the dates")
    for place, holder in enumerate(model.holders):
        if holder.acting and holder.delegate:
            yaml.refuse(("holders", place), "one who acts in an office is no delegate of it", "say one of the two")
    regular = sorted(
        (
            (holder.office, holder.since, holder.until, place)
            for place, holder in enumerate(model.holders)
            if not holder.acting and not holder.delegate
        ),
        key=lambda one: (one[0], one[1]),
    )
    for before, after in pairwise(regular):
        if before[0] == after[0] and (before[2] is None or before[2] > after[1]):
            yaml.refuse(("holders", after[3]), "two people hold one office at one time", "end the earlier tenure")


def _check_ids(yaml: YamlDocument, model: _Document) -> None:
    for name, ids in (
        ("officers", [one.id for one in model.officers]),
        ("custodian_officers", [one.id for one in model.custodian_officers]),
        ("safeguards", [one.party for one in model.safeguards]),
    ):
        seen: set[str] = set()
        for place, one in enumerate(ids):
            if one.upper() in seen:
                yaml.refuse((name, place), "the same id stands twice")
            seen.add(one.upper())
