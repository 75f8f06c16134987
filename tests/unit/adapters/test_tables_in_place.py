"""Tables read in place: every row that is there is found, none that is not, also across row groups and files."""

from __future__ import annotations

import os
import random
from array import array
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from privity.adapters import tables_in_place
from privity.adapters.tables_in_place import TableInPlace, fixed_schema, layout_in_place, write_in_place
from privity.domain.errors import ErrorCode, PrivityError

WIDTH = 5
LOWEST, HIGHEST = -(2**63), 2**63 - 1


def value(number: int) -> bytes:
    return number.to_bytes(WIDTH, "big")


def rows_of(keys: list[int]) -> pa.Table:
    made = {"key": pa.array(keys, pa.int64()), "value": pa.array(map(value, range(len(keys))), pa.binary(WIDTH))}
    return pa.table(made)


def written(path: Path, keys: list[int]) -> Path:
    schema = fixed_schema("key", {"value": WIDTH})
    assert write_in_place(path, schema, rows_of(keys).to_batches(max_chunksize=7)) == len(keys)
    return path


def opened(*files: Path) -> TableInPlace:
    with duckdb.connect() as connection:
        layout = layout_in_place(connection, files)
    assert layout is not None
    return TableInPlace(layout)


@pytest.fixture
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables_in_place, "ROW_GROUP", 10)


@pytest.mark.parametrize("few", [0, 1_000_000])
def test_finds_all_rows_of_what_is_asked_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_groups: None, few: int
) -> None:
    """Against a dictionary, on many tables with repeated keys that run over the ends of row groups."""
    monkeypatch.setattr(tables_in_place, "_FEW", few)
    chance = random.Random(7)
    for trial in range(30):
        universe = [LOWEST, HIGHEST, 0, *(chance.randint(LOWEST, HIGHEST) for _ in range(12))]
        keys = sorted(chance.choices(universe, k=chance.randint(1, 70)))
        expected: dict[int, bytes] = {}
        for row, key in enumerate(keys):
            expected[key] = expected.get(key, b"") + value(row)
        table = opened(written(tmp_path / f"{trial}.parquet", keys))
        asked = [*chance.sample(universe, k=chance.randint(0, len(universe))), *chance.choices(universe, k=3), 5]
        found = list(table.look_up(asked))
        assert found == sorted((key, expected[key]) for key in set(asked) & expected.keys())
        assert table.width == WIDTH
        table.close()


def test_a_table_of_several_files_is_one(tmp_path: Path, small_groups: None) -> None:
    table = opened(written(tmp_path / "a.parquet", [*range(25)]), written(tmp_path / "b.parquet", [*range(25, 40)]))
    assert [key for key, _ in table.look_up(range(-5, 60))] == [*range(40)]


def test_the_second_column_may_be_a_number_or_absent(tmp_path: Path) -> None:
    near, streets = tmp_path / "near.parquet", tmp_path / "streets.parquet"
    numbers = pa.table({"form": pa.array([1, 1, 3]), "point": pa.array([-7, 8, 9])})
    write_in_place(near, fixed_schema("form", {"point": 8}), numbers.to_batches())
    write_in_place(
        streets, fixed_schema("street", {}), numbers.select(["form"]).rename_columns(["street"]).to_batches()
    )
    assert [(key, [*array("q", joined)]) for key, joined in opened(near).look_up([1, 2, 3])] == [(1, [-7, 8]), (3, [9])]
    assert [key for key, _ in opened(streets).look_up([0, 1, 3])] == [1, 3]


def test_an_empty_table_holds_nothing(tmp_path: Path) -> None:
    assert list(opened(written(tmp_path / "none.parquet", [])).look_up([1])) == []


def test_every_engine_can_read_what_is_written(tmp_path: Path, small_groups: None) -> None:
    path = written(tmp_path / "a.parquet", [*range(25)])
    assert pq.read_table(path).to_pydict() == rows_of([*range(25)]).to_pydict()
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT key, value FROM '{path}'").fetchall() == [
            (number, value(number)) for number in range(25)
        ]


@pytest.mark.parametrize(
    "options",
    [
        {"compression": "snappy"},
        {"use_dictionary": True},
        {"max_rows_per_page": 10},
        {"write_statistics": False},
    ],
)
def test_other_parquet_files_are_left_to_the_engine(tmp_path: Path, options: dict[str, object]) -> None:
    path = tmp_path / "other.parquet"
    plain = {"compression": "none", "use_dictionary": False, "data_page_version": "1.0"}
    table = rows_of([*range(25)]).cast(fixed_schema("key", {"value": WIDTH}))
    pq.write_table(table, path, **(plain | options))
    with duckdb.connect() as connection:
        assert layout_in_place(connection, [path]) is None


def test_columns_that_can_be_null_or_have_any_width_are_left_to_the_engine(tmp_path: Path) -> None:
    path = tmp_path / "other.parquet"
    for table in (rows_of([1, 2]), pa.table({"key": pa.array([1]), "value": pa.array([b"any"])})):
        pq.write_table(table, path, compression="none", use_dictionary=False)
        with duckdb.connect() as connection:
            assert layout_in_place(connection, [path]) is None


def test_a_value_of_another_width_is_not_written(tmp_path: Path) -> None:
    wrong = pa.table({"key": pa.array([1]), "value": pa.array([b"too long"])})
    with pytest.raises(pa.ArrowInvalid):
        write_in_place(tmp_path / "x.parquet", fixed_schema("key", {"value": WIDTH}), wrong.to_batches())


def test_a_table_cut_short_after_it_was_opened_is_no_table_with_fewer_people(tmp_path: Path) -> None:
    """A row that is not read could be a rival's."""
    keys = sorted([5] * 3 + list(range(100, 600)))
    path = written(tmp_path / "points.parquet", keys)
    table = opened(path)
    whole = dict(table.look_up(keys))
    assert len(whole[5]) == 3 * WIDTH
    layout_end = max(
        column.start + column.width * group.rows for group in table._files[0].groups for column in group.columns
    )
    os.truncate(path, layout_end - WIDTH * (len(keys) - 1))
    with pytest.raises(PrivityError) as refused:
        list(table.look_up(keys))
    assert refused.value.code is ErrorCode.STORAGE_FAILED
