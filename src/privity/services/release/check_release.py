"""Asks everything that must hold before bytes leave, and remembers what the answer rested on.

Two looks: a long one before the deciding transaction (content built anew, signatures and certificates verified anew),
and a short one inside it (holds, states, time, and that nothing the long look rested on has changed). The numbers are
those of docs/procedures/release.md.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from privity.domain.agreement import Agreement
from privity.domain.certificate_policies import CUSTODIAN_OFFICER
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action, RequestState
from privity.domain.offices import NamedOfficer, OfficeRegister
from privity.policy.release import Approval, judge_release, judge_standing
from privity.policy.verdicts import Outcome, acting_officer, need_visible, outcome
from privity.ports.stored import PackageKind, StoredApproval, StoredRequest, Verdict
from privity.ports.stores import ReadStore
from privity.services.agreements.agreement_decisions import stopped
from privity.services.agreements.agreement_signatures import signed_by
from privity.services.agreements.record_agreement import stored_agreement
from privity.services.agreements.record_offices import current_offices
from privity.services.gate import Gate, Progress, need_kept, need_request, need_thawed, need_unheld
from privity.services.release.review_request import approval_document, open_approval, votes
from privity.services.response.build_response import Content, build_content, roster_of
from privity.services.response.fixed_content import content_stands, withholdings_stand
from privity.services.standing import need_signatory, signature_of
from privity.services.stored_lines import Sealer
from privity.wire.request_file import RequestFile

CONTENT_CHANGED = "CONTENT_CHANGED"
WITHHOLDINGS_CHANGED = "WITHHOLDINGS_CHANGED"
APPROVER_LEFT = "APPROVER_LEFT"


@dataclass(frozen=True, slots=True)
class Checked:
    """A request that may be released, and what that rests on."""

    request: StoredRequest
    kept: RequestFile
    agreement: Agreement
    sealer: Sealer
    content: Content
    lapsed: str  # why the approvals count no more ("" where they do): a word of the log's, the same for every register
    offices_digest: str
    withheld: frozenset[bytes]


def check_release(gate: Gate, request_id: str, at: datetime, progress: Progress) -> Checked:
    """The long look. Changes nothing.

    Raises PrivityError HOME_FROZEN, ON_HOLD, TOO_EARLY, AGREEMENT_NOT_IN_FORCE, SAFEGUARDS_UNMET, RECEIVER_UNLISTED,
    RECEIVER_CONTRACTOR, CERTIFICATE_INVALID, SIGNATURE_INVALID, ROLE_FORBIDDEN (the response is out already, and an
    approver has left since), STATE_CONFLICT, RELEASE_UNAPPROVED.
    """
    with gate.store.reading() as read:
        request = need_request(read, request_id)
        need_kept(read, request)
        _need_decided(request)
        need_thawed(read)  # 6.1
        need_unheld(read, request, at)
        agreement = stored_agreement(read, request.agreement_id, request.agreement_version)
        offices = current_offices(read, gate.keys)
        sealer = Sealer(request.request_id, gate.keys.request_storage(request.request_id))
        kept = sealer.open_file(request)
        withheld = read.withheld_persons()
        approvals = read.approvals(request.request_id, request.content_sha256)
        signed = signed_by(read, gate.keys, agreement)
        why = stopped(read, gate.keys, agreement.id, agreement.version)
        need_terms(gate, read, request, agreement, offices=offices, at=at)
        roster = roster_of(offices)
        content = build_content(read, sealer, request, kept, roster)  # 6.2
        arrived = sealer.open_package(read, PackageKind.ARRIVED)
    waiting = request.state in (RequestState.APPROVED, RequestState.SEALED)
    if waiting and not _in_office(offices, approvals, at):
        return Checked(request, kept, agreement, sealer, content, APPROVER_LEFT, offices.digest, withheld)
    verified = _verified_approvals(gate, request, offices, approvals, at)  # 6.3
    if not request.returned_whole:
        officers = [part.officer for part in content.parts if part.officer]
        findings = judge_release(  # 6.4
            agreement, offices, (), officers, verified, request.content_sha256, at, signed_by=signed, stopped=why
        )
        if findings:
            raise PrivityError(findings[0].code, findings[0].message, findings[0].mend)
        need_signatory(gate, signature_of(arrived), at)  # 6.5
    check_recipients(gate, kept, content, roster, at=at, progress=progress)  # 6.6
    lapsed = "" if content_stands(sealer, request, content.unsigned) else CONTENT_CHANGED
    if waiting and not withholdings_stand(sealer, request, withheld):
        lapsed = WITHHOLDINGS_CHANGED
    return Checked(request, kept, agreement, sealer, content, lapsed, offices.digest, withheld)


def check_again(gate: Gate, read: ReadStore, checked: Checked, at: datetime) -> StoredRequest:
    """The short look, inside the deciding transaction. Returns the request as it stands there.

    Raises what the long look raises, and STATE_CONFLICT where something it rested on has changed since.
    """
    need_thawed(read)
    request = need_request(read, checked.request.request_id)
    need_kept(read, request)
    need_unheld(read, request, at)
    offices = read.offices()
    unchanged = (
        request.content_sha256 == checked.request.content_sha256
        and offices is not None
        and offices.digest == checked.offices_digest
        and read.withheld_persons() == checked.withheld
    )
    if not unchanged:
        raise PrivityError(
            ErrorCode.STATE_CONFLICT,
            "offices, withholdings or content changed while the release was prepared",
            "Run the command again: everything is checked anew.",
        )
    need_terms(gate, read, request, checked.agreement, offices=current_offices(read, gate.keys), at=at)
    if outcome(votes(read, request)) is not Outcome.RELEASE:
        raise unapproved()
    return request


def need_terms(
    gate: Gate, read: ReadStore, request: StoredRequest, agreement: Agreement, *, offices: OfficeRegister, at: datetime
) -> None:
    """Time, agreement and safeguards. A notice that returns a whole request answers nothing: only time applies."""
    need_visible(request.visible_from, at)
    if request.returned_whole:
        return
    signed, why = signed_by(read, gate.keys, agreement), stopped(read, gate.keys, agreement.id, agreement.version)
    for finding in judge_standing(agreement, offices, (), at, signed_by=signed, stopped=why):
        raise PrivityError(finding.code, finding.message, finding.mend)


def check_recipients(
    gate: Gate,
    kept: RequestFile,
    content: Content,
    recipients: Mapping[str, NamedOfficer],
    *,
    at: datetime,
    progress: Progress,
) -> None:
    """Path, validity, usage and revocation of every certificate that a part is for (V01, C7)."""
    for place, part in enumerate(content.parts):
        pem = recipients[part.officer].certificate_pem if part.officer else der_to_pem(kept.signer_certificate)
        gate.verifier.check_recipient(pem, at=at)
        progress("check", place + 1, len(content.parts))


def unapproved(message: str = "two people have not approved this content") -> PrivityError:
    """The one refusal that names approvals."""
    return PrivityError(
        ErrorCode.RELEASE_UNAPPROVED,
        message,
        "Two different officers must sign the present content: see `privity review show`.",
    )


def der_to_pem(der: bytes) -> str:
    """RFC 7468 text of a certificate."""
    body = base64.encodebytes(der).decode("ascii")
    return f"-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n"


def _need_decided(request: StoredRequest) -> None:
    if not request.content_sha256:
        raise PrivityError(
            ErrorCode.STATE_CONFLICT,
            "not every line of this request has its answer yet",
            "Run `privity request match` first.",
        )


def _in_office(offices: OfficeRegister, approvals: Sequence[StoredApproval], at: datetime) -> bool:
    """Whether everyone who signed may still sign, with that certificate, by the present office register."""
    try:
        return all(acting_officer(offices, one.certificate, at, Action.APPROVE).id == one.officer for one in approvals)
    except PrivityError:
        return False


def _verified_approvals(
    gate: Gate, request: StoredRequest, offices: OfficeRegister, approvals: Sequence[StoredApproval], at: datetime
) -> list[Approval]:
    """Both signatures verify still, over this very content, by officers in office: the store's word is not enough."""
    found = []
    for one in approvals:
        document, signature = open_approval(gate.keys, one)
        verified = gate.verifier.verify(document, signature, at=at, policies=(CUSTODIAN_OFFICER,))
        officer = acting_officer(offices, verified.signer_fingerprint, at, Action.APPROVE)
        if document != approval_document(request, officer, one.verdict, one.signed_at) or officer.id != one.officer:
            raise unapproved("a recorded approval is not for this content")
        releases = one.verdict is Verdict.RELEASE
        found.append(Approval(verified.signer_fingerprint, request.content_sha256, releases, one.signed_at))
    if len({one.officer for one in approvals}) < 2 or not all(one.approves for one in found):
        raise unapproved()
    return found
