"""What the benchmarks share: how much they do, readings, logs, and time."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
import time

from custom_components.sensorchain.transparency.database import open_database
from custom_components.sensorchain.transparency.log import Log
from custom_components.sensorchain.transparency.note import SigningKey
from custom_components.sensorchain.transparency.reading import Reading

KEY = SigningKey.from_seed("sensorchain/benchmark", bytes(32))
ENTITIES = 50
START = datetime(2026, 11, 22, 10, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: leaves of the large log, rounds of everything that is repeated."""

    leaves: int
    rounds: int


FULL = Scale(leaves=10_000_000, rounds=40)
QUICK = Scale(leaves=60_000, rounds=5)


def readings(
    count: int, first: int = 0, entities: int = ENTITIES
) -> list[tuple[Reading, bool]]:
    """Return readings of entities in turn, half a second apart, every tenth public."""
    return [
        (
            Reading(
                entity_id=f"sensor.room_{number % entities}_temperature",
                state=f"{15 + number % 97 / 10:.1f}",
                unit="°C",
                last_updated=START + timedelta(microseconds=500_123 * number),
            ),
            number % 10 == 0,
        )
        for number in range(first, first + count)
    ]


@contextmanager
def opened(path: Path) -> Iterator[Log]:
    """Open a log, or make it."""
    with closing(open_database(path)) as connection:
        yield Log(connection, KEY)


def grown(path: Path, leaves: int, batch: int = 50_000) -> Path:
    """Make a log of so many leaves by appending, the same readings over and over."""
    with opened(path) as log:
        pending = readings(min(batch, leaves))
        while log.size < leaves:
            log.append(pending[: leaves - log.size])
    return path


def timed[**P, T](
    work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> tuple[float, T]:
    """Return the seconds of processor time that this thread needs for some work, and its result.

    Unlike the time that passes it does not count what else the machine is doing.
    """
    start = time.thread_time()
    result = work(*args, **kwargs)
    return time.thread_time() - start, result
