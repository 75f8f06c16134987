"""The levels of the policy `extended`: each confirms what it says, and nobody where another could be meant."""

from __future__ import annotations

from importlib.resources import files
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.census_names import TABLE
from privity.domain.match_policies import POLICY_LEVELS
from privity.matching.decide import AskedPerson, Gate, Place, Verdict, decide
from privity.matching.levels import LEVELS, POLICIES, Reach
from privity.matching.names_agree import is_relative_alike, is_sole_nickname
from privity.matching.person_record import PersonAtPoint
from privity.matching.short_forms import FORMS_OF_ONE_NAME, PET_FORMS
from privity.normalise.names import name_in_full, other_forms
from tests.builders.matched_people import MAIN, asked, name, person, verdict

EXTENDED = POLICIES["extended"]
JOHN = person("john", "JOHN A SMITH")
OTHER_WAY = ("S", "ST", "")


def zip_verdict(question: AskedPerson, *places: tuple[Reach, list[PersonAtPoint]]) -> Verdict:
    return decide(question, [Place(reach, persons) for reach, persons in places], EXTENDED)


def test_extended_is_more_than_standard_and_every_level_can_be_left_out() -> None:
    assert set(POLICY_LEVELS["extended"]) - set(POLICY_LEVELS["standard"]) == {"zip_digit", "nickname"}
    assert set(LEVELS) == set(POLICY_LEVELS["extended"])
    assert all(level.meaning.endswith(".") for level in LEVELS.values())


def test_one_place_in_another_zip_of_the_city_confirms() -> None:
    found = zip_verdict(asked("JOHN A SMITH"), (Reach.ZIP, [JOHN]))
    assert (found.level, found.reference) == ("zip_digit", JOHN.reference)
    for policy in ("exact", "standard"):
        assert not verdict(asked("JOHN A SMITH"), JOHN, reach=Reach.ZIP, policy=policy).level


@pytest.mark.parametrize(
    ("who", "face", "gate"),
    [
        ("JOHN A SMYTH", MAIN, Gate.NAME),
        ("JOHQ A SMITH", MAIN, Gate.NAME),
        ("JACK A SMITH", MAIN, Gate.NAME),
        ("JOHN B SMITH", MAIN, Gate.VETO),
        ("JOHN A SMITH, JR", MAIN, Gate.VETO),
        ("JOHN A SMITH", ("", "", ""), Gate.NAME),  # an open face
        ("JOHN A SMITH", OTHER_WAY, Gate.FACE),
    ],
)
def test_a_wrong_zip_bears_no_other_weakness(who: str, face: tuple[str, str, str], gate: Gate) -> None:
    found = zip_verdict(asked(who, face=face), (Reach.ZIP, [JOHN]))
    assert (found.level, found.gate) == ("", gate)


@pytest.mark.parametrize("other", [Reach.ZIP, Reach.CITY])
@pytest.mark.parametrize("face", [MAIN, ("", "", "")])
def test_the_same_number_in_two_zips_of_the_city_never_confirms(other: Reach, face: tuple[str, str, str]) -> None:
    stranger = person("ann", "ANN LEE", face=face)
    found = zip_verdict(asked("JOHN A SMITH"), (Reach.ZIP, [JOHN]), (other, [stranger]))
    assert (found.level, found.gate) == ("", Gate.ZIP_AMBIGUOUS)


def test_another_face_in_another_zip_is_another_place() -> None:
    stranger = person("ann", "ANN LEE", face=OTHER_WAY)
    assert zip_verdict(asked("JOHN A SMITH"), (Reach.ZIP, [JOHN]), (Reach.CITY, [stranger])).level == "zip_digit"


def test_a_zip_that_is_no_slip_away_never_confirms() -> None:
    assert not zip_verdict(asked("JOHN A SMITH"), (Reach.CITY, [JOHN])).level


def test_a_wrong_zip_and_a_misspelt_street_speak_against_each_other() -> None:
    namesake = person("two", "JOHN SMITH")
    found = zip_verdict(asked("JOHN A SMITH"), (Reach.ZIP, [JOHN]), (Reach.STREET, [namesake]))
    assert not found.level


def test_a_wrong_zip_is_off_at_a_crowded_point() -> None:
    crowd = [person(f"p{number}", f"PERSON{'ABCDEFGHIJKLMN'[number]} LEE") for number in range(13)]
    found = zip_verdict(asked("JOHN A SMITH"), (Reach.ZIP, [JOHN, *crowd]))
    assert (found.level, found.gate) == ("", Gate.CROWDED)


