"""What the verifier makes of decisions on agreements: the latest one on record decides, in the log's own order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from privity_verify import Entry, InvalidError, Story

AT = datetime(2026, 3, 2, tzinfo=UTC)
ONE = {"agreement_id": "a", "agreement_version": 1, "agreement_digest": "a" * 64}
TWO = {"agreement_id": "a", "agreement_version": 2, "agreement_digest": "b" * 64}
OTHER = {"agreement_id": "z", "agreement_version": 1, "agreement_digest": "c" * 64}
C, H = {"content_sha256": "d" * 64}, {"response_manifest_sha256": "e" * 64}
Said = tuple[str, dict[str, Any]]


def recorded(which: dict[str, Any], signatures: int = 2) -> Said:
    return ("AGREEMENT_RECORDED", which | {"signatures": signatures})


def act(word: str, which: dict[str, Any]) -> Said:
    return (f"AGREEMENT_{word}", which | {"reason_code": "r"})


def admitted(which: dict[str, Any], name: str = "R-1", digit: str = "1") -> Said:
    return (
        "REQUEST_ADMITTED",
        which | {"request_id": name, "manifest_sha256": digit * 64, "lines": 1, "rule_set": "n"},
    )


def walk(which: dict[str, Any]) -> list[Said]:
    """A request from admission to delivery, event by event."""
    request = which | {"request_id": "R-1"}
    snapshot = {"snapshot_id": "s", "rule_set": "n"}
    accounted = {"accounting_root": "f" * 64, "accounting_records": 1, "lines": 1, "manifest_sha256": "1" * 64}
    return [
        admitted(which),
        ("MATCHING_STARTED", request | snapshot),
        ("MATCHING_FINISHED", request | snapshot | C | {"lines": 1}),
        ("APPROVAL_RECORDED", request | C | {"signature_sha256": "1" * 64, "role": "counsel"}),
        ("APPROVAL_RECORDED", request | C | {"signature_sha256": "2" * 64, "role": "counsel"}),
        ("RELEASE_INTENDED", request | C | H),
        ("RESPONSE_RELEASED", request | snapshot | C | H | accounted),
        ("RESPONSE_DELIVERED", request | H | {"package_sha256": "3" * 64}),
    ]


def told(*said: Said) -> str:
    """The reason the story is refused for, with the event; "" where it is not."""
    story = Story()
    event = ""
    try:
        for index, (event, fields) in enumerate([("HOME_CREATED", {}), *said]):
            story.add(index, Entry(event, AT, fields), "origin")
    except InvalidError as refused:
        return f"{event}: {refused}"
    return ""


def test_a_log_without_decisions_stands_as_before() -> None:
    assert told(recorded(ONE), recorded(TWO), admitted(ONE), admitted(TWO, "R-2", "2")) == ""


def test_the_version_activated_last_is_the_one_in_force() -> None:
    assert told(recorded(ONE), act("ACTIVATED", ONE), *walk(ONE)) == ""
    assert told(recorded(ONE), act("ACTIVATED", ONE), recorded(TWO), *walk(ONE)) == ""
    both = (recorded(ONE), act("ACTIVATED", ONE), recorded(TWO), act("ACTIVATED", TWO))
    assert told(*both, *walk(TWO)) == ""
    assert told(*both, *walk(ONE)).startswith("REQUEST_ADMITTED: its agreement was suspended, ended or replaced")
    assert told(*both, act("ACTIVATED", ONE), *walk(ONE)) == ""


@pytest.mark.parametrize("word", ["SUSPENDED", "ENDED"])
@pytest.mark.parametrize("place", range(8))
def test_nothing_is_admitted_matched_sealed_released_or_delivered_after_a_stop(word: str, place: int) -> None:
    steps = walk(ONE)
    steps.insert(place, act(word, ONE))
    found = told(recorded(ONE), act("ACTIVATED", ONE), *steps)
    first = next(event for event, _ in steps[place + 1 :] if event not in ("MATCHING_FINISHED", "APPROVAL_RECORDED"))
    assert found.startswith(f"{first}: its agreement was suspended, ended or replaced")


@pytest.mark.parametrize("place", range(9))
def test_a_suspension_that_is_reversed_before_the_next_step_is_sound(place: int) -> None:
    steps = walk(ONE)
    steps[place:place] = [act("SUSPENDED", ONE), act("ACTIVATED", ONE)]
    assert told(recorded(ONE), act("ACTIVATED", ONE), *steps) == ""


def test_decisions_speak_of_their_own_agreement_alone() -> None:
    assert told(recorded(ONE), recorded(OTHER), act("SUSPENDED", OTHER), *walk(ONE)) == ""


def test_a_request_returned_whole_may_be_told_under_a_stopped_agreement() -> None:
    request = ONE | {"request_id": "R-1"}
    facts = {"manifest_sha256": "1" * 64, "lines": 1, "accounting_root": "f" * 64, "accounting_records": 1}
    signed = [("APPROVAL_RECORDED", request | C | {"signature_sha256": f"{n}" * 64, "role": "counsel"}) for n in (1, 2)]
    said = [
        ("REQUEST_RETURNED", request | facts | {"rule_set": "n", "codes": "AGREEMENT_NOT_IN_FORCE"}),
        *signed,
        ("RELEASE_INTENDED", request | C | H),
        ("RESPONSE_RELEASED", request | C | H | facts | {"rule_set": "n", "snapshot_id": ""}),
        ("RESPONSE_DELIVERED", request | H | {"package_sha256": "3" * 64}),
    ]
    assert told(recorded(ONE), act("ENDED", ONE), *said) == ""


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ((act("ACTIVATED", ONE),), "not recorded before"),
        ((act("SUSPENDED", ONE),), "not recorded before"),
        ((recorded(ONE, 1), act("ACTIVATED", ONE)), "both parties had not signed"),
        ((recorded(ONE), act("ENDED", ONE), act("ACTIVATED", ONE)), "ended before"),
        ((recorded(ONE), recorded(TWO), act("ENDED", TWO), act("ACTIVATED", ONE)), "ended before"),
    ],
)
def test_decisions_themselves_keep_an_order(said: tuple[Said, ...], reason: str) -> None:
    assert reason in told(*said)


def test_a_newer_version_may_follow_an_end() -> None:
    assert told(recorded(ONE), act("ENDED", ONE), recorded(TWO), act("ACTIVATED", TWO), *walk(TWO)) == ""
