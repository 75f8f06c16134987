"""Verification of inclusion and consistency proofs, iterative, as in RFC 9162 sections 2.1.3.2 and 2.1.4.2.

Written apart from the making of proofs: it walks index bits and never rebuilds a tree. Every function raises
PrivityError EVIDENCE_INVALID; none returns a verdict that a caller could ignore.
"""

from __future__ import annotations

from collections.abc import Sequence

from privity.domain.errors import ErrorCode, PrivityError
from privity.ledger.tree import HASH_SIZE, node_hash


def _refuse(reason: str) -> PrivityError:
    return PrivityError(ErrorCode.EVIDENCE_INVALID, reason)


def check_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Check that leaf hash `leaf` stands at `index` in the tree of `size` leaves with this root (RFC 9162, 2.1.3.2).

    Raises PrivityError EVIDENCE_INVALID.
    """
    if not 0 <= index < size or any(len(value) != HASH_SIZE for value in (*proof, leaf, root)):
        raise _refuse("the entry's index lies outside the tree, or a hash has another size")
    position, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise _refuse("the inclusion proof is too long")
        if position & 1 or position == last:
            current = node_hash(sibling, current)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            current = node_hash(current, sibling)
        position >>= 1
        last >>= 1
    if last != 0:
        raise _refuse("the inclusion proof is too short")
    if current != root:
        raise _refuse("the inclusion proof does not lead to the root")


def check_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the tree of `old_size` leaves is a prefix of the tree of `new_size` (RFC 9162, 2.1.4.2).

    Raises PrivityError EVIDENCE_INVALID, also for `old_size` 0: an empty tree is a prefix of anything, and proves
    nothing.
    """
    if not 0 < old_size <= new_size or any(len(value) != HASH_SIZE for value in (*proof, old_root, new_root)):
        raise _refuse("the consistency proof has impossible sizes")
    if old_size == new_size:
        if proof or old_root != new_root:
            raise _refuse("the two tree heads differ, or the proof has needless parts")
        return
    _walk_consistency(old_size, new_size, old_root, new_root, list(proof))


def _walk_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: list[bytes]) -> None:
    if not proof:
        raise _refuse("the consistency proof is empty")
    if old_size & (old_size - 1) == 0:
        proof.insert(0, old_root)
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position >>= 1
        last >>= 1
    old, new = proof[0], proof[0]
    for value in proof[1:]:
        if last == 0:
            raise _refuse("the consistency proof is too long")
        if position & 1 or position == last:
            old, new = node_hash(value, old), node_hash(value, new)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            new = node_hash(new, value)
        position >>= 1
        last >>= 1
    if last != 0:
        raise _refuse("the consistency proof is too short")
    if old != old_root or new != new_root:
        raise _refuse("the consistency proof does not join the two roots")
