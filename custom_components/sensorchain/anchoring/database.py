"""One log's file: the log and its anchors, used on one thread of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import sqlite3

from ..transparency.database import open_database
from ..transparency.log import Log
from ..transparency.note import SigningKey
from .anchors import Anchors


class Database:
    """The log and its anchors, reached through `run` alone.

    One thread does all of it: SQLite never blocks the event loop, and writes follow each
    other in the order they were asked for.
    """

    def __init__(
        self,
        executor: ThreadPoolExecutor,
        connection: sqlite3.Connection,
        key: SigningKey,
    ) -> None:
        """Read the log's right edge."""
        self._executor = executor
        self._connection = connection
        self.verifier_key = key.verifier
        self.log = Log(connection, key)
        self.anchors = Anchors(connection)

    @classmethod
    async def open(
        cls, path: Path, key: SigningKey, *, create: bool = False
    ) -> Database:
        """Open the file of a log, or make a new log; raise StorageError."""
        executor = ThreadPoolExecutor(1, thread_name_prefix="sensorchain log")

        def open_file() -> Database:
            return cls(executor, open_database(path, create=create), key)

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
        self._executor.shutdown(wait=False)
