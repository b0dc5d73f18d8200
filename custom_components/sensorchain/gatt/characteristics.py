"""The characteristics that SensorChain reads: one table from UUID to meaning.

All numbers are little-endian (Bluetooth Core, Vol 3, Part G, 2.4) and exact:

    >>> CHARACTERISTICS[uuid16(0x2A6E)].decode(bytes.fromhex("6608"))
    Decimal('21.5')
"""

from dataclasses import dataclass
from decimal import Decimal
import struct
from typing import Final

from bleak.uuids import normalize_uuid_16

ATTRIBUTE_SIZE: Final = 512
"""The longest attribute value, in bytes (Bluetooth Core, Vol 3, Part F, 3.2.9)."""


class MalformedValueError(ValueError):
    """The bytes of a characteristic are not a value that its specification allows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A characteristic that is one number: the raw integer times its resolution."""

    key: str
    layout: str
    """The raw integer, as `struct` writes it."""
    resolution: Decimal
    unit: str
    minimum: Decimal
    maximum: Decimal
    not_known: int | None = None
    """The raw integer that says "value is not known"."""
    source: str
    """Specification and section that this row was read from."""

    def decode(self, data: bytes) -> Decimal | None:
        """Return the value in `unit`, None for "value is not known".

        Raises MalformedValueError for a wrong length or a value out of range.
        """
        try:
            (raw,) = struct.unpack(self.layout, data)
        except struct.error as error:
            raise MalformedValueError(f"{self.key}: {error}: {_show(data)}") from error
        return None if raw == self.not_known else self._in_range(raw, data)

    def _in_range(self, raw: int, data: bytes) -> Decimal:
        """Return the value of a raw integer that the specification allows."""
        value = raw * self.resolution
        if not self.minimum <= value <= self.maximum:
            raise MalformedValueError(
                f"{self.key}: {value} {self.unit} is not within"
                f" {self.minimum} to {self.maximum}: {_show(data)}"
            )
        return _shortest(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A characteristic that is a UTF-8 string."""

    key: str
    source: str
    """Specification and section that this row was read from."""

    def decode(self, data: bytes) -> str | None:
        """Return the text without padding, None when it is empty.

        Raises MalformedValueError for bytes that are not printable UTF-8.
        """
        try:
            text = data.rstrip(b"\0").decode().strip()
        except UnicodeDecodeError as error:
            raise MalformedValueError(f"{self.key}: {error}") from error
        if len(data) > ATTRIBUTE_SIZE or not text.isprintable():
            raise MalformedValueError(f"{self.key}: not a text: {_show(data)}")
        return text or None


def uuid16(number: int) -> str:
    """Return the full form of a UUID that the Bluetooth SIG assigned."""
    return normalize_uuid_16(number)


def _show(data: bytes) -> str:
    """Return bytes as a log line shows them: `00 ff 12`, not more than 32."""
    shown = data[:32].hex(" ") or "no bytes"
    return f"{shown} … ({len(data)} bytes)" if len(data) > 32 else shown


def _shortest(value: Decimal) -> Decimal:
    """Return an equal number without trailing zeros: 21.50 is 21.5, 100 is 100."""
    return Decimal(f"{value:f}".rstrip("0").rstrip(".")) if value % 1 else value // 1


ENVIRONMENTAL_SENSING_SERVICE: Final = uuid16(0x181A)

QUANTITIES: Final[dict[str, Quantity]] = {
    uuid16(0x2A6E): Quantity(
        key="temperature",
        layout="<h",
        resolution=Decimal("0.01"),
        unit="°C",
        minimum=Decimal("-273.15"),
        maximum=Decimal("327.67"),
        not_known=-0x8000,
        source="GATT Specification Supplement, Temperature",
    ),
    uuid16(0x2A6F): Quantity(
        key="humidity",
        layout="<H",
        resolution=Decimal("0.01"),
        unit="%",
        minimum=Decimal(0),
        maximum=Decimal(100),
        not_known=0xFFFF,
        source="GATT Specification Supplement, Humidity",
    ),
    # The specification counts in steps of 0.1 Pa, which are 0.001 hPa.
    uuid16(0x2A6D): Quantity(
        key="pressure",
        layout="<I",
        resolution=Decimal("0.001"),
        unit="hPa",
        minimum=Decimal(0),
        maximum=Decimal("4294967.295"),
        source="GATT Specification Supplement, Pressure",
    ),
    uuid16(0x2A19): Quantity(
        key="battery",
        layout="<B",
        resolution=Decimal(1),
        unit="%",
        minimum=Decimal(0),
        maximum=Decimal(100),
        source="GATT Specification Supplement, Battery Level",
    ),
}
"""What is measured, by UUID of its characteristic."""

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
"""What a device says of itself, by UUID of its characteristic."""

CHARACTERISTICS: Final[dict[str, Quantity | Text]] = QUANTITIES | DEVICE_INFORMATION
