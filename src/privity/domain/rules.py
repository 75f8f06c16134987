"""The closed list of admission rules: id, code, subject and the parameters an agreement may set.

Words and bounds only. The functions that apply the rules are in `policy`, one for each id here (a test holds the two
together); `wire/agreement_format` refuses an agreement that asks for a rule or parameter outside this list.
Source: RULES, the table of rules; daggers there are the defaults here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from privity.domain.errors import ErrorCode

_E = ErrorCode

ParameterValue = str | int | bool | tuple[str, ...]


class RuleSubject(StrEnum):
    """What a rule judges."""

    REQUEST = "request"
    LINE = "line"
    RECIPIENT = "recipient"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number, switch or list of words an agreement may set. `default` decides its type."""

    name: str
    default: ParameterValue
    meaning: str
    minimum: int = 0
    maximum: int = 10_000_000


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One rule in words. An agreement that leaves a `mandatory` rule out is refused."""

    id: str
    code: ErrorCode
    subject: RuleSubject
    title: str
    mandatory: bool
    parameters: tuple[Parameter, ...] = ()

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of that name, or None."""
        return next((one for one in self.parameters if one.name == name), None)


_R, _L, _V = RuleSubject.REQUEST, RuleSubject.LINE, RuleSubject.RECIPIENT

