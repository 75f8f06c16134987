"""The adversarial generator: the same bytes however made, classes in proportion, each line what its class says."""

from __future__ import annotations

import ast
import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bench import adversarial, adversarial_lines
from bench.adversarial import build_files
from bench.adversarial_forbidden import NEGATIVE
from bench.adversarial_lines import POSITIVE, Asked, Scene
from bench.adversarial_pools import pools
from bench.adversarial_population import THIS_YEAR, Occupancy, Region
from bench.adversarial_truth import judge

FILES = ("register.csv", "requests.csv", "truth.csv")
RARE = ("crowded", "other_zip", "spacing")  # not every region has households for these


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Counter[str]]:
    folder = tmp_path_factory.mktemp("made")
    return folder, build_files(folder, register_rows=30_000, lines=9_000, seed=3, parquet=True)


@pytest.fixture(scope="module")
def scene() -> Scene:
    region = Region("606", 9_000, 3)
    other = Region("190", 9_000, 3)
    homes = [*region.households, *other.households]
    streets = {town.zip5: town.names for town in (*region.towns, *other.towns)}
    return Scene(Random(5), Occupancy(homes), pools(homes), streets)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_bytes_whatever_the_number_of_processes(tmp_path: Path) -> None:
    sizes = {"register_rows": 3_000, "lines": 700, "seed": 7}
    build_files(tmp_path / "one", **sizes, processes=1)
    build_files(tmp_path / "two", **sizes, processes=2)
    build_files(tmp_path / "other", **{**sizes, "seed": 5})
    for name in FILES:
        one = (tmp_path / "one" / name).read_bytes()
        assert one == (tmp_path / "two" / name).read_bytes()
        assert one != (tmp_path / "other" / name).read_bytes()


def test_counts_are_exact_and_lines_pair_with_truths(made: tuple[Path, Counter[str]]) -> None:
    folder, classes = made
    register, requests, truth = (rows(folder / name) for name in FILES)
    assert (len(register), len(requests), len(truth)) == (30_000, 9_000, 9_000)
    assert [row["line_id"] for row in requests] == [row["line_id"] for row in truth]
    assert Counter(row["class"] for row in truth) == classes
    known = {row["person_ref"] for row in register}
    assert {row["person_ref"] for row in truth if row["person_ref"]} <= known
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_parquet_says_what_the_csv_says(made: tuple[Path, Counter[str]]) -> None:
    import pyarrow.parquet as pq

    assert pq.read_table(made[0] / "register.parquet").to_pylist() == rows(made[0] / "register.csv")


def test_classes_are_in_proportion(made: tuple[Path, Counter[str]]) -> None:
    _, classes = made
    assert set(classes) <= {*POSITIVE, *NEGATIVE, "namesake", "shared_name"}
    for table, share in ((POSITIVE, 0.75), (NEGATIVE, 0.25)):
        whole = sum(weight for _, _, weight in table.values())
        for name, (_, _, weight) in table.items():
            wanted = 9_000 * share * weight / whole
            fewest = 1 if name in RARE else wanted * 0.5 - 10
            assert fewest <= classes[name] < wanted * 1.7 + 10, name
    assert 0.7 * 9_000 < sum(classes[name] for name in POSITIVE) < 0.78 * 9_000


def test_without_further_columns_no_class_needs_them(tmp_path: Path) -> None:
    classes = build_files(tmp_path, register_rows=2_000, lines=600, seed=3, further=())
    assert not set(classes) & set(adversarial.NEEDS_FURTHER)
    assert "birth_date" not in rows(tmp_path / "requests.csv")[0]
    build_files(tmp_path, register_rows=2_000, lines=600, seed=3, further=("birth_date", "identifier"))
    assert {row["identifier"][:1] for row in rows(tmp_path / "register.csv")} == {"9"}


def one_edit(one: str, other: str) -> bool:
    """One letter replaced, added or dropped, or two neighbours swapped."""
    if len(one) == len(other):
        unlike = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        return len(unlike) == 1 or (
            len(unlike) == 2 and one[unlike[0]] == other[unlike[1]] and one[unlike[1]] == other[unlike[0]]
        )
    short, long = sorted((one, other), key=len)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def own(asked: Asked) -> str:
    """The surname of the recorded person who is meant."""
    return next(one.family[0] for one in asked.home.persons if one.ref == asked.person.ref)


