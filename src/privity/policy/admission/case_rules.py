"""L06-L12: period, statute, order date, attestations, reason, case and officer of a line. Defect or None each."""

from __future__ import annotations

from typing import Final

from privity.policy.admission.context import LineTerms
from privity.policy.admission.defect import Defect
from privity.policy.admission.line_view import LineView
from privity.policy.detect.periods import is_sentinel, read_day, read_periods
from privity.policy.detect.placeholders import is_placeholder, says_nothing
from privity.policy.detect.reasons import is_generic
from privity.policy.detect.words import code_key, statute_key

OLDEST_ORDER_YEARS: Final = 60


def past_period(view: LineView, terms: LineTerms) -> Defect | None:
    """L06: named, closed periods that ended before receipt and began not too many years ago."""
    defect = period_form(view, terms)
    if defect:
        return defect
    periods = read_periods(view.content.periods) or ()
    today = terms.at.date()
    if len(periods) > terms.number("L06", "max_periods"):
        return Defect("periods", "more periods than the agreement allows")
    if any(period.end >= today for period in periods):
        return Defect("periods", "a period that has not ended")
    if any(period.start.year < today.year - terms.number("L06", "max_years_back") for period in periods):
        return Defect("periods", "a period further back than the agreement allows")
    return None


def period_form(view: LineView, terms: LineTerms) -> Defect | None:
    """L06, its form: years or closed ranges of days, `;` between."""
    del terms
    return None if read_periods(view.content.periods) else Defect("periods", "not a named and closed period")


def statute_on_line(view: LineView, terms: LineTerms) -> Defect | None:
    """L07: the line names one of the header's statutes."""
    if statute_key(view.content.statute) in terms.statutes:
        return None
    return Defect("statute", "names no statute of the header")


def order_date_holds(view: LineView, terms: LineTerms) -> Defect | None:
    """L08: the date is present, real, and as long (or as recently) before signature as the agreement asks."""
    day = read_day(view.content.order_date)
    if day is None:
        return Defect("order_date", "not a calendar date (YYYY-MM-DD)")
    born = read_day(view.content.birth_date) if view.content.birth_date else None
    if is_sentinel(day) or day.year < terms.signed_on.year - OLDEST_ORDER_YEARS or (born and day <= born):
        return Defect("order_date", "not a real date of an order")
    age = (terms.signed_on - day).days
    more_than, within = terms.number("L08", "more_than_days"), terms.number("L08", "within_days")
    if age < 0 or (more_than and age <= more_than):
        return Defect("order_date", f"not more than {more_than} days before signature")
    if within and age > within:
        return Defect("order_date", f"more than {within} days before signature")
    return None


def offence_supported(view: LineView, terms: LineTerms) -> Defect | None:
    """L09: every attestation the agreement names, in the header or on the line."""
    wanted = terms.words("L09", "attestations")
    if terms.switch("L09", "per_line"):
        given = {part.strip().lower() for part in view.content.attestations.split(";")}
    else:
        given = set(terms.attestations)
    return (
        None if given.issuperset(wanted) else Defect("attestations", "an attestation the agreement asks for is missing")
    )


def reason_of_its_own(view: LineView, terms: LineTerms) -> Defect | None:
    """L10: a reason is given and says something of this case. (Repeats: file rules.)"""
    del terms
    return Defect("reason", "empty or generic") if is_generic(view.content.reason) else None


def case_is_real(view: LineView, terms: LineTerms) -> Defect | None:
    """L11: a well-formed case id. (One person a case: file rules.)"""
    del terms
    case = code_key(view.content.case_id)
    digits = "".join(filter(str.isdigit, case))
    letters = "".join(filter(str.isalpha, case))
    known = 4 <= len(case) <= 40 and len(digits) >= 3 and len(set(digits)) > 1 and digits not in _COUNTING
    if known and not (len(letters) > 2 and says_nothing(letters)):
        return None
    return Defect("case_id", "missing or not a case number")


_COUNTING: Final = frozenset("1234567890"[:length] for length in range(3, 11)) | {"987654321", "0123456789"}


def officer_is_engaged(view: LineView, terms: LineTerms) -> Defect | None:
    """L12: an officer is named, on the roster and current. Without a roster (lint) only the form is judged."""
    officer = view.content.officer.strip()
    if not officer or (terms.roster is None and (len(officer) < 2 or is_placeholder(officer))):
        return Defect("officer", "no officer is named")
    if terms.roster is not None and officer not in terms.roster:
        return Defect("officer", "not an officer on the roster at this time")
    return None
