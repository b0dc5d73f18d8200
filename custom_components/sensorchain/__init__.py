"""SensorChain: readings of any entity, as a record that others can check."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant

from .const import CONF_KIND, KIND_BLUETOOTH_SENSOR
from .coordinator import async_start_bluetooth_sensor

type SensorChainConfigEntry = ConfigEntry[Any]


@dataclass(frozen=True, slots=True)
class EntryKind:
    """What one kind of config entry runs, and the platforms that show it."""

    start: Callable[[HomeAssistant, SensorChainConfigEntry], Awaitable[Any]]
    platforms: tuple[Platform, ...]


KINDS = {
    KIND_BLUETOOTH_SENSOR: EntryKind(async_start_bluetooth_sensor, (Platform.SENSOR,)),
}


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
