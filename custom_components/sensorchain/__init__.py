"""SensorChain: readings of any entity, as a record that others can check."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError, ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.helpers.typing import ConfigType

from .anchoring.entry import LogConfigEntry, async_start_log, rules_of
from .anchoring.handover import async_watch_rules
from .anchoring.service import AnchoringService
from .anchoring.succession import async_follow
from .card import async_setup_card
from .const import CONF_KIND, DOMAIN, KIND_BLUETOOTH_SENSOR, KIND_LOG, SUBENTRY_LEDGER
from .coordinator import async_start_bluetooth_sensor
from .repairs import (
    async_forget_log,
    async_supersede,
    async_tell_unopened,
    async_watch_log,
)
from .services import async_setup_services
from .transparency.errors import StorageError
from .websocket_api import async_setup_websocket_api

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

type SensorChainConfigEntry = ConfigEntry[Any]


@dataclass(frozen=True, slots=True)
class EntryKind:
    """What one kind of config entry runs, and the platforms that show it."""

    start: Callable[[HomeAssistant, SensorChainConfigEntry], Awaitable[Any]]
    platforms: tuple[Platform, ...]


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, what the card asks, and the card where there is a frontend."""
    async_setup_services(hass)
    async_setup_websocket_api(hass)
    if "frontend" in hass.config.components:
        await async_setup_card(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: SensorChainConfigEntry) -> bool:
    """Set up a config entry of either kind."""
    kind = KINDS[entry.data[CONF_KIND]]
    entry.runtime_data = await kind.start(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, kind.platforms)
    return True


async def async_unload_entry(
    hass: HomeAssistant, entry: SensorChainConfigEntry
) -> bool:
    """Unload a config entry; what it started stops by `entry.async_on_unload`."""
    platforms = KINDS[entry.data[CONF_KIND]].platforms
    return await hass.config_entries.async_unload_platforms(entry, platforms)


async def async_remove_entry(
    hass: HomeAssistant, entry: SensorChainConfigEntry
) -> None:
    """Tell nothing more of what was removed; a log's file is kept."""
    async_forget_log(hass, entry)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: SensorChainConfigEntry, device: DeviceEntry
) -> bool:
    """Let a person remove a device that is not in use any more."""
    in_use = {(DOMAIN, each) for each in (entry.entry_id, *entry.subentries)}
    return entry.data[CONF_KIND] == KIND_LOG and not device.identifiers & in_use


async def _async_start_log(
    hass: HomeAssistant, entry: LogConfigEntry
) -> AnchoringService:
    """Start a log, and start it anew whenever its ledgers or options change."""
    # Before anything that takes time: no change of state is missed meanwhile.
    watcher = async_watch_rules(hass, entry)
    try:
        await async_follow(hass, entry)
        entry.runtime_data = await async_start_log(
            hass, entry, watcher, partial(async_supersede, hass, entry)
        )
    except StorageError as err:
        trouble = async_tell_unopened(hass, entry, err)
        not_now = ConfigEntryNotReady if trouble.passes else ConfigEntryError
        raise not_now(
            translation_domain=DOMAIN,
            translation_key="log_not_readable",
            translation_placeholders={"log": entry.title, "reason": str(err)},
        ) from err
    async_watch_log(hass, entry)
    running = _besides_rules(entry)

    async def update(hass: HomeAssistant, entry: LogConfigEntry) -> None:
        """Use changed rules at once; start the log anew when anything else has changed."""
        if _besides_rules(entry) == running:
            entry.runtime_data.async_set_rules(rules_of(entry))
        else:
            await hass.config_entries.async_reload(entry.entry_id)

    entry.async_on_unload(entry.add_update_listener(update))
    return entry.runtime_data


def _besides_rules(entry: LogConfigEntry) -> list[object]:
    """Return all that a log is made of, besides its rules."""
    ledgers = entry.get_subentries_of_type(SUBENTRY_LEDGER)
    parts = [(each.subentry_id, each.title, dict(each.data)) for each in ledgers]
    return [entry.title, dict(entry.data), dict(entry.options), parts]


KINDS = {
    KIND_BLUETOOTH_SENSOR: EntryKind(
        async_start_bluetooth_sensor, (Platform.BINARY_SENSOR, Platform.SENSOR)
    ),
    KIND_LOG: EntryKind(
        _async_start_log,
        (Platform.BINARY_SENSOR, Platform.BUTTON, Platform.EVENT, Platform.SENSOR),
    ),
}
