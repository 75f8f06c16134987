"""How many request lines a second one core admits: `judge_lines` under the example agreement, no file, no register.

Run `python -m bench.admission [LINES]`. Input: seeded lines of the demonstration's writer (nine sound ones of ten
reformatted, split or on one line; the rest with a defect). Processor time is counted and the parser's threads are held
to one, so that other work on the machine matters little. Prints every run and the median of three.
"""

from __future__ import annotations

import csv
import io
import os
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

os.environ.setdefault("RAYON_NUM_THREADS", "1")

from demo.generate import LINE_COLUMNS, RequestWriter, Terms
from demo.people import populate
from privity.domain.agreement import Agreement
from privity.domain.offices import NamedOfficer, OfficeRegister
from privity.domain.personal import Personal
from privity.domain.request import RequestHeader, RequestId, RequestLine, ReturnedLine
from privity.policy.admission import RequestContext, judge_lines
from privity.policy.admission.context import parameter
from privity.services.collector_pause import collector_paused
from privity.wire.agreement_format import read_agreement
from privity.wire.request_format import read_lines

AGREEMENT = Path(__file__).parents[1] / "examples/agreements/tax-enforcement-2025.yaml"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SEED = 7
DEFECTIVE = 0.1
RUNS = 3


def seeded_lines(count: int, terms: Terms) -> list[RequestLine]:
    """`count` request lines as the wire reads them."""
    writer = RequestWriter(populate(max(count, 2_000), SEED, NOW.date()), terms, SEED, "A")
    writer.fill(count, DEFECTIVE)
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, LINE_COLUMNS)
    table.writeheader()
    table.writerows(writer.lines)
    return list(read_lines(text.getvalue().encode(), "csv"))


def facts(agreement: Agreement, officers: Sequence[str]) -> tuple[RequestHeader, RequestContext]:
    """A sound header, and a context without history."""
    since = NOW - timedelta(days=400)
    roster = tuple(NamedOfficer(one, agreement.requester.id, Personal(""), since, None, "") for one in officers)
    wanted = parameter(agreement, "L09", "attestations")
    header = RequestHeader(
        RequestId("bench"),
        agreement.id,
        agreement.version,
        agreement.requester.id,
        agreement.signing_offices[-1].id,
        "confirm_address",
        agreement.statutes,
        agreement.purposes[0],
        wanted if isinstance(wanted, tuple) else (),
        NOW - timedelta(days=1),
    )
    context = RequestContext(
        agreement=agreement,
        offices=OfficeRegister("", (), roster, (), ()),
        at=NOW,
        lines_this_year=0,
        open_cases={},
        overdue_duties=0,
        holds=(),
        seen_before=False,
        asked_before=lambda _: {},
        digest=lambda value: sha256(value).digest(),
        agreement_stopped="",
    )
    return header, context


def main() -> None:
    """Print lines a processor second, each run and the median."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    agreement = read_agreement(AGREEMENT.read_bytes(), source="bench")
    officers = [f"officer-{number}" for number in range(count // 40 + 1)]
    lines = seeded_lines(count, Terms(agreement.statutes, officers, NOW.date()))
    header, context = facts(agreement, officers)
    judge_lines(lines[:500], header, context)  # tables and parsers are loaded
    rates = []
    for run in range(1, RUNS + 1):
        start = time.process_time()
        with collector_paused():  # as the gate does
            admission = judge_lines(lines, header, context)
        rates.append(len(lines) / (time.process_time() - start))
        returned = sum(isinstance(one, ReturnedLine) for one in admission.judgements)
        print(f"run {run}: {len(lines):,} lines, {returned:,} returned, {rates[-1]:,.0f} lines a processor second")
    print(f"median: {statistics.median(rates):,.0f} lines a processor second, one core")


if __name__ == "__main__":
    main()
