"""C7: a hold works before the next line, at approval, at release, at the moment of visibility, at every delivery."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import HoldScope
from privity.domain.offices import CustodianRole
from privity.services.admission.show_request import list_requests, show_request
from privity.services.answering.answer_lines import answer_lines
from privity.services.holds.place_hold import lift_hold, list_holds, place_hold
from privity.services.release.release_response import release_response
from privity.wire.agreement_format import read_agreement
from tests.builders.custodian_home import Desk, fresh
from tests.builders.small_chunks import cut_small

COUNSEL = CustodianRole.COUNSEL


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return fresh(tmp_path)


def held(action: Callable[[], object]) -> None:
    with pytest.raises(PrivityError) as refused:
        action()
    assert refused.value.code is ErrorCode.ON_HOLD


def requester_of(desk: Desk) -> str:
    return read_agreement(desk.stage.agreement.read_bytes()).requester.id


def hold_of(desk: Desk, scope: HoldScope) -> str:
    target = {
        HoldScope.EVERYTHING: "",
        HoldScope.AGREEMENT: "tax-enforcement-2025",
        HoldScope.REQUESTER: requester_of(desk),
        HoldScope.REQUEST: desk.stage.first.id,
    }[scope]
    return place_hold(desk.gate, scope, target, "court_order", "docket 1:26-cv-1", role=COUNSEL).hold_id


@pytest.mark.parametrize("scope", [one for one in HoldScope if one is not HoldScope.CLASS])
def test_a_hold_stops_each_step_and_lifting_it_lets_the_walk_go_on(desk: Desk, scope: HoldScope) -> None:
    request_id = desk.receive(desk.pack(desk.stage.first)).request_id
    for step in (
        lambda: desk.match(request_id),
        lambda: desk.approve(request_id, 0),
        lambda: desk.approve(request_id, 1),
    ):
        hold = hold_of(desk, scope)
        held(step)
        lift_hold(desk.gate, hold, role=COUNSEL)
        step()
    desk.clock.advance(60)
    hold = hold_of(desk, scope)
    held(lambda: release_response(desk.gate, request_id))
    held(lambda: desk.deliver(request_id))
    assert not desk.out.exists()
    assert show_request(desk.gate, request_id).row.on_hold
    lift_hold(desk.gate, hold, role=COUNSEL)
    first = desk.deliver(request_id)
    hold = hold_of(desk, scope)
    held(lambda: desk.deliver(request_id))
    lift_hold(desk.gate, hold, role=COUNSEL)
    assert desk.deliver(request_id).package_sha256 == first.package_sha256


def test_a_hold_placed_while_lines_are_answered_keeps_those_answers_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Placed by another process between two batches: the batch at hand is not kept, and no further line is answered."""
    cut_small(10, monkeypatch.setattr)
    request_id = desk.receive(desk.pack(desk.stage.first)).request_id
    batches = 0

    def answer(*arguments: object) -> object:
        nonlocal batches
        batches += 1
        if batches == 3:
            hold_of(desk, HoldScope.REQUEST)
        return answer_lines(*arguments)  # type: ignore[arg-type]

    held(lambda: desk.match(request_id, answer=answer))
    assert batches == 3
    assert show_request(desk.gate, request_id).chunks_decided == 2
    lift_hold(desk.gate, list_holds(desk.gate)[0].hold_id, role=COUNSEL)
    matched = desk.match(request_id)
    assert matched.chunks_resumed == 2
    assert matched.state == "AWAITING_REVIEW"


def test_a_hold_placed_at_the_last_moment_keeps_the_package_invisible(desk: Desk) -> None:
    """After the long look and before the rename: the deciding transaction sees it."""
    request_id = desk.receive(desk.pack(desk.stage.first)).request_id
    desk.match(request_id)
    desk.approve_twice(request_id)
    desk.clock.advance(60)
    release_response(desk.gate, request_id)
    real = desk.gate.log.inclusion_proof

    class HoldingLog:
        """Places a hold while the proof is fetched."""

        def __getattr__(self, name: str) -> object:
            return getattr(desk.gate.log, name)

        def inclusion_proof(self, index: int) -> bytes:
            hold_of(desk, HoldScope.EVERYTHING)
            return real(index)

    from privity.services.release.release_response import deliver_response

    gate = replace(desk.gate, log=HoldingLog())  # type: ignore[arg-type]
    held(lambda: deliver_response(gate, request_id, desk.out))
    assert not desk.out.exists()


def test_a_request_that_arrives_under_a_hold_goes_back_whole(desk: Desk) -> None:
    hold = hold_of(desk, HoldScope.AGREEMENT)
    received = desk.receive(desk.pack(desk.stage.first))
    assert received.returned_whole
    assert received.admitted == 0
    assert received.codes == {"ON_HOLD": received.lines}
    lift_hold(desk.gate, hold, role=COUNSEL)
    with pytest.raises(PrivityError) as refused:
        desk.match(received.request_id)
    assert refused.value.code is ErrorCode.STATE_CONFLICT


