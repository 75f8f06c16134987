"""Receives one package: arrival logged, opened, judged, and all that is kept of it stored in one transaction.

A package that fails at the door leaves a log entry and an error. A request that is refused after opening goes back
whole: every line with a code, accounted in the refusal's own transaction, and on the same two-person path out. Running
it again after a crash completes what was not stored, or says under which request id the package is known. The numbers
are those of docs/procedures/admit.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import BinaryIO

from privity.domain.agreement import Agreement
from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action, RequestState
from privity.domain.offices import CustodianRole
from privity.domain.request import RequestId
from privity.normalise import RULE_SET_VERSION
from privity.ports.stored import PackageKind, StoredRequest
from privity.ports.stores import WriteStore
from privity.services.accounting.account_lines import Accounting, make_accounting, request_facts, write_accounting
from privity.services.admission.judge_arrival import Judged, judge_arrival
from privity.services.admission.open_request import OpenedRequest, measure, open_request
from privity.services.gate import Gate, Progress, append_entry, need_role, need_thawed, quiet, request_fields
from privity.services.response.build_response import build_content
from privity.services.response.fixed_content import fix_content
from privity.services.stored_lines import Sealer
from privity.wire.accounting_format import LineFacts
from privity.wire.line_chunks import CHUNK_LINES, JudgedLine, LineKind
from privity.wire.request_file import RequestFile

# What can be wrong with a package at the door. Any other error is trouble of our own, and no refusal.
REFUSALS = frozenset(
    {
        ErrorCode.PACKAGE_INVALID,
        ErrorCode.SIGNATURE_INVALID,
        ErrorCode.CERTIFICATE_INVALID,
        ErrorCode.DECRYPTION_FAILED,
        ErrorCode.FORMAT_INVALID,
        ErrorCode.AGREEMENT_NOT_IN_FORCE,
        ErrorCode.STALE_OR_REPLAYED,
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A defect of the whole request, in words."""

    code: str
    rule: str
    message: str
    mend: str


@dataclass(frozen=True, slots=True)
class Received:
    """What became of the package."""

    request_id: str
    state: str
    returned_whole: bool
    lines: int
    admitted: int
    returned: int
    referred: int
    codes: Mapping[str, int]
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...]
    visible_from: datetime
    log_index: int


@dataclass(frozen=True, slots=True)
class _Arrival:
    """Everything that the one transaction stores."""

    request: StoredRequest
    opened: OpenedRequest
    judged: Judged
    kept: RequestFile
    sealer: Sealer
    sealed_package: bytes
    accounting: Accounting | None  # of a request that goes back whole
    at: datetime


def receive_request(
    gate: Gate,
    package: BinaryIO,
    *,
    role: CustodianRole = CustodianRole.DISCLOSURE_OFFICER,
    progress: Progress = quiet,
    processes: int = 2,
) -> Received:
    """Take in one package; the lines of a large one are judged on `processes` processes.

    Raises PrivityError ROLE_FORBIDDEN, one of REFUSALS (the door's refusal, logged), HOME_BUSY, HOME_FROZEN, NOT_FOUND
    (no office register), STORAGE_FAILED, LOG_UNAVAILABLE.
    """
    need_role(role, Action.RECEIVE)
    with gate.locks.work():
        at = gate.clock.now()
        package_sha256, size = measure(package)
        _log_arrival(gate, package_sha256, size, at)  # 1
        try:
            progress("open", 0, 1)
            opened = open_request(gate, package, package_sha256, size, at)  # 2-5
            progress("open", 1, 1)
            judged = judge_arrival(gate, opened, at, progress, processes)  # 6, 7
            opened = replace(opened, document=b"")  # hundreds of megabytes, and every line of it is judged
            log_index, request = _store(gate, _prepare(gate, package, opened, judged, at), progress)  # 8
        except PrivityError as refusal:
            if refusal.code in REFUSALS:
                _log_refusal(gate, package_sha256, refusal.code)
            raise
        gate.publish()  # 9
        return _result(request, judged, log_index)


def visible_from(agreement: Agreement, lines: int, at: datetime) -> datetime:
    """The moment before which no answer is visible: fixed at admission from the agreement and the line count (C2)."""
    thousands = (lines + 999) // 1000
    seconds = agreement.answer_after_seconds + agreement.answer_after_seconds_per_thousand_lines * thousands
    return at + timedelta(seconds=seconds)


def _log_arrival(gate: Gate, package_sha256: str, size: int, at: datetime) -> None:
    with gate.store.writing() as write:
        need_thawed(write)
        append_entry(write, AuditEvent.PACKAGE_ARRIVED, at, package_sha256=package_sha256, size=size)


def _log_refusal(gate: Gate, package_sha256: str, code: ErrorCode) -> None:
    with gate.store.writing() as write:
        append_entry(
            write, AuditEvent.PACKAGE_REFUSED, gate.clock.now(), package_sha256=package_sha256, code=code.value
        )
    gate.publish()


