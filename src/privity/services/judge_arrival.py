"""Puts an opened request before admission at one fixed time, and lays out what is to be kept of each line.

Gathers what admission may know of the past; the rules themselves are `privity.policy.admission`'s. Step numbers are
those of docs/procedures/admit.md. Nothing is stored here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from privity.domain.errors import ErrorCode
from privity.domain.request import (
    AdmittedLine,
    LineJudgement,
    Ordinal,
    ReferredLine,
    RequestFinding,
    RequestLine,
    SuppliedName,
)
from privity.policy.admission import (
    Admission,
    RequestContext,
    SignatureFacts,
    admitted_record,
    judge_lines,
    judge_request,
)
from privity.ports.stored import OfficerCase, Question
from privity.ports.stores import ReadStore
from privity.services.agreement_signatures import signed_by
from privity.services.collector_pause import collector_paused
from privity.services.gate import Gate, Progress
from privity.services.open_request import OpenedRequest
from privity.wire.line_chunks import JudgedLine, LineKind

HISTORY = timedelta(days=365)  # how far back a question counts (L14)


@dataclass(frozen=True, slots=True)
class Judged:
    """The outcome of admission, ready to be stored."""

    lines: tuple[JudgedLine, ...]
    findings: tuple[RequestFinding, ...]  # any: the whole request goes back
    warnings: tuple[str, ...]
    questions: tuple[Question, ...]
    cases: tuple[OfficerCase, ...]

    @property
    def returned_whole(self) -> bool:
        """Whether nothing of the request may be looked up."""
        return bool(self.findings)

    def count(self, kind: LineKind) -> int:
        """Lines of one kind."""
        return sum(line.kind is kind for line in self.lines)

    def codes(self) -> Mapping[str, int]:
        """Returned and referred lines by code."""
        return dict(sorted(Counter(line.code.value for line in self.lines if line.code).items()))


def judge_arrival(gate: Gate, opened: OpenedRequest, at: datetime, progress: Progress) -> Judged:
    """Judge request, then lines (steps 6 and 7). The lines are not judged where the request is already refused."""
    signature = SignatureFacts(
        opened.signature.signer_fingerprint, opened.signature.signing_time, at, opened.signature.policies
    )
    named = opened.manifest.agreement
    with gate.store.reading() as read:
        context = _context(gate, read, opened, at)
        findings = judge_request(opened.header, (named.id, named.version, named.digest), signature, context)  # 6
        if opened.lines is None:
            findings = (*findings, _form_finding(opened.form_defect))
            return _refused_unread(opened.manifest.lines, findings)
        if findings:
            return _refused(opened.lines, findings, ())
        total = len(opened.lines)
        with collector_paused():
            admission = judge_lines(
                opened.lines, opened.header, context, lambda done: progress("admit", done, total)
            )  # 7
    if admission.findings:
        return _refused(opened.lines, admission.findings, admission.judgements, admission.warnings)
    return _admitted(gate, opened.lines, admission)


def _context(gate: Gate, read: ReadStore, opened: OpenedRequest, at: datetime) -> RequestContext:
    agreement, requester = opened.agreement, opened.agreement.requester.id
    year = datetime(at.year, 1, 1, tzinfo=UTC)
    open_cases = read.open_cases(requester)
    return RequestContext(
        agreement=agreement,
        offices=opened.offices,
        at=at,
        lines_this_year=read.lines_admitted(agreement.id, year, datetime(at.year + 1, 1, 1, tzinfo=UTC)),
        open_cases={
            officer.id: open_cases[digest]
            for officer in opened.offices.officers
            if (digest := _officer_digest(gate, officer.id)) in open_cases
        },
        overdue_duties=read.overdue_duties(requester, at.date()),
        holds=tuple(read.holds_in_force(agreement.id)),
        seen_before=False,  # a request seen before was refused at the door
        asked_before=lambda persons: read.questions_of(requester, persons, at - HISTORY),
        digest=gate.keys.probing_digest,
        agreement_signed_by=signed_by(read, gate.keys, agreement),
    )


def _admitted(gate: Gate, lines: Sequence[RequestLine], admission: Admission) -> Judged:
    judged = tuple(_judged(line, judgement) for line, judgement in zip(lines, admission.judgements, strict=True))
    return Judged(
        lines=judged,
        findings=(),
        warnings=admission.warnings,
        questions=tuple(Question(person, question) for person, question in admission.questions),
        cases=tuple(
            OfficerCase(_officer_digest(gate, line.officer), gate.keys.probing_digest(_case_message(line.case_id)))
            for line in judged
            if line.kind is LineKind.ADMITTED
        ),
    )


def _refused(
    lines: Sequence[RequestLine],
    findings: tuple[RequestFinding, ...],
    judgements: Sequence[LineJudgement],
    warnings: tuple[str, ...] = (),
) -> Judged:
    """Every line goes back: with its own defect where it has one, else with the request's first finding."""
    own: dict[Ordinal, LineJudgement] = {one.ordinal: one for one in judgements if not isinstance(one, AdmittedLine)}
    kept = tuple(
        _judged(line, own[line.ordinal]) if line.ordinal in own else _returned(line, findings[0]) for line in lines
    )
    return Judged(tuple(_as_returned(line) for line in kept), findings, warnings, (), ())


