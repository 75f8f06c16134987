"""The decision: each level, each veto, each gate, one case each. False confirmations are unlawful disclosures."""

from __future__ import annotations

import pytest

from privity.domain.agreement import MatchPolicy
from privity.domain.errors import ErrorCode, PrivityError
from privity.matching.decide import Gate, Place, Verdict, decide
from privity.matching.levels import LEVELS, POLICIES, Reach
from tests.builders.matched_people import MAIN, YEAR, asked, person, verdict

NO_FACE = ("", "", "")
JOHN = person("john", "JOHN A SMITH")


def assert_no(found: Verdict, gate: Gate) -> None:
    assert (found.level, found.gate, found.reference) == ("", gate, b"")


def assert_yes(found: Verdict, level: str, ref: str) -> None:
    assert (found.level, found.gate, found.reference.rstrip(b".")) == (level, Gate.NONE, ref.encode())


@pytest.mark.parametrize("policy", ["exact", "standard", "extended"])
def test_equal_name_and_address_in_the_period_is_confirmed(policy: str) -> None:
    assert_yes(verdict(asked("JOHN SMITH"), JOHN, policy=policy), "exact", "john")


@pytest.mark.parametrize(
    ("level", "who", "face", "near"),
    [
        ("face_open", "JOHN SMITH", NO_FACE, False),
        ("double_surname", "JOHN SMITH-BAKER", MAIN, False),
        ("surname_typo", "JOHN SMIHT", MAIN, False),
        ("given_typo", "JOHQ SMITH", MAIN, False),
        ("street_typo", "JOHN SMITH", MAIN, True),
    ],
)
def test_each_level_confirms_under_standard_and_not_under_exact(
    level: str, who: str, face: tuple[str, str, str], near: bool
) -> None:
    assert_yes(verdict(asked(who, face=face), JOHN, near=near), level, "john")
    assert not verdict(asked(who, face=face), JOHN, near=near, policy="exact").level


@pytest.mark.parametrize(
    ("who", "face", "near"),
    [
        ("JOHN SMIHT", NO_FACE, False),
        ("JOHQ SMITH", NO_FACE, False),
        ("JOHN SMITH-BAKER", NO_FACE, False),
        ("JOHN SMIHT", MAIN, True),
        ("JOHQ SMITH", MAIN, True),
        ("JOHN SMITH", NO_FACE, True),
        ("JOHQ SMIHT", MAIN, False),
    ],
)
def test_weak_address_with_weak_name_never_confirms(who: str, face: tuple[str, str, str], near: bool) -> None:
    assert_no(verdict(asked(who, face=face), JOHN, near=near), Gate.NAME)


@pytest.mark.parametrize(
    ("who", "recorded"),
    [
        ("JOHN B SMITH", "JOHN A SMITH"),
        ("JOHN SMITH, JR", "JOHN SMITH, SR"),
        ("JOHN SMITH, JR", "JOHN SMITH"),
        ("JOHN SMITH", "JOHN SMITH, JR"),
    ],
)
def test_middle_and_generation_veto(who: str, recorded: str) -> None:
    assert_no(verdict(asked(who), person("p", recorded)), Gate.VETO)


def test_identifier_and_birth_date_veto() -> None:
    record = person("p", "JOHN SMITH", identifier=7, birth_day=700_000)
    assert_no(verdict(asked("JOHN SMITH", identifier=8), record), Gate.VETO)
    assert_no(verdict(asked("JOHN SMITH", birth_day=700_001), record), Gate.VETO)
    assert_yes(verdict(asked("JOHN SMITH", identifier=7, birth_day=700_000), record), "exact", "p")
    assert_yes(verdict(asked("JOHN SMITH", identifier=7), person("p", "JOHN SMITH")), "exact", "p")


def test_an_identifier_conflict_is_ignored_only_where_the_agreement_says_so() -> None:
    lenient = MatchPolicy("exact", ("exact",), identifier_must_agree=False)
    record = Place(Reach.HERE, [person("p", "JOHN SMITH", identifier=7)])
    assert decide(asked("JOHN SMITH", identifier=8), [record], lenient).level == "exact"


def test_another_directional_or_suffix_is_another_place() -> None:
    assert_no(verdict(asked("JOHN SMITH", face=("S", "ST", "")), JOHN), Gate.FACE)
    assert_no(verdict(asked("JOHN SMITH", face=("N", "AVE", "")), JOHN), Gate.FACE)


def test_a_missing_directional_that_fits_two_places_is_ambiguous() -> None:
    """123 MAIN ST, where 123 N MAIN ST and 123 S MAIN ST both exist, says not which."""
    south = person("mary", "MARY JONES", face=("S", "ST", ""))
    assert_no(verdict(asked("JOHN SMITH", face=("", "ST", "")), JOHN, south), Gate.FACE_AMBIGUOUS)
    assert_yes(verdict(asked("JOHN SMITH"), JOHN, south), "exact", "john")


def test_the_period_counts_and_every_asked_period() -> None:
    moved = person("p", "JOHN SMITH", 2020, 2021)
    assert_no(verdict(asked("JOHN SMITH", 2022), moved), Gate.PERIOD)
    assert_no(verdict(asked("JOHN SMITH", 2021, 2022), moved), Gate.PERIOD)
    assert_yes(verdict(asked("JOHN SMITH", 2020, 2021), moved), "exact", "p")


def test_two_persons_in_two_periods_are_not_one_person_in_both() -> None:
    father, son = person("f", "JOHN SMITH", 2020), person("s", "JOHN SMITH", 2021)
    assert_no(verdict(asked("JOHN SMITH", 2020, 2021), father, son), Gate.SEVERAL)


