"""R01 in time: succession, gaps, acting holders, delegates, terms that ended a minute ago, clocks that disagree."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

import pytest

from privity.domain.agreement import Agreement, AgreementSide
from privity.domain.certificate_policies import CUSTODIAN_OFFICER
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.offices import OfficeHolding, OfficeRegister
from privity.domain.personal import Personal
from privity.policy.admission import SignatureFacts, judge_request
from privity.policy.admission.request_rules import CLOCK_SKEW
from privity.policy.agreement_signatures import speaks_for
from privity.policy.office_authority import (
    ANOTHER,
    DISPUTED,
    NO_ACTING,
    NO_DELEGATES,
    NOBODY,
    NOT_NAMED,
    NOT_THEN,
    authority_gap,
)
from tests.builders.admission import NOW, context, example_agreement, header, offices, signature

AGREEMENT = example_agreement()
NAMED = (AGREEMENT.id, AGREEMENT.version, AGREEMENT.digest)
DIRECTOR = "enforcement-director"
FIRST, SECOND, THIRD = "1" * 64, "2" * 64, "3" * 64
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HANDOVER = NOW - 10 * DAY


def tenure(
    certificate: str,
    since: datetime = NOW - 400 * DAY,
    until: datetime | None = None,
    *,
    acting: bool = False,
    delegate: bool = False,
    office: str = DIRECTOR,
) -> OfficeHolding:
    name = Personal(f"holder {certificate[0]}")
    return OfficeHolding(office, "enforcement-agency", name, since, until, acting, (certificate,), delegate)


def register(*holdings: OfficeHolding) -> OfficeRegister:
    return offices(holdings=holdings)


def gap(
    register_: OfficeRegister,
    certificate: str,
    *moments: datetime,
    agreement: Agreement = AGREEMENT,
    office: str = DIRECTOR,
) -> str:
    return authority_gap(agreement, register_, office, certificate, moments or (NOW - HOUR, NOW))


SUCCESSION = register(tenure(FIRST, until=HANDOVER), tenure(SECOND, since=HANDOVER))


def test_succession_passes_authority_at_one_moment() -> None:
    assert gap(SUCCESSION, FIRST, HANDOVER - MINUTE, HANDOVER - timedelta(seconds=1)) == ""
    assert gap(SUCCESSION, SECOND, HANDOVER, NOW) == ""
    assert gap(SUCCESSION, FIRST, HANDOVER, NOW) == NOT_THEN
    assert gap(SUCCESSION, SECOND, HANDOVER - MINUTE, NOW) == NOT_THEN


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1), MINUTE, DAY])
def test_a_signature_after_the_term_ended_is_refused(late: timedelta) -> None:
    assert gap(SUCCESSION, FIRST, HANDOVER + late, HANDOVER + late) == NOT_THEN


def test_a_signature_in_the_term_that_arrives_a_minute_after_it_is_refused() -> None:
    """Without a trusted timestamp it could have been made after the term and dated back."""
    assert gap(SUCCESSION, FIRST, HANDOVER - HOUR, HANDOVER + MINUTE) == NOT_THEN


def test_a_gap_leaves_nobody_who_may_sign() -> None:
    vacant = register(tenure(FIRST, until=HANDOVER), tenure(SECOND, since=HANDOVER + 5 * DAY))
    for certificate in (FIRST, SECOND):
        assert gap(vacant, certificate, HANDOVER + DAY, HANDOVER + DAY) == NOT_THEN
    assert gap(vacant, THIRD, HANDOVER + DAY, HANDOVER + DAY) == NOBODY
    assert gap(register(tenure(FIRST, office="department-secretary")), THIRD) == NOBODY
    assert gap(vacant, THIRD, NOW, NOW) == ANOTHER


def test_only_offices_of_the_agreement_sign() -> None:
    assert gap(register(tenure(FIRST, office="field-office")), FIRST, office="field-office") == NOT_NAMED
    assert gap(register(tenure(FIRST, office="department-secretary")), FIRST) == NOBODY


def test_one_who_acts_signs_beside_the_regular_holder_who_is_absent() -> None:
    absent = register(tenure(FIRST), tenure(SECOND, since=HANDOVER, acting=True))
    assert gap(absent, FIRST) == ""
    assert gap(absent, SECOND) == ""


def test_two_who_act_at_once_bind_nobody_until_the_register_says_who() -> None:
    both = register(tenure(FIRST, since=HANDOVER, acting=True), tenure(SECOND, since=HANDOVER + DAY, acting=True))
    assert gap(both, FIRST) == DISPUTED
    assert gap(both, SECOND) == DISPUTED
    assert gap(both, FIRST, HANDOVER + HOUR, HANDOVER + 2 * HOUR) == "", "before the second began, one alone acted"
    settled = register(
        tenure(FIRST, since=HANDOVER, until=HANDOVER + DAY, acting=True),
        tenure(SECOND, since=HANDOVER + DAY, acting=True),
    )
    assert gap(settled, SECOND) == ""


def test_one_person_with_two_acting_tenures_disputes_nothing() -> None:
    twice = register(
        tenure(FIRST, since=HANDOVER, acting=True), tenure(FIRST, since=HANDOVER + DAY, until=NOW + DAY, acting=True)
    )
    assert gap(twice, FIRST) == ""


def test_a_disputed_acting_office_does_not_take_the_regular_holders_authority() -> None:
    three = register(
        tenure(THIRD), tenure(FIRST, since=HANDOVER, acting=True), tenure(SECOND, since=HANDOVER, acting=True)
    )
    assert gap(three, THIRD) == ""
    assert gap(three, FIRST) == DISPUTED


def test_delegates_and_acting_holders_only_where_the_agreement_allows_them() -> None:
    delegate, acting = register(tenure(FIRST, delegate=True)), register(tenure(FIRST, acting=True))
    assert gap(delegate, FIRST) == NO_DELEGATES
    assert gap(delegate, FIRST, agreement=dataclasses.replace(AGREEMENT, delegates_allowed=True)) == ""
    assert gap(acting, FIRST) == ""
    assert gap(acting, FIRST, agreement=dataclasses.replace(AGREEMENT, acting_allowed=False)) == NO_ACTING


def test_the_consent_agreement_takes_the_officer_in_person_alone() -> None:
    consent = example_agreement("consent-based-verification")
    held = OfficeHolding(
        "consent-compliance-office", "verification-bank", Personal("C"), NOW - DAY, None, True, (FIRST,)
    )
    assert gap(register(held), FIRST, agreement=consent, office=held.office) == NO_ACTING
    regular = register(dataclasses.replace(held, acting=False))
    assert gap(regular, FIRST, agreement=consent, office=held.office) == ""


# Clocks that disagree: the requester's says when it signed, ours when it arrived.


def rules(**sign: object) -> list[str]:
    made = {"created_at": sign.pop("created_at")} if "created_at" in sign else {}
    return [one.rule for one in judge_request(header(**made), NAMED, signature(**sign), context())]


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (timedelta(0), []),
        (4 * MINUTE, []),
        (CLOCK_SKEW, []),
        (CLOCK_SKEW + timedelta(seconds=1), ["R02"]),
        (HOUR, ["R02"]),
        (-HOUR, []),
    ],
)
def test_a_requesters_clock_may_run_a_little_ahead(ahead: timedelta, expected: list[str]) -> None:
    assert rules(signing_time=NOW + ahead) == expected


def test_a_header_made_after_it_was_signed_is_refused_beyond_the_skew() -> None:
    signed = NOW - 2 * HOUR
    assert rules(signing_time=signed, created_at=signed + CLOCK_SKEW) == []
    assert rules(signing_time=signed, created_at=signed + CLOCK_SKEW + MINUTE) == ["R10"]


def test_a_fast_clock_gains_no_time_in_office() -> None:
    """A term that begins in two minutes does not cover a signature dated then and received now."""
    soon = register(tenure(FIRST, since=NOW + 2 * MINUTE))
    assert gap(soon, FIRST, NOW + 3 * MINUTE, NOW) == NOT_THEN
    ending = register(tenure(FIRST, until=NOW + MINUTE))
    assert gap(ending, FIRST, NOW + 2 * MINUTE, NOW) == NOT_THEN


def test_a_slow_clock_does_not_reach_back_into_a_former_term() -> None:
    assert gap(SUCCESSION, FIRST, HANDOVER - MINUTE, HANDOVER + MINUTE) == NOT_THEN


# The same authority speaks for the requester when the agreement itself is signed.


def test_agreements_are_signed_under_the_same_rule() -> None:
    def side(register_: OfficeRegister, certificate: str = FIRST) -> AgreementSide:
        policies = (*AGREEMENT.certificate_policies, CUSTODIAN_OFFICER)
        return speaks_for(AGREEMENT, register_, SignatureFacts(certificate, NOW - HOUR, NOW, policies))[0]

    assert side(register(tenure(FIRST))) is AgreementSide.REQUESTER
    both = register(tenure(FIRST, acting=True), tenure(SECOND, acting=True))
    foreign = register(dataclasses.replace(tenure(FIRST), party="another-agency"))
    for refused in (both, foreign, register(tenure(FIRST, delegate=True)), register(tenure(FIRST, until=NOW - MINUTE))):
        with pytest.raises(PrivityError) as caught:
            side(refused)
        assert caught.value.code is ErrorCode.SIGNER_UNAUTHORISED
