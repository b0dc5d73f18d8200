"""Connects to one Bluetooth sensor and holds its values.

A sensor is stayed connected to, or polled:

    stay   turn → connect → subscribe, read ─────────────── values are sent ──► lost → turn
    poll   turn → connect → read → disconnect ── minutes ── turn → connect → …
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from enum import StrEnum
from functools import partial
from itertools import groupby
import logging
import math
from typing import Final, override

from bleak.backends.device import BLEDevice

from homeassistant.components import bluetooth
from homeassistant.components.bluetooth import (
    BluetoothReachabilityIntent,
    BluetoothServiceInfoBleak,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_ADDRESS, EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from .const import (
    CONF_CONNECTION,
    CONF_DESCRIPTIONS,
    CONF_PAIRED,
    CONF_POLL_EVERY,
    DOMAIN,
)
from .gatt.channels import Channel, descriptions_of
from .gatt.characteristics import MalformedValueError, Value
from .gatt.device import (
    DeviceError,
    GattDevice,
    NoSlotError,
    PairingError,
    PairingNeededError,
    ReadRefusedError,
)
from .record import Record
from .slots import Turn, async_get_slots

_LOGGER = logging.getLogger(__name__)

READ_INTERVAL: Final = timedelta(seconds=60)
"""How often a connected sensor is asked for what it does not send by itself."""

POLL_EVERY: Final = timedelta(minutes=5)
"""How often a sensor is connected to that is not stayed connected to."""

SHORTEST_WAIT: Final = 0.5
LONGEST_WAIT: Final = 300
"""Seconds between two attempts to connect; each attempt doubles them."""

STABLE_AFTER: Final = 60
"""Seconds after which a connection counts as good, and the waiting starts anew."""

INTRODUCTION_TIMEOUT: Final = 180
"""Seconds in which a sensor has to be connected and to tell all that it measures."""

LISTENING: Final = 10
"""Seconds that a poll waits for a value which can not be read, but is sent."""

TURN_AT_START: Final = 30
TURN_LATER: Final = 900
"""Seconds that a sensor waits for a connection slot, until it counts as unreachable."""

RSSI: Final = "rssi"
"""What an entity listens for that shows the signal strength: no channel is called so."""


class ConnectionMode(StrEnum):
    """How a sensor is connected to."""

    AUTOMATIC = "automatic"
    """Stay connected if it sends values by itself, poll otherwise."""
    STAY = "stay"
    POLL = "poll"


type BluetoothSensorConfigEntry = ConfigEntry[BluetoothSensorCoordinator]
type ChannelsListener = Callable[[Iterable[Channel]], None]


async def async_start_bluetooth_sensor(
    hass: HomeAssistant, entry: BluetoothSensorConfigEntry
) -> BluetoothSensorCoordinator:
    """Connect to the sensor of a config entry, again and again until it unloads."""
    coordinator = BluetoothSensorCoordinator(hass, entry)
    await coordinator.async_config_entry_first_refresh()
    coordinator.async_follow()
    return coordinator


class BluetoothSensorCoordinator(DataUpdateCoordinator[dict[str, Value | None]]):
    """One sensor; `data` is a value by channel id.

    None stands for "value is not known". A channel whose bytes make no sense, that the
    device does not let us read, or that is gone, is absent until it is well again.
    """

    config_entry: BluetoothSensorConfigEntry

    def __init__(self, hass: HomeAssistant, entry: BluetoothSensorConfigEntry) -> None:
        """Prepare for the sensor of a config entry."""
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=READ_INTERVAL,
            always_update=False,
        )
        self.address: Final[str] = entry.data[CONF_ADDRESS]
        self.identity: Final = entry.unique_id or self.address
        """What its entities are known by: the first address that it had."""
        self.data = {}
        self.channels: tuple[Channel, ...] = ()
        self.record: Final = Record()
        self.device_info = dr.DeviceInfo(
            connections={(dr.CONNECTION_BLUETOOTH, self.address)},
            identifiers={(DOMAIN, self.identity)},
            name=entry.title,
        )
        self._slots: Final = async_get_slots(hass)
        self._device: GattDevice | None = None
        self._turn: Turn | None = None
        self._polled: list[Channel] = []
        self._silent: set[str] = set()
        self._all_sent = asyncio.Event()
        self._known: set[str] = set()
        self._channels_listeners: list[ChannelsListener] = []
        self._names: dict[str, str] = {}
        self._version: tuple[bytes | None, str | None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._asked_to_pair = False
        self._tells_of_channels = True
        self._connecting = False
        self._started = False
        self._heard = True
        self._wanted = True
        self._attempts = 0
        self._last_attempt = -math.inf

    @property
    def connected(self) -> bool:
        """Tell whether there is a connection at the moment."""
        return self._device is not None

    @property
    def mode(self) -> ConnectionMode:
        """How the sensor is connected to; by what it offers, unless a person chose."""
        chosen = ConnectionMode(
            self.config_entry.options.get(CONF_CONNECTION, ConnectionMode.AUTOMATIC)
        )
        if chosen is not ConnectionMode.AUTOMATIC:
            return chosen
        return proposed_mode(self.channels)

    @property
    def _interval(self) -> timedelta:
        """How often something is asked for."""
        if self.mode is ConnectionMode.STAY:
            return READ_INTERVAL
        minutes = self.config_entry.options.get(CONF_POLL_EVERY)
        return timedelta(minutes=minutes) if minutes else POLL_EVERY

    @property
    def rssi(self) -> int | None:
        """The strength of its last advertisement in dBm, None if it was not heard."""
        info = bluetooth.async_last_service_info(
            self.hass, self.address, connectable=False
        )
        return info.rssi if info else None

    @callback
    def async_follow(self) -> None:
        """Reconnect from now on whenever the sensor is heard again."""
        self._started = True
        self.config_entry.async_on_unload(
            bluetooth.async_register_advertisement_callback(
                self.hass, self._async_heard, self.address
            )
        )
        self.config_entry.async_on_unload(
            self.hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, self._async_stop)
        )

    async def async_pair(self) -> None:
        """Pair over the present connection. Raises DeviceError and PairingError."""
        assert self._device is not None
        await self._device.pair()

    @callback
    def async_follow_channels(self, listener: ChannelsListener) -> CALLBACK_TYPE:
        """Have `listener` called with all channels, and with those that come later."""
        self._channels_listeners.append(listener)
        listener(self.channels)
        return lambda: self._channels_listeners.remove(listener)

    @override
    async def async_shutdown(self) -> None:
        """Stop for good and let go of the sensor."""
        await super().async_shutdown()
        if self._task is not None:
            self._task.cancel()
        await self._async_let_go()

    async def _async_stop(self, _event: Event) -> None:
        """Let go of the sensor when Home Assistant stops."""
        await self.async_shutdown()

    @callback
    def _async_heard(self, info: BluetoothServiceInfoBleak) -> None:
        """Reconnect when the sensor advertises: then it is not connected."""
        self._heard = True
        if info.name != info.address:
            self._async_named("advertised", info.name)
        idle = self._device is None and not self._connecting
        if idle and self._wanted and self._connect_is_due:
            self._async_run(self.async_refresh)

    @callback
    def _async_run(self, job: Callable[[], Coroutine[None, None, None]]) -> None:
        """Do something that ends with the config entry, unless that is going on."""
        if self._task is None or self._task.done():
            self._task = self.config_entry.async_create_background_task(
                self.hass, job(), f"{self.name} connection"
            )

    @property
    def _connect_is_due(self) -> bool:
        """Tell whether the sensor was heard and the wait since the last try is over."""
        wait = min(SHORTEST_WAIT * 2**self._attempts, LONGEST_WAIT)
        return self._heard and self.hass.loop.time() >= self._last_attempt + wait

    @override
    async def _async_update_data(self) -> dict[str, Value | None]:
        """Connect if it is due, or read what the sensor does not send by itself."""
        self._connecting = True
        try:
            if self._device is None:
                await self._async_connect()
            else:
                await self._async_read(self._device, self._polled)
        except DeviceError as error:
            self._wanted = True
            await self._async_fail(error)
            raise self._unreachable(error) from error
        finally:
            self._connecting = False
        self._wanted = self.mode is ConnectionMode.STAY
        self.update_interval = self._interval
        self._async_update(RSSI)
        return self.data

    async def _async_fail(self, error: DeviceError) -> None:
        """Remember why the sensor can not be reached, and let go of it."""
        self.record.note(str(error))
        self.data = {}
        await self._async_let_go()

    async def _async_connect(self) -> None:
        """Connect when it is this sensor's turn; keep connected, or read and leave."""
        if not self._connect_is_due:
            raise DeviceError("it has not been heard since")
        if self._find() is None:
            raise DeviceError("it is out of reach")
        turn = await self._async_turn()
        try:
            device = await self._async_open(turn)
            if self.mode is ConnectionMode.POLL:
                await device.disconnect()
                # The next poll need not wait to hear it: a busy adapter scans little.
                self._attempts, self._heard, self._last_attempt = 0, True, -math.inf
        except BaseException as error:
            self._slots.release(turn, served=not isinstance(error, NoSlotError))
            raise
        if self.mode is ConnectionMode.POLL:
            self._slots.release(turn)
        else:
            self._device, self._turn = device, turn
            turn.give_way = partial(self._async_run, self._async_let_go)

    async def _async_turn(self) -> Turn:
        """Wait for a connection slot."""
        within = TURN_LATER if self._started else TURN_AT_START
        try:
            async with asyncio.timeout(within):
                return await self._slots.wait(self.address)
        except TimeoutError:
            ahead = self._slots.holding
            raise NoSlotError(
                f"all connection slots are in use, {len(ahead)} of them by other"
                " Bluetooth sensors of SensorChain"
            ) from None

    async def _async_open(self, turn: Turn) -> GattDevice:
        """Return a new connection over which the sensor has told all that it measures."""
        self._heard = False
        self._last_attempt = self.hass.loop.time()
        self._attempts += 1
        try:
            async with asyncio.timeout(INTRODUCTION_TIMEOUT):
                return await self._async_meet(turn)
        except TimeoutError:
            raise DeviceError("it takes too long to tell what it measures") from None

    async def _async_meet(self, turn: Turn) -> GattDevice:
        """Return a new connection, and ask all there is to ask over it."""
        device = await self._async_dial(turn)
        try:
            if await self._async_has_changed(device):
                await device.forget_table()
                await device.disconnect()
                device = await self._async_dial(turn)
            await self._async_introduce(device)
        except BaseException:
            await device.disconnect()
            raise
        return device

    async def _async_dial(self, turn: Turn) -> GattDevice:
        """Return a new connection."""
        turn.connected = False
        device = await GattDevice.connect(self._find, self.name, self._async_lost)
        turn.connected = True
        return device

    async def _async_has_changed(self, device: GattDevice) -> bool:
        """Tell whether this is another table, or another firmware, than last time.

        Adapters and proxies remember a table, and go on with one that is out of date.
        """
        self.device_info.update(_device_info(await device.information()))
        firmware = self.device_info.get("sw_version")
        entry = self._device_entry
        known = self._version or (None, (entry and entry.sw_version) or firmware)
        self._version = (await device.table_hash(), firmware)
        return any(
            before is not None and before != now
            for before, now in zip(known, self._version, strict=True)
        )

    @property
    def _device_entry(self) -> dr.DeviceEntry | None:
        """What the registry of devices knows of the sensor."""
        return dr.async_get(self.hass).async_get_device_by_connection(
            (dr.CONNECTION_BLUETOOTH, self.address), self.config_entry.entry_id
        )

    def _find(self) -> BLEDevice | None:
        """Return the sensor by the best adapter or proxy that hears it."""
        return bluetooth.async_ble_device_from_address(
            self.hass, self.address, connectable=True
        )

    async def _async_introduce(self, device: GattDevice) -> None:
        """Learn what the sensor is and measures, and all of its values."""
        if self.config_entry.data.get(CONF_PAIRED):
            await self._async_pair(device)
        await self._async_describe(device)
        self._take_table(device)
        self._expect()
        await device.watch_table(partial(self._async_run, self._async_start_anew))
        self._polled = [
            channel
            for channel in device.channels
            if not await self._async_subscribe(device, channel)
        ]
        await self._async_read(device, device.channels)
        await self._async_listen()
        self._register()
        if name := await device.name():
            self._async_named("own", name)
        if not device.connected:
            raise DeviceError("the connection was lost")
        if device.table_changed:
            await device.forget_table()
            raise DeviceError("it is changing what it measures")
        self._announce()

    def _register(self) -> None:
        """Have the device page show what is known of the sensor."""
        dr.async_get(self.hass).async_get_or_create(
            config_entry_id=self.config_entry.entry_id, **self.device_info
        )

    async def _async_describe(self, device: GattDevice) -> None:
        """Learn what the sensor says of its channels; not again if it fell silent then."""
        if not self._tells_of_channels:
            return
        try:
            await device.describe(self.config_entry.data.get(CONF_DESCRIPTIONS))
        except BaseException:
            self._tells_of_channels = not device.connected
            raise

    def _take_table(self, device: GattDevice) -> None:
        """Take over what the sensor measures now, and forget what it does not."""
        self.channels = device.channels
        ids = {channel.id for channel in device.channels}
        self.data = {key: value for key, value in self.data.items() if key in ids}
        self.record.take_table(device, ids)
        self._remember_descriptions()

    def _remember_descriptions(self) -> None:
        """Remember what is said of channels, to know them when their order changes."""
        data = self.config_entry.data
        known = data.get(CONF_DESCRIPTIONS, {}) | descriptions_of(self.channels)
        if known != data.get(CONF_DESCRIPTIONS, {}):
            self.hass.config_entries.async_update_entry(
                self.config_entry, data={**data, CONF_DESCRIPTIONS: known}
            )

    @callback
    def _announce(self) -> None:
        """Tell of channels that have not been there before."""
        new = [channel for channel in self.channels if channel.id not in self._known]
        self._known |= {channel.id for channel in new}
        for listener in self._channels_listeners:
            listener(new)

    async def _async_start_anew(self) -> None:
        """Let go of a sensor whose table changes, to ask it again."""
        if self._device is not None:
            await self._device.forget_table()
        await self._async_let_go()

    async def _async_pair(self, device: GattDevice) -> None:
        """Take up the pairing again, which some adapters need on each connection."""
        try:
            await device.pair()
        except PairingError as error:
            self.record.note(f"not paired: {error}")
            self._ask_to_pair()

    @callback
    def _ask_to_pair(self) -> None:
        """Have a person pair the sensor, once."""
        if not self._asked_to_pair:
            self._asked_to_pair = True
            self.config_entry.async_start_reauth(self.hass)

    async def _async_subscribe(self, device: GattDevice, channel: Channel) -> bool:
        """Have new values sent; return whether the sensor does that.

        A poll does not stay for them, and wants only those that can not be read.
        """
        stays = self.mode is ConnectionMode.STAY
        if not channel.pushes or (channel.readable and not stays):
            return False
        try:
            await device.subscribe(channel, self._async_received)
        except ReadRefusedError as error:
            _LOGGER.debug("%s: %s is polled: %s", self.name, channel.id, error)
            if isinstance(error, PairingNeededError):
                self._ask_to_pair()
            return False
        return True

    async def _async_read(
        self, device: GattDevice, channels: Iterable[Channel]
    ) -> None:
        """Ask for the values of channels; one question for all of a characteristic."""
        for _, channels_there in groupby(channels, lambda channel: channel.place):
            await self._async_read_one(device, tuple(channels_there))

    async def _async_read_one(
        self, device: GattDevice, channels: tuple[Channel, ...]
    ) -> None:
        """Ask for the value of one characteristic, and all that it measures."""
        if not channels[0].readable:
            for channel in channels:
                self.data.setdefault(channel.id, None)
            return
        try:
            data = await device.read(channels[0].characteristic)
        except ReadRefusedError as error:
            for channel in channels:
                self._async_fault(channel, error)
            if isinstance(error, PairingNeededError):
                self._ask_to_pair()
        else:
            for channel in channels:
                self._async_received(channel, data)

    def _expect(self) -> None:
        """Wait from now on for what can not be read: some is sent on subscribing."""
        self._silent = {
            channel.id
            for channel in self.channels
            if channel.pushes and not channel.readable
        }
        self._all_sent.clear()

    async def _async_listen(self) -> None:
        """Let a polled sensor send, for a moment, what can not be read."""
        if self.mode is ConnectionMode.POLL and self._silent:
            with suppress(TimeoutError):
                async with asyncio.timeout(LISTENING):
                    await self._all_sent.wait()

    @callback
    def _async_received(self, channel: Channel, data: bytes) -> None:
        """Take what the sensor answered or sent."""
        self.record.received[channel.id] = (dt_util.utcnow(), data)
        self._silent.discard(channel.id)
        if not self._silent:
            self._all_sent.set()
        try:
            value = channel.decode(data, self.data.get(channel.id))
        except MalformedValueError as error:
            self._async_fault(channel, error)
            return
        self.data[channel.id] = value
        if self.record.faults.pop(channel.id, None) and not self._has_fault(channel):
            _LOGGER.info("%s: %s is well again", self.name, channel.kind.name)
        self._async_update(channel.id)

    def _has_fault(self, channel: Channel) -> bool:
        """Tell whether a fault of its characteristic is known already."""
        return any(
            other.place == channel.place and other.id in self.record.faults
            for other in self.channels
        )

    @callback
    def _async_fault(self, channel: Channel, error: Exception) -> None:
        """Have no value for a channel; say so once, until it is well again."""
        self.data.pop(channel.id, None)
        if not self._has_fault(channel):
            _LOGGER.warning("%s: %s: %s", self.name, channel.place, error)
        self.record.faults[channel.id] = str(error)
        self._async_update(channel.id)

    @callback
    def _async_update(self, context: str) -> None:
        """Update the entities of one channel, and leave the poll timer running."""
        for update, listens_to in list(self._listeners.values()):
            if listens_to == context:
                update()

    @callback
    def _async_lost(self) -> None:
        """Show that the connection ended, unless we ended it."""
        self._all_sent.set()
        if self._device is None:
            return
        turn, self._device, self._turn = self._turn, None, None
        self._settle(turn)
        self.data = {}
        self.record.note("the connection was lost")
        self.async_set_update_error(
            UpdateFailed(
                translation_domain=DOMAIN,
                translation_key="sensor_lost",
                translation_placeholders={"name": self.name},
            )
        )

    async def _async_let_go(self) -> None:
        """Disconnect without calling it a loss, and let others connect."""
        device, turn = self._device, self._turn
        self._device = self._turn = None
        try:
            if device is not None:
                await device.disconnect()
        finally:
            self._settle(turn)

    @callback
    def _settle(self, turn: Turn | None) -> None:
        """Give a slot back; after a good connection the waits start anew."""
        if turn is None:
            return
        self._slots.release(turn)
        if self.hass.loop.time() >= turn.holding_since + STABLE_AFTER:
            self._attempts = 0

    @callback
    def _async_named(self, source: str, name: str) -> None:
        """Follow a change of the sensor's name; a person's name for it stays."""
        before, self._names[source] = self._names.get(source), name
        if before in {None, name} or name == self.device_info["name"]:
            return
        _LOGGER.info("%s is called %s now", self.name, name)
        if self.config_entry.title == self.device_info["name"]:
            self.hass.config_entries.async_update_entry(self.config_entry, title=name)
        self.name = self.device_info["name"] = name
        self._register()

    def _unreachable(self, error: DeviceError) -> UpdateFailed:
        """Return what a person reads when the sensor can not be reached."""
        return UpdateFailed(
            translation_domain=DOMAIN,
            translation_key="sensor_unreachable",
            translation_placeholders={
                "name": self.name,
                "reason": str(error),
                "reachability": self.reachability,
            },
        )

    @property
    def reachability(self) -> str:
        """What Home Assistant's Bluetooth says of the way to the sensor."""
        return bluetooth.async_address_reachability_diagnostics(
            self.hass, self.address, BluetoothReachabilityIntent.CONNECTION
        )


def proposed_mode(channels: Iterable[Channel]) -> ConnectionMode:
    """Return how to connect to a sensor: stay if it sends anything by itself."""
    pushes = any(channel.pushes for channel in channels)
    return ConnectionMode.STAY if pushes else ConnectionMode.POLL


def _device_info(information: Mapping[str, str]) -> dr.DeviceInfo:
    """Return what the device page shows; it has one line for firmware and software."""
    info = dr.DeviceInfo(
        manufacturer=information.get("manufacturer"),
        model=information.get("model"),
        serial_number=information.get("serial_number"),
        hw_version=information.get("hw_version"),
    )
    versions = [information.get("fw_version"), information.get("sw_version")]
    info["sw_version"] = " / ".join(dict.fromkeys(filter(None, versions))) or None
    return info
