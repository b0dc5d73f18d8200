"""Pairing over the virtual radio: real SMP between two Bluetooth hosts."""

import pytest

from custom_components.virtual_radio.peripheral import (
    ENVIRONMENTAL_SENSING,
    READ,
    Peripheral,
    Slot,
)
from custom_components.virtual_radio.radio import VirtualRadio
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from . import becomes, discovered

SAFE = "C1:00:00:00:00:05"
TEMPERATURE = "sensor.safe_temperature"


@pytest.fixture
async def safe(radio: VirtualRadio) -> Peripheral:
    """Switch on a sensor that tells its temperature to who is paired with it."""
    slot = Slot(0x2A6E, bytes.fromhex("6608"), READ, encrypted=True)
    sensor = Peripheral(radio.air, SAFE, "Safe", {ENVIRONMENTAL_SENSING: [slot]}, 0.03)
    await radio.add(sensor)
    return sensor


async def test_a_paired_sensor(
    hass: HomeAssistant, radio: VirtualRadio, safe: Peripheral
) -> None:
    """It is paired when it is added, and encrypted with each connection."""
    flow_id = await discovered(hass, SAFE)
    flow = hass.config_entries.flow
    result = await flow.async_configure(flow_id, {"connection": "stay"})
    assert result["step_id"] == "pair"
    result = await flow.async_configure(flow_id, {"pair": True})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await becomes(hass, TEMPERATURE, "21.5")
    assert radio.connections[SAFE].is_encrypted

    safe.air.drop(safe.address)
    await becomes(hass, TEMPERATURE, "unavailable")
    await becomes(hass, TEMPERATURE, "21.5")
    assert radio.connections[SAFE].is_encrypted
    await hass.config_entries.async_unload(result["result"].entry_id)


async def test_a_sensor_that_pairs_with_nobody(
    hass: HomeAssistant, safe: Peripheral
) -> None:
    """A person reads that it refuses."""
    safe.refuse_pairing()
    flow_id = await discovered(hass, SAFE)
    flow = hass.config_entries.flow
    await flow.async_configure(flow_id, {})
    result = await flow.async_configure(flow_id, {"pair": True})
    assert result["errors"] == {"base": "pairing_refused"}
    assert result["description_placeholders"]["reason"]
