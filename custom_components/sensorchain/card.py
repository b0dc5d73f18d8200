"""The card: its files, served to the frontend, and the download of proof bundles."""

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from aiohttp import web
import probatio as vol

from homeassistant.components.frontend import add_extra_js_url
from homeassistant.components.http import (
    KEY_HASS_USER,
    HomeAssistantView,
    StaticPathConfig,
)
from homeassistant.const import CONTENT_TYPE_JSON
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.http import KEY_HASS
from homeassistant.util import dt as dt_util, slugify

from .anchoring.entry import LogConfigEntry
from .const import DOMAIN
from .export import async_stream
from .overview import readable_entities, running_entries
from .transparency.errors import MalformedError, StorageError

FOLDER = Path(__file__).parent / "frontend"
CARD = "sensorchain-card.js"
PAGE = "verify.html"
URL = f"/{DOMAIN}"

# A reading's time has microseconds: no other of its entity is so near.
_MOMENT = timedelta(microseconds=1)

QUERY = vol.Schema(
    {
        vol.Optional("entity_id", default=list): [cv.entity_id],
        vol.Optional("start"): cv.datetime,
        vol.Optional("stop"): cv.datetime,
        vol.Optional("index"): vol.Coerce(int),
        vol.Optional("unconfirmed", default=False): cv.boolean,
    }
)
_FIELDS = {"start", "stop", "index", "unconfirmed"}


async def async_setup_card(hass: HomeAssistant) -> None:
    """Serve the card and have every page of the frontend load it; serve bundles."""
    version = await hass.async_add_executor_job(_version)
    await hass.http.async_register_static_paths(
        [
            StaticPathConfig(f"{URL}/{CARD}", str(FOLDER / CARD), cache_headers=True),
            # Nothing in its address tells that it is a newer one.
            StaticPathConfig(f"{URL}/{PAGE}", str(FOLDER / PAGE), cache_headers=False),
        ]
    )
    # The version makes browsers that keep an older card load this one.
    add_extra_js_url(hass, f"{URL}/{CARD}?v={version}")
    hass.http.register_view(BundleView)


def _version() -> str:
    """Return what changes with the card: twelve digits of its SHA-256."""
    return sha256((FOLDER / CARD).read_bytes()).hexdigest()[:12]


class BundleView(HomeAssistantView):
    """A proof bundle to download: `/api/sensorchain/bundle/<entry id>?entity_id=…`.

    `entity_id` may be given several times; without it the bundle is of all entities of the
    log's rules that the person may see. `start` and `stop` limit it to a period, `index` to
    one reading; `unconfirmed=true` adds what no ledger has confirmed yet.
    """

    url = f"/api/{DOMAIN}/bundle/{{entry_id}}"
    name = f"api:{DOMAIN}:bundle"

    async def get(self, request: web.Request, entry_id: str) -> web.StreamResponse:
        """Stream a bundle, as fast as it is taken."""
        hass = request.app[KEY_HASS]
        entry = _entry(hass, entry_id)
        query = _query(request)
        readable = readable_entities(request[KEY_HASS_USER], entry)
        entity_ids = query["entity_id"] or readable
        if not readable or not set(entity_ids) <= set(readable):
            raise web.HTTPForbidden
        start, stop = await _period(entry, query)
        recorded_as = entry.runtime_data.name
        names = {recorded_as(each): _name(hass, each) for each in entity_ids}
        bundle = async_stream(
            entry, names, start, stop, unconfirmed=query["unconfirmed"]
        )
        file = f"{slugify(entry.title)}-{dt_util.utcnow():%Y%m%d-%H%M%S}.json"
        async with aclosing(bundle):
            return await _stream(request, bundle, file)


def _entry(hass: HomeAssistant, entry_id: str) -> LogConfigEntry:
    """Return a log that is running."""
    for entry in running_entries(hass):
        if entry.entry_id == entry_id:
            return entry
    raise web.HTTPNotFound


def _query(request: web.Request) -> dict[str, Any]:
    """Return what a request asks for; raise vol.Invalid."""
    given: dict[str, Any] = {
        key: value for key, value in request.query.items() if key in _FIELDS
    }
    if "entity_id" in request.query:
        given["entity_id"] = request.query.getall("entity_id")
    query: dict[str, Any] = QUERY(given)
    return query


async def _period(
    entry: LogConfigEntry, query: Mapping[str, Any]
) -> tuple[datetime | None, datetime | None]:
    """Return from when until when readings are asked for."""
    if "index" not in query:
        return _utc(query.get("start")), _utc(query.get("stop"))
    database = entry.runtime_data.database
    try:
        reading = await database.run(database.log.leaf, query["index"])
    except IndexError as err:
        raise web.HTTPNotFound from err
    time = reading.leaf.reading.last_updated
    return time, time + _MOMENT


def _utc(time: datetime | None) -> datetime | None:
    """Return a time in UTC."""
    return None if time is None else dt_util.as_utc(time)


def _name(hass: HomeAssistant, entity_id: str) -> str:
    """Return what an entity is called."""
    state = hass.states.get(entity_id)
    return state.name if state else entity_id


async def _stream(
    request: web.Request, pieces: AsyncIterator[bytes], file: str
) -> web.StreamResponse:
    """Answer with a file that comes in pieces."""
    try:
        first = await anext(pieces, b"")
    except (StorageError, MalformedError) as err:
        raise web.HTTPServiceUnavailable(text=str(err)) from err
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    response = web.StreamResponse(headers=headers)
    response.content_type = CONTENT_TYPE_JSON
    await response.prepare(request)
    await response.write(first)
    async for piece in pieces:
        await response.write(piece)
    await response.write_eof()
    return response
