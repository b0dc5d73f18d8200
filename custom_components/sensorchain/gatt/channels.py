"""What a device measures, and how it is known again.

The table of a device may hold several characteristics of one kind, in one service or in
several. A connection tells them apart by their handles, which may move with a new
firmware. What outlives the connection is service, kind and place among its kind:

    service 181a   handle 0x12   characteristic 2a6e   "181a-2a6e"
    service 181a   handle 0x18   characteristic 2a6e   "181a-2a6e-2"

A characteristic that measures several quantities adds the name of each:

    service 180d   handle 0x22   characteristic 2a37   "180d-2a37-heart_rate"

Where a firmware puts them in another order, those whose description is known from
before and is the only such one of its kind keep the place that they had; the others
take the first places that are left.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count, filterfalse
from typing import Final

from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.service import BleakGATTServiceCollection

from .characteristics import Characteristic, Quantity, Range, Value
from .descriptors import NO_DESCRIPTION, Description
from .table import MEASURING

ANY: Final = Range()
"""The valid range where the device does not tell of any."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A quantity that a characteristic measures, where it stands in the device's table."""

    quantity: Quantity
    id: str
    """Its service, its kind, from the second of a kind on its number, its name."""
    number: int
    """Its place among its kind: 1 for the first in a service of its kind."""
    characteristic: BleakGATTCharacteristic
    kind: Characteristic
    place: str
    """Its id without the name of the quantity: all that its characteristic shares."""
    description: Description = NO_DESCRIPTION
    label: str | None = None
    """What tells it from other quantities of its name; None where nothing has to."""
    valid: Range = ANY
    """What the device itself calls valid."""

    @property
    def readable(self) -> bool:
        """Tell whether its value can be asked for."""
        return "read" in self.characteristic.properties

    @property
    def pushes(self) -> bool:
        """Tell whether the device sends new values by itself."""
        return not {"notify", "indicate"}.isdisjoint(self.characteristic.properties)

    def decode(self, data: bytes, before: Value | None = None) -> Value | None:
        """Return the value that bytes of the characteristic hold for this quantity.

        None where it is not known, or not valid. `before` is the value until now, which
        stays where a message may leave the quantity out. Raises MalformedValueError.
        """
        values = self.kind.decode(data)
        if self.quantity.key not in values:
            return before if self.quantity.keeps else None
        value = values[self.quantity.key]
        if isinstance(value, Decimal) and not self.valid.has(value):
            return None
        return value


def channels_of(
    services: BleakGATTServiceCollection,
    descriptions: Mapping[int, Description] | None = None,
    known: Mapping[str, str] | None = None,
) -> tuple[Channel, ...]:
    """Return what a device measures, in the order of its table.

    `descriptions` are by handle of the characteristic. `known` are the descriptions
    that were there before, by place (see `descriptions_of`).
    """
    said = descriptions or {}
    kinds: defaultdict[str, list[BleakGATTCharacteristic]] = defaultdict(list)
    for _, found in sorted(services.characteristics.items()):
        if found.uuid in MEASURING:
            kinds[_kind(found)].append(found)
    numbers = {
        found.handle: number
        for kind, members in kinds.items()
        for found, number in _numbered(kind, members, said, known or {})
    }
    channels = [
        channel
        for _, found in sorted(services.characteristics.items())
        if found.uuid in MEASURING
        for channel in _channels(
            found, numbers[found.handle], said.get(found.handle, NO_DESCRIPTION)
        )
    ]
    return tuple(_labelled(channels))


def descriptions_of(channels: Iterable[Channel]) -> dict[str, str]:
    """Return what is to be known of the channels next time, by place."""
    return {
        channel.place: channel.description.label
        for channel in channels
        if channel.description.label
    }


def _kind(characteristic: BleakGATTCharacteristic) -> str:
    """Return what is the same for all of a kind."""
    return f"{_short(characteristic.service_uuid)}-{_short(characteristic.uuid)}"


def _place(kind: str, number: int) -> str:
    """Return the place of one of a kind."""
    return kind if number == 1 else f"{kind}-{number}"


def _numbered(
    kind: str,
    members: Sequence[BleakGATTCharacteristic],
    said: Mapping[int, Description],
    known: Mapping[str, str],
) -> Iterator[tuple[BleakGATTCharacteristic, int]]:
    """Yield the characteristics of a kind with their places."""
    labels = [said.get(member.handle, NO_DESCRIPTION).label for member in members]
    before = _known_places(kind, known)
    kept = {
        member.handle: before[label]
        for member, label in zip(members, labels, strict=True)
        if label in before and labels.count(label) == 1
    }
    free = filterfalse(frozenset(kept.values()).__contains__, count(1))
    for member in members:
        yield member, kept.get(member.handle) or next(free)


def _known_places(kind: str, known: Mapping[str, str]) -> dict[str | None, int]:
    """Return the places of a kind by what was said of them, where only one said so."""
    labels = [
        (known[place], number)
        for number in range(1, len(known) + 1)
        if (place := _place(kind, number)) in known
    ]
    times = Counter(label for label, _ in labels)
    return {label: number for label, number in labels if times[label] == 1}


def _channels(
    characteristic: BleakGATTCharacteristic, number: int, description: Description
) -> Iterator[Channel]:
    """Yield what one characteristic measures."""
    kind = MEASURING[characteristic.uuid]
    place = _place(_kind(characteristic), number)
    ranges = kind.ranges(description.valid_range) if description.valid_range else {}
    for quantity in kind.quantities:
        yield Channel(
            quantity,
            place if len(kind.quantities) == 1 else f"{place}-{quantity.key}",
            number,
            characteristic,
            kind,
            place,
            description,
            valid=ranges.get(quantity.key, ANY),
        )


def _labelled(channels: Sequence[Channel]) -> Iterator[Channel]:
    """Yield channels with a label wherever several have the same name."""
    totals = Counter(channel.quantity.key for channel in channels)
    seen: Counter[str] = Counter()
    used: set[tuple[str, str | None]] = set()
    for channel in channels:
        key = channel.quantity.key
        seen[key] += 1
        label = _label(channel, seen[key]) if totals[key] > 1 else None
        if (key, label) in used:
            label = f"{label} {seen[key]}"
        used.add((key, label))
        yield replace(channel, label=label)


def _label(channel: Channel, number: int) -> str | None:
    """Return the label of one of several: its description, otherwise its number."""
    return channel.description.label or (str(number) if number > 1 else None)


def _short(uuid: str) -> str:
    """Return the 16 bits that the Bluetooth SIG assigned, or all of another UUID."""
    short = uuid[4:8]
    return short if uuid == f"0000{short}-0000-1000-8000-00805f9b34fb" else uuid
