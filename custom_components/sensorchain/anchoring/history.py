"""History: what Home Assistant's own database says of an entity, held against the log."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from ..transparency.log import LoggedReading

# The database keeps times as floating-point seconds, which are off by a microsecond at most.
_TOLERANCE = timedelta(microseconds=2)


class Kind(StrEnum):
    """How the database differs from the log."""

    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class HistoryState:
    """A state in the database: since when, and what."""

    time: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between the database and the log.

    `index` is the reading's index in the log, `recorded` its state there and `found` the
    state in the database; None where there is none.
    """

    kind: Kind
    time: datetime
    index: int | None
    recorded: str | None
    found: str | None


def compare(
    logged: Sequence[LoggedReading],
    states: Sequence[HistoryState],
    *,
    is_complete: bool,
    starts: Iterable[datetime] = (),
) -> list[Difference]:
    """Return how the states in the database differ from the readings in the log, in order.

    Both are of one entity and one period, in the order of time. `is_complete` tells that
    the entity's rule makes every change a reading: only then can a state be one too many.
    At `starts` Home Assistant was started; what it saw before the log was open is in the
    database alone, and is not held against it.
    """
    times = [state.time for state in states]
    found = [_at(times, reading.leaf.reading.last_updated) for reading in logged]
    differences = [
        difference
        for reading, position in zip(logged, found, strict=True)
        if (
            difference := _difference(
                reading, None if position is None else states[position]
            )
        )
    ]
    if is_complete:
        differences += _added(logged, states, sorted(starts))
    return sorted(differences, key=lambda difference: difference.time)


def _difference(
    reading: LoggedReading, found: HistoryState | None
) -> Difference | None:
    """Return how the database differs from one reading."""
    recorded = reading.leaf.reading
    if found and found.state == recorded.state:
        return None
    return Difference(
        Kind.CHANGED if found else Kind.MISSING,
        recorded.last_updated,
        reading.index,
        recorded.state,
        found.state if found else None,
    )


def _added(
    logged: Sequence[LoggedReading],
    states: Sequence[HistoryState],
    starts: Sequence[datetime],
) -> Iterator[Difference]:
    """Yield the changes in the database that the log has not seen, though it was watching."""
    times = sorted(reading.leaf.reading.last_updated for reading in logged)
    if not times:
        return
    for before, state in pairwise(states):
        previous = bisect_right(times, state.time + _TOLERANCE) - 1
        if state.state == before.state or previous < 0:
            continue
        is_recorded = state.time - times[previous] <= _TOLERANCE
        was_started = bisect_right(starts, state.time) > bisect_right(
            starts, times[previous]
        )
        if not is_recorded and not was_started:
            yield Difference(Kind.ADDED, state.time, None, None, state.state)


def _at(times: Sequence[datetime], time: datetime) -> int | None:
    """Return the position of a time, as exact as the database keeps it."""
    position = bisect_left(times, time - _TOLERANCE)
    is_near = position < len(times) and times[position] <= time + _TOLERANCE
    return position if is_near else None
