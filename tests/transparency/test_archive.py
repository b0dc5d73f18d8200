"""Old leaves in compressed files: everything is still there, whatever happens on the way.

SENSORCHAIN_KILLS=200 makes a soak of it.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
import gzip
import os
from pathlib import Path
import random
import sqlite3
import subprocess
import sys

import pytest

from custom_components.sensorchain import transparency
from custom_components.sensorchain.transparency import archive
from custom_components.sensorchain.transparency.archive import BLOCK
from custom_components.sensorchain.transparency.database import hold_file, open_database
from custom_components.sensorchain.transparency.errors import (
    CorruptDatabaseError,
    StorageError,
)
from custom_components.sensorchain.transparency.log import Log, LoggedReading

from .common import KEY, START, batch, naive_root

FUTURE = START + timedelta(days=365)
KILLS = int(os.environ.get("SENSORCHAIN_KILLS", "6"))
KILLS_OF_A_LOG = 6
INTEGRATION = Path(transparency.__file__).parent.parent
ARCHIVER = Path(__file__).with_name("archiver.py")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the database is."""
    return tmp_path / "log.db"


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    """Return a database."""
    with closing(open_database(path)) as connection:
        yield connection


@pytest.fixture
def log(connection: sqlite3.Connection) -> Log:
    """Return a log of two blocks and what stays in the database."""
    log = Log(connection, KEY)
    log.append(batch(2 * BLOCK + 600))
    return log


def archive_all(log: Log) -> int:
    """Archive as much as may be; return how many blocks."""
    blocks = 0
    while log.archive(FUTURE):
        blocks += 1
    return blocks


def in_database(connection: sqlite3.Connection) -> int:
    """Return how many leaves have their bytes in the database."""
    query = "SELECT count(*) FROM leaf WHERE data != x''"
    (count,) = connection.execute(query).fetchone()
    return int(count)


def test_everything_is_still_there(
    log: Log, connection: sqlite3.Connection, path: Path
) -> None:
    """Leaves, proofs and what is found by entity are the same as before."""

    def all_of(log: Log) -> list[object]:
        return [
            list(log.readings()),
            list(log.readings_of({"sensor.room_3", "sensor.none"}, 100, 9000)),
            [log.leaf(index) for index in (0, BLOCK - 1, BLOCK, 2 * BLOCK, 8700)],
            [log.latest(f"sensor.room_{room}", 5000) for room in range(7)],
            log.public_readings(0, log.size, 1000),
            [log.inclusion_proof(index) for index in range(0, log.size, 500)],
            log.consistency_proof(5000),
            log.checkpoint(),
        ]

    before = all_of(log)
    assert archive_all(log) == 2
    assert in_database(connection) == 600
    assert all_of(log) == before
    assert all_of(Log(connection, KEY)) == before
    logged = log.append(batch(7, first=log.size))
    assert [each.leaf.sequence for each in logged] == [
        log.latest(each.leaf.reading.entity_id, 2 * BLOCK + 600).leaf.sequence + 1  # type: ignore[union-attr]
        for each in logged
    ]
    assert log.root() == naive_root([each.leaf.to_bytes() for each in log.readings()])


def test_the_form_of_a_file(log: Log, path: Path) -> None:
    """gzip, and the length of each leaf in two bytes before it; always the same bytes."""
    leaves = [each.leaf.to_bytes() for each in log.readings(BLOCK, 2 * BLOCK)]
    archive_all(log)
    file = path.with_suffix(".leaves") / f"{BLOCK:012}.gz"
    assert gzip.decompress(file.read_bytes()) == b"".join(
        len(leaf).to_bytes(2) + leaf for leaf in leaves
    )
    assert file.read_bytes()[4:8] == bytes(4)
    assert file.stat().st_mode & 0o777 == 0o600


def test_only_what_is_old_enough(log: Log, connection: sqlite3.Connection) -> None:
    """A block with one younger leaf stays."""
    assert not log.archive(START)
    assert not log.archive(START + timedelta(seconds=BLOCK - 1))
    assert log.archive(START + timedelta(seconds=BLOCK))
    assert not log.archive(START + timedelta(seconds=BLOCK))
    assert in_database(connection) == BLOCK + 600


def test_what_opening_checks_stays(connection: sqlite3.Connection) -> None:
    """The newest leaves are not archived, however old they are."""
    log = Log(connection, KEY)
    log.append(batch(BLOCK + 511))
    assert not log.archive(FUTURE)
    log.append(batch(1))
    assert log.archive(FUTURE)
    Log(connection, KEY)


