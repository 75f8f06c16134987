"""No sequence of moves releases without two distinct approvers, an agreement in force, no hold, and a current review.

A real home, real signatures, the real database. The machine moves in any order; beside it runs a small model that knows
nothing of the gate's code. After every move: what is newly released must have been releasable by the model.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from ruamel.yaml import YAML

import privity_verify
from privity.domain.errors import PrivityError
from privity.domain.holds import HoldScope
from privity.domain.offices import CustodianRole
from privity.ports.stored import Verdict
from privity.services.admission.revoke_admission import return_request
from privity.services.agreements.decide_on_agreement import activate_agreement, end_agreement, suspend_agreement
from privity.services.agreements.record_agreement import record_agreement
from privity.services.agreements.record_offices import record_offices
from privity.services.holds.place_hold import lift_hold, place_hold
from privity.services.release.release_response import release_response
from privity.services.release.review_request import approve_release
from tests.builders.custodian_home import Desk, adopt, agreement_signatures, fresh, signer_of

ID = "tax-enforcement-2025"
COUNSEL = CustodianRole.COUNSEL
REQUESTER = "enforcement-agency"
SCOPES = (HoldScope.EVERYTHING, HoldScope.AGREEMENT, HoldScope.REQUESTER, HoldScope.REQUEST)
OFFICERS = (0, 1, 2)  # two disclosure officers and counsel
TOLD = {"released": 0, "stopped": 0}


class _Start:
    """One home whose request waits for review, made once; every run of the machine starts from a copy."""

    made: tuple[Path, Desk, str] | None = None

    @classmethod
    def get(cls) -> tuple[Path, Desk, str]:
        if cls.made is None:
            folder = Path(tempfile.mkdtemp(prefix="privity-release-"))
            desk = fresh(folder)
            second = desk.stage.agreement.read_bytes().replace(b"\nversion: 1\n", b"\nversion: 2\n")
            record_agreement(desk.gate, second, signatures=agreement_signatures(desk.stage, second))
            request_id = desk.receive(desk.pack(desk.stage.first)).request_id
            desk.match(request_id)
            desk.clock.advance(60)
            desk.store.close()
            cls.made = (desk.home, desk, request_id)
        return cls.made


class Releases(RuleBasedStateMachine):
    """Every move an officer, counsel or the calendar can make, in any order."""

    def __init__(self) -> None:
        super().__init__()
        home, made, self.request_id = _Start.get()
        self.folder = Path(tempfile.mkdtemp(prefix="privity-machine-"))
        self.desk = adopt(home, self.folder / "home", made.stage, clock=type(made.clock)(made.clock.ahead))
        self.votes: dict[int, Verdict] = {}
        self.content = self._request().content_sha256
        self.holds: set[str] = set()
        self.life = "active"
        self.review = "current"
        self.absent: set[int] = set()
        self.released = False
        self.whole = False  # the admission was revoked: what leaves answers nothing

    def teardown(self) -> None:
        self.desk.store.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _request(self) -> Any:
        with self.desk.store.reading() as read:
            return read.request(self.request_id)  # type: ignore[arg-type]

    def _try(self, act: Any) -> bool:
        try:
            act()
        except PrivityError:
            TOLD["stopped"] += 1
            return False
        return True

    # officers

    def _person(self, officer: int) -> Any:
        pki = self.desk.stage.pki
        return (*pki.disclosure_officers[:2], pki.counsel)[officer]

    def _approve(self, officer: int, verdict: Verdict) -> None:
        signer = signer_of(self._person(officer))
        if self._try(lambda: approve_release(self.desk.gate, self.request_id, signer, verdict=verdict)):
            assert officer not in self.votes, "nobody signs the same content twice"
            assert officer not in self.absent
            self.votes[officer] = verdict

    @rule(officer=st.sampled_from(OFFICERS))
    def one_approves(self, officer: int) -> None:
        self._approve(officer, Verdict.RELEASE)

    @rule(pair=st.sampled_from([(0, 1), (0, 2), (2, 1)]))
    def two_approve(self, pair: tuple[int, int]) -> None:
        for officer in pair:
            self._approve(officer, Verdict.RELEASE)

    @rule(officer=st.sampled_from(OFFICERS), twice=st.sampled_from([False, False, False, True]))
    def one_refuses(self, officer: int, twice: bool) -> None:
        if twice:
            self._approve(officer, Verdict.REFUSE)

    # counsel

    @rule(scope=st.sampled_from(SCOPES))
    def place(self, scope: HoldScope) -> None:
        target = {
            HoldScope.EVERYTHING: "",
            HoldScope.AGREEMENT: ID,
            HoldScope.REQUESTER: REQUESTER,
            HoldScope.REQUEST: self.request_id,
        }[scope]
        self.holds.add(place_hold(self.desk.gate, scope, target, "court_order", "", role=COUNSEL).hold_id)

    @precondition(lambda self: self.holds)
    @rule()
    def lift_all(self) -> None:
        for hold_id in sorted(self.holds):
            lift_hold(self.desk.gate, hold_id)
        self.holds.clear()

    @rule()
    def suspend(self) -> None:
        if self._try(lambda: suspend_agreement(self.desk.gate, ID, "incident")):
            assert self.life in ("active", "replaced")
            self.life = "suspended"

    @rule(version=st.sampled_from([1, 1, 1, 2]))
    def activate(self, version: int) -> None:
        if self._try(lambda: activate_agreement(self.desk.gate, ID, version)):
            assert self.life != "ended", "what was ended never comes back"
            self.life = "active" if version == 1 else "replaced"

    @rule(really=st.sampled_from([False] * 7 + [True]))
    def end(self, really: bool) -> None:
        if really and self._try(lambda: end_agreement(self.desk.gate, ID, "by_agreement")):
            self.life = "ended"

    # the office register: reviews run out, findings are overdue, officers leave

    def _record(self) -> None:
        register = YAML(typ="safe", pure=True).load(self.desk.stage.offices.read_text(encoding="utf-8"))
        today = self.desk.clock.now().date()
        review = register["safeguards"][0]
        if self.review == "out of date":
            review["reviewed_on"] = (today - timedelta(days=1096)).isoformat()
        if self.review == "overdue finding":
            review["findings"] = [{"id": "F-1", "plan_due": (today - timedelta(days=1)).isoformat()}]
        gone = {self._person(officer).id for officer in self.absent}
        register["custodian_officers"] = [one for one in register["custodian_officers"] if one["id"] not in gone]
        path = self.folder / "offices.yaml"
        with path.open("w", encoding="utf-8") as stream:
            YAML(typ="safe", pure=True).dump(register, stream)
        record_offices(self.desk.gate, path.read_bytes())

    @rule(review=st.sampled_from(["current", "current", "out of date", "overdue finding"]))
    def the_review_changes(self, review: str) -> None:
        self.review = review
        self._record()

    @rule(officer=st.sampled_from(OFFICERS), leaves=st.sampled_from([False, False, True]))
    def an_officer_comes_or_leaves(self, officer: int, leaves: bool) -> None:
        (self.absent.add if leaves else self.absent.discard)(officer)
        self._record()

    # the way out

    @precondition(lambda self: not self.released and not self._answerable())
    @rule()
    def give_back(self) -> None:
        if self._try(lambda: return_request(self.desk.gate, self.request_id)):
            assert not self.holds
            assert not self.whole
            self.whole = True

    @rule()
    def release(self) -> None:
        self._try(lambda: release_response(self.desk.gate, self.request_id))

    @rule()
    def deliver(self) -> None:
        if self._try(lambda: self.desk.deliver(self.request_id)):
            assert self._may_leave(), "a delivery, too, asks everything anew"

    def _may_leave(self) -> bool:
        return (self._answerable() or self.whole) and not self.holds and self._approved()

    def _answerable(self) -> bool:
        return self.life == "active" and self.review == "current"

    def _approved(self) -> bool:
        in_office = {officer for officer in self.votes if officer not in self.absent}
        return len(in_office) >= 2 and all(one is Verdict.RELEASE for one in self.votes.values())

    @invariant()
    def nothing_is_released_that_might_not_leave(self) -> None:
        with self.desk.store.reading() as read:
            release = read.release(self.request_id)  # type: ignore[arg-type]
            request = read.request(self.request_id)  # type: ignore[arg-type]
            assert request is not None
            approvals = read.approvals(self.request_id, request.content_sha256)  # type: ignore[arg-type]
        if request.content_sha256 != self.content:  # approvals started anew
            assert release is None
            self.content, self.votes = request.content_sha256, {}
        assert len(approvals) == len(self.votes)
        assert (request.returned_whole, request.admitted == 0) == (self.whole, self.whole)
        if release is not None and not self.released:
            self.released = True
            TOLD["released"] += 1
            assert self._may_leave(), (self.votes, self.life, self.holds, self.review, self.absent)
            assert len({one.officer for one in approvals}) >= 2
            assert len({one.certificate for one in approvals}) >= 2
        visible = list(self.desk.out.glob("*.zip")) if self.desk.out.exists() else []
        assert not visible or release is not None

    @invariant()
    def an_outsider_finds_the_log_in_order(self) -> None:
        report = privity_verify.verify(self.desk.home / "log")
        assert not [one.reason for one in report.findings if one.outcome == "fail"]


def _run(examples: int, steps: int) -> None:
    TOLD.update(released=0, stopped=0)
    run_state_machine_as_test(
        Releases,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert TOLD["released"] >= 1, "no run released anything: the property would say nothing"
    assert TOLD["stopped"] >= examples, "no run was ever stopped: the property would say nothing"


def test_no_sequence_of_moves_releases_what_may_not_leave() -> None:
    _run(15, 14)


@pytest.mark.slow
def test_no_long_sequence_of_moves_releases_what_may_not_leave() -> None:
    _run(300, 40)


def test_the_model_sees_a_gate_that_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The property can fail: a gate that does not ask about holds any more is caught."""
    from privity.services.release import check_release

    monkeypatch.setattr(check_release, "need_unheld", lambda *_: None)
    machine = Releases()
    try:
        machine.two_approve((0, 1))
        machine.place(HoldScope.EVERYTHING)
        machine.release()
        with pytest.raises(AssertionError):
            machine.nothing_is_released_that_might_not_leave()
    finally:
        machine.teardown()
