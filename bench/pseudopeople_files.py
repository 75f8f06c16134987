"""Three files for `privity evaluate` from pseudopeople's sample population (BSD-3): register, requests, truth.

Register: filers of form 1040 (and their spouses) with their address history, free of noise. Requests: the same years'
W2 and 1099 forms with the package's own noise, times a factor; and lines that must not be confirmed: movers' old
addresses, neighbours' numbers, non-filing members of filers' households. The sample's constant ZIP 00000 and city are
replaced by real ones, household by household, *before* the noise.

    python -m bench.pseudopeople_files --out DIR [--noise 1] [--first-year 2019] [--last-year 2040] [--seed 0]
        [--identifiers]
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import random
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ADDRESS = ("street_number", "street_name", "unit_number", "po_box", "city", "state", "zipcode")
REGISTER_COLUMNS = (
    "person_ref", "given_name", "middle_name", "family_name",
    "address_line1", "address_line2", "city", "state", "postal_code", "valid_from", "valid_to", "identifier",
)  # fmt: skip
REQUEST_COLUMNS = (
    "line_id", "given_name", "middle_name", "family_name",
    "address_line1", "address_line2", "city", "state", "postal_code", "periods", "identifier",
)  # fmt: skip
WRITTEN = ("simulant_id", "first_name", "middle_initial", "last_name", "ssn")
FORMS = ("taxes_1040", "taxes_w2_and_1099")
NOISED_FROM = 2019


@dataclass(frozen=True)
class Place:
    """One address as seven texts in the order of ADDRESS."""

    parts: tuple[str, ...]

    @property
    def is_delivery_point(self) -> bool:
        """A box, or a street with a number; some of the sample's addresses have none."""
        number, street, _, box, *_ = self.parts
        return bool(box or (number and street))

    @property
    def columns(self) -> tuple[str, str, str, str, str]:
        """address_line1, address_line2, city, state, postal_code."""
        number, street, unit, box, city, state, zipcode = self.parts
        line1 = f"PO Box {box}" if box and not street else f"{number} {street}".strip()
        return line1, unit, city, state, zipcode


@dataclass(frozen=True)
class Files:
    """The three files, and how many lines of each class there are."""

    register: Path
    requests: Path
    truth: Path
    classes: dict[str, int]


def build_files(
    out: Path,
    *,
    noise: float = 1.0,
    first_year: int = 2019,
    last_year: int = 2040,
    seed: int = 0,
    part: int = 1,
    identifiers: bool = False,
) -> Files:
    """Write register.csv, requests.csv and truth.csv below `out` (made if missing).

    `noise` multiplies the package's probabilities; `part` = n keeps one household in n, with all its years;
    `identifiers` gives the social security numbers of the forms (the requests' with noise) as identifiers.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder)
        frames = _with_real_places(source, part)
        filed = _filed(frames["taxes_1040"])
        numbers = _numbers(frames["taxes_1040"]) if identifiers else {}
        rows = ((*row, numbers.get(row[0], "")) for row in _register_rows(filed))
        _write(out / "register.csv", REGISTER_COLUMNS, rows)
        lines: list[tuple[str, str, tuple[str, ...]]] = []
        for year in range(first_year, last_year + 1):
            noisy = _noisy_w2(source, year, noise, seed)
            clean = frames["taxes_w2_and_1099"]
            clean = clean[clean["tax_year"] == year]
            lines += _w2_lines(noisy, clean, filed, year)
            lines += _forbidden_lines(frames["taxes_1040"], noisy, filed, year, random.Random(f"{seed}/{year}"))
    random.Random(seed).shuffle(lines)
    ids = [f"P{number:06}" for number in range(1, len(lines) + 1)]
    asked = (line if identifiers else (*line[:-1], "") for _, _, line in lines)
    _write(out / "requests.csv", REQUEST_COLUMNS, ((name, *line) for name, line in zip(ids, asked, strict=True)))
    _write(
        out / "truth.csv",
        ("line_id", "person_ref", "class"),
        ((name, person, kind) for name, (person, kind, _) in zip(ids, lines, strict=True)),
    )
    classes: dict[str, int] = {}
    for _, kind, _ in lines:
        classes[kind] = classes.get(kind, 0) + 1
    return Files(out / "register.csv", out / "requests.csv", out / "truth.csv", classes)


def _write(path: Path, header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def _with_real_places(source: Path, part: int) -> dict[str, Any]:
    """The sample's two data sets with a real city and ZIP for each household, also written for the package."""
    import pandas as pd
    import pseudopeople

    sample = Path(pseudopeople.__file__).parent / "data" / "sample_datasets"
    towns = _towns("WA")
    frames = {}
    for form in FORMS:
        frame = pd.read_parquet(sample / form / f"{form}.parquet")
        if part > 1:
            homes = frame["household_id"].astype("object")
            frame = frame[homes.map(lambda home: _number(f"part {home}") % part == 0).astype(bool)].reset_index(
                drop=True
            )
        for prefix in ("", "spouse_"):
            if f"{prefix}household_id" not in frame:
                continue
            chosen = (
                frame[f"{prefix}household_id"].astype("object").map(lambda home: _town(home, towns), na_action="ignore")
            )
            for place, column in ((0, "mailing_address_city"), (1, "mailing_address_zipcode")):
                texts = chosen.map(lambda town, place=place: town[place], na_action="ignore")
                frame[f"{prefix}{column}"] = texts.astype("category")
        (source / form).mkdir()
        frame.to_parquet(source / form / f"{form}.parquet")
        frames[form] = frame
    (source / "CHANGELOG.rst").write_text("**1.4.2 - the sample population, with real towns**\n")
    return frames


