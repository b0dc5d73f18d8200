"""Whatever the disk does: it is told, nothing is dropped silently, and the log goes on."""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import timedelta
import json
from pathlib import Path
import sqlite3
import subprocess
import time
from typing import Any

import pytest

from custom_components.sensorchain import repairs
from custom_components.sensorchain.anchoring import service
from custom_components.sensorchain.anchoring.entry import LogConfigEntry, signing_key
from custom_components.sensorchain.anchoring.unwritten import RESERVED, Unwritten
from custom_components.sensorchain.transparency import errors
from custom_components.sensorchain.transparency.database import open_database
from custom_components.sensorchain.transparency.log import Log
from custom_components.sensorchain.transparency.note import SigningKey
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from tests.common import eventually
from tests.log import DOMAIN, add_log, published, rule_form, tangle_form

from .common import (
    FRIDGE,
    check_first_leaf,
    confirmed,
    issue_of,
    readings,
    record,
    states,
    stopped,
    successor,
)

NOT_STORED = "sensor.evidence_readings_not_stored"


def storage_issue(hass: HomeAssistant, entry: LogConfigEntry) -> str | None:
    """Return what is told of the log's file."""
    issue = issue_of(hass, f"storage_{entry.entry_id}")
    return issue and issue.translation_key


async def limit_pages(entry: LogConfigEntry, pages: int) -> None:
    """Have SQLite find the disk full at so many pages."""
    database = entry.runtime_data.database
    pragma = f"PRAGMA max_page_count = {pages}"
    await database.run(lambda: database._connection.execute(pragma))


async def fix(hass: HomeAssistant, issue_id: str) -> dict[str, Any]:
    """Submit the form of an issue, as a person would; return the flow's last result."""
    assert await async_setup_component(hass, "repairs", {})
    await hass.async_block_till_done()
    manager = hass.data["repairs"]["flow_manager"]
    step = await manager.async_init(DOMAIN, data={"issue_id": issue_id})
    assert step["step_id"] == "confirm"
    result = await manager.async_configure(step["flow_id"], {})
    await hass.async_block_till_done()
    return dict(result)


def test_every_cause_is_told_in_words() -> None:
    """Each class of StorageError has a row, and each row its texts."""
    causes = {
        cause
        for cause in vars(errors).values()
        if isinstance(cause, type) and issubclass(cause, errors.StorageError)
    }
    assert set(repairs.TROUBLES) == causes
    folder = Path(repairs.__file__).parent
    issues = json.loads((folder / "translations" / "en.json").read_text())["issues"]
    for trouble in repairs.TROUBLES.values():
        told = issues[trouble.translation_key]
        assert ("fix_flow" in told) == trouble.needs_new_log


async def test_full_disk_until_the_end(
    hass: HomeAssistant, entry: LogConfigEntry
) -> None:
    """What the disk did not take is counted, kept, and in the log after the next start."""
    await limit_pages(entry, 1)
    # Pages that the file has already are filled first.
    await record(hass, (f"{number} {'x' * 200}" for number in range(200)))
    await eventually(lambda: storage_issue(hass, entry) == "storage_full")
    waiting = entry.runtime_data.unwritten
    assert waiting

    def count_is_shown() -> bool:
        state = hass.states.get(NOT_STORED)
        return bool(state) and state.state == str(waiting)

    await eventually(count_is_shown)
    await stopped(hass, entry)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await confirmed(entry, 203)
    told = [state.split()[0] for state in states(await readings(entry))]
    assert told == [str(number) for number in (*range(3), *range(200))]
    assert not issue_of(hass, f"loss_{entry.entry_id}")
    assert storage_issue(hass, entry) is None
    state = hass.states.get(NOT_STORED)
    assert state and state.state == "0"


