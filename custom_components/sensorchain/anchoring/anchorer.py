"""The anchorer: from checkpoints to confirmed anchors, one loop a ledger."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
import logging
from random import uniform
from statistics import median_high

from homeassistant.util import dt as dt_util

from ..ledgers.ledger import (
    Account,
    AnchorStatus,
    Ledger,
    LedgerError,
    LedgerRejectedError,
    LedgerUnavailableError,
    PreparedAnchor,
    Receipt,
)
from ..transparency.checkpoint import SignedCheckpoint
from ..transparency.errors import StorageError
from ..transparency.log import LoggedReading
from .anchors import Anchor
from .continuity import Continuity, SupersededError
from .database import Database

_LOGGER = logging.getLogger(__name__)

# More than any ledger takes; the ledger picks the newest that fit.
MOST_PUBLIC_READINGS = 1000

# So many of the newest confirmations tell how long the next one takes.
_EXPERIENCE = 10

# A balance is low when it pays for fewer anchors than these, or for less than this time.
_LEAST_LEFT = 10
_WARN_BEFORE = timedelta(days=7)

# However old an anchor is, it is asked for once in this time.
_LONGEST_POLL = timedelta(hours=1)

# In place of a receipt, for what a ledger refused: to be renewed, as what it lost.
_REFUSED = Receipt(AnchorStatus.LOST, "", None, None, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How often a ledger is used.

    `cadence` lies between two anchors, `poll` at first between two questions for one
    anchor's confirmation, `check` between two contacts with an idle ledger; an unavailable
    ledger is tried again after `retry`, then after longer and longer up to `longest_retry`.
    An anchor is `expected` to take so long until it is confirmed, before there is experience,
    and is still asked about until it has been confirmed for as long as the ledger `settles`.
    """

    cadence: timedelta
    poll: timedelta
    expected: timedelta = timedelta(minutes=1)
    settles: timedelta = timedelta()
    check: timedelta = timedelta(minutes=1)
    retry: timedelta = timedelta(seconds=2)
    longest_retry: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class LedgerConfig:
    """A ledger of the log, and how often to use it."""

    ledger_id: str
    title: str
    ledger: Ledger
    schedule: Schedule


@dataclass(slots=True)
class _UnderWay:
    """An anchor that is not settled yet, and when to ask for it (loop time)."""

    anchor: Anchor
    since: float
    ask_at: float


