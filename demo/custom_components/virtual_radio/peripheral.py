"""Peripherals of the virtual radio: a battery, an antenna and a GATT table."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
import struct
from typing import Any, Final, override

from bumble import att
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue, Descriptor, Service
from bumble.hci import Address, HCI_Command_Complete_Event, HCI_Command_Status_Event
from bumble.host import Host
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.transport.common import AsyncPipeSink

from .air import Air, AirController
from .room import Drift

READ: Final = Characteristic.Properties.READ
NOTIFY: Final = Characteristic.Properties.NOTIFY
INDICATE: Final = Characteristic.Properties.INDICATE
WRITE: Final = Characteristic.Properties.WRITE

ENVIRONMENTAL_SENSING: Final = 0x181A
BATTERY: Final = 0x180F
DEVICE_INFORMATION: Final = 0x180A


@dataclass(slots=True, eq=False)
class Slot:
    """One characteristic: its present bytes, and whether it gives them."""

    uuid: int
    value: bytes
    properties: Characteristic.Properties = READ | NOTIFY
    error: att.ErrorCode | None = None
    """Given for every read, instead of the value."""
    descriptors: Sequence[tuple[int, bytes]] = ()
    """What is said of it: UUID and bytes of each descriptor."""
    encrypted: bool = False
    """Whether only somebody who is paired may read it."""
    written: Callable[[bytes], None] | None = None
    """Called with what somebody writes; without it, writing is refused."""
    characteristic: Characteristic[bytes] = field(init=False)

    def __post_init__(self) -> None:
        """Make the entry of the GATT table."""
        self.characteristic = Characteristic(
            UUID.from_16_bits(self.uuid),
            self.properties,
            Characteristic.READABLE
            | Characteristic.WRITEABLE
            | (Characteristic.READ_REQUIRES_ENCRYPTION if self.encrypted else 0),
            CharacteristicValue(read=self._read, write=self._write),
            [
                Descriptor(UUID.from_16_bits(uuid), Descriptor.READABLE, data)
                for uuid, data in self.descriptors
            ],
        )

    def _read(self, _connection: Connection) -> bytes:
        """Give the value, or the error."""
        if self.error is not None:
            raise att.ATT_Error(self.error)
        return self.value

    def _write(self, _connection: Connection, value: bytes) -> None:
        """Take a value, or refuse: Bumble does not ask whether it may be written."""
        if self.written is None:
            raise att.ATT_Error(att.ErrorCode.WRITE_NOT_PERMITTED)
        self.written(value)


class RefusingDelegate(PairingDelegate):
    """Agrees to no pairing."""

    @override
    async def accept(self) -> bool:
        """Refuse."""
        return False


class Peripheral:
    """A device that advertises while it is on and nobody is connected to it."""

    def __init__(
        self,
        air: Air,
        address: str,
        name: str,
        services: Mapping[int, Sequence[Slot]],
        interval: float = 1.0,
    ) -> None:
        """Join the air, switched off; `interval` is in seconds.

        `address` has to be a random static one: its first octet is C0 to FF.
        """
        self.air = air
        self.name = name
        self.address = Address(address)
        self.interval = interval
        self.powered = False
        self.controller, self.device = make_device(air, name, address)
        self.device.add_services(
            [
                Service(
                    UUID.from_16_bits(uuid), [slot.characteristic for slot in slots]
                )
                for uuid, slots in services.items()
            ]
        )
        self._advertised = [
            uuid for uuid in services if uuid not in {BATTERY, DEVICE_INFORMATION}
        ]
        self._lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def power_on(self) -> None:
        """Put the battery in."""
        if not self.device.powered_on:
            await self.device.power_on()
            self.device.on(Device.EVENT_CONNECTION, self._on_connection)
        self.powered = True
        await self._advertise()

    async def power_off(self) -> None:
        """Pull the battery: silence, without a word to whoever is connected."""
        self.powered = False
        async with self._lock:
            await self.device.stop_advertising()
        self.air.drop(self.address)

    async def remove(self) -> None:
        """Leave the air for good."""
        await self.power_off()
        self.air.leave(self.controller)
        await asyncio.gather(*self._tasks)

    def refuse_pairing(self) -> None:
        """Pair with nobody from now on."""
        config = PairingConfig(delegate=RefusingDelegate())
        self.device.pairing_config_factory = lambda _connection: config

    async def set_bytes(self, slot: Slot, value: bytes) -> None:
        """Have new bytes in a characteristic, and send them to who subscribed."""
        slot.value = value
        if slot.properties & NOTIFY:
            await self.device.notify_subscribers(slot.characteristic, value)
        if slot.properties & INDICATE:
            await self.device.indicate_subscribers(slot.characteristic, value)

    def _on_connection(self, connection: Connection) -> None:
        """Advertise again afterwards; what Bumble has for it can not be stopped."""
        connection.on(Connection.EVENT_DISCONNECTION, self._on_disconnection)

    def _on_disconnection(self, _reason: int) -> None:
        """Advertise again when the connection is over."""
        task = asyncio.create_task(self._advertise())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _advertise(self) -> None:
        """Advertise, unless it is off by now."""
        async with self._lock:
            if self.powered:
                await self.device.start_advertising(
                    advertising_data=self._advertising_data(),
                    advertising_interval_min=self.interval * 1000,
                    advertising_interval_max=self.interval * 1000,
                )

    def _advertising_data(self) -> bytes:
        """Return flags, the services that it is there for and the name."""
        return bytes(
            AdvertisingData(
                [
                    (AdvertisingData.FLAGS, bytes([0x06])),
                    (
                        AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
                        struct.pack(f"<{len(self._advertised)}H", *self._advertised),
                    ),
                    (AdvertisingData.COMPLETE_LOCAL_NAME, self.name.encode()),
                ]
            )
        )


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a quantity stands in a characteristic."""

    service: int
    uuid: int
    layout: str
    steps: int
    """Steps in one unit."""
    minimum: float
    maximum: float

    def encode(self, value: float) -> bytes:
        """Return the bytes of a value, or of the nearest that can be measured."""
        measured = min(max(value, self.minimum), self.maximum)
        return struct.pack(self.layout, round(measured * self.steps))


