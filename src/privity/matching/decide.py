"""The decision on one line: CONFIRMED only where exactly one person agrees and nobody else could be meant.

Pure: persons in, verdict out; the order of the persons never matters. Fetching and unsealing happen elsewhere.
Source: MATCHING, Levels and decision; RULES A01-A07, A09. The steps are numbered in `decide`.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from enum import StrEnum
from typing import NamedTuple

from privity.domain.agreement import MatchPolicy
from privity.domain.personal import MASK
from privity.matching.faces_agree import FaceGrade, grade_faces, several_places
from privity.matching.levels import AddressGrade, Level, Reach, levels_of
from privity.matching.names_agree import (
    Agreement,
    NameGrade,
    could_be_taken_for,
    is_nickname_of_one_name,
    is_relative_alike,
    is_sole_nickname,
    middle_agreement,
    names_alike,
)
from privity.matching.periods import Span, overlap_all
from privity.matching.person_record import Face, Name, Recorded


class Gate(StrEnum):
    """The first gate that a line failed. Closed list; stays inside the gate (C2)."""

    NONE = ""
    SECOND_OPINION = "second_opinion"  # two parsers read number, unit or ZIP differently
    POINT = "point"  # nobody is recorded at the point
    FACE = "face"  # only at another directional or suffix
    NAME = "name"  # no recorded name agrees at an enabled level
    VETO = "veto"  # middle, generation, identifier or birth date conflict
    CROWDED = "crowded"  # only a one-edit level would agree, at a point with many persons
    PERIOD = "period"  # the person was not there in every asked period
    SEVERAL = "several"  # two or more persons agree
    RIVAL = "rival"  # another person there, in any period, could be meant
    FACE_AMBIGUOUS = "face_ambiguous"  # the typed address fits two different places
    ZIP_AMBIGUOUS = "zip_ambiguous"  # that number and street stand in several ZIPs of the city
    EVIDENCE = "evidence"  # the level asks for second evidence, and there is none
    WITHHELD = "withheld"  # counsel's mark


_CONFLICT, _PASSED = Agreement.CONFLICT, Gate.NONE
_FACE_EQUAL, _FACE_CONFLICT = FaceGrade.EQUAL, FaceGrade.CONFLICT
_ADDRESS_EQUAL, _FACE_OPEN, _ADDRESS_CONFLICT = AddressGrade.EQUAL, AddressGrade.FACE_OPEN, AddressGrade.CONFLICT
_new = tuple.__new__  # makes a named tuple in half the time of calling its class
_HERE_GRADES = (_ADDRESS_EQUAL, _FACE_OPEN, AddressGrade.FACE_CROSSED)  # by the grade of the faces
_NEAR_GRADES = {
    Reach.STREET: (AddressGrade.STREET_TYPO, AddressGrade.STREET_TYPO_FACE_OPEN),
    Reach.ZIP: (AddressGrade.ZIP_DIGIT, AddressGrade.ZIP_OTHER),
    Reach.CITY: (AddressGrade.ZIP_OTHER, AddressGrade.ZIP_OTHER),
}
"""How a place was reached -> the grade where faces are equal, and where one is open."""


class AskedPerson(NamedTuple):
    """What one admitted line asks, in the form that is compared. Named tuples here: millions are made."""

    name: Name
    face: Face
    periods: tuple[Span, ...]
    identifier: int = 0  # keyed digest; 0: none given
    birth_day: int = 0  # proleptic ordinal; 0: none given
    confirmable: bool = True

    def __repr__(self) -> str:
        return f"AskedPerson({MASK})"


class Place:
    """One delivery point, how it was found, and everybody recorded there in any period: for all lines that ask it."""

    __slots__ = ("_count", "persons", "reach")

    def __init__(self, reach: Reach, persons: Sequence[Recorded]) -> None:
        self.reach = reach
        self.persons = persons
        self._count = 0

    @property
    def count(self) -> int:
        """How many persons, each counted once. Several rows may be one person's."""
        if not self._count:
            persons = self.persons
            self._count = len(persons) if len(persons) < 2 else len({person.reference for person in persons})
        return self._count


