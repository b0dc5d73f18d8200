"""The HTTP API of the IOTA Reference Implementation 1.8.6: one POST with a JSON object, the command and its parameters.

    POST /   X-IOTA-API-Version: 1   {"command": "getTrytes", "hashes": ["ABC…"]}
    200      {"trytes": ["…"], "duration": 1}
    400      {"error": "Command [getTrites] is unknown", "duration": 0}                  the request is refused
    401      {"error": "COMMAND addNeighbors is not available on this node", …}          the command is not for everyone
    500      {"exception": "Invalid hashes input", "duration": 0}                        a parameter is not what it should be

Names, texts, limits and status codes are those of IRI's API.java and RestEasy.java, `duration` is in milliseconds. IRI
answers 500 to parameters that it can not read, except to those of storeTransactions, which gets 400 and "Error: …".
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
import json
import time
from typing import Any

from aiohttp import web

from custom_components.sensorchain.ledgers.tangle.transaction import (
    HASH_TRYTES,
    NULL_HASH,
    TAG_TRYTES,
    TRANSACTION_TRYTES,
    Transaction,
)
from custom_components.sensorchain.ledgers.tangle.trytes import is_trytes

from .node import Node
from .store import MAX_DEPTH, RefusedError, Store

MAX_BODY_LENGTH = 1_000_000
MAX_REQUESTS_LIST = 1_000
MAX_GET_TRYTES = 10_000
MAX_FIND_TRANSACTIONS = 100_000
MAX_WEIGHT_MAGNITUDE = 81

# What a node that strangers use does not offer (IRI's option --remote-limit-api).
LIMITED_COMMANDS = frozenset({"addNeighbors", "getNeighbors", "removeNeighbors"})

_HEADER = "X-IOTA-API-Version"
_OVER_MAX = "Could not complete request"
_OUT_OF_SYNC = (
    "This operation cannot be executed: The subtangle has not been updated yet."
)
_CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": f"User-Agent, Origin, X-Requested-With, Content-Type, Accept, {_HEADER}",
}

type Answer = dict[str, Any]


class LimitedError(Exception):
    """The command is not for everyone."""


class ParameterError(Exception):
    """A parameter is missing or not what it should be."""


# What each error is answered with: status and field.
_FAILURES: Mapping[type[Exception], tuple[int, str]] = {
    RefusedError: (400, "error"),
    LimitedError: (401, "error"),
    ParameterError: (500, "exception"),
}


# Reading parameters


def _integer(name: str, value: object) -> int:
    """Read a number; fractions are cut off."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ParameterError(f"Invalid {name} input")
    try:
        return int(value)
    except (ValueError, OverflowError) as error:
        raise ParameterError(f"Invalid {name} input") from error


def _hash(name: str, value: object) -> str:
    """Read a hash: 81 trytes."""
    return _trytes(name, value, HASH_TRYTES)


def _hashes(name: str, value: object) -> list[str]:
    """Read a list of hashes."""
    return [_hash(name, item) for item in _items(name, value)]


def _set_hashes(name: str, value: object) -> list[str]:
    """Read a list of hashes among which the empty one is not allowed."""
    hashes = _hashes(name, value)
    if NULL_HASH in hashes:
        raise ParameterError(f"Invalid {name} input")
    return hashes


def _tags(name: str, value: object) -> list[str]:
    """Read a list of tags, filled up to 27 trytes."""
    tags = [_padded_tag(item) for item in _items(name, value)]
    if any(not tag.strip("9") for tag in tags):
        raise ParameterError("Invalid tag input")
    return tags


def _padded_tag(value: object) -> str:
    """Read a tag of 27 trytes or fewer."""
    if not isinstance(value, str):
        raise ParameterError("Invalid tag input")
    return _trytes("tag", value.ljust(TAG_TRYTES, "9"), TAG_TRYTES)


def _transactions(name: str, value: object) -> list[str]:
    """Read a list of transactions: 2673 trytes each."""
    return [_trytes(name, item, TRANSACTION_TRYTES) for item in _items(name, value)]


def _trytes(name: str, value: object, length: int) -> str:
    """Read trytes of a length."""
    if not isinstance(value, str) or not is_trytes(value, length):
        raise ParameterError(f"Invalid {name} input")
    return value


def _items(name: str, value: object) -> list[object]:
    """Read a list of no more than 1000."""
    if not isinstance(value, list):
        raise ParameterError(f"Invalid {name} input")
    if len(value) > MAX_REQUESTS_LIST:
        raise ParameterError(_OVER_MAX)
    return value


# Commands


async def _node_info(node: Node) -> Answer:
    """Say what the node is and how far it has come. What IRI tells of its Java machine is left out."""
    milestone = await node.ask(Store.latest_milestone)
    return {
        "appName": "SensorChain private Tangle",
        "appVersion": "1.8.6",
        "latestMilestone": milestone.transaction,
        "latestMilestoneIndex": milestone.number + node.unsolid_milestones,
        "latestSolidSubtangleMilestone": milestone.transaction,
        "latestSolidSubtangleMilestoneIndex": milestone.number,
        "milestoneStartIndex": 0,
        "lastSnapshottedMilestoneIndex": 0,
        "neighbors": 0,
        "packetsQueueSize": 0,
        "time": time.time_ns() // 1_000_000,
        "tips": len(await node.ask(Store.tips)),
        "transactionsToRequest": 0,
        "features": ["testnet", "RemotePOW"],
        "coordinatorAddress": node.coordinator_address,
        "dbSizeInBytes": await node.ask(Store.size),
    }


