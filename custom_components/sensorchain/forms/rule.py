"""The form of a rule."""

from collections.abc import Iterable, Mapping
from typing import Any

import probatio as vol

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, split_entity_id
from homeassistant.data_entry_flow import section
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import (
    BooleanSelector,
    DurationSelector,
    EntitySelector,
    EntitySelectorConfig,
)

from ..anchoring.rule import Occasion
from ..const import (
    CONF_AT_LEAST_EVERY,
    CONF_AT_MOST_EVERY,
    CONF_ENTITY_IDS,
    CONF_KIND,
    CONF_MOVED_BY,
    CONF_OCCASION,
    CONF_PUBLIC,
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
            vol.Required(CONF_ENTITY_IDS): EntitySelector(entities),
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


def read_rule(
    hass: HomeAssistant, user_input: Mapping[str, Any], taken: Iterable[str] = ()
) -> Filled:
    """Return the rule that a form describes; `taken` are the entities of other rules.

    Raises FormError.
    """
    entity_ids = user_input[CONF_ENTITY_IDS]
    for wrong, error in (
        (not entity_ids, "no_entities"),
        (set(taken).intersection(entity_ids), "in_another_rule"),
    ):
        if wrong:
            raise FormError({CONF_ENTITY_IDS: error})
    more = user_input[SECTION_MORE]
    return Filled(
        title=_names(hass, entity_ids),
        data={
            CONF_ENTITY_IDS: entity_ids,
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
        SECTION_MORE: {
            CONF_MOVED_BY: data[CONF_MOVED_BY],
            CONF_AT_MOST_EVERY: {"seconds": data[CONF_AT_MOST_EVERY]},
            CONF_AT_LEAST_EVERY: {"seconds": data[CONF_AT_LEAST_EVERY]},
        }
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


def _names(hass: HomeAssistant, entity_ids: list[str]) -> str:
    """Return the names of one or two entities, or how many more there are."""
    names = [
        state.name
        if (state := hass.states.get(entity_id))
        else split_entity_id(entity_id)[1]
        for entity_id in entity_ids
    ]
    shown = names if len(names) <= 2 else [names[0], f"{len(names) - 1} more"]
    return ", ".join(shown)
