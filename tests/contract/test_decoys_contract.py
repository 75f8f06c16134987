"""Decoys and stops, for every store: SQL and in memory alike. A stopped request moves nowhere until two people sign."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from privity.adapters.sql_store import create_store
from privity.domain.decoys import DecoyKind
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import RequestState
from privity.ports.decoys import StoredDecoy, StoredDecoyClearance, StoredDecoyStop
from privity.ports.stored import DecisionChunk, LineChunk, StoredRelease
from tests.builders.memory_store import MemoryStore
from tests.contract.test_stores_contract import AT, ID, REQUEST, ask, do

DECOY = StoredDecoy("d1", DecoyKind.SIBLING, b"sealed", AT, "registrar", "snap-1")
STOP = StoredDecoyStop("s1", ID, "snap-1", "n9", "privity 1", "hold-1", AT, 7, b"which")
CHUNK = DecisionChunk(ID, 0, "DONE", "snap-1", "1" * 64, "2" * 64, b"decisions")


def signed(officer: str, certificate: str, stop: str = "s1") -> StoredDecoyClearance:
    return StoredDecoyClearance(stop, officer, certificate * 64, "counsel", "decoy_was_true", AT, "f" * 64, b"cms")


@pytest.fixture(params=["sql", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    made = create_store(tmp_path / "state.sqlite") if request.param == "sql" else MemoryStore()
    do(made, lambda w: w.add_request(REQUEST, "nonce"))
    do(made, lambda w: w.add_line_chunk(LineChunk(ID, 0, 1, 3, "1" * 64, b"lines")))
    do(made, lambda w: w.start_matching(ID, "snap-1"))
    do(made, lambda w: w.add_decision_chunk(CHUNK))
    return made


def refused(store: Any, act: Any) -> ErrorCode:
    with pytest.raises((PrivityError, IntegrityError)) as problem:
        do(store, act)
    return problem.value.code if isinstance(problem.value, PrivityError) else ErrorCode.STATE_CONFLICT


def test_a_retired_decoy_is_forgotten_and_stays_on_the_list(store: Any) -> None:
    do(store, lambda w: w.add_decoy(DECOY))
    assert refused(store, lambda w: w.add_decoy(DECOY)) is ErrorCode.STATE_CONFLICT
    do(store, lambda w: w.add_decoy(replace(DECOY, decoy_id="d2")))
    do(store, lambda w: w.mark_decoy_checked("d2", "snap-2"))
    later = AT + timedelta(days=1)
    do(store, lambda w: w.retire_decoy("d1", later, "removed"))
    gone = replace(DECOY, sealed=b"", retired_at=later, retired_reason="removed")
    assert ask(store, lambda r: r.decoys()) == [gone, replace(DECOY, decoy_id="d2", checked_snapshot="snap-2")]
    for act in (lambda w: w.retire_decoy("d1", later, "removed"), lambda w: w.mark_decoy_checked("d3", "snap-2")):
        assert refused(store, act) is ErrorCode.NOT_FOUND


def test_a_stop_forgets_the_answers_and_nothing_moves(store: Any) -> None:
    do(store, lambda w: w.add_decoy_stop(STOP))
    assert ask(store, lambda r: r.decoy_stops()) == ask(store, lambda r: r.decoy_stops(ID)) == [STOP]
    assert ask(store, lambda r: r.decided_chunks(ID)) == {}
    assert ask(store, lambda r: r.request(ID)).snapshot_id == ""
    blocked = [
        lambda w: w.move_request(ID, RequestState.ADMITTED, RequestState.AWAITING_REVIEW),
        lambda w: w.start_matching(ID, "snap-1"),
        lambda w: w.start_matching(ID, "snap-2"),
        lambda w: w.add_decision_chunk(replace(CHUNK, snapshot_id="")),
        lambda w: w.add_release(StoredRelease(ID, "3" * 64, "4" * 64, "5" * 64, 0, AT)),
    ]
    for act in blocked:
        refused(store, act)
    assert ask(store, lambda r: r.request(ID)).state is RequestState.ADMITTED


def test_two_different_people_clear_a_stop_once(store: Any) -> None:
    do(store, lambda w: w.add_decoy_stop(STOP))
    assert refused(store, lambda w: w.clear_decoy_stop("s1", AT)) is ErrorCode.DECOY_CONFIRMED
    do(store, lambda w: w.add_decoy_clearance(signed("counsel-1", "a")))
    assert refused(store, lambda w: w.clear_decoy_stop("s1", AT)) is ErrorCode.DECOY_CONFIRMED
    for again in (signed("counsel-1", "b"), signed("officer-1", "a")):
        assert refused(store, lambda w, again=again: w.add_decoy_clearance(again)) is ErrorCode.SAME_PERSON
    do(store, lambda w: w.add_decoy_clearance(signed("officer-1", "b")))
    do(store, lambda w: w.clear_decoy_stop("s1", AT))
    assert refused(store, lambda w: w.clear_decoy_stop("s1", AT)) is ErrorCode.STATE_CONFLICT
    assert ask(store, lambda r: r.decoy_stops(ID))[0].cleared_at == AT
    assert [one.officer for one in ask(store, lambda r: r.decoy_clearances("s1"))] == ["counsel-1", "officer-1"]
    do(store, lambda w: w.start_matching(ID, "snap-2"))
    do(store, lambda w: w.add_decoy_stop(replace(STOP, stop_id="s2", snapshot_id="snap-2")))
    refused(store, lambda w: w.start_matching(ID, "snap-3"))


def test_only_a_request_that_waits_for_matching_is_stopped(store: Any) -> None:
    do(store, lambda w: w.move_request(ID, RequestState.ADMITTED, RequestState.AWAITING_REVIEW))
    assert refused(store, lambda w: w.add_decoy_stop(STOP)) is ErrorCode.STATE_CONFLICT


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM decoy_stops",
        "UPDATE decoy_stops SET cleared_at = 'now'",
        "UPDATE decoy_stops SET software = 'other'",
        "DELETE FROM decoy_clearances",
        "UPDATE decoy_clearances SET finding = 'other'",
        "DELETE FROM decoys",
        "UPDATE requests SET state = 'APPROVED'",
        "UPDATE requests SET state = 'RELEASED'",
    ],
)
def test_the_database_itself_keeps_a_stop(tmp_path: Path, statement: str) -> None:
    store = create_store(tmp_path / "state.sqlite")
    do(store, lambda w: w.add_request(REQUEST, "nonce"))
    do(store, lambda w: w.add_decoy(DECOY))
    do(store, lambda w: w.add_decoy_stop(STOP))
    do(store, lambda w: w.add_decoy_clearance(signed("counsel-1", "a")))
    with store._engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text(statement))
    store.close()
