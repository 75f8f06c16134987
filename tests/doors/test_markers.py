"""C3, C8: after a whole walk, no person's value lies readable in any file of the home, any name, any error, any output.

Marker values stand in for persons: in the register, in the request's names, addresses, ids and free text, in bad lines
and bad files, in dockets. They are looked for as they are, in other cases, and in other spellings of the same bytes.
"""

from __future__ import annotations

import base64
import csv
import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from privity.adapters.duckdb_index import DuckDbIndexEngine
from privity.domain.errors import PrivityError
from privity.domain.holds import Demand, HoldScope
from privity.domain.offices import CustodianRole
from privity.domain.request import SuppliedName
from privity.services.accounting.account_for_person import account_for_name, account_for_person
from privity.services.admission.show_request import list_requests, show_request
from privity.services.holds.declare_class import add_to_class, list_classes
from privity.services.holds.deliver_notice import list_notices, show_notice
from privity.services.holds.place_hold import lift_hold, list_holds, place_hold
from privity.services.holds.show_hold import show_hold
from privity.services.register.activate_register import activate_register
from privity.services.release.review_request import review_request
from tests.builders.custodian_home import Desk, fresh
from tests.builders.delivered_home import issue_one, opened, order, package_of, receipt, record
from tests.flow.test_receive_refuses import with_lines  # the requester's own, rightly signed packages

GIVEN, FAMILY, STREET, REFERENCE = "Zyxwanda", "Qvrtlmarker", "Xyloquartz", "PREF-MARKER-77"
LINE_ID, CASE_ID, REASON, IDENTIFIER = "LINEMARKQX", "CASEMARKQX", "reasonmarkqx", "998-71-4432"
DOCKET, PLACEHOLDER, COLUMN = "docketmarkqx", "unknownmarkqx", "columnmarkqx"
MARKERS = (*(GIVEN, FAMILY, STREET, REFERENCE, LINE_ID, CASE_ID, REASON, IDENTIFIER, DOCKET, PLACEHOLDER, COLUMN),)