DAVID = "DAVID A SMITH"
SAME_NAME = {"BECKY", "JACQUELYN", "JIMMY", "RODGER", "RUSSEL"}  # the name itself, spelt or shortened otherwise


@pytest.mark.parametrize(
    ("who", "recorded"),
    [("DAVE A SMITH", DAVID), (DAVID, "DAVE A SMITH"), ("DAVE ALAN SMITH", DAVID), ("CHUY M DIAZ", "JESUS M DIAZ")],
)
def test_a_nickname_with_an_agreeing_middle_initial_confirms(who: str, recorded: str) -> None:
    found = verdict(asked(who), person("p", recorded), person("w", "MARY SMITH"), policy="extended")
    assert found.level == "nickname"
    assert not verdict(asked(who), person("p", recorded), policy="standard").level


@pytest.mark.parametrize(
    ("who", "recorded"),
    [
        ("DAVE SMITH", DAVID),  # no middle name typed
        ("DAVE A SMITH", "DAVID SMITH"),
        ("BOB A SMITH", "ROBERT A SMITH"),  # or ROBERTO
        ("PAT A SMITH", "PATRICIA A SMITH"),  # PAT may be PATRICK
        ("LIAM A SMITH", "WILLIAM A SMITH"),  # a name in its own right: father and son
        ("STEVE A SMITH", "STEVEN A SMITH"),  # or STEPHEN
        ("NATE A SMITH", "NATHAN A SMITH"),
    ],
)
def test_a_nickname_without_second_evidence_never_confirms(who: str, recorded: str) -> None:
    found = verdict(asked(who), person("p", recorded), policy="extended")
    assert (found.level, found.gate) == ("", Gate.EVIDENCE)
    sure = verdict(asked(who, identifier=7), person("p", recorded, identifier=7), policy="extended")
    assert sure.level == "nickname"
    assert not verdict(asked(who, identifier=7), person("p", recorded), policy="extended").level


@pytest.mark.parametrize(
    ("who", "recorded"),
    [("BOB SMITH", "ROBERT A SMITH"), ("STEVEN SMITH", "STEVE SMITH"), ("TIM SMITH", "TIMOTHY SMITH")],
)
def test_a_form_of_one_name_alone_confirms_on_a_birth_date(who: str, recorded: str) -> None:
    born = {"birth_day": 700_000}
    assert verdict(asked(who, **born), person("p", recorded, **born), policy="extended").level == "nickname"
    for other in ({}, {"birth_day": 700_001}):
        assert not verdict(asked(who, **born), person("p", recorded, **other), policy="extended").level


def test_an_unrecorded_twin_is_never_taken_for_the_recorded_one() -> None:
    """Two names with one short form, one birth date and middle name: whoever is recorded, the form confirms neither.

    Over every pair of names of the list that share a form, unless they are one name in two spellings.
    """
    facts, tried = {"birth_day": 700_000}, 0
    for form, (one, other) in shared_forms():
        tried += 1
        for recorded in (one, other):
            for who, there in ((form, recorded), (recorded, form)):
                found = verdict(
                    asked(f"{who} ALAN SMITH", **facts), person("p", f"{there} ALAN SMITH", **facts), policy="extended"
                )
                assert found.level != "nickname", (form, recorded)
    assert tried > 300


def shared_forms() -> list[tuple[str, tuple[str, str]]]:
    """(short form, two names that it stands for), but for spellings of one name."""
    rows = files("privity.normalise").joinpath("data/nicknames.txt").read_text(encoding="ascii").splitlines()
    names_of: dict[str, list[str]] = {}
    for row in rows:
        full, _, forms = row.partition(":")
        for form in forms.replace("*", "").split():
            names_of.setdefault(form, []).append(full)
    one_name = list(FORMS_OF_ONE_NAME.values())
    return [
        (form, pair)
        for form, names in names_of.items()
        for pair in combinations(names, 2)
        if not any(set(pair) <= spellings for spellings in one_name)
    ]


