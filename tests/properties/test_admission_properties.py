"""Properties of admission over generated lines: total, deterministic, order-free, and stricter with every trick."""

from __future__ import annotations

import string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from privity.domain.request import AdmittedLine, RequestLine, ReturnedLine, SuppliedAddress, SuppliedName
from privity.policy.admission import admit_for_evaluation, judge_lines
from privity.policy.detect.lexicon import FILLER, TELLING
from privity.policy.detect.placeholders import is_placeholder
from tests.builders.admission import address, content, context, header, line

CONTEXT = context()
HEADER = header()
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

anything = st.text(max_size=60)
wild_line = st.builds(
    lambda name, where, periods, reason, case, identifier: line(
        1, name=name, address=where, periods=periods, reason=reason, case_id=case, identifier=identifier
    ),
    st.builds(SuppliedName, anything, anything, anything, anything, anything),
    st.builds(SuppliedAddress, anything, anything, anything, anything, anything, anything),
    anything,
    anything,
    anything,
    anything,
)


@QUICK
@given(wild_line)
def test_any_text_gets_one_judgement_and_no_exception(wild: RequestLine) -> None:
    assert len(judge_lines([wild], HEADER, CONTEXT).judgements) == 1
    assert len(admit_for_evaluation([wild])) == 1


@QUICK
@given(wild_line)
def test_what_is_admitted_under_an_agreement_has_passed_the_form_rules(wild: RequestLine) -> None:
    if isinstance(judge_lines([wild], HEADER, CONTEXT).judgements[0], AdmittedLine):
        assert isinstance(admit_for_evaluation([wild])[0], AdmittedLine)


@QUICK
@given(st.permutations(range(1, 9)), st.sets(st.integers(1, 8), max_size=4))
def test_the_order_of_lines_changes_no_judgement(order: list[int], bad: set[int]) -> None:
    unknown = address("Unknown||Dallas|TX|75201")

    def made(number: int) -> RequestLine:
        return line(number, **({"address": unknown} if number in bad else {}))

    judged = {one.ordinal: one for one in judge_lines([made(n) for n in range(1, 9)], HEADER, CONTEXT).judgements}
    again = judge_lines([made(n) for n in order], HEADER, CONTEXT).judgements
    assert [one.ordinal for one in again] == order
    assert all(judged[one.ordinal] == one for one in again)


@QUICK
@given(
    st.lists(st.sampled_from(sorted(TELLING)), min_size=1, max_size=3),
    st.lists(st.sampled_from(sorted(FILLER)), max_size=4),
    st.randoms(use_true_random=False),
    st.sampled_from([" ", "  ", ", ", "-", "_", ".", " / "]),
    st.sampled_from(["", " ", ".", "!!", "...", "*"]),
)
def test_phrases_of_placeholder_words_are_placeholders(
    telling: list[str], filler: list[str], order: object, gap: str, end: str
) -> None:
    words = telling + filler
    order.shuffle(words)  # type: ignore[attr-defined]
    text = gap.join(words)
    assert is_placeholder(text + end)
    assert is_placeholder(text.lower() + end)
    assert is_placeholder(f"{text.title()} {text}")


@QUICK
@given(
    st.integers(1, 99_999),
    st.text(alphabet=string.ascii_lowercase, min_size=4, max_size=10).filter(
        lambda word: any(vowel in word for vowel in "aeiou") and len(set(word)) > 3
    ),
    st.sampled_from(["St", "Ave", "Road", "Ln", "Blvd", "Ct", "Way", "Dr"]),
)
def test_a_number_an_invented_name_and_a_suffix_are_no_placeholder(number: int, word: str, suffix: str) -> None:
    text = f"{number} {word.title()} {suffix}"
    if word.upper() not in TELLING | FILLER and not is_placeholder(word):
        assert not is_placeholder(text)


@QUICK
@given(
    st.sampled_from(["given_name", "family_name", "address_line1", "city"]), st.integers(0, 0x10FFFF), st.integers(0, 3)
)
def test_a_character_outside_latin_text_never_passes(field: str, code: int, place: int) -> None:
    letter = chr(code)
    if (
        letter.isascii()
        or "\u00a0" <= letter <= "\u036f"
        or "\u1e00" <= letter <= "\u1eff"
        or letter in "‘’ʻʼ“”–—‐‑№⅓⅔⅛⅜⅝⅞"
    ):
        return
    good = content(1)
    texts = {
        "given_name": good.name.given_name,
        "family_name": good.name.family_name,
        "address_line1": good.address.address_line1,
        "city": good.address.city,
    }
    texts[field] = texts[field][:place] + letter + texts[field][place:]
    spoiled = line(
        1,
        name=SuppliedName(given_name=texts["given_name"], family_name=texts["family_name"]),
        address=SuppliedAddress(texts["address_line1"], "", texts["city"], "TX", "75201"),
    )
    judged = judge_lines([spoiled], HEADER, CONTEXT).judgements[0]
    assert isinstance(judged, ReturnedLine)
    assert judged.code == "LINE_MALFORMED"
