"""Private networks of IOTA, and what tells lies between them and a ledger."""

from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientSession, web
import pytest

from custom_components.sensorchain.ledgers.http import AiohttpTransport
from custom_components.sensorchain.ledgers.iota.client import IotaClient
from custom_components.sensorchain.ledgers.iota.key import Key
from custom_components.sensorchain.ledgers.iota.ledger import IotaLedger
from custom_components.sensorchain.ledgers.iota.nodes import clients
from custom_components.sensorchain.ledgers.iota.settings import (
    PACKAGES,
    AnchorForm,
    IotaSettings,
    Wire,
)
from custom_components.sensorchain.ledgers.iota.transaction import written
from custom_components.sensorchain.transparency.note import SigningKey
from demo.iota.private_iota import PrivateIota
from tests.ledgers.common import KEY
from tests.ledgers.conftest import Serve, dead_url, loopback, serve, session

__all__ = ["dead_url", "loopback", "serve", "session"]

ACCOUNT_KEY = Key(b"an account's secret, of 32 bytes")
ADDRESS = ACCOUNT_KEY.address

ONE = 10**9

UNKNOWN = "Could not find the referenced transaction [TransactionDigest({})]."

type Lie = Callable[[Any], Any]
"""Makes another answer of a node's answer, both as JSON."""

QUESTIONS: Mapping[str, tuple[str, str]] = {
    "chain": ("chainIdentifier", "iota_getChainIdentifier"),
    "epoch": ("referenceGasPrice", "iotax_getCommitteeInfo"),
    "balance": ("totalBalance", "iotax_getBalance"),
    "coins": ("coinBalance", "iotax_getCoins"),
    "dry_run": ("dryRunTransactionBlock", "iota_dryRunTransactionBlock"),
    "execute": ("executeTransactionBlock", "iota_executeTransactionBlock"),
    "executed": ("transactionBlock(", "iota_getTransactionBlock"),
    "object": ("object(", "iota_getObject"),
    "owned": ("objects(", "iotax_getOwnedObjects"),
    "sent": ("transactionBlocks(", "iotax_queryTransactionBlocks"),
}
"""What tells a question from others, over GraphQL and over JSON-RPC."""


@dataclass
class Clock:
    """A clock that is set by hand: so late, beside the real time."""

    late: timedelta = timedelta()

    def __call__(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC) + self.late


@dataclass
class Lies:
    """What a node says in place of the truth, by question."""

    node: PrivateIota
    told: dict[str, Lie] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    url: str = ""


def question_of(wire: Wire, question: Mapping[str, Any]) -> str:
    """Return what is asked."""
    at = 0 if wire is Wire.GRAPHQL else 1
    said = str(question["query" if wire is Wire.GRAPHQL else "method"])
    return next((name for name, of in QUESTIONS.items() if of[at] in said), "")


def altered(value: Any, change: Callable[[str, Any], Any]) -> Any:
    """Return JSON in which each field of each object is what a function makes of it."""
    if isinstance(value, dict):
        return {key: altered(change(key, each), change) for key, each in value.items()}
    if isinstance(value, list):
        return [altered(each, change) for each in value]
    return value


def unknown(answer: Any) -> Any:
    """Say that there is no such transaction, no such object."""
    if "data" in answer:
        return {"data": dict.fromkeys(answer["data"])}
    if "data" in (answer.get("result") or {}):
        return answer | {"result": {"error": {"code": "notExists", "object_id": "0x1"}}}
    error = {"code": -32602, "message": UNKNOWN.format("1" * 32)}
    return {"jsonrpc": "2.0", "id": 1, "error": error}


def once(lie: Lie) -> Lie:
    """Return a lie that is told once."""
    left = [lie]
    return lambda answer: left.pop()(answer) if left else answer


def noted(seen: list[Any]) -> Lie:
    """Return the truth, of which a note is made."""

    def truth(answer: Any) -> Any:
        seen.append(answer)
        return answer

    return truth


def failed(answer: Any) -> Any:
    """Say that a transaction has failed."""

    def change(key: str, value: Any) -> Any:
        if (key, value) == ("status", "SUCCESS"):
            return "FAILURE"
        if (key, value) == ("status", {"status": "success"}):
            return {"status": "failure", "error": "a lie"}
        return "a lie" if key == "errors" and value is None else value

    return altered(answer, change)


