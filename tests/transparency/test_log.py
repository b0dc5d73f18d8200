"""The log keeps what it is given, in order, and proves it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
import sqlite3

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.sensorchain.transparency.checkpoint import SignedCheckpoint
from custom_components.sensorchain.transparency.database import open_database
from custom_components.sensorchain.transparency.errors import (
    CorruptDatabaseError,
    StorageConflictError,
    StorageFullError,
    StorageReadOnlyError,
    WrongKeyError,
)
from custom_components.sensorchain.transparency.log import Log, LoggedReading
from custom_components.sensorchain.transparency.merkle import (
    EMPTY_ROOT,
    root,
    verify_consistency,
)
from custom_components.sensorchain.transparency.note import SigningKey
from custom_components.sensorchain.transparency.proof import InclusionProof
from custom_components.sensorchain.transparency.reading import Leaf
from custom_components.sensorchain.transparency.tiles import Edge, Tree

from .common import KEY, START, batch, naive_root, reading

VERIFIER = KEY.verifier


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the database is to be."""
    return tmp_path / "log.db"


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    """Return a new database."""
    connection = open_database(path)
    yield connection
    connection.close()


@pytest.fixture
def log(connection: sqlite3.Connection) -> Log:
    """Return a new log."""
    return Log(connection, KEY)


def leaves_of(log: Log) -> list[bytes]:
    """Return the bytes of all leaves."""
    return [logged.leaf.to_bytes() for logged in log.readings()]


def test_an_empty_log(log: Log) -> None:
    """It has no leaf, and a checkpoint to say so."""
    assert log.size == 0
    assert log.append([]) == []
    assert list(log.readings()) == []
    assert log.latest("sensor.x") is None
    assert log.checkpoint().note.startswith(
        "log.example/home\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— "
    )
    with pytest.raises(IndexError):
        log.leaf(0)


def test_readings_come_back_as_they_went_in(log: Log) -> None:
    """With their index, their place among those of their entity, and salt of their own."""
    given_readings = batch(30, entities=3)
    logged = log.append(given_readings[:20]) + log.append(given_readings[20:])
    assert log.size == 30
    assert list(log.readings()) == logged
    assert [log.leaf(index) for index in range(30)] == logged
    assert [(entry.leaf.reading, entry.public) for entry in logged] == given_readings
    assert [entry.index for entry in logged] == list(range(30))
    assert [entry.leaf.sequence for entry in logged] == [n // 3 for n in range(30)]
    assert len({entry.leaf.salt for entry in logged}) == 30
    assert {len(entry.leaf.salt) for entry in logged} == {16}


def test_a_range_of_readings(log: Log) -> None:
    """Readings are yielded from one index until before another."""
    logged = log.append(batch(2500))
    assert list(log.readings(990, 2010)) == logged[990:2010]
    assert list(log.readings(2490, 9999)) == logged[2490:]
    assert list(log.readings(5, 5)) == []
    # Those that arrive meanwhile are not among them.
    present = log.readings()
    first = next(present)
    log.append(batch(1))
    assert [first, *present] == logged


def test_latest_reading_of_an_entity(log: Log) -> None:
    """It is the one with the highest sequence number."""
    logged = log.append(batch(20, entities=7))
    assert log.latest("sensor.room_3") == logged[17]
    assert log.latest("sensor.room_7") is None


def test_newest_public_readings(log: Log) -> None:
    """As many as are asked for, from a range, in the order of the log."""
    log.append(batch(100))

    def public(start: int, stop: int, limit: int) -> list[int]:
        return [entry.index for entry in log.public_readings(start, stop, limit)]

    assert public(0, 100, 100) == list(range(0, 100, 10))
    assert public(0, 100, 3) == [70, 80, 90]
    assert public(10, 41, 9) == [10, 20, 30, 40]
    assert public(10, 40, 2) == [20, 30]
    assert public(41, 50, 9) == []


@pytest.mark.parametrize("index", [-1, 3, 2**63])
def test_no_leaf_where_there_is_none(log: Log, index: int) -> None:
    """An index outside the log is an IndexError."""
    log.append(batch(3))
    with pytest.raises(IndexError):
        log.leaf(index)
    with pytest.raises(IndexError):
        log.inclusion_proof(index)


@pytest.mark.parametrize("size", [-1, 4])
def test_nothing_of_a_size_it_never_had(log: Log, size: int) -> None:
    """Nor is there a root, a checkpoint or a proof for it."""
    log.append(batch(3))
    for ask in (
        log.root,
        log.checkpoint,
        log.consistency_proof,
        lambda size: log.inclusion_proof(0, size),
        lambda size: log.consistency_proof(0, size),
    ):
        with pytest.raises(IndexError):
            ask(size)


# Sizes around those at which tiles of the first two levels fill.
SIZES = st.sampled_from([1, 2, 3, 254, 255, 256, 257, 511, 512, 513, 1000])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(SIZES, max_size=3), min_size=1, max_size=3),
    st.floats(0, 1, exclude_max=True),
    st.floats(0, 1, exclude_max=True),
)
def test_roots_and_proofs_are_right_however_the_log_grew(
    tmp_path_factory: pytest.TempPathFactory,
    runs: list[list[int]],
    which: float,
    when: float,
) -> None:
    """In batches of any size, in several runs with the file closed between them."""
    path = tmp_path_factory.mktemp("log") / "log.db"
    roots = {0: EMPTY_ROOT}
    for sizes in runs:
        with closing(open_database(path)) as connection:
            log = Log(connection, KEY)
            for size in sizes:
                log.append(batch(size, first=log.size))
                roots[log.size] = log.root()
    with closing(open_database(path)) as connection:
        log = Log(connection, KEY)
        leaves = leaves_of(log)
        assert len(leaves) == max(roots)
        check_roots(log, leaves, roots)
        if leaves:
            index = int(which * len(leaves))
            size = index + 1 + int(when * (len(leaves) - index))
            signed = log.inclusion_proof(index, size).verify(leaves[index], VERIFIER)
            assert signed.checkpoint.root == naive_root(leaves[:size])