def given(asked: Asked) -> str:
    return next(one.given for one in asked.home.persons if one.ref == asked.person.ref)


def same_but(asked: Asked, *fields: str) -> bool:
    """The written address differs from the household's in exactly these parts."""
    home, written = asked.home.address._asdict(), asked.address._asdict()
    return {name for name in home if home[name] != written[name]} == set(fields)


def unrecorded(asked: Asked) -> bool:
    return not any(one.recorded and one.ref == asked.person.ref for one in asked.home.persons)


HOLDS: dict[str, Callable[[Asked, Scene], bool]] = {
    "exact": lambda a, s: same_but(a) and a.form == "" and not unrecorded(a),
    "reformatted": lambda a, s: same_but(a) and a.form == "rough",
    "last_first": lambda a, s: a.form == "last_first" and not a.person.generation,
    "last_first_bare": lambda a, s: a.form == "last_first_bare",
    "double_surname": lambda a, s: same_but(a) and len(a.person.family) in (1, 2) and own(a) in {
        one.family[0] for one in a.home.persons if len(one.family) == 2
    },
    "surname_typo": lambda a, s: one_edit(own(a), a.person.family[0]),
    "given_typo": lambda a, s: one_edit(given(a), a.person.given),
    "street_typo": lambda a, s: same_but(a, "street") and one_edit(a.home.address.street, a.address.street)
    and a.address.street not in s.streets[a.address.zip5],
    "city_alias": lambda a, s: same_but(a, "city") and a.address.city in a.home.town.aliases,
    "zip_digit": lambda a, s: same_but(a, "zip5") and one_edit(a.address.zip5, a.home.address.zip5)
    and not s.occupancy.at(a.address) and a.address.zip5 not in a.home.town.sisters,
    "missing_direction": lambda a, s: same_but(a, "pre") and not a.address.pre
    and len(s.occupancy.faces(a.address)) == 1,
    "extra_direction": lambda a, s: same_but(a, "pre") and not a.home.address.pre,
    "missing_suffix": lambda a, s: same_but(a, "suffix") and not a.address.suffix,
    "extra_suffix": lambda a, s: same_but(a, "suffix") and not a.home.address.suffix,
    "spacing": lambda a, s: (same_but(a) and "".join(filter(str.isalpha, a.person.family[0])) == own(a))
    or (same_but(a, "street") and a.address.street == a.home.address.street.replace(" ", "")),
    "accents": lambda a, s: not a.person.family[0].isascii() and len(a.person.family[0]) == len(own(a)),
    "nickname_identified": lambda a, s: a.person.given != given(a) and a.born == a.person.born != "",
    "nickname_alone": lambda a, s: a.person.given != given(a) and a.born == "",
    "with_birth_date": lambda a, s: same_but(a) and a.born == a.person.born,
    "old_address": lambda a, s: any(stay.address == a.address and stay.last < THIS_YEAR for stay in a.home.before),
    "before_moving_in": lambda a, s: same_but(a) and min(a.years) < a.home.since,
    "neighbour_number": lambda a, s: same_but(a, "number") and a.address.number.isdigit(),
    "other_unit": lambda a, s: same_but(a, "unit") and "" not in (a.address.unit, a.home.address.unit),
    "missing_unit": lambda a, s: same_but(a, "unit") and not a.address.unit,
    "unit_where_none": lambda a, s: same_but(a, "unit") and not a.home.address.unit,
    "absent_member": lambda a, s: same_but(a) and unrecorded(a),
    "similar_given": lambda a, s: same_but(a) and a.person.given not in {one.given for one in a.home.persons},
    "crowded": lambda a, s: same_but(a) and len(a.home.persons) > 12 and one_edit(own(a), a.person.family[0]),
    "junior_senior": lambda a, s: same_but(a) and (unrecorded(a) or a.person.generation == ""),
    "other_initial": lambda a, s: same_but(a) and "" != a.person.middle != next(
        one.middle for one in a.home.persons if one.ref == a.person.ref
    ) != "",
    "other_birth_date": lambda a, s: same_but(a) and "" != a.born != a.person.born,
    "moved_relative": lambda a, s: same_but(a)
    and any(one == a.person and stay.last < a.home.since for one, stay in a.home.departed),
    "other_town": lambda a, s: a.address.city != a.home.address.city and a.address.zip5 != a.home.address.zip5,
    "other_zip": lambda a, s: same_but(a, "zip5") and a.address.zip5 in a.home.town.sisters
    and bool(s.occupancy.at(a.address)),
    "other_direction": lambda a, s: same_but(a, "pre") and "" not in (a.address.pre, a.home.address.pre),
    "other_suffix": lambda a, s: same_but(a, "suffix") and "" not in (a.address.suffix, a.home.address.suffix),
    "near_street": lambda a, s: same_but(a, "street") and one_edit(a.home.address.street, a.address.street)
    and (a.address.zip5, a.address.street) in s.occupancy.streets,
    "letter_street": lambda a, s: same_but(a, "street") and sorted(
        map(len, a.address.street.split())
    ) == sorted(map(len, a.home.address.street.split())),
    "stranger": lambda a, s: same_but(a) and not any(a.person.family[0] in one.family for one in a.home.persons),
}  # fmt: skip


