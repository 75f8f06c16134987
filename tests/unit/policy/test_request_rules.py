"""Each R rule and V01 with an accepted and refused requests, one rule at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from privity.domain.agreement import AgreementSide
from privity.domain.offices import OfficeHolding, OfficeRegister, SafeguardFinding, Safeguards
from privity.domain.personal import Personal
from privity.domain.request import RequestFinding
from privity.policy.admission import judge_lines, judge_request
from tests.builders.admission import (
    FINGERPRINT,
    NOW,
    address,
    context,
    example_agreement,
    header,
    line,
    offices,
    signature,
)

AGREEMENT = example_agreement()
NAMED = (AGREEMENT.id, AGREEMENT.version, AGREEMENT.digest)
DAY = timedelta(days=1)


def findings(
    named: tuple[str, int, str] = NAMED,
    head: dict[str, object] | None = None,
    sign: dict[str, object] | None = None,
    ctx: dict[str, object] | None = None,
) -> list[str]:
    found = judge_request(header(**head or {}), named, signature(**sign or {}), context(**ctx or {}))
    return [f"{one.rule} {one.code.value}" for one in found]


def test_a_good_request_has_no_finding() -> None:
    assert findings() == []


def holding(**changes: object) -> OfficeRegister:
    return offices(holdings=(dataclasses.replace(offices().holdings[0], **changes),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({"head": {"office": "field-office"}}, "R01 SIGNER_UNAUTHORISED"),
        ({"head": {"office": "department-secretary"}}, "R01 SIGNER_UNAUTHORISED"),
        ({"sign": {"fingerprint": "f" * 64}}, "R01 SIGNER_UNAUTHORISED"),
        ({"ctx": {"offices": holding(until=NOW - timedelta(hours=1))}}, "R01 SIGNER_UNAUTHORISED"),
        ({"ctx": {"offices": holding(until=NOW - timedelta(hours=3))}}, "R01 SIGNER_UNAUTHORISED"),
        ({"ctx": {"offices": holding(since=NOW - timedelta(hours=1))}}, "R01 SIGNER_UNAUTHORISED"),
        ({"sign": {"policies": ()}}, "R02 SIGNATURE_INVALID"),
        ({"sign": {"policies": ("1.2.3",)}}, "R02 SIGNATURE_INVALID"),
        ({"sign": {"signing_time": NOW + timedelta(hours=1)}}, "R02 SIGNATURE_INVALID"),
        ({"head": {"requester": "another-agency"}}, "R03 AGENCY_UNRECOGNISED"),
        ({"ctx": {"offices": holding(party="another-agency")}}, "R03 AGENCY_UNRECOGNISED"),
        ({"head": {"request_type": "disclose_address"}}, "R04 OUT_OF_SCOPE"),
        ({"head": {"statutes": ()}}, "R05 STATUTE_NOT_DESIGNATED"),
        ({"head": {"statutes": ("8 U.S.C. 1253(a)(1)", "8 U.S.C. 1325")}}, "R05 STATUTE_NOT_DESIGNATED"),
        ({"head": {"purpose": "civil-enforcement"}}, "R06 PURPOSE_NOT_ALLOWED"),
        ({"head": {"attestations": ("solely_for_this_use",)}}, "R06 PURPOSE_NOT_ALLOWED"),
        ({"named": ("other", 1, AGREEMENT.digest)}, "R07 AGREEMENT_NOT_IN_FORCE"),
        ({"named": (AGREEMENT.id, 2, AGREEMENT.digest)}, "R07 AGREEMENT_NOT_IN_FORCE"),
        ({"named": (AGREEMENT.id, 1, "0" * 64)}, "R07 AGREEMENT_NOT_IN_FORCE"),
        ({"head": {"agreement_version": 2}}, "R07 AGREEMENT_NOT_IN_FORCE"),
        ({"head": {"agreement_digest": "0" * 64}}, "R07 AGREEMENT_NOT_IN_FORCE"),
        (
            {"ctx": {"agreement": dataclasses.replace(AGREEMENT, expires=NOW.date() - DAY)}},
            "R07 AGREEMENT_NOT_IN_FORCE",
        ),
        ({"ctx": {"offices": offices(safeguards=())}}, "R08 SAFEGUARDS_UNMET"),
        ({"ctx": {"holds": ("hold-1",)}}, "R09 ON_HOLD"),
        ({"head": {"created_at": NOW}}, "R10 FORMAT_INVALID"),
        ({"ctx": {"seen_before": True}}, "R11 STALE_OR_REPLAYED"),
        ({"head": {"created_at": NOW - 31 * DAY}}, "R11 STALE_OR_REPLAYED"),
        ({"ctx": {"overdue_duties": 1}}, "R15 DUTIES_OVERDUE"),
    ],
)
def test_one_defect_one_finding(case: dict[str, dict[str, object]], expected: str) -> None:
    assert findings(**case) == [expected]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reviewed", "found", "passes"),
    [
        (date(2026, 1, 15), (), True),
        (date(2023, 1, 1), (), False),
        (date(2027, 1, 1), (), False),
        (date(2026, 1, 15), (SafeguardFinding("F1", date(2027, 1, 1), None),), True),
        (date(2026, 1, 15), (SafeguardFinding("F1", date(2026, 11, 19), None),), False),
        (date(2026, 1, 15), (SafeguardFinding("F1", None, None),), False),
        (date(2026, 1, 15), (SafeguardFinding("F1", None, date(2026, 2, 1)),), True),
        (date(2026, 1, 15), (SafeguardFinding("F1", None, date(2027, 2, 1)),), False),
    ],
)
def test_safeguards(reviewed: date, found: tuple[SafeguardFinding, ...], passes: bool) -> None:
    review = offices(safeguards=(Safeguards("enforcement-agency", reviewed, found),))
    assert findings(ctx={"offices": review}) == ([] if passes else ["R08 SAFEGUARDS_UNMET"])


def test_an_acting_holder_may_sign_and_a_successor_takes_over() -> None:
    acting = OfficeHolding(
        "enforcement-director", "enforcement-agency", Personal("E"), NOW - 2 * DAY, None, True, (FINGERPRINT,)
    )
    former = dataclasses.replace(offices().holdings[0], until=NOW - 2 * DAY, certificates=("9" * 64,))
    both = offices(holdings=(former, acting))
    assert findings(ctx={"offices": both}) == []
    assert findings(ctx={"offices": both}, sign={"fingerprint": "9" * 64}) == ["R01 SIGNER_UNAUTHORISED"]


def whole(lines: int, bad: int = 0, **ctx: object) -> list[RequestFinding]:
    """Findings over a file of `lines` lines of which `bad` are defective."""
    unknown = address("Unknown||Dallas|TX|75201")
    asked = [line(n, **({"address": unknown} if n <= bad else {})) for n in range(1, lines + 1)]
    return list(judge_lines(asked, header(), context(**ctx)).findings)


@pytest.mark.parametrize(("bad", "rules"), [(0, []), (5, []), (6, ["R13"]), (100, ["R13"])])
def test_more_than_five_per_cent_defective_goes_back_whole(bad: int, rules: list[str]) -> None:
    assert [one.rule for one in whole(100, bad)] == rules


def test_an_officer_has_at_most_fifty_open_cases() -> None:
    one_officer: Callable[[int], list[object]] = lambda many: [line(n, officer="officer-1") for n in range(1, many + 1)]  # noqa: E731
    assert [f.rule for f in judge_lines(one_officer(50), header(), context()).findings] == []  # type: ignore[arg-type]
    assert [f.rule for f in judge_lines(one_officer(51), header(), context()).findings] == ["R12"]  # type: ignore[arg-type]
    assert [one.rule for one in whole(1, open_cases={"officer-2": 49})] == []
    assert [one.rule for one in whole(1, open_cases={"officer-2": 50})] == ["R12"]


def with_parameters(rule: str, **parameters: int) -> object:
    rules = tuple(
        dataclasses.replace(use, parameters={**use.parameters, **parameters}) if use.rule == rule else use
        for use in AGREEMENT.rules
    )
    return dataclasses.replace(AGREEMENT, rules=rules)


def test_volume_by_request_and_by_year() -> None:
    assert [one.rule for one in whole(3, agreement=with_parameters("R14", per_request=2))] == ["R14"]
    small = with_parameters("R14", per_year=10)
    assert [one.rule for one in whole(3, agreement=small, lines_this_year=7)] == []
    assert [one.rule for one in whole(3, agreement=small, lines_this_year=8)] == ["R14"]
    assert [one.rule for one in whole(3, agreement=with_parameters("R10", max_lines=2))] == ["R10"]


def test_a_rule_the_agreement_leaves_out_is_not_applied() -> None:
    without = dataclasses.replace(AGREEMENT, rules=tuple(use for use in AGREEMENT.rules if use.rule != "R12"))
    lines = [line(n, officer="officer-1") for n in range(1, 60)]
    assert judge_lines(lines, header(), context(without)).findings == ()


def test_contractors_only_with_safeguards() -> None:
    staff = offices(2)
    bare = dataclasses.replace(staff.officers[1], contractor=True)
    safe = dataclasses.replace(bare, contractor_safeguarded=True)
    for officer, codes in ((bare, ["RECEIVER_CONTRACTOR"]), (safe, [])):
        roster = dataclasses.replace(staff, officers=(staff.officers[0], officer))
        found = judge_lines([line(1)], header(), context(offices=roster)).findings
        assert [one.code.value for one in found] == codes


def test_an_officer_without_a_certificate_is_unlisted() -> None:
    staff = offices(2)
    bare = dataclasses.replace(staff.officers[1], certificate_pem="")
    roster = dataclasses.replace(staff, officers=(staff.officers[0], bare))
    found = judge_lines([line(1)], header(), context(offices=roster)).findings
    assert [(one.code.value, one.rule) for one in found] == [("RECEIVER_UNLISTED", "V01")]


def test_an_officer_who_left_is_missing() -> None:
    staff = offices(2)
    gone = dataclasses.replace(staff.officers[1], until=NOW)
    roster = dataclasses.replace(staff, officers=(staff.officers[0], gone))
    judged = judge_lines([line(1)], header(), context(offices=roster)).judgements[0]
    assert getattr(judged, "code", None) == "OFFICER_MISSING"


@pytest.mark.parametrize("signed", [frozenset(), {AgreementSide.CUSTODIAN}, {AgreementSide.REQUESTER}])
def test_an_agreement_is_in_force_only_where_both_sides_signed(signed: frozenset[AgreementSide]) -> None:
    assert findings(ctx={"agreement_signed_by": frozenset(signed)}) == ["R07 AGREEMENT_NOT_IN_FORCE"]


@pytest.mark.parametrize(
    ("agreed", "found", "passes"),
    [
        ((SafeguardFinding("F1", date(2027, 1, 1), None),), (), True),
        ((SafeguardFinding("F1", date(2026, 1, 1), None),), (), False),
        ((SafeguardFinding("F1", date(2026, 1, 1), None),), (SafeguardFinding("F1", None, date(2026, 2, 1)),), True),
        ((SafeguardFinding("F1", date(2026, 1, 1), None),), (SafeguardFinding("F2", None, date(2026, 2, 1)),), False),
        ((SafeguardFinding("F1", date(2026, 1, 1), None),), (SafeguardFinding("F1", date(2027, 1, 1), None),), True),
    ],
)
def test_a_finding_of_the_agreement_is_open_until_the_register_closes_it(
    agreed: tuple[SafeguardFinding, ...], found: tuple[SafeguardFinding, ...], passes: bool
) -> None:
    agreement = dataclasses.replace(AGREEMENT, safeguard_findings=agreed)
    review = offices(safeguards=(Safeguards("enforcement-agency", date(2026, 1, 15), found),))
    assert findings(ctx={"agreement": agreement, "offices": review}) == ([] if passes else ["R08 SAFEGUARDS_UNMET"])


def test_a_review_older_than_the_one_agreed_upon_will_not_do() -> None:
    agreement = dataclasses.replace(AGREEMENT, safeguards_reviewed_on=date(2026, 1, 16))
    assert findings(ctx={"agreement": agreement}) == ["R08 SAFEGUARDS_UNMET"]
