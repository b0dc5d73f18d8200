"""The steps of flows that add a Bluetooth sensor, pair it, or know it again."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, override

from bleak.backends.device import BLEDevice
from bluetooth_data_tools import human_readable_name
import probatio as vol

from homeassistant.components import bluetooth
from homeassistant.components.bluetooth import (
    BluetoothScanningMode,
    BluetoothServiceInfoBleak,
)
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import CONF_ADDRESS, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
)

from .const import (
    CONF_CONNECTION,
    CONF_KIND,
    CONF_PAIRED,
    CONF_POLL_EVERY,
    KIND_BLUETOOTH_SENSOR,
)
from .coordinator import POLL_EVERY, ConnectionMode
from .gatt.characteristics import uuid16
from .gatt.device import (
    DeviceError,
    GattDevice,
    NoSlotError,
    PairingError,
    PairingNeededError,
    ReadRefusedError,
)
from .slots import PATIENCE, async_get_slots

ADVERTISED: Final = tuple(
    map(uuid16, (0x181A, 0x1809, 0x180D, 0x181D, 0x1822, 0x1810, 0x183B))
)
"""The services by which a sensor is discovered.

Not among them: battery and device information, which nearly everything has.
"""

NAME_WITHIN: Final = 5
"""Seconds to wait for the name of a discovered sensor, which may come by itself."""

EXAMINED_WITHIN: Final = 120
"""Seconds in which a sensor has to show what it measures."""

CONF_PAIR: Final = "pair"

HOW_TO_CONNECT: Final[dict[vol.Marker, object]] = {
    vol.Required(CONF_CONNECTION, default=ConnectionMode.AUTOMATIC): SelectSelector(
        SelectSelectorConfig(
            options=list(ConnectionMode), translation_key=CONF_CONNECTION
        )
    ),
    vol.Required(
        CONF_POLL_EVERY, default=POLL_EVERY.total_seconds() / 60
    ): NumberSelector(
        NumberSelectorConfig(
            min=1,
            max=1440,
            step=1,
            mode=NumberSelectorMode.BOX,
            unit_of_measurement=UnitOfTime.MINUTES,
        )
    ),
}

PAIR_SCHEMA: Final = vol.Schema(
    {vol.Required(CONF_PAIR, default=True): BooleanSelector()}
)


class ExaminationError(Exception):
    """What is wrong with a sensor: the key of an error, and the reason in words."""

    def __init__(self, key: str, reason: object = "") -> None:
        """Keep both."""
        super().__init__(key)
        self.key = key
        self.reason = str(reason)


@dataclass(frozen=True, slots=True)
class Examination:
    """What a sensor showed when it was connected to once."""

    serial_number: str | None
    measures: bool
    refused: str | None
    """What it said where it wanted to be paired first; None where it did not."""


async def async_examine(
    hass: HomeAssistant, address: str, *, pair: bool = False
) -> Examination:
    """Connect to a sensor once, and pair with it first if that is wanted.

    Raises ExaminationError.
    """
    slots = async_get_slots(hass)
    try:
        async with asyncio.timeout(PATIENCE * 2):
            turn = await slots.wait(address)
    except TimeoutError:
        raise ExaminationError("no_slot") from None
    try:
        return await _async_examine(hass, address, pair)
    except NoSlotError as error:
        raise ExaminationError("no_slot") from error
    except DeviceError as error:
        raise ExaminationError("cannot_connect", error) from error
    except PairingError as error:
        raise ExaminationError("pairing_refused", error) from error
    except TimeoutError:
        raise ExaminationError("cannot_connect", "it does not answer") from None
    finally:
        slots.release(turn)


async def _async_examine(hass: HomeAssistant, address: str, pair: bool) -> Examination:
    """Connect and disconnect. Raises DeviceError, PairingError and TimeoutError."""

    def find() -> BLEDevice | None:
        return bluetooth.async_ble_device_from_address(hass, address, connectable=True)

    device = await GattDevice.connect(find, address)
    try:
        async with asyncio.timeout(EXAMINED_WITHIN):
            if pair:
                await device.pair()
            information = await device.information()
            return Examination(
                information.get("serial_number"),
                bool(device.channels),
                await _async_refusal(device),
            )
    finally:
        await device.disconnect()


async def _async_refusal(device: GattDevice) -> str | None:
    """Return how a sensor asks to be paired, None if it tells all it measures."""
    for channel in device.channels:
        try:
            if channel.readable:
                await device.read(channel.characteristic)
            if channel.pushes:
                await device.subscribe(channel, lambda _channel, _data: None)
        except PairingNeededError as error:
            return str(error)
        except ReadRefusedError:
            continue
    return None


class BluetoothSteps(ConfigFlow):
    """Adds a Bluetooth sensor that was discovered, or that a person picks."""

    def __init__(self) -> None:
        """Start with nothing discovered."""
        self._discovered: dict[str, BluetoothServiceInfoBleak] = {}
        self._info: BluetoothServiceInfoBleak
        self._options: Mapping[str, Any] = {}
        self._examination: Examination
        self._paired = False
        self._moved: ConfigEntry

    @override
    async def async_step_bluetooth(
        self, discovery_info: BluetoothServiceInfoBleak
    ) -> ConfigFlowResult:
        """Offer a sensor that Bluetooth discovered, by its name if it has one."""
        address = discovery_info.address
        await self.async_set_unique_id(address)
        self._abort_if_unique_id_configured()
        self._async_abort_entries_match({CONF_ADDRESS: address})
        self._info = await _async_with_name(self.hass, discovery_info)
        self.context["title_placeholders"] = {"name": _label(self._info)}
        return await self.async_step_bluetooth_confirm()

    async def async_step_bluetooth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add the discovered sensor once a person agrees."""
        error = None
        if user_input is not None:
            try:
                return await self._async_examine(user_input)
            except ExaminationError as err:
                error = err
        return self._show("bluetooth_confirm", HOW_TO_CONNECT, user_input, error)

    async def async_step_bluetooth_sensor(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add one of the sensors in reach."""
        error = None
        if user_input is not None:
            options = dict(user_input)
            self._info = self._discovered[options.pop(CONF_ADDRESS)]
            await self.async_set_unique_id(self._info.address, raise_on_progress=False)
            self._abort_if_unique_id_configured()
            try:
                return await self._async_examine(options)
            except ExaminationError as err:
                error = err
        self._discovered = self._in_reach()
        if not self._discovered:
            return self.async_abort(reason="no_devices_found")
        choices = {info.address: _label(info) for info in self._discovered.values()}
        fields: dict[vol.Marker, object] = {
            vol.Required(CONF_ADDRESS): vol.In(choices),
            **HOW_TO_CONNECT,
        }
        return self._show("bluetooth_sensor", fields, user_input, error)

    def _show(
        self,
        step_id: str,
        fields: Mapping[vol.Marker, object],
        user_input: Mapping[str, Any] | None,
        error: ExaminationError | None,
    ) -> ConfigFlowResult:
        """Show a form with what was filled in, and what was wrong with it."""
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                vol.Schema(dict(fields)), user_input
            ),
            errors={"base": error.key} if error else {},
            description_placeholders=self._texts(error),
        )

    def _texts(self, error: ExaminationError | None = None) -> dict[str, str]:
        """Return what the texts of the forms have in them."""
        info = getattr(self, "_info", None)
        return {
            "name": _label(info) if info else "",
            "reason": error.reason if error else "",
        }

    def _in_reach(self) -> dict[str, BluetoothServiceInfoBleak]:
        """Return the sensors in reach that are not added yet, by address."""
        added = self._async_current_ids(include_ignore=False) | {
            entry.data.get(CONF_ADDRESS) for entry in self._async_current_entries()
        }
        return {
            info.address: info
            for info in bluetooth.async_discovered_service_info(
                self.hass, connectable=True
            )
            if not set(ADVERTISED).isdisjoint(info.service_uuids)
            and info.address not in added
        }

    async def _async_examine(self, options: Mapping[str, Any]) -> ConfigFlowResult:
        """Connect once, and go on with what comes of it. Raises ExaminationError."""
        self._options = options
        self._examination = await async_examine(self.hass, self._info.address)
        if not self._examination.measures:
            raise ExaminationError("nothing_to_read")
        if self._examination.refused is not None:
            return await self.async_step_pair()
        return self._finish()

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Pair a sensor that does not talk to Home Assistant without it any more."""
        return await self.async_step_pair()

    async def async_step_pair(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Pair a sensor that asks for it, or go on without what it keeps back."""
        error = None
        if user_input is not None:
            try:
                return await self._async_pair(user_input[CONF_PAIR])
            except ExaminationError as err:
                error = err
        return self.async_show_form(
            step_id="pair",
            data_schema=PAIR_SCHEMA,
            errors={"base": error.key} if error else {},
            description_placeholders={**self._texts(error), "name": self._called},
        )

    @property
    def _called(self) -> str:
        """What the sensor that is to be paired is called."""
        if self.source == SOURCE_REAUTH:
            return self._get_reauth_entry().title
        return _label(self._info)

    async def _async_pair(self, pair: bool) -> ConfigFlowResult:
        """Pair, or do without. Raises ExaminationError."""
        self._paired = pair
        if self.source == SOURCE_REAUTH:
            return await self._async_pair_again(self._get_reauth_entry())
        if pair:
            await self._async_examine_paired(self._info.address)
        return self._finish()

    async def _async_pair_again(self, entry: ConfigEntry) -> ConfigFlowResult:
        """Pair a sensor that is added already. Raises ExaminationError."""
        if self._paired and _is_connected(entry):
            # Most sensors take one connection at a time, and this one is ours.
            try:
                await entry.runtime_data.async_pair()
            except (DeviceError, PairingError) as error:
                raise ExaminationError("pairing_refused", error) from error
        elif self._paired:
            await self._async_examine_paired(entry.data[CONF_ADDRESS])
        return self.async_update_reload_and_abort(
            entry, data_updates={CONF_PAIRED: self._paired}
        )

    async def _async_examine_paired(self, address: str) -> None:
        """Pair, and see that nothing is kept back. Raises ExaminationError."""
        self._examination = await async_examine(self.hass, address, pair=True)
        if self._examination.refused is not None:
            raise ExaminationError("pairing_refused", self._examination.refused)

    def _finish(self) -> ConfigFlowResult:
        """Add the sensor, or ask whether it is one that is known already."""
        if (known := self._known()) is not None:
            self._moved = known
            return self._ask_whether_moved()
        return self._create()

    def _ask_whether_moved(self) -> ConfigFlowResult:
        """Ask whether a sensor is the one that it looks like."""
        return self.async_show_menu(
            step_id="moved",
            menu_options=["take_over", "add_new"],
            description_placeholders={
                "name": self._moved.title,
                "serial_number": self._examination.serial_number or "",
                "address": self._info.address,
            },
        )

    async def async_step_moved(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask again, when a person opens the question again."""
        return self._ask_whether_moved()

    def _known(self) -> ConfigEntry | None:
        """Return the sensor that this one is, by name and serial number.

        Random addresses change; one that is in reach under its old address has not.
        """
        name, serial_number = self._info.name, self._examination.serial_number
        for entry in self._async_current_entries():
            device = _device(self.hass, entry)
            if (
                device is not None
                and serial_number is not None
                and (device.name, device.serial_number) == (name, serial_number)
                and not _in_reach(self.hass, entry)
            ):
                return entry
        return None

    async def async_step_take_over(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Give a known sensor its new address; its entities stay what they are."""
        address = self._info.address
        device = _device(self.hass, self._moved)
        if device is None:
            # Somebody removed it while the question stood.
            return self._create()
        dr.async_get(self.hass).async_update_device(
            device.id, new_connections={(dr.CONNECTION_BLUETOOTH, address)}
        )
        return self.async_update_reload_and_abort(
            self._moved,
            data_updates={CONF_ADDRESS: address, CONF_PAIRED: self._paired},
            reason="taken_over",
        )

    async def async_step_add_new(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add a sensor that only looks like one that is known."""
        return self._create()

    def _create(self) -> ConfigFlowResult:
        """Add a sensor under the name that it advertises, maybe since a moment ago."""
        info = self._info
        info = bluetooth.async_last_service_info(self.hass, info.address) or info
        return self.async_create_entry(
            title=info.name,
            data={
                CONF_KIND: KIND_BLUETOOTH_SENSOR,
                CONF_ADDRESS: info.address,
                **({CONF_PAIRED: True} if self._paired else {}),
            },
            options=self._options,
        )


class BluetoothOptionsFlow(OptionsFlowWithReload):
    """Changes how a Bluetooth sensor is connected to."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Begin with the only step."""
        return await self.async_step_connection(user_input)

    async def async_step_connection(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to stay connected or to poll, and how often."""
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        return self.async_show_form(
            step_id="connection",
            data_schema=self.add_suggested_values_to_schema(
                vol.Schema(HOW_TO_CONNECT), self.config_entry.options
            ),
        )


async def _async_with_name(
    hass: HomeAssistant, info: BluetoothServiceInfoBleak
) -> BluetoothServiceInfoBleak:
    """Return an advertisement with a name; it may be in a scan response yet to come."""
    if _has_name(info):
        return info
    try:
        return await bluetooth.async_process_advertisements(
            hass,
            _has_name,
            {"address": info.address, "connectable": False},
            BluetoothScanningMode.ACTIVE,
            NAME_WITHIN,
        )
    except TimeoutError:
        return info


def _has_name(info: BluetoothServiceInfoBleak) -> bool:
    """Tell whether an advertisement has a name; the address stands in for it."""
    return info.name.replace("-", ":").upper() != info.address


def _label(info: BluetoothServiceInfoBleak) -> str:
    """Return a name that tells two sensors of one make apart."""
    return human_readable_name(None, info.name, info.address)


def _device(hass: HomeAssistant, entry: ConfigEntry) -> dr.DeviceEntry | None:
    """Return the device of a Bluetooth sensor's entry, None for another kind."""
    if entry.data.get(CONF_KIND) != KIND_BLUETOOTH_SENSOR:
        return None
    return dr.async_get(hass).async_get_device_by_connection(
        (dr.CONNECTION_BLUETOOTH, entry.data[CONF_ADDRESS]), entry.entry_id
    )


def _is_connected(entry: ConfigEntry) -> bool:
    """Tell whether there is a connection to an added sensor at the moment."""
    return entry.state is ConfigEntryState.LOADED and entry.runtime_data.connected


def _in_reach(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Tell whether a sensor is there under the address that it is known by."""
    return _is_connected(entry) or bluetooth.async_address_present(
        hass, entry.data[CONF_ADDRESS]
    )
