"""A log is kept small by archiving what is older than a person chooses."""

from datetime import timedelta
import time

import pytest

from custom_components.sensorchain.anchoring import archiver
from custom_components.sensorchain.anchoring.entry import LogConfigEntry
from custom_components.sensorchain.transparency.archive import BLOCK
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.core import HomeAssistant
from tests.common import eventually
from tests.log import add_log, export, rule_form, tangle_form, verify

from .common import FRIDGE, confirmed, readings, record


async def archive_after(
    hass: HomeAssistant, entry: LogConfigEntry, days: float
) -> None:
    """Choose after how many days readings are archived."""
    options = {"needs_all_ledgers": False, "archive_after": days}
    flow = await hass.config_entries.options.async_init(entry.entry_id)
    await hass.config_entries.options.async_configure(flow["flow_id"], options)
    await hass.async_block_till_done()


async def test_what_is_older_than_chosen(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """Old readings leave the database; they are still in the log, which goes on, and in proofs."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    size = BLOCK + 600
    two_days_ago = time.time() - timedelta(days=2).total_seconds()
    for number in range(size):
        hass.states.async_set(FRIDGE, str(number), timestamp=two_days_ago + number / 10)
    await hass.async_block_till_done()
    await confirmed(entry, size)
    before = await readings(entry)
    folder = entry.runtime_data.database.path.with_suffix(".leaves")
    await archive_after(hass, entry, 3)
    assert await readings(entry) == before
    assert not folder.exists()
    await archive_after(hass, entry, 1)
    await eventually(folder.exists)
    assert await readings(entry) == before
    assert [file.name for file in folder.iterdir()] == ["000000000000.gz"]
    await record(hass, ["new"])
    await confirmed(entry, size + 1)
    answer = await export(hass, entry)
    assert answer["readings"] == size + 1
    checked = await verify(answer["file"], "--node", tangle.url)
    assert checked["outcome"] == "genuine"
    await archive_after(hass, entry, 0)
    assert (await readings(entry))[:-1] == before


async def test_archive_that_cannot_be_written(
    hass: HomeAssistant,
    tangle: PrivateTangle,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is told, the readings stay in the database, and it is tried again."""
    monkeypatch.setattr(archiver, "INTERVAL_SECONDS", 0.05)
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    size = BLOCK + 600
    two_days_ago = time.time() - timedelta(days=2).total_seconds()
    for number in range(size):
        hass.states.async_set(FRIDGE, str(number), timestamp=two_days_ago + number / 10)
    await hass.async_block_till_done()
    await confirmed(entry, size)
    before = await readings(entry)
    folder = entry.runtime_data.database.path.with_suffix(".leaves")
    folder.write_text("in the way")
    await archive_after(hass, entry, 1)
    await eventually(lambda: "Old readings cannot be archived" in caplog.text)
    assert await readings(entry) == before
    folder.unlink()
    await eventually(folder.is_dir)
    assert await readings(entry) == before
