"""Inclusion and consistency proofs (RFC 6962 sections 2.1.1 and 2.1.2), and the tlog-proof text that carries one.

Makes proofs from a function that gives complete subtree roots; `check` verifies them.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from privity.domain.errors import ErrorCode, PrivityError
from privity.ledger.canonical import read_base64, read_decimal
from privity.ledger.tree import EMPTY_ROOT, HASH_SIZE, node_hash

NodeReader = Callable[[int, int], bytes]
"""(level, index) -> root of the complete subtree of 2**level leaves that starts at leaf index * 2**level."""

PROOF_HEADER = "c2sp.org/tlog-proof@v1"
_MOST_HASHES = 63


def split_point(size: int) -> int:
    """The largest power of two smaller than `size` (at least 2): where RFC 6962 splits a tree."""
    return 1 << ((size - 1).bit_length() - 1)


def range_root(node: NodeReader, start: int, end: int) -> bytes:
    """Root of the leaves start..end-1, where that range is a subtree of RFC 6962's recursion."""
    size = end - start
    if size == 0:
        return EMPTY_ROOT
    if size & (size - 1) == 0:
        return node(size.bit_length() - 1, start // size)
    middle = start + split_point(size)
    return node_hash(range_root(node, start, middle), range_root(node, middle, end))


def inclusion_proof(node: NodeReader, index: int, size: int) -> list[bytes]:
    """The audit path of leaf `index` in the tree of `size` leaves, leaf's sibling first (RFC 6962 section 2.1.1).

    Raises PrivityError INTERNAL where the leaf lies outside the tree.
    """
    if not 0 <= index < size:
        raise PrivityError(ErrorCode.INTERNAL, "an inclusion proof was asked for a leaf outside the tree")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split_point(end - start)
        if index < middle:
            path.append(range_root(node, middle, end))
            end = middle
        else:
            path.append(range_root(node, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(node: NodeReader, old_size: int, new_size: int) -> list[bytes]:
    """The proof that the tree of `old_size` leaves is a prefix of that of `new_size` (RFC 6962 section 2.1.2).

    Empty for equal sizes. Raises PrivityError INTERNAL unless 0 < old_size <= new_size.
    """
    if not 0 < old_size <= new_size:
        raise PrivityError(ErrorCode.INTERNAL, "a consistency proof was asked for impossible sizes")
    proof: list[bytes] = []
    start, end, whole = 0, new_size, True
    while old_size < end:
        middle = start + split_point(end - start)
        if old_size <= middle:
            proof.append(range_root(node, middle, end))
            end = middle
        else:
            proof.append(range_root(node, start, middle))
            start, whole = middle, False
    if not whole:
        proof.append(range_root(node, start, end))
    return proof[::-1]


@dataclass(frozen=True, slots=True)
class LogProof:
    """A tlog-proof (C2SP): the entry's index, its audit path and the checkpoint it leads to."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes  # the whole signed note


def encode_log_proof(index: int, hashes: Sequence[bytes], checkpoint: bytes) -> bytes:
    """The proof as text (C2SP tlog-proof, Format; no extra line)."""
    lines = [PROOF_HEADER, f"index {index}", *(b64encode(value).decode("ascii") for value in hashes), "", ""]
    return "\n".join(lines).encode("ascii") + checkpoint


def decode_log_proof(text: bytes) -> LogProof:
    """Read a proof strictly: no extra line, canonical index, strict base64, 32-byte hashes.

    Raises PrivityError EVIDENCE_INVALID.
    """
    head, separator, checkpoint = text.partition(b"\n\n")
    lines = head.split(b"\n")
    if not separator or len(lines) < 2 or lines[0] != PROOF_HEADER.encode() or not lines[1].startswith(b"index "):
        raise PrivityError(ErrorCode.EVIDENCE_INVALID, "the log proof does not have the form of a tlog-proof")
    hashes = tuple(read_base64(line) for line in lines[2:])
    if len(hashes) > _MOST_HASHES or any(len(value) != HASH_SIZE for value in hashes):
        raise PrivityError(ErrorCode.EVIDENCE_INVALID, "the log proof holds something that is not a SHA-256 hash")
    return LogProof(read_decimal(lines[1].removeprefix(b"index ")), hashes, checkpoint)
