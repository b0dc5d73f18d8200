"""The websocket API: what the card asks.

    sensorchain/overview   subscribe to the tables of overview.py, then to the rows that change
    sensorchain/timeline   subscribe to how an entity's readings lie in time, in slots
    sensorchain/readings   readings of an entity, newest first, in pages
    sensorchain/proof      all that proves one reading, to be checked by whoever asked
    sensorchain/verify     what the ledgers themselves say of a reading's anchors
    sensorchain/anchor     have a ledger anchor now

Who may not see an entity is told nothing of its readings. A subscription tells at once, and
then of all that has changed since, no more often than every half second.
"""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Any, override

import probatio as vol

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util import dt as dt_util

from .anchoring.anchorer import Anchorer
from .anchoring.anchors import Anchor
from .anchoring.entry import LogConfigEntry
from .anchoring.service import AnchoringService
from .const import DOMAIN
from .ledgers.ledger import LedgerError, Verification
from .overview import (
    ENTITIES,
    Row,
    Tables,
    may_anchor,
    may_read,
    overview,
    readable_entities,
    reading_row,
    running_entries,
)
from .transparency.bundle import Caption, indexes_of
from .transparency.errors import StorageError
from .transparency.log import Log, LoggedReading

MOST_READINGS = 200
"""Readings in a page."""

MOST_HOURS = 24 * 31
MOST_SLOTS = 500
"""How far back a timeline reaches, and into how many slots it is cut at the most."""

SECONDS_BETWEEN = 0.5

SECONDS_TO_LOOK_AGAIN = 60
"""That something is overdue comes with time alone."""

# Readings of a timeline that are read from the log at a time, so that others are written.
_STEP = 500

_ENTITY: dict[str | vol.Marker, Any] = {
    vol.Required("log"): cv.string,
    vol.Required("entity_id"): cv.entity_id,
}
_READING: dict[str | vol.Marker, Any] = {
    **_ENTITY,
    vol.Required("index"): cv.positive_int,
}


@callback
def async_setup_websocket_api(hass: HomeAssistant) -> None:
    """Register the commands."""
    for command in (
        subscribe_overview,
        subscribe_timeline,
        list_readings,
        prove_reading,
        verify_reading,
        anchor_now,
    ):
        websocket_api.async_register_command(hass, command)


class NotKnownError(HomeAssistantError):
    """There is no such log, entity, reading or ledger, or none that is running."""


def running_entry(hass: HomeAssistant, entry_id: str) -> LogConfigEntry:
    """Return a log's config entry; raise NotKnownError where none is running."""
    for entry in running_entries(hass):
        if entry.entry_id == entry_id:
            return entry
    raise NotKnownError(f"No log {entry_id} is running")


def _readable_entry(
    hass: HomeAssistant, connection: ActiveConnection, message: Mapping[str, Any]
) -> LogConfigEntry:
    """Return the log of a message whose entity the connection's user may see."""
    if not may_read(connection.user, message["entity_id"]):
        raise Unauthorized(entity_id=message["entity_id"], permission=POLICY_READ)
    return running_entry(hass, message["log"])


# Subscriptions


