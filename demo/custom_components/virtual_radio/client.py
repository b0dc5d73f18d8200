"""A bleak backend that speaks GATT over the virtual radio."""

import asyncio
from collections.abc import Awaitable
from typing import Any, Final, override

from bleak.args import SizedBuffer
from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError, BleakGATTProtocolError
from bleak.uuids import normalize_uuid_str
from bumble import core
from bumble.att import ATT_Error
from bumble.device import Connection
from bumble.gatt import (
    GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR,
    Characteristic,
)
from habluetooth import BaseHaRemoteScanner

from .radio import NoSlotError, VirtualRadio

MTU: Final = 517
DEFAULT_MTU: Final = 23

PROPERTIES: Final[dict[Characteristic.Properties, CharacteristicPropertyName]] = {
    Characteristic.Properties.BROADCAST: "broadcast",
    Characteristic.Properties.READ: "read",
    Characteristic.Properties.WRITE_WITHOUT_RESPONSE: "write-without-response",
    Characteristic.Properties.WRITE: "write",
    Characteristic.Properties.NOTIFY: "notify",
    Characteristic.Properties.INDICATE: "indicate",
    Characteristic.Properties.AUTHENTICATED_SIGNED_WRITES: "authenticated-signed-writes",
    Characteristic.Properties.EXTENDED_PROPERTIES: "extended-properties",
}
"""What bleak calls the properties of a characteristic."""


class VirtualRadioClient(BaseBleakClient):
    """A connection to one peripheral; Bumble's errors become bleak's."""

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        radio: VirtualRadio,
        scanner: BaseHaRemoteScanner,
        **kwargs: Any,
    ) -> None:
        """Prepare to connect over the radio, which pauses the scanner meanwhile."""
        super().__init__(address_or_ble_device, **kwargs)
        self._radio = radio
        self._scanner = scanner
        self._connection: Connection | None = None

    @property
    @override
    def name(self) -> str:
        """Return the address: a connection does not know more."""
        return self.address

    @property
    @override
    def mtu_size(self) -> int:
        """Return the longest packet, in bytes."""
        return self._connection.gatt_client.mtu if self._connection else DEFAULT_MTU

    @property
    @override
    def is_connected(self) -> bool:
        """Tell whether the connection is up."""
        return self._connection is not None

    @override
    async def connect(self, pair: bool, **kwargs: Any) -> None:
        """Connect and learn the table of the peripheral."""
        with self._scanner.connecting():
            try:
                connection = await self._radio.connect(
                    self.address, kwargs.get("timeout", self._timeout)
                )
            except NoSlotError as error:
                raise BleakError("no available connection slot") from error
        self._connection = connection
        connection.on(Connection.EVENT_DISCONNECTION, self._on_disconnection)
        try:
            await self._run(connection.gatt_client.request_mtu(MTU))
            if pair:
                await self.pair()
            self.services = await self._run(self._discover(connection))
        except BaseException:
            await self.disconnect()
            raise

    def _on_disconnection(self, _reason: int) -> None:
        """Tell who holds this client that the connection is over."""
        self._connection = None
        if self._disconnected_callback:
            self._disconnected_callback()

    @override
    async def disconnect(self) -> None:
        """Hang up."""
        if self._connection:
            await self._connection.disconnect()

    @override
    async def pair(self, *args: Any, **kwargs: Any) -> None:
        """Pair, without asking anybody."""
        await self._run(self._require().pair())

    @override
    async def unpair(self) -> None:
        """Forget the peripheral: nothing is kept beyond the connection."""
        await self.disconnect()

    @override
    async def read_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        *,
        use_cached: bool = False,
        **kwargs: Any,
    ) -> bytearray:
        """Read a value."""
        self._require()
        return bytearray(await self._run(characteristic.obj.read_value()))

    @override
    async def read_gatt_descriptor(
        self,
        descriptor: BleakGATTDescriptor,
        *,
        use_cached: bool = False,
        **kwargs: Any,
    ) -> bytearray:
        """Read a descriptor."""
        self._require()
        return bytearray(await self._run(descriptor.obj.read_value()))

    @override
    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        """Write a value."""
        self._require()
        await self._run(
            characteristic.obj.write_value(bytes(data), with_response=response)
        )

    @override
    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        """Write a descriptor."""
        self._require()
        await self._run(descriptor.obj.write_value(bytes(data), with_response=True))

    @override
    async def start_notify(
        self,
        characteristic: BleakGATTCharacteristic,
        callback: NotifyCallback,
        **kwargs: Any,
    ) -> None:
        """Subscribe; Bumble accepts what can not be subscribed to."""
        self._require()
        proxy = characteristic.obj
        if not proxy.get_descriptor(
            GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR
        ):
            raise BleakError(f"{characteristic} can not be subscribed to")
        await self._run(proxy.subscribe(lambda value: callback(bytearray(value))))

    @override
    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Unsubscribe."""
        self._require()
        proxy = characteristic.obj
        proxy.subscribers.clear()
        await self._run(proxy.unsubscribe())

    def _require(self) -> Connection:
        """Return the connection. Raises BleakError when there is none."""
        if self._connection is None:
            raise BleakError(f"{self.address}: not connected")
        return self._connection

    async def _run[T](self, operation: Awaitable[T]) -> T:
        """Run an operation of Bumble, raising what users of bleak expect."""
        try:
            return await operation
        except ATT_Error as error:
            raise BleakGATTProtocolError(error.error_code) from error
        except core.TimeoutError as error:
            raise TimeoutError(str(error)) from error
        except core.BaseBumbleError as error:
            raise BleakError(str(error)) from error
        except asyncio.CancelledError:
            # Bumble cancels what is pending when the connection is lost.
            task = asyncio.current_task()
            if self._connection or (task and task.cancelling()):
                raise
            raise BleakError(f"{self.address}: disconnected") from None

    async def _discover(self, connection: Connection) -> BleakGATTServiceCollection:
        """Read the whole table."""
        client = connection.gatt_client
        table = BleakGATTServiceCollection()
        for service in await client.discover_services():
            bleak_service = BleakGATTService(
                service, service.handle, _uuid(service.uuid)
            )
            table.add_service(bleak_service)
            for characteristic in await client.discover_characteristics([], service):
                bleak_characteristic = BleakGATTCharacteristic(
                    characteristic,
                    characteristic.handle,
                    _uuid(characteristic.uuid),
                    [
                        name
                        for bit, name in PROPERTIES.items()
                        if characteristic.properties & bit
                    ],
                    lambda: self.mtu_size - 3,
                    bleak_service,
                )
                table.add_characteristic(bleak_characteristic)
                for descriptor in await client.discover_descriptors(characteristic):
                    table.add_descriptor(
                        BleakGATTDescriptor(
                            descriptor,
                            descriptor.handle,
                            _uuid(descriptor.type),
                            bleak_characteristic,
                        )
                    )
        return table


def _uuid(uuid: core.UUID) -> str:
    """Return a UUID as bleak writes it."""
    return normalize_uuid_str(uuid.to_hex_str("-"))
