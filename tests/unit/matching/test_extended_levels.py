"""The levels of the policy `extended`: each confirms what it says, and nobody where another could be meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privity.domain.match_policies import POLICY_LEVELS
from privity.matching.decide import AskedPerson, Gate, Place, Verdict, decide
from privity.matching.levels import LEVELS, POLICIES, Reach
from privity.matching.names_agree import is_relative_alike, is_sole_nickname
from privity.matching.person_record import PersonAtPoint
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
    for further in ({"identifier": 7}, {"birth_day": 700_000}):
        sure = verdict(asked(who, **further), person("p", recorded, **further), policy="extended")
        assert sure.level == "nickname"
        assert not verdict(asked(who, **further), person("p", recorded), policy="extended").level


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
