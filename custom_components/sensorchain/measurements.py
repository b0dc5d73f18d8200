"""What a Bluetooth sensor measures, as Home Assistant shows it: a table, and one entity."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any, Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory
from homeassistant.helpers.entity import EntityDescription

from .coordinator import BluetoothSensorCoordinator
from .entity import BluetoothSensorEntity
from .gatt.channels import Channel


def _measured(
    key: str, device_class: SensorDeviceClass, precision: int | None = None
) -> SensorEntityDescription:
    """Return a measurement that its device class names."""
    return SensorEntityDescription(
        key=key,
        device_class=device_class,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=precision,
    )


def _named(
    key: str,
    device_class: SensorDeviceClass | None = None,
    precision: int | None = None,
    state_class: SensorStateClass = SensorStateClass.MEASUREMENT,
    *,
    shown: bool = True,
) -> SensorEntityDescription:
    """Return a measurement with a name of its own."""
    return SensorEntityDescription(
        key=key,
        translation_key=key,
        device_class=device_class,
        state_class=state_class,
        suggested_display_precision=precision,
        entity_registry_enabled_default=shown,
    )


def _state(key: str, category: EntityCategory | None = None) -> SensorEntityDescription:
    """Return one of several states."""
    return SensorEntityDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.ENUM,
        entity_category=category,
    )


def _so(
    key: str,
    device_class: BinarySensorDeviceClass | None = None,
    category: EntityCategory | None = None,
) -> BinarySensorEntityDescription:
    """Return something that is so or not, with a name of its own."""
    return BinarySensorEntityDescription(
        key=key,
        translation_key=key,
        device_class=device_class,
        entity_category=category,
    )


ANGLE: Final = SensorStateClass.MEASUREMENT_ANGLE
DIAGNOSTIC: Final = EntityCategory.DIAGNOSTIC

MEASUREMENTS: Final = {
    description.key: description
    for description in (
        # Environment
        _measured("temperature", SensorDeviceClass.TEMPERATURE),
        _measured("humidity", SensorDeviceClass.HUMIDITY),
        _measured("pressure", SensorDeviceClass.ATMOSPHERIC_PRESSURE),
        _named("dew_point", SensorDeviceClass.TEMPERATURE),
        _named("heat_index", SensorDeviceClass.TEMPERATURE),
        _named("wind_chill", SensorDeviceClass.TEMPERATURE),
        _named("true_wind_speed", SensorDeviceClass.WIND_SPEED),
        _named("true_wind_direction", SensorDeviceClass.WIND_DIRECTION, 0, ANGLE),
        _named("apparent_wind_speed", SensorDeviceClass.WIND_SPEED),
        _named("apparent_wind_direction", SensorDeviceClass.WIND_DIRECTION, 0, ANGLE),
        _named("gust_factor"),
        _named("elevation", SensorDeviceClass.DISTANCE),
        _measured("irradiance", SensorDeviceClass.IRRADIANCE),
        _named("uv_index"),
        _named("rainfall", SensorDeviceClass.PRECIPITATION),
        _named("pollen_concentration"),
        _state("pressure_trend"),
        _named("magnetic_declination", None, 1, ANGLE),
        _named("magnetic_flux_density_x", None, 1),
        _named("magnetic_flux_density_y", None, 1),
        _named("magnetic_flux_density_z", None, 1),
        _measured("illuminance", SensorDeviceClass.ILLUMINANCE),
        _named("noise", SensorDeviceClass.SOUND_PRESSURE),
        # Air
        _measured("carbon_dioxide", SensorDeviceClass.CO2),
        _measured("carbon_monoxide", SensorDeviceClass.CO),
        _measured("nitrogen_dioxide", SensorDeviceClass.NITROGEN_DIOXIDE),
        _measured("ozone", SensorDeviceClass.OZONE),
        _measured("sulfur_dioxide", SensorDeviceClass.SULPHUR_DIOXIDE),
        _measured("pm1", SensorDeviceClass.PM1),
        _measured("pm25", SensorDeviceClass.PM25),
        _measured("pm10", SensorDeviceClass.PM10),
        _named("non_methane_voc", SensorDeviceClass.VOLATILE_ORGANIC_COMPOUNDS),
        _named("voc", SensorDeviceClass.VOLATILE_ORGANIC_COMPOUNDS_PARTS),
        _named("ammonia"),
        _named("methane"),
        _named("sulfur_hexafluoride"),
        # Battery
        SensorEntityDescription(
            key="battery",
            device_class=SensorDeviceClass.BATTERY,
            state_class=SensorStateClass.MEASUREMENT,
            entity_category=DIAGNOSTIC,
        ),
        # Health
        _named("body_temperature", SensorDeviceClass.TEMPERATURE, 1),
        _named(
            "intermediate_temperature", SensorDeviceClass.TEMPERATURE, 1, shown=False
        ),
        _state("temperature_site", DIAGNOSTIC),
        _named("heart_rate", None, 0),
        _named("energy_expended", None, 0, SensorStateClass.TOTAL_INCREASING),
        _named("rr_interval", SensorDeviceClass.DURATION, 0, shown=False),
        _state("sensor_location", DIAGNOSTIC),
        _measured("weight", SensorDeviceClass.WEIGHT),
        _named("body_mass_index", None, 1),
        _named("height", SensorDeviceClass.DISTANCE, 2),
        _named("oxygen_saturation", None, 0),
        _named("pulse_rate", None, 0),
        _named("pulse_amplitude_index", None, 1, shown=False),
        # No device class: it would show a blood pressure in psi where people use feet.
        _named("systolic_pressure", None, 0),
        _named("diastolic_pressure", None, 0),
        _named("mean_arterial_pressure", None, 0),
        _named("cuff_pressure", None, 0, shown=False),
    )
}
"""How a quantity that is a number or one of several states is shown, by its key."""

CONDITIONS: Final = {
    description.key: description
    for description in (
        _so("opening", BinarySensorDeviceClass.OPENING),
        _so("battery_present", None, DIAGNOSTIC),
        _so("wired_power", BinarySensorDeviceClass.PLUG, DIAGNOSTIC),
        _so("wireless_power", BinarySensorDeviceClass.PLUG, DIAGNOSTIC),
        _so("battery_charging", BinarySensorDeviceClass.BATTERY_CHARGING, DIAGNOSTIC),
        _so("battery_low", BinarySensorDeviceClass.BATTERY, DIAGNOSTIC),
        _so("charging_fault", BinarySensorDeviceClass.PROBLEM, DIAGNOSTIC),
        _so("battery_fault", BinarySensorDeviceClass.PROBLEM, DIAGNOSTIC),
        _so("battery_service_required", BinarySensorDeviceClass.PROBLEM, DIAGNOSTIC),
        _so("sensor_contact", None, DIAGNOSTIC),
        _so("body_movement", BinarySensorDeviceClass.MOVING, DIAGNOSTIC),
        _so("cuff_too_loose", BinarySensorDeviceClass.PROBLEM, DIAGNOSTIC),
        _so("irregular_pulse"),
    )
}
"""How a quantity that is so or not is shown, by its key."""


class MeasurementEntity(BluetoothSensorEntity):
    """What one channel of a Bluetooth sensor measures."""

    _unrecorded_attributes = frozenset(
        {
            "application",
            "measurement_period",
            "sampling_function",
            "uncertainty",
            "update_interval",
        }
    )

    def __init__(
        self,
        coordinator: BluetoothSensorCoordinator,
        channel: Channel,
        description: EntityDescription,
    ) -> None:
        """Show a channel as its quantity is described, and tell it from others."""
        super().__init__(coordinator, channel)
        self.entity_description = description
        self._attr_extra_state_attributes = _attributes(channel)
        if channel.label is not None:
            self._set_label(channel.label)

    def _set_label(self, label: str) -> None:
        """Have the label in the name; a label that is a whole name is all of it."""
        key = self.entity_description.key
        if key.replace("_", " ") in label.casefold():
            self._attr_name = label
        else:
            self._attr_translation_key = f"{key}_labelled"
            self._attr_translation_placeholders = {"label": label}


class MeasurementSensor(MeasurementEntity, SensorEntity):
    """A number, or one of several states."""

    def __init__(
        self, coordinator: BluetoothSensorCoordinator, channel: Channel
    ) -> None:
        """Stand for a quantity of MEASUREMENTS."""
        super().__init__(coordinator, channel, MEASUREMENTS[channel.quantity.key])
        self._attr_native_unit_of_measurement = channel.quantity.unit
        if channel.quantity.states is not None:
            self._attr_options = [str(key) for key in channel.quantity.states.values()]

    @property
    @override
    def native_value(self) -> Decimal | str | bool | None:
        """Return the value, exactly as the sensor's resolution has it."""
        return self.coordinator.data[self._channel_id]


class MeasurementBinarySensor(MeasurementEntity, BinarySensorEntity):
    """Something that is so or not."""

    def __init__(
        self, coordinator: BluetoothSensorCoordinator, channel: Channel
    ) -> None:
        """Stand for a quantity of CONDITIONS."""
        super().__init__(coordinator, channel, CONDITIONS[channel.quantity.key])

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether it is so, None where it is not known."""
        value = self.coordinator.data[self._channel_id]
        return None if value is None else bool(value)


def _attributes(channel: Channel) -> dict[str, Any]:
    """Return how the value comes about, as far as the sensor tells."""
    measurement = channel.description.measurement
    if measurement is None:
        return {}
    return {
        key: float(value) if isinstance(value, Decimal) else value
        for key, value in asdict(measurement).items()
        if value is not None
    }
