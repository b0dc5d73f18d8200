"""An HTTP server that can be stopped at any moment, and started again at the same port."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
import os
import socket
from typing import override
import weakref

from aiohttp import web


class Site(web.TCPSite):
    """A site that is not in the midst of accepting anybody when it closes."""

    @override
    async def stop(self) -> None:
        """Close, once those who came are in."""
        # asyncio accepts a connection in two steps, and fails where a server closes between them.
        loop = asyncio.get_running_loop()
        for each in getattr(self._server, "sockets", None) or ():
            loop.remove_reader(each.fileno())
        await asyncio.sleep(0)
        await super().stop()


class Place:
    """Keeps a port for whom it belongs to and who is not listening: nobody is given it."""

    def __init__(self) -> None:
        """Keep none."""
        self.give_up: Callable[[], object] = lambda: None

    def take(self, host: str, port: int) -> None:
        """Keep a port, until it is given up or there is nobody to keep it for any more."""
        self.give_up()
        with socket.socket() as keeper, suppress(OSError):
            # Who asks for just this port may share it: of those two only one may listen.
            keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            keeper.bind((host, port))
            self.give_up = weakref.finalize(self, os.close, keeper.detach())


async def listen(
    stack: AsyncExitStack, application: web.Application, host: str, port: int
) -> int:
    """Serve an application until the stack is closed; return the port, for 0 a free one."""
    # What a client has asked for ends when it has gone.
    runner = web.AppRunner(
        application, handler_cancellation=True, access_log=None, shutdown_timeout=1
    )
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await Site(runner, host, port).start()
    return int(runner.addresses[0][1])
