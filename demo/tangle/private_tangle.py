"""The node with its HTTP server: the API takes POST, the explorer GET."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import override

from aiohttp import web

from demo.serving import Place, listen

from . import explorer
from .api import LIMITED_COMMANDS, options_handler, post_handler
from .node import Node


@dataclass(eq=False, kw_only=True)
class PrivateTangle(Node):
    """A node that is listening while it runs. Stopped and started again it has the same URL and the same transactions."""

    host: str = "127.0.0.1"
    """The address to listen at."""
    port: int = 0
    """The port to listen at; 0 takes a free one, which is kept from then on."""
    limited_commands: frozenset[str] = LIMITED_COMMANDS
    """The API commands answered with 401."""

    @override
    def __post_init__(self) -> None:
        """Prepare what lives as long as the object."""
        super().__post_init__()
        self._place = Place()

    @property
    def url(self) -> str:
        """Where the node listens, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    async def _start(self, stack: AsyncExitStack) -> None:
        """Listen once the node runs."""
        await super()._start(stack)
        # Proof of work ends when its client has gone.
        self.port = await listen(stack, self._application(), self.host, self.port)
        self._place.give_up()
        stack.callback(self._halt.set)

    @override
    async def stop(self) -> None:
        """Stop, and let nobody else have the port before the next start."""
        await super().stop()
        self._place.take(self.host, self.port)

    def _application(self) -> web.Application:
        """Lay out the routes."""
        application = web.Application()
        application.add_routes(explorer.routes(self))
        application.router.add_post(
            "/{path:.*}", post_handler(self, self.limited_commands)
        )
        application.router.add_options("/{path:.*}", options_handler)
        return application
