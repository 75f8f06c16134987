"""The demonstration's files: register extract, requests with defects of many kinds, and the truth for `evaluate`.

Seeded and dated: the same seed and day give the same files. Expectations made here are never shown as results.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from demo.defects import DEFECTS, FORMAL, guessing_lines
from demo.people import Dwelling, Person, Population, Residence
from demo.words import GIVEN, REASON_ACTS, REASON_MATTERS, REASON_PAPERS, REASON_PLACES

REGISTER_COLUMNS = ("person_ref", "given_name", "middle_name", "family_name", "generation", "address_line1",
                    "address_line2", "city", "state", "postal_code", "valid_from", "valid_to")  # fmt: skip
LINE_COLUMNS = ("line_id", "given_name", "middle_name", "family_name", "generation", "full_name", "address_line1",
                "address_line2", "city", "state", "postal_code", "address", "periods", "statute", "order_date",
                "reason", "case_id", "officer")  # fmt: skip

Line = dict[str, str]

CLASSES = (("exact", 46), ("reformatted", 30), ("old_address", 6), ("neighbour_number", 5), ("other_unit", 4),
           ("missing_unit", 3), ("household_member_unknown", 6))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """What of the agreement a requester must know to write a line."""

    statutes: Sequence[str]
    officers: Sequence[str]
    today: date

    @property
    def period(self) -> str:
        """The last whole calendar year."""
        return str(self.today.year - 1)


def write_register(population: Population, path: Path, bad_rows: bool = True) -> int:
    """Write the extract as CSV, with some rows no register should hold in its middle; returns the rows written."""
    middle = len(population.rows) // 2
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(REGISTER_COLUMNS)
        for place, row in enumerate(population.rows):
            if bad_rows and place == middle:
                writer.writerows(_bad_rows())
            writer.writerow(_register_row(row))
    return len(population.rows) + (len(_bad_rows()) if bad_rows else 0)


def _register_row(row: Residence) -> tuple[str, ...]:
    person, dwelling = row.person, row.dwelling
    until = row.until.isoformat() if row.until else ""
    names = (person.ref, person.given, person.middle, person.family, person.generation)
    place = (dwelling.line1(), dwelling.unit, dwelling.city, dwelling.state, dwelling.zip5)
    return (*names, *place, row.since.isoformat(), until)


def _bad_rows() -> list[tuple[str, ...]]:
    return [
        ("PBAD1", "Ada", "", "Nowhere", "", "Unknown", "", "Chicago", "IL", "60601", "2015-01-01", ""),
        (
            "PBAD2",
            "Ada",
            "",
            "Backwards",
            "",
            "12 Oak Street",
            "",
            "Chicago",
            "IL",
            "60601",
            "2020-01-01",
            "2010-01-01",
        ),
        ("PBAD3", "", "", "", "", "12 Oak Street", "", "Chicago", "IL", "60601", "2015-01-01", ""),
        ("", "Ada", "", "Nobody", "", "14 Oak Street", "", "Chicago", "IL", "60601", "2015-01-01", ""),
        ("PBAD5", "Ada", "", "Elsewhere", "", "14 Oak Street", "", "Chicago", "ZZ", "60601", "15.01.2015", ""),
    ]


class RequestWriter:
    """Writes request lines about a population, most of them sound."""

    def __init__(self, population: Population, terms: Terms, seed: int, prefix: str) -> None:
        self.random = random.Random(seed)
        self.terms = terms
        self.prefix = prefix
        self._households = list(population.households)
        self.random.shuffle(self._households)
        self._next = 0
        self.lines: list[Line] = []
        self.truth: list[tuple[str, str, str]] = []

    def fill(self, lines: int, defective_share: float) -> None:
        """Write `lines` lines, of which about that share have a defect, in random order."""
        bad = int(lines * defective_share)
        kinds = [DEFECTS[n % len(DEFECTS)] for n in range(max(bad - 3, 0))]
        names, weights = zip(*CLASSES, strict=True)
        plan: list[Callable[[], None]] = [
            lambda name=name: self._sound(name)  # type: ignore[misc]
            for name in self.random.choices(names, weights, k=lines - len(kinds) - (3 if bad >= 3 else 0))
        ]
        plan += [lambda kind=kind: self._defective(kind) for kind in kinds]  # type: ignore[misc]
        self.random.shuffle(plan)
        for step in plan:
            step()
        if bad >= 3:
            self._guesses()

    def _sound(self, name: str) -> None:
        row, line = self._about(name)
        expected = row.person.ref if name in {"exact", "reformatted"} else ""
        self._add(line, expected, name)

    def _defective(self, kind: Callable[[Line, random.Random], None]) -> None:
        row, line = self._about("exact")
        kind(line, self.random)
        # A line that only lacks what the agreement asks for beside name, address and period is still true.
        self._add(line, row.person.ref if kind in FORMAL else "", "defective")

    def _guesses(self) -> None:
        _, line = self._about("exact")
        line["case_id"] = self._case()
        for guess in guessing_lines(line):
            self._add(guess, "", "defective")

    def _add(self, line: Line, expected: str, name: str) -> None:
        number = len(self.lines) + 1
        line["line_id"] = f"{self.prefix}-{number:06d}"
        self.lines.append(line)
        self.truth.append((line["line_id"], expected, name))

    def _household(self, wanted: Callable[[list[Residence]], bool]) -> list[Residence]:
        for _ in range(2000):
            household = self._households[self._next % len(self._households)]
            self._next += 1
            if wanted(household):
                return household
        return self._households[0]

    def _left_before(self, row: Residence) -> bool:
        """Whether the residence had ended before the asked period began."""
        return row.until is not None and row.until.year < int(self.terms.period)

    def _about(self, name: str) -> tuple[Residence, Line]:
        moved = name == "old_address"
        unit = name in {"other_unit", "missing_unit"}
        house = name == "neighbour_number"
        household = self._household(
            lambda rows: (
                (not moved or self._left_before(rows[-1]))
                and (not unit or bool(rows[0].dwelling.unit))
                and (not house or (rows[0].dwelling.street is not None and not rows[0].dwelling.unit))
                and rows[0].person.generation == ""
            )
        )
        present = [row for row in household if row.until is None and row.since.year < self.terms.today.year - 1]
        row = household[-1] if moved else self.random.choice(present or household)
        return row, self._line(row.person, row.dwelling, name, household)

    def _line(self, person: Person, dwelling: Dwelling, name: str, household: list[Residence]) -> Line:
        line = dict.fromkeys(LINE_COLUMNS, "")
        given = person.given
        if name == "household_member_unknown":
            taken = {row.person.given for row in household}
            given = self.random.choice([word for word in GIVEN if word not in taken and word[0] != person.given[0]])
        middle = "" if given != person.given else person.middle
        line.update(given_name=given, middle_name=middle, family_name=person.family, generation=person.generation)
        number = dwelling.number + (2000 if name == "neighbour_number" else 0)
        unit = {"other_unit": "Apt 9Z", "missing_unit": ""}.get(name, dwelling.unit)
        place = Dwelling(number, unit, dwelling.street, dwelling.city, dwelling.state, dwelling.zip5)
        line.update(address_line1=place.line1(), address_line2=unit)
        line.update(city=place.city, state=place.state, postal_code=place.zip5)
        if name == "reformatted":
            self._reformat(line, place)
        self._duties(line)
        return line

    def _reformat(self, line: Line, place: Dwelling) -> None:
        choice = self.random.randrange(5)
        unit = place.unit.replace("Apt ", "#") if place.unit else ""
        if choice == 0:
            line["full_name"] = (
                f"{line['family_name'].upper()}, {line['given_name'].upper()} {line['middle_name'].upper()}".strip()
            )
            line.update(given_name="", middle_name="", family_name="", generation="")
        elif choice == 1:
            whole = f"{place.line1(short=True)}{' ' + unit if unit else ''}, {place.city}, {place.state} {place.zip5}"
            line["address"] = whole
            line.update(address_line1="", address_line2="", city="", state="", postal_code="")
        elif choice == 2:
            line.update(address_line1=place.line1(short=True).upper(), address_line2=unit, city=place.city.upper())
            line["postal_code"] = f"{place.zip5}-{self.random.randrange(1000, 9999)}"
        elif choice == 3:
            line["address_line1"] = f"{place.line1(short=True)} {place.unit}".strip().lower()
            line["address_line2"] = ""
        else:
            line["middle_name"] = line["middle_name"][:1]
            line["address_line1"] = place.line1(short=True) + "."

    def _duties(self, line: Line) -> None:
        """What the agreement asks of each line beside name and address."""
        today = self.terms.today
        line["periods"] = self.terms.period
        line["statute"] = self.random.choice(list(self.terms.statutes))
        line["order_date"] = (today - timedelta(days=self.random.randrange(120, 1500))).isoformat()
        line["case_id"] = self._case()
        line["officer"] = self.terms.officers[len(self.lines) % len(self.terms.officers)]
        parts = (REASON_ACTS, REASON_PAPERS, REASON_PLACES, REASON_MATTERS)
        act, paper, place, matter = (self.random.choice(part) for part in parts)
        line["reason"] = f"{act} {paper} {place}: {matter}"

    def _case(self) -> str:
        return f"CR-{self.terms.today.year - 1}-{self.prefix}{len(self.lines) + 1:06d}"


def write_lines(writer: RequestWriter, path: Path) -> None:
    """Write the request's lines as CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, LINE_COLUMNS)
        table.writeheader()
        table.writerows(writer.lines)


def write_truth(writer: RequestWriter, path: Path) -> None:
    """Write the truth file for `privity evaluate`: line_id, person_ref (empty: must not be confirmed), class."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(("line_id", "person_ref", "class"))
        table.writerows(writer.truth)
