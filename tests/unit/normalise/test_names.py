"""Names: what agrees, what stays apart, what is refused, in both forms."""

from __future__ import annotations

import pytest

from privity.domain.request import SuppliedName
from privity.normalise.names import NAME_DEFECTS, is_known_given_name, read_name


def parts(supplied: SuppliedName) -> tuple[str, str, tuple[str, ...], str]:
    answer = read_name(supplied)
    assert answer.name is not None, answer.defects
    return (answer.name.given, answer.name.middle, answer.name.family, answer.name.generation)


COLUMNS = [
    (("John", "Q", "Public", ""), ("JOHN", "Q", ("PUBLIC",), "")),
    (("JOHN", "q.", "public", ""), ("JOHN", "Q", ("PUBLIC",), "")),
    (("José", "", "Núñez", ""), ("JOSE", "", ("NUNEZ",), "")),
    (("Jürgen", "", "Groß", ""), ("JURGEN", "", ("GROSS",), "")),
    (("John", "", "O'Brien", ""), ("JOHN", "", ("OBRIEN",), "")),
    (("John", "", "O’Brien", ""), ("JOHN", "", ("OBRIEN",), "")),
    (("John", "", "O Brien", ""), ("JOHN", "", ("OBRIEN",), "")),
    (("John", "", "Mc Donald", ""), ("JOHN", "", ("MCDONALD",), "")),
    (("Maria", "", "de la Cruz", ""), ("MARIA", "", ("DELACRUZ",), "")),
    (("Jan", "", "van der Berg", ""), ("JAN", "", ("VANDERBERG",), "")),
    (("John", "", "St. John", ""), ("JOHN", "", ("STJOHN",), "")),
    (("John", "", "Saint John", ""), ("JOHN", "", ("STJOHN",), "")),
    (("Sami", "", "Al-Hassan", ""), ("SAMI", "", ("ALHASSAN",), "")),
    (("Ana", "", "García-López", ""), ("ANA", "", ("GARCIA", "LOPEZ"), "")),
    (("Ana", "", "Garcia Lopez", ""), ("ANA", "", ("GARCIA", "LOPEZ"), "")),
    (("Ana", "", "García y López", ""), ("ANA", "", ("GARCIA", "LOPEZ"), "")),
    (("Ana", "", "Garcia de Lopez", ""), ("ANA", "", ("GARCIA", "DELOPEZ"), "")),
    (("Jean-Pierre", "", "Dupont", ""), ("JEAN", "PIERRE", ("DUPONT",), "")),
    (("Mary Ann", "", "Smith", ""), ("MARY", "ANN", ("SMITH",), "")),
    (("Mary", "Ann", "Smith", ""), ("MARY", "ANN", ("SMITH",), "")),
    (("De Andre", "", "Jackson", ""), ("DEANDRE", "", ("JACKSON",), "")),
    (("John", "", "Smith", "Jr."), ("JOHN", "", ("SMITH",), "JR")),
    (("John", "", "Smith Jr", ""), ("JOHN", "", ("SMITH",), "JR")),
    (("John Jr", "", "Smith", ""), ("JOHN", "", ("SMITH",), "JR")),
    (("John", "Jr", "Smith", ""), ("JOHN", "", ("SMITH",), "JR")),
    (("John", "", "Smith", "Senior"), ("JOHN", "", ("SMITH",), "SR")),
    (("John", "", "Smith", "2nd"), ("JOHN", "", ("SMITH",), "2")),
    (("John", "", "Smith II", ""), ("JOHN", "", ("SMITH",), "2")),
    (("John", "", "Smith", "IV"), ("JOHN", "", ("SMITH",), "4")),
    (("John", "", "Smith V", ""), ("JOHN", "", ("SMITH",), "5")),
    (("John", "V", "Smith", ""), ("JOHN", "V", ("SMITH",), "")),
    (("Junior", "", "Smith", ""), ("JUNIOR", "", ("SMITH",), "")),
    (("John", "NMN", "Smith", ""), ("JOHN", "", ("SMITH",), "")),
    (("Dr. John", "", "Smith", ""), ("JOHN", "", ("SMITH",), "")),
    (('William "Bill"', "", "Smith", ""), ("WILLIAM", "", ("SMITH",), "")),
    (("Li", "", "O", ""), ("LI", "", ("O",), "")),
]


