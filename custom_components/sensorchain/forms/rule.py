"""The form of a rule."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

import probatio as vol

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, split_entity_id
from homeassistant.data_entry_flow import section
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)
from homeassistant.helpers.selector import (
    AreaSelector,
    AreaSelectorConfig,
    BooleanSelector,
    DeviceSelector,
    DeviceSelectorConfig,
    DurationSelector,
    EntitySelector,
    EntitySelectorConfig,
    FloorSelector,
    FloorSelectorConfig,
    LabelSelector,
    LabelSelectorConfig,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from ..anchoring.rule import Occasion
from ..anchoring.scope import Scope
from ..const import (
    CONF_AT_LEAST_EVERY,
    CONF_AT_MOST_EVERY,
    CONF_ENTITY_IDS,
    CONF_KIND,
    CONF_MOVED_BY,
    CONF_OCCASION,
    CONF_PUBLIC,
    CONF_SCOPE,
    DOMAIN,
    KIND_LOG,
    SUBENTRY_RULE,
)
from . import SECTION_MORE, Filled, FormError, choice, number, seconds


def rule_schema(hass: HomeAssistant) -> vol.Schema:
    """Return the form of a rule; what a log makes of entities cannot be chosen."""
    entities = EntitySelectorConfig(
        multiple=True, exclude_entities=sorted(_log_entities(hass))
    )
    return vol.Schema(
        {
            vol.Optional(CONF_ENTITY_IDS, default=[]): EntitySelector(entities),
            vol.Optional(CONF_SCOPE): section(_scope_schema(hass), {"collapsed": True}),
            vol.Required(CONF_OCCASION, default=Occasion.CHANGE.value): choice(
                CONF_OCCASION, (occasion.value for occasion in Occasion)
            ),
            vol.Required(CONF_PUBLIC, default=False): BooleanSelector(),
            vol.Required(SECTION_MORE): section(
                vol.Schema(
                    {
                        vol.Required(CONF_MOVED_BY, default=0): number(0, 1e9, "any"),
                        vol.Required(
                            CONF_AT_MOST_EVERY, default={"seconds": 0}
                        ): DurationSelector(),
                        vol.Required(
                            CONF_AT_LEAST_EVERY, default={"seconds": 0}
                        ): DurationSelector(),
                    }
                ),
                {"collapsed": True},
            ),
        }
    )


def _scope_schema(hass: HomeAssistant) -> vol.Schema:
    """Return the part of the form that tells what entities have in common."""
    registered = er.async_get(hass).entities.values()
    domains = {state.domain for state in hass.states.async_all()}
    domains |= {entity.domain for entity in registered}
    integrations = {entity.platform for entity in registered}
    selectors = {
        "floor_ids": FloorSelector(FloorSelectorConfig(multiple=True)),
        "area_ids": AreaSelector(AreaSelectorConfig(multiple=True)),
        "device_ids": DeviceSelector(DeviceSelectorConfig(multiple=True)),
        "label_ids": LabelSelector(LabelSelectorConfig(multiple=True)),
        "domains": _names_of(domains),
        "integrations": _names_of(integrations),
    }
    return vol.Schema(
        {vol.Optional(key): selector for key, selector in selectors.items()}
    )


def _names_of(options: Iterable[str]) -> SelectSelector:
    """Return a choice of several, of which there may be more later."""
    return SelectSelector(
        SelectSelectorConfig(
            options=sorted(options),
            multiple=True,
            custom_value=True,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def read_rule(
    hass: HomeAssistant, user_input: Mapping[str, Any], taken: Iterable[str] = ()
) -> Filled:
    """Return the rule that a form describes; `taken` are the entities of other rules.

    Raises FormError.
    """
    entity_ids = user_input[CONF_ENTITY_IDS]
    scope = Scope.from_mapping(user_input.get(CONF_SCOPE, {}))
    for wrong, error in (
        (not entity_ids and scope.is_empty, "no_entities"),
        (set(taken).intersection(entity_ids), "in_another_rule"),
    ):
        if wrong:
            raise FormError({CONF_ENTITY_IDS: error})
    more = user_input[SECTION_MORE]
    return Filled(
        title=_title(hass, entity_ids, scope),
        data={
            CONF_ENTITY_IDS: entity_ids,
            CONF_SCOPE: _scope_data(scope),
            CONF_OCCASION: user_input[CONF_OCCASION],
            CONF_PUBLIC: user_input[CONF_PUBLIC],
            CONF_MOVED_BY: more[CONF_MOVED_BY],
            CONF_AT_MOST_EVERY: seconds(more[CONF_AT_MOST_EVERY]),
            CONF_AT_LEAST_EVERY: seconds(more[CONF_AT_LEAST_EVERY]),
        },
    )


def rule_form(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form shows of a rule's subentry."""
    first = (CONF_ENTITY_IDS, CONF_OCCASION, CONF_PUBLIC)
    return {key: data[key] for key in first} | {
        CONF_SCOPE: data.get(CONF_SCOPE, {}),
        SECTION_MORE: {
            CONF_MOVED_BY: data[CONF_MOVED_BY],
            CONF_AT_MOST_EVERY: {"seconds": data[CONF_AT_MOST_EVERY]},
            CONF_AT_LEAST_EVERY: {"seconds": data[CONF_AT_LEAST_EVERY]},
        },
    }


def entities_of_rules(entry: ConfigEntry, besides: ConfigSubentry | None) -> set[str]:
    """Return the entities that a log's rules name, besides one rule's."""
    return {
        entity_id
        for rule in entry.get_subentries_of_type(SUBENTRY_RULE)
        if rule is not besides
        for entity_id in rule.data[CONF_ENTITY_IDS]
    }


def _log_entities(hass: HomeAssistant) -> set[str]:
    """Return the entities that tell of logs: recording them would never come to rest."""
    registry = er.async_get(hass)
    return {
        entity.entity_id
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.data[CONF_KIND] == KIND_LOG
        for entity in er.async_entries_for_config_entry(registry, entry.entry_id)
    }


def _scope_data(scope: Scope) -> dict[str, list[str]]:
    """Return what a rule keeps of its scope."""
    values = {field.name: list(getattr(scope, field.name)) for field in fields(scope)}
    return {key: value for key, value in values.items() if value}


def _title(hass: HomeAssistant, entity_ids: list[str], scope: Scope) -> str:
    """Return the names of what is recorded, the places and kinds first."""
    parts = [*_scope_names(hass, scope), _names(hass, entity_ids)]
    return ", ".join(part for part in parts if part)


def _scope_names(hass: HomeAssistant, scope: Scope) -> list[str]:
    """Return the names of what entities have in common."""
    floors, areas, devices, labels = (
        fr.async_get(hass).async_get_floor,
        ar.async_get(hass).async_get_area,
        dr.async_get(hass).async_get,
        lr.async_get(hass).async_get_label,
    )
    found = [
        *map(floors, scope.floor_ids),
        *map(areas, scope.area_ids),
        *map(devices, scope.device_ids),
        *map(labels, scope.label_ids),
    ]
    names = [str(each.name) for each in found if each]
    return [*names, *scope.domains, *scope.integrations]


def _names(hass: HomeAssistant, entity_ids: list[str]) -> str:
    """Return the names of one or two entities, or how many more there are."""
    names = [
        state.name
        if (state := hass.states.get(entity_id))
        else split_entity_id(entity_id)[1]
        for entity_id in entity_ids
    ]
    shown = names if len(names) <= 2 else [names[0], f"+{len(names) - 1}"]
    return ", ".join(shown)
