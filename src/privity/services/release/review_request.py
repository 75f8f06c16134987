"""What an officer sees before signing, and the signature: two blind verdicts on one salted content hash (A08, C4).

An approval is the officer's own CMS signature over request id, content hash, verdict, role and time. The second
officer cannot learn the first verdict here: counts of verdicts are shown, verdicts are not. The numbers are those of
docs/procedures/release.md.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from privity.domain.answer import Answer
from privity.domain.audit_events import AuditEvent
from privity.domain.certificate_policies import CUSTODIAN_OFFICER
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action, RequestState
from privity.domain.offices import CustodianOfficer, CustodianRole
from privity.policy.verdicts import Outcome, Vote, acting_officer, error_bound, outcome, sample_ordinals
from privity.ports.security import KeyStore, OfficerSigner
from privity.ports.stored import StoredApproval, StoredRequest, Verdict
from privity.ports.stores import ReadStore, WriteStore
from privity.services.accounting.account_lines import rfc3339
from privity.services.admission.receive_request import Finding
from privity.services.agreements.agreement_decisions import need_not_stopped
from privity.services.agreements.record_offices import current_offices
from privity.services.gate import (
    Gate,
    append_entry,
    need_kept,
    need_request,
    need_role,
    need_thawed,
    need_unheld,
    request_fields,
)
from privity.services.release.refuse_release import account_refusal
from privity.services.response.build_response import AnsweredLine, answered_lines
from privity.services.response.told_lines import told_lines
from privity.services.stored_lines import Sealer
from privity.wire.canonical_json import encode
from privity.wire.line_chunks import CHUNK_LINES

APPROVAL_FORMAT = "privity-approval/1"
_OTHER_CONTENT = "the content is not the one that was reviewed"
SAMPLE_LINES = 30


@dataclass(frozen=True, slots=True)
class SampledLine:
    """One answered line, named by its ordinal, with what stays inside the gate. No supplied or stored value."""

    ordinal: int
    answer: str
    level: str
    candidates: int
    rivals: int
    failed_gate: str


@dataclass(frozen=True, slots=True)
class Review:
    """What an officer sees: counts, warnings, a sample that both officers see alike, and what the sample can prove."""

    request_id: str
    content_sha256: str
    returned_whole: bool
    lines: int
    confirmed: int
    no_confirmation: int
    returned: int
    referred: int
    codes: Mapping[str, int]
    recipients: int
    warnings: tuple[str, ...]
    findings: tuple[Finding, ...]
    sample: tuple[SampledLine, ...]
    sample_of: int
    error_bound95: str


@dataclass(frozen=True, slots=True)
class Approved:
    """A verdict is recorded. Which verdicts were recorded before is not said."""

    request_id: str
    content_sha256: str
    officer: str
    role: str
    verdicts_recorded: int
    state: str


def review_request(
    gate: Gate,
    request_id: str,
    *,
    role: CustodianRole = CustodianRole.DISCLOSURE_OFFICER,
    sample: int = SAMPLE_LINES,
) -> Review:
    """Counts, warnings and the sample of a request that has all its answers.

    Raises PrivityError NOT_FOUND, ROLE_FORBIDDEN, STATE_CONFLICT (not all lines have an answer).
    """
    need_role(role, Action.REVIEW)  # 1
    with gate.store.reading() as read:
        request = need_request(read, request_id)
        need_kept(read, request)
        _need_content(request)
        sealer = Sealer(request.request_id, gate.keys.request_storage(request.request_id))
        kept = sealer.open_file(request)
        withheld = read.withheld_persons()
        decided, recipients, confirmed = array("L"), set[str](), 0
        for told in told_lines(read, sealer, request, withheld):
            recipients.add(told.officer)
            if told.answer:
                decided.append(told.ordinal)
                confirmed += told.answer == Answer.CONFIRMED
        chosen = sample_ordinals(request.content_sha256, decided, sample)
        shown = _sampled_lines(read, sealer, request, withheld, chosen)
    bound = error_bound(len(chosen), len(decided))
    return Review(
        request_id=request.request_id,
        content_sha256=request.content_sha256,
        returned_whole=request.returned_whole,
        lines=request.lines,
        confirmed=confirmed,
        no_confirmation=len(decided) - confirmed,
        returned=request.returned,
        referred=request.referred,
        codes=kept.codes,
        recipients=len(recipients),
        warnings=kept.warnings,
        findings=tuple(Finding(f.code.value, f.rule, f.message, f.mend) for f in kept.findings),
        sample=shown,
        sample_of=len(decided),
        error_bound95=f"{bound:.4f}",
    )


def approve_release(
    gate: Gate, request_id: str, signer: OfficerSigner, *, verdict: Verdict = Verdict.RELEASE, reviewed: str = ""
) -> Approved:
    """Sign a verdict on the present content and record it; the second verdict decides.

    `reviewed`: the content hash that the officer saw in the review; a verdict on any other content is refused.
    Raises PrivityError STATE_CONFLICT, ROLE_FORBIDDEN, SAME_PERSON, SIGNATURE_INVALID, CERTIFICATE_INVALID, ON_HOLD,
    AGREEMENT_NOT_IN_FORCE (suspended, ended or replaced), HOME_FROZEN.
    """
    with gate.locks.work():
        at = gate.clock.now().replace(microsecond=0)
        with gate.store.reading() as read:
            request = need_request(read, request_id)
            need_kept(read, request)
            _need_review(request)
            if reviewed not in ("", request.content_sha256):
                raise PrivityError(ErrorCode.STATE_CONFLICT, _OTHER_CONTENT, "Review it again.")
            officer = acting_officer(current_offices(read, gate.keys), signer.fingerprint, at, Action.APPROVE)  # 2
        approval = _sign(gate, request, officer, signer, verdict=verdict, at=at)  # 3
        with gate.store.writing() as write:  # 4
            need_thawed(write)
            present = need_request(write, request_id)
            _need_review(present)
            need_unheld(write, present, at)
            if verdict is Verdict.RELEASE:
                need_not_stopped(write, gate.keys, present)
            if present.content_sha256 != approval.content_sha256:
                raise PrivityError(ErrorCode.STATE_CONFLICT, _OTHER_CONTENT, "Review it again.")
            write.add_approval(approval)
            _log_approval(write, present, approval, at)
            recorded, state = _decide(gate, write, present, at)  # 5
        gate.publish()
        return Approved(request_id, approval.content_sha256, officer.id, officer.role.value, recorded, state.value)


def approval_document(request: StoredRequest, officer: CustodianOfficer, verdict: Verdict, at: datetime) -> bytes:
    """What an officer signs: canonical JSON."""
    return encode(
        {
            "format": APPROVAL_FORMAT,
            "request_id": request.request_id,
            "content_sha256": request.content_sha256,
            "verdict": verdict.value,
            "role": officer.role.value,
            "time": rfc3339(at),
        }
    )


def open_approval(keys: KeyStore, approval: StoredApproval) -> tuple[bytes, bytes]:
    """Document and CMS signature of a stored approval. Raises PrivityError DECRYPTION_FAILED."""
    place = _place(approval.request_id, approval.content_sha256, approval.certificate)
    kept = keys.accounting_storage().open(approval.sealed, place)
    end = 4 + int.from_bytes(kept[:4], "big")
    return kept[4:end], kept[end:]


def votes(read: ReadStore, request: StoredRequest) -> Sequence[Vote]:
    """The recorded verdicts on the present content."""
    stored = read.approvals(request.request_id, request.content_sha256)
    return [Vote(one.officer, one.certificate, one.verdict is Verdict.RELEASE) for one in stored]


def _sign(
    gate: Gate,
    request: StoredRequest,
    officer: CustodianOfficer,
    signer: OfficerSigner,
    *,
    verdict: Verdict,
    at: datetime,
) -> StoredApproval:
    """Sign, then verify as a stranger would: path, policy, revocation, and that the officer's certificate signed."""
    document = approval_document(request, officer, verdict, at)
    signature = signer.sign(document, at=at)
    verified = gate.verifier.verify(document, signature, at=at, policies=(CUSTODIAN_OFFICER,))
    if verified.signer_fingerprint not in officer.certificates:
        raise PrivityError(ErrorCode.SIGNATURE_INVALID, "another certificate signed than the officer's own")
    content = request.content_sha256
    place = _place(request.request_id, content, verified.signer_fingerprint)
    kept = len(document).to_bytes(4, "big") + document + signature
    return StoredApproval(
        request_id=request.request_id,
        content_sha256=content,
        officer=officer.id,
        certificate=verified.signer_fingerprint,
        role=officer.role.value,
        verdict=verdict,
        signed_at=at,
        signature_sha256=hashlib.sha256(signature).hexdigest(),
        sealed=gate.keys.accounting_storage().seal(kept, place),
    )


