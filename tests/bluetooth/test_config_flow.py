"""A person adds a sensor, found by Bluetooth or picked from those in reach."""

import asyncio
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
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from tests.common import eventually

from . import TEMPERATURE, add_sensor, becomes, discovered, sensor_entry, state
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


async def move(
    hass: HomeAssistant, proxy: Proxy
) -> tuple[ConfigEntry, ConfigFlowResult]:
    """Return a sensor that is known, and what follows on adding it at another address."""
    values = [Value(TEMPERATURE_UUID, WELL), SERIAL_NUMBER]
    old = proxy.add(Sensor(ADDRESS, "Shed", values))
    entry = (await confirm(hass, ADDRESS))["result"]
    await becomes(hass, SHED, "21.5")
    old.powered = False
    old.drop()
    await becomes(hass, SHED, "unavailable")
    await forget(hass, ADDRESS)

    proxy.add(Sensor(MOVED, "Shed", values))
    return entry, await confirm(hass, MOVED)


async def test_a_sensor_without_a_name(hass: HomeAssistant, proxy: Proxy) -> None:
    """One that never tells a name goes by its address, also when it comes back."""
    sensor = proxy.add(Sensor(ADDRESS, "", [Value(TEMPERATURE_UUID, WELL)]))
    with patch.object(bluetooth_flow, "NAME_WITHIN", 0.1):
        result = await confirm(hass, ADDRESS)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == ADDRESS
    (temperature,) = hass.states.async_entity_ids("sensor")
    await becomes(hass, temperature, "21.5")
    sensor.drop()
    await becomes(hass, temperature, "unavailable")
    await becomes(hass, temperature, "21.5")
    assert result["result"].title == ADDRESS
    await hass.config_entries.async_unload(result["result"].entry_id)


