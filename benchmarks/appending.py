"""Durable append in bulk, beside what SQLite needs to store the same rows."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
import sqlite3
import statistics

from custom_components.sensorchain.transparency.database import (
    open_database,
    transaction,
)
from custom_components.sensorchain.transparency.log import Log, LoggedReading
from custom_components.sensorchain.transparency.reading import Reading

from .common import ENTITIES, KEY, Scale, readings, timed
from .figure import Figure

BATCH = 20_000
"""Readings in a commit."""

_BARE_TABLE = (
    "CREATE TABLE bare (idx INTEGER PRIMARY KEY, entity INTEGER NOT NULL,"
    " sequence INTEGER NOT NULL, public INTEGER NOT NULL, data BLOB NOT NULL)"
)


def measure(scale: Scale, folder: Path) -> Iterator[Figure]:
    """Append and insert in turns, the same number of rows with the same bytes.

    Both are durable (WAL, synchronous=FULL), and both move each commit from the WAL into
    the file while the clock runs, so that every round is like every other.
    """
    ratios = []
    with (
        closing(open_database(folder / "append.db")) as ours,
        closing(open_database(folder / "bare.db")) as bare,
    ):
        log = Log(ours, KEY)
        bare.execute(_BARE_TABLE)
        for number in range(scale.rounds):
            batch = readings(BATCH, first=number * BATCH)
            appending, logged = timed(_append, log, ours, batch)
            inserting, _ = timed(_insert, bare, _rows(logged))
            ratios.append(inserting / appending)
    name = "durable append in bulk, of bare executemany"
    yield Figure(name, statistics.median(ratios), "times its speed", ">= 0.25")


def _append(
    log: Log, connection: sqlite3.Connection, batch: Sequence[tuple[Reading, bool]]
) -> list[LoggedReading]:
    """Append readings to the log."""
    logged = log.append(batch)
    connection.execute("PRAGMA wal_checkpoint")
    return logged


def _insert(connection: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert rows with nothing around them."""
    with transaction(connection):
        connection.executemany("INSERT INTO bare VALUES (?, ?, ?, ?, ?)", rows)
    connection.execute("PRAGMA wal_checkpoint")


def _rows(logged: Sequence[LoggedReading]) -> list[tuple[object, ...]]:
    """Return the rows that the log keeps of readings."""
    return [
        (
            entry.index,
            entry.index % ENTITIES,
            entry.leaf.sequence,
            entry.public,
            entry.leaf.to_bytes(),
        )
        for entry in logged
    ]
