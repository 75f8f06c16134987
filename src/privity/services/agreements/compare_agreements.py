"""What changes from one agreement document to another, in sentences: what it allows, what it forbids, what it rewords.

Every element of the format and every parameter of every rule has its words here; a test fails when one has none.
Pure: two documents in, sentences out. Nothing is judged and nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from privity.domain.rules import RULES
from privity.wire.agreement_elements import EACH, ElementPath, agreement_elements
from privity.wire.agreement_format import read_agreement_document


class Effect(StrEnum):
    """What a change does to what may be asked, answered or kept."""

    ALLOWS = "allows more"
    FORBIDS = "forbids more"
    OTHERWISE = "says otherwise"


class Grows(StrEnum):
    """What it means where a value grows: a number rises, a date moves on, a switch says yes, an element is added."""

    ALLOWING = "allowing"
    FORBIDDING = "forbidding"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Change:
    """One element that differs. `element`: its path in the document."""

    element: str
    effect: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes, those that allow more first."""

    first: str  # "id version N", with the digest's beginning
    second: str
    changes: tuple[Change, ...]
    allows: int
    forbids: int
    otherwise: int


_A, _F, _N = Grows.ALLOWING, Grows.FORBIDDING, Grows.NEITHER
Words = tuple[str, Grows]

SUBJECTS: Mapping[ElementPath, Words] = {
    ("format",): ("the format of the document", _N),
    ("id",): ("the agreement's id", _N),
    ("version",): ("the version", _N),
    ("title",): ("the title", _N),
    ("parties", "custodian", "id"): ("the custodian", _N),
    ("parties", "custodian", "name"): ("the custodian's name", _N),
    ("parties", "requester", "id"): ("the requester", _N),
    ("parties", "requester", "name"): ("the requester's name", _N),
    ("authority", "text"): ("the legal authority", _N),
    ("term", "effective"): ("the first day in force", _F),
    ("term", "expires"): ("the last day in force", _A),
    ("offices", "signing", EACH): ("the office that may sign requests", _A),
    ("offices", "signing", EACH, "title"): ("the title of the signing office", _N),
    ("offices", "custodian", EACH): ("the custodian's office", _N),
    ("offices", "custodian", EACH, "title"): ("the title of the custodian's office", _N),
    ("offices", "delegates", "allowed"): ("whether a delegate may sign requests", _A),
    ("offices", "acting", "allowed"): ("whether an acting holder may sign requests", _A),
    ("offices", "succession", "text"): ("the words on succession", _N),
    ("certificate_policies", "oids"): ("certificate policies that a signer's path must carry", _F),
    ("statutes", EACH): ("the designated statute", _A),
    ("statutes", EACH, "text"): ("the words of the designated statute", _N),
    ("purposes", EACH): ("the allowed purpose", _A),
    ("purposes", EACH, "text"): ("the words of the allowed purpose", _N),
    ("lines", "must_carry"): ("what each line must carry", _F),
    ("population", EACH): ("the condition on who may be asked about", _F),
    ("population", EACH, "text"): ("the words of the population condition", _N),
    ("population", EACH, "rule"): ("the rule that enforces the population condition", _N),
    ("answer", "permitted"): ("the permitted answer", _N),
    ("answer", "after_seconds"): ("seconds from admission before an answer is visible", _F),
    ("answer", "after_seconds_per_thousand_lines"): ("further seconds for each thousand lines", _F),
    ("match", "policy"): ("the match policy", _A),
    ("match", "crowded_over"): ("persons at a point above which one-edit levels are off", _A),
    ("match", "identifier_must_agree"): ("whether an identifier on both sides must agree", _F),
    ("match", "without"): ("levels of the match policy that are switched off", _F),
    ("retention", "destruction_due_days"): ("days for which the recipient may keep what it received", _A),
    ("duties", EACH): ("the recipients' duty", _F),
    ("duties", EACH, "text"): ("the words of the recipients' duty", _N),
    ("safeguards", "standard"): ("the safeguard standard", _N),
    ("safeguards", "reviewed_on"): ("the day of the review that counts at least", _F),
    ("safeguards", "findings", EACH): ("the safeguard finding that counts as open", _F),
    ("safeguards", "findings", EACH, "text"): ("the words of the safeguard finding", _N),
    ("safeguards", "findings", EACH, "plan_due"): ("the day by which the finding's plan is due", _A),
    ("reporting", EACH): ("the report that is owed", _F),
    ("reporting", EACH, "text"): ("the words of the report", _N),
    ("reporting", EACH, "owed_by"): ("who owes the report", _N),
    ("reporting", EACH, "after"): ("what the report follows", _N),
    ("reporting", EACH, "within_days"): ("days in which the report is due", _A),
    ("accounting", "open_to_person"): ("whether the person concerned may be told who asked", _A),
}
PARAMETERS: Mapping[tuple[str, str], Grows] = {
    ("R06", "attestations"): _F,
    ("R08", "review_valid_days"): _A,
    ("R10", "max_lines"): _A,
    ("R11", "max_age_days"): _A,
    ("R12", "max_open_cases"): _A,
    ("R13", "over_percent"): _A,
    ("R14", "per_request"): _A,
    ("R14", "per_year"): _A,
    ("R15", "receipt_within_days"): _A,
    ("L06", "max_years_back"): _A,
    ("L06", "max_periods"): _A,
    ("L08", "more_than_days"): _F,
    ("L08", "within_days"): _A,
    ("L09", "attestations"): _F,
    ("L09", "per_line"): _F,
    ("L10", "max_repeats"): _A,
    ("L14", "max_questions_per_year"): _A,
    ("L14", "max_names_per_point"): _A,
    ("L14", "max_points_per_name"): _A,
    ("L16", "max_lines_per_address"): _A,
    ("L16", "decide_within_days"): _A,
}
NO_LIMIT_AT_ZERO = frozenset({("rules", "L08", "parameters", "within_days")})
ABSENT_MEANS: Mapping[ElementPath, object] = {("offices", "acting", "allowed"): True}
_POLICIES = ("exact", "standard", "extended")
_ORDER = (Effect.ALLOWS, Effect.FORBIDS, Effect.OTHERWISE)


