"""Releases a response and makes its package visible: never without two people, a durable entry and full accounting.

Sealed bytes are stored first; then one transaction releases (state, accounting of every line, log entry, duty); then
tiles and checkpoint; then the package, with its proof, becomes visible by one rename. Killed anywhere and run again, it
goes on with the same bytes. The numbers are those of docs/procedures/release.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

from privity.domain.answer import Answer
from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action, RequestState
from privity.domain.offices import CustodianRole
from privity.domain.request import SuppliedName
from privity.ports.stored import PackageKind, StoredDuty, StoredRelease, StoredRequest
from privity.ports.stores import WriteStore
from privity.services.accounting.account_lines import (
    Accounting,
    RecordsDesk,
    SealedRecords,
    gather_accounting,
    records_desk,
    request_facts,
    seal_records,
    write_accounting,
)
from privity.services.gate import Gate, Progress, append_entry, need_request, need_role, quiet, request_fields
from privity.services.release.check_release import (
    APPROVER_LEFT,
    CONTENT_CHANGED,
    WITHHOLDINGS_CHANGED,
    Checked,
    check_again,
    check_release,
    unapproved,
)
from privity.services.release.seal_response import assemble, manifest_of, seal_response
from privity.services.response.fixed_content import fix_content
from privity.services.response.told_lines import ToldLine, over_told_lines
from privity.wire.accounting_format import LineFacts
from privity.wire.package_manifest import ResponseManifest

DESTROY = "destroy"
PROCESSES = 2  # that records are made on
_ANSWERS = {answer.value: answer for answer in Answer}
_ANEW = {
    CONTENT_CHANGED: "the content changed since it was approved: recipients are no longer the same",
    WITHHOLDINGS_CHANGED: "withholdings changed since the content was fixed",
    APPROVER_LEFT: "an officer who approved is no longer in office with that certificate",
}


@dataclass(frozen=True, slots=True)
class Released:
    """The release of one request. No count of answers: the log and this say the same."""

    request_id: str
    content_sha256: str
    response_manifest_sha256: str
    accounting_root: str
    accounting_records: int
    lines: int
    parts: int
    log_index: int
    released_at: datetime
    destroy_by: date
    already_released: bool


@dataclass(frozen=True, slots=True)
class Delivered:
    """The package as it became visible."""

    request_id: str
    path: str
    package_sha256: str
    size: int
    parts: int
    lines: int
    log_index: int
    log_size: int
    first_delivery: bool


def release_response(
    gate: Gate,
    request_id: str,
    *,
    role: CustodianRole = CustodianRole.DISCLOSURE_OFFICER,
    progress: Progress = quiet,
) -> Released:
    """Release what two people approved; again, it says what was released.

    Raises PrivityError with what `check_release` names, STORAGE_FAILED, LOG_UNAVAILABLE, ACCOUNTING_UNAVAILABLE.
    """
    need_role(role, Action.DELIVER)
    with gate.locks.work():
        checked = check_release(gate, request_id, gate.clock.now(), progress)  # 6
        return _release(gate, checked, progress)


def deliver_response(
    gate: Gate,
    request_id: str,
    folder: Path,
    *,
    role: CustodianRole = CustodianRole.DISCLOSURE_OFFICER,
    progress: Progress = quiet,
) -> Delivered:
    """Make the package visible in `folder`, releasing it first where that has not happened; again, the same bytes.

    Raises what `release_response` raises; STATE_CONFLICT where other bytes lie under the package's name.
    """
    need_role(role, Action.DELIVER)
    with gate.locks.work():
        checked = check_release(gate, request_id, gate.clock.now(), progress)  # 6
        released = _release(gate, checked, progress)
        package = _whole_package(gate, checked, released)  # 13
        progress("deliver", 0, 1)
        path, first = _make_visible(gate, checked, released, package, folder)  # 14
        gate.publish()
        progress("deliver", 1, 1)
        return Delivered(
            request_id=released.request_id,
            path=str(path),
            package_sha256=hashlib.sha256(package).hexdigest(),
            size=len(package),
            parts=released.parts,
            lines=released.lines,
            log_index=released.log_index,
            log_size=gate.log.published_size(),
            first_delivery=first,
        )


def package_name(request_id: str) -> str:
    """The package's file name: it says nothing but the request."""
    return f"{request_id}.response.zip"


