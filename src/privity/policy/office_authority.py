"""Who may speak for an office at a moment: its holder, one who acts in it, or (where agreed) a delegate (R01).

Pure. Authority belongs to the office; a person has it while a tenure covers the moment. One tenure must cover both the
claimed signing time and the receipt: without a trusted timestamp, a claimed time alone would let a former holder sign
today for yesterday. Where two different people act in one office at once, nobody can say whose signature binds, and
neither is accepted. Source: RULES R01; design RULES, Points of law 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from privity.domain.agreement import Agreement
from privity.domain.offices import OfficeHolding, OfficeRegister

NOT_NAMED = "the office that signed is not one the agreement names"
NOBODY = "nobody holds the office at signing time and at receipt"
ANOTHER = "the signing certificate is not that of a holder of the office"
NOT_THEN = "the signer did not hold the office at signing time and at receipt"
NO_DELEGATES = "a delegate signed, and the agreement allows none"
NO_ACTING = "an acting holder signed, and the agreement allows none"
DISPUTED = "two people act in the office at once: who may sign is not clear"


def authority_gap(
    agreement: Agreement,
    offices: OfficeRegister,
    office: str,
    fingerprint: str,
    moments: Sequence[datetime],
    *,
    party: str = "",
) -> str:
    """Why this certificate may not sign for the office at all of the moments, or "".

    `party`: only tenures of this party count ("": the rule that asks judges the party elsewhere, R03).
    """
    if office not in {one.id for one in agreement.signing_offices}:
        return NOT_NAMED
    held = [one for one in offices.holdings if one.office == office and party in ("", one.party)]
    in_time = [one for one in held if all(one.holds_at(moment) for moment in moments)]
    mine = [one for one in in_time if fingerprint in one.certificates]
    if not mine:
        return _without_tenure(held, in_time, fingerprint)
    allowed = [one for one in mine if not _forbidden(agreement, one)]
    if not allowed:
        return _forbidden(agreement, mine[0])
    if any(not one.acting and not one.delegate for one in allowed):
        return ""
    return DISPUTED if _disputed(allowed[0], in_time) else ""


def _without_tenure(held: Sequence[OfficeHolding], in_time: Sequence[OfficeHolding], fingerprint: str) -> str:
    if any(fingerprint in one.certificates for one in held):
        return NOT_THEN
    return ANOTHER if in_time else NOBODY


def _forbidden(agreement: Agreement, holding: OfficeHolding) -> str:
    if holding.delegate and not agreement.delegates_allowed:
        return NO_DELEGATES
    return NO_ACTING if holding.acting and not agreement.acting_allowed else ""


def _disputed(mine: OfficeHolding, in_time: Sequence[OfficeHolding]) -> bool:
    """Whether somebody else acts in the office over the same moments (a delegate disputes nothing)."""
    if not mine.acting:
        return False
    return any(one.acting and not set(one.certificates) & set(mine.certificates) for one in in_time)
