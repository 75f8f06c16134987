"""Small register extracts and admitted lines about them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from privity.domain.personal import Personal
from privity.domain.request import AdmittedLine, Ordinal, Period, SuppliedAddress, SuppliedName
from privity.normalise.addresses import read_addresses
from privity.normalise.names import read_name

HEADER = (
    "person_ref", "given_name", "middle_name", "family_name", "generation", "address_line1", "address_line2",
    "city", "state", "postal_code", "valid_from", "valid_to", "identifier", "birth_date",
)  # fmt: skip
JOHN = {
    "person_ref": "marker-ref-1", "given_name": "Johannes", "middle_name": "Q", "family_name": "Zwickelbauer",
    "address_line1": "4711 N Quetzalcoatl St", "address_line2": "Apt 4", "city": "Dallas", "state": "TX",
    "postal_code": "75201", "valid_from": "2023-01-01", "valid_to": "2024-12-31", "identifier": "987-65-4321",
    "birth_date": "1961-07-19",
}  # fmt: skip


def row(**changes: str) -> dict[str, str]:
    return {**JOHN, **changes}


def write_extract(path: Path, rows: Iterable[Mapping[str, str]], header: Iterable[str] = HEADER) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(header), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def line(ordinal: int, name: str, address: str, *years: int, **more: str) -> AdmittedLine:
    """A line as admission would admit it. Only tests construct one outside `privity.policy.admission`."""
    read = read_name(SuppliedName(full_name=name)).name
    point = read_addresses([SuppliedAddress(address=address)], second_opinion=False)[0].point
    assert read is not None
    assert point is not None
    periods = tuple(Period(date(year, 1, 1), date(year, 12, 31)) for year in years or (2024,))
    return AdmittedLine(
        Ordinal(ordinal), Personal(read), Personal(point), periods, "officer-1", Personal(more.get("identifier", ""))
    )
