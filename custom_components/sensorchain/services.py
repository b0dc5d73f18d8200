"""Actions: record by request, verify, export proofs, read what stands on the ledgers."""

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
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)
from homeassistant.util import dt as dt_util, slugify
from homeassistant.util.json import JsonValueType

from .anchoring.anchorer import Anchorer
from .anchoring.database import Database
from .anchoring.entry import LogConfigEntry
from .anchoring.history import Difference
from .anchoring.service import AnchoringService, Confirmation
from .const import CONF_KIND, DOMAIN, KIND_LOG
from .export import async_export
from .ledgers.ledger import AnchorStatus, LedgerError, Published
from .overview import running_entries
from .transparency.bundle import Progress
from .transparency.errors import MalformedError, StorageError
from .transparency.merkle import leaf_hash
from .transparency.note import encode_base64
from .transparency.reading import Leaf
from .verification import CheckedAnchor, Findings, async_verify

SERVICE_ANCHOR = "anchor"
ATTR_AT_ONCE = "at_once"

SERVICE_VERIFY = "verify"
SERVICE_EXPORT = "export"
ATTR_LOG = "log"
ATTR_START = "start"
ATTR_STOP = "stop"
ATTR_FILE = "file"
ATTR_FOLDER = "folder"
ATTR_INCLUDE = "include"
ATTR_UNCONFIRMED = "unconfirmed"

SERVICE_READ_LEDGER = "read_ledger"
ATTR_LIMIT = "limit"

# A bundle in an answer is held in memory, and goes through a websocket.
MOST_INCLUDED_BYTES = 1_000_000

# So many checkpoints are fetched and decoded at the most.
MOST_READ = 100

# Nobody waits for what takes less; of what takes more it is told this often.
PROGRESS_SECONDS = 2

ANCHOR_SCHEMA = cv.make_entity_service_schema(
    {vol.Optional(ATTR_AT_ONCE, default=True): cv.boolean}
)

PERIOD_SCHEMA = {
    vol.Required(ATTR_LOG): cv.string,
    vol.Optional(ATTR_START): cv.datetime,
    vol.Optional(ATTR_STOP): cv.datetime,
}

VERIFY_SCHEMA = vol.Schema(
    {**PERIOD_SCHEMA, vol.Required(ATTR_ENTITY_ID): cv.entity_id}
)

EXPORT_SCHEMA = vol.Schema(
    {
        **PERIOD_SCHEMA,
        vol.Optional(ATTR_ENTITY_ID): cv.entity_ids,
        vol.Exclusive(ATTR_FILE, "where"): cv.string,
        vol.Exclusive(ATTR_FOLDER, "where"): cv.string,
        vol.Optional(ATTR_INCLUDE, default=False): cv.boolean,
        vol.Optional(ATTR_UNCONFIRMED, default=False): cv.boolean,
    }
)

READ_LEDGER_SCHEMA = vol.Schema(
    {
        vol.Required(ATTR_LOG): cv.string,
        vol.Optional(ATTR_LIMIT, default=10): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=MOST_READ)
        ),
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for action, handler, schema, response in (
        (SERVICE_ANCHOR, _anchor, ANCHOR_SCHEMA, SupportsResponse.OPTIONAL),
        (SERVICE_VERIFY, _verify, VERIFY_SCHEMA, SupportsResponse.OPTIONAL),
        (SERVICE_EXPORT, _export, EXPORT_SCHEMA, SupportsResponse.OPTIONAL),
        (SERVICE_READ_LEDGER, _read_ledger, READ_LEDGER_SCHEMA, SupportsResponse.ONLY),
    ):
        hass.services.async_register(
            DOMAIN, action, handler, schema=schema, supports_response=response
        )


async def _anchor(call: ServiceCall) -> ServiceResponse:
    """Record the present state of entities in every log that has a rule for them."""
    entries = running_entries(call.hass)
    entity_ids = _targeted(call, [entry.runtime_data for entry in entries])
    recorded: dict[str, Any] = {}
    for entry in entries:
        service = entry.runtime_data
        ours = [each for each in entity_ids if service.rule(each)]
        await service.async_record(ours)
        if service.storage_error:
            raise _error("not_recorded", reason=str(service.storage_error))
        if ours and call.data[ATTR_AT_ONCE]:
            service.async_anchor_now()
        for entity_id in ours:
            if latest := service.latest(entity_id):
                told = {ATTR_LOG: entry.entry_id, **_told_of_reading(latest)}
                recorded.setdefault(entity_id, []).append(told)
    return {"readings": recorded}


def _targeted(call: ServiceCall, services: list[AnchoringService]) -> list[str]:
    """Return the entities to record: those named, and of a device, an area... what can be."""
    selected = async_extract_referenced_entity_ids(
        call.hass, TargetSelection(call.data)
    )
    for entity_id in sorted(selected.referenced):
        _check(call.hass, services, entity_id)
    found = selected.referenced | {
        entity_id
        for entity_id in selected.indirectly_referenced
        if _is_ruled(services, entity_id) and call.hass.states.get(entity_id)
    }
    if not found:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="nothing_to_record"
        )
    return sorted(found)


def _is_ruled(services: list[AnchoringService], entity_id: str) -> bool:
    """Whether a rule of a running log names an entity."""
    return any(service.rule(entity_id) for service in services)


def _check(
    hass: HomeAssistant, services: list[AnchoringService], entity_id: str
) -> None:
    """Refuse an entity that cannot be recorded."""
    named = _is_ruled(services, entity_id)
    if not named or hass.states.get(entity_id) is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_state" if named else "no_rule",
            translation_placeholders={"entity": entity_id},
        )


