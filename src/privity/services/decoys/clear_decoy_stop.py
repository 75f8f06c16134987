"""Two officers decide that a request which a decoy stopped may be matched anew. The numbers: docs/procedures/decoys.md.

Each signs the stop's facts and the finding with their own certificate; the second, different person must find the
same, and one of the two is counsel, because the hold is lifted with it. The stopped run itself never comes back: its
answers are gone, and the same register with the same software is refused.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from privity.domain.audit_events import AuditEvent
from privity.domain.certificate_policies import CUSTODIAN_OFFICER
from privity.domain.decoys import ClearingFinding
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianOfficer, CustodianRole
from privity.policy.verdicts import acting_officer
from privity.ports.decoys import StoredDecoyClearance, StoredDecoyStop
from privity.ports.security import OfficerSigner
from privity.ports.stores import ReadStore, WriteStore
from privity.services.accounting.account_lines import rfc3339
from privity.services.agreements.record_offices import current_offices
from privity.services.decoys.ask_decoys import BY, confirmed_in
from privity.services.gate import Gate, append_entry, need_request, need_role, need_thawed
from privity.wire.canonical_json import encode

CLEARANCE_FORMAT = "privity-decoy-clearance/1"
PEOPLE = 2


@dataclass(frozen=True, slots=True)
class StopRow:
    """One stop as officers see it: which decoys were confirmed, by id, kind and level; nothing of what they say."""

    stop_id: str
    request_id: str
    found_at: datetime
    snapshot_id: str
    rule_set: str
    software: str
    hold_id: str
    confirmed: tuple[tuple[str, str, str], ...]  # decoy id, kind, level
    signatures: int
    cleared_at: datetime | None


@dataclass(frozen=True, slots=True)
class StopCleared:
    """How many different officers have decided, and whether the request may be matched anew."""

    request_id: str
    stop_id: str
    officer: str
    signatures: int
    cleared: bool


def list_stops(gate: Gate, *, role: CustodianRole = CustodianRole.DISCLOSURE_OFFICER) -> tuple[StopRow, ...]:
    """All stops, cleared ones too. Raises PrivityError ROLE_FORBIDDEN."""
    need_role(role, Action.CLEAR_DECOY_STOP)
    with gate.store.reading() as read:
        kinds = {one.decoy_id: one.kind.value for one in read.decoys()}
        return tuple(
            StopRow(
                stop.stop_id,
                stop.request_id,
                stop.found_at,
                stop.snapshot_id,
                stop.rule_set,
                stop.software,
                stop.hold_id,
                tuple((decoy, kinds.get(decoy, ""), level) for decoy, level in confirmed_in(gate, stop)),
                len(read.decoy_clearances(stop.stop_id)),
                stop.cleared_at,
            )
            for stop in read.decoy_stops()
        )


def clear_decoy_stop(gate: Gate, request_id: str, finding: str, signer: OfficerSigner) -> StopCleared:
    """Sign the decision on the request's stop; the second signature clears it and lifts its hold.

    Raises PrivityError NOT_FOUND, STATE_CONFLICT (no stop in force; another finding than the first officer's), USAGE
    (no such finding), ROLE_FORBIDDEN, SAME_PERSON, SIGNATURE_INVALID, CERTIFICATE_INVALID, HOME_FROZEN.
    """
    if finding not in {one.value for one in ClearingFinding}:
        words = ", ".join(one.value for one in ClearingFinding)
        raise PrivityError(ErrorCode.USAGE, "this is no finding on a stop", f"Use one of: {words}.")
    with gate.locks.work():
        at = gate.clock.now().replace(microsecond=0)
        with gate.store.reading() as read:
            stop = _stop_in_force(read, request_id)
            officers = current_offices(read, gate.keys)
            officer = acting_officer(officers, signer.fingerprint, at, Action.CLEAR_DECOY_STOP)
        clearance = _sign(gate, stop, finding, officer, signer, at)
        with gate.store.writing() as write:
            need_thawed(write)
            stop = _stop_in_force(write, request_id)
            _need_agreeing(write, clearance)
            write.add_decoy_clearance(clearance)
            signatures = len(write.decoy_clearances(stop.stop_id))
            cleared = signatures >= PEOPLE
            if cleared:
                _clear(write, stop, at)
        gate.publish()
        return StopCleared(request_id, stop.stop_id, officer.id, signatures, cleared)


def _stop_in_force(read: ReadStore, request_id: str) -> StoredDecoyStop:
    request = need_request(read, request_id)
    for stop in read.decoy_stops(request.request_id):
        if stop.cleared_at is None:
            return stop
    raise PrivityError(
        ErrorCode.STATE_CONFLICT, "no run of this request stands stopped", "See `privity register decoys stops`."
    )


def clearance_document(stop: StoredDecoyStop, finding: str, officer: CustodianOfficer, at: datetime) -> bytes:
    """What an officer signs: canonical JSON."""
    return encode(
        {
            "format": CLEARANCE_FORMAT,
            "stop_id": stop.stop_id,
            "request_id": stop.request_id,
            "snapshot_id": stop.snapshot_id,
            "rule_set": stop.rule_set,
            "software": stop.software,
            "found_at": rfc3339(stop.found_at),
            "finding": finding,
            "role": officer.role.value,
            "time": rfc3339(at),
        }
    )


def _sign(  # noqa: PLR0917 - what a signature is made of
    gate: Gate,
    stop: StoredDecoyStop,
    finding: str,
    officer: CustodianOfficer,
    signer: OfficerSigner,
    at: datetime,
) -> StoredDecoyClearance:
    """Sign, then verify as a stranger would."""
    document = clearance_document(stop, finding, officer, at)
    signature = signer.sign(document, at=at)
    verified = gate.verifier.verify(document, signature, at=at, policies=(CUSTODIAN_OFFICER,))
    if verified.signer_fingerprint not in officer.certificates:
        raise PrivityError(ErrorCode.SIGNATURE_INVALID, "another certificate signed than the officer's own")
    place = f"decoy-clearance/{stop.stop_id}/{verified.signer_fingerprint}".encode()
    kept = len(document).to_bytes(4, "big") + document + signature
    return StoredDecoyClearance(
        stop.stop_id,
        officer.id,
        verified.signer_fingerprint,
        officer.role.value,
        finding,
        at,
        hashlib.sha256(signature).hexdigest(),
        gate.keys.accounting_storage().seal(kept, place),
    )


def _need_agreeing(read: ReadStore, clearance: StoredDecoyClearance) -> None:
    """The second officer finds what the first found, and one of the two is counsel."""
    earlier = [one for one in read.decoy_clearances(clearance.stop_id) if one.officer != clearance.officer]
    if any(one.finding != clearance.finding for one in earlier):
        raise PrivityError(
            ErrorCode.STATE_CONFLICT,
            "the first officer signed another finding",
            "Sign the same finding, or let a third officer do so: a signature once given stays on record.",
        )
    roles = {clearance.role, *(one.role for one in earlier)}
    if earlier and CustodianRole.COUNSEL.value not in roles:
        raise PrivityError(ErrorCode.ROLE_FORBIDDEN, "one of the two must be counsel: the hold is lifted with it")


def _clear(write: WriteStore, stop: StoredDecoyStop, at: datetime) -> None:
    write.clear_decoy_stop(stop.stop_id, at)
    if any(hold.hold_id == stop.hold_id and hold.lifted_at is None for hold in write.holds()):
        write.lift_hold(stop.hold_id, at, BY)
        append_entry(write, AuditEvent.HOLD_LIFTED, at, hold_id=stop.hold_id)
