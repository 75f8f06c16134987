"""The grades of agreement between two names, one row each."""

from __future__ import annotations

from importlib.resources import files

import pytest

from privity.matching.edits import one_edit
from privity.matching.names_agree import Agreement, NameGrade, grade_names, middle_agreement, names_alike
from privity.matching.person_record import PersonAtPoint, RecordedName
from privity.normalise.names import is_known_given_name, is_misspelling, name_in_full
from tests.builders.matched_people import name

G = NameGrade


@pytest.mark.parametrize(
    ("asked", "record", "grade"),
    [
        ("JOHN SMITH", "JOHN SMITH", G.EQUAL),
        ("ANA GARCIA-LOPEZ", "ANA LOPEZ-GARCIA", G.EQUAL),
        ("ANA GARCIALOPEZ", "ANA GARCIA-LOPEZ", G.EQUAL),
        ("MARY ANN LEE", "MARY LEE", G.EQUAL),
        ("ANA GARCIA", "ANA GARCIA-LOPEZ", G.DOUBLE_SURNAME),
        ("ANA LOPEZ-GARCIA", "ANA LOPEZ", G.DOUBLE_SURNAME),
        ("ANA GARCIA-LOPEZ", "ANA GARCIA-PEREZ", G.LOOSE),
        ("ANA GARCIA-LOPEZ", "ANA GARCIA-LOPEX", G.SURNAME_TYPO),
        ("JOHN SMIHT", "JOHN SMITH", G.SURNAME_TYPO),
        ("JOHN SMYTH", "JOHN SMITH", G.LOOSE),  # two frequent surnames
        ("MICHAEL RICE", "MICHAEL PRICE", G.LOOSE),
        ("ANA RICE-BAKER", "ANA PRICE-BAKER", G.LOOSE),
        ("JOHN LE", "JOHN LEE", G.NONE),  # too short to be a misspelling
        ("JOHQ SMITH", "JOHN SMITH", G.GIVEN_TYPO),
        ("MARIO GARCIA", "MARIA GARCIA", G.LOOSE),  # two known names: two people
        ("JOHNATHAN SMITH", "JOHN SMITH", G.LOOSE),
        ("J SMITH", "JOHN SMITH", G.LOOSE),
        ("JOHQ SMYTH", "JOHN SMITH", G.LOOSE),  # weak with weak
        ("MICHAEL SMITH", "JOHN MICHAEL SMITH", G.LOOSE),
        ("PETER SMITH", "JOHN SMITH", G.NONE),
        ("JOHN SMITH", "JOHN BAKER", G.NONE),
    ],
)
def test_grade(asked: str, record: str, grade: NameGrade) -> None:
    assert grade_names(name(asked), name(record)) is grade


@pytest.mark.parametrize(
    ("asked", "record", "agreement"),
    [
        ("JOHN A SMITH", "JOHN ANDREW SMITH", Agreement.AGREE),
        ("JOHN A SMITH", "JOHN B SMITH", Agreement.CONFLICT),
        ("JOHN ANDREW SMITH", "JOHN ARTHUR SMITH", Agreement.CONFLICT),
        ("JOHN SMITH", "JOHN B SMITH", Agreement.SILENT),
        ("JOHN A B SMITH", "JOHN A SMITH", Agreement.AGREE),
        ("JOHN A B SMITH", "JOHN A C SMITH", Agreement.CONFLICT),
        ("JOHN ANDREWW SMITH", "JOHN ANDREW SMITH", Agreement.AGREE),
    ],
)
def test_middle(asked: str, record: str, agreement: Agreement) -> None:
    assert middle_agreement(name(asked), name(record)) is agreement
    assert middle_agreement(name(record), name(asked)) is agreement


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MARIA", "MARIO"), ("JOHN", "JOHNATHAN"), ("DANIEL", "DANIELA"), ("ERIC", "ERICA"), ("SARA", "SARAH"),
        ("MICHEAL", "MICHELE"), ("CHRISTINA", "CHRISTINE"), ("AMBER", "AKBER"), ("NANCY", "LANCY"), ("JOHN", "JOHAN"),
        ("MARC", "MARK"), ("BRIAN", "BRYAN"), ("ADRIANA", "ARIANA"), ("KAREN", "KARN"),
    ],
)  # fmt: skip
def test_two_names_in_their_own_right_are_never_a_typing_error(one: str, other: str) -> None:
    for asked, record in ((one, other), (other, one)):
        assert grade_names(name(f"{asked} SMITH"), name(f"{record} SMITH")) in {G.LOOSE, G.NONE, G.NICKNAME}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CRISPINO", "CRISPINA"), ("ABELARDO", "ABELARDA"), ("YESENIA", "YESENIO"), ("DAGOBERTO", "DAGOBERTA"),
        ("WALEED", "WALEEDA"), ("ARNOLD", "ARNOLDA"), ("VALENTINI", "VALENTINE"), ("ZBIGNIEW", "ZBIGNIEWO"),
    ],
)  # fmt: skip
def test_a_brother_and_a_sister_are_no_typing_error_though_no_list_holds_both(one: str, other: str) -> None:
    assert not (is_known_given_name(one) and is_known_given_name(other))
    for asked, record in ((one, other), (other, one)):
        assert grade_names(name(f"{asked} QUIROGA"), name(f"{record} QUIROGA")) is G.LOOSE


