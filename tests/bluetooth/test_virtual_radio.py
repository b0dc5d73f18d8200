"""The virtual radio does what it is told."""

import asyncio
from itertools import pairwise
from typing import Any

from bumble.att import ATT_Read_Response
from bumble.gatt import GATT_GENERIC_ACCESS_SERVICE
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.virtual_radio.radio import COLD_ROOM, VirtualRadio
from custom_components.virtual_radio.room import Drift, room
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import ServiceValidationError
from tests.common import eventually

from . import BATTERY, HUMIDITY, TEMPERATURE, becomes, state


async def command(hass: HomeAssistant, action: str, **data: Any) -> None:
    """Run an action of the radio on the sensor in the cold room."""
    await hass.services.async_call(
        "virtual_radio", action, {"address": COLD_ROOM, **data}, blocking=True
    )


async def test_actions(
    hass: HomeAssistant, radio: VirtualRadio, entry: MockConfigEntry
) -> None:
    """Values, nonsense, loss, power and dropped links are commanded by actions."""
    await command(hass, "set_value", temperature=12.5, battery=11)
    await becomes(hass, TEMPERATURE, "12.5")
    await becomes(hass, BATTERY, "11")
    await command(hass, "set_bytes", characteristic="humidity", data="ff")
    await becomes(hass, HUMIDITY, "unavailable")
    await command(hass, "drop_link")
    await becomes(hass, TEMPERATURE, "unavailable")
    await becomes(hass, TEMPERATURE, "12.5")
    await command(hass, "set_loss", loss=100)
    await becomes(hass, TEMPERATURE, "unavailable")
    await command(hass, "set_loss", loss=0)
    await becomes(hass, TEMPERATURE, "12.5")
    await command(hass, "set_power", on=False)
    await becomes(hass, TEMPERATURE, "unavailable")
    assert not radio.connections
    await command(hass, "set_power", on=True)
    await becomes(hass, TEMPERATURE, "12.5")
    assert state(hass, HUMIDITY) == "unavailable"


async def test_answer_to_a_question_taken_back(radio: VirtualRadio) -> None:
    """An answer that comes just after its question was cancelled does no harm."""
    client = (await radio.connect(COLD_ROOM, 10)).gatt_client
    (service,) = await client.discover_service(GATT_GENERIC_ACCESS_SERVICE)
    (name, *_) = await client.discover_characteristics([], service)
    reading = asyncio.ensure_future(name.read_value())
    while not client.pending_response:
        await asyncio.sleep(0)
    reading.cancel()
    client.on_gatt_pdu(ATT_Read_Response(attribute_value=b""))
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert await name.read_value()


async def test_wrong_commands(hass: HomeAssistant, radio: VirtualRadio) -> None:
    """A command for nobody, or that makes no sense, is refused."""
    with pytest.raises(ServiceValidationError, match="no sensor with the address 1"):
        await command(hass, "drop_link", address="1")
    for wrong in ({"loss": 101}, {"loss": "much"}, {}):
        with pytest.raises(vol.Invalid):
            await command(hass, "set_loss", **wrong)
    with pytest.raises(vol.Invalid):
        await command(hass, "set_value", humidity=101)
    with pytest.raises(vol.Invalid):
        await command(hass, "set_bytes", characteristic="temperature", data="xy")


async def test_the_radio_is_added_as_a_person_does(
    hass: HomeAssistant, enable_bluetooth: None
) -> None:
    """It is set up in a flow, has drifting values, and there is one of it."""
    flow = hass.config_entries.flow
    result = await flow.async_init("virtual_radio", context={"source": SOURCE_USER})
    assert result["type"] is FlowResultType.FORM
    result = await flow.async_configure(result["flow_id"], {"value_interval": 0.02})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert entry.data == {"advertising_interval": 1.0, "value_interval": 0.02}
    slot = entry.runtime_data.sensors[COLD_ROOM].slots["pressure"]
    before = slot.value
    await eventually(lambda: slot.value != before)
    result = await flow.async_init("virtual_radio", context={"source": SOURCE_USER})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "single_instance_allowed"
    assert await hass.config_entries.async_unload(entry.entry_id)


def test_a_room_is_the_same_every_time() -> None:
    """The same seed gives the same values, and one house has one weather."""
    cold, again, warm = (room("Cold", 4, 78), room("Cold", 4, 78), room("Warm", 21, 60))
    for _ in range(100):
        assert cold["temperature"].step(5) == again["temperature"].step(5)
        assert cold["pressure"].step(5) == warm["pressure"].step(5)


def test_a_room_drifts_smoothly_around_its_mean() -> None:
    """Values wander as far as they are meant to, in small steps, and come back."""
    drift = Drift.around(4, 0.3, 900, "any")
    values = [drift.step(5) for _ in range(200_000)]
    mean = sum(values) / len(values)
    spread = (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5
    steps = [abs(b - a) for a, b in pairwise(values)]
    assert mean == pytest.approx(4, abs=0.02)
    assert spread == pytest.approx(0.3, rel=0.1)
    assert max(steps) < 0.08
    drift.value = 12
    for _ in range(400):
        drift.step(5)
    assert drift.value == pytest.approx(4, abs=1.2)
