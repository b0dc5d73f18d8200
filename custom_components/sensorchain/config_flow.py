"""Config flows: what a person, or a discovery, adds to SensorChain."""

from base64 import b64encode
import logging
from typing import Any, override

from bleak.backends.device import BLEDevice
from bluetooth_data_tools import human_readable_name
import probatio as vol

from homeassistant.components.bluetooth import (
    BluetoothServiceInfoBleak,
    async_ble_device_from_address,
    async_discovered_service_info,
    async_last_service_info,
)
from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryData,
    ConfigSubentryFlow,
    OptionsFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_ADDRESS, CONF_NAME, UnitOfTime
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
)

from .anchoring.entry import async_make_log, new_origin, signing_key
from .const import (
    CONF_ARCHIVE_AFTER,
    CONF_KIND,
    CONF_NEEDS_ALL_LEDGERS,
    CONF_ORIGIN,
    CONF_SETTINGS,
    CONF_SIGNING_KEY,
    DOMAIN,
    KIND_BLUETOOTH_SENSOR,
    KIND_LOG,
    SUBENTRY_LEDGER,
    SUBENTRY_RULE,
)
from .forms import (
    CONF_COORDINATOR,
    TANGLE_SCHEMA,
    Filled,
    FormError,
    async_read_tangle,
    entities_of_rules,
    read_rule,
    rule_form,
    rule_schema,
    tangle_form,
)
from .gatt.characteristics import ENVIRONMENTAL_SENSING_SERVICE
from .gatt.device import DeviceError, GattDevice
from .transparency.errors import StorageError
from .transparency.note import SigningKey

_LOGGER = logging.getLogger(__name__)

LOG_SCHEMA = vol.Schema({vol.Required(CONF_NAME, default="Log"): TextSelector()})

OPTIONS_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_NEEDS_ALL_LEDGERS, default=False): BooleanSelector(),
        vol.Required(CONF_ARCHIVE_AFTER, default=0): NumberSelector(
            NumberSelectorConfig(
                min=0,
                max=36500,
                step=1,
                mode=NumberSelectorMode.BOX,
                unit_of_measurement=UnitOfTime.DAYS,
            )
        ),
    }
)


