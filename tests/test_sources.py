"""The entities of rules as they come, go, move and are renamed."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sensorchain.anchoring.entry import LogConfigEntry
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
from homeassistant.setup import async_setup_component

from .common import eventually
from .durability.common import readings
from .log import add_log, add_rule, export, rule_form, tangle_form, verify

FRIDGE, CELLAR, HIVE = "input_number.fridge", "input_number.cellar", "sensor.hive"
CONFIRMATION = "sensor.fridge_confirmation"


@pytest.fixture
async def fridge(hass: HomeAssistant) -> er.RegistryEntry:
    """Add a real entity that is registered: the number of a fridge, at 4."""
    number = {"name": "Fridge", "min": 0, "max": 50, "initial": 4}
    assert await async_setup_component(
        hass, "input_number", {"input_number": {"fridge": number}}
    )
    await hass.async_block_till_done()
    entity = er.async_get(hass).async_get(FRIDGE)
    assert entity
    return entity


async def _show(hass: HomeAssistant, entity_id: str, *values: float) -> None:
    for value in values:
        data = {"entity_id": entity_id, "value": value}
        await hass.services.async_call("input_number", "set_value", data, blocking=True)
    await hass.async_block_till_done()


async def _logged(entry: LogConfigEntry) -> list[tuple[str, str, int]]:
    """Return the entity id, state and sequence number of each reading."""
    await entry.runtime_data.async_record(())
    return [
        (each.leaf.reading.entity_id, each.leaf.reading.state, each.leaf.sequence)
        for each in await readings(entry)
    ]


def _scope(**scope: str) -> dict[str, object]:
    """Return the form of a rule for what has something in common."""
    form = rule_form()
    del form["entity_ids"]
    return {**form, "scope": {key: [value] for key, value in scope.items()}}


async def test_renamed(
    hass: HomeAssistant, tangle: PrivateTangle, fridge: er.RegistryEntry
) -> None:
    """A renamed entity goes on under the id that the log knows; its sensor follows."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    service = entry.runtime_data
    await _show(hass, FRIDGE, 5)
    er.async_get(hass).async_update_entity(FRIDGE, new_entity_id=CELLAR)
    await hass.async_block_till_done()
    assert service.entity_ids == [CELLAR]
    assert service.name(CELLAR) == FRIDGE
    await _show(hass, CELLAR, 6)
    assert await _logged(entry) == [(FRIDGE, f"{n + 4}.0", n) for n in range(3)]
    (rule,) = entry.get_subentries_of_type("rule")
    assert rule.data["entity_ids"] == [CELLAR]

    def shown() -> dict[str, Any]:
        """Return what the sensor tells, once it is of the last reading."""
        state = hass.states.get(CONFIRMATION)
        is_last = state and state.attributes["reading"] == "6.0"
        return state.attributes if is_last else {}

    told = await eventually(shown)
    assert (told["source"], told["recorded_as"]) == (CELLAR, FRIDGE)
    assert hass.states.async_entity_ids("sensor").count(CONFIRMATION) == 1
    # Home Assistant's next run knows it, too.
    assert await hass.config_entries.async_reload(entry.entry_id)
    await _show(hass, CELLAR, 7)
    assert (await _logged(entry))[-1] == (FRIDGE, "7.0", 3)
    await eventually(lambda: entry.runtime_data.confirmed_size == 4)
    bundle = await export(hass, entry, entity_id=CELLAR)
    assert bundle["readings"] == 4
    verdict = await verify(bundle["file"], "--node", tangle.url)
    assert verdict["outcome"] == "genuine"


