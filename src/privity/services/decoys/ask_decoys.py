"""Decoys beside the admitted lines of a request: mixed into its batches, taken out of its answers, and the stop.

A confirmed decoy stops the run in one transaction: its answers are forgotten, a hold of the common kind stands on the
request (all that the log and the outside see), and the reason lies sealed inside. What follows is a decision of two
people (`clear_decoy_stop`). The numbers are those of docs/procedures/match.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from privity.domain.answer import Answer, Decision
from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import HoldScope
from privity.domain.request import AdmittedLine
from privity.policy.admission.decoys import admit_decoys
from privity.ports.decoys import StoredDecoyStop
from privity.ports.stored import StoredHold, StoredRequest
from privity.ports.stores import ReadStore
from privity.services.decoys.plant_decoys import active_decoys, open_decoy
from privity.services.gate import Gate, append_entry
from privity.services.holds.place_hold import docket_place

HOLD_KIND = "incident"  # one of the common kinds: the log does not tell why
BY = "privity"


@dataclass(frozen=True, slots=True)
class Decoy:
    """One decoy that can be asked."""

    decoy_id: str
    line: AdmittedLine


@dataclass(frozen=True, slots=True)
class Decoys:
    """Those to ask in this run, and how many can no longer be read under the present form rules."""

    asked: tuple[Decoy, ...]
    unreadable: int

    def dealt(self, batches: int) -> list[tuple[Decoy, ...]]:
        """An even part for each of so many batches; every decoy is in exactly one."""
        return [self.asked[batch::batches] for batch in range(batches)]


@dataclass(frozen=True, slots=True)
class Mixture:
    """Lines and decoys in one sequence, and where the decoys stand."""

    lines: Sequence[AdmittedLine]
    decoys: Sequence[tuple[int, Decoy]]

    def separate(self, decisions: Sequence[Decision]) -> tuple[list[Decision], list[tuple[Decoy, Decision]]]:
        """The lines' own decisions in order, and the confirmed decoys with theirs.

        Raises PrivityError INTERNAL unless there is exactly one decision for each line and decoy, in order.
        """
        if [decision.ordinal for decision in decisions] != [line.ordinal for line in self.lines]:
            raise PrivityError(ErrorCode.INTERNAL, "the matcher did not answer exactly the lines it was asked")
        places = {place for place, _ in self.decoys}
        own = [decision for place, decision in enumerate(decisions) if place not in places]
        confirmed = [
            (decoy, decisions[place]) for place, decoy in self.decoys if decisions[place].answer is Answer.CONFIRMED
        ]
        return own, confirmed


def decoys_to_ask(gate: Gate, read: ReadStore) -> Decoys:
    """Every planted decoy, admitted under the present form rules."""
    stored = active_decoys(read)
    lines = [open_decoy(gate, decoy, place) for place, decoy in enumerate(stored, 1)]
    judged = admit_decoys(lines)
    asked = tuple(
        Decoy(decoy.decoy_id, one) for decoy, one in zip(stored, judged, strict=True) if isinstance(one, AdmittedLine)
    )
    return Decoys(asked, len(stored) - len(asked))


def mix(lines: Sequence[AdmittedLine], decoys: Sequence[Decoy]) -> Mixture:
    """Lines in their order, each decoy somewhere among them: where is a matter of its id, and changes no answer."""
    mixed: list[AdmittedLine] = []
    placed: list[tuple[int, Decoy]] = []
    before = sorted((_seat(decoy, len(lines)), decoy.decoy_id, decoy) for decoy in decoys)
    seats = iter([*before, (len(lines) + 1, "", None)])
    seat, _, decoy = next(seats)
    for number in range(len(lines) + 1):
        while seat == number and decoy is not None:
            placed.append((len(mixed), decoy))
            mixed.append(decoy.line)
            seat, _, decoy = next(seats)
        if number < len(lines):
            mixed.append(lines[number])
    return Mixture(mixed, placed)


def _seat(decoy: Decoy, lines: int) -> int:
    return int.from_bytes(hashlib.sha256(decoy.decoy_id.encode()).digest()[:8], "big") % (lines + 1)


def stop_run(
    gate: Gate, request: StoredRequest, snapshot_id: str, decoys: Decoys, confirmed: Sequence[tuple[Decoy, Decision]]
) -> PrivityError:
    """Record the stop, durably; the error with which the run ends."""
    at = gate.clock.now()
    stop_id, hold_id = gate.entropy.token(8).hex(), f"hold-{gate.entropy.token(8).hex()}"
    which = json.dumps([[decoy.decoy_id, decision.level] for decoy, decision in confirmed]).encode()
    sealed = gate.keys.decoy_storage().seal(which, stop_place(stop_id))
    docket = gate.keys.accounting_storage().seal(b"a planted decoy was confirmed", docket_place(hold_id))
    target = request.request_id
    with gate.store.writing() as write:
        write.add_decoy_stop(
            StoredDecoyStop(
                stop_id,
                request.request_id,
                snapshot_id,
                request.rule_set,
                gate.software,
                hold_id,
                at,
                len(decoys.asked),
                sealed,
            )
        )
        write.add_hold(StoredHold(hold_id, HoldScope.REQUEST, target, HOLD_KIND, at, BY, docket))
        append_entry(
            write,
            AuditEvent.HOLD_PLACED,
            at,
            hold_id=hold_id,
            scope=HoldScope.REQUEST.value,
            target=target,
            kind=HOLD_KIND,
        )
    gate.publish()
    return stopped()


def need_no_stop(read: ReadStore, request: StoredRequest) -> None:
    """Raise PrivityError DECOY_CONFIRMED while a run of this request stands stopped."""
    if any(stop.cleared_at is None for stop in read.decoy_stops(request.request_id)):
        raise stopped()


def need_another_run(read: ReadStore, request: StoredRequest, snapshot_id: str, software: str) -> None:
    """Raise PrivityError DECOY_CONFIRMED where register, rules and software are those of a run that was stopped."""
    present = (snapshot_id, request.rule_set, software)
    for stop in read.decoy_stops(request.request_id):
        if (stop.snapshot_id, stop.rule_set, stop.software) == present:
            raise PrivityError(
                ErrorCode.DECOY_CONFIRMED,
                "this would be the run again that confirmed a decoy: the same register, rules and software",
                "Build the register anew (`privity register build`), or use corrected software; then match again.",
            )


def stopped() -> PrivityError:
    """What an officer is told."""
    return PrivityError(
        ErrorCode.DECOY_CONFIRMED,
        "a planted line that must not be confirmed was confirmed: the run's answers are forgotten, and nothing leaves",
        "Follow docs/procedures/decoys.md: see `privity register decoys stops`. Outside it looks like any hold.",
    )


def stop_place(stop_id: str) -> bytes:
    """Where the sealed list of confirmed decoys belongs."""
    return f"decoy-stop/{stop_id}".encode()


def confirmed_in(gate: Gate, stop: StoredDecoyStop) -> list[tuple[str, str]]:
    """(decoy id, level) of what a stopped run confirmed. Raises PrivityError DECRYPTION_FAILED."""
    which = json.loads(gate.keys.decoy_storage().open(stop.sealed, stop_place(stop.stop_id)))
    return [(str(decoy), str(level)) for decoy, level in which]
