"""A log that is started anew while readings arrive all the time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from custom_components.sensorchain.anchoring.entry import LogConfigEntry
from custom_components.sensorchain.anchoring.handover import DATA_WAITING
from custom_components.sensorchain.transparency.errors import StorageError
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntryDisabler,
    ConfigEntryState,
)
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from .common import eventually
from .durability.common import readings, states, stopped
from .log import add_log, add_rule, rule_form, tangle_form

FRIDGE, HIVE, DOOR = "sensor.fridge", "sensor.hive", "binary_sensor.door"


@asynccontextmanager
async def _changes(hass: HomeAssistant, *entity_ids: str) -> AsyncIterator[list[str]]:
    """Count upwards in some entities without a pause; yield what they have shown."""
    shown: list[str] = []

    async def change() -> None:
        while True:
            state = str(len(shown))
            for entity_id in entity_ids:
                hass.states.async_set(entity_id, state)
            shown.append(state)
            await asyncio.sleep(0.001)

    task = hass.async_create_background_task(change(), "changes")
    try:
        yield shown
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _add(
    hass: HomeAssistant, entry: LogConfigEntry, part: str, *steps: dict[str, Any]
) -> None:
    """Add a part to a log, and do not wait for Home Assistant to have nothing to do."""
    flow = hass.config_entries.subentries
    result = await flow.async_init(
        (entry.entry_id, part), context={"source": SOURCE_USER}
    )
    for step in steps:
        result = await flow.async_configure(result["flow_id"], step)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await _is_running(entry)


async def _is_running(entry: LogConfigEntry) -> None:
    """Wait until a log runs, after what has just been changed."""
    await asyncio.sleep(0.05)
    await eventually(lambda: entry.state is ConfigEntryState.LOADED)


async def _in_log(entry: LogConfigEntry, *entity_ids: str) -> list[tuple[str, str]]:
    """Return the readings of some entities, in order, once they are durable."""
    await entry.runtime_data.async_record(())
    return [
        (each.leaf.reading.entity_id, each.leaf.reading.state)
        for each in await readings(entry)
        if each.leaf.reading.entity_id in entity_ids
    ]


async def test_reload_loses_nothing(
    hass: HomeAssistant, tangle: PrivateTangle, tmp_path: Path
) -> None:
    """Reloads, rules and ledgers come and go: every change is in the log, in order."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE, HIVE))
    other = PrivateTangle(
        database=tmp_path / "other.db",
        minimum_weight_magnitude=4,
        milestone_interval=0.2,
        coordinator_address="B" * 81,
    )
    async with other, _changes(hass, FRIDGE, HIVE) as shown:
        for _ in range(3):
            assert await hass.config_entries.async_reload(entry.entry_id)
        await _add(hass, entry, "rule", rule_form(DOOR))
        form = tangle_form(other.url)
        await _add(hass, entry, "ledger", {"next_step_id": "tangle"}, form)
        flow = await hass.config_entries.options.async_init(entry.entry_id)
        await hass.config_entries.options.async_configure(
            flow["flow_id"], {"needs_all_ledgers": True, "archive_after": 0}
        )
        await _is_running(entry)
        ledger, rule = (
            entry.get_subentries_of_type(kind)[1] for kind in ("ledger", "rule")
        )
        for part in (rule, ledger):
            hass.config_entries.async_remove_subentry(entry, part.subentry_id)
            await _is_running(entry)
        assert await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert len(shown) > 10
    expected = [(each, state) for state in shown for each in (FRIDGE, HIVE)]
    assert await _in_log(entry, FRIDGE, HIVE) == expected
    logged = await readings(entry)
    sequences = [x.leaf.sequence for x in logged if x.leaf.reading.entity_id == HIVE]
    assert sequences == list(range(len(shown)))


