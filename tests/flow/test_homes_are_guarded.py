"""Homes: made in empty folders only, worked in by one process, frozen when copied, whole after a full disk."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from privity.adapters.home_files import HomeFolder, HomeWorkshop, PackageFolder
from privity.adapters.log_files import LogFiles
from privity.adapters.sql_store import create_store
from privity.adapters.system import SystemClock
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import HoldScope
from privity.domain.offices import CustodianRole
from privity.services.holds.place_hold import place_hold
from privity.services.home.create_home import create_home
from privity.services.home.reconfirm_home import freeze_if_copied, reconfirm_home
from tests.builders.custodian_home import ORIGIN, Desk, fresh, new_keys, template


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return fresh(tmp_path)


def refused(action: Callable[[], object], code: ErrorCode) -> PrivityError:
    with pytest.raises(PrivityError) as raised:
        action()
    assert raised.value.code is code
    return raised.value


def make(path: Path) -> None:
    workshop = HomeWorkshop(
        path, keys=new_keys, store=create_store, log=lambda at, keys: LogFiles(at, keys.log_signers())
    )
    create_home(workshop, clock=SystemClock(), software="test", origin=ORIGIN)


def test_a_home_is_made_in_an_empty_folder_only(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make(home)
    assert refused(lambda: make(home), ErrorCode.HOME_INVALID).mend
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").touch()
    refused(lambda: make(tmp_path / "other"), ErrorCode.HOME_INVALID)
    assert (tmp_path / "other" / "file").exists()
    assert {path.stat().st_mode & 0o077 for path in (home / "keys").iterdir()} == {0}
    assert home.stat().st_mode & 0o077 == 0


def test_an_unfinished_home_is_no_home(tmp_path: Path) -> None:
    HomeFolder(tmp_path / "home").lay_out()
    refused(HomeFolder(tmp_path / "home").need_home, ErrorCode.HOME_INVALID)


def test_two_processes_on_one_home_do_not_walk_at_once_but_a_hold_comes_through(desk: Desk) -> None:
    package = desk.pack(desk.stage.first)
    other = HomeFolder(desk.home)
    with other.work():
        refused(lambda: desk.receive(package), ErrorCode.HOME_BUSY)
        place_hold(desk.gate, HoldScope.EVERYTHING, "", "incident", "", role=CustodianRole.COUNSEL)
    assert desk.receive(package).returned_whole


def test_a_copied_home_is_frozen_until_two_people_reconfirm_it(desk: Desk, tmp_path: Path) -> None:
    package = desk.pack(desk.stage.first)
    request_id = desk.receive(package).request_id
    desk.store.close()
    shutil.copytree(desk.home, tmp_path / "copy")
    copy = Desk(tmp_path / "copy", desk.stage)
    assert freeze_if_copied(copy.gate, copy.folder)
    assert freeze_if_copied(copy.gate, copy.folder)  # once only
    refused(lambda: copy.receive(copy.pack(copy.stage.second)), ErrorCode.HOME_FROZEN)
    refused(lambda: copy.match(request_id), ErrorCode.HOME_FROZEN)
    refused(lambda: copy.approve(request_id), ErrorCode.STATE_CONFLICT)
    assert reconfirm_home(copy.gate, copy.folder, copy.officer(0)).frozen
    refused(lambda: reconfirm_home(copy.gate, copy.folder, copy.officer(0)), ErrorCode.SAME_PERSON)
    place_hold(copy.gate, HoldScope.REQUEST, request_id, "litigation", "", role=CustodianRole.COUNSEL)
    assert reconfirm_home(copy.gate, copy.folder, copy.officer(1)).confirmations == 1  # the holds changed: anew
    assert not reconfirm_home(copy.gate, copy.folder, copy.officer(0)).frozen
    assert copy.folder.is_bound()
    assert not freeze_if_copied(copy.gate, copy.folder)
    refused(lambda: reconfirm_home(copy.gate, copy.folder, copy.officer(0)), ErrorCode.STATE_CONFLICT)
    refused(lambda: copy.match(request_id), ErrorCode.ON_HOLD)


def test_the_home_where_it_was_made_is_not_frozen(desk: Desk) -> None:
    assert not freeze_if_copied(desk.gate, desk.folder)


def test_a_full_disk_stops_cleanly_and_nothing_is_lost(desk: Desk) -> None:
    """SQLite's own "full": the database may not grow by one more page."""
    package = desk.pack(desk.stage.first)
    with desk.store._engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    desk.store.close()

    def cramped(size: int) -> Desk:
        again = Desk(desk.home, desk.stage, desk.clock)
        from sqlalchemy import event

        @event.listens_for(again.store._engine, "connect")
        def _limit(connection: object, _record: object) -> None:
            connection.execute(f"PRAGMA max_page_count={size}")  # type: ignore[attr-defined]

        again.store.close()
        return again

    for spare in (0, 1, 3):
        error = refused(lambda spare=spare: cramped(pages + spare).receive(package), ErrorCode.STORAGE_FAILED)
        assert "full" in error.message
        assert error.mend
    roomy = Desk(desk.home, desk.stage, desk.clock)
    assert roomy.store.check() == []
    assert roomy.receive(package).state == "ADMITTED"
    with roomy.store._engine.connect() as connection:
        assert connection.execute(text("PRAGMA page_count")).scalar_one() > pages + 3, "the last refusal was for room"