class Subscription(ABC):
    """Something that a connection is told, and told again when it has changed."""

    def __init__(
        self,
        hass: HomeAssistant,
        connection: ActiveConnection,
        message: Mapping[str, Any],
    ) -> None:
        """Tell a connection about what a message asks for."""
        self._hass = hass
        self._connection = connection
        self._message = message
        self._changed = asyncio.Event()
        self._detach: list[CALLBACK_TYPE] = []

    @callback
    def async_start(self) -> None:
        """Begin to tell; the connection ends it."""
        number = self._message["id"]
        task = self._hass.async_create_background_task(
            self._run(), f"sensorchain subscription {number}"
        )
        stop_watching = async_dispatcher_connect(
            self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed
        )

        def stop() -> None:
            stop_watching()
            self._detach_all()
            task.cancel()

        self._connection.subscriptions[number] = stop
        self._connection.send_result(number)
        self._attach_all()

    @callback
    def _entry_changed(self, _change: object, entry: Any) -> None:
        """Follow logs that start and stop."""
        if entry.domain == DOMAIN:
            self._attach_all()

    def _attach_all(self) -> None:
        """Listen to the logs that are running now."""
        self._detach_all()
        for entry in running_entries(self._hass):
            self._detach += self._attach(entry)
        self._changed.set()

    def _detach_all(self) -> None:
        """Listen to nothing."""
        while self._detach:
            self._detach.pop()()

    async def _run(self) -> None:
        """Tell what has changed, with pauses, until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(SECONDS_TO_LOOK_AGAIN):
                    await self._changed.wait()
            self._changed.clear()
            try:
                content = await self._news()
            except StorageError, RuntimeError:
                # The log was closed meanwhile; it tells when it runs again.
                content = None
            if content:
                message = websocket_api.event_message(self._message["id"], content)
                self._connection.send_message(message)
            await asyncio.sleep(SECONDS_BETWEEN)

    @abstractmethod
    def _attach(self, entry: LogConfigEntry) -> list[CALLBACK_TYPE]:
        """Have `_changed` set whenever a log has news; return how to stop."""

    @abstractmethod
    async def _news(self) -> Mapping[str, Any] | None:
        """Return what to tell, None for nothing."""


class OverviewSubscription(Subscription):
    """The overview: all of it at first, then the rows that differ, null for those gone."""

    def __init__(self, *args: Any) -> None:
        """Begin with nothing told."""
        super().__init__(*args)
        self._told: Tables = {}
        self._dirty: set[tuple[str, str]] | None = None
        self._followed: set[str] = set()

    @override
    def _attach_all(self) -> None:
        """Listen to what is running now, and tell all that differs."""
        self._followed, self._dirty = set(), None
        super()._attach_all()

    @override
    def _attach(self, entry: LogConfigEntry) -> list[CALLBACK_TYPE]:
        """Listen to the log as a whole, and to each entity."""
        service = entry.runtime_data
        entity_ids = readable_entities(self._connection.user, entry)
        self._followed |= {f"{entry.entry_id}/{each}" for each in entity_ids}
        return [
            service.async_add_listener(self._changed.set),
            *(
                service.async_add_listener(
                    self._mark(entry.entry_id, entity_id), entity_id
                )
                for entity_id in entity_ids
            ),
        ]

    def _mark(self, entry_id: str, entity_id: str) -> Callable[[], None]:
        """Return what notes that the row of an entity may have changed."""

        def mark() -> None:
            if self._dirty is not None:
                self._dirty.add((entry_id, entity_id))
            self._changed.set()

        return mark

    @override
    async def _news(self) -> Mapping[str, Any] | None:
        """Return the rows that differ from those told before."""
        # An empty set: nobody said what has changed, so that it was time.
        dirty, self._dirty = self._dirty or None, set()
        tables = overview(self._hass, self._connection.user, dirty)
        if dirty is None and tables[ENTITIES].keys() != self._followed:
            # Rules change while a log is running.
            self._attach_all()
        first, news = not self._told, dict[str, dict[str, Row | None]]()
        for name, rows in tables.items():
            told = self._told.setdefault(name, {})
            news[name] = {key: row for key, row in rows.items() if told.get(key) != row}
            # Only part of the entities was looked at where few have changed.
            if dirty is None or name != ENTITIES:
                news[name] |= dict.fromkeys(told.keys() - rows.keys())
                told.clear()
            told.update(rows)
        if not first and not any(news.values()):
            return None
        return {"full": first, "now": dt_util.utcnow(), **news}


class TimelineSubscription(Subscription):
    """An entity's readings in time: slots at first, then those of the readings that come.

    A slot is `[number, count, first index, last index, last state]`; its number is the time of
    its readings, in seconds since 1970, divided by the length of a slot. A slot that was
    told before may be told again with the readings that are new in it.
    """

    def __init__(self, *args: Any) -> None:
        """Begin with nothing told."""
        super().__init__(*args)
        self._told_size: int | None = None

    @override
    def _attach(self, entry: LogConfigEntry) -> list[CALLBACK_TYPE]:
        """Listen to the entity."""
        if entry.entry_id != self._message["log"]:
            return []
        service, entity_id = entry.runtime_data, self._message["entity_id"]
        return [service.async_add_listener(self._changed.set, entity_id)]

    @override
    async def _news(self) -> Mapping[str, Any] | None:
        """Return the slots of the readings that were not told yet."""
        service = running_service(self._hass, self._message["log"])
        if service is None:
            return None
        size, first = service.size, self._told_size is None
        start = self._told_size
        since = dt_util.utcnow().timestamp() - self._message["hours"] * 3600
        log, run = service.database.log, service.database.run
        name = service.name(self._message["entity_id"])
        if start is None:
            begin = dt_util.utc_from_timestamp(since)
            start = (await run(indexes_in_time, log, name, size, begin, None)).start
        slots: dict[int, list[Any]] = {}
        readings = log.readings_of({name}, start, size)
        while page := await run(lambda: list(islice(readings, _STEP))):
            for each in page:
                self._count(slots, each, since)
        self._told_size = size
        if not slots and not first:
            return None
        return {"full": first, "slots": list(slots.values())}

    def _count(
        self, slots: dict[int, list[Any]], each: LoggedReading, since: float
    ) -> None:
        """Put a reading into its slot."""
        reading = each.leaf.reading
        time = reading.last_updated.timestamp()
        if time < since:
            return
        number = int(time // self._message["slot"])
        slot = slots.setdefault(number, [number, 0, each.index, each.index, ""])
        slot[1] += 1
        slot[3] = each.index
        slot[4] = reading.state


def running_service(hass: HomeAssistant, entry_id: str) -> AnchoringService | None:
    """Return a log's service, None while it is not running."""
    try:
        return running_entry(hass, entry_id).runtime_data
    except NotKnownError:
        return None