@pytest.mark.parametrize(("columns", "expected"), COLUMNS)
def test_columns(columns: tuple[str, str, str, str], expected: tuple[str, str, tuple[str, ...], str]) -> None:
    assert parts(SuppliedName(*columns)) == expected


LINES = [
    ("John Q Public", ("John", "Q", "Public", "")),
    ("PUBLIC, JOHN Q", ("John", "Q", "Public", "")),
    ("Public Jr, John Q", ("John", "Q", "Public", "Jr")),
    ("PUBLIC, JR, JOHN Q", ("John", "Q", "Public", "Jr")),
    ("PUBLIC, JOHN Q, JR", ("John", "Q", "Public", "Jr")),
    ("John Q. Public, Jr.", ("John", "Q", "Public", "Jr")),
    ("John Public III", ("John", "", "Public", "III")),
    ("John de la Cruz", ("John", "", "de la Cruz", "")),
    ("de la Cruz, John", ("John", "", "de la Cruz", "")),
    ("José Luis García-López", ("José", "Luis", "García López", "")),
    ("Garcia Lopez, Jose Luis", ("José", "Luis", "García-López", "")),
    ("John O'Brien", ("John", "", "O'Brien", "")),
    ("John Mc Donald", ("John", "", "McDonald", "")),
    ("Jan van der Berg", ("Jan", "", "van der Berg", "")),
    ("Dr. John Smith, M.D.", ("John", "", "Smith", "")),
    ("Smith, Junior", ("Junior", "", "Smith", "")),
    ("Madonna", ("", "", "Madonna", "")),
    ("Madonna", ("Madonna", "", "", "")),
]


@pytest.mark.parametrize(("line", "columns"), LINES)
def test_one_field_gives_the_same_as_columns(line: str, columns: tuple[str, str, str, str]) -> None:
    assert parts(SuppliedName(full_name=line)) == parts(SuppliedName(*columns))


REFUSED = [
    (SuppliedName(), "empty"),
    (SuppliedName("-", "", "-"), "empty"),
    (SuppliedName("Мария", "", "Smith"), "unreadable"),
    (SuppliedName("Jo\u200bhn", "", "Smith"), "unreadable"),
    (SuppliedName("=cmd()", "", "Smith"), "unreadable"),
    (SuppliedName("J0hn", "", "Smith"), "digits"),
    (SuppliedName(full_name="12345"), "digits"),
    (SuppliedName("John & Mary", "", "Smith"), "two_people"),
    (SuppliedName(full_name="Smith, John and Mary"), "two_people"),
    (SuppliedName(full_name="Smith, John, Henry, Paul"), "name_unclear"),
    (SuppliedName("John", "", "Smith J Q"), "name_unclear"),
    (SuppliedName("x" * 200, "", "Smith"), "name_unclear"),
    (SuppliedName("John", "", "Smith III", "Jr"), "generation_conflict"),
    (SuppliedName("John", "", "Smith", "Xyz"), "generation_unclear"),
    (SuppliedName("John", "", "Smith", full_name="John Smyth"), "both_forms_differ"),
]


@pytest.mark.parametrize(("supplied", "defect"), REFUSED)
def test_what_is_no_one_name_is_refused(supplied: SuppliedName, defect: str) -> None:
    answer = read_name(supplied)
    assert (answer.name, answer.defects) == (None, (defect,))
    assert defect in NAME_DEFECTS


def test_remarks_come_with_a_name() -> None:
    assert read_name(SuppliedName("", "", "Madonna")).defects == ("single_name",)
    assert read_name(SuppliedName("J", "", "Smith")).defects == ("initial_only",)
    assert read_name(SuppliedName("John", "", "Smith", full_name="SMITH, JOHN")).defects == ()


@pytest.mark.parametrize("name", ["MARIA", "Mario", "john", "Johnathan", "José", "JEAN-PIERRE", "De'Andre"])
def test_census_names_are_known(name: str) -> None:
    assert is_known_given_name(name)


@pytest.mark.parametrize("name", ["", "JOHQ", "MICHEAAL", "ALL OTHER NAMES", "Zzyzx"])
def test_other_words_are_not(name: str) -> None:
    assert not is_known_given_name(name)


def test_reading_prints_no_name() -> None:
    answer = read_name(SuppliedName("John", "", "Smith"))
    assert "SMITH" not in f"{answer} {answer!r} {answer.name} {answer.name!r}".upper()
