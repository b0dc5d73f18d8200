"""What nodes say, over GraphQL and over JSON-RPC, and what it stands for: the same over both."""

from base64 import b64encode
from collections.abc import Callable, Coroutine, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import json
from typing import Any

from aiohttp import web
from graphql import FieldNode, OperationDefinitionNode, parse

from custom_components.sensorchain.ledgers.http import Answer, Request, Transport
from custom_components.sensorchain.ledgers.iota import bcs
from custom_components.sensorchain.ledgers.iota.base58 import encode_base58
from custom_components.sensorchain.ledgers.iota.client import (
    Coin,
    Effects,
    Epoch,
    Executed,
    Included,
    IotaClient,
    MoveObject,
    Sent,
)
from custom_components.sensorchain.ledgers.iota.graphql import GraphqlClient
from custom_components.sensorchain.ledgers.iota.json_rpc import JsonRpcClient
from custom_components.sensorchain.ledgers.iota.key import Key
from custom_components.sensorchain.ledgers.iota.networks import NETWORKS
from custom_components.sensorchain.ledgers.iota.programs import notarise
from custom_components.sensorchain.ledgers.iota.settings import Wire
from custom_components.sensorchain.ledgers.iota.tables import entry_id
from custom_components.sensorchain.ledgers.iota.transaction import (
    Gas,
    ObjectRef,
    Transaction,
)
from tests.ledgers.conftest import Handler

CLIENTS: Mapping[Wire, type[GraphqlClient | JsonRpcClient]] = {
    Wire.GRAPHQL: GraphqlClient,
    Wire.JSON_RPC: JsonRpcClient,
}

NETWORK = NETWORKS["testnet"]
PACKAGES = NETWORK.packages
KEY = Key(bytes(range(32)))
OBJECT = ObjectRef(bytes(31) + b"\x65", 7, b"\x01" * 32)
TABLE = b"\x02" * 32
ENTRY = ObjectRef(entry_id(TABLE, 3), 9, b"\x03" * 32)
KIND = str(PACKAGES.capability)
FIELD = (
    f"0x{2:064x}::dynamic_field::Field<u64, 0x{2:064x}::linked_table::Node<u64, bool>>"
)
VALUE = b"\x00\x00\x01"


def transaction(message: str, payer: bytes = KEY.address) -> Transaction:
    """Return a transaction of the account's."""
    gas = Gas(payment=(OBJECT,), owner=payer, price=1000, budget=10_000_000)
    return Transaction(notarise(PACKAGES, message), KEY.address, gas, 42)


def signed(given: bytes, *signatures: str) -> str:
    """Return a transaction of a form as nodes give it: with its signatures, in Base64."""
    many = b"".join(bcs.blob(each.encode()) for each in signatures)
    data = b"\1\0\0\0" + given + bytes([len(signatures)]) + many
    return b64encode(data).decode()


FIRST, SECOND = transaction("first"), transaction("second", b"\x09" * 32)
SIGNATURES = [KEY.sign(FIRST.to_bytes())]
TIME = datetime(2026, 11, 22, 17, 5, 9, 123000, UTC)
EFFECTS = Effects(None, 1_000_000 + 7_600_000 - 980_000, 8_600_000)
FAILED = Effects("MoveAbort in 5th command", 20_000, 1_000_000)

EXPECTED: Mapping[str, Any] = {
    "chain": NETWORK.chain,
    "epoch": Epoch(41, 1000),
    "balance": 2**70,
    "coins": [Coin(OBJECT, 2**64 - 1)],
    "owned": [MoveObject(OBJECT, KIND, b"\x05\x06", None)],
    "object": MoveObject(OBJECT, KIND, b"\x05\x06", 5),
    "entry": VALUE,
    "dry_run": EFFECTS,
    "execute": EFFECTS,
    "executed": Executed(FIRST, EFFECTS, Included(1234, TIME)),
    "sent": Sent(
        (
            Executed(SECOND, FAILED, Included(1235, TIME + timedelta(seconds=1))),
            Executed(FIRST, EFFECTS, Included(1234, TIME)),
        ),
        "older",
    ),
}
"""What each question is answered with."""

