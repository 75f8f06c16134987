"""Throwaway index keys for tests and benchmarks: the real key set, made from one secret."""

from __future__ import annotations

import hashlib

from privity.adapters.file_keys_material import IndexKeySet


def throwaway_keys(secret: bytes = b"a secret for tests only") -> IndexKeySet:
    """Equal secrets give equal digests."""
    keys = (hashlib.sha256(purpose + secret).digest() for purpose in (b"digest", b"person", b"reference"))
    return IndexKeySet(*keys)