async def test_more_than_can_be_kept(
    hass: HomeAssistant, entry: LogConfigEntry
) -> None:
    """What did not even fit the reserved room is told at the next start."""
    await limit_pages(entry, 1)
    for number in range(2000):
        hass.states.async_set(FRIDGE, f"{number} {'x' * 200}")
    await hass.async_block_till_done()
    await eventually(lambda: storage_issue(hass, entry) == "storage_full")
    recorded, waiting = entry.runtime_data.size, entry.runtime_data.unwritten
    assert recorded + waiting == 2003
    path = await stopped(hass, entry)
    kept = Unwritten(path).load()
    assert len(kept.readings) + kept.lost == waiting
    assert kept.lost
    assert path.with_suffix(".unwritten").stat().st_size == RESERVED
    assert await hass.config_entries.async_setup(entry.entry_id)
    # The state at the start, which was lost, is recorded again.
    await confirmed(entry, recorded + len(kept.readings) + 1)
    issue = issue_of(hass, f"loss_{entry.entry_id}")
    assert issue and issue.translation_placeholders
    assert issue.translation_placeholders["lost"] == str(kept.lost)
    await fix(hass, issue.issue_id)
    assert not issue_of(hass, issue.issue_id)


async def test_nothing_is_written_twice(
    hass: HomeAssistant, entry: LogConfigEntry
) -> None:
    """The power was cut after a waiting reading was written, before that was noted."""
    logged = await readings(entry)
    path = await stopped(hass, entry)
    Unwritten(path).keep([(each.leaf.reading, each.public) for each in logged[1:]])
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert await readings(entry) == logged
    assert Unwritten(path).load().readings == []


async def test_another_program_is_writing(
    hass: HomeAssistant, entry: LogConfigEntry
) -> None:
    """Readings wait until it has done."""
    database = entry.runtime_data.database
    await database.run(lambda: database._connection.execute("PRAGMA busy_timeout = 0"))
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await record(hass, range(3, 6))
        await eventually(lambda: storage_issue(hass, entry) == "storage_busy")
        other.execute("ROLLBACK")
    await confirmed(entry, 6)
    assert storage_issue(hass, entry) is None


