"""Shortcuts of admission say what the plain definitions beside them say, on every text tried."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.normalise.addresses import second_opinion as quick
from privity.normalise.text import fold
from privity.policy.detect import reasons
from privity.policy.detect.folding import words_of
from privity.policy.detect.placeholders import says_nothing

TEXT = """
the defendant missed hearing 12 12th 3/4 May JUNE, (june) O'Brien o'brien ORTEGA ortega. A-77 a77 *** * # #4 - --
removal order officer N/A unknown casé x, ;; immigration enforcment investigaton flat landlord 2024-05-01
"""
WORDS = st.sampled_from(TEXT.split())
REASONS = st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=60)


def plainly_masked(reason: str, own: frozenset[str]) -> str:
    kept: list[str] = []
    for word in re.sub(r"\d+", "#", fold(reason)).replace("'", "").split():
        bare = word if word.isalpha() else word.strip('.,;:()"-/')
        if bare in reasons._MONTHS or (len(bare) > 1 and bare in own):
            bare = "*"
        elif "#" in bare:
            bare = "#"
        if bare and (not kept or kept[-1] != bare or bare not in ("*", "#")):
            kept.append(bare)
    return " ".join(kept)


def plainly_generic(reason: str) -> bool:
    words = words_of(reason)
    own = [word for word in words if len(word) > 1 and not word.isdigit() and not reasons._is_generic_word(word)]
    if len(own) < reasons.MINIMUM_OWN_WORDS or not any(len(word) > 3 for word in own):
        return True
    return says_nothing(reason, words)


@given(REASONS, st.lists(WORDS, max_size=6).map(" ".join))
@example("May 12 12 June ORTEGA ortega. removed", "Ortega")
def test_a_masked_reason_is_what_masking_word_by_word_gives(reason: str, own: str) -> None:
    words = words_of(own)
    assert reasons.masked(reason, words) == plainly_masked(reason, frozenset(words))


@given(REASONS)
def test_a_generic_reason_is_one_without_words_of_its_own(reason: str) -> None:
    assert reasons.is_generic(reason) == plainly_generic(reason)


def plainly_agrees(labels: dict[str, str], point: DeliveryPoint) -> tuple[bool, bool, bool]:
    """ZIP, number, unit as they were compared before any shortcut."""
    seen = re.findall(r"\b\d{5}(?=\b|\d{4})", labels.get("ZipCode", ""))
    number = quick._plain(labels.get("AddressNumber", "")).lstrip("0")
    parts = [labels.get(name, "") for name in ("AddressNumberPrefix", "AddressNumber", "AddressNumberSuffix")]
    ours = quick._plain(point.number)
    same = not number or quick.CARDINALS.get(number, number) == ours or quick._plain("".join(parts)).lstrip("0") == ours
    same = same or (" " in point.number and number == point.number.split(" ")[0])
    return not seen or point.zip5 in seen, same, plainly_same_unit(labels, point)


def plainly_same_unit(labels: dict[str, str], point: DeliveryPoint) -> bool:
    seen = " ".join(labels.get(name, "") for name in ("OccupancyIdentifier", "SubaddressIdentifier")).upper()
    if not seen.strip():
        return True
    tokens = quick._unit_tokens_in_order
    ours = set(tokens(point.unit)) | {"".join(tokens(unit)) for unit in point.unit.split("|")}
    ours |= {point.zip5, point.unit.rpartition(" ")[2], point.number}
    if quick.is_numbered_road(point.street):
        ours |= set(point.street.split())
    whole = quick._ZEROS.sub("", quick._plain(seen))
    return whole in ours or all(token in ours for token in set(tokens(seen)) if not token.isalpha() or len(token) < 3)


UNITS = st.sampled_from(["", "# 4", "# 29F", "APT 04", "# REAR", "BLDG 2|# 4", "FL 3", "# 0", "STE 100", "# A"])
CELLS = st.sampled_from(
    ["", "4", "29F", "04", "# 4", "#4", "rear", "2 4", "3RD", "third", "12", "012", "ONE", "12 1/2", "75201", "A", "#",
     "75201-4321", "75202", "100", "BLDG 2", "N", "12A"]
)  # fmt: skip
PARTS = ("AddressNumber", "AddressNumberPrefix", "AddressNumberSuffix", "OccupancyIdentifier", "SubaddressIdentifier")
LABELS = st.fixed_dictionaries({}, optional=dict.fromkeys((*PARTS, "ZipCode"), CELLS))
NUMBERS = st.sampled_from(["12", "1", "012", "12A", "12 1/2", "29F"])


@given(LABELS, NUMBERS, UNITS, st.sampled_from(["MAIN", "COUNTY ROAD 4", "STATE ROUTE 29F"]))
def test_a_second_opinion_agrees_by_the_same_measure(
    labels: dict[str, str], number: str, unit: str, street: str
) -> None:
    point = DeliveryPoint(PointKind.STREET, "75201", number, street, unit)
    found = quick._zip_agrees(labels, point), quick._number_agrees(labels, point), quick._unit_agrees(labels, point)
    assert found == plainly_agrees(labels, point)
