"""The archiver: old leaves out of the database, a little at a time."""

import asyncio
from datetime import timedelta
import logging

from homeassistant.util import dt as dt_util

from ..transparency.errors import StorageError
from .database import Database

_LOGGER = logging.getLogger(__name__)

INTERVAL_SECONDS = 3600

# Between two blocks, for those who wait to write.
PAUSE_SECONDS = 0.2


async def run_archiver(database: Database, after: timedelta) -> None:
    """Archive what is older than `after`, now and every hour, until cancelled."""
    while True:
        try:
            await _archive(database, after)
        except StorageError as err:
            _LOGGER.warning("Old readings cannot be archived: %s", err)
        await asyncio.sleep(INTERVAL_SECONDS)


async def _archive(database: Database, after: timedelta) -> None:
    """Archive what is old enough, block by block; raise StorageError."""
    before = dt_util.utcnow() - after
    is_more = True
    while is_more:
        is_more = await database.run(database.log.archive, before)
        await asyncio.sleep(PAUSE_SECONDS)
    await database.run(database.log.compact)
