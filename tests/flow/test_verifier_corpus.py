"""The verifier on the whole corpus: what must fail fails, for the stated reason; what must pass passes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import privity_verify
from tests.builders.corpus import Specimen, specimens
from tests.builders.evidence import World, write_trust

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="stock openssl is not installed")


@pytest.fixture(scope="module")
def world() -> World:
    return World.create()


@pytest.mark.parametrize("item", specimens(), ids=lambda item: item.name)
def test_verdict_and_reason(item: Specimen, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRIVITY_TRUST", raising=False)
    path, trust = item.make(world, tmp_path / "made")
    trust_path = write_trust(tmp_path, trust) if trust is not None else None
    report = privity_verify.verify(path, trust_path)
    text = privity_verify.to_text(report, path)
    assert report.verdict == item.verdict, text
    wanted = {"INVALID": {"fail"}, "INCOMPLETE": {"unknown"}, "VALID": {"pass", "note"}}[item.verdict]
    assert any(re.search(item.reason, finding.reason) for finding in report.findings if finding.outcome in wanted), text


def test_names_are_unique() -> None:
    assert len({item.name for item in specimens()}) == len(specimens()) > 170
