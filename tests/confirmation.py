"""How tests follow the reading of a fridge until it is confirmed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .common import eventually

FRIDGE = "sensor.fridge"
CONFIRMATION = "sensor.fridge_confirmation"


@contextmanager
def statuses(hass: HomeAssistant) -> Iterator[list[str]]:
    """Collect what the confirmation of the fridge goes through."""
    seen: list[str] = []

    @callback
    def take(event: Event) -> None:
        state = event.data["new_state"]
        if event.data["entity_id"] == CONFIRMATION and state:
            seen.append(state.state)

    stop = hass.bus.async_listen("state_changed", take)
    yield seen
    stop()


async def confirmed(hass: HomeAssistant, reading: str) -> dict[str, Any]:
    """Return the attributes of a reading's confirmation, once it is there."""

    def look() -> dict[str, Any] | None:
        state = hass.states.get(CONFIRMATION)
        is_there = state and state.state == "confirmed"
        if is_there and state.attributes["reading"] == reading:
            return dict(state.attributes)
        return None

    return await eventually(look, within=60)


def issue_of(hass: HomeAssistant, translation_key: str) -> ir.IssueEntry | None:
    """Return a repair issue of a kind, if there is one."""
    issues = ir.async_get(hass).issues.values()
    return next(
        (each for each in issues if each.translation_key == translation_key), None
    )


def in_money(hass: HomeAssistant, unit: str) -> dict[str, float]:
    """Return what a ledger's sensors tell in its money, once all three do."""
    kinds = ("balance", "fee_of_the_last_anchor", "spent")
    told = {
        next(kind for kind in kinds if state.entity_id.endswith(kind)): float(
            state.state
        )
        for state in hass.states.async_all("sensor")
        if state.attributes.get("unit_of_measurement") == unit
        and state.state.replace(".", "").isdigit()
    }
    return told if len(told) == len(kinds) and told["spent"] else {}
