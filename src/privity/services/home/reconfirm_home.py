"""A restored or copied home starts frozen: its holds may be out of date (C7). Two officers reconfirm it.

`freeze_if_copied` runs at every opening; how database, log and mark are compared is `log_position`'s. The verdicts are
CMS signatures by two different custodian officers over the same statement; nothing is thawed by one.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from privity.domain.audit_events import AuditEvent
from privity.domain.certificate_policies import CUSTODIAN_OFFICER
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action
from privity.policy.verdicts import Outcome, Vote, acting_officer, outcome
from privity.ports.home import HomeBinding
from privity.ports.security import OfficerSigner
from privity.ports.stores import ReadStore, WriteStore
from privity.services.accounting.account_lines import rfc3339
from privity.services.agreements.record_offices import current_offices
from privity.services.gate import FROZEN, Gate, append_entry
from privity.services.home.log_position import Position, Standing, look, lost, rebuild
from privity.services.publish_log import raise_mark
from privity.wire.canonical_json import encode

STATEMENT_FORMAT = "privity-reconfirmation/3"
_FIRST = "reconfirmation"  # the fact that keeps the first officer's signature until the second comes
_FROZEN_ENTRY = "frozen_entry"  # the fact that keeps the index of the entry with which the home froze
COPIED, RESTORED, MARK_MISSING = "COPIED_OR_RESTORED", "RESTORED", "MARK_MISSING"


@dataclass(frozen=True, slots=True)
class Reconfirmed:
    """How many different officers have reconfirmed, and whether the home is still frozen."""

    confirmations: int
    frozen: bool


def freeze_if_copied(gate: Gate, home: HomeBinding) -> bool:
    """Freeze the home where it is not the one that was made here, or not as new as it was. True: it is frozen now.

    Told by: the database file home.json names (copied); database or published log behind the mark or contradicting
    it, or the database behind the log (restored); a mark that was there and is gone. Raises PrivityError HOME_FROZEN
    where the log cannot honestly go on; then no entry is written, which would fork it.
    """
    with gate.store.reading() as read:
        frozen = bool(read.fact(FROZEN))
    found = look(gate)
    restored = found.standing in (Standing.LOST, Standing.DATABASE_BEHIND)
    if restored or (not frozen and _reason(found, home)):
        _freeze(gate, home)
        return True
    if not frozen:
        _keep_marked(gate, home, found)
    return frozen


def _reason(found: Position, home: HomeBinding) -> str:
    """Why the home must freeze: a word of the log's, or "" where it need not."""
    if found.standing is not Standing.WHOLE:
        return RESTORED
    if not home.is_bound():
        return COPIED
    return MARK_MISSING if found.mark is None and home.promises_mark() else ""


def _freeze(gate: Gate, home: HomeBinding) -> None:
    """Look again where nobody else writes, rebuild what the log has and the database lacks, and freeze, on record."""
    with gate.locks.sequencer(), gate.store.writing() as write:
        found = look(gate, write)
        if found.standing is not Standing.LOST:
            _freeze_on_record(gate, home, write, found)
            return
        write.set_fact(FROZEN, rfc3339(gate.clock.now()))
    raise lost()


def _freeze_on_record(gate: Gate, home: HomeBinding, write: WriteStore, found: Position) -> None:
    reason, at = _reason(found, home), gate.clock.now()
    if found.standing is Standing.DATABASE_BEHIND and found.published is not None:
        rebuild(gate, write, found.published)
    elif not reason or write.fact(FROZEN):  # another process was first
        return
    write.set_fact(FROZEN, rfc3339(at))
    write.set_fact(_FIRST, "")
    index = append_entry(write, AuditEvent.HOME_FROZEN, at, reason_code=reason)
    write.set_fact(_FROZEN_ENTRY, str(index))


def _keep_marked(gate: Gate, home: HomeBinding, found: Position) -> None:
    """Let the mark follow a log that a crash left ahead of it; give a home of an older version its first mark."""
    if found.published is not None and found.published.size > (found.mark.size if found.mark else 0):
        with gate.locks.sequencer():
            raise_mark(found.published, gate.log, gate.mark)
    if not home.promises_mark():
        home.bind()


