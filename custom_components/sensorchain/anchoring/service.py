"""The service: one log with its rules and ledgers, as entities and actions see it."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
import logging

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from ..ledgers.ledger import Ledger
from ..transparency.errors import StorageError
from ..transparency.log import LoggedReading
from ..transparency.reading import Reading
from .anchorer import Anchorer, Schedule
from .anchors import Anchor
from .database import Database
from .rule import Rule
from .watcher import Watcher
from .writer import Writer

_LOGGER = logging.getLogger(__name__)


class ReadingStatus(StrEnum):
    """How far a reading has come; derived from its index, never stored."""

    RECORDED = "recorded"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class LedgerConfig:
    """A ledger of the log, and how often to use it."""

    ledger_id: str
    title: str
    ledger: Ledger
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A reading, how far it has come, and the anchor that it is in, if any."""

    reading: LoggedReading
    status: ReadingStatus
    anchor: Anchor | None


class AnchoringService:
    """Records readings by rule and carries the log's checkpoints to its ledgers."""

    def __init__(
        self,
        hass: HomeAssistant,
        rules: Iterable[Rule],
        *,
        needs_all_ledgers: bool = False,
    ) -> None:
        """Watch from now on; nothing is recorded before `async_start`."""
        self.anchorers: dict[str, Anchorer] = {}
        self.storage_error: StorageError | None = None
        self._hass = hass
        self._needs_all_ledgers = needs_all_ledgers
        self._taken: list[tuple[Reading, bool]] = []
        self._watcher = Watcher(hass, rules, self._take)
        self._database: Database
        self._writer: Writer
        self._latest: dict[str, LoggedReading] = {}
        self._confirmed: dict[str, Confirmation] = {}
        self._listeners: set[Callable[[], None]] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._is_stopped = False

    async def async_start(
        self, database: Database, ledgers: Iterable[LedgerConfig]
    ) -> None:
        """Begin to record and to anchor; the database is the service's from now on."""
        self._database = database
        self._writer = Writer(self._hass, database, self._recorded, self._stored)
        for config in ledgers:
            anchorer = Anchorer(
                config.ledger_id,
                config.title,
                config.ledger,
                config.schedule,
                database,
                self._ledger_changed,
            )
            self.anchorers[config.ledger_id] = anchorer
            await anchorer.load()
        self._latest = await database.run(self._read_latest, None)
        await self._read_confirmed()
        self._watcher.async_begin(
            {entity: logged.leaf.reading for entity, logged in self._latest.items()}
        )
        self._tasks = [
            self._hass.async_create_background_task(
                anchorer.run(), f"sensorchain anchorer {anchorer.title}"
            )
            for anchorer in self.anchorers.values()
        ]

    @callback
    def async_abandon(self) -> None:
        """Watch no more, without having started."""
        self._watcher.async_stop()

    async def async_stop(self) -> None:
        """Anchor no more, write the last readings, and close the log; once."""
        if self._is_stopped:
            return
        self._is_stopped = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._watcher.async_stop()
        await self._writer.async_flush()
        if self._writer.pending:
            _LOGGER.error("%d readings could not be written", self._writer.pending)
        await self._database.close()

    @property
    def entity_ids(self) -> list[str]:
        """The entities that the rules name."""
        return self._watcher.entity_ids

    @property
    def size(self) -> int:
        """How many readings are recorded."""
        return self._database.log.size

    @property
    def unwritten(self) -> int:
        """How many readings wait for the disk."""
        return self._writer.pending

    @property
    def confirmed_size(self) -> int:
        """How many leaves are confirmed: by any ledger, or by all of them."""
        sizes = [anchorer.confirmed_size for anchorer in self.anchorers.values()]
        return (min if self._needs_all_ledgers else max)(sizes, default=0)

    def status(self, index: int) -> ReadingStatus:
        """Return how far the reading at an index has come."""
        anchorers = self.anchorers.values()
        if index < self.confirmed_size:
            return ReadingStatus.CONFIRMED
        if any(index < anchorer.submitted_size for anchorer in anchorers):
            return ReadingStatus.SUBMITTED
        if anchorers and all(anchorer.is_rejected for anchorer in anchorers):
            return ReadingStatus.FAILED
        return ReadingStatus.RECORDED

    def latest(self, entity_id: str) -> Confirmation | None:
        """Return an entity's newest recorded reading, and how far it has come."""
        if (reading := self._latest.get(entity_id)) is None:
            return None
        confirmed = self._confirmed.get(entity_id)
        if confirmed and confirmed.reading.index == reading.index:
            return confirmed
        status = self.status(reading.index)
        anchor = self._submitted_anchor(reading.index)
        return Confirmation(reading, status, anchor)

    def latest_confirmed(self, entity_id: str) -> Confirmation | None:
        """Return an entity's newest confirmed reading, and the anchor that confirmed it."""
        return self._confirmed.get(entity_id)

    def ledger_statuses(self, index: int) -> Mapping[str, ReadingStatus]:
        """Return how far the reading at an index has come on each ledger, by its title."""
        return {
            anchorer.title: _status_on(anchorer, index)
            for anchorer in self.anchorers.values()
        }

    @callback
    def async_add_listener(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call a listener whenever anything told here has changed; return how to stop."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    @callback
    def async_anchor_now(self) -> None:
        """Have every ledger anchor now."""
        for anchorer in self.anchorers.values():
            anchorer.request()

    async def async_record(self, entity_ids: Iterable[str]) -> None:
        """Record the present state of entities of the rules; durable when it returns."""
        for entity_id in entity_ids:
            self._watcher.async_take(entity_id)
        await self._writer.async_flush()

    @callback
    def _take(self, reading: Reading, is_public: bool) -> None:
        """Have a reading written."""
        self._writer.async_write([(reading, is_public)])

    @callback
    def _recorded(self, logged: list[LoggedReading]) -> None:
        """Tell of readings that are durable now."""
        for reading in logged:
            self._latest[reading.leaf.reading.entity_id] = reading
        for anchorer in self.anchorers.values():
            anchorer.wake()
        self._tell()

    @callback
    def _stored(self, error: StorageError | None) -> None:
        """Tell of a log that can not be written, or can be again."""
        if error is not self.storage_error:
            self.storage_error = error
            self._tell()

    async def _ledger_changed(self) -> None:
        """Tell of an anchor or a ledger that has changed."""
        await self._read_confirmed()
        self._tell()

    def _tell(self) -> None:
        """Call the listeners."""
        for listener in list(self._listeners):
            listener()

    def _submitted_anchor(self, index: int) -> Anchor | None:
        """Return the first anchor that covers a reading and is not confirmed."""
        for anchorer in self.anchorers.values():
            for anchor in anchorer.submitted:
                if anchor.size > index:
                    return anchor
        return None

    async def _read_confirmed(self) -> None:
        """Read each entity's newest confirmed reading, and its anchor."""
        self._confirmed |= await self._database.run(self._newly_confirmed)

    def _newly_confirmed(self) -> dict[str, Confirmation]:
        """Return the newest confirmed readings that are not known yet (log's thread)."""
        return {
            entity_id: Confirmation(
                reading, ReadingStatus.CONFIRMED, self._confirming_anchor(reading.index)
            )
            for entity_id, reading in self._read_latest(self.confirmed_size).items()
            if (known := self._confirmed.get(entity_id)) is None
            or known.reading.index != reading.index
        }

    def _confirming_anchor(self, index: int) -> Anchor | None:
        """Return the anchor that made a reading confirmed (log's thread)."""
        anchors = {
            anchor.confirmed_at: anchor
            for ledger_id in self.anchorers
            if (anchor := self._database.anchors.covering(ledger_id, index))
            and anchor.confirmed_at
        }
        choose = max if self._needs_all_ledgers else min
        return anchors[choose(anchors)] if anchors else None

    def _read_latest(self, size: int | None) -> dict[str, LoggedReading]:
        """Return each entity's newest reading in the first `size` leaves (log's thread)."""
        return {
            entity_id: reading
            for entity_id in self._watcher.entity_ids
            if (reading := self._database.log.latest(entity_id, size))
        }


def _status_on(anchorer: Anchorer, index: int) -> ReadingStatus:
    """Return how far a reading has come on one ledger."""
    if index < anchorer.confirmed_size:
        return ReadingStatus.CONFIRMED
    if index < anchorer.submitted_size:
        return ReadingStatus.SUBMITTED
    return ReadingStatus.FAILED if anchorer.is_rejected else ReadingStatus.RECORDED
