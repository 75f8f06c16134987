"""Answer admitted lines from a blind index: digest, look, unseal, decide. Exactly one Decision per line, in order.

Bounded: a chunk of lines, and the persons found for it, are held at a time; chunks run on both cores. What is unsealed
is forgotten with its chunk. Steps of a chunk: 1 digest the points; 2 the engine's join; 3 unseal; 4 for lines whose
point is not recorded, the same at the points one street edit away, and at those of the same number, unit and street in
other ZIPs of the city; 5 decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from privity.domain.agreement import MatchPolicy
from privity.domain.answer import Answer, Decision
from privity.domain.delivery_point import DeliveryPoint
from privity.domain.errors import ErrorCode, PrivityError
from privity.domain.personal import MASK, Personal
from privity.domain.request import AdmittedLine
from privity.matching.decide import Place, Verdict, decide_under, nobody_there
from privity.matching.levels import AddressGrade, Level, Reach, levels_of
from privity.matching.person_record import RecordedPerson, decode_person
from privity.matching.plain_case import plain_level, plain_verdict
from privity.matching.points import (
    asked_city_messages,
    asked_near_messages,
    point_of,
    slipped_points,
    street_of,
)
from privity.normalise import RULE_SET_VERSION
from privity.ports.register_index import RegisterIndex
from privity.ports.security import IndexKeys
from privity.services.answering.flat_lines import FlatLines, asked_person, flatten
from privity.services.collector_pause import collector_paused
from privity.services.worker_pool import WorkerPool, fork_is_safe

CHUNK_LINES: Final = 25_000  # a job at most; each look passes over the whole index once, so fewer jobs cost less
SMALL_JOB: Final = 5_000  # fewer lines are not parted further
SMALL_FORK: Final = 1_000  # fewer lines are answered in this process: starting workers would take longer
SMALL_SPAWN: Final = 15_000
_NOBODY: Final = Personal(b"")
_new = tuple.__new__  # makes a named tuple in half the time of calling its class
_YES, _NO = Answer.CONFIRMED, Answer.NO_CONFIRMATION


class _Outcomes(NamedTuple):
    """The verdicts of a chunk, in its order, as columns."""

    levels: Sequence[str]
    candidates: Sequence[int]
    rivals: Sequence[int]
    gates: Sequence[str]
    references: Sequence[bytes]

    def __repr__(self) -> str:
        return f"_Outcomes({MASK})"


class _Desk(NamedTuple):
    """What every chunk is answered with."""

    register: RegisterIndex
    keys: IndexKeys
    policy: MatchPolicy
    levels: tuple[Level, ...]
    plain: str  # the level that plain cases pass; "": none

    def __repr__(self) -> str:
        return f"_Desk({MASK})"


class _Job(NamedTuple):
    """One chunk of lines."""

    number: int
    lines: FlatLines
    withheld: frozenset[bytes]

    def __repr__(self) -> str:
        return f"_Job({MASK})"


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
    with LineAnswerer(index, keys, policy, processes) as answerer:
        return answerer.answer(lines, withheld)


class LineAnswerer:
    """Answers batch after batch with the same worker processes, which start with the first batch that needs them."""

    def __init__(
        self, index: RegisterIndex, keys: IndexKeys, policy: MatchPolicy, processes: int = 2, *, expected: int = 0
    ) -> None:
        """`expected` lines in all: where these need workers, they start now, before lines fill the memory.

        Raises PrivityError as `answer_lines` does.
        """
        levels = levels_of(policy)
        self._desk = _Desk(index, keys, policy, levels, plain_level(levels))
        if index.info.rule_set != RULE_SET_VERSION:
            raise PrivityError(
                ErrorCode.RULE_SET_CHANGED,
                "the index was built under another rule-set version",
                "build the register again",
            )
        self._processes = 1 if index.lines_at_once else processes
        self._pool: WorkerPool[_Desk, _Job, tuple[int, _Outcomes]] | None = None
        self._batch: Sequence[AdmittedLine] = ()
        self._chunks: dict[int, list[Decision]] = {}
        if self._needs_workers(expected):
            self._workers().start()

    def __enter__(self) -> LineAnswerer:
        return self

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
        self.close()

    def close(self) -> None:
        """End the workers."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def answer(self, lines: Sequence[AdmittedLine], withheld: frozenset[bytes]) -> list[Decision]:
        """One Decision for each line, in the same order."""
        with collector_paused():
            return self._answer(lines, withheld)

    def _answer(self, lines: Sequence[AdmittedLine], withheld: frozenset[bytes]) -> list[Decision]:
        self._batch, self._chunks = lines, {}
        most = self._desk.register.lines_at_once or CHUNK_LINES
        share = -(-len(lines) // self._processes)  # every worker has its share of a small batch
        size = max(
            1, min(most, max(-(-share // 2), min(share, SMALL_JOB)))
        )  # of a large one in two parts, to begin soon
        jobs = (_Job(first, flatten(lines[first : first + size]), withheld) for first in range(0, len(lines), size))
        if self._needs_workers(len(lines)):
            pool = self._workers()
            for job in jobs:
                pool.submit(job)
            pool.finish()
        else:
            for job in jobs:
                self._take(_answer_chunk(self._desk, job))
        decisions = [decision for first in sorted(self._chunks) for decision in self._chunks[first]]
        self._batch, self._chunks = (), {}
        if len(decisions) != len(lines):
            raise PrivityError(ErrorCode.INTERNAL, "a line was left without a decision")
        return decisions

    def _needs_workers(self, lines: int) -> bool:
        if self._pool is not None or self._processes < 2:
            return self._pool is not None
        return lines >= (SMALL_FORK if fork_is_safe() else SMALL_SPAWN)

    def _workers(self) -> WorkerPool[_Desk, _Job, tuple[int, _Outcomes]]:
        if self._pool is None:
            count = self._processes
            self._pool = WorkerPool(
                _answer_chunk, self._desk, self._take, processes=count, in_flight=count + 1, fork=fork_is_safe()
            )
        return self._pool

    def _take(self, result: tuple[int, _Outcomes]) -> None:
        first, outcomes = result
        asked = self._batch[first : first + len(outcomes.levels)]
        self._chunks[first] = [
            _new(Decision, (line.ordinal, _YES, level, candidates, rivals, gate, Personal(reference)))
            if level
            else _new(Decision, (line.ordinal, _NO, "", candidates, rivals, gate, _NOBODY))
            for line, level, candidates, rivals, gate, reference in zip(asked, *outcomes, strict=True)
        ]


def _answer_chunk(desk: _Desk, job: _Job) -> tuple[int, _Outcomes]:
    """Steps 1 to 5 for one chunk of lines."""
    lines, keys = job.lines, desk.keys
    verdicts: list[Verdict | None] = [
        None if confirmable else nobody_there(confirmable=False) for confirmable in lines.confirmable
    ]
    asked = [place for place, verdict in enumerate(verdicts) if verdict is None]
    wanted = _Wanted(asked, keys.digests([lines.messages[place] for place in asked]))  # step 1
    open_persons = keys.open_persons
    for point, sealed in desk.register.persons_at(wanted.first):  # step 2
        records = open_persons(point, sealed)  # step 3
        for place, verdict in _decide_here(desk, job, wanted.places(point), records):  # step 5
            verdicts[place] = verdict
    near = _near_points(desk, lines, [place for place in asked if verdicts[place] is None])  # step 4
    reached = {point for found in near.values() for point, _ in found}
    held = dict(_persons(desk, reached))
    if len(held) < len(reached):
        raise PrivityError(
            ErrorCode.STORAGE_FAILED,
            "the tables of the register snapshot do not belong together",
            "build the register again, or restore the snapshot's folder from a backup",
        )
    for place, found in near.items():
        verdicts[place] = _decide(desk, job, place, [Place(reach, held[point]) for point, reach in found])
    nobody = nobody_there(confirmable=True)
    return job.number, _outcomes([verdict or nobody for verdict in verdicts])


class _Wanted:
    """Which lines ask for which point: nearly always one."""

    def __init__(self, places: Sequence[int], points: Sequence[int]) -> None:
        self.first: dict[int, int] = {}
        self._further: dict[int, list[int]] = {}
        first = self.first.setdefault
        for place, point in zip(places, points, strict=True):
            if first(point, place) != place:
                self._further.setdefault(point, []).append(place)

    def places(self, point: int) -> tuple[int, ...]:
        """Those that ask for this point."""
        if point in self._further:
            return (self.first[point], *self._further[point])
        return (self.first[point],)


def _persons(desk: _Desk, points: Iterable[int]) -> Iterator[tuple[int, list[RecordedPerson]]]:
    """The engine's join, and unsealing: everybody at each of these points that is recorded."""
    open_persons = desk.keys.open_persons
    for point, sealed in desk.register.persons_at(points):
        yield point, [decode_person(record) for record in open_persons(point, sealed)]


def _near_points(desk: _Desk, lines: FlatLines, missing: Sequence[int]) -> dict[int, list[tuple[int, Reach]]]:
    """Line place -> points near the typed one, where the register knows no street as typed in that ZIP.

    Only asked for lines whose own point is not recorded: a recorded point's street is known. Only what a level of the
    policy asks for is looked up.
    """
    grades = {level.address for level in desk.levels}
    by_street, by_city = AddressGrade.STREET_TYPO in grades, AddressGrade.ZIP_DIGIT in grades
    if not by_street and not by_city:
        return {}
    asked = _with_unknown_street(desk, lines, missing)
    found: dict[int, dict[int, Reach]] = {}
    if by_street:
        for place, points in _reached(desk, [(place, asked_near_messages(point)) for place, point in asked]).items():
            found[place] = dict.fromkeys(points, Reach.STREET)
    if by_city:
        slips = {place: slipped_points(point) for place, point in asked}
        for place, points in _reached(desk, [(place, asked_city_messages(point)) for place, point in asked]).items():
            near = frozenset(desk.keys.digests(slips[place]))
            reaches = {point: Reach.ZIP if point in near else Reach.CITY for point in points}
            found[place] = reaches | found.get(place, {})
    return {place: sorted(reaches.items()) for place, reaches in found.items()}


def _with_unknown_street(desk: _Desk, lines: FlatLines, missing: Sequence[int]) -> list[tuple[int, DeliveryPoint]]:
    """(line place, point) of those whose street, as typed, the register does not know in the typed ZIP."""
    streets: dict[bytes, list[int]] = {}
    for place in missing:
        street = street_of(lines.messages[place])
        if street:
            streets.setdefault(street, []).append(place)
    digests = desk.keys.digests(streets)
    known = desk.register.known_streets(digests)
    unknown = [
        one for digest, asked in zip(digests, streets.values(), strict=True) if digest not in known for one in asked
    ]
    return [(place, point_of(lines.messages[place], *lines.cities[place])) for place in unknown]


def _reached(desk: _Desk, asked: Sequence[tuple[int, Sequence[bytes]]]) -> dict[int, set[int]]:
    """Line place -> the points that any of its near forms leads to."""
    places: list[int] = []
    messages: list[bytes] = []
    for place, forms in asked:
        messages += forms
        places += [place] * len(forms)
    wanted = _Wanted(range(len(messages)), desk.keys.digests(messages))
    found: dict[int, set[int]] = {}
    for form, reached in desk.register.near_points(wanted.first).items():
        for number in wanted.places(form):
            found.setdefault(places[number], set()).update(reached)
    return found


def _decide_here(
    desk: _Desk, job: _Job, asked: Sequence[int], records: Sequence[bytes]
) -> Iterator[tuple[int, Verdict]]:
    """The verdicts on the lines that ask one recorded point. Records are taken apart only where a case is not plain."""
    lines = job.lines
    here: tuple[Place, ...] = ()
    for place in asked:
        verdict = None
        if desk.plain and not lines.birth_days[place] and not lines.identifiers[place]:
            verdict = plain_verdict(desk.plain, lines.texts[place], lines.periods[place], records, job.withheld)
        if verdict is None:
            here = here or (Place(Reach.HERE, [decode_person(record) for record in records]),)
            verdict = _decide(desk, job, place, here)
        yield place, verdict


def _decide(desk: _Desk, job: _Job, place: int, places: Sequence[Place]) -> Verdict:
    return decide_under(desk.levels, asked_person(job.lines, place, desk.keys), places, desk.policy, job.withheld)


def _outcomes(verdicts: Sequence[Verdict]) -> _Outcomes:
    levels, candidates, rivals, gates, references = zip(*verdicts, strict=True)
    return _Outcomes(levels, candidates, rivals, [gate._value_ for gate in gates], references)
