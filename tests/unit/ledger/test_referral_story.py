"""What the verifier makes of a log's words about referred lines and revoked admissions: in order, once, never held."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from privity_verify import Entry, InvalidError, Story

AT = datetime(2026, 3, 2, tzinfo=UTC)
Said = tuple[str, dict[str, Any]]
AGREEMENT = {"agreement_id": "a", "agreement_version": 1, "agreement_digest": "a" * 64}
REQUEST = {"request_id": "R-1", **AGREEMENT}
COUNTED = {"manifest_sha256": "b" * 64, "lines": 9, "accounting_root": "c" * 64, "accounting_records": 9}
ADMITTED: Said = (
    "REQUEST_ADMITTED",
    REQUEST | {"manifest_sha256": "b" * 64, "lines": 9, "referred": 2, "returned": 0, "rule_set": "n"},
)
NONE_WAITS: Said = ("REQUEST_ADMITTED", ADMITTED[1] | {"referred": 0})
DECIDED: Said = (
    "REFERRALS_DECIDED",
    REQUEST | {"lines": 1, "code": "", "role": "counsel", "signature_sha256": "d" * 64},
)
SETTLED: Said = ("REFERRALS_SETTLED", REQUEST | {"lines": 9, "returned": 2, "rule_set": "n"})
STARTED: Said = ("MATCHING_STARTED", REQUEST | {"rule_set": "n", "snapshot_id": "s"})
FINISHED: Said = ("MATCHING_FINISHED", STARTED[1] | {"lines": 9, "content_sha256": "e" * 64})
REVOKED: Said = ("ADMISSION_REVOKED", REQUEST | COUNTED | {"codes": "AGREEMENT_NOT_IN_FORCE"})
HELD: Said = ("HOLD_PLACED", {"hold_id": "h", "scope": "everything", "target": "", "kind": "court_order"})
ENDED: Said = ("AGREEMENT_ENDED", AGREEMENT | {"reason_code": "by_agreement"})
FROZEN: Said = ("HOME_FROZEN", {"reason_code": "COPIED_OR_RESTORED"})
REPORTED: Said = (
    "REPORT_RECORDED",
    {
        "agreement_id": "a",
        "report": "yearly",
        "about": "2025-12-31",
        "made_on": "2026-02-01",
        "evidence_sha256": "f" * 64,
    },
)


def approvals(content: str) -> list[Said]:
    return [("APPROVAL_RECORDED", REQUEST | {"content_sha256": content, "signature_sha256": one * 64}) for one in "12"]


def release(content: str) -> list[Said]:
    sealed = {"content_sha256": content, "response_manifest_sha256": "9" * 64}
    released = REQUEST | COUNTED | sealed | {"rule_set": "n", "snapshot_id": ""}
    return [("RELEASE_INTENDED", REQUEST | sealed), ("RESPONSE_RELEASED", released)]


def told(*said: Said) -> str:
    """Tell a story under an agreement that both parties signed; the reason it is refused for, "" where it is not."""
    story = Story(latest=AT)
    recorded = [("AGREEMENT_RECORDED", AGREEMENT | {"signatures": 2})]
    try:
        for index, (event, fields) in enumerate([*recorded, *said], 1):
            story.add(index, Entry(event, AT, fields), "origin")
    except InvalidError as refused:
        return str(refused)
    return ""


def test_sound_stories_are_taken() -> None:
    assert told(ADMITTED, DECIDED, DECIDED, SETTLED, STARTED, FINISHED) == ""
    assert told(ADMITTED, SETTLED, STARTED, FINISHED) == ""  # nobody decided in time
    assert told(ADMITTED, STARTED, FINISHED) == ""  # a log from before there was a desk
    assert told(ADMITTED, ENDED, REVOKED, *approvals("7" * 64), *release("7" * 64)) == ""
    assert told(ADMITTED, DECIDED, REVOKED) == ""
    assert told(NONE_WAITS, STARTED, FINISHED, *approvals("e" * 64), REVOKED) == ""
    assert told(REPORTED) == ""


OF_REVOKED = [ADMITTED, STARTED, FINISHED, *approvals("e" * 64), release("e" * 64)[0], REVOKED]
OTHER_ROOT: Said = ("RESPONSE_RELEASED", release("7" * 64)[1][1] | {"accounting_root": "8" * 64})


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ([DECIDED], "not admitted before"),
        ([NONE_WAITS, DECIDED], "no line of its request waited"),
        ([ADMITTED, STARTED, DECIDED], "looked up before"),
        ([ADMITTED, SETTLED, DECIDED], "were settled before"),
        ([ADMITTED, SETTLED, SETTLED], "were settled before"),
        ([ADMITTED, DECIDED, STARTED], "were not settled before it"),
        ([ADMITTED, ("REFERRALS_DECIDED", DECIDED[1] | {"lines": 3})], "other lines than those that waited"),
        ([ADMITTED, ("REFERRALS_DECIDED", DECIDED[1] | {"lines": 0})], "other lines than those that waited"),
        ([ADMITTED, ("REFERRALS_SETTLED", SETTLED[1] | {"lines": 8})], "lines differs"),
        ([ADMITTED, ENDED, DECIDED], "suspended, ended or replaced"),
        ([ADMITTED, HELD, DECIDED], "hold"),
        ([ADMITTED, FROZEN, SETTLED], "frozen"),
        ([REVOKED], "not admitted before"),
        ([ADMITTED, REVOKED, REVOKED], "was revoked before"),
        ([ADMITTED, REVOKED, STARTED], "was revoked before"),
        ([ADMITTED, HELD, REVOKED], "hold"),
        ([ADMITTED, ("ADMISSION_REVOKED", REVOKED[1] | {"accounting_records": 8})], "differ in number"),
        ([ADMITTED, ("ADMISSION_REVOKED", REVOKED[1] | {"lines": 8})], "lines differs"),
        ([ADMITTED, ("ADMISSION_REVOKED", {k: v for k, v in REVOKED[1].items() if k != "accounting_root"})], "no acc"),
        (OF_REVOKED + release("e" * 64), "fewer than two officers"),  # what was signed was another content
        ([*OF_REVOKED, release("e" * 64)[1]], "no RELEASE_INTENDED"),
        ([ADMITTED, REVOKED, *approvals("7" * 64), release("7" * 64)[0], OTHER_ROOT], "accounting_root differs"),
        ([("REPORT_RECORDED", REPORTED[1] | {"agreement_id": "another"})], "not recorded before"),
    ],
)  # fmt: skip
def test_any_other_order_is_refused(said: list[Said], reason: str) -> None:
    assert reason in told(*said)
