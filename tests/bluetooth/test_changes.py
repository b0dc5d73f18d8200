"""What changes on a sensor is followed without a restart."""

from datetime import timedelta
import json
from unittest.mock import patch

from bumble.core import UUID
from bumble.gatt import Service
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.sensorchain.diagnostics import async_get_config_entry_diagnostics
from custom_components.virtual_radio.peripheral import (
    ENVIRONMENTAL_SENSING,
    READ,
    EnvironmentalSensor,
    Slot,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
from tests.common import eventually

from . import TEMPERATURE as COLD_TEMPERATURE, add_sensor, becomes, state
from .proxy import TEMPERATURE, Proxy, Sensor, Value

ADDRESS = "C3:00:00:00:00:01"
SHED = "sensor.shed_temperature"
WELL = bytes.fromhex("6608")


def text(uuid: int, words: str) -> Value:
    """Return a text of the Device Information Service."""
    return Value(uuid, words.encode(), ("read",), 0x180A)


def device_of(hass: HomeAssistant, entry: MockConfigEntry) -> dr.DeviceEntry:
    """Return the device of an entry."""
    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return device


async def test_service_changed(
    hass: HomeAssistant, entry: MockConfigEntry, cold_room: EnvironmentalSensor
) -> None:
    """A sensor that says that its table changes has its new values shown."""
    slot = Slot(0x2A77, bytes.fromhex("0a00"), READ)
    cold_room.device.add_service(
        Service(UUID.from_16_bits(ENVIRONMENTAL_SENSING), [slot.characteristic])
    )
    (service,) = [
        found
        for found in cold_room.device.gatt_server.services
        if found.uuid == UUID.from_16_bits(0x1801)
    ]
    await cold_room.device.indicate_subscribers(
        service.service_changed_characteristic, bytes.fromhex("0100ffff")
    )
    await eventually(lambda: state(hass, "sensor.cold_room_irradiance") == "1")
    assert state(hass, COLD_TEMPERATURE) == "4"


async def test_service_changed_while_it_is_introduced(
    hass: HomeAssistant, proxy: Proxy
) -> None:
    """A table that changes while it is asked about is asked for again."""
    says = Value(0x2A05, b"", ("indicate",), 0x1801)
    temperature = Value(TEMPERATURE, WELL)
    sensor = proxy.add(Sensor(ADDRESS, "Shed", [temperature, says]))
    entry = await add_sensor(hass, ADDRESS, "Shed")
    forgotten: list[str] = []

    async def change(sensor: Sensor, request: str) -> None:
        if request == "forget":
            forgotten.append(sensor.address)
        if request == "read" and not forgotten:
            sensor.send(says, bytes.fromhex("0100ffff"))
            sensor.values = [Value(0x2A6F, WELL), says]

    sensor.deed = change
    sensor.drop()
    await becomes(hass, "sensor.shed_humidity", "21.5")
    assert state(hass, SHED) == "unavailable"
    await hass.config_entries.async_unload(entry.entry_id)


async def test_channels_come_and_go(hass: HomeAssistant, proxy: Proxy) -> None:
    """A new firmware measures something else: it comes, the other is unavailable."""
    sensor = proxy.add(
        Sensor(ADDRESS, "Shed", [Value(TEMPERATURE, WELL), text(0x2A26, "1")])
    )
    entry = await add_sensor(hass, ADDRESS, "Shed")
    assert device_of(hass, entry).sw_version == "1"
    sensor.values = [Value(0x2A6F, WELL), text(0x2A26, "2")]
    sensor.drop()
    await becomes(hass, "sensor.shed_humidity", "21.5")
    assert state(hass, SHED) == "unavailable"
    assert device_of(hass, entry).sw_version == "2"

    sensor.values.append(Value(TEMPERATURE, WELL))
    sensor.drop()
    await becomes(hass, SHED, "21.5")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_an_adapter_that_remembers_the_old_table(
    hass: HomeAssistant, proxy: Proxy
) -> None:
    """A new firmware has the table asked for again, which is connecting once more."""
    version = text(0x2A26, "1")
    sensor = proxy.add(Sensor(ADDRESS, "Shed", [Value(TEMPERATURE, WELL), version]))
    entry = await add_sensor(hass, ADDRESS, "Shed")
    forgotten: list[str] = []

    async def remember(sensor: Sensor, request: str) -> None:
        if request == "forget":
            forgotten.append(sensor.address)

    sensor.deed = remember
    version.data = b"2"
    sensor.drop()
    await becomes(hass, SHED, "unavailable")
    await becomes(hass, SHED, "21.5")
    assert forgotten == [ADDRESS]
    sensor.drop()
    await becomes(hass, SHED, "unavailable")
    await becomes(hass, SHED, "21.5")
    assert forgotten == [ADDRESS]
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize("source", ["advertised", "own"])
async def test_a_renamed_sensor(hass: HomeAssistant, proxy: Proxy, source: str) -> None:
    """A new name is taken over, whether it is advertised or told when asked."""
    own = Value(0x2A00, b"Shed", ("read",), 0x1800)
    sensor = proxy.add(Sensor(ADDRESS, "Shed", [Value(TEMPERATURE, WELL), own]))
    entry = await add_sensor(hass, ADDRESS, "Shed")
    sensor.drop()
    await becomes(hass, SHED, "unavailable")
    await becomes(hass, SHED, "21.5")
    if source == "own":
        own.data = b"Summer house"
    else:
        sensor.name = "Summer house"
    sensor.drop()
    await eventually(lambda: device_of(hass, entry).name == "Summer house")
    assert entry.title == "Summer house"
    await becomes(hass, SHED, "21.5")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_name_that_a_person_gave_stays(
    hass: HomeAssistant, proxy: Proxy
) -> None:
    """Renaming the sensor changes neither a person's name for it, nor the entry's."""
    own = Value(0x2A00, b"Shed", ("read",), 0x1800)
    sensor = proxy.add(Sensor(ADDRESS, "Shed", [Value(TEMPERATURE, WELL), own]))
    entry = await add_sensor(hass, ADDRESS, "Shed")
    device = device_of(hass, entry)
    dr.async_get(hass).async_update_device(device.id, name_by_user="Mine")
    hass.config_entries.async_update_entry(entry, title="Ours")
    own.data = b"Summer house"
    sensor.drop()
    await eventually(lambda: device_of(hass, entry).name == "Summer house")
    assert device_of(hass, entry).name_by_user == "Mine"
    assert entry.title == "Ours"
    await hass.config_entries.async_unload(entry.entry_id)


async def test_polling(
    hass: HomeAssistant, proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    """A sensor that sends nothing is polled: its slot is free in between."""
    sensor = proxy.add(Sensor(ADDRESS, "Shed", [Value(TEMPERATURE, WELL, ("read",))]))
    entry = await add_sensor(hass, ADDRESS, "Shed")
    assert state(hass, SHED) == "21.5"
    assert proxy.connected == []
    sensor.values[0].data = b"\0\0"
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=4))
    await hass.async_block_till_done()
    assert proxy.connections[ADDRESS] == 1
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=6))
    await becomes(hass, SHED, "0")
    await eventually(lambda: not proxy.connected)
    assert proxy.connections[ADDRESS] == 2
    await hass.config_entries.async_unload(entry.entry_id)


