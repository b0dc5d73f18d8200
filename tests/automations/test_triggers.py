"""Triggers, by automations that they really trigger."""

from typing import Any

import pytest

from custom_components.sensorchain.anchoring.entry import LogConfigEntry
from custom_components.sensorchain.trigger import TRIGGERS
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.trigger import async_get_all_descriptions
from homeassistant.setup import async_setup_component
from tests.common import eventually
from tests.log import DOMAIN, add_log, rule_form, tangle_form

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


def _trigger(
    name: str, *entity_ids: str, target: Any = None, **options: Any
) -> dict[str, Any]:
    """Return a trigger of an automation."""
    return {
        "trigger": f"{DOMAIN}.{name}",
        "target": target or {"entity_id": list(entity_ids)},
        "options": options,
    }


async def _device_of(hass: HomeAssistant, entity_id: str) -> str:
    """Return the device of an entity."""
    entity = er.async_get(hass).async_get(entity_id)
    assert entity and entity.device_id
    return entity.device_id


async def test_became_confirmed(hass: HomeAssistant, entry: LogConfigEntry) -> None:
    """Each newer confirmed reading is told, with what it is; nothing of other entities."""
    heard = await run_automation(
        hass,
        _trigger("became_confirmed", FRIDGE_CONFIRMATION),
        told="{{ trigger.source }} {{ trigger.reading }} {{ trigger.index }}"
        " {{ trigger.transaction | length }}",
    )
    await become(hass, HIVE, "35")
    await eventually(lambda: value(hass, HIVE_CONFIRMATION) == "confirmed")
    assert heard == []
    await become(hass, FRIDGE, "4.1")
    await eventually(lambda: heard)
    await become(hass, FRIDGE, "4.2")
    await eventually(lambda: len(heard) == 2)
    assert heard == ["sensor.fridge 4.1 1 81", "sensor.fridge 4.2 2 81"]
    assert await hass.config_entries.async_reload(entry.entry_id)
    await eventually(lambda: value(hass, FRIDGE_CONFIRMATION) == "confirmed")
    await hass.async_block_till_done()
    assert len(heard) == 2


async def test_log_became_confirmed(hass: HomeAssistant, entry: LogConfigEntry) -> None:
    """A log as a whole is a target too, by its device."""
    device = await _device_of(hass, LOG_CONFIRMATION)
    heard = await run_automation(
        hass, _trigger("became_confirmed", target={"device_id": device})
    )
    await become(hass, HIVE, "35")
    await eventually(lambda: heard)
    assert heard[0] == LOG_CONFIRMATION


async def test_became_overdue(
    hass: HomeAssistant, entry: LogConfigEntry, tangle: PrivateTangle
) -> None:
    """A reading that waits for too long is told once, and another one after that again."""
    heard = await run_automation(
        hass, _trigger("became_overdue", LOG_CONFIRMATION, **{"for": 0.5})
    )
    # Started anew it issues no milestone any more; as it is, one may be on its way.
    tangle.milestone_interval = 0
    await tangle.stop()
    await tangle.start()
    await become(hass, FRIDGE, "4.1")
    await become(hass, FRIDGE, "4.2")
    await eventually(lambda: heard)
    tangle.milestone_interval = 0.2
    await tangle.stop()
    await tangle.start()
    entry.runtime_data.async_anchor_now()
    await eventually(lambda: value(hass, LOG_CONFIRMATION) == "confirmed")
    assert heard == [LOG_CONFIRMATION]
    await tangle.stop()
    await become(hass, HIVE, "35")
    await eventually(lambda: len(heard) == 2)


async def test_overdue_entity(
    hass: HomeAssistant, entry: LogConfigEntry, tangle: PrivateTangle
) -> None:
    """Only the entity whose reading waits is told of; what stops being targeted is not."""
    await become(hass, HIVE, "35")
    await eventually(lambda: value(hass, HIVE_CONFIRMATION) == "confirmed")
    heard = await run_automation(
        hass,
        _trigger(
            "became_overdue", FRIDGE_CONFIRMATION, HIVE_CONFIRMATION, **{"for": 0.3}
        ),
        told="{{ trigger.source }} {{ trigger.unconfirmed_since < now() }}",
    )
    await tangle.stop()
    await become(hass, FRIDGE, "4.1")
    await eventually(lambda: heard)
    assert heard == [f"{FRIDGE} True"]
    await hass.services.async_call("automation", "turn_off", {"entity_id": "all"})
    await become(hass, HIVE, "36")
    await eventually(
        lambda: (
            (state := hass.states.get(HIVE_CONFIRMATION))
            and state.attributes["unconfirmed_since"]
        )
    )


