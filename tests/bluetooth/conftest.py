"""Fixtures of the Bluetooth tests."""

from collections.abc import AsyncIterator

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.virtual_radio.peripheral import EnvironmentalSensor
from custom_components.virtual_radio.radio import COLD_ROOM, VirtualRadio
from homeassistant.core import HomeAssistant
from tests.bluetooth import add_sensor
from tests.bluetooth.proxy import Proxy, running_proxy


@pytest.fixture
def cold_room(radio: VirtualRadio) -> EnvironmentalSensor:
    """Return the sensor in the cold room, at the other end of the air."""
    return radio.sensors[COLD_ROOM]


@pytest.fixture
async def entry(
    hass: HomeAssistant, cold_room: EnvironmentalSensor
) -> AsyncIterator[MockConfigEntry]:
    """Return the loaded entry of the sensor in the cold room."""
    entry = await add_sensor(hass, COLD_ROOM, "Cold room")
    yield entry
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture
async def proxy(hass: HomeAssistant, enable_bluetooth: None) -> AsyncIterator[Proxy]:
    """Run a proxy with three slots, and no sensors yet."""
    async with running_proxy(hass) as proxy:
        yield proxy
