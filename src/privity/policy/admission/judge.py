"""Judges the lines of a request, in the steps of docs/procedures/admit.md, and makes AdmittedLine (invariant C1).

This package is the only place that constructs an AdmittedLine. It sees no register.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from privity.domain.agreement import Agreement, MatchPolicy, Party
from privity.domain.personal import Masked, Personal
from privity.domain.request import (
    AdmittedLine,
    LineJudgement,
    Ordinal,
    ReferredLine,
    RequestFinding,
    RequestHeader,
    RequestLine,
    ReturnedLine,
)
from privity.policy import probing
from privity.policy.admission import file_rules
from privity.policy.admission.context import Admission, LineTerms, RequestContext
from privity.policy.admission.defect import Defect, LineRule
from privity.policy.admission.line_rules import FORM_RULES, LINE_RULES
from privity.policy.admission.line_view import LineView, view_lines
from privity.policy.admission.sound_values import COLUMNS_READ, OF_OTHER_LINES, SoundValues, plain
from privity.policy.admission.traces import Mark, Traces, marker, whose
from privity.policy.detect.periods import read_day, read_periods
from privity.policy.detect.words import code_key, statute_key
from privity.policy.recipients import current_officers, judge_recipients

BATCH: Final = 2_000

Verdict = tuple[str, Defect]  # rule id, defect
Rules = tuple[tuple[str, LineRule], ...]
Questions = dict[Ordinal, tuple[tuple[bytes, bytes], ...]]  # (person digest, question digest) pairs of a line


@dataclass(slots=True, repr=False)
class FirstLook(Masked):
    """What the line rules made of some lines, in order, and what the file rules need of them."""

    judged: list[AdmittedLine | Verdict]
    traces: Traces
    questions: Questions  # of the lines that passed; empty where nobody asks


def judge_lines(
    lines: Sequence[RequestLine],
    header: RequestHeader,
    context: RequestContext,
    progress: Callable[[int], None] | None = None,
) -> Admission:
    """Judge every line under the agreement, at the one admission time. One judgement a line, in order.

    All in this process, all in memory; `services.judge_arrival` takes the same steps over chunks and processes.
    """
    terms = line_terms(header, context, frozenset(roster_ids(context)))
    look = _first_looks(lines, terms, progress, context.digest if terms.uses("L14") else None)
    found, warnings = whole_file(look.traces, terms)  # 7.3
    questions = {ordinal: pairs for ordinal, pairs in look.questions.items() if ordinal not in found}
    found |= over_the_year(questions, terms, context)  # 7.4
    judgements = tuple(judgement_of(one, ordinal, found) for ordinal, one in _by_ordinal(lines, look))
    returned = sum(isinstance(one, ReturnedLine) for one in judgements)
    findings, more = request_again(look.traces, found, returned, terms, context)  # 7.5
    kept = tuple(pair for ordinal, pairs in questions.items() if ordinal not in found for pair in pairs)
    return Admission(findings, judgements, kept, warnings + more)


def roster_ids(context: RequestContext) -> Collection[str]:
    """Officers who may be named at the admission time."""
    return current_officers(context.offices, context.agreement.requester.id, context.at)


def line_terms(
    header: RequestHeader,
    context: RequestContext,
    roster: frozenset[str] | None,
    waived: frozenset[int] = frozenset(),
) -> LineTerms:
    """What the line rules may know of agreement, header and roster; `waived`: lines that an officer admitted (L16)."""
    return LineTerms(
        agreement=context.agreement,
        statutes=frozenset(statute_key(statute) for statute in header.statutes),
        attestations=frozenset(header.attestations),
        signed_on=header.created_at.date(),
        at=context.at,
        roster=roster,
        waived=waived,
    )


def judge_file(lines: Sequence[RequestLine], terms: LineTerms) -> Admission:
    """Steps 7.1 to 7.3: every rule that needs no history, for the requester's own lint."""
    look = _first_looks(lines, terms, None, None)
    found, warnings = whole_file(look.traces, terms)
    judgements = tuple(judgement_of(one, ordinal, found) for ordinal, one in _by_ordinal(lines, look))
    return Admission((), judgements, (), warnings)


