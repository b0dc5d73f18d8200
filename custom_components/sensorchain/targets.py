"""Targets: which of the entities that an automation names its triggers and conditions mean."""

from collections.abc import Callable
from datetime import datetime

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from .const import CONF_KIND, DOMAIN, KIND_LOG

CONFIRMATION = "confirmation"
LOG_CONFIRMATION = "log_confirmation"
"""Translation keys of the sensors that tell how far readings have come: one's, or a log's."""

ATTR_LAST_CONFIRMED = "last_confirmed"
ATTR_UNCONFIRMED_SINCE = "unconfirmed_since"


@callback
def confirmations(hass: HomeAssistant, entity_ids: set[str]) -> set[str]:
    """Return the confirmation sensors among some entities."""
    kinds = (CONFIRMATION, LOG_CONFIRMATION)
    return _ours(hass, entity_ids, lambda entity: entity.translation_key in kinds)


@callback
def ledger_connectivities(hass: HomeAssistant, entity_ids: set[str]) -> set[str]:
    """Return those among some entities that tell whether a ledger answers."""
    return _ours(
        hass,
        entity_ids,
        lambda entity: (
            entity.domain == Platform.BINARY_SENSOR
            and entity.original_device_class == BinarySensorDeviceClass.CONNECTIVITY
            and _is_of_a_log(hass, entity)
        ),
    )


def _ours(
    hass: HomeAssistant,
    entity_ids: set[str],
    is_wanted: Callable[[er.RegistryEntry], bool],
) -> set[str]:
    """Return the entities of SensorChain among some that are wanted."""
    registry = er.async_get(hass)
    return {
        entity_id
        for entity_id in entity_ids
        if (entity := registry.async_get(entity_id))
        and entity.platform == DOMAIN
        and is_wanted(entity)
    }


def _is_of_a_log(hass: HomeAssistant, entity: er.RegistryEntry) -> bool:
    """Whether an entity belongs to a log; Bluetooth sensors have connections too."""
    entry = hass.config_entries.async_get_entry(entity.config_entry_id or "")
    return entry is not None and entry.data[CONF_KIND] == KIND_LOG


def unconfirmed_since(state: State) -> datetime | None:
    """Return what a confirmation sensor says of the oldest reading not confirmed."""
    since = state.attributes.get(ATTR_UNCONFIRMED_SINCE)
    return dt_util.parse_datetime(since) if isinstance(since, str) else since
