"""Answer admitted lines from a blind index: digest, look, unseal, decide. Exactly one Decision per line, in order.

Bounded: a chunk of lines, and the persons found for it, are held at a time; chunks run on both cores. What is unsealed
is forgotten with its chunk. Steps of a chunk: 1 digests and near points; 2 the engine's join; 3 unseal; 4 decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from privity.domain.agreement import MatchPolicy
from privity.domain.answer import Answer, Decision
from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.person_name import PersonName
from privity.domain.personal import MASK, Personal
from privity.domain.request import AdmittedLine, Ordinal
from privity.matching.decide import AskedPerson, Place, decide
from privity.matching.levels import AddressGrade, levels_of
from privity.matching.person_record import PersonAtPoint, Span, day, decode_person
from privity.matching.points import asked_near_messages, point_message, street_message
from privity.normalise import RULE_SET_VERSION
from privity.ports.register_index import RegisterIndex
from privity.ports.security import IndexKeys
from privity.services.seal_rows import identifier_digest
from privity.services.worker_pool import WorkerPool, fork_is_safe

CHUNK_LINES: Final = 50_000
SMALL_FORK: Final = 1_000  # fewer lines are answered in this process: starting workers would take longer
SMALL_SPAWN: Final = 15_000


class _Line(NamedTuple):
    """One line as flat values: cheap to hand to a worker process."""

    confirmable: bool
    name: PersonName
    point: DeliveryPoint
    periods: tuple[Span, ...]
    identifier: str
    birth_day: int

    def __repr__(self) -> str:
        return f"_Line({MASK})"


class _Desk(NamedTuple):
    """What every chunk is answered with. `lines` is None where jobs bring their lines along (spawned workers)."""

    register: RegisterIndex
    keys: IndexKeys
    policy: MatchPolicy
    withheld: frozenset[bytes]
    lines: Sequence[AdmittedLine] | None

    def __repr__(self) -> str:
        return f"_Desk({MASK})"


_Outcome = tuple[str, int, int, str, bytes]
_Packed = tuple[bool, tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[Span, ...], str, int]
_Job = tuple[int, int, list[_Packed] | None]  # first line, line after the last, lines for a spawned worker


def answer_lines(  # noqa: PLR0917  # the contract of the matcher
    lines: Sequence[AdmittedLine],
    index: RegisterIndex,
    keys: IndexKeys,
    policy: MatchPolicy,
    withheld: frozenset[bytes],
    processes: int = 2,
) -> list[Decision]:
    """One Decision for each line, in the same order; the same lines, snapshot and policy always give the same ones.

    `withheld` holds keyed person references. Raises PrivityError RULE_SET_CHANGED for an index of other rules and
    AGREEMENT_INVALID for a policy with unknown levels.
    """
    levels_of(policy)
    if index.info.rule_set != RULE_SET_VERSION:
        raise PrivityError(
            ErrorCode.RULE_SET_CHANGED, "the index was built under another rule-set version", "build the register again"
        )
    outcomes: list[_Outcome | None] = [None] * len(lines)

    def take(result: tuple[int, list[_Outcome]]) -> None:
        first, chunk = result
        outcomes[first : first + len(chunk)] = chunk

    size = min(CHUNK_LINES, max(1, (len(lines) + processes - 1) // processes))
    jobs = [(first, min(first + size, len(lines))) for first in range(0, len(lines), size)]
    fork = fork_is_safe()
    desk = _Desk(index, keys, policy, withheld, lines)
    if processes < 2 or len(lines) < (SMALL_FORK if fork else SMALL_SPAWN):
        for first, after in jobs:
            take(_answer_chunk(desk, (first, after, None)))
    else:
        desk = desk if fork else desk._replace(lines=None)
        with WorkerPool(_answer_chunk, desk, take, processes=processes, in_flight=processes + 1, fork=fork) as pool:
            for first, after in jobs:
                pool.submit((first, after, None if fork else [_pack(line) for line in lines[first:after]]))
    return [_decision(line.ordinal, outcome) for line, outcome in zip(lines, outcomes, strict=True)]


def _line(line: AdmittedLine) -> _Line:
    periods = tuple([(period.start.toordinal(), period.end.toordinal()) for period in line.periods])
    return _Line(
        line.confirmable,
        line.name.reveal(),
        line.point.reveal(),
        periods,
        line.identifier.reveal(),
        day(line.birth_date),
    )


def _pack(line: AdmittedLine) -> _Packed:
    """A line as plain tuples of text: quick to pickle."""
    flat = _line(line)
    name, point = flat.name, flat.point
    return (
        flat.confirmable,
        (name.given, name.middle, name.generation),
        name.family,
        (point.kind.value, point.zip5, point.number, point.street, point.unit, *point.face),
        flat.periods,
        flat.identifier,
        flat.birth_day,
    )


def _unpack(packed: _Packed) -> _Line:
    confirmable, (given, middle, generation), family, (kind, *point), periods, identifier, birth_day = packed
    name = PersonName(given, middle, family, generation)
    return _Line(confirmable, name, DeliveryPoint(PointKind(kind), *point), periods, identifier, birth_day)


def _decision(ordinal: Ordinal, outcome: _Outcome | None) -> Decision:
    if outcome is None:
        raise PrivityError(ErrorCode.INTERNAL, "a line was left without a decision")
    level, candidates, rivals, gate, reference = outcome
    answer = Answer.CONFIRMED if level else Answer.NO_CONFIRMATION
    return Decision(ordinal, answer, level, candidates, rivals, gate, Personal(reference))


def _lines_of(desk: _Desk, job: _Job) -> list[_Line]:
    first, after, packed = job
    if packed is not None:
        return [_unpack(one) for one in packed]
    return [_line(one) for one in (desk.lines or ())[first:after]]


def _answer_chunk(desk: _Desk, job: _Job) -> tuple[int, list[_Outcome]]:
    """Steps 1 to 4 for one chunk of lines."""
    lines = _lines_of(desk, job)
    looked = [place for place, line in enumerate(lines) if line.confirmable]
    near = _near_points(desk, lines, looked)  # step 1
    digest = desk.keys.digest
    wanted: dict[int, list[int]] = {}
    for place in looked:
        if place not in near:
            wanted.setdefault(digest(point_message(lines[place].point)), []).append(place)
    outcomes: dict[int, _Outcome] = {}
    held: dict[int, list[PersonAtPoint]] = {point: [] for found in near.values() for point in found}
    open_person = desk.keys.open_person
    for point, sealed in desk.register.persons_at([*wanted, *held]):  # step 2
        persons = [decode_person(open_person(point, row)) for row in sealed]  # step 3
        if point in held:
            held[point] = persons
        for place in wanted.get(point, ()):
            outcomes[place] = _decide(desk, lines[place], [Place(near=False, persons=persons)])  # step 4
    for place, found in near.items():
        outcomes[place] = _decide(desk, lines[place], [Place(near=True, persons=held[point]) for point in found])
    nobody: list[Place] = []
    return job[0], [outcomes.get(place) or _decide(desk, line, nobody) for place, line in enumerate(lines)]


def _near_points(desk: _Desk, lines: Sequence[_Line], looked: Sequence[int]) -> dict[int, list[int]]:
    """Line place -> points one street edit away, where the register knows no street as typed in that ZIP."""
    if not any(level.address is AddressGrade.STREET_TYPO for level in levels_of(desk.policy)):
        return {}
    streets: dict[int, list[int]] = {}
    digests: dict[bytes, int] = {}
    for place in looked:
        if lines[place].point.kind is PointKind.STREET:
            message = street_message(lines[place].point)
            digest = digests.get(message)
            if digest is None:
                digest = digests[message] = desk.keys.digest(message)
            streets.setdefault(digest, []).append(place)
    known = desk.register.known_streets(streets)
    forms: dict[int, list[int]] = {}
    for street, places in streets.items():
        if street not in known:
            for place in places:
                for message in asked_near_messages(lines[place].point):
                    forms.setdefault(desk.keys.digest(message), []).append(place)
    found: dict[int, set[int]] = {}
    for form, reached in desk.register.near_points(forms).items():
        for place in forms[form]:
            found.setdefault(place, set()).update(reached)
    return {place: sorted(reached) for place, reached in found.items()}


def _decide(desk: _Desk, line: _Line, places: Sequence[Place]) -> _Outcome:
    asked = AskedPerson(
        line.name,
        line.point.face,
        line.periods,
        identifier_digest(line.identifier, desk.keys) if line.identifier else 0,
        line.birth_day,
        line.confirmable,
    )
    level, candidates, rivals, gate, reference = decide(asked, places, desk.policy, desk.withheld)
    return level, candidates, rivals, gate.value, reference
