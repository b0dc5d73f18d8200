"""A person adds a sensor, found by Bluetooth or picked from those in reach."""

from datetime import timedelta
import json
from pathlib import Path
import time
from unittest.mock import patch

from bleak.exc import BleakError, BleakGATTProtocolError, BleakGATTProtocolErrorCode
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.sensorchain import bluetooth_flow
from custom_components.sensorchain.const import DOMAIN
from custom_components.virtual_radio.peripheral import (
    ENVIRONMENTAL_SENSING,
    Peripheral,
    Slot,
)
from custom_components.virtual_radio.radio import COLD_ROOM, GREENHOUSE, VirtualRadio
from homeassistant.components.bluetooth import (
    async_address_present,
    async_ble_device_from_address,
    async_last_service_info,
)
from homeassistant.config_entries import (
    SOURCE_BLUETOOTH,
    SOURCE_REAUTH,
    SOURCE_USER,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from tests.common import eventually

from . import TEMPERATURE, becomes, discovered, sensor_entry, state
from .proxy import TEMPERATURE as TEMPERATURE_UUID, Proxy, Sensor, Value


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


SHED, ADDRESS, MOVED = (
    "sensor.shed_temperature",
    "C3:00:00:00:00:01",
    "C3:00:00:00:00:02",
)
WELL = bytes.fromhex("6608")
SERIAL_NUMBER = Value(0x2A25, b"0815", ("read",), 0x180A)
REFUSES = BleakGATTProtocolError(BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION)


async def confirm(
    hass: HomeAssistant, address: str, **answers: object
) -> ConfigFlowResult:
    """Agree to add a sensor that was discovered, and return what follows."""
    flow_id = await discovered(hass, address)
    return await hass.config_entries.flow.async_configure(flow_id, answers)


async def test_manifest_lists_what_is_advertised() -> None:
    """Home Assistant discovers just the services that a person can pick from."""
    manifest = json.loads(
        (Path(bluetooth_flow.__file__).parent / "manifest.json").read_text()
    )
    assert {matcher["service_uuid"] for matcher in manifest["bluetooth"]} == set(
        bluetooth_flow.ADVERTISED
    )
    assert all(matcher["connectable"] for matcher in manifest["bluetooth"])


async def test_how_to_connect_is_asked_at_once(
    hass: HomeAssistant, proxy: Proxy
) -> None:
    """A person may want a sensor polled that would send its values by itself."""
    proxy.add(Sensor(ADDRESS, "Shed", [Value(TEMPERATURE_UUID, WELL)]))
    result = await confirm(hass, ADDRESS, connection="poll", poll_every=30)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["options"] == {"connection": "poll", "poll_every": 30}
    await becomes(hass, SHED, "21.5")
    assert proxy.connected == []
    await hass.config_entries.async_unload(result["result"].entry_id)


async def test_name_in_the_scan_response(hass: HomeAssistant, proxy: Proxy) -> None:
    """A sensor whose name comes late is discovered by its name all the same."""
    sensor = Sensor(ADDRESS, "", [Value(TEMPERATURE_UUID, WELL)])
    proxy.add(sensor)
    sensor.name = "Shed"
    flow_id = await discovered(hass, ADDRESS)
    flow = hass.config_entries.flow.async_get(flow_id)
    assert flow["context"]["title_placeholders"] == {"name": "Shed (0001)"}


@pytest.mark.parametrize("agrees", [True, False])
async def test_known_sensor_at_a_new_address(
    hass: HomeAssistant, proxy: Proxy, agrees: bool
) -> None:
    """Name and serial number tell a sensor that has another address; its history stays."""
    values = [Value(TEMPERATURE_UUID, WELL), SERIAL_NUMBER]
    old = proxy.add(Sensor(ADDRESS, "Shed", values))
    entry = (await confirm(hass, ADDRESS))["result"]
    await becomes(hass, SHED, "21.5")
    old.powered = False
    old.drop()
    await becomes(hass, SHED, "unavailable")
    await forget(hass, ADDRESS)

    proxy.add(Sensor(MOVED, "Shed", values))
    result = await confirm(hass, MOVED)
    assert result["type"] is FlowResultType.MENU
    assert result["step_id"] == "moved"
    assert result["description_placeholders"]["serial_number"] == "0815"
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": "take_over" if agrees else "add_new"}
    )
    await hass.async_block_till_done()
    entries = hass.config_entries.async_entries(DOMAIN)
    if agrees:
        assert result["reason"] == "taken_over"
        assert entries == [entry]
        await becomes(hass, SHED, "21.5")
        (device,) = dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        assert device.connections == {(dr.CONNECTION_BLUETOOTH, MOVED)}
    else:
        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert len(entries) == 2
        await becomes(hass, f"{SHED}_2", "21.5")
    for found in entries:
        await hass.config_entries.async_unload(found.entry_id)