async def test_all_slots_are_taken(hass: HomeAssistant, proxy: Proxy) -> None:
    """A person reads that nothing is wrong with the sensor, and may try again later."""
    proxy.add(Sensor(ADDRESS, "Shed", [Value(TEMPERATURE_UUID, WELL)]))
    proxy.slots = 0
    flow_id = await discovered(hass, ADDRESS)
    with patch.object(bluetooth_flow, "PATIENCE", 0.05):
        result = await hass.config_entries.flow.async_configure(flow_id, {})
    assert result["errors"] == {"base": "no_slot"}
    proxy.slots = 3
    result = await hass.config_entries.flow.async_configure(flow_id, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.config_entries.async_unload(result["result"].entry_id)


async def test_a_proxy_that_miscounts(hass: HomeAssistant, proxy: Proxy) -> None:
    """One that tells of a free slot, and then has none, is no fault of the sensor."""
    sensor = proxy.add(Sensor(ADDRESS, "Shed", [Value(TEMPERATURE_UUID, WELL)]))

    async def have_no_slot(_sensor: Sensor, request: str) -> None:
        if request == "connect":
            raise BleakError("no free connection slot")

    sensor.deed = have_no_slot
    with patch("bleak_retry_connector.BLEAK_OUT_OF_SLOTS_BACKOFF_TIME", 0):
        result = await confirm(hass, ADDRESS)
    assert result["errors"] == {"base": "no_slot"}


async def test_a_sensor_that_was_carried_away(
    hass: HomeAssistant, proxy: Proxy
) -> None:
    """One that nobody hears any more when a person agrees can not be added."""
    sensor = proxy.add(Sensor(ADDRESS, "Shed", [Value(TEMPERATURE_UUID, WELL)]))
    await eventually(lambda: async_ble_device_from_address(hass, ADDRESS))
    form = await choose_bluetooth(hass)
    sensor.powered = False
    await forget(hass, ADDRESS)
    proxy.add(Sensor(MOVED, "Barn", [Value(TEMPERATURE_UUID, WELL)]))
    await eventually(lambda: async_ble_device_from_address(hass, MOVED))
    result = await hass.config_entries.flow.async_configure(
        form["flow_id"], {"address": ADDRESS}
    )
    assert result["errors"] == {"base": "cannot_connect"}
    assert result["description_placeholders"]["reason"] == "it is out of reach"


async def test_a_sensor_that_takes_too_long(hass: HomeAssistant, proxy: Proxy) -> None:
    """One that does not say what it measures is let go, and a person reads why."""
    sensor = proxy.add(Sensor(ADDRESS, "Shed", [Value(TEMPERATURE_UUID, WELL)]))

    async def keep_silent(_sensor: Sensor, request: str) -> None:
        if request == "read":
            await asyncio.Event().wait()

    sensor.deed = keep_silent
    with patch.object(bluetooth_flow, "EXAMINED_WITHIN", 0.1):
        result = await confirm(hass, ADDRESS)
    assert result["errors"] == {"base": "cannot_connect"}
    assert result["description_placeholders"]["reason"] == "it does not answer"
    assert proxy.connected == []


async def test_a_value_that_nobody_gets(hass: HomeAssistant, proxy: Proxy) -> None:
    """What a sensor refuses for good is no reason to pair it, nor not to add it."""
    refusal = BleakGATTProtocolError(BleakGATTProtocolErrorCode.READ_NOT_PERMITTED)
    values = [Value(0x2A6F, WELL, refusal=refusal), Value(TEMPERATURE_UUID, WELL)]
    proxy.add(Sensor(ADDRESS, "Shed", values))
    result = await confirm(hass, ADDRESS)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await becomes(hass, SHED, "21.5")
    assert state(hass, "sensor.shed_humidity") == "unavailable"
    await hass.config_entries.async_unload(result["result"].entry_id)


@pytest.mark.parametrize("agrees", [True, False])
async def test_known_sensor_at_a_new_address(
    hass: HomeAssistant, proxy: Proxy, agrees: bool
) -> None:
    """Name and serial number tell a sensor that has another address; its history stays."""
    entry, result = await move(hass, proxy)
    assert result["type"] is FlowResultType.MENU
    assert result["step_id"] == "moved"
    assert result["description_placeholders"]["serial_number"] == "0815"
    again = await hass.config_entries.flow.async_configure(result["flow_id"])
    assert again["step_id"] == "moved", "the question waits until it is answered"
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


async def test_known_sensor_is_removed_meanwhile(
    hass: HomeAssistant, proxy: Proxy
) -> None:
    """Where there is nothing left to take over, the sensor is added as a new one."""
    entry, result = await move(hass, proxy)
    await hass.config_entries.async_remove(entry.entry_id)
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": "take_over"}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["address"] == MOVED
    await becomes(hass, SHED, "21.5")
    await hass.config_entries.async_unload(result["result"].entry_id)


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
    """Where the known sensor is in reach, one that looks like it is another; so is a log."""
    values = [Value(TEMPERATURE_UUID, WELL), SERIAL_NUMBER]
    proxy.add(Sensor(ADDRESS, "Shed", values))
    entry = (await confirm(hass, ADDRESS))["result"]
    MockConfigEntry(domain=DOMAIN, title="Shed", data={"kind": "log"}).add_to_hass(hass)
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


@pytest.mark.parametrize("why", ["Pairing Not Allowed", "it does not answer"])
async def test_pairing_is_refused(hass: HomeAssistant, proxy: Proxy, why: str) -> None:
    """A person reads why, and may go on without what the sensor keeps back."""
    values = [
        Value(TEMPERATURE_UUID, WELL, refusal=REFUSES),
        Value(0x2A6F, WELL),
    ]
    sensor = proxy.add(Sensor(ADDRESS, "Shed", values))

    async def refuse(_sensor: Sensor, request: str) -> None:
        if request == "pair" and why == "it does not answer":
            await asyncio.Event().wait()
        if request == "pair":
            raise BleakError(why)

    sensor.deed = refuse
    result = await confirm(hass, ADDRESS)
    with patch("custom_components.sensorchain.gatt.device.TRANSACTION_TIMEOUT", 0.2):
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], {"pair": True}
        )
    assert result["errors"] == {"base": "pairing_refused"}
    assert result["description_placeholders"]["reason"] == why
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
    flow_id = await asked_to_pair(hass)
    await eventually(lambda: entry.runtime_data.connected)
    result = await hass.config_entries.flow.async_configure(flow_id, {"pair": True})
    assert result["reason"] == "reauth_successful"
    await becomes(hass, SHED, "21.5")
    assert entry.data["paired"]
    await hass.config_entries.async_unload(entry.entry_id)


