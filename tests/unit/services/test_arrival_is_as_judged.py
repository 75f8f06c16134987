"""A request judged chunk by chunk is the request judged whole: the same line, the same code, whichever rule is first.

The year is asked about while lines are still read (7.4 before 7.3 is done), so its place behind the file rules is held
here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

from privity.domain.request import AdmittedLine, LineContent, RequestId
from privity.policy.admission import RequestContext, judge_lines
from privity.services.admission.judge_arrival import ToJudge, _judge_lines
from privity.services.gate import quiet
from privity.wire.line_chunks import LineKind
from privity.wire.request_format import Rows, lines_of, read_rows
from tests.builders.admission import content, context, csv_of, digest, example_agreement, header, offices

LINES = 120


def contents() -> list[LineContent]:
    """Sound lines; some ask twice about a person, some share an id, some have defects of their own."""
    made = [content(number) for number in range(1, LINES + 1)]
    made[6] = replace(made[5], line_id="L-7", address=replace(made[5].address, address_line1="9 Oak Ave"))  # L14, 7.3
    made[31] = replace(made[31], line_id="L-31")  # the id of the line before: L15, 7.3
    made[50] = replace(made[50], officer="nobody")  # L12, 7.2
    return made


def busy_year(persons: Sequence[bytes]) -> Mapping[bytes, frozenset[bytes]]:
    """Three questions before about one person in four."""
    return {one: frozenset({b"a" * 16, b"b" * 16, b"c" * 16}) for one in persons if one[0] % 4 == 0}


def batches(size: int) -> Iterator[Rows]:
    (whole,) = read_rows(csv_of(contents()), "csv")
    return (Rows(whole.first + at, whole.columns, whole.rows[at : at + size]) for at in range(0, LINES, size))


def facts() -> RequestContext:
    agreement = example_agreement()
    rules = tuple(
        replace(rule, parameters={**rule.parameters, "over_percent": 100}) if rule.rule == "R13" else rule
        for rule in agreement.rules
    )
    return context(replace(agreement, rules=rules), asked_before=busy_year)


def test_the_file_speaks_before_the_year() -> None:
    whole = judge_lines([line for rows in batches(LINES) for line in lines_of(rows)], header(), facts())
    expected = [None if isinstance(one, AdmittedLine) else (one.code, one.message) for one in whole.judgements]
    gate = cast(Any, SimpleNamespace(keys=SimpleNamespace(probing_digest=digest)))
    for size in (LINES, 20, 7):
        rows = partial(batches, size)
        matter = ToJudge(RequestId("req-1"), header(), facts().agreement, offices(), LINES, rows)
        judged = _judge_lines(gate, matter, facts(), quiet, 1)
        found = [None if line.kind is LineKind.ADMITTED else (line.code, line.message) for line in judged.each_line()]
        assert found == expected
        assert judged.findings == whole.findings == ()
        assert judged.remembered is not None
        assert {(one.person, one.question) for one in judged.remembered.questions()} == set(whole.questions)
    messages = Counter(one[1] for one in expected if one)
    assert messages["more questions about one person than a year allows"] > 10
    assert messages["more than one question about one person in one request"] == 2
    assert messages["the same line id stands on more than one line"] == 2