def test_forms_of_one_name_are_those_of_the_list_of_nicknames() -> None:
    """What a form stands for is written down twice: a name added to the general list shows here that it is in doubt."""
    for form, names in FORMS_OF_ONE_NAME.items():
        assert names == {full for full in other_forms(form) if name_in_full(form, full) == full}, form
        assert form not in {name for some in FORMS_OF_ONE_NAME.values() for name in some}, form
    rows = files("privity.normalise").joinpath("data/nicknames.txt").read_text(encoding="ascii").splitlines()
    in_own_right = {(row.partition(":")[0], form) for row in rows for form in row.split() if form.endswith("*")}
    for form, names in PET_FORMS.items():
        assert not {(full, f"{form}*") for full in names} & in_own_right, form
        assert len(names) == 1


def test_no_pet_form_begins_another_frequent_name() -> None:
    """Against the Census's most frequent first names: none borne by one or more for each 20 begins with the form."""
    counts: dict[str, int] = {}
    for row in TABLE.read_text(encoding="ascii").splitlines():
        kind, given_name, count = row.split()
        if kind != "F":
            counts[given_name] = counts.get(given_name, 0) + int(count)
    for form, names in PET_FORMS.items():
        most = max(counts.get(full, 0) for full in names)
        begun = {other for other, count in counts.items() if other.startswith(form) and count * 20 >= most}
        assert begun - names - {form} <= SAME_NAME, form


def test_no_birth_date_outweighs_a_contradicting_identifier() -> None:
    found = verdict(
        asked("DAVE SMITH", birth_day=700_000, identifier=7),
        person("p", DAVID, birth_day=700_000, identifier=8),
        policy="extended",
    )
    assert (found.level, found.gate) == ("", Gate.VETO)


@pytest.mark.parametrize(
    "pair", [("MARC", "MARK"), ("CHRISTOPHER", "CHRISTINE"), ("BILL", "WILLIE"), ("MARIO", "MARIA")]
)
def test_names_that_share_a_third_are_no_nicknames(pair: tuple[str, str]) -> None:
    asked_name, recorded = (f"{given} A SMITH" for given in pair)
    assert not is_sole_nickname(name(asked_name), name(recorded))
    found = verdict(asked(asked_name, identifier=7), person("p", recorded, identifier=7), policy="extended")
    assert not found.level


@pytest.mark.parametrize("other", ["DIANA A SMITH", "DON SMITH", "DAVEY SMITH", "DAVID SMITH-LEE", "DAN SMYTH"])
def test_a_household_member_near_a_nickname_blocks_it(other: str) -> None:
    found = verdict(asked("DAVE A SMITH"), person("p", DAVID), person("o", other), policy="extended")
    assert not found.level
    assert is_relative_alike(name(other), (name("DAVE A SMITH"), name(DAVID)))


givens = st.sampled_from(["DAVID", "DAVE", "DAVEY", "DIANA", "DAVINA", "MARY", "ANN", "D", "M"])
families = st.sampled_from(["SMITH", "SMYTH", "LEE", "SMITH-LEE"])
others = st.builds(
    lambda number, given, family, when: person(f"x{number}", f"{given} {family}", when),
    st.integers(0, 9), givens, families, st.integers(1950, 2030),
)  # fmt: skip


@given(st.lists(others, max_size=5))
def test_whoever_else_was_there_a_nickname_means_one_person_alone(crowd: list[PersonAtPoint]) -> None:
    """Anybody else, in any period, of that family name whose given name begins alike or is a form of it: no answer."""
    found = verdict(asked("DAVE A SMITH"), person("p", DAVID), *crowd, policy="extended")
    if any(is_relative_alike(one.name, (name("DAVE A SMITH"), name(DAVID))) for one in crowd):
        assert found.level != "nickname"
    assert found.reference in (b"", person("p", DAVID).reference) or found.level == "exact"


@given(
    st.lists(st.tuples(st.sampled_from([Reach.ZIP, Reach.CITY]), st.lists(others, min_size=1, max_size=3)), max_size=3)
)
def test_however_many_places_a_wrong_zip_means_one_alone(more: list[tuple[Reach, list[PersonAtPoint]]]) -> None:
    found = zip_verdict(asked("JOHN A SMITH"), (Reach.ZIP, [JOHN]), *more)
    assert bool(found.level) is not bool(more)


@given(others)
def test_adding_a_place_never_confirms_anybody(stranger: PersonAtPoint) -> None:
    there = person("john", "JOHN A SMITH")
    before = zip_verdict(asked("JOHN A SMITH"), (Reach.CITY, [there]))
    after = zip_verdict(asked("JOHN A SMITH"), (Reach.CITY, [there]), (Reach.ZIP, [stranger]))
    assert not before.level
    assert not after.level
