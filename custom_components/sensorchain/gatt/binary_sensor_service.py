"""The Binary Sensor Service: a device that tells whether something is open.

It is asked through one characteristic, the control point, and answers through another,
the response, by indications. Both carry messages of parameters behind one byte of
their own, which tells the parts of a split message apart:

    01   00 02 00 02   02 01 00 00 00   03 01 00 00 01      report the opening sensor
    81   00 04 00 02   02 01 00 00 00   0a 02 00 00 05 08   it is open; 5 times so far
    │    │  │     │    │  │        └ opening and closing    └ 11 bits of count, 1 of state
    │    │  │     │    │  └ 1 byte
    │    │  │     │    └ parameter: sensor type
    │    │  │     └ 2 parameters
    │    │  └ message: sensor status event
    └ bit 0: the last part of the message; bit 7: from the device

Source: Binary Sensor Service 1.0, 3.1.1.1 and 4 for the header and the messages; the
parameters as in Gadgetbridge, whose author wrote the firmware at the other end as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, override

from .characteristics import Characteristic, MalformedValueError, Value, show, uuid16

CONTROL_POINT: Final = uuid16(0x2B2B)

LAST_PART: Final = 0x01
FROM_DEVICE: Final = 0x80
SEQUENCE_NUMBER: Final = 0x3E

GET_STATUS, STATUS, SET_UP, _SET_UP_DONE, STATUS_EVENT = range(5)
"""Messages."""

SENSOR_TYPE: Final = 0x02
REPORT: Final = 0x03
SENSOR_STATUS: Final = 0x0A
"""Parameters."""

OPENING_AND_CLOSING: Final = 0x00
"""A type of sensor, the one that is known for certain."""

IS_OPEN: Final = 1 << 11


def message(number: int, *parameters: tuple[int, bytes]) -> bytes:
    """Return a message to the device, in one part."""
    body = b"".join(
        bytes([key]) + len(value).to_bytes(3, "little") + value
        for key, value in parameters
    )
    return bytes([LAST_PART, 0, number, 0, len(parameters)]) + body


QUESTIONS: Final = (
    message(
        SET_UP, (SENSOR_TYPE, bytes([OPENING_AND_CLOSING])), (REPORT, bytes([True]))
    ),
    message(GET_STATUS, (SENSOR_TYPE, bytes([OPENING_AND_CLOSING]))),
)
"""What the device is asked after somebody listens: to report, and how it is now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BinarySensorResponse(Characteristic):
    """What a device answers and reports."""

    @override
    def decode(self, data: bytes) -> dict[str, Value | None]:
        """Return whether it is open; nothing where a message speaks of something else.

        Raises MalformedValueError for what is no message of a device.
        """
        if not data or not data[0] & FROM_DEVICE:
            raise MalformedValueError(f"{self.name}: not a response: {show(data)}")
        if not data[0] & LAST_PART or data[0] & SEQUENCE_NUMBER:
            # No status is so long that it is sent in parts: it is about something else.
            return {}
        number, parameters = self._message(data)
        sensor = parameters.get(SENSOR_TYPE, bytes([OPENING_AND_CLOSING]))
        status = parameters.get(SENSOR_STATUS, b"")
        if (
            number not in (STATUS, STATUS_EVENT)
            or sensor != bytes([OPENING_AND_CLOSING])
            or len(status) != 2
        ):
            return {}
        is_open = bool(int.from_bytes(status, "little") & IS_OPEN)
        return {quantity.key: is_open for quantity in self.quantities}

    def _message(self, data: bytes) -> tuple[int, dict[int, bytes]]:
        """Return the number of a message in one part, and its parameters."""
        try:
            _header, _, number, _, count = data[:5]
            parameters = dict(_parameters(data[5:]))
        except ValueError as error:
            raise MalformedValueError(
                f"{self.name}: too short: {show(data)}"
            ) from error
        if len(parameters) != count:
            raise MalformedValueError(
                f"{self.name}: not {count} parameters: {show(data)}"
            )
        return number, parameters


def _parameters(rest: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the parameters of a message. Raises ValueError where bytes are missing."""
    while rest:
        key, size = rest[0], int.from_bytes(rest[1:4], "little")
        if len(rest) < 4 + size:
            raise ValueError("bytes are missing")
        yield key, rest[4 : 4 + size]
        rest = rest[4 + size :]
