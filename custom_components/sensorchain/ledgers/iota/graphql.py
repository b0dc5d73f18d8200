"""One node of IOTA, over GraphQL.

A question is a query with its variables, posted as JSON:

    POST /    {"query": "{chainIdentifier}", "variables": {}}
    200       {"data": {"chainIdentifier": "6364aad5"}}
    200       {"data": null, "errors": [{"message": "…", "extensions": {"code": "…"}}]}

(GraphQL over HTTP; iotaledger/iota, crates/iota-graphql-rpc/schema.graphql.) Numbers that may
not fit into a double are texts; bytes are Base64.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from ...transparency.jcs import JsonValue
from . import answers
from .answers import fields, legible, listed, number, optional, text
from .client import Coin, Effects, Epoch, Executed, Included, MoveObject, Sent
from .complaints import NodeComplaintError
from .transaction import ObjectRef, digest_of, written
from .wire import PAGE, WireClient

Value = TypeVar("Value")

_COSTS = "gasEffects{gasSummary{computationCost storageCost storageRebate}}"
_EFFECTS = f"status errors {_COSTS}"
_EXECUTED = f"digest bcs effects{{{_EFFECTS} checkpoint{{sequenceNumber timestamp}}}}"
_CONTENTS = "contents{bcs type{repr}}"

_CHAIN = "{chainIdentifier}"
_EPOCH = "{epoch{epochId referenceGasPrice}}"
_BALANCE = "query($a:IotaAddress!){address(address:$a){balance{totalBalance}}}"
_COINS = (
    "query($a:IotaAddress!,$n:Int){address(address:$a){coins(first:$n)"
    "{nodes{address version digest coinBalance}}}}"
)
_OWNED = (
    "query($a:IotaAddress!,$n:Int,$t:String){address(address:$a)"
    f"{{objects(first:$n,filter:{{type:$t}}){{nodes{{address version digest {_CONTENTS}}}}}}}}}"
)
_OBJECT = (
    "query($a:IotaAddress!){object(address:$a){address version digest "
    "owner{__typename ...on Shared{initialSharedVersion}} "
    f"asMoveObject{{{_CONTENTS}}}}}}}"
)
_DRY_RUN = (
    "query($t:String!){dryRunTransactionBlock(txBytes:$t)"
    f"{{error transaction{{effects{{{_EFFECTS}}}}}}}}}"
)
_EXECUTE = (
    "mutation($t:String!,$s:[String!]!){executeTransactionBlock(txBytes:$t,signatures:$s)"
    f"{{effects{{transactionBlock{{digest}} {_EFFECTS}}}}}}}"
)
_TRANSACTION = f"query($d:String!){{transactionBlock(digest:$d){{{_EXECUTED}}}}}"
# What an address has sent is what is meant unless another relation is named; its name has changed.
_SENT = (
    "query($a:IotaAddress!,$n:Int,$c:String){address(address:$a)"
    "{transactionBlocks(last:$n,before:$c){pageInfo{hasPreviousPage startCursor} "
    f"nodes{{{_EXECUTED}}}}}}}}}"
)


class GraphqlClient(WireClient):
    """A node's answers; implements IotaClient."""

    async def chain(self) -> str:
        """Return the network's identity."""
        return await self._ask(_CHAIN, "chainIdentifier", answers.chain)

    async def epoch(self) -> Epoch:
        """Return the epoch that the network is in."""
        return await self._ask(_EPOCH, "epoch", _epoch)

    async def balance(self, owner: bytes) -> int:
        """Return what an address has in NANOS."""
        return await self._ask(_BALANCE, "address", _balance, a=written(owner))

    async def coins(self, owner: bytes) -> list[Coin]:
        """Return coins of an address."""
        read = _nodes("coins", _coin)
        return await self._ask(_COINS, "address", read, a=written(owner), n=PAGE)

    async def owned(self, owner: bytes, kind: str) -> list[MoveObject]:
        """Return objects of an address with a type."""
        read = _nodes("objects", _owned)
        return await self._ask(
            _OWNED, "address", read, a=written(owner), n=PAGE, t=kind
        )

    async def object(self, object_id: bytes) -> MoveObject | None:
        """Return an object, None where there is none."""
        read = partial(_object, object_id)
        return await self._ask(_OBJECT, "object", read, a=written(object_id))

    async def dry_run(self, transaction: bytes) -> Effects:
        """Return what a transaction would do."""
        return await self._ask(
            _DRY_RUN, "dryRunTransactionBlock", _dry_run, t=_base64(transaction)
        )

    async def execute(self, transaction: bytes, signatures: Sequence[str]) -> Effects:
        """Send a transaction, and return its certified effects."""
        return await self._ask(
            _EXECUTE,
            "executeTransactionBlock",
            partial(_sending, digest_of(transaction)),
            is_sending=True,
            t=_base64(transaction),
            s=list(signatures),
        )

    async def executed(self, digest: str) -> Executed | None:
        """Return a transaction, None where the node does not know it."""
        read = optional(partial(_executed, digest))
        return await self._ask(_TRANSACTION, "transactionBlock", read, d=digest)

    async def sent(self, owner: bytes, cursor: str | None = None) -> Sent:
        """Return what an address has sent, the newest first."""
        read = partial(_sent, owner)
        return await self._ask(
            _SENT, "address", read, a=written(owner), n=PAGE, c=cursor
        )

    def refusal(self, answer: Mapping[str, JsonValue]) -> NodeComplaintError | None:
        """Return what an answer says against a question: of data in part nothing is used."""
        errors = answer.get("errors")
        if not errors:
            return None
        given = errors if isinstance(errors, list) else [errors]
        return NodeComplaintError(_code(given[0]), "\n".join(map(_message, given)))

    async def _ask(
        self,
        query: str,
        name: str,
        parse: Callable[[JsonValue], Value],
        *,
        is_sending: bool = False,
        **variables: JsonValue,
    ) -> Value:
        """Return what a field of the answer to a query stands for."""
        try:
            answer = await self.post({"query": query, "variables": variables})
            return self.read(
                name, lambda data: parse(fields(data)[name]), answer.get("data")
            )
        except NodeComplaintError as complaint:
            raise self.complaint(complaint, is_sending=is_sending) from complaint


