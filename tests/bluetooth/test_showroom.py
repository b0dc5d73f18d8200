"""The virtual radio's showroom: a sensor for each service, discovered and read."""

from collections.abc import AsyncIterator
import logging

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sensorchain.gatt.characteristics import uuid16
from custom_components.sensorchain.gatt.table import ENVIRONMENT
from custom_components.virtual_radio.radio import VirtualRadio
from custom_components.virtual_radio.showroom import EXHIBITS
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from . import becomes, discovered


@pytest.fixture
async def showroom(
    hass: HomeAssistant, enable_bluetooth: None
) -> AsyncIterator[VirtualRadio]:
    """Switch on a radio with all that it has to show."""
    logging.getLogger("bumble").setLevel(logging.WARNING)
    entry = MockConfigEntry(
        domain="virtual_radio",
        data={"advertising_interval": 0.1, "value_interval": 0, "showroom": True},
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    yield entry.runtime_data
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()


SHOWN = {
    "Weather station": {
        "sensor.weather_station_temperature": "21.5",
        "sensor.weather_station_humidity": "45.67",
        "sensor.weather_station_atmospheric_pressure": "1013.25",
        "sensor.weather_station_dew_point": "-2",
        "sensor.weather_station_true_wind_speed": "36.0",
        "sensor.weather_station_uv_index": "11",
        "sensor.weather_station_rainfall": "12",
    },
    "Air monitor": {
        "sensor.air_monitor_carbon_dioxide": "800",
        "sensor.air_monitor_pm2_5": "50",
        "sensor.air_monitor_illuminance": "100",
        "sensor.air_monitor_battery": "87",
        "sensor.air_monitor_battery_2": "12",
        "binary_sensor.air_monitor_battery_charging": "on",
    },
    "Thermometer": {
        "sensor.thermometer_body_temperature": "36.4",
        "sensor.thermometer_temperature_site": "mouth",
    },
    "Heart rate belt": {
        "sensor.heart_rate_belt_heart_rate": "72",
        "binary_sensor.heart_rate_belt_skin_contact": "on",
    },
    "Scale": {"sensor.scale_weight": "75"},
    "Oximeter": {
        "sensor.oximeter_oxygen_saturation": "98",
        "sensor.oximeter_pulse_rate": "72",
    },
    "Blood pressure": {
        "sensor.blood_pressure_systolic_blood_pressure": "120",
        "sensor.blood_pressure_diastolic_blood_pressure": "80",
        "sensor.blood_pressure_pulse_rate": "72",
    },
    "Door": {"binary_sensor.door_opening": "off"},
}
"""What a person would see, by the name of the exhibit; Home Assistant tells speeds in km/h."""


def test_nothing_is_missing() -> None:
    """The showroom has all that the Environmental Sensing Service may have."""
    shown = {
        uuid16(uuid)
        for exhibit in EXHIBITS
        for rows in (exhibit.characteristics, *exhibit.more.values())
        for uuid, _, _ in rows
    }
    assert {
        kind.name for uuid, kind in ENVIRONMENT.items() if uuid not in shown
    } == set()


async def test_every_service(hass: HomeAssistant, showroom: VirtualRadio) -> None:
    """Each exhibit is discovered by its service, added with one click, and read."""
    assert {exhibit.name for exhibit in showroom.showroom} == set(SHOWN)
    for exhibit in showroom.showroom:
        flow_id = await discovered(hass, exhibit.address.to_string(False))
        result = await hass.config_entries.flow.async_configure(flow_id, {})
        assert result["type"] is FlowResultType.CREATE_ENTRY, exhibit.name
        assert result["title"] == exhibit.name
        await exhibit.send()
        for entity_id, expected in SHOWN[exhibit.name].items():
            await becomes(hass, entity_id, expected)
        await hass.config_entries.async_unload(result["result"].entry_id)