class Verdict(NamedTuple):
    """The outcome. `reference` is empty unless confirmed."""

    level: str
    candidates: int
    rivals: int
    gate: Gate
    reference: bytes = b""


class _Finding(NamedTuple):
    """One stored row that could have to do with the line."""

    person: Recorded
    address: AddressGrade
    grade: NameGrade
    vetoed: bool
    crowded: bool

    def __repr__(self) -> str:
        return f"_Finding({MASK})"


class _Case(NamedTuple):
    """One line, everybody at its places, and the rows that could have to do with it."""

    asked: AskedPerson
    places: Sequence[Place]
    findings: Sequence[_Finding]
    candidates: int

    def __repr__(self) -> str:
        return f"_Case({MASK})"


def decide(
    asked: AskedPerson, places: Sequence[Place], policy: MatchPolicy, withheld: Set[bytes] = frozenset()
) -> Verdict:
    """Decide one line.

    Steps: 1 find the rows that matter; 2 the first level with exactly one person in every asked period; 3 no rival in
    any period; 4 one place only; 5 not withheld. Raises PrivityError AGREEMENT_INVALID for an unknown level.
    """
    return decide_under(levels_of(policy), asked, places, policy, withheld)


def decide_under(
    levels: Sequence[Level],
    asked: AskedPerson,
    places: Sequence[Place],
    policy: MatchPolicy,
    withheld: Set[bytes] = frozenset(),
) -> Verdict:
    """As `decide`, for many lines: `levels` are the policy's (`levels_of`), asked for once."""
    candidates = _count_persons(places)
    if not asked.confirmable:
        return Verdict("", candidates, 0, Gate.SECOND_OPINION)
    findings = [finding for place in places for finding in _findings(asked, place, policy)]  # step 1
    if not findings:
        return Verdict("", candidates, 0, _gate_before_levels(asked, places))
    case = _new(_Case, (asked, places, findings, candidates))
    if len(findings) == 1:
        return _decide_alone(case, levels, withheld)
    admitted: list[_Finding] = []
    gate = _PASSED
    for level in levels:  # step 2
        passing = [finding for finding in findings if _passes(finding, level)]
        if not passing:
            continue
        admitted += passing
        chosen, gate = _one_person(asked.periods, admitted)
        if gate is Gate.SEVERAL:
            return Verdict("", candidates, 0, gate)
        if chosen:
            return _confirm(case, chosen, admitted, level, withheld)
    return Verdict("", candidates, 0, gate if admitted else _gate_after_levels(findings, levels))


def _decide_alone(case: _Case, levels: Sequence[Level], withheld: Set[bytes]) -> Verdict:
    """Steps 2 to 5 where one row alone has to do with the line, as nearly always: nobody else can be a rival."""
    finding = case.findings[0]
    for level in levels:
        if _passes(finding, level):
            break
    else:
        return Verdict("", case.candidates, 0, _gate_after_levels(case.findings, levels))
    person, periods = finding.person, case.asked.periods
    if not periods or not overlap_all(person.spans, periods):
        return Verdict("", case.candidates, 0, Gate.PERIOD)
    return _last_gates(case, person.reference, (person,), level, withheld)


def nobody_there(confirmable: bool) -> Verdict:
    """The verdict on a line at whose point, and at points one street edit away, nobody is recorded."""
    return Verdict("", 0, 0, Gate.POINT if confirmable else Gate.SECOND_OPINION)


def _count_persons(places: Sequence[Place]) -> int:
    """How many persons, each counted once."""
    if len(places) == 1:
        return places[0].count
    return len({person.reference for place in places for person in place.persons})


