"""Real input: pseudopeople's sample population with its own noise. Nobody on the project wrote these names, addresses,
histories or mistakes. 0 false confirmations at noise x1 and x5.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from privity.adapters.duckdb_index import DuckDbIndexEngine
from privity.matching.levels import POLICIES
from privity.services.evaluation.evaluate_matching import EvaluationFiles, evaluate
from privity.services.evaluation.evaluation_figures import Evaluation
from tests.builders.index_keys import throwaway_keys

pytest.importorskip("pseudopeople")

from bench.pseudopeople_files import build_files


def measured(folder: Path, *, noise: float, first_year: int, last_year: int, part: int) -> Evaluation:
    files = build_files(folder, noise=noise, first_year=first_year, last_year=last_year, part=part)
    return evaluate(
        EvaluationFiles(files.register, files.requests, files.truth),
        POLICIES["standard"],
        keys=throwaway_keys(),
        engine=DuckDbIndexEngine(),
        folder=folder / "register",
    )


@pytest.mark.parametrize(("noise", "recall"), [(1.0, 0.86), (5.0, 0.44)])
def test_a_quarter_of_the_households_in_one_year(tmp_path: Path, noise: float, recall: float) -> None:
    found = measured(tmp_path, noise=noise, first_year=2030, last_year=2030, part=4)
    assert found.false_confirmations == 0
    assert found.confirmed > 500
    assert found.recall is not None
    assert found.recall >= recall
    forbidden = {"old_address", "neighbour", "household_member", "not_a_filer", "filed_from_elsewhere"}
    assert forbidden <= set(found.by_class), "every forbidden class is asked"
    assert all(found.by_class[name].confirmed == 0 for name in forbidden)


@pytest.mark.slow
@pytest.mark.parametrize(("noise", "recall"), [(1.0, 0.86), (5.0, 0.40)])
def test_the_whole_sample_over_many_years(tmp_path: Path, noise: float, recall: float) -> None:
    found = measured(tmp_path, noise=noise, first_year=2019, last_year=2040, part=1)
    namesakes = found.by_class.get("namesake")
    assert found.false_confirmations == (namesakes.false_confirmations if namesakes else 0)
    assert found.recall is not None
    assert found.recall >= recall
