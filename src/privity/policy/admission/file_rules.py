"""Rules that need all lines of one request: L10 repeats, L11 one person a case, L14, L16 crowded addresses, R12-R14.

Pure. They run after the line rules, over the lines that passed them (repeats of reasons over all lines).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from privity.domain.errors import ErrorCode
from privity.domain.request import Ordinal, RequestFinding
from privity.domain.rules import RULES
from privity.policy.admission.context import LineTerms, RequestContext
from privity.policy.admission.defect import Defect
from privity.policy.admission.line_view import LineView
from privity.policy.admission.traces import Traces, name_of
from privity.policy.detect.folding import words_of
from privity.policy.detect.periods import read_periods
from privity.policy.detect.reasons import masked
from privity.policy.detect.words import code_key
from privity.policy.probing import Asking, guessers, near_names, often, shared

_NAMES_AT_HAND: Final = 1 << 14
FileDefects = dict[Ordinal, tuple[str, Defect]]  # ordinal -> (rule id, defect)


def own_words(view: LineView) -> tuple[str, ...]:
    """The words of the line's own name, address, case and officer: what is masked in its reason."""
    content = view.content
    name, address = content.name, content.address
    texts = (
        name.given_name,
        name.middle_name,
        name.family_name,
        name.full_name,
        address.address_line1,
        address.address,
    )
    more = (address.address_line2, address.city, address.state, content.case_id, content.officer, content.identifier)
    return words_of(" ".join(texts + more))


def repeated_reasons(traces: Traces, terms: LineTerms) -> FileDefects:
    """L10: more than so many lines share one reason, digits, names and dates masked. All of them go back."""
    most = terms.number("L10", "max_repeats")
    defect = ("L10", Defect("reason", f"the same reason stands on more than {most} lines"))
    return _standing_often(traces.ordinals, traces.reasons, most, defect)


def _standing_often(
    ordinals: Sequence[int], marks: Sequence[int], most: int, defect: tuple[str, Defect]
) -> FileDefects:
    """The defect for every line whose mark stands on more than `most` lines."""
    repeated = often(marks, most)
    if not repeated:
        return {}
    return {Ordinal(ordinal): defect for ordinal, mark in zip(ordinals, marks, strict=True) if mark in repeated}


def masked_reason(view: LineView) -> str:
    """The reason as it is counted."""
    return masked(view.content.reason, own_words(view))


def duplicate_ids(traces: Traces) -> FileDefects:
    """L15: a line id that stands on more than one line. All of them go back: their answers could not be told apart."""
    defect = ("L15", Defect("line_id", "the same line id stands on more than one line"))
    return _standing_often(traces.ordinals, traces.ids, 1, defect)


def asking_of(view: LineView) -> Asking:
    """The line's question. Only for lines whose name and address were read."""
    name, point = view.name.name, view.address.point
    if name is None or point is None:
        raise ValueError("a line without name or point asks nothing")
    content = view.content
    return Asking(
        ordinal=view.ordinal,
        name=name,
        point=point,
        periods=read_periods(content.periods) or (),
        case=code_key(content.case_id),
        birth_date=content.birth_date.strip(),
        identifier=code_key(content.identifier),
        order_date=content.order_date.strip(),
    )


def shared_cases(traces: Traces) -> FileDefects:
    """L11: one case id on lines about different people. All of them go back."""
    defect = ("L11", Defect("case_id", "the same case id stands on lines about different people"))
    found: FileDefects = {}
    for places in shared(traces.cases):
        first, *others = (name_of(traces.names[place]) for place in places)
        if any(not near_names(first, other) for other in others):
            found.update(dict.fromkeys((Ordinal(traces.asking[place]) for place in places), defect))
    return found


def guessing(traces: Traces) -> FileDefects:
    """L14 within the request: one question a person. Father and son (Jr, Sr) are referred, not returned."""
    returned, referred = guessers(traces, lru_cache(_NAMES_AT_HAND)(lambda place: name_of(traces.names[place])))
    found: FileDefects = {
        ordinal: ("L16", Defect("generation", "may be father and son at one address: waits for a human"))
        for ordinal in referred
    }
    defect = ("L14", Defect("address_line1", "more than one question about one person in one request"))
    return found | dict.fromkeys(returned, defect)


