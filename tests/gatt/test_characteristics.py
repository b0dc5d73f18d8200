"""Known answers for every characteristic, and no other exception for any bytes."""

from decimal import Decimal
import json
from pathlib import Path

from hypothesis import given, strategies as st
import pytest

from custom_components import sensorchain
from custom_components.sensorchain.gatt.characteristics import (
    ATTRIBUTE_SIZE,
    Characteristic,
    MalformedValueError,
    Quantity,
    Range,
    Text,
    Value,
    uuid16,
)
from custom_components.sensorchain.gatt.table import (
    DEVICE_INFORMATION,
    ENVIRONMENT,
    MEASURING,
)
from custom_components.sensorchain.measurements import CONDITIONS, MEASUREMENTS
from homeassistant.components.sensor import DEVICE_CLASS_UNITS, SensorDeviceClass
from homeassistant.components.sensor.const import DEVICE_CLASS_STATE_CLASSES
from homeassistant.helpers.entity import EntityDescription

TEMPERATURE, HUMIDITY, PRESSURE, BATTERY = 0x2A6E, 0x2A6F, 0x2A6D, 0x2A19
BATTERY_STATUS, THERMOMETER, HEART_RATE = 0x2BED, 0x2A1C, 0x2A37
WEIGHT, SPOT_CHECK, CONTINUOUS = 0x2A9D, 0x2A5E, 0x2A5F
BLOOD_PRESSURE, CUFF = 0x2A35, 0x2A36
MODEL = 0x2A24

NOON = "ea070b160c0000"
"""2026-11-22 12:00:00, as Date Time."""


def decoded(number: int, data: str) -> dict[str, Value | None]:
    """Return what bytes of a characteristic mean."""
    return MEASURING[uuid16(number)].decode(bytes.fromhex(data))


@pytest.mark.parametrize(
    ("characteristic", "data", "shown"),
    [
        (TEMPERATURE, "6608", "21.5"),
        (TEMPERATURE, "0000", "0"),
        (TEMPERATURE, "ffff", "-0.01"),
        (TEMPERATURE, "1027", "100"),
        (TEMPERATURE, "4d95", "-273.15"),
        (TEMPERATURE, "ff7f", "327.67"),
        (HUMIDITY, "0000", "0"),
        (HUMIDITY, "d711", "45.67"),
        (HUMIDITY, "1027", "100"),
        (PRESSURE, "02760f00", "1013.25"),
        (PRESSURE, "01000000", "0.001"),
        (PRESSURE, "ffffffff", "4294967.295"),
        (BATTERY, "00", "0"),
        (BATTERY, "64", "100"),
        (0x2A6C, "18fcff", "-10"),
        (0x2A6C, "0f1e06", "4009.11"),
        (0x2A70, "e803", "10"),
        (0x2A71, "9f8c", "359.99"),
        (0x2A72, "0100", "0.01"),
        (0x2A73, "2823", "90"),
        (0x2A74, "0d", "1.3"),
        (0x2A75, "400d03", "200000"),
        (0x2A76, "0b", "11"),
        (0x2A77, "1027", "1000"),
        (0x2A78, "0c00", "12"),
        (0x2A79, "e7", "-25"),
        (0x2A7A, "29", "41"),
        (0x2A7B, "fe", "-2"),
        (0x2A2C, "7201", "3.7"),
        (0x2AFB, "10270a", "6653.6"),
        (0x2AFB, "feffff", "167772.14"),
        (0x2C1C, "feff", "65534"),
        (0x2BE4, "2a", "42"),
        (0x2B8C, "2003", "800"),
        (0x2BE7, "fdff", "65533"),
        # 3 * 10⁻⁸ kg/m³: the format has no smaller step than 10 μg/m³.
        (0x2BD6, "0380", "30"),
        (0x2BD7, "0070", "0"),
        (0x2BCF, "0190", "100"),
        (0x2BD0, "7e90", "12600"),
        (0x2BD1, "9e87", "0.0000195"),
        (0x2BD1, "9e07", "1950"),
    ],
)
def test_known_numbers(characteristic: int, data: str, shown: str) -> None:
    """A number is exact, and is shown with no more digits than it has."""
    [value] = decoded(characteristic, data).values()
    assert f"{value:f}" == shown


