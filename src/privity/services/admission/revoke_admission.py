"""Gives back, whole, a request that was admitted and can be answered no more: its agreement ended, for instance.

Without it such a request would stay for ever, neither answered nor refused. Every line goes back: with its own code
where it has one, else with the finding's; all are accounted for in the transaction that revokes the admission; the
notice takes the two-person path out that every return takes. Answers made meanwhile are forgotten unread: the notice
is the same whatever the register holds (C2). The numbers are those of docs/procedures/give-back.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from privity.domain.agreement import Agreement
from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import STATES, Action
from privity.domain.offices import CustodianRole
from privity.domain.request import RequestFinding
from privity.normalise import RULE_SET_VERSION
from privity.policy.release import judge_standing
from privity.ports.stored import PackageKind, StoredRequest
from privity.ports.stores import ReadStore
from privity.services.accounting.account_lines import make_accounting, request_facts, write_accounting
from privity.services.admission.receive_request import Finding, refused_facts
from privity.services.agreements.agreement_decisions import stopped
from privity.services.agreements.agreement_signatures import signed_by
from privity.services.agreements.record_agreement import stored_agreement
from privity.services.agreements.record_offices import current_offices
from privity.services.decoys.ask_decoys import need_no_stop
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
from privity.services.response.build_response import build_content
from privity.services.response.fixed_content import fix_content
from privity.services.standing import need_signatory, signature_of
from privity.services.stored_lines import Sealer, all_lines
from privity.wire.line_chunks import JudgedLine, LineKind, decode_lines, encode_lines

_ANEW = "send it again, as a new request"


@dataclass(frozen=True, slots=True)
class GivenBack:
    """The request goes back whole."""

    request_id: str
    state: str
    lines: int
    findings: tuple[Finding, ...]
    content_sha256: str
    log_index: int


def return_request(gate: Gate, request_id: str, *, role: CustodianRole = CustodianRole.DISCLOSURE_OFFICER) -> GivenBack:
    """Revoke the admission of a request that cannot be answered any more, and send all of it back.

    Raises PrivityError ROLE_FORBIDDEN, NOT_FOUND, STATE_CONFLICT (nothing forbids an answer; already going back;
    released), ON_HOLD (a hold freezes it as it is), HOME_FROZEN, DECOY_CONFIRMED, STORAGE_FAILED, LOG_UNAVAILABLE.
    """
    need_role(role, Action.REVOKE_ADMISSION)
    with gate.locks.work():
        with gate.store.reading() as read:
            request = _need_revocable(read, request_id, gate.clock.now())  # 1
            agreement = stored_agreement(read, request.agreement_id, request.agreement_version)
            findings = _unanswerable(gate, read, request, agreement, gate.clock.now())  # 2
        if not findings:
            raise PrivityError(
                ErrorCode.STATE_CONFLICT,
                "nothing forbids an answer to this request: it does not go back",
                "Two officers may refuse its release: `privity release approve --verdict refuse`.",
            )
        index, content_sha256 = revoke(gate, request, findings)
        gate.publish()
        told = tuple(Finding(one.code.value, one.rule, one.message, one.mend) for one in findings)
        return GivenBack(request.request_id, "AWAITING_REVIEW", request.lines, told, content_sha256, index)


def revoke(
    gate: Gate, request: StoredRequest, findings: Sequence[RequestFinding], judged: Sequence[bytes] = ()
) -> tuple[int, str]:
    """Steps 3 to 5, in one transaction; returns log index and content hash. The caller holds the work lock.

    `judged`: the lines' chunks where they were judged anew; else those that are stored.
    """
    at = gate.clock.now()
    sealer = Sealer(request.request_id, gate.keys.request_storage(request.request_id))
    with gate.store.reading() as read:
        agreement = stored_agreement(read, request.agreement_id, request.agreement_version)
        codes = {
            ordinal: ErrorCode(one.code)
            for one in read.referral_decisions(request.request_id)
            if not one.admits
            for ordinal in one.ordinals
        }
        counted, chunks = Counter[str](), []
        for chunk in map(decode_lines, judged) if judged else all_lines(read, sealer, request):
            lines = [_returned(line, findings[0], codes.get(line.ordinal)) for line in chunk]
            counted.update(line.code.value for line in lines if line.code)
            chunks.append(encode_lines(lines))
    kept = replace(sealer.open_file(request), findings=tuple(findings), codes=dict(sorted(counted.items())))
    whole = replace(request, returned_whole=True, admitted=0, returned=request.lines, referred=0)
    facts = request_facts(whole, kept, agreement, at)
    each = (refused_facts(line) for chunk in chunks for line in decode_lines(chunk))
    accounting = make_accounting(gate, facts, each, whole)  # 3
    sealed_file = sealer.seal_file(kept)
    with gate.store.writing() as write:
        present = _need_revocable(write, request.request_id, at)
        if present != request:
            raise PrivityError(ErrorCode.STATE_CONFLICT, "the request changed meanwhile", "Run the command again.")
        write.replace_lines(sealer.seal_lines(chunks, request.lines))  # 4
        write.drop_sealed(request.request_id)
        write.forget_history(request.request_id)
        write.revoke_admission(request.request_id, request.state, sealed_file)
        index = append_entry(
            write,
            AuditEvent.ADMISSION_REVOKED,
            at,
            **request_fields(request),
            manifest_sha256=request.manifest_sha256,
            lines=request.lines,
            codes=",".join(dict.fromkeys(finding.code.value for finding in findings)),
            accounting_root=accounting.root,
            accounting_records=accounting.records.count,
        )
        write_accounting(write, whole, accounting, log_index=index, at=at)
        content = build_content(write, sealer, need_request(write, request.request_id), kept, {})  # 5
        content_sha256 = fix_content(gate, write, sealer, content.unsigned, write.withheld_persons())
    return index, content_sha256


def _need_revocable(read: ReadStore, request_id: str, at: datetime) -> StoredRequest:
    need_thawed(read)
    request = need_request(read, request_id)
    need_kept(read, request)
    if request.returned_whole or request.state not in STATES[Action.REVOKE_ADMISSION]:
        raise PrivityError(
            ErrorCode.STATE_CONFLICT,
            "this request was released or refused already, or goes back whole already",
            "See `privity request show`.",
        )
    need_unheld(read, request, at)
    need_no_stop(read, request)
    return request


def _unanswerable(
    gate: Gate, read: ReadStore, request: StoredRequest, agreement: Agreement, at: datetime
) -> list[RequestFinding]:
    """Why the request can be answered no more: agreement or safeguards (R07, R08), signatory (R02), rules (R11)."""
    offices, signed = current_offices(read, gate.keys), signed_by(read, gate.keys, agreement)
    why = stopped(read, gate.keys, agreement.id, agreement.version)
    findings = list(judge_standing(agreement, offices, (), at, signed_by=signed, stopped=why))
    sealer = Sealer(request.request_id, gate.keys.request_storage(request.request_id))
    try:
        need_signatory(gate, signature_of(sealer.open_package(read, PackageKind.ARRIVED)), at)
    except PrivityError as refusal:
        if refusal.code not in (ErrorCode.CERTIFICATE_INVALID, ErrorCode.SIGNATURE_INVALID):
            raise
        message = "the signatory's certificate was revoked or has expired since"
        findings.append(RequestFinding(ErrorCode.SIGNATURE_INVALID, "R02", message, _ANEW))
    if request.rule_set != RULE_SET_VERSION:
        message = "it was admitted under rules that are applied no more"
        findings.append(RequestFinding(ErrorCode.STALE_OR_REPLAYED, "R11", message, _ANEW))
    return findings


def _returned(line: JudgedLine, finding: RequestFinding, decided: ErrorCode | None) -> JudgedLine:
    if line.kind is LineKind.ADMITTED:
        return replace(
            line, officer="", kind=LineKind.RETURNED, code=finding.code, message=finding.message, admitted=None
        )
    return replace(line, kind=LineKind.RETURNED, code=decided or line.code)
