"""Makes the permanent records of a request: one for every line, each under its own nonce, filed to be found.

Called inside the transaction that answers or refuses; never on its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from privity.domain.agreement import Agreement
from privity.ledger import accounting_tree
from privity.ports.security import KeyStore
from privity.ports.stored import AccountingRow, AccountingSummary, Filing, FilingKind, StoredRequest
from privity.ports.stores import WriteStore
from privity.services.gate import Gate
from privity.wire.accounting_format import LineFacts, RequestFacts, name_keys, record_bytes
from privity.wire.request_file import RequestFile


@dataclass(frozen=True, slots=True)
class Accounting:
    """Records ready to be written, with the root that the log entry commits to (hex)."""

    rows: Sequence[AccountingRow]
    filings: Sequence[Filing]
    root: str


def request_facts(request: StoredRequest, kept: RequestFile, agreement: Agreement, at: datetime) -> RequestFacts:
    """What all records of one request share."""
    return RequestFacts(
        request_id=request.request_id,
        agreement_id=request.agreement_id,
        agreement_version=request.agreement_version,
        agreement_digest=request.agreement_digest,
        requester=request.requester,
        office=request.office,
        signer=kept.signer,
        authority=agreement.authority,
        statutes=kept.header.statutes,
        purpose=kept.header.purpose,
        received_at=rfc3339(request.received_at),
        accounted_at=rfc3339(at),
    )


def make_accounting(gate: Gate, facts: RequestFacts, lines: Iterable[LineFacts], request: StoredRequest) -> Accounting:
    """Records, filings and root for every line, in the order of ordinals."""
    storage = gate.keys.accounting_storage()
    rows: list[AccountingRow] = []
    filings: list[Filing] = []
    for line in lines:
        record = record_bytes(facts, line)
        nonce = gate.entropy.token(accounting_tree.NONCE_SIZE)
        leaf = accounting_tree.leaf(nonce, record)
        sealed = storage.seal(nonce + record, row_place(request.request_id, line.ordinal))
        rows.append(AccountingRow(request.request_id, line.ordinal, leaf, sealed))
        filings.extend(
            Filing(digest, kind, request.request_id, line.ordinal) for digest, kind in _filed_under(gate.keys, line)
        )
    root = accounting_tree.root(row.leaf for row in rows).hex()
    return Accounting(rows, filings, root)


def write_accounting(
    write: WriteStore, request: StoredRequest, accounting: Accounting, *, log_index: int, at: datetime
) -> None:
    """Write them in the transaction at hand. Raises PrivityError ACCOUNTING_UNAVAILABLE."""
    summary = AccountingSummary(request.request_id, accounting.root, len(accounting.rows), log_index, at)
    write.add_accounting(summary, accounting.rows, accounting.filings)


def open_record(gate: Gate, row: AccountingRow) -> tuple[bytes, bytes]:
    """Nonce and canonical record of a stored row. Raises PrivityError DECRYPTION_FAILED."""
    plain = gate.keys.accounting_storage().open(row.sealed, row_place(row.request_id, row.ordinal))
    return plain[: accounting_tree.NONCE_SIZE], plain[accounting_tree.NONCE_SIZE :]


def person_digest(keys: KeyStore, person: bytes) -> bytes:
    """Filing digest of a register person, from the keyed reference."""
    return keys.accounting_digest(b"person\0" + person)


def name_digest(keys: KeyStore, key: str, kind: FilingKind, further: str = "") -> bytes:
    """Filing digest of a name key, alone or with a birth date or identifier."""
    message = b"\0".join((kind.value.encode(), key.encode(), further.strip().upper().encode("utf-8", "replace")))
    return keys.accounting_digest(message)


def row_place(request_id: str, ordinal: int) -> bytes:
    """Associated data that binds a sealed record to its place."""
    return f"accounting/{request_id}/{ordinal}".encode()


def rfc3339(moment: datetime) -> str:
    """UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _filed_under(keys: KeyStore, line: LineFacts) -> Iterator[tuple[bytes, FilingKind]]:
    if line.person:
        yield person_digest(keys, bytes.fromhex(line.person)), FilingKind.PERSON
    for key in name_keys(line.name):
        yield name_digest(keys, key, FilingKind.NAME), FilingKind.NAME
        if line.birth_date:
            yield name_digest(keys, key, FilingKind.NAME_AND_BIRTH, line.birth_date), FilingKind.NAME_AND_BIRTH
        if line.identifier:
            kind = FilingKind.NAME_AND_IDENTIFIER
            yield name_digest(keys, key, kind, line.identifier), kind


def sha256_hex(data: bytes) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(data).hexdigest()