def compare_agreements(first: bytes, second: bytes) -> Comparison:
    """Compare two documents. Raises PrivityError AGREEMENT_INVALID, naming the one that cannot be read."""
    agreement, document = read_agreement_document(first, source="A")
    before = agreement_elements(agreement, document)
    other, other_document = read_agreement_document(second, source="B")
    after = agreement_elements(other, other_document)
    changes = sorted(
        (
            _change(path, before.get(path, ABSENT_MEANS.get(path)), after.get(path, ABSENT_MEANS.get(path)))
            for path in {**before, **after}
            if _differs(path, before, after)
        ),
        key=lambda one: (_ORDER.index(Effect(one.effect)), one.element),
    )
    count = {effect: sum(one.effect == effect.value for one in changes) for effect in Effect}
    return Comparison(
        f"{agreement.id} version {agreement.version} ({agreement.digest[:16]})",
        f"{other.id} version {other.version} ({other.digest[:16]})",
        tuple(changes),
        count[Effect.ALLOWS],
        count[Effect.FORBIDS],
        count[Effect.OTHERWISE],
    )


def _differs(path: ElementPath, before: Mapping[ElementPath, Any], after: Mapping[ElementPath, Any]) -> bool:
    """Whether the element changed; what stands inside an element that came or went is told with that element."""
    old, new = before.get(path, ABSENT_MEANS.get(path)), after.get(path, ABSENT_MEANS.get(path))
    if old == new:
        return False
    around = [path[:size] for size in range(1, len(path))]
    return not any((one in before) != (one in after) for one in around if before.get(one, after.get(one)) is True)


def words_of(path: ElementPath) -> Words:
    """What an element is called, and what it means where it grows. Raises KeyError for an element without words."""
    if path[-1] == "clause":
        return f"the clause cited for {spelt(path[:-1])}", _N
    if path[0] == "rules":
        spec = RULES[path[1]]
        if len(path) == 2:
            return f"rule {spec.id}, {_lower(spec.title)}", _F
        parameter = spec.parameter(path[3])
        if parameter is None:
            raise KeyError(path)
        return f"{spec.id}: {parameter.meaning}", PARAMETERS[path[1], path[3]]
    pattern = path if path in SUBJECTS else _pattern(path)
    words, grows = SUBJECTS[pattern]
    named = next((one for one, place in zip(path, pattern, strict=True) if place == EACH), "")
    return (f"{words} {named}" if named else words), grows


def _pattern(path: ElementPath) -> ElementPath:
    for place in (1, 2):
        candidate = (*path[:place], EACH, *path[place + 1 :])
        if candidate in SUBJECTS:
            return candidate
    raise KeyError(path)


def _change(path: ElementPath, old: object, new: object) -> Change:
    subject, grows = words_of(path)
    effect = _effect(path, grows, old, new)
    return Change(spelt(path), effect.value, f"{_upper(_said(subject, old, new))} This {effect.value}.")


def _said(subject: str, old: object, new: object) -> str:
    if new is True and old is None:
        return f"{subject}: added."
    if old is True and new is None:
        return f"{subject}: dropped."
    if isinstance(old, tuple) and isinstance(new, tuple):
        more, fewer = [one for one in new if one not in old], [one for one in old if one not in new]
        said = [f"now also {', '.join(more)}"] if more else []
        said += [f"no longer {', '.join(fewer)}"] if fewer else []
        return f"{subject}: {' and '.join(said) or 'the same in another order'}."
    return f"{subject}: {_shown(new)} instead of {_shown(old)}."


def _effect(path: ElementPath, grows: Grows, old: object, new: object) -> Effect:
    if grows is Grows.NEITHER:
        return Effect.OTHERWISE
    direction = _grown(path, old, new)
    if direction == 0:
        return Effect.OTHERWISE
    return Effect.ALLOWS if (direction > 0) == (grows is Grows.ALLOWING) else Effect.FORBIDS


def _grown(path: ElementPath, old: object, new: object) -> int:
    """1 where it grew, -1 where it shrank, 0 where neither can be said."""
    if isinstance(old, tuple) or isinstance(new, tuple):
        before = set(old) if isinstance(old, tuple) else set()
        after = set(new) if isinstance(new, tuple) else set()
        return int(after > before) - int(after < before)
    before_rank, after_rank = _rank(path, old), _rank(path, new)
    return int(after_rank > before_rank) - int(after_rank < before_rank)


def _rank(path: ElementPath, value: object) -> float:
    if value is None:
        return -1.0
    if isinstance(value, str):
        return float(_POLICIES.index(value)) if value in _POLICIES else 0.0
    if isinstance(value, date):
        return float(value.toordinal())
    number = float(value) if isinstance(value, int) else 0.0
    return float("inf") if path in NO_LIMIT_AT_ZERO and number == 0 else number


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return f"{value:,}" if isinstance(value, int) else str(value)


def spelt(path: ElementPath) -> str:
    """The path as a reader of the document writes it."""
    return ".".join(path)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
