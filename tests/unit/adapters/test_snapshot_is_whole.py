"""A snapshot whose tables were changed in any byte is refused, before a line is answered and before an update."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from privity.adapters.duckdb_index import DuckDbIndexEngine, open_snapshot
from privity.adapters.duckdb_index_files import TABLES, active_snapshot
from privity.adapters.duckdb_index_update import DuckDbUpdatingEngine
from privity.domain.errors import ErrorCode, PrivityError
from privity.matching.levels import POLICIES
from privity.services.answering.answer_lines import answer_lines
from privity.services.register.build_register import build_register
from privity.services.register.update_register import update_register
from tests.builders.index_keys import throwaway_keys
from tests.builders.memory_index import MemoryIndexEngine
from tests.builders.register_files import HEADER, JOHN, line, row, write_extract

KEYS = throwaway_keys()


@pytest.fixture
def register(tmp_path: Path) -> Path:
    rows = [row(), row(person_ref="wife", given_name="Mary", identifier="")]
    build_register(
        write_extract(tmp_path / "extract.csv", rows), tmp_path / "register", KEYS, DuckDbIndexEngine(), processes=1
    )
    return tmp_path / "register"


@pytest.mark.parametrize("table", TABLES)
def test_no_changed_byte_reaches_an_answer_or_the_next_snapshot(register: Path, table: str, tmp_path: Path) -> None:
    place, _ = active_snapshot(register)
    file = place / f"{table}.parquet"
    whole = file.read_bytes()
    changes = write_extract(
        tmp_path / "changes.csv", [{"change": "remove", "person_ref": JOHN["person_ref"]}], ("change", *HEADER)
    )
    places = (4, len(whole) // 2, len(whole) - 9)
    damaged = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in places]
    for content in (*damaged, whole[:-1], whole[: len(whole) // 2], b"", whole + b"\0"):
        file.write_bytes(content)
        with pytest.raises(PrivityError) as opening:
            open_snapshot(register)
        with pytest.raises(PrivityError) as updating:
            update_register(
                changes, register, KEYS, DuckDbUpdatingEngine(), built_at=datetime(2026, 11, 23, tzinfo=UTC)
            )
        assert opening.value.code is updating.value.code is ErrorCode.STORAGE_FAILED
    file.write_bytes(whole)
    open_snapshot(register).close()


def test_a_near_form_that_leads_nowhere_is_a_clean_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extract = write_extract(tmp_path / "extract.csv", [row()])
    build_register(extract, tmp_path / "memory", KEYS, engine := MemoryIndexEngine(), processes=1)
    index = engine.open(tmp_path / "memory")
    monkeypatch.setattr(index, "near_points", lambda forms: dict.fromkeys(forms, (4711,)))
    asked = line(1, "Johannes Zwickelbauer", "4711 N Quetzalcoatle St Apt 4, Dallas, TX 75201")
    with pytest.raises(PrivityError) as problem:
        answer_lines([asked], index, KEYS, POLICIES["standard"], frozenset(), processes=1)
    assert problem.value.code is ErrorCode.STORAGE_FAILED
    assert "4711" not in str(problem.value)
