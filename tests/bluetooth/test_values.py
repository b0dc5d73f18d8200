"""What a sensor measures arrives in Home Assistant, whatever it sends."""

from datetime import timedelta
from unittest.mock import patch

from bumble.att import ATT_Error, ErrorCode
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.virtual_radio.peripheral import (
    BATTERY as BATTERY_SERVICE,
    ENVIRONMENTAL_SENSING,
    INDICATE,
    READ,
    EnvironmentalSensor,
    Peripheral,
    Slot,
)
from custom_components.virtual_radio.radio import COLD_ROOM, VirtualRadio
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
from tests.common import eventually

from . import (
    BATTERY,
    HUMIDITY,
    PRESSURE,
    TEMPERATURE,
    add_sensor,
    becomes,
    logged,
    state,
)

OUTSIDE = "C1:00:00:00:00:03"


async def test_every_value_is_there_at_once(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """All values are read on connecting, exactly as the sensor's resolution has it."""
    assert {
        entity_id: state(hass, entity_id)
        for entity_id in (TEMPERATURE, HUMIDITY, PRESSURE, BATTERY)
    } == {TEMPERATURE: "4", HUMIDITY: "78", PRESSURE: "1013.25", BATTERY: "87"}


@pytest.mark.parametrize(
    ("entity_id", "key", "value", "expected"),
    [
        (TEMPERATURE, "temperature", 21.5, "21.5"),
        (TEMPERATURE, "temperature", -273.15, "-273.15"),
        (HUMIDITY, "humidity", 0, "0"),
        (HUMIDITY, "humidity", 100, "100"),
        (PRESSURE, "pressure", 998.101, "998.101"),
        (BATTERY, "battery", 3, "3"),
    ],
)
async def test_a_new_value_is_sent(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    cold_room: EnvironmentalSensor,
    entity_id: str,
    key: str,
    value: float,
    expected: str,
) -> None:
    """A new value arrives by notification, and changes no other entity."""
    others = {
        other: hass.states.get(other)
        for other in {TEMPERATURE, HUMIDITY, PRESSURE, BATTERY} - {entity_id}
    }
    await cold_room.set_value(key, value)
    await becomes(hass, entity_id, expected)
    assert {other: hass.states.get(other) for other in others} == others


async def test_what_is_not_sent_is_polled(
    hass: HomeAssistant, radio: VirtualRadio
) -> None:
    """Of a connected sensor, what can only be read is read every minute."""
    slot = Slot(0x2A6E, bytes.fromhex("6608"), READ)
    outside = await switch_on(radio, {ENVIRONMENTAL_SENSING: [slot]})
    entry = await add_sensor(hass, OUTSIDE, "Outside", connection="stay")
    assert state(hass, "sensor.outside_temperature") == "21.5"

    await outside.set_bytes(slot, bytes.fromhex("9808"))
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=61))
    await becomes(hass, "sensor.outside_temperature", "22")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_refused_subscription_is_polled(
    hass: HomeAssistant, radio: VirtualRadio, cold_room: EnvironmentalSensor
) -> None:
    """A sensor that does not send values although it says so is read every minute."""

    def refuse(*_args: object) -> None:
        raise ATT_Error(ErrorCode.INSUFFICIENT_AUTHENTICATION)

    with patch.object(cold_room.device.gatt_server, "write_cccd", refuse):
        entry = await add_sensor(hass, COLD_ROOM, "Cold room")
        assert state(hass, TEMPERATURE) == "4"
    await cold_room.set_value("temperature", 5)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=61))
    await becomes(hass, TEMPERATURE, "5")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_a_value_can_come_by_indication(
    hass: HomeAssistant, radio: VirtualRadio
) -> None:
    """A characteristic that can not be read is unknown until it indicates a value."""
    slot = Slot(0x2A6E, bytes.fromhex("6608"), INDICATE)
    outside = await switch_on(radio, {ENVIRONMENTAL_SENSING: [slot]})
    entry = await add_sensor(hass, OUTSIDE, "Outside")
    assert state(hass, "sensor.outside_temperature") == "unknown"

    await outside.set_bytes(slot, bytes.fromhex("9808"))
    await becomes(hass, "sensor.outside_temperature", "22")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_several_of_one_kind(hass: HomeAssistant, radio: VirtualRadio) -> None:
    """Characteristics of one kind are told apart, in one service and in several."""
    slots = [Slot(0x2A6E, bytes.fromhex(value)) for value in ("6608", "9808")]
    batteries = [Slot(0x2A19, bytes([level])) for level in (50, 60)]
    outside = await switch_on(
        radio, {ENVIRONMENTAL_SENSING: slots, BATTERY_SERVICE: batteries}
    )
    entry = await add_sensor(hass, OUTSIDE, "Outside")
    assert state(hass, "sensor.outside_temperature") == "21.5"
    assert state(hass, "sensor.outside_temperature_2") == "22"
    assert state(hass, "sensor.outside_battery_2") == "60"

    await outside.set_bytes(slots[1], bytes.fromhex("ca08"))
    await becomes(hass, "sensor.outside_temperature_2", "22.5")
    assert state(hass, "sensor.outside_temperature") == "21.5"
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.parametrize(
    "nonsense", ["", "66", "660800", "ff" * 100], ids=lambda data: data[:8]
)
async def test_nonsense_makes_one_value_unavailable(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    cold_room: EnvironmentalSensor,
    caplog: pytest.LogCaptureFixture,
    nonsense: str,
) -> None:
    """Short, long and impossible values cost one entity, one log line down and back."""
    caplog.clear()
    for _ in range(3):
        await cold_room.set_bytes(
            cold_room.slots["temperature"], bytes.fromhex(nonsense)
        )
    await becomes(hass, TEMPERATURE, "unavailable")
    await cold_room.set_value("humidity", 55)
    await becomes(hass, HUMIDITY, "55")
    await cold_room.set_value("temperature", 5)
    await becomes(hass, TEMPERATURE, "5")
    assert [record.levelname for record in logged(caplog)] == [
        "WARNING",
        "INFO",
    ]


