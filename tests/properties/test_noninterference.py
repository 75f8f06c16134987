"""C2, non-interference: what leaves depends on the register through the confirmed lines alone.

With request, agreement, history, clock and randomness fixed: two registers that confirm the same lines give the same
unsigned response, the same log and the same states; any two registers give the same file names, parts and sizes.
"""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from privity.domain.request import RequestId
from privity.ports.register_index import RegisterIndex
from privity.services.admission.show_request import list_requests
from privity.services.agreements.record_offices import current_offices
from privity.services.answering.match_request import match_request
from privity.services.holds.withhold_person import withhold_person
from privity.services.register.build_register import build_register
from privity.services.response.build_response import answered_lines, build_content, roster_of
from privity.services.stored_lines import Sealer
from tests.builders.custodian_home import Desk, adopt, fresh, template
from tests.builders.memory_index import MemoryIndexEngine

HEADER = [
    *("person_ref", "given_name", "middle_name", "family_name", "generation"),
    *("address_line1", "address_line2", "city", "state", "postal_code", "valid_from", "valid_to"),
]
WITHHELD = "withheld-person"
SILENT = ("absent", "other name", "other number", "other unit", "other period", "two of them", "withheld")
LINES = 12
PHASES = (Phase.explicit, Phase.generate)  # a failing pair is readable as it is; shrinking takes minutes


class FixedClock:
    """One moment, after the request came in: its signature is asked for again before lines are answered."""

    def now(self) -> datetime:
        return moment()


class FixedEntropy:
    """The same bytes each time: the salt and the nonces are fixed."""

    def token(self, size: int) -> bytes:
        return b"\x07" * size


@dataclass(frozen=True)
class Seen:
    """What a register made of the request: which lines it confirmed, and all that could be seen outside."""

    confirmed: tuple[int, ...]
    unsigned: bytes
    log: tuple[bytes, ...]
    states: str


@cache
def received() -> Path:
    """A home that holds one admitted request."""
    folder = Path(tempfile.mkdtemp(prefix="privity-noninterference-"))
    desk = fresh(folder)
    desk.receive(desk.pack(desk.stage.first))
    withhold_person(desk.gate, WITHHELD, "informant")
    desk.store.close()
    return folder / "home"


@cache
def moment() -> datetime:
    """The moment at which every register is asked."""
    received()
    return datetime.now(UTC)


@cache
def asked() -> tuple[dict[str, str], ...]:
    """Request lines with split columns whose address no other line shares."""
    _, staged = template()
    rows = list(csv.DictReader(io.StringIO(staged.first.lines.read_text(encoding="utf-8"))))
    shared = Counter((row["address_line1"].upper(), row["postal_code"][:5]) for row in rows)
    alone = [
        row
        for row in rows
        if row["given_name"]
        and row["address_line1"]
        and shared[(row["address_line1"].upper(), row["postal_code"][:5])] == 1
    ]
    return tuple(alone[:LINES])


def rows_for(place: int, line: dict[str, str], kind: str) -> Iterator[list[str]]:
    """Register rows about one line, of one kind. "exact" alone can confirm."""
    row = {name: line.get(name, "") for name in HEADER} | {"person_ref": f"P{place}", "valid_from": "2015-01-01"}
    if kind == "absent":
        return
    if kind == "other name":
        row |= {"given_name": "Zebulon", "family_name": "Quartermain"}
    elif kind == "other number":
        row["address_line1"] = "99" + row["address_line1"]
    elif kind == "other unit":
        row["address_line2"] = "Apt 7777"
    elif kind == "other period":
        row |= {"valid_from": "1990-01-01", "valid_to": "1991-12-31"}
    elif kind == "withheld":
        row["person_ref"] = WITHHELD
    yield [row[name] for name in HEADER]
    if kind == "two of them":
        yield [(row | {"person_ref": f"Q{place}"})[name] for name in HEADER]


