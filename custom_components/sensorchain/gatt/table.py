"""What SensorChain reads: one table from the UUID of a characteristic to its meaning.

docs/sensors.md is made of it by scripts/list-sensors.

*GSS* is the GATT Specification Supplement, whose sections are called by the names of
the characteristics. Where it gives no range, any number of the format is allowed.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from .binary_sensor_service import BinarySensorResponse
from .characteristics import Characteristic, Field, Flag, Quantity, Text, Unit, uuid16
from .numbers import (
    DATE_TIME,
    MEDFLOAT16,
    MEDFLOAT32,
    SINT8,
    SINT16,
    SINT24,
    UINT8,
    UINT16,
    UINT24,
    UINT32,
    Format,
)

CELSIUS: Final = "°C"
PERCENT: Final = "%"
DEGREE: Final = "°"
METRES_PER_SECOND: Final = "m/s"
BEATS_PER_MINUTE: Final = "bpm"
MILLIMETRES_OF_MERCURY: Final = "mmHg"
MICROGRAMS_PER_CUBIC_METRE: Final = "μg/m³"

ABSOLUTE_ZERO: Final = Decimal("-273.15")
HUNDREDTH: Final = Decimal("0.01")
TENTH: Final = Decimal("0.1")
THOUSANDTH: Final = Decimal("0.001")
KILOGRAM_PER_CUBIC_METRE: Final = Decimal(1_000_000_000)
"""In micrograms."""


def _one(
    name: str, form: Format, key: str, unit: str | None = None, **more: Any
) -> Characteristic:
    """Return a characteristic that is one number."""
    quantity = Quantity(key=key, unit=unit, **more)
    return Characteristic(
        name=name, source=f"GSS, {name}", fields=(Field(form, (quantity,)),)
    )


def _mass(name: str, key: str) -> Characteristic:
    """Return a characteristic that is a mass concentration."""
    return _one(
        name,
        MEDFLOAT16,
        key,
        MICROGRAMS_PER_CUBIC_METRE,
        resolution=KILOGRAM_PER_CUBIC_METRE,
    )


def _direction(name: str, key: str) -> Characteristic:
    """Return a characteristic that is an angle from 0 to 359.99 degrees."""
    return _one(
        name,
        UINT16,
        key,
        DEGREE,
        resolution=HUNDREDTH,
        minimum=Decimal(0),
        maximum=Decimal("359.99"),
    )


def _flux_density(name: str, axes: str) -> Characteristic:
    """Return a characteristic that is a magnetic flux density, in steps of 10⁻⁷ T."""
    return Characteristic(
        name=name,
        source=f"GSS, {name}",
        fields=tuple(
            Field(
                SINT16,
                (
                    Quantity(
                        key=f"magnetic_flux_density_{axis}",
                        unit="μT",
                        resolution=TENTH,
                    ),
                ),
            )
            for axis in axes
        ),
    )


ENVIRONMENT: Final[dict[str, Characteristic]] = {
    uuid16(0x2A6C): _one("Elevation", SINT24, "elevation", "m", resolution=HUNDREDTH),
    # Steps of 0.1 Pa, which are 0.001 hPa.
    uuid16(0x2A6D): _one("Pressure", UINT32, "pressure", "hPa", resolution=THOUSANDTH),
    uuid16(0x2A6E): _one(
        "Temperature",
        SINT16,
        "temperature",
        CELSIUS,
        resolution=HUNDREDTH,
        minimum=ABSOLUTE_ZERO,
        maximum=Decimal("327.67"),
        not_known=frozenset({-0x8000}),
    ),
    uuid16(0x2A6F): _one(
        "Humidity",
        UINT16,
        "humidity",
        PERCENT,
        resolution=HUNDREDTH,
        minimum=Decimal(0),
        maximum=Decimal(100),
        not_known=frozenset({0xFFFF}),
    ),
    uuid16(0x2A70): _one(
        "True Wind Speed",
        UINT16,
        "true_wind_speed",
        METRES_PER_SECOND,
        resolution=HUNDREDTH,
    ),
    uuid16(0x2A71): _direction("True Wind Direction", "true_wind_direction"),
    uuid16(0x2A72): _one(
        "Apparent Wind Speed",
        UINT16,
        "apparent_wind_speed",
        METRES_PER_SECOND,
        resolution=HUNDREDTH,
    ),
    uuid16(0x2A73): _direction("Apparent Wind Direction", "apparent_wind_direction"),
    uuid16(0x2A74): _one("Gust Factor", UINT8, "gust_factor", resolution=TENTH),
    uuid16(0x2A75): _one(
        "Pollen Concentration", UINT24, "pollen_concentration", "1/m³"
    ),
    uuid16(0x2A76): _one("UV Index", UINT8, "uv_index", "UV index"),
    uuid16(0x2A77): _one("Irradiance", UINT16, "irradiance", "W/m²", resolution=TENTH),
    # Steps of 0.001 m.
    uuid16(0x2A78): _one("Rainfall", UINT16, "rainfall", "mm"),
    uuid16(0x2A79): _one("Wind Chill", SINT8, "wind_chill", CELSIUS),
    uuid16(0x2A7A): _one("Heat Index", SINT8, "heat_index", CELSIUS),
    uuid16(0x2A7B): _one("Dew Point", SINT8, "dew_point", CELSIUS),
    uuid16(0x2A2C): _direction("Magnetic Declination", "magnetic_declination"),
    uuid16(0x2AA0): _flux_density("Magnetic Flux Density - 2D", "xy"),
    uuid16(0x2AA1): _flux_density("Magnetic Flux Density - 3D", "xyz"),
    uuid16(0x2AA3): _one(
        "Barometric Pressure Trend",
        UINT8,
        "pressure_trend",
        states={
            1: "continuously_falling",
            2: "continuously_rising",
            3: "falling_then_steady",
            4: "rising_then_steady",
            5: "falling_before_a_lesser_rise",
            6: "falling_before_a_greater_rise",
            7: "rising_before_a_greater_fall",
            8: "rising_before_a_lesser_fall",
            9: "steady",
        },
    ),
    uuid16(0x2BCF): _mass("Ammonia Concentration", "ammonia"),
    uuid16(0x2BD0): _mass("Carbon Monoxide Concentration", "carbon_monoxide"),
    uuid16(0x2BD1): _one("Methane Concentration", MEDFLOAT16, "methane", "ppb"),
    uuid16(0x2BD2): _mass("Nitrogen Dioxide Concentration", "nitrogen_dioxide"),
    uuid16(0x2BD3): _mass(
        "Non-Methane Volatile Organic Compounds Concentration", "non_methane_voc"
    ),
    uuid16(0x2BD4): _mass("Ozone Concentration", "ozone"),
    uuid16(0x2BD5): _mass("Particulate Matter - PM1 Concentration", "pm1"),
    uuid16(0x2BD6): _mass("Particulate Matter - PM2.5 Concentration", "pm25"),
    uuid16(0x2BD7): _mass("Particulate Matter - PM10 Concentration", "pm10"),
    uuid16(0x2BD8): _mass("Sulfur Dioxide Concentration", "sulfur_dioxide"),
    uuid16(0x2BD9): _mass("Sulfur Hexafluoride Concentration", "sulfur_hexafluoride"),
}
"""All that the Assigned Numbers permit in the Environmental Sensing Service."""

SURROUNDINGS: Final[dict[str, Characteristic]] = {
    uuid16(0x2AFB): _one(
        "Illuminance",
        UINT24,
        "illuminance",
        "lx",
        resolution=HUNDREDTH,
        minimum=Decimal(0),
        maximum=Decimal("167772.14"),
        not_known=frozenset({0xFFFFFF}),
    ),
    uuid16(0x2C1C): _one(
        "Illuminance 16",
        UINT16,
        "illuminance",
        "lx",
        minimum=Decimal(0),
        maximum=Decimal(65534),
        not_known=frozenset({0xFFFF}),
    ),
    uuid16(0x2BE4): _one(
        "Noise",
        UINT8,
        "noise",
        "dB",
        minimum=Decimal(0),
        maximum=Decimal(253),
        not_known=frozenset({0xFE, 0xFF}),
    ),
    uuid16(0x2B8C): _one(
        "CO2 Concentration",
        UINT16,
        "carbon_dioxide",
        "ppm",
        minimum=Decimal(0),
        maximum=Decimal(65533),
        not_known=frozenset({0xFFFE, 0xFFFF}),
    ),
    uuid16(0x2BE7): _one(
        "VOC Concentration",
        UINT16,
        "voc",
        "ppb",
        minimum=Decimal(0),
        maximum=Decimal(65533),
        not_known=frozenset({0xFFFE, 0xFFFF}),
    ),
}
"""What devices offer beside, although the list of permitted ones does not have it."""


def _so(
    key: str,
    bit: int,
    count: int = 1,
    states: dict[int, str | bool] | None = None,
) -> Quantity:
    """Return something that is so or not, as bits of a field."""
    return Quantity(
        key=key,
        bits=(bit, count),
        states={0: False, 1: True} if states is None else states,
    )


BATTERY: Final[dict[str, Characteristic]] = {
    uuid16(0x2A19): _one(
        "Battery Level",
        UINT8,
        "battery",
        PERCENT,
        minimum=Decimal(0),
        maximum=Decimal(100),
    ),
    uuid16(0x2BED): Characteristic(
        name="Battery Level Status",
        source="GSS, Battery Level Status",
        fields=(
            Field(UINT8, are_flags=True),
            Field(
                UINT16,
                (
                    _so("battery_present", 0),
                    _so("wired_power", 1, 2),
                    _so("wireless_power", 3, 2),
                    _so("battery_charging", 5, 2, {1: True, 2: False, 3: False}),
                    _so("battery_low", 7, 2, {1: False, 2: True, 3: True}),
                    _so(
                        "charging_fault",
                        12,
                        3,
                        {number: number > 0 for number in range(8)},
                    ),
                ),
            ),
            Field(UINT16, when=Flag(0)),
            Field(UINT8, when=Flag(1)),
            Field(
                UINT8,
                (_so("battery_service_required", 0, 2), _so("battery_fault", 2)),
                when=Flag(2),
            ),
        ),
        reserved_flags=0b1111_1000,
    ),
}


FAHRENHEIT: Final = Unit(
    "°F",
    Flag(0),
    resolution=Decimal(1),
    factor=Decimal(5) / Decimal(9),
    zero=Decimal(32),
    digits=HUNDREDTH,
)
TEMPERATURE_SITES: Final[dict[int, str | bool]] = {
    1: "armpit",
    2: "body",
    3: "ear",
    4: "finger",
    5: "gastrointestinal_tract",
    6: "mouth",
    7: "rectum",
    8: "toe",
    9: "eardrum",
}
SITE: Final = Quantity(key="temperature_site", states=TEMPERATURE_SITES)


def _thermometer(name: str, key: str, *, tells_site: bool) -> Characteristic:
    """Return a temperature of a body, in the unit that its flags say."""
    temperature = Quantity(
        key=key, unit=CELSIUS, minimum=ABSOLUTE_ZERO, other_unit=FAHRENHEIT
    )
    return Characteristic(
        name=name,
        source=f"GSS, {name}",
        fields=(
            Field(UINT8, are_flags=True),
            Field(MEDFLOAT32, (temperature,)),
            Field(DATE_TIME, when=Flag(1)),
            Field(UINT8, (SITE,) if tells_site else (), when=Flag(2)),
        ),
        reserved_flags=0b1111_1000,
    )


THERMOMETER: Final[dict[str, Characteristic]] = {
    uuid16(0x2A1C): _thermometer(
        "Temperature Measurement", "body_temperature", tells_site=True
    ),
    uuid16(0x2A1D): _one(
        "Temperature Type", UINT8, "temperature_site", states=TEMPERATURE_SITES
    ),
    uuid16(0x2A1E): _thermometer(
        "Intermediate Temperature", "intermediate_temperature", tells_site=False
    ),
}


PULSE: Final = Quantity(key="heart_rate", unit=BEATS_PER_MINUTE)

HEART_RATE: Final[dict[str, Characteristic]] = {
    uuid16(0x2A37): Characteristic(
        name="Heart Rate Measurement",
        # The supplement calls the unit of the energy joule, the service kilojoule.
        source="GSS, Heart Rate Measurement; Heart Rate Service",
        fields=(
            Field(
                UINT8,
                (_so("sensor_contact", 1, 2, {2: False, 3: True}),),
                are_flags=True,
            ),
            Field(UINT8, (PULSE,), when=Flag(0, is_set=False)),
            Field(UINT16, (PULSE,), when=Flag(0)),
            Field(
                UINT16,
                (Quantity(key="energy_expended", unit="kJ", keeps=True),),
                when=Flag(3),
            ),
            Field(
                UINT16,
                (
                    Quantity(
                        key="rr_interval",
                        unit="ms",
                        # Steps of 1/1024 s.
                        resolution=Decimal(1000) / Decimal(1024),
                        keeps=True,
                    ),
                ),
                when=Flag(4),
                repeated=True,
            ),
        ),
        reserved_flags=0b1110_0000,
    ),
    uuid16(0x2A38): _one(
        "Body Sensor Location",
        UINT8,
        "sensor_location",
        states={
            0: "other",
            1: "chest",
            2: "wrist",
            3: "finger",
            4: "hand",
            5: "ear_lobe",
            6: "foot",
        },
    ),
}


POUND: Final = Unit("lb", Flag(0), HUNDREDTH, factor=Decimal("0.45359237"))
INCH: Final = Unit("in", Flag(0), TENTH, factor=Decimal("0.0254"))

WEIGHT_SCALE: Final[dict[str, Characteristic]] = {
    uuid16(0x2A9D): Characteristic(
        name="Weight Measurement",
        source="GSS, Weight Measurement",
        fields=(
            Field(UINT8, are_flags=True),
            Field(
                UINT16,
                (
                    Quantity(
                        key="weight",
                        unit="kg",
                        resolution=Decimal("0.005"),
                        other_unit=POUND,
                    ),
                ),
            ),
            Field(DATE_TIME, when=Flag(1)),
            Field(UINT8, when=Flag(2)),
            Field(
                UINT16,
                (Quantity(key="body_mass_index", unit="kg/m²", resolution=TENTH),),
                when=Flag(3),
            ),
            Field(
                UINT16,
                (
                    Quantity(
                        key="height",
                        unit="m",
                        resolution=THOUSANDTH,
                        other_unit=INCH,
                    ),
                ),
                when=Flag(3),
            ),
        ),
        reserved_flags=0b1111_0000,
    ),
}


# No more than all of the haemoglobin can carry oxygen.
SATURATION: Final = Quantity(
    key="oxygen_saturation", unit=PERCENT, minimum=Decimal(0), maximum=Decimal(100)
)
PULSE_RATE: Final = Quantity(key="pulse_rate", unit=BEATS_PER_MINUTE)
AMPLITUDE: Final = Quantity(key="pulse_amplitude_index", unit=PERCENT)

PULSE_OXIMETER: Final[dict[str, Characteristic]] = {
    uuid16(0x2A5E): Characteristic(
        name="PLX Spot-Check Measurement",
        source="Pulse Oximeter Service 1.0.1, Table 3.2",
        fields=(
            Field(UINT8, are_flags=True),
            Field(MEDFLOAT16, (SATURATION,)),
            Field(MEDFLOAT16, (PULSE_RATE,)),
            Field(DATE_TIME, when=Flag(0)),
            Field(UINT16, when=Flag(1)),
            Field(UINT24, when=Flag(2)),
            Field(MEDFLOAT16, (AMPLITUDE,), when=Flag(3)),
        ),
        reserved_flags=0b1110_0000,
    ),
    uuid16(0x2A5F): Characteristic(
        name="PLX Continuous Measurement",
        source="Pulse Oximeter Service 1.0.1, Table 3.6",
        fields=(
            Field(UINT8, are_flags=True),
            Field(MEDFLOAT16, (SATURATION,)),
            Field(MEDFLOAT16, (PULSE_RATE,)),
            # The same, averaged over a shorter and over a longer time.
            Field(MEDFLOAT16, when=Flag(0)),
            Field(MEDFLOAT16, when=Flag(0)),
            Field(MEDFLOAT16, when=Flag(1)),
            Field(MEDFLOAT16, when=Flag(1)),
            Field(UINT16, when=Flag(2)),
            Field(UINT24, when=Flag(3)),
            Field(MEDFLOAT16, (AMPLITUDE,), when=Flag(4)),
        ),
        reserved_flags=0b1110_0000,
    ),
}


# The conventional millimetre of mercury is 133.322387415 Pa.
KILOPASCAL: Final = Unit(
    "kPa",
    Flag(0),
    resolution=Decimal(1),
    factor=Decimal(1000) / Decimal("133.322387415"),
    digits=HUNDREDTH,
)


def _cuff(name: str, *keys: str | None, tells_status: bool) -> Characteristic:
    """Return three pressures of a cuff, in the unit that the flags say."""
    status = (
        _so("body_movement", 0),
        _so("cuff_too_loose", 1),
        _so("irregular_pulse", 2),
    )
    return Characteristic(
        name=name,
        source=f"GSS, {name}",
        fields=(
            Field(UINT8, are_flags=True),
            *(Field(MEDFLOAT16, tuple(_pressures(key))) for key in keys),
            Field(DATE_TIME, when=Flag(1)),
            Field(MEDFLOAT16, (PULSE_RATE,) if tells_status else (), when=Flag(2)),
            Field(UINT8, when=Flag(3)),
            Field(UINT16, status if tells_status else (), when=Flag(4)),
        ),
        reserved_flags=0b1110_0000,
    )


def _pressures(key: str | None) -> Iterable[Quantity]:
    """Yield the quantity of a pressure that is used."""
    if key is not None:
        yield Quantity(key=key, unit=MILLIMETRES_OF_MERCURY, other_unit=KILOPASCAL)


BLOOD_PRESSURE: Final[dict[str, Characteristic]] = {
    uuid16(0x2A35): _cuff(
        "Blood Pressure Measurement",
        "systolic_pressure",
        "diastolic_pressure",
        "mean_arterial_pressure",
        tells_status=True,
    ),
    uuid16(0x2A36): _cuff(
        "Intermediate Cuff Pressure", "cuff_pressure", None, None, tells_status=False
    ),
}


BINARY_SENSOR: Final[dict[str, Characteristic]] = {
    uuid16(0x2B2C): BinarySensorResponse(
        name="BSS Response",
        source="Binary Sensor Service 1.0, 3.2 and 4",
        fields=(
            Field(
                UINT16,
                (
                    Quantity(
                        key="opening",
                        bits=(11, 1),
                        states={0: False, 1: True},
                        keeps=True,
                    ),
                ),
            ),
        ),
    ),
}


MEASURING: Final[dict[str, Characteristic]] = {
    **ENVIRONMENT,
    **SURROUNDINGS,
    **BATTERY,
    **THERMOMETER,
    **HEART_RATE,
    **WEIGHT_SCALE,
    **PULSE_OXIMETER,
    **BLOOD_PRESSURE,
    **BINARY_SENSOR,
}
"""What is measured, by UUID of the characteristic."""

DEVICE_INFORMATION: Final[dict[str, Text]] = {
    uuid16(number): Text(key=key, source=f"Device Information Service 1.1, {section}")
    for number, key, section in (
        (0x2A29, "manufacturer", "3.1 Manufacturer Name String"),
        (0x2A24, "model", "3.2 Model Number String"),
        (0x2A25, "serial_number", "3.3 Serial Number String"),
        (0x2A27, "hw_version", "3.4 Hardware Revision String"),
        (0x2A26, "fw_version", "3.5 Firmware Revision String"),
        (0x2A28, "sw_version", "3.6 Software Revision String"),
    )
}
"""What a device says of itself, by UUID of the characteristic."""