def _log_approval(write: WriteStore, request: StoredRequest, approval: StoredApproval, at: datetime) -> None:
    """The entry leaves the verdict out: the log is public, and the second officer must not read the first verdict."""
    append_entry(
        write,
        AuditEvent.APPROVAL_RECORDED,
        at,
        **request_fields(request),
        content_sha256=approval.content_sha256,
        signature_sha256=approval.signature_sha256,
        role=approval.role,
    )


def _decide(gate: Gate, write: WriteStore, request: StoredRequest, at: datetime) -> tuple[int, RequestState]:
    recorded = votes(write, request)
    decided = outcome(recorded)
    if decided is Outcome.WAITING:
        return len(recorded), request.state
    if decided is Outcome.RELEASE:
        write.move_request(request.request_id, request.state, RequestState.APPROVED)
        return len(recorded), RequestState.APPROVED
    write.move_request(request.request_id, request.state, RequestState.REJECTED)
    account_refusal(gate, write, request, at)
    return len(recorded), RequestState.REJECTED


def _need_content(request: StoredRequest) -> None:
    if request.state is RequestState.ADMITTED:
        raise PrivityError(
            ErrorCode.STATE_CONFLICT,
            "not every line of this request has its answer yet",
            "Run `privity request match` first.",
        )


def _need_review(request: StoredRequest) -> None:
    _need_content(request)
    if request.state is not RequestState.AWAITING_REVIEW:
        raise PrivityError(
            ErrorCode.STATE_CONFLICT,
            f"the request is in state {request.state.value}: no verdict is awaited",
            "See `privity request show`.",
        )


def _place(request_id: str, content_sha256: str, certificate: str) -> bytes:
    return f"approval/{request_id}/{content_sha256}/{certificate}".encode()


def _sampled_lines(
    read: ReadStore, sealer: Sealer, request: StoredRequest, withheld: frozenset[bytes], chosen: Sequence[int]
) -> tuple[SampledLine, ...]:
    """The chosen lines, read again: only their chunks."""
    chunks = sorted({(ordinal - 1) // CHUNK_LINES for ordinal in chosen})
    lines = answered_lines(read, sealer, request, withheld, chunks)
    return tuple(_sampled(one) for one in lines if one.line.ordinal in chosen)


def _sampled(one: AnsweredLine) -> SampledLine:
    decision = one.decision
    if decision is None:
        raise PrivityError(ErrorCode.INTERNAL, "a sampled line has no decision")
    return SampledLine(
        decision.ordinal,
        decision.answer.value,
        decision.level,
        decision.candidates,
        decision.rivals,
        decision.failed_gate,
    )
