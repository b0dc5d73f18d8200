"""A file is opened safely, or refused for a reason that can be told."""

from contextlib import closing
from pathlib import Path
import sqlite3
import stat

import pytest

from custom_components.sensorchain.transparency.database import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    hold_file,
    open_database,
    transaction,
)
from custom_components.sensorchain.transparency.errors import (
    CorruptDatabaseError,
    ForeignDatabaseError,
    MissingDatabaseError,
    NewerDatabaseError,
    StorageBusyError,
    StorageError,
    StorageReadOnlyError,
)
from custom_components.sensorchain.transparency.log import Log

from .common import KEY, batch


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the database is to be."""
    return tmp_path / "log.db"


def make_log(path: Path, size: int) -> None:
    """Make a log and close it."""
    connection = open_database(path)
    Log(connection, KEY).append(batch(size))
    connection.close()


def reopen_log(path: Path) -> None:
    """Open a log and close it."""
    with closing(open_database(path)) as connection:
        Log(connection, KEY)


def test_commits_are_durable(path: Path) -> None:
    """The write-ahead log is on, and every commit waits for the disk."""
    connection = open_database(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    connection.close()


def test_the_file_says_what_it_is(path: Path) -> None:
    """In the header of SQLite, where file(1) looks; and it is private."""
    make_log(path, 1)
    header = path.read_bytes()[:100]
    assert int.from_bytes(header[68:72]) == APPLICATION_ID
    assert int.from_bytes(header[60:64]) == SCHEMA_VERSION
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_missing_log_is_not_made_anew(path: Path) -> None:
    """Unless that is wanted: a new one would contradict the one that was."""
    with pytest.raises(MissingDatabaseError):
        open_database(path, create=False)
    assert not path.exists()
    path.touch()
    with pytest.raises(MissingDatabaseError):
        open_database(path, create=False)
    open_database(path).close()
    open_database(path, create=False).close()


def test_refuses_a_file_that_is_no_database(path: Path) -> None:
    """And leaves it alone."""
    path.write_bytes(b"hello" * 1000)
    with pytest.raises(ForeignDatabaseError):
        open_database(path)
    assert path.read_bytes() == b"hello" * 1000


def test_refuses_the_database_of_another_application(path: Path) -> None:
    """And leaves it alone."""
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE states (state TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(ForeignDatabaseError):
        open_database(path)
    assert path.read_bytes() == before


def test_refuses_the_database_of_a_newer_version(path: Path) -> None:
    """Its tables may mean something else."""
    connection = open_database(path)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(NewerDatabaseError):
        open_database(path)


def test_a_file_cut_short_is_corrupt(path: Path) -> None:
    """What is missing is noticed when the log is opened."""
    make_log(path, 5000)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2 // 4096 * 4096])
    with pytest.raises(CorruptDatabaseError):
        reopen_log(path)


def test_a_file_with_damaged_pages_is_corrupt(path: Path) -> None:
    """What SQLite cannot make sense of is called by its name."""
    make_log(path, 5000)
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    with pytest.raises(CorruptDatabaseError):
        reopen_log(path)


def test_a_place_that_cannot_be_written_is_read_only(tmp_path: Path) -> None:
    """A folder that is not there, or is a file, cannot hold a log."""
    (tmp_path / "file").touch()
    for folder in (tmp_path / "gone", tmp_path / "file"):
        with pytest.raises(StorageReadOnlyError):
            open_database(folder / "log.db")


def test_a_database_that_another_process_writes_is_busy(path: Path) -> None:
    """It is said so, and all is well when the other has done."""
    make_log(path, 1)
    connection, other = open_database(path), open_database(path)
    connection.execute("PRAGMA busy_timeout = 0")
    log = Log(connection, KEY)
    with transaction(other), pytest.raises(StorageBusyError):
        log.append(batch(1))
    assert log.append(batch(1))[0].index == 1
    connection.close()
    other.close()


def test_a_transaction_is_all_or_nothing(path: Path) -> None:
    """Whatever ends it but its own end undoes it."""
    connection = open_database(path)
    with transaction(connection):
        connection.execute("CREATE TABLE anchor (size INTEGER PRIMARY KEY)")
        connection.execute("INSERT INTO anchor VALUES (1)")
    insert = "INSERT INTO anchor VALUES (?)"
    with pytest.raises(KeyboardInterrupt):
        interrupt_after(connection, insert)
    with pytest.raises(StorageError), transaction(connection):
        connection.executemany(insert, [(3,), (3,)])
    with pytest.raises(StorageError), transaction(connection):
        connection.execute("INSERT INTO nowhere VALUES (4)")
    assert connection.execute("SELECT size FROM anchor").fetchall() == [(1,)]
    connection.close()


def interrupt_after(connection: sqlite3.Connection, insert: str) -> None:
    """Begin a transaction that is interrupted."""
    with transaction(connection):
        connection.execute(insert, (2,))
        raise KeyboardInterrupt


def test_only_a_database_is_held_for_a_backup(path: Path, tmp_path: Path) -> None:
    """What cannot be read is told now, and not by whoever needs the backup."""
    other = tmp_path / "other.db"
    other.write_bytes(b"nonsense" * 1000)
    with closing(open_database(path)) as connection, pytest.raises(StorageError):
        hold_file(connection, other)


def test_mistakes_are_not_blamed_on_the_disk(path: Path) -> None:
    """Who uses a closed database learns just that."""
    connection = open_database(path)
    connection.close()
    with pytest.raises(sqlite3.ProgrammingError):
        hold_file(connection, path)
