"""Which entities have something in common."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sensorchain.anchoring.rule import Rule
from custom_components.sensorchain.anchoring.scope import Scope
from custom_components.sensorchain.anchoring.sources import selected
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)

FRIDGE, DOOR, BATTERY = "sensor.fridge", "binary_sensor.door", "sensor.battery"
LAMP, HIDDEN, OFF = "light.lamp", "sensor.hidden", "sensor.off"
LOOSE, METER = "sensor.loose", "sensor.meter"


@pytest.fixture
def ids(hass: HomeAssistant) -> dict[str, str]:
    """Furnish a home; return the ids of its places, devices and labels.

    On the ground floor is the kitchen; a fridge stands there, with a temperature, a door
    and a battery. A lamp of another integration, a hidden and a disabled sensor are in the
    kitchen, too. A meter is labelled; a loose sensor is in no registry.
    """
    entry = MockConfigEntry(domain="appliance")
    entry.add_to_hass(hass)
    floor = fr.async_get(hass).async_create("Ground floor")
    area = ar.async_get(hass).async_create("Kitchen", floor_id=floor.floor_id)
    label = lr.async_get(hass).async_create("Evidence")
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("appliance", "fridge")}
    )
    dr.async_get(hass).async_update_device(device.id, area_id=area.id)
    own: dict[str, Any] = {"config_entry": entry, "device_id": device.id}
    registry = er.async_get(hass)
    for entity_id, platform, more in (
        (FRIDGE, "appliance", own),
        (DOOR, "appliance", own),
        (BATTERY, "appliance", {**own, "entity_category": EntityCategory.DIAGNOSTIC}),
        (LAMP, "lighting", {}),
        (HIDDEN, "lighting", {"hidden_by": er.RegistryEntryHider.USER}),
        (OFF, "lighting", {"disabled_by": er.RegistryEntryDisabler.USER}),
        (METER, "grid", {}),
    ):
        domain, name = entity_id.split(".")
        registry.async_get_or_create(
            domain, platform, name, suggested_object_id=name, **more
        )
    for entity_id in (LAMP, HIDDEN, OFF):
        registry.async_update_entity(entity_id, area_id=area.id)
    registry.async_update_entity(METER, labels={label.label_id})
    hass.states.async_set(LOOSE, "1")
    return {
        "floor": floor.floor_id,
        "area": area.id,
        "label": label.label_id,
        "device": device.id,
    }


@pytest.mark.parametrize(
    ("scope", "entities"),
    [
        ({}, set()),
        ({"floor_ids": "floor"}, {FRIDGE, DOOR, LAMP}),
        ({"area_ids": "area"}, {FRIDGE, DOOR, LAMP}),
        ({"device_ids": "device"}, {FRIDGE, DOOR}),
        ({"label_ids": "label"}, {METER}),
        ({"area_ids": "area", "label_ids": "label"}, {FRIDGE, DOOR, LAMP, METER}),
        ({"area_ids": "area", "domains": "sensor"}, {FRIDGE}),
        ({"area_ids": "area", "integrations": "lighting"}, {LAMP}),
        ({"domains": "sensor"}, {FRIDGE, METER, LOOSE}),
        ({"integrations": "appliance"}, {FRIDGE, DOOR}),
        ({"integrations": "appliance", "domains": "sensor"}, {FRIDGE}),
        ({"area_ids": "no such area"}, set()),
    ],
)
def test_scope(
    hass: HomeAssistant,
    ids: dict[str, str],
    scope: dict[str, str],
    entities: set[str],
) -> None:
    """Places say where to look, kinds and integrations what of it."""
    data = {key: (ids.get(value, value),) for key, value in scope.items()}
    found = Scope.from_mapping(data).entity_ids(hass, {LOOSE, "light.loose"})
    assert found == entities


def test_places_are_those_of_home_assistant(
    hass: HomeAssistant, ids: dict[str, str]
) -> None:
    """A scope has what an action with the same target would reach, if it is in use."""
    for kind in ("floor", "area", "device", "label"):
        target = TargetSelection({f"{kind}_id": [ids[kind]]})
        reached = async_extract_referenced_entity_ids(hass, target)
        scope = Scope.from_mapping({f"{kind}_ids": [ids[kind]]})
        assert scope.entity_ids(hass) == reached.indirectly_referenced - {OFF}


def test_label_of_its_own(hass: HomeAssistant, ids: dict[str, str]) -> None:
    """A diagnostic entity belongs to a scope by a label of its own."""
    scope = Scope(label_ids=(ids["label"],))
    er.async_get(hass).async_update_entity(BATTERY, labels={ids["label"]})
    assert scope.entity_ids(hass) == {METER, BATTERY}


def test_overlaps(hass: HomeAssistant, ids: dict[str, str]) -> None:
    """The rule that names an entity comes first, then the first one with it in its scope."""
    kitchen = Rule(entity_ids=(), scope=Scope(area_ids=(ids["area"],)), rule_id="1")
    sensors = Rule(entity_ids=(), scope=Scope(domains=("sensor",)), rule_id="2")
    door = Rule(entity_ids=(DOOR,), rule_id="3")
    found = selected(hass, [kitchen, sensors, door], {LOOSE})
    assert {entity_id: rule.rule_id for entity_id, rule in found.items()} == {
        FRIDGE: "1",
        LAMP: "1",
        METER: "2",
        LOOSE: "2",
        DOOR: "3",
    }


def test_from_a_subentry() -> None:
    """A rule of an earlier version has no scope; one that has may leave parts out."""
    data = {
        "entity_ids": [FRIDGE],
        "occasion": "change",
        "at_most_every": 0,
        "moved_by": 0,
        "at_least_every": 0,
        "public": False,
    }
    assert Rule.from_mapping(data).scope.is_empty
    scope = Rule.from_mapping({**data, "scope": {"area_ids": ["kitchen"]}}).scope
    assert scope == Scope(area_ids=("kitchen",))
