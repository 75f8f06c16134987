"""A restored or copied home starts frozen: its holds may be out of date (C7). Two officers reconfirm it.

`freeze_if_copied` runs at every opening. The verdicts are CMS signatures by two different custodian officers over the
same statement; nothing is thawed by one.
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
from privity.ports.stores import ReadStore
from privity.services.account_lines import rfc3339
from privity.services.gate import FROZEN, Gate, append_entry
from privity.services.record_offices import current_offices
from privity.wire.canonical_json import encode

STATEMENT_FORMAT = "privity-reconfirmation/1"
_FIRST = "reconfirmation"  # the fact that keeps the first officer's signature until the second comes


@dataclass(frozen=True, slots=True)
class Reconfirmed:
    """How many different officers have reconfirmed, and whether the home is still frozen."""

    confirmations: int
    frozen: bool


def freeze_if_copied(gate: Gate, home: HomeBinding) -> bool:
    """Freeze the home where home.json names another database file than the one here. True: it is frozen now."""
    with gate.store.reading() as read:
        if read.fact(FROZEN):
            return True
    if home.is_bound():
        return False
    with gate.store.writing() as write:
        if not write.fact(FROZEN):
            at = gate.clock.now()
            write.set_fact(FROZEN, rfc3339(at))
            write.set_fact(_FIRST, "")
            append_entry(write, AuditEvent.HOME_FROZEN, at, reason_code="COPIED_OR_RESTORED")
    return True


def reconfirm_home(gate: Gate, home: HomeBinding, signer: OfficerSigner) -> Reconfirmed:
    """One officer reconfirms holds and agreements; the second, different one thaws the home and binds it here.

    Raises PrivityError STATE_CONFLICT (not frozen), ROLE_FORBIDDEN, SAME_PERSON, SIGNATURE_INVALID,
    CERTIFICATE_INVALID.
    """
    with gate.locks.work():
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
    """What the officers sign: since when it is frozen, which holds are in force, where the log stands."""
    frozen = read.fact(FROZEN)
    if not frozen:
        raise PrivityError(ErrorCode.STATE_CONFLICT, "this home is not frozen: there is nothing to reconfirm")
    in_force = [hold.hold_id for hold in read.holds() if hold.lifted_at is None]
    withheld = len(read.withheld_persons())
    return encode({"format": STATEMENT_FORMAT, "frozen": frozen, "holds": in_force, "withheld": withheld})


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