@pytest.mark.parametrize("misspelt", ["CRISPNO", "CRISPION", "CRISPINOP", "CRISPIN0", "CRYSPINO", "CRISPINP"])
def test_another_slip_is_a_typing_error_wherever_it_stands(misspelt: str) -> None:
    assert grade_names(name(f"{misspelt} QUIROGA"), name("CRISPINO QUIROGA")) is G.GIVEN_TYPO


@pytest.mark.parametrize(
    ("misspelt", "true"),
    [("JOHSUA", "JOSHUA"), ("ELIZABITH", "ELIZABETH"), ("CATHERNE", "CATHERINE"), ("SAMANTHIA", "SAMANTHA")],
)
def test_a_listed_misspelling_is_a_typing_error_of_its_name_alone(misspelt: str, true: str) -> None:
    assert is_known_given_name(misspelt)
    assert is_misspelling(misspelt, true)
    assert not is_misspelling(true, misspelt)
    assert grade_names(name(f"{misspelt} SMITH"), name(f"{true} SMITH")) is G.GIVEN_TYPO
    assert grade_names(name(f"{true} SMITH"), name(f"{misspelt} SMITH")) is G.GIVEN_TYPO


@pytest.mark.parametrize(
    ("asked", "record"),
    [("CAROLS", "CARLOS"), ("CARLAS", "CARLOS"), ("RICARD", "RICHARD"), ("JOSEH", "JOSEPH"), ("DANUEL", "DANIEL"),
     ("PHYLLIP", "PHILLIP"), ("FRANCIES", "FRANCES"), ("DANIEAL", "DANIEL")],
)  # fmt: skip
def test_a_word_that_may_be_a_second_name_is_no_typing_error_of_the_first(asked: str, record: str) -> None:
    assert not is_misspelling(asked, record)
    assert grade_names(name(f"{asked} BAKER"), name(f"{record} BAKER")) is G.LOOSE


def test_the_list_of_misspellings_keeps_its_thresholds() -> None:
    """Six letters or more, first and last letter the same, one slip: whatever the counts, sexes and languages differ
    at the ends of a name."""
    rows = files("privity.normalise").joinpath("data/misspelt_given_names.txt").read_text(encoding="ascii").splitlines()
    assert 300 < len(rows) < 2_000
    for misspelt, *names in (row.split() for row in rows):
        for true in names:
            assert len(true) >= 6
            assert (misspelt[0], misspelt[-1]) == (true[0], true[-1])
            assert one_edit(misspelt, true)
            assert not is_misspelling(true, misspelt)


def test_nickname_groups_are_sound() -> None:
    """A short form never stands for itself, and every full name stands first on one line alone."""
    rows = files("privity.normalise").joinpath("data/nicknames.txt").read_text(encoding="ascii").splitlines()
    full = [row.partition(":")[0] for row in rows]
    assert len(full) == len(set(full)) > 400
    for row in rows:
        name_, _, short = row.partition(":")
        for form in short.replace("*", "").split():
            assert form != name_
            assert name_in_full(form, name_) == name_in_full(name_, form) != ""


def test_looking_at_the_ends_of_given_names_first_leaves_out_nobody_whose_name_agrees() -> None:
    """Every given name below against every other, with middle names that are or hold the other's given name."""
    given = [
        "WILLIAM",
        "BOB",
        "ROBERT",
        "BILL",
        "LIAM",
        "J",
        "JO",
        "JOHN",
        "NOHJ",
        "MARIA",
        "AIRAM",
        "ANN",
        "ALEXANDRA",
        "SANDRA",
        "XAN",
        "HENRY",
        "HANK",
        "CHRISTOPHER",
        "KIT",
        "AMBER",
        "RAMBE",
        "LEE",
        "EEL",
    ]
    given += ["", "MARY ANN"]
    people = [
        RecordedName(first, middle, ("SMITH",))
        for first in given
        for middle in ("", "L", "LEE", "BOB", "KIT ANN", "XSANDRAX")
    ]
    bearers = [PersonAtPoint(bytes(16), one, ("", "", ""), (), 0, 0) for one in people]
    for asked in people:
        agreeing = [(one, grade_names(asked, one.name)) for one in bearers]
        assert names_alike(asked, bearers) == [(one, grade) for one, grade in agreeing if grade is not G.NONE]