def test_two_rows_of_one_person_cover_two_periods_together() -> None:
    first, second = person("p", "ANA GARCIA", 2020), person("p", "ANA GARCIA-LOPEZ", 2021)
    assert_yes(verdict(asked("ANA GARCIA", 2020, 2021), first, second), "double_surname", "p")


def test_two_agreeing_persons_confirm_nobody() -> None:
    assert_no(verdict(asked("JOHN SMITH"), JOHN, person("other", "JOHN SMITH")), Gate.SEVERAL)


@pytest.mark.parametrize("rival", ["JOHN SMITH", "JOHN SMYTH", "JOHN SMIHT", "J SMITH", "JOHQ SMITH", "JOHN SMITH, JR"])
def test_a_same_named_relative_in_any_period_is_a_rival(rival: str) -> None:
    found = verdict(asked("JOHN SMITH"), person("p", "JOHN SMITH"), person("other", rival, 1999))
    assert_no(found, Gate.RIVAL)
    assert found.rivals == 1


def test_another_known_name_is_another_person_where_the_asked_name_is_exact() -> None:
    who, other = "JOHN SMITH", "JOHNATHAN SMITH"
    assert_yes(verdict(asked(who), person("p", who), person("other", other)), "exact", "p")
    assert_no(verdict(asked(who), person("p", other)), Gate.NAME)
    assert_no(verdict(asked(who), person("p", who), person("other", other), near=True), Gate.RIVAL)


@pytest.mark.parametrize(("who", "other"), [("MARIA GARCIA", "MARIO GARCIA"), ("ANN DELUCIA", "ANNA DELUCIA")])
def test_a_known_name_one_edit_away_is_a_rival_and_no_misspelling(who: str, other: str) -> None:
    """Whoever meant Anna may have written Ann, who lives there too."""
    assert_no(verdict(asked(who), person("p", who), person("other", other)), Gate.RIVAL)
    assert_no(verdict(asked(who), person("p", other)), Gate.NAME)
    assert_yes(verdict(asked(who), person("p", who), person("other", "PETER GARCIA")), "exact", "p")


def test_a_stated_fact_tells_a_rival_apart() -> None:
    father, son = person("f", "JOHN SMITH, SR"), person("s", "JOHN SMITH, JR")
    assert_yes(verdict(asked("JOHN SMITH, JR"), father, son), "exact", "s")
    assert_no(verdict(asked("JOHN SMITH"), father, son), Gate.VETO)
    one, two = person("a", "JOHN A SMITH"), person("b", "JOHN B SMITH")
    assert_yes(verdict(asked("JOHN A SMITH"), one, two), "exact", "a")
    assert_no(verdict(asked("JOHN SMITH"), one, two), Gate.SEVERAL)
    assert_no(verdict(asked("JOHN A SMITH"), person("a", "JOHN SMITH"), two), Gate.RIVAL)
    old, young = person("o", "JOHN SMITH", birth_day=1), person("y", "JOHN SMITH", birth_day=2)
    assert_yes(verdict(asked("JOHN SMITH", birth_day=2), old, young), "exact", "y")


def test_one_edit_levels_are_off_at_crowded_points() -> None:
    """DAVID WILIS is not DAVID WILLIS among hundreds."""
    crowd = [person(f"n{number}", f"{'ABCDEFGHIJKLM'[number]}BEL STRANGER") for number in range(12)]
    assert_no(verdict(asked("DAVID WILIS"), person("d", "DAVID WILLIS"), *crowd), Gate.CROWDED)
    assert_yes(verdict(asked("DAVID WILIS"), person("d", "DAVID WILLIS"), *crowd[:11]), "surname_typo", "d")
    assert_yes(verdict(asked("DAVID WILLIS"), person("d", "DAVID WILLIS"), *crowd), "exact", "d")


def test_several_rows_of_one_person_are_no_crowd() -> None:
    rows = [person("d", "DAVID WILLIS", year) for year in range(2000, 2025)]
    assert_yes(verdict(asked("DAVID WILIS"), *rows), "surname_typo", "d")


def test_withheld_looks_like_any_other_no() -> None:
    found = verdict(asked("JOHN SMITH"), JOHN, withheld="john")
    assert_no(found, Gate.WITHHELD)
    assert found.candidates == verdict(asked("PETER JONES"), JOHN).candidates


def test_nobody_at_the_point_and_a_doubtful_reading() -> None:
    assert_no(verdict(asked("JOHN SMITH")), Gate.POINT)
    assert_no(verdict(asked("JOHN SMITH", confirmable=False), JOHN), Gate.SECOND_OPINION)


def test_a_policy_names_known_levels_once() -> None:
    for levels in ((), ("exact", "exact"), ("exact", "score")):
        with pytest.raises(PrivityError) as problem:
            decide(asked("JOHN SMITH"), [], MatchPolicy("own", levels))
        assert problem.value.code is ErrorCode.AGREEMENT_INVALID


def test_every_level_has_a_meaning_in_words_and_policies_grow() -> None:
    assert all(len(level.meaning.split()) > 5 for level in LEVELS.values())
    assert set(POLICIES["exact"].levels) < set(POLICIES["standard"].levels) <= set(POLICIES["extended"].levels)


def test_no_personal_value_shows_when_printed() -> None:
    shown = f"{asked('JOHN SMITH')} {JOHN} {verdict(asked('JOHN SMITH'), JOHN)!r}"
    assert "SMITH" not in shown
    assert str(YEAR) not in shown