class SensorChainConfigFlow(ConfigFlow, domain=DOMAIN):
    """Adds a config entry of either kind."""

    VERSION = 1

    def __init__(self) -> None:
        """Start with nothing discovered, and nothing filled in."""
        self._discovered: dict[str, BluetoothServiceInfoBleak] = {}
        self._name: str
        self._key: SigningKey
        self._ledger: Filled

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what can be added to an entry."""
        if config_entry.data[CONF_KIND] != KIND_LOG:
            return {}
        return {SUBENTRY_LEDGER: LedgerFlow, SUBENTRY_RULE: RuleFlow}

    @classmethod
    @callback
    @override
    def async_supports_options_flow(cls, config_entry: ConfigEntry) -> bool:
        """Return whether an entry has options: a log has."""
        return bool(config_entry.data[CONF_KIND] == KIND_LOG)

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the flow of a log's options."""
        return LogOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what to add."""
        return self.async_show_menu(
            step_id="user", menu_options=[KIND_LOG, KIND_BLUETOOTH_SENSOR]
        )

    async def async_step_log(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Name a log; its key and its origin are made here."""
        if user_input is not None:
            self._name = user_input[CONF_NAME]
            self._key = SigningKey.generate(new_origin())
            return await self.async_step_tangle()
        return self.async_show_form(step_id=KIND_LOG, data_schema=LOG_SCHEMA)

    async def async_step_tangle(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add the log's first ledger."""
        error = FormError({})
        if user_input is not None:
            try:
                self._ledger = await async_read_tangle(
                    self.hass, self._key.verifier, user_input
                )
                return await self.async_step_rule()
            except FormError as err:
                error = err
        return self.async_show_form(
            step_id="tangle",
            data_schema=self.add_suggested_values_to_schema(TANGLE_SCHEMA, user_input),
            errors=error.errors,
            description_placeholders=error.placeholders,
        )

    async def async_step_rule(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add the log's first rule, and the log."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                return await self._create_log(read_rule(self.hass, user_input))
            except FormError as err:
                errors = err.errors
            except StorageError:
                _LOGGER.exception("The log could not be made")
                errors = {"base": "cannot_store"}
        return self.async_show_form(
            step_id="rule",
            data_schema=self.add_suggested_values_to_schema(
                rule_schema(self.hass), user_input
            ),
            errors=errors,
        )

    async def _create_log(self, rule: Filled) -> ConfigFlowResult:
        """Add a log with its first ledger and rule."""
        await async_make_log(self.hass, self._key)
        await self.async_set_unique_id(self._key.name)
        return self.async_create_entry(
            title=self._name,
            data={
                CONF_KIND: KIND_LOG,
                CONF_ORIGIN: self._key.name,
                CONF_SIGNING_KEY: b64encode(self._key.seed).decode(),
            },
            subentries=[
                _subentry(SUBENTRY_LEDGER, self._ledger),
                _subentry(SUBENTRY_RULE, rule),
            ],
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
        """Add a sensor under the name that it advertises, maybe since a moment ago."""
        info = async_last_service_info(self.hass, info.address) or info
        return self.async_create_entry(
            title=info.name,
            data={CONF_KIND: KIND_BLUETOOTH_SENSOR, CONF_ADDRESS: info.address},
        )


class LogOptionsFlow(OptionsFlow):
    """Changes the options of a log."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what makes a reading confirmed, and what is archived."""
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                OPTIONS_SCHEMA, self.config_entry.options
            ),
        )


class SensorChainSubentryFlow(ConfigSubentryFlow):
    """Adds a part of a log, or changes it."""

    @property
    def _is_new(self) -> bool:
        """Whether the part is being added."""
        return self.source == SOURCE_USER

    def _finish(self, filled: Filled) -> SubentryFlowResult:
        """Add the part, or change it."""
        if self._is_new:
            return self.async_create_entry(
                title=filled.title, data=filled.data, unique_id=filled.unique_id
            )
        return self.async_update_and_abort(
            self._get_entry(),
            self._get_reconfigure_subentry(),
            title=filled.title,
            data=filled.data,
            unique_id=filled.unique_id,
        )


class LedgerFlow(SensorChainSubentryFlow):
    """Adds a ledger to a log, or changes it."""

    @property
    def _network(self) -> str | None:
        """The network that the ledger is on, once it is on one."""
        if self._is_new:
            return None
        settings = self._get_reconfigure_subentry().data[CONF_SETTINGS]
        return str(settings[CONF_COORDINATOR])

    async def async_step_tangle(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for a Tangle."""
        entry, error = self._get_entry(), FormError({})
        if entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="entry_not_loaded")
        if user_input is not None:
            try:
                verifier_key = signing_key(entry).verifier
                return self._finish(
                    await async_read_tangle(
                        self.hass, verifier_key, user_input, self._network
                    )
                )
            except FormError as err:
                error = err
        elif not self._is_new:
            user_input = tangle_form(self._get_reconfigure_subentry().data)
        return self.async_show_form(
            step_id="tangle",
            data_schema=self.add_suggested_values_to_schema(TANGLE_SCHEMA, user_input),
            errors=error.errors,
            description_placeholders=error.placeholders,
        )

    async_step_user = async_step_tangle
    async_step_reconfigure = async_step_tangle


class RuleFlow(SensorChainSubentryFlow):
    """Adds a rule to a log, or changes it."""

    async def async_step_rule(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for a rule."""
        entry, errors = self._get_entry(), dict[str, str]()
        if entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="entry_not_loaded")
        changed = None if self._is_new else self._get_reconfigure_subentry()
        if user_input is not None:
            taken = entities_of_rules(entry, besides=changed)
            try:
                return self._finish(read_rule(self.hass, user_input, taken))
            except FormError as err:
                errors = err.errors
        elif changed:
            user_input = rule_form(changed.data)
        return self.async_show_form(
            step_id="rule",
            data_schema=self.add_suggested_values_to_schema(
                rule_schema(self.hass), user_input
            ),
            errors=errors,
        )

    async_step_user = async_step_rule
    async_step_reconfigure = async_step_rule


def _subentry(kind: str, filled: Filled) -> ConfigSubentryData:
    """Return a subentry that is added with its log."""
    return ConfigSubentryData(
        subentry_type=kind,
        title=filled.title,
        data=filled.data,
        unique_id=filled.unique_id,
    )


def _label(info: BluetoothServiceInfoBleak) -> str:
    """Return a name that tells two sensors of one make apart."""
    return human_readable_name(None, info.name, info.address)
