"""RFC 6962 proofs as transparency-dev/merkle publishes them (`testdata/`), good and bad.

By the log's own check and by the verifier's. We are stricter in one thing: a value that is not 32 bytes long is no
SHA-256 hash, so the two vectors that use such values where they "don't care" are refused here.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

import privity_verify
from privity.domain.errors import PrivityError
from privity.ledger import check

FOLDER = Path(os.environ.get("PRIVITY_VECTORS", Path(__file__).parents[3] / "shared" / "vectors")) / "merkle"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the Merkle vectors are not beside the checkout")


def vectors(kind: str) -> list[Any]:
    """Every vector of one kind."""
    found = sorted((FOLDER / kind).rglob("*.json"))
    return [pytest.param(json.loads(path.read_text()), id=path.relative_to(FOLDER).as_posix()) for path in found]


def value(text: str | None) -> bytes:
    return b64decode(text or "")


def hashes(texts: list[str] | None) -> list[bytes]:
    return [value(text) for text in texts or []]


def is_bad(vector: dict[str, Any], *fixed: bytes) -> bool:
    return bool(vector["wantErr"]) or any(len(item) != 32 for item in (*fixed, *hashes(vector["proof"])))


@pytest.mark.parametrize("vector", vectors("inclusion"))
def test_inclusion(vector: dict[str, Any]) -> None:
    leaf, root = value(vector["leafHash"]), value(vector["root"])
    arguments = (vector["leafIdx"], vector["treeSize"], leaf, hashes(vector["proof"]), root)
    if is_bad(vector, leaf, root):
        with pytest.raises(PrivityError):
            check.check_inclusion(*arguments)
        with pytest.raises(privity_verify.InvalidError):
            privity_verify.check_inclusion(*arguments)
    else:
        check.check_inclusion(*arguments)
        privity_verify.check_inclusion(*arguments)


@pytest.mark.parametrize("vector", vectors("consistency"))
def test_consistency(vector: dict[str, Any]) -> None:
    """By the log's own check alone: the verifier never needs one, since it recomputes roots from whole logs."""
    roots = value(vector["root1"]), value(vector["root2"])
    arguments = (vector["size1"], vector["size2"], *roots, hashes(vector["proof"]))
    if is_bad(vector, *roots):
        with pytest.raises(PrivityError):
            check.check_consistency(*arguments)
    else:
        check.check_consistency(*arguments)


def test_vectors_were_found_and_most_mean_what_they_say() -> None:
    found = [*vectors("inclusion"), *vectors("consistency")]
    assert len(found) == 197 - 1  # 196 vectors and the licence
    assert sum(not item.values[0]["wantErr"] for item in found) > 8
