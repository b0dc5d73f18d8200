"""One peripheral for each of the Bluetooth SIG's services that measure, made of data.

The bytes are written by hand after the GATT Specification Supplement, and share nothing
with what SensorChain reads them with.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from bumble.gatt import Characteristic

from .air import Air
from .peripheral import INDICATE, NOTIFY, READ, WRITE, Peripheral, Slot

BINARY_SENSOR: Final = 0x183B
ANSWERS: Final = {2: "81000300010001000000", 0: "810001000200010000000a0200000100"}
"""What a binary sensor answers, by the number of the message that asks."""

SENT, READABLE, BOTH = INDICATE, READ, READ | NOTIFY


type Row = tuple[int, Characteristic.Properties, str]
"""UUID, properties and bytes of a characteristic."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A device: its name, and each characteristic with its properties and bytes."""

    name: str
    service: int
    characteristics: tuple[Row, ...]
    more: Mapping[int, tuple[Row, ...]] = field(default_factory=dict)
    """Its other services."""


EXHIBITS: Final = (
    Exhibit(
        "Weather station",
        0x181A,
        tuple(
            (uuid, READABLE, data)
            for uuid, data in (
                (0x2A6C, "0f1e06"),
                (0x2A6D, "02760f00"),
                (0x2A6E, "6608"),
                (0x2A6F, "d711"),
                (0x2A70, "e803"),
                (0x2A71, "9f8c"),
                (0x2A72, "0100"),
                (0x2A73, "2823"),
                (0x2A74, "0d"),
                (0x2A75, "400d03"),
                (0x2A76, "0b"),
                (0x2A77, "1027"),
                (0x2A78, "0c00"),
                (0x2A79, "e7"),
                (0x2A7A, "29"),
                (0x2A7B, "fe"),
                (0x2A2C, "7201"),
                (0x2AA0, "0100ff7f"),
                (0x2AA1, "01000000ff7f"),
                (0x2AA3, "05"),
            )
        ),
    ),
    Exhibit(
        "Air monitor",
        0x181A,
        (
            (0x2A6E, BOTH, "9808"),
            (0x2A6F, BOTH, "a00f"),
            (0x2B8C, BOTH, "2003"),
            (0x2BCF, READABLE, "0190"),
            (0x2BD0, READABLE, "7e90"),
            (0x2BD1, READABLE, "9e07"),
            (0x2BD2, READABLE, "0180"),
            (0x2BD3, READABLE, "0280"),
            (0x2BD4, READABLE, "0380"),
            (0x2BD8, READABLE, "0780"),
            (0x2BD9, READABLE, "0880"),
            (0x2BE7, READABLE, "fdff"),
            (0x2BD5, BOTH, "0480"),
            (0x2BD6, BOTH, "0580"),
            (0x2BD7, BOTH, "0680"),
            (0x2BE4, BOTH, "2a"),
            (0x2AFB, BOTH, "102700"),
        ),
        # Two batteries, and how the first one is doing.
        {
            0x180F: (
                (0x2A19, BOTH, "57"),
                (0x2A19, BOTH, "0c"),
                (0x2BED, BOTH, "00a300"),
            )
        },
    ),
    Exhibit("Thermometer", 0x1809, ((0x2A1C, SENT, "046c0100ff06"),)),
    Exhibit(
        "Heart rate belt",
        0x180D,
        ((0x2A37, NOTIFY, "0e48e803"), (0x2A38, READABLE, "01")),
    ),
    Exhibit("Scale", 0x181D, ((0x2A9D, SENT, "00983a"),)),
    Exhibit("Oximeter", 0x1822, ((0x2A5F, NOTIFY, "0062004800"),)),
    Exhibit("Blood pressure", 0x1810, ((0x2A35, SENT, "04780050005d004800"),)),
    Exhibit("Door", BINARY_SENSOR, ((0x2B2B, WRITE, ""), (0x2B2C, SENT, ""))),
)
"""All that there is to see."""

INFORMATION: Final = {
    0x2A29: "SensorChain",
    0x2A24: "Showroom",
    0x2A26: "1.0",
}
"""What every exhibit says of itself."""


class ShowPiece(Peripheral):
    """An exhibit that is switched on."""

    def __init__(
        self, air: Air, address: str, exhibit: Exhibit, interval: float
    ) -> None:
        """Join the air, switched off."""
        self.slots = {
            service: [
                Slot(uuid, bytes.fromhex(data), properties)
                for uuid, properties, data in characteristics
            ]
            for service, characteristics in (
                (exhibit.service, exhibit.characteristics),
                *exhibit.more.items(),
            )
        }
        information = [
            Slot(uuid, text.encode(), READ) for uuid, text in INFORMATION.items()
        ]
        services = {**self.slots, 0x180A: information}
        super().__init__(air, address, exhibit.name, services, interval)
        if exhibit.service == BINARY_SENSOR:
            self._control_point, self._response = self.slots[BINARY_SENSOR]
            self._control_point.written = self._answer
        self._answers: set[asyncio.Task[None]] = set()

    async def send(self) -> None:
        """Send all values that are sent, as they are."""
        for slots in self.slots.values():
            for slot in slots:
                if slot.value and slot.properties & (NOTIFY | INDICATE):
                    await self.set_bytes(slot, slot.value)

    def _answer(self, question: bytes) -> None:
        """Answer a question to a binary sensor, by an indication."""
        if len(question) > 2 and question[2] in ANSWERS:
            data = bytes.fromhex(ANSWERS[question[2]])
            task = asyncio.create_task(self.set_bytes(self._response, data))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)


def showroom(air: Air, interval: float) -> Iterator[ShowPiece]:
    """Yield each exhibit as a peripheral, switched off; `interval` is in seconds."""
    for number, exhibit in enumerate(EXHIBITS, 1):
        yield ShowPiece(air, f"C5:00:00:00:00:{number:02X}", exhibit, interval)
