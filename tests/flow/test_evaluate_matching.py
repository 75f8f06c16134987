"""`privity evaluate` from three files to its fixed JSON shape, and the matcher's floors on adversarial lines."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from bench.adversarial import build_files
from bench.adversarial_forbidden import NEGATIVE
from privity.adapters.duckdb_index import DuckDbIndexEngine
from privity.domain.errors import ErrorCode, PrivityError
from privity.matching.levels import POLICIES
from privity.services.evaluation.evaluate_matching import EvaluationFiles, evaluate
from privity.services.evaluation.evaluation_figures import Evaluation
from tests.builders.index_keys import throwaway_keys

CLASS_FLOORS = {
    "exact": 0.999,
    "reformatted": 0.98,
    "double_surname": 0.97,
    "surname_typo": 0.92,  # the floor of .95 is measured on large files (.96); here some 200 lines are drawn
    "street_typo": 0.90,
    "given_typo": 0.70,  # the floor of .75 is measured on large files; here some 250 lines are drawn
    "city_alias": 0.97,
}


def run(folder: Path, policy: str = "standard", processes: int = 1) -> Evaluation:
    return evaluate(
        EvaluationFiles(folder / "register.csv", folder / "requests.csv", folder / "truth.csv"),
        POLICIES[policy],
        keys=throwaway_keys(),
        engine=DuckDbIndexEngine(),
        folder=folder / f"index-{policy}",
        processes=processes,
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("adversarial")
    build_files(folder, register_rows=15_000, lines=5_000, seed=1)
    return folder


@pytest.fixture(scope="module")
def standard(files: Path) -> Evaluation:
    return run(files)


def test_no_false_confirmation_and_the_floors_of_recall(files: Path, standard: Evaluation) -> None:
    assert standard.false_confirmations == 0
    assert standard.recall is not None
    assert standard.recall >= 0.86
    for name, floor in CLASS_FLOORS.items():
        assert (standard.by_class[name].recall or 0) >= floor, name
    exact = run(files, "exact")
    assert exact.false_confirmations == 0
    assert exact.recall is not None
    assert 0.60 <= exact.recall < standard.recall
    assert set(exact.by_level) == {"exact"}


def test_every_adversarial_class_is_asked_and_never_confirmed(standard: Evaluation) -> None:
    for name in NEGATIVE:
        tally = standard.by_class[name]
        assert tally.lines > 0, name
        assert (tally.should_confirm, tally.confirmed) == (0, 0), name


def test_the_json_shape_others_build_on(standard: Evaluation) -> None:
    shape = json.loads(json.dumps(dataclasses.asdict(standard)))
    assert set(shape) >= {
        "lines", "confirmed", "false_confirmations", "precision", "precision_lower95", "recall", "seconds",
        "peak_rss_mb", "by_level", "by_class",
    }  # fmt: skip
    assert shape["precision"] == 1.0
    assert 0.99 < shape["precision_lower95"] < 1.0
    assert set(shape["seconds"]) == {"read", "build", "admit", "match"}
    assert all(set(level) >= {"confirmed", "false_confirmations", "precision"} for level in shape["by_level"].values())
    assert sum(level["confirmed"] for level in shape["by_level"].values()) == shape["confirmed"]
    assert sum(kind["lines"] for kind in shape["by_class"].values()) == shape["lines"]


def small(folder: Path, truth: str) -> Path:
    register = 'person_ref,full_name,address\np1,Ana Garcia,"9 Oak Ave, Dallas, TX 75201"\n'
    requests = 'line_id,full_name,address,periods\na,Ana Garcia,"9 Oak Ave, Dallas, TX 75201",2024\n'
    for name, text in (("register", register), ("requests", requests), ("truth", truth)):
        (folder / f"{name}.csv").write_text(text)
    return folder


@pytest.mark.parametrize(("person", "false"), [("p1", 0), ("", 1), ("p2", 1)])
def test_a_confirmation_is_false_where_the_truth_is_nobody_or_another(tmp_path: Path, person: str, false: int) -> None:
    found = run(small(tmp_path, f"line_id,person_ref\na,{person}\n"))
    assert (found.confirmed, found.false_confirmations) == (1, false)


@pytest.mark.parametrize(
    "truth", ["line_id,person_ref\n", "line_id,person_ref\na,p1\nb,p2\n", "line_id,person_ref\nb,p1\n"]
)
def test_lines_and_truths_pair_up(tmp_path: Path, truth: str) -> None:
    with pytest.raises(PrivityError) as problem:
        run(small(tmp_path, truth))
    assert problem.value.code is ErrorCode.TRUTH_INVALID