def crowded_addresses(traces: Traces, terms: LineTerms) -> FileDefects:
    """L16: an address on more lines of one request than the agreement allows waits for a human."""
    most = terms.number("L16", "max_lines_per_address")
    defect = ("L16", Defect("address_line1", f"the same address stands on more than {most} lines"))
    return _standing_often(traces.asking, traces.points, most, defect)


@dataclass(frozen=True, slots=True)
class FileCounts:
    """What R10 and R12-R14 need to know of the lines: counts only."""

    lines: int
    returned: int
    loads: Mapping[str, int]  # officer id -> different cases on admitted lines


def size_is_prescribed(counts: FileCounts, terms: LineTerms, context: RequestContext) -> str:
    """R10, its size: no more lines than the prescribed form allows."""
    del context
    return "more lines than the prescribed form allows" if counts.lines > terms.number("R10", "max_lines") else ""


def engagement_is_plausible(counts: FileCounts, terms: LineTerms, context: RequestContext) -> str:
    """R12: no officer with more open cases, earlier requests included, than one person can be engaged in."""
    most = terms.number("R12", "max_open_cases")
    over = sum(load + context.open_cases.get(officer, 0) > most for officer, load in counts.loads.items())
    return f"{over} officers would have more than {most} open cases" if over else ""


def mostly_sound(counts: FileCounts, terms: LineTerms, context: RequestContext | None = None) -> str:
    """R13: too large a share of defective lines sends the whole file back. Referred lines are not defective."""
    del context
    most = terms.number("R13", "over_percent")
    if counts.returned * 100 <= most * counts.lines:
        return ""
    return f"{counts.returned} of {counts.lines} lines are defective, more than {most} per cent"


def within_volume(counts: FileCounts, terms: LineTerms, context: RequestContext) -> str:
    """R14: no more lines than the agreement allows for one request, and for the calendar year."""
    if counts.lines > terms.number("R14", "per_request"):
        return "more lines than one request may hold"
    year = context.lines_this_year + counts.lines - counts.returned
    return "more lines than the agreement allows this year" if year > terms.number("R14", "per_year") else ""


FileRule = Callable[[FileCounts, LineTerms, RequestContext], str]

FILE_RULES: Mapping[str, tuple[FileRule, str]] = {
    "R10": (size_is_prescribed, "split the request"),
    "R12": (engagement_is_plausible, "name the officers really engaged"),
    "R13": (mostly_sound, "correct the returned lines and send the file again"),
    "R14": (within_volume, "split the request, or wait for the next year"),
}


def file_findings(counts: FileCounts, terms: LineTerms, context: RequestContext) -> tuple[RequestFinding, ...]:
    """R10 and R12-R14: what the lines together show of the whole request."""
    findings = []
    for rule_id, (rule, mend) in FILE_RULES.items():
        message = rule(counts, terms, context) if terms.uses(rule_id) else ""
        if message:
            findings.append(RequestFinding(RULES[rule_id].code, rule_id, message, mend))
    return tuple(findings)


def officer_warnings(loads: Mapping[str, int], lines: int) -> tuple[str, ...]:
    """For reviewers: how the lines spread over officers, counts only."""
    if not loads:
        return ()
    busiest = max(loads.values())
    return (f"officers: {len(loads)} named, the busiest on {busiest} of {lines} lines",)


def repeat_warnings(points: Sequence[int], questions: Sequence[int]) -> tuple[str, ...]:
    """For reviewers: addresses that stand on several lines, and lines that repeat a question exactly."""
    repeated = len(often(points, 1))
    twice = len(questions) - len(set(questions))
    warnings = [f"addresses: {repeated} stand on more than one line"] if repeated else []
    return tuple(warnings + ([f"questions: {twice} lines repeat another line's question exactly"] if twice else []))


def rule_code(rule_id: str) -> ErrorCode:
    """The code a rule returns."""
    return RULES[rule_id].code
