"""The hashes of a log in tiles (C2SP tlog-tiles), and the right edge that grows.

A tile has up to 256 hashes of one level side by side, 32 bytes each: tile n of level l
holds those of the subtrees of 256**l leaves from the (n * 256)th on. A full tile never
changes again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from . import merkle
from .merkle import HASH_SIZE, parent_hashes

TILE_HEIGHT = 8
"""Levels of the tree in a tile."""

TILE_WIDTH = 1 << TILE_HEIGHT
"""Hashes in a full tile."""

TILE_SIZE = TILE_WIDTH * HASH_SIZE
"""Bytes of a full tile."""

CACHED_TILES = 256
"""Tiles above the leaves' that are kept in memory, 16 kB each: those of 16 million leaves."""

CACHED_LEAF_TILES = 256
"""Tiles of leaf hashes that are kept: of 65536 leaves, often asked for together."""


@dataclass(frozen=True, slots=True)
class Tile:
    """Hashes side by side: the level of tiles, the index within it, 32 bytes a hash."""

    level: int
    index: int
    hashes: bytes

    @property
    def is_full(self) -> bool:
        """Tell whether the tile has all its hashes."""
        return len(self.hashes) == TILE_SIZE

    def layers(self) -> list[bytes]:
        """Return the hashes of its complete subtrees: of one hash, of two, … of 256."""
        layers = [self.hashes]
        for _ in range(TILE_HEIGHT):
            layers.append(parent_hashes(layers[-1]))
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
                subtrees[level] = layers[tile_level][height][-HASH_SIZE:]
        return cls(size, subtrees, partial)

    def root(self) -> bytes:
        """Return the root of the tree."""
        return merkle.root(self.size, lambda level, _: self.subtrees[level])

    def grown(self, hashes: bytes) -> tuple[Edge, list[Tile]]:
        """Return the edge with more leaf hashes, and the tiles that have changed.

        The work is that of the new leaves, whatever the size of the tree.
        """
        size = self.size + len(hashes) // HASH_SIZE
        subtrees, partial = dict(self.subtrees), dict(self.partial)
        changed: list[Tile] = []
        level = 0
        while hashes:
            tile_level, height = divmod(level, TILE_HEIGHT)
            if not height:
                changed += self._tiles(tile_level, hashes)
                last = changed[-1]
                partial[tile_level] = b"" if last.is_full else last.hashes
            hashes = subtrees.pop(level, b"") + hashes
            if len(hashes) // HASH_SIZE & 1:
                subtrees[level] = hashes[-HASH_SIZE:]
            hashes = parent_hashes(hashes)
            level += 1
        return Edge(size, subtrees, partial), changed

    def _tiles(self, level: int, hashes: bytes) -> list[Tile]:
        """Return the partial tile of a level, filled with hashes, and those after it."""
        hashes = self.partial.get(level, b"") + hashes
        first = self.size >> TILE_HEIGHT * (level + 1)
        return [
            Tile(level, first + number, hashes[start : start + TILE_SIZE])
            for number, start in enumerate(range(0, len(hashes), TILE_SIZE))
        ]


class Tree:
    """The hashes of complete subtrees: from the edge, or from tiles that are loaded.

    `load` returns the hashes of a full tile, given its level and index.
    """

    def __init__(self, edge: Edge, load: Callable[[int, int], bytes]) -> None:
        """Start with an edge; whoever appends sets the next one."""
        self.edge = edge
        self._load = load
        # Apart, because the many tiles of the leaves would displace the few above them.
        self._leaf_tiles = lru_cache(CACHED_LEAF_TILES)(self._layers)
        self._upper_tiles = lru_cache(CACHED_TILES)(self._layers)

    def read(self, level: int, index: int) -> bytes:
        """Return the hash of the index-th complete subtree of 2**level leaves."""
        if level in self.edge.subtrees and index + 1 == self.edge.size >> level:
            return self.edge.subtrees[level]
        tile_level, height = divmod(level, TILE_HEIGHT)
        tile, offset = divmod(index << height, TILE_WIDTH)
        entries = self.edge.size >> TILE_HEIGHT * tile_level
        width = min(TILE_WIDTH, entries - tile * TILE_WIDTH)
        layers = self._upper_tiles if tile_level else self._leaf_tiles
        start = (offset >> height) * HASH_SIZE
        return layers(tile_level, tile, width)[height][start : start + HASH_SIZE]

    def _layers(self, level: int, index: int, width: int) -> list[bytes]:
        """Return the subtrees of a tile: a wider one of the same place is another."""
        full = width == TILE_WIDTH
        hashes = self._load(level, index) if full else self.edge.partial[level]
        return Tile(level, index, hashes).layers()
