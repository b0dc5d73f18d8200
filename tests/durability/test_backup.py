"""A backup has a consistent copy of the log, while readings keep arriving."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from itertools import count
from pathlib import Path
import shutil
import sqlite3

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.sensorchain import backup
from custom_components.sensorchain.anchoring.entry import (
    LogConfigEntry,
    log_path,
    signing_key,
)
from custom_components.sensorchain.anchoring.mark import SUFFIX
from custom_components.sensorchain.transparency.database import open_database
from custom_components.sensorchain.transparency.log import Log
from homeassistant.components.backup.const import EXCLUDE_FROM_BACKUP
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from tests.common import eventually
from tests.transparency.common import naive_root

from .common import FRIDGE, confirmed, readings, record, states, stopped


def copy_folder(folder: Path, to: Path) -> None:
    """Copy what a backup takes of a folder."""
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns(*EXCLUDE_FROM_BACKUP))


@asynccontextmanager
async def changing(hass: HomeAssistant) -> AsyncIterator[list[str]]:
    """Have the fridge change all the time; yield the states that it has had."""
    had: list[str] = []

    async def change() -> None:
        for number in count():
            had.append(f"{number} {'x' * 200}")
            hass.states.async_set(FRIDGE, had[-1])
            await asyncio.sleep(0)

    task = asyncio.create_task(change())
    yield had
    task.cancel()


async def test_copy_while_readings_arrive(
    hass: HomeAssistant, entry: LogConfigEntry, tmp_path: Path
) -> None:
    """The main file does not change, the copy is whole, and nothing is missing in the log."""
    service, key = entry.runtime_data, signing_key(entry)
    path = log_path(hass, key)
    async with changing(hass) as had:
        while service.size < 2000:
            await asyncio.sleep(0.01)
        await backup.async_pre_backup(hass)
        main = path.read_bytes()
        # More than SQLite would leave in the write-ahead log, which are a thousand pages.
        beside = path.with_name(f"{path.name}-wal")
        while beside.stat().st_size < 2000 * 4096:
            await asyncio.sleep(0.01)
        size = service.size
        to = tmp_path / "copy"
        await hass.async_add_executor_job(copy_folder, path.parent, to)
        assert path.read_bytes() == main
        await backup.async_post_backup(hass)
    await hass.async_block_till_done()
    assert not list(to.glob(f"*{SUFFIX}"))
    with closing(open_database(to / path.name, create=False)) as connection:
        copy = Log(connection, key)
        copied = list(copy.readings())
        assert copy.size >= size
        assert copy.root() == naive_root([each.leaf.to_bytes() for each in copied])
    logged = await readings(entry)
    assert copied == logged[: len(copied)]
    assert states(logged)[3:] == had


async def test_main_file_alone(
    hass: HomeAssistant, entry: LogConfigEntry, tmp_path: Path
) -> None:
    """Even without the write-ahead log the copy has all that was there before the backup."""
    key = signing_key(entry)
    path, copy = log_path(hass, key), tmp_path / "log.db"
    await backup.async_pre_backup(hass)
    await record(hass, range(3, 6))
    # The log that is started anew in the middle of a backup changes nothing either.
    assert await hass.config_entries.async_reload(entry.entry_id)
    await confirmed(entry, 6)
    shutil.copy(path, copy)
    await backup.async_post_backup(hass)
    with closing(open_database(copy, create=False)) as connection:
        assert Log(connection, key).size == 3
    await record(hass, range(6, 9))
    await confirmed(entry, 9)


async def test_home_assistant_asks(hass: HomeAssistant, entry: LogConfigEntry) -> None:
    """The backup integration finds the hooks and calls them."""
    assert await async_setup_component(hass, "backup", {})
    await hass.async_block_till_done()
    manager = hass.data["backup"]
    await manager.async_pre_backup_actions()
    held = hass.data[backup.DATA_HELD]
    assert len(held._holds) == 1
    await manager.async_post_backup_actions()
    assert not held._holds
    assert backup.DATA_HELD not in hass.data


async def test_without_a_running_log(
    hass: HomeAssistant, entry: LogConfigEntry
) -> None:
    """A log that does not run is copied as it lies there."""
    await stopped(hass, entry)
    await backup.async_pre_backup(hass)
    await backup.async_post_backup(hass)
    await backup.async_post_backup(hass)


async def test_backup_without_end(hass: HomeAssistant, entry: LogConfigEntry) -> None:
    """What is held is released in time, whoever forgets it."""
    await backup.async_pre_backup(hass)
    first = hass.data[backup.DATA_HELD]
    await backup.async_pre_backup(hass)
    assert not first._holds
    held = hass.data[backup.DATA_HELD]
    assert held._holds
    async_fire_time_changed(hass, dt_util.utcnow() + backup.LONGEST)
    await eventually(lambda: not held._holds)
    await record(hass, range(3, 6))
    await confirmed(entry, 6)
    await backup.async_post_backup(hass)


async def test_another_program_is_reading(
    hass: HomeAssistant, entry: LogConfigEntry
) -> None:
    """A copy that could be torn is not made; the log goes on."""
    database = entry.runtime_data.database
    await database.run(lambda: database._connection.execute("PRAGMA busy_timeout = 0"))
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM head").fetchone()
        await record(hass, range(3, 6))
        with pytest.raises(HomeAssistantError, match="another program"):
            await backup.async_pre_backup(hass)
        await backup.async_post_backup(hass)
    await confirmed(entry, 6)


async def test_log_whose_file_is_damaged(
    hass: HomeAssistant, entry: LogConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """A log that is beyond saving does not keep the rest of the home from being backed up."""
    database = entry.runtime_data.database
    await database.run(
        lambda: database._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    )
    data = database.path.read_bytes()
    database.path.write_bytes(b"\xff" * len(data))
    await backup.async_pre_backup(hass)
    assert "The backup has the log as it is" in caplog.text
    await backup.async_post_backup(hass)
