"""The writer: readings to the log, many in one commit."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
import logging

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from ..transparency.errors import StorageError
from ..transparency.log import LoggedReading
from ..transparency.reading import Reading
from .database import Database

_LOGGER = logging.getLogger(__name__)

RETRY_SECONDS = 5

type Recorded = Callable[[list[LoggedReading]], None]
type Failed = Callable[[StorageError | None], None]


class Writer:
    """Writes readings to the log in the order they came.

    Whatever comes while one commit is under way goes into the next (group commit).
    Nothing is dropped when the log cannot be written: it is kept and tried again.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        database: Database,
        recorded: Recorded,
        failed: Failed,
    ) -> None:
        """Tell `recorded` what is durable; tell `failed` an error, and None once it is over."""
        self._hass = hass
        self._database = database
        self._recorded = recorded
        self._failed = failed
        self._pending: list[tuple[Reading, bool]] = []
        self._task: asyncio.Task[None] | None = None
        self._cancel_retry: CALLBACK_TYPE | None = None
        self._is_held = False
        self._kept = 0

    @property
    def pending(self) -> int:
        """How many readings are not durable yet."""
        return len(self._pending)

    @property
    def lost(self) -> int:
        """How many of the pending readings would be lost if this were the end."""
        return max(0, len(self._pending) - self._kept)

    @callback
    def async_write(self, readings: Iterable[tuple[Reading, bool]]) -> None:
        """Have readings, each with whether it is public, written soon."""
        self._pending.extend(readings)
        if not self._pending or self._is_held:
            return
        if not self._task and not self._cancel_retry:
            self._task = self._hass.async_create_task(
                self._write_all(), "sensorchain write", eager_start=False
            )

    async def async_hold(self) -> None:
        """Write nothing more until `async_release`; what comes is kept."""
        self._is_held = True
        if self._task:
            await asyncio.shield(self._task)

    @callback
    def async_release(self, database: Database) -> None:
        """Write what was kept, and what comes, to this log."""
        self._database = database
        self._is_held = False
        self._retry()

    async def async_flush(self) -> None:
        """Wait until nothing is left to write, or writing has failed."""
        self._retry()
        if self._task:
            await asyncio.shield(self._task)

    async def async_stop(self) -> None:
        """Write what is left, if it can be written, and nothing after that."""
        await self.async_flush()
        self._is_held = True
        if self._cancel_retry:
            self._cancel_retry()
            self._cancel_retry = None

    async def _write_all(self) -> None:
        """Write until nothing is left, or writing fails."""
        try:
            while self._pending and not self._is_held:
                batch, self._pending = self._pending, []
                await self._write(batch)
        except StorageError as err:
            self._failed(err)
            await self._keep()
            self._cancel_retry = async_call_later(
                self._hass, RETRY_SECONDS, self._retry
            )
        finally:
            self._task = None

    async def _write(self, batch: list[tuple[Reading, bool]]) -> None:
        """Write a batch, or put it back."""
        try:
            logged = await self._database.run(self._database.append, batch)
        except StorageError:
            self._pending = batch + self._pending
            raise
        self._kept = 0
        self._failed(None)
        self._recorded(logged)

    async def _keep(self) -> None:
        """Have what is pending survive the end of Home Assistant, as far as possible."""
        unwritten, readings = self._database.unwritten, list(self._pending)
        try:
            self._kept = await self._database.run(unwritten.keep, readings)
        except StorageError as err:
            _LOGGER.debug("Pending readings cannot be kept: %s", err)

    @callback
    def _retry(self, _now: datetime | None = None) -> None:
        """Try again what could not be written."""
        if self._cancel_retry:
            self._cancel_retry()
            self._cancel_retry = None
        self.async_write(())
