"""The append-only log of readings: a Merkle tree over their leaves, in SQLite.

Five tables hold it. A row of `leaf` has the exact bytes that were hashed; `entity` has
the ids that the leaves refer to; `presence` tells which tiles an entity has leaves in:
enough to find them (`leaf_of_entity`), and far cheaper than an index of every leaf;
`tile` has the hashes of the tree, so that no proof needs the leaves again; the one row of
`head` says whose log it is, and the size and root after the last commit, against which
the rest is checked when the log is opened. The bytes of old leaves may be in an archive
instead, and are empty in their rows then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
import json
from pathlib import Path
from secrets import token_bytes
import sqlite3

from . import merkle
from .archive import BLOCK, Archive
from .checkpoint import Checkpoint, SignedCheckpoint
from .database import is_held, storage_errors, transaction
from .errors import (
    CorruptDatabaseError,
    MalformedError,
    StorageConflictError,
    WrongKeyError,
)
from .merkle import EMPTY_ROOT, HASH_SIZE, leaf_hash
from .note import SigningKey, VerifierKey, sign_note
from .proof import InclusionProof
from .reading import SALT_SIZE, Leaf, Reading
from .tiles import TILE_HEIGHT, TILE_WIDTH, Edge, Tile, Tree

_SCHEMA = """
CREATE TABLE entity (
    id INTEGER PRIMARY KEY,
    entity_id TEXT NOT NULL UNIQUE
);
CREATE TABLE leaf (
    idx INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    public INTEGER NOT NULL,
    data BLOB NOT NULL
);
CREATE INDEX public_leaf ON leaf (idx) WHERE public;
CREATE TABLE presence (
    entity INTEGER NOT NULL,
    tile INTEGER NOT NULL,
    PRIMARY KEY (entity, tile)
) WITHOUT ROWID;
CREATE VIEW leaf_of_entity AS
    SELECT presence.entity, tile, idx, sequence, public, data
    FROM presence JOIN leaf ON leaf.entity = presence.entity
    AND idx BETWEEN tile * 256 AND tile * 256 + 255;