def reconfirm_home(gate: Gate, home: HomeBinding, signer: OfficerSigner) -> Reconfirmed:
    """One officer reconfirms holds and agreements; the second, different one thaws the home and binds it here.

    Raises PrivityError STATE_CONFLICT (not frozen), HOME_FROZEN (the log was rolled back: it stays frozen),
    ROLE_FORBIDDEN, SAME_PERSON, SIGNATURE_INVALID, CERTIFICATE_INVALID, LOG_UNAVAILABLE.
    """
    with gate.locks.work():
        if look(gate).standing in (Standing.LOST, Standing.DATABASE_BEHIND):
            raise lost()
        gate.publish()  # a log that is behind its database goes on from here; and the mark exists before it is promised
        at = gate.clock.now().replace(microsecond=0)
        with gate.store.reading() as read:
            statement = _statement(read)
            officer = acting_officer(current_offices(read, gate.keys), signer.fingerprint, at, Action.RECONFIRM_HOME)
        signature = signer.sign(statement, at=at)
        verified = gate.verifier.verify(statement, signature, at=at, policies=(CUSTODIAN_OFFICER,))
        with gate.store.writing() as write:
            if _statement(write) != statement:
                raise PrivityError(ErrorCode.STATE_CONFLICT, "the holds changed meanwhile", "Look at them again.")
            recorded = _recorded(write.fact(_FIRST), statement)
            mine = (officer.id, verified.signer_fingerprint, hashlib.sha256(signature).hexdigest())
            if any(one[0] == mine[0] or one[1] == mine[1] for one in recorded):
                raise PrivityError(
                    ErrorCode.SAME_PERSON,
                    "this person or this certificate has already reconfirmed this home",
                    "A second, different officer must reconfirm it.",
                )
            recorded = [*recorded, mine]
            thawed = outcome([Vote(one[0], one[1], True) for one in recorded]) is Outcome.RELEASE
            if thawed:
                home.bind()
                write.set_fact(FROZEN, "")
                write.set_fact(_FIRST, "")
                digest = hashlib.sha256("".join(one[2] for one in recorded).encode()).hexdigest()
                append_entry(write, AuditEvent.HOME_RECONFIRMED, at, approvals_sha256=digest)
            else:
                write.set_fact(_FIRST, _pack(recorded, statement))
        gate.publish()
        return Reconfirmed(len(recorded), not thawed)


def _statement(read: ReadStore) -> bytes:
    """What the officers sign: since when it is frozen, which holds and agreements stand, who is withheld, the log.

    The log's position is that of the entry with which the home froze: size up to it and its SHA-256. Later entries
    (look-ups, refused packages) change nothing that is signed; a hold, a decision on an agreement or a withholding
    does, and both sign anew. The withheld persons are keyed digests; the statement has their number and a SHA-256 over
    all of them in order.
    """
    frozen = read.fact(FROZEN)
    if not frozen:
        raise PrivityError(ErrorCode.STATE_CONFLICT, "this home is not frozen: there is nothing to reconfirm")
    in_force = [hold.hold_id for hold in read.holds() if hold.lifted_at is None]
    withheld = sorted(read.withheld_persons())
    index = int(read.fact(_FROZEN_ENTRY) or read.log_size() - 1)
    entry = read.log_rows(index, 1)[0]
    return encode(
        {
            "format": STATEMENT_FORMAT,
            "frozen": frozen,
            "holds": in_force,
            "agreements": _decided(read),
            "withheld": {"count": len(withheld), "sha256": hashlib.sha256(b"".join(withheld)).hexdigest()},
            "log": {"size": index + 1, "last": hashlib.sha256(entry).hexdigest()},
        }
    )


def _decided(read: ReadStore) -> list[list[str | int]]:
    """The latest decision on each recorded agreement: which version is in force, or that none is."""
    found: list[list[str | int]] = []
    for agreement_id in sorted({one.agreement_id for one in read.agreements()}):
        for latest in read.agreement_decisions(agreement_id)[-1:]:
            found.append([agreement_id, latest.act.value, latest.version])
    return found


def _pack(recorded: list[tuple[str, str, str]], statement: bytes) -> str:
    return json.dumps([hashlib.sha256(statement).hexdigest()[:16], *recorded], separators=(",", ":"))


def _recorded(fact: str, statement: bytes) -> list[tuple[str, str, str]]:
    """Signatures recorded over this very statement; after a change of holds they count no more."""
    if not fact:
        return []
    digest, *recorded = json.loads(fact)
    if digest != hashlib.sha256(statement).hexdigest()[:16]:
        return []
    return [(one[0], one[1], one[2]) for one in recorded]