def first_look(
    lines: Sequence[RequestLine],
    terms: LineTerms,
    mark: Mark,
    digest: Callable[[bytes], bytes] | None,
    sound: SoundValues | None = None,
) -> FirstLook:
    """Steps 7.1 and 7.2 for some lines; nothing here depends on any other line.

    `mark` has one key for the whole file; `digest` is the keyed digest of questions, None where none are kept; `sound`
    remembers values from one call to the next, under the same terms.
    """
    rules = _RulesToAsk(terms, SoundValues() if sound is None else sound)
    counts_reasons = terms.uses("L10")
    look = FirstLook([], Traces(), {})
    # 7.1 Read names and addresses. 7.2 The line rules, in their fixed order; the first defect wins.
    for view in view_lines(lines):
        verdict = rules.first_defect(view)
        reason = mark(file_rules.masked_reason(view)) if counts_reasons else 0
        look.traces.add_line(view.ordinal, mark(view.content.line_id), reason)
        if verdict is not None:
            look.judged.append(verdict)
            continue
        admitted = _admit(view)
        asking = file_rules.asking_of(view)
        look.judged.append(admitted)
        question = asking.question
        look.traces.add_asking(asking, admitted.officer, mark, question)
        if digest is not None:
            look.questions[view.ordinal] = probing.questions_of(asking, digest, question)
    return look


def _first_looks(
    lines: Sequence[RequestLine],
    terms: LineTerms,
    progress: Callable[[int], None] | None,
    digest: Callable[[bytes], bytes] | None,
) -> FirstLook:
    mark = marker(digest(b"traces") if digest else b"")
    whole, sound = FirstLook([], Traces(), {}), SoundValues()
    for start in range(0, len(lines), BATCH):
        look = first_look(lines[start : start + BATCH], terms, mark, digest, sound)
        whole.judged += look.judged
        whole.traces.extend(look.traces)
        whole.questions |= look.questions
        if progress is not None:
            progress(len(whole.judged))
    return whole


def _by_ordinal(lines: Sequence[RequestLine], look: FirstLook) -> Iterator[tuple[Ordinal, AdmittedLine | Verdict]]:
    return zip((line.ordinal for line in lines), look.judged, strict=True)


def whole_file(traces: Traces, terms: LineTerms) -> tuple[file_rules.FileDefects, tuple[str, ...]]:
    """Step 7.3: the rules that need all lines, and warnings. A line's own defect (7.2) comes first."""
    found: file_rules.FileDefects = {}
    for defects in _file_defects(traces, terms):
        for ordinal, verdict in defects.items():
            if verdict[0] != "L16" or ordinal not in terms.waived:
                found.setdefault(ordinal, verdict)
    return found, _warnings(traces, found, terms)


def over_the_year(questions: Questions, terms: LineTerms, context: RequestContext) -> file_rules.FileDefects:
    """Step 7.4: the same person over the year (L14, across requests), of any number of lines at a time."""
    if not terms.uses("L14") or not questions:
        return {}
    over = probing.over_the_year(questions, context.asked_before, terms.number("L14", "max_questions_per_year"))
    defect = Defect("address_line1", "more questions about one person than a year allows")
    return dict.fromkeys(over, ("L14", defect))


def request_again(
    traces: Traces, found: Container[Ordinal], returned: int, terms: LineTerms, context: RequestContext
) -> tuple[tuple[RequestFinding, ...], tuple[str, ...]]:
    """Step 7.5: the whole request again, now with its lines (R10, R12-R14, V01), and what reviewers see of loads.

    `found`: lines sent back by 7.3 and 7.4; `returned`: all lines that are returned, by whatever rule.
    """
    cases: set[tuple[str, int]] = set()
    for ordinal, officer, case in zip(traces.asking, traces.officers, traces.cases, strict=True):
        if ordinal not in found:
            cases.add((officer, case or -ordinal))  # a line without case counts as one
    loads = Counter(officer for officer, _ in cases)
    lines = len(traces.ordinals)
    findings = file_rules.file_findings(file_rules.FileCounts(lines, returned, loads), terms, context)
    findings += judge_recipients(loads, context.agreement, context.offices, context.at)
    return findings, file_rules.officer_warnings(loads, lines)


def judgement_of(judged: AdmittedLine | Verdict, ordinal: Ordinal, found: file_rules.FileDefects) -> LineJudgement:
    """The last word on a line: its own defect first, then what the whole file or the year showed."""
    if isinstance(judged, tuple):
        return sent_back(ordinal, *judged)
    return sent_back(ordinal, *found[ordinal]) if ordinal in found else judged