type Ask = Callable[[IotaClient], Coroutine[Any, Any, object]]

ASKS: Mapping[str, Ask] = {
    "chain": lambda client: client.chain(),
    "epoch": lambda client: client.epoch(),
    "balance": lambda client: client.balance(KEY.address),
    "coins": lambda client: client.coins(KEY.address),
    "owned": lambda client: client.owned(KEY.address, KIND),
    "object": lambda client: client.object(OBJECT.object_id),
    "entry": lambda client: client.entry(TABLE, 3),
    "dry_run": lambda client: client.dry_run(FIRST.to_bytes()),
    "execute": lambda client: client.execute(FIRST.to_bytes(), SIGNATURES),
    "executed": lambda client: client.executed(FIRST.digest),
    "sent": lambda client: client.sent(KEY.address, "newer"),
}
"""Every question that a node is asked."""


def _id(given: bytes) -> str:
    """Return an address as nodes write it."""
    return f"0x{given.hex()}"


def _b64(given: bytes) -> str:
    """Return bytes as nodes write them."""
    return b64encode(given).decode()


_COSTS = {
    "computationCost": "1000000",
    "storageCost": "7600000",
    "storageRebate": "980000",
}
_FAILED_COSTS = {
    "computationCost": "1000000",
    "storageCost": "0",
    "storageRebate": "980000",
}


def _graphql_object(reference: ObjectRef, kind: str, contents: bytes) -> dict[str, Any]:
    """Return the fields that all objects have."""
    return {
        "address": _id(reference.object_id),
        "version": reference.version,
        "digest": encode_base58(reference.digest),
        "contents": {
            "bcs": _b64(contents),
            "type": {"repr": kind.replace(", ", ",")},
        },
    }


def _graphql_shared(
    reference: ObjectRef, kind: str, contents: bytes, owner: dict[str, Any]
) -> dict[str, Any]:
    """Return an object that is asked for alone."""
    given = _graphql_object(reference, kind, contents)
    move = {"contents": given.pop("contents")}
    return {**given, "owner": owner, "asMoveObject": move}


def _graphql_executed(given: Transaction, *, failed: bool = False) -> dict[str, Any]:
    """Return a transaction with its effects."""
    return {
        "digest": given.digest,
        "bcs": signed(given.to_bytes(), *SIGNATURES),
        "effects": {
            "status": "FAILURE" if failed else "SUCCESS",
            "errors": FAILED.problem if failed else None,
            "gasEffects": {"gasSummary": _FAILED_COSTS if failed else _COSTS},
            "checkpoint": {
                "sequenceNumber": 1235 if failed else 1234,
                "timestamp": f"2026-11-22T17:05:{'10' if failed else '09'}.123Z",
            },
        },
    }


_DONE = {"status": "SUCCESS", "errors": None, "gasEffects": {"gasSummary": _COSTS}}

_GRAPHQL: Mapping[str, Any] = {
    "chainIdentifier": NETWORK.chain,
    "epoch": {"epochId": 41, "referenceGasPrice": "1000"},
    "address.balance": {"totalBalance": str(2**70)},
    "address.coins": {
        "nodes": [
            {
                "address": _id(OBJECT.object_id),
                "version": 7,
                "digest": encode_base58(OBJECT.digest),
                "coinBalance": str(2**64 - 1),
            }
        ]
    },
    "address.objects": {"nodes": [_graphql_object(OBJECT, KIND, b"\x05\x06")]},
    "object": _graphql_shared(
        OBJECT, KIND, b"\x05\x06", {"__typename": "Shared", "initialSharedVersion": 5}
    ),
    f"object {_id(ENTRY.object_id)}": _graphql_shared(
        ENTRY,
        FIELD,
        ENTRY.object_id + (3).to_bytes(8, "little") + VALUE,
        {"__typename": "Parent"},
    ),
    "dryRunTransactionBlock": {"error": None, "transaction": {"effects": _DONE}},
    "executeTransactionBlock": {
        "effects": {**_DONE, "transactionBlock": {"digest": FIRST.digest}}
    },
    "transactionBlock": _graphql_executed(FIRST),
    "address.transactionBlocks": {
        "pageInfo": {"hasPreviousPage": True, "startCursor": "older"},
        "nodes": [_graphql_executed(FIRST), _graphql_executed(SECOND, failed=True)],
    },
}