def _findings(asked: AskedPerson, place: Place, policy: MatchPolicy) -> list[_Finding]:
    """Step 1: every row whose face does not conflict and whose name is at least loosely the asked one."""
    alike = names_alike(asked.name, place.persons)
    if not alike:
        return []
    crowded = place.count > policy.crowded_over
    found = []
    for person, grade in alike:
        address = _address_grade(asked.face, person.face, place.reach)
        if address is not _ADDRESS_CONFLICT:
            found.append(_new(_Finding, (person, address, grade, _vetoed(asked, person, policy), crowded)))
    return found


def _address_grade(asked: Face, record: Face, reach: Reach) -> AddressGrade:
    face = grade_faces(asked, record)
    if face is _FACE_CONFLICT:
        return AddressGrade.CONFLICT
    if not reach:
        return _HERE_GRADES[face]
    return _NEAR_GRADES[reach][face is not _FACE_EQUAL]


def _vetoed(asked: AskedPerson, person: Recorded, policy: MatchPolicy) -> bool:
    """A conflict in a further fact, or a generation on one side only: JOHN SMITH JR is not known to be JOHN SMITH."""
    name = person.name
    if asked.name.generation != name.generation or middle_agreement(asked.name, name) is _CONFLICT:
        return True
    if asked.birth_day and _numbers_agree(asked.birth_day, person.birth_day) is _CONFLICT:
        return True
    if asked.identifier and policy.identifier_must_agree:
        return _numbers_agree(asked.identifier, person.identifier) is _CONFLICT
    return False


def _numbers_agree(left: int, right: int) -> Agreement:
    if not left or not right:
        return Agreement.SILENT
    return Agreement.AGREE if left == right else Agreement.CONFLICT


def _passes(finding: _Finding, level: Level) -> bool:
    return (
        finding.address is level.address
        and finding.grade is level.person
        and not finding.vetoed
        and not (level.one_edit and finding.crowded)
    )


def _one_person(periods: Sequence[Span], admitted: Sequence[_Finding]) -> tuple[bytes, Gate]:
    """Step 2: the one person who agrees in every asked period; several end the search, none lets it go on."""
    everybody: set[bytes] = set()
    always = True
    for period in periods:
        present = {one.person.reference for one in admitted if overlap_all(one.person.spans, (period,))}
        everybody |= present
        always = always and bool(present)
    if len(everybody) > 1:
        return b"", Gate.SEVERAL
    if not everybody or not always:
        return b"", Gate.PERIOD
    return everybody.pop(), _PASSED


def _confirm(case: _Case, chosen: bytes, admitted: Sequence[_Finding], level: Level, withheld: Set[bytes]) -> Verdict:
    """Steps 3 to 5: what still stands between one agreeing person and a confirmation."""
    others = [finding for finding in case.findings if finding.person.reference != chosen]
    own = [finding.person for finding in admitted if finding.person.reference == chosen]
    if others:
        rivals = len({other.person.reference for other in others if _is_rival(case.asked, own, other, level)})
        if rivals:
            return Verdict("", case.candidates, rivals, Gate.RIVAL)
    return _last_gates(case, chosen, own, level, withheld)


def _last_gates(case: _Case, chosen: bytes, own: Sequence[Recorded], level: Level, withheld: Set[bytes]) -> Verdict:
    """Steps 4 and 5, and second evidence where the level asks for it."""
    gate = _PASSED if level.address is _ADDRESS_EQUAL else _place_gate(case, level.address)
    if level.second_evidence and not gate:
        gate = _evidence_gate(case, chosen, own)
    if not gate and chosen in withheld:
        gate = Gate.WITHHELD
    if gate:
        return Verdict("", case.candidates, 0, gate)
    return _new(Verdict, (level.name, case.candidates, 0, _PASSED, chosen))


def _place_gate(case: _Case, address: AddressGrade) -> Gate:
    """Step 4: what speaks against the place, or NONE."""
    if address is _FACE_OPEN and _fits_several_places(case):
        return Gate.FACE_AMBIGUOUS
    if address is AddressGrade.ZIP_DIGIT and len(_fitting_in_city(case)) != 1:
        return Gate.ZIP_AMBIGUOUS
    return _PASSED


