"""Home Assistant's own history of an entity, held against the log."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.db_schema import RecorderRuns
from homeassistant.components.recorder.history import get_significant_states
from homeassistant.components.recorder.util import session_scope
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from .anchoring.database import Database
from .anchoring.entry import LogConfigEntry
from .anchoring.history import Difference, HistoryState, Kind, compare
from .const import DOMAIN
from .transparency.log import LoggedReading

# What is read from the database at a time, and from the log.
_STEP = timedelta(days=1)
# The database leaves out what came at the very time that is asked for, as a float has it.
_BEFORE = timedelta(milliseconds=1)
_PAGE = 1000


class NoHistoryError(Exception):
    """Home Assistant keeps no history of an entity."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many readings of a period were compared with the history, and what differs.

    The period begins no earlier than the history reaches back.
    """

    compared: int
    differences: list[Difference]


async def async_compare(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    entity_id: str,
    start: datetime | None,
    stop: datetime | None,
) -> Comparison:
    """Compare the history of an entity with the log, and tell of differences.

    Raises NoHistoryError, and StorageError when the log cannot be read.
    """
    service = entry.runtime_data
    start, stop = _period(hass, entity_id, start, stop)
    await get_instance(hass).async_block_till_done()
    name = service.name(entity_id)
    logged = await async_read_log(service.database, name, start, stop)
    states = await _read_states(hass, entity_id, start, stop)
    starts = await get_instance(hass).async_add_executor_job(_read_starts, hass)
    rule = service.rule(entity_id)
    differences = compare(
        logged,
        states,
        is_complete=rule is not None and rule.takes_every_change,
        starts=starts,
    )
    _tell(hass, entry, entity_id, differences)
    return Comparison(len(logged), differences)


def _period(
    hass: HomeAssistant, entity_id: str, start: datetime | None, stop: datetime | None
) -> tuple[datetime, datetime]:
    """Return what of a period has passed, and the database reaches back to."""
    try:
        recorder = get_instance(hass)
    except KeyError as err:
        raise NoHistoryError from err
    if recorder.entity_filter and not recorder.entity_filter(entity_id):
        raise NoHistoryError
    if (oldest := recorder.states_manager.oldest_ts) is None:
        raise NoHistoryError
    begin = dt_util.utc_from_timestamp(oldest)
    now = dt_util.utcnow()
    return max(start or begin, begin), min(stop or now, now)


async def async_read_log(
    database: Database,
    name: str,
    start: datetime | None,
    stop: datetime | None,
) -> list[LoggedReading]:
    """Return the readings that the log has under a name in a period; None: no limit."""
    start = start or datetime.min.replace(tzinfo=UTC)
    stop = stop or datetime.max.replace(tzinfo=UTC)
    found: list[LoggedReading] = []
    readings = database.log.readings_of({name}, 0, database.log.size)
    while page := await database.run(lambda: list(islice(readings, _PAGE))):
        found += [
            each for each in page if start <= each.leaf.reading.last_updated < stop
        ]
    return found


async def _read_states(
    hass: HomeAssistant, entity_id: str, start: datetime, stop: datetime
) -> list[HistoryState]:
    """Return the states that the database has of an entity in a period."""
    states: list[HistoryState] = []
    start -= _BEFORE
    while start < stop:
        until = min(start + _STEP, stop)
        states += await get_instance(hass).async_add_executor_job(
            _read_states_of_step, hass, entity_id, start, until
        )
        start = until
    return states


def _read_states_of_step(
    hass: HomeAssistant, entity_id: str, start: datetime, stop: datetime
) -> list[HistoryState]:
    """Return the states of a part of the period (recorder's thread)."""
    found = get_significant_states(
        hass,
        start,
        stop,
        [entity_id],
        include_start_time_state=False,
        significant_changes_only=False,
        no_attributes=True,
    )
    return [
        HistoryState(state.last_updated, state.state)
        for state in found.get(entity_id, [])
        if isinstance(state, State)
    ]


def _read_starts(hass: HomeAssistant) -> list[datetime]:
    """Return when Home Assistant was started (recorder's thread)."""
    with session_scope(hass=hass, read_only=True) as session:
        return [dt_util.as_utc(start) for (start,) in session.query(RecorderRuns.start)]


@callback
def _tell(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    entity_id: str,
    differences: list[Difference],
) -> None:
    """Raise an issue for a history that differs; withdraw it for one that agrees."""
    issue_id = f"history_{entry.entry_id}_{entity_id}"
    if not differences:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    counts = {
        kind.value: str(sum(each.kind is kind for each in differences)) for kind in Kind
    }
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="history_differs",
        translation_placeholders={
            "log": entry.title,
            "entity": entity_id,
            "first": differences[0].time.isoformat(),
            **counts,
        },
    )
