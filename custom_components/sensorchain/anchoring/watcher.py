"""The watcher: from state changes, by rule, to readings."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
import logging

from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers.event import async_call_later, async_track_state_change_event
from homeassistant.util import dt as dt_util

from ..transparency.errors import MalformedError
from ..transparency.reading import Reading
from .names import Naming
from .rule import Occasion, Rule, reading_of
from .sources import Sources

_LOGGER = logging.getLogger(__name__)

type Record = Callable[[Reading, bool], None]
type Last = Callable[[str], Reading | None]


@dataclass(slots=True)
class _Watched:
    """One entity under its rule; no name before the watcher has begun.

    `present` is the state that it had when it came under the rules, or when the watcher
    was paused; `is_new` tells that this has not been decided on.
    """

    rule: Rule
    unsubscribe: CALLBACK_TYPE
    present: State | None
    is_new: bool = True
    name: str | None = None
    last: Reading | None = None
    taken_at: float = 0
    cancel_timer: CALLBACK_TYPE | None = None


@dataclass(frozen=True, slots=True)
class SourceListener:
    """Who wants to know of the entities that are watched.

    `changed` gets the id of an entity that is watched from now on, or no longer, or under
    another rule, or that has its first state, or another entry in the registry; `renamed`
    gets the old and the new id.
    """

    changed: Callable[[str], None]
    renamed: Callable[[str, str], None]


class Watcher:
    """Watches the entities of the rules and hands on what becomes a reading.

    It listens from the moment it has rules, through any number of runs of the log:

        rules → listening → async_begin → deciding → async_pause → listening → …

    What it sees while it may not decide is kept, in order, and decided when it may: before
    a log is open, and while the log is started anew.
    """

    _record: Record
    _naming: Naming
    _last: Last

    def __init__(self, hass: HomeAssistant, rules: Iterable[Rule] = ()) -> None:
        """Listen by some rules, and keep what is seen."""
        self._hass = hass
        self._watched: dict[str, _Watched] = {}
        self._backlog: list[tuple[_Watched, State]] | None = []
        self._listeners: set[SourceListener] = set()
        self._sources = Sources(
            hass,
            select=self._select,
            appear=self._appear,
            rename=self._rename,
            touch=self._touch,
        )
        self.async_set_rules(rules)

    @property
    def entity_ids(self) -> list[str]:
        """The entities watched."""
        return list(self._watched)

    def expects(self, entity_id: str) -> bool:
        """Tell whether the rules would select an entity that is in no registry."""
        return self._sources.expects(entity_id)

    def rule(self, entity_id: str) -> Rule | None:
        """Return the rule that an entity is under, if any."""
        watched = self._watched.get(entity_id)
        return watched.rule if watched else None

    def name(self, entity_id: str) -> str:
        """Return the name that the log has for an entity."""
        watched = self._watched.get(entity_id)
        return (watched and watched.name) or self._naming.name(entity_id)

    @callback
    def async_set_rules(self, rules: Iterable[Rule]) -> None:
        """Watch by these rules from now on."""
        self._sources.async_set_rules(rules)

    @callback
    def async_add_listener(self, listener: SourceListener) -> CALLBACK_TYPE:
        """Tell somebody of the entities that are watched; return how to stop."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    @callback
    def async_begin(self, last: Last, record: Record, naming: Naming) -> None:
        """Decide on what has been seen so far, and from now on at once.

        `last` tells the last reading that the log has under a name; `record` takes each new
        reading and whether it is public.
        """
        self._last, self._record, self._naming = last, record, naming
        backlog, self._backlog = self._backlog or [], None
        for entity_id, watched in self._watched.items():
            self._resume(entity_id, watched)
        for watched, state in backlog:
            self._consider(watched, state)
        for entity_id, watched in self._watched.items():
            self._catch_up(entity_id, watched)

    @callback
    def async_pause(self) -> None:
        """Listen on, but decide nothing until it begins again."""
        if self._backlog is not None:
            return
        self._backlog = []
        for entity_id, watched in self._watched.items():
            watched.present = self._hass.states.get(entity_id)
            _cancel_timer(watched)

    @callback
    def async_take(self, entity_id: str) -> bool:
        """Take the present state as a reading, by request; false when there is none."""
        watched = self._watched[entity_id]
        reading = self._read(watched, self._hass.states.get(entity_id))
        if reading is None:
            return False
        self._take(entity_id, watched, reading)
        return True

    @callback
    def async_stop(self) -> None:
        """Listen no more; once is enough."""
        self._sources.async_stop()
        self._select({})

    def _select(self, rules: Mapping[str, Rule]) -> None:
        """Watch these entities, each under its rule, and no others."""
        for entity_id in self._watched.keys() - rules.keys():
            self._forget(self._watched.pop(entity_id))
            self._tell(entity_id)
        for entity_id, rule in rules.items():
            if (watched := self._watched.get(entity_id)) is None:
                self._watch(entity_id, rule, self._hass.states.get(entity_id))
            elif watched.rule != rule:
                watched.rule = rule
                if self._backlog is None:
                    self._catch_up(entity_id, watched)
                self._tell(entity_id)

    def _watch(self, entity_id: str, rule: Rule, present: State | None) -> None:
        """Watch an entity, whose present state is the first one to be decided on."""
        watched = _Watched(rule, self._listen(entity_id), present)
        self._watched[entity_id] = watched
        if self._backlog is None:
            self._resume(entity_id, watched)
            self._catch_up(entity_id, watched)
        self._tell(entity_id)

    def _appear(self, state: State, rule: Rule) -> None:
        """Watch an entity from its first state on."""
        if state.entity_id not in self._watched:
            self._watch(state.entity_id, rule, state)

    def _rename(self, old: str, new: str) -> None:
        """Go on watching an entity under its new id."""
        if (watched := self._watched.pop(old, None)) is None:
            return
        if replaced := self._watched.pop(new, None):
            self._forget(replaced)
        watched.unsubscribe()
        watched.unsubscribe = self._listen(new)
        self._watched[new] = watched
        if self._backlog is None:
            self._catch_up(new, watched)
        for listener in list(self._listeners):
            listener.renamed(old, new)

    def _touch(self, entity_id: str) -> None:
        """Tell that what is registered of an entity has changed."""
        if (watched := self._watched.get(entity_id)) is None:
            return
        if self._backlog is None:
            watched.name = self._naming.name(entity_id)
        self._tell(entity_id)

    def _forget(self, watched: _Watched) -> None:
        """Watch an entity no more."""
        watched.unsubscribe()
        _cancel_timer(watched)
        if self._backlog:
            self._backlog = [each for each in self._backlog if each[0] is not watched]

    def _listen(self, entity_id: str) -> CALLBACK_TYPE:
        """Listen to the changes of an entity's state; return how to stop."""
        return async_track_state_change_event(
            self._hass, entity_id, self._async_state_changed
        )

    def _tell(self, entity_id: str) -> None:
        """Tell that something about an entity has changed."""
        for listener in list(self._listeners):
            listener.changed(entity_id)

    @callback
    def _async_state_changed(self, event: Event[EventStateChangedData]) -> None:
        """Decide on a new state, or keep it until deciding is possible."""
        state, watched = (
            event.data["new_state"],
            self._watched.get(event.data["entity_id"]),
        )
        if state is None or watched is None:
            return
        if event.data["old_state"] is None:
            self._tell(state.entity_id)
        if self._backlog is None:
            self._consider(watched, state)
        else:
            self._backlog.append((watched, state))

    def _resume(self, entity_id: str, watched: _Watched) -> None:
        """Go on after the last reading in the log; meet what has come since."""
        watched.name = self._naming.name(entity_id)
        last = self._last(watched.name)
        if last != watched.last:
            watched.is_new = True
        if last and last != watched.last:
            age = (dt_util.utcnow() - last.last_updated).total_seconds()
            watched.taken_at = self._hass.loop.time() - max(0, age)
        watched.last = last
        if watched.is_new:
            self._meet(entity_id, watched)
        watched.is_new = False

    def _meet(self, entity_id: str, watched: _Watched) -> None:
        """Take the state that an entity has at the start, unless it is in the log."""
        reading = self._read(watched, watched.present)
        if watched.rule.occasion is Occasion.REQUEST or reading is None:
            return
        if reading != watched.last:
            self._take(entity_id, watched, reading)

    def _catch_up(self, entity_id: str, watched: _Watched) -> None:
        """Come back to an entity when its rule says so, and to what it left for later."""
        self._repeat_later(entity_id, watched)
        if state := self._hass.states.get(entity_id):
            self._consider(watched, state)

    def _consider(self, watched: _Watched, state: State) -> None:
        """Take the state now, later or not at all, as its rule says."""
        rule = watched.rule
        if rule.occasion is Occasion.REQUEST:
            return
        reading = self._read(watched, state)
        if reading is None or not rule.is_news(reading, watched.last):
            return
        wait = rule.at_most_every.total_seconds() - self._age(watched)
        if wait <= 0 or watched.last is None:
            self._take(state.entity_id, watched, reading)
        else:
            self._look_later(state.entity_id, watched, wait)

    def _take(self, entity_id: str, watched: _Watched, reading: Reading) -> None:
        """Hand the reading on."""
        watched.last = reading
        watched.taken_at = self._hass.loop.time()
        self._record(reading, watched.rule.public)
        self._repeat_later(entity_id, watched)

    def _repeat_later(self, entity_id: str, watched: _Watched) -> None:
        """Come back when the rule wants a reading though nothing changed."""
        _cancel_timer(watched)
        if watched.rule.occasion is Occasion.REQUEST or watched.last is None:
            return
        if period := watched.rule.at_least_every.total_seconds():
            wait = max(0, period - self._age(watched))
            self._look_later(entity_id, watched, wait, though_unchanged=True)

    def _look_later(
        self,
        entity_id: str,
        watched: _Watched,
        wait: float,
        *,
        though_unchanged: bool = False,
    ) -> None:
        """Come back to an entity after some seconds."""

        @callback
        def look(_now: datetime) -> None:
            watched.cancel_timer = None
            self._look(entity_id, watched, though_unchanged)

        _cancel_timer(watched)
        watched.cancel_timer = async_call_later(self._hass, wait, look)

    def _look(self, entity_id: str, watched: _Watched, though_unchanged: bool) -> None:
        """Take the present state, if there is one, when it is news or in any case."""
        reading = self._read(watched, self._hass.states.get(entity_id))
        if reading and (
            though_unchanged or watched.rule.is_news(reading, watched.last)
        ):
            self._take(entity_id, watched, reading)
            return
        if though_unchanged:
            watched.taken_at = self._hass.loop.time()
        self._repeat_later(entity_id, watched)

    def _read(self, watched: _Watched, state: State | None) -> Reading | None:
        """Return the reading of a state; none of a state that no leaf can hold."""
        if state is None:
            return None
        try:
            return reading_of(state, watched.name)
        except MalformedError as err:
            _LOGGER.error("%s cannot be recorded: %s", state.entity_id, err)
            return None

    def _age(self, watched: _Watched) -> float:
        """Return the seconds since the last reading was taken."""
        return self._hass.loop.time() - watched.taken_at


def _cancel_timer(watched: _Watched) -> None:
    """Forget about coming back."""
    if watched.cancel_timer:
        watched.cancel_timer()
        watched.cancel_timer = None
