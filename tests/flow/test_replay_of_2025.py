"""The failure of 2025, replayed against the real services: names and identifiers are right, nine of ten addresses none.

Public court and inspector-general record: 47,289 addresses went out on 1.28 million lines, and about 42,695 of these
(nine of ten) unlawfully, because name and identifier were compared and the address was not. The only test of the
address was "not blank, and holds a run of five or nine digits". Fields held "Failed to Provide", "Unknown Address",
"NA NA", a ZIP, a street without number, jails without a location; one officer was named in every line.

Here every line names a person who is in the register, with that person's own identifier, so that a gate that compares
those two would say yes to all of them; every bad field passes the old test, which the test applies too.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from privity.domain.answer import Answer
from privity.domain.errors import ErrorCode
from privity.domain.offices import CustodianRole
from privity.domain.personal import Personal
from privity.domain.request import AdmittedLine, LineContent, Ordinal, RequestLine, SuppliedAddress, SuppliedName
from privity.policy.admission import admit_for_evaluation
from privity.services.accounting.account_for_person import account_for_request
from privity.services.gate import StoredLogRows
from privity.services.requester.open_response import OpenedResponse
from tests.builders.admission import content, csv_of
from tests.builders.custodian_home import Desk, make_home, stage

Row = dict[str, str]
OFFICER = "officer-001"
GOOD_EVERY = 10  # one line of ten has the person's own address: 1 - 42,695 / 47,289 is 9.7 %
OLD_TEST = re.compile(r"\d{5}(?:\d{4})?")

PLACEHOLDER, INCOMPLETE, INSTITUTION = (
    ErrorCode.ADDRESS_PLACEHOLDER,
    ErrorCode.ADDRESS_INCOMPLETE,
    ErrorCode.ADDRESS_INSTITUTION,
)
SHAPES: tuple[tuple[ErrorCode, Callable[[Row], str]], ...] = (
    (PLACEHOLDER, lambda row: f"Failed to Provide {row['postal_code']}"),
    (PLACEHOLDER, lambda row: f"Unknown Address, {row['city']}, {row['state']} {row['postal_code']}"),
    (PLACEHOLDER, lambda row: f"NA NA {row['postal_code']}"),
    (INCOMPLETE, lambda row: row["postal_code"]),
    (INCOMPLETE, lambda row: f"{row['city']}, {row['state']} {row['postal_code']}"),
    (INCOMPLETE, lambda row: f"Main Street, {row['city']}, {row['state']} {row['postal_code']}"),
    (INSTITUTION, lambda row: f"{row['city']} County Jail, {row['city']}, {row['state']} {row['postal_code']}"),
    (PLACEHOLDER, lambda row: f"Don't Care {row['postal_code']}"),
    (INSTITUTION, lambda row: f"Detention Center, {row['city']}, {row['state']} {row['postal_code']}"),
)


class Replay:
    """A home whose register knows every identifier, and a request of such lines under one officer."""

    def __init__(self, folder: Path, lines: int, *, over_percent: int) -> None:
        staged = stage(folder / "stage", register_rows=1_500)
        people = give_identifiers(staged.extract)
        old = hashlib.sha256(staged.agreement.read_bytes()).hexdigest()
        document = staged.agreement.read_text(encoding="utf-8")
        changed = document.replace("parameters: {over_percent: 5}", f"parameters: {{over_percent: {over_percent}}}")
        assert (changed != document) == (over_percent != 5)
        staged.agreement.write_text(changed, encoding="utf-8", newline="\n")
        new = hashlib.sha256(staged.agreement.read_bytes()).hexdigest()
        header = staged.first.header
        header.write_text(header.read_text(encoding="utf-8").replace(old, new), encoding="utf-8", newline="\n")
        self.desk: Desk = make_home(folder / "home", staged)
        self.lines = lines
        chosen = people[:lines]
        assert len(chosen) == lines
        self.codes = {n: None if n % GOOD_EVERY == 0 else SHAPES[n % len(SHAPES)][0] for n in range(1, lines + 1)}
        document_of_lines = csv_of([one_line(number, row) for number, row in enumerate(chosen, start=1)])
        self.package = self.desk.pack(staged.first, lines=document_of_lines)

    def opened(self, path: str) -> OpenedResponse:
        return self.desk.open_all(Path(path).read_bytes())

    def events(self) -> list[str]:
        return [entry.decode() for entry in StoredLogRows(self.desk.store).read(0, 1_000)]


def give_identifiers(extract: Path) -> list[Row]:
    """Write a column of identifiers into the extract; the persons whom one line can name and who still live there."""
    with extract.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = {ref: 100_000_001 + 7_919 * n for n, ref in enumerate(sorted({row["person_ref"] for row in rows}))}
    for row in rows:
        row["identifier"] = str(numbers[row["person_ref"]])
    with extract.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    names = Counter((row["given_name"], row["family_name"]) for row in rows)
    persons = Counter(row["person_ref"] for row in rows)
    living = [
        row
        for row in rows
        if not row["valid_to"]
        and row["valid_from"] < "2024"
        and names[row["given_name"], row["family_name"]] == 1
        and persons[row["person_ref"]] == 1
    ]
    own = [RequestLine(Ordinal(n), Personal(one_line(GOOD_EVERY, row))) for n, row in enumerate(living, start=1)]
    judged = admit_for_evaluation(own)  # some rows of the register are placeholders themselves
    return [row for row, one in zip(living, judged, strict=True) if isinstance(one, AdmittedLine)]


def one_line(number: int, row: Row) -> LineContent:
    """The person's own name and identifier; the person's own address in one line of ten, none in the others."""
    name = SuppliedName(row["given_name"], row["middle_name"], row["family_name"], row["generation"])
    own = SuppliedAddress(*(row[column] for column in ADDRESS))
    address = own if number % GOOD_EVERY == 0 else SuppliedAddress(address=SHAPES[number % len(SHAPES)][1](row))
    whole = address.address or " ".join(row[column] for column in ADDRESS)
    assert OLD_TEST.search(whole)  # the custodian of 2025 would have let it pass
    return replace(content(number), name=name, address=address, identifier=row["identifier"], officer=OFFICER)


ADDRESS = ("address_line1", "address_line2", "city", "state", "postal_code")


def test_the_file_goes_back_whole_with_the_reasons_and_nothing_is_looked_up(tmp_path: Path) -> None:
    replay = Replay(tmp_path, 560, over_percent=5)
    received, delivered = replay.desk.walk(replay.package)
    assert received.returned_whole
    assert {finding.code for finding in received.findings} == {"TOO_MANY_DEFECTS", "OFFICER_IMPLAUSIBLE"}
    opened = replay.opened(delivered.path)
    assert [line.ordinal for line in opened.lines] == list(range(1, 561))
    assert all(line.answer is None and line.code is not None for line in opened.lines)
    told = {line.ordinal: line.code for line in opened.lines}
    assert {n: told[n] for n, code in replay.codes.items() if code} == {n: c for n, c in replay.codes.items() if c}
    account = account_for_request(
        replay.desk.gate, received.request_id, role=CustodianRole.AUDITOR, reason_code="audit"
    )
    assert account.records == 560
    assert account.root_recomputed_agrees
    assert "CONFIRMED" not in account.answers
    assert not any("MATCHING_" in entry for entry in replay.events())
    replay.desk.store.close()


def test_below_the_threshold_only_the_good_tenth_can_be_confirmed(tmp_path: Path) -> None:
    replay = Replay(tmp_path, 300, over_percent=95)
    received, delivered = replay.desk.walk(replay.package)
    assert not received.returned_whole
    opened = replay.opened(delivered.path)
    confirmed = {line.ordinal for line in opened.lines if line.answer is Answer.CONFIRMED}
    good = {number for number, code in replay.codes.items() if code is None}
    assert confirmed == good
    assert len(good) == 30
    told = {line.ordinal: (line.answer, line.code) for line in opened.lines}
    assert all(told[number] == (None, code) for number, code in replay.codes.items() if code)
    account = account_for_request(
        replay.desk.gate, received.request_id, role=CustodianRole.AUDITOR, reason_code="audit"
    )
    assert account.records == 300
    assert account.answers["CONFIRMED"] == 30
    replay.desk.store.close()


@pytest.mark.parametrize("place", range(len(SHAPES)))
def test_every_shape_would_have_passed_the_test_of_2025(place: int) -> None:
    row = {"city": "Dallas", "state": "TX", "postal_code": "75201"}
    assert OLD_TEST.search(SHAPES[place][1](row))
