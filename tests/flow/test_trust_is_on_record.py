"""Whom the home believes is in the log: added by the command, or laid into the folder by hand."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.pki import create_pki
from privity.bootstrap.wiring.custodian import create_home_at, open_gate
from privity.bootstrap.wiring.trust import add_trust
from privity.ledger.entry import decode_entry

AT = datetime(2026, 11, 1, tzinfo=UTC)


def recorded(home: Path) -> list[dict[str, object]]:
    gate = open_gate(home).gate
    with gate.store.reading() as read:
        entries = [decode_entry(row) for row in read.log_rows(0, 100)]
    return [dict(entry.fields) for entry in entries if entry.event.value == "TRUST_RECORDED"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    create_home_at(tmp_path / "home", "test.example/log")
    return tmp_path / "home"


@pytest.fixture
def authorities(tmp_path: Path) -> Path:
    create_pki(tmp_path / "pki", at=AT, offices=["director"], officers=1)
    return tmp_path / "pki" / "trust"


def documents(folder: Path, kind: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((folder / kind).iterdir())]


def test_each_change_is_recorded_once(home: Path, authorities: Path) -> None:
    assert recorded(home) == []
    anchors, between, lists = (documents(authorities, kind) for kind in ("anchors", "intermediates", "crls"))
    add_trust(home, anchors, [], [])
    add_trust(home, anchors, [], [])
    add_trust(home, [], between, lists)
    counts = [(one["anchors"], one["intermediates"], one["revocation_lists"]) for one in recorded(home)]
    assert counts == [(len(anchors), 0, 0), (len(anchors), len(between), len(lists))]
    assert len({one["trust_sha256"] for one in recorded(home)}) == 2


def test_an_anchor_laid_there_by_hand_is_recorded_by_the_next_command(
    home: Path, authorities: Path, tmp_path: Path
) -> None:
    add_trust(home, documents(authorities, "anchors"), [], [])
    create_pki(tmp_path / "stranger", at=AT, offices=["director"], officers=1)
    stranger = next((tmp_path / "stranger" / "trust" / "anchors").iterdir())
    folder = home / "trust" / "anchors"
    shutil.copy(stranger, folder / "ffff.der")
    assert [one["anchors"] for one in recorded(home)] == [1, 2]
    (folder / "ffff.der").unlink()
    assert [one["anchors"] for one in recorded(home)] == [1, 2, 1]
    assert json.loads((home / "public" / "trust.json").read_text())["origin"] == "test.example/log"
