"""A node of a private network, with its HTTP server."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
import json
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from custom_components.sensorchain.ledgers.iota.programs import Packages
from demo.serving import Place, listen

from . import explorer, faucet, graphql, json_rpc
from .identity import OWN_CHAIN, OWN_PACKAGES, Identity, written
from .network import Network
from .treasury import pay

MOST_BODY = 400_000
"""Bytes of a question: a transaction of 128 KiB in Base64, and what is around it."""


MOST_ASKED = 1_000
"""Questions that are remembered."""


@dataclass(eq=False, kw_only=True)
class PrivateIota:
    """A node that is listening while it runs. Stopped and started again it has the same URL, and knows the same."""

    host: str = "127.0.0.1"
    port: int = 0
    """To listen at; 0 takes a free one, which is kept from then on."""
    state: Path | None = None
    """SQLite file, made if it is not there; None keeps all in memory."""
    checkpoint_interval: float = 0
    """Seconds between checkpoints; 0 makes them only on `checkpoint()`."""
    chain: str = OWN_CHAIN
    """The chain identifier that it tells; another one may be set while it runs."""
    packages: Packages = OWN_PACKAGES
    """Where it has the packages."""
    beside: PrivateIota | None = None
    """Another node whose network it belongs to; None begins, or goes on with, one of its own."""

    delay: float = 0
    """Seconds that each answer takes: a slow node."""
    is_down: bool = False
    """Whether it answers everything with 503."""
    answers_left: int | None = None
    """Answers until it says that these were too many requests (429); None for no end."""
    lie: Callable[[str, Any], Any] | None = None
    """Says something else: given a JSON-RPC method or a GraphQL field and the true result, returns what is told."""
    asked: deque[str] = field(default_factory=lambda: deque(maxlen=MOST_ASKED))
    """JSON-RPC methods and GraphQL fields that were asked for last, in their order."""

    def __post_init__(self) -> None:
        """Begin without a network."""
        self._network: Network | None = None
        self._exit = AsyncExitStack()
        self._place = Place()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop, and close what it knows."""
        await self.stop()
        if self._network:
            self._network.close()
            self._network = None

    async def start(self) -> None:
        """Open what it knows, listen, and make checkpoints."""
        if not self.beside and not self._network:
            self._network = Network(Identity(self.chain, self.packages), self.state)
        async with AsyncExitStack() as stack:
            self.port = await listen(stack, self._application(), self.host, self.port)
            self._place.give_up()
            if self.checkpoint_interval and not self.beside:
                clock = asyncio.create_task(self._make_checkpoints())
                stack.callback(clock.cancel)
            self._exit = stack.pop_all()

    async def stop(self) -> None:
        """Listen no more: whoever asks gets no connection. Nobody else is given the port."""
        await self._exit.aclose()
        self._place.take(self.host, self.port)

    @property
    def network(self) -> Network:
        """What it is a node of."""
        network = self.beside.network if self.beside else self._network
        assert network, "Not started"
        return network

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    @property
    def graphql(self) -> str:
        """Where it speaks GraphQL."""
        return f"{self.url}/graphql"

    @property
    def json_rpc(self) -> str:
        """Where it speaks JSON-RPC."""
        return self.url

    def url_of(self, wire: str) -> str:
        """Return where it speaks a wire: graphql or json_rpc."""
        return {"graphql": self.graphql, "json_rpc": self.json_rpc}[wire]

    @property
    def faucet(self) -> str:
        """Where money is asked for: /v1/gas stands behind it."""
        return self.url

    @property
    def explorer(self) -> str:
        """Where a transaction is shown, by its digest."""
        return f"{self.url}/txblock/{{transaction}}"

    def another(self, **options: Any) -> PrivateIota:
        """Return a second node of the same network, with faults of its own; to be started with `async with`."""
        return PrivateIota(
            beside=self, chain=self.chain, packages=self.packages, **options
        )

    # The network's own switches

    async def fund(self, address: bytes, nanos: int = 10**9) -> None:
        """Give an address a coin."""
        pay(self.network, written(address), nanos)

    async def checkpoint(self) -> int:
        """Put what was executed into a checkpoint; return its number."""
        return self.network.checkpoint().number

    @property
    def hold(self) -> bool:
        """While True, transactions are signed and not executed: their objects are locked, and no effects are given."""
        return self.network.hold

    @hold.setter
    def hold(self, value: bool) -> None:
        self.network.hold = value

    async def release(self) -> None:
        """Execute what was held."""
        self.network.release()

    async def equivocate(self, object_id: bytes) -> None:
        """Lock an object until the epoch ends, as by two transactions that each got half of the votes."""
        self.network.equivocate(written(object_id))

    async def next_epoch(self, gas_price: int | None = None) -> int:
        """Begin an epoch, maybe with a new price: locks end, what was held is never executed; return its number."""
        self.network.next_epoch(gas_price)
        return self.network.epoch

    async def prune(self) -> None:
        """Forget all transactions, as nodes do after days; objects live on."""
        self.network.prune()

    # HTTP

    def _application(self) -> web.Application:
        """Lay out the routes."""
        application = web.Application(
            client_max_size=MOST_BODY, middlewares=[self._faults]
        )
        application.router.add_post("/graphql", self._ask_graphql)
        application.router.add_post("/", self._ask_json_rpc)
        application.add_routes(faucet.routes(self.network))
        application.add_routes(explorer.routes(self.network))
        return application

    @web.middleware
    async def _faults(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Any],
    ) -> web.StreamResponse:
        """Be slow, down or busy, if that is wanted."""
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.is_down:
            raise web.HTTPServiceUnavailable(text="Service Unavailable")
        if self.answers_left is not None:
            if self.answers_left <= 0:
                raise web.HTTPTooManyRequests(
                    text="Too many requests", headers={"Retry-After": "1"}
                )
            self.answers_left -= 1
        response: web.StreamResponse = await handler(request)
        return response

    async def _question(self, request: web.Request) -> Mapping[str, Any]:
        """Return what is asked."""
        try:
            question = await request.json()
        except ValueError as error:
            raise web.HTTPBadRequest(text=f"Parse error: {error}") from error
        if not isinstance(question, dict):
            raise web.HTTPBadRequest(text="Not an object")
        return question

    async def _ask_graphql(self, request: web.Request) -> web.Response:
        """Answer a query."""
        answer = graphql.answer(self.network, await self._question(request))
        data = answer.get("data") or {}
        for name in data:
            data[name] = self._told(name, data[name])
        if "chainIdentifier" in data and self.chain != self.network.identity.chain:
            data["chainIdentifier"] = self.chain
        return web.json_response(answer)

    async def _ask_json_rpc(self, request: web.Request) -> web.Response:
        """Answer a call."""
        question = await self._question(request)
        answer = json_rpc.answer(self.network, question)
        name = str(question.get("method"))
        if name == "iota_getChainIdentifier":
            answer["result"] = self.chain
        if "result" in answer:
            answer["result"] = self._told(name, answer["result"])
        return web.json_response(answer)

    def _told(self, name: str, truth: Any) -> Any:
        """Return what is told in place of the truth."""
        self.asked.append(name)
        return self.lie(name, json.loads(json.dumps(truth))) if self.lie else truth

    async def _make_checkpoints(self) -> None:
        """Make a checkpoint every so often, where there is something for it."""
        while True:
            await asyncio.sleep(self.checkpoint_interval)
            if self.network.is_waiting:
                self.network.checkpoint()