def index_of(desk: Desk, kinds: Sequence[str], noise: int) -> RegisterIndex:
    """A register in memory: one kind for each line, and persons whom nobody asked about."""
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(HEADER)
    for place, (line, kind) in enumerate(zip(asked(), kinds, strict=True)):
        writer.writerows(rows_for(place, line, kind))
    for number in range(noise + 1):
        street = f"{100 + number} Unrelated Way"
        writer.writerow([f"N{number}", "Ann", "", "Other", "", street, "", "Reno", "NV", "89510", "2015-01-01", ""])
    engine = MemoryIndexEngine()
    with tempfile.TemporaryDirectory() as name:
        extract = Path(name) / "extract.csv"
        extract.write_text(output.getvalue(), encoding="utf-8")
        build_register(extract, Path(name), desk.keys.index_keys(), engine, processes=1)
        return engine.open(Path(name))


def see(kinds: Sequence[str], noise: int) -> Seen:
    """Match the request on one register, in a home of its own."""
    folder = Path(tempfile.mkdtemp(prefix="privity-pair-"))
    try:
        desk = adopt(received(), folder / "home", template()[1])
        gate = replace(desk.gate, clock=FixedClock(), entropy=FixedEntropy())
        request_id = desk.stage.first.id
        match_request(gate, request_id, index_of(desk, kinds, noise), processes=1)
        with desk.store.reading() as read:
            request = read.request(RequestId(request_id))
            assert request is not None
            sealer = Sealer(request.request_id, desk.keys.request_storage(request.request_id))
            withheld = read.withheld_persons()
            answered = list(answered_lines(read, sealer, request, withheld))
            content = build_content(
                read, sealer, request, sealer.open_file(request), roster_of(current_offices(read, desk.keys))
            )
            log = tuple(read.log_rows(0, 1000))
        states = repr(list_requests(gate))
        desk.store.close()
    finally:
        shutil.rmtree(folder)
    confirmed = tuple(one.line.ordinal for one in answered if one.answer == "CONFIRMED")
    return Seen(confirmed, b"".join(content.unsigned), log, states)


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=PHASES)
@given(
    confirmed=st.lists(st.booleans(), min_size=LINES, max_size=LINES),
    left=st.lists(st.sampled_from(SILENT), min_size=LINES, max_size=LINES),
    right=st.lists(st.sampled_from(SILENT), min_size=LINES, max_size=LINES),
    noise=st.integers(0, 9),
)
def test_registers_that_confirm_the_same_lines_look_alike(
    confirmed: list[bool], left: list[str], right: list[str], noise: int
) -> None:
    def kinds(silent: list[str]) -> list[str]:
        return ["exact" if told else kind for told, kind in zip(confirmed, silent, strict=True)]

    one, other = see(kinds(left), 0), see(kinds(right), noise)
    assert len(one.confirmed) == sum(confirmed)  # the kinds do what their names say: the pairs are no accident
    assert one == other


def test_each_way_of_not_being_confirmed_looks_like_being_absent() -> None:
    absent = see(["absent"] * LINES, 0)
    assert absent.confirmed == ()
    for kind in SILENT[1:]:
        assert see([kind] * LINES, 0) == absent, kind


def test_any_two_registers_give_the_same_names_parts_and_sizes(tmp_path: Path) -> None:
    shapes = []
    for place, kinds in enumerate((["exact"] * LINES, ["absent"] * LINES, ["exact", "two of them"] * (LINES // 2))):
        desk = adopt(received(), tmp_path / f"home{place}", template()[1])
        request_id = desk.stage.first.id
        match_request(desk.gate, request_id, index_of(desk, kinds, place), processes=1)
        desk.approve_twice(request_id)
        desk.clock.advance(60)
        delivered = desk.deliver(request_id, tmp_path / f"out{place}")
        with zipfile.ZipFile(delivered.path) as container:
            parts = [(one.filename, one.file_size) for one in container.infolist() if one.filename.startswith("parts/")]
        shapes.append((Path(delivered.path).name, parts, delivered.parts, delivered.lines))
    assert shapes[0] == shapes[1] == shapes[2]
    assert len(shapes[0][1]) > LINES


def test_the_moment_of_visibility_is_fixed_before_any_look() -> None:
    """Two registers, one of which answers slowly: `visible_from` was stored at admission and never changes."""
    desk = Desk(received(), template()[1])
    with desk.store.reading() as read:
        before = read.request(RequestId(desk.stage.first.id))
    assert before is not None
    assert f"{before.visible_from!r}" in see(["exact"] * LINES, 0).states
    assert f"{before.visible_from!r}" in see(["absent"] * LINES, 5).states
