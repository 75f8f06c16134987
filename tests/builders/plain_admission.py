"""Request files straight to admitted lines, by form alone: for tests of matching that need many lines quickly."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from privity.domain.personal import Personal
from privity.domain.request import AdmittedLine, Period
from privity.normalise.addresses import read_addresses
from privity.normalise.names import read_name
from privity.wire.request_format import read_lines


def admitted_lines(requests: Path) -> list[AdmittedLine]:
    return admitted(requests.read_bytes())


def admitted(requests: bytes) -> list[AdmittedLine]:
    lines = list(read_lines(requests, "csv"))
    contents = [line.content.reveal() for line in lines]
    addresses = read_addresses([content.address for content in contents], second_opinion=True)
    admitted = []
    for line, content, address in zip(lines, contents, addresses, strict=True):
        name = read_name(content.name).name
        if name is None or address.point is None:
            continue
        years = [int(year) for year in content.periods.split(";")]
        periods = tuple(Period(date(year, 1, 1), date(year, 12, 31)) for year in years)
        admitted.append(
            AdmittedLine(
                line.ordinal,
                Personal(name),
                Personal(address.point),
                periods,
                "",
                Personal(content.identifier),
                birth_date=date.fromisoformat(content.birth_date) if content.birth_date else None,
                confirmable=address.second_opinion_agrees,
            )
        )
    return admitted
