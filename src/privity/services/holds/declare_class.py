"""A class of persons, declared by counsel: a word, and the persons of it by keyed reference (A09).

Nobody is looked up: counsel gives the register's references, and only their keyed digests are kept. To be of a class
changes nothing by itself; while an order lies on the class, each of its persons is withheld (`place_hold`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from privity.domain.audit_events import AuditEvent
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.holds import HoldScope
from privity.domain.lifecycle import Action
from privity.domain.offices import CustodianRole
from privity.domain.person_reference import person_reference
from privity.ports.stored import ClassMember
from privity.ports.stores import ReadStore
from privity.services.gate import Gate, append_entry, need_role

CLASS_WORD = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
MOST_REFERENCES = 1_000_000


@dataclass(frozen=True, slots=True)
class ClassChanged:
    """What changed, how many persons are of the class now, and, where nobody is, the orders in force on it."""

    word: str
    changed: int
    members: int
    orders_over_nobody: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One declared class. No person can be read from it."""

    word: str
    members: int
    declared_at: datetime


def add_to_class(
    gate: Gate, word: str, references: Sequence[str], *, role: CustodianRole = CustodianRole.COUNSEL
) -> ClassChanged:
    """Declare the class, or add persons to it, by the register's references, one a line; empty lines are left out.

    Raises PrivityError ROLE_FORBIDDEN, USAGE (the word's form, no reference, too many), FORMAT_INVALID (a reference).
    """
    persons, at = _persons(gate, word, references, role), gate.clock.now()
    with gate.store.writing() as write:
        changed = write.add_class_members([ClassMember(word, person, at) for person in persons])
        if changed:
            append_entry(write, AuditEvent.WITHHOLDING_CHANGED, at, change="class")
        members = len(members_of(write, word))
    gate.publish()
    return ClassChanged(word, changed, members)


def remove_from_class(
    gate: Gate, word: str, references: Sequence[str], *, role: CustodianRole = CustodianRole.COUNSEL
) -> ClassChanged:
    """Remove persons from a class. Raises what `add_to_class` raises, and NOT_FOUND (none of them is of it)."""
    persons, at = _persons(gate, word, references, role), gate.clock.now()
    with gate.store.writing() as write:
        changed = write.remove_class_members(word, persons, at)
        if not changed:
            raise PrivityError(
                ErrorCode.NOT_FOUND, "none of these persons is of this class", "See `privity withhold class list`."
            )
        append_entry(write, AuditEvent.WITHHOLDING_CHANGED, at, change="class")
        members = len(members_of(write, word))
        empty = () if members else _orders_on(write, word, at)
    gate.publish()
    return ClassChanged(word, changed, members, empty)


def _orders_on(read: ReadStore, word: str, at: datetime) -> tuple[str, ...]:
    """Ids of the orders in force on the class; they stay so, over whoever is added later."""
    orders = (hold.order for hold in read.holds())
    return tuple(
        one.hold_id for one in orders if one.in_force(at) and (one.scope, one.target) == (HoldScope.CLASS, word)
    )


def list_classes(gate: Gate) -> tuple[ClassRow, ...]:
    """Every declared class by word."""
    with gate.store.reading() as read:
        members = read.class_members()
    return tuple(
        ClassRow(
            word,
            sum(one.word == word and one.removed_at is None for one in members),
            min(one.added_at for one in members if one.word == word),
        )
        for word in sorted({one.word for one in members})
    )


def members_of(read: ReadStore, word: str) -> frozenset[bytes]:
    """Keyed references of those who are of the class now."""
    return frozenset(one.person for one in read.class_members() if one.word == word and one.removed_at is None)


def _persons(gate: Gate, word: str, references: Sequence[str], role: CustodianRole) -> list[bytes]:
    need_role(role, Action.WITHHOLD)
    if not CLASS_WORD.fullmatch(word):
        raise PrivityError(
            ErrorCode.USAGE,
            "the word of a class has small letters, digits and hyphens, at most 64",
            "Choose a word that names nobody: it stands in the log when an order is placed on the class.",
        )
    given = [
        person_reference(line, f"line {number} of the references")
        for number, line in enumerate(references, 1)
        if line.strip()
    ]
    if not 0 < len(given) <= MOST_REFERENCES:
        raise PrivityError(
            ErrorCode.USAGE,
            f"a class takes between 1 and {MOST_REFERENCES:,} references at once",
            "Give the register's references, one a line.",
        )
    return gate.keys.index_keys().person_references(given)
