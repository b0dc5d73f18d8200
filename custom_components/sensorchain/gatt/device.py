"""A Bluetooth sensor at the other end of a connection."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Final, Self

from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.service import BleakGATTServiceCollection
from bleak.exc import BleakGATTProtocolError, BleakGATTProtocolErrorCode
import bleak_retry_connector
from bleak_retry_connector import (
    BLEAK_RETRY_EXCEPTIONS,
    BleakClientWithServiceCache,
    BleakOutOfConnectionSlotsError,
)

from .binary_sensor_service import CONTROL_POINT, QUESTIONS, BinarySensorResponse
from .channels import Channel, channels_of
from .characteristics import MalformedValueError, uuid16
from .descriptors import DESCRIBING, Description, describe
from .table import DEVICE_INFORMATION, MEASURING

TRANSACTION_TIMEOUT: Final = 30
"""Seconds until a request has failed (Bluetooth Core, Vol 3, Part F, 3.3.3)."""

DISCONNECT_TIMEOUT: Final = 10
"""Seconds until a connection counts as ended, whatever the adapter says."""

CONNECT_ATTEMPTS: Final = 2
"""Tries of one call to connect; who calls waits before it calls again."""

DEVICE_NAME: Final = uuid16(0x2A00)
"""How a device calls itself (Bluetooth Core, Vol 3, Part C, 12.1)."""

SERVICE_CHANGED: Final = uuid16(0x2A05)
"""Indicated when the table of a device changes (Core, Vol 3, Part G, 7.1)."""

DATABASE_HASH: Final = uuid16(0x2B2A)
"""Another one for each table that a device has had (Core, Vol 3, Part G, 7.3)."""

NEEDS_PAIRING: Final = frozenset(
    {
        BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION_KEY_SIZE,
    }
)
"""What a device answers to somebody whom it is not paired with."""

Listener = Callable[[Channel, bytes], None]


class DeviceError(Exception):
    """The device could not be reached, or the connection to it was lost."""


class NoSlotError(DeviceError):
    """Every adapter and proxy that hears the device has all connections it can have."""


class ReadRefusedError(Exception):
    """The device is connected, but does not give the value of one characteristic."""


class PairingNeededError(ReadRefusedError):
    """The device gives the value only to somebody whom it is paired with."""


class PairingError(Exception):
    """The device did not agree to be paired."""


_ENDING: Final[set[asyncio.Future[None]]] = set()
"""The connections that are being ended: a task that nobody holds may vanish."""


class GattDevice:
    """An open connection to a device. Every method raises DeviceError when it is lost."""

    def __init__(self, client: BleakClientWithServiceCache) -> None:
        """Look at the table of a connected client."""
        self._client = client
        self._listeners: defaultdict[int, list[tuple[Channel, Listener]]] = defaultdict(
            list
        )
        self._latest: dict[int, bytes] = {}
        self.channels = channels_of(client.services)
        self.table_changed = False
        """Whether the device has said since that its table changes."""

    @classmethod
    async def connect(
        cls,
        find: Callable[[], BLEDevice | None],
        name: str,
        lost: Callable[[], None] | None = None,
    ) -> Self:
        """Connect; `find` gives the device by its best path, None when out of reach.

        `lost` is called once when the connection ends, whoever ended it.
        """
        device = find()
        if device is None:
            raise DeviceError("it is out of reach")
        with _connect_errors():
            # Looked up now: Home Assistant replaces this class when Bluetooth starts.
            client = await bleak_retry_connector.establish_connection(
                bleak_retry_connector.BleakClientWithServiceCache,
                device,
                name,
                disconnected_callback=lambda _client: lost() if lost else None,
                max_attempts=CONNECT_ATTEMPTS,
                ble_device_callback=lambda: find() or device,
            )
        return cls(client)

    @property
    def connected(self) -> bool:
        """Tell whether the connection is up."""
        return self._client.is_connected

    async def disconnect(self) -> None:
        """Let go of the device; an error on the way out changes nothing.

        Who is cancelled meanwhile does not leave the connection behind.
        """
        ending = asyncio.ensure_future(self._disconnect())
        _ENDING.add(ending)
        ending.add_done_callback(_ENDING.discard)
        await asyncio.shield(ending)

    async def _disconnect(self) -> None:
        """Disconnect, or give up."""
        with suppress(*BLEAK_RETRY_EXCEPTIONS):
            async with asyncio.timeout(DISCONNECT_TIMEOUT):
                await self._client.disconnect()

    async def pair(self) -> None:
        """Pair with the device, which may ask a person. Raises PairingError."""
        try:
            async with asyncio.timeout(TRANSACTION_TIMEOUT):
                await self._client.pair()
        except TimeoutError as error:
            raise PairingError("it does not answer") from error
        except (NotImplementedError, *BLEAK_RETRY_EXCEPTIONS) as error:
            raise PairingError(_reason(error)) from error

    @property
    def services(self) -> BleakGATTServiceCollection:
        """Return the whole table."""
        return self._client.services

    async def forget_table(self) -> None:
        """Have the table asked for again by the next connection, not remembered."""
        with suppress(*BLEAK_RETRY_EXCEPTIONS):
            await self._client.clear_cache()

    async def watch_table(self, changed: Callable[[], None]) -> None:
        """Have `changed` called when the device says that its table changes."""

        def note(_characteristic: BleakGATTCharacteristic, _data: bytearray) -> None:
            self.table_changed = True
            changed()

        for characteristic in self._find(SERVICE_CHANGED):
            with suppress(ReadRefusedError), self._errors():
                async with asyncio.timeout(TRANSACTION_TIMEOUT):
                    await self._client.start_notify(characteristic, note)

    async def table_hash(self) -> bytes | None:
        """Return what tells one table of the device from another, None if it has no such."""
        for characteristic in self._find(DATABASE_HASH):
            with suppress(ReadRefusedError):
                return await self.read(characteristic)
        return None

    async def name(self) -> str | None:
        """Return how the device calls itself, None if it does not or may not tell."""
        for characteristic in self._find(DEVICE_NAME):
            with suppress(ReadRefusedError, UnicodeDecodeError):
                data = await self.read(characteristic)
                return data.rstrip(b"\0").decode().strip() or None
        return None

    def _find(self, uuid: str) -> list[BleakGATTCharacteristic]:
        """Return the characteristics of a kind."""
        characteristics = self._client.services.characteristics.values()
        return [found for found in characteristics if found.uuid == uuid]

    async def read(self, characteristic: BleakGATTCharacteristic) -> bytes:
        """Return the bytes of a characteristic. Raises ReadRefusedError."""
        with self._errors():
            async with asyncio.timeout(TRANSACTION_TIMEOUT):
                return bytes(await self._client.read_gatt_char(characteristic))

    async def describe(self, known: Mapping[str, str] | None = None) -> None:
        """Learn what the device says of its channels, and which is which by that.

        `known` is what was said of them before (see `channels.descriptions_of`).
        """
        self.channels = channels_of(self.services, await self._descriptions(), known)

    async def _descriptions(self) -> dict[int, Description]:
        """Return what is said of what is measured, by handle of the characteristic."""
        return {
            characteristic.handle: describe(
                [
                    (descriptor.uuid, await self._descriptor(descriptor))
                    for descriptor in characteristic.descriptors
                    if descriptor.uuid in DESCRIBING
                ]
            )
            for characteristic in self._client.services.characteristics.values()
            if characteristic.uuid in MEASURING
        }

    async def _descriptor(self, descriptor: BleakGATTDescriptor) -> bytes:
        """Return the bytes of a descriptor, none if the device does not give them."""
        with suppress(ReadRefusedError), self._errors():
            async with asyncio.timeout(TRANSACTION_TIMEOUT):
                return bytes(await self._client.read_gatt_descriptor(descriptor))
        return b""

    async def subscribe(self, channel: Channel, listener: Listener) -> None:
        """Have `listener` called with every value sent. Raises ReadRefusedError.

        All that one characteristic measures shares one subscription. A device may send
        a value as soon as the first subscribes: the others get it as well.
        """
        handle = channel.characteristic.handle
        if not self._listeners[handle]:
            await self._start_notify(channel.characteristic)
        self._listeners[handle].append((channel, listener))
        if handle in self._latest:
            listener(channel, self._latest[handle])
        if isinstance(channel.kind, BinarySensorResponse):
            await self._ask(channel.characteristic)

    async def _start_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Have the values of a characteristic handed to its listeners."""

        def hand_on(_characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
            self._latest[characteristic.handle] = bytes(data)
            for channel, listener in self._listeners[characteristic.handle]:
                listener(channel, bytes(data))

        with self._errors():
            async with asyncio.timeout(TRANSACTION_TIMEOUT):
                await self._client.start_notify(characteristic, hand_on)

    async def _ask(self, response: BleakGATTCharacteristic) -> None:
        """Ask a binary sensor, which answers by what was subscribed to."""
        for control_point in self._find(CONTROL_POINT):
            if control_point.service_handle == response.service_handle:
                for question in QUESTIONS:
                    await self._write(control_point, question)

    async def _write(
        self, characteristic: BleakGATTCharacteristic, data: bytes
    ) -> None:
        """Write the value of a characteristic. Raises ReadRefusedError."""
        with self._errors():
            async with asyncio.timeout(TRANSACTION_TIMEOUT):
                await self._client.write_gatt_char(characteristic, data, response=True)

    async def information(self) -> dict[str, str]:
        """Return what the device says of itself, by key of DEVICE_INFORMATION."""
        return {
            DEVICE_INFORMATION[characteristic.uuid].key: text
            for characteristic in self._client.services.characteristics.values()
            if characteristic.uuid in DEVICE_INFORMATION
            and (text := await self._text(characteristic)) is not None
        }

    async def _text(self, characteristic: BleakGATTCharacteristic) -> str | None:
        """Return a text of the device, None where it has none worth showing."""
        try:
            data = await self.read(characteristic)
            return DEVICE_INFORMATION[characteristic.uuid].decode(data)
        except MalformedValueError, ReadRefusedError:
            return None

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Tell a refused request from a lost connection."""
        try:
            yield
        except TimeoutError as error:
            # No further request may be sent on a bearer that timed out.
            raise DeviceError("it does not answer") from error
        except BLEAK_RETRY_EXCEPTIONS as error:
            if not self.connected:
                raise DeviceError(_reason(error)) from error
            raise _refusal(error) from error


@contextmanager
def _connect_errors() -> Iterator[None]:
    """Turn what the Bluetooth stack raises while connecting into DeviceError."""
    try:
        yield
    except BleakOutOfConnectionSlotsError as error:
        raise NoSlotError(_reason(error)) from error
    except BLEAK_RETRY_EXCEPTIONS as error:
        raise DeviceError(_reason(error)) from error


def _refusal(error: Exception) -> ReadRefusedError:
    """Return what a refused request means."""
    if isinstance(error, BleakGATTProtocolError) and error.code in NEEDS_PAIRING:
        return PairingNeededError(_reason(error))
    return ReadRefusedError(_reason(error))


def _reason(error: Exception) -> str:
    """Return what an exception says, its name when it says nothing."""
    return str(error) or type(error).__name__
