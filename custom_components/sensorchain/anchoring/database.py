"""One log's file: the log and its anchors, used on one thread of its own."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
import sqlite3

from ..transparency.checkpoint import SignedCheckpoint
from ..transparency.database import hold_file, open_database
from ..transparency.errors import MissingDatabaseError, StorageError
from ..transparency.log import Log, LoggedReading
from ..transparency.note import SigningKey
from ..transparency.reading import Reading
from .anchors import Anchors
from .mark import Mark
from .names import Names
from .unwritten import Unwritten


class Database:
    """The log, its anchors and its mark, reached through `run` alone.

    One thread does all of it: SQLite never blocks the event loop, and writes follow each
    other in the order they were asked for.
    """

    def __init__(
        self,
        executor: ThreadPoolExecutor,
        path: Path,
        connection: sqlite3.Connection,
        key: SigningKey,
    ) -> None:
        """Read the log's right edge."""
        self.path = path
        self._executor = executor
        self._connection = connection
        self.verifier_key = key.verifier
        self._inode = path.stat().st_ino
        self.log = Log(connection, key)
        self.anchors = Anchors(connection)
        self.names = Names(connection)
        self.mark = Mark(path, key.verifier)
        self.unwritten = Unwritten(path)

    @classmethod
    async def open(
        cls, path: Path, key: SigningKey, *, create: bool = False
    ) -> Database:
        """Open the file of a log, or make a new log; raise StorageError."""
        executor = ThreadPoolExecutor(1, thread_name_prefix="sensorchain log")

        def open_file() -> Database:
            connection = open_database(path, create=create)
            try:
                return cls(executor, path, connection, key)
            except BaseException:
                connection.close()
                raise

        try:
            return await asyncio.get_running_loop().run_in_executor(executor, open_file)
        except BaseException:
            executor.shutdown(wait=False)
            raise

    async def run[**P, T](
        self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Call a function on the log's thread; a cancelled caller does not stop it."""
        return await asyncio.get_running_loop().run_in_executor(
            self._executor, lambda: function(*args, **kwargs)
        )

    async def close(self) -> None:
        """Finish what was asked for and close the file."""
        await self.run(self._connection.close)
        # The thread is at its end when this returns.
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self._executor.shutdown)

    def append(self, readings: Iterable[tuple[Reading, bool]]) -> list[LoggedReading]:
        """Append readings to the log (log's thread); raise StorageError.

        SQLite would go on writing to a file that is in no folder any more.
        """
        try:
            is_there = self.path.stat().st_ino == self._inode
        except OSError:
            is_there = False
        if not is_there:
            raise MissingDatabaseError(f"{self.path} was moved or removed")
        logged = self.log.append(readings)
        # What could not be written before was among them. Should it stay there, it is
        # found to be in the log at the next start.
        with suppress(StorageError):
            self.unwritten.clear()
        return logged

    def hold_file(self) -> sqlite3.Connection:
        """Have the main file stay as it is until what is returned is closed (log's thread)."""
        return hold_file(self._connection, self.path)

    def anchored(self) -> SignedCheckpoint:
        """Return the largest checkpoint that was prepared for a ledger (log's thread)."""
        return self.log.checkpoint(self.anchors.largest())
