"""Diagnostics: what a person can download of an entry, to have somebody look at it."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_ADDRESS
from homeassistant.core import HomeAssistant

from .const import CONF_KIND, KIND_BLUETOOTH_SENSOR, KIND_LOG
from .coordinator import BluetoothSensorConfigEntry
from .log_diagnostics import async_tell_log
from .slots import async_get_slots

TO_REDACT: Final = {CONF_ADDRESS, "unique_id", "serial_number"}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: ConfigEntry[Any]
) -> dict[str, Any]:
    """Return what may be told of an entry of any kind."""
    tell = DIAGNOSTICS.get(entry.data[CONF_KIND])
    return await tell(hass, entry) if tell else {}


async def _async_tell_bluetooth_sensor(
    hass: HomeAssistant, entry: BluetoothSensorConfigEntry
) -> dict[str, Any]:
    """Return all that is known of a Bluetooth sensor, but not which one it is."""
    coordinator, slots = entry.runtime_data, async_get_slots(hass)
    record = coordinator.record
    told = {
        "entry": {"data": dict(entry.data), "options": dict(entry.options)},
        "device": {
            key: coordinator.device_info.get(key)
            for key in (
                "manufacturer",
                "model",
                "hw_version",
                "sw_version",
                "serial_number",
            )
        },
        "connection": {
            "mode": coordinator.mode,
            "connected": coordinator.connected,
            "seconds_between_questions": (
                coordinator.update_interval and coordinator.update_interval.seconds
            ),
            "last_update_success": coordinator.last_update_success,
            "rssi": coordinator.rssi,
            "reachability": coordinator.reachability,
            "waiting_for_a_slot": coordinator.address in slots.waiting,
            "sensors_that_wait": len(slots.waiting),
            "sensors_with_a_slot": len(slots.holding),
        },
        "table": record.table,
        "channels": {
            channel.id: {
                "name": channel.quantity.key,
                "handle": channel.characteristic.handle,
                "value": str(coordinator.data.get(channel.id, "unavailable")),
                "fault": record.faults.get(channel.id),
                "description": channel.description.as_dict(),
                **record.last(channel.id),
            }
            for channel in coordinator.channels
        },
        "errors": [
            {"time": time.isoformat(), "error": error} for time, error in record.errors
        ],
    }
    secrets = _names_of(coordinator.address)
    redacted = async_redact_data(told, TO_REDACT)
    return {key: _without(value, secrets) for key, value in redacted.items()}


def _names_of(address: str) -> tuple[str, ...]:
    """Return an address as it may stand in a text."""
    return tuple(
        form(address.replace(":", separator))
        for separator in (":", "-", "_", "")
        for form in (str.upper, str.lower)
    )


def _without(told: Any, secrets: tuple[str, ...]) -> Any:
    """Return data with secrets taken out of every text in it."""
    if isinstance(told, dict):
        return {key: _without(value, secrets) for key, value in told.items()}
    if isinstance(told, list):
        return [_without(value, secrets) for value in told]
    if isinstance(told, str):
        for secret in secrets:
            told = told.replace(secret, REDACTED)
    return told


DIAGNOSTICS: Final[
    dict[str, Callable[[HomeAssistant, ConfigEntry[Any]], Awaitable[dict[str, Any]]]]
] = {
    KIND_BLUETOOTH_SENSOR: _async_tell_bluetooth_sensor,
    KIND_LOG: async_tell_log,
}
"""What tells of an entry, by its kind."""
