"""What the verifier makes of a log's words about destructions: only in order, once, as intended, never under a hold."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

import privity_verify
from privity_verify import Entry, InvalidError, RequestStory, Story

AT = datetime(2026, 3, 2, tzinfo=UTC)
REQUEST = {"request_id": "R-1", "agreement_id": "a", "agreement_version": 1, "agreement_digest": "a" * 64}
ORDER = {**REQUEST, "key_id": "b" * 32, "backups_expire": "2026-12-31"}
OUTCOME = {**ORDER, "blobs": 7, "finding": "destroyed"}
HOLD = {"hold_id": "h", "scope": "everything", "target": "", "kind": "litigation"}


def told(*said: tuple[str, dict[str, Any]], ended: str = "RESPONSE_DELIVERED") -> str:
    """Tell a story after the request has ended; the reason it is refused for, "" where it is not."""
    story = Story(latest=AT)
    agreement = ("a", 1, "a" * 64)
    story.requests["R-1"] = RequestStory(agreement, seen={ended: Entry(ended, AT, {**REQUEST})})
    try:
        for index, (event, fields) in enumerate(said, 1):
            story.add(index, Entry(event, AT, fields), "origin")
    except InvalidError as refused:
        return str(refused)
    return ""


INTENT, DONE = ("DESTRUCTION_INTENDED", ORDER), ("REQUEST_DESTROYED", OUTCOME)
FOUND = ("REQUEST_DESTROYED", {**OUTCOME, "finding": "found_destroyed"})
HELD, LIFTED = ("HOLD_PLACED", HOLD), ("HOLD_LIFTED", {"hold_id": "h"})
FROZEN = ("HOME_FROZEN", {"reason_code": "COPIED_OR_RESTORED"})


def test_a_sound_destruction_is_taken() -> None:
    assert told(INTENT, DONE) == ""
    assert told(INTENT, DONE, ended="RELEASE_REFUSED") == ""
    assert told(HELD, LIFTED, INTENT, DONE) == ""
    assert told(INTENT, HELD, FOUND) == ""
    assert told(INTENT, DONE, ("DUTY_DISCHARGED", {"request_id": "R-1", "duty": "destroy"})) == ""


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ((DONE,), "no DESTRUCTION_INTENDED"),
        ((INTENT, INTENT), "intended twice"),
        ((INTENT, DONE, DONE), "was destroyed before"),
        ((INTENT, DONE, ("RESPONSE_DELIVERED", dict(REQUEST))), "was destroyed before"),
        ((INTENT, ("REQUEST_DESTROYED", {**OUTCOME, "key_id": "c" * 32})), "key_id differs"),
        ((INTENT, ("REQUEST_DESTROYED", {**OUTCOME, "backups_expire": "2027-12-31"})), "backups_expire differs"),
        ((INTENT, ("REQUEST_DESTROYED", {**OUTCOME, "finding": "lost"})), "finding is unknown"),
        ((HELD, INTENT), "hold"),
        ((INTENT, HELD, DONE), "hold"),
        ((FROZEN, INTENT), "frozen"),
        ((INTENT, FROZEN, DONE), "frozen"),
    ],
)
def test_any_other_order_is_refused(said: tuple[tuple[str, dict[str, Any]], ...], reason: str) -> None:
    assert reason in told(*said)


def test_a_request_that_goes_on_is_not_destroyed() -> None:
    assert "neither delivered nor refused" in told(INTENT, ended="RESPONSE_RELEASED")


def test_the_number_of_blobs_is_a_number() -> None:
    assert "blobs" in privity_verify.NUMBERS
