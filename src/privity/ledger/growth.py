"""What appending entries changes: the new frontier and every file that differs, as a pure function.

Deterministic: the same old tree and the same entries always give the same files (the sequencer may be re-run).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from privity.ledger.tile_tree import TileTree
from privity.ledger.tiles import WIDTH, Tile, encode_bundle, encode_hashes, level_count, tile_at, tile_root
from privity.ledger.tree import Frontier, leaf_hash


@dataclass(frozen=True, slots=True)
class Growth:
    """The tree after appending: its frontier, and the tiles to write, bundles first."""

    frontier: Frontier
    tiles: tuple[tuple[Tile, bytes], ...]


def grow(old: TileTree, entries: Sequence[bytes]) -> Growth:
    """Append `entries` to the tree. Raises PrivityError where old tiles are unreadable or an entry is too long."""
    leaves = [leaf_hash(entry) for entry in entries]
    tiles = [*_bundles(old, entries), *_hash_tiles(old, leaves)]
    return Growth(old.frontier().extend(leaves), tuple(tiles))


def superseded(tiles: Sequence[tuple[Tile, bytes]]) -> list[Tile]:
    """The full tiles among these: their partial forms may go (C2SP tlog-tiles, Partial Tiles)."""
    return [tile for tile, _ in tiles if tile.width == WIDTH]


def _bundles(old: TileTree, entries: Sequence[bytes]) -> Iterator[tuple[Tile, bytes]]:
    first, kept = divmod(old.size, WIDTH)
    joined = [*(old.entries(first) if kept else ()), *entries]
    new_size = old.size + len(entries)
    for at in range(0, len(joined), WIDTH):
        yield tile_at(None, first + at // WIDTH, new_size), encode_bundle(joined[at : at + WIDTH])


def _hash_tiles(old: TileTree, leaves: Sequence[bytes]) -> Iterator[tuple[Tile, bytes]]:
    level, fresh, new_size = 0, list(leaves), old.size + len(leaves)
    while fresh:
        first, kept = divmod(level_count(old.size, level), WIDTH)
        joined = [*(old.hashes(level, first) if kept else ()), *fresh]
        fresh = []
        for at in range(0, len(joined), WIDTH):
            tile = tile_at(level, first + at // WIDTH, new_size)
            hashes = joined[at : at + WIDTH]
            yield tile, encode_hashes(hashes)
            if tile.width == WIDTH:
                fresh.append(tile_root(hashes))
        level += 1
