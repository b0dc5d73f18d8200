"""Actions: record and anchor by request."""

from typing import Any

import probatio as vol

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv

from .anchoring.service import AnchoringService, Confirmation
from .const import CONF_KIND, DOMAIN, KIND_LOG

SERVICE_ANCHOR = "anchor"
ATTR_AT_ONCE = "at_once"

ANCHOR_SCHEMA = vol.Schema(
    {
        vol.Required(ATTR_ENTITY_ID): cv.entity_ids,
        vol.Optional(ATTR_AT_ONCE, default=True): cv.boolean,
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_ANCHOR,
        _anchor,
        schema=ANCHOR_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _anchor(call: ServiceCall) -> ServiceResponse:
    """Record the present state of entities in every log that has a rule for them."""
    entity_ids: list[str] = call.data[ATTR_ENTITY_ID]
    services = _services(call.hass)
    recorded: dict[str, Any] = {}
    for entity_id in entity_ids:
        _check(call.hass, services, entity_id)
    for service in services:
        ours = [entity for entity in entity_ids if entity in service.entity_ids]
        await service.async_record(ours)
        if service.storage_error:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="not_recorded",
                translation_placeholders={"reason": str(service.storage_error)},
            )
        if call.data[ATTR_AT_ONCE]:
            service.async_anchor_now()
        for entity_id in ours:
            if latest := service.latest(entity_id):
                recorded.setdefault(entity_id, []).append(_response(latest))
    return {"readings": recorded}


def _services(hass: HomeAssistant) -> list[AnchoringService]:
    """Return the services of the logs that are running."""
    return [
        entry.runtime_data
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.data[CONF_KIND] == KIND_LOG and entry.state is ConfigEntryState.LOADED
    ]


def _check(
    hass: HomeAssistant, services: list[AnchoringService], entity_id: str
) -> None:
    """Refuse an entity that cannot be recorded."""
    named = any(entity_id in service.entity_ids for service in services)
    if not named or hass.states.get(entity_id) is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_state" if named else "no_rule",
            translation_placeholders={"entity": entity_id},
        )


def _response(confirmation: Confirmation) -> dict[str, Any]:
    """Return what is told of a reading."""
    leaf = confirmation.reading.leaf
    return {
        "index": confirmation.reading.index,
        "sequence": leaf.sequence,
        "reading": leaf.reading.state,
        "time": leaf.reading.last_updated.isoformat(),
        "status": confirmation.status.value,
    }