def test_holds_are_for_those_who_may(desk: Desk) -> None:
    with pytest.raises(PrivityError) as refused:
        place_hold(desk.gate, HoldScope.EVERYTHING, "", "court_order", "", role=CustodianRole.AUDITOR)
    assert refused.value.code is ErrorCode.ROLE_FORBIDDEN
    hold = hold_of(desk, HoldScope.EVERYTHING)
    with pytest.raises(PrivityError) as refused:
        lift_hold(desk.gate, hold, role=CustodianRole.DISCLOSURE_OFFICER)
    assert refused.value.code is ErrorCode.ROLE_FORBIDDEN
    with pytest.raises(PrivityError) as refused:
        place_hold(desk.gate, HoldScope.REQUEST, "R-none", "court_order", "", role=COUNSEL)
    assert refused.value.code is ErrorCode.NOT_FOUND
    assert [row.docket for row in list_holds(desk.gate)] == ["docket 1:26-cv-1"]
    assert list_requests(desk.gate) == ()


def test_an_agreement_that_has_ended_stops_release_and_delivery(desk: Desk) -> None:
    request_id = desk.receive(desk.pack(desk.stage.first)).request_id
    desk.match(request_id)
    desk.approve_twice(request_id)
    desk.clock.ahead += timedelta(days=365 * 12)
    with pytest.raises(PrivityError) as refused:
        desk.deliver(request_id)
    assert refused.value.code is ErrorCode.AGREEMENT_NOT_IN_FORCE
    assert not desk.out.exists()


@pytest.mark.parametrize(
    ("whom", "when"),
    [
        ("recipient", "before release"),
        ("signatory", "before release"),
        ("approver", "before release"),
        ("recipient", "before the second delivery"),
    ],
)
def test_a_revoked_certificate_stops_release_and_delivery(tmp_path: Path, whom: str, when: str) -> None:
    """The revocation list is read anew when the home is opened; nothing rests on an earlier look."""
    from privity.adapters.trust_files import TrustFiles
    from tests.builders.custodian_home import make_home, stage

    staged = stage(tmp_path / "stage", lines=24, register_rows=300, seed=3)
    desk = make_home(tmp_path / "home", staged)
    request_id = desk.receive(desk.pack(staged.first)).request_id
    desk.match(request_id)
    desk.approve_twice(request_id)
    desk.clock.advance(60)
    if when != "before release":
        desk.deliver(request_id)
    _revoke(desk, whom)
    TrustFiles(desk.home).add([], [], [path.read_bytes() for path in staged.pki.crls])
    again = Desk(desk.home, staged, desk.clock)
    with pytest.raises(PrivityError) as refused:
        again.deliver(request_id, tmp_path / "elsewhere")
    assert refused.value.code is ErrorCode.CERTIFICATE_INVALID
    assert not (tmp_path / "elsewhere").exists()


def test_a_certificate_revoked_while_lines_are_answered_stops_the_next_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same process, with the verifier that commands use: the new list counts as soon as it lies there."""
    from privity.adapters.trust_files import TrustFiles
    from privity.bootstrap.wiring.late import LateVerifier
    from tests.builders.custodian_home import make_home, stage

    cut_small(10, monkeypatch.setattr)
    staged = stage(tmp_path / "stage", lines=24, register_rows=300, seed=3)
    desk = make_home(tmp_path / "home", staged)
    request_id = desk.receive(desk.pack(staged.first)).request_id
    desk.gate = replace(desk.gate, verifier=LateVerifier(desk.home))
    batches = 0

    def answer(*arguments: object) -> object:
        nonlocal batches
        batches += 1
        if batches == 2:
            desk.clock.advance(60)
            _revoke(desk, "signatory")
            TrustFiles(desk.home).add([], [], [path.read_bytes() for path in staged.pki.crls])
        return answer_lines(*arguments)  # type: ignore[arg-type]

    with pytest.raises(PrivityError) as refused:
        desk.match(request_id, answer=answer)
    assert refused.value.code is ErrorCode.CERTIFICATE_INVALID
    assert batches == 2
    for anew in (desk, Desk(desk.home, staged, desk.clock)):
        with pytest.raises(PrivityError) as refused:
            anew.match(request_id, answer=answer)
        assert refused.value.code is ErrorCode.CERTIFICATE_INVALID
    assert batches == 2
    assert show_request(desk.gate, request_id).row.state == "ADMITTED"


def _revoke(desk: Desk, whom: str) -> None:
    from cryptography import x509

    pki = desk.stage.pki
    identity, authority = {
        "recipient": (pki.officers[5], pki.requester_authority),
        "signatory": (list(pki.holders.values())[-1], pki.requester_authority),
        "approver": (pki.disclosure_officers[1], pki.custodian_authority),
    }[whom]
    now = desk.clock.now() - timedelta(seconds=30)
    authority.revoke(x509.load_pem_x509_certificate(identity.certificate.read_bytes()), at=now)
    pki.write_revocation_lists(at=now)
