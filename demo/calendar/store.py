"""What is kept on disk: headers, and the messages that calendars have promised to put into the chain."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
import sqlite3
from typing import Any

# Nothing here is worth waiting for the disk.
_PRAGMAS = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = OFF")
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS block (height INTEGER PRIMARY KEY, header BLOB NOT NULL)",
    """CREATE TABLE IF NOT EXISTS message (
        calendar TEXT NOT NULL, message BLOB NOT NULL, height INTEGER, timestamp BLOB,
        PRIMARY KEY (calendar, message)
    )""",
)


class Store:
    """A SQLite file. Its steps are so short that they hold up nobody."""

    def __init__(self, path: Path) -> None:
        """Open it, or make it."""
        self._connection = sqlite3.connect(path, isolation_level=None)
        for statement in (*_PRAGMAS, *_SCHEMA):
            self._connection.execute(statement)

    def close(self) -> None:
        """Close it."""
        self._connection.close()

    def headers(self) -> list[bytes]:
        """Return all headers, from the first block."""
        rows = self._rows("SELECT header FROM block ORDER BY height")
        return [header for (header,) in rows]

    def add_header(self, height: int, header: bytes) -> None:
        """Keep the header of the next block."""
        self._rows("INSERT INTO block VALUES (?, ?)", height, header)

    def cut(self, height: int) -> None:
        """Forget the blocks from a height on; what they held waits again."""
        self._rows("DELETE FROM block WHERE height >= ?", height)
        self._rows(
            "UPDATE message SET height = NULL, timestamp = NULL WHERE height >= ?",
            height,
        )

    def promise(self, calendar: str, message: bytes) -> None:
        """Keep a message that is to go into the chain."""
        self._rows(
            "INSERT OR IGNORE INTO message VALUES (?, ?, NULL, NULL)", calendar, message
        )

    def promised(self, calendar: str) -> list[bytes]:
        """Return the messages that are in no block yet."""
        rows = self._rows(
            "SELECT message FROM message WHERE calendar = ? AND height IS NULL ORDER BY rowid",
            calendar,
        )
        return [message for (message,) in rows]

    def keep(
        self, calendar: str, height: int, timestamps: Iterable[tuple[bytes, bytes]]
    ) -> None:
        """Keep the timestamps of messages that are in a block now."""
        for message, timestamp in timestamps:
            self._rows(
                "UPDATE message SET height = ?, timestamp = ? WHERE calendar = ? AND message = ?",
                height,
                timestamp,
                calendar,
                message,
            )

    def find(self, calendar: str, message: bytes) -> tuple[Any, ...] | None:
        """Return the timestamp of a message, if it is in a block; None for an unknown one."""
        query = "SELECT timestamp FROM message WHERE calendar = ? AND message = ?"
        return next(self._rows(query, calendar, message), None)

    def messages_in(self, height: int) -> int:
        """Return how many messages a block holds."""
        query = "SELECT count(*) FROM message WHERE height = ?"
        ((count,),) = self._rows(query, height)
        return int(count)

    def _rows(self, query: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Return what a statement yields."""
        with closing(self._connection.execute(query, values)) as cursor:
            return iter(cursor.fetchall())
