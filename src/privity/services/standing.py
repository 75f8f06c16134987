"""What must stand before each batch of lines is answered: no freeze, no hold, agreement and safeguards in force.

Asked of the authoritative store, in the caller's transaction, never from a cache (C7). The rules are
`privity.policy.release.judge_standing`'s. Release asks the same in `check_release`.
"""

from __future__ import annotations

from datetime import datetime

from privity.domain.agreement import Agreement
from privity.domain.errors import PrivityError
from privity.policy.release import judge_standing
from privity.ports.stored import StoredRequest
from privity.ports.stores import ReadStore
from privity.services.agreement_signatures import signed_by
from privity.services.gate import Gate, need_thawed, need_unheld
from privity.services.record_offices import current_offices


def need_standing(gate: Gate, read: ReadStore, request: StoredRequest, agreement: Agreement, at: datetime) -> None:
    """Everything, at `at`.

    Raises PrivityError HOME_FROZEN, ON_HOLD, AGREEMENT_NOT_IN_FORCE (dates, or a side that has not signed),
    SAFEGUARDS_UNMET, NOT_FOUND (no office register).
    """
    need_thawed(read)
    need_unheld(read, request)
    offices, signed = current_offices(read, gate.keys), signed_by(read, gate.keys, agreement)
    for finding in judge_standing(agreement, offices, (), at, signed_by=signed):
        raise PrivityError(finding.code, finding.message, finding.mend)