@pytest.mark.parametrize("raw", [-0x8000, -32767], ids=["code", "out of range"])
async def test_value_is_not_known(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    cold_room: EnvironmentalSensor,
    caplog: pytest.LogCaptureFixture,
    raw: int,
) -> None:
    """What the sensor itself does not know, or can not mean, is unknown and no fault."""
    caplog.clear()
    await cold_room.set_bytes(
        cold_room.slots["temperature"], raw.to_bytes(2, "little", signed=True)
    )
    await becomes(hass, TEMPERATURE, "unknown")
    assert not logged(caplog)


async def test_a_refused_read_costs_one_value(
    hass: HomeAssistant, radio: VirtualRadio, cold_room: EnvironmentalSensor
) -> None:
    """A characteristic that can not be read although it says so stops no other."""
    cold_room.slots["temperature"].error = ErrorCode.INSUFFICIENT_AUTHENTICATION
    entry = await add_sensor(hass, COLD_ROOM, "Cold room")
    assert state(hass, TEMPERATURE) == "unavailable"
    assert state(hass, HUMIDITY) == "78"
    await cold_room.set_value("temperature", 5)
    await becomes(hass, TEMPERATURE, "5")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_device_page(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
) -> None:
    """The device page shows what the sensor says of itself."""
    (device,) = dr.async_entries_for_config_entry(device_registry, entry.entry_id)
    assert device.connections == {(dr.CONNECTION_BLUETOOTH, COLD_ROOM)}
    assert device.name == "Cold room"
    assert device.manufacturer == "SensorChain"
    assert device.model == "Virtual ENV-1"
    assert device.serial_number == "C10000000001"
    assert device.hw_version == "A"
    assert device.sw_version == "1.2.3 / 4.5"
    entity = entity_registry.async_get(TEMPERATURE)
    assert entity is not None
    assert entity.device_id == device.id
    assert entity.unique_id == f"{COLD_ROOM}-181a-2a6e"


async def test_new_firmware_shows_after_reconnecting(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    cold_room: EnvironmentalSensor,
    device_registry: dr.DeviceRegistry,
) -> None:
    """What a sensor says of itself is read again with every connection."""
    (device,) = dr.async_entries_for_config_entry(device_registry, entry.entry_id)
    cold_room.information[0x2A26].value = b"1.3.0"
    cold_room.information[0x2A28].value = b"\xff\xfe"
    cold_room.air.drop(cold_room.address)

    def version() -> str | None:
        found = device_registry.async_get(device.id)
        return found and found.sw_version

    await eventually(lambda: version() == "1.3.0")


async def switch_on(radio: VirtualRadio, services: dict[int, list[Slot]]) -> Peripheral:
    """Switch on one more peripheral."""
    outside = Peripheral(radio.air, OUTSIDE, "Outside", services, 0.03)
    await radio.add(outside)
    return outside
