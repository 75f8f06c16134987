"""For whom a signature over an agreement speaks: holders of signing offices now, custodian counsel, nobody else."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from privity.domain.agreement import AgreementSide
from privity.domain.certificate_policies import CUSTODIAN_OFFICER
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.offices import OfficeRegister
from privity.policy.admission import SignatureFacts
from privity.policy.agreement_signatures import speaks_for
from tests.builders.admission import FINGERPRINT, NOW, example_agreement, offices

AGREEMENT = example_agreement()
DISCLOSURE, COUNSEL, AUDITOR = ("b" * 64, "c" * 64, "d" * 64)
EARLIER = NOW - timedelta(hours=2)


def spoken(
    certificate: str, policies: tuple[str, ...], register: OfficeRegister | None = None
) -> tuple[AgreementSide, str]:
    facts = SignatureFacts(certificate, EARLIER, NOW, policies)
    return speaks_for(AGREEMENT, register or offices(), facts)


def refused(certificate: str, policies: tuple[str, ...], register: OfficeRegister | None = None) -> ErrorCode:
    with pytest.raises(PrivityError) as raised:
        spoken(certificate, policies, register)
    assert raised.value.mend
    return raised.value.code


def with_tenure(since: timedelta, until: timedelta | None) -> OfficeRegister:
    """Everybody holds their place from and until so long before (negative: after) now."""
    register = offices()
    moments = {"since": NOW - since, "until": None if until is None else NOW - until}
    return dataclasses.replace(
        register,
        holdings=tuple(dataclasses.replace(one, **moments) for one in register.holdings),
        custodian_officers=tuple(dataclasses.replace(one, **moments) for one in register.custodian_officers),
    )


def test_a_holder_speaks_for_the_requester_and_counsel_for_the_custodian() -> None:
    assert spoken(FINGERPRINT, AGREEMENT.certificate_policies) == (AgreementSide.REQUESTER, "enforcement-director")
    assert spoken(COUNSEL, (CUSTODIAN_OFFICER,)) == (AgreementSide.CUSTODIAN, "counsel")


@pytest.mark.parametrize("certificate", [DISCLOSURE, AUDITOR, "e" * 64])
def test_other_officers_and_strangers_speak_for_nobody(certificate: str) -> None:
    assert refused(certificate, (CUSTODIAN_OFFICER, *AGREEMENT.certificate_policies)) is ErrorCode.SIGNER_UNAUTHORISED


def test_the_certificate_was_issued_for_this_use() -> None:
    assert refused(FINGERPRINT, (CUSTODIAN_OFFICER,)) is ErrorCode.CERTIFICATE_INVALID
    assert refused(COUNSEL, AGREEMENT.certificate_policies) is ErrorCode.CERTIFICATE_INVALID


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (timedelta(hours=1), None),  # took office after signing
        (timedelta(days=9), timedelta(hours=1)),  # left between signing and recording
        (timedelta(days=9), timedelta(days=1)),  # left before
    ],
)
def test_one_tenure_covers_signing_and_recording(since: timedelta, until: timedelta | None) -> None:
    register = with_tenure(since, until)
    assert refused(FINGERPRINT, AGREEMENT.certificate_policies, register) is ErrorCode.SIGNER_UNAUTHORISED
    assert refused(COUNSEL, (CUSTODIAN_OFFICER,), register) is ErrorCode.SIGNER_UNAUTHORISED


def test_the_holder_of_another_office_or_of_another_party_does_not_speak() -> None:
    for change in ({"office": "press-office"}, {"party": "somebody-else"}):
        register = offices()
        holdings = tuple(dataclasses.replace(one, **change) for one in register.holdings)
        register = dataclasses.replace(register, holdings=holdings)
        assert refused(FINGERPRINT, AGREEMENT.certificate_policies, register) is ErrorCode.SIGNER_UNAUTHORISED


def test_one_person_is_not_both_parties() -> None:
    register = offices()
    both = tuple(dataclasses.replace(one, certificates=(COUNSEL,)) for one in register.holdings)
    register = dataclasses.replace(register, holdings=both)
    code = refused(COUNSEL, (CUSTODIAN_OFFICER, *AGREEMENT.certificate_policies), register)
    assert code is ErrorCode.SIGNER_UNAUTHORISED