def indexes_in_time(
    log: Log,
    entity_id: str,
    size: int,
    start: datetime | None,
    stop: datetime | None,
) -> range:
    """Return the indexes between which an entity's readings of a period are (log's thread)."""
    caption = Caption(
        log="",
        created=dt_util.utcnow(),
        entities={entity_id: ""},
        start=start,
        stop=stop,
    )
    return indexes_of(log, caption, size)


@websocket_api.websocket_command({vol.Required("type"): "sensorchain/overview"})
@callback
def subscribe_overview(
    hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]
) -> None:
    """Subscribe to the overview."""
    OverviewSubscription(hass, connection, message).async_start()


@websocket_api.websocket_command(
    {
        vol.Required("type"): "sensorchain/timeline",
        **_ENTITY,
        vol.Optional("hours", default=24): vol.All(
            vol.Coerce(float), vol.Range(min=0.01, max=MOST_HOURS)
        ),
        vol.Required("slot"): vol.All(vol.Coerce(float), vol.Range(min=1)),
    }
)
@callback
def subscribe_timeline(
    hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]
) -> None:
    """Subscribe to the timeline of an entity; `slot` is the length of one, in seconds."""
    _readable_entry(hass, connection, message)
    if message["hours"] * 3600 / message["slot"] > MOST_SLOTS:
        connection.send_error(
            message["id"],
            websocket_api.ERR_INVALID_FORMAT,
            f"More than {MOST_SLOTS} slots",
        )
        return
    TimelineSubscription(hass, connection, message).async_start()


# Questions


@websocket_api.websocket_command(
    {
        vol.Required("type"): "sensorchain/readings",
        **_ENTITY,
        vol.Optional("before"): cv.positive_int,
        vol.Optional("start"): cv.datetime,
        vol.Optional("stop"): cv.datetime,
        vol.Optional("limit", default=50): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=MOST_READINGS)
        ),
    }
)
@websocket_api.async_response
async def list_readings(
    hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]
) -> None:
    """Answer a page of an entity's readings, newest first, from before an index.

    `next` is what to ask the following page with as `before`; null at the end.
    """
    service = _readable_entry(hass, connection, message).runtime_data
    # The log has the entity under the id that it had at first.
    named = {**message, "entity_id": service.name(message["entity_id"])}
    page = await _on_log(service, _page, service.database.log, named)
    confirmations = await _in_log(service.async_confirmations(page.readings))
    connection.send_result(
        message["id"],
        {
            "readings": [reading_row(service, each) for each in confirmations],
            "next": page.next,
        },
    )


class _Page:
    """Readings, newest first, and the index before which those that follow are."""

    def __init__(self, readings: list[LoggedReading], has_more: bool) -> None:
        """Keep the readings."""
        self.readings = readings
        self.next = readings[-1].index if has_more else None


def _page(log: Log, message: Mapping[str, Any]) -> _Page:
    """Return a page of readings (log's thread)."""
    entity_id, limit = message["entity_id"], message["limit"]
    size = min(message.get("before", log.size), log.size)
    start, stop = (_utc(message.get(name)) for name in ("start", "stop"))
    if start or stop:
        indexes = indexes_in_time(log, entity_id, log.size, start, stop)
        first, size = indexes.start, min(size, indexes.stop)
    else:
        first = 0
    readings: list[LoggedReading] = []
    while len(readings) <= limit:
        latest = log.latest(entity_id, size)
        if latest is None or latest.index < first:
            return _Page(readings, has_more=False)
        readings.append(latest)
        size = latest.index
    return _Page(readings[:limit], has_more=True)


def _utc(time: datetime | None) -> datetime | None:
    """Return a time in UTC."""
    return None if time is None else dt_util.as_utc(time)


