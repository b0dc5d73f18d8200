"""Servers on loopback, and what asks them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
import socket

from aiohttp import ClientSession, web
import pytest

from custom_components.sensorchain.ledgers.http import (
    AiohttpTransport,
    Transport,
    UrllibTransport,
)
from tests.tangle_node.conftest import Client, client

__all__ = ["Client", "Handler", "Serve", "client"]

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Serve = Callable[[Handler], Awaitable[str]]


@pytest.fixture(autouse=True)
async def loopback(socket_enabled: None) -> AsyncIterator[None]:
    """Let the test open sockets; end the threads that it has used."""
    yield
    await asyncio.get_running_loop().shutdown_default_executor()


@pytest.fixture
async def session(loopback: None) -> AsyncIterator[ClientSession]:
    """Return a session, which goes where it is sent."""
    async with ClientSession() as client_session:
        yield client_session


@pytest.fixture(params=["aiohttp", "urllib"])
def transport(
    request: pytest.FixtureRequest,
    session: ClientSession,
    monkeypatch: pytest.MonkeyPatch,
) -> Transport:
    """Return what asks the servers: each of the two in turn."""
    monkeypatch.setenv("no_proxy", "*")
    return (
        AiohttpTransport(session) if request.param == "aiohttp" else UrllibTransport()
    )


@pytest.fixture
async def serve(loopback: None) -> AsyncIterator[Serve]:
    """Return a function that starts an HTTP server and returns its URL."""
    async with AsyncExitStack() as stack:

        async def start(handler: Handler) -> str:
            application = web.Application()
            application.router.add_route("*", "/{path:.*}", handler)
            runner = web.AppRunner(
                application, shutdown_timeout=0.1, handler_cancellation=True
            )
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            return f"http://127.0.0.1:{runner.addresses[0][1]}"

        yield start


@pytest.fixture
def dead_url(loopback: None) -> Iterator[str]:
    """Return the URL of a port at which nobody listens, nor can begin to."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
