"""No copyleft or source-available licence at run time (house rule on libraries)."""

from __future__ import annotations

import importlib.metadata
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REFUSED = re.compile(r"(?<!L)\b(A?GPL|GNU (Affero )?General Public|BUSL|BSL-?1\.1|Business Source|SSPL)", re.IGNORECASE)
PINNED = re.compile(r"^([A-Za-z0-9][\w.\-]*)==[^;\\\n]*(;[^\\\n]*)?", re.MULTILINE)


def run_time_packages() -> list[str]:
    """Names pinned for run time, on a cluster too; those for other systems (a marker) may not be installed here."""
    text = "".join((ROOT / "requirements" / name).read_text(encoding="utf-8") for name in ("run.txt", "spark.txt"))
    return sorted({match.group(1) for match in PINNED.finditer(text)})


@pytest.mark.parametrize("name", run_time_packages())
def test_licence_is_allowed_and_known(name: str) -> None:
    try:
        metadata = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        pytest.skip(f"{name} is pinned for another system or Python and is not installed here")
    classifiers = [line for line in metadata.get_all("Classifier") or [] if line.startswith("License ::")]
    declared = " ".join([metadata.get("License-Expression") or "", (metadata.get("License") or "")[:200], *classifiers])
    assert declared.strip(), "the licence is not declared: look it up and record it before pinning"
    assert not REFUSED.search(declared), declared
