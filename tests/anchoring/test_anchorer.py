"""The way of an anchor on its ledger, as far as it is the same on every ledger."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from custom_components.sensorchain.anchoring.anchorer import (
    Anchorer,
    LedgerConfig,
    Schedule,
)
from custom_components.sensorchain.anchoring.continuity import Continuity
from custom_components.sensorchain.anchoring.database import Database
from custom_components.sensorchain.ledgers.ledger import (
    AnchorStatus,
    LedgerRejectedError,
    PreparedAnchor,
    Reason,
)
from custom_components.sensorchain.transparency.checkpoint import SignedCheckpoint
from custom_components.sensorchain.transparency.log import LoggedReading
from tests.common import eventually
from tests.transparency.common import KEY, batch

from .ledgers import MemoryLedger

MOMENT = timedelta(milliseconds=1)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Open the file of a log with three readings."""
    database = await Database.open(tmp_path / "log.db", KEY, create=True)
    await database.run(database.append, batch(3))
    yield database
    await database.close()


@pytest.fixture
def ledger() -> MemoryLedger:
    """Return a ledger in memory."""
    return MemoryLedger()


@asynccontextmanager
async def _running(
    database: Database,
    ledger: MemoryLedger,
    settles: timedelta,
    cadence: timedelta = MOMENT,
) -> AsyncIterator[Anchorer]:
    """Carry checkpoints to a ledger."""
    schedule = Schedule(
        cadence=cadence,
        poll=MOMENT,
        check=MOMENT,
        retry=MOMENT,
        expected=timedelta(hours=2),
        settles=settles,
    )

    async def changed() -> None:
        """Tell nobody."""

    def superseded(_error: Exception) -> None:
        raise AssertionError

    def certain() -> None:
        anchorer.wake()

    continuity = Continuity(database, ["memory"], certain)
    config = LedgerConfig("memory", "Memory", ledger, schedule)
    anchorer = Anchorer(config, database, continuity, changed, superseded)
    await anchorer.load()
    task = asyncio.create_task(anchorer.run())
    try:
        yield anchorer
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_reorganisation_takes_readings_back(
    database: Database, ledger: MemoryLedger
) -> None:
    """What was confirmed a while ago is asked about, taken back, and confirmed again."""
    async with _running(database, ledger, timedelta(days=1)) as anchorer:
        await eventually(lambda: anchorer.submitted_size == 3)
        ledger.status = AnchorStatus.CONFIRMED
        await eventually(lambda: anchorer.confirmed_size == 3)
        assert anchorer.submitted == []
        ledger.status = AnchorStatus.SUBMITTED
        await eventually(lambda: anchorer.confirmed_size == 0)
        assert anchorer.submitted_size == 3
        assert anchorer.spent == 0
        ledger.status = AnchorStatus.CONFIRMED
        await eventually(lambda: anchorer.confirmed_size == 3)
    assert ledger.published_contents == [1]


async def test_taken_back_after_a_restart(
    database: Database, ledger: MemoryLedger
) -> None:
    """What is not settled is asked about again by the next run, and lost and renewed."""
    async with _running(database, ledger, timedelta(days=1)) as anchorer:
        ledger.status = AnchorStatus.CONFIRMED
        await eventually(lambda: anchorer.confirmed_size == 3)
    ledger.status = AnchorStatus.LOST
    async with _running(database, ledger, timedelta(days=1)) as anchorer:
        assert anchorer.confirmed_size == 3
        await eventually(lambda: ledger.published_contents == [1, 2])
        await eventually(lambda: anchorer.submitted_size == 3)
        assert anchorer.confirmed_size == 0


async def test_settled(database: Database, ledger: MemoryLedger) -> None:
    """What nothing takes back is asked about no more, and what was sent is forgotten."""
    ledger.status = AnchorStatus.CONFIRMED
    async with _running(database, ledger, timedelta()) as anchorer:
        await eventually(lambda: anchorer.confirmed_size == 3)
        assert not await database.run(database.anchors.unsettled, "memory")
        asked = ledger.asked
        await database.run(database.append, batch(1, first=3))
        anchorer.wake()
        await eventually(lambda: anchorer.confirmed_size == 4)
        assert ledger.asked == asked + 1


async def test_lost(database: Database, ledger: MemoryLedger) -> None:
    """What a ledger has lost is renewed and sent at once."""
    async with _running(database, ledger, timedelta()) as anchorer:
        await eventually(lambda: anchorer.submitted_size == 3)
        ledger.status = AnchorStatus.LOST
        await eventually(lambda: ledger.published_contents == [1, 2])
        await eventually(lambda: anchorer.submitted_size == 3)


async def test_lost_for_a_reason(
    database: Database, ledger: MemoryLedger, caplog: pytest.LogCaptureFixture
) -> None:
    """Why an anchor was lost is told where that should not be, until the next confirmation."""
    async with _running(database, ledger, timedelta(days=1)) as anchorer:
        await eventually(lambda: anchorer.submitted_size == 3)
        ledger.problem, ledger.status = "Nobody knows it any more", AnchorStatus.LOST
        await eventually(lambda: anchorer.loss)
        assert anchorer.loss == "Nobody knows it any more"
        assert "Memory: Nobody knows it any more. It is submitted again" in caplog.text
        ledger.problem, ledger.status = None, AnchorStatus.CONFIRMED
        await eventually(lambda: anchorer.loss is None)
        assert anchorer.confirmed_size == 3


