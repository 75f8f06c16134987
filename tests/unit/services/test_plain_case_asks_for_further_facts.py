"""A line that states a birth date or an identifier is never decided as a plain case: either may conflict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from privity.domain.request import AdmittedLine
from privity.matching.levels import POLICIES
from privity.services.answering.answer_lines import answer_lines
from privity.services.register.build_register import build_register
from tests.builders.index_keys import throwaway_keys
from tests.builders.memory_index import MemoryIndexEngine
from tests.builders.register_files import line, row, write_extract

ASKED = line(1, "Johannes Q Zwickelbauer", "4711 N Quetzalcoatl St Apt 4, Dallas, TX 75201")


@pytest.mark.parametrize(
    ("asked", "outcome"),
    [
        (ASKED, "exact"),
        (replace(ASKED, birth_date=date(1961, 7, 19)), "exact"),
        (replace(ASKED, birth_date=date(1961, 7, 20)), "veto"),
        (line(1, "Johannes Q Zwickelbauer", "4711 N Quetzalcoatl St Apt 4, Dallas, TX 75201", identifier="1"), "veto"),
    ],
)
def test_a_stated_fact_that_conflicts_is_seen(tmp_path: Path, asked: AdmittedLine, outcome: str) -> None:
    keys, engine = throwaway_keys(), MemoryIndexEngine()
    build_register(write_extract(tmp_path / "extract.csv", [row()]), tmp_path / "register", keys, engine, processes=1)
    index = engine.open(tmp_path / "register")
    (found,) = answer_lines([asked], index, keys, POLICIES["standard"], frozenset(), processes=1)
    assert (found.level or found.failed_gate) == outcome