_SPECS = (
    RuleSpec("R01", _E.SIGNER_UNAUTHORISED, _R, "The signatory holds an authorised office", True),
    RuleSpec("R02", _E.SIGNATURE_INVALID, _R, "Written and signed", True),
    RuleSpec("R03", _E.AGENCY_UNRECOGNISED, _R, "Known requester", True),
    RuleSpec("R04", _E.OUT_OF_SCOPE, _R, "Confirmation only", True),
    RuleSpec("R05", _E.STATUTE_NOT_DESIGNATED, _R, "Designated statute", False),
    RuleSpec(
        "R06",
        _E.PURPOSE_NOT_ALLOWED,
        _R,
        "Allowed purpose, attested",
        False,
        (Parameter("attestations", (), "attestations the header must carry beside the purpose code"),),
    ),
    RuleSpec("R07", _E.AGREEMENT_NOT_IN_FORCE, _R, "Agreement in force", True),
    RuleSpec(
        "R08",
        _E.SAFEGUARDS_UNMET,
        _R,
        "The recipient's safeguards are current",
        False,
        (Parameter("review_valid_days", 1095, "days after which a safeguard review is out of date", 1, 3660),),
    ),
    RuleSpec("R09", _E.ON_HOLD, _R, "No hold", True),
    RuleSpec(
        "R10",
        _E.FORMAT_INVALID,
        _R,
        "Prescribed form",
        True,
        (Parameter("max_lines", 2_000_000, "lines one request may hold", 1),),
    ),
    RuleSpec(
        "R11",
        _E.STALE_OR_REPLAYED,
        _R,
        "Fresh, and only once",
        True,
        (Parameter("max_age_days", 30, "days from the request's making to its receipt", 1, 366),),
    ),
    RuleSpec(
        "R12",
        _E.OFFICER_IMPLAUSIBLE,
        _R,
        "Plausible engagement of each named officer",
        False,
        (Parameter("max_open_cases", 50, "open cases one officer can be personally engaged in", 1, 10_000),),
    ),
    RuleSpec(
        "R13",
        _E.TOO_MANY_DEFECTS,
        _R,
        "A mostly defective file goes back whole",
        False,
        (Parameter("over_percent", 5, "per cent of defective lines above which nothing is answered", 0, 99),),
    ),
    RuleSpec(
        "R14",
        _E.VOLUME_EXCEEDED,
        _R,
        "Within volume",
        False,
        (
            Parameter("per_request", 100_000, "lines one request may hold", 1),
            Parameter("per_year", 500_000, "lines a calendar year may hold", 1, 100_000_000),
        ),
    ),
    RuleSpec(
        "R15",
        _E.DUTIES_OVERDUE,
        _R,
        "Earlier duties done",
        False,
        (
            Parameter(
                "receipt_within_days",
                0,
                "days from a recall or freeze notice to its receipt, before requests are refused (0: at once)",
                0,
                366,
            ),
        ),
    ),
    RuleSpec("L01", _E.NAME_INVALID, _L, "A real full name", True),
    RuleSpec("L02", _E.ADDRESS_PLACEHOLDER, _L, "An address is given", True),
    RuleSpec("L03", _E.ADDRESS_INCOMPLETE, _L, "The address is a delivery point", True),
    RuleSpec("L04", _E.ADDRESS_INCONSISTENT, _L, "The address is coherent", True),
    RuleSpec("L05", _E.ADDRESS_INSTITUTION, _L, "An institution is no home", True),
    RuleSpec(
        "L06",
        _E.PERIOD_INVALID,
        _L,
        "A named, closed, past period",
        True,
        (
            Parameter("max_years_back", 3, "years before the current one a period may start in", 1, 30),
            Parameter("max_periods", 3, "periods one line may name", 1, 12),
        ),
    ),
    RuleSpec("L07", _E.STATUTE_MISSING, _L, "A statute on each line", False),
    RuleSpec(
        "L08",
        _E.ORDER_DATE_INVALID,
        _L,
        "Population condition on the order's date",
        False,
        (
            Parameter(
                "more_than_days",
                0,
                "the date lies more than this many days before signature (0: on or before)",
                0,
                36_600,
            ),
            Parameter(
                "within_days", 0, "the date lies at most this many days before signature (0: no limit)", 0, 36_600
            ),
        ),
    ),
    RuleSpec(
        "L09",
        _E.OFFENCE_UNSUPPORTED,
        _L,
        "Support for the offence or consent",
        False,
        (
            Parameter("attestations", (), "attestation words that must be given"),
            Parameter("per_line", False, "given on each line instead of once in the header"),
        ),
    ),
    RuleSpec(
        "L10",
        _E.REASON_GENERIC,
        _L,
        "A reason of its own",
        False,
        (Parameter("max_repeats", 10, "lines that may share one reason, digits, names and dates masked", 1, 100_000),),
    ),
    RuleSpec("L11", _E.CASE_MISSING, _L, "A real case", False),
    RuleSpec("L12", _E.OFFICER_MISSING, _L, "An engaged officer", False),
    RuleSpec("L13", _E.IDENTIFIER_ONLY, _L, "An identifier never replaces name or address", True),
    RuleSpec(
        "L14",
        _E.ADDRESS_GUESSING,
        _L,
        "No guessing",
        False,
        (
            Parameter("max_questions_per_year", 3, "questions about one person in a year", 1, 100),
            Parameter("max_names_per_point", 12, "names asked at one point before reviewers are warned", 1, 10_000),
            Parameter("max_points_per_name", 12, "points asked for one name before reviewers are warned", 1, 10_000),
        ),
    ),
    RuleSpec("L15", _E.LINE_MALFORMED, _L, "Clean data", True),
    RuleSpec(
        "L16",
        _E.REFERRED,
        _L,
        "Referred to a human",
        True,
        (
            Parameter(
                "max_lines_per_address", 20, "lines of one request at one address, above which all wait", 1, 100_000
            ),
            Parameter(
                "decide_within_days", 10, "days in which a human decides; afterwards the line is returned", 1, 366
            ),
        ),
    ),
    RuleSpec("V01", _E.RECEIVER_UNLISTED, _V, "Named officers only, no contractor unless safeguarded", True),
)

RULES: Mapping[str, RuleSpec] = {spec.id: spec for spec in _SPECS}
MANDATORY: frozenset[str] = frozenset(spec.id for spec in _SPECS if spec.mandatory)

# What a single line may go back with: also when a human decides on a referred line (L16).
LINE_CODES: tuple[ErrorCode, ...] = tuple(spec.code for spec in _SPECS if spec.subject is RuleSubject.LINE)

# The words a request header may use for its type; only the first is ever answered (R04).
CONFIRM_ADDRESS = "confirm_address"