def _rpc_object(
    reference: ObjectRef, kind: str, contents: bytes, owner: object
) -> dict[str, Any]:
    """Return an object."""
    return {
        "data": {
            "objectId": _id(reference.object_id),
            "version": str(reference.version),
            "digest": encode_base58(reference.digest),
            "type": kind,
            "owner": owner,
            "bcs": {
                "dataType": "moveObject",
                "type": kind.replace(f"0x{2:064x}", "0x2"),
                "hasPublicTransfer": True,
                "version": reference.version,
                "bcsBytes": _b64(contents),
            },
        }
    }


def _rpc_executed(given: Transaction, *, failed: bool = False) -> dict[str, Any]:
    """Return a transaction with its effects."""
    status = {"status": "failure", "error": FAILED.problem}
    when = TIME + timedelta(seconds=failed)
    return {
        "digest": given.digest,
        "rawTransaction": signed(given.to_bytes(), *SIGNATURES),
        "effects": {
            "messageVersion": "v1",
            "status": status if failed else {"status": "success"},
            "gasUsed": _FAILED_COSTS if failed else _COSTS,
        },
        "timestampMs": str(int(when.timestamp() * 1000)),
        "checkpoint": str(1234 + failed),
    }


_RPC_DONE = {"status": {"status": "success"}, "gasUsed": _COSTS}

_JSON_RPC: Mapping[str, Any] = {
    "iota_getChainIdentifier": NETWORK.chain,
    "iotax_getCommitteeInfo": {"epoch": "41", "validators": [["key", "2500"]]},
    "iotax_getReferenceGasPrice": "1000",
    "iotax_getBalance": {
        "coinType": "0x2::iota::IOTA",
        "coinObjectCount": 1,
        "totalBalance": str(2**70),
    },
    "iotax_getCoins": {
        "data": [
            {
                "coinType": "0x2::iota::IOTA",
                "coinObjectId": "0x65",
                "version": "7",
                "digest": encode_base58(OBJECT.digest),
                "balance": str(2**64 - 1),
            }
        ],
        "nextCursor": None,
        "hasNextPage": False,
    },
    "iotax_getOwnedObjects": {
        "data": [
            _rpc_object(OBJECT, KIND, b"\x05\x06", {"AddressOwner": _id(KEY.address)}),
            {"error": {"code": "notExists", "object_id": _id(TABLE)}},
        ],
        "nextCursor": None,
        "hasNextPage": False,
    },
    "iota_getObject": _rpc_object(
        OBJECT, KIND, b"\x05\x06", {"Shared": {"initial_shared_version": 5}}
    ),
    f"iota_getObject {_id(ENTRY.object_id)}": _rpc_object(
        ENTRY,
        FIELD,
        ENTRY.object_id + (3).to_bytes(8, "little") + VALUE,
        {"ObjectOwner": _id(TABLE)},
    ),
    "iota_dryRunTransactionBlock": {"effects": _RPC_DONE},
    "iota_executeTransactionBlock": {"digest": FIRST.digest, "effects": _RPC_DONE},
    "iota_getTransactionBlock": _rpc_executed(FIRST),
    "iotax_queryTransactionBlocks": {
        "data": [_rpc_executed(SECOND, failed=True), _rpc_executed(FIRST)],
        "nextCursor": "older",
        "hasNextPage": True,
    },
}