async def forget(hass: HomeAssistant, address: str) -> None:
    """Let Home Assistant notice that a sensor has gone, as it does after minutes."""
    later = time.monotonic() + 3600
    with (
        patch("habluetooth.manager.monotonic_time_coarse", return_value=later),
        patch("habluetooth.base_scanner.monotonic_time_coarse", return_value=later),
    ):
        async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=1))
        await hass.async_block_till_done()
    await eventually(lambda: not async_address_present(hass, address))


async def test_two_of_a_kind_are_two(hass: HomeAssistant, proxy: Proxy) -> None:
    """Where the known sensor is in reach, one that looks like it is another."""
    values = [Value(TEMPERATURE_UUID, WELL), SERIAL_NUMBER]
    proxy.add(Sensor(ADDRESS, "Shed", values))
    entry = (await confirm(hass, ADDRESS))["result"]
    proxy.add(Sensor(MOVED, "Shed", values))
    result = await confirm(hass, MOVED)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    for found in (entry, result["result"]):
        await hass.config_entries.async_unload(found.entry_id)


async def test_pairing(hass: HomeAssistant, proxy: Proxy) -> None:
    """A sensor that asks for pairing is paired, and tells all that it keeps back."""
    value = Value(TEMPERATURE_UUID, WELL, refusal=REFUSES)
    sensor = proxy.add(Sensor(ADDRESS, "Shed", [value]))

    async def pair(_sensor: Sensor, request: str) -> None:
        if request == "pair":
            value.refusal = None

    sensor.deed = pair
    result = await confirm(hass, ADDRESS)
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "pair"
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"pair": True}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["paired"]
    await becomes(hass, SHED, "21.5")
    await hass.config_entries.async_unload(result["result"].entry_id)


async def test_pairing_is_refused(hass: HomeAssistant, proxy: Proxy) -> None:
    """A person reads why, and may go on without what the sensor keeps back."""
    values = [
        Value(TEMPERATURE_UUID, WELL, refusal=REFUSES),
        Value(0x2A6F, WELL),
    ]
    sensor = proxy.add(Sensor(ADDRESS, "Shed", values))

    async def refuse(_sensor: Sensor, request: str) -> None:
        if request == "pair":
            raise BleakError("Pairing Not Allowed")

    sensor.deed = refuse
    result = await confirm(hass, ADDRESS)
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"pair": True}
    )
    assert result["errors"] == {"base": "pairing_refused"}
    assert result["description_placeholders"]["reason"] == "Pairing Not Allowed"
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"pair": False}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await becomes(hass, "sensor.shed_humidity", "21.5")
    assert state(hass, SHED) == "unavailable"
    await hass.config_entries.async_unload(result["result"].entry_id)


async def test_pairing_is_asked_for_later(hass: HomeAssistant, proxy: Proxy) -> None:
    """A sensor that wants to be paired one day has a person asked to do it."""
    value = Value(TEMPERATURE_UUID, WELL)
    sensor = proxy.add(Sensor(ADDRESS, "Shed", [value]))
    entry = (await confirm(hass, ADDRESS))["result"]

    async def pair(_sensor: Sensor, request: str) -> None:
        if request == "pair":
            value.refusal = None

    sensor.deed, value.refusal = pair, REFUSES
    sensor.drop()
    (flow,) = await eventually(
        lambda: [
            flow
            for flow in hass.config_entries.flow.async_progress_by_handler(DOMAIN)
            if flow["context"]["source"] == SOURCE_REAUTH
        ]
    )
    assert flow["step_id"] == "pair"
    await eventually(lambda: entry.runtime_data.connected)
    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"pair": True}
    )
    assert result["reason"] == "reauth_successful"
    await becomes(hass, SHED, "21.5")
    assert entry.data["paired"]
    await hass.config_entries.async_unload(entry.entry_id)