def _towns(state: str) -> list[tuple[str, str]]:
    import zipcodes

    found = zipcodes.filter_by(state=state, zip_code_type="STANDARD", active=True)
    return sorted((town["city"], town["zip_code"]) for town in found)


def _town(household: object, towns: list[tuple[str, str]]) -> tuple[str, str]:
    return towns[_number(str(household)) % len(towns)]


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def _text(value: object) -> str:
    if value is None or value != value:  # NaN
        return ""
    return str(int(value)) if isinstance(value, float) else str(value).strip()


def _texts(frame: Any, columns: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Rows of some columns as texts; a column that does not exist is empty."""
    series = [
        [_text(value) for value in frame[column].astype("object")] if column in frame else [""] * len(frame)
        for column in columns
    ]
    return zip(*series, strict=True)


Filed = dict[tuple[str, int], tuple[tuple[str, str, str], Place]]


def _filed(frame: Any) -> Filed:
    """(person, year) -> (name parts, address) of every filer and spouse."""
    filed: Filed = {}
    for prefix in ("", "spouse_"):
        columns = [f"{prefix}{column}" for column in ("simulant_id", "first_name", "middle_initial", "last_name")]
        columns += [f"{prefix}mailing_address_{column}" for column in ADDRESS]
        for year, (person, *texts) in zip(frame["tax_year"], _texts(frame, columns), strict=True):
            if person:
                name = (texts[0], texts[1], texts[2])
                filed.setdefault((person, int(year)), (name, Place(tuple(texts[3:]))))
    return filed


def _numbers(frame: Any) -> dict[str, str]:
    """Person -> social security number, of filers and spouses."""
    numbers: dict[str, str] = {}
    for prefix in ("", "spouse_"):
        numbers.update(pair for pair in _texts(frame, [f"{prefix}simulant_id", f"{prefix}ssn"]) if pair[0])
    return numbers


def _register_rows(filed: Filed) -> Iterator[tuple[str, ...]]:
    """One row for each run of years of one person with one name at one address."""
    run: tuple[str, int, int] | None = None
    facts: tuple[tuple[str, str, str], Place] | None = None
    for (person, year), held in sorted(filed.items()):
        if run and facts == held and run[0] == person and run[2] == year - 1:
            run = (person, run[1], year)
            continue
        if run and facts:
            yield _register_row(run, *facts)
        run, facts = (person, year, year), held
    if run and facts:
        yield _register_row(run, *facts)


def _register_row(run: tuple[str, int, int], name: tuple[str, str, str], place: Place) -> tuple[str, ...]:
    return (run[0], *name, *place.columns, f"{run[1]}-01-01", f"{run[2]}-12-31")


def _noisy_w2(source: Path, year: int, factor: float, seed: int) -> Any:
    """The package's own noise, every row and cell probability times `factor`."""
    import pseudopeople

    config = pseudopeople.get_config()["taxes_w2_and_1099"]
    for kind, key in (("row_noise", "row_probability"), ("column_noise", "cell_probability")):
        for target in config[kind].values():
            for noise in [target] if kind == "row_noise" else target.values():
                if key in noise:
                    noise[key] = min(1.0, noise[key] * factor)
    return pseudopeople.generate_taxes_w2_and_1099(
        source=source, seed=seed, config={"taxes_w2_and_1099": config}, year=year
    )


def _w2_lines(noisy: Any, clean: Any, filed: Filed, year: int) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """W2 forms as lines. To be confirmed where the person filed from the address that the form had before the noise,
    and that address is a delivery point (a street without a number never confirms). A namesake is somebody who bears
    the whole name of another person recorded at the same address in the same year: nothing in a line tells them apart.
    """
    columns = [*WRITTEN, *(f"mailing_address_{column}" for column in ADDRESS)]
    meant = {row[0]: (row[1:4], Place(row[5:])) for row in _texts(clean, columns)}
    recorded = {held: person for (person, at), held in filed.items() if at == year}
    for row in _texts(noisy, columns):
        person, given, middle, family, number = row[:5]
        place = Place(row[5:])
        own = filed.get((person, year))
        if recorded.get(meant[person], person) != person:
            truth, kind = "", "namesake"
        elif own is None:
            truth, kind = "", "not_a_filer"
        elif own[1] != meant[person][1]:
            truth, kind = "", "filed_from_elsewhere"
        elif not own[1].is_delivery_point:
            truth, kind = "", "no_delivery_point"
        else:
            truth, kind = person, "w2"
        yield truth, kind, (given, middle, family, *place.columns, str(year), number)


def _forbidden_lines(
    forms: Any, noisy: Any, filed: Filed, year: int, chance: random.Random
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Old addresses of movers, neighbours' numbers, and household members who do not file."""
    written = {row[0]: (row[1:4], row[4]) for row in _texts(noisy, WRITTEN)}
    own_points = {(person, place.parts) for (person, at), (_, place) in filed.items() if at == year}
    for (person, before), (_, place) in filed.items():
        now = filed.get((person, year))
        if before in (year - 1, year - 3) and now and now[1] != place and person in written:
            name, own_number = written[person]
            yield "", "old_address", (*name, *place.columns, str(year), own_number)
    for (person, at), (_, place) in filed.items():
        if at == year and place.parts[0].isdigit() and person in written and chance.random() < 0.2:
            neighbour = str(int(place.parts[0]) + chance.choice((-2, 2, 4, 1, 10)))
            other = Place((neighbour, *place.parts[1:]))
            if (person, other.parts) not in own_points and neighbour.isdigit() and neighbour != "0":
                name, own_number = written[person]
                yield "", "neighbour", (*name, *other.columns, str(year), own_number)
    yield from _dependants(forms[forms["tax_year"] == year], filed, year)


def _dependants(forms: Any, filed: Filed, year: int) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Dependants at the filer's own address: they live there, yet no record of the register says so."""
    bearers = {(name[0], name[2], place) for (_, at), (name, place) in filed.items() if at == year}
    for number in range(1, 5):
        columns = [f"dependent_{number}_{column}" for column in ("simulant_id", "first_name", "last_name", "ssn")]
        for person, given, family, own_number, filer in _texts(forms, [*columns, "simulant_id"]):
            if person and (person, year) not in filed:
                place = filed[filer, year][1]
                kind = "namesake" if (given, family, place) in bearers else "household_member"
                yield "", kind, (given, "", family, *place.columns, str(year), own_number)


def main() -> None:
    """Write the files and say what they hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--noise", type=float, default=1.0)
    parser.add_argument("--first-year", type=int, default=NOISED_FROM)
    parser.add_argument("--last-year", type=int, default=2040)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--identifiers", action="store_true")
    given = parser.parse_args()
    files = build_files(
        given.out,
        noise=given.noise,
        first_year=given.first_year,
        last_year=given.last_year,
        seed=given.seed,
        identifiers=given.identifiers,
    )
    for kind, count in sorted(files.classes.items()):
        print(f"{kind:24} {count:>8,}")


if __name__ == "__main__":
    main()
