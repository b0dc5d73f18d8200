"""Triggers: confirmed, failed, overdue, and a ledger that cannot be reached."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import partial
from typing import Any, cast, override

import probatio as vol

from homeassistant.const import (
    ATTR_ENTITY_ID,
    CONF_FOR,
    CONF_OPTIONS,
    STATE_OFF,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    Platform,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, State, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.target import (
    TargetStateChangedData,
    async_track_target_selector_state_change_event,
)
from homeassistant.helpers.trigger import (
    ENTITY_STATE_TRIGGER_SCHEMA,
    EntityTargetStateTriggerBase,
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType

from .anchoring.overdue import Deadline
from .anchoring.service import ReadingStatus
from .targets import (
    ATTR_LAST_CONFIRMED,
    confirmations,
    ledger_connectivities,
    unconfirmed_since,
)

_NOT_TOLD = (STATE_UNAVAILABLE, STATE_UNKNOWN)


class AnchoringFailedTrigger(EntityTargetStateTriggerBase):
    """All ledgers of a log refuse, so that a reading is anchored nowhere."""

    _domain_specs: Mapping[str, DomainSpec] = {Platform.SENSOR: DomainSpec()}
    _to_states: set[str] = {ReadingStatus.FAILED}  # noqa: RUF012 - the base's
    # The first reading of all may fail; what failed before a restart is told again.
    _excluded_from_states = frozenset({STATE_UNAVAILABLE})

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Return the confirmation sensors."""
        return confirmations(self._hass, entities)


class LedgerBecameUnreachableTrigger(EntityTargetStateTriggerBase):
    """A ledger does not answer any more."""

    _domain_specs: Mapping[str, DomainSpec] = {Platform.BINARY_SENSOR: DomainSpec()}
    _to_states: set[str] = {STATE_OFF}  # noqa: RUF012 - the base's
    _excluded_from_states = frozenset({STATE_UNAVAILABLE})
    _primary_entities_only = False

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Return what tells whether a ledger answers."""
        return ledger_connectivities(self._hass, entities)


class _ConfirmationTrigger(Trigger):
    """A trigger that looks at each state of each targeted confirmation sensor."""

    _schema = ENTITY_STATE_TRIGGER_SCHEMA

    @classmethod
    @override
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Return a valid configuration."""
        return cast(ConfigType, cls._schema(config))

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Keep what is targeted."""
        super().__init__(hass, config)
        assert config.target is not None
        self._target = config.target
        self._options = config.options or {}

    async def _async_track(self, tracker: _Tracker) -> CALLBACK_TYPE:
        """Have the states of confirmation sensors looked at; return how to stop."""

        @callback
        def changed(data: TargetStateChangedData) -> None:
            tracker.look(data.state_change_event.data["new_state"])

        @callback
        def entities_changed(
            added: set[str], removed: set[str], states: Mapping[str, State | None]
        ) -> None:
            for entity_id in removed:
                tracker.forget(entity_id)
            for entity_id in added:
                tracker.look(states[entity_id])

        untrack = await async_track_target_selector_state_change_event(
            self._hass,
            self._target,
            changed,
            partial(confirmations, self._hass),
            entities_changed,
        )

        @callback
        def stop() -> None:
            untrack()
            tracker.stop()

        return stop


class _Tracker(ABC):
    """What is known of each confirmation sensor while a trigger is attached."""

    def __init__(self, run_action: TriggerActionRunner) -> None:
        """Run the action when it is time."""
        self._run_action = run_action

    @callback
    def look(self, state: State | None) -> None:
        """Look at a state, unless it tells nothing."""
        if state is not None and state.state not in _NOT_TOLD:
            self.take(state)

    @abstractmethod
    def take(self, state: State) -> None:
        """Take what a state tells."""

    @abstractmethod
    def forget(self, entity_id: str) -> None:
        """Forget an entity."""

    def stop(self) -> None:  # noqa: B027 - what waits for nothing has nothing to do
        """Wait for nothing more."""


class _Confirmed(_Tracker):
    """The newest confirmed reading of each confirmation sensor."""

    def __init__(self, run_action: TriggerActionRunner) -> None:
        """Know none."""
        super().__init__(run_action)
        self._indexes: dict[str, int] = {}

    @override
    def take(self, state: State) -> None:
        """Run the action for a newer one than the last; the first is no news."""
        confirmed: Mapping[str, Any] = state.attributes[ATTR_LAST_CONFIRMED] or {}
        index = confirmed.get("index", -1)
        last = self._indexes.setdefault(state.entity_id, index)
        if index <= last:
            return
        self._indexes[state.entity_id] = index
        data = {
            ATTR_ENTITY_ID: state.entity_id,
            "source": state.attributes.get("source"),
            **confirmed,
        }
        self._run_action(data, f"{state.name} of reading {index}", state.context)

    @override
    def forget(self, entity_id: str) -> None:
        """Forget an entity."""
        self._indexes.pop(entity_id, None)


class BecameConfirmedTrigger(_ConfirmationTrigger):
    """A reading became confirmed, and all before it."""

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Run the action whenever there is a newer confirmed reading."""
        return await self._async_track(_Confirmed(run_action))


class _Overdue(_Tracker):
    """A deadline for each confirmation sensor."""

    def __init__(
        self, hass: HomeAssistant, options: Mapping[str, Any], run: TriggerActionRunner
    ) -> None:
        """Have none yet."""
        super().__init__(run)
        self._hass = hass
        self._after = options[CONF_FOR]
        self._deadlines: dict[str, Deadline] = {}

    @override
    def take(self, state: State) -> None:
        """Set the deadline for what is not confirmed."""
        entity_id = state.entity_id
        if entity_id not in self._deadlines:
            became_overdue = partial(self._pass, entity_id)
            self._deadlines[entity_id] = Deadline(
                self._hass, self._after, became_overdue
            )
        self._deadlines[entity_id].async_follow(unconfirmed_since(state))

    @callback
    def _pass(self, entity_id: str) -> None:
        """Run the action for what has waited too long, as far as can still be told."""
        state = self._hass.states.get(entity_id)
        if state is None or (since := unconfirmed_since(state)) is None:
            return
        data = {
            ATTR_ENTITY_ID: entity_id,
            "source": state.attributes.get("source"),
            "unconfirmed_since": since,
            CONF_FOR: self._after,
        }
        self._run_action(data, f"{state.name} overdue", state.context)

    @override
    def forget(self, entity_id: str) -> None:
        """Forget an entity."""
        if deadline := self._deadlines.pop(entity_id, None):
            deadline.async_stop()

    @override
    def stop(self) -> None:
        """Wait for nothing more."""
        for deadline in self._deadlines.values():
            deadline.async_stop()


class BecameOverdueTrigger(_ConfirmationTrigger):
    """The oldest reading that is not confirmed has waited for too long."""

    _schema = ENTITY_STATE_TRIGGER_SCHEMA.extend(
        {
            vol.Required(CONF_OPTIONS): {
                vol.Required(CONF_FOR): cv.positive_time_period
            },
        }
    )

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Run the action once each time that it has waited for too long."""
        return await self._async_track(_Overdue(self._hass, self._options, run_action))


TRIGGERS: dict[str, type[Trigger]] = {
    "anchoring_failed": AnchoringFailedTrigger,
    "became_confirmed": BecameConfirmedTrigger,
    "became_overdue": BecameOverdueTrigger,
    "ledger_became_unreachable": LedgerBecameUnreachableTrigger,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers."""
    return TRIGGERS
