"""Each service that measures, from the peripheral's bytes to Home Assistant's states."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sensorchain.gatt.binary_sensor_service import QUESTIONS
from custom_components.virtual_radio.peripheral import (
    ENVIRONMENTAL_SENSING,
    INDICATE,
    NOTIFY,
    READ,
    WRITE,
    Peripheral,
    Slot,
)
from custom_components.virtual_radio.radio import VirtualRadio
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from . import add_sensor, becomes, logged, state

ADDRESS = "C1:00:00:00:00:09"

USER_DESCRIPTION, VALID_RANGE, MEASUREMENT, TRIGGER = 0x2901, 0x2906, 0x290C, 0x290D


@asynccontextmanager
async def station(
    hass: HomeAssistant, radio: VirtualRadio, services: Mapping[int, Sequence[Slot]]
) -> AsyncIterator[tuple[Peripheral, MockConfigEntry]]:
    """Have a peripheral with some services, and its entry."""
    peripheral = Peripheral(radio.air, ADDRESS, "Station", services, 0.03)
    await radio.add(peripheral)
    entry = await add_sensor(hass, ADDRESS, "Station")
    yield peripheral, entry
    await hass.config_entries.async_unload(entry.entry_id)


def weather_slots() -> list[Slot]:
    """Return every characteristic of the Environmental Sensing Service, with a value."""
    return [
        Slot(uuid, bytes.fromhex(data), READ)
        for uuid, data in (
            (0x2A6C, "0f1e06"),
            (0x2A6D, "02760f00"),
            (0x2A6E, "6608"),
            (0x2A6F, "d711"),
            (0x2A70, "e803"),
            (0x2A71, "9f8c"),
            (0x2A72, "0100"),
            (0x2A73, "2823"),
            (0x2A74, "0d"),
            (0x2A75, "400d03"),
            (0x2A76, "0b"),
            (0x2A77, "1027"),
            (0x2A78, "0c00"),
            (0x2A79, "e7"),
            (0x2A7A, "29"),
            (0x2A7B, "fe"),
            (0x2A2C, "7201"),
            (0x2AA1, "01000000ff7f"),
            (0x2AA3, "05"),
            (0x2BCF, "0190"),
            (0x2BD0, "7e90"),
            (0x2BD1, "9e07"),
            (0x2BD2, "0180"),
            (0x2BD3, "0280"),
            (0x2BD4, "0380"),
            (0x2BD5, "0480"),
            (0x2BD6, "0580"),
            (0x2BD7, "0680"),
            (0x2BD8, "0780"),
            (0x2BD9, "0880"),
            (0x2AFB, "102700"),
            (0x2BE4, "2a"),
            (0x2B8C, "2003"),
            (0x2BE7, "fdff"),
        )
    ]


async def test_environmental_sensing(hass: HomeAssistant, radio: VirtualRadio) -> None:
    """Every quantity has its entity, with its unit, at once."""
    async with station(hass, radio, {ENVIRONMENTAL_SENSING: weather_slots()}):
        shown = {
            entity_id.removeprefix("sensor.station_"): (
                found.state,
                found.attributes.get("unit_of_measurement"),
            )
            for entity_id in hass.states.async_entity_ids("sensor")
            if (found := hass.states.get(entity_id))
        }
        assert shown == {
            "elevation": ("4009.11", "m"),
            "atmospheric_pressure": ("1013.25", "hPa"),
            "temperature": ("21.5", "°C"),
            "humidity": ("45.67", "%"),
            "true_wind_speed": ("36.0", "km/h"),
            "true_wind_direction": ("359.99", "°"),
            "apparent_wind_speed": ("0.036", "km/h"),
            "apparent_wind_direction": ("90", "°"),
            "gust_factor": ("1.3", None),
            "pollen_concentration": ("200000", "1/m³"),
            "uv_index": ("11", "UV index"),
            "irradiance": ("1000", "W/m²"),
            "rainfall": ("12", "mm"),
            "wind_chill": ("-25", "°C"),
            "heat_index": ("41", "°C"),
            "dew_point": ("-2", "°C"),
            "magnetic_declination": ("3.7", "°"),
            "magnetic_flux_density_x": ("0.1", "μT"),
            "magnetic_flux_density_y": ("0", "μT"),
            "magnetic_flux_density_z": ("3276.7", "μT"),
            "barometric_pressure_trend": ("falling_before_a_lesser_rise", None),
            "ammonia": ("100", "μg/m³"),
            "carbon_monoxide": ("12600", "μg/m³"),
            "methane": ("1950", "ppb"),
            "nitrogen_dioxide": ("10", "μg/m³"),
            "non_methane_volatile_organic_compounds": ("20", "μg/m³"),
            "ozone": ("30", "μg/m³"),
            "pm1": ("40", "μg/m³"),
            "pm2_5": ("50", "μg/m³"),
            "pm10": ("60", "μg/m³"),
            "sulphur_dioxide": ("70", "μg/m³"),
            "sulfur_hexafluoride": ("80", "μg/m³"),
            "illuminance": ("100", "lx"),
            "noise": ("42", "dB"),
            "carbon_dioxide": ("800", "ppm"),
            "volatile_organic_compounds": ("65533", "ppb"),
        }


@pytest.mark.parametrize(
    ("service", "uuid", "properties", "data", "states"),
    [
        (
            0x1809,
            0x2A1C,
            INDICATE,
            "046c0100ff06",
            {
                "sensor.station_body_temperature": "36.4",
                "sensor.station_temperature_site": "mouth",
            },
        ),
        (
            0x180D,
            0x2A37,
            NOTIFY,
            "0e48e803",
            {
                "sensor.station_heart_rate": "72",
                "sensor.station_energy_expended": "1000",
                "binary_sensor.station_skin_contact": "on",
            },
        ),
        (
            0x181D,
            0x2A9D,
            INDICATE,
            "08983ae7000807",
            {
                "sensor.station_weight": "75",
                "sensor.station_body_mass_index": "23.1",
                "sensor.station_height": "1.8",
            },
        ),
        (
            0x1822,
            0x2A5F,
            NOTIFY,
            "0062004800",
            {
                "sensor.station_oxygen_saturation": "98",
                "sensor.station_pulse_rate": "72",
            },
        ),
        (
            0x1822,
            0x2A5E,
            INDICATE,
            "006200ff07",
            {
                "sensor.station_oxygen_saturation": "98",
                "sensor.station_pulse_rate": "unknown",
            },
        ),
        (
            0x1810,
            0x2A35,
            INDICATE,
            "14780050005d0048000400",
            {
                "sensor.station_systolic_blood_pressure": "120",
                "sensor.station_diastolic_blood_pressure": "80",
                "sensor.station_mean_arterial_pressure": "93",
                "sensor.station_pulse_rate": "72",
                "binary_sensor.station_irregular_pulse": "on",
                "binary_sensor.station_cuff_too_loose": "off",
            },
        ),
        (
            0x180F,
            0x2BED,
            READ | NOTIFY,
            "00a300",
            {
                "binary_sensor.station_battery_present": "on",
                "binary_sensor.station_wired_power": "on",
                "binary_sensor.station_battery_charging": "on",
                "binary_sensor.station_battery_low": "off",
                "binary_sensor.station_charging_fault": "off",
                "binary_sensor.station_battery_fault": "unknown",
            },
        ),
    ],
)
async def test_services(
    hass: HomeAssistant,
    radio: VirtualRadio,
    service: int,
    uuid: int,
    properties: int,
    data: str,
    states: dict[str, str],
) -> None:
    """One message of a characteristic gives all the values that it holds."""
    slot = Slot(uuid, bytes.fromhex(data), properties)
    async with station(hass, radio, {service: [slot]}) as (peripheral, _):
        await peripheral.set_bytes(slot, bytes.fromhex(data))
        for entity_id, expected in states.items():
            await becomes(hass, entity_id, expected)


async def test_a_message_at_once(hass: HomeAssistant, radio: VirtualRadio) -> None:
    """What a device sends the moment that it is subscribed to is not lost."""
    slot = Slot(0x2A35, b"", INDICATE)
    sent: list[asyncio.Task[None]] = []

    def send(*_args: object) -> None:
        data = bytes.fromhex("00780050005d00")
        sent.append(asyncio.create_task(peripheral.set_bytes(slot, data)))

    slot.characteristic.on(slot.characteristic.EVENT_SUBSCRIPTION, send)
    peripheral = Peripheral(radio.air, ADDRESS, "Station", {0x1810: [slot]}, 0.03)
    await radio.add(peripheral)
    entry = await add_sensor(hass, ADDRESS, "Station")
    await becomes(hass, "sensor.station_systolic_blood_pressure", "120")
    await becomes(hass, "sensor.station_diastolic_blood_pressure", "80")
    await becomes(hass, "sensor.station_mean_arterial_pressure", "93")
    assert len(sent) == 1
    await asyncio.gather(*sent)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_nonsense_in_a_message(
    hass: HomeAssistant, radio: VirtualRadio, caplog: pytest.LogCaptureFixture
) -> None:
    """A message that is too short makes all of it unavailable, until the next one."""
    slot = Slot(0x2A37, b"", NOTIFY)
    async with station(hass, radio, {0x180D: [slot]}) as (peripheral, _):
        caplog.clear()
        await peripheral.set_bytes(slot, b"\x01\x48")
        await becomes(hass, "sensor.station_heart_rate", "unavailable")
        await becomes(hass, "binary_sensor.station_skin_contact", "unavailable")
        await peripheral.set_bytes(slot, b"\x06\x48")
        await becomes(hass, "sensor.station_heart_rate", "72")
        await becomes(hass, "binary_sensor.station_skin_contact", "on")
        assert [record.getMessage() for record in logged(caplog)] == [
            "Station: 180d-2a37: Heart Rate Measurement: too short: 01 48",
            "Station: Heart Rate Measurement is well again",
        ]


def zephyr_sample() -> list[Slot]:
    """Return what Zephyr's sample of the service offers."""
    return [
        Slot(
            0x2A6E,
            bytes.fromhex(value),
            descriptors=(
                (MEASUREMENT, bytes.fromhex(measurement)),
                (USER_DESCRIPTION, name.encode()),
                (VALID_RANGE, bytes.fromhex(valid)),
                (TRIGGER, b"\x03"),
            ),
        )
        for name, value, measurement, valid in (
            ("Temperature Sensor 1", "b004", "0000000100000500001c04", "f0d81027"),
            ("Temperature Sensor 2", "0807", "0000000100000c00001b04", "18fc8813"),
        )
    ]


