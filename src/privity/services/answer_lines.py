"""Answer admitted lines from a blind index: digest, look, unseal, decide. Exactly one Decision per line, in order.

Bounded: a chunk of lines, and the persons found for it, are held at a time; chunks run on both cores. What is unsealed
is forgotten with its chunk. The numbers are those of docs/procedures/match.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from privity.domain.agreement import MatchPolicy
from privity.domain.answer import Answer, Decision
from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.person_name import PersonName
from privity.domain.personal import MASK, Personal
from privity.domain.request import AdmittedLine, Ordinal
from privity.matching.decide import AskedPerson, Gate, Place, Verdict, decide
from privity.matching.levels import AddressGrade, levels_of
from privity.matching.person_record import PersonAtPoint, Span, day, decode_person
from privity.matching.points import asked_near_messages, point_message, street_message
from privity.normalise import RULE_SET_VERSION
from privity.ports.register_index import RegisterIndex
from privity.ports.security import IndexKeys
from privity.services.seal_rows import identifier_digest
from privity.services.worker_pool import WorkerPool

CHUNK_LINES: Final = 25_000
SMALL: Final = 4_000  # fewer lines are answered in this process: starting workers would take longer


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every chunk is answered with. Picklable."""

    index: RegisterIndex
    keys: IndexKeys
    policy: MatchPolicy
    withheld: frozenset[bytes]


class _Question(NamedTuple):
    """One line as flat text: cheap to hand to a worker process."""

    confirmable: bool
    name: tuple[str, str, tuple[str, ...], str]
    point: tuple[str, str, str, str, str, str, str, str]  # kind, zip5, number, street, unit, face
    periods: tuple[Span, ...]
    identifier: str
    birth_day: int

    def __repr__(self) -> str:
        return f"_Question({MASK})"


_Outcome = tuple[str, int, int, str, bytes]
_Job = tuple[int, list[_Question]]  # place of the first line, lines


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
    desk = _Desk(index, keys, policy, withheld)
    outcomes: list[_Outcome | None] = [None] * len(lines)

    def take(result: tuple[int, list[_Outcome]]) -> None:
        first, chunk = result
        outcomes[first : first + len(chunk)] = chunk

    size = CHUNK_LINES if len(lines) > 2 * CHUNK_LINES else max(1, (len(lines) + processes - 1) // processes)
    starts = range(0, len(lines), size)
    if processes < 2 or len(lines) < SMALL:
        for first in starts:
            take(_answer_chunk(desk, (first, [_question(line) for line in lines[first : first + size]])))
    else:
        with WorkerPool(_answer_chunk, desk, take, processes=processes, in_flight=processes + 1) as pool:
            for first in starts:
                pool.submit((first, [_question(line) for line in lines[first : first + size]]))
    return [_decision(line.ordinal, outcome) for line, outcome in zip(lines, outcomes, strict=True)]


def _question(line: AdmittedLine) -> _Question:
    name, point = line.name.reveal(), line.point.reveal()
    return _Question(
        line.confirmable,
        (name.given, name.middle, name.family, name.generation),
        (point.kind.value, point.zip5, point.number, point.street, point.unit, *point.face),
        tuple((day(period.start), day(period.end)) for period in line.periods),
        line.identifier.reveal(),
        day(line.birth_date),
    )


def _decision(ordinal: Ordinal, outcome: _Outcome | None) -> Decision:
    if outcome is None:
        raise PrivityError(ErrorCode.INTERNAL, "a line was left without a decision")
    level, candidates, rivals, gate, reference = outcome
    answer = Answer.CONFIRMED if level else Answer.NO_CONFIRMATION
    return Decision(ordinal, answer, level, candidates, rivals, gate, Personal(reference))


def _answer_chunk(desk: _Desk, job: _Job) -> tuple[int, list[_Outcome]]:
    """Steps 1 to 4 for one chunk of lines."""
    first, questions = job
    points = [_point(question) for question in questions]
    looked = [place for place, question in enumerate(questions) if question.confirmable]
    near = _near_points(desk, points, looked)  # step 1
    wanted: dict[int, list[int]] = {}
    for place in looked:
        if place not in near:
            wanted.setdefault(desk.keys.digest(point_message(points[place])), []).append(place)
    outcomes: dict[int, _Outcome] = {}
    held: dict[int, list[PersonAtPoint]] = {point: [] for found in near.values() for point in found}
    for point, sealed in desk.index.persons_at([*wanted, *held]):  # step 2
        persons = [decode_person(desk.keys.open_person(point, row)) for row in sealed]  # step 3
        if point in held:
            held[point] = persons
        for place in wanted.get(point, ()):
            outcomes[place] = _decide(desk, questions[place], [Place(near=False, persons=persons)])  # step 4
    for place, found in near.items():
        outcomes[place] = _decide(desk, questions[place], [Place(near=True, persons=held[point]) for point in found])
    nobody: list[Place] = []
    return first, [outcomes.get(place) or _decide(desk, question, nobody) for place, question in enumerate(questions)]


def _near_points(desk: _Desk, points: Sequence[DeliveryPoint], looked: Sequence[int]) -> dict[int, list[int]]:
    """Line place -> points one street edit away, where the register knows no street as typed in that ZIP."""
    if not any(level.address is AddressGrade.STREET_TYPO for level in levels_of(desk.policy)):
        return {}
    streets: dict[int, list[int]] = {}
    digests: dict[bytes, int] = {}
    for place in looked:
        if points[place].kind is PointKind.STREET:
            message = street_message(points[place])
            digest = digests.get(message)
            if digest is None:
                digest = digests[message] = desk.keys.digest(message)
            streets.setdefault(digest, []).append(place)
    known = desk.index.known_streets(streets)
    forms: dict[int, list[int]] = {}
    for street, places in streets.items():
        if street not in known:
            for place in places:
                for message in asked_near_messages(points[place]):
                    forms.setdefault(desk.keys.digest(message), []).append(place)
    found: dict[int, set[int]] = {}
    for form, reached in desk.index.near_points(forms).items():
        for place in forms[form]:
            found.setdefault(place, set()).update(reached)
    return {place: sorted(reached) for place, reached in found.items()}


def _point(question: _Question) -> DeliveryPoint:
    kind, zip5, number, street, unit, pre, suffix, post = question.point
    return DeliveryPoint(PointKind(kind), zip5, number, street, unit, pre, suffix, post)


def _decide(desk: _Desk, question: _Question, places: Sequence[Place]) -> _Outcome:
    given, middle, family, generation = question.name
    asked = AskedPerson(
        PersonName(given, middle, family, generation),
        question.point[5:],
        question.periods,
        identifier_digest(question.identifier, desk.keys),
        question.birth_day,
        question.confirmable,
    )
    verdict: Verdict = decide(asked, places, desk.policy, desk.withheld)
    gate = "" if verdict.gate is Gate.NONE else verdict.gate.value
    return verdict.level, verdict.candidates, verdict.rivals, gate, verdict.reference
