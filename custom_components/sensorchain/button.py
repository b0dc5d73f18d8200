"""Buttons: anchor now."""

from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .anchoring.entry import LogConfigEntry
from .const import SUBENTRY_LEDGER
from .entity import LedgerEntity

PARALLEL_UPDATES = 0

ANCHOR_NOW = ButtonEntityDescription(key="anchor_now", translation_key="anchor_now")


async def async_setup_entry(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a button for each ledger."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_LEDGER):
        async_add_entities(
            [AnchorNowButton(entry, subentry)],
            config_subentry_id=subentry.subentry_id,
        )


class AnchorNowButton(LedgerEntity, ButtonEntity):
    """Anchors the present checkpoint on a ledger, whatever its cadence."""

    entity_description = ANCHOR_NOW

    def __init__(self, entry: LogConfigEntry, subentry: ConfigSubentry) -> None:
        """Stand for a ledger's button."""
        super().__init__(entry, subentry)
        self._attr_unique_id = f"{subentry.subentry_id}-{ANCHOR_NOW.key}"

    @override
    async def async_press(self) -> None:
        """Anchor now, and try again what the ledger refused."""
        self._anchorer.request()
