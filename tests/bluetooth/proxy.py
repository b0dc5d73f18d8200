"""A Bluetooth proxy with sensors in memory, which do whatever a test wants of them.

Home Assistant's whole Bluetooth stack stands before it: its manager, its choice of a
path, its retries. Behind it there is no air and no controller, so that forty sensors, or
two hundred connections, take little time.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast, override

from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError
from bleak.uuids import normalize_uuid_16
from bleak_retry_connector.bluez import Allocations
from bluetooth_data_tools import monotonic_time_coarse
from habluetooth import BaseHaRemoteScanner, HaBluetoothConnector, get_manager

from homeassistant.components.bluetooth import async_register_scanner
from homeassistant.core import HomeAssistant

PROXY = "F0:00:00:00:00:02"
TEMPERATURE = 0x2A6E

type Deed = Callable[["Sensor", str], Awaitable[None]]


@dataclass(eq=False)
class Value:
    """A characteristic: its bytes, and what may be done with it."""

    uuid: int
    data: bytes = b""
    properties: Sequence[CharacteristicPropertyName] = ("read", "notify")
    service: int = 0x181A
    descriptors: dict[int, bytes] = field(default_factory=dict)
    refusal: Exception | None = None
    """Raised for every read, instead of giving the bytes."""


@dataclass(eq=False)
class Sensor:
    """A sensor that advertises while nobody is connected to it."""

    address: str
    name: str
    values: list[Value]
    powered: bool = True
    deed: Deed | None = None
    """Done before each request, which is named: connect, discover, describe, …

    Done as "subscribed", too, before the sensor says that it sends its values from now on.
    """
    client: MemoryClient | None = None

    async def do(self, request: str) -> None:
        """Do what the test wants before a request is answered."""
        if self.deed is not None:
            await self.deed(self, request)
        if self.client is None and request != "connect":
            raise BleakError("disconnected")

    def drop(self) -> None:
        """Lose the connection."""
        if self.client is not None:
            self.client.lose()

    def send(self, value: Value, data: bytes) -> None:
        """Have new bytes, and send them to who subscribed."""
        value.data = data
        if self.client is not None and value in self.client.listeners:
            self.client.listeners[value](bytearray(data))


class MemoryClient(BaseBleakClient):
    """A connection to a sensor in memory."""

    def __init__(self, device: Any, *, proxy: Proxy, **kwargs: Any) -> None:
        """Prepare to connect through a proxy."""
        super().__init__(device, **kwargs)
        self._proxy = proxy
        self._sensor = proxy.sensors[self.address]
        self.listeners: dict[Value, Callable[[bytearray], None]] = {}

    @property
    @override
    def name(self) -> str:
        return self._sensor.name

    @property
    @override
    def mtu_size(self) -> int:
        return 517

    @property
    @override
    def is_connected(self) -> bool:
        return self._sensor.client is self

    @override
    async def connect(self, pair: bool, **kwargs: Any) -> None:
        async with asyncio.timeout(kwargs.get("timeout", 10)):
            await self._connect()

    async def _connect(self) -> None:
        sensor, proxy = self._sensor, self._proxy
        if len(proxy.connected) >= proxy.slots:
            raise BleakError("no free connection slot")
        if not sensor.powered or sensor.client is not None:
            raise BleakError("failed to connect")
        proxy.connections[self.address] += 1
        sensor.client = self
        proxy.tell_allocations()
        try:
            await sensor.do("connect")
            await sensor.do("discover")
            self.services = _table(sensor.values)
        except BaseException:
            await self.disconnect()
            raise

    def lose(self) -> None:
        """End the connection, and say so."""
        if self._sensor.client is self:
            self._sensor.client = None
            self._proxy.tell_allocations()
            if self._disconnected_callback:
                self._disconnected_callback()

    @override
    async def disconnect(self) -> None:
        await asyncio.sleep(0)
        self.lose()

    @override
    async def pair(self, *args: Any, **kwargs: Any) -> None:
        await self._sensor.do("pair")

    @override
    async def unpair(self) -> None:
        raise NotImplementedError

    async def clear_cache(self) -> bool:
        """Forget the table."""
        await self._sensor.do("forget")
        return True

    @override
    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, **kwargs: Any
    ) -> bytearray:
        await self._sensor.do("read")
        await asyncio.sleep(0)
        value: Value = characteristic.obj
        if value.refusal is not None:
            raise value.refusal
        return bytearray(value.data)

    @override
    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, **kwargs: Any
    ) -> bytearray:
        await self._sensor.do("describe")
        return bytearray(descriptor.obj)

    @override
    async def write_gatt_char(self, *args: Any, **kwargs: Any) -> None:
        raise BleakError("not writable")

    @override
    async def write_gatt_descriptor(self, *args: Any, **kwargs: Any) -> None:
        raise BleakError("not writable")

    @override
    async def start_notify(
        self,
        characteristic: BleakGATTCharacteristic,
        callback: Callable[[bytearray], None],
        **kwargs: Any,
    ) -> None:
        await self._sensor.do("subscribe")
        self.listeners[characteristic.obj] = callback
        await self._sensor.do("subscribed")

    @override
    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        del self.listeners[characteristic.obj]


def _table(values: Iterable[Value]) -> BleakGATTServiceCollection:
    """Return the GATT table of values; one service for all that are of it."""
    table = BleakGATTServiceCollection()
    handle = 1
    services: dict[int, BleakGATTService] = {}
    for value in values:
        if value.service not in services:
            service = BleakGATTService(None, handle, normalize_uuid_16(value.service))
            table.add_service(service)
            services[value.service] = service
            handle += 1
        characteristic = BleakGATTCharacteristic(
            value,
            handle,
            normalize_uuid_16(value.uuid),
            list(value.properties),
            lambda: 514,
            services[value.service],
        )
        table.add_characteristic(characteristic)
        handle += 1
        for uuid, data in value.descriptors.items():
            table.add_descriptor(
                BleakGATTDescriptor(
                    data, handle, normalize_uuid_16(uuid), characteristic
                )
            )
            handle += 1
    return table


class Proxy(BaseHaRemoteScanner):
    """A proxy that hears sensors in memory, and can connect to a few at a time."""

    def __init__(self, slots: int = 3) -> None:
        """Start without sensors."""
        self.slots = slots
        self.sensors: dict[str, Sensor] = {}
        self.connections: Counter[str] = Counter()
        """How often each sensor was connected to."""
        self.tells = True
        """Whether it tells how many slots it has left."""
        self.most = 0
        """The most connections that there were at a time."""
        super().__init__(
            PROXY,
            "Proxy",
            HaBluetoothConnector(
                client=cast(type[BaseBleakClient], partial(MemoryClient, proxy=self)),
                source=PROXY,
                can_connect=lambda: len(self.connected) < self.slots,
            ),
            True,
        )

    @property
    def connected(self) -> list[str]:
        """Who is connected."""
        return [sensor.address for sensor in self.sensors.values() if sensor.client]

    def add(self, sensor: Sensor) -> Sensor:
        """Switch a sensor on."""
        self.sensors[sensor.address] = sensor
        self.advertise(sensor)
        return sensor

    def advertise(self, sensor: Sensor) -> None:
        """Hear a sensor, if it advertises."""
        if sensor.powered and sensor.client is None:
            services = {normalize_uuid_16(value.service) for value in sensor.values}
            self._async_on_advertisement(
                sensor.address,
                -60,
                sensor.name or None,
                sorted(services),
                {},
                {},
                None,
                {},
                monotonic_time_coarse(),
            )

    async def listen(self) -> None:
        """Hear everybody again and again."""
        while True:
            for sensor in list(self.sensors.values()):
                self.advertise(sensor)
            await asyncio.sleep(0.05)

    def tell_allocations(self) -> None:
        """Tell that there is one connection more or less."""
        self.most = max(self.most, len(self.connected))
        if allocations := self.get_allocations():
            get_manager().async_on_allocation_changed(allocations)

    @override
    def get_allocations(self) -> Allocations | None:
        if not self.tells:
            return None
        used = self.connected
        return Allocations(self.source, self.slots, self.slots - len(used), used)


@asynccontextmanager
async def running_proxy(hass: HomeAssistant, slots: int = 3) -> AsyncIterator[Proxy]:
    """Run a proxy."""
    proxy = Proxy(slots)
    unregister = async_register_scanner(hass, proxy)
    unsetup = proxy.async_setup()
    listening = asyncio.create_task(proxy.listen())
    try:
        yield proxy
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
        unsetup()
        unregister()