class Anchorer:
    """Carries the checkpoints of one log to one ledger.

    Every step is durable before the next one starts: what was prepared is stored before it
    is sent, and sent again, the same bytes, after a crash.
    """

    def __init__(
        self,
        config: LedgerConfig,
        database: Database,
        continuity: Continuity,
        changed: Callable[[], Awaitable[None]],
        superseded: Callable[[SupersededError], None],
    ) -> None:
        """Await `changed` whenever anything that is told below has changed.

        Call `superseded` when the ledger knows of more than the log has; nothing is
        anchored any more then.
        """
        self.ledger_id = config.ledger_id
        self.title = config.title
        self.ledger = config.ledger
        self.error: LedgerError | None = None
        self.is_connected: bool | None = None
        self.last_confirmed: Anchor | None = None
        self.time_to_confirmation: timedelta | None = None
        self.expected = config.schedule.expected
        self.loss: str | None = None
        self.account: Account | None = None
        self.spent = Decimal()
        self._schedule = config.schedule
        self._database = database
        self._continuity = continuity
        self._changed = changed
        self._superseded = superseded
        self._under_way: dict[int, _UnderWay] = {}
        self._anchored_size = 0
        self._anchor_at = 0.0
        self._check_at = 0.0
        self._retry = config.schedule.retry
        self._requests = 0
        self._requests_met = 0
        self._wake = asyncio.Event()
        self._wake_urgently = asyncio.Event()

    @property
    def is_rejected(self) -> bool:
        """Whether the ledger refuses us until a person acts."""
        return isinstance(self.error, LedgerRejectedError)

    @property
    def confirmed_size(self) -> int:
        """How many leaves the ledger has confirmed."""
        return self.last_confirmed.size if self.last_confirmed else 0

    @property
    def submitted(self) -> list[Anchor]:
        """The anchors that the ledger holds and has not confirmed, smallest first."""
        anchors = [
            each.anchor
            for each in self._under_way.values()
            if each.anchor.is_submitted and not each.anchor.confirmed_at
        ]
        return sorted(anchors, key=lambda anchor: anchor.size)

    @property
    def submitted_size(self) -> int:
        """How many leaves the ledger holds, confirmed or not."""
        sizes = [anchor.size for anchor in self.submitted]
        return max([self.confirmed_size, *sizes])

    @property
    def expected_at(self) -> datetime | None:
        """When the next confirmation is expected, by what the last ones took; None for none."""
        waiting = self.submitted
        return waiting[0].prepared_at + self.expected if waiting else None

    @property
    def last_fee(self) -> Decimal | None:
        """What the last confirmed anchor has cost, in the ledger's unit."""
        receipt = self.last_confirmed.receipt if self.last_confirmed else None
        return self.ledger.fee(receipt) if receipt else None

    @property
    def is_balance_low(self) -> bool:
        """Whether what pays for the anchors will soon pay for no more."""
        left = self.account.anchors_left if self.account else None
        return left is not None and left < max(
            _LEAST_LEFT, _WARN_BEFORE / self._schedule.cadence
        )

    def request(self) -> None:
        """Anchor now, whatever the cadence; try again what failed."""
        self._requests += 1
        self._wake_urgently.set()
        self.wake()

    def wake(self) -> None:
        """Look whether there is something to do."""
        self._wake.set()

    async def load(self) -> None:
        """Read how far this ledger is."""
        anchors, run = self._database.anchors, self._database.run
        for anchor in await run(anchors.unsettled, self.ledger_id):
            self._keep(anchor)
        if last := await run(anchors.last, self.ledger_id):
            self._anchored_size = last.size
            wait = last.prepared_at + self._schedule.cadence - dt_util.utcnow()
            # A clock that was turned back must not silence the ledger for long.
            self._anchor_at = _now() + min(wait, self._schedule.cadence).total_seconds()
        await self._count()
        if self.ledger.unit:
            self.spent = await run(self._read_spent)

    async def run(self) -> None:
        """Carry checkpoints until cancelled."""
        while True:
            self._wake.clear()
            self._wake_urgently.clear()
            try:
                await self._work()
            except SupersededError as err:
                self._superseded(err)
                return
            except LedgerError as err:
                await _wait(self._wake_urgently, await self._failed(err))
            except StorageError as err:
                _LOGGER.warning("%s: %s", self.title, err)
                await _wait(self._wake_urgently, self._longer_retry())
            except Exception:
                # One unforeseen answer must not end the loop for good.
                _LOGGER.exception("%s: unexpected error", self.title)
                await _wait(self._wake_urgently, self._longer_retry())
            else:
                await self._succeeded()
                await _wait(self._wake, self._next_at() - _now())

    async def _work(self) -> None:
        """Do what is due: what is under way first, then a new anchor."""
        if self.error or self._check_at <= _now() or self._is_due():
            await self.ledger.check()
            await self._read_account()
            self._check_at = _now() + self._schedule.check.total_seconds()
        await self._continuity.ask(self.ledger_id, self.ledger)
        error = await self._carry_all()
        # A request that comes while an anchor is being made asks for another one.
        requests = self._requests
        if self._is_due():
            await self._anchor()
        if self._continuity.allows(self.ledger_id):
            self._requests_met = requests
        if error:
            raise error

    def _is_due(self) -> bool:
        """Whether the log has grown and it is time for a new anchor."""
        if self._database.log.size <= self._anchored_size:
            return False
        if not self._continuity.allows(self.ledger_id):
            return False
        return self._requests > self._requests_met or self._anchor_at <= _now()

    async def _anchor(self) -> None:
        """Prepare the present checkpoint, store it, and send it."""
        checkpoint, public = await self._database.run(self._read_log)
        prepared = await self.ledger.prepare(checkpoint, public)
        await self._database.run(self._database.mark.advance, checkpoint)
        size = checkpoint.checkpoint.size
        anchor = await self._database.run(
            self._database.anchors.add,
            self.ledger_id,
            size,
            prepared,
            dt_util.utcnow(),
        )
        self._anchored_size = size
        self._anchor_at = _now() + self._schedule.cadence.total_seconds()
        await self._publish(self._keep(anchor), prepared)

    def _read_log(self) -> tuple[SignedCheckpoint, list[LoggedReading]]:
        """Return the present checkpoint and the public readings that it adds."""
        log = self._database.log
        checkpoint = log.checkpoint()
        return checkpoint, log.public_readings(
            self._anchored_size, checkpoint.checkpoint.size, MOST_PUBLIC_READINGS
        )

    async def _carry_all(self) -> LedgerUnavailableError | None:
        """Take every anchor a step further; return what kept one from it.

        That holds up no new anchor: who tells of confirmations may be away while who takes
        anchors is there.
        """
        for under_way in list(self._under_way.values()):
            try:
                await self._carry(under_way)
            except LedgerUnavailableError as err:
                return err
        return None

    async def _carry(self, under_way: _UnderWay) -> None:
        """Take one anchor a step further, if that is due."""
        if under_way.ask_at > _now():
            return
        receipt = under_way.anchor.receipt
        if receipt and under_way.anchor.is_submitted:
            receipt = await self.ledger.confirm(receipt)
            under_way.ask_at = self._ask_at(under_way)
            await self._receive(under_way, receipt)
        anchor = under_way.anchor
        if anchor.prepared and anchor.is_lost:
            prepared = await self.ledger.renew(anchor.prepared)
            under_way.anchor = await self._database.run(
                self._database.anchors.renew, anchor, prepared
            )
            await self._publish(under_way, prepared)
        elif anchor.prepared and not anchor.receipt:
            await self._publish(under_way, anchor.prepared)

    async def _publish(self, under_way: _UnderWay, prepared: PreparedAnchor) -> None:
        """Send what was prepared; what the ledger refuses is prepared anew next time."""
        try:
            receipt = await self.ledger.publish(prepared)
        except LedgerRejectedError:
            await self._receive(under_way, _REFUSED)
            raise
        under_way.since = _now()
        under_way.ask_at = self._ask_at(under_way)
        await self._receive(under_way, receipt)

    async def _receive(self, under_way: _UnderWay, receipt: Receipt) -> None:
        """Store a receipt that tells something new; settle what is confirmed for long."""
        before = under_way.anchor
        if is_new := receipt != before.receipt:
            under_way.anchor = await self._database.run(
                self._database.anchors.receive, before, receipt, dt_util.utcnow()
            )
            self.spent += self._fee(under_way.anchor) - self._fee(before)
        await self._settle(under_way.anchor)
        if under_way.anchor.confirmed_at != before.confirmed_at:
            await self._count()
        if is_new:
            self._note_loss(receipt)
            await self._changed()

    def _note_loss(self, receipt: Receipt) -> None:
        """Tell of an anchor that was lost, where that should not be, until the next confirmation."""
        problem = receipt.details.get("problem")
        if receipt.status is AnchorStatus.LOST and problem:
            _LOGGER.warning("%s: %s. It is submitted again", self.title, problem)
            self.loss = str(problem)
        elif receipt.status is AnchorStatus.CONFIRMED:
            self.loss = None

    async def _settle(self, anchor: Anchor) -> None:
        """Ask no more for an anchor that nothing takes back."""
        if not anchor.confirmed_at:
            return
        if dt_util.utcnow() - anchor.confirmed_at >= self._schedule.settles:
            await self._database.run(self._database.anchors.settle, anchor)
            del self._under_way[anchor.anchor_id]

    async def _count(self) -> None:
        """Read what the ledger has confirmed, and how long it takes; tell all of it at once."""
        run, anchors = self._database.run, self._database.anchors
        # SQLite's largest integer: whatever the size.
        last = await run(anchors.last_confirmed, self.ledger_id, 2**63 - 1)
        time = None
        if last and last.confirmed_at:
            reading = await run(self._middle_reading, last)
            time = last.confirmed_at - reading.leaf.reading.last_updated
        newest = await run(anchors.newest_confirmed, self.ledger_id, _EXPERIENCE)
        times = [
            each.confirmed_at - each.prepared_at for each in newest if each.confirmed_at
        ]
        self.last_confirmed, self.time_to_confirmation = last, time
        self.expected = median_high(times) if times else self._schedule.expected

    def _read_spent(self) -> Decimal:
        """Return what all confirmed anchors have cost (log's thread)."""
        receipts = self._database.anchors.confirmed_receipts(self.ledger_id)
        return sum((self.ledger.fee(each) or Decimal() for each in receipts), Decimal())

    def _fee(self, anchor: Anchor) -> Decimal:
        """Return what an anchor has cost: nothing before it is confirmed."""
        if not anchor.receipt or not anchor.confirmed_at:
            return Decimal()
        return self.ledger.fee(anchor.receipt) or Decimal()

    async def _read_account(self) -> None:
        """Ask what is left to pay anchors with."""
        account = await self.ledger.account()
        if account != self.account:
            self.account = account
            await self._changed()

    def _middle_reading(self, anchor: Anchor) -> LoggedReading:
        """Return the reading in the middle of those that an anchor confirmed first."""
        previous = self._database.anchors.last_confirmed(self.ledger_id, anchor.size)
        start = previous.size if previous else 0
        return self._database.log.leaf((start + anchor.size - 1) // 2)

    def _keep(self, anchor: Anchor) -> _UnderWay:
        """Have an anchor carried further."""
        under_way = _UnderWay(anchor, _now(), 0)
        self._under_way[anchor.anchor_id] = under_way
        return under_way

    async def _succeeded(self) -> None:
        """Tell, once, that the ledger answers and takes what it is given."""
        if self.is_connected and not self.error:
            return
        if self.error:
            _LOGGER.info("%s is back", self.title)
        self.error, self.is_connected = None, True
        self._retry = self._schedule.retry
        await self._changed()

    async def _failed(self, err: LedgerError) -> float | None:
        """Tell of an error once; return how long to wait, None for a person to act."""
        if self.error is None or self.error.reason != err.reason:
            _LOGGER.warning("%s: %s", self.title, err)
        self.error = err
        # Who refuses is there.
        self.is_connected = self.is_rejected
        await self._changed()
        return None if self.is_rejected else self._longer_retry()

    def _longer_retry(self) -> float:
        """Return how long to wait before trying again, in seconds; ever longer."""
        pause = self._retry.total_seconds() * uniform(0.8, 1.2)
        self._retry = min(self._retry * 2, self._schedule.longest_retry)
        return pause

    def _ask_at(self, under_way: _UnderWay) -> float:
        """When to ask for confirmation: the older the anchor, the more seldom, up to a limit."""
        age = min(_now() - under_way.since, 10 * _LONGEST_POLL.total_seconds())
        return _now() + max(self._schedule.poll.total_seconds(), age / 10)

    def _next_at(self) -> float:
        """When there is something to do, unless the log grows before."""
        times = [under_way.ask_at for under_way in self._under_way.values()]
        if self._database.log.size > self._anchored_size and self._continuity.allows(
            self.ledger_id
        ):
            times.append(self._anchor_at)
        return min([self._check_at, *times])


async def _wait(event: asyncio.Event, seconds: float | None) -> None:
    """Wait for an event, for some seconds at the most."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


def _now() -> float:
    """Return the time of the event loop's clock, which never jumps."""
    return asyncio.get_running_loop().time()
