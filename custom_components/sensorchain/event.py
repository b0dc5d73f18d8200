"""Events: what happens to a log's anchors, one entity a log."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, override

from homeassistant.components.event import EventEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .anchoring.anchorer import Anchorer
from .anchoring.entry import LogConfigEntry
from .anchoring.overdue import Deadline
from .anchoring.service import ReadingStatus
from .entity import LogEntity

PARALLEL_UPDATES = 0


class Happening(StrEnum):
    """What can happen."""

    CONFIRMED = "confirmed"
    FAILED = "failed"
    OVERDUE = "overdue"
    LEDGER_UNREACHABLE = "ledger_unreachable"
    LEDGER_REFUSED = "ledger_refused"
    LEDGER_BACK = "ledger_back"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event entity of a log."""
    async_add_entities([AnchoringEvent(hass, entry)])


class AnchoringEvent(LogEntity, EventEntity):
    """Tells what happens by comparing what is so with what was so."""

    _attr_translation_key = "anchoring"

    def __init__(self, hass: HomeAssistant, entry: LogConfigEntry) -> None:
        """Begin with what is so now."""
        super().__init__(entry)
        self._attr_unique_id = f"{entry.entry_id}-anchoring"
        self._attr_event_types = [happening.value for happening in Happening]
        self._confirmed_size = self._service.confirmed_size
        self._has_failed = False
        self._troubles: dict[str, Happening | None] = {}
        self._deadline = Deadline(
            hass, self._service.overdue_after, self._async_became_overdue
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the log."""
        self.async_on_remove(self._service.async_add_listener(self._async_compare))
        self.async_on_remove(self._deadline.async_stop)
        self._async_compare()

    @callback
    def _async_compare(self) -> None:
        """Tell what has happened since the last time."""
        for anchorer in self._service.anchorers.values():
            self._compare_ledger(anchorer)
        self._compare_failure()
        self._compare_confirmations()
        self._deadline.async_follow(self._service.unconfirmed_since())

    def _compare_ledger(self, anchorer: Anchorer) -> None:
        """Tell of a ledger that has ceased to work, or works again."""
        trouble = _trouble(anchorer)
        before, self._troubles[anchorer.ledger_id] = (
            self._troubles.get(anchorer.ledger_id),
            trouble,
        )
        if trouble is before:
            return
        data = {"ledger": anchorer.title}
        if trouble:
            self._happened(trouble, {**data, "reason": str(anchorer.error)})
        else:
            self._happened(Happening.LEDGER_BACK, data)

    def _compare_failure(self) -> None:
        """Tell of readings that all ledgers refuse."""
        newest = self._service.size - 1
        before = self._has_failed
        self._has_failed = (
            newest >= 0 and self._service.status(newest) is ReadingStatus.FAILED
        )
        if self._has_failed and not before:
            self._happened(Happening.FAILED, self._waiting())

    def _compare_confirmations(self) -> None:
        """Tell of readings that are confirmed; one that was taken back can be so again."""
        before, self._confirmed_size = (
            self._confirmed_size,
            self._service.confirmed_size,
        )
        if self._confirmed_size <= before:
            return
        anchor = self._service.last_confirmed
        anchorer = self._service.anchorers[anchor.ledger_id] if anchor else None
        self._happened(
            Happening.CONFIRMED,
            {
                "first_index": before,
                "readings": self._confirmed_size - before,
                "ledger": anchorer.title if anchorer else None,
                **self._anchor_attributes(anchor),
            },
        )

    @callback
    def _async_became_overdue(self) -> None:
        """Tell that the oldest reading that is not confirmed has waited too long."""
        self._happened(Happening.OVERDUE, self._waiting())

    def _waiting(self) -> Mapping[str, Any]:
        """Return what is told of readings that are not confirmed."""
        return {
            "readings": self._service.size - self._service.confirmed_size,
            "unconfirmed_since": self._service.unconfirmed_since(),
        }

    def _happened(self, happening: Happening, data: Mapping[str, Any]) -> None:
        """Tell of one thing."""
        self._trigger_event(happening, dict(data))
        self.async_write_ha_state()


def _trouble(anchorer: Anchorer) -> Happening | None:
    """Return what is wrong with a ledger, None while nothing is known to be."""
    if anchorer.is_rejected:
        return Happening.LEDGER_REFUSED
    if anchorer.is_connected is False:
        return Happening.LEDGER_UNREACHABLE
    return None