async def test_changed_rule_needs_no_reload(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """A changed rule holds from the next change on, while the log goes on as it is."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    service = entry.runtime_data
    (rule,) = entry.get_subentries_of_type("rule")
    for state in ("0", "1"):
        hass.states.async_set(FRIDGE, state)
    flow = await hass.config_entries.subentries.async_init(
        (entry.entry_id, "rule"),
        context={"source": SOURCE_RECONFIGURE, "subentry_id": rule.subentry_id},
    )
    result = await hass.config_entries.subentries.async_configure(
        flow["flow_id"], rule_form(FRIDGE, HIVE, moved_by=3)
    )
    assert result["reason"] == "reconfigure_successful"
    for state in ("2", "3", "4", "5"):
        hass.states.async_set(FRIDGE, state)
        hass.states.async_set(HIVE, state)
    assert await _in_log(entry, FRIDGE, HIVE) == [
        (FRIDGE, "0"),
        (FRIDGE, "1"),
        (HIVE, "2"),
        (FRIDGE, "4"),
        (HIVE, "5"),
    ]
    assert entry.runtime_data is service


async def test_rule_removed_and_added_again(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """What comes back into a rule goes on with its sequence; between, nothing is taken."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    hass.states.async_set(FRIDGE, "0")
    await hass.async_block_till_done()
    (rule,) = entry.get_subentries_of_type("rule")
    hass.config_entries.async_remove_subentry(entry, rule.subentry_id)
    await hass.async_block_till_done()
    assert not hass.states.get("sensor.fridge_confirmation")
    hass.states.async_set(FRIDGE, "1")
    hass.states.async_set(FRIDGE, "2")
    await add_rule(hass, entry, rule_form(FRIDGE))
    assert await _in_log(entry, FRIDGE) == [(FRIDGE, "0"), (FRIDGE, "2")]
    assert [each.leaf.sequence for each in await readings(entry)] == [0, 1]
    assert hass.states.get("sensor.fridge_confirmation")


@pytest.mark.parametrize("how", ["unloaded", "disabled", "removed"])
async def test_nothing_listens_to_a_log_that_is_not_running(
    hass: HomeAssistant, tangle: PrivateTangle, how: str
) -> None:
    """Where no run follows, nobody waits for one."""
    before = hass.bus.async_listeners().get(EVENT_STATE_CHANGED, 0)
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    entries = hass.config_entries
    if how == "unloaded":
        await entries.async_unload(entry.entry_id)
    elif how == "disabled":
        await entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    else:
        await entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert not hass.data[DATA_WAITING]
    assert hass.bus.async_listeners().get(EVENT_STATE_CHANGED, 0) <= before


async def test_log_that_fails_to_start_again(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """A reload that fails leaves nobody listening; what comes later is recorded again."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    hass.states.async_set(FRIDGE, "0")
    path = await stopped(hass, entry)
    aside = path.rename(path.with_suffix(".aside"))
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    await hass.async_block_till_done()
    assert not hass.data[DATA_WAITING]
    hass.states.async_set(FRIDGE, "1")
    aside.rename(path)
    assert await hass.config_entries.async_reload(entry.entry_id)
    hass.states.async_set(FRIDGE, "2")
    await entry.runtime_data.async_record(())
    assert states(await readings(entry)) == ["0", "1", "2"]


async def test_readings_that_could_not_be_stored_before_a_reload(
    hass: HomeAssistant, tangle: PrivateTangle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a full disk did not take before a reload is stored after it, once, in order."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    hass.states.async_set(FRIDGE, "0")
    await hass.async_block_till_done()
    log = entry.runtime_data.database.log

    def refuse(_readings: object) -> None:
        raise StorageError("The disk is full")

    monkeypatch.setattr(log, "append", refuse)
    for state in ("1", "2"):
        hass.states.async_set(FRIDGE, state)
    await hass.async_block_till_done()
    assert entry.runtime_data.size == 1
    assert await hass.config_entries.async_reload(entry.entry_id)
    hass.states.async_set(FRIDGE, "3")
    await entry.runtime_data.async_record(())
    assert states(await readings(entry)) == ["0", "1", "2", "3"]
