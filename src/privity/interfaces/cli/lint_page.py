"""The page of `request lint`: what would go back, how often, what to mend, and which lines. No supplied value but ids.

For the requester's own desk: the gate names lines by number alone. Long tables are cut, and say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.etree.ElementTree import Element

from privity.domain.errors import ErrorCode
from privity.domain.mending import MEND
from privity.domain.request import RequestFinding
from privity.interfaces.cli.page_elements import PAGE_STYLE, document, element, scrolling, table
from privity.services.requester.lint_request import LintFinding, LintReport

MOST_ROWS: Final = 1_000  # of a table of lines; a browser lays out more only slowly


def lint_page(report: LintReport, *, agreement: str, software: str, judged_at: str) -> str:
    """The page as text. `agreement`: id and version in words."""
    title = "Pre-flight of a request"
    about = [
        ("agreement", agreement),
        ("judged at", judged_at),
        ("software", software),
        ("lines", f"{report.lines:,}"),
        ("lines that would go back", f"{report.returned:,}"),
        ("lines that would wait for a human", f"{report.referred:,}"),
    ]
    body = [element("h1", title), _verdict(report), _words(table("What was judged", ("", "value"), about))]
    body += _whole(report.request_findings)
    body += _by_code(report.codes, report.lines)
    body += _lines("Lines that would go back", report.findings)
    body += _lines("Lines that would wait for a human", report.referrals)
    body += [element("h2", "What could not be checked here"), element("ul", *(element("li", n) for n in report.notes))]
    body.append(element("p", "Nothing was looked up: this page depends on the file and the agreement alone."))
    return document(title, PAGE_STYLE, body)


def _verdict(report: LintReport) -> Element:
    if report.request_findings:
        words = "The whole request would go back."
    elif report.returned:
        words = f"{report.returned:,} of {report.lines:,} lines would go back."
    else:
        return element("p", "Nothing would go back.", class_="verdict")
    return element("p", words, class_="verdict bad")


def _whole(findings: Sequence[RequestFinding]) -> list[Element]:
    if not findings:
        return []
    rows = [(one.code.value, one.rule, one.message, one.mend) for one in findings]
    found = table("Findings on the whole request", ("code", "rule", "finding", "what to mend"), rows)
    return [element("h2", "The whole request"), _words(found)]


def _by_code(codes: dict[str, int], lines: int) -> list[Element]:
    if not codes:
        return []
    ordered = sorted(codes.items(), key=lambda one: (-one[1], one[0]))
    rows = [(code, f"{count:,}", f"{100 * count / lines:.1f} %", MEND[ErrorCode(code)]) for code, count in ordered]
    found = table("Lines by code", ("code", "lines", "of all", "what to mend"), rows)
    return [element("h2", "What to mend"), _words(found)]


def _lines(title: str, findings: Sequence[LintFinding]) -> list[Element]:
    if not findings:
        return []
    shown = findings[:MOST_ROWS]
    rows = [(f"{one.ordinal:,}", one.line_id, one.code.value, one.field, one.message) for one in shown]
    parts = [element("h2", title)]
    if len(findings) > len(shown):
        words = f"The first {len(shown):,} of {len(findings):,} lines; all of them with --json."
        parts.append(element("p", words))
    return [*parts, _words(table(title, ("line", "line id", "code", "column", "what is wrong"), rows))]


def _words(found: Element) -> Element:
    found.set("class", "words")
    return scrolling(found)
