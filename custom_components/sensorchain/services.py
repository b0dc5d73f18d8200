"""Actions: record and anchor by request, export proofs, audit the history."""

from datetime import datetime
from pathlib import Path
from typing import Any

import probatio as vol

from homeassistant.components import persistent_notification
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_get_config_entry
from homeassistant.util import dt as dt_util, slugify
from homeassistant.util.json import JsonValueType

from .anchoring.entry import LogConfigEntry, running_logs
from .anchoring.service import AnchoringService, Confirmation
from .audit import NoHistoryError, async_audit
from .const import CONF_KIND, DOMAIN, KIND_LOG
from .export import async_export
from .transparency.bundle import Progress
from .transparency.errors import MalformedError, StorageError

SERVICE_ANCHOR = "anchor"
ATTR_AT_ONCE = "at_once"

SERVICE_EXPORT = "export"
SERVICE_AUDIT = "audit"
ATTR_LOG = "log"
ATTR_START = "start"
ATTR_STOP = "stop"
ATTR_FILE = "file"
ATTR_INCLUDE = "include"
ATTR_UNCONFIRMED = "unconfirmed"

# A bundle in an answer is held in memory, and goes through a websocket.
MOST_INCLUDED_BYTES = 1_000_000

# Nobody waits for what takes less; of what takes more it is told this often.
PROGRESS_SECONDS = 2

ANCHOR_SCHEMA = vol.Schema(
    {
        vol.Required(ATTR_ENTITY_ID): cv.entity_ids,
        vol.Optional(ATTR_AT_ONCE, default=True): cv.boolean,
    }
)

PERIOD_SCHEMA = {
    vol.Required(ATTR_LOG): cv.string,
    vol.Optional(ATTR_START): cv.datetime,
    vol.Optional(ATTR_STOP): cv.datetime,
}

EXPORT_SCHEMA = vol.Schema(
    {
        **PERIOD_SCHEMA,
        vol.Optional(ATTR_ENTITY_ID): cv.entity_ids,
        vol.Optional(ATTR_FILE): cv.string,
        vol.Optional(ATTR_INCLUDE, default=False): cv.boolean,
        vol.Optional(ATTR_UNCONFIRMED, default=False): cv.boolean,
    }
)

AUDIT_SCHEMA = vol.Schema(
    {**PERIOD_SCHEMA, vol.Optional(ATTR_ENTITY_ID): cv.entity_ids}
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for action, handler, schema in (
        (SERVICE_ANCHOR, _anchor, ANCHOR_SCHEMA),
        (SERVICE_EXPORT, _export, EXPORT_SCHEMA),
        (SERVICE_AUDIT, _audit, AUDIT_SCHEMA),
    ):
        hass.services.async_register(
            DOMAIN,
            action,
            handler,
            schema=schema,
            supports_response=SupportsResponse.OPTIONAL,
        )


async def _anchor(call: ServiceCall) -> ServiceResponse:
    """Record the present state of entities in every log that has a rule for them."""
    entity_ids: list[str] = call.data[ATTR_ENTITY_ID]
    services = running_logs(call.hass)
    recorded: dict[str, Any] = {}
    for entity_id in entity_ids:
        _check(call.hass, services, entity_id)
    for service in services:
        ours = [entity for entity in entity_ids if entity in service.entity_ids]
        await service.async_record(ours)
        if service.storage_error:
            raise _error("not_recorded", reason=str(service.storage_error))
        if call.data[ATTR_AT_ONCE]:
            service.async_anchor_now()
        for entity_id in ours:
            if latest := service.latest(entity_id):
                recorded.setdefault(entity_id, []).append(_response(latest))
    return {"readings": recorded}


def _check(
    hass: HomeAssistant, services: list[AnchoringService], entity_id: str
) -> None:
    """Refuse an entity that cannot be recorded."""
    named = any(entity_id in service.entity_ids for service in services)
    if not named or hass.states.get(entity_id) is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_state" if named else "no_rule",
            translation_placeholders={"entity": entity_id},
        )


def _response(confirmation: Confirmation) -> dict[str, Any]:
    """Return what is told of a reading."""
    leaf = confirmation.reading.leaf
    return {
        "index": confirmation.reading.index,
        "sequence": leaf.sequence,
        "reading": leaf.reading.state,
        "time": leaf.reading.last_updated.isoformat(),
        "status": confirmation.status.value,
    }


