"""Succession: a new log in the place of one that must not or cannot go on.

The new log has a key, an origin and a file of its own. Its first leaf names the last
checkpoint that is known of the old one, whose file and key are kept. The config entry with its
ledgers and rules stays, and is started anew with the new log.
"""

import asyncio
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass
import json
import logging
from pathlib import Path
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..const import CONF_ORIGIN, CONF_PREVIOUS_LOGS, CONF_SIGNING_KEY
from ..ledgers.ledger import LedgerError
from ..transparency.checkpoint import Checkpoint, SignedCheckpoint
from ..transparency.database import file_errors, write_durably
from ..transparency.errors import StorageError
from ..transparency.merkle import EMPTY_ROOT
from ..transparency.note import SigningKey
from ..transparency.reading import Reading
from .database import Database
from .entry import (
    LogConfigEntry,
    async_make_log,
    ledgers_of,
    log_path,
    new_origin,
    signing_key,
)
from .mark import Mark
from .service import AnchoringService
from .unwritten import Recordable, Unwritten

_LOGGER = logging.getLogger(__name__)

PREVIOUS_LOG = "sensorchain.previous_log"
"""The entity id of the leaf that names the log before; its state is a signed note."""

RETRY_SECONDS = 60
ASK_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Succession:
    """What has become of a log: its last known checkpoint, its file, what was copied."""

    last: Checkpoint
    file: Path
    copied: int


async def async_succeed(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    service: AnchoringService,
    last: SignedCheckpoint,
) -> Succession:
    """Have a new log take over from a running one that was once further than it is.

    Whatever is in no confirmed anchor of the old log is copied. While that cannot be done,
    readings go on being recorded, and nothing is anchored.
    """
    while True:
        try:
            return await _async_succeed(hass, entry, service, last)
        except StorageError as err:
            _LOGGER.error("No new log can be made: %s", err)
            await asyncio.sleep(RETRY_SECONDS)


async def _async_succeed(
    hass: HomeAssistant,
    entry: LogConfigEntry,
    service: AnchoringService,
    last: SignedCheckpoint,
) -> Succession:
    """Have a new log take over from a running one; raise StorageError."""
    file = log_path(hass, signing_key(entry))
    key, heir = await _async_make_heir(hass, last)
    try:
        await service.async_hold()
        copied = await service.async_copy_to(heir)
        await _async_note_successor(hass, entry, key)
    except BaseException:
        service.async_resume()
        await heir.close()
        raise
    service.async_hand_over(heir)
    _take_over(hass, entry, key)
    return Succession(last.checkpoint, file, copied)


async def async_replace(hass: HomeAssistant, entry: LogConfigEntry) -> Succession:
    """Have a new log take over from one whose file is damaged, or gone.

    The file is kept aside. Raises StorageError.
    """
    old = signing_key(entry)
    last = await _async_last_known(hass, entry)
    is_running = entry.state is ConfigEntryState.LOADED
    key, heir = await _async_make_heir(hass, last)
    try:
        # A running log has them in memory as well, and hands them over at its stop.
        kept = [] if is_running else await heir.run(_kept, log_path(hass, old))
        await heir.run(heir.append, kept)
        await _async_note_successor(hass, entry, key)
        file = await hass.async_add_executor_job(_set_aside, log_path(hass, old))
    except BaseException:
        await heir.close()
        raise
    if is_running:
        entry.runtime_data.async_hand_over(heir)
    else:
        await heir.close()
    _take_over(hass, entry, key)
    return Succession(last.checkpoint, file, len(kept))


async def async_follow(hass: HomeAssistant, entry: LogConfigEntry) -> None:
    """Use the log that has taken over, where the power was cut before the entry said so."""
    path = _successor_path(hass, signing_key(entry))
    if note := await hass.async_add_executor_job(_read_successor, path):
        key = SigningKey(note[CONF_ORIGIN], bytes.fromhex(note[CONF_SIGNING_KEY]))
        _take_over(hass, entry, key, reload=False)


