"""What follows when officers refuse to release: nothing leaves, and every line is accounted for all the same.

Runs inside the transaction of the deciding verdict. A request that had gone back whole is accounted for already.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode
from privity.ports.stored import StoredRequest
from privity.ports.stores import WriteStore
from privity.services.accounting.account_lines import make_accounting, request_facts, write_accounting
from privity.services.agreements.record_agreement import stored_agreement
from privity.services.gate import Gate, append_entry, request_fields
from privity.services.stored_lines import Sealer, all_lines
from privity.wire.accounting_format import LineFacts
from privity.wire.line_chunks import JudgedLine


def account_refusal(gate: Gate, write: WriteStore, request: StoredRequest, at: datetime) -> None:
    """Records of every line with the code RELEASE_UNAPPROVED, and the entry that commits to them."""
    summary = write.accounting_summary(request.request_id)
    if summary is not None:  # a request that had gone back whole
        _log(write, request, summary.root, at)
        return
    sealer = Sealer(request.request_id, gate.keys.request_storage(request.request_id))
    agreement = stored_agreement(write, request.agreement_id, request.agreement_version)
    facts = request_facts(request, sealer.open_file(request), agreement, at)
    accounting = make_accounting(gate, facts, _lines(all_lines(write, sealer, request)), request)
    index = _log(write, request, accounting.root, at)
    write_accounting(write, request, accounting, log_index=index, at=at)


def _log(write: WriteStore, request: StoredRequest, accounting_root: str, at: datetime) -> int:
    return append_entry(
        write,
        AuditEvent.RELEASE_REFUSED,
        at,
        **request_fields(request),
        content_sha256=request.content_sha256,
        manifest_sha256=request.manifest_sha256,
        lines=request.lines,
        accounting_root=accounting_root,
        accounting_records=request.lines,
    )


def _lines(chunks: Iterator[list[JudgedLine]]) -> Iterator[LineFacts]:
    for chunk in chunks:
        for line in chunk:
            yield LineFacts(
                ordinal=line.ordinal,
                line_id=line.line_id,
                name=line.name,
                birth_date=line.birth_date,
                identifier=line.identifier,
                case_id=line.case_id,
                officer=line.officer,
                recipient="",
                answer=None,
                code=ErrorCode.RELEASE_UNAPPROVED,
                person="",
            )
