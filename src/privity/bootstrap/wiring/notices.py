"""The requester's side of notices: no home, only files the caller names."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from privity.bootstrap.wiring.requester import log_keys, manifest_sha256, signer_of, system_clock, trusted
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import ReceiptOutcome

if TYPE_CHECKING:
    from privity.services.requester.open_notice import OpenedNotice


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What a verified notice says. `orders`: hold, demand, docket number, SHA-256 of the order's document."""

    facts: dict[str, object]
    orders: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ReceiptMade:
    """A signed receipt package and what it states."""

    facts: dict[str, object]
    package: bytes


def open_notice_package(package: Path | None, trust: bytes, response: Path | None = None) -> NoticeFacts:
    """Verify a notice against a public trust file.

    `response`: the response package that the requester holds; a notice on any other is refused. Raises PrivityError
    FORMAT_INVALID (trust file), PACKAGE_INVALID, SIGNATURE_INVALID, CERTIFICATE_INVALID, EVIDENCE_INVALID.
    """
    opened = _opened(package, trust, response)
    notice, answer = opened.manifest, opened.manifest.answer
    facts: dict[str, object] = {
        "notice_id": notice.notice_id,
        "action": notice.action.value,
        "demand": notice.demand,
        "may_destroy": notice.may_destroy,
        "custodian": notice.custodian,
        "requester": notice.requester,
        "office": notice.office,
        "request_id": answer.request_id,
        "request_manifest_sha256": answer.request_manifest_sha256,
        "response_manifest_sha256": answer.response_manifest_sha256,
        "lines": answer.lines,
        "released_on": answer.released_on,
        "governs": notice.governs,
        "replaces": notice.replaces,
        "issued_at": notice.created_at,
        "receipt_due": notice.receipt_due,
        "manifest_sha256": opened.manifest_sha256,
    }
    orders = tuple((one.hold_id, one.demand.value, one.docket, one.order_sha256) for one in notice.orders)
    return NoticeFacts(facts, orders)


def acknowledge_notice_package(
    package: Path | None,
    trust: bytes,
    response: Path | None,
    *,
    office: str,
    outcome: ReceiptOutcome,
    done_on: date,
    pair: tuple[bytes, bytes],
) -> ReceiptMade:
    """Verify a notice and sign its receipt with a private key and certificate (PEM).

    Raises what `open_notice_package` raises, KEY_INVALID, and FORMAT_INVALID where the notice asks for another thing.
    """
    from privity.services.requester.open_notice import acknowledge_notice

    opened = _opened(package, trust, response)
    made = acknowledge_notice(opened, office, outcome, done_on, signer_of(*pair), at=system_clock().now())
    facts: dict[str, object] = {
        "notice_id": opened.manifest.notice_id,
        "request_id": opened.manifest.answer.request_id,
        "office": office,
        "outcome": outcome.value,
        "done_on": done_on,
        "notice_manifest_sha256": opened.manifest_sha256,
    }
    return ReceiptMade(facts, made)


def _opened(package: Path | None, trust: bytes, response: Path | None) -> OpenedNotice:
    from privity.adapters.cms_isolated import IsolatedVerifier
    from privity.services.requester.open_notice import open_notice

    if package is None:
        raise PrivityError(ErrorCode.USAGE, "no notice package is named", "Name the file.")
    documents = trusted(trust)
    verifier = IsolatedVerifier(documents["anchors"], documents["intermediates"], documents["crls"])
    with contextlib.ExitStack() as files:
        held = files.enter_context(response.open("rb")) if response else None
        digest = manifest_sha256(held) if held else ""
        return open_notice(
            files.enter_context(package.open("rb")),
            verifier,
            log_keys(trust),
            at=system_clock().now(),
            response_manifest_sha256=digest,
        )
