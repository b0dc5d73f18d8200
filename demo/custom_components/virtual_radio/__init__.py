"""A virtual Bluetooth radio for the demo and the tests: sensors without hardware."""

from typing import Any

from homeassistant.components.bluetooth import async_register_scanner
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from .const import (
    CONF_ADVERTISING_INTERVAL,
    CONF_HCI_PORT,
    CONF_SHOWROOM,
    CONF_VALUE_INTERVAL,
    DEFAULTS,
    DOMAIN,
)
from .radio import VirtualRadio
from .scanner import VirtualRadioScanner
from .services import async_setup_services

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

type VirtualRadioConfigEntry = ConfigEntry[VirtualRadio]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up the actions that command the radio."""
    async_setup_services(hass)
    return True


async def async_setup_entry(
    hass: HomeAssistant, entry: VirtualRadioConfigEntry
) -> bool:
    """Switch the radio on."""
    settings: dict[str, Any] = DEFAULTS | entry.data
    radio = entry.runtime_data = VirtualRadio(settings[CONF_ADVERTISING_INTERVAL])
    scanner = VirtualRadioScanner(radio)
    entry.async_on_unload(
        async_register_scanner(
            hass,
            scanner,
            source_domain=DOMAIN,
            source_model="Virtual controller",
            source_config_entry_id=entry.entry_id,
        )
    )
    entry.async_on_unload(scanner.async_setup())
    if (port := settings.get(CONF_HCI_PORT)) is not None:
        await radio.open_hci_port(port)
    if settings.get(CONF_SHOWROOM):
        radio.open_showroom()
    entry.async_on_unload(radio.stop)
    await radio.start(scanner.heard)
    if interval := settings[CONF_VALUE_INTERVAL]:
        entry.async_create_background_task(hass, radio.drift(interval), "drift")
    return True


async def async_unload_entry(
    hass: HomeAssistant, entry: VirtualRadioConfigEntry
) -> bool:
    """Unload; the radio switches itself off by `entry.async_on_unload`."""
    return True