def elsewhere(answer: Any) -> Any:
    """Say that a transaction is in another checkpoint."""

    if "result" in answer:
        number = int(answer["result"]["checkpoint"]) + 1
        return answer | {"result": answer["result"] | {"checkpoint": str(number)}}
    return altered(
        answer, lambda key, value: value + 1 if key == "sequenceNumber" else value
    )


def instead(data: bytes) -> Lie:
    """Return a lie that tells of other bytes of a transaction: without signatures."""
    given = b64encode(b"\1\0\0\0" + data + b"\0").decode()

    def lie(answer: Any) -> Any:
        return altered(
            answer,
            lambda key, value: given if key in {"bcs", "rawTransaction"} else value,
        )

    return lie


@dataclass
class World:
    """Networks, an account with money on each, and ledgers on them."""

    start: Callable[..., Awaitable[PrivateIota]]
    session: ClientSession
    serve: Serve
    wire: Wire
    clock: Clock = field(default_factory=Clock)

    async def node(self, balance: int = ONE, **options: Any) -> PrivateIota:
        """Return a node that runs, on which the account has a coin."""
        node = await self.start(**options)
        if balance:
            await node.fund(ADDRESS, balance)
        return node

    def settings(
        self, *nodes: PrivateIota | Lies | str, **changes: Any
    ) -> IotaSettings:
        """Return settings for nodes, of which the first says which network it is."""
        first = next(node for node in nodes if not isinstance(node, str))
        network = first.node if isinstance(first, Lies) else first
        packages = {name: written(getattr(network.packages, name)) for name in PACKAGES}
        given = {
            "nodes": tuple(map(self.url, nodes)),
            "chain": network.chain,
            "wire": self.wire,
            "private_key": ACCOUNT_KEY.reveal(),
            "explorer": "http://explorer.example/tx/{transaction}",
            **packages,
        }
        return IotaSettings(**given | changes)

    def url(self, node: PrivateIota | Lies | str) -> str:
        """Return where a node is."""
        if isinstance(node, PrivateIota):
            return node.graphql if self.wire is Wire.GRAPHQL else node.json_rpc
        return node.url if isinstance(node, Lies) else node

    def on(self, settings: IotaSettings, key: SigningKey = KEY) -> IotaLedger:
        """Return a ledger with settings."""
        transport = AiohttpTransport(self.session)
        return IotaLedger(transport, settings, key.verifier, clock=self.clock)

    def ledger(self, *nodes: PrivateIota | Lies | str, **changes: Any) -> IotaLedger:
        """Return a ledger on nodes that notarises."""
        given = {"form": AnchorForm.NOTARIZATION} | changes
        return self.on(self.settings(*nodes, **given))

    async def ready(
        self,
        form: AnchorForm,
        *nodes: PrivateIota | Lies | str,
        key: SigningKey = KEY,
        **changes: Any,
    ) -> IotaSettings:
        """Return settings with which anchors have a form: with a trail, where it takes one."""
        settings = self.settings(*nodes, form=form, **changes)
        if form is AnchorForm.NOTARIZATION:
            return settings
        trail = await self.on(settings, key).make_trail()
        return replace(
            settings,
            trail=written(trail.object_id),
            trail_version=trail.initial_version,
        )

    def client(self, node: PrivateIota | Lies) -> IotaClient:
        """Return what asks a node."""
        (client,) = clients(AiohttpTransport(self.session), self.settings(node))
        return client

    async def lies(self, node: PrivateIota) -> Lies:
        """Return what stands between a ledger and a node, and says the truth at first."""
        lies = Lies(node)

        async def forward(request: web.Request) -> web.Response:
            question = await request.json()
            asked = question_of(self.wire, question)
            lies.asked.append(asked)
            async with self.session.post(self.url(node), json=question) as answer:
                body = await answer.json()
            if lie := lies.told.get(asked):
                told = lie(body)
                if isinstance(told, web.Response):
                    return told
                body = told
            return web.json_response(body, status=answer.status)

        lies.url = await self.serve(forward)
        return lies


@pytest.fixture(params=list(Wire))
def wire(request: pytest.FixtureRequest) -> Wire:
    """Return how nodes are spoken to: each way in turn."""
    wire: Wire = request.param
    return wire


@pytest.fixture
async def world(
    session: ClientSession, serve: Serve, wire: Wire
) -> AsyncIterator[World]:
    """Return a world without networks."""
    async with AsyncExitStack() as stack:

        async def start(**options: Any) -> PrivateIota:
            options = {"checkpoint_interval": 0} | options
            return await stack.enter_async_context(PrivateIota(**options))

        yield World(start, session, serve, wire)
