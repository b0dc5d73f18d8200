"""A sensor is available while it is connected, and comes back when it returns."""

import asyncio
from datetime import timedelta
import time
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.virtual_radio.peripheral import (
    ENVIRONMENTAL_SENSING,
    READ,
    EnvironmentalSensor,
    Peripheral,
    Slot,
)
from custom_components.virtual_radio.radio import COLD_ROOM, GREENHOUSE, VirtualRadio
from custom_components.virtual_radio.room import room
from homeassistant.components.bluetooth import async_ble_device_from_address
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from tests.common import eventually, never

from . import HUMIDITY, TEMPERATURE, add_sensor, becomes, logged, sensor_entry, state

SHED = "C1:00:00:00:00:03"


async def test_a_dropped_link_recovers(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    cold_room: EnvironmentalSensor,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A lost connection is made again; one log line down, one back."""
    for value in (5, 6):
        caplog.clear()
        cold_room.air.drop(cold_room.address)
        await becomes(hass, TEMPERATURE, "unavailable")
        await becomes(hass, HUMIDITY, "unavailable")
        await cold_room.set_value("temperature", value)
        await becomes(hass, TEMPERATURE, str(value))
        assert [record.levelname for record in logged(caplog)] == ["ERROR", "INFO"]
        assert "The connection to Cold room was lost" in logged(caplog)[0].message


async def test_power_off_and_on(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    cold_room: EnvironmentalSensor,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A sensor without power is unavailable until it has power again."""
    caplog.clear()
    await cold_room.power_off()
    await becomes(hass, TEMPERATURE, "unavailable")
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=10))
    await hass.async_block_till_done()
    assert state(hass, TEMPERATURE) == "unavailable"
    await cold_room.power_on()
    await becomes(hass, TEMPERATURE, "4")
    await cold_room.set_value("temperature", 5)
    await becomes(hass, TEMPERATURE, "5")
    assert [record.levelname for record in logged(caplog)] == ["ERROR", "INFO"]


async def test_available_while_connected(
    hass: HomeAssistant, entry: MockConfigEntry, cold_room: EnvironmentalSensor
) -> None:
    """A connected sensor does not advertise; that makes it no less available."""
    assert not cold_room.controller.le_legacy_advertiser.enabled
    hours = 0

    def clock() -> float:
        return time.monotonic() + 3600 * hours

    def is_gone_after_another_hour() -> bool:
        # The last advertisement may still have been on its way.
        nonlocal hours
        hours += 1
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=hours))
        return async_ble_device_from_address(hass, COLD_ROOM) is None

    with (
        patch("habluetooth.manager.monotonic_time_coarse", clock),
        patch("habluetooth.base_scanner.monotonic_time_coarse", clock),
    ):
        await eventually(is_gone_after_another_hour)
    assert state(hass, TEMPERATURE) == "4"
    await cold_room.set_value("temperature", 5)
    await becomes(hass, TEMPERATURE, "5")


async def test_all_packets_lost(
    hass: HomeAssistant, entry: MockConfigEntry, cold_room: EnvironmentalSensor
) -> None:
    """A sensor out of range is unavailable until it is back in range."""
    cold_room.air.set_loss(cold_room.address, 1)
    await becomes(hass, TEMPERATURE, "unavailable")
    cold_room.air.set_loss(cold_room.address, 0.3)
    await becomes(hass, TEMPERATURE, "4")


async def test_a_sensor_that_does_not_answer(
    hass: HomeAssistant, radio: VirtualRadio
) -> None:
    """A sensor that is connected but does not answer is let go, and tried again."""
    slot = Slot(0x2A6E, bytes.fromhex("6608"), READ)
    shed = Peripheral(radio.air, SHED, "Shed", {ENVIRONMENTAL_SENSING: [slot]}, 0.03)
    await radio.add(shed)
    entry = await add_sensor(hass, SHED, "Shed", connection="stay")
    path = radio.air.path(shed.address)
    with patch("custom_components.sensorchain.gatt.device.TRANSACTION_TIMEOUT", 0.2):
        path.loss = 1
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=61))
        await becomes(hass, "sensor.shed_temperature", "unavailable")
    assert not radio.connections
    path.loss = 0
    await becomes(hass, "sensor.shed_temperature", "21.5")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_link_that_drops_while_subscribing(
    hass: HomeAssistant, entry: MockConfigEntry, cold_room: EnvironmentalSensor
) -> None:
    """A connection that is lost before all is read is made again."""
    characteristic = cold_room.slots["humidity"].characteristic
    characteristic.once(
        characteristic.EVENT_SUBSCRIPTION,
        lambda *_args: cold_room.air.drop(cold_room.address),
    )
    cold_room.air.drop(cold_room.address)
    await becomes(hass, TEMPERATURE, "unavailable")
    await cold_room.set_value("temperature", 5)
    await becomes(hass, TEMPERATURE, "5")
    assert state(hass, HUMIDITY) == "78"


