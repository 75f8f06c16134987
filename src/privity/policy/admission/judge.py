"""Judges the lines of a request, in the steps of docs/procedures/admit.md, and makes AdmittedLine (invariant C1).

This package is the only place that constructs an AdmittedLine. It sees no register.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Final

from privity.domain.agreement import Agreement, MatchPolicy, Party
from privity.domain.personal import Personal
from privity.domain.request import (
    AdmittedLine,
    LineJudgement,
    Ordinal,
    ReferredLine,
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
from privity.policy.detect.periods import read_day, read_periods
from privity.policy.detect.words import code_key, statute_key
from privity.policy.recipients import current_officers, judge_recipients

BATCH: Final = 2_000

Verdict = tuple[str, Defect]  # rule id, defect


def judge_lines(
    lines: Sequence[RequestLine],
    header: RequestHeader,
    context: RequestContext,
    progress: Callable[[int], None] | None = None,
) -> Admission:
    """Judge every line under the agreement, at the one admission time. One judgement a line, in order."""
    roster = current_officers(context.offices, context.agreement.requester.id, context.at)
    terms = line_terms(header, context, frozenset(roster))
    admission, askings = judge_file(lines, terms, progress)
    # 7.4 The same person over the year (L14, across requests).
    questions = {asking.ordinal: probing.questions_of(asking, context.digest) for asking in askings}
    judgements = list(admission.judgements)
    if terms.uses("L14"):
        allowed = terms.number("L14", "max_questions_per_year")
        over = probing.over_the_year(questions, context.asked_before, allowed)
        for place, judged in enumerate(judgements):
            if isinstance(judged, AdmittedLine) and judged.ordinal in over:
                defect = Defect("address_line1", "more questions about one person than a year allows")
                judgements[place] = _sent_back(judged.ordinal, "L14", defect)
    else:
        questions = {}
    admitted = [judged for judged in judgements if isinstance(judged, AdmittedLine)]
    # 7.5 The whole request again, now with its lines (R10, R12-R14, V01).
    loads = _loads(lines, admitted)
    returned = sum(isinstance(judged, ReturnedLine) for judged in judgements)
    counts = file_rules.FileCounts(len(lines), returned, loads)
    findings = file_rules.file_findings(counts, terms, context)
    findings += judge_recipients((line.officer for line in admitted), context.agreement, context.offices, context.at)
    kept = tuple(pair for line in admitted for pair in questions.get(line.ordinal, ()))
    warnings = admission.warnings + file_rules.officer_warnings(loads, len(lines))
    return Admission(findings, tuple(judgements), kept, warnings)


def line_terms(header: RequestHeader, context: RequestContext, roster: frozenset[str] | None) -> LineTerms:
    """What the line rules may know of agreement, header and roster."""
    return LineTerms(
        agreement=context.agreement,
        statutes=frozenset(statute_key(statute) for statute in header.statutes),
        attestations=frozenset(header.attestations),
        signed_on=header.created_at.date(),
        at=context.at,
        roster=roster,
    )


def judge_file(
    lines: Sequence[RequestLine], terms: LineTerms, progress: Callable[[int], None] | None = None
) -> tuple[Admission, list[probing.Asking]]:
    """Steps 7.1 to 7.3: every rule that needs no history. Shared by the gate and by the requester's own lint."""
    rules = tuple((rule_id, rule) for rule_id, rule in LINE_RULES if terms.uses(rule_id))
    counts_reasons = terms.uses("L10")
    verdicts: dict[Ordinal, Verdict] = {}
    reasons: dict[Ordinal, str] = {}
    passed: dict[Ordinal, AdmittedLine] = {}
    askings: list[probing.Asking] = []
    done = 0
    for batch in _batches(lines):
        # 7.1 Read names and addresses. 7.2 The line rules, in their fixed order; the first defect wins.
        for view in view_lines(batch):
            verdict = _first_defect(view, terms, rules)
            if counts_reasons:
                reasons[view.ordinal] = file_rules.masked_reason(view)
            if verdict is not None:
                verdicts[view.ordinal] = verdict
            else:
                passed[view.ordinal] = _admit(view)
                askings.append(file_rules.asking_of(view))
        done += len(batch)
        if progress is not None:
            progress(done)
    # 7.3 The rules that need all lines.
    for found in _file_defects(lines, askings, reasons, terms):
        for ordinal, verdict in found.items():
            verdicts.setdefault(ordinal, verdict)
    judgements = tuple(
        _sent_back(line.ordinal, *verdicts[line.ordinal]) if line.ordinal in verdicts else passed[line.ordinal]
        for line in lines
    )
    askings = [asking for asking in askings if asking.ordinal not in verdicts]
    return Admission((), judgements, (), _warnings(askings, terms)), askings


def _batches(lines: Sequence[RequestLine]) -> Iterator[Sequence[RequestLine]]:
    return (lines[start : start + BATCH] for start in range(0, len(lines), BATCH))


def _first_defect(view: LineView, terms: LineTerms, rules: Sequence[tuple[str, LineRule]]) -> Verdict | None:
    for rule_id, rule in rules:
        defect = rule(view, terms)
        if defect is not None:
            return rule_id, defect
    return None


def _file_defects(
    lines: Sequence[RequestLine], askings: Sequence[probing.Asking], reasons: dict[Ordinal, str], terms: LineTerms
) -> Iterator[file_rules.FileDefects]:
    """File rules in their fixed order: the first that names a line wins."""
    yield file_rules.duplicate_ids({line.ordinal: line.content.reveal().line_id for line in lines})
    if terms.uses("L10"):
        yield file_rules.repeated_reasons(reasons, terms)
    if terms.uses("L11"):
        yield file_rules.shared_cases(askings)
    if terms.uses("L14"):
        yield file_rules.guessing(askings)
    if terms.uses("L16"):
        yield file_rules.crowded_addresses(askings, terms)


def _warnings(askings: Sequence[probing.Asking], terms: LineTerms) -> tuple[str, ...]:
    warnings = file_rules.repeat_warnings(askings)
    if not terms.uses("L14"):
        return warnings
    names, points = terms.number("L14", "max_names_per_point"), terms.number("L14", "max_points_per_name")
    return warnings + probing.crowding(askings, names, points)


def _loads(lines: Sequence[RequestLine], admitted: Sequence[AdmittedLine]) -> Counter[str]:
    """Different cases of each named officer among the admitted lines (a line without case counts as one)."""
    contents = {line.ordinal: line.content for line in lines}
    cases = {
        (line.officer, code_key(contents[line.ordinal].reveal().case_id) or f"line {line.ordinal}") for line in admitted
    }
    return Counter(officer for officer, _ in cases)


def _sent_back(ordinal: Ordinal, rule_id: str, defect: Defect) -> LineJudgement:
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
    judgements: list[LineJudgement] = []
    for batch in _batches(lines):
        for view in view_lines(batch):
            verdict = _first_defect(view, terms, FORM_RULES)
            judgements.append(_admit(view) if verdict is None else _sent_back(view.ordinal, *verdict))
    return judgements