def test_every_class_has_a_construction_to_hold() -> None:
    assert set(HOLDS) == {*POSITIVE, *NEGATIVE}


@pytest.mark.parametrize("name", sorted(HOLDS))
def test_the_construction_of_each_class_holds(name: str, scene: Scene) -> None:
    table = POSITIVE if name in POSITIVE else NEGATIVE
    maker, pool, _ = table[name]
    asked = [one for home in scene.pools[pool][:2_000] if (one := maker(home, scene)) is not None]
    assert asked, "no line of this class could be made"
    assert all(bool(one.meant) == (name in POSITIVE) for one in asked)
    assert [one for one in asked if not HOLDS[name](one, scene)] == []


@pytest.mark.parametrize("name", sorted(NEGATIVE))
def test_nobody_recorded_bears_the_written_name_there_in_those_years(name: str, scene: Scene) -> None:
    maker, pool, _ = NEGATIVE[name]
    for home in scene.pools[pool][:500]:
        asked = maker(home, scene)
        if asked is None or judge(asked, name, scene.occupancy)[0]:
            continue
        for person, stay in scene.occupancy.at(asked.address):
            whole = (person.given, person.middle, person.family, person.generation)
            written = (asked.person.given, asked.person.middle, asked.person.family, asked.person.generation)
            same = whole == written and stay.address.face == asked.address.face and asked.born in ("", person.born)
            assert not (same and all(stay.first <= year <= stay.last for year in asked.years))


def test_a_line_whose_name_another_truly_bears_is_a_namesake(scene: Scene) -> None:
    home = next(home for home in scene.pools["any"] if home.kind == "house" and home.persons[0].recorded)
    person = home.persons[0]
    stranger = replace_ref(person)
    line = Asked("", stranger, home.address, home)
    assert judge(line, "absent_member", scene.occupancy) == (person.ref, "namesake")
    assert judge(replace(line, years=(home.since - 1,)), "absent_member", scene.occupancy) == ("", "absent_member")
    assert judge(replace(line, born="1901-01-01"), "other_birth_date", scene.occupancy) == ("", "other_birth_date")
    two = Occupancy([home, twin_of(home)])
    assert judge(Asked("", stranger, home.address, home), "absent_member", two) == ("", "namesake")
    assert judge(Asked(person.ref, person, home.address, home), "exact", two) == ("", "namesake")


def replace_ref(person: adversarial_lines.Person) -> adversarial_lines.Person:
    return person._replace(ref="elsewhere", recorded=False)


def twin_of(home: adversarial_lines.Household) -> adversarial_lines.Household:
    """Another household at the same address, whose first person bears the same name."""
    other = adversarial_lines.Household(home.town, home.address, home.kind, home.since, home.style)
    other.persons = [home.persons[0]._replace(ref="namesake")]
    return other


def test_the_generator_knows_nothing_of_the_product() -> None:
    folder = Path(adversarial.__file__).parent
    for path in (*folder.glob("adversarial*.py"), folder / "census_names.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            named += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            assert not [one for one in named if one.partition(".")[0] in ("privity", "demo", "tests")], path.name