async def test_attempts_are_further_and_further_apart(
    hass: HomeAssistant, entry: MockConfigEntry, cold_room: EnvironmentalSensor
) -> None:
    """A sensor that drops every connection is not asked all the time."""
    attempts: list[float] = []

    def connected(*_args: object) -> None:
        attempts.append(asyncio.get_running_loop().time())
        cold_room.air.drop(cold_room.address)

    cold_room.device.on(cold_room.device.EVENT_CONNECTION, connected)
    cold_room.air.drop(cold_room.address)
    # Each attempt tries twice.
    await eventually(lambda: len(attempts) >= 5)
    first, second, third = attempts[0], attempts[2], attempts[4]
    assert third - second > second - first


async def test_absent_at_start(hass: HomeAssistant, radio: VirtualRadio) -> None:
    """A sensor that is not there is retried, and a person reads why."""
    entry = sensor_entry(SHED, "Shed")
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.reason is not None
    assert entry.reason.startswith("Shed can not be reached: it is out of reach.")
    assert "scanner" in entry.reason
    assert not radio.connections


async def test_set_up_when_it_appears(hass: HomeAssistant, radio: VirtualRadio) -> None:
    """A sensor that was absent at start is set up as soon as it is heard."""
    entry = sensor_entry(SHED, "Shed")
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY

    await radio.add(
        EnvironmentalSensor(radio.air, SHED, "Shed", room("Shed", 9, 80), 0.03)
    )
    await eventually(lambda: entry.state is ConfigEntryState.LOADED)
    await becomes(hass, "sensor.shed_temperature", "9")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_unload_leaves_nothing(
    hass: HomeAssistant, radio: VirtualRadio, cold_room: EnvironmentalSensor
) -> None:
    """After unloading nobody is connected, listens or comes back."""
    entry = await add_sensor(hass, COLD_ROOM, "Cold room")
    assert list(radio.connections) == [COLD_ROOM]
    before = asyncio.all_tasks()
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert not radio.connections
    await eventually(lambda: cold_room.controller.le_legacy_advertiser.enabled)
    await never(lambda: radio.connections, 0.5)
    assert state(hass, TEMPERATURE) == "unavailable"
    assert asyncio.all_tasks() <= before
    assert await hass.config_entries.async_setup(entry.entry_id)
    await becomes(hass, TEMPERATURE, "4")
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_unload_in_the_middle_of_connecting(
    hass: HomeAssistant, radio: VirtualRadio, cold_room: EnvironmentalSensor
) -> None:
    """An attempt to connect is given up when the entry is unloaded."""
    entry = await add_sensor(hass, COLD_ROOM, "Cold room")
    cold_room.air.drop(cold_room.address)
    await eventually(lambda: radio.connecting)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await eventually(lambda: not radio.connecting)
    await never(lambda: radio.connections, 0.5)


async def test_the_sensor_is_let_go_when_home_assistant_stops(
    hass: HomeAssistant, radio: VirtualRadio, entry: MockConfigEntry
) -> None:
    """A sensor does not keep a connection to a Home Assistant that is gone."""
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await eventually(lambda: not radio.connections)
    await never(lambda: radio.connections, 0.5)


async def test_one_sensor_does_not_hold_up_another(
    hass: HomeAssistant, radio: VirtualRadio, entry: MockConfigEntry
) -> None:
    """Two sensors are connected at a time, and one going away leaves the other."""
    other = await add_sensor(hass, GREENHOUSE, "Greenhouse")
    assert state(hass, "sensor.greenhouse_temperature") == "21"
    await radio.sensors[GREENHOUSE].power_off()
    await becomes(hass, "sensor.greenhouse_temperature", "unavailable")
    await radio.sensors[COLD_ROOM].set_value("temperature", 5)
    await becomes(hass, TEMPERATURE, "5")
    await hass.config_entries.async_unload(other.entry_id)
