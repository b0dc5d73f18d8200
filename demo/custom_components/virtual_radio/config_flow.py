"""Config flow of the virtual radio."""

from typing import Any, override

import probatio as vol

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult

from .const import (
    CONF_ADVERTISING_INTERVAL,
    CONF_HCI_PORT,
    CONF_SHOWROOM,
    CONF_VALUE_INTERVAL,
    DEFAULTS,
    DOMAIN,
)

SCHEMA = vol.Schema(
    {
        vol.Required(
            CONF_ADVERTISING_INTERVAL, default=DEFAULTS[CONF_ADVERTISING_INTERVAL]
        ): vol.All(vol.Coerce(float), vol.Range(min=0.02, max=10.24)),
        vol.Required(
            CONF_VALUE_INTERVAL, default=DEFAULTS[CONF_VALUE_INTERVAL]
        ): vol.All(vol.Coerce(float), vol.Range(min=0)),
        vol.Optional(CONF_HCI_PORT): vol.All(
            vol.Coerce(int), vol.Range(min=0, max=65535)
        ),
        vol.Optional(CONF_SHOWROOM): bool,
    }
)


class VirtualRadioConfigFlow(ConfigFlow, domain=DOMAIN):
    """Adds the one radio there is."""

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how lively the radio is to be."""
        if user_input is None:
            return self.async_show_form(step_id="user", data_schema=SCHEMA)
        return self.async_create_entry(title="Virtual radio", data=user_input)
