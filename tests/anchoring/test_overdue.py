"""When a confirmation is overdue."""

from datetime import UTC, datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.sensorchain.anchoring.overdue import (
    GRACE,
    LEAST_PATIENCE,
    Deadline,
    RecordingTimes,
    is_overdue,
    patience,
)
from demo.tangle.private_tangle import PrivateTangle
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from tests.common import eventually
from tests.log import add_log, rule_form, tangle_form

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR = (timedelta(seconds=seconds) for seconds in (1, 60, 3600))
FRIDGE = "sensor.fridge"


def test_patience() -> None:
    """Twice what the ledgers that are needed usually take, and an hour at least."""
    assert patience([], needs_all=False) == LEAST_PATIENCE
    assert patience([MINUTE], needs_all=True) == LEAST_PATIENCE
    assert patience([MINUTE, 3 * HOUR], needs_all=False) == LEAST_PATIENCE
    assert patience([MINUTE, 3 * HOUR], needs_all=True) == 6 * HOUR


def test_recording_times() -> None:
    """A reading was recorded with those that came within a second before it."""
    times = RecordingTimes()
    assert times.of(0) is None
    for index, time in ((0, NOON), (5, NOON + SECOND / 2), (7, NOON + MINUTE)):
        times.note(index, time)
    assert [times.of(index) for index in (0, 6, 7, 99)] == [
        *[NOON] * 2,
        *[NOON + MINUTE] * 2,
    ]
    times.forget(8)
    assert times.of(6) == times.of(8) == NOON + MINUTE


def test_weeks_without_confirmation() -> None:
    """What is kept does not grow for ever; the oldest time stays."""
    times = RecordingTimes()
    for index in range(10_000):
        times.note(index, NOON + index * MINUTE)
    assert times.of(0) == NOON
    told = times.of(9_000)
    assert told and timedelta() <= NOON + 9_000 * MINUTE - told < HOUR


@pytest.fixture
def told(freezer: FrozenDateTimeFactory) -> list[datetime]:
    """Return the times at which something became overdue, from noon on."""
    freezer.move_to(NOON)
    return []


def _deadline(hass: HomeAssistant, told: list[datetime]) -> Deadline:
    """Return a deadline of an hour."""
    return Deadline(hass, HOUR, lambda: told.append(dt_util.utcnow()))


async def _go_to(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, time: datetime
) -> None:
    """Let time pass."""
    freezer.move_to(time)
    async_fire_time_changed(hass, time)
    await hass.async_block_till_done()


async def test_told_once(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, told: list[datetime]
) -> None:
    """It is told when the time is over, and again only after it was not overdue."""
    deadline = _deadline(hass, told)
    deadline.async_follow(None)
    deadline.async_follow(NOON)
    await _go_to(hass, freezer, NOON + HOUR - SECOND)
    assert not told
    assert not is_overdue(NOON, HOUR)
    await _go_to(hass, freezer, NOON + HOUR)
    assert len(told) == 1
    assert is_overdue(NOON, HOUR)
    # Some readings are confirmed, and the next ones have waited for too long as well.
    await _go_to(hass, freezer, NOON + HOUR + MINUTE)
    deadline.async_follow(NOON + SECOND)
    await _go_to(hass, freezer, NOON + 2 * HOUR)
    assert len(told) == 1
    deadline.async_follow(NOON + 2 * HOUR)
    await _go_to(hass, freezer, NOON + 3 * HOUR)
    assert len(told) == 2


async def test_confirmed_in_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, told: list[datetime]
) -> None:
    """Nothing is told of what was confirmed, nor after the end."""
    deadline = _deadline(hass, told)
    deadline.async_follow(NOON)
    deadline.async_follow(None)
    await _go_to(hass, freezer, NOON + 2 * HOUR)
    deadline.async_follow(NOON + 2 * HOUR)
    deadline.async_stop()
    await _go_to(hass, freezer, NOON + 4 * HOUR)
    assert not told


async def test_overdue_at_the_start(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, told: list[datetime]
) -> None:
    """What has only waited for Home Assistant's start gets the time to be confirmed."""
    confirmed, late = _deadline(hass, told), _deadline(hass, told)
    for deadline in (confirmed, late):
        deadline.async_follow(NOON - 2 * HOUR)
    await _go_to(hass, freezer, NOON + GRACE - SECOND)
    confirmed.async_follow(None)
    await _go_to(hass, freezer, NOON + GRACE)
    assert told == [NOON + GRACE]


async def test_since_when_readings_wait(
    hass: HomeAssistant, tangle: PrivateTangle
) -> None:
    """It is when they were recorded, of each entity and of all; a restart knows it too."""
    entry = await add_log(
        hass, tangle_form(tangle.url), rule_form(FRIDGE, "sensor.hive")
    )
    hass.states.async_set("sensor.hive", "35")
    await hass.async_block_till_done()
    service = entry.runtime_data
    await eventually(lambda: service.confirmed_size == 1)
    assert service.unconfirmed_since() is None
    await eventually(lambda: service.unconfirmed_since("sensor.hive") is None)
    await tangle.stop()
    before = dt_util.utcnow()
    hass.states.async_set(FRIDGE, "4.1")
    await hass.async_block_till_done()
    after = dt_util.utcnow()

    def check() -> None:
        service = entry.runtime_data
        for entity_id in (None, FRIDGE):
            since = service.unconfirmed_since(entity_id)
            assert since and before - SECOND <= since <= after
        assert service.unconfirmed_since("sensor.hive") is None

    check()
    assert await hass.config_entries.async_reload(entry.entry_id)
    check()
