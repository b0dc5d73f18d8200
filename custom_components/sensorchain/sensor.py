"""Sensors: what the channels of a Bluetooth sensor measure."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfPressure,
    UnitOfTemperature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import CONF_KIND, KIND_BLUETOOTH_SENSOR
from .coordinator import BluetoothSensorConfigEntry, BluetoothSensorCoordinator
from .entity import BluetoothSensorEntity
from .gatt.device import Channel

PARALLEL_UPDATES = 0

MEASUREMENTS = {
    description.key: description
    for description in (
        SensorEntityDescription(
            key="temperature",
            device_class=SensorDeviceClass.TEMPERATURE,
            native_unit_of_measurement=UnitOfTemperature.CELSIUS,
            state_class=SensorStateClass.MEASUREMENT,
        ),
        SensorEntityDescription(
            key="humidity",
            device_class=SensorDeviceClass.HUMIDITY,
            native_unit_of_measurement=PERCENTAGE,
            state_class=SensorStateClass.MEASUREMENT,
        ),
        SensorEntityDescription(
            key="pressure",
            device_class=SensorDeviceClass.ATMOSPHERIC_PRESSURE,
            native_unit_of_measurement=UnitOfPressure.HPA,
            state_class=SensorStateClass.MEASUREMENT,
        ),
        SensorEntityDescription(
            key="battery",
            device_class=SensorDeviceClass.BATTERY,
            native_unit_of_measurement=PERCENTAGE,
            state_class=SensorStateClass.MEASUREMENT,
            entity_category=EntityCategory.DIAGNOSTIC,
        ),
    )
}
"""How Home Assistant shows a quantity of `gatt`, by its key."""


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of a config entry of either kind."""
    ADD_SENSORS[entry.data[CONF_KIND]](hass, entry, async_add_entities)


def _add_measurements(
    _hass: HomeAssistant,
    entry: BluetoothSensorConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a sensor for each channel of a Bluetooth sensor."""
    coordinator = entry.runtime_data
    async_add_entities(
        MeasurementSensor(coordinator, channel) for channel in coordinator.channels
    )


ADD_SENSORS: dict[
    str,
    Callable[[HomeAssistant, ConfigEntry[Any], AddConfigEntryEntitiesCallback], None],
] = {
    KIND_BLUETOOTH_SENSOR: _add_measurements,
}


class MeasurementSensor(BluetoothSensorEntity, SensorEntity):
    """What one channel of a Bluetooth sensor measures."""

    def __init__(
        self, coordinator: BluetoothSensorCoordinator, channel: Channel
    ) -> None:
        """Show a channel as its quantity is described; number all but the first."""
        super().__init__(coordinator, channel)
        self.entity_description = MEASUREMENTS[channel.quantity.key]
        if channel.number > 1:
            self._attr_translation_key = f"{channel.quantity.key}_numbered"
            self._attr_translation_placeholders = {"number": str(channel.number)}

    @property
    @override
    def native_value(self) -> Decimal | None:
        """Return the value, exactly as the sensor's resolution has it."""
        return self.coordinator.data[self._channel_id]
