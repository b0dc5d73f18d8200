"""Conditions: is confirmed, is overdue."""

from collections.abc import Mapping
from datetime import timedelta
from typing import override

import probatio as vol

from homeassistant.const import CONF_FOR, CONF_OPTIONS, Platform
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.condition import (
    ATTR_BEHAVIOR,
    BEHAVIOR_ALL,
    BEHAVIOR_ANY,
    ENTITY_STATE_CONDITION_SCHEMA_ANY_ALL,
    Condition,
    ConditionConfig,
    EntityConditionBase,
    EntityStateConditionBase,
)

from .anchoring.overdue import is_overdue
from .anchoring.service import ReadingStatus
from .targets import confirmations, unconfirmed_since

_DOMAIN_SPECS: Mapping[str, DomainSpec] = {Platform.SENSOR: DomainSpec()}


class IsConfirmedCondition(EntityStateConditionBase):
    """The newest reading is confirmed."""

    _domain_specs = _DOMAIN_SPECS
    _states: set[str | bool] = {ReadingStatus.CONFIRMED}  # noqa: RUF012 - the base's

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Return the confirmation sensors."""
        return confirmations(self._hass, entities)


class IsOverdueCondition(EntityConditionBase):
    """The oldest reading that is not confirmed has waited for too long."""

    _domain_specs = _DOMAIN_SPECS
    _schema = ENTITY_STATE_CONDITION_SCHEMA_ANY_ALL.extend(
        {
            vol.Required(CONF_OPTIONS): {
                vol.Required(ATTR_BEHAVIOR, default=BEHAVIOR_ANY): vol.In(
                    [BEHAVIOR_ANY, BEHAVIOR_ALL]
                ),
                vol.Required(CONF_FOR): cv.positive_time_period,
            },
        }
    )

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Keep for how long a reading may wait."""
        super().__init__(hass, config)
        assert config.options is not None
        self._after: timedelta = config.options[CONF_FOR]
        # It is the reading that has waited, not the sensor that has been in a state.
        self._duration = None

    @property
    @override
    def needs_polling(self) -> bool:
        """Time alone makes it true."""
        return True

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        """Return the confirmation sensors."""
        return confirmations(self._hass, entities)

    @override
    def is_valid_state(self, entity_state: State) -> bool:
        """Whether what the sensor tells of has waited for too long."""
        return is_overdue(unconfirmed_since(entity_state), self._after)


CONDITIONS: dict[str, type[Condition]] = {
    "is_confirmed": IsConfirmedCondition,
    "is_overdue": IsOverdueCondition,
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions."""
    return CONDITIONS