def check_roots(log: Log, leaves: list[bytes], roots: dict[int, bytes]) -> None:
    """Check the roots that a log had, and that it has only grown since."""
    for size, value in roots.items():
        assert log.root(size) == value == naive_root(leaves[:size])
        proof = log.consistency_proof(size)
        verify_consistency(size, log.size, value, log.root(), proof)


def test_ten_thousand_readings_in_one_checkpoint(log: Log) -> None:
    """Each has a valid proof to the one note that goes on a ledger."""
    logged = log.append(batch(10_000))
    signed = SignedCheckpoint.open(log.checkpoint().note, VERIFIER)
    assert signed.checkpoint.size == 10_000
    for entry in logged:
        proof = log.inclusion_proof(entry.index)
        assert proof.note == signed.note
        proof.verify_in(entry.leaf.to_bytes(), signed.checkpoint)
    proof = InclusionProof.parse(log.inclusion_proof(4321).to_text())
    assert proof.verify(logged[4321].leaf.to_bytes(), VERIFIER) == signed


def test_a_checkpoint_of_a_size_is_always_the_same(log: Log) -> None:
    """Whenever it is asked for, so that no log ever says two things."""
    notes = {}
    for size in range(1, 300, 37):
        log.append(batch(size - log.size))
        notes[size] = log.checkpoint().note
    assert {size: log.checkpoint(size).note for size in notes} == notes


def test_a_larger_tree_of_tiles() -> None:
    """Three levels of tiles give the roots that the leaves do."""
    hashes = [b"%032d" % number for number in range(66_000)]
    tiles: dict[tuple[int, int], bytes] = {}
    tree = Tree(Edge(0, {}, {}), lambda level, index: tiles[level, index])
    for start in range(0, len(hashes), 5_000):
        tree.edge, changed = tree.edge.grown(b"".join(hashes[start : start + 5_000]))
        tiles |= {(tile.level, tile.index): tile.hashes for tile in changed}

    assert tree.edge.root() == root(len(hashes), tree.read)
    whole, _ = Edge(0, {}, {}).grown(b"".join(hashes))
    assert whole == tree.edge
    assert whole == Edge.of(whole.size, whole.partial)
    assert {level for level, _ in tiles} == {0, 1, 2}
    assert tiles[2, 0][:32] == root(65_536, tree.read)


def test_sequence_numbers_go_on_after_opening(log: Log, path: Path) -> None:
    """They are those of the leaves, wherever the counting was interrupted."""
    log.append(batch(20, entities=3))
    connection = open_database(path)
    again = Log(connection, KEY)
    logged = again.append(batch(4, entities=4))
    assert [entry.leaf.sequence for entry in logged] == [7, 7, 6, 0]
    connection.close()


def test_the_log_of_another_key_is_refused(
    log: Log, connection: sqlite3.Connection
) -> None:
    """Neither another name nor another key of the same name goes on with it."""
    log.append(batch(1))
    for key in (
        SigningKey.from_seed("log.example/other", KEY.seed),
        SigningKey.from_seed(KEY.name, bytes(32)),
    ):
        with pytest.raises(WrongKeyError):
            Log(connection, key)


def test_a_full_disk_loses_nothing(log: Log, connection: sqlite3.Connection) -> None:
    """What does not fit is refused whole; with room again the log goes on."""
    before = log.append(batch(300))
    state = log.size, log.root(), log.checkpoint()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StorageFullError):
        log.append(batch(600, first=300, entities=50))
    assert (log.size, log.root(), log.checkpoint()) == state
    assert list(log.readings()) == before
    connection.execute("PRAGMA max_page_count = 1000000")
    check_goes_on(log, before)


def test_a_read_only_disk_loses_nothing(
    log: Log, connection: sqlite3.Connection
) -> None:
    """Nothing is written; once it can be, the log goes on."""
    before = log.append(batch(300))
    state = log.size, log.root(), log.checkpoint()
    connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageReadOnlyError):
        log.append(batch(600, first=300, entities=50))
    assert (log.size, log.root(), log.checkpoint()) == state
    connection.execute("PRAGMA query_only = OFF")
    check_goes_on(log, before)