def _refused_unread(lines: int, findings: tuple[RequestFinding, ...]) -> Judged:
    """A file that cannot be read line by line still gets one record for each line its signed manifest counts."""
    kept = tuple(
        JudgedLine(
            Ordinal(ordinal), "", SuppliedName(), "", "", "", "", LineKind.RETURNED,
            findings[0].code, findings[0].message, None,
        )
        for ordinal in range(1, lines + 1)
    )  # fmt: skip
    return Judged(kept, findings, (), (), ())


def _judged(line: RequestLine, judgement: LineJudgement) -> JudgedLine:
    if isinstance(judgement, AdmittedLine):
        return _line(line, judgement.officer, LineKind.ADMITTED, None, "", admitted=admitted_record(judgement))
    kind = LineKind.REFERRED if isinstance(judgement, ReferredLine) else LineKind.RETURNED
    return _line(line, "", kind, judgement.code, judgement.message)


def _returned(line: RequestLine, finding: RequestFinding) -> JudgedLine:
    return _line(line, "", LineKind.RETURNED, finding.code, finding.message)


def _as_returned(line: JudgedLine) -> JudgedLine:
    if line.kind is LineKind.RETURNED:
        return line
    return JudgedLine(
        line.ordinal, line.line_id, line.name, line.birth_date, line.identifier, line.case_id, "",
        LineKind.RETURNED, line.code, line.message, None,
    )  # fmt: skip


def _line(
    line: RequestLine,
    officer: str,
    kind: LineKind,
    code: ErrorCode | None,
    message: str,
    *,
    admitted: Sequence[object] | None = None,
) -> JudgedLine:
    content = line.content.reveal()
    return JudgedLine(
        ordinal=line.ordinal,
        line_id=content.line_id,
        name=content.name,
        birth_date=content.birth_date,
        identifier=content.identifier,
        case_id=content.case_id,
        officer=officer,
        kind=kind,
        code=code,
        message=message,
        admitted=admitted,
    )


def _form_finding(defect: str) -> RequestFinding:
    return RequestFinding(
        ErrorCode.FORMAT_INVALID, "R10", defect, "check the file with `privity request lint`, then pack it again"
    )


def _officer_digest(gate: Gate, officer: str) -> bytes:
    return gate.keys.probing_digest(b"officer\0" + officer.encode())


def _case_message(case_id: str) -> bytes:
    return b"case\0" + case_id.strip().upper().encode("utf-8", "replace")
