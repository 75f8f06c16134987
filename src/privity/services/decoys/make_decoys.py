"""Derives decoys from an extract: a known person with another unit, number or period, or with another given name.

Only the extract is read, never a home. Each candidate is held against the whole extract (`decoy_truth`) and dropped
where any row could make it true. Drawn by seed; the same seed derives the same lines from the same extract.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from typing import Final

from privity.domain.decoys import DecoyKind
from privity.domain.request import AdmittedLine
from privity.policy.admission.decoys import admit_decoys
from privity.services.decoys.decoy_truth import Claim, Extract, address_of, claim_of, given_of, span_of, spans_of
from privity.wire.decoy_format import COLUMNS, write_decoys
from privity.wire.request_format import read_lines

_DRAWN_FOR_EACH: Final = 6  # candidates drawn for each decoy wanted: some rows cannot be varied, some might be true
_KINDS: Final = (DecoyKind.WRONG_UNIT, DecoyKind.WRONG_NUMBER, DecoyKind.WRONG_PERIOD, DecoyKind.SIBLING)
_PLAIN_STREET: Final = re.compile(r"^\d{1,6} +[A-Za-z]")
_UNIT_NUMBER: Final = re.compile(r"((?:apt|apartment|unit|ste|suite)\.? *#? *)(\d+)", re.IGNORECASE)

Fields = dict[str, str]
_ADDRESS: Final = ("address_line1", "address_line2", "address")


@dataclass(frozen=True, slots=True, repr=False)
class _Candidate:
    fields: Fields
    kind: DecoyKind
    claim: Claim


def make_decoys(extract: Extract, count: int, *, seed: int, year: int) -> list[Fields]:
    """Up to `count` lines, kinds in turn, as columns of a request file. `year`: the last closed year.

    Raises PrivityError REGISTER_INVALID.
    """
    drawn = nsmallest(count * _DRAWN_FOR_EACH, _lots(extract, seed), key=lambda one: one[0])
    names = sorted({given_of(row) for _, row in drawn if len(given_of(row)) > 2})
    candidates = [
        made
        for place, (_, row) in enumerate(drawn)
        if (made := _derive(row, _KINDS[place % len(_KINDS)], names, year, lot=place)) is not None
    ]
    sound = _askable(_sound(candidates, extract))
    by_kind = [[one for one in sound if one.kind is kind] for kind in _KINDS]
    chosen: list[_Candidate] = []
    for place in range(max(map(len, by_kind), default=0)):
        chosen += [some[place] for some in by_kind if place < len(some)]
    return [{**one.fields, "line_id": f"decoy-{number}"} for number, one in enumerate(chosen[:count], 1)]


def _lots(extract: Extract, seed: int) -> Iterator[tuple[bytes, Fields]]:
    """Every row of a plain street address with its lot."""
    for number, row in enumerate(extract.rows(), 1):
        if _PLAIN_STREET.match(address_of(row).strip()) and given_of(row):
            yield hashlib.sha256(f"{seed}/{number}".encode()).digest(), row


def _derive(row: Fields, kind: DecoyKind, names: Sequence[str], year: int, *, lot: int) -> _Candidate | None:
    """The row as a line of its own, wrong in one thing; None where it cannot be varied so."""
    known = _known_year(row, year)
    fields = {name: text for name, text in row.items() if name in COLUMNS} | {"reason": kind.value}
    fields["periods"] = str(known)
    varied = _VARY[kind](fields, row, names, lot)
    if known is None or varied is None:
        return None
    return _Candidate(varied, kind, claim_of(varied, spans_of(varied["periods"])))


def _known_year(row: Fields, year: int) -> int | None:
    """A whole closed year in which the person was recorded there."""
    first, last = span_of(row)
    latest = min(year, last.year - 1) if last != date.max else year
    return latest if first == date.min or first.year < latest else None


def _other_unit(fields: Fields, _row: Fields, _names: Sequence[str], lot: int) -> Fields | None:
    def another(found: re.Match[str]) -> str:
        return f"{found[1]}{int(found[2]) + 1 + lot % 7}"

    changed = {name: _UNIT_NUMBER.sub(another, fields[name]) for name in _ADDRESS}
    return None if all(changed[name] == fields[name] for name in _ADDRESS) else fields | changed


def _other_number(fields: Fields, _row: Fields, _names: Sequence[str], lot: int) -> Fields | None:
    name = "address_line1" if fields["address_line1"] else "address"
    number, _, rest = fields[name].strip().partition(" ")
    return fields | {name: f"{int(number) + 2 * (1 + lot % 5)} {rest}"} if number.isdecimal() else None


def _other_period(fields: Fields, row: Fields, _names: Sequence[str], _lot: int) -> Fields | None:
    first, _ = span_of(row)
    return None if first == date.min else fields | {"periods": str(first.year - 2)}


def _sibling(fields: Fields, row: Fields, names: Sequence[str], lot: int) -> Fields | None:
    others = [name for name in names if name[0] != given_of(row)[0]]
    if not others or not fields["given_name"]:
        return None
    return fields | {"given_name": others[lot * 7919 % len(others)].title(), "middle_name": "", "generation": ""}


_VARY: Final[Mapping[DecoyKind, Callable[[Fields, Fields, Sequence[str], int], Fields | None]]] = {
    DecoyKind.WRONG_UNIT: _other_unit,
    DecoyKind.WRONG_NUMBER: _other_number,
    DecoyKind.WRONG_PERIOD: _other_period,
    DecoyKind.SIBLING: _sibling,
}


def _sound(candidates: Sequence[_Candidate], extract: Extract) -> list[_Candidate]:
    """Those that no row could make true: nobody there in that period whose given name begins with the same letter."""
    asked: dict[tuple[str, str, str], list[int]] = {}
    for place, one in enumerate(candidates):
        asked.setdefault(one.claim.site, []).append(place)
    doubtful: set[int] = set()
    for row in extract.rows():
        claim = claim_of(row, (span_of(row),))
        doubtful.update(place for place in asked.get(claim.site, ()) if candidates[place].claim.is_like(claim))
    return [one for place, one in enumerate(candidates) if place not in doubtful]


def _askable(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Those that the form rules let pass: others could not be planted."""
    rows = [{**one.fields, "line_id": str(place)} for place, one in enumerate(candidates)]
    judged = admit_decoys(list(read_lines(write_decoys(rows), "csv"))) if rows else []
    return [one for one, found in zip(candidates, judged, strict=True) if isinstance(found, AdmittedLine)]