def test_the_file_becomes_smaller(
    log: Log, connection: sqlite3.Connection, path: Path
) -> None:
    """Freed room is used again, or given back once it is half of the file."""
    archive_all(log)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = path.stat().st_size
    log.compact()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert path.stat().st_size < size / 2
    log.compact()
    compressed = sum(each.stat().st_size for each in path.parent.glob("*.leaves/*"))
    assert path.stat().st_size + compressed < 0.6 * size


def test_not_while_a_backup_holds_the_file(
    log: Log, connection: sqlite3.Connection, path: Path
) -> None:
    """The copy would have neither the rows nor the file."""
    with closing(hold_file(connection, path)):
        assert not log.archive(FUTURE)
    assert log.archive(FUTURE)


def fail(*_args: object) -> None:
    """Fail as a full disk does."""
    raise StorageError


@pytest.mark.parametrize("step", ["write", "_empty"])
def test_failure_on_the_way(
    log: Log,
    connection: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    """Nothing is missing, and it goes on the next time."""
    before = list(log.readings())
    target = archive.Archive if step == "write" else Log
    with monkeypatch.context() as patch:
        patch.setattr(target, step, fail)
        with pytest.raises(StorageError):
            log.archive(FUTURE)
    assert list(Log(connection, KEY).readings()) == before
    assert archive_all(log) == 2
    assert list(Log(connection, KEY).readings()) == before


def test_damaged_leaves_are_not_archived(
    log: Log, connection: sqlite3.Connection
) -> None:
    """They are compared with the hashes first."""
    (data,) = connection.execute("SELECT data FROM leaf WHERE idx = 5").fetchone()
    other = data.replace(b'"state":"0.5"', b'"state":"0.6"')
    connection.execute("UPDATE leaf SET data = ? WHERE idx = 5", (other,))
    with pytest.raises(CorruptDatabaseError):
        log.archive(FUTURE)


def test_a_disk_that_keeps_something_else(
    log: Log, connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written is read again before the database lets go of its leaves."""
    before = list(log.readings())

    def write(path: Path, _: bytes) -> None:
        """Keep another leaf than was given."""
        path.write_bytes(gzip.compress(b"\0\2{}"))

    with monkeypatch.context() as patch:
        patch.setattr(archive, "write_durably", write)
        with pytest.raises(CorruptDatabaseError, match="not as it was written"):
            log.archive(FUTURE)
    assert list(Log(connection, KEY).readings()) == before


DAMAGES: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "cut short": lambda file: file.write_bytes(file.read_bytes()[:-100]),
    "another": lambda file: file.write_bytes(gzip.compress(b"\0\2{}")),
    "nonsense": lambda file: file.write_bytes(b"nonsense"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_named(log: Log, path: Path, damage: str) -> None:
    """Its leaves cannot be read; the others can."""
    archive_all(log)
    DAMAGES[damage](path.with_suffix(".leaves") / f"{0:012}.gz")
    with closing(open_database(path)) as connection:
        again = Log(connection, KEY)
        with pytest.raises(CorruptDatabaseError):
            again.leaf(5)
        assert again.leaf(BLOCK + 5).index == BLOCK + 5


def reopened(path: Path) -> list[LoggedReading]:
    """Return what is in a log, after checking its root."""
    with closing(open_database(path, create=False)) as connection:
        log = Log(connection, KEY)
        logged = list(log.readings())
        assert [each.index for each in logged] == list(range(log.size))
        assert log.root() == naive_root([each.leaf.to_bytes() for each in logged])
    return logged


@pytest.mark.timeout(120 + 10 * KILLS)
def test_kills(tmp_path: Path) -> None:
    """Killed at random points between the file and the rows, nothing is missing."""
    chosen = random.Random()
    archived = 0
    for kill in range(KILLS):
        path = tmp_path / f"{kill // KILLS_OF_A_LOG}.db"
        if not path.exists():
            with closing(open_database(path)) as connection:
                Log(connection, KEY).append(batch(9 * BLOCK))
            before = reopened(path)
        # The first of each log comes late enough for something to be archived.
        first = not kill % KILLS_OF_A_LOG
        kill_archiver(path, blocks=first, after=chosen.uniform(0, 0.3))
        logged = reopened(path)
        assert logged[: len(before)] == before
        before = logged
        archived += len(list(path.with_suffix(".leaves").glob("*.gz")))
    assert archived


def kill_archiver(path: Path, *, blocks: int, after: float) -> None:
    """Archive a log until so many blocks have gone, and for some seconds more."""
    with subprocess.Popen(
        [sys.executable, ARCHIVER, INTEGRATION, path], stdout=subprocess.PIPE, text=True
    ) as archiver:
        assert archiver.stdout is not None
        for _ in range(1 + blocks):
            archiver.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            archiver.wait(after)
        archiver.kill()
