"""Buttons: anchor now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .anchoring.anchorer import Anchorer
from .anchoring.entry import LogConfigEntry
from .entity import LedgerEntity, add_ledger_entities

PARALLEL_UPDATES = 0

ANCHOR_NOW = "anchor_now"


@dataclass(frozen=True, kw_only=True)
class LedgerButtonDescription(ButtonEntityDescription):
    """A button of a ledger: what its anchorer does."""

    press_fn: Callable[[Anchorer], None]


BUTTONS = (
    LedgerButtonDescription(
        key=ANCHOR_NOW,
        translation_key=ANCHOR_NOW,
        press_fn=lambda anchorer: anchorer.request(),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a button for each ledger."""
    add_ledger_entities(entry, async_add_entities, LedgerButton, BUTTONS)


class LedgerButton(LedgerEntity, ButtonEntity):
    """Something that a ledger can be asked to do."""

    entity_description: LedgerButtonDescription

    @override
    async def async_press(self) -> None:
        """Do it."""
        self.entity_description.press_fn(self._anchorer)
