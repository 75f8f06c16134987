"""The parties' signatures over an agreement: verified and attributed when they are recorded, counted ever after (R07).

A signature binds the party: that its signer later leaves office, or the certificate expires, changes nothing. What is
kept is sealed under the accounting key and bound to its row, so that a row written into the database does not count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from privity.domain.agreement import Agreement, AgreementSide
from privity.domain.errors import ErrorCode, PrivityError
from privity.policy.admission import SignatureFacts
from privity.policy.agreement_signatures import speaks_for
from privity.ports.security import KeyStore
from privity.ports.stored import StoredAgreementSignature
from privity.ports.stores import ReadStore, WriteStore
from privity.services.agreements.record_offices import current_offices
from privity.services.gate import Gate


@dataclass(frozen=True, slots=True)
class AgreementSignature:
    """Who signed, as it may be shown: side, office or role, times. No person."""

    side: str
    office: str
    signed_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class VerifiedCms:
    """A signature over the agreement's bytes that verified, not yet attributed."""

    cms: bytes
    facts: SignatureFacts


def verify_signatures(
    gate: Gate, document: bytes, signatures: Sequence[bytes], at: datetime
) -> tuple[VerifiedCms, ...]:
    """Verify each over the document: signature, path, usage, revocation, at `at`.

    Raises PrivityError SIGNATURE_INVALID or CERTIFICATE_INVALID; the message says which signature, by its place.
    """
    found = []
    for place, cms in enumerate(signatures, start=1):
        try:
            seen = gate.verifier.verify(document, cms, at=at)
        except PrivityError as refusal:
            mend = refusal.mend
            if refusal.code is ErrorCode.SIGNATURE_INVALID:
                mend = "Sign this very version of the document with `privity agreement sign`."
            raise PrivityError(refusal.code, f"signature {place}: {refusal.message}", mend) from None
        facts = SignatureFacts(seen.signer_fingerprint, seen.signing_time, at, seen.policies)
        found.append(VerifiedCms(cms, facts))
    return tuple(found)


def add_signatures(gate: Gate, write: WriteStore, agreement: Agreement, verified: Sequence[VerifiedCms]) -> int:
    """Attribute and store, in the transaction at hand; one on record already is passed over. Returns how many are new.

    Raises PrivityError SIGNER_UNAUTHORISED, CERTIFICATE_INVALID, NOT_FOUND (no office register is recorded).
    """
    if not verified:
        return 0
    offices = current_offices(write, gate.keys)
    known = {one.certificate for one in write.agreement_signatures(agreement.id, agreement.version)}
    added = 0
    for place, one in enumerate(verified, start=1):
        try:
            side, office = speaks_for(agreement, offices, one.facts)
        except PrivityError as refusal:
            raise PrivityError(refusal.code, f"signature {place}: {refusal.message}", refusal.mend) from None
        if one.facts.fingerprint not in known:
            known.add(one.facts.fingerprint)
            write.add_agreement_signature(_stored(gate.keys, agreement, side, office, one))
            added += 1
    return added


def signed_by(read: ReadStore, keys: KeyStore, agreement: Agreement) -> frozenset[AgreementSide]:
    """The sides whose signature over exactly this document is on record."""
    return frozenset(one.side for one in _sound(read, keys, agreement))


def signatures_of(read: ReadStore, keys: KeyStore, agreement: Agreement) -> tuple[AgreementSignature, ...]:
    """The signatures on record, as they may be shown."""
    return tuple(
        AgreementSignature(one.side.value, one.office, one.signed_at, one.recorded_at)
        for one in _sound(read, keys, agreement)
    )


def _sound(read: ReadStore, keys: KeyStore, agreement: Agreement) -> list[StoredAgreementSignature]:
    """Rows of this document that open under their own words; any other counts as absent."""
    return [
        one
        for one in read.agreement_signatures(agreement.id, agreement.version)
        if one.digest == agreement.digest and _opens(keys, one)
    ]


def _opens(keys: KeyStore, stored: StoredAgreementSignature) -> bool:
    try:
        cms = keys.accounting_storage().open(stored.sealed, _place(stored))
    except PrivityError as refusal:
        if refusal.code is not ErrorCode.DECRYPTION_FAILED:
            raise
        return False
    return hashlib.sha256(cms).hexdigest() == stored.signature_sha256


def _stored(
    keys: KeyStore, agreement: Agreement, side: AgreementSide, office: str, one: VerifiedCms
) -> StoredAgreementSignature:
    row = StoredAgreementSignature(
        agreement_id=agreement.id,
        version=agreement.version,
        digest=agreement.digest,
        side=side,
        office=office,
        certificate=one.facts.fingerprint,
        signed_at=one.facts.signing_time,
        recorded_at=one.facts.received_at,
        signature_sha256=hashlib.sha256(one.cms).hexdigest(),
        sealed=b"",
    )
    return replace(row, sealed=keys.accounting_storage().seal(one.cms, _place(row)))


def _place(row: StoredAgreementSignature) -> bytes:
    """Every other field of the row: none can be changed, or moved to another agreement, without the key."""
    words = (row.agreement_id, str(row.version), row.digest, row.side.value, row.office, row.certificate)
    moments = (row.signed_at.isoformat(), row.recorded_at.isoformat(), row.signature_sha256)
    return "/".join(("agreement-signature", *words, *moments)).encode()