def _release(gate: Gate, checked: Checked, progress: Progress) -> Released:
    if checked.lapsed:
        _start_anew(gate, checked)  # 7
    if checked.request.state is RequestState.APPROVED:
        _seal(gate, checked, progress)  # 8, 9
    sealed = _sealed(gate, checked)
    manifest_bytes, manifest = manifest_of(sealed)
    already = checked.request.state in (RequestState.RELEASED, RequestState.DELIVERED)
    if not already:
        progress("release", 0, 1)
        _commit_release(gate, checked, manifest_bytes, manifest)  # 10, 11
        progress("release", 1, 1)
    gate.publish()  # 12
    return _released(gate, checked, manifest, already)


def _start_anew(gate: Gate, checked: Checked) -> NoReturn:
    """What was signed, or who signed it, no longer counts: nothing leaves; approvals start anew (A08)."""
    request, at = checked.request, gate.clock.now()
    if request.state in (RequestState.RELEASED, RequestState.DELIVERED):
        raise PrivityError(
            ErrorCode.ON_HOLD,
            "since the release, a recipient's certificate or a withholding has changed: the package stays closed",
            "Counsel decides: the released package would no longer be released today.",
        )
    if request.state not in (RequestState.APPROVED, RequestState.SEALED):
        raise unapproved()
    with gate.store.writing() as write:
        check_again(gate, write, checked, at)
        write.drop_sealed(request.request_id)
        write.move_request(request.request_id, request.state, RequestState.AWAITING_REVIEW)
        content_sha256 = fix_content(gate, write, checked.sealer, checked.content.unsigned, checked.withheld)
        append_entry(
            write,
            AuditEvent.APPROVALS_RESET,
            at,
            **request_fields(request),
            content_sha256=request.content_sha256,
            reason_code=checked.lapsed,
        )
        if not request.returned_whole:  # nothing of it was ever matched
            append_entry(
                write,
                AuditEvent.MATCHING_FINISHED,
                at,
                **request_fields(request),
                rule_set=request.rule_set,
                snapshot_id=request.snapshot_id,
                lines=request.lines,
                content_sha256=content_sha256,
            )
    gate.publish()
    raise unapproved(_ANEW[checked.lapsed])


def _seal(gate: Gate, checked: Checked, progress: Progress) -> None:
    """Encrypt and sign, then store the sealed bytes with the intent, before anything is released."""
    at = gate.clock.now().replace(microsecond=0)
    sealed = seal_response(gate, checked, at, progress)
    manifest_sha256 = hashlib.sha256(manifest_of(sealed)[0]).hexdigest()
    with gate.store.writing() as write:
        request = check_again(gate, write, checked, at)
        write.add_package(
            request.request_id, PackageKind.SEALED, checked.sealer.seal_package(PackageKind.SEALED, sealed)
        )
        write.move_request(request.request_id, RequestState.APPROVED, RequestState.SEALED)
        append_entry(
            write,
            AuditEvent.RELEASE_INTENDED,
            at,
            **request_fields(request),
            content_sha256=request.content_sha256,
            response_manifest_sha256=manifest_sha256,
        )


def _sealed(gate: Gate, checked: Checked) -> bytes:
    with gate.store.reading() as read:
        sealed = checked.sealer.open_package(read, PackageKind.SEALED)
    if sealed is None:
        raise unapproved()
    return sealed


def _commit_release(gate: Gate, checked: Checked, manifest_bytes: bytes, manifest: ResponseManifest) -> None:
    """The one transaction: checks, accounting of every line, log entry, release, duty, state."""
    at = gate.clock.now()
    accounting = None if checked.request.returned_whole else _accounting(gate, checked, at)
    with gate.store.writing() as write:
        request = check_again(gate, write, checked, at)
        root = accounting.root if accounting else _root_of_refusal(write, request)
        manifest_sha256 = hashlib.sha256(manifest_bytes).hexdigest()
        index = append_entry(
            write,
            AuditEvent.RESPONSE_RELEASED,
            at,
            **request_fields(request),
            rule_set=request.rule_set,
            content_sha256=request.content_sha256,
            manifest_sha256=request.manifest_sha256,
            response_manifest_sha256=manifest_sha256,
            lines=request.lines,
            accounting_root=root,
            accounting_records=request.lines,
            snapshot_id=request.snapshot_id,
        )
        if accounting:
            write_accounting(write, request, accounting, log_index=index, at=at)
        write.add_release(StoredRelease(request.request_id, request.content_sha256, manifest_sha256, root, index, at))
        if not request.returned_whole:
            write.add_duty(StoredDuty(request.request_id, request.requester, DESTROY, manifest.destroy_by))
        write.move_request(request.request_id, RequestState.SEALED, RequestState.RELEASED)


