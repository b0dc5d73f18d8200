"""Rules: which entities are read, and when a state becomes a reading."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Self

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import State

from ..transparency.reading import Reading
from .scope import Scope


class Occasion(StrEnum):
    """What makes a state a reading."""

    CHANGE = "change"
    REQUEST = "request"


NO_SCOPE = Scope()
"""The scope of a rule that has only entities named one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which entities are read, when a state becomes a reading, whether it is public.

    A rule, as its subentry holds it, looks like this (times in seconds, 0 for none):

        {"entity_ids": ["sensor.fridge"], "scope": {"area_ids": ["kitchen"]},
         "occasion": "change", "at_most_every": 0, "moved_by": 0.5,
         "at_least_every": 3600, "public": true}

    `entity_ids` are named one by one, `scope` is what they may have in common. `rule_id`
    is the subentry's id.
    """

    entity_ids: tuple[str, ...]
    scope: Scope = NO_SCOPE
    rule_id: str = ""
    occasion: Occasion = Occasion.CHANGE
    at_most_every: timedelta = timedelta()
    moved_by: Decimal = Decimal()
    at_least_every: timedelta = timedelta()
    public: bool = False

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any], rule_id: str = "") -> Self:
        """Return the rule that a subentry's data describe."""
        return cls(
            entity_ids=tuple(data["entity_ids"]),
            scope=Scope.from_mapping(data.get("scope", {})),
            rule_id=rule_id,
            occasion=Occasion(data["occasion"]),
            at_most_every=timedelta(seconds=data["at_most_every"]),
            moved_by=Decimal(str(data["moved_by"])),
            at_least_every=timedelta(seconds=data["at_least_every"]),
            public=data["public"],
        )

    def renamed(self, old: str, new: str) -> Self:
        """Return the rule with another id for an entity that it names."""
        if old not in self.entity_ids:
            return self
        ids = dict.fromkeys(new if each == old else each for each in self.entity_ids)
        return replace(self, entity_ids=tuple(ids))

    @property
    def takes_every_change(self) -> bool:
        """Whether every change of the state becomes a reading."""
        return (
            self.occasion is Occasion.CHANGE
            and not self.moved_by
            and not self.at_most_every
        )

    def is_news(self, reading: Reading, last: Reading | None) -> bool:
        """Whether the reading says something that the last one did not.

        A value that is no number (`unavailable` among them) is news whenever it differs.
        """
        if last is None:
            return True
        if (reading.state, reading.unit) == (last.state, last.unit):
            return False
        if reading.unit != last.unit or not self.moved_by:
            return True
        return _distance(reading.state, last.state) >= self.moved_by


def _distance(state: str, other: str) -> Decimal:
    """How far apart two states are; infinitely far when one of them is no number."""
    try:
        distance = abs(Decimal(state) - Decimal(other))
    except InvalidOperation:
        return Decimal("Infinity")
    return distance if distance.is_finite() else Decimal("Infinity")


def reading_of(state: State, name: str | None = None) -> Reading:
    """Return the reading that a Home Assistant state is, of an entity that has a name.

    Without a name it is of the state's own entity id.
    """
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    return Reading(
        entity_id=name or state.entity_id,
        state=state.state,
        unit=None if unit is None else str(unit),
        last_updated=state.last_updated,
    )