CREATE TABLE tile (
    level INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (level, idx)
);
CREATE TABLE head (
    verifier_key TEXT NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL
);
"""

_CHUNK = 4 * TILE_WIDTH
"""Readings worked on at a time: few enough for the caches of the processor."""

_PAGE = 1000
"""Leaves read at a time, so that no statement stays open between them."""


@dataclass(frozen=True, slots=True)
class LoggedReading:
    """A reading in the log: the index of its leaf, from 0, and whether it is public."""

    index: int
    leaf: Leaf
    public: bool


class Log:
    """A log of readings, opened for its one writer.

    Every method belongs on the thread of the connection. Whatever SQLite refuses is
    raised as a StorageError, and leaves the log as it was.
    """

    def __init__(self, connection: sqlite3.Connection, key: SigningKey) -> None:
        """Open the log of a key, whose name is its origin; make it in a new database.

        Raises WrongKeyError for the log of another key, and CorruptDatabaseError where
        the leaves, the tiles and the head at the right edge do not agree.
        """
        self._connection = connection
        self._key = key
        self._entities: dict[str, _Entity] = {}
        self._signed: SignedCheckpoint | None = None
        with storage_errors():
            self._archive = Archive(_file(connection))
            if not _has_tables(connection):
                _create(connection, key)
            size, head = _head(connection, key)
            self._tree = Tree(_edge(connection, size), self._load_tile)
            self._check(head)

    @property
    def size(self) -> int:
        """Return the number of leaves."""
        return self._tree.edge.size

    @property
    def verifier_key(self) -> VerifierKey:
        """Return the key that checks what the log signs."""
        return self._key.verifier

    def sign(self, text: str) -> str:
        """Return the signed note of a text, which must not be mistakable for a checkpoint."""
        return sign_note(text, self._key)

    def append(self, readings: Iterable[tuple[Reading, bool]]) -> list[LoggedReading]:
        """Append readings, each with whether it is public; all of them or none.

        They are on the disk when this returns. Raises StorageError when they cannot be:
        the log is then as it was before, and appending may be tried again.
        """
        pending = list(readings)
        if not pending:
            return []
        with transaction(self._connection):
            entities = self._entities_of(pending)
            edge, logged = self._tree.edge, list[LoggedReading]()
            for start in range(0, len(pending), _CHUNK):
                chunk = pending[start : start + _CHUNK]
                edge, entries = self._write(chunk, edge, entities)
                logged += entries
            self._write_head(edge)
        self._tree.edge = edge
        self._entities |= entities
        return logged

    def root(self, size: int | None = None) -> bytes:
        """Return the root (32 bytes) now, or when the log had another size."""
        return merkle.root(self._size(size), self._tree.read)

    def checkpoint(self, size: int | None = None) -> SignedCheckpoint:
        """Return the signed checkpoint now, or of a former size: the same note again."""
        size = self._size(size)
        if self._signed is None or self._signed.checkpoint.size != size:
            checkpoint = Checkpoint(self._key.name, size, self.root(size))
            self._signed = SignedCheckpoint.sign(checkpoint, self._key)
        return self._signed

    def inclusion_proof(self, index: int, size: int | None = None) -> InclusionProof:
        """Return the proof that a leaf is in the log now, or was when of another size.

        Raises IndexError when it is not or was not.
        """
        size = self._size(size)
        hashes = merkle.inclusion_proof(index, size, self._tree.read)
        return InclusionProof(index, tuple(hashes), self.checkpoint(size).note)

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """Return the proof that the log of size `old` begins that of size `new`, or now.

        Raises IndexError unless old <= new <= size.
        """
        return merkle.consistency_proof(old, self._size(new), self._tree.read)

    def leaf(self, index: int) -> LoggedReading:
        """Return the leaf at an index; raise IndexError when there is none."""
        if not 0 <= index < self.size:
            raise IndexError(f"No leaf {index} in a log of {self.size}")
        return self._select("SELECT idx, data, public FROM leaf WHERE idx = ?", index)[
            0
        ]

    def entity_ids(self) -> list[str]:
        """Return the entities that the log has leaves of, the first one first."""
        with storage_errors():
            rows = self._connection.execute("SELECT entity_id FROM entity ORDER BY id")
            return [entity_id for (entity_id,) in rows]

    def latest(self, entity_id: str, size: int | None = None) -> LoggedReading | None:
        """Return the newest leaf of an entity, now or when the log had another size.

        None when it had none.
        """
        size = self._size(size)
        found = self._select(
            "SELECT idx, data, public FROM leaf_of_entity"
            " WHERE entity = (SELECT id FROM entity WHERE entity_id = ?)"
            " AND tile <= ? AND idx < ? ORDER BY tile DESC, idx DESC LIMIT 1",
            entity_id,
            size // TILE_WIDTH,
            size,
        )
        return found[0] if found else None

    def earliest(self, entity_id: str, start: int) -> LoggedReading | None:
        """Return the first leaf of an entity from `start` on, None when there is none."""
        found = self._select(
            "SELECT idx, data, public FROM leaf_of_entity"
            " WHERE entity = (SELECT id FROM entity WHERE entity_id = ?)"
            " AND tile >= ? AND idx >= ? ORDER BY tile, idx LIMIT 1",
            entity_id,
            start // TILE_WIDTH,
            start,
        )
        return found[0] if found else None

    def readings(
        self, start: int = 0, stop: int | None = None
    ) -> Iterator[LoggedReading]:
        """Yield the leaves from `start` until before `stop`, or the present end."""
        stop = self.size if stop is None else min(stop, self.size)
        for page in range(start, stop, _PAGE):
            yield from self._select(
                "SELECT idx, data, public FROM leaf"
                " WHERE idx >= ? AND idx < ? ORDER BY idx",
                page,
                min(page + _PAGE, stop),
            )

    def readings_of(
        self, entity_ids: AbstractSet[str], start: int, stop: int
    ) -> Iterator[LoggedReading]:
        """Yield the leaves of some entities from `start` until before `stop`."""
        entities = self._numbers_of(entity_ids)
        for tile in self._tiles_of(entities, start, stop):
            yield from self._select(
                "SELECT idx, data, public FROM leaf WHERE idx >= ? AND idx < ?"
                " AND entity IN (SELECT value FROM json_each(?)) ORDER BY idx",
                max(start, tile * TILE_WIDTH),
                min(stop, (tile + 1) * TILE_WIDTH),
                entities,
            )

    def _numbers_of(self, entity_ids: AbstractSet[str]) -> str:
        """Return what leaves refer to some entities by, as a JSON array."""
        with storage_errors():
            (found,) = self._connection.execute(
                "SELECT json_group_array(id) FROM entity"
                " WHERE entity_id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(entity_ids)),),
            ).fetchone()
        return str(found)

    def _tiles_of(self, entities: str, start: int, stop: int) -> Iterator[int]:
        """Yield the tiles in which some entities have leaves."""
        end = -(-stop // TILE_WIDTH)
        for first in range(start // TILE_WIDTH, end, _PAGE):
            with storage_errors():
                found = self._connection.execute(
                    "SELECT DISTINCT tile FROM presence"
                    " WHERE entity IN (SELECT value FROM json_each(?))"
                    " AND tile >= ? AND tile < ? ORDER BY tile",
                    (entities, first, min(first + _PAGE, end)),
                ).fetchall()
            yield from (tile for (tile,) in found)

    def public_readings(self, start: int, stop: int, limit: int) -> list[LoggedReading]:
        """Return the newest `limit` public leaves from `start` until before `stop`.

        They are in the order of the log.
        """
        newest_first = self._select(
            "SELECT idx, data, public FROM leaf"
            " WHERE public AND idx >= ? AND idx < ? ORDER BY idx DESC LIMIT ?",
            start,
            stop,
            limit,
        )
        return newest_first[::-1]

    def archive(self, before: datetime) -> bool:
        """Move the oldest leaves' bytes to the archive, if all of them are old enough.

        One block at a time; return whether there may be another. Nothing is moved while a
        backup holds the file. The bytes are in the archive, durably, before they leave the
        database. Raises StorageError.
        """
        start = self._archived()
        stop = start + BLOCK
        # What opening the log checks stays in the database.
        if stop > self.size - 2 * TILE_WIDTH or is_held(self._connection):
            return False
        block = list(self.readings(start, stop))
        if any(each.leaf.reading.last_updated >= before for each in block):
            return False
        leaves = [each.leaf.to_bytes() for each in block]
        self._check_leaves(start, leaves)
        self._archive.write(start, leaves)
        self._empty(start, stop)
        return True

    def compact(self) -> None:
        """Give room that is not used any more back to the disk, once it is half of the file.

        Raises StorageError.
        """
        with storage_errors():
            (free,) = self._connection.execute("PRAGMA freelist_count").fetchone()
            (pages,) = self._connection.execute("PRAGMA page_count").fetchone()
            if 2 * free > pages:
                self._connection.execute("VACUUM")

    def _archived(self) -> int:
        """Return how many leaves are in the archive: whole blocks, the oldest."""
        low, high = 0, self.size // BLOCK
        query = "SELECT data = x'' FROM leaf WHERE idx = ?"
        with storage_errors():
            while low < high:
                middle = (low + high) // 2
                row = self._connection.execute(query, (middle * BLOCK,)).fetchone()
                low, high = (middle + 1, high) if row[0] else (low, middle)
        return low * BLOCK

    def _check_leaves(self, start: int, leaves: Sequence[bytes]) -> None:
        """Check leaves against their tiles; raise CorruptDatabaseError."""
        for offset in range(0, len(leaves), TILE_WIDTH):
            hashes = map(leaf_hash, leaves[offset : offset + TILE_WIDTH])
            tile = self._load_tile(0, (start + offset) // TILE_WIDTH)
            if b"".join(hashes) != tile:
                raise CorruptDatabaseError(f"The leaves from {start} on are damaged")

    def _empty(self, start: int, stop: int) -> None:
        """Put rows without bytes in the place of archived ones: SQLite frees their pages."""
        between = "WHERE idx >= ? AND idx < ?"
        with transaction(self._connection):
            rows = self._connection.execute(
                f"SELECT idx, entity, sequence, public FROM leaf {between}",  # noqa: S608
                (start, stop),
            ).fetchall()
            self._connection.execute(
                f"DELETE FROM leaf {between}",  # noqa: S608
                (start, stop),
            )
            self._connection.executemany(
                "INSERT INTO leaf (idx, entity, sequence, public, data)"
                " VALUES (?, ?, ?, ?, x'')",
                rows,
            )

    def _size(self, size: int | None) -> int:
        """Return the present size for None, a size the log has had for itself."""
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise IndexError(f"A log of {self.size} leaves never had {size}")
        return size

    def _select(self, query: str, *values: int | str) -> list[LoggedReading]:
        """Return the leaves that a query for index, data and public finds."""
        with storage_errors():
            rows = self._connection.execute(query, values).fetchall()
        return [
            LoggedReading(idx, _leaf(idx, data or self._archive.leaf(idx)), bool(p))
            for idx, data, p in rows
        ]

    def _entities_of(
        self, readings: Sequence[tuple[Reading, bool]]
    ) -> dict[str, _Entity]:
        """Return the entities that are read, by their ids, to be counted further."""
        names = dict.fromkeys(reading.entity_id for reading, _ in readings)
        return {name: self._entity(name) for name in names}

    def _entity(self, entity_id: str) -> _Entity:
        """Return an entity: as remembered, as its leaves tell, or new."""
        if known := self._entities.get(entity_id):
            return replace(known)
        found = self._connection.execute(
            "SELECT id, (SELECT sequence + 1 FROM leaf_of_entity"
            " WHERE entity = id ORDER BY tile DESC, idx DESC LIMIT 1)"
            " FROM entity WHERE entity_id = ?",
            (entity_id,),
        ).fetchone()
        if found:
            return _Entity(found[0], found[1] or 0)
        insert = "INSERT INTO entity (entity_id) VALUES (?) RETURNING id"
        return _Entity(self._connection.execute(insert, (entity_id,)).fetchone()[0], 0)

    def _write(
        self,
        readings: Sequence[tuple[Reading, bool]],
        edge: Edge,
        entities: Mapping[str, _Entity],
    ) -> tuple[Edge, list[LoggedReading]]:
        """Store readings that follow an edge, and return the edge after them."""
        logged = _logged(readings, edge.size, entities)
        data = [entry.leaf.to_bytes() for entry in logged]
        edge, tiles = edge.grown(b"".join([leaf_hash(leaf) for leaf in data]))
        self._write_leaves(logged, data, entities)
        self._write_tiles(tiles)
        return edge, logged

    def _write_leaves(
        self,
        logged: Sequence[LoggedReading],
        data: Sequence[bytes],
        entities: Mapping[str, _Entity],
    ) -> None:
        """Store leaves and their bytes, and which tiles they are in."""
        rows = [
            (
                entry.index,
                entities[entry.leaf.reading.entity_id].row,
                entry.leaf.sequence,
                entry.public,
                leaf,
            )
            for entry, leaf in zip(logged, data, strict=True)
        ]
        self._connection.executemany(
            "INSERT INTO leaf (idx, entity, sequence, public, data)"
            " VALUES (?, ?, ?, ?, ?)",
            rows,
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO presence (entity, tile) VALUES (?, ?)",
            sorted({(entity, index // TILE_WIDTH) for index, entity, *_ in rows}),
        )

    def _write_tiles(self, tiles: Iterable[Tile]) -> None:
        """Store tiles, but not the partial one of leaf hashes: the leaves tell it."""
        self._connection.executemany(
            "INSERT INTO tile (level, idx, hashes) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET hashes = excluded.hashes",
            [
                (tile.level, tile.index, tile.hashes)
                for tile in tiles
                if tile.level or tile.is_full
            ],
        )

    def _write_head(self, edge: Edge) -> None:
        """Store the new size and root, if the log still has the size it had here."""
        written = self._connection.execute(
            "UPDATE head SET size = ?, root = ? WHERE size = ?",
            (edge.size, edge.root(), self.size),
        )
        if written.rowcount != 1:
            raise StorageConflictError("Another writer has appended to the log")

    def _load_tile(self, level: int, index: int) -> bytes:
        """Return the hashes of a full tile."""
        with storage_errors():
            return _tile(self._connection, level, index, TILE_WIDTH)

    def _check(self, root: bytes) -> None:
        """Check the right edge: leaf rows against tiles, these against each other."""
        if self._tree.edge.root() != root:
            raise CorruptDatabaseError("The root is not that of the last commit")
        level = 0
        while tiles := self.size >> TILE_HEIGHT * (level + 1):
            self._check_tile(level, tiles - 1)
            level += 1

    def _check_tile(self, level: int, index: int) -> None:
        """Check a full tile against the tile above, and the leaves below if any."""
        tile = Tile(level, index, self._load_tile(level, index))
        height = TILE_HEIGHT * (level + 1)
        if tile.layers()[-1] != self._tree.read(height, index):
            raise CorruptDatabaseError(f"Tile {index} of level {level} is damaged")
        start = index * TILE_WIDTH
        if not level and tile.hashes != _leaf_hashes(
            self._connection, start, start + TILE_WIDTH
        ):
            raise CorruptDatabaseError(f"The leaves from {start} on are damaged")


@dataclass(slots=True)
class _Entity:
    """An entity of the log: its row, and the sequence number of its next reading."""

    row: int
    next_sequence: int


def _logged(
    readings: Sequence[tuple[Reading, bool]], size: int, entities: Mapping[str, _Entity]
) -> list[LoggedReading]:
    """Return readings as leaves with their index, sequence number and salt."""
    salts = token_bytes(SALT_SIZE * len(readings))
    logged = []
    for number, (reading, public) in enumerate(readings):
        entity = entities[reading.entity_id]
        salt = salts[number * SALT_SIZE : (number + 1) * SALT_SIZE]
        leaf = Leaf(reading, entity.next_sequence, salt)
        entity.next_sequence += 1
        logged.append(LoggedReading(size + number, leaf, public))
    return logged


def _leaf(index: int, data: bytes) -> Leaf:
    """Return the leaf of a row."""
    try:
        return Leaf.from_bytes(data)
    except MalformedError as error:
        raise CorruptDatabaseError(f"Leaf {index} is damaged: {error}") from error


def _file(connection: sqlite3.Connection) -> Path:
    """Return the file of a database."""
    _, _, file = connection.execute("PRAGMA database_list").fetchone()
    return Path(file)


def _has_tables(connection: sqlite3.Connection) -> bool:
    """Tell whether there is a log in the database."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'head'"
    return connection.execute(query).fetchone() is not None


