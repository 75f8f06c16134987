"""The Merkle tree over one request's accounting records, whose root the release entry commits to.

A leaf's data is SHA-256(nonce || canonical record): without the 256-bit nonce nobody can guess a record from it, and
with it a proof needs no key and survives the destruction of the request's own key.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from privity.domain.errors import ErrorCode, PrivityError
from privity.ledger import tree

NONCE_SIZE = 32


def leaf(nonce: bytes, record: bytes) -> bytes:
    """Leaf data of one record: SHA-256(nonce || record), 32 bytes; `record` is canonical JSON.

    Raises PrivityError INTERNAL unless the nonce has 32 bytes.
    """
    if len(nonce) != NONCE_SIZE:
        raise PrivityError(ErrorCode.INTERNAL, "an accounting nonce does not have 32 bytes")
    return sha256(nonce + record).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """RFC 6962 root over leaf data, in the order of ordinals."""
    return tree.root(leaves)