async def test_clock_that_goes_back(
    hass: HomeAssistant, entry: LogConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readings are recorded as they are, and it is told until the clock has caught up."""
    issue_id = f"clock_{entry.entry_id}"
    assert not issue_of(hass, issue_id)
    hour = timedelta(hours=1)
    ahead_at = time.time() + hour.total_seconds()
    hass.states.async_set(FRIDGE, "ahead", timestamp=ahead_at)
    await record(hass, ["back"])
    await eventually(lambda: issue_of(hass, issue_id))
    *_, ahead, back = [each.leaf.reading for each in await readings(entry)]
    assert (ahead.state, back.state) == ("ahead", "back")
    assert back.last_updated < ahead.last_updated
    # It has caught up as far as need be, at once.
    monkeypatch.setattr(service, "_TOLERANCE", hour)

    def is_over() -> bool:
        hass.states.async_set(FRIDGE, str(time.time()))
        return not issue_of(hass, issue_id)

    await eventually(is_over)


def corrupt(path: Path) -> None:
    """Overwrite all but the first page."""
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))


def truncate(path: Path) -> None:
    """Cut the file short."""
    path.write_bytes(path.read_bytes()[:8192])


def replace_with_nonsense(path: Path) -> None:
    """Put something else there."""
    path.write_bytes(b"hello" * 1000)


def replace_with_another_log(path: Path) -> None:
    """Put another log there."""
    path.unlink()
    with closing(open_database(path)) as connection:
        Log(connection, SigningKey.generate("sensorchain/other"))


DAMAGES: dict[str, Callable[[Path], None]] = {
    "storage_corrupt": corrupt,
    "storage_foreign": replace_with_nonsense,
    "storage_missing": Path.unlink,
    "storage_wrong_key": replace_with_another_log,
}


def test_room_for_unwritten_readings_that_cannot_be_had(tmp_path: Path) -> None:
    """A disk that is full from the start has nothing kept, and says so when it should keep."""
    unwritten = Unwritten(tmp_path / "gone" / "log.db")
    assert unwritten.load().readings == []
    with pytest.raises(errors.StorageError):
        unwritten.keep([])
    unwritten.clear()


@pytest.mark.parametrize(
    "line",
    [
        b'["sensor.fridge",4.5,null,"2026-11-22T10:00:00.123456Z",true]',
        b'["sensor.fridge","4.5",null,"yesterday",true]',
        b'["sensor.fridge","4.5"]',
        b'{"entity_id":"sensor.fridge"}',
        b"17",
        b"\xff",
    ],
)
def test_unwritten_readings_that_were_damaged(tmp_path: Path, line: bytes) -> None:
    """What cannot be read any more is counted as lost; what is before it is kept."""
    good = b'["sensor.fridge","4.4","\xc2\xb0C","2026-11-22T10:00:00.123456Z",true]'
    unwritten = Unwritten(tmp_path / "log.db")
    (tmp_path / "log.unwritten").write_bytes(
        b"\n".join([b'{"unwritten":3}', good, line, good])
    )
    leftover = unwritten.load()
    [(reading, is_public)] = leftover.readings
    assert (reading.state, reading.unit, is_public) == ("4.4", "°C", True)
    assert leftover.lost == 2


async def test_disk_that_takes_nothing_at_all(
    hass: HomeAssistant, entry: LogConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """Readings that can be kept nowhere are counted as lost when Home Assistant ends."""
    path = entry.runtime_data.database.path
    path.with_suffix(".unwritten").unlink()
    await limit_pages(entry, 1)
    await record(hass, (f"{number} {'x' * 200}" for number in range(100)))
    await eventually(lambda: storage_issue(hass, entry) == "storage_full")
    waiting = entry.runtime_data.unwritten
    await stopped(hass, entry)
    assert f"{waiting} readings could not be written, {waiting} of them are lost" in (
        caplog.text
    )


async def test_new_log_that_cannot_be_made(
    hass: HomeAssistant, entry: LogConfigEntry
) -> None:
    """A fix that the disk does not allow says why, changes nothing, and can be tried again."""
    old = signing_key(entry).verifier
    path = await stopped(hass, entry)
    corrupt(path)
    archive = path.with_suffix(".leaves")
    archive.mkdir()
    assert not await hass.config_entries.async_setup(entry.entry_id)
    obstacle = path.with_suffix(".successor")
    obstacle.mkdir()
    result = await fix(hass, f"storage_{entry.entry_id}")
    assert (result["type"], result["reason"]) == ("abort", "cannot_store")
    assert result["description_placeholders"]["reason"]
    assert path.exists() and archive.exists()
    assert signing_key(entry).verifier == old
    assert storage_issue(hass, entry) == "storage_corrupt"
    obstacle.rmdir()
    await fix(hass, f"storage_{entry.entry_id}")
    await successor(entry, old)
    assert not path.exists() and not archive.exists()
    assert list(path.parent.glob(f"{path.stem}.damaged-*.leaves"))


@pytest.mark.parametrize("told", DAMAGES)
async def test_new_log_in_the_place_of_a_damaged_one(
    hass: HomeAssistant, tangle: PrivateTangle, entry: LogConfigEntry, told: str
) -> None:
    """A person confirms; the file is kept, and the new log names the old one's last state."""
    old = signing_key(entry).verifier
    path = await stopped(hass, entry)
    DAMAGES[told](path)
    damaged = path.read_bytes() if path.exists() else None
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "log_not_readable"
    assert storage_issue(hass, entry) == told
    await fix(hass, f"storage_{entry.entry_id}")
    new = await successor(entry, old)
    assert storage_issue(hass, entry) is None
    assert not path.exists()
    aside = list(path.parent.glob(f"{path.stem}.damaged-*.db"))
    assert [each.read_bytes() for each in aside] == ([damaged] if damaged else [])
    await record(hass, range(3, 6))
    await confirmed(entry, entry.runtime_data.size)
    logged = await readings(entry)
    check_first_leaf(logged[0], old, 3)
    assert states(logged)[-3:] == ["3", "4", "5"]
    assert (await published(tangle.url, new))[-1].size == len(logged)
    issue = issue_of(hass, f"succession_{entry.entry_id}")
    assert issue and issue.translation_key == "log_replaced"


async def test_damage_that_the_start_meets(
    hass: HomeAssistant, entry: LogConfigEntry
) -> None:
    """A file that opens and has leaves that are none is closed again, and told of."""
    path = await stopped(hass, entry)
    sound = path.read_bytes()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE leaf SET data = x'00'")
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert storage_issue(hass, entry) == "storage_corrupt"
    # Nobody holds the file any more: a person puts back a good one.
    path.write_bytes(sound)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert storage_issue(hass, entry) is None
    await record(hass, range(3, 6))
    await confirmed(entry, 6)


async def test_new_entity_while_another_program_is_writing(
    hass: HomeAssistant, entry: LogConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """A name that cannot be kept is told; the readings under it wait, and are not lost."""
    database = entry.runtime_data.database
    await database.run(lambda: database._connection.execute("PRAGMA busy_timeout = 0"))
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        # A registered entity gets no id under which there is a state.
        hass.states.async_remove(FRIDGE)
        er.async_get(hass).async_get_or_create(
            "sensor", "test", "fridge", suggested_object_id="fridge"
        )
        await record(hass, range(3, 6))
        await eventually(
            lambda: "The names of new entities are not kept" in caplog.text
        )
        other.execute("ROLLBACK")
    await confirmed(entry, 6)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await record(hass, [6])
    await confirmed(entry, 7)
    logged = await readings(entry)
    assert {each.leaf.reading.entity_id for each in logged} == {FRIDGE}
    assert [each.leaf.sequence for each in logged] == list(range(7))


async def test_cut_short(hass: HomeAssistant, entry: LogConfigEntry) -> None:
    """A file of which the end is missing is told to be damaged."""
    truncate(await stopped(hass, entry))
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert storage_issue(hass, entry) == "storage_corrupt"


async def test_made_by_a_newer_version(
    hass: HomeAssistant, entry: LogConfigEntry
) -> None:
    """It is left alone until SensorChain is updated."""
    path = await stopped(hass, entry)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert storage_issue(hass, entry) == "storage_newer"
    assert await hass.config_entries.async_remove(entry.entry_id)
    assert storage_issue(hass, entry) is None
    assert path.exists()


async def test_file_that_goes_while_the_log_runs(
    hass: HomeAssistant, entry: LogConfigEntry
) -> None:
    """SQLite would go on writing to nowhere; what waits goes into the new log."""
    old = signing_key(entry).verifier
    entry.runtime_data.database.path.unlink()
    await record(hass, range(3, 6))
    await eventually(lambda: storage_issue(hass, entry) == "storage_missing")
    assert entry.runtime_data.unwritten == 3
    await fix(hass, f"storage_{entry.entry_id}")
    await successor(entry, old)
    await confirmed(entry, entry.runtime_data.size)
    logged = await readings(entry)
    check_first_leaf(logged[0], old, 3)
    assert states(logged[1:]) == ["3", "4", "5"]


async def test_file_that_is_damaged_while_the_log_runs(
    hass: HomeAssistant, entry: LogConfigEntry
) -> None:
    """What waits goes into the new log, once a person agrees to it."""
    old, database = signing_key(entry).verifier, entry.runtime_data.database

    def damage() -> None:
        database._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        corrupt(database.path)
        database._connection.execute("PRAGMA shrink_memory")

    await database.run(damage)
    await record(hass, range(3, 6))
    await eventually(lambda: storage_issue(hass, entry) == "storage_corrupt")
    await fix(hass, f"storage_{entry.entry_id}")
    await successor(entry, old)
    await confirmed(entry, entry.runtime_data.size)
    logged = await readings(entry)
    check_first_leaf(logged[0], old, 3)
    assert states(logged[1:]) == ["3", "4", "5"]
    path = database.path
    assert not path.exists()
    assert list(path.parent.glob(f"{path.stem}.damaged-*.db"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return the folder of a disk of a few megabytes; only who may mount has one.

    It has room for what a write-ahead log becomes before SQLite brings it in.
    """
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "none", folder]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except OSError, subprocess.CalledProcessError:
        pytest.skip("may not mount a disk")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


async def test_a_real_disk(
    hass: HomeAssistant, tangle: PrivateTangle, small_disk: Path
) -> None:
    """Full, then empty again, then read-only, then writable again."""
    hass.config.config_dir = str(small_disk)
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    await record(hass, range(3))
    await confirmed(entry, 3)
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    for number in range(1000):
        hass.states.async_set(FRIDGE, str(number))
    await hass.async_block_till_done()
    await eventually(lambda: storage_issue(hass, entry) == "storage_full")
    # Home Assistant ends while the disk is full.
    await stopped(hass, entry)
    filler.unlink()
    assert await hass.config_entries.async_setup(entry.entry_id)
    await confirmed(entry, 1003)
    assert states((await readings(entry))[3:]) == [str(each) for each in range(1000)]

    await stopped(hass, entry)
    remount = ["mount", "-o", "remount,{}", small_disk]
    subprocess.run([str(each).format("ro") for each in remount], check=True)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert storage_issue(hass, entry) == "storage_read_only"
    subprocess.run([str(each).format("rw") for each in remount], check=True)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert storage_issue(hass, entry) is None
