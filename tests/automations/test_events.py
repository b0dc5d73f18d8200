"""The event entity of a log."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.sensorchain.anchoring.entry import LogConfigEntry
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
from tests.common import eventually
from tests.log import add_log, rule_form, tangle_form

from .common import ANCHORING, FRIDGE, become


@pytest.fixture
def events(hass: HomeAssistant) -> list[dict[str, Any]]:
    """Return what the event entity tells, in order."""
    told: list[dict[str, Any]] = []

    @callback
    def keep(event: Event[EventStateChangedData]) -> None:
        if (state := event.data["new_state"]) and state.attributes["event_type"]:
            told.append(dict(state.attributes))

    async_track_state_change_event(hass, ANCHORING, keep)
    return told


def _types(events: list[dict[str, Any]]) -> list[str]:
    """Return what kinds of things have happened."""
    return [event["event_type"] for event in events]


async def test_confirmed(
    hass: HomeAssistant, events: list[dict[str, Any]], entry: LogConfigEntry
) -> None:
    """An anchor that confirms readings is told, with where it is."""
    await become(hass, FRIDGE, "4.1")
    await eventually(lambda: events)
    (event,) = events
    assert event["event_type"] == "confirmed"
    assert (event["first_index"], event["readings"]) == (0, 1)
    assert len(event["transaction"]) == 81
    assert event["ledger"].startswith("Tangle")


async def test_ledger_that_is_down_for_a_while(
    hass: HomeAssistant,
    events: list[dict[str, Any]],
    entry: LogConfigEntry,
    tangle: PrivateTangle,
) -> None:
    """That it cannot be reached, that readings wait too long, and that it is back."""
    await become(hass, FRIDGE, "4.1")
    await eventually(lambda: _types(events) == ["confirmed"])
    await tangle.stop()
    await become(hass, FRIDGE, "4.2")
    await eventually(lambda: _types(events)[1:] == ["ledger_unreachable"])
    assert "reason" in events[1]
    async_fire_time_changed(hass, dt_util.utcnow() + entry.runtime_data.overdue_after)
    await hass.async_block_till_done(wait_background_tasks=False)
    assert _types(events)[2:] == ["overdue"]
    assert events[2]["readings"] == 1
    await tangle.start()
    entry.runtime_data.async_anchor_now()
    await eventually(lambda: len(events) == 5)
    assert set(_types(events)[3:]) == {"ledger_back", "confirmed"}


async def test_failed(
    hass: HomeAssistant, events: list[dict[str, Any]], demanding_tangle: PrivateTangle
) -> None:
    """A ledger that refuses, so that readings are anchored nowhere."""
    form = tangle_form(demanding_tangle.url, minimum_weight_magnitude=1)
    await add_log(hass, form, rule_form(FRIDGE))
    await become(hass, FRIDGE, "4.1")
    await eventually(lambda: len(events) == 2)
    assert _types(events) == ["ledger_refused", "failed"]
    assert events[1]["readings"] == 1
