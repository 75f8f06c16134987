"""For whom a verified signature over an agreement speaks: the requester's side or the custodian's (R07).

Pure. The signature itself, its path and revocation are verified before, by the CMS adapter. As in R01, one tenure must
cover the claimed signing time and the moment of recording: without a trusted timestamp, a claimed time alone would let
a former holder sign today for yesterday.
"""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from privity.domain.agreement import Agreement, AgreementSide
from privity.domain.certificate_policies import CUSTODIAN_OFFICER
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.offices import CustodianOfficer, CustodianRole, OfficeRegister
from privity.policy.admission.context import SignatureFacts
from privity.policy.office_authority import authority_gap


def speaks_for(agreement: Agreement, offices: OfficeRegister, signature: SignatureFacts) -> tuple[AgreementSide, str]:
    """The side, and the office (requester) or role (custodian) in which the signer signed.

    Raises PrivityError SIGNER_UNAUTHORISED (nobody who may sign, or one certificate on both sides) or
    CERTIFICATE_INVALID (not issued for this use).
    """
    office = _office_of(agreement, offices, signature)
    counsel = any(
        one.role is CustodianRole.COUNSEL and signature.fingerprint in one.certificates and _covers(one, signature)
        for one in offices.custodian_officers
    )
    if office and counsel:
        _refuse("a certificate stands in the office register on both sides", "Correct the office register.")
    if office:
        _need_policies(set(agreement.certificate_policies), signature)
        return AgreementSide.REQUESTER, office
    if not counsel:
        _refuse(
            "the signer neither holds a signing office of the agreement nor is the custodian's counsel, "
            "at signing and now",
            "Have a present holder sign, and record an office register that names the certificate and tenure.",
        )
    _need_policies({CUSTODIAN_OFFICER}, signature)
    return AgreementSide.CUSTODIAN, CustodianRole.COUNSEL.value


def _office_of(agreement: Agreement, offices: OfficeRegister, signature: SignatureFacts) -> str:
    """The first of the agreement's signing offices for which the signer may speak, or ""."""
    moments = (signature.signing_time, signature.received_at)
    party = agreement.requester.id
    for office in agreement.signing_offices:
        if not authority_gap(agreement, offices, office.id, signature.fingerprint, moments, party=party):
            return office.id
    return ""


def _covers(tenure: CustodianOfficer, signature: SignatureFacts) -> bool:
    return _in_tenure(tenure, signature.signing_time) and _in_tenure(tenure, signature.received_at)


def _in_tenure(tenure: CustodianOfficer, moment: datetime) -> bool:
    return tenure.since <= moment and (tenure.until is None or moment < tenure.until)


def _need_policies(wanted: set[str], signature: SignatureFacts) -> None:
    if not wanted <= set(signature.policies):
        raise PrivityError(
            ErrorCode.CERTIFICATE_INVALID,
            "the signer's certificate was not issued under the certificate policy that this signature needs",
            "Sign with the certificate issued for this use.",
        )


def _refuse(message: str, mend: str) -> NoReturn:
    raise PrivityError(ErrorCode.SIGNER_UNAUTHORISED, message, mend)
