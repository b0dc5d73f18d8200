"""The forms of a ledger and of a rule: the same in the flows of a log and of its subentries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import probatio as vol
from yarl import URL

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, split_entity_id
from homeassistant.data_entry_flow import section
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import (
    BooleanSelector,
    DurationSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .anchoring.rule import Occasion
from .const import (
    CONF_AT_LEAST_EVERY,
    CONF_AT_MOST_EVERY,
    CONF_CADENCE,
    CONF_ENTITY_IDS,
    CONF_KIND,
    CONF_LEDGER,
    CONF_MOVED_BY,
    CONF_OCCASION,
    CONF_PUBLIC,
    CONF_SETTINGS,
    DOMAIN,
    KIND_LOG,
    SUBENTRY_RULE,
)
from .ledgers.catalog import CATALOG
from .ledgers.http import AiohttpTransport
from .ledgers.ledger import LedgerError, SettingsError
from .transparency.note import VerifierKey

CONF_NODES = "nodes"
CONF_WEIGHT = "minimum_weight_magnitude"
CONF_PROOF_OF_WORK = "proof_of_work"
CONF_TRANSACTIONS = "transactions"
CONF_EXPLORER = "explorer"
CONF_COORDINATOR = "coordinator"
SECTION_MORE = "more"

TANGLE = "tangle"


def _number(
    least: float, most: float, step: float | Literal["any"] = 1
) -> NumberSelector:
    """Return a box for a number."""
    return NumberSelector(
        NumberSelectorConfig(
            min=least, max=most, step=step, mode=NumberSelectorMode.BOX
        )
    )


def _choice(key: str, options: Iterable[str]) -> SelectSelector:
    """Return a choice whose options are translated under a key."""
    return SelectSelector(
        SelectSelectorConfig(options=list(options), translation_key=key)
    )


TANGLE_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_NODES): TextSelector(
            TextSelectorConfig(multiple=True, type=TextSelectorType.URL)
        ),
        vol.Required(CONF_CADENCE, default={"minutes": 1}): DurationSelector(),
        vol.Required(CONF_WEIGHT, default=9): _number(1, 81),
        vol.Required(SECTION_MORE): section(
            vol.Schema(
                {
                    vol.Required(CONF_PROOF_OF_WORK, default="local"): _choice(
                        CONF_PROOF_OF_WORK, ("local", "node")
                    ),
                    vol.Required(CONF_TRANSACTIONS, default=4): _number(1, 20),
                    vol.Optional(CONF_EXPLORER): TextSelector(),
                }
            ),
            {"collapsed": True},
        ),
    }
)


def rule_schema(hass: HomeAssistant) -> vol.Schema:
    """Return the form of a rule; what a log makes of entities cannot be chosen."""
    entities = EntitySelectorConfig(
        multiple=True, exclude_entities=sorted(_log_entities(hass))
    )
    return vol.Schema(
        {
            vol.Required(CONF_ENTITY_IDS): EntitySelector(entities),
            vol.Required(CONF_OCCASION, default=Occasion.CHANGE.value): _choice(
                CONF_OCCASION, (occasion.value for occasion in Occasion)
            ),
            vol.Required(CONF_PUBLIC, default=False): BooleanSelector(),
            vol.Required(SECTION_MORE): section(
                vol.Schema(
                    {
                        vol.Required(CONF_MOVED_BY, default=0): _number(0, 1e9, "any"),
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


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that holds: the title and the data of a subentry, and what may exist once."""

    title: str
    data: dict[str, Any]
    unique_id: str | None = None


class FormError(Exception):
    """A form that does not hold; `errors` is what it shows, by field."""

    def __init__(self, errors: dict[str, str], reason: str = "") -> None:
        """Keep the errors, and the reason in words."""
        super().__init__(errors)
        self.errors = errors
        self.placeholders = {"reason": reason}


async def async_read_tangle(
    hass: HomeAssistant,
    verifier_key: VerifierKey,
    user_input: Mapping[str, Any],
    network: str | None = None,
) -> Filled:
    """Return the ledger that a form describes, once its nodes have answered.

    A ledger in use stays on its network: its anchors are there. Raises FormError.
    """
    cadence = _seconds(user_input[CONF_CADENCE])
    if cadence < 1:
        raise FormError({CONF_CADENCE: "cadence_too_short"})
    more = user_input[SECTION_MORE]
    settings = {
        CONF_NODES: list(user_input[CONF_NODES]),
        CONF_WEIGHT: int(user_input[CONF_WEIGHT]),
        CONF_PROOF_OF_WORK: more[CONF_PROOF_OF_WORK],
        CONF_TRANSACTIONS: int(more[CONF_TRANSACTIONS]),
        CONF_EXPLORER: more.get(CONF_EXPLORER) or None,
        CONF_COORDINATOR: network,
    }
    try:
        transport = AiohttpTransport(async_get_clientsession(hass))
        ledger = CATALOG[TANGLE].create(transport, settings, verifier_key)
        settings[CONF_COORDINATOR] = await ledger.check()
    except SettingsError as err:
        raise FormError({_field(err.setting): "setting"}, str(err)) from err
    except LedgerError as err:
        raise FormError({"base": f"ledger_{err.reason}"}, str(err)) from err
    return Filled(
        title=f"Tangle ({URL(settings[CONF_NODES][0]).with_user(None).authority})",
        data={CONF_LEDGER: TANGLE, CONF_CADENCE: cadence, CONF_SETTINGS: settings},
        unique_id=f"{TANGLE} {settings[CONF_COORDINATOR]}",
    )


def tangle_form(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form shows of a Tangle's subentry."""
    settings = data[CONF_SETTINGS]
    more = (CONF_PROOF_OF_WORK, CONF_TRANSACTIONS, CONF_EXPLORER)
    return {
        CONF_NODES: settings[CONF_NODES],
        CONF_CADENCE: {"seconds": data[CONF_CADENCE]},
        CONF_WEIGHT: settings[CONF_WEIGHT],
        SECTION_MORE: {key: settings[key] for key in more if settings[key] is not None},
    }


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
            CONF_AT_MOST_EVERY: _seconds(more[CONF_AT_MOST_EVERY]),
            CONF_AT_LEAST_EVERY: _seconds(more[CONF_AT_LEAST_EVERY]),
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


def _seconds(duration: Mapping[str, float]) -> float:
    """Return the seconds of what a duration selector gives."""
    return timedelta(**duration).total_seconds()


def _field(setting: str) -> str:
    """Return the field of the form that shows an error of a setting."""
    # A form shows no error at a field inside a section.
    return setting if setting in {CONF_NODES, CONF_WEIGHT} else "base"