def _code(error: JsonValue) -> str | None:
    """Return the code of an error, if it has one."""
    extensions = error.get("extensions") if isinstance(error, dict) else None
    code = extensions.get("code") if isinstance(extensions, dict) else None
    return code if isinstance(code, str) else None


def _message(error: JsonValue) -> str:
    """Return the text of an error."""
    message = error.get("message") if isinstance(error, dict) else error
    return message if isinstance(message, str) else "no reason is given"


def _base64(data: bytes) -> str:
    """Return bytes as they are asked."""
    return b64encode(data).decode()


def _nodes(
    name: str, read: Callable[[JsonValue], Value]
) -> Callable[[JsonValue], list[Value]]:
    """Return what reads the items of a connection of an address, which may be unknown."""

    def items(value: JsonValue) -> list[Value]:
        if value is None:
            return []
        return [read(each) for each in listed(fields(fields(value)[name])["nodes"])]

    return items


def _epoch(value: JsonValue) -> Epoch:
    """Return an epoch."""
    given = fields(value)
    return Epoch(number(given["epochId"]), number(given["referenceGasPrice"]))


def _balance(value: JsonValue) -> int:
    """Return what an address has; one without coins is not known, or has no balance."""
    balance = None if value is None else fields(value)["balance"]
    total = None if balance is None else fields(balance)["totalBalance"]
    return 0 if total is None else number(total, 128)


def _coin(value: JsonValue) -> Coin:
    """Return a coin."""
    given = fields(value)
    return Coin(_reference(given), number(given["coinBalance"]))


def _owned(value: JsonValue) -> MoveObject:
    """Return an object of somebody's."""
    given = fields(value)
    return _moved(given, given, None)


def _object(object_id: bytes, value: JsonValue) -> MoveObject | None:
    """Return the object that was asked for; a package is none, and what is wrapped or deleted."""
    if value is None:
        return None
    given = fields(value)
    if answers.address(given["address"]) != object_id:
        raise ValueError("another object")
    move = given["asMoveObject"]
    if move is None or fields(move)["contents"] is None:
        return None
    owner = given["owner"]
    shared = None if owner is None else fields(owner).get("initialSharedVersion")
    return _moved(given, fields(move), optional(number)(shared))


def _moved(
    given: Mapping[str, JsonValue],
    move: Mapping[str, JsonValue],
    initial_version: int | None,
) -> MoveObject:
    """Return an object of its fields and its contents."""
    contents = fields(move["contents"])
    return MoveObject(
        _reference(given),
        answers.kind(fields(contents["type"])["repr"]),
        answers.base64(contents["bcs"]),
        initial_version,
    )


def _reference(given: Mapping[str, JsonValue]) -> ObjectRef:
    """Return an object in one version."""
    return answers.reference(given["address"], given["version"], given["digest"])


def _effects(value: JsonValue, otherwise: JsonValue = None) -> Effects:
    """Return what a transaction has done; why it failed may be told beside it."""
    given = fields(value)
    status = given["status"]
    if status not in {"SUCCESS", "FAILURE"}:
        raise ValueError("neither success nor failure")
    why = given["errors"] or otherwise or "no reason is given"
    problem = None if status == "SUCCESS" else legible(text(why))
    return answers.effects(problem, fields(given["gasEffects"])["gasSummary"])


def _dry_run(value: JsonValue) -> Effects:
    """Return what a transaction would do."""
    given = fields(value)
    why, transaction = given["error"], given["transaction"]
    if transaction is None:
        raise NodeComplaintError(None, text(why))
    return _effects(fields(transaction)["effects"], why)


def _sending(digest: str, value: JsonValue) -> Effects:
    """Return what the transaction of a digest has done."""
    effects = fields(fields(value)["effects"])
    transaction = effects["transactionBlock"]
    if transaction is not None and fields(transaction)["digest"] != digest:
        raise ValueError("the effects of another transaction")
    return _effects(effects)


def _executed(digest: str, value: JsonValue) -> Executed:
    """Return the transaction of a digest."""
    given = fields(value)
    transaction = answers.signed(given["bcs"], digest)
    effects = fields(given["effects"])
    checkpoint = effects["checkpoint"]
    included = None
    if checkpoint is not None:
        place = fields(checkpoint)
        included = Included(
            number(place["sequenceNumber"]), answers.time(place["timestamp"])
        )
    return Executed(transaction, _effects(effects), included)


def _sent(owner: bytes, value: JsonValue) -> Sent:
    """Return a part of what an address has sent; it comes with the oldest first."""
    if value is None:
        return Sent((), None)
    given = fields(fields(value)["transactionBlocks"])
    page = fields(given["pageInfo"])
    is_last = not answers.truth(page["hasPreviousPage"])
    cursor = None if is_last else text(page["startCursor"])
    return Sent(
        answers.all_sent(owner, _executed, listed(given["nodes"])[::-1]), cursor
    )
