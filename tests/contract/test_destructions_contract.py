"""Destructions in every store: ordered once, of an ended request; carried out once; never forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from privity.adapters.sql_store import create_store
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import RequestState
from privity.domain.request import RequestId
from privity.ports.stored import DecisionChunk, LineChunk, PackageKind, StoredDestruction, StoredRequest
from privity.ports.stores import Store
from tests.builders.memory_store import MemoryStore

AT = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
ID, OTHER = RequestId("R-1"), RequestId("R-2")
ORDER = StoredDestruction(ID, "a" * 32, date(2026, 12, 31), AT, 0)


def request_in(state: RequestState, request_id: RequestId = ID, mark: str = "b") -> StoredRequest:
    return StoredRequest(
        request_id=request_id,
        agreement_id="an-agreement",
        agreement_version=1,
        agreement_digest="a" * 64,
        requester="requester",
        office="office",
        state=state,
        returned_whole=False,
        lines=3,
        admitted=2,
        returned=1,
        referred=0,
        chunks=2,
        manifest_sha256=mark * 64,
        package_sha256="c" * 64,
        rule_set="n1",
        received_at=AT,
        visible_from=AT,
        sealed_header=b"\x00sealed\xff",
    )


@pytest.fixture(params=["sql", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    return create_store(tmp_path / "state.sqlite") if request.param == "sql" else MemoryStore()


def do(store: Store, act: Callable[[Any], object]) -> None:
    with store.writing() as write:
        act(write)


def ask(store: Store, act: Callable[[Any], Any]) -> Any:
    with store.reading() as read:
        return act(read)


def refused(store: Store, act: Callable[[Any], object]) -> None:
    with pytest.raises(PrivityError) as raised:
        do(store, act)
    assert raised.value.code is ErrorCode.STATE_CONFLICT


def stored(store: Store, state: RequestState) -> None:
    def act(write: Any) -> None:
        write.append_log(b"{}")
        write.append_log(b"{}")
        write.add_request(request_in(state), "1" * 64)
        write.add_request(request_in(state, OTHER, "d"), "2" * 64)

    do(store, act)


@pytest.mark.parametrize("state", list(RequestState))
def test_only_an_ended_request_is_ordered_destroyed(store: Store, state: RequestState) -> None:
    stored(store, state)
    if state in (RequestState.DELIVERED, RequestState.REJECTED):
        do(store, lambda write: write.intend_destruction(ORDER))
        assert ask(store, lambda read: read.destruction(ID)) == ORDER
        assert ask(store, lambda read: read.destruction(OTHER)) is None
    else:
        refused(store, lambda write: write.intend_destruction(ORDER))
        assert ask(store, lambda read: read.destruction(ID)) is None


def test_an_order_and_its_outcome_are_recorded_once(store: Store) -> None:
    stored(store, RequestState.REJECTED)
    refused(store, lambda write: write.finish_destruction(ID, AT, 1))
    do(store, lambda write: write.intend_destruction(ORDER))
    refused(store, lambda write: write.intend_destruction(replace(ORDER, key_id="b" * 32)))
    later = AT + timedelta(seconds=1)
    do(store, lambda write: write.finish_destruction(ID, later, 1))
    refused(store, lambda write: write.finish_destruction(ID, later + timedelta(1), 0))
    refused(store, lambda write: write.intend_destruction(ORDER))
    assert ask(store, lambda read: read.destruction(ID)) == replace(ORDER, destroyed_at=later, log_index=1)


def test_an_order_comes_without_its_outcome(store: Store) -> None:
    """No store takes an outcome together with the order: what is recorded first cannot claim what comes after."""
    stored(store, RequestState.DELIVERED)
    do(store, lambda write: write.intend_destruction(replace(ORDER, destroyed_at=AT, log_index=1)))
    assert ask(store, lambda read: read.destruction(ID)) == ORDER


def test_blobs_are_counted_by_place(store: Store) -> None:
    def act(write: Any) -> None:
        write.add_request(request_in(RequestState.ADMITTED), "1" * 64)
        for chunk in range(2):
            write.add_line_chunk(LineChunk(ID, chunk, 1 + chunk, 1, f"{chunk}" * 64, b"sealed"))
        write.start_matching(ID, "s1")
        write.add_decision_chunk(DecisionChunk(ID, 0, "DONE", "s1", "0" * 64, "d" * 64, b"sealed"))
        write.add_package(ID, PackageKind.ARRIVED, b"sealed")

    do(store, act)
    expected = {"line_chunks": 2, "decision_chunks": 1, "packages": 1, "referral_decisions": 0}
    header = {"requests.sealed_header": 1, "requests.sealed_salt": 0}
    assert ask(store, lambda read: dict(read.sealed_blobs(ID))) == {**expected, **header}
    do(store, lambda write: write.set_content(ID, "e" * 64, b"salt"))
    assert ask(store, lambda read: read.sealed_blobs(ID)["requests.sealed_salt"]) == 1
    assert set(ask(store, lambda read: read.sealed_blobs(OTHER)).values()) == {0}
