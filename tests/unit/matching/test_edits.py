"""One edit, and nothing fuzzier."""

from __future__ import annotations

import pytest

from privity.matching.edits import one_edit


@pytest.mark.parametrize(
    ("left", "right"),
    [("MAPLE", "MABLE"), ("MAPLE", "MAPE"), ("MAPLE", "MAPLEE"), ("MAPLE", "MAPEL"), ("SMITH", "MSITH"), ("A", "AB")],
)
def test_one_edit_both_ways(left: str, right: str) -> None:
    assert one_edit(left, right)
    assert one_edit(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [("MAPLE", "MAPLE"), ("MAPLE", "MALPEE"), ("ABCD", "BCDA"), ("JOHN", "JOHNATHAN"), ("ABC", "CBA"), ("", "AB")],
)
def test_more_or_less_than_one_edit(left: str, right: str) -> None:
    assert not one_edit(left, right)
    assert not one_edit(right, left)
