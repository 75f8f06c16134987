"""Layout of the log as static files: hash tiles and entry bundles (C2SP tlog-tiles).

Names and contents only; `adapters/log_files` writes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from privity.domain.errors import ErrorCode, PrivityError
from privity.ledger.tree import HASH_SIZE, root_of_hashes

WIDTH = 256
HEIGHT = 8
MOST_ENTRY_BYTES = 65_535


@dataclass(frozen=True, slots=True)
class Tile:
    """Which tile: its level (None: entry bundle), its index in the level, and how many items it holds (1..256)."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """The tile's place below the log's folder: `tile/<L>/<N>[.p/<W>]` (C2SP tlog-tiles, Merkle Tree)."""
        kind = "entries" if self.level is None else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{kind}/{index_path(self.index)}{partial}"


def index_path(index: int) -> str:
    """A tile index in 3-digit elements: 1234067 gives x001/x234/067."""
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])


def level_count(size: int, level: int) -> int:
    """How many hashes the tiles of one level hold for a tree of `size` leaves."""
    return size >> (HEIGHT * level)


def tile_at(level: int | None, index: int, size: int) -> Tile:
    """The tile as a tree of `size` leaves has it, full or partial. Raises PrivityError INTERNAL where it is empty."""
    width = min(WIDTH, level_count(size, level or 0) - index * WIDTH)
    if width < 1:
        raise PrivityError(ErrorCode.INTERNAL, "a tile outside the tree was asked for")
    return Tile(level, index, width)


def levels(size: int) -> range:
    """The levels that a tree of `size` leaves has."""
    return range(0 if size == 0 else (size.bit_length() - 1) // HEIGHT + 1)


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile and entry bundle that a log of `size` entries serves, bundles first."""
    for level in (None, *levels(size)):
        for index in range(-(-level_count(size, level or 0) // WIDTH)):
            yield tile_at(level, index, size)


def tile_root(hashes: Sequence[bytes]) -> bytes:
    """The one hash that a full tile gives to the level above."""
    return root_of_hashes(hashes)


def encode_hashes(hashes: Sequence[bytes]) -> bytes:
    """A tile's bytes: its hashes, joined."""
    return b"".join(hashes)


def decode_hashes(data: bytes, width: int) -> list[bytes]:
    """A tile's hashes. Raises PrivityError EVIDENCE_INVALID where the size is not width * 32 bytes."""
    if len(data) != width * HASH_SIZE:
        raise PrivityError(ErrorCode.EVIDENCE_INVALID, "a tile of the log has another size than its name says")
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """An entry bundle: each entry after its length as a big-endian uint16 (C2SP tlog-tiles, Log entries).

    Raises PrivityError INTERNAL for an entry of more than 65,535 bytes.
    """
    if any(len(entry) > MOST_ENTRY_BYTES for entry in entries):
        raise PrivityError(ErrorCode.INTERNAL, "a log entry is longer than 65,535 bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def decode_bundle(data: bytes, width: int) -> list[bytes]:
    """The entries of a bundle. Raises PrivityError EVIDENCE_INVALID unless exactly `width` entries fill it."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data) or at + 2 > len(data):
            break
        entries.append(data[at + 2 : end])
        at = end
    if at != len(data) or len(entries) != width:
        raise PrivityError(ErrorCode.EVIDENCE_INVALID, "an entry bundle of the log is malformed")
    return entries
