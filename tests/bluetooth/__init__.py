"""Tests of the Bluetooth sensors, over the virtual radio."""

import logging
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sensorchain.const import DOMAIN
from homeassistant.components.bluetooth import async_ble_device_from_address
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from tests.common import eventually

TEMPERATURE = "sensor.cold_room_temperature"
HUMIDITY = "sensor.cold_room_humidity"
PRESSURE = "sensor.cold_room_atmospheric_pressure"
BATTERY = "sensor.cold_room_battery"


def sensor_entry(address: str, name: str, **options: Any) -> MockConfigEntry:
    """Return an entry of a Bluetooth sensor."""
    return MockConfigEntry(
        domain=DOMAIN,
        title=name,
        unique_id=address,
        data={"kind": "bluetooth_sensor", "address": address},
        options=options,
    )


async def add_sensor(
    hass: HomeAssistant, address: str, name: str, **options: Any
) -> MockConfigEntry:
    """Add a sensor once it is in reach, and return its loaded entry."""
    await eventually(lambda: async_ble_device_from_address(hass, address))
    entry = sensor_entry(address, name, **options)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    return entry


async def discovered(hass: HomeAssistant, address: str) -> str:
    """Return the flow that discovery starts for an address."""

    def flow_ids() -> list[str]:
        return [
            flow["flow_id"]
            for flow in hass.config_entries.flow.async_progress_by_handler(DOMAIN)
            if flow["context"].get("unique_id") == address
        ]

    return (await eventually(flow_ids))[0]


def state(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the state of an entity, None while there is none."""
    found = hass.states.get(entity_id)
    return found and found.state


def logged(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """Return what SensorChain logged, beside debugging."""
    return [
        record
        for record in caplog.records
        if record.name.startswith("custom_components.sensorchain")
        and record.levelno > logging.DEBUG
    ]


async def becomes(hass: HomeAssistant, entity_id: str, value: str) -> None:
    """Wait until an entity has a state."""
    try:
        await eventually(lambda: state(hass, entity_id) == value)
    except TimeoutError:
        raise AssertionError(f"{entity_id} is {state(hass, entity_id)!r}") from None