def _told_of_reading(confirmation: Confirmation) -> dict[str, Any]:
    """Return what is told of a reading."""
    leaf = confirmation.reading.leaf
    return {
        "index": confirmation.reading.index,
        "sequence": leaf.sequence,
        "hash": leaf_hash(leaf.to_bytes()).hex(),
        "reading": leaf.reading.state,
        "time": leaf.reading.last_updated.isoformat(),
        "status": confirmation.status.value,
    }


async def _verify(call: ServiceCall) -> ServiceResponse:
    """Hold an entity's readings of a period against log, ledgers and history."""
    entry, entity_id = _log(call), call.data[ATTR_ENTITY_ID]
    start, stop = _period(call)
    try:
        findings = await async_verify(call.hass, entry, entity_id, start, stop)
    except StorageError as err:
        raise _error("not_verified", reason=str(err)) from err
    if not findings.readings:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="nothing_to_verify",
            translation_placeholders={"entity": entity_id, "log": entry.title},
        )
    return _told_of_findings(findings)


def _told_of_findings(findings: Findings) -> dict[str, Any]:
    """Return what was found of an entity's readings."""
    history = findings.history
    return {
        "outcome": findings.outcome.value,
        "readings": findings.readings,
        "confirmed": findings.confirmed,
        "proved": findings.proved,
        "damaged": list(findings.damaged),
        "missing": list(findings.missing),
        "history": findings.agreement.value,
        "compared": history.compared if history else 0,
        "differences": [
            _told_of_difference(each)
            for each in (history.differences if history else ())
        ],
        "anchors": [_told_of_anchor(each) for each in findings.anchors],
    }


def _told_of_difference(difference: Difference) -> dict[str, Any]:
    """Return what is told of a difference between the history and the log."""
    return {
        "kind": difference.kind.value,
        "time": difference.time.isoformat(),
        "index": difference.index,
        "recorded": difference.recorded,
        "found": difference.found,
    }


def _told_of_anchor(checked: CheckedAnchor) -> dict[str, Any]:
    """Return what is told of an anchor that was looked up."""
    found, receipt = checked.verification, checked.anchor.receipt
    before = found.existed_before if found else None
    return {
        "ledger": checked.ledger,
        "size": checked.anchor.size,
        "transaction": receipt.transaction if receipt else None,
        "status": found.status.value if found else None,
        "existed_before": before.isoformat() if before else None,
        "place": found.place if found else None,
        "trial": found is not None and found.is_trial,
        "problem": checked.problem,
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


async def _read_ledger(call: ServiceCall) -> ServiceResponse:
    """Fetch what stands of a log on its ledgers; hold it against the log."""
    entry = _log(call)
    service = entry.runtime_data
    try:
        ledgers: list[JsonValueType] = [
            await _read(anchorer, service.database, call.data[ATTR_LIMIT])
            for anchorer in service.anchorers.values()
        ]
    except StorageError as err:
        raise _error("not_verified", reason=str(err)) from err
    return {"verifier_key": str(service.verifier_key), "ledgers": ledgers}


async def _read(anchorer: Anchorer, database: Database, limit: int) -> dict[str, Any]:
    """Return what stands of a log on one ledger, or why that cannot be told."""
    answer: dict[str, Any] = {"ledger": anchorer.title, "problem": None}
    try:
        published = await anchorer.ledger.published(limit)
    except LedgerError as err:
        return {**answer, "problem": str(err), "published": []}
    told = await database.run(
        lambda: [_told_of_published(database, each) for each in published]
    )
    return {**answer, "published": told}


def _told_of_published(database: Database, published: Published) -> dict[str, Any]:
    """Return what is told of a checkpoint on a ledger (log's thread)."""
    checkpoint, log = published.checkpoint.checkpoint, database.log
    is_known = checkpoint.size <= log.size
    status = (
        AnchorStatus.CONFIRMED if published.is_confirmed else AnchorStatus.SUBMITTED
    )
    return {
        "transaction": published.transaction,
        "status": status.value,
        "size": checkpoint.size,
        "root": encode_base64(checkpoint.root),
        "in_log": is_known and log.root(checkpoint.size) == checkpoint.root,
        "readings": [
            _told_of_leaf(database, index, leaf) for index, leaf in published.readings
        ],
    }


def _told_of_leaf(database: Database, index: int, leaf: Leaf) -> dict[str, Any]:
    """Return what is told of a reading in clear on a ledger (log's thread)."""
    log = database.log
    return {
        "index": index,
        "sequence": leaf.sequence,
        "entity_id": leaf.reading.entity_id,
        "reading": leaf.reading.state,
        "unit": leaf.reading.unit,
        "time": leaf.reading.last_updated.isoformat(),
        "in_log": index < log.size and log.leaf(index).leaf == leaf,
    }


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
    config = call.hass.config
    if (file := call.data.get(ATTR_FILE)) is not None:
        return _allowed(call.hass, file, Path(config.path(file)))
    name = f"{slugify(title)}-{dt_util.utcnow():%Y%m%d-%H%M%S-%f}.json"
    if (folder := call.data.get(ATTR_FOLDER)) is not None:
        return _allowed(call.hass, folder, Path(config.path(folder), name))
    return Path(config.path(DOMAIN, name))


def _allowed(hass: HomeAssistant, given: str, path: Path) -> Path:
    """Return a path where Home Assistant may write; refuse another."""
    if not hass.config.is_allowed_path(str(path)):
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
