"""What a network knows, in one SQLite file.

objects         each object in its present version
gone            the objects that were deleted, with their last version
transactions    each one that was executed, with its effects; numbered as they were
checkpoints     which transactions stand for good
locks           which transaction an object's version is promised to, until the epoch ends
held            transactions that were signed and are not executed yet
facts           the epoch, its gas price, its beginning
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
import json
from pathlib import Path
import sqlite3
from typing import Any

from .kinds import kind
from .objects import LiveObject, Owner

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    id TEXT PRIMARY KEY, version INTEGER NOT NULL, kind TEXT NOT NULL, contents BLOB NOT NULL,
    owner_form TEXT NOT NULL, owner TEXT NOT NULL, previous TEXT NOT NULL,
    digest TEXT NOT NULL, bcs BLOB NOT NULL, rebate INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS by_owner ON objects (owner, id);
CREATE TABLE IF NOT EXISTS gone (id TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS transactions (
    number INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE, sender TEXT NOT NULL,
    data BLOB NOT NULL, signatures TEXT NOT NULL, effects BLOB NOT NULL,
    debug TEXT, words TEXT, checkpoint INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS by_sender ON transactions (sender, number);
CREATE INDEX IF NOT EXISTS by_checkpoint ON transactions (checkpoint);
CREATE TABLE IF NOT EXISTS checkpoints (
    number INTEGER PRIMARY KEY, time INTEGER NOT NULL, digest TEXT NOT NULL,
    summary BLOB NOT NULL, total INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS locks (
    id TEXT NOT NULL, version INTEGER NOT NULL, digest TEXT NOT NULL,
    PRIMARY KEY (id, version, digest)
) STRICT;
CREATE INDEX IF NOT EXISTS by_locker ON locks (digest);
CREATE TABLE IF NOT EXISTS held (digest TEXT PRIMARY KEY, data BLOB NOT NULL, signatures TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
"""

_OBJECT = "SELECT id, version, kind, contents, owner_form, owner, previous, digest, bcs, rebate FROM objects"
_EXECUTED = "SELECT number, digest, sender, data, signatures, effects, debug, words, checkpoint FROM transactions"


@dataclass(frozen=True, slots=True)
class Executed:
    """A transaction that was executed."""

    number: int
    digest: str
    sender: str
    data: bytes
    signatures: Sequence[str]
    """In Base64."""
    effects: bytes
    """In BCS."""
    debug: str | None
    """Why it failed, in JSON-RPC's words; None where it succeeded."""
    words: str | None
    """The same in GraphQL's words."""
    checkpoint: int | None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A part of the network's history, for good."""

    number: int
    time: int
    """Milliseconds."""
    digest: str
    summary: bytes
    """In BCS."""
    total: int
    """Transactions so far."""


def _live(row: Sequence[Any]) -> LiveObject:
    """Return the object of a row."""
    object_id, version, of, contents, form, owner, previous, digest, bcs, rebate = row
    return LiveObject(
        object_id=object_id,
        version=version,
        kind=kind(of),
        contents=contents,
        owner=Owner(form, owner),
        previous=previous,
        digest=digest,
        bcs=bcs,
        rebate=rebate,
    )


def _executed(row: Sequence[Any]) -> Executed:
    """Return the transaction of a row."""
    number, digest, sender, data, signatures, *rest = row
    return Executed(number, digest, sender, data, json.loads(signatures), *rest)


