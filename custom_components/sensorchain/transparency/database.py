"""The SQLite file of a log: opened safely, and its errors by their cause."""

from collections.abc import Iterator
from contextlib import contextmanager
import errno
import os
from pathlib import Path
import sqlite3

from .errors import (
    CorruptDatabaseError,
    ForeignDatabaseError,
    MissingDatabaseError,
    NewerDatabaseError,
    StorageBusyError,
    StorageConflictError,
    StorageError,
    StorageFullError,
    StorageReadOnlyError,
)

APPLICATION_ID = 0x53656E43
"""What tells our files from other SQLite databases: "SenC" in its header, at byte 68."""

SCHEMA_VERSION = 1
"""The version of the tables, in the header of the file at byte 60."""

_CAUSES = {
    sqlite3.SQLITE_FULL: StorageFullError,
    sqlite3.SQLITE_IOERR_SHMSIZE: StorageFullError,
    sqlite3.SQLITE_READONLY: StorageReadOnlyError,
    sqlite3.SQLITE_CANTOPEN: StorageReadOnlyError,
    sqlite3.SQLITE_PERM: StorageReadOnlyError,
    sqlite3.SQLITE_BUSY: StorageBusyError,
    sqlite3.SQLITE_LOCKED: StorageBusyError,
    sqlite3.SQLITE_CONSTRAINT: StorageConflictError,
    sqlite3.SQLITE_CORRUPT: CorruptDatabaseError,
    sqlite3.SQLITE_IOERR_SHORT_READ: CorruptDatabaseError,
    sqlite3.SQLITE_NOTADB: ForeignDatabaseError,
}
"""What SQLite's result codes (sqlite.org/rescode.html) mean to a person."""


def open_database(path: Path, *, create: bool = True) -> sqlite3.Connection:
    """Open the database of a log, or make it where there is none and `create` allows.

    A log that has been anchored must be opened with create=False: were its file gone, a
    new one would be signed with the same key, and contradict it. The connection belongs
    to the thread that opens it; commits are durable when they return. Raises
    StorageError, by its subclass for a cause a person can act upon.
    """
    _ensure_file(path, create=create)
    with storage_errors():
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            _check_version(connection)
            _make_durable(connection)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit what is done inside, durably, or do none of it; raise StorageError."""
    with storage_errors():
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            # A full disk makes SQLite roll back by itself.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def hold_file(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """Bring the write-ahead log into the main file, and have that stay as it is.

    It does until the connection that is returned is closed, on any thread: it reads the
    main file alone, which therefore may not be written (sqlite.org/walformat.html,
    "WAL_READ_LOCK(0)"). Others write to the write-ahead log meanwhile. Raises StorageError.
    """
    with storage_errors():
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StorageBusyError("Another program is reading or writing the log")
        hold = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            hold.execute("BEGIN")
            hold.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except BaseException:
            hold.close()
            raise
    return hold


def is_held(connection: sqlite3.Connection) -> bool:
    """Tell whether the main file stays as it is for now: what is written stays beside it."""
    with storage_errors():
        # Something to bring in, which is what a hold prevents; the same row again is not.
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        (wait,) = connection.execute("PRAGMA busy_timeout").fetchone()
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            row = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.execute(f"PRAGMA busy_timeout = {wait}")
    return bool(row[0])


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn what SQLite raises inside into a StorageError of its cause."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        cause = _CAUSES.get(code) or _CAUSES.get(code & 0xFF, StorageError)
        raise cause(str(error)) from error


@contextmanager
def file_errors() -> Iterator[None]:
    """Turn what the file system raises inside into a StorageError of its cause."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        cause = StorageFullError if full else StorageReadOnlyError
        raise cause(str(error)) from error


def write_durably(path: Path, data: bytes) -> None:
    """Put a whole file in a place, private to its owner, or leave what is there.

    It is on the disk when this returns. Raises StorageError.
    """
    unfinished = path.with_name(f"{path.name}.new")
    with file_errors():
        with open(unfinished, "wb", opener=_private) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk; raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _private(path: str, flags: int) -> int:
    """Open a file that only its owner can read."""
    return os.open(path, flags, 0o600)


def _ensure_file(path: Path, *, create: bool) -> None:
    """Have a file: the log's, or a new and empty one that only its owner can read."""
    with file_errors():
        if path.exists() and path.stat().st_size:
            return
        if not create:
            raise MissingDatabaseError(f"No log at {path}")
        path.touch(mode=0o600)
        sync_folder(path.parent)


def _check_version(connection: sqlite3.Connection) -> None:
    """Refuse what is not ours to read; mark what is new."""
    if not _pragma(connection, "page_count"):
        with transaction(connection):
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    if _pragma(connection, "application_id") != APPLICATION_ID:
        raise ForeignDatabaseError("A database of another application")
    version = _pragma(connection, "user_version")
    if version > SCHEMA_VERSION:
        raise NewerDatabaseError(f"Version {version}, known up to {SCHEMA_VERSION}")


def _make_durable(connection: sqlite3.Connection) -> None:
    """Have every commit on the disk, not only in its cache, when it returns."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    """Return a number from the header of the file."""
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)
