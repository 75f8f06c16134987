"""Supplied addresses to delivery points, a batch at a time: the order of the steps, and nothing else.

Steps: tidy and screen the text; parse each distinct text once (doorplate); check that nothing was lost; read box,
street, unit and last line; ask the second opinion. Each step may name a fatal defect, and then there is no point.
Does not: compare points, nor judge whether a place is a home.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import doorplate

from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.domain.personal import Masked
from privity.domain.request import SuppliedAddress
from privity.normalise import places
from privity.normalise.addresses import second_opinion as other_parser
from privity.normalise.addresses.care_of import CARE_WORDS, without_care_of
from privity.normalise.addresses.complexes import COMPLEX_WORDS, without_complex
from privity.normalise.addresses.house_numbers import joined_number
from privity.normalise.addresses.last_line import IMPOSSIBLE, LastLine, last_line, read_zip
from privity.normalise.addresses.local_forms import set_aside
from privity.normalise.addresses.one_line import cut
from privity.normalise.addresses.point import Supplied, read_point
from privity.normalise.addresses.puerto_rico import PUERTO_RICAN_WORDS, Mark, read_mark, with_box
from privity.normalise.addresses.screening import marked_unit, tidy, tidy_place, without_country
from privity.normalise.addresses.slips import without_slips
from privity.normalise.addresses.unit_lines import in_one_order, with_units_apart
from privity.normalise.addresses.units import UNIT_WORDS, respelt

_NUMBER_ALONE: Final = re.compile(r"[^A-Z]*\d[A-Z]?")
_UNIT_FIRST: Final = re.compile(rf"#|(?:{'|'.join(word for word in UNIT_WORDS if word.isalpha())})(?:[ ,]|$)")


@dataclass(frozen=True, slots=True, repr=False)
class ReadAddress(Masked):
    """What one supplied address says. `defects` holds words of `ADDRESS_DEFECTS` only.

    `second_opinion_agrees` is False where the other parser gives another number, unit or ZIP: do not confirm.
    """

    point: DeliveryPoint | None
    defects: tuple[str, ...]
    zip_was_completed: bool = False
    second_opinion_agrees: bool = True


@dataclass(slots=True)
class _Work:
    """One distinct address on its way: tidied lines, and the defect that ends it."""

    line1: str
    line2: str
    city: str
    state: str
    zip5: str
    defect: str
    number_prefix: str = ""
    units: tuple[tuple[str, str], ...] = ()
    urbanization: str = ""
    care_of: bool = False  # a name was set aside
    complex_name: str = ""  # the name of a complex, set aside: number, street and unit must remain
    mark: Mark | None = None  # a point without a street, read whole

    def set_names_aside(self) -> _Work:
        """Take off what names no place of its own: who takes the mail in, and an apartment complex."""
        words = {*self.line1.replace(",", " ").split(), *self.line2.replace(",", " ").split()}
        state = places.state_code(self.state)
        if not CARE_WORDS.isdisjoint(words):
            self.line1, self.line2, self.care_of = without_care_of(self.line1, self.line2)
        if not COMPLEX_WORDS.isdisjoint(words):
            self.line1, self.line2, self.complex_name = without_complex(self.line1, self.line2, state)
        if state == "PR" and not PUERTO_RICAN_WORDS.isdisjoint(words):
            self.mark = read_mark(self.line1, self.line2)
            self.line1 = with_box(self.line1)
        return self

    def set_units_apart(self) -> _Work:
        """Bring the units of either line to the spelling and order that the parser knows."""
        self.line1, self.line2 = with_units_apart(self.line1, self.line2)
        self.line2, self.units = _second_line(self.line2)
        return self

    def set_local_forms_aside(self) -> _Work:
        """Replace the lines by what the parser knows. A number with a unit behind it names no street: FL 7 beside it
        would be read as Florida's road."""
        if _NUMBER_ALONE.fullmatch(self.line1) and (self.units or _UNIT_FIRST.match(self.line2)):
            self.defect = self.defect or "no_street"
        line1 = joined_number(without_slips(self.line1))
        forms = set_aside(line1, self.line2, places.state_code(self.state))
        self.line1, self.line2, self.number_prefix, units, self.urbanization = forms
        self.units += units
        return self


def read_addresses(addresses: Sequence[SuppliedAddress], *, second_opinion: bool) -> list[ReadAddress]:
    """One `ReadAddress` per address, in order; equal addresses are read once. Never raises on text.

    With `second_opinion` (requests) the other parser is asked too; register rows need none.
    """
    distinct = list(dict.fromkeys(addresses))
    read = dict(zip(distinct, _read_distinct(distinct, second_opinion), strict=True))
    return [read[address] for address in addresses]


