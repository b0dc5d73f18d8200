"""Known answers for every characteristic, and no other exception for any bytes."""

from decimal import Decimal

from hypothesis import given, strategies as st
import pytest

from custom_components.sensorchain.gatt.characteristics import (
    ATTRIBUTE_SIZE,
    CHARACTERISTICS,
    DEVICE_INFORMATION,
    QUANTITIES,
    MalformedValueError,
    Quantity,
    Text,
    uuid16,
)
from custom_components.sensorchain.sensor import MEASUREMENTS

TEMPERATURE, HUMIDITY, PRESSURE, BATTERY = 0x2A6E, 0x2A6F, 0x2A6D, 0x2A19
MODEL = 0x2A24


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
        (MODEL, "454e562d31", "ENV-1"),
        (MODEL, "454e562d310000", "ENV-1"),
        (MODEL, "c2b0", "°"),
    ],
)
def test_known_answers(characteristic: int, data: str, shown: str) -> None:
    """A value is exact, and is shown with no more digits than it has."""
    value = CHARACTERISTICS[uuid16(characteristic)].decode(bytes.fromhex(data))
    assert str(value) == shown


@pytest.mark.parametrize(
    ("characteristic", "data"),
    [(TEMPERATURE, "0080"), (HUMIDITY, "ffff"), (MODEL, ""), (MODEL, "0000")],
)
def test_not_known(characteristic: int, data: str) -> None:
    """The code for "value is not known" is no value, and no error either."""
    assert CHARACTERISTICS[uuid16(characteristic)].decode(bytes.fromhex(data)) is None


@pytest.mark.parametrize(
    ("characteristic", "data", "message"),
    [
        (TEMPERATURE, "", "temperature: .*: no bytes"),
        (TEMPERATURE, "66", "temperature: .*: 66"),
        (TEMPERATURE, "660800", "temperature: .*: 66 08 00"),
        (TEMPERATURE, "ff" * 40, r"temperature: .* … \(40 bytes\)"),
        (TEMPERATURE, "4c95", "temperature: -273.16 °C is not within -273.15 to"),
        (TEMPERATURE, "0180", "temperature: -327.67 °C is not within"),
        (HUMIDITY, "1127", "humidity: 100.01 % is not within 0 to 100: 11 27"),
        (PRESSURE, "02760f", "pressure: .*: 02 76 0f"),
        (BATTERY, "65", "battery: 101 % is not within 0 to 100: 65"),
        (BATTERY, "ff", "battery: 255 %"),
        (MODEL, "ff", "model: .*can't decode"),
        (MODEL, "410a42", "model: not a text: 41 0a 42"),
        (MODEL, "41" * (ATTRIBUTE_SIZE + 1), "model: not a text"),
    ],
)
def test_malformed(characteristic: int, data: str, message: str) -> None:
    """What is short, long or out of range is an error that shows the bytes."""
    with pytest.raises(MalformedValueError, match=message):
        CHARACTERISTICS[uuid16(characteristic)].decode(bytes.fromhex(data))


@given(
    characteristic=st.sampled_from(list(QUANTITIES.values())),
    data=st.binary(max_size=8) | st.binary(max_size=600),
)
def test_any_bytes_of_a_quantity(characteristic: Quantity, data: bytes) -> None:
    """Random bytes are a value in range, not known, or the one error."""
    try:
        value = characteristic.decode(data)
    except MalformedValueError:
        return
    assert value is None or (
        characteristic.minimum <= value <= characteristic.maximum
        and value % characteristic.resolution == 0
        and value == Decimal(str(value))
        and "E" not in str(value)
    )


@given(
    characteristic=st.sampled_from(list(DEVICE_INFORMATION.values())),
    data=st.binary(max_size=600) | st.text().map(str.encode),
)
def test_any_bytes_of_a_text(characteristic: Text, data: bytes) -> None:
    """Random bytes are a printable text, none, or the one error."""
    try:
        text = characteristic.decode(data)
    except MalformedValueError:
        return
    assert text is None or (text and text.isprintable() and text.strip() == text)


def test_every_quantity_has_a_sensor() -> None:
    """Home Assistant shows each quantity, in the unit in which it is decoded."""
    assert {
        key: description.native_unit_of_measurement
        for key, description in MEASUREMENTS.items()
    } == {quantity.key: quantity.unit for quantity in QUANTITIES.values()}
