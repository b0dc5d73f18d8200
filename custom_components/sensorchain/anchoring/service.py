"""The service: one log with its rules and ledgers, as entities and actions see it."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
import logging
import sqlite3

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..transparency.checkpoint import SignedCheckpoint
from ..transparency.errors import StorageError
from ..transparency.log import LoggedReading
from ..transparency.note import VerifierKey
from ..transparency.reading import Reading
from .anchorer import Anchorer, LedgerConfig
from .anchors import Anchor
from .archiver import run_archiver
from .continuity import Continuity, SupersededError, check_continues
from .database import Database
from .names import Naming
from .overdue import RecordingTimes, patience
from .rule import Rule
from .teller import Listener, Teller
from .unwritten import missing_from
from .watcher import SourceListener, Watcher
from .writer import Writer

_LOGGER = logging.getLogger(__name__)

type Superseded = Callable[["AnchoringService", SignedCheckpoint], None]

# Readings that are carried to a log's successor at a time.
_PAGE = 1000

# So far the clock may go back without being told: those who set it by network do it often.
_TOLERANCE = timedelta(minutes=1)


class ReadingStatus(StrEnum):
    """How far a reading has come; derived from its index, never stored."""

    RECORDED = "recorded"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    FAILED = "failed"


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
        watcher: Watcher,
        database: Database,
        ledgers: Iterable[LedgerConfig],
        superseded: Superseded,
        *,
        needs_all_ledgers: bool = False,
        archive_after: timedelta = timedelta(),
    ) -> None:
        """Take over the watcher and the database; nothing is recorded before `async_start`.

        Call `superseded`, with what was seen, once the log must be anchored no more.
        Archive what is older than `archive_after`, unless that is 0.
        """
        ledgers = list(ledgers)
        self.overdue_after = patience(
            [each.schedule.cadence + each.schedule.expected for each in ledgers],
            needs_all=needs_all_ledgers,
        )
        self.storage_error: StorageError | None = None
        self.lost = 0
        self.continuity = Continuity(
            database, [config.ledger_id for config in ledgers], self._wake
        )
        self.anchorers = {
            config.ledger_id: Anchorer(
                config,
                database,
                self.continuity,
                self._ledger_changed,
                self._anchor_no_more,
            )
            for config in ledgers
        }
        self._hass = hass
        self._watcher = watcher
        self._database = database
        self._superseded = superseded
        self._heir: Database | None = None
        self._writer = Writer(hass, database, self._recorded, self._stored)
        self._needs_all_ledgers = needs_all_ledgers
        self._archive_after = archive_after
        self._latest: dict[str, LoggedReading] = {}
        self._confirmed: dict[str, Confirmation] = {}
        self._confirmed_before = 0
        self._recorded_at = RecordingTimes()
        self._oldest_unconfirmed: dict[str, int] = {}
        self._unconfirmed_from: int | None = None
        self._teller = Teller(hass)
        self._tasks: list[asyncio.Task[None]] = []
        self._newest = datetime.min.replace(tzinfo=UTC)
        self._is_superseded = False
        self._is_stopped = False

    async def async_start(self) -> None:
        """Begin to record and to anchor; raise StorageError, stopped, if that cannot be."""
        try:
            for anchorer in self.anchorers.values():
                await anchorer.load()
            await self._write_leftover()
            self._naming = Naming(
                self._hass, await self._database.run(self._database.names.load)
            )
            self._latest = await self._database.run(self._read_all_latest)
            for index, time in await self._database.run(self._recorded_before):
                self._recorded_at.note(index, time)
            await self._read_confirmed()
        except BaseException:
            await self.async_stop()
            raise
        times = [each.leaf.reading.last_updated for each in self._latest.values()]
        self._newest = max([self._newest, *times])
        self._watcher.async_begin(self._last_reading, self._take, self._naming)
        self._tasks = [
            self._hass.async_create_background_task(
                anchorer.run(), f"sensorchain anchorer {anchorer.title}"
            )
            for anchorer in self.anchorers.values()
        ]
        if self._archive_after:
            archiver = run_archiver(self._database, self._archive_after)
            self._tasks.append(
                self._hass.async_create_background_task(
                    archiver, "sensorchain archiver"
                )
            )
        await self._check_mark()

    async def _write_leftover(self) -> None:
        """Write what an earlier run could not; count what it could not keep."""
        database = self._database
        leftover = await database.run(database.unwritten.load)
        self.lost = leftover.lost
        missing = await database.run(missing_from, database.log, leftover.readings)
        self._writer.async_write(missing)
        await self._writer.async_flush()
        if not self._writer.pending:
            await database.run(database.unwritten.clear)

    async def _check_mark(self) -> None:
        """See whether the log has been further than it is, without asking a ledger."""
        if (mark := self._database.mark.checkpoint) is None:
            return
        try:
            await self._database.run(check_continues, self._database.log, mark)
        except SupersededError as err:
            self._anchor_no_more(err)

    async def async_hold_file(self) -> sqlite3.Connection:
        """Have the log's main file stay as it is until what is returned is closed."""
        return await self._database.run(self._database.hold_file)

    async def async_hold(self) -> None:
        """Append nothing to the log; what is recorded is kept until `async_resume`."""
        await self._writer.async_hold()

    @callback
    def async_resume(self) -> None:
        """Append what was kept, and what comes."""
        self._writer.async_release(self._database)

    @callback
    def async_hand_over(self, heir: Database) -> None:
        """Append what was kept, and what comes, to another log once this one stops."""
        self._heir = heir

    async def async_copy_to(self, heir: Database) -> int:
        """Copy the readings that are in no confirmed anchor, in order; return how many.

        Raises StorageError.
        """
        log, run = self._database.log, self._database.run
        await heir.run(heir.names.keep, self._naming.all())
        first = await run(self._database.anchors.confirmed_size)
        for start in range(first, log.size, _PAGE):
            page = await run(list, log.readings(start, start + _PAGE))
            readings = [(each.leaf.reading, each.public) for each in page]
            await heir.run(heir.append, readings)
        return max(0, log.size - first)

    async def async_stop(self) -> None:
        """Anchor no more, write the last readings, and close the log; once.

        The watcher listens on, for whoever records next.
        """
        if self._is_stopped:
            return
        self._is_stopped = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._watcher.async_pause()
        self._teller.async_stop()
        self._writer.async_release(self._heir or self._database)
        await self._writer.async_stop()
        if self._writer.pending:
            _LOGGER.error(
                "%d readings could not be written, %d of them are lost",
                self._writer.pending,
                self._writer.lost,
            )
        if self._heir:
            await self._heir.close()
        await self._database.close()

    @property
    def entity_ids(self) -> list[str]:
        """The entities that the rules select."""
        return self._watcher.entity_ids

    def name(self, entity_id: str) -> str:
        """Return the entity id that the log has for an entity, whatever its id is now."""
        return self._watcher.name(entity_id)

    def expects(self, entity_id: str) -> bool:
        """Tell whether an entity that is in no registry would be recorded."""
        return self._watcher.expects(entity_id)

    def is_gone(self, entity_id: str) -> bool:
        """Tell whether an entity was registered once, and is not any more."""
        return self._naming.is_gone(entity_id)

    @callback
    def async_set_rules(self, rules: Iterable[Rule]) -> None:
        """Record by these rules from now on."""
        self._watcher.async_set_rules(rules)

    @callback
    def async_add_source_listener(self, listener: SourceListener) -> CALLBACK_TYPE:
        """Tell somebody of the entities that the rules select; return how to stop."""
        return self._watcher.async_add_listener(listener)

    @property
    def database(self) -> Database:
        """The log and its anchors."""
        return self._database

    def rule(self, entity_id: str) -> Rule | None:
        """Return the rule that selects an entity, if any."""
        return self._watcher.rule(entity_id)

    @property
    def verifier_key(self) -> VerifierKey:
        """What others check the log's checkpoints with."""
        return self._database.verifier_key

    @property
    def size(self) -> int:
        """How many readings are recorded."""
        return self._database.log.size

    @property
    def unwritten(self) -> int:
        """How many readings wait for the disk."""
        return self._writer.pending

    @property
    def unstored(self) -> int:
        """How many readings are not stored: those that wait, and those lost before."""
        return self.lost + (self._writer.pending if self.storage_error else 0)

    @property
    def clock_lag(self) -> timedelta | None:
        """How far the clock is behind the newest reading, where that is noteworthy."""
        lag = self._newest - dt_util.utcnow()
        return lag if lag > _TOLERANCE else None

    @property
    def confirmed_size(self) -> int:
        """How many leaves are confirmed: by any ledger, or by all of them."""
        sizes = [anchorer.confirmed_size for anchorer in self.anchorers.values()]
        return (min if self._needs_all_ledgers else max)(sizes, default=0)

    @property
    def last_confirmed(self) -> Anchor | None:
        """The anchor that has confirmed all up to the confirmed size; None before it."""
        anchors = [anchorer.last_confirmed for anchorer in self.anchorers.values()]
        size = self.confirmed_size
        return next((each for each in anchors if each and each.size == size), None)

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
        name = self.name(entity_id)
        if (reading := self._latest.get(name)) is None:
            return None
        confirmed = self._confirmed.get(name)
        if confirmed and confirmed.reading.index == reading.index:
            return confirmed
        status = self.status(reading.index)
        if status is ReadingStatus.CONFIRMED:
            # Just now: the anchor that covers all that is confirmed, until its own is read.
            return Confirmation(reading, status, self.last_confirmed)
        return Confirmation(reading, status, self._submitted_anchor(reading.index))

    async def async_confirmations(
        self, readings: Sequence[LoggedReading]
    ) -> list[Confirmation]:
        """Return how far some readings have come, with the anchor of each; StorageError."""
        # What is confirmed now has an anchor when the log's thread looks for it.
        statuses = [self.status(each.index) for each in readings]
        confirming = await self._database.run(
            lambda: [self._confirming_anchor(each.index) for each in readings]
        )
        return [
            Confirmation(each, status, anchor or self._submitted_anchor(each.index))
            for each, status, anchor in zip(readings, statuses, confirming, strict=True)
        ]

    def latest_confirmed(self, entity_id: str) -> Confirmation | None:
        """Return an entity's newest confirmed reading, and the anchor that confirmed it."""
        return self._confirmed.get(self.name(entity_id))

    def unconfirmed_since(self, entity_id: str | None = None) -> datetime | None:
        """Return when the oldest reading that is not confirmed was recorded.

        Of an entity, or of all; None when all are confirmed.
        """
        oldest: int | None = self.confirmed_size
        if entity_id is not None:
            oldest = self._oldest_unconfirmed.get(self.name(entity_id))
        if oldest is None or oldest >= self.size:
            return None
        return self._recorded_at.of(oldest)

    def ledger_statuses(self, index: int) -> Mapping[str, ReadingStatus]:
        """Return how far the reading at an index has come on each ledger, by its title."""
        return {
            anchorer.title: _status_on(anchorer, index)
            for anchorer in self.anchorers.values()
        }

    @callback
    def async_add_listener(
        self, listener: Listener, entity_id: str | None = None
    ) -> CALLBACK_TYPE:
        """Call a listener whenever something told here has changed; return how to stop.

        With an entity's id: not for readings of other entities.
        """
        about = None if entity_id is None else self.name(entity_id)
        return self._teller.async_add_listener(listener, about)

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
    def _wake(self) -> None:
        """Have every ledger look whether there is something to do."""
        for anchorer in self.anchorers.values():
            anchorer.wake()

    @callback
    def _anchor_no_more(self, err: SupersededError) -> None:
        """Stop all anchoring, and tell so, once."""
        for task in self._tasks:
            task.cancel()
        if self._is_superseded:
            return
        self._is_superseded = True
        _LOGGER.error("The log is not anchored any more: %s", err)
        self._superseded(self, err.seen)

    @callback
    def _take(self, reading: Reading, is_public: bool) -> None:
        """Have a reading written, and before it the name of its entity, where that is new."""
        if names := self._naming.take_unkept():
            self._hass.async_create_task(
                self._keep(names), "sensorchain names", eager_start=True
            )
        self._writer.async_write([(reading, is_public)])

    async def _keep(self, names: Mapping[str, str]) -> None:
        """Keep names, if they can be kept; they are given anew otherwise."""
        try:
            await self._database.run(self._database.names.keep, names)
        except StorageError as err:
            _LOGGER.warning("The names of new entities are not kept: %s", err)

    def _last_reading(self, name: str) -> Reading | None:
        """Return the last reading that the log has under a name."""
        latest = self._latest.get(name)
        return latest.leaf.reading if latest else None

    @callback
    def _recorded(self, logged: list[LoggedReading]) -> None:
        """Tell of readings that are durable now."""
        self._recorded_at.note(logged[0].index, dt_util.utcnow())
        for each in logged:
            self._oldest_unconfirmed.setdefault(each.leaf.reading.entity_id, each.index)
        latest = {each.leaf.reading.entity_id: each for each in logged}
        self._latest |= latest
        self._newest = max(
            self._newest, *(each.leaf.reading.last_updated for each in logged)
        )
        self._wake()
        self._teller.async_tell(None, *latest)

    @callback
    def _stored(self, error: StorageError | None) -> None:
        """Tell of a log that can not be written, or can be again."""
        if error is not self.storage_error:
            self.storage_error = error
            self._teller.async_tell(None)

    async def _ledger_changed(self) -> None:
        """Tell of an anchor or a ledger that has changed."""
        await self._read_confirmed()
        self._teller.async_tell_all()

    def _submitted_anchor(self, index: int) -> Anchor | None:
        """Return the first anchor that covers a reading and is not confirmed."""
        for anchorer in self.anchorers.values():
            for anchor in anchorer.submitted:
                if anchor.size > index:
                    return anchor
        return None

    async def _read_confirmed(self) -> None:
        """Read each entity's newest confirmed reading, and its anchor."""
        size = self.confirmed_size
        known = {} if size < self._confirmed_before else self._confirmed
        self._confirmed = await self._database.run(self._read_confirmations, known)
        self._confirmed_before = size
        await self._read_unconfirmed(self.confirmed_size)

    async def _read_unconfirmed(self, size: int) -> None:
        """Read each entity's oldest reading that is not among the first `size` ones."""
        if size == self._unconfirmed_from:
            return
        self._unconfirmed_from = size
        waiting = [each for each, last in self._latest.items() if last.index >= size]
        found = await self._database.run(self._read_oldest, waiting, size)
        kept = {each: at for each, at in self._oldest_unconfirmed.items() if at >= size}
        self._oldest_unconfirmed = kept | found
        self._recorded_at.forget(size)

    def _read_oldest(self, entity_ids: Iterable[str], size: int) -> dict[str, int]:
        """Return the index of each entity's first reading from `size` on (log's thread)."""
        return {
            entity_id: reading.index
            for entity_id in entity_ids
            if (reading := self._database.log.earliest(entity_id, size))
        }

    def _recorded_before(self) -> list[tuple[int, datetime]]:
        """Return since when readings of earlier runs wait, by their index (log's thread).

        What is not in an anchor was recorded after that was prepared.
        """
        log = self._database.log
        times = {0: datetime.min.replace(tzinfo=UTC)}
        for anchorer in self.anchorers.values():
            known = [*anchorer.submitted, anchorer.last_confirmed]
            times |= {each.size: each.prepared_at for each in known if each}
        return sorted(
            (size, max(time, log.leaf(size).leaf.reading.last_updated))
            for size, time in times.items()
            if self.confirmed_size <= size < log.size
        )

    def _read_confirmations(
        self, known: Mapping[str, Confirmation]
    ) -> dict[str, Confirmation]:
        """Return the newest confirmed readings, as far as known as they are (log's thread)."""
        found: dict[str, Confirmation] = {}
        covering: dict[str, Anchor | None] = {}
        latest = self._read_latest(self.confirmed_size).items()
        for name, reading in sorted(latest, key=lambda item: item[1].index):
            before = known.get(name)
            if before and before.reading.index == reading.index:
                found[name] = before
                continue
            anchor = self._confirming_anchor(reading.index, covering)
            found[name] = Confirmation(reading, ReadingStatus.CONFIRMED, anchor)
        return found

    def _confirming_anchor(
        self, index: int, covering: dict[str, Anchor | None] | None = None
    ) -> Anchor | None:
        """Return the anchor that made a reading confirmed (log's thread).

        `covering` has those that cover a smaller index, by ledger: most readings are in
        the same anchor as the one before.
        """
        covering = {} if covering is None else covering
        for ledger_id in self.anchorers:
            before = covering.get(ledger_id)
            if before is None or before.size <= index:
                covering[ledger_id] = self._database.anchors.covering(ledger_id, index)
        anchors = {
            anchor.confirmed_at: anchor
            for anchor in covering.values()
            if anchor and anchor.confirmed_at
        }
        choose = max if self._needs_all_ledgers else min
        return anchors[choose(anchors)] if anchors else None

    def _read_latest(self, size: int) -> dict[str, LoggedReading]:
        """Return each entity's newest reading in the first `size` leaves (log's thread)."""
        log = self._database.log
        return {
            name: reading
            for name, latest in list(self._latest.items())
            if (reading := latest if latest.index < size else log.latest(name, size))
        }

    def _read_all_latest(self) -> dict[str, LoggedReading]:
        """Return the newest reading of each entity that the log knows (log's thread)."""
        log = self._database.log
        return {
            name: reading for name in log.entity_ids() if (reading := log.latest(name))
        }


def _status_on(anchorer: Anchorer, index: int) -> ReadingStatus:
    """Return how far a reading has come on one ledger."""
    if index < anchorer.confirmed_size:
        return ReadingStatus.CONFIRMED
    if index < anchorer.submitted_size:
        return ReadingStatus.SUBMITTED
    return ReadingStatus.FAILED if anchorer.is_rejected else ReadingStatus.RECORDED