SAID: Mapping[Wire, Mapping[str, Any]] = {
    Wire.GRAPHQL: _GRAPHQL,
    Wire.JSON_RPC: _JSON_RPC,
}
"""What is answered to each question, by the name of the field or of the method."""


def said(wire: Wire, **changes: Any) -> dict[str, Any]:
    """Return all that a node answers, for a test to change; dots in names are underlines."""
    given = deepcopy(dict(SAID[wire]))
    return given | {name.replace("__", "."): value for name, value in changes.items()}


def _graphql_answer(question: dict[str, Any], given: Mapping[str, Any]) -> Any:
    """Return the answer to a query."""
    (definition,) = parse(question["query"]).definitions
    assert isinstance(definition, OperationDefinitionNode)
    (field,) = definition.selection_set.selections
    assert isinstance(field, FieldNode)
    name, variables = field.name.value, question["variables"]
    if name == "address":
        assert field.selection_set
        (inner,) = field.selection_set.selections
        assert isinstance(inner, FieldNode)
        kind = inner.name.value
        return {"data": {name: {kind: given[f"{name}.{kind}"]}}}
    value = given.get(f"{name} {variables.get('a')}", given[name])
    return {"data": {name: value}}


def _rpc_answer(question: dict[str, Any], given: Mapping[str, Any]) -> Any:
    """Return the answer to a method."""
    name, params = question["method"], question["params"]
    value = given.get(f"{name} {(params or [None])[0]}", given[name])
    return {"jsonrpc": "2.0", "id": question["id"], "result": value}


_ANSWER = {Wire.GRAPHQL: _graphql_answer, Wire.JSON_RPC: _rpc_answer}


@dataclass
class Recorded:
    """A transport to a node that answers what it is told to; keeps what it was asked."""

    wire: Wire
    given: Mapping[str, Any]
    asked: list[dict[str, Any]]

    async def send(self, request: Request) -> Answer:
        """Return the answer."""
        assert request.body
        question = json.loads(request.body)
        self.asked.append(question)
        return Answer(
            200, json.dumps(_ANSWER[self.wire](question, self.given)).encode()
        )


class Always:
    """A transport to a node that always answers the same."""

    def __init__(self, body: bytes, status: int = 200) -> None:
        """Answer this."""
        self._answer = Answer(status, body)

    async def send(self, _request: Request) -> Answer:
        """Return the answer."""
        return self._answer


def node(wire: Wire, given: Mapping[str, Any] | None = None) -> IotaClient:
    """Return a client of a node that answers what it is told to."""
    return asking(wire, given)[0]


def asking(
    wire: Wire, given: Mapping[str, Any] | None = None
) -> tuple[IotaClient, list[dict[str, Any]]]:
    """Return a client of such a node, and what it will have asked."""
    transport = Recorded(wire, SAID[wire] if given is None else given, [])
    return client(wire, transport), transport.asked


def client(
    wire: Wire, transport: Transport, url: str = "https://node.example"
) -> IotaClient:
    """Return a client of a node at a URL."""
    return CLIENTS[wire](transport, url, timeout=timedelta(seconds=5))


def at_once[T](answer: Coroutine[Any, Any, T]) -> T:
    """Return what needs no waiting."""
    try:
        answer.send(None)
    except StopIteration as stop:
        value: T = stop.value
        return value
    raise AssertionError("it waits")


def answering(body: str | bytes, status: int = 200) -> Handler:
    """Return what serves the same to everybody."""

    async def handler(_request: web.Request) -> web.Response:
        data = body if isinstance(body, bytes) else body.encode()
        return web.Response(body=data, status=status)

    return handler


def no(wire: Wire, message: object, code: object = None) -> bytes:
    """Return how a node says no."""
    if wire is Wire.GRAPHQL:
        error = {"message": message, "extensions": {"code": code}}
        return json.dumps({"data": None, "errors": [error]}).encode()
    refusal = {"code": -32000 if code is None else code, "message": message}
    return json.dumps({"jsonrpc": "2.0", "id": 1, "error": refusal}).encode()
