"""An HTTP server that can be stopped at any moment, and started again at the same port."""

import asyncio
from contextlib import AsyncExitStack
from typing import override

from aiohttp import web


class Site(web.TCPSite):
    """A site that is not in the midst of accepting anybody when it closes."""

    @override
    async def stop(self) -> None:
        """Close, once those who came are in."""
        # asyncio accepts a connection in two steps, and fails where a server closes between them.
        loop = asyncio.get_running_loop()
        for socket in getattr(self._server, "sockets", None) or ():
            loop.remove_reader(socket.fileno())
        await asyncio.sleep(0)
        await super().stop()


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
