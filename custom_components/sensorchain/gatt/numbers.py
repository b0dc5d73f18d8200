"""Numbers as they stand in a characteristic: exact, little-endian.

Integers are as the Bluetooth Core has them (Vol 3, Part G, 2.4). A *medfloat* is a
whole mantissa and a power of ten, both in two's complement (IEEE 11073-20601, and
Bluetooth's Personal Health Devices Transcoding White Paper):

    SFLOAT, medfloat16   6c f1         mantissa 16c (364), exponent f (-1): 36.4
    FLOAT, medfloat32    6c 01 00 ff   mantissa 00016c (364), exponent ff (-1): 36.4
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final


@dataclass(frozen=True, slots=True)
class Format:
    """A field of fixed size that holds a number."""

    name: str
    """As the Assigned Numbers call it, under format types."""
    size: int
    """In bytes."""
    read: Callable[[bytes], Decimal | None]
    """Return the number in so many bytes, None where they stand for no number."""
    minimum: Decimal
    maximum: Decimal


def integer(data: bytes, *, signed: bool) -> Decimal:
    """Return a little-endian integer."""
    return Decimal(int.from_bytes(data, "little", signed=signed))


def medfloat(data: bytes, *, mantissa_bits: int) -> Decimal | None:
    """Return a number with a decimal exponent.

    None for the special values, which all have the exponent 0: not a number (NaN), not
    at this resolution (NRes), the two infinities, and one that is reserved.
    """
    raw = int.from_bytes(data, "little")
    if _is_special(raw, mantissa_bits):
        return None
    mantissa = _signed(raw & (1 << mantissa_bits) - 1, mantissa_bits)
    exponent_bits = len(data) * 8 - mantissa_bits
    return Decimal(mantissa).scaleb(_signed(raw >> mantissa_bits, exponent_bits))


def shortest(value: Decimal) -> Decimal:
    """Return an equal number without trailing zeros: 21.50 is 21.5, 1E+2 is 100."""
    # A zero is added so that there is no negative one.
    return Decimal(f"{value.normalize() + 0:f}")


def _is_special(raw: int, mantissa_bits: int) -> bool:
    """Tell whether a medfloat is one of the five special values."""
    # +INF, NaN, NRes, reserved, -INF: 7FE to 802 of 12 bits, 7FFFFE to 800002 of 24.
    return abs(raw - (1 << mantissa_bits - 1)) <= 2


def _signed(raw: int, bits: int) -> int:
    """Return a two's complement."""
    return raw - (1 << bits) if raw >> bits - 1 else raw


def _integer_format(name: str, size: int, *, signed: bool) -> Format:
    """Return the format of an integer."""
    values = 1 << size * 8
    minimum = -values // 2 if signed else 0
    return Format(
        name,
        size,
        partial(integer, signed=signed),
        Decimal(minimum),
        Decimal(minimum + values - 1),
    )


def _medfloat_format(name: str, size: int, mantissa_bits: int) -> Format:
    """Return the format of a number with a decimal exponent."""
    largest = 1 << mantissa_bits - 1
    power = (1 << size * 8 - mantissa_bits - 1) - 1
    return Format(
        name,
        size,
        partial(medfloat, mantissa_bits=mantissa_bits),
        Decimal(-largest).scaleb(power),
        Decimal(largest - 1).scaleb(power),
    )


UINT8: Final = _integer_format("uint8", 1, signed=False)
UINT16: Final = _integer_format("uint16", 2, signed=False)
UINT24: Final = _integer_format("uint24", 3, signed=False)
UINT32: Final = _integer_format("uint32", 4, signed=False)
SINT8: Final = _integer_format("sint8", 1, signed=True)
SINT16: Final = _integer_format("sint16", 2, signed=True)
SINT24: Final = _integer_format("sint24", 3, signed=True)
MEDFLOAT16: Final = _medfloat_format("medfloat16", 2, mantissa_bits=12)
MEDFLOAT32: Final = _medfloat_format("medfloat32", 4, mantissa_bits=24)

DATE_TIME: Final = Format(
    "Date Time", 7, lambda _data: None, minimum=Decimal(0), maximum=Decimal(0)
)
"""The time of a device's own clock, without a zone: not used."""