@pytest.mark.parametrize(
    ("characteristic", "data", "values"),
    [
        (0x2AA3, "05", {"pressure_trend": "falling_before_a_lesser_rise"}),
        (
            0x2AA0,
            "2e01 d4fe",
            {"magnetic_flux_density_x": "30.2", "magnetic_flux_density_y": "-30"},
        ),
        (
            0x2AA1,
            "0100 0000 ff7f",
            {
                "magnetic_flux_density_x": "0.1",
                "magnetic_flux_density_y": "0",
                "magnetic_flux_density_z": "3276.7",
            },
        ),
        (THERMOMETER, "00 6c0100ff", {"body_temperature": "36.4"}),
        (THERMOMETER, "01 da0300ff", {"body_temperature": "37"}),
        (THERMOMETER, "01 d40300ff", {"body_temperature": "36.67"}),
        (
            THERMOMETER,
            f"06 6c0100ff {NOON} 06",
            {"body_temperature": "36.4", "temperature_site": "mouth"},
        ),
        (
            THERMOMETER,
            "04 6c0100ff 0a",
            {"body_temperature": "36.4", "temperature_site": "None"},
        ),
        (0x2A1D, "09", {"temperature_site": "eardrum"}),
        (0x2A1E, "04 6c0100ff 06", {"intermediate_temperature": "36.4"}),
        (HEART_RATE, "00 48", {"heart_rate": "72", "sensor_contact": "None"}),
        (HEART_RATE, "04 48", {"heart_rate": "72", "sensor_contact": "False"}),
        (HEART_RATE, "07 2c01", {"heart_rate": "300", "sensor_contact": "True"}),
        (
            HEART_RATE,
            "18 48 e803 0004 8003",
            {
                "heart_rate": "72",
                "sensor_contact": "None",
                "energy_expended": "1000",
                "rr_interval": "875",
            },
        ),
        # A reserved flag: what follows is for somebody who knows what it means.
        (HEART_RATE, "20 48 ffff", {"heart_rate": "72", "sensor_contact": "None"}),
        (0x2A38, "02", {"sensor_location": "wrist"}),
        (WEIGHT, "00 983a", {"weight": "75"}),
        (WEIGHT, "01 983a", {"weight": "68.0388555"}),
        (
            WEIGHT,
            f"0e 983a {NOON} 01 e700 0807",
            {"weight": "75", "body_mass_index": "23.1", "height": "1.8"},
        ),
        (
            WEIGHT,
            "09 983a e700 c502",
            {"weight": "68.0388555", "body_mass_index": "23.1", "height": "1.80086"},
        ),
        (SPOT_CHECK, "00 6200 4800", {"oxygen_saturation": "98", "pulse_rate": "72"}),
        (
            SPOT_CHECK,
            f"0f d4f3 4800 {NOON} 0001 000000 7bf0",
            {
                "oxygen_saturation": "98",
                "pulse_rate": "72",
                "pulse_amplitude_index": "12.3",
            },
        ),
        (
            CONTINUOUS,
            "1f 6200 4800 6100 4900 6300 4700 0001 000000 7bf0",
            {
                "oxygen_saturation": "98",
                "pulse_rate": "72",
                "pulse_amplitude_index": "12.3",
            },
        ),
        (
            CONTINUOUS,
            "00 ff07 0008",
            {"oxygen_saturation": "None", "pulse_rate": "None"},
        ),
        (
            BLOOD_PRESSURE,
            "00 7800 5000 5d00",
            {
                "systolic_pressure": "120",
                "diastolic_pressure": "80",
                "mean_arterial_pressure": "93",
            },
        ),
        (
            BLOOD_PRESSURE,
            "01 a0f0 6bf0 ff07",
            {
                "systolic_pressure": "120.01",
                "diastolic_pressure": "80.26",
                "mean_arterial_pressure": "None",
            },
        ),
        (
            BLOOD_PRESSURE,
            f"1e 7800 5000 5d00 {NOON} 4800 01 0400",
            {
                "systolic_pressure": "120",
                "diastolic_pressure": "80",
                "mean_arterial_pressure": "93",
                "pulse_rate": "72",
                "body_movement": "False",
                "cuff_too_loose": "False",
                "irregular_pulse": "True",
            },
        ),
        (CUFF, "00 6400 ff07 ff07", {"cuff_pressure": "100"}),
        (
            BATTERY_STATUS,
            "00 2300",
            {
                "battery_present": "True",
                "wired_power": "True",
                "wireless_power": "False",
                "battery_charging": "True",
                "battery_low": "None",
                "charging_fault": "False",
            },
        ),
        (
            BATTERY_STATUS,
            "07 d511 0100 32 06",
            {
                "battery_present": "True",
                "wired_power": "None",
                "wireless_power": "None",
                "battery_charging": "False",
                "battery_low": "True",
                "charging_fault": "True",
                "battery_service_required": "None",
                "battery_fault": "True",
            },
        ),
    ],
)
def test_known_values(characteristic: int, data: str, values: dict[str, str]) -> None:
    """Flags say which fields there are, and in which unit."""
    assert {
        key: str(value) for key, value in decoded(characteristic, data).items()
    } == values