def check_goes_on(log: Log, before: list[LoggedReading]) -> None:
    """Check that a log works after a failure as if that had never been."""
    logged = log.append(batch(600, first=300, entities=50))
    assert list(log.readings()) == before + logged
    sequences: dict[str, list[int]] = {}
    for entry in log.readings():
        entity = entry.leaf.reading.entity_id
        sequences.setdefault(entity, []).append(entry.leaf.sequence)
    assert all(counted == list(range(len(counted))) for counted in sequences.values())
    assert log.root() == naive_root(leaves_of(log))


def test_a_second_writer_is_refused(log: Log, path: Path) -> None:
    """One log is never continued in two ways."""
    connection = open_database(path)
    second = Log(connection, KEY)
    log.append(batch(3))
    with pytest.raises(StorageConflictError):
        second.append(batch(3))
    assert log.size == len(list(log.readings())) == 3
    assert second.size == 0
    connection.close()


def test_a_head_that_was_set_back_is_not_continued(
    log: Log, connection: sqlite3.Connection
) -> None:
    """Somebody else's change of the head is found before anything is written."""
    log.append(batch(3))
    connection.execute("UPDATE head SET size = 2")
    with pytest.raises(StorageConflictError):
        log.append(batch(3))
    assert log.size == len(list(log.readings())) == 3


DAMAGES = {
    "last leaf gone": "DELETE FROM leaf WHERE idx = (SELECT max(idx) FROM leaf)",
    "first leaf gone": "DELETE FROM leaf WHERE idx = 0",
    "all leaves gone": "DELETE FROM leaf",
    "a late leaf gone": "DELETE FROM leaf WHERE idx = (SELECT max(idx) - 9 FROM leaf)",
    "a leaf too many": "INSERT INTO leaf SELECT max(idx) + 1, 99, 0, 0, data FROM leaf",
    "last leaf changed": (
        "UPDATE leaf SET data = x'7b7d' WHERE idx = (SELECT max(idx) FROM leaf)"
    ),
    "leaf of the last full tile changed": (
        "UPDATE leaf SET data = x'7b7d' WHERE idx = ((SELECT max(idx) + 1 FROM leaf)"
        " / 256) * 256 - 1"
    ),
    "leaf of the last full tile gone": (
        "DELETE FROM leaf WHERE idx = ((SELECT max(idx) + 1 FROM leaf) / 256) * 256 - 99"
    ),
    "last full tile gone": (
        "DELETE FROM tile WHERE level = 0"
        " AND idx = (SELECT max(idx) FROM tile WHERE level = 0)"
    ),
    "last full tile changed": (
        "UPDATE tile SET hashes = zeroblob(8192) WHERE level = 0"
        " AND idx = (SELECT max(idx) FROM tile WHERE level = 0)"
    ),
    "upper tile gone": "DELETE FROM tile WHERE level = 1",
    "upper tile short": "UPDATE tile SET hashes = zeroblob(32) WHERE level = 1",
    "upper tile changed": (
        "UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 1"
    ),
    "all tiles gone": "DELETE FROM tile",
    "head gone": "DELETE FROM head",
    "two heads": "INSERT INTO head SELECT * FROM head",
    "older head": "UPDATE head SET size = size - 1",
    "another root": "UPDATE head SET root = zeroblob(32)",
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("size", [768, 900])
def test_a_torn_database_is_not_used(
    log: Log, connection: sqlite3.Connection, damage: str, size: int
) -> None:
    """Where leaves, tiles and head disagree at the right edge, opening says so."""
    log.append(batch(size))
    connection.execute(DAMAGES[damage])
    with pytest.raises(CorruptDatabaseError):
        Log(connection, KEY)


def test_a_damaged_leaf_is_named(log: Log, connection: sqlite3.Connection) -> None:
    """Far from the edge it is found when it is read."""
    log.append(batch(2000))
    connection.execute("UPDATE leaf SET data = x'7b7d' WHERE idx = 5")
    with pytest.raises(CorruptDatabaseError, match="Leaf 5"):
        Log(connection, KEY).leaf(5)


def test_a_damaged_tile_is_named(log: Log, connection: sqlite3.Connection) -> None:
    """Far from the edge it is found when a proof needs it."""
    log.append(batch(2000))
    connection.execute("DELETE FROM tile WHERE level = 0 AND idx = 2")
    with pytest.raises(CorruptDatabaseError, match="Tile 2 of level 0"):
        Log(connection, KEY).inclusion_proof(600)


def test_the_stored_bytes_are_the_leaf(
    log: Log, connection: sqlite3.Connection
) -> None:
    """What is hashed is what is stored, readable with nothing but SQLite."""
    (logged,) = log.append([(reading(45), True)])
    [(data,)] = connection.execute("SELECT data FROM leaf").fetchall()
    assert data == logged.leaf.to_bytes()
    assert Leaf.from_bytes(data).reading.last_updated > START
    assert log.root() == naive_root([data])
