"""A program that runs beside this one, and ends with it."""

import asyncio
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import chain
import os
from pathlib import Path
import signal
import sys

from .errors import WorldError

RESTART = 100
"""The status with which Home Assistant asks to be started again."""

SECONDS_TO_STOP = 40
TAIL_LINES = 40

# Even if this program is killed, the others are told to stop.
_DIES_WITH_PARENT = ("setpriv", "--pdeathsig", "TERM", "--")


def module(name: str, options: Mapping[str, object]) -> list[str | Path]:
    """Return the command that runs a Python module."""
    pairs = [(option, str(value)) for option, value in options.items()]
    return [sys.executable, "-m", name, *chain.from_iterable(pairs)]


@dataclass(frozen=True, slots=True)
class Program:
    """A program to run in `folder`; `log` is the file that takes what it prints."""

    name: str
    command: Sequence[str | Path]
    folder: Path
    log: Path

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run it beside the block, which is broken off with a WorldError if the program ends by itself."""
        async with asyncio.TaskGroup() as group:
            task = group.create_task(self._run())
            yield
            task.cancel()

    def tail(self) -> str:
        """Return the end of what it printed."""
        lines = self.log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
        return "\n".join([f"The end of {self.log}:", *lines])

    async def _run(self) -> None:
        """Run it, again when it asks for that, and fail when it ends."""
        while (status := await self._run_once()) == RESTART:
            pass
        raise WorldError(f"{self.name} ended by itself, with status {status}")

    async def _run_once(self) -> int:
        """Run it and return its status; stop it when cancelled."""
        with self.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *_DIES_WITH_PARENT,
                *self.command,
                cwd=self.folder,
                stdin=DEVNULL,
                stdout=log,
                stderr=STDOUT,
                # Ctrl-C is for this program alone, which stops the others in order.
                start_new_session=True,
            )
        try:
            return await process.wait()
        finally:
            await _stop(process)


async def _stop(process: Process) -> None:
    """Have a program stop by itself; kill it when it takes too long, and whatever it has left running."""
    try:
        with suppress(ProcessLookupError, TimeoutError):
            process.terminate()
            async with asyncio.timeout(SECONDS_TO_STOP):
                await process.wait()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
