"""The messages of a binary sensor, asked and answered."""

from hypothesis import given, strategies as st
import pytest

from custom_components.sensorchain.gatt.binary_sensor_service import QUESTIONS
from custom_components.sensorchain.gatt.characteristics import (
    MalformedValueError,
    uuid16,
)
from custom_components.sensorchain.gatt.table import MEASURING

RESPONSE = MEASURING[uuid16(0x2B2C)]

OPEN = {"opening": True}
CLOSED = {"opening": False}


def test_questions() -> None:
    """The sensor is told to report, and asked how it is; each in one packet."""
    assert [question.hex() for question in QUESTIONS] == [
        "0100020002" + "0201000000" + "0301000001",
        "0100000001" + "0201000000",
    ]
    assert all(len(question) <= 20 for question in QUESTIONS)


@pytest.mark.parametrize(
    ("data", "values"),
    [
        # Answers: result code, status.
        ("81 00010002 00010000 00 0a020000 0508", OPEN),
        ("81 00010002 00010000 00 0a020000 0500", CLOSED),
        # An event, with the type of sensor.
        ("81 00040002 02010000 00 0a020000 ff0f", OPEN),
        ("81 00040002 02010000 00 0a020000 ff07", CLOSED),
        # It is set up now; it failed; another type of sensor; several at once.
        ("81 00030001 00010000 00", {}),
        ("81 00010001 00010000 01", {}),
        ("81 00040002 02010000 01 0a020000 0508", {}),
        ("81 00040002 02010000 80 0b020000 0508", {}),
        # Parts of a longer message.
        ("80 00010002 00010000 00", {}),
        ("83 0a020000 0508", {}),
    ],
)
def test_responses(data: str, values: dict[str, bool]) -> None:
    """What speaks of opening is taken; the rest says nothing of it."""
    assert RESPONSE.decode(bytes.fromhex(data)) == values


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "not a response: no bytes"),
        ("01 00010000", "not a response"),
        ("81", "too short"),
        ("81 000100", "too short"),
        ("81 00010001 0a020000 05", "too short"),
        ("81 00010001 0a0200", "too short"),
        ("81 00010002 0a020000 0508", "not 2 parameters"),
        ("81 00010000 0a020000 0508", "not 0 parameters"),
        ("81 00010001 0affffff 0508", "too short"),
    ],
)
def test_malformed(data: str, message: str) -> None:
    """What is no message of a device is an error that shows the bytes."""
    with pytest.raises(MalformedValueError, match=message):
        RESPONSE.decode(bytes.fromhex(data))


@given(st.binary(max_size=40).map(lambda rest: b"\x81" + rest) | st.binary())
def test_any_bytes(data: bytes) -> None:
    """Random bytes are open, closed, nothing, or the one error."""
    try:
        values = RESPONSE.decode(data)
    except MalformedValueError:
        return
    assert values in ({}, OPEN, CLOSED)
