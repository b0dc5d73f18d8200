"""Stays connected to one Bluetooth sensor and holds its values."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
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
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .const import DOMAIN
from .gatt.characteristics import MalformedValueError
from .gatt.device import Channel, DeviceError, GattDevice, ReadRefusedError

_LOGGER = logging.getLogger(__name__)

POLL_INTERVAL: Final = timedelta(seconds=60)
"""How often a value is asked for that the device does not send by itself."""

SHORTEST_WAIT: Final = 0.5
LONGEST_WAIT: Final = 300
"""Seconds between two attempts to connect; each attempt doubles them."""

STABLE_AFTER: Final = 60
"""Seconds after which a connection counts as good, and the waiting starts anew."""

type BluetoothSensorConfigEntry = ConfigEntry[BluetoothSensorCoordinator]


async def async_start_bluetooth_sensor(
    hass: HomeAssistant, entry: BluetoothSensorConfigEntry
) -> BluetoothSensorCoordinator:
    """Connect to the sensor of a config entry and keep connected until it unloads."""
    coordinator = BluetoothSensorCoordinator(hass, entry)
    await coordinator.async_config_entry_first_refresh()
    coordinator.async_follow()
    return coordinator


class BluetoothSensorCoordinator(DataUpdateCoordinator[dict[str, Decimal | None]]):
    """One sensor; `data` is a value by channel id.

    None stands for "value is not known". A channel whose bytes make no sense, or that
    the device does not let us read, is absent until it is well again.
    """

    config_entry: BluetoothSensorConfigEntry

    def __init__(self, hass: HomeAssistant, entry: BluetoothSensorConfigEntry) -> None:
        """Prepare for the sensor of a config entry."""
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=POLL_INTERVAL,
            always_update=False,
        )
        self.address: Final[str] = entry.data[CONF_ADDRESS]
        self.data = {}
        self.channels: tuple[Channel, ...] = ()
        self.device_info = dr.DeviceInfo(
            connections={(dr.CONNECTION_BLUETOOTH, self.address)}, name=entry.title
        )
        self._device: GattDevice | None = None
        self._polled: list[Channel] = []
        self._faults: set[str] = set()
        self._reconnect: asyncio.Task[None] | None = None
        self._heard = True
        self._attempts = 0
        self._last_attempt = -math.inf

    @callback
    def async_follow(self) -> None:
        """Reconnect from now on whenever the sensor is heard again."""
        self.config_entry.async_on_unload(
            bluetooth.async_register_advertisement_callback(
                self.hass, self._async_heard, self.address
            )
        )
        self.config_entry.async_on_unload(
            self.hass.bus.async_listen(EVENT_HOMEASSISTANT_STOP, self._async_stop)
        )

    @override
    async def async_shutdown(self) -> None:
        """Stop for good and let go of the sensor."""
        await super().async_shutdown()
        await self._async_let_go()

    async def _async_stop(self, _event: Event) -> None:
        """Let go of the sensor when Home Assistant stops."""
        await self.async_shutdown()

    @callback
    def _async_heard(self, _info: BluetoothServiceInfoBleak) -> None:
        """Reconnect when the sensor advertises: then it is not connected."""
        self._heard = True
        idle = self._reconnect is None or self._reconnect.done()
        if idle and self._device is None and self._connect_is_due:
            self._reconnect = self.config_entry.async_create_background_task(
                self.hass, self.async_refresh(), f"{self.name} reconnect"
            )

    @property
    def _connect_is_due(self) -> bool:
        """Tell whether the sensor was heard and the wait since the last try is over."""
        wait = min(SHORTEST_WAIT * 2**self._attempts, LONGEST_WAIT)
        return self._heard and self.hass.loop.time() >= self._last_attempt + wait

    @override
    async def _async_update_data(self) -> dict[str, Decimal | None]:
        """Connect if it is due, and read what the sensor does not send by itself."""
        try:
            if self._device is None:
                self._device = await self._async_connect()
            else:
                await self._async_read(self._device, self._polled)
        except DeviceError as error:
            await self._async_let_go()
            raise self._unreachable(error) from error
        return self.data

    async def _async_connect(self) -> GattDevice:
        """Return a new connection with every value subscribed to and read once."""
        if not self._connect_is_due:
            raise DeviceError("it has not been heard since")
        self._heard = False
        self._last_attempt = self.hass.loop.time()
        self._attempts += 1
        device = await GattDevice.connect(self._find, self.name, self._async_lost)
        try:
            await self._async_introduce(device)
        except BaseException:
            await device.disconnect()
            raise
        return device

    def _find(self) -> BLEDevice | None:
        """Return the sensor by the best adapter or proxy that hears it."""
        return bluetooth.async_ble_device_from_address(
            self.hass, self.address, connectable=True
        )

    async def _async_introduce(self, device: GattDevice) -> None:
        """Learn what the sensor is and measures, and all of its values."""
        self.channels, self.data = device.channels, {}
        self._polled = [
            channel
            for channel in device.channels
            if not await self._async_subscribe(device, channel)
        ]
        await self._async_read(device, device.channels)
        self.device_info.update(_device_info(await device.information()))
        dr.async_get(self.hass).async_get_or_create(
            config_entry_id=self.config_entry.entry_id, **self.device_info
        )
        if not device.connected:
            raise DeviceError("the connection was lost")

    async def _async_subscribe(self, device: GattDevice, channel: Channel) -> bool:
        """Have new values sent; return whether the sensor does that."""
        if not channel.pushes:
            return False
        try:
            await device.subscribe(channel, self._async_received)
        except ReadRefusedError as error:
            _LOGGER.debug("%s: %s is polled: %s", self.name, channel.id, error)
            return False
        return True

    async def _async_read(
        self, device: GattDevice, channels: Iterable[Channel]
    ) -> None:
        """Ask for the values of channels."""
        for channel in channels:
            if not channel.readable:
                self.data.setdefault(channel.id, None)
                continue
            try:
                data = await device.read(channel.characteristic)
            except ReadRefusedError as error:
                self._async_fault(channel, error)
            else:
                self._async_received(channel, data)

    @callback
    def _async_received(self, channel: Channel, data: bytes) -> None:
        """Take what the sensor answered or sent."""
        try:
            value = channel.quantity.decode(data)
        except MalformedValueError as error:
            self._async_fault(channel, error)
            return
        self.data[channel.id] = value
        if channel.id in self._faults:
            self._faults.remove(channel.id)
            _LOGGER.info("%s: %s is well again", self.name, channel.quantity.key)
        self._async_update_channel(channel)

    @callback
    def _async_fault(self, channel: Channel, error: Exception) -> None:
        """Have no value for a channel; say so once, until it is well again."""
        self.data.pop(channel.id, None)
        if channel.id not in self._faults:
            self._faults.add(channel.id)
            _LOGGER.warning("%s: %s: %s", self.name, channel.id, error)
        self._async_update_channel(channel)

    @callback
    def _async_update_channel(self, channel: Channel) -> None:
        """Update the entity of one channel, and leave the poll timer running."""
        for update, context in list(self._listeners.values()):
            if context == channel.id:
                update()

    @callback
    def _async_lost(self) -> None:
        """Show that the connection ended, unless we ended it."""
        if self._device is None:
            return
        self._device = None
        if self.hass.loop.time() >= self._last_attempt + STABLE_AFTER:
            self._attempts = 0
        self.async_set_update_error(
            UpdateFailed(
                translation_domain=DOMAIN,
                translation_key="sensor_lost",
                translation_placeholders={"name": self.name},
            )
        )

    async def _async_let_go(self) -> None:
        """Disconnect without calling it a loss."""
        device, self._device = self._device, None
        if device is not None:
            await device.disconnect()

    def _unreachable(self, error: DeviceError) -> UpdateFailed:
        """Return what a person reads when the sensor can not be reached."""
        return UpdateFailed(
            translation_domain=DOMAIN,
            translation_key="sensor_unreachable",
            translation_placeholders={
                "name": self.name,
                "reason": str(error),
                "reachability": bluetooth.async_address_reachability_diagnostics(
                    self.hass, self.address, BluetoothReachabilityIntent.CONNECTION
                ),
            },
        )


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
