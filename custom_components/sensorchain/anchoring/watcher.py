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
from .rule import Occasion, Rule, reading_of

_LOGGER = logging.getLogger(__name__)

type Record = Callable[[Reading, bool], None]


@dataclass(slots=True)
class _Watched:
    """One entity under its rule."""

    rule: Rule
    last: Reading | None = None
    taken_at: float = 0
    cancel_timer: CALLBACK_TYPE | None = None


class Watcher:
    """Watches the entities of the rules and hands on what becomes a reading.

    It listens from the moment it is made. What it sees before `async_begin` tells it the
    last reading of each entity is kept, in order, and decided then.
    """

    _record: Record

    def __init__(self, hass: HomeAssistant, rules: Iterable[Rule]) -> None:
        """Listen, and keep what is seen."""
        self._hass = hass
        self._watched = {
            entity_id: _Watched(rule) for rule in rules for entity_id in rule.entity_ids
        }
        self._present = [
            state
            for entity_id in self._watched
            if (state := hass.states.get(entity_id))
        ]
        self._backlog: list[State] | None = []
        self._unsubscribe = async_track_state_change_event(
            hass, self._watched, self._async_state_changed
        )

    @property
    def entity_ids(self) -> list[str]:
        """The entities watched."""
        return list(self._watched)

    def rule(self, entity_id: str) -> Rule | None:
        """Return the rule that names an entity, if any."""
        watched = self._watched.get(entity_id)
        return watched.rule if watched else None

    @callback
    def async_begin(self, last: Mapping[str, Reading], record: Record) -> None:
        """Decide on what has been seen so far, and from now on at once.

        `last` has the last reading in the log by entity; `record` takes each new reading
        and whether it is public.
        """
        self._record = record
        for entity_id, reading in last.items():
            self._resume(self._watched[entity_id], reading)
        for state in self._present:
            self._meet(state)
        backlog, self._backlog = self._backlog or [], None
        for state in backlog:
            self._consider(state)

    @callback
    def async_take(self, entity_id: str) -> bool:
        """Take the present state as a reading, by request; false when there is none."""
        if (reading := self._read(self._hass.states.get(entity_id))) is None:
            return False
        self._take(self._watched[entity_id], reading)
        return True

    @callback
    def async_stop(self) -> None:
        """Listen no more; once is enough."""
        self._unsubscribe()
        self._unsubscribe = _nothing
        for watched in self._watched.values():
            _cancel_timer(watched)

    @callback
    def _async_state_changed(self, event: Event[EventStateChangedData]) -> None:
        """Decide on a new state, or keep it until deciding is possible."""
        if (state := event.data["new_state"]) is None:
            return
        if self._backlog is None:
            self._consider(state)
        else:
            self._backlog.append(state)

    def _resume(self, watched: _Watched, last: Reading) -> None:
        """Go on after the last reading in the log."""
        age = (dt_util.utcnow() - last.last_updated).total_seconds()
        watched.last = last
        watched.taken_at = self._hass.loop.time() - max(0, age)

    def _meet(self, state: State) -> None:
        """Take the state that an entity has at the start, unless it is in the log."""
        watched, reading = self._watched[state.entity_id], self._read(state)
        if watched.rule.occasion is Occasion.REQUEST or reading is None:
            return
        if reading != watched.last:
            self._take(watched, reading)
        else:
            self._repeat_later(watched, state.entity_id)

    def _consider(self, state: State) -> None:
        """Take the state now, later or not at all, as its rule says."""
        watched, reading = self._watched[state.entity_id], self._read(state)
        rule = watched.rule
        if rule.occasion is Occasion.REQUEST or reading is None:
            return
        if not rule.is_news(reading, watched.last):
            return
        wait = rule.at_most_every.total_seconds() - self._age(watched)
        if wait <= 0 or watched.last is None:
            self._take(watched, reading)
        else:
            self._look_later(watched, state.entity_id, wait)

    def _take(self, watched: _Watched, reading: Reading) -> None:
        """Hand the reading on."""
        watched.last = reading
        watched.taken_at = self._hass.loop.time()
        self._record(reading, watched.rule.public)
        self._repeat_later(watched, reading.entity_id)

    def _repeat_later(self, watched: _Watched, entity_id: str) -> None:
        """Come back when the rule wants a reading though nothing changed."""
        _cancel_timer(watched)
        if watched.rule.occasion is Occasion.REQUEST:
            return
        if period := watched.rule.at_least_every.total_seconds():
            wait = max(0, period - self._age(watched))
            self._look_later(watched, entity_id, wait, though_unchanged=True)

    def _look_later(
        self,
        watched: _Watched,
        entity_id: str,
        wait: float,
        *,
        though_unchanged: bool = False,
    ) -> None:
        """Come back to an entity after some seconds."""

        @callback
        def look(_now: datetime) -> None:
            watched.cancel_timer = None
            self._look(watched, entity_id, though_unchanged)

        _cancel_timer(watched)
        watched.cancel_timer = async_call_later(self._hass, wait, look)

    def _look(self, watched: _Watched, entity_id: str, though_unchanged: bool) -> None:
        """Take the present state, if there is one, when it is news or in any case."""
        reading = self._read(self._hass.states.get(entity_id))
        if reading and (
            though_unchanged or watched.rule.is_news(reading, watched.last)
        ):
            self._take(watched, reading)
            return
        if though_unchanged:
            watched.taken_at = self._hass.loop.time()
        self._repeat_later(watched, entity_id)

    def _read(self, state: State | None) -> Reading | None:
        """Return the reading of a state; none of a state that no leaf can hold."""
        if state is None:
            return None
        try:
            return reading_of(state)
        except MalformedError as err:
            _LOGGER.error("%s cannot be recorded: %s", state.entity_id, err)
            return None

    def _age(self, watched: _Watched) -> float:
        """Return the seconds since the last reading was taken."""
        return self._hass.loop.time() - watched.taken_at


@callback
def _nothing() -> None:
    """Do nothing."""


def _cancel_timer(watched: _Watched) -> None:
    """Forget about coming back."""
    if watched.cancel_timer:
        watched.cancel_timer()
        watched.cancel_timer = None
