"""Backups: a consistent copy of every log, while readings keep arriving.

A log is two files on the disk: SQLite's main file, and the write-ahead log beside it. Before a
backup all of it is brought into the main file, which then stays as it is: what arrives goes
into the write-ahead log alone, and any beginning of that is consistent, too.
"""

from datetime import datetime, timedelta
import logging
import sqlite3

from homeassistant.core import CALLBACK_TYPE, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later
from homeassistant.util.hass_dict import HassKey

from .anchoring.entry import running_logs
from .const import DOMAIN
from .transparency.errors import StorageBusyError, StorageError

_LOGGER = logging.getLogger(__name__)

# Main files are not held longer, whatever the backup does: write-ahead logs would grow.
LONGEST = timedelta(hours=2)


class HeldFiles:
    """The main files that stay as they are, until released or for too long."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Hold nothing yet."""
        self._hass = hass
        self._holds: list[sqlite3.Connection] = []
        self._cancel_timer: CALLBACK_TYPE | None = None

    async def async_hold(self) -> None:
        """Hold the main file of each running log; raise StorageBusyError."""
        self._cancel_timer = async_call_later(self._hass, LONGEST, self._too_long)
        for service in running_logs(self._hass):
            try:
                self._holds.append(await service.async_hold_file())
            except StorageBusyError:
                raise
            except StorageError as err:
                # It would be no better without a backup.
                _LOGGER.warning("The backup has the log as it is: %s", err)

    async def async_release(self) -> None:
        """Let the write-ahead logs be brought in again."""
        if self._cancel_timer:
            self._cancel_timer()
            self._cancel_timer = None
        holds, self._holds = self._holds, []
        await self._hass.async_add_executor_job(_close, holds)

    async def _too_long(self, _now: datetime) -> None:
        """Release what no backup has released."""
        self._cancel_timer = None
        _LOGGER.warning("The backup takes too long: its copy of the logs may be torn")
        await self.async_release()


DATA_HELD: HassKey[HeldFiles] = HassKey(f"{DOMAIN}_backup")


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Prepare the logs to be copied."""
    # Of a backup that never came to its end.
    await async_post_backup(hass)
    held = hass.data[DATA_HELD] = HeldFiles(hass)
    try:
        await held.async_hold()
    except StorageBusyError as err:
        await held.async_release()
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="backup_busy",
            translation_placeholders={"reason": str(err)},
        ) from err


async def async_post_backup(hass: HomeAssistant) -> None:
    """Go on as before."""
    if held := hass.data.pop(DATA_HELD, None):
        await held.async_release()


def _close(holds: list[sqlite3.Connection]) -> None:
    """End the reading that holds main files as they are."""
    for hold in holds:
        hold.close()