ENCODINGS: Final = {
    "battery": Encoding(BATTERY, 0x2A19, "<B", 1, 0, 100),
    "temperature": Encoding(ENVIRONMENTAL_SENSING, 0x2A6E, "<h", 100, -273.15, 327.67),
    "humidity": Encoding(ENVIRONMENTAL_SENSING, 0x2A6F, "<H", 100, 0, 100),
    "pressure": Encoding(ENVIRONMENTAL_SENSING, 0x2A6D, "<I", 1000, 0, 2000),
}
"""°C, % and hPa, by name of the quantity."""


class EnvironmentalSensor(Peripheral):
    """A peripheral that measures a room and says who made it."""

    def __init__(
        self,
        air: Air,
        address: str,
        name: str,
        room: Mapping[str, Drift],
        interval: float = 1.0,
    ) -> None:
        """Join the air, switched off, with the present values of the room."""
        self.room = room
        self.slots = {
            key: Slot(encoding.uuid, encoding.encode(room[key].value))
            for key, encoding in ENCODINGS.items()
        }
        self.information = {
            uuid: Slot(uuid, text.encode(), READ)
            for uuid, text in (
                (0x2A29, "SensorChain"),
                (0x2A24, "Virtual ENV-1"),
                (0x2A25, address.replace(":", "")),
                (0x2A27, "A"),
                (0x2A26, "1.2.3"),
                (0x2A28, "4.5"),
            )
        }
        super().__init__(air, address, name, self._services(), interval)

    def _services(self) -> dict[int, list[Slot]]:
        """Return the GATT table: battery, environment, device information."""
        services: dict[int, list[Slot]] = {BATTERY: [], ENVIRONMENTAL_SENSING: []}
        for key, slot in self.slots.items():
            services[ENCODINGS[key].service].append(slot)
        return services | {DEVICE_INFORMATION: list(self.information.values())}

    async def set_value(self, key: str, value: float) -> None:
        """Have the room jump to a value, from which it drifts on."""
        self.room[key].value = value
        await self.set_bytes(self.slots[key], ENCODINGS[key].encode(value))

    async def drift(self, seconds: float) -> None:
        """Let time pass in the room."""
        if self.powered:
            for key, drift in self.room.items():
                value = ENCODINGS[key].encode(drift.step(seconds))
                await self.set_bytes(self.slots[key], value)


class PatientHost(Host):
    """A host that lets go of an answer to a command nobody waits for any more.

    Bumble fails when an answer arrives just after its command was cancelled.
    """

    @override
    def on_command_processed(
        self, event: HCI_Command_Complete_Event[Any] | HCI_Command_Status_Event
    ) -> None:
        """Take what the controller answers."""
        if self.pending_response is None or not self.pending_response.done():
            super().on_command_processed(event)


def make_device(air: Air, name: str, address: str) -> tuple[AirController, Device]:
    """Return a controller in the air and the host that runs it."""
    controller = AirController(name, air)
    config = DeviceConfiguration(name=name, address=Address(address))
    host = PatientHost(controller, AsyncPipeSink(controller))
    return controller, Device(config=config, host=host)
