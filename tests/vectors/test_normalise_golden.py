"""Every output of the rule set is pinned: a change needs a new version (then run tools/make_normalise_golden.py)."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

from privity.domain.request import SuppliedAddress, SuppliedName
from privity.normalise import RULE_SET_VERSION

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = json.loads((ROOT / "tests" / "vectors" / "normalise_golden.json").read_text(encoding="ascii"))
TOOL = runpy.run_path(str(ROOT / "tools" / "make_normalise_golden.py"))


def test_golden_file_is_of_this_version() -> None:
    assert GOLDEN["rule_set"] == RULE_SET_VERSION
    assert len(GOLDEN["addresses"]) > 600
    assert len(GOLDEN["names"]) > 80


def test_outputs_have_not_changed_under_this_version() -> None:
    supplied = [SuppliedAddress(*row[0]) for row in GOLDEN["addresses"]]
    people = [SuppliedName(*row[0]) for row in GOLDEN["names"]]
    now = json.loads(json.dumps(TOOL["read_all"](supplied, people)))
    for key in ("addresses", "names"):
        changed = [row[0] for row, new in zip(GOLDEN[key], now[key], strict=True) if row != new]
        assert changed == [], f"{len(changed)} {key} changed: RULE_SET_VERSION must change with them"


def test_generator_covers_every_hazard_of_the_unit_tests() -> None:
    known = {json.dumps(row[0]) for row in GOLDEN["addresses"]}
    for address in TOOL["addresses"]():
        fields = [address.address_line1, address.address_line2, address.city, address.state, address.postal_code]
        assert json.dumps([*fields, address.address]) in known, "run tools/make_normalise_golden.py"


def test_generator_refuses_other_outputs_under_the_same_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed rule cannot be pinned by running the generator: the version has to change first."""
    tool = runpy.run_path(str(ROOT / "tools" / "make_normalise_golden.py"))
    monkeypatch.setitem(tool["main"].__globals__, "TARGET", tmp_path / "golden.json")
    old = {**GOLDEN, "addresses": [*GOLDEN["addresses"][:-1], [GOLDEN["addresses"][-1][0], None, ["empty"], True]]}
    (tmp_path / "golden.json").write_text(json.dumps(old), encoding="ascii")
    with pytest.raises(SystemExit, match="give it a new version first"):
        tool["main"]()
    (tmp_path / "golden.json").write_text(json.dumps({**old, "rule_set": "n0"}), encoding="ascii")
    tool["main"]()
    assert json.loads((tmp_path / "golden.json").read_text(encoding="ascii")) == GOLDEN
