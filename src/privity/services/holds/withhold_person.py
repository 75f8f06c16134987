"""Counsel's mark on one person (A09): never confirmed, and nobody outside can tell.

The person is named by the register's reference and kept as its keyed digest only. A mark placed after matching works
too: the content is built anew before release, and approvals start anew where it changes.
"""

from __future__ import annotations

from dataclasses import dataclass

from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianRole
from privity.domain.person_reference import person_reference
from privity.policy.verdicts import WITHHOLDING_REASONS
from privity.ports.stored import Withholding
from privity.services.gate import Gate, append_entry, need_role


@dataclass(frozen=True, slots=True)
class WithholdingChanged:
    """What changed, and how many persons are withheld now."""

    change: str  # "placed" or "lifted"
    withheld: int


def withhold_person(
    gate: Gate, reference: str, reason_code: str, *, role: CustodianRole = CustodianRole.COUNSEL
) -> WithholdingChanged:
    """Withhold one person. Raises PrivityError ROLE_FORBIDDEN, USAGE (unknown reason), FORMAT_INVALID (reference)."""
    need_role(role, Action.WITHHOLD)
    if reason_code not in WITHHOLDING_REASONS:
        raise PrivityError(
            ErrorCode.USAGE, "this is no reason to withhold", f"Use one of: {', '.join(WITHHOLDING_REASONS)}."
        )
    at = gate.clock.now()
    person = gate.keys.index_keys().person_reference(person_reference(reference))
    with gate.store.writing() as write:
        write.withhold(Withholding(person, reason_code, at))
        append_entry(write, AuditEvent.WITHHOLDING_CHANGED, at, change="placed")
        withheld = len(write.withheld_persons())
    gate.publish()
    return WithholdingChanged("placed", withheld)


def lift_withholding(gate: Gate, reference: str, *, role: CustodianRole = CustodianRole.COUNSEL) -> WithholdingChanged:
    """Lift a mark. Raises PrivityError ROLE_FORBIDDEN, NOT_FOUND, FORMAT_INVALID (the reference)."""
    need_role(role, Action.WITHHOLD)
    at = gate.clock.now()
    person = gate.keys.index_keys().person_reference(person_reference(reference))
    with gate.store.writing() as write:
        write.lift_withholding(person, at)
        append_entry(write, AuditEvent.WITHHOLDING_CHANGED, at, change="lifted")
        withheld = len(write.withheld_persons())
    gate.publish()
    return WithholdingChanged("lifted", withheld)