class Store:
    """A file, or nothing but memory."""

    def __init__(self, path: Path | None) -> None:
        """Open it; made if it is not there."""
        self._database = sqlite3.connect(
            path or ":memory:", autocommit=True, check_same_thread=False
        )
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(_SCHEMA)

    def close(self) -> None:
        """Close it."""
        self._database.close()

    def begin(self) -> None:
        """Begin what is done as a whole, or not at all."""
        self._database.execute("BEGIN")

    def commit(self) -> None:
        """End it."""
        self._database.execute("COMMIT")

    def rollback(self) -> None:
        """Undo it."""
        self._database.execute("ROLLBACK")

    # Facts

    def fact(self, name: str) -> int | None:
        """Return a number that was noted."""
        row = self._database.execute(
            "SELECT value FROM facts WHERE name = ?", (name,)
        ).fetchone()
        return int(row[0]) if row else None

    def note(self, name: str, value: int) -> None:
        """Note a number."""
        self._database.execute(
            "INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value)
        )

    # Objects

    def object(self, object_id: str) -> LiveObject | None:
        """Return an object."""
        row = self._database.execute(f"{_OBJECT} WHERE id = ?", (object_id,)).fetchone()
        return _live(row) if row else None

    def gone(self, object_id: str) -> int | None:
        """Return the last version of an object that was deleted."""
        row = self._database.execute(
            "SELECT version FROM gone WHERE id = ?", (object_id,)
        ).fetchone()
        return int(row[0]) if row else None

    def owned(self, owner: str | None) -> list[LiveObject]:
        """Return what an address, or an object, has, by id; of nobody in particular all."""
        where, values = (" WHERE owner = ?", [owner]) if owner else ("", [])
        rows = self._database.execute(f"{_OBJECT}{where} ORDER BY id", values)
        return [_live(row) for row in rows]

    def write(self, each: LiveObject) -> None:
        """Put an object in its new version in the place of its old one."""
        self._database.execute(
            "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(each.object_id, each.version, str(each.kind), each.contents),
                *(each.owner.form, each.owner.value, each.previous),
                *(each.digest, each.bcs, each.rebate),
            ),
        )

    def delete(self, object_id: str, version: int) -> None:
        """Delete an object."""
        self._database.execute("DELETE FROM objects WHERE id = ?", (object_id,))
        self._database.execute(
            "INSERT OR REPLACE INTO gone VALUES (?, ?)", (object_id, version)
        )

    # Transactions

    def add(
        self,
        digest: str,
        sender: str,
        data: bytes,
        signatures: Sequence[str],
        effects: bytes,
        debug: str | None,
        words: str | None,
    ) -> None:
        """Add a transaction that was executed."""
        self._database.execute(
            "INSERT INTO transactions (digest, sender, data, signatures, effects, debug, words) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (digest, sender, data, json.dumps(list(signatures)), effects, debug, words),
        )

    def executed(self, digest: str) -> Executed | None:
        """Return a transaction."""
        row = self._database.execute(
            f"{_EXECUTED} WHERE digest = ?", (digest,)
        ).fetchone()
        return _executed(row) if row else None

    def history(
        self,
        *,
        sender: str | None = None,
        after: int | None = None,
        before: int | None = None,
        limit: int = 50,
        newest_first: bool = True,
        final: bool = False,
    ) -> list[Executed]:
        """Return transactions, an address's or all, between two numbers; or just those in checkpoints."""
        order = "DESC" if newest_first else "ASC"
        rows = self._database.execute(
            f"{_EXECUTED} WHERE number > ?1 AND number < ?2 AND (?3 IS NULL OR sender = ?3) AND (NOT ?4 OR checkpoint IS NOT NULL) ORDER BY number {order} LIMIT ?5",
            (after or 0, 2**62 if before is None else before, sender, final, limit),
        )
        return list(map(_executed, rows))

    def waiting(self) -> list[Executed]:
        """Return the transactions that are in no checkpoint yet."""
        rows = self._database.execute(
            f"{_EXECUTED} WHERE checkpoint IS NULL ORDER BY number"
        )
        return list(map(_executed, rows))

    def forget(self) -> None:
        """Forget all transactions."""
        self._database.execute("DELETE FROM transactions")

    # Checkpoints

    def add_checkpoint(
        self, checkpoint: Checkpoint, transactions: Iterable[Executed]
    ) -> None:
        """Add a checkpoint of transactions."""
        self._database.execute(
            "INSERT INTO checkpoints VALUES (?, ?, ?, ?, ?)",
            (
                *(checkpoint.number, checkpoint.time, checkpoint.digest),
                *(checkpoint.summary, checkpoint.total),
            ),
        )
        self._database.executemany(
            "UPDATE transactions SET checkpoint = ? WHERE number = ?",
            [(checkpoint.number, each.number) for each in transactions],
        )

    def checkpoint(self, number: int | None = None) -> Checkpoint | None:
        """Return a checkpoint, the newest unless a number is given."""
        row = self._database.execute(
            "SELECT number, time, digest, summary, total FROM checkpoints WHERE ?1 IS NULL OR number = ?1 ORDER BY number DESC LIMIT 1",
            (number,),
        ).fetchone()
        return Checkpoint(*row) if row else None

    def transactions_of(self, checkpoint: int) -> list[str]:
        """Return the digests of a checkpoint's transactions."""
        rows = self._database.execute(
            "SELECT digest FROM transactions WHERE checkpoint = ? ORDER BY number",
            (checkpoint,),
        )
        return [str(row[0]) for row in rows]

    # Locks

    def lockers(self, object_id: str, version: int) -> list[str]:
        """Return the transactions that an object's version is promised to."""
        rows = self._database.execute(
            "SELECT digest FROM locks WHERE id = ? AND version = ? ORDER BY digest",
            (object_id, version),
        )
        return [str(row[0]) for row in rows]

    def lock(self, object_id: str, version: int, digest: str) -> None:
        """Promise an object's version to a transaction."""
        self._database.execute(
            "INSERT OR IGNORE INTO locks VALUES (?, ?, ?)", (object_id, version, digest)
        )

    def kept(self, digest: str) -> None:
        """End the promises to a transaction that was executed."""
        self._database.execute("DELETE FROM locks WHERE digest = ?", (digest,))

    def hold(self, digest: str, data: bytes, signatures: Sequence[str]) -> None:
        """Keep a transaction that is not executed yet."""
        self._database.execute(
            "INSERT OR IGNORE INTO held VALUES (?, ?, ?)",
            (digest, data, json.dumps(list(signatures))),
        )

    def held(self) -> list[tuple[bytes, list[str]]]:
        """Return the transactions that are not executed yet, with their signatures."""
        rows = self._database.execute(
            "SELECT data, signatures FROM held ORDER BY rowid"
        )
        return [(bytes(data), json.loads(signatures)) for data, signatures in rows]

    def drop_held(self) -> None:
        """Forget them."""
        self._database.execute("DELETE FROM held")

    def unlock(self) -> None:
        """End all promises."""
        self._database.execute("DELETE FROM locks")
        self.drop_held()