def test_a_disk_without_room_for_the_package_shows_nothing_and_goes_on_later(desk: Desk) -> None:
    request_id = desk.receive(desk.pack(desk.stage.first)).request_id
    desk.match(request_id)
    desk.approve_twice(request_id)
    desk.clock.advance(60)

    def no_room(step: str) -> None:
        if step == "file.fsync":
            raise OSError(28, "no space")

    full = Desk(desk.home, desk.stage, desk.clock, reach=no_room)
    refused(lambda: full.deliver(request_id), ErrorCode.STORAGE_FAILED)
    assert list(desk.out.iterdir()) == []
    assert desk.deliver(request_id).first_delivery


def test_a_package_never_overwrites_another_file(tmp_path: Path) -> None:
    outlet = PackageFolder()
    outlet.place(tmp_path, "a.zip", b"one")
    outlet.place(tmp_path, "a.zip", b"one")
    refused(lambda: outlet.place(tmp_path, "a.zip", b"two"), ErrorCode.STATE_CONFLICT)
    assert (tmp_path / "a.zip").read_bytes() == b"one"


NOBODY = 65534
EXPECTED = 7  # exit code of the child that was told STORAGE_FAILED


@pytest.mark.skipif(os.geteuid() != 0, reason="changes the owner of files, which only root may do")
def test_a_read_only_home_says_so() -> None:
    """As an ordinary user whose home may be read and not written."""
    with tempfile.TemporaryDirectory(prefix="privity-read-only-") as name:
        folder = Path(name)
        desk = fresh(folder)
        (folder / "request.zip").write_bytes(desk.pack(desk.stage.first))
        desk.store.close()
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, NOBODY, NOBODY)
            path.chmod(0o500 if path.is_dir() else 0o400)
        child = multiprocessing.get_context("forkserver").Process(target=_receive_as_nobody, args=(folder,))
        child.start()
        child.join(60)
        child.kill()
        assert child.exitcode == EXPECTED


def _receive_as_nobody(folder: Path) -> None:
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    try:
        Desk(folder / "home", None).receive((folder / "request.zip").read_bytes())  # type: ignore[arg-type]
    except PrivityError as error:
        print(error, file=sys.stderr)
        sys.exit(EXPECTED if error.code is ErrorCode.STORAGE_FAILED else 1)


def test_the_template_is_never_walked() -> None:
    home, staged = template()
    desk = Desk(home, staged)
    with desk.store.reading() as read:
        assert read.requests() == []