def _prepare(gate: Gate, package: BinaryIO, opened: OpenedRequest, judged: Judged, at: datetime) -> _Arrival:
    request_id = RequestId(opened.manifest.request_id)
    sealer = Sealer(request_id, gate.keys.create_request_key(request_id))
    kept = RequestFile(
        header=opened.header,
        custodian=opened.agreement.custodian.id,
        signer=opened.signature.signer_fingerprint,
        signer_certificate=opened.signature.signer_certificate,
        signing_time=opened.signature.signing_time,
        findings=judged.findings,
        warnings=judged.warnings,
        codes=judged.codes,
    )
    request = _request(opened, judged, sealer, kept, at)
    arrived = _as_opened(package, opened)
    accounting = None
    if judged.returned_whole:
        facts = request_facts(request, kept, opened.agreement, at)
        accounting = make_accounting(gate, facts, map(refused_facts, judged.each_line()), request)
    sealed_package = sealer.seal_package(PackageKind.ARRIVED, arrived)
    return _Arrival(request, opened, judged, kept, sealer, sealed_package, accounting, at)


def _as_opened(package: BinaryIO, opened: OpenedRequest) -> bytes:
    """The bytes to keep: those that were measured and opened, whatever has been done to the file since."""
    package.seek(0)
    content = package.read(opened.size + 1)
    if hashlib.sha256(content).hexdigest() != opened.package_sha256:
        raise PrivityError(
            ErrorCode.PACKAGE_INVALID,
            "the package changed while it was read",
            "Put it where nobody writes to it, then receive it again.",
        )
    return content


def _request(opened: OpenedRequest, judged: Judged, sealer: Sealer, kept: RequestFile, at: datetime) -> StoredRequest:
    lines = judged.lines
    return StoredRequest(
        request_id=sealer.request_id,
        agreement_id=opened.agreement.id,
        agreement_version=opened.agreement.version,
        agreement_digest=opened.agreement.digest,
        requester=opened.agreement.requester.id,
        office=opened.header.office,
        state=RequestState.AWAITING_REVIEW if judged.returned_whole else RequestState.ADMITTED,
        returned_whole=judged.returned_whole,
        lines=lines,
        admitted=judged.kinds.get(LineKind.ADMITTED, 0),
        returned=judged.kinds.get(LineKind.RETURNED, 0),
        referred=judged.kinds.get(LineKind.REFERRED, 0),
        chunks=(lines + CHUNK_LINES - 1) // CHUNK_LINES,
        manifest_sha256=opened.manifest_sha256,
        package_sha256=opened.package_sha256,
        rule_set=RULE_SET_VERSION,
        received_at=at,
        visible_from=visible_from(opened.agreement, lines, at),
        sealed_header=sealer.seal_file(kept),
    )


def _store(gate: Gate, arrival: _Arrival, progress: Progress) -> tuple[int, StoredRequest]:
    """The one transaction: request, nonce, package, lines, history, accounting of a refusal, log entry."""
    request, judged = arrival.request, arrival.judged
    with gate.store.writing() as write:
        need_thawed(write)
        write.add_request(request, arrival.opened.manifest.nonce)
        write.add_package(request.request_id, PackageKind.ARRIVED, arrival.sealed_package)
        for chunk in arrival.sealer.seal_lines(judged.chunks, judged.lines):
            write.add_line_chunk(chunk)
            progress("store", chunk.chunk + 1, request.chunks)
        if judged.remembered is not None:
            write.add_questions(request.requester, request.request_id, arrival.at, judged.remembered.questions())
            write.add_officer_cases(request.requester, request.request_id, judged.remembered.cases())
        if arrival.accounting is None:
            return _log_admission(write, arrival), request
        return _store_refusal(gate, write, arrival, arrival.accounting), request


def _log_admission(write: WriteStore, arrival: _Arrival) -> int:
    request = arrival.request
    return append_entry(
        write,
        AuditEvent.REQUEST_ADMITTED,
        arrival.at,
        **request_fields(request),
        rule_set=request.rule_set,
        manifest_sha256=request.manifest_sha256,
        lines=request.lines,
        returned=request.returned,
        referred=request.referred,
        visible_from=f"{request.visible_from:%Y-%m-%dT%H:%M:%SZ}",
    )


def _store_refusal(gate: Gate, write: WriteStore, arrival: _Arrival, accounting: Accounting) -> int:
    request = arrival.request
    index = append_entry(
        write,
        AuditEvent.REQUEST_RETURNED,
        arrival.at,
        **request_fields(request),
        rule_set=request.rule_set,
        manifest_sha256=request.manifest_sha256,
        lines=request.lines,
        codes=",".join(dict.fromkeys(finding.code.value for finding in arrival.judged.findings)),
        accounting_root=accounting.root,
        accounting_records=accounting.records.count,
    )
    write_accounting(write, request, accounting, log_index=index, at=arrival.at)
    content = build_content(write, arrival.sealer, request, arrival.kept, {})
    fix_content(gate, write, arrival.sealer, content.unsigned, write.withheld_persons())
    return index


def refused_facts(line: JudgedLine) -> LineFacts:
    """What the accounting keeps of a line that goes back with its whole request."""
    return LineFacts(
        ordinal=line.ordinal,
        line_id=line.line_id,
        name=line.name,
        birth_date=line.birth_date,
        identifier=line.identifier,
        case_id=line.case_id,
        officer="",
        recipient="",
        answer=None,
        code=line.code,
        person="",
    )


def _result(request: StoredRequest, judged: Judged, log_index: int) -> Received:
    return Received(
        request_id=request.request_id,
        state=request.state.value,
        returned_whole=request.returned_whole,
        lines=request.lines,
        admitted=request.admitted,
        returned=request.returned,
        referred=request.referred,
        codes=judged.codes,
        findings=tuple(Finding(f.code.value, f.rule, f.message, f.mend) for f in judged.findings),
        warnings=judged.warnings,
        visible_from=request.visible_from,
        log_index=log_index,
    )
