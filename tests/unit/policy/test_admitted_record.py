"""The storage form of an admitted line is lossless and bound to its rule set."""

from __future__ import annotations

import json

import pytest

from privity.domain.errors import PrivityError
from privity.domain.request import AdmittedLine
from privity.policy.admission import admitted_record, judge_lines, restore_admitted
from tests.builders.admission import address, context, header, line, name


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"identifier": "123-45-6789", "birth_date": "1980-02-29", "periods": "2023;2024-01-01/2024-03-31"},
        {"address": address("PO Box 12||Dallas|TX|75221"), "name": name("Juan Soto Garcia Jr")},
        {"address": address("123 N Main St NW|Apt 4B|Dallas|TX|75201")},
    ],
)
def test_round_trip(changes: dict[str, object]) -> None:
    admitted = judge_lines([line(1, **changes)], header(), context()).judgements[0]
    assert isinstance(admitted, AdmittedLine)
    stored = json.loads(json.dumps(admitted_record(admitted)))
    assert restore_admitted(stored) == admitted


def test_another_rule_set_is_refused() -> None:
    admitted = judge_lines([line(1)], header(), context()).judgements[0]
    assert isinstance(admitted, AdmittedLine)
    record = admitted_record(admitted)
    record[0] = "older"
    with pytest.raises(PrivityError, match="RULE_SET_CHANGED"):
        restore_admitted(record)