async def asked_to_pair(hass: HomeAssistant) -> str:
    """Return the flow in which a person is asked to pair a sensor that is added."""
    (flow,) = await eventually(
        lambda: [
            flow
            for flow in hass.config_entries.flow.async_progress_by_handler(DOMAIN)
            if flow["context"]["source"] == SOURCE_REAUTH
        ]
    )
    assert flow["step_id"] == "pair"
    return flow["flow_id"]


async def test_pairing_later_is_refused(hass: HomeAssistant, proxy: Proxy) -> None:
    """A person who is asked to pair, and can not, may leave it as it is."""
    value = Value(TEMPERATURE_UUID, WELL)
    sensor = proxy.add(Sensor(ADDRESS, "Shed", [value]))
    entry = (await confirm(hass, ADDRESS))["result"]

    async def refuse(_sensor: Sensor, request: str) -> None:
        if request == "pair":
            raise BleakError("Pairing Not Allowed")

    sensor.deed, value.refusal = refuse, REFUSES
    sensor.drop()
    flow_id = await asked_to_pair(hass)
    await eventually(lambda: entry.runtime_data.connected)
    result = await hass.config_entries.flow.async_configure(flow_id, {"pair": True})
    assert result["errors"] == {"base": "pairing_refused"}
    assert result["description_placeholders"]["reason"] == "Pairing Not Allowed"
    result = await hass.config_entries.flow.async_configure(flow_id, {"pair": False})
    assert result["reason"] == "reauth_successful"
    assert not entry.data["paired"]
    await hass.async_block_till_done()
    await hass.config_entries.async_unload(entry.entry_id)


async def test_pairing_a_polled_sensor_later(hass: HomeAssistant, proxy: Proxy) -> None:
    """It is connected to for that; pairing that opens nothing is no success."""
    value = Value(TEMPERATURE_UUID, WELL, refusal=REFUSES)
    sensor = proxy.add(Sensor(ADDRESS, "Shed", [value]))
    entry = await add_sensor(hass, ADDRESS, "Shed", connection="poll")
    flow_id = await asked_to_pair(hass)
    assert proxy.connected == []
    result = await hass.config_entries.flow.async_configure(flow_id, {"pair": True})
    assert result["errors"] == {"base": "pairing_refused"}
    assert result["description_placeholders"]["reason"] == str(REFUSES)

    async def pair(_sensor: Sensor, request: str) -> None:
        if request == "pair":
            value.refusal = None

    sensor.deed = pair
    result = await hass.config_entries.flow.async_configure(flow_id, {"pair": True})
    assert result["reason"] == "reauth_successful"
    assert entry.data["paired"]
    await becomes(hass, SHED, "21.5")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_pairing_that_is_forgotten(hass: HomeAssistant, proxy: Proxy) -> None:
    """A paired sensor that will not be paired any more tells what it tells everybody."""
    value = Value(TEMPERATURE_UUID, WELL)
    sensor = proxy.add(Sensor(ADDRESS, "Shed", [value]))
    entry = await add_sensor(hass, ADDRESS, "Shed")
    hass.config_entries.async_update_entry(entry, data={**entry.data, "paired": True})

    async def refuse(_sensor: Sensor, request: str) -> None:
        if request == "pair":
            raise BleakError("Pairing Not Allowed")

    sensor.deed = refuse
    sensor.drop()
    await becomes(hass, SHED, "unavailable")
    await becomes(hass, SHED, "21.5")
    await asked_to_pair(hass)
    await hass.config_entries.async_unload(entry.entry_id)
