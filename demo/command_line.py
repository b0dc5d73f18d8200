"""How a ledger of the demo runs as a program: `python -m demo.tangle --port 14265 --database tangle.db`."""

import argparse
import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
import logging
from pathlib import Path
import signal
from typing import Protocol

from custom_components.standalone import leave_out_home_assistant


class Server(Protocol):
    """What answers at a URL."""

    @property
    def url(self) -> str:
        """Where it listens."""


type Make = Callable[[argparse.Namespace], AbstractAsyncContextManager[Server]]


class CommandLine(argparse.ArgumentParser):
    """What every ledger of the demo is told: where it listens, and the file that it keeps."""

    def __init__(
        self, module: str, description: str | None, port: int, file: str, kind: str
    ) -> None:
        """Name the module, its usual port, and the option for its file of a kind."""
        super().__init__(prog=f"python -m {module}", description=description)
        self.add_argument("--host", default="127.0.0.1", help="default %(default)s")
        self.add_argument(
            "--port",
            type=int,
            default=port,
            help="default %(default)s; 0: a free one",
        )
        self.add_argument(
            file,
            type=Path,
            required=True,
            help=f"{kind} file, made if it is not there",
        )

    def add_interval(
        self, option: str, kind: type, default: float, but: str = ""
    ) -> None:
        """Add an option for seconds between what the ledger makes."""
        self.add_argument(
            option,
            type=kind,
            default=default,
            metavar="SECONDS",
            help=f"default %(default)s{but}",
        )

    def run(self, make: Make) -> None:
        """Read the command line, and serve until SIGINT or SIGTERM.

        `make` imports what it makes the server of: only then is Home Assistant left out.
        """
        arguments = self.parse_args()
        logging.basicConfig(level=logging.INFO)
        leave_out_home_assistant()
        asyncio.run(_serve(make(arguments)))


async def _serve(serving: AbstractAsyncContextManager[Server]) -> None:
    """Serve until SIGINT or SIGTERM."""
    over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    async with serving as server:
        print(f"listening on {server.url}", flush=True)
        await over.wait()
