"""System health: how the logs are doing, at a glance."""

from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .anchoring.entry import running_logs
from .const import CONF_KIND, DOMAIN, KIND_LOG


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Have SensorChain told of on the system's page."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return how the logs are doing, all of them together."""
    entries = hass.config_entries.async_entries(DOMAIN)
    logs = [entry for entry in entries if entry.data[CONF_KIND] == KIND_LOG]
    running = running_logs(hass)
    ledgers = [each for log in running for each in log.anchorers.values()]
    answering = [each for each in ledgers if each.is_connected]
    return {
        "logs_running": f"{len(running)}/{len(logs)}",
        "ledgers_answering": f"{len(answering)}/{len(ledgers)}",
        "readings": sum(log.size for log in running),
        "readings_confirmed": sum(log.confirmed_size for log in running),
        "readings_not_stored": sum(log.unstored for log in running),
    }
