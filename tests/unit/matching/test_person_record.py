"""Sealed records have one length, and come back as they were."""

from __future__ import annotations

from privity.matching.person_record import RECORD_BYTES, PersonAtPoint, RecordedName, decode_person, encode_person, fits
from tests.builders.matched_people import MAIN, facts, person


def test_one_length_whatever_they_hold() -> None:
    short, long = (
        person("p", "JO LI"),
        person("q", "CHRISTOPHER ALEXANDER MONTGOMERY-FITZGERALD, JR", *range(2018, 2024)),
    )
    records = encode_person(short) + encode_person(long)
    assert {len(record) for record in records} == {RECORD_BYTES}
    assert facts(decode_person(records[0])) == short


def test_many_periods_take_several_records() -> None:
    years = range(1990, 2024)
    records = encode_person(person("p", "JOHN SMITH", *years))
    assert len(records) > 1
    spans = [span for record in records for span in decode_person(record).spans]
    assert spans == list(person("p", "JOHN SMITH", *years).spans)


def test_open_periods_identifier_and_birth_date_survive() -> None:
    whole = PersonAtPoint(
        b"r" * 16, RecordedName("ANA", "", ("GARCIA", "LOPEZ")), MAIN, ((0, 738000),), -(2**63), 700000
    )
    assert [facts(decode_person(record)) for record in encode_person(whole)] == [whole]


def test_what_does_not_fit_is_known_before() -> None:
    assert fits(RecordedName("A" * 60, "", ("B",)), MAIN)
    assert not fits(RecordedName("A" * 120, "", ("B",)), MAIN)