def _read_distinct(addresses: list[SuppliedAddress], second_opinion: bool) -> list[ReadAddress]:
    works = [_tidy_whole(address) if address.address.strip() else _tidy_split(address) for address in addresses]
    sound = [work for work in works if not work.defect]
    parsed = iter(_parse(sound))
    answers = []
    for address, work in zip(addresses, works, strict=True):
        answer = ReadAddress(None, (work.defect,)) if work.defect else _finish(work, next(parsed), second_opinion)
        if address.address.strip() and (address.address_line1.strip() or address.address_line2.strip()):
            answer = _one_of_two(answer, address)
        answers.append(answer)
    return answers


def _one_of_two(whole: ReadAddress, address: SuppliedAddress) -> ReadAddress:
    """A line that fills both forms is read twice, and must say the same twice."""
    columns = SuppliedAddress(
        address.address_line1, address.address_line2, address.city, address.state, address.postal_code
    )
    split = _read_distinct([columns], False)[0]
    same = whole.point and split.point and whole.point.core == split.point.core
    return whole if same else ReadAddress(None, ("two_addresses",))


def _tidy_split(address: SuppliedAddress) -> _Work:
    line1, defect1 = tidy(address.address_line1)
    line2, defect2 = tidy(address.address_line2)
    zip5, zip_defect = read_zip(address.postal_code)
    city, city_defect = tidy_place(address.city)
    state, state_defect = tidy_place(address.state)
    empty = "" if line1 or line2 else "empty"
    if not line1:
        line1, line2 = line2, ""
    elif line2:
        line1 = respelt(line1, only_units=False)
    defect = defect1 or defect2 or empty or zip_defect or city_defect or state_defect
    work = _Work(line1, line2, city, state, zip5, defect)
    return work.set_names_aside().set_units_apart().set_local_forms_aside()


def _second_line(line2: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A tidied second line in the spelling the parser knows, and the units set aside."""
    line2, units = in_one_order(line2)
    return marked_unit(respelt(line2, only_units=True)), units


def _tidy_whole(address: SuppliedAddress) -> _Work:
    """The one-line form; city, state and ZIP columns beside it, where filled, are joined to it."""
    parts = [address.address, address.city, " ".join((address.state, address.postal_code)).strip()]
    line, defect = tidy(", ".join(part for part in parts if part.strip()))
    line, foreign = without_country(line)
    if defect or foreign or not line:
        return _Work("", "", "", "", "", defect or foreign or "empty")
    work = _Work(*cut(line))
    work.line1 = respelt(work.line1, only_units=False)
    return work.set_names_aside().set_units_apart().set_local_forms_aside()


def _parse(works: list[_Work]) -> list[doorplate.ParsedAddress | None]:
    if not works:
        return []
    return doorplate.parse_fields_many(
        line1=[work.line1 for work in works],
        line2=[work.line2 or None for work in works],
        city=[work.city or None for work in works],
        state=[work.state or None for work in works],
        zip=[work.zip5 or None for work in works],
    )


def _finish(work: _Work, parsed: doorplate.ParsedAddress | None, second_opinion: bool) -> ReadAddress:
    last = last_line(work.city, work.state, work.zip5)
    if work.mark or parsed is None:
        return _marked(work.mark, last)
    if last.defect in IMPOSSIBLE:
        return ReadAddress(None, (last.defect,))
    text = f"{work.line1} {work.line2}" if work.line2 else work.line1
    supplied = Supplied(text, work.number_prefix, work.units, _quarter(work, last))
    reading = read_point(supplied, parsed, last)
    if isinstance(reading, str):
        return ReadAddress(None, (reading,))
    if last.defect:
        return ReadAddress(None, (last.defect,))
    point, remarks = reading
    if work.complex_name and (point.kind is not PointKind.STREET or not point.unit):
        return ReadAddress(None, ("unparsed_rest",))
    if work.care_of and "care_of" not in remarks:
        remarks = ("care_of", *remarks)
    agrees = not second_opinion or other_parser.agrees(_joined(work, point), point)
    return ReadAddress(point, (*last.remarks, *remarks), "zip_completed" in last.remarks, agrees)


def _quarter(work: _Work, last: LastLine) -> str:
    """What tells one street of a Puerto Rican town from another of its name: the urbanization, else a condominium."""
    if work.urbanization:
        return f"URB {work.urbanization}"
    return f"COND {work.complex_name}" if work.complex_name and last.state == "PR" else ""


def _marked(mark: Mark | None, last: LastLine) -> ReadAddress:
    """The answer for a point read whole, without the parser; no second parser knows such forms."""
    if mark is None or last.defect:
        return ReadAddress(None, (last.defect if mark else "no_street",))
    point = DeliveryPoint(PointKind.STREET, last.zip5, *mark, city=last.city, state=last.state)
    return ReadAddress(point, last.remarks, "zip_completed" in last.remarks)


def _joined(work: _Work, point: DeliveryPoint) -> str:
    """The address as one line, for the parser that knows no other."""
    parts = (work.number_prefix + work.line1, work.line2, work.city, f"{point.state} {point.zip5}")
    return ", ".join([part for part in parts if part])