async def test_who_confirms_is_away(database: Database, ledger: MemoryLedger) -> None:
    """What cannot be confirmed holds up no new anchor, and is told until it can."""
    async with _running(database, ledger, timedelta()) as anchorer:
        await eventually(lambda: anchorer.submitted_size == 3)
        ledger.is_blind = True
        await eventually(lambda: anchorer.error)
        await database.run(database.append, batch(1, first=3))
        anchorer.wake()
        await eventually(lambda: anchorer.submitted_size == 4)
        assert anchorer.is_connected is False
        ledger.status, ledger.is_blind = AnchorStatus.CONFIRMED, False
        await eventually(lambda: anchorer.confirmed_size == 4)
        await eventually(lambda: anchorer.is_connected)
        assert anchorer.error is None


async def test_costs(database: Database, ledger: MemoryLedger) -> None:
    """What anchors have cost is added up, and again after a restart."""
    ledger.status = AnchorStatus.CONFIRMED
    async with _running(database, ledger, timedelta()) as anchorer:
        await eventually(lambda: anchorer.confirmed_size == 3)
        assert anchorer.last_fee == anchorer.spent == Decimal("0.001")
        await database.run(database.append, batch(1, first=3))
        anchorer.wake()
        await eventually(lambda: anchorer.confirmed_size == 4)
        assert anchorer.spent == Decimal("0.002")
    async with _running(database, ledger, timedelta()) as anchorer:
        assert anchorer.spent == Decimal("0.002")


@pytest.mark.parametrize(
    ("left", "is_low"), [(None, False), (9, True), (10**12, False)]
)
async def test_balance(
    database: Database, ledger: MemoryLedger, left: int | None, is_low: bool
) -> None:
    """A balance is low when it pays for few more anchors, as far as that is known."""
    ledger.anchors_left = left
    async with _running(database, ledger, timedelta()) as anchorer:
        await eventually(lambda: anchorer.account)
        assert anchorer.is_balance_low == is_low


async def test_expected(database: Database, ledger: MemoryLedger) -> None:
    """The next confirmation is expected as the ledger is known, then by experience."""
    async with _running(database, ledger, timedelta()) as anchorer:
        await eventually(lambda: anchorer.submitted_size == 3)
        (anchor,) = anchorer.submitted
        assert anchorer.expected_at == anchor.prepared_at + timedelta(hours=2)
        ledger.status = AnchorStatus.CONFIRMED
        await eventually(lambda: anchorer.confirmed_size == 3)
        assert anchorer.expected_at is None
        assert anchorer.expected < timedelta(hours=1)


async def test_nothing_is_told_by_halves(
    database: Database, ledger: MemoryLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was told before holds until all is known of the next confirmation."""
    told: set[tuple[int, bool, bool]] = set()
    run = database.run

    async def look_and_run(*asked: Any) -> Any:
        """Note what is told whenever the database is asked something."""
        known = anchorer.time_to_confirmation is not None
        learned = anchorer.expected < timedelta(hours=1)
        told.add((anchorer.confirmed_size, known, learned))
        return await run(*asked)

    ledger.status = AnchorStatus.CONFIRMED
    async with _running(database, ledger, timedelta()) as anchorer:
        monkeypatch.setattr(database, "run", look_and_run)
        await eventually(lambda: anchorer.confirmed_size == 3)
        await database.run(database.append, batch(1, first=3))
        anchorer.wake()
        await eventually(lambda: anchorer.confirmed_size == 4)
        await database.run(int)
    assert told == {(0, False, False), (3, True, True), (4, True, True)}


class SlowLedger(MemoryLedger):
    """A ledger that is told when to go on with preparing an anchor."""

    def __init__(self) -> None:
        """Wait at first."""
        super().__init__()
        self.preparing, self.go_on = asyncio.Event(), asyncio.Event()

    async def prepare(
        self, checkpoint: SignedCheckpoint, public: Sequence[LoggedReading]
    ) -> PreparedAnchor:
        """Take its time."""
        self.preparing.set()
        await self.go_on.wait()
        return await super().prepare(checkpoint, public)


async def test_a_request_during_an_anchor_is_not_forgotten(database: Database) -> None:
    """Who asks while an anchor is being made gets another one, which covers what came since."""
    ledger = SlowLedger()
    hour = timedelta(hours=1)
    async with _running(database, ledger, hour, cadence=hour) as anchorer:
        await ledger.preparing.wait()
        await database.run(database.append, batch(2, 3))
        anchorer.request()
        ledger.go_on.set()
        await eventually(lambda: anchorer.submitted_size == 5)


class StubbornLedger(MemoryLedger):
    """A ledger that raises an error of a test's choice when it is asked what it knows."""

    error: Exception | None = None

    async def latest(self) -> SignedCheckpoint | None:
        """Fail, or know of nothing."""
        if self.error:
            raise self.error
        return await super().latest()


async def test_what_nobody_foresaw(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """An error that no code expects is told with where it came from, and does not end anchoring."""
    ledger = StubbornLedger()
    ledger.error = ZeroDivisionError("nobody foresaw this")
    async with _running(database, ledger, timedelta()) as anchorer:
        await eventually(lambda: "nobody foresaw this" in caplog.text)
        assert not ledger.published_contents
        ledger.error = None
        anchorer.request()
        await eventually(lambda: anchorer.submitted_size == 3)


async def test_refusal_to_tell_what_it_knows(database: Database) -> None:
    """A ledger that refuses gets no anchor before it has told what it knows of the log."""
    ledger = StubbornLedger()
    ledger.error = LedgerRejectedError(Reason.WRONG_NETWORK, "another network")
    async with _running(database, ledger, timedelta()) as anchorer:
        await eventually(lambda: anchorer.is_rejected)
        assert not ledger.published_contents
        ledger.error = None
        anchorer.request()
        await eventually(lambda: anchorer.submitted_size == 3)