async def _export(call: ServiceCall) -> ServiceResponse:
    """Write a proof bundle of some entities' readings in a period."""
    hass, entry = call.hass, _log(call)
    service = entry.runtime_data
    names = {
        service.name(each): state.name if (state := hass.states.get(each)) else each
        for each in call.data.get(ATTR_ENTITY_ID, service.entity_ids)
    }
    progress = _Progress(hass, entry.title)
    try:
        exported = await async_export(
            hass,
            entry,
            names,
            *_period(call),
            _path(call, entry.title),
            progress.tell,
            unconfirmed=call.data[ATTR_UNCONFIRMED],
        )
    except (OSError, StorageError, MalformedError) as err:
        raise _error("not_exported", reason=str(err)) from err
    finally:
        progress.end()
    response: dict[str, JsonValueType] = {
        ATTR_FILE: str(exported.path),
        "readings": exported.readings,
        "anchors": exported.anchors,
        "bytes": exported.bytes,
        "awaiting": exported.awaiting,
    }
    if not call.data[ATTR_INCLUDE]:
        return response
    if exported.bytes > MOST_INCLUDED_BYTES:
        raise _error("too_large_to_include", file=str(exported.path))
    text = await hass.async_add_executor_job(exported.path.read_text, "utf-8")
    return {**response, "bundle": text}


async def _audit(call: ServiceCall) -> ServiceResponse:
    """Hold Home Assistant's history of entities against the log."""
    entry = _log(call)
    audits: dict[str, Any] = {}
    for entity_id in call.data.get(ATTR_ENTITY_ID, entry.runtime_data.entity_ids):
        try:
            audit = await async_audit(call.hass, entry, entity_id, *_period(call))
        except NoHistoryError as err:
            raise _error("no_history", entity=entity_id) from err
        except StorageError as err:
            raise _error("not_audited", reason=str(err)) from err
        audits[entity_id] = {
            ATTR_START: audit.start.isoformat(),
            ATTR_STOP: audit.stop.isoformat(),
            "compared": audit.compared,
            "differences": [
                {
                    "kind": each.kind.value,
                    "time": each.time.isoformat(),
                    "index": each.index,
                    "recorded": each.recorded,
                    "found": each.found,
                }
                for each in audit.differences
            ],
        }
    return {"audits": audits}


def _log(call: ServiceCall) -> LogConfigEntry:
    """Return the log that an action names."""
    entry: LogConfigEntry = async_get_config_entry(
        call.hass, DOMAIN, call.data[ATTR_LOG]
    )
    if entry.data[CONF_KIND] != KIND_LOG:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_a_log",
            translation_placeholders={"title": entry.title},
        )
    return entry


def _period(call: ServiceCall) -> tuple[datetime | None, datetime | None]:
    """Return the period that an action names, in UTC; None for no limit."""
    start, stop = (call.data.get(limit) for limit in (ATTR_START, ATTR_STOP))
    return start and dt_util.as_utc(start), stop and dt_util.as_utc(stop)


def _path(call: ServiceCall, title: str) -> Path:
    """Return the file to export to: in a folder of ours, unless another one is allowed."""
    if (given := call.data.get(ATTR_FILE)) is None:
        name = f"{slugify(title)}-{dt_util.utcnow():%Y%m%d-%H%M%S-%f}.json"
        return Path(call.hass.config.path(DOMAIN, name))
    path = Path(call.hass.config.path(given))
    if not call.hass.config.is_allowed_path(str(path)):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="path_not_allowed",
            translation_placeholders={"file": given},
        )
    return path


def _error(key: str, **placeholders: str) -> HomeAssistantError:
    """Return an error in a person's words."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )


class _Progress:
    """Tells in a notification how far a long export is."""

    def __init__(self, hass: HomeAssistant, title: str) -> None:
        """Tell nothing yet."""
        self._hass = hass
        self._title = title
        self._id = f"{DOMAIN}_export_{id(self)}"
        self._told_at = hass.loop.time()
        self._is_told = False

    @callback
    def tell(self, progress: Progress) -> None:
        """Tell how far it is, now and then."""
        if self._hass.loop.time() < self._told_at + PROGRESS_SECONDS:
            return
        self._told_at = self._hass.loop.time()
        self._is_told = True
        percent = 100 * progress.done // max(1, progress.total)
        persistent_notification.async_create(
            self._hass, f"{percent} %", f"SensorChain: {self._title}", self._id
        )

    @callback
    def end(self) -> None:
        """Take the notification back."""
        if self._is_told:
            persistent_notification.async_dismiss(self._hass, self._id)
