"""Config flows: what a person, or a discovery, adds to SensorChain."""

from typing import Any, override

from bleak.backends.device import BLEDevice
from bluetooth_data_tools import human_readable_name
import probatio as vol

from homeassistant.components.bluetooth import (
    BluetoothServiceInfoBleak,
    async_ble_device_from_address,
    async_discovered_service_info,
)
from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_ADDRESS

from .const import CONF_KIND, DOMAIN, KIND_BLUETOOTH_SENSOR
from .gatt.characteristics import ENVIRONMENTAL_SENSING_SERVICE
from .gatt.device import DeviceError, GattDevice


class SensorChainConfigFlow(ConfigFlow, domain=DOMAIN):
    """Adds a config entry of either kind."""

    VERSION = 1

    def __init__(self) -> None:
        """Start with nothing discovered."""
        self._discovered: dict[str, BluetoothServiceInfoBleak] = {}

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what to add."""
        return self.async_show_menu(
            step_id="user", menu_options=[KIND_BLUETOOTH_SENSOR]
        )

    @override
    async def async_step_bluetooth(
        self, discovery_info: BluetoothServiceInfoBleak
    ) -> ConfigFlowResult:
        """Offer a sensor that Bluetooth discovered."""
        await self.async_set_unique_id(discovery_info.address)
        self._abort_if_unique_id_configured()
        self._discovered = {discovery_info.address: discovery_info}
        self.context["title_placeholders"] = {"name": _label(discovery_info)}
        return await self.async_step_bluetooth_confirm()

    async def async_step_bluetooth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add the discovered sensor once a person agrees."""
        ((address, info),) = self._discovered.items()
        errors: dict[str, str] = {}
        if user_input is not None:
            if not (errors := await self._async_try(address)):
                return self._create_bluetooth_sensor(info)
        self._set_confirm_only()
        return self.async_show_form(
            step_id="bluetooth_confirm",
            description_placeholders={"name": _label(info)},
            errors=errors,
        )

    async def async_step_bluetooth_sensor(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add one of the sensors in reach."""
        errors: dict[str, str] = {}
        if user_input is not None:
            info = self._discovered[user_input[CONF_ADDRESS]]
            await self.async_set_unique_id(info.address, raise_on_progress=False)
            self._abort_if_unique_id_configured()
            if not (errors := await self._async_try(info.address)):
                return self._create_bluetooth_sensor(info)
        self._discovered = self._in_reach()
        if not self._discovered:
            return self.async_abort(reason="no_devices_found")
        choices = {info.address: _label(info) for info in self._discovered.values()}
        return self.async_show_form(
            step_id="bluetooth_sensor",
            data_schema=vol.Schema({vol.Required(CONF_ADDRESS): vol.In(choices)}),
            errors=errors,
        )

    def _in_reach(self) -> dict[str, BluetoothServiceInfoBleak]:
        """Return the sensors in reach that are not added yet, by address."""
        added = self._async_current_ids(include_ignore=False)
        return {
            info.address: info
            for info in async_discovered_service_info(self.hass, connectable=True)
            if ENVIRONMENTAL_SENSING_SERVICE in info.service_uuids
            and info.address not in added
        }

    async def _async_try(self, address: str) -> dict[str, str]:
        """Connect once; return what is wrong, as a form shows it."""

        def find() -> BLEDevice | None:
            return async_ble_device_from_address(self.hass, address, connectable=True)

        try:
            device = await GattDevice.connect(find, address)
        except DeviceError:
            return {"base": "cannot_connect"}
        await device.disconnect()
        return {} if device.channels else {"base": "nothing_to_read"}

    def _create_bluetooth_sensor(
        self, info: BluetoothServiceInfoBleak
    ) -> ConfigFlowResult:
        """Add a sensor under the name that it advertises."""
        return self.async_create_entry(
            title=info.name,
            data={CONF_KIND: KIND_BLUETOOTH_SENSOR, CONF_ADDRESS: info.address},
        )


def _label(info: BluetoothServiceInfoBleak) -> str:
    """Return a name that tells two sensors of one make apart."""
    return human_readable_name(None, info.name, info.address)