def _accounting(gate: Gate, checked: Checked, at: datetime) -> Accounting:
    """The records of what is told (6.2): the same stored lines and answers, read again, one chunk at a time."""
    facts = request_facts(checked.request, checked.kept, checked.agreement, at)
    recipients = {part.officer: part.recipient for part in checked.content.parts}
    desk = records_desk(gate, facts, checked.request)
    with gate.store.reading() as read:
        chunks = over_told_lines(
            read,
            checked.sealer,
            checked.request,
            _records,
            (desk, recipients),
            withheld=checked.withheld,
            processes=PROCESSES,
        )
        return gather_accounting(chunks, checked.request)


def _records(setting: tuple[RecordsDesk, Mapping[str, str]], lines: Iterable[ToldLine]) -> SealedRecords:
    desk, recipients = setting
    return seal_records(desk, (_facts(told, recipients) for told in lines))


def _facts(told: ToldLine, recipients: Mapping[str, str]) -> LineFacts:
    return LineFacts(
        ordinal=told.ordinal,
        line_id=told.line_id,
        name=SuppliedName(*told.name),
        birth_date=told.birth_date,
        identifier=told.identifier,
        case_id=told.case_id,
        officer=told.officer,
        recipient=recipients[told.officer],
        answer=_ANSWERS.get(told.answer),
        code=ErrorCode(told.code) if told.code else None,
        person=told.person,
    )


def _root_of_refusal(write: WriteStore, request: StoredRequest) -> str:
    summary = write.accounting_summary(request.request_id)
    if summary is None:
        raise PrivityError(ErrorCode.ACCOUNTING_UNAVAILABLE, "the accounting of this refusal is missing")
    return summary.root


def _released(gate: Gate, checked: Checked, manifest: ResponseManifest, already: bool) -> Released:
    with gate.store.reading() as read:
        request = need_request(read, checked.request.request_id)
        release = read.release(request.request_id)
        summary = read.accounting_summary(request.request_id)
    if release is None or summary is None:
        raise PrivityError(ErrorCode.STATE_CONFLICT, "the release is not recorded")
    return Released(
        request_id=request.request_id,
        content_sha256=release.content_sha256,
        response_manifest_sha256=release.response_manifest_sha256,
        accounting_root=summary.root,
        accounting_records=summary.records,
        lines=request.lines,
        parts=len(manifest.parts),
        log_index=release.log_index,
        released_at=release.released_at,
        destroy_by=manifest.destroy_by,
        already_released=already,
    )


def _whole_package(gate: Gate, checked: Checked, released: Released) -> bytes:
    """The package with its log proof: made once, stored, and from then on the same bytes."""
    with gate.store.reading() as read:
        package = checked.sealer.open_package(read, PackageKind.RESPONSE)
    if package is not None:
        return package
    index = released.log_index
    package = assemble(_sealed(gate, checked), gate.log.inclusion_proof(index), gate.log.entry(index))
    with gate.store.writing() as write:
        write.add_package(
            checked.request.request_id,
            PackageKind.RESPONSE,
            checked.sealer.seal_package(PackageKind.RESPONSE, package),
        )
    return package


def _make_visible(gate: Gate, checked: Checked, released: Released, package: bytes, folder: Path) -> tuple[Path, bool]:
    """Look at the holds and rename, both while the write lock is held: no hold can slip in between (C7)."""
    at = gate.clock.now()
    with gate.store.writing() as write:
        request = check_again(gate, write, checked, at)
        path = gate.outlet.place(folder, package_name(request.request_id), package)
        first = request.state is RequestState.RELEASED
        if first:
            write.move_request(request.request_id, RequestState.RELEASED, RequestState.DELIVERED)
        append_entry(
            write,
            AuditEvent.RESPONSE_DELIVERED,
            at,
            **request_fields(request),
            response_manifest_sha256=released.response_manifest_sha256,
            package_sha256=hashlib.sha256(package).hexdigest(),
        )
    return path, first