def _fitting_in_city(case: _Case) -> list[Place]:
    """The places in other ZIPs of the typed city whose face does not contradict the typed one."""
    return [
        place
        for place in case.places
        if place.reach in (Reach.ZIP, Reach.CITY)
        and any(grade_faces(case.asked.face, person.face) is not FaceGrade.CONFLICT for person in place.persons)
    ]


def _evidence_gate(case: _Case, chosen: bytes, own: Sequence[Recorded]) -> Gate:
    """Second evidence for a level that asks for it: a further identifier, or a middle name with nobody near it."""
    asked, agree = case.asked, Agreement.AGREE
    for person in own:
        born = _numbers_agree(asked.birth_day, person.birth_day)
        known = _numbers_agree(asked.identifier, person.identifier)
        proved = known is agree or (born is agree and is_nickname_of_one_name(asked.name, person.name))  # else a twin
        if proved and _CONFLICT not in (born, known):
            return Gate.NONE
    if not all(middle_agreement(asked.name, person.name) is agree for person in own):
        return Gate.EVIDENCE
    if not all(is_sole_nickname(asked.name, person.name) for person in own):
        return Gate.EVIDENCE
    others = [person for place in case.places for person in place.persons if person.reference != chosen]
    near = any(is_relative_alike(other.name, (asked.name, own[0].name)) for other in others)
    return Gate.EVIDENCE if near else Gate.NONE


def _is_rival(asked: AskedPerson, own: Sequence[Recorded], other: _Finding, level: Level) -> bool:
    """Step 3: another person, in any period, who passes a looser name test and is not told apart by a further fact."""
    if level.address is AddressGrade.EQUAL or level.address is AddressGrade.FACE_OPEN:
        confirming = level.person
    else:
        confirming = NameGrade.LOOSE  # a weak address leaves no room for look-alike names
    if not could_be_taken_for(asked.name, other.person.name, other.grade, confirming):
        return False
    return not any(_told_apart(asked, person, other.person) for person in own)


def _told_apart(asked: AskedPerson, own: Recorded, other: Recorded) -> bool:
    """Whether the line states a fact that the person bears and the other contradicts (or, a generation, lacks)."""
    if asked.name.generation and own.name.generation == asked.name.generation != other.name.generation:
        return True
    facts = (
        (middle_agreement(asked.name, own.name), middle_agreement(asked.name, other.name)),
        (_numbers_agree(asked.birth_day, own.birth_day), _numbers_agree(asked.birth_day, other.birth_day)),
        (_numbers_agree(asked.identifier, own.identifier), _numbers_agree(asked.identifier, other.identifier)),
    )
    return (Agreement.AGREE, Agreement.CONFLICT) in facts


def _fits_several_places(case: _Case) -> bool:
    """Step 4: whether the register holds two conflicting faces that the typed address could both mean."""
    faces = {person.face for place in case.places for person in place.persons}
    return several_places(face for face in faces if grade_faces(case.asked.face, face) is not FaceGrade.CONFLICT)


def _gate_before_levels(asked: AskedPerson, places: Sequence[Place]) -> Gate:
    """Why no row matters, for the explanation kept inside."""
    faces = {person.face for place in places for person in place.persons}
    if not faces:
        return Gate.POINT
    fitting = any(grade_faces(asked.face, face) is not FaceGrade.CONFLICT for face in faces)
    return Gate.NAME if fitting else Gate.FACE


def _gate_after_levels(findings: Sequence[_Finding], levels: Sequence[Level]) -> Gate:
    """Why no level admitted anybody, for the explanation kept inside."""
    pairs = {(level.address, level.person) for level in levels}
    fitting = [finding for finding in findings if (finding.address, finding.grade) in pairs]
    if not fitting:
        crossed = all(finding.address is AddressGrade.FACE_CROSSED for finding in findings)
        return Gate.FACE if crossed else Gate.NAME
    return Gate.VETO if all(finding.vetoed for finding in fitting) else Gate.CROWDED