async def _async_make_heir(
    hass: HomeAssistant, last: SignedCheckpoint
) -> tuple[SigningKey, Database]:
    """Make a log whose first leaf names the last checkpoint of the one before."""
    key = SigningKey.generate(new_origin())
    await async_make_log(hass, key)
    heir = await Database.open(log_path(hass, key), key)
    try:
        reading = Reading(PREVIOUS_LOG, last.note, None, dt_util.utcnow())
        await heir.run(heir.append, [(reading, True)])
    except BaseException:
        await heir.close()
        raise
    return key, heir


async def _async_last_known(
    hass: HomeAssistant, entry: LogConfigEntry
) -> SignedCheckpoint:
    """Return the largest checkpoint of a log that its mark or a ledger knows.

    That of an empty log, where nothing is known.
    """
    key = signing_key(entry)
    path = log_path(hass, key)
    mark = await hass.async_add_executor_job(Mark, path, key.verifier)
    known = [SignedCheckpoint.sign(Checkpoint(key.name, 0, EMPTY_ROOT), key)]
    known += [mark.checkpoint] if mark.checkpoint else []
    for config in ledgers_of(hass, entry):
        with suppress(LedgerError, TimeoutError):
            async with asyncio.timeout(ASK_SECONDS):
                known += [seen] if (seen := await config.ledger.latest()) else []
    return max(known, key=lambda each: each.checkpoint.size)


async def _async_note_successor(
    hass: HomeAssistant, entry: LogConfigEntry, key: SigningKey
) -> None:
    """Keep the new log's key beside the old log's file; durable when this returns.

    Home Assistant stores a changed entry a moment later: were the power cut between, the
    new log could never be signed again.
    """
    path = _successor_path(hass, signing_key(entry))
    note = {CONF_ORIGIN: key.name, CONF_SIGNING_KEY: key.seed.hex()}
    await hass.async_add_executor_job(write_durably, path, json.dumps(note).encode())


def _take_over(
    hass: HomeAssistant, entry: LogConfigEntry, key: SigningKey, *, reload: bool = True
) -> None:
    """Give the entry the new log; its listener starts it anew."""
    old = {name: entry.data[name] for name in (CONF_ORIGIN, CONF_SIGNING_KEY)}
    hass.config_entries.async_update_entry(
        entry,
        unique_id=key.name,
        data={
            **entry.data,
            CONF_ORIGIN: key.name,
            CONF_SIGNING_KEY: b64encode(key.seed).decode(),
            CONF_PREVIOUS_LOGS: [*entry.data.get(CONF_PREVIOUS_LOGS, []), old],
        },
    )
    if reload and not entry.update_listeners:
        hass.config_entries.async_schedule_reload(entry.entry_id)


def _successor_path(hass: HomeAssistant, key: SigningKey) -> Path:
    """Return the file that has the key of a log's successor."""
    return log_path(hass, key).with_suffix(".successor")


def _read_successor(path: Path) -> dict[str, Any] | None:
    """Return the origin and the seed of a log's successor, if it has one."""
    try:
        note: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError, ValueError:
        return None
    return note


def _kept(path: Path) -> list[Recordable]:
    """Return the readings that were kept because a log could not be written."""
    return Unwritten(path).load().readings


def _set_aside(path: Path) -> Path:
    """Rename a log's file, and what SQLite keeps beside it; return its new name."""
    stamp = dt_util.utcnow().strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.stem}.damaged-{stamp}.db")
    with file_errors():
        for suffix in ("", "-wal"):
            file = path.with_name(path.name + suffix)
            if file.exists():
                file.rename(aside.with_name(aside.name + suffix))
        if (archive := path.with_suffix(".leaves")).exists():
            archive.rename(aside.with_suffix(".leaves"))
    return aside