@websocket_api.websocket_command(
    {vol.Required("type"): "sensorchain/proof", **_READING}
)
@websocket_api.async_response
async def prove_reading(
    hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]
) -> None:
    """Answer what proves a reading.

    `leaf` is the exact text that was hashed. Each `proof` is a C2SP tlog-proof: an anchor's
    into the checkpoint of that anchor; the first one into the smallest of these, or into
    the present checkpoint where there is none.
    """
    service = _readable_entry(hass, connection, message).runtime_data
    reading = await _reading(service, message)
    anchors = await _on_log(service, _covering, service, reading.index)
    sizes = [anchor.size for _, anchor in anchors]
    smallest = min(sizes, default=service.size)
    proofs = await _on_log(
        service, _proofs, service.database.log, reading.index, {*sizes, smallest}
    )
    connection.send_result(
        message["id"],
        {
            "index": reading.index,
            "leaf": reading.leaf.to_bytes().decode(),
            "proof": proofs[smallest],
            "verifier_key": str(service.verifier_key),
            "anchors": [
                {
                    "ledger": anchor.ledger_id,
                    "title": anchorer.title,
                    "size": anchor.size,
                    "proof": proofs[anchor.size],
                    "receipt": anchor.receipt and anchor.receipt.to_json(),
                }
                for anchorer, anchor in anchors
            ],
        },
    )


def _proofs(log: Log, index: int, sizes: Iterable[int]) -> dict[int, str]:
    """Return the proofs of a leaf in the log as it was at some sizes (log's thread)."""
    return {size: log.inclusion_proof(index, size).to_text() for size in sizes}


@websocket_api.websocket_command(
    {vol.Required("type"): "sensorchain/verify", **_READING}
)
@websocket_api.async_response
async def verify_reading(
    hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]
) -> None:
    """Ask each ledger with a confirmed anchor of a reading; answer what it says."""
    service = _readable_entry(hass, connection, message).runtime_data
    reading = await _reading(service, message)
    anchors = await _on_log(service, _covering, service, reading.index)
    answers = await asyncio.gather(*(_ask(service, *each) for each in anchors))
    connection.send_result(message["id"], {"ledgers": answers})


async def _ask(service: AnchoringService, anchorer: Anchorer, anchor: Anchor) -> Row:
    """Return what a ledger says of an anchor; `error` where it cannot be asked."""
    assert anchor.receipt
    about = {"ledger": anchor.ledger_id, "title": anchorer.title, "size": anchor.size}
    checkpoint = await _on_log(service, service.database.log.checkpoint, anchor.size)
    try:
        found = await anchorer.ledger.verify(anchor.receipt, checkpoint)
    except LedgerError as err:
        return {**about, "status": None, "error": str(err)}
    return {**about, **_verification(found), "error": None}


def _verification(found: Verification) -> Row:
    """Return what a ledger's own answer says."""
    return {
        "status": found.status,
        "is_trial": found.is_trial,
        "existed_before": found.existed_before,
        "place": found.place,
        "problem": found.problem,
    }


@websocket_api.websocket_command(
    {vol.Required("type"): "sensorchain/anchor", vol.Required("ledger"): cv.string}
)
@callback
def anchor_now(
    hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]
) -> None:
    """Have a ledger anchor now; answer how many readings the anchor will cover."""
    ledger_id = message["ledger"]
    if not may_anchor(hass, connection.user, ledger_id):
        raise Unauthorized(permission=POLICY_CONTROL)
    for entry in running_entries(hass):
        if anchorer := entry.runtime_data.anchorers.get(ledger_id):
            anchorer.request()
            connection.send_result(message["id"], {"size": entry.runtime_data.size})
            return
    raise NotKnownError(f"No ledger {ledger_id} is in use")


async def _reading(
    service: AnchoringService, message: Mapping[str, Any]
) -> LoggedReading:
    """Return the reading of a message, which must be of its entity."""
    try:
        reading = await _on_log(service, service.database.log.leaf, message["index"])
    except IndexError as err:
        raise NotKnownError(str(err)) from err
    if reading.leaf.reading.entity_id != service.name(message["entity_id"]):
        raise NotKnownError(f"{message['entity_id']} has no reading {reading.index}")
    return reading


def _covering(service: AnchoringService, index: int) -> list[tuple[Anchorer, Anchor]]:
    """Return the first confirmed anchor of a reading on each ledger (log's thread)."""
    anchors = service.database.anchors
    return [
        (anchorer, anchor)
        for ledger_id, anchorer in service.anchorers.items()
        if (anchor := anchors.covering(ledger_id, index))
    ]


async def _on_log[**P, T](
    service: AnchoringService,
    function: Callable[P, T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Call a function on the log's thread."""
    return await _in_log(service.database.run(function, *args, **kwargs))


async def _in_log[T](answer: Awaitable[T]) -> T:
    """Return an answer of the log; raise HomeAssistantError where it cannot be read."""
    try:
        return await answer
    except StorageError as err:
        raise HomeAssistantError(f"The log cannot be read: {err}") from err
