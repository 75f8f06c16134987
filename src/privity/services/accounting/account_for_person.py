"""Answers "who was told what about this person", and for a request: its whole accounting, with proofs.

Every look-up needs a role and a reason and is logged before anything is shown. A look-up by name finds what was filed
under a supplied name: "someone of this name". Holding entries back leaves no gap in an export's numbering.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianRole
from privity.domain.request import SuppliedName
from privity.ledger import accounting_tree, tree
from privity.ledger.proofs import inclusion_proof
from privity.ports.stored import AccountingRow, AccountingSummary, Filing, FilingKind
from privity.ports.stores import ReadStore
from privity.services.accounting.account_lines import name_digest, open_record, person_digest
from privity.services.gate import Gate, append_entry, need_request, need_role
from privity.wire.accounting_format import export_blind, export_head, export_record, name_keys, read_record
from privity.wire.canonical_json import JsonValue

REASONS = ("subject_request", "audit", "litigation", "incident", "oversight")


@dataclass(frozen=True, slots=True, repr=False)
class AccountEntry:
    """One permanent record with what proves it: nonce and leaf, the path to the request's root, the log's proof."""

    request_id: str
    ordinal: int
    filed_as: str
    record: Mapping[str, JsonValue]
    written_at: datetime
    log_index: int
    nonce: str
    leaf: str
    root: str
    records: int
    leaf_proof: tuple[str, ...]
    log_proof: str


@dataclass(frozen=True, slots=True)
class PersonAccount:
    """Everything filed under a person or a name, oldest request first."""

    entries: tuple[AccountEntry, ...]


@dataclass(frozen=True, slots=True)
class RequestAccount:
    """The accounting of one request, recomputed from its records."""

    request_id: str
    records: int
    root: str
    root_recomputed_agrees: bool
    log_index: int
    log_proof: str
    answers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class AccountingExported:
    """An export that an auditor can check offline."""

    request_id: str
    path: str
    records: int
    root: str
    log_index: int


def account_for_person(gate: Gate, reference: str, *, role: CustodianRole, reason_code: str) -> PersonAccount:
    """Every confirmed line of the register's person `reference`.

    Raises PrivityError ROLE_FORBIDDEN, USAGE (unknown reason), STORAGE_FAILED, LOG_UNAVAILABLE.
    """
    _log_reading(gate, "person", role, reason_code)
    person = gate.keys.index_keys().person_reference(reference)
    return _account(gate, [person_digest(gate.keys, person)])


def account_for_name(
    gate: Gate,
    name: SuppliedName,
    birth_date: str = "",
    identifier: str = "",
    *,
    role: CustodianRole,
    reason_code: str,
) -> PersonAccount:
    """Every line that was asked about someone of this name; narrowed by a birth date or an identifier where given.

    Raises what `account_for_person` raises, and USAGE for a name without letters.
    """
    _log_reading(gate, "name", role, reason_code)
    kind, further = FilingKind.NAME, ""
    if birth_date:
        kind, further = FilingKind.NAME_AND_BIRTH, birth_date
    if identifier:
        kind, further = FilingKind.NAME_AND_IDENTIFIER, identifier
    keys = name_keys(name)
    if not keys:
        raise PrivityError(ErrorCode.USAGE, "the name has no letters", "Give the given name and the family name.")
    return _account(gate, [name_digest(gate.keys, key, kind, further) for key in keys])


def account_for_request(gate: Gate, request_id: str, *, role: CustodianRole, reason_code: str) -> RequestAccount:
    """Count and root of a request's records, every record opened and every leaf recomputed.

    Raises PrivityError NOT_FOUND, ACCOUNTING_UNAVAILABLE (not accounted yet).
    """
    _log_reading(gate, "request", role, reason_code)
    with gate.store.reading() as read:
        summary = _summary(read, request_id)
        answers: Counter[str] = Counter()
        leaves = []
        for row in read.accounting(summary.request_id):
            nonce, record = open_record(gate, row)
            leaves.append(accounting_tree.leaf(nonce, record))
            fields = read_record(record)
            answers[str(fields["answer"] or fields["code"])] += 1
    return RequestAccount(
        request_id=summary.request_id,
        records=len(leaves),
        root=summary.root,
        root_recomputed_agrees=accounting_tree.root(leaves).hex() == summary.root and len(leaves) == summary.records,
        log_index=summary.log_index,
        log_proof=gate.log.inclusion_proof(summary.log_index).decode("utf-8"),
        answers=dict(sorted(answers.items())),
    )


def export_accounting(
    gate: Gate, request_id: str, path: Path, *, role: CustodianRole, reason_code: str, blind: bool = False
) -> AccountingExported:
    """Write the export (JSON Lines); `blind` holds every record back but keeps its leaf.

    Raises what `account_for_request` raises; STATE_CONFLICT where another file lies at `path`.
    """
    _log_reading(gate, "export", role, reason_code)
    with gate.store.reading() as read:
        summary = _summary(read, request_id)
        content = b"".join(_export(gate, read, summary, blind=blind))
    placed = gate.outlet.place(path.parent, path.name, content)
    return AccountingExported(summary.request_id, str(placed), summary.records, summary.root, summary.log_index)


def _export(gate: Gate, read: ReadStore, summary: AccountingSummary, *, blind: bool) -> Iterator[bytes]:
    yield export_head(summary.request_id, summary.records, summary.root, summary.log_index)
    for row in read.accounting(summary.request_id):
        if blind:
            yield export_blind(row.ordinal, row.leaf)
        else:
            yield export_record(row.ordinal, *open_record(gate, row))


def _account(gate: Gate, digests: Sequence[bytes]) -> PersonAccount:
    with gate.store.reading() as read:
        found: dict[tuple[str, int], Filing] = {}
        for filing in read.filed_under(digests):
            found.setdefault((filing.request_id, filing.ordinal), filing)
        entries = [_entry(gate, read, filing) for filing in found.values()]
    return PersonAccount(tuple(sorted(entries, key=lambda entry: (entry.written_at, entry.request_id, entry.ordinal))))


def _entry(gate: Gate, read: ReadStore, filing: Filing) -> AccountEntry:
    row = read.accounting_row(filing.request_id, filing.ordinal)
    summary = read.accounting_summary(filing.request_id)
    if row is None or summary is None:
        raise PrivityError(ErrorCode.ACCOUNTING_UNAVAILABLE, "a filed record is missing")
    nonce, record = open_record(gate, row)
    return AccountEntry(
        request_id=filing.request_id,
        ordinal=filing.ordinal,
        filed_as="someone of this name" if filing.kind is not FilingKind.PERSON else "this person",
        record=read_record(record),
        written_at=summary.written_at,
        log_index=summary.log_index,
        nonce=nonce.hex(),
        leaf=row.leaf.hex(),
        root=summary.root,
        records=summary.records,
        leaf_proof=_leaf_proof(read, row, summary),
        log_proof=gate.log.inclusion_proof(summary.log_index).decode("utf-8"),
    )


def _leaf_proof(read: ReadStore, row: AccountingRow, summary: AccountingSummary) -> tuple[str, ...]:
    """RFC 6962 audit path from the record's leaf to the request's root."""
    hashes = [tree.leaf_hash(one.leaf) for one in read.accounting(summary.request_id)]

    def node(level: int, index: int) -> bytes:
        return tree.root_of_hashes(hashes[index << level : (index + 1) << level])

    return tuple(hash_.hex() for hash_ in inclusion_proof(node, row.ordinal - 1, len(hashes)))


def _summary(read: ReadStore, request_id: str) -> AccountingSummary:
    request = need_request(read, request_id)
    summary = read.accounting_summary(request.request_id)
    if summary is None:
        raise PrivityError(
            ErrorCode.ACCOUNTING_UNAVAILABLE,
            "this request is not accounted yet: it has been neither released nor refused",
            "Its records are written in the transaction that releases or refuses it.",
        )
    return summary


def _log_reading(gate: Gate, query: str, role: CustodianRole, reason_code: str) -> None:
    """Role and reason first; then the entry, published, before anything is read (a look-up is an event)."""
    need_role(role, Action.READ_ACCOUNTING)
    if reason_code not in REASONS:
        raise PrivityError(
            ErrorCode.USAGE, "a look-up needs a reason from the closed list", f"Use one of: {', '.join(REASONS)}."
        )
    with gate.store.writing() as write:
        append_entry(
            write,
            AuditEvent.ACCOUNTING_READ,
            gate.clock.now(),
            query=query,
            role=role.value,
            reason_code=reason_code,
        )
    gate.publish()
