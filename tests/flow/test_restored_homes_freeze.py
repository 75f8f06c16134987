"""C7: what was restored in place freezes too; no hold is forgotten, nothing goes out twice, and the log never forks."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import privity_verify
from privity.bootstrap.wiring.custodian import open_gate
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import HoldScope
from privity.domain.offices import CustodianRole
from privity.services.gate import FROZEN
from privity.services.holds.place_hold import lift_hold, list_holds, place_hold
from privity.services.holds.withhold_person import withhold_person
from privity.services.home.reconfirm_home import freeze_if_copied, reconfirm_home
from tests.builders.custodian_home import Desk, fresh

COUNSEL = CustodianRole.COUNSEL
MARK = "request-keys/.mark"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return fresh(tmp_path)


def refused(action: Callable[[], object], code: ErrorCode) -> PrivityError:
    with pytest.raises(PrivityError) as raised:
        action()
    assert raised.value.code is code
    return raised.value


def back_up(desk: Desk, to: Path) -> None:
    desk.store.close()  # the last connection folds the write-ahead log into the file
    for name in ("state", "log", "request-keys"):
        shutil.copytree(desk.home / name, to / name)


def in_place(desk: Desk, backup: Path, *names: str) -> Desk:
    """As `cp` does it: over the old files, keeping their inodes; what is newer and has no counterpart goes."""
    desk.store.close()
    for name in names:
        for old in [path for path in (desk.home / name).rglob("*") if path.is_file()]:
            if not (backup / name / old.relative_to(desk.home / name)).exists():
                old.unlink()
        for new in [path for path in (backup / name).rglob("*") if path.is_file()]:
            place = desk.home / name / new.relative_to(backup / name)
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("r+b" if place.exists() else "wb") as file:
                file.truncate()
                file.write(new.read_bytes())
    return Desk(desk.home, desk.stage, desk.clock)


def thaw(desk: Desk) -> None:
    assert reconfirm_home(desk.gate, desk.folder, desk.officer(0)).frozen
    assert not reconfirm_home(desk.gate, desk.folder, desk.officer(1)).frozen
    assert not freeze_if_copied(desk.gate, desk.folder)


def entries(desk: Desk) -> list[bytes]:
    with desk.store.reading() as read:
        return list(read.log_rows(0, 10_000))


def frozen(desk: Desk) -> bool:
    with desk.store.reading() as read:
        return bool(read.fact(FROZEN))


def log_is_valid(desk: Desk) -> None:
    desk.gate.publish()
    report = privity_verify.verify(desk.home / "log", desk.home / "public" / "trust.json")
    assert report.verdict == "VALID", privity_verify.to_text(report, desk.home / "log")


def test_a_database_restored_in_place_freezes_and_its_lost_hold_is_back(desk: Desk, tmp_path: Path) -> None:
    request_id = desk.receive(desk.pack(desk.stage.first)).request_id
    back_up(desk, tmp_path / "backup")
    hold = place_hold(desk.gate, HoldScope.REQUEST, request_id, "court_order", "", role=COUNSEL).hold_id
    before = entries(desk)
    again = in_place(desk, tmp_path / "backup", "state")
    assert again.folder.is_bound()  # the inode says nothing
    assert entries(again) == before[:-1]
    refused(again.gate.publish, ErrorCode.EVIDENCE_INVALID)
    assert freeze_if_copied(again.gate, again.folder)
    assert freeze_if_copied(again.gate, again.folder)  # once only
    assert entries(again)[:-1] == before
    assert b'"event":"HOME_FROZEN","fields":{"reason_code":"RESTORED"}' in entries(again)[-1]
    refused(lambda: again.match(request_id), ErrorCode.HOME_FROZEN)
    thaw(again)
    assert [row.hold_id for row in list_holds(again.gate) if row.in_force] == [hold]
    refused(lambda: again.match(request_id), ErrorCode.ON_HOLD)
    lift_hold(again.gate, hold, role=COUNSEL)
    again.match(request_id)
    again.approve_twice(request_id)
    again.clock.advance(60)
    assert again.deliver(request_id).first_delivery
    log_is_valid(again)


def test_what_was_released_after_the_backup_is_not_released_again(desk: Desk, tmp_path: Path) -> None:
    package, later = desk.pack(desk.stage.first), desk.pack(desk.stage.second)
    request_id = desk.receive(package).request_id
    desk.match(request_id)
    desk.approve_twice(request_id)
    back_up(desk, tmp_path / "backup")
    desk.clock.advance(60)
    desk.deliver(request_id)
    desk.receive(later)
    again = in_place(desk, tmp_path / "backup", "state")
    assert freeze_if_copied(again.gate, again.folder)
    thaw(again)
    refused(lambda: again.deliver(request_id, tmp_path / "twice"), ErrorCode.STATE_CONFLICT)
    refused(lambda: again.receive(later), ErrorCode.STALE_OR_REPLAYED)
    assert not (tmp_path / "twice").exists()
    log_is_valid(again)


def test_database_and_log_restored_in_place_stay_frozen_until_the_newest_log_is_back(
    desk: Desk, tmp_path: Path
) -> None:
    request_id = desk.receive(desk.pack(desk.stage.first)).request_id
    back_up(desk, tmp_path / "backup")
    hold_id = place_hold(desk.gate, HoldScope.EVERYTHING, "", "court_order", "", role=COUNSEL).hold_id
    back_up(desk, tmp_path / "newest")
    again = in_place(desk, tmp_path / "backup", "state", "log")
    before = entries(again)
    error = refused(lambda: freeze_if_copied(again.gate, again.folder), ErrorCode.HOME_FROZEN)
    assert "newest log folder" in error.mend
    assert frozen(again)
    assert "newest log folder" in refused(lambda: open_gate(again.home), ErrorCode.HOME_FROZEN).mend
    refused(lambda: again.match(request_id), ErrorCode.HOME_FROZEN)
    for place in (0, 1):
        refused(
            lambda place=place: reconfirm_home(again.gate, again.folder, again.officer(place)), ErrorCode.HOME_FROZEN
        )
    assert entries(again) == before  # an entry here would fork the log
    again = in_place(again, tmp_path / "newest", "log")
    assert freeze_if_copied(again.gate, again.folder)
    thaw(again)
    refused(lambda: again.match(request_id), ErrorCode.ON_HOLD)
    assert [row.hold_id for row in list_holds(again.gate)] == [hold_id]
    log_is_valid(again)


def test_a_log_rolled_back_alone_freezes_and_goes_on_from_the_database(desk: Desk, tmp_path: Path) -> None:
    back_up(desk, tmp_path / "backup")
    place_hold(desk.gate, HoldScope.EVERYTHING, "", "incident", "", role=COUNSEL)
    head = desk.gate.log.checkpoint()
    again = in_place(desk, tmp_path / "backup", "log")
    assert freeze_if_copied(again.gate, again.folder)
    thaw(again)
    log_is_valid(again)
    assert again.gate.log.published_size() > head.size
    assert again.gate.log.entry(head.size - 1) == entries(again)[head.size - 1]


def test_a_lost_mark_freezes(desk: Desk) -> None:
    assert not freeze_if_copied(desk.gate, desk.folder)
    (desk.home / MARK).unlink()
    assert freeze_if_copied(desk.gate, desk.folder)
    thaw(desk)
    assert (desk.home / MARK).exists()


def test_everything_restored_in_place_with_the_mark_is_not_noticed(desk: Desk, tmp_path: Path) -> None:
    """What remains, as the threat model says."""
    back_up(desk, tmp_path / "backup")
    place_hold(desk.gate, HoldScope.EVERYTHING, "", "incident", "", role=COUNSEL)
    again = in_place(desk, tmp_path / "backup", "state", "log", "request-keys")
    assert not freeze_if_copied(again.gate, again.folder)


def test_a_whole_copy_with_its_mark_is_frozen_by_the_inode(desk: Desk, tmp_path: Path) -> None:
    desk.store.close()
    shutil.copytree(desk.home, tmp_path / "copy")
    copy = Desk(tmp_path / "copy", desk.stage, desk.clock)
    assert freeze_if_copied(copy.gate, copy.folder)
    assert b"COPIED_OR_RESTORED" in entries(copy)[-1]
    thaw(copy)


@pytest.mark.parametrize("step", ["mark.file.write", "mark.file.rename", "log"])
def test_a_crash_between_transaction_and_mark_does_not_freeze(
    desk: Desk, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Cut(BaseException):
        """The power."""

    def cut(reached: str) -> None:
        if reached == step:
            raise Cut

    victim = Desk(desk.home, desk.stage, desk.clock, reach=cut)
    if step == "log":
        monkeypatch.setattr(victim.gate.log, "publish", lambda *_: cut("log"))
    marked = victim.folder.read_mark()
    with pytest.raises(Cut):
        place_hold(victim.gate, HoldScope.EVERYTHING, "", "incident", "", role=COUNSEL)
    victim.store.close()
    again = Desk(desk.home, desk.stage, desk.clock)
    assert again.folder.read_mark() == marked
    assert not freeze_if_copied(again.gate, again.folder)
    again.gate.publish()
    now = again.folder.read_mark()
    assert now is not None
    assert now.size == len(entries(again))


def test_a_home_of_an_older_version_gets_its_first_mark(desk: Desk) -> None:
    (desk.home / MARK).unlink()
    home = desk.home / "home.json"
    home.write_text(home.read_text().replace('"marked": true', '"marked": false'))
    assert not freeze_if_copied(desk.gate, desk.folder)
    assert (desk.home / MARK).exists()
    (desk.home / MARK).unlink()
    assert freeze_if_copied(desk.gate, desk.folder)


def test_a_person_withheld_between_two_officers_makes_both_sign_anew(desk: Desk, tmp_path: Path) -> None:
    """The statement covers the set of withheld persons, not their number only."""
    desk.store.close()
    shutil.copytree(desk.home, tmp_path / "copy")
    copy = Desk(tmp_path / "copy", desk.stage, desk.clock)
    assert freeze_if_copied(copy.gate, copy.folder)
    assert reconfirm_home(copy.gate, copy.folder, copy.officer(0)).confirmations == 1
    withhold_person(copy.gate, "reference-1", "court_order")
    assert reconfirm_home(copy.gate, copy.folder, copy.officer(1)).confirmations == 1
    assert not reconfirm_home(copy.gate, copy.folder, copy.officer(0)).frozen
