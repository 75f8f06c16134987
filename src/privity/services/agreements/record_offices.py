"""Records the office register: who holds which office and when, who may be named, who at the custodian may act.

The document names officials, so it is kept sealed under the accounting key; its digest is public.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianRole, OfficeRegister
from privity.ports.security import KeyStore
from privity.ports.stored import StoredOffices
from privity.ports.stores import ReadStore
from privity.services.gate import Gate, append_entry, need_role, need_thawed
from privity.wire.offices_format import read_offices


@dataclass(frozen=True, slots=True)
class OfficesRecorded:
    """What was recorded, in counts."""

    digest: str
    holders: int
    officers: int
    custodian_officers: int
    safeguards: int
    already_recorded: bool


def record_offices(gate: Gate, document: bytes, *, role: CustodianRole = CustodianRole.COUNSEL) -> OfficesRecorded:
    """Validate the register and make it the current one. Raises PrivityError OFFICES_INVALID, ROLE_FORBIDDEN."""
    need_role(role, Action.RECORD_AGREEMENT)
    offices = read_offices(document)
    at = gate.clock.now()
    sealed = gate.keys.accounting_storage().seal(document, _place(offices.digest))
    with gate.store.writing() as write:
        need_thawed(write)
        known = write.offices()
        already = known is not None and known.digest == offices.digest
        if not already:
            write.add_offices(StoredOffices(offices.digest, sealed, at))
            append_entry(write, AuditEvent.OFFICES_RECORDED, at, offices_digest=offices.digest)
    gate.publish()
    return OfficesRecorded(
        offices.digest,
        len(offices.holdings),
        len(offices.officers),
        len(offices.custodian_officers),
        len(offices.safeguards),
        already,
    )


def current_offices(read: ReadStore, keys: KeyStore) -> OfficeRegister:
    """The office register recorded last, read anew from its own bytes. Raises PrivityError NOT_FOUND."""
    stored = read.offices()
    if stored is None:
        raise PrivityError(
            ErrorCode.NOT_FOUND, "no office register is recorded in this home", "Record one with `privity office add`."
        )
    document = keys.accounting_storage().open(stored.sealed, _place(stored.digest))
    if hashlib.sha256(document).hexdigest() != stored.digest:
        raise PrivityError(ErrorCode.OFFICES_INVALID, "the recorded office register does not have its digest")
    return _read(document)


@lru_cache(maxsize=4)
def _read(document: bytes) -> OfficeRegister:
    """Reading a long roster takes a second; the same bytes always mean the same register."""
    return read_offices(document)


def _place(digest: str) -> bytes:
    return f"offices/{digest}".encode()
