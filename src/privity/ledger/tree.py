"""RFC 6962 Merkle tree hashing, and a compact frontier that grows one leaf at a time.

Decides nothing about storage: `tiles` lays hashes out in files, `proofs` picks the ones a proof needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data), 32 bytes (RFC 6962 section 2.1)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right), 32 bytes (RFC 6962 section 2.1)."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The roots of the complete subtrees of a tree, largest first: all that is needed to append and to know the root.

    Invariant: one peak for each one bit of `size`.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def extend(self, leaf_hashes: Iterable[bytes]) -> Frontier:
        """The frontier after appending these leaf hashes, in order."""
        size, peaks = self.size, list(self.peaks)
        for current in leaf_hashes:
            carried, level = current, size
            while level & 1:
                carried = node_hash(peaks.pop(), carried)
                level >>= 1
            peaks.append(carried)
            size += 1
        return Frontier(size, tuple(peaks))

    def root(self) -> bytes:
        """The tree's root hash; SHA-256 of nothing for the empty tree."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of_hashes(leaf_hashes: Iterable[bytes]) -> bytes:
    """Root over leaf hashes (RFC 6962 section 2.1)."""
    return Frontier().extend(leaf_hashes).root()


def root(leaves: Iterable[bytes]) -> bytes:
    """Root over leaf data (RFC 6962 section 2.1)."""
    return root_of_hashes(leaf_hash(data) for data in leaves)
