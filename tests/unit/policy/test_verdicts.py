"""Two verdicts decide; a sample proves what it can and no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import PERMISSIONS, Action
from privity.domain.offices import CustodianOfficer, CustodianRole, OfficeRegister
from privity.domain.personal import Personal
from privity.policy.verdicts import (
    Outcome,
    Vote,
    acting_officer,
    error_bound,
    need_visible,
    outcome,
    sample_ordinals,
)

AT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ((), Outcome.WAITING),
        ((("a", "1", True),), Outcome.WAITING),
        ((("a", "1", False),), Outcome.WAITING),  # one refusal decides nothing: the first verdict stays blind
        ((("a", "1", True), ("a", "2", True)), Outcome.WAITING),
        ((("a", "1", True), ("b", "1", True)), Outcome.WAITING),
        ((("a", "1", True), ("b", "2", True)), Outcome.RELEASE),
        ((("a", "1", True), ("b", "2", False)), Outcome.REFUSE),
        ((("a", "1", False), ("b", "2", True)), Outcome.REFUSE),
        ((("a", "1", True), ("b", "2", True), ("c", "3", False)), Outcome.REFUSE),
    ],
)
def test_two_people_with_two_certificates_decide(votes: tuple[tuple[str, str, bool], ...], expected: Outcome) -> None:
    assert outcome([Vote(*vote) for vote in votes]) is expected


def officer(role: CustodianRole, *, since: int = -10, until: int | None = None) -> CustodianOfficer:
    end = None if until is None else AT + timedelta(days=until)
    return CustodianOfficer("o", Personal("Name"), role, AT + timedelta(days=since), end, ("f" * 64,))


def register(one: CustodianOfficer) -> OfficeRegister:
    return OfficeRegister("d" * 64, (), (), (one,), ())


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("role", list(CustodianRole))
def test_only_the_closed_table_lets_a_role_act(role: CustodianRole, action: Action) -> None:
    offices = register(officer(role))
    if role in PERMISSIONS[action]:
        assert acting_officer(offices, "f" * 64, AT, action).role is role
        return
    with pytest.raises(PrivityError) as refused:
        acting_officer(offices, "f" * 64, AT, action)
    assert refused.value.code is ErrorCode.ROLE_FORBIDDEN


@pytest.mark.parametrize(
    ("since", "until", "serves"), [(0, None, True), (1, None, False), (-9, 0, False), (-9, 1, True)]
)
def test_only_those_in_office_act(since: int, until: int | None, serves: bool) -> None:
    offices = register(officer(CustodianRole.COUNSEL, since=since, until=until))
    if serves:
        assert acting_officer(offices, "f" * 64, AT, Action.APPROVE)
        return
    with pytest.raises(PrivityError):
        acting_officer(offices, "f" * 64, AT, Action.APPROVE)


def test_an_unknown_certificate_acts_for_nobody() -> None:
    with pytest.raises(PrivityError) as refused:
        acting_officer(register(officer(CustodianRole.COUNSEL)), "0" * 64, AT, Action.APPROVE)
    assert refused.value.code is ErrorCode.ROLE_FORBIDDEN


def test_visible_from_its_very_moment_on() -> None:
    need_visible(AT, AT)
    with pytest.raises(PrivityError) as early:
        need_visible(AT, AT - timedelta(microseconds=1))
    assert early.value.code is ErrorCode.TOO_EARLY


@given(
    st.sets(st.integers(1, 10_000), max_size=60),
    st.integers(0, 80),
    st.text("0123456789abcdef", min_size=64, max_size=64),
)
def test_a_sample_is_the_same_for_everyone_and_from_the_population(ordinals: set[int], size: int, content: str) -> None:
    chosen = sample_ordinals(content, ordinals, size)
    assert chosen == sample_ordinals(content, sorted(ordinals, reverse=True), size)
    assert set(chosen) <= ordinals
    assert len(chosen) == min(size, len(ordinals))
    assert list(chosen) == sorted(chosen)


def test_another_content_draws_another_sample() -> None:
    drawn = {sample_ordinals(f"{n:064x}", range(1, 1001), 10) for n in range(50)}
    assert len(drawn) == 50


def test_the_bound_is_clopper_pearson_at_no_error() -> None:
    from scipy.stats import beta

    for sampled in (1, 10, 30, 300):
        assert error_bound(sampled, 10_000) == pytest.approx(beta.ppf(0.95, 1, sampled))
    assert (error_bound(30, 30), error_bound(0, 30), error_bound(0, 0)) == (0.0, 1.0, 0.0)