async def test_descriptors(hass: HomeAssistant, radio: VirtualRadio) -> None:
    """Two of a kind are named by what is said of them, and hold to their valid range."""
    one, two = zephyr_sample()
    async with station(hass, radio, {ENVIRONMENTAL_SENSING: [one, two]}) as (
        peripheral,
        entry,
    ):
        first, second = (
            f"sensor.station_temperature_sensor_{number}" for number in (1, 2)
        )
        assert (state(hass, first), state(hass, second)) == ("12", "18")
        shown = hass.states.get(second)
        assert shown
        assert shown.name == "Station Temperature Sensor 2"
        assert (
            shown.attributes.items()
            >= {
                "application": "inside",
                "measurement_period": 1,
                "update_interval": 12,
                "uncertainty": 2.0,
            }.items()
        )
        registered = er.async_get(hass).async_get(second)
        assert registered
        assert registered.unique_id == f"{ADDRESS}-181a-2a6e-2"

        await peripheral.set_bytes(two, bytes.fromhex("8913"))
        await becomes(hass, second, "unknown")
        await peripheral.set_bytes(one, bytes.fromhex("8913"))
        await becomes(hass, first, "50.01")
        assert entry.data["descriptions"] == {
            "181a-2a6e": "Temperature Sensor 1",
            "181a-2a6e-2": "Temperature Sensor 2",
        }