def spellings(marker: str) -> Iterator[bytes]:
    """The same value as it could lie in a file."""
    for text in {marker, marker.upper(), marker.lower()}:
        plain = text.encode()
        yield plain
        yield text.encode("utf-16-le")
        yield text.encode("utf-16-be")
        yield plain.hex().encode()
        for shift in range(3):  # base64 depends on where the value starts, and its ends on what stands beside
            encoded = base64.b64encode(b"\0" * shift + plain)
            yield encoded[(0, 2, 3)[shift] : (len(plain) + shift) * 8 // 6]


WANTED = tuple({found for marker in MARKERS for found in spellings(marker) if len(found) >= 6})


def leaks(content: bytes) -> list[bytes]:
    return [wanted for wanted in WANTED if wanted in content]


@dataclass
class Walked:
    """A home after everything was done to it, and everything that was said meanwhile."""

    desk: Desk
    said: list[str]


def extract(rows: list[dict[str, str]]) -> str:
    output = io.StringIO()
    writer = csv.DictWriter(output, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return output.getvalue()


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    records: list[str] = []

    class Recorder(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(self.format(record))

    recorder = Recorder(level=logging.DEBUG)
    logging.getLogger().addHandler(recorder)
    desk = fresh(tmp_path_factory.mktemp("markers"))
    said = _do_everything(desk)
    logging.getLogger().removeHandler(recorder)
    yield Walked(desk, said + records)
    desk.store.close()


def _do_everything(desk: Desk) -> list[str]:
    said: list[str] = []
    _build_register(desk)
    rows = _request_rows(desk)
    received = desk.receive(desk.pack(desk.stage.first, lines=extract(rows).encode()))
    said += [repr(received), repr(list_requests(desk.gate))]
    said.append(repr(desk.match(received.request_id)))
    said.append(repr(review_request(desk.gate, received.request_id)))
    assert review_request(desk.gate, received.request_id).confirmed >= 1
    hold = place_hold(
        desk.gate, HoldScope.REQUEST, received.request_id, "court_order", DOCKET, role=CustodianRole.COUNSEL
    )
    said += [repr(hold), _error(lambda: desk.approve(received.request_id))]
    lift_hold(desk.gate, hold.hold_id, role=CustodianRole.COUNSEL)
    desk.approve_twice(received.request_id)
    desk.clock.advance(60)
    delivered = desk.deliver(received.request_id)
    said += [repr(delivered), repr(show_request(desk.gate, received.request_id))]
    said += _recall(desk)
    found = account_for_person(desk.gate, REFERENCE, role=CustodianRole.AUDITOR, reason_code="audit")
    assert [entry.record["line_id"] for entry in found.entries] == [f"{LINE_ID}-0"]
    said.append(repr(found.entries[0]))
    by_name = account_for_name(
        desk.gate, SuppliedName(given_name=GIVEN, family_name=FAMILY), role=CustodianRole.AUDITOR, reason_code="audit"
    )
    assert len(by_name.entries) >= 2
    return said


def _recall(desk: Desk) -> list[str]:
    """An order on a class of the marked person, and on the delivered answer; its notice and the receipt for it."""
    said = [repr(add_to_class(desk.gate, "plaintiffs", [REFERENCE]))]
    hold = order(desk, Demand.FREEZE, HoldScope.CLASS, "plaintiffs")
    issued = issue_one(desk)
    package = package_of(desk, issued.notice_id)
    said += [repr(hold), repr(issued), package.decode("latin-1"), repr(opened(desk, package))]
    said += [repr(record(desk, receipt(desk, package, "frozen"))), repr(list_notices(desk.gate))]
    said += [repr(show_notice(desk.gate, issued.notice_id)), repr(show_hold(desk.gate, hold.hold_id))]
    said += [repr(list_holds(desk.gate)[1:]), repr(list_classes(desk.gate))]
    lift_hold(desk.gate, hold.hold_id)
    return said


def _build_register(desk: Desk) -> None:
    with desk.stage.extract.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))[:200]
    person = dict.fromkeys(rows[0], "") | {
        "person_ref": REFERENCE,
        "given_name": GIVEN,
        "family_name": FAMILY,
        "address_line1": f"4711 {STREET} Avenue",
        "city": "Dallas",
        "state": "TX",
        "postal_code": "75201",
        "valid_from": "2001-01-01",
    }
    bad = person | {"person_ref": REFERENCE + "B", "address_line1": PLACEHOLDER}
    path = desk.home.parent / "marked-extract.csv"
    path.write_text(extract([*rows, person, bad]), encoding="utf-8")
    activate_register(desk.gate, path, desk.home / "register", DuckDbIndexEngine(), processes=1)


def _request_rows(desk: Desk) -> list[dict[str, str]]:
    """The requester's lines, two of them about the marked person: one sound, one with a placeholder for an address."""
    with desk.stage.first.lines.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    marked = {"given_name": GIVEN, "middle_name": "", "family_name": FAMILY, "generation": "", "full_name": ""}
    marked |= {"address_line1": f"4711 {STREET} Ave", "address_line2": "", "city": "Dallas", "state": "TX"}
    marked |= {"postal_code": "75201", "address": "", "identifier": IDENTIFIER}
    for place, row in enumerate(rows):
        row["line_id"] = f"{LINE_ID}-{place}"
        row["case_id"] = f"{row['case_id']}-{CASE_ID}"
        row["reason"] = f"{row['reason']} {REASON}"
        row.setdefault("identifier", "")
    rows[0] |= marked
    rows[3] |= marked | {"address_line1": PLACEHOLDER}
    return rows


@pytest.mark.parametrize("form", ["no header", "other column", "cut in a cell", "no csv at all", "utf-16"])
def test_a_file_that_is_wrong_as_a_whole_says_nothing_of_what_is_in_it(tmp_path: Path, form: str) -> None:
    """Errors, findings, codes, notices and the home itself, after a rightly signed file that cannot be read."""
    desk = fresh(tmp_path)
    text = extract(_request_rows(desk))
    document = {
        "no header": text.partition("\r\n")[2].encode(),
        "other column": text.replace("line_id", COLUMN, 1).encode(),
        "cut in a cell": (text[: text.index(REASON) + 20] + '"').encode(),
        "no csv at all": ('{"a":' + text).encode(),
        "utf-16": text.encode("utf-16"),
    }[form]
    received = desk.receive(with_lines(desk, document))
    assert received.returned_whole
    assert list(received.codes) == ["FORMAT_INVALID"]
    shown = [repr(received), repr(show_request(desk.gate, received.request_id))]
    assert not [text for text in shown if leaks(text.encode("utf-8", "replace"))]
    desk.store.close()
    files = [path for path in desk.home.rglob("*") if path.is_file()]
    assert not [path for path in files if leaks(path.read_bytes())]


def _error(action: object) -> str:
    try:
        return repr(action())  # type: ignore[operator]
    except PrivityError as error:
        return f"{error} {error.message} {error.mend} {dict(error.details)} {error!r} {error.__cause__!r}"


def test_no_file_of_the_home_holds_a_value(walked: Walked) -> None:
    files = [path for path in walked.desk.home.rglob("*") if path.is_file()]
    assert any(path.suffix == ".sqlite" for path in files)
    assert len(files) > 20
    found = {str(path.relative_to(walked.desk.home)): leaks(path.read_bytes()) for path in files}
    assert not {name: some for name, some in found.items() if some}


def test_no_name_of_a_file_holds_a_value(walked: Walked) -> None:
    names = [str(path) for folder in (walked.desk.home, walked.desk.out) for path in folder.rglob("*")]
    assert not leaks("\n".join(names).encode())


def test_no_package_holds_a_value(walked: Walked) -> None:
    packages = list(walked.desk.out.iterdir())
    assert {path.name.partition("-")[0] for path in packages} == {"R", "notice"}
    assert not any(leaks(path.read_bytes()) for path in packages)


def test_nothing_that_was_said_holds_a_value(walked: Walked) -> None:
    assert len(walked.said) > 8
    assert not [text for text in walked.said if leaks(text.encode("utf-8", "replace"))]


def test_output_and_error_streams_stay_silent(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    desk = fresh(tmp_path)
    rows = _request_rows(desk)
    desk.walk(desk.pack(desk.stage.first, lines=extract(rows).encode()))
    captured = capfd.readouterr()
    assert not leaks((captured.out + captured.err).encode())


def test_the_scan_finds_what_it_looks_for(tmp_path: Path) -> None:
    """A scan that cannot fail proves nothing: plant each marker in each spelling, at each offset."""
    for marker in MARKERS:
        for planted in (marker, marker.upper(), marker.lower()):
            for offset in range(3):
                text = "x" * offset + planted + "yyy"
                assert leaks(text.encode())
                assert leaks(text.encode("utf-16-le"))
                assert leaks(base64.b64encode(text.encode()))
                assert leaks(text.encode().hex().encode())


def test_personal_values_are_masked_when_printed(walked: Walked) -> None:
    from privity.domain.errors import ErrorCode
    from privity.wire.line_chunks import JudgedLine, LineKind

    name = SuppliedName(given_name=GIVEN, family_name=FAMILY)
    line = JudgedLine(1, LINE_ID, name, "", IDENTIFIER, CASE_ID, "o", LineKind.RETURNED, ErrorCode.REFERRED, "", None)  # type: ignore[arg-type]
    for shown in (repr(line), str(line), f"{line}", repr([line]), repr(replace(line, ordinal=2))):  # type: ignore[arg-type]
        assert not leaks(shown.encode())