@pytest.mark.parametrize(
    ("characteristic", "data"),
    [
        (TEMPERATURE, "0080"),
        (TEMPERATURE, "4c95"),
        (TEMPERATURE, "0180"),
        (HUMIDITY, "ffff"),
        (HUMIDITY, "1127"),
        (BATTERY, "65"),
        (BATTERY, "ff"),
        (0x2A71, "a08c"),
        (0x2A73, "ffff"),
        (0x2A2C, "ffff"),
        (0x2AA3, "00"),
        (0x2AA3, "0a"),
        (0x2AFB, "ffffff"),
        (0x2C1C, "ffff"),
        (0x2BE4, "fe"),
        (0x2BE4, "ff"),
        (0x2B8C, "feff"),
        (0x2B8C, "ffff"),
        (0x2BE7, "feff"),
        (0x2BE7, "ffff"),
        (0x2BD6, "ff07"),
        (0x2BD6, "0008"),
        (0x2BD6, "fe07"),
        (0x2BD6, "0208"),
        (0x2BD6, "0108"),
        (0x2A1D, "00"),
        (0x2A38, "07"),
        (THERMOMETER, "00ffff7f00"),
        # -1024 °C
        (THERMOMETER, "0000fcff00"),
    ],
)
def test_not_known(characteristic: int, data: str) -> None:
    """A code for "not known" and what is out of range are no value, and no error."""
    assert list(decoded(characteristic, data).values()) == [None]


@pytest.mark.parametrize(
    ("characteristic", "data", "message"),
    [
        (TEMPERATURE, "", "Temperature: too short: no bytes"),
        (TEMPERATURE, "66", "Temperature: too short: 66"),
        (TEMPERATURE, "660800", "Temperature: too long: 66 08 00"),
        (TEMPERATURE, "ff" * 40, r"Temperature: too long: .* … \(40 bytes\)"),
        (PRESSURE, "02760f", "Pressure: too short: 02 76 0f"),
        (BATTERY, "", "Battery Level: too short"),
        (0x2AA1, "01000000", "3D: too short"),
        (THERMOMETER, "00 6c0100", "Temperature Measurement: too short"),
        (THERMOMETER, "02 6c0100ff", "Temperature Measurement: too short"),
        (THERMOMETER, "00 6c0100ff 06", "Temperature Measurement: too long"),
        (HEART_RATE, "01 48", "Heart Rate Measurement: too short"),
        (HEART_RATE, "10 48", "Heart Rate Measurement: too short"),
        (HEART_RATE, "10 48 000400", "Heart Rate Measurement: too short"),
        (HEART_RATE, "00 48 0004", "Heart Rate Measurement: too long"),
        (BLOOD_PRESSURE, "00 7800 5000", "Blood Pressure Measurement: too short"),
        (WEIGHT, "08 983a e700", "Weight Measurement: too short"),
        (BATTERY_STATUS, "04 2300", "Battery Level Status: too short"),
    ],
)
def test_malformed(characteristic: int, data: str, message: str) -> None:
    """What is too short or too long is an error that shows the bytes."""
    with pytest.raises(MalformedValueError, match=message):
        decoded(characteristic, data)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("454e562d31", "ENV-1"),
        ("454e562d310000", "ENV-1"),
        ("c2b0", "°"),
        ("0000", None),
        ("", None),
    ],
)
def test_texts(data: str, text: str | None) -> None:
    """A text is without its padding, and none when nothing is left."""
    assert DEVICE_INFORMATION[uuid16(MODEL)].decode(bytes.fromhex(data)) == text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("ff", "model: .*can't decode"),
        ("410a42", "model: not a text: 41 0a 42"),
        ("41" * (ATTRIBUTE_SIZE + 1), "model: not a text"),
    ],
)
def test_malformed_texts(data: str, message: str) -> None:
    """What is no text is an error that shows the bytes."""
    with pytest.raises(MalformedValueError, match=message):
        DEVICE_INFORMATION[uuid16(MODEL)].decode(bytes.fromhex(data))


@given(
    characteristic=st.sampled_from(list(MEASURING.values())),
    data=st.binary(max_size=24) | st.binary(max_size=600),
)
def test_any_bytes(characteristic: Characteristic, data: bytes) -> None:
    """Random bytes are values in range, not known, or the one error."""
    quantities = {quantity.key: quantity for quantity in characteristic.quantities}
    try:
        values = characteristic.decode(data)
    except MalformedValueError:
        return
    for key, value in values.items():
        assert is_possible(quantities[key], value)


