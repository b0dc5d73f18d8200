"""The hashes of a log in tiles (C2SP tlog-tiles), and the right edge that grows.

A tile has up to 256 hashes of one level side by side, 32 bytes each: tile n of level l
holds those of the subtrees of 256**l leaves from the (n * 256)th on. A full tile never
changes again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from . import merkle
from .merkle import HASH_SIZE, node_hash

TILE_HEIGHT = 8
"""Levels of the tree in a tile."""

TILE_WIDTH = 1 << TILE_HEIGHT
"""Hashes in a full tile."""

CACHED_TILES = 64
"""Tiles kept in memory, some 40 kB each: the few upper ones, and a share of the lowest."""


@dataclass(frozen=True, slots=True)
class Tile:
    """Hashes side by side: the level of tiles, the index within it, 32 bytes a hash."""

    level: int
    index: int
    hashes: bytes

    @property
    def is_full(self) -> bool:
        """Tell whether the tile has all its hashes."""
        return len(self.hashes) == TILE_WIDTH * HASH_SIZE

    def layers(self) -> list[list[bytes]]:
        """Return the hashes of its complete subtrees: of one hash, of two, … of 256."""
        layers = [_split(self.hashes)]
        for _ in range(TILE_HEIGHT):
            layers.append(_parents(layers[-1]))
        return layers


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a tree: all that its root and its growth need.

    It has the number of leaves; the hashes of the complete subtrees that make up the
    tree, by their level; and the hashes in the partial tile of each level of tiles.
    """

    size: int
    subtrees: Mapping[int, bytes]
    partial: Mapping[int, bytes]

    @classmethod
    def of(cls, size: int, partial: Mapping[int, bytes]) -> Edge:
        """Return the edge of a tree whose partial tiles are known."""
        layers = {level: Tile(level, 0, partial[level]).layers() for level in partial}
        subtrees = {}
        for level in range(size.bit_length()):
            if size >> level & 1:
                tile_level, height = divmod(level, TILE_HEIGHT)
                subtrees[level] = layers[tile_level][height][-1]
        return cls(size, subtrees, partial)

    def root(self) -> bytes:
        """Return the root of the tree."""
        return merkle.root(self.size, lambda level, _: self.subtrees[level])

    def grown(self, leaf_hashes: Sequence[bytes]) -> tuple[Edge, list[Tile]]:
        """Return the edge with more leaves, and the tiles that have changed.

        The work is that of the new leaves, whatever the size of the tree.
        """
        subtrees, partial = dict(self.subtrees), dict(self.partial)
        changed: list[Tile] = []
        level, hashes = 0, list(leaf_hashes)
        while hashes:
            tile_level, height = divmod(level, TILE_HEIGHT)
            if not height:
                changed += self._tiles(tile_level, hashes)
                last = changed[-1]
                partial[tile_level] = b"" if last.is_full else last.hashes
            if level in subtrees:
                hashes.insert(0, subtrees.pop(level))
            if len(hashes) & 1:
                subtrees[level] = hashes[-1]
            hashes = _parents(hashes)
            level += 1
        return Edge(self.size + len(leaf_hashes), subtrees, partial), changed

    def _tiles(self, level: int, hashes: Sequence[bytes]) -> list[Tile]:
        """Return the partial tile of a level, filled with hashes, and those after it."""
        data = self.partial.get(level, b"") + b"".join(hashes)
        first = self.size >> TILE_HEIGHT * (level + 1)
        step = TILE_WIDTH * HASH_SIZE
        return [
            Tile(level, first + number, data[start : start + step])
            for number, start in enumerate(range(0, len(data), step))
        ]


class Tree:
    """The hashes of complete subtrees: from the edge, or from tiles that are loaded.

    `load` returns the hashes of a full tile, given its level and index.
    """

    def __init__(self, edge: Edge, load: Callable[[int, int], bytes]) -> None:
        """Start with an edge; whoever appends sets the next one."""
        self.edge = edge
        self._load = load
        self._layers = lru_cache(CACHED_TILES)(self._read_layers)

    def read(self, level: int, index: int) -> bytes:
        """Return the hash of the index-th complete subtree of 2**level leaves."""
        if level in self.edge.subtrees and index + 1 == self.edge.size >> level:
            return self.edge.subtrees[level]
        tile_level, height = divmod(level, TILE_HEIGHT)
        tile, offset = divmod(index << height, TILE_WIDTH)
        entries = self.edge.size >> TILE_HEIGHT * tile_level
        width = min(TILE_WIDTH, entries - tile * TILE_WIDTH)
        return self._layers(tile_level, tile, width)[height][offset >> height]

    def _read_layers(self, level: int, index: int, width: int) -> list[list[bytes]]:
        """Return the subtrees of a tile: a wider one of the same place is another."""
        full = width == TILE_WIDTH
        hashes = self._load(level, index) if full else self.edge.partial[level]
        return Tile(level, index, hashes).layers()


def _split(data: bytes) -> list[bytes]:
    """Return the hashes that stand side by side."""
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def _parents(hashes: Sequence[bytes]) -> list[bytes]:
    """Return the hashes of pairs; one left over has no parent yet."""
    return list(map(node_hash, hashes[::2], hashes[1::2]))
