"""A tree read from its tiles: complete subtree roots, the frontier, entries.

Reading is given as a function, so that the same code serves files, memory and tests. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from privity.ledger.tiles import HEIGHT, WIDTH, Tile, decode_bundle, decode_hashes, tile_at
from privity.ledger.tree import Frontier, root_of_hashes

TileReader = Callable[[Tile], bytes]
"""The bytes of one tile; raises PrivityError LOG_UNAVAILABLE or EVIDENCE_INVALID where they cannot be had."""


@dataclass(slots=True)
class TileTree:
    """The tree of `size` leaves laid out in tiles. Each tile is read once and kept."""

    size: int
    read: TileReader
    _kept: dict[Tile, list[bytes]] = field(default_factory=dict)

    def hashes(self, level: int, index: int) -> list[bytes]:
        """The hashes in one tile, as wide as this tree has it. Raises PrivityError EVIDENCE_INVALID."""
        tile = tile_at(level, index, self.size)
        if tile not in self._kept:
            self._kept[tile] = decode_hashes(self.read(tile), tile.width)
        return self._kept[tile]

    def entries(self, index: int) -> list[bytes]:
        """The entries in one bundle, as many as this tree has. Raises PrivityError EVIDENCE_INVALID."""
        tile = tile_at(None, index, self.size)
        if tile not in self._kept:
            self._kept[tile] = decode_bundle(self.read(tile), tile.width)
        return self._kept[tile]

    def entry(self, index: int) -> bytes:
        """The entry at one index of the log."""
        return self.entries(index // WIDTH)[index % WIDTH]

    def node(self, level: int, index: int) -> bytes:
        """Root of the complete subtree of 2**level leaves that starts at index * 2**level (a `NodeReader`)."""
        tile_level, within = divmod(level, HEIGHT)
        start = index << within
        hashes = self.hashes(tile_level, start // WIDTH)
        at = start % WIDTH
        return root_of_hashes(hashes[at : at + (1 << within)])

    def frontier(self) -> Frontier:
        """The peaks of this tree, from its tiles."""
        peaks: list[bytes] = []
        start = 0
        for level in reversed(range(self.size.bit_length())):
            if self.size >> level & 1:
                peaks.append(self.node(level, start >> level))
                start += 1 << level
        return Frontier(self.size, tuple(peaks))
