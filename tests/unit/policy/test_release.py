"""What must hold at release: standing, recipients, and two different people in the right roles on the same content."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from privity.domain.agreement import BOTH_SIDES
from privity.policy.release import Approval, approvers, judge_release, judge_standing
from tests.builders.admission import NOW, example_agreement, offices

HASH = "1" * 64
ALBA, BELL, COLE = ("b" * 64, "c" * 64, "d" * 64)
AGREEMENT = example_agreement()


def approval(certificate: str, **changes: object) -> Approval:
    return dataclasses.replace(Approval(certificate, HASH, True, NOW), **changes)  # type: ignore[arg-type]


def release(*approvals: Approval, holds: tuple[str, ...] = (), **changes: object) -> list[str]:
    register = offices(**changes)
    facts = {"signed_by": BOTH_SIDES, "stopped": ""}
    found = judge_release(AGREEMENT, register, holds, ["officer-1"], approvals, HASH, NOW, **facts)  # type: ignore[arg-type]
    return [one.rule for one in found]


def test_two_different_people_release() -> None:
    assert release(approval(ALBA), approval(BELL)) == []


@pytest.mark.parametrize(
    "approvals",
    [
        (),
        (approval(ALBA),),
        (approval(ALBA), approval(ALBA)),
        (approval(ALBA), approval(COLE)),  # an auditor may not approve
        (approval(ALBA), approval("e" * 64)),
        (approval(ALBA), approval(BELL, content_sha256="2" * 64)),
        (approval(ALBA), approval(BELL, approves=False)),
        (approval(ALBA), approval(BELL, signed_at=NOW - timedelta(days=4000))),
    ],
)
def test_anything_less_does_not(approvals: tuple[Approval, ...]) -> None:
    assert release(*approvals) == ["A08"]


def test_one_person_with_two_certificates_is_one_person() -> None:
    register = offices()
    alba = dataclasses.replace(register.custodian_officers[0], certificates=(ALBA, "f" * 64))
    register = dataclasses.replace(register, custodian_officers=(alba, *register.custodian_officers[1:]))
    assert approvers((approval(ALBA), approval("f" * 64)), register, HASH) == {"alba"}


def test_holds_dates_and_safeguards_are_asked_again() -> None:
    both = (approval(ALBA), approval(BELL))
    assert release(*both, holds=("hold-1",)) == ["R09"]
    assert release(*both, safeguards=()) == ["R08"]
    late = dataclasses.replace(AGREEMENT, expires=NOW.date() - timedelta(days=1))
    assert [one.rule for one in judge_standing(late, offices(), (), NOW, signed_by=BOTH_SIDES, stopped="")] == ["R07"]
