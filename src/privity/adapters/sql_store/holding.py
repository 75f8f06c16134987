"""Holds, withheld persons and declared classes in SQL, over one connection. Opens no seal, deletes nothing.

Two capabilities for `reading` and `writing` to take up, one in which nothing can be changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from privity.adapters.sql_store import schema_holding as t
from privity.adapters.sql_store.moments import from_text, maybe, plain, to_text
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import Demand, HoldScope
from privity.ports.stored import ClassMember, StoredHold, Withholding


class HoldReads:
    """What is held back, and whom."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def holds(self) -> Sequence[StoredHold]:
        """All holds."""
        rows = self._connection.execute(select(t.holds).order_by(t.holds.c.placed_at))
        return [
            StoredHold(
                row.hold_id,
                HoldScope(row.scope),
                row.target,
                row.kind,
                from_text(row.placed_at),
                row.placed_by,
                bytes(row.sealed_docket),
                maybe(row.lifted_at),
                row.lifted_by,
                Demand(row.demand),
                maybe(row.starts_at),
                maybe(row.ends_at),
                bool(row.concealed),
                row.order_sha256,
            )
            for row in rows
        ]

    def withholdings(self) -> Sequence[Withholding]:
        """All marks."""
        rows = self._connection.execute(select(t.withheld).order_by(t.withheld.c.place))
        return [
            Withholding(bytes(row.person), row.reason_code, from_text(row.placed_at), maybe(row.lifted_at))
            for row in rows
        ]

    def class_members(self) -> Sequence[ClassMember]:
        """All members of all classes, removed ones too."""
        rows = self._connection.execute(select(t.class_members).order_by(t.class_members.c.place))
        return [
            ClassMember(row.word, bytes(row.person), from_text(row.added_at), maybe(row.removed_at)) for row in rows
        ]

    def withheld_persons(self) -> frozenset[bytes]:
        """References now withheld: by a mark of their own, or as members of a class on which an order lies."""
        marked = select(t.withheld.c.person).where(t.withheld.c.lifted_at.is_(None))
        held = select(t.holds.c.target).where(t.holds.c.scope == HoldScope.CLASS.value, t.holds.c.lifted_at.is_(None))
        members = select(t.class_members.c.person).where(
            t.class_members.c.removed_at.is_(None), t.class_members.c.word.in_(held)
        )
        found = (self._connection.execute(query).scalars() for query in (marked, members))
        return frozenset(bytes(person) for persons in found for person in persons)


class HoldWrites(HoldReads):
    """Place and lift; declare who is of a class."""

    def add_hold(self, hold: StoredHold) -> None:
        """Place a hold."""
        try:
            values = {name: plain(value) for name, value in asdict(hold).items()}
            self._connection.execute(insert(t.holds), values)
        except IntegrityError:
            raise PrivityError(ErrorCode.STATE_CONFLICT, "this hold is already placed") from None

    def lift_hold(self, hold_id: str, at: datetime, by: str) -> None:
        """Lift a hold that was not lifted."""
        done = self._connection.execute(
            update(t.holds)
            .where(t.holds.c.hold_id == hold_id, t.holds.c.lifted_at.is_(None))
            .values(lifted_at=to_text(at), lifted_by=by)
        )
        if done.rowcount != 1:
            raise PrivityError(ErrorCode.NOT_FOUND, "no such hold is in force", "See `privity hold list`.")

    def withhold(self, mark: Withholding) -> None:
        """Place a mark, once."""
        marked = {one.person for one in self.withholdings() if one.lifted_at is None}
        if mark.person not in marked:
            self._connection.execute(insert(t.withheld), {name: plain(value) for name, value in asdict(mark).items()})

    def lift_withholding(self, person: bytes, at: datetime) -> None:
        """Lift a mark."""
        done = self._connection.execute(
            update(t.withheld)
            .where(t.withheld.c.person == person, t.withheld.c.lifted_at.is_(None))
            .values(lifted_at=to_text(at))
        )
        if done.rowcount == 0:
            raise PrivityError(ErrorCode.NOT_FOUND, "this person is not withheld")

    def add_class_members(self, members: Sequence[ClassMember]) -> int:
        """Add persons to a class; who is in it already stays as added. Returns how many are new."""
        known = {(one.word, one.person) for one in self.class_members() if one.removed_at is None}
        new = list({(one.word, one.person): one for one in members if (one.word, one.person) not in known}.values())
        if new:
            rows = [{name: plain(value) for name, value in asdict(one).items()} for one in new]
            self._connection.execute(insert(t.class_members), rows)
        return len(new)

    def remove_class_members(self, word: str, persons: Sequence[bytes], at: datetime) -> int:
        """Remove persons from a class; returns how many were in it."""
        columns, removed = t.class_members.c, 0
        for person in persons:
            done = self._connection.execute(
                update(t.class_members)
                .where(columns.word == word, columns.person == person, columns.removed_at.is_(None))
                .values(removed_at=to_text(at))
            )
            removed += done.rowcount
        return removed
