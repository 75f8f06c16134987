"""The requester's pre-flight: the same line rules as at the gate, without home, register or keys.

Works at the requester's own desk, so its findings may carry `line_id`; the gate's outputs never do. It cannot know the
history across requests, nor (without the office register) who is on the roster, and says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from privity.domain.agreement import BOTH_SIDES, Agreement
from privity.domain.errors import ErrorCode
from privity.domain.offices import OfficeRegister
from privity.domain.request import (
    Ordinal,
    ReferredLine,
    RequestFinding,
    RequestHeader,
    RequestLine,
    ReturnedLine,
)
from privity.policy.admission.context import LineTerms, RequestContext, SignatureFacts, parameter
from privity.policy.admission.file_rules import FileCounts, file_findings
from privity.policy.admission.judge import judge_file
from privity.policy.admission.request_rules import judge_request
from privity.policy.detect.words import statute_key
from privity.policy.recipients import current_officers
from privity.services.collector_pause import collector_paused
from privity.wire.request_format import read_lines

HEADER_RULES = ("R03", "R04", "R05", "R06", "R07", "R10", "R11")  # R rules that need no signature, roster or history


@dataclass(frozen=True, slots=True)
class LintFinding:
    """The first defect of one line (or why it waits for a human)."""

    ordinal: int  # not in the JSON, whose shape is fixed
    line_id: str
    code: ErrorCode
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class LintReport:
    """What the gate would say of the lines. `codes` counts the returned lines by code; referred lines are apart."""

    lines: int
    returned: int
    referred: int
    codes: dict[str, int]
    findings: tuple[LintFinding, ...]
    referrals: tuple[LintFinding, ...]
    request_findings: tuple[RequestFinding, ...]
    notes: tuple[str, ...]  # what lint could not check

    def as_json(self) -> dict[str, object]:
        """The fixed JSON shape of `request lint --json`."""
        return {
            "lines": self.lines,
            "returned": self.returned,
            "codes": self.codes,
            "findings": [_finding_json(one) for one in self.findings],
            "request_findings": [
                {"code": one.code.value, "rule": one.rule, "message": one.message, "mend": one.mend}
                for one in self.request_findings
            ],
            "referred": self.referred,
            "referrals": [_finding_json(one) for one in self.referrals],
            "notes": list(self.notes),
        }


def lint_request(  # noqa: PLR0917 - each argument is one document or fact
    lines_bytes: bytes,
    file_format: str,
    agreement: Agreement,
    header: RequestHeader | None,
    offices: OfficeRegister | None,
    at: datetime,
) -> LintReport:
    """Judge a request file before it is signed. Raises PrivityError FORMAT_INVALID where the file cannot be read."""
    lines = list(read_lines(lines_bytes, file_format))
    terms = _terms(agreement, header, offices, at)
    with collector_paused():
        admission = judge_file(lines, terms)
    ids = {line.ordinal: line.content.reveal().line_id for line in lines}
    returned = [_finding(ids, one) for one in admission.judgements if isinstance(one, ReturnedLine)]
    referred = [_finding(ids, one) for one in admission.judgements if isinstance(one, ReferredLine)]
    return LintReport(
        lines=len(lines),
        returned=len(returned),
        referred=len(referred),
        codes=dict(sorted(Counter(one.code.value for one in returned).items())),
        findings=tuple(returned),
        referrals=tuple(referred),
        request_findings=_request_findings(lines, len(returned), terms, header, at),
        notes=_notes(agreement, header, offices),
    )


def _terms(
    agreement: Agreement, header: RequestHeader | None, offices: OfficeRegister | None, at: datetime
) -> LineTerms:
    """Without a header the agreement's own statutes and attestations stand for it, and today for the signature."""
    statutes = header.statutes if header else agreement.statutes
    wanted = parameter(agreement, "L09", "attestations")
    attestations = header.attestations if header else wanted if isinstance(wanted, tuple) else ()
    roster = None if offices is None else frozenset(current_officers(offices, agreement.requester.id, at))
    signed = header.created_at if header else at
    statute_keys = frozenset(statute_key(statute) for statute in statutes)
    return LineTerms(agreement, statute_keys, frozenset(attestations), signed.date(), at, roster)


def _request_findings(
    lines: Sequence[RequestLine], returned: int, terms: LineTerms, header: RequestHeader | None, at: datetime
) -> tuple[RequestFinding, ...]:
    """Defects of the whole file that show without a home: the header, and R10, R12-R14 from this file alone."""
    contents = [line.content.reveal() for line in lines]
    cases = {(content.officer.strip(), content.case_id.strip()) for content in contents}
    loads = Counter(officer for officer, _ in cases if officer)
    counts = FileCounts(len(lines), returned, loads)
    context = _context(terms.agreement, at)
    return (*_header_findings(context, header), *file_findings(counts, terms, context))


def _context(agreement: Agreement, at: datetime) -> RequestContext:
    """A context without history and roster: what the requester's desk knows."""
    nobody = OfficeRegister("", (), (), (), ())
    return RequestContext(agreement, nobody, at, 0, {}, 0, (), False, lambda _: {}, bytes, BOTH_SIDES, "")


def _header_findings(context: RequestContext, header: RequestHeader | None) -> list[RequestFinding]:
    """The header under the gate's own R rules, as if it were signed when it was made and received now."""
    if header is None:
        return []
    agreement = context.agreement
    signature = SignatureFacts("", header.created_at, context.at, agreement.certificate_policies)
    named = (agreement.id, agreement.version, agreement.digest)
    findings = list(judge_request(header, named, signature, context, only=HEADER_RULES))
    if header.office not in {office.id for office in agreement.signing_offices}:
        message = "the office that is to sign is not one the agreement names"
        findings.append(RequestFinding(ErrorCode.SIGNER_UNAUTHORISED, "R01", message, "name an office it names"))
    return findings


def _notes(agreement: Agreement, header: RequestHeader | None, offices: OfficeRegister | None) -> tuple[str, ...]:
    notes = [
        "questions asked in earlier requests (L14), open cases of officers (R12) and duties (R15) were not checked"
    ]
    if offices is None and agreement.rule("L12") is not None:
        notes.append("the roster of officers (L12) was not checked: no office register was given")
    if header is None:
        notes.append("the header was not checked: none was given")
    return tuple(notes)


def _finding(ids: dict[Ordinal, str], judged: ReturnedLine | ReferredLine) -> LintFinding:
    return LintFinding(judged.ordinal, ids[judged.ordinal], judged.code, judged.field_name, judged.message)


def _finding_json(one: LintFinding) -> dict[str, str]:
    return {"line_id": one.line_id, "code": one.code.value, "field": one.field, "message": one.message}
