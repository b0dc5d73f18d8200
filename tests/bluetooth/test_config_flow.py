"""A person adds a sensor, found by Bluetooth or picked from those in reach."""

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sensorchain.const import DOMAIN
from custom_components.virtual_radio.peripheral import (
    ENVIRONMENTAL_SENSING,
    Peripheral,
    Slot,
)
from custom_components.virtual_radio.radio import COLD_ROOM, GREENHOUSE, VirtualRadio
from homeassistant.components.bluetooth import (
    async_ble_device_from_address,
    async_last_service_info,
)
from homeassistant.config_entries import (
    SOURCE_BLUETOOTH,
    SOURCE_USER,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from tests.common import eventually

from . import TEMPERATURE, discovered, sensor_entry, state


async def menu(hass: HomeAssistant) -> str:
    """Return a flow in which a person chose to add a Bluetooth sensor."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.MENU
    assert "bluetooth_sensor" in result["menu_options"]
    return result["flow_id"]


async def choose_bluetooth(hass: HomeAssistant) -> ConfigFlowResult:
    """Return what follows on choosing a Bluetooth sensor."""
    return await hass.config_entries.flow.async_configure(
        await menu(hass), {"next_step_id": "bluetooth_sensor"}
    )


async def test_discovery(hass: HomeAssistant, radio: VirtualRadio) -> None:
    """A sensor is discovered by its service, and added when a person agrees."""
    flow_id = await discovered(hass, COLD_ROOM)
    flow = hass.config_entries.flow.async_get(flow_id)
    assert flow["context"]["source"] == SOURCE_BLUETOOTH
    assert flow["context"]["title_placeholders"] == {"name": "Cold room (0001)"}
    result = await hass.config_entries.flow.async_configure(flow_id)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "bluetooth_confirm"

    result = await hass.config_entries.flow.async_configure(flow_id, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Cold room"
    assert result["data"] == {"kind": "bluetooth_sensor", "address": COLD_ROOM}
    entry = result["result"]
    assert entry.unique_id == COLD_ROOM
    assert entry.state is ConfigEntryState.LOADED
    assert state(hass, TEMPERATURE) == "4"
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_sensor_is_discovered_once(
    hass: HomeAssistant, radio: VirtualRadio, entry: MockConfigEntry
) -> None:
    """A sensor that is added already is not offered again."""
    for flow in hass.config_entries.flow.async_progress_by_handler(DOMAIN):
        hass.config_entries.flow.async_abort(flow["flow_id"])
    result = await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_BLUETOOTH},
        data=async_last_service_info(hass, COLD_ROOM),
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_discovered_sensor_does_not_answer(
    hass: HomeAssistant, radio: VirtualRadio
) -> None:
    """A sensor that was switched off again gives an error, and a second chance."""
    flow_id = await discovered(hass, COLD_ROOM)
    cold_room = radio.sensors[COLD_ROOM]
    cold_room.device.on(
        cold_room.device.EVENT_CONNECTION,
        drop := lambda *_: radio.air.drop(cold_room.address),
    )
    result = await hass.config_entries.flow.async_configure(flow_id, {})
    assert result["errors"] == {"base": "cannot_connect"}
    cold_room.device.remove_listener(cold_room.device.EVENT_CONNECTION, drop)
    await eventually(lambda: cold_room.controller.le_legacy_advertiser.enabled)
    result = await hass.config_entries.flow.async_configure(flow_id, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.config_entries.async_unload(result["result"].entry_id)


async def test_pick_from_those_in_reach(
    hass: HomeAssistant, radio: VirtualRadio, entry: MockConfigEntry
) -> None:
    """A person picks one of the sensors in reach that are not added yet."""
    await eventually(lambda: async_ble_device_from_address(hass, GREENHOUSE))
    result = await choose_bluetooth(hass)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "bluetooth_sensor"
    choices = result["data_schema"].schema["address"].container
    assert choices == {GREENHOUSE: "Greenhouse (0002)"}
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"address": GREENHOUSE}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "Greenhouse"
    assert state(hass, "sensor.greenhouse_temperature") == "21"
    await hass.config_entries.async_unload(result["result"].entry_id)


async def test_picked_sensor_was_added_meanwhile(
    hass: HomeAssistant, radio: VirtualRadio
) -> None:
    """Two people may add one sensor at the same time; it is added once."""
    await eventually(lambda: async_ble_device_from_address(hass, COLD_ROOM))
    result = await choose_bluetooth(hass)
    sensor_entry(COLD_ROOM, "Cold room").add_to_hass(hass)
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"address": COLD_ROOM}
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_nothing_in_reach(hass: HomeAssistant, enable_bluetooth: None) -> None:
    """Where no sensor is in reach, a person reads what to do."""
    result = await choose_bluetooth(hass)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "no_devices_found"


async def test_nothing_to_read(hass: HomeAssistant, radio: VirtualRadio) -> None:
    """A device that measures nothing we know is refused."""
    odd = "C1:00:00:00:00:03"
    slots = {ENVIRONMENTAL_SENSING: [Slot(0x2A7D, b"\0\0")]}
    await radio.add(Peripheral(radio.air, odd, "Odd", slots, 0.03))
    await eventually(lambda: async_ble_device_from_address(hass, odd))
    result = await choose_bluetooth(hass)
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"address": odd}
    )
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": "nothing_to_read"}
