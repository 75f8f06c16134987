"""Counsel's references reach the register's persons however a file or a clipboard dressed them, or nothing changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from privity.domain.errors import ErrorCode, PrivityError
from privity.interfaces.cli.application import run
from privity.services.holds.declare_class import add_to_class, list_classes
from privity.services.holds.withhold_person import lift_withholding, withhold_person
from tests.builders.custodian_home import Desk, fresh

FIRST, SECOND = "P0000001", "P0000002"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return fresh(tmp_path)


def digests(desk: Desk, *references: str) -> set[bytes]:
    return set(desk.gate.keys.index_keys().person_references(references))


def members(desk: Desk) -> set[bytes]:
    with desk.store.reading() as read:
        return {one.person for one in read.class_members() if one.removed_at is None}


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_first_person_of_a_file_with_a_mark_is_of_the_class(
    desk: Desk, tmp_path: Path, mark: str, ends: str
) -> None:
    file = tmp_path / "references.txt"
    file.write_bytes(f"{mark}{FIRST}{ends}{ends} {SECOND}\t{ends}".encode())
    assert run(["withhold", "class", "add", "plaintiffs", str(file), "--home", str(desk.home)]) == 0
    assert members(desk) == digests(desk, FIRST, SECOND)
    assert run(["withhold", "class", "remove", "plaintiffs", str(file), "--home", str(desk.home)]) == 0
    assert not members(desk)


@pytest.mark.parametrize("second", ["P0000002,a note", '"P0000002"', "P0000002\x85P3", "P0000002 P3", "\ufeffP0000002"])
def test_a_file_with_a_row_that_is_no_reference_changes_nothing(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str], second: str
) -> None:
    file = tmp_path / "references.txt"
    file.write_bytes(f"{FIRST}\n{second}\n".encode())
    assert run(["withhold", "class", "add", "plaintiffs", str(file), "--home", str(desk.home)]) == 4
    told = capsys.readouterr().err
    assert told.startswith("error FORMAT_INVALID: line 2 of the references ")
    assert "P0000002" not in told
    assert list_classes(desk.gate) == ()


def test_one_person_is_withheld_and_lifted_whatever_blanks_stand_around(desk: Desk) -> None:
    assert withhold_person(desk.gate, f" {FIRST} ", "informant").withheld == 1
    with desk.store.reading() as read:
        assert read.withheld_persons() == digests(desk, FIRST)
    assert lift_withholding(desk.gate, f"{FIRST}\n").withheld == 0
    for act in (
        lambda text: withhold_person(desk.gate, text, "informant"),
        lambda text: lift_withholding(desk.gate, text),
        lambda text: add_to_class(desk.gate, "plaintiffs", [FIRST, text]),
    ):
        with pytest.raises(PrivityError) as caught:
            act(f"{FIRST},note")
        assert caught.value.code is ErrorCode.FORMAT_INVALID
    with desk.store.reading() as read:
        assert not read.withheld_persons()