async def test_polling_what_is_only_sent(hass: HomeAssistant, proxy: Proxy) -> None:
    """A poll waits a moment for what can not be read, and takes it when it comes."""
    value = Value(TEMPERATURE, WELL, ("indicate",))
    sensor = proxy.add(Sensor(ADDRESS, "Shed", [value]))

    async def send_at_once(sensor: Sensor, request: str) -> None:
        if request == "subscribe":
            hass.loop.call_soon(sensor.send, value, WELL)

    sensor.deed = send_at_once
    entry = await add_sensor(hass, ADDRESS, "Shed", connection="poll")
    assert state(hass, SHED) == "21.5"
    assert proxy.connected == []
    await hass.config_entries.async_unload(entry.entry_id)


async def test_options_take_effect(hass: HomeAssistant, proxy: Proxy) -> None:
    """What a person chooses later holds at once."""
    proxy.add(Sensor(ADDRESS, "Shed", [Value(TEMPERATURE, WELL)]))
    entry = await add_sensor(hass, ADDRESS, "Shed")
    assert proxy.connected == [ADDRESS]
    for choice, connected in (("poll", []), ("stay", [ADDRESS])):
        result = await hass.config_entries.options.async_init(entry.entry_id)
        assert result["step_id"] == "connection"
        result = await hass.config_entries.options.async_configure(
            result["flow_id"], {"connection": choice, "poll_every": 7}
        )
        assert result["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()
        await becomes(hass, SHED, "21.5")
        assert proxy.connected == connected
    await hass.config_entries.async_unload(entry.entry_id)


async def test_losses_far_between(hass: HomeAssistant, proxy: Proxy) -> None:
    """After a connection that lasted, the sensor is connected to again without delay."""
    sensor = proxy.add(Sensor(ADDRESS, "Shed", [Value(TEMPERATURE, WELL)]))
    coordinator = "custom_components.sensorchain.coordinator"
    with (
        patch(f"{coordinator}.STABLE_AFTER", 0),
        patch(f"{coordinator}.SHORTEST_WAIT", 0.05),
    ):
        entry = await add_sensor(hass, ADDRESS, "Shed")
        # The last wait would be a minute and a half, were the waits to grow.
        for _ in range(11):
            sensor.drop()
            await becomes(hass, SHED, "unavailable")
            await becomes(hass, SHED, "21.5")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_signal_strength(hass: HomeAssistant, proxy: Proxy) -> None:
    """The strength of the signal is there for who wants it."""
    proxy.add(Sensor(ADDRESS, "Shed", [Value(TEMPERATURE, WELL)]))
    entry = await add_sensor(hass, ADDRESS, "Shed")
    registry, entity_id = er.async_get(hass), "sensor.shed_signal_strength"
    entity = registry.async_get(entity_id)
    assert entity is not None
    assert entity.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    registry.async_update_entity(entity_id, disabled_by=None)
    await hass.config_entries.async_reload(entry.entry_id)
    await becomes(hass, entity_id, "-60")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_diagnostics(hass: HomeAssistant, proxy: Proxy) -> None:
    """They show the table, the last bytes and the errors, and not which sensor it is."""
    described = Value(TEMPERATURE, b"\x01", descriptors={0x2901: b"Ceiling"})
    serial = text(0x2A25, "SECRET-1")
    sensor = proxy.add(
        Sensor(ADDRESS, "Shed", [described, Value(0x2A6F, WELL), serial])
    )
    entry = await add_sensor(hass, ADDRESS, "Shed")
    sensor.drop()
    await becomes(hass, "sensor.shed_humidity", "unavailable")
    await becomes(hass, "sensor.shed_humidity", "21.5")
    told = await async_get_config_entry_diagnostics(hass, entry)
    assert told["connection"]["mode"] == "stay"
    assert told["connection"]["connected"]
    assert told["channels"]["181a-2a6f"]["bytes"] == "66 08"
    assert told["channels"]["181a-2a6f"]["value"] == "21.5"
    assert told["channels"]["181a-2a6e"]["bytes"] == "01"
    assert told["channels"]["181a-2a6e"]["fault"]
    assert told["errors"][-1]["error"] == "the connection was lost"
    (environment, _information) = told["table"]
    first = environment["characteristics"][0]
    assert first["uuid"].startswith("00002a6e")
    assert [uuid[4:8] for uuid in first["descriptors"].values()] == ["2901"]
    words = json.dumps(told)
    assert "SECRET-1" not in words
    assert ADDRESS not in words
    await hass.config_entries.async_unload(entry.entry_id)