async def test_another_one_takes_the_old_id(
    hass: HomeAssistant, tangle: PrivateTangle, fridge: er.RegistryEntry
) -> None:
    """Two entities that have had one id, one after the other, are two series."""
    entry = await add_log(hass, tangle_form(tangle.url), _scope(domains="input_number"))
    er.async_get(hass).async_update_entity(FRIDGE, new_entity_id=CELLAR)
    await hass.async_block_till_done()
    er.async_get(hass).async_get_or_create(
        "input_number", "test", "second", suggested_object_id="fridge"
    )
    hass.states.async_set(FRIDGE, "20")
    await eventually(lambda: len(entry.runtime_data.entity_ids) == 2)
    await _show(hass, CELLAR, 6)
    assert await _logged(entry) == [
        (FRIDGE, "4.0", 0),
        ("input_number.fridge_2", "20", 0),
        (FRIDGE, "6.0", 1),
    ]


async def test_removed_and_back(
    hass: HomeAssistant, tangle: PrivateTangle, fridge: er.RegistryEntry
) -> None:
    """The sensor of a removed entity goes; both come back, and the series goes on."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    registry = er.async_get(hass)
    registry.async_remove(FRIDGE)
    await hass.async_block_till_done()
    assert not registry.async_get(CONFIRMATION)
    assert not hass.states.get(CONFIRMATION)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert not registry.async_get(CONFIRMATION)
    registry.async_get_or_create(
        "input_number", "input_number", "fridge", suggested_object_id="fridge"
    )
    hass.states.async_set(FRIDGE, "8.0")
    await hass.async_block_till_done()
    assert hass.states.get(CONFIRMATION)
    assert await _logged(entry) == [(FRIDGE, "4.0", 0), (FRIDGE, "8.0", 1)]


async def test_confirmation_that_a_person_deletes(
    hass: HomeAssistant, tangle: PrivateTangle, fridge: er.RegistryEntry
) -> None:
    """Its entity is recorded on; the sensor is back once something of the entity changes."""
    entry = await add_log(hass, tangle_form(tangle.url), rule_form(FRIDGE))
    registry = er.async_get(hass)
    registry.async_remove(CONFIRMATION)
    await hass.async_block_till_done()
    assert not hass.states.get(CONFIRMATION)
    await _show(hass, FRIDGE, 5)
    assert (await _logged(entry))[-1] == (FRIDGE, "5.0", 1)
    registry.async_update_entity(FRIDGE, name="Cold store")
    await eventually(
        lambda: any(
            each.translation_key == "confirmation" and hass.states.get(each.entity_id)
            for each in er.async_entries_for_config_entry(registry, entry.entry_id)
            if each.unique_id.endswith(fridge.id)
        )
    )


async def test_moved_to_another_device(
    hass: HomeAssistant, tangle: PrivateTangle, fridge: er.RegistryEntry
) -> None:
    """A confirmation sensor moves with its entity from device to device."""
    source = MockConfigEntry(domain="test")
    source.add_to_hass(hass)
    devices = [
        dr.async_get(hass).async_get_or_create(
            config_entry_id=source.entry_id, identifiers={("test", name)}, name=name
        )
        for name in ("Old", "New")
    ]
    registry = er.async_get(hass)
    entity = registry.async_get_or_create(
        "sensor",
        "test",
        "door",
        config_entry=source,
        device_id=devices[0].id,
        suggested_object_id="door",
    )
    hass.states.async_set(entity.entity_id, "shut")
    await add_log(hass, tangle_form(tangle.url), rule_form(entity.entity_id))
    (sensor,) = [
        each.entity_id
        for each in er.async_entries_for_device(registry, devices[0].id)
        if each.platform == "sensorchain"
    ]
    for device_id in (devices[1].id, None):
        registry.async_update_entity(entity.entity_id, device_id=device_id)
        await hass.async_block_till_done()
        moved = registry.async_get(sensor)
        assert moved and moved.device_id == device_id


async def test_new_entities_are_covered(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """What joins a scope is recorded from its first state on, with no reload."""
    label = lr.async_get(hass).async_create("Evidence")
    area = ar.async_get(hass).async_create("Kitchen")
    entry = await add_log(
        hass, tangle_form(tangle.url), _scope(label_ids=label.label_id)
    )
    await add_rule(hass, entry, _scope(area_ids=area.id))
    await add_rule(hass, entry, _scope(domains="weather"))
    service, registry = entry.runtime_data, er.async_get(hass)
    assert service.entity_ids == []
    for name in ("labelled", "placed"):
        registry.async_get_or_create("sensor", "test", name, suggested_object_id=name)
        hass.states.async_set(f"sensor.{name}", "0")
    registry.async_update_entity("sensor.labelled", labels={label.label_id})
    registry.async_update_entity("sensor.placed", area_id=area.id)
    for state in ("sunny", "rainy"):
        hass.states.async_set("weather.loose", state)
    await eventually(lambda: len(service.entity_ids) == 3)
    await hass.async_block_till_done()
    assert sorted(await _logged(entry)) == [
        ("sensor.labelled", "0", 0),
        ("sensor.placed", "0", 0),
        ("weather.loose", "rainy", 1),
        ("weather.loose", "sunny", 0),
    ]
    for name in ("labelled", "placed", "loose"):
        assert hass.states.get(f"sensor.{name}_confirmation")
    assert entry.runtime_data is service
    # And what leaves it is recorded no more.
    registry.async_update_entity("sensor.labelled", labels=set())
    await eventually(lambda: "sensor.labelled" not in service.entity_ids)
    await eventually(lambda: not hass.states.get("sensor.labelled_confirmation"))
    assert not registry.async_get("sensor.labelled_confirmation")


async def test_from_one_rule_to_another(
    hass: HomeAssistant, tangle: PrivateTangle, fridge: er.RegistryEntry
) -> None:
    """An entity that a new rule names leaves the scope of another; its sensor stays."""
    entry = await add_log(hass, tangle_form(tangle.url), _scope(domains="input_number"))
    registry = er.async_get(hass)
    registry.async_update_entity(CONFIRMATION, name="My own name")
    await add_rule(hass, entry, rule_form(FRIDGE))
    named = entry.get_subentries_of_type("rule")[1]
    sensor = registry.async_get(CONFIRMATION)
    assert sensor and sensor.config_subentry_id == named.subentry_id
    assert sensor.name == "My own name"
    hass.config_entries.async_remove_subentry(entry, named.subentry_id)
    await hass.async_block_till_done()
    first = entry.get_subentries_of_type("rule")[0]
    sensor = registry.async_get(CONFIRMATION)
    assert sensor and sensor.config_subentry_id == first.subentry_id
    assert hass.states.get(CONFIRMATION)


async def test_a_log_never_records_itself(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """A rule for all sensors takes none of those that a log makes."""
    entry = await add_log(hass, tangle_form(tangle.url), _scope(domains="sensor"))
    hass.states.async_set(HIVE, "35")
    await eventually(lambda: hass.states.get("sensor.hive_confirmation"))
    await eventually(lambda: entry.runtime_data.confirmed_size == 1)
    assert entry.runtime_data.entity_ids == [HIVE]
    assert entry.runtime_data.size == 1


async def test_hundreds_of_entities_in_one_rule(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """Each of them is recorded and confirmed, and has its sensor."""
    ids = [f"sensor.number_{number}" for number in range(300)]
    for entity_id in ids:
        hass.states.async_set(entity_id, "0")
    entry = await add_log(hass, tangle_form(tangle.url), _scope(domains="sensor"))
    assert set(entry.runtime_data.entity_ids) == set(ids)
    await eventually(lambda: hass.states.get(f"{ids[-1]}_confirmation"))
    await eventually(lambda: entry.runtime_data.confirmed_size == 300)

    def all_are_confirmed() -> bool:
        found = [hass.states.get(f"{each}_confirmation") for each in ids]
        return all(state and state.state == "confirmed" for state in found)

    await eventually(all_are_confirmed)