async def test_a_firmware_with_another_order(
    hass: HomeAssistant, radio: VirtualRadio
) -> None:
    """What was known by its description is the same entity after an update."""
    one, two = zephyr_sample()
    async with station(hass, radio, {ENVIRONMENTAL_SENSING: [one, two]}) as (
        peripheral,
        entry,
    ):
        await hass.config_entries.async_unload(entry.entry_id)
        radio.peripherals.remove(peripheral)
        await peripheral.remove()
        one, two = zephyr_sample()
        updated = Peripheral(
            radio.air, ADDRESS, "Station", {ENVIRONMENTAL_SENSING: [two, one]}, 0.03
        )
        await radio.add(updated)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await becomes(hass, "sensor.station_temperature_sensor_1", "12")
        await becomes(hass, "sensor.station_temperature_sensor_2", "18")


async def test_lying_descriptors(hass: HomeAssistant, radio: VirtualRadio) -> None:
    """Descriptors that make no sense change nothing."""
    lies = tuple(
        (uuid, b"\xff" * 30)
        for uuid in (
            USER_DESCRIPTION,
            0x2904,
            VALID_RANGE,
            0x290B,
            MEASUREMENT,
            TRIGGER,
        )
    )
    slots = [Slot(0x2A6E, bytes.fromhex("6608"), READ, descriptors=lies) for _ in "ab"]
    async with station(hass, radio, {ENVIRONMENTAL_SENSING: slots}):
        assert state(hass, "sensor.station_temperature") == "21.5"
        assert state(hass, "sensor.station_temperature_2") == "21.5"


async def test_binary_sensor(hass: HomeAssistant, radio: VirtualRadio) -> None:
    """A binary sensor is asked how it is, answers, and reports from then on; no other service is."""
    asked: list[bytes] = []
    answers: set[asyncio.Task[None]] = set()
    response = Slot(0x2B2C, b"", INDICATE)

    def answer(question: bytes) -> None:
        asked.append(question)
        text = {
            QUESTIONS[0]: "81 00030001 00010000 00",
            QUESTIONS[1]: "81 00010002 00010000 00 0a020000 0100",
        }[question]
        answers.add(
            asyncio.create_task(peripheral.set_bytes(response, bytes.fromhex(text)))
        )

    control_point = Slot(0x2B2B, b"", WRITE, written=answer)
    strange = Slot(0x2B2B, b"", WRITE, written=asked.append)
    services = {0x183B: [control_point, response], 0x181A: [strange]}
    peripheral = Peripheral(radio.air, ADDRESS, "Station", services, 0.03)
    await radio.add(peripheral)
    entry = await add_sensor(hass, ADDRESS, "Station")
    await becomes(hass, "binary_sensor.station_opening", "off")
    assert asked == list(QUESTIONS)
    event = bytes.fromhex("81 00040002 02010000 00 0a020000 0208")
    await peripheral.set_bytes(response, event)
    await becomes(hass, "binary_sensor.station_opening", "on")
    await hass.config_entries.async_unload(entry.entry_id)
    await asyncio.gather(*answers)
