"""Decoys and stops in memory: `ports.decoys`, with the rules that the database keeps by triggers, by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.lifecycle import RequestState
from privity.domain.request import RequestId
from privity.ports.decoys import StoredDecoy, StoredDecoyClearance, StoredDecoyStop


@dataclass
class DecoyTables:
    """Everything that is kept of decoys."""

    planted: dict[str, StoredDecoy] = field(default_factory=dict)
    stops: dict[str, StoredDecoyStop] = field(default_factory=dict)
    clearances: list[StoredDecoyClearance] = field(default_factory=list)


def refused(code: ErrorCode) -> PrivityError:
    return PrivityError(code, "refused by the store in memory")


class MemoryDecoys:
    """A part of the store in memory. `t` is the whole's tables."""

    t: Any

    def decoys(self) -> Sequence[StoredDecoy]:
        return list(self.t.decoys.planted.values())

    def decoy_stops(self, request_id: RequestId | None = None) -> Sequence[StoredDecoyStop]:
        return [one for one in self.t.decoys.stops.values() if request_id in (None, one.request_id)]

    def decoy_clearances(self, stop_id: str) -> Sequence[StoredDecoyClearance]:
        return [one for one in self.t.decoys.clearances if one.stop_id == stop_id]

    def need_no_stop(self, request_id: str) -> None:
        if any(one.cleared_at is None for one in self.decoy_stops(RequestId(request_id))):
            raise refused(ErrorCode.STATE_CONFLICT)

    def add_decoy(self, decoy: StoredDecoy) -> None:
        if decoy.decoy_id in self.t.decoys.planted:
            raise refused(ErrorCode.STATE_CONFLICT)
        self.t.decoys.planted[decoy.decoy_id] = decoy

    def retire_decoy(self, decoy_id: str, at: datetime, reason: str) -> None:
        self._change(decoy_id, sealed=b"", retired_at=at, retired_reason=reason)

    def mark_decoy_checked(self, decoy_id: str, snapshot_id: str) -> None:
        self._change(decoy_id, checked_snapshot=snapshot_id)

    def _change(self, decoy_id: str, **values: Any) -> None:
        decoy = self.t.decoys.planted.get(decoy_id)
        if decoy is None or decoy.retired_at is not None:
            raise refused(ErrorCode.NOT_FOUND)
        self.t.decoys.planted[decoy_id] = replace(decoy, **values)

    def add_decoy_stop(self, stop: StoredDecoyStop) -> None:
        request = self.t.requests.get(stop.request_id)
        if request is None or request.state is not RequestState.ADMITTED or stop.stop_id in self.t.decoys.stops:
            raise refused(ErrorCode.STATE_CONFLICT)
        self.t.decoys.stops[stop.stop_id] = stop
        for key in [key for key in self.t.decisions if key[0] == stop.request_id]:
            del self.t.decisions[key]
        self.t.requests[stop.request_id] = replace(request, snapshot_id="")

    def add_decoy_clearance(self, clearance: StoredDecoyClearance) -> None:
        for one in self.decoy_clearances(clearance.stop_id):
            if clearance.officer == one.officer or clearance.certificate == one.certificate:
                raise refused(ErrorCode.SAME_PERSON)
        self.t.decoys.clearances.append(clearance)

    def clear_decoy_stop(self, stop_id: str, at: datetime) -> None:
        stop = self.t.decoys.stops.get(stop_id)
        if stop is None or stop.cleared_at is not None:
            raise refused(ErrorCode.STATE_CONFLICT)
        signed = self.decoy_clearances(stop_id)
        if min(len({one.officer for one in signed}), len({one.certificate for one in signed})) < 2:
            raise refused(ErrorCode.DECOY_CONFIRMED)
        self.t.decoys.stops[stop_id] = replace(stop, cleared_at=at)