def _create(connection: sqlite3.Connection, key: SigningKey) -> None:
    """Make an empty log."""
    with transaction(connection):
        for statement in _SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute(
            "INSERT INTO head (verifier_key, size, root) VALUES (?, 0, ?)",
            (str(key.verifier), EMPTY_ROOT),
        )


def _head(connection: sqlite3.Connection, key: SigningKey) -> tuple[int, bytes]:
    """Return the size and root after the last commit, if the leaves are as many."""
    heads = connection.execute("SELECT verifier_key, size, root FROM head").fetchall()
    if len(heads) != 1:
        raise CorruptDatabaseError(f"{len(heads)} heads instead of one")
    [(verifier_key, size, root)] = heads
    if verifier_key != str(key.verifier):
        raise WrongKeyError(f"The log of {verifier_key}")
    first, last = connection.execute(
        "SELECT (SELECT min(idx) FROM leaf), (SELECT max(idx) FROM leaf)"
    ).fetchone()
    if (first, last) != ((0, size - 1) if size else (None, None)):
        raise CorruptDatabaseError(f"Leaves {first} to {last} in a log of {size}")
    return size, root


def _edge(connection: sqlite3.Connection, size: int) -> Edge:
    """Return the right edge: of the last leaves, and of the partial tiles above them."""
    start = size - size % TILE_WIDTH
    partial = {0: _leaf_hashes(connection, start, size)}
    level = 1
    while entries := size >> TILE_HEIGHT * level:
        tile, width = divmod(entries, TILE_WIDTH)
        partial[level] = _tile(connection, level, tile, width) if width else b""
        level += 1
    return Edge.of(size, partial)


def _leaf_hashes(connection: sqlite3.Connection, start: int, stop: int) -> bytes:
    """Return the hashes of the leaves from `start` until before `stop`, side by side."""
    query = "SELECT data FROM leaf WHERE idx >= ? AND idx < ? ORDER BY idx"
    rows = connection.execute(query, (start, stop)).fetchall()
    if len(rows) != stop - start:
        raise CorruptDatabaseError(f"A leaf between {start} and {stop} is missing")
    return b"".join(leaf_hash(data) for (data,) in rows)


def _tile(connection: sqlite3.Connection, level: int, index: int, width: int) -> bytes:
    """Return the hashes of a tile, which must be as many as its width."""
    query = "SELECT hashes FROM tile WHERE level = ? AND idx = ?"
    row = connection.execute(query, (level, index)).fetchone()
    if row is None or len(row[0]) != width * HASH_SIZE:
        raise CorruptDatabaseError(f"Tile {index} of level {level} is damaged")
    hashes: bytes = row[0]
    return hashes
