"""Makes a corrections file of an answer: the lines that went back, as the requester wrote them, and what to mend.

Works at the requester's own desk, on the requester's own files. With the agreement each line is linted again, which
names the column; the code stays the custodian's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from privity.domain.agreement import Agreement
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.mending import MEND
from privity.domain.request import RequestHeader
from privity.services.requester.lint_request import LintFinding, lint_request
from privity.wire.corrections_format import Comment, ReturnedRow, read_returned, write_corrections
from privity.wire.request_format import Rows, lines_of, read_rows
from privity.wire.response_format import fits_line_id


@dataclass(frozen=True, slots=True)
class Corrections:
    """The file, and how many lines went back by code."""

    lines: int
    codes: Mapping[str, int]
    csv: bytes


def correct_request(  # noqa: PLR0917 - each argument is one document or fact
    lines: bytes,
    file_format: str,
    answer: bytes,
    agreement: Agreement | None,
    header: RequestHeader | None,
    at: datetime,
) -> Corrections:
    """Join the opened answer with the lines as they were sent.

    `answer`: the CSV that `response open` wrote for the signatory. Raises PrivityError FORMAT_INVALID (no such files,
    or an answer to other lines), USAGE (nothing went back).
    """
    returned = read_returned(answer)
    if not returned:
        raise PrivityError(ErrorCode.USAGE, "no line of this answer went back", "There is nothing to correct.")
    found = _lint(lines, file_format, agreement, header, at)
    about = {ordinal: _comment(row.code, found.get(ordinal)) for ordinal, row in returned.items()}
    met: set[int] = set()
    csv = write_corrections(_checked(lines, file_format, returned, met), about.get)
    if met != set(returned):
        raise _other_lines()
    codes = Counter(row.code.value for row in returned.values())
    return Corrections(len(returned), dict(sorted(codes.items())), csv)


def _lint(
    lines: bytes, file_format: str, agreement: Agreement | None, header: RequestHeader | None, at: datetime
) -> dict[int, LintFinding]:
    if agreement is None:
        return {}
    report = lint_request(lines, file_format, agreement, header, None, at)
    return {one.ordinal: one for one in (*report.findings, *report.referrals)}


def _comment(code: ErrorCode, found: LintFinding | None) -> Comment:
    """Column and reason only where lint finds what the custodian found."""
    same = found is not None and found.code is code
    column, because = (found.field, found.message) if found is not None and same else ("", "")
    return Comment(code.value, column, because, MEND.get(code, ""))


def _checked(lines: bytes, file_format: str, returned: Mapping[int, ReturnedRow], met: set[int]) -> Iterator[Rows]:
    """The batches; every returned line is held to its line id, so that no answer is joined to another file."""
    for batch in read_rows(lines, file_format):
        ordinals = [one for one in range(batch.first, batch.first + len(batch.rows)) if one in returned]
        if ordinals:
            ids = {int(line.ordinal): line.content.reveal().line_id for line in lines_of(batch)}
            for ordinal in ordinals:
                told = returned[ordinal].line_id
                if told != (ids[ordinal] if fits_line_id(ids[ordinal]) else ""):
                    raise _other_lines()
            met.update(ordinals)
        yield batch


def _other_lines() -> PrivityError:
    return PrivityError(
        ErrorCode.FORMAT_INVALID,
        "the answer and the lines do not belong together: ids differ, or lines are missing",
        "Give the file of lines exactly as it was packed.",
    )
