"""Overdue: the oldest reading that is not confirmed has waited longer than it should.

The one place that says so: triggers, conditions, events and what a person sees ask here.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

LEAST_PATIENCE = timedelta(hours=1)
"""Before it nothing is overdue, unless a person says otherwise."""

GRACE = timedelta(minutes=5)
"""What a start finds overdue may only have waited for the start."""

_SPACING = timedelta(seconds=1)
_MOST_TIMES = 1000


def patience(usual: Iterable[timedelta], *, needs_all: bool) -> timedelta:
    """Return how long a log's readings may wait, from how long its ledgers usually take.

    Twice that time: of the fastest ledger, or of the slowest one where all must confirm.
    """
    slowest_needed = (max if needs_all else min)(usual, default=timedelta())
    return max(LEAST_PATIENCE, 2 * slowest_needed)


def is_overdue(unconfirmed_since: datetime | None, after: timedelta) -> bool:
    """Whether what is not confirmed, recorded at that time, has waited too long."""
    return unconfirmed_since is not None and (
        unconfirmed_since + after <= dt_util.utcnow()
    )


class RecordingTimes:
    """When the readings of a log were recorded, to the second; not later than told here.

    A leaf holds when its state came to be, which may be long before it was recorded.
    """

    def __init__(self) -> None:
        """Know nothing."""
        self._times: list[tuple[int, datetime]] = []

    def note(self, index: int, time: datetime) -> None:
        """Keep when the readings from an index on were recorded."""
        if self._times and time - self._times[-1][1] < _SPACING:
            return
        self._times.append((index, time))
        if len(self._times) > _MOST_TIMES:
            # For weeks nothing was confirmed: seconds do not matter any more.
            self._times = self._times[::2]

    def of(self, index: int) -> datetime | None:
        """Return when the reading at an index was recorded; None when that is not known."""
        position = bisect_right(self._times, index, key=lambda each: each[0]) - 1
        return self._times[max(position, 0)][1] if self._times else None

    def forget(self, index: int) -> None:
        """Forget what is of use for readings before an index alone."""
        position = bisect_right(self._times, index, key=lambda each: each[0]) - 1
        del self._times[: max(position, 0)]


class Deadline:
    """Calls back each time that a confirmation becomes overdue, once until it no longer is."""

    def __init__(
        self, hass: HomeAssistant, after: timedelta, became_overdue: Callable[[], None]
    ) -> None:
        """Call `became_overdue` once what is followed has waited for `after`."""
        self._hass = hass
        self._after = after
        self._became_overdue = became_overdue
        self._is_told = False
        self._earliest = dt_util.utcnow()
        self._since: datetime | None = None
        self._cancel: CALLBACK_TYPE | None = None
        self._is_new = True

    @callback
    def async_follow(self, unconfirmed_since: datetime | None) -> None:
        """Wait for what was recorded at that time and is not confirmed; None for nothing.

        What is overdue at the first call is told after a while, if it still is then.
        """
        is_new, self._is_new = self._is_new, False
        if unconfirmed_since == self._since:
            return
        self.async_stop()
        self._since = unconfirmed_since
        if not (was_late := is_overdue(unconfirmed_since, self._after)):
            self._is_told = False
        if unconfirmed_since is None or self._is_told:
            return
        if is_new and was_late:
            self._earliest += GRACE
        deadline = max(unconfirmed_since + self._after, self._earliest)
        self._cancel = async_track_point_in_utc_time(self._hass, self._pass, deadline)

    @callback
    def async_stop(self) -> None:
        """Wait no more."""
        if self._cancel:
            self._cancel()
            self._cancel = None

    @callback
    def _pass(self, _now: datetime) -> None:
        """Tell that the time is over."""
        self._cancel = None
        self._is_told = True
        self._became_overdue()