@given(characteristic=st.sampled_from(list(MEASURING.values())), random=st.randoms())
def test_any_bytes_of_the_right_length(
    characteristic: Characteristic, random: st.RandomType
) -> None:
    """Random bytes that are as long as the flags say are a value or not known."""
    data = b""
    for part in characteristic.fields:
        if part.when is None or (data and part.when.holds(data[0])):
            data += random.randbytes(part.format.size)
    quantities = {quantity.key: quantity for quantity in characteristic.quantities}
    try:
        values = characteristic.decode(data)
    except MalformedValueError:
        assert characteristic.name == "BSS Response"
        return
    for key, value in values.items():
        assert is_possible(quantities[key], value)


def is_possible(quantity: Quantity, value: Value | None) -> bool:
    """Tell whether a quantity may have a value."""
    if value is None:
        return True
    if quantity.states is not None:
        return value in quantity.states.values()
    return (
        isinstance(value, Decimal)
        and value.is_finite()
        and value == Decimal(str(value))
        and Range(quantity.minimum, quantity.maximum).has(value)
    )


@given(
    text=st.sampled_from(list(DEVICE_INFORMATION.values())),
    data=st.binary(max_size=600) | st.text().map(str.encode),
)
def test_any_bytes_of_a_text(text: Text, data: bytes) -> None:
    """Random bytes are a printable text, none, or the one error."""
    try:
        shown = text.decode(data)
    except MalformedValueError:
        return
    assert shown is None or (shown and shown.isprintable() and shown.strip() == shown)


QUANTITIES = {
    quantity.key: quantity
    for characteristic in MEASURING.values()
    for quantity in characteristic.quantities
}


def test_every_quantity_is_shown() -> None:
    """Home Assistant has a sensor or a binary sensor for each quantity."""
    assert MEASUREMENTS.keys() == {
        key for key, quantity in QUANTITIES.items() if not quantity.is_binary
    }
    assert CONDITIONS.keys() == {
        key for key, quantity in QUANTITIES.items() if quantity.is_binary
    }


@pytest.mark.parametrize("key", MEASUREMENTS)
def test_units_and_classes_go_together(key: str) -> None:
    """The unit and the state class are among those of the device class."""
    description, quantity = MEASUREMENTS[key], QUANTITIES[key]
    if description.device_class is SensorDeviceClass.ENUM:
        assert quantity.states
        return
    assert description.state_class
    if description.device_class is None:
        assert description.translation_key == key
        return
    assert quantity.unit in DEVICE_CLASS_UNITS[description.device_class]
    assert (
        description.state_class in DEVICE_CLASS_STATE_CLASSES[description.device_class]
    )


INTEGRATION = Path(sensorchain.__file__).parent
TEXTS = json.loads((INTEGRATION / "translations/en.json").read_text())["entity"]
ICONS = json.loads((INTEGRATION / "icons.json").read_text())["entity"]


@pytest.mark.parametrize(
    ("platform", "description"),
    [
        *(("sensor", description) for description in MEASUREMENTS.values()),
        *(("binary_sensor", description) for description in CONDITIONS.values()),
    ],
    ids=lambda value: getattr(value, "key", value),
)
def test_every_entity_has_its_texts_and_icon(
    platform: str, description: EntityDescription
) -> None:
    """A name, one with a label, all states, and an icon where no device class has one."""
    texts, key = TEXTS[platform], description.key
    labelled = texts[f"{key}_labelled"]
    assert "{label}" in labelled["name"]
    names = [labelled]
    if description.translation_key:
        assert f"{texts[key]['name']} {{label}}" == labelled["name"]
        names.append(texts[key])
    states = QUANTITIES[key].states
    if platform == "sensor" and states:
        assert all(text["state"].keys() == set(states.values()) for text in names)
    if description.device_class in (None, SensorDeviceClass.ENUM):
        assert ICONS[platform][key] == ICONS[platform][f"{key}_labelled"]


def test_the_same_key_is_in_the_same_unit() -> None:
    """One name is one quantity, whatever characteristic it comes from."""
    for characteristic in MEASURING.values():
        for quantity in characteristic.quantities:
            assert quantity.unit == QUANTITIES[quantity.key].unit
            assert quantity.is_binary == QUANTITIES[quantity.key].is_binary


def test_environmental_sensing_is_whole() -> None:
    """All of the 31 characteristics that may stand in the service are in the table."""
    permitted = {
        *range(0x2A6C, 0x2A7C),
        *(0x2A2C, 0x2AA0, 0x2AA1, 0x2AA3),
        *range(0x2BCF, 0x2BDA),
    }
    assert ENVIRONMENT.keys() == {uuid16(number) for number in permitted}
    assert len(ENVIRONMENT) == 31
