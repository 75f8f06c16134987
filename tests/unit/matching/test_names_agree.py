"""The grades of agreement between two names, one row each."""

from __future__ import annotations

import pytest

from privity.matching.names_agree import Agreement, NameGrade, grade_names, middle_agreement
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
        ("ANA GARCIA-LOPEZ", "ANA GARCIA-LOPES", G.SURNAME_TYPO),
        ("JOHN SMYTH", "JOHN SMITH", G.SURNAME_TYPO),
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
