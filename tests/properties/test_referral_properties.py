"""Properties of admitting lines that waited (L16): nobody else is let in, nothing skips a rule, order says nothing."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from privity.domain.request import AdmittedLine, LineJudgement, ReferredLine, RequestLine, SuppliedName
from privity.policy.admission import judge_alone, line_terms, roster_ids
from privity.policy.admission.judge import judge_file
from tests.builders.admission import address, context, header, line

CONTEXT, HEADER = context(), header()
QUICK = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
COUNTER, ABROAD = address("General Delivery||Dallas|TX|75201"), address("Calle 5 No 12||Monterrey|Mexico|64000")
SHARED, UNKNOWN = address("742 Elm St||Dallas|TX|75201"), address("Unknown||Dallas|TX|75201")
NUMBERS = range(1, 25)

# What each line of a file is: plain, one that waits, one of very many at one address, bad, or another question about
# the person of line 1.
kinds = st.lists(st.sampled_from(["plain", "counter", "abroad", "shared", "bad", "again"]), min_size=24, max_size=24)
chosen = st.sets(st.sampled_from(NUMBERS))


def made(number: int, kind: str) -> RequestLine:
    if kind == "again":
        same = {"name": SuppliedName("Maria", "", "Solbalbalbalcem"), "case_id": "A200007"}
        return line(number, address=COUNTER, **same)  # the case of line 1, at a counter
    where = {"counter": COUNTER, "abroad": ABROAD, "shared": SHARED, "bad": UNKNOWN}.get(kind)
    return line(number, **({} if where is None else {"address": where}))


def judged(lines: list[RequestLine], waived: set[int] = frozenset()) -> dict[int, LineJudgement]:  # type: ignore[assignment]
    terms = line_terms(HEADER, CONTEXT, frozenset(roster_ids(CONTEXT)), frozenset(waived))
    return {one.ordinal: one for one in judge_file(lines, terms).judgements}


def admitted(found: dict[int, LineJudgement]) -> set[int]:
    return {ordinal for ordinal, one in found.items() if isinstance(one, AdmittedLine)}


@QUICK
@given(kinds, chosen)
def test_admitting_a_line_that_waited_lets_nobody_else_in(each: list[str], waived: set[int]) -> None:
    lines = [made(number, kind) for number, kind in zip(NUMBERS, each, strict=True)]
    before, after = judged(lines), judged(lines, waived)
    assert admitted(after) - waived <= admitted(before)
    assert set(after) == set(before) == set(NUMBERS)


@QUICK
@given(kinds, chosen)
def test_only_a_line_that_waited_gains_by_it_and_only_with_a_point(each: list[str], waived: set[int]) -> None:
    lines = [made(number, kind) for number, kind in zip(NUMBERS, each, strict=True)]
    before, after = judged(lines), judged(lines, waived)
    for ordinal in admitted(after) - admitted(before):
        assert isinstance(before[ordinal], ReferredLine)
        assert each[ordinal - 1] != "abroad"
    for ordinal in waived:  # what is left to wait of them has no point
        assert not isinstance(after[ordinal], ReferredLine) or each[ordinal - 1] == "abroad"


@QUICK
@given(kinds, chosen)
def test_an_admitted_line_is_what_the_line_rules_alone_make_of_it(each: list[str], waived: set[int]) -> None:
    lines = [made(number, kind) for number, kind in zip(NUMBERS, each, strict=True)]
    after = judged(lines, waived)
    alone = {
        one.ordinal: one
        for one in judge_alone(lines, line_terms(HEADER, CONTEXT, frozenset(roster_ids(CONTEXT)), frozenset(waived)))
    }
    assert all(alone[ordinal] == after[ordinal] for ordinal in admitted(after))


@QUICK
@given(kinds, chosen, st.permutations(list(NUMBERS)))
def test_the_order_of_lines_says_nothing(each: list[str], waived: set[int], order: list[int]) -> None:
    lines = {number: made(number, kind) for number, kind in zip(NUMBERS, each, strict=True)}
    assert judged(list(lines.values()), waived) == judged([lines[number] for number in order], waived)


def test_the_second_question_about_a_person_sends_both_back_once_it_waits_no_more() -> None:
    lines = [made(1, "plain"), made(2, "again")]
    assert admitted(judged(lines)) == {1}
    assert admitted(judged(lines, {2})) == set()