class _RulesToAsk:
    """The rules in use, and shorter lists for lines on which some of them cannot find anything."""

    def __init__(self, terms: LineTerms, sound: SoundValues) -> None:
        self._terms, self._sound = terms, sound
        self._all: Rules = tuple((rule_id, rule) for rule_id, rule in LINE_RULES if terms.uses(rule_id))
        self._of_plain = _without(self._all, OF_OTHER_LINES)
        self._of_sound = _without(self._all, COLUMNS_READ)
        self._of_both = _without(self._of_sound, OF_OTHER_LINES)

    def first_defect(self, view: LineView) -> Verdict | None:
        """What the first rule finds, as if each were asked in turn."""
        if view.content in self._sound:
            return _first_defect(view, self._terms, self._of_both if plain(view) else self._of_sound)
        found = _first_defect(view, self._terms, self._of_plain if plain(view) else self._all)
        if found is None:
            self._sound.add(view.content)
        return found


def _without(rules: Rules, some: Container[LineRule]) -> Rules:
    return tuple(one for one in rules if one[1] not in some)


def _first_defect(view: LineView, terms: LineTerms, rules: Sequence[tuple[str, LineRule]]) -> Verdict | None:
    for rule_id, rule in rules:
        defect = rule(view, terms)
        if defect is not None:
            return rule_id, defect
    return None


def _file_defects(traces: Traces, terms: LineTerms) -> Iterator[file_rules.FileDefects]:
    """File rules in their fixed order: the first that names a line wins."""
    yield file_rules.duplicate_ids(traces)
    if terms.uses("L10"):
        yield file_rules.repeated_reasons(traces, terms)
    if terms.uses("L11"):
        yield file_rules.shared_cases(traces)
    if terms.uses("L14"):
        yield file_rules.guessing(traces)
    if terms.uses("L16"):
        yield file_rules.crowded_addresses(traces, terms)


def _warnings(traces: Traces, found: Container[Ordinal], terms: LineTerms) -> tuple[str, ...]:
    kept = [place for place, ordinal in enumerate(traces.asking) if ordinal not in found]
    points = array("Q", (traces.points[place] for place in kept))
    warnings = file_rules.repeat_warnings(points, array("Q", (traces.questions[place] for place in kept)))
    if not terms.uses("L14"):
        return warnings
    names, most_points = terms.number("L14", "max_names_per_point"), terms.number("L14", "max_points_per_name")
    return warnings + probing.crowding([whose(traces.names[place]) for place in kept], points, names, most_points)


def sent_back(ordinal: Ordinal, rule_id: str, defect: Defect) -> ReturnedLine | ReferredLine:
    """A returned line with its rule's code; a referred one for L16."""
    code = file_rules.rule_code(rule_id)
    if rule_id == "L16":
        return ReferredLine(ordinal, code, defect.field, defect.message)
    return ReturnedLine(ordinal, code, defect.field, defect.message)


def _admit(view: LineView) -> AdmittedLine:
    """The only making of an AdmittedLine from a request (C1)."""
    name, point = view.name.name, view.address.point
    if name is None or point is None:
        raise ValueError("a line without name or delivery point passed the line rules")
    content = view.content
    return AdmittedLine(
        ordinal=view.ordinal,
        name=Personal(name),
        point=Personal(point),
        periods=read_periods(content.periods) or (),
        officer=content.officer.strip(),
        identifier=Personal(code_key(content.identifier)),
        birth_date=read_day(content.birth_date) if content.birth_date.strip() else None,
        confirmable=view.address.second_opinion_agrees,
    )


def admit_for_evaluation(lines: Sequence[RequestLine]) -> list[LineJudgement]:
    """The form rules alone (L01-L06, L15), for `privity evaluate` on extracts under a throwaway key."""
    nobody, never = Party("", ""), date.min
    bare = Agreement(
        "", 0, "", "", nobody, nobody, never, never, "", (), (), False, (), (), (), (), MatchPolicy("", ()), 0, 0, False
    )
    terms = LineTerms(bare, frozenset(), frozenset(), never, datetime.min.replace(tzinfo=UTC), None)
    return _each_alone(lines, terms, FORM_RULES)


def judge_alone(lines: Sequence[RequestLine], terms: LineTerms) -> list[LineJudgement]:
    """The line rules alone: what can be said of a line without the others. For lines that wait for a human."""
    return _each_alone(lines, terms, tuple((rule_id, rule) for rule_id, rule in LINE_RULES if terms.uses(rule_id)))


def _each_alone(
    lines: Sequence[RequestLine], terms: LineTerms, rules: Sequence[tuple[str, LineRule]]
) -> list[LineJudgement]:
    judgements: list[LineJudgement] = []
    for start in range(0, len(lines), BATCH):
        for view in view_lines(lines[start : start + BATCH]):
            verdict = _first_defect(view, terms, rules)
            judgements.append(_admit(view) if verdict is None else sent_back(view.ordinal, *verdict))
    return judgements
