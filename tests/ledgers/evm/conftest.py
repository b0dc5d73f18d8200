"""Private chains, and what tells lies between them and a ledger."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientSession, web
import pytest

from custom_components.sensorchain.ledgers.evm.key import Key
from custom_components.sensorchain.ledgers.evm.ledger import EvmLedger
from custom_components.sensorchain.ledgers.evm.settings import EvmSettings
from custom_components.sensorchain.ledgers.http import AiohttpTransport
from demo.evm.anvil import CHAIN_ID, NoAnvilError, find
from demo.evm.private_chain import PrivateChain
from demo.world.ports import free_ports
from tests.ledgers.common import KEY
from tests.ledgers.conftest import Serve, dead_url, loopback, serve, session

__all__ = ["dead_url", "loopback", "serve", "session"]

SECRET = 0xC0FFEE_0123456789ABCDEF_0123456789ABCDEF_0123456789ABCDEF_DEADBEEF
ACCOUNT_KEY = Key(SECRET)

ONE = 10**18


@dataclass
class Clock:
    """A clock that is set by hand: so late, beside the real time."""

    late: timedelta = timedelta()

    def __call__(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC) + self.late


@dataclass
class Lies:
    """What a node says in place of the truth, by method; a function makes it of the truth."""

    told: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    url: str = ""


@dataclass
class World:
    """Chains, an account with money on each, and ledgers on them."""

    start: Callable[..., Awaitable[PrivateChain]]
    session: ClientSession
    serve: Serve
    clock: Clock = field(default_factory=Clock)

    async def chain(self, balance: int = ONE, **options: Any) -> PrivateChain:
        """Return a chain that runs, on which the account has money."""
        chain = await self.start(**options)
        await chain.fund(ACCOUNT_KEY.account, balance)
        return chain

    def settings(
        self, *nodes: PrivateChain | Lies | str, **changes: Any
    ) -> EvmSettings:
        """Return settings for nodes."""
        urls = tuple(node if isinstance(node, str) else node.url for node in nodes)
        given = {
            "nodes": urls,
            "chain_id": CHAIN_ID,
            "private_key": ACCOUNT_KEY.reveal(),
            "explorer": "http://explorer.example/tx/{transaction}",
        }
        return EvmSettings(**given | changes)

    def ledger(self, *nodes: PrivateChain | Lies | str, **changes: Any) -> EvmLedger:
        """Return a ledger on nodes."""
        return EvmLedger(
            AiohttpTransport(self.session),
            self.settings(*nodes, **changes),
            KEY.verifier,
            clock=self.clock,
        )

    async def lies(self, chain: PrivateChain) -> Lies:
        """Return what stands between a ledger and a chain, and says the truth at first."""
        lies = Lies()

        async def forward(request: web.Request) -> web.Response:
            question = await request.json()
            lies.asked.append(question["method"])
            async with self.session.post(chain.url, json=question) as answer:
                body = await answer.json()
            if lie := lies.told.get(question["method"]):
                told = lie(body.get("result"))
                if isinstance(told, web.Response):
                    return told
                body = {"jsonrpc": "2.0", "id": 1, "result": told}
            return web.json_response(body)

        lies.url = await self.serve(forward)
        return lies


@pytest.fixture(scope="session")
def anvil() -> None:
    """Have anvil, or say why its tests are skipped."""
    try:
        find()
    except NoAnvilError as error:
        pytest.skip(f"anvil cannot be had here: {error}")


@pytest.fixture
async def world(
    anvil: None, session: ClientSession, serve: Serve
) -> AsyncIterator[World]:
    """Return a world without chains."""
    async with AsyncExitStack() as stack:

        async def start(**options: Any) -> PrivateChain:
            (port,) = free_ports(1)
            return await stack.enter_async_context(PrivateChain(port, **options))

        yield World(start, session, serve)
