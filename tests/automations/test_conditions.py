"""Conditions, in automations that they let through or hold up."""

from typing import Any

import pytest

from custom_components.sensorchain.anchoring.entry import LogConfigEntry
from custom_components.sensorchain.condition import CONDITIONS
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.core import HomeAssistant
from homeassistant.helpers.condition import async_get_all_descriptions
from homeassistant.setup import async_setup_component
from tests.common import eventually
from tests.log import DOMAIN

from .common import (
    FRIDGE,
    FRIDGE_CONFIRMATION,
    HIVE,
    HIVE_CONFIRMATION,
    LOG_CONFIRMATION,
    become,
    run_automation,
    value,
)

ASK = {"trigger": "event", "event_type": "ask"}


def _condition(name: str, *entity_ids: str, **options: Any) -> dict[str, Any]:
    """Return a condition of an automation."""
    return {
        "condition": f"{DOMAIN}.{name}",
        "target": {"entity_id": list(entity_ids)},
        "options": options,
    }


async def _passes(hass: HomeAssistant, heard: list[str]) -> bool:
    """Tell whether the conditions hold now."""
    before = len(heard)
    hass.bus.async_fire("ask")
    await hass.async_block_till_done()
    return len(heard) > before


async def test_is_confirmed(
    hass: HomeAssistant, entry: LogConfigEntry, tangle: PrivateTangle
) -> None:
    """It holds while the newest readings of all targets are confirmed."""
    both = (FRIDGE_CONFIRMATION, HIVE_CONFIRMATION)
    condition = _condition("is_confirmed", *both, behavior="all")
    heard = await run_automation(hass, ASK, [condition], told="yes")
    await become(hass, FRIDGE, "4.1")
    await become(hass, HIVE, "35")
    await eventually(lambda: {value(hass, each) for each in both} == {"confirmed"})
    assert await _passes(hass, heard)
    await tangle.stop()
    await become(hass, HIVE, "36")
    await eventually(lambda: value(hass, HIVE_CONFIRMATION) != "confirmed")
    assert not await _passes(hass, heard)


async def test_is_overdue(
    hass: HomeAssistant, entry: LogConfigEntry, tangle: PrivateTangle
) -> None:
    """It holds from the moment on at which a reading has waited for too long."""
    condition = _condition("is_overdue", LOG_CONFIRMATION, **{"for": 0.5})
    heard = await run_automation(hass, ASK, [condition], told="yes")
    assert not await _passes(hass, heard)
    await become(hass, HIVE, "35")
    await eventually(lambda: value(hass, LOG_CONFIRMATION) == "confirmed")
    assert not await _passes(hass, heard)
    await tangle.stop()
    await become(hass, HIVE, "36")
    await eventually(lambda: value(hass, LOG_CONFIRMATION) != "confirmed")
    while not await _passes(hass, heard):
        assert value(hass, LOG_CONFIRMATION) != "confirmed"
    await tangle.start()
    entry.runtime_data.async_anchor_now()
    await eventually(lambda: value(hass, LOG_CONFIRMATION) == "confirmed")
    assert not await _passes(hass, heard)


@pytest.mark.parametrize("name", CONDITIONS)
async def test_described(hass: HomeAssistant, entry: LogConfigEntry, name: str) -> None:
    """Each condition has a description that the automation editor can show."""
    assert await async_setup_component(hass, "automation", {})
    description = (await async_get_all_descriptions(hass))[f"{DOMAIN}.{name}"]
    assert description and description["target"] and description["fields"]
