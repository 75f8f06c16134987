"""Makes the permanent records of a request: one for every line, each under its own nonce, filed to be found.

Called inside the transaction that answers or refuses; never on its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from privity.domain.agreement import Agreement
from privity.domain.personal import MASK
from privity.ledger import accounting_tree
from privity.ledger.tree import Frontier, leaf_hash
from privity.ports.home import Entropy
from privity.ports.security import KeyStore, SealedStorage
from privity.ports.stored import AccountingRow, AccountingSummary, FilingKind, StoredRequest
from privity.ports.stores import WriteStore
from privity.services.accounting.spooled_records import SpooledRecords
from privity.services.gate import Gate
from privity.wire.accounting_format import LineFacts, RecordForm, RequestFacts, name_keys
from privity.wire.request_file import RequestFile

_TOGETHER = 1_000  # records between two draws of nonces


@dataclass(frozen=True, slots=True)
class Accounting:
    """Records ready to be written, with the root that the log entry commits to (hex)."""

    records: SpooledRecords
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


class RecordsDesk(NamedTuple):
    """What every record of one request is made with. Picklable, for worker processes that are spawned."""

    request_id: str
    form: RecordForm
    storage: SealedStorage
    keys: KeyStore
    entropy: Entropy

    def __repr__(self) -> str:
        return f"RecordsDesk({MASK})"


class SealedRecords(NamedTuple):
    """Some records, sealed, with their filings: nothing in here can be read without the accounting keys."""

    rows: list[tuple[int, bytes, bytes]]  # ordinal, leaf, sealed record
    filings: list[tuple[bytes, FilingKind, int]]  # digest, kind, ordinal

    def __repr__(self) -> str:
        return f"SealedRecords({MASK})"


def records_desk(gate: Gate, facts: RequestFacts, request: StoredRequest) -> RecordsDesk:
    """For all records of one request."""
    return RecordsDesk(request.request_id, RecordForm(facts), gate.keys.accounting_storage(), gate.keys, gate.entropy)


def make_accounting(gate: Gate, facts: RequestFacts, lines: Iterable[LineFacts], request: StoredRequest) -> Accounting:
    """Records, filings and root for every line, in the order of ordinals."""
    desk = records_desk(gate, facts, request)
    waiting = iter(lines)
    return gather_accounting(
        (seal_records(desk, some) for some in iter(lambda: list(islice(waiting, _TOGETHER)), [])), request
    )


def seal_records(desk: RecordsDesk, lines: Iterable[LineFacts]) -> SealedRecords:
    """The records of some lines, each under its own nonce."""
    some = list(lines)
    size = accounting_tree.NONCE_SIZE
    nonces = desk.entropy.token(size * len(some))
    sealed = SealedRecords([], [])
    for place, line in enumerate(some):
        record, nonce = desk.form.fill(line), nonces[size * place : size * (place + 1)]
        kept = desk.storage.seal(nonce + record, row_place(desk.request_id, line.ordinal))
        sealed.rows.append((line.ordinal, accounting_tree.leaf(nonce, record), kept))
        sealed.filings.extend((digest, kind, line.ordinal) for digest, kind in _filed_under(desk.keys, line))
    return sealed


def gather_accounting(chunks: Iterable[SealedRecords], request: StoredRequest) -> Accounting:
    """All records of a request, in the order of ordinals, laid down for the transaction that will keep them.

    Nothing here touches the store: the transaction is not held while records are made. Raises PrivityError
    STORAGE_FAILED.
    """
    records, frontier = SpooledRecords(request.request_id), Frontier()
    for chunk in chunks:
        frontier = frontier.extend([leaf_hash(leaf) for _, leaf, _ in chunk.rows])
        for row in chunk.rows:
            records.add(*row)
        for filing in chunk.filings:
            records.file_under(*filing)
    return Accounting(records, frontier.root().hex())


def write_accounting(
    write: WriteStore, request: StoredRequest, accounting: Accounting, *, log_index: int, at: datetime
) -> None:
    """Write them in the transaction at hand. Raises PrivityError ACCOUNTING_UNAVAILABLE."""
    records = accounting.records
    summary = AccountingSummary(request.request_id, accounting.root, records.count, log_index, at)
    write.add_accounting(summary, records.rows(), records.filings())


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
