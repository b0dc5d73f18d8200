"""The bytes of old leaves, in compressed files beside the database.

A file has the leaves of sixteen full tiles, 4096 side by side: the two bytes of its length,
most significant first, before each (the entry bundles of C2SP tlog-tiles, one after the
other), compressed by gzip (RFC 1952, without a time). The leaves from 8192 on are in

    df0beee2c1b09223714c57a3876f9194.leaves/000000008192.gz
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
import gzip
from pathlib import Path
import zlib

from .database import file_errors, write_durably
from .errors import CorruptDatabaseError
from .tiles import TILE_WIDTH

BLOCK = 16 * TILE_WIDTH
"""Leaves of a file."""

MOST_BYTES = BLOCK * (2 + 0xFFFF)
"""Of a file that is not compressed."""

CACHED_BLOCKS = 2
"""Files that are kept in memory: neighbours are often asked for together."""

_LENGTH_SIZE = 2


class Archive:
    """The archived leaves of a log."""

    def __init__(self, database: Path) -> None:
        """Use the folder that belongs to a database."""
        self._folder = database.with_suffix(".leaves")
        self._block = lru_cache(CACHED_BLOCKS)(self._read)

    def write(self, start: int, leaves: Sequence[bytes]) -> None:
        """Keep the leaves of a block, from index `start` on; durable when this returns.

        They have been read again and compared. Raises StorageError.
        """
        data = b"".join(len(leaf).to_bytes(_LENGTH_SIZE) + leaf for leaf in leaves)
        with file_errors():
            self._folder.mkdir(mode=0o700, exist_ok=True)
        write_durably(self._path(start), gzip.compress(data, mtime=0))
        if self._read(start) != tuple(leaves):
            raise CorruptDatabaseError(f"{self._path(start)} is not as it was written")

    def leaf(self, index: int) -> bytes:
        """Return the bytes of an archived leaf; raise CorruptDatabaseError without them."""
        start = index - index % BLOCK
        leaves = self._block(start)
        if len(leaves) != BLOCK:
            raise CorruptDatabaseError(f"{self._path(start)} is damaged")
        return leaves[index - start]

    def _read(self, start: int) -> tuple[bytes, ...]:
        """Return the leaves of a block."""
        path = self._path(start)
        try:
            with gzip.open(path) as file:
                return tuple(_leaves(file.read(MOST_BYTES)))
        except (OSError, EOFError, zlib.error) as error:
            raise CorruptDatabaseError(
                f"The archived leaves from {start} on cannot be read: {error}"
            ) from error

    def _path(self, start: int) -> Path:
        """Return the file of the leaves from an index on."""
        return self._folder / f"{start:012}.gz"


def _leaves(data: bytes) -> Iterator[bytes]:
    """Yield what is written with its length before it."""
    place = 0
    while place < len(data):
        end = place + _LENGTH_SIZE
        length = int.from_bytes(data[place:end])
        place = end + length
        yield data[end:place]
