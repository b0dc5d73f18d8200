"""Automations that tell what they were told."""

from typing import Any

from homeassistant.const import STATE_OFF
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.setup import async_setup_component

FRIDGE, HIVE = "sensor.fridge", "sensor.hive"
FRIDGE_CONFIRMATION = "sensor.fridge_confirmation"
HIVE_CONFIRMATION = "sensor.hive_confirmation"
LOG_CONFIRMATION = "sensor.evidence_confirmation"
ANCHORING = "event.evidence_anchoring"

TOLD = "told"


async def run_automation(
    hass: HomeAssistant,
    trigger: dict[str, Any],
    conditions: list[dict[str, Any]] | None = None,
    told: str = "{{ trigger.entity_id }}",
) -> list[str]:
    """Run an automation; return the list that takes what it tells, `told` each time."""
    heard: list[str] = []

    @callback
    def hear(event: Event) -> None:
        heard.append(event.data[TOLD])

    hass.bus.async_listen(TOLD, hear)
    action = {"event": TOLD, "event_data": {TOLD: told}}
    automation = {
        "alias": "Tell",
        "triggers": [trigger],
        "conditions": conditions or [],
        "actions": [action],
    }
    assert await async_setup_component(hass, "automation", {"automation": [automation]})
    await hass.async_block_till_done()
    state = hass.states.get("automation.tell")
    assert state and state.state != STATE_OFF
    return heard


def value(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the state of an entity."""
    state = hass.states.get(entity_id)
    return state.state if state else None


async def become(hass: HomeAssistant, entity_id: str, state: str) -> None:
    """Set a state, and let it be recorded."""
    hass.states.async_set(entity_id, state)
    await hass.async_block_till_done()
