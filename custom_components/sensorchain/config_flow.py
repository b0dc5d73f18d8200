"""Config flows: what a person, or a discovery, adds to SensorChain."""

from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Mapping
from functools import partialmethod
import logging
from typing import Any, override

import probatio as vol

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
from homeassistant.const import CONF_NAME, UnitOfTime
from homeassistant.core import callback
from homeassistant.data_entry_flow import FlowHandler, FlowResult
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
)

from .anchoring.entry import async_make_log, new_origin, signing_key
from .bluetooth_flow import BluetoothOptionsFlow, BluetoothSteps
from .const import (
    CONF_ARCHIVE_AFTER,
    CONF_KIND,
    CONF_LEDGER,
    CONF_NEEDS_ALL_LEDGERS,
    CONF_ORIGIN,
    CONF_SIGNING_KEY,
    DOMAIN,
    KIND_BLUETOOTH_SENSOR,
    KIND_LOG,
    SUBENTRY_LEDGER,
    SUBENTRY_RULE,
)
from .forms import Filled, FormError, without_secrets
from .forms.ledger import Draft, LedgerForm
from .forms.ledgers import LEDGER_FORMS
from .forms.rule import entities_of_rules, read_rule, rule_form, rule_schema
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


class LedgerSteps[ResultT: FlowResult[Any, Any]](FlowHandler[Any, ResultT, Any], ABC):
    """Asks for a ledger, page by page: the same in every flow that does."""

    _draft: Draft

    @abstractmethod
    async def _async_add_ledger(self, ledger: Filled) -> ResultT:
        """Go on with the ledger that was filled in."""

    async def async_step_ledger(
        self, user_input: dict[str, Any] | None = None
    ) -> ResultT:
        """Ask which kind of ledger it is."""
        return self.async_show_menu(step_id="ledger", menu_options=list(LEDGER_FORMS))

    async def _async_step_page(
        self, form: LedgerForm, number: int, user_input: dict[str, Any] | None = None
    ) -> ResultT:
        """Ask what stands on a page; go on with the next one, if there is any."""
        page, error = form.pages[number], FormError({})
        shown = page.shown(self._draft)
        if user_input is not None:
            shown = user_input
            try:
                ledger = await page.read(self._draft, user_input)
            except FormError as err:
                error = err
            else:
                if ledger:
                    return await self._async_add_ledger(ledger)
                following = form.after(number, self._draft)
                return await self._async_step_page(form, following)
        schema = page.schema(self._draft)
        return self.async_show_form(
            step_id=page.step_id,
            data_schema=self.add_suggested_values_to_schema(
                schema, without_secrets(schema, shown)
            ),
            errors=error.errors,
            description_placeholders={
                **await page.texts(self._draft),
                **error.placeholders,
            },
        )


# Home Assistant finds a step by the name of its method.
for _form in LEDGER_FORMS.values():
    for _number, _page in enumerate(_form.pages):
        _step = partialmethod(LedgerSteps._async_step_page, _form, _number)  # noqa: SLF001
        setattr(LedgerSteps, f"async_step_{_page.step_id}", _step)


class SensorChainConfigFlow(
    LedgerSteps[ConfigFlowResult], BluetoothSteps, ConfigFlow, domain=DOMAIN
):
    """Adds a config entry of either kind."""

    VERSION = 1

    def __init__(self) -> None:
        """Start with nothing filled in."""
        super().__init__()
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

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the flow of the options of an entry of its kind."""
        return OPTIONS_FLOWS[config_entry.data[CONF_KIND]]()

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
            self._draft = Draft(self.hass, self._key.verifier)
            return await self.async_step_ledger()
        return self.async_show_form(step_id=KIND_LOG, data_schema=LOG_SCHEMA)

    @override
    async def _async_add_ledger(self, ledger: Filled) -> ConfigFlowResult:
        """Take the log's first ledger."""
        self._ledger = ledger
        return await self.async_step_rule()

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


OPTIONS_FLOWS: dict[str, type[OptionsFlow]] = {
    KIND_BLUETOOTH_SENSOR: BluetoothOptionsFlow,
    KIND_LOG: LogOptionsFlow,
}


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


class LedgerFlow(LedgerSteps[SubentryFlowResult], SensorChainSubentryFlow):
    """Adds a ledger to a log, or changes it."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add a ledger."""
        return await self._async_begin(None) or await self.async_step_ledger()

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change a ledger."""
        data = self._get_reconfigure_subentry().data
        form = LEDGER_FORMS[data[CONF_LEDGER]]
        return await self._async_begin(data) or await self._async_step_page(form, 0)

    async def _async_begin(
        self, before: Mapping[str, Any] | None
    ) -> SubentryFlowResult | None:
        """Begin a draft; abort where the log is not running."""
        entry = self._get_entry()
        if entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="entry_not_loaded")
        self._draft = Draft(self.hass, signing_key(entry).verifier, before)
        return None

    @override
    async def _async_add_ledger(self, ledger: Filled) -> SubentryFlowResult:
        """Add the ledger, or change it."""
        return self._finish(ledger)


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
