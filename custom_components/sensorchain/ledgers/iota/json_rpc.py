"""One node of IOTA, over JSON-RPC: where GraphQL is not offered.

A method is a JSON object that is posted to the node:

    POST /    {"jsonrpc": "2.0", "id": 1, "method": "iota_getChainIdentifier", "params": []}
    200       {"jsonrpc": "2.0", "id": 1, "result": "6364aad5"}
    200       {"jsonrpc": "2.0", "id": 1, "error": {"code": -32602, "message": "…"}}

(JSON-RPC 2.0; iotaledger/iota, crates/iota-open-rpc/spec/openrpc.json.) Large numbers are
texts; bytes are Base64.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from ...transparency.jcs import JsonValue
from . import answers
from .answers import fields, legible, listed, number, text
from .client import Coin, Effects, Epoch, Executed, Included, MoveObject, Sent
from .complaints import NodeComplaintError
from .transaction import ObjectRef, digest_of, written
from .wire import PAGE, WireClient

Value = TypeVar("Value")

_WITH_CONTENTS: JsonValue = {"showType": True, "showOwner": True, "showBcs": True}
_WITH_ALL: JsonValue = {"showRawInput": True, "showEffects": True}

_NOT_THERE = {"notExists", "deleted"}


class JsonRpcClient(WireClient):
    """A node's answers; implements IotaClient."""

    async def chain(self) -> str:
        """Return the network's identity."""
        return await self._ask("iota_getChainIdentifier", answers.chain)

    async def epoch(self) -> Epoch:
        """Return the epoch that the network is in.

        Its validators are asked for because what tells more of an epoch is a hundred times
        as long. Should the epoch end between the two answers, the price is the later one.
        """
        epoch = await self._ask("iotax_getCommitteeInfo", _epoch)
        return Epoch(epoch, await self._ask("iotax_getReferenceGasPrice", number))

    async def balance(self, owner: bytes) -> int:
        """Return what an address has in NANOS."""
        return await self._ask("iotax_getBalance", _balance, written(owner))

    async def coins(self, owner: bytes) -> list[Coin]:
        """Return coins of an address."""
        return await self._ask(
            "iotax_getCoins", _page(_coin), written(owner), None, None, PAGE
        )

    async def owned(self, owner: bytes, kind: str) -> list[MoveObject]:
        """Return objects of an address with a type."""
        query: JsonValue = {
            "filter": {"StructType": kind},
            "options": _WITH_CONTENTS,
        }
        found = await self._ask(
            "iotax_getOwnedObjects", _page(_found), written(owner), query, None, PAGE
        )
        # One may have gone while the others were looked up.
        return [each for each in found if each is not None]

    async def object(self, object_id: bytes) -> MoveObject | None:
        """Return an object, None where there is none."""
        return await self._ask(
            "iota_getObject",
            partial(_object, object_id),
            written(object_id),
            _WITH_CONTENTS,
        )

    async def dry_run(self, transaction: bytes) -> Effects:
        """Return what a transaction would do."""
        return await self._ask(
            "iota_dryRunTransactionBlock", _dry_run, _base64(transaction)
        )

    async def execute(self, transaction: bytes, signatures: Sequence[str]) -> Effects:
        """Send a transaction, and return its certified effects."""
        return await self._ask(
            "iota_executeTransactionBlock",
            partial(_sending, digest_of(transaction)),
            _base64(transaction),
            list(signatures),
            {"showEffects": True},
            "WaitForEffectsCert",
            is_sending=True,
        )

    async def executed(self, digest: str) -> Executed | None:
        """Return a transaction, None where the node does not know it."""
        try:
            return await self._call(
                "iota_getTransactionBlock",
                partial(_executed, digest),
                digest,
                _WITH_ALL,
            )
        except NodeComplaintError as complaint:
            if complaint.is_unknown_transaction:
                return None
            raise self.complaint(complaint) from complaint

    async def sent(self, owner: bytes, cursor: str | None = None) -> Sent:
        """Return what an address has sent, the newest first."""
        query: JsonValue = {
            "filter": {"FromAddress": written(owner)},
            "options": _WITH_ALL,
        }
        return await self._ask(
            "iotax_queryTransactionBlocks",
            partial(_sent, owner),
            query,
            cursor,
            PAGE,
            True,
        )

    def refusal(self, answer: Mapping[str, JsonValue]) -> NodeComplaintError | None:
        """Return what an answer says against a question."""
        error = answer.get("error")
        if error is None:
            return None
        given = error if isinstance(error, dict) else {"message": error}
        code, message = given.get("code"), given.get("message")
        return NodeComplaintError(
            code if type(code) is int else None,
            message if isinstance(message, str) else "no reason is given",
        )

    async def _ask(
        self,
        method: str,
        parse: Callable[[JsonValue], Value],
        *params: JsonValue,
        is_sending: bool = False,
    ) -> Value:
        """Return what a node answers to a method; what it says against it is an error."""
        try:
            return await self._call(method, parse, *params)
        except NodeComplaintError as complaint:
            raise self.complaint(complaint, is_sending=is_sending) from complaint

    async def _call(
        self, method: str, parse: Callable[[JsonValue], Value], *params: JsonValue
    ) -> Value:
        """Return what a node answers to a method; raises NodeComplaintError for a no."""
        answer = await self.post(
            {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        )
        return self.read(method, lambda given: parse(given["result"]), answer)


def _base64(data: bytes) -> str:
    """Return bytes as they are asked."""
    return b64encode(data).decode()


def _page(
    read: Callable[[JsonValue], Value],
) -> Callable[[JsonValue], list[Value]]:
    """Return what reads the items of a page."""
    return lambda value: [read(each) for each in listed(fields(value)["data"])]


def _epoch(value: JsonValue) -> int:
    """Return an epoch's number."""
    return number(fields(value)["epoch"])


def _balance(value: JsonValue) -> int:
    """Return what an address has."""
    return number(fields(value)["totalBalance"], 128)


def _coin(value: JsonValue) -> Coin:
    """Return a coin."""
    given = fields(value)
    reference = answers.reference(
        given["coinObjectId"], given["version"], given["digest"]
    )
    return Coin(reference, number(given["balance"]))


def _found(value: JsonValue) -> MoveObject | None:
    """Return an object, None where there is none, or a package."""
    given = fields(value)
    if (error := given.get("error")) is not None:
        code = text(fields(error)["code"])
        if code in _NOT_THERE:
            return None
        raise NodeComplaintError(code, f"no object, but {code}")
    data = fields(given["data"])
    contents = fields(data["bcs"])
    if contents["dataType"] != "moveObject":
        return None
    return MoveObject(
        _reference(data),
        answers.kind(contents["type"]),
        answers.base64(contents["bcsBytes"]),
        _initial_version(data["owner"]),
    )


def _object(object_id: bytes, value: JsonValue) -> MoveObject | None:
    """Return the object that was asked for."""
    found = _found(value)
    if found is not None and found.reference.object_id != object_id:
        raise ValueError("another object")
    return found


def _reference(data: Mapping[str, JsonValue]) -> ObjectRef:
    """Return an object in one version."""
    return answers.reference(data["objectId"], data["version"], data["digest"])


def _initial_version(owner: JsonValue) -> int | None:
    """Return the version in which an object began to be shared, None where it is not."""
    if owner == "Immutable" or "Shared" not in fields(owner):
        return None
    return number(fields(fields(owner)["Shared"])["initial_shared_version"])


def _effects(value: JsonValue) -> Effects:
    """Return what a transaction has done."""
    given = fields(value)
    status = fields(given["status"])
    if status["status"] not in {"success", "failure"}:
        raise ValueError("neither success nor failure")
    problem = None
    if status["status"] == "failure":
        problem = legible(text(status.get("error") or "no reason is given"))
    return answers.effects(problem, given["gasUsed"])


def _dry_run(value: JsonValue) -> Effects:
    """Return what a transaction would do."""
    return _effects(fields(value)["effects"])


def _sending(digest: str, value: JsonValue) -> Effects:
    """Return what the transaction of a digest has done."""
    given = fields(value)
    if given["digest"] != digest:
        raise ValueError("the effects of another transaction")
    return _effects(given["effects"])


def _executed(digest: str, value: JsonValue) -> Executed:
    """Return the transaction of a digest."""
    given = fields(value)
    transaction = answers.signed(given["rawTransaction"], digest)
    checkpoint, time = given.get("checkpoint"), given.get("timestampMs")
    included = None
    if checkpoint is not None and time is not None:
        included = Included(number(checkpoint), answers.milliseconds(time))
    return Executed(transaction, _effects(given["effects"]), included)


def _sent(owner: bytes, value: JsonValue) -> Sent:
    """Return a part of what an address has sent."""
    given = fields(value)
    is_last = not answers.truth(given["hasNextPage"])
    cursor = None if is_last else text(given["nextCursor"])
    return Sent(answers.all_sent(owner, _executed, listed(given["data"])), cursor)
