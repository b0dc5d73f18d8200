"""Binary sensors: whether the ledgers of a log answer."""

from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .anchoring.entry import LogConfigEntry
from .const import SUBENTRY_LEDGER
from .entity import LedgerEntity

PARALLEL_UPDATES = 0

CONNECTED = BinarySensorEntityDescription(
    key="connected",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the connectivity of each ledger."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_LEDGER):
        async_add_entities(
            [LedgerConnectedSensor(entry, subentry)],
            config_subentry_id=subentry.subentry_id,
        )


class LedgerConnectedSensor(LedgerEntity, BinarySensorEntity):
    """Whether a ledger answered when it was last asked."""

    entity_description = CONNECTED

    def __init__(self, entry: LogConfigEntry, subentry: ConfigSubentry) -> None:
        """Stand for a ledger's connectivity."""
        super().__init__(entry, subentry)
        self._attr_unique_id = f"{subentry.subentry_id}-{CONNECTED.key}"

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether the ledger answers; unknown before it was asked."""
        return self._anchorer.is_connected
