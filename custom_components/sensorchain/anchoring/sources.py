"""Sources: the entities that a log's rules select, as they come, go and change."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.helpers.event import async_track_state_added_domain

from ..const import CONF_KIND, DOMAIN, KIND_LOG
from .rule import Rule

# Of the event loop's time, looking for entities takes one part in so many at the most.
_REST = 10

type Select = Callable[[Mapping[str, Rule]], None]
type Appear = Callable[[State, Rule], None]
type Rename = Callable[[str, str], None]
type Touch = Callable[[str], None]


def is_of_a_log(hass: HomeAssistant, entity_id: str) -> bool:
    """Tell whether a log has made an entity: recording it would never come to rest."""
    entity = er.async_get(hass).async_get(entity_id)
    if entity is None or entity.platform != DOMAIN or not entity.config_entry_id:
        return False
    entry = hass.config_entries.async_get_entry(entity.config_entry_id)
    return entry is not None and entry.data[CONF_KIND] == KIND_LOG


def selected(
    hass: HomeAssistant, rules: Iterable[Rule], unregistered: Iterable[str]
) -> dict[str, Rule]:
    """Return which entities rules select now, each with the rule that it is under.

    A rule that names an entity comes before those that have it in their scope; after
    that their order counts. `unregistered` are entities that are in no registry.
    """
    rules = list(rules)
    found: dict[str, Rule] = {}
    for rule in rules:
        for entity_id in rule.entity_ids:
            found.setdefault(entity_id, rule)
    for rule in rules:
        for entity_id in sorted(rule.scope.entity_ids(hass, unregistered)):
            found.setdefault(entity_id, rule)
    return {
        entity_id: rule
        for entity_id, rule in found.items()
        if not is_of_a_log(hass, entity_id)
    }


class Sources:
    """Tells which entities the rules select, whenever that changes, until stopped.

    `select` gets all of them with their rules. `appear` gets the first state of one that
    is in no registry. `rename` gets the old and the new id of any entity, `touch` the id
    of one whose entry in the registry has changed.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        *,
        select: Select,
        appear: Appear,
        rename: Rename,
        touch: Touch,
    ) -> None:
        """Follow the registries; there are no rules yet."""
        self._hass = hass
        self._select = select
        self._appear = appear
        self._rename = rename
        self._touch = touch
        self._unregistered: set[str] = set()
        self._rules: tuple[Rule, ...] = ()
        self._has_scopes = False
        self._named: set[str] = set()
        self._look_at = 0.0
        self._cancel_look: CALLBACK_TYPE | None = None
        self._stop_states: CALLBACK_TYPE | None = None
        listen = hass.bus.async_listen
        self._stop_listening = [
            listen(er.EVENT_ENTITY_REGISTRY_UPDATED, self._async_entity_changed),
            listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, self._async_place_changed),
            listen(ar.EVENT_AREA_REGISTRY_UPDATED, self._async_place_changed),
        ]

    @callback
    def async_set_rules(self, rules: Iterable[Rule]) -> None:
        """Select by these rules from now on."""
        self._rules = tuple(rules)
        self._has_scopes = not all(rule.scope.is_empty for rule in self._rules)
        self._named = {each for rule in self._rules for each in rule.entity_ids}
        self._listen_to_states()
        self._look()

    def expects(self, entity_id: str) -> bool:
        """Tell whether the rules would select an entity that is in no registry."""
        return entity_id in self._named or any(
            entity_id.startswith(f"{domain}.")
            for rule in self._rules
            for domain in _domains(rule)
        )

    @callback
    def async_stop(self) -> None:
        """Tell nothing more; once is enough."""
        self._rules = ()
        self._listen_to_states()
        self._cancel()
        while self._stop_listening:
            self._stop_listening.pop()()

    def _listen_to_states(self) -> None:
        """Hear of the first state of entities that are in no registry."""
        if self._stop_states:
            self._stop_states()
            self._stop_states = None
        domains = {each for rule in self._rules for each in _domains(rule)}
        if domains:
            self._stop_states = async_track_state_added_domain(
                self._hass, domains, self._async_state_added
            )

    @callback
    def _async_state_added(self, event: Event[EventStateChangedData]) -> None:
        """Hand on the first state of an entity that no registry knows."""
        state, registry = event.data["new_state"], er.async_get(self._hass)
        if state is None or state.entity_id in registry.entities:
            return
        for rule in self._rules:
            if state.domain in _domains(rule) and state.entity_id not in self._named:
                self._unregistered.add(state.entity_id)
                self._appear(state, rule)
                return

    @callback
    def _async_entity_changed(
        self, event: Event[er.EventEntityRegistryUpdatedData]
    ) -> None:
        """Follow one entity."""
        data = event.data
        if data["action"] == "update" and "old_entity_id" in data:
            self._follow(data["old_entity_id"], data["entity_id"])
        self._touch(data["entity_id"])
        if self._has_scopes or data["entity_id"] in self._named:
            self._look_soon()

    def _follow(self, old: str, new: str) -> None:
        """Go on with an entity under its new id."""
        self._rules = tuple(rule.renamed(old, new) for rule in self._rules)
        self._named = {each for rule in self._rules for each in rule.entity_ids}
        self._rename(old, new)

    @callback
    def _async_place_changed(self, _event: Event[Any]) -> None:
        """Look again when a device or an area has changed."""
        if self._has_scopes:
            self._look_soon()

    def _look_soon(self) -> None:
        """Look now, or as soon as looking does not take too much time."""
        now = self._hass.loop.time()
        if now >= self._look_at:
            self._look()
        elif self._cancel_look is None:
            self._cancel_look = self._hass.loop.call_at(
                self._look_at, self._look
            ).cancel

    def _look(self) -> None:
        """Tell which entities the rules select."""
        self._cancel()
        start = self._hass.loop.time()
        registered = er.async_get(self._hass).entities
        domains = {each for rule in self._rules for each in _domains(rule)}
        self._unregistered.update(self._hass.states.async_entity_ids(domains))
        self._unregistered -= registered.keys()
        self._select(selected(self._hass, self._rules, self._unregistered))
        now = self._hass.loop.time()
        self._look_at = now + _REST * (now - start)

    def _cancel(self) -> None:
        """Forget about looking later."""
        if self._cancel_look:
            self._cancel_look()
            self._cancel_look = None


def _domains(rule: Rule) -> tuple[str, ...]:
    """Return the domains of which a rule takes entities that are in no registry."""
    return rule.scope.unregistered_domains
