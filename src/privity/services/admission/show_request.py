"""What may be shown of requests inside the custodian's house: states, counts, codes. No line, no answer, no verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from privity.domain.errors import ErrorCode, PrivityError
from privity.ports.stored import StoredDestruction, StoredRequest
from privity.ports.stores import ReadStore
from privity.services.admission.receive_request import Finding
from privity.services.gate import Gate, answered, holds_on, need_request
from privity.services.stored_lines import Sealer


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request in a list."""

    request_id: str
    agreement_id: str
    agreement_version: int
    state: str
    lines: int
    admitted: int
    returned: int
    referred: int
    returned_whole: bool
    received_at: datetime
    visible_from: datetime
    on_hold: bool
    destroyed_at: datetime | None = None  # when its key was destroyed
    stopped_by_decoy: bool = False  # a run confirmed a planted line: docs/procedures/decoys.md


@dataclass(frozen=True, slots=True)
class RequestView:
    """One request with its progress. `codes`, `findings`, `warnings` are empty once its key is destroyed."""

    row: RequestRow
    codes: Mapping[str, int]
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...]
    key_destroyed: bool
    snapshot_id: str
    rule_set: str
    chunks: int
    chunks_decided: int
    content_sha256: str
    verdicts_recorded: int
    release_index: int | None
    manifest_sha256: str


def list_requests(gate: Gate) -> tuple[RequestRow, ...]:
    """All requests in order of arrival."""
    with gate.store.reading() as read:
        at = gate.clock.now()
        return tuple(_row(read, request, at) for request in read.requests())


def show_request(gate: Gate, request_id: str) -> RequestView:
    """One request. Raises PrivityError NOT_FOUND."""
    with gate.store.reading() as read:
        request = need_request(read, request_id)
        order = read.destruction(request.request_id)
        codes, findings, warnings, destroyed = _file(gate, request, order)
        release = read.release(request.request_id)
        return RequestView(
            row=_row(read, request, gate.clock.now()),
            codes=codes,
            findings=findings,
            warnings=warnings,
            key_destroyed=destroyed,
            snapshot_id=request.snapshot_id,
            rule_set=request.rule_set,
            chunks=request.chunks,
            chunks_decided=len(read.decided_chunks(request.request_id)),
            content_sha256=request.content_sha256,
            verdicts_recorded=len(read.approvals(request.request_id, request.content_sha256)),
            release_index=None if release is None else release.log_index,
            manifest_sha256=request.manifest_sha256,
        )


def _row(read: ReadStore, request: StoredRequest, at: datetime) -> RequestRow:
    destruction = read.destruction(request.request_id)
    return RequestRow(
        request_id=request.request_id,
        agreement_id=request.agreement_id,
        agreement_version=request.agreement_version,
        state=request.state.value,
        lines=request.lines,
        admitted=request.admitted,
        returned=request.returned,
        referred=request.referred,
        returned_whole=request.returned_whole,
        received_at=request.received_at,
        visible_from=request.visible_from,
        on_hold=bool(holds_on(read, answered(request), at)),
        destroyed_at=None if destruction is None else destruction.destroyed_at,
        stopped_by_decoy=any(stop.cleared_at is None for stop in read.decoy_stops(request.request_id)),
    )


def _file(
    gate: Gate, request: StoredRequest, order: StoredDestruction | None
) -> tuple[Mapping[str, int], tuple[Finding, ...], tuple[str, ...], bool]:
    """What lies in the request's file, and whether its key is gone. On record as destroyed, nothing is opened, even
    where a backup brought the key back; a key that a destruction left half overwritten is gone.
    """
    if order is not None and order.destroyed_at is not None:
        return {}, (), (), True
    gone = (ErrorCode.NOT_FOUND,) if order is None else (ErrorCode.NOT_FOUND, ErrorCode.KEY_INVALID)
    try:
        sealer = Sealer(request.request_id, gate.keys.request_storage(request.request_id))
    except PrivityError as destroyed:
        if destroyed.code not in gone:
            raise
        return {}, (), (), True
    kept = sealer.open_file(request)
    findings = tuple(Finding(f.code.value, f.rule, f.message, f.mend) for f in kept.findings)
    return kept.codes, findings, kept.warnings, False
