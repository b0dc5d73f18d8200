"""A ledger on calendars of the demo, and a clock to be put forward."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from custom_components.sensorchain.ledgers.http import Transport
from custom_components.sensorchain.ledgers.ledger import Receipt
from custom_components.sensorchain.ledgers.opentimestamps.ledger import (
    OpenTimestampsLedger,
)
from custom_components.sensorchain.ledgers.opentimestamps.settings import (
    OpenTimestampsSettings,
)
from demo.calendar.server import DemoCalendars
from tests.ledgers.common import KEY, checkpoint

CONFIRMATIONS = 3
TIMEOUT = timedelta(minutes=1)
SOON = timedelta(seconds=2)
"""For those that are known never to answer."""


@dataclass
class Clock:
    """A clock that stands until it is put forward."""

    now: datetime

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def pass_by(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)


def clock() -> Clock:
    """Return a clock that stands at the present."""
    return Clock(datetime.now(UTC))


def chosen(demo: DemoCalendars, **changes: Any) -> OpenTimestampsSettings:
    """Return settings for the demo's calendars and chain."""
    return OpenTimestampsSettings(
        **{
            "calendars": tuple(demo.urls),
            "quorum": 2,
            "nodes": (demo.explorer,),
            "confirmations": CONFIRMATIONS,
            "network": demo.chain.genesis,
        }
        | changes
    )


def ledger_of(
    transport: Transport,
    settings: OpenTimestampsSettings,
    time: Clock | None = None,
    timeout: timedelta = TIMEOUT,
) -> OpenTimestampsLedger:
    """Return a ledger of the tests' log."""
    return OpenTimestampsLedger(
        transport, settings, KEY.verifier, clock=time or clock(), timeout=timeout
    )


async def submitted(ledger: OpenTimestampsLedger, size: int = 7) -> Receipt:
    """Return the receipt of a checkpoint that was just submitted."""
    return await ledger.publish(await ledger.prepare(checkpoint(size), []))