async def test_anchoring_failed(
    hass: HomeAssistant, demanding_tangle: PrivateTangle
) -> None:
    """All ledgers refuse: it is told, of the log by its label."""
    form = tangle_form(demanding_tangle.url, minimum_weight_magnitude=1)
    await add_log(hass, form, rule_form(FRIDGE))
    er.async_get(hass).async_update_entity(LOG_CONFIRMATION, labels={"evidence"})
    heard = await run_automation(
        hass, _trigger("anchoring_failed", target={"label_id": "evidence"})
    )
    await become(hass, FRIDGE, "4.1")
    await eventually(lambda: heard)
    assert heard == [LOG_CONFIRMATION]


async def test_ledger_became_unreachable(
    hass: HomeAssistant, entry: LogConfigEntry, tangle: PrivateTangle
) -> None:
    """A ledger that ceases to answer is told, by its device; each time."""
    (connected,) = hass.states.async_entity_ids("binary_sensor")
    await eventually(lambda: value(hass, connected) == "on")
    device = await _device_of(hass, connected)
    heard = await run_automation(
        hass,
        _trigger("ledger_became_unreachable", target={"device_id": device}),
    )
    await tangle.stop()
    await become(hass, FRIDGE, "4.1")
    await eventually(lambda: heard)
    assert heard == [connected]


@pytest.mark.parametrize("name", ["became_confirmed", "became_overdue"])
async def test_target_that_changes(
    hass: HomeAssistant, entry: LogConfigEntry, tangle: PrivateTangle, name: str
) -> None:
    """What gets a label later is a target from then on, and no longer than it has it."""
    entities = er.async_get(hass)
    options = {"for": 0.2} if name == "became_overdue" else {}
    target = {"label_id": "evidence"}
    heard = await run_automation(hass, _trigger(name, target=target, **options))
    entities.async_update_entity(LOG_CONFIRMATION, labels={"evidence"})
    await hass.async_block_till_done()
    if name == "became_overdue":
        await tangle.stop()
    await become(hass, FRIDGE, "4.1")
    await eventually(lambda: heard)
    entities.async_update_entity(LOG_CONFIRMATION, labels=set())
    await hass.async_block_till_done()
    await tangle.stop()
    await tangle.start()
    before = len(heard)
    await become(hass, FRIDGE, "4.2")
    entry.runtime_data.async_anchor_now()
    await eventually(lambda: value(hass, LOG_CONFIRMATION) == "confirmed")
    assert len(heard) == before


@pytest.mark.parametrize("name", ["became_confirmed", "became_overdue"])
async def test_target_that_has_told_nothing_yet(
    hass: HomeAssistant, entry: LogConfigEntry, name: str
) -> None:
    """What is no target any more before its first reading is not told of."""
    entities = er.async_get(hass)
    options = {"for": 0} if name == "became_overdue" else {}
    target = {"label_id": "evidence"}
    heard = await run_automation(hass, _trigger(name, target=target, **options))
    for labels in ({"evidence"}, set[str]()):
        entities.async_update_entity(LOG_CONFIRMATION, labels=labels)
        await hass.async_block_till_done()
    await become(hass, FRIDGE, "4.1")
    await eventually(lambda: value(hass, LOG_CONFIRMATION) == "confirmed")
    assert heard == []


async def test_other_integrations_are_left_out(
    hass: HomeAssistant, entry: LogConfigEntry, tangle: PrivateTangle
) -> None:
    """Sensors of others in a targeted area are not taken for ours."""
    entities = er.async_get(hass)
    stranger = entities.async_get_or_create(
        "sensor", "test", "stranger", translation_key="confirmation"
    )
    connection = entities.async_get_or_create(
        "binary_sensor", "test", "stranger", original_device_class="connectivity"
    )
    heard = await run_automation(hass, _trigger("anchoring_failed", stranger.entity_id))
    await become(hass, stranger.entity_id, "recorded")
    await become(hass, stranger.entity_id, "failed")
    await become(hass, connection.entity_id, "on")
    await become(hass, connection.entity_id, "off")
    assert heard == []


async def test_device_of_the_recorded_entity(
    hass: HomeAssistant, entry: LogConfigEntry
) -> None:
    """No other device than the log's and its ledgers' came with the log."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert sorted(device.model or "" for device in devices) == ["Ledger", "Log"]


@pytest.mark.parametrize("name", TRIGGERS)
async def test_described(hass: HomeAssistant, entry: LogConfigEntry, name: str) -> None:
    """Each trigger has a description that the automation editor can show."""
    assert await async_setup_component(hass, "automation", {})
    descriptions = await async_get_all_descriptions(hass)
    description = descriptions[f"{DOMAIN}.{name}"]
    assert description and description["target"]
