"""Binary sensors: whether the ledgers of a log answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .anchoring.anchorer import Anchorer
from .anchoring.entry import LogConfigEntry
from .entity import LedgerEntity, add_ledger_entities

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class LedgerBinarySensorDescription(BinarySensorEntityDescription):
    """A binary sensor of a ledger: a value of its anchorer."""

    value_fn: Callable[[Anchorer], bool | None]


BINARY_SENSORS = (
    LedgerBinarySensorDescription(
        key="connected",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda anchorer: anchorer.is_connected,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the connectivity of each ledger."""
    add_ledger_entities(entry, async_add_entities, LedgerBinarySensor, BINARY_SENSORS)


class LedgerBinarySensor(LedgerEntity, BinarySensorEntity):
    """Something of a ledger that is so or not."""

    entity_description: LedgerBinarySensorDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether it is so; None before it is known."""
        return self.entity_description.value_fn(self._anchorer)
