"""A node of a private network, and an account on it."""

from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
import json
from typing import Any

from aiohttp import ClientSession
import iota_sdk as sdk
import pytest

from custom_components.sensorchain.ledgers.iota.key import Key
from custom_components.sensorchain.ledgers.iota.programs import (
    Trail,
    make_trail,
    seal_trail,
)
from custom_components.sensorchain.ledgers.iota.transaction import (
    Gas,
    ObjectRef,
    Program,
    Transaction,
    written,
)
from demo.iota.objects import LiveObject
from demo.iota.private_iota import PrivateIota
from demo.iota.store import Executed
from tests.ledgers.conftest import loopback, session

__all__ = ["loopback", "session"]

ONE = 10**9
BUDGET = 50_000_000


def reference(found: LiveObject) -> ObjectRef:
    """Return an object as a transaction names it."""
    digest = sdk.ObjectDigest.from_base58(found.digest).to_bytes()
    return ObjectRef(bytes.fromhex(found.object_id[2:]), found.version, digest)


def effects(executed: Executed) -> Mapping[str, Any]:
    """Return what a transaction has done, as the library reads it."""
    read = sdk.TransactionEffects.from_bcs(executed.effects)
    form: Mapping[str, Any] = json.loads(read.to_json())["V1"]
    return form


@dataclass(frozen=True)
class Account:
    """Somebody who sends transactions."""

    node: PrivateIota
    key: Key

    @property
    def address(self) -> str:
        """Where its objects are."""
        return written(self.key.address)

    def owned(self, kind: str) -> list[LiveObject]:
        """Return its objects of a type, named by its end."""
        found = self.node.network.owned(self.address)
        return [each for each in found if each.kind.name.endswith(kind)]

    def coin(self) -> ObjectRef:
        """Return a coin of its."""
        return reference(self.owned("::Coin")[0])

    def capability(self) -> ObjectRef:
        """Return its only capability."""
        (found,) = self.owned("::Capability")
        return reference(found)

    def prepare(self, program: Program, **changes: Any) -> Transaction:
        """Return a transaction; `changes` are of what pays for it."""
        gas = Gas(
            payment=(self.coin(),),
            owner=self.key.address,
            price=self.node.network.price,
            budget=BUDGET,
        )
        return Transaction(program, self.key.address, replace(gas, **changes))

    def send(self, transaction: Transaction, *others: Key) -> Executed:
        """Sign a transaction, with others or alone, and have it executed."""
        data = transaction.to_bytes()
        signatures = [each.sign(data) for each in (self.key, *others)]
        return self.node.network.execute(data, signatures)

    def run(self, program: Program, **changes: Any) -> Executed:
        """Have a program executed."""
        return self.send(self.prepare(program, **changes))

    def trail(self) -> Trail:
        """Make a trail, and seal it."""
        packages = self.node.packages
        assert not self.run(make_trail(packages, self.key.address, "A log")).words
        target = self.owned("::Capability")[0].value["target_key"]
        found = self.node.network.object(target)
        assert found
        trail = Trail(bytes.fromhex(target[2:]), int(found.owner.value))
        assert not self.run(seal_trail(packages, trail, self.capability())).words
        return trail


@dataclass(frozen=True)
class Wires:
    """Both wires of a node, asked with nothing but HTTP."""

    node: PrivateIota
    session: ClientSession

    async def graphql(self, query: str, **variables: Any) -> dict[str, Any]:
        """Return the answer to a query."""
        question = {"query": query, "variables": variables}
        async with self.session.post(self.node.graphql, json=question) as answer:
            assert answer.status == 200
            told: dict[str, Any] = await answer.json()
        return told

    async def call(self, method: str, *params: Any) -> dict[str, Any]:
        """Return the answer to a call."""
        question = {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}
        async with self.session.post(self.node.json_rpc, json=question) as answer:
            assert answer.status == 200
            told: dict[str, Any] = await answer.json()
        assert (told["jsonrpc"], told["id"]) == ("2.0", 7)
        return told

    async def refusals(self, data: bytes, *signatures: str) -> list[str]:
        """Return why both wires refuse a transaction."""
        told = await self.graphql(EXECUTE, t=base64(data), s=list(signatures))
        assert told["data"] is None
        (error,) = told["errors"]
        answer = await self.call(
            "iota_executeTransactionBlock", base64(data), list(signatures)
        )
        return [error["message"], answer["error"]["message"]]


EXECUTE = "mutation($t:String!,$s:[String!]!){executeTransactionBlock(txBytes:$t,signatures:$s){effects{status}}}"


def base64(data: bytes) -> str:
    """Return bytes as text."""
    return b64encode(data).decode()


@pytest.fixture
async def node() -> AsyncIterator[PrivateIota]:
    """Return a node that runs."""
    async with PrivateIota() as running:
        yield running


@pytest.fixture
async def account(node: PrivateIota) -> Account:
    """Return an account with a coin."""
    key = Key(b"somebody who has something to do")
    await node.fund(key.address, ONE)
    return Account(node, key)


@pytest.fixture
def wires(node: PrivateIota, session: ClientSession) -> Wires:
    """Return the node's wires."""
    return Wires(node, session)
