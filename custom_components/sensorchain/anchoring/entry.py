"""From a log's config entry to its running service."""

from base64 import b64decode
from datetime import timedelta
from functools import partial
from pathlib import Path
from secrets import token_hex

from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigSubentry
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.storage import STORAGE_DIR

from ..const import (
    CONF_ARCHIVE_AFTER,
    CONF_CADENCE,
    CONF_KIND,
    CONF_LEDGER,
    CONF_NEEDS_ALL_LEDGERS,
    CONF_ORIGIN,
    CONF_SETTINGS,
    CONF_SIGNING_KEY,
    DOMAIN,
    KIND_LOG,
    SUBENTRY_LEDGER,
    SUBENTRY_RULE,
)
from ..ledgers.catalog import CATALOG
from ..ledgers.http import AiohttpTransport
from ..transparency.errors import StorageReadOnlyError
from ..transparency.note import SigningKey
from .anchorer import LedgerConfig, Schedule
from .database import Database
from .rule import Rule
from .service import AnchoringService, Superseded
from .watcher import Watcher

type LogConfigEntry = ConfigEntry[AnchoringService]


def rules_of(entry: ConfigEntry) -> list[Rule]:
    """Return the rules of a log."""
    return [
        Rule.from_mapping(subentry.data, subentry.subentry_id)
        for subentry in entry.get_subentries_of_type(SUBENTRY_RULE)
    ]


async def async_start_log(
    hass: HomeAssistant, entry: LogConfigEntry, watcher: Watcher, superseded: Superseded
) -> AnchoringService:
    """Record and anchor for a log's config entry until it is unloaded.

    Raises StorageError when the log cannot be opened. Calls `superseded` when it must not
    be anchored any more.
    """
    key = signing_key(entry)
    database = await Database.open(log_path(hass, key), key)
    needs_all_ledgers = entry.options.get(CONF_NEEDS_ALL_LEDGERS, False)
    service = AnchoringService(
        hass,
        watcher,
        database,
        ledgers_of(hass, entry),
        superseded,
        needs_all_ledgers=needs_all_ledgers,
        archive_after=timedelta(days=entry.options.get(CONF_ARCHIVE_AFTER, 0)),
    )
    await service.async_start()
    _stop_with(hass, entry, watcher, service)
    return service


def running_logs(hass: HomeAssistant) -> list[AnchoringService]:
    """Return the services of the logs that are running."""
    return [
        entry.runtime_data
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.data[CONF_KIND] == KIND_LOG and entry.state is ConfigEntryState.LOADED
    ]


def signing_key(entry: ConfigEntry) -> SigningKey:
    """Return the key that signs a log's checkpoints."""
    seed = b64decode(entry.data[CONF_SIGNING_KEY])
    return SigningKey.from_seed(entry.data[CONF_ORIGIN], seed)


def log_path(hass: HomeAssistant, key: SigningKey) -> Path:
    """Return the file of the log that a key signs."""
    _, _, name = key.name.partition("/")
    return Path(hass.config.path(STORAGE_DIR, DOMAIN, f"{name}.db"))


def new_origin() -> str:
    """Return the origin of a new log: at random, so that it tells nothing of the home."""
    return f"sensorchain/{token_hex(16)}"


async def async_make_log(hass: HomeAssistant, key: SigningKey) -> None:
    """Make the file of a new log.

    A log is made once and only opened ever after: were its file gone, an empty one signed
    with the same key would contradict what stands on the ledgers. Raises StorageError.
    """
    path = log_path(hass, key)
    make_folder = partial(path.parent.mkdir, parents=True, exist_ok=True)
    try:
        await hass.async_add_executor_job(make_folder)
    except OSError as err:
        raise StorageReadOnlyError(str(err)) from err
    database = await Database.open(path, key, create=True)
    try:
        await database.run(database.mark.advance, await database.run(database.anchored))
    finally:
        await database.close()


def ledgers_of(hass: HomeAssistant, entry: LogConfigEntry) -> list[LedgerConfig]:
    """Return the ledgers of a log."""
    key = signing_key(entry)
    return [
        _ledger(hass, subentry, key)
        for subentry in entry.get_subentries_of_type(SUBENTRY_LEDGER)
    ]


def _ledger(
    hass: HomeAssistant, subentry: ConfigSubentry, key: SigningKey
) -> LedgerConfig:
    """Return the ledger that a subentry describes."""
    kind = CATALOG[subentry.data[CONF_LEDGER]]
    cadence = timedelta(seconds=subentry.data[CONF_CADENCE])
    return LedgerConfig(
        ledger_id=subentry.subentry_id,
        title=subentry.title,
        ledger=kind.create(
            AiohttpTransport(async_get_clientsession(hass)),
            subentry.data[CONF_SETTINGS],
            key.verifier,
        ),
        schedule=Schedule(
            cadence=cadence,
            # Who anchors more often than that waits for confirmations as eagerly.
            poll=min(kind.poll, cadence),
            expected=kind.expected,
            settles=kind.settles,
        ),
    )


def _stop_with(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    watcher: Watcher,
    service: AnchoringService,
) -> None:
    """Stop the service when its entry is unloaded, or at Home Assistant's very end."""

    async def close(_event: Event) -> None:
        await service.async_stop()
        watcher.async_stop()

    # At the close event nothing changes state any more: no reading comes too late.
    entry.async_on_unload(hass.bus.async_listen_once(EVENT_HOMEASSISTANT_CLOSE, close))
    entry.async_on_unload(service.async_stop)