async def _node_api_configuration(node: Node) -> Answer:
    """Tell the limits."""
    return {
        "maxFindTransactions": MAX_FIND_TRANSACTIONS,
        "maxRequestsList": MAX_REQUESTS_LIST,
        "maxGetTrytes": MAX_GET_TRYTES,
        "maxBodyLength": MAX_BODY_LENGTH,
        "testNet": True,
        "milestoneStartIndex": 0,
    }


async def _transactions_to_approve(
    node: Node, depth: int, reference: str | None
) -> Answer:
    """Choose trunk and branch."""
    if not 0 <= depth <= MAX_DEPTH:
        raise RefusedError("Invalid depth input")
    _check_synchronised(node)
    trunk, branch = await node.ask(Store.select_tips, depth, reference)
    return {"trunkTransaction": trunk, "branchTransaction": branch}


async def _attach(
    node: Node, trunk: str, branch: str, weight_magnitude: int, trytes: list[str]
) -> Answer:
    """Chain transactions and do their proof of work; no trytes when it is interrupted."""
    if not 1 <= weight_magnitude <= MAX_WEIGHT_MAGNITUDE:
        raise ParameterError(f"Invalid min weight magnitude: {weight_magnitude}")
    if weight_magnitude < node.minimum_weight_magnitude:
        raise ParameterError("Invalid transaction hash")
    bundle = sorted(
        map(Transaction.from_trytes, trytes), key=lambda each: each.current_index
    )
    attached = await node.attach(tuple(bundle), trunk, branch, weight_magnitude)
    return {"trytes": [each.to_trytes() for each in attached]}


async def _interrupt(node: Node) -> Answer:
    """End a proof of work."""
    node.interrupt()
    return {}


async def _store(node: Node, trytes: object) -> Answer:
    """Store transactions."""
    try:
        await node.take(_transactions("trytes", trytes))
    except (ParameterError, RefusedError) as error:
        raise RefusedError(f"Error: {error}") from error
    return {}


async def _broadcast(node: Node, trytes: list[str]) -> Answer:
    """Store transactions; there is nobody to send them to."""
    await node.take(trytes)
    return {}


async def _find(
    node: Node,
    addresses: list[str] | None,
    bundles: list[str] | None,
    tags: list[str] | None,
    approvees: list[str] | None,
) -> Answer:
    """Find the transactions that meet all that is given; by the obsolete tag where no tag is found."""
    fields = {"addresses": addresses, "bundles": bundles, "approvees": approvees}
    given = {name: value for name, value in fields.items() if value is not None}
    if tags is None and not given:
        raise ParameterError("Invalid parameters")
    if tags is not None:
        known = await node.ask(Store.find, {"tags": tags})
        given["tags" if known else "obsolete_tags"] = tags
    hashes = await node.ask(Store.find, given)
    if len(hashes) > MAX_FIND_TRANSACTIONS:
        raise RefusedError(_OVER_MAX)
    return {"hashes": hashes}


async def _get_trytes(node: Node, hashes: list[str]) -> Answer:
    """Return transactions; all 9 for one that is not known."""
    return {"trytes": await node.ask(Store.trytes, hashes)}


async def _inclusion_states(node: Node, transactions: list[str]) -> Answer:
    """Tell which transactions a milestone has confirmed."""
    _check_synchronised(node)
    return {"states": await node.ask(Store.confirmed, transactions)}


async def _check_consistency(node: Node, tails: list[str]) -> Answer:
    """Tell whether tails could be approved."""
    _check_synchronised(node)
    problem = await node.ask(Store.consistency, tails)
    return {"state": problem is None, "info": problem or ""}


async def _spent_from(node: Node, addresses: list[str]) -> Answer:
    """Tell from which addresses was spent: from none, as there are no tokens."""
    return {"states": [False] * len(addresses)}


async def _balances(node: Node, addresses: list[str], tips: list[str] | None) -> Answer:
    """Tell balances: nothing, as there are no tokens."""
    milestone = await node.ask(Store.latest_milestone)
    for tip in tips or ():
        if await node.ask(Store.entry, tip) is None:
            raise RefusedError(f"Tip not found: {tip}")
    return {
        "balances": ["0"] * len(addresses),
        "references": tips or [milestone.transaction],
        "milestoneIndex": milestone.number,
    }


async def _tips(node: Node) -> Answer:
    """List all tips."""
    return {"hashes": await node.ask(Store.tips)}


async def _missing(node: Node) -> Answer:
    """List the transactions that are wanted from neighbours: none."""
    return {"hashes": []}


