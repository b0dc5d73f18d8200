"""The bytes of a characteristic, taken apart by a table instead of code for each.

    >>> MEASURING[uuid16(0x2A6E)].decode(bytes.fromhex("6608"))
    {'temperature': Decimal('21.5')}

The value of a characteristic is a row of fields. The first may be flags, which say
which of the others are there and in which unit:

    00 78        flags: 8 bits, no more fields    heart rate 120
    09 2c01 ..   flags: 16 bits, energy expended  heart rate 300
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import Final

from bleak.uuids import normalize_uuid_16

from .numbers import Format, shortest

ATTRIBUTE_SIZE: Final = 512
"""The longest attribute value, in bytes (Bluetooth Core, Vol 3, Part F, 3.2.9)."""

WIDE: Final = Context(prec=300)
"""Digits enough for any medfloat32: 7, and up to 128 zeros on either side."""

type Value = Decimal | str | bool
"""A number in the quantity's unit, the key of a state, or whether something is so."""


class MalformedValueError(ValueError):
    """The bytes of a characteristic are not a value that its specification allows."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A bit of the flags, and which way it has to stand."""

    bit: int
    is_set: bool = True

    def holds(self, flags: int) -> bool:
        """Tell whether the bit stands that way."""
        return bool(flags >> self.bit & 1) is self.is_set


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that a device counts in instead, when a flag says so."""

    name: str
    when: Flag
    resolution: Decimal
    """What one step is, in this unit."""
    factor: Decimal
    """How much of the quantity's unit it is."""
    zero: Decimal = Decimal(0)
    """What is 0 in the quantity's unit, in this one."""
    digits: Decimal | None = None
    """What is rounded to, where the factor is no finite decimal number."""

    def convert(self, raw: Decimal) -> Decimal:
        """Return a raw number in the quantity's unit."""
        value = (raw * self.resolution - self.zero) * self.factor
        return (
            value if self.digits is None else value.quantize(self.digits, context=WIDE)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What one field, or some bits of it, measures."""

    key: str
    unit: str | None = None
    resolution: Decimal = Decimal(1)
    """What one step of the raw number is, in `unit`."""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    """What the specification allows, in `unit`; None: whatever the format holds."""
    not_known: frozenset[int] = frozenset()
    """Raw numbers that stand for none: "not known", "more than can be measured"."""
    states: Mapping[int, str | bool] | None = None
    """What each raw number stands for, if it is none; others are not known."""
    bits: tuple[int, int] | None = None
    """The lowest bit and the number of bits, of a field that holds several."""
    other_unit: Unit | None = None
    keeps: bool = False
    """Tells that a message without it says nothing of it, not that it is unknown."""

    @property
    def is_binary(self) -> bool:
        """Tell whether it is so or not, and nothing else."""
        return self.states is not None and set(self.states.values()) <= {True, False}

    def value(self, raw: Decimal | None, flags: int) -> Value | None:
        """Return the value of a raw number, None where it is not known."""
        if raw is None or raw in self.not_known:
            return None
        if self.states is not None:
            return self.states.get(self._cut(int(raw)))
        return self._number(raw, flags)

    def _cut(self, raw: int) -> int:
        """Return the bits of a field that are meant."""
        if self.bits is None:
            return raw
        lowest, count = self.bits
        return raw >> lowest & (1 << count) - 1

    def _number(self, raw: Decimal, flags: int) -> Decimal | None:
        """Return a number in `unit`, None where the specification does not allow it."""
        other = self.other_unit
        if other is not None and other.when.holds(flags):
            value = other.convert(raw)
        else:
            value = raw * self.resolution
        return shortest(value) if Range(self.minimum, self.maximum).has(value) else None


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers from one to another, both among them; None: no bound."""

    minimum: Decimal | None = None
    maximum: Decimal | None = None

    def has(self, value: Decimal) -> bool:
        """Tell whether a number is among them."""
        return (self.minimum is None or self.minimum <= value) and (
            self.maximum is None or value <= self.maximum
        )


@dataclass(frozen=True, slots=True)
class Field:
    """Some bytes of a characteristic, and what they measure."""

    format: Format
    quantities: tuple[Quantity, ...] = ()
    when: Flag | None = None
    """Which flag says that it is there; None: it always is."""
    are_flags: bool = False
    repeated: bool = False
    """Tells that it fills the rest of the value; the last one counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Characteristic:
    """A kind of characteristic that measures."""

    name: str
    source: str
    """Specification and section that its rows were read from."""
    fields: tuple[Field, ...]
    reserved_flags: int = 0
    """Flags of which nothing is known yet: with one of them set, more may follow."""

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Return what it measures."""
        return tuple(
            {
                quantity.key: quantity
                for part in self.fields
                for quantity in part.quantities
            }.values()
        )

    def decode(self, data: bytes) -> dict[str, Value | None]:
        """Return the values that the bytes hold, None for those that are not known.

        Raises MalformedValueError for a wrong length.
        """
        values: dict[str, Value | None] = {}
        flags, rest = 0, data
        for part in self.fields:
            if part.when is None or part.when.holds(flags):
                raw, rest = self._take(part, rest, data)
                flags = int(raw or 0) if part.are_flags else flags
                for quantity in part.quantities:
                    values[quantity.key] = quantity.value(raw, flags)
        if rest and not flags & self.reserved_flags:
            raise MalformedValueError(f"{self.name}: too long: {show(data)}")
        return values

    def _take(
        self, part: Field, rest: bytes, data: bytes
    ) -> tuple[Decimal | None, bytes]:
        """Return the raw number of a field, and the bytes after it."""
        size = part.format.size
        if len(rest) < size or (part.repeated and len(rest) % size):
            raise MalformedValueError(f"{self.name}: too short: {show(data)}")
        if part.repeated:
            return part.format.read(rest[-size:]), b""
        return part.format.read(rest[:size]), rest[size:]

    def ranges(self, data: bytes) -> dict[str, Range]:
        """Return the valid range of each quantity: the lowest value, then the highest.

        A bound that is no number is none. Empty where the bytes make no sense.
        """
        half = len(data) // 2
        try:
            lowest, highest = self.decode(data[:half]), self.decode(data[half:])
        except MalformedValueError:
            return {}
        ranges = {key: _range(lowest[key], highest.get(key)) for key in lowest}
        return {key: found for key, found in ranges.items() if found is not None}


def _range(minimum: Value | None, maximum: Value | None) -> Range | None:
    """Return a range, None where nothing would be in it."""
    low = minimum if isinstance(minimum, Decimal) else None
    high = maximum if isinstance(maximum, Decimal) else None
    return (
        None
        if low is not None and high is not None and low > high
        else Range(low, high)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A characteristic that is a UTF-8 string."""

    key: str
    source: str
    """Specification and section that this row was read from."""
    size: int = field(default=ATTRIBUTE_SIZE)
    """How many bytes are taken at most."""

    def decode(self, data: bytes) -> str | None:
        """Return the text without padding, None when it is empty.

        Raises MalformedValueError for bytes that are not printable UTF-8.
        """
        try:
            text = data.rstrip(b"\0").decode().strip()
        except UnicodeDecodeError as error:
            raise MalformedValueError(f"{self.key}: {error}") from error
        if len(data) > self.size or not text.isprintable():
            raise MalformedValueError(f"{self.key}: not a text: {show(data)}")
        return text or None


def uuid16(number: int) -> str:
    """Return the full form of a UUID that the Bluetooth SIG assigned."""
    return normalize_uuid_16(number)


def show(data: bytes) -> str:
    """Return bytes as a log line shows them: `00 ff 12`, not more than 32."""
    shown = data[:32].hex(" ") or "no bytes"
    return f"{shown} … ({len(data)} bytes)" if len(data) > 32 else shown