async def _neighbors(node: Node) -> Answer:
    """List the neighbours: none."""
    return {"neighbors": []}


def _check_synchronised(node: Node) -> None:
    """Refuse what a node that lags behind can not know."""
    if node.unsolid_milestones > 1:
        raise RefusedError(_OUT_OF_SYNC)


@dataclass(frozen=True, slots=True)
class _Parameter:
    """A parameter's name and how it is read."""

    name: str
    read: Callable[[str, object], Any] = lambda _, value: value
    optional: bool = False

    def of(self, request: Mapping[str, object]) -> Any:
        """Read it from a request."""
        if self.name in request:
            return self.read(self.name, request[self.name])
        if self.optional:
            return None
        raise ParameterError("Invalid parameters")


@dataclass(frozen=True, slots=True)
class _Command:
    """What is called, and with which parameters, in this order."""

    run: Callable[..., Awaitable[Answer]]
    parameters: tuple[_Parameter, ...] = ()


COMMANDS: Mapping[str, _Command] = {
    "getNodeInfo": _Command(_node_info),
    "getNodeAPIConfiguration": _Command(_node_api_configuration),
    "getTransactionsToApprove": _Command(
        _transactions_to_approve,
        (_Parameter("depth", _integer), _Parameter("reference", _hash, optional=True)),
    ),
    "attachToTangle": _Command(
        _attach,
        (
            _Parameter("trunkTransaction", _hash),
            _Parameter("branchTransaction", _hash),
            _Parameter("minWeightMagnitude", _integer),
            _Parameter("trytes", _transactions),
        ),
    ),
    "interruptAttachingToTangle": _Command(_interrupt),
    "storeTransactions": _Command(_store, (_Parameter("trytes"),)),
    "broadcastTransactions": _Command(
        _broadcast, (_Parameter("trytes", _transactions),)
    ),
    "findTransactions": _Command(
        _find,
        (
            _Parameter("addresses", _set_hashes, optional=True),
            _Parameter("bundles", _set_hashes, optional=True),
            _Parameter("tags", _tags, optional=True),
            _Parameter("approvees", _set_hashes, optional=True),
        ),
    ),
    "getTrytes": _Command(_get_trytes, (_Parameter("hashes", _hashes),)),
    "getInclusionStates": _Command(
        _inclusion_states, (_Parameter("transactions", _hashes),)
    ),
    "checkConsistency": _Command(_check_consistency, (_Parameter("tails", _hashes),)),
    "wereAddressesSpentFrom": _Command(
        _spent_from, (_Parameter("addresses", _hashes),)
    ),
    "getBalances": _Command(
        _balances,
        (
            _Parameter("addresses", _hashes),
            _Parameter("tips", _hashes, optional=True),
        ),
    ),
    "getTips": _Command(_tips),
    "getMissingTransactions": _Command(_missing),
    "addNeighbors": _Command(_neighbors),
    "getNeighbors": _Command(_neighbors),
    "removeNeighbors": _Command(_neighbors),
}


# HTTP


async def _body(request: web.Request) -> str:
    """Read the body, no more of it than is allowed."""
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > MAX_BODY_LENGTH:
            raise RefusedError("Request too long")
    return body.decode(errors="replace")


def _parsed(body: str) -> Mapping[str, object]:
    """Read a request: a JSON object."""
    try:
        request = json.loads(body) if body else None
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"Invalid JSON syntax: {error}") from error
    if request is None:
        raise RefusedError(f"Invalid request payload: '{body}'")
    if not isinstance(request, dict):
        raise RefusedError("Invalid JSON syntax: Expected an object")
    return request


async def _answer(
    node: Node, limited: Collection[str], request: Mapping[str, object]
) -> Answer:
    """Do what a request asks for."""
    name = request.get("command")
    if name is None:
        raise RefusedError("COMMAND parameter has not been specified in the request.")
    if name in limited:
        raise LimitedError(f"COMMAND {name} is not available on this node")
    command = COMMANDS.get(str(name))
    if command is None:
        raise RefusedError(f"Command [{name}] is unknown")
    return await command.run(
        node, *(parameter.of(request) for parameter in command.parameters)
    )


def post_handler(
    node: Node, limited: Collection[str]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return what answers a POST, by a node which does not offer the limited commands."""

    async def handle(request: web.Request) -> web.Response:
        started, status = time.monotonic_ns(), 200
        try:
            body = await _body(request)
            if _HEADER not in request.headers:
                raise RefusedError("Invalid API Version")
            answer = await _answer(node, limited, _parsed(body))
        except tuple(_FAILURES) as error:
            status, field = _FAILURES[type(error)]
            answer = {field: str(error)}
        answer["duration"] = (time.monotonic_ns() - started) // 1_000_000
        return web.json_response(answer, status=status, headers=_CROSS_ORIGIN)

    return handle


async def options_handler(request: web.Request) -> web.Response:
    """Let pages of other origins call the API."""
    methods = {"Allow": "GET, HEAD, POST, OPTIONS"}
    return web.Response(headers=_CROSS_ORIGIN | methods)
