"""The JSON-RPC wire: methods of iota-json-rpc on a network (crates/iota-open-rpc/spec/openrpc.json).

POST /    {"jsonrpc": "2.0", "id": 1, "method": "iotax_getReferenceGasPrice", "params": []}
200       {"jsonrpc": "2.0", "id": 1, "result": "1000"}
200       {"jsonrpc": "2.0", "id": 1, "error": {"code": -32602, "message": "…"}}
"""

from base64 import b64decode, b64encode
import binascii
from collections.abc import Callable, Mapping, Sequence
import json
import re
from typing import Any

import iota_sdk as sdk

from .graphql import is_of, signed
from .identity import written
from .kinds import (
    GAS_COIN,
    Kind,
    MalformedValueError,
    UnknownKindError,
    encode,
    to_json,
)
from .network import Network
from .objects import LiveObject, Owner
from .refusals import MalformedError, RefusedError
from .store import Executed
from .submitted import Submitted

type Json = Any

INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32600, -32601, -32602
MOST = 50
"""Items of a page (iota-json-rpc-api, QUERY_MAX_RESULT_LIMIT)."""

_DELETED = "7gyGAp71YXQRoxmFBaHxofQXAipvgHyBKPyxmdSJxyvz"
"""In place of a deleted object's digest (iota-types, OBJECT_DIGEST_DELETED)."""


class RpcError(Exception):
    """A question that is answered with an error."""

    def __init__(self, code: int, message: str, data: object = None) -> None:
        """Keep the code beside the text."""
        super().__init__(message)
        self.code, self.data = code, data


METHODS: dict[str, Callable[..., Json]] = {}


def method[**P, R](name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Put a function among the methods: it takes the network, and parameters that may be left out at the end."""

    def add(run: Callable[P, R]) -> Callable[P, R]:
        METHODS[name] = run
        return run

    return add


def answer(network: Network, question: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to a question."""
    head = {"jsonrpc": "2.0", "id": question.get("id")}
    try:
        return {**head, "result": _run(network, question)}
    except RpcError as error:
        told = {"code": error.code, "message": str(error)}
        if error.data is not None:
            told["data"] = error.data
        return {**head, "error": told}


def _run(network: Network, question: Mapping[str, Any]) -> Json:
    """Return the result of a question; raises RpcError."""
    run = METHODS.get(str(question.get("method")))
    if run is None:
        raise RpcError(METHOD_NOT_FOUND, "Method not found")
    params = question.get("params") or []
    if not isinstance(params, list):
        raise RpcError(INVALID_PARAMS, "Invalid params")
    try:
        return run(network, *params)
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise RpcError(INVALID_PARAMS, f"Invalid params: {error}") from error


def _base64(text: str) -> bytes:
    """Return the bytes of Base64; raises RpcError."""
    try:
        return b64decode(text, validate=True)
    except binascii.Error as error:
        raise RpcError(
            INVALID_PARAMS, "Invalid value was given to the function"
        ) from error


def _address(text: str) -> str:
    """Return an address with all its digits; raises RpcError."""
    if not re.fullmatch(r"0x[0-9a-fA-F]{1,64}", text):
        raise RpcError(INVALID_PARAMS, "Invalid params: not an address")
    return written(int(text, 16))


# The network


@method("iota_getChainIdentifier")
def _chain(network: Network) -> Json:
    return network.identity.chain


@method("iotax_getReferenceGasPrice")
def _price(network: Network) -> Json:
    return str(network.price)


@method("iotax_getCommitteeInfo")
def _committee(network: Network, epoch: str | None = None) -> Json:
    if epoch is not None and int(epoch) > network.epoch:
        raise RpcError(-32000, f"Missing committee information for epoch {epoch}")
    # The one validator: a key of BLS12-381 (96 bytes) and all votes.
    key = b64encode(bytes(96)).decode()
    number = str(network.epoch) if epoch is None else str(int(epoch))
    return {"epoch": number, "validators": [[key, "10000"]]}


@method("iota_getLatestCheckpointSequenceNumber")
def _latest(network: Network) -> Json:
    made = network.checkpoint_at()
    return str(made.number if made else 0)


@method("iota_getCheckpoint")
def _checkpoint(network: Network, number: str) -> Json:
    made = network.checkpoint_at(int(number))
    if made is None:
        raise RpcError(
            INVALID_PARAMS,
            f"Verified checkpoint not found for sequence number: {number}",
        )
    summary = json.loads(sdk.CheckpointSummary.from_bcs(made.summary).to_json())
    return {
        "epoch": summary["epoch"],
        "sequenceNumber": str(made.number),
        "digest": made.digest,
        "networkTotalTransactions": str(made.total),
        "previousDigest": summary["previous_digest"],
        "epochRollingGasCostSummary": _costs(summary["epoch_rolling_gas_cost_summary"]),
        "timestampMs": str(made.time),
        "transactions": network.transactions_of(made.number),
        "checkpointCommitments": [],
        "validatorSignature": b64encode(bytes(48)).decode(),
    }


# Objects


@method("iotax_getBalance")
def _balance(network: Network, owner: str, coin_type: str | None = None) -> Json:
    coins = _coins_of(network, owner, coin_type)
    return {
        "coinType": coin_type or "0x2::iota::IOTA",
        "coinObjectCount": len(coins),
        "totalBalance": str(sum(each.balance for each in coins)),
    }


def _coins_of(network: Network, owner: str, coin_type: str | None) -> list[LiveObject]:
    """Return the coins of an address."""
    wanted = network.identity.read(coin_type or "0x2::iota::IOTA")
    kind = Kind(GAS_COIN.name, (wanted,))
    return [each for each in network.owned(_address(owner)) if each.kind == kind]


@method("iotax_getCoins")
def _coins(
    network: Network,
    owner: str,
    coin_type: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Json:
    coins = _coins_of(network, owner, coin_type)
    return _page(coins, cursor, limit, _coin, lambda each: each.object_id)


@method("iotax_getAllCoins")
def _all_coins(
    network: Network, owner: str, cursor: str | None = None, limit: int | None = None
) -> Json:
    return _coins(network, owner, None, cursor, limit)


def _coin(coin: LiveObject) -> Json:
    """Return a coin as it is listed."""
    return {
        "coinType": "0x2::iota::IOTA",
        "coinObjectId": coin.object_id,
        "version": str(coin.version),
        "digest": coin.digest,
        "balance": str(coin.balance),
        "previousTransaction": coin.previous,
    }


def _page[T](
    items: Sequence[T],
    cursor: str | None,
    limit: int | None,
    show: Callable[[T], Json],
    key: Callable[[T], str],
) -> Json:
    """Return a page of what is in the order of its keys, behind a cursor."""
    behind = [each for each in items if cursor is None or key(each) > cursor]
    size = min(MOST if limit is None else max(limit, 1), MOST)
    shown = behind[:size]
    return {
        "data": [show(each) for each in shown],
        "nextCursor": key(shown[-1]) if shown else cursor,
        "hasNextPage": len(behind) > size,
    }


@method("iotax_getOwnedObjects")
def _owned(
    network: Network,
    owner: str,
    query: Mapping[str, Any] | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Json:
    wanted = (query or {}).get("filter") or {}
    if set(wanted) - {"StructType", "Package"}:
        raise RpcError(
            INVALID_PARAMS, "Invalid params: a filter that is not known here"
        )
    text = wanted.get("StructType") or wanted.get("Package")
    found = [
        each
        for each in network.owned(_address(owner))
        if each.owner.form == "Address" and is_of(network, each.kind, text)
    ]
    options = (query or {}).get("options") or {}
    return _page(
        found,
        cursor,
        limit,
        lambda each: {"data": _shown(network, each, options)},
        lambda each: each.object_id,
    )


@method("iota_getObject")
def _object(
    network: Network, object_id: str, options: Mapping[str, bool] | None = None
) -> Json:
    object_id = _address(object_id)
    found = network.object(object_id)
    if found:
        return {"data": _shown(network, found, options or {})}
    if (version := network.deleted(object_id)) is not None:
        gone = {"object_id": object_id, "version": version, "digest": _DELETED}
        return {"error": {"code": "deleted", **gone}}
    return {"error": {"code": "notExists", "object_id": object_id}}


def _shown(network: Network, found: LiveObject, options: Mapping[str, bool]) -> Json:
    """Return an object with as much as is asked for."""
    reference = {**found.reference, "version": str(found.version)}
    kind = network.identity.short(found.kind)
    raw = {
        "dataType": "moveObject",
        "type": kind,
        "version": found.version,
        "bcsBytes": b64encode(found.contents).decode(),
    }
    fields = to_json(found.kind, found.value)
    optional: dict[str, tuple[str, Json]] = {
        "showType": ("type", kind),
        "showOwner": ("owner", found.owner.to_rpc()),
        "showPreviousTransaction": ("previousTransaction", found.previous),
        "showStorageRebate": ("storageRebate", str(found.rebate)),
        "showBcs": ("bcs", raw),
        "showContent": (
            "content",
            {"dataType": "moveObject", "type": kind, "fields": fields},
        ),
    }
    more = (each for name, each in optional.items() if options.get(name))
    return {**reference, **dict(more)}


@method("iotax_getDynamicFieldObject")
@method("iotax_getDynamicFieldObjectV2")
def _field(
    network: Network,
    parent: str,
    name: Mapping[str, Any],
    options: Mapping[str, bool] | None = None,
) -> Json:
    parent = _address(parent)
    try:
        key = network.identity.read(name["type"])
        value = int(name["value"]) if key.name.startswith("u") else name["value"]
        found = network.field(parent, name["type"], encode(key, value))
    except (UnknownKindError, MalformedValueError, OverflowError) as error:
        raise RpcError(INVALID_PARAMS, f"Invalid params: {error}") from error
    if found is None:
        return {"error": {"code": "dynamicFieldNotFound", "parent_object_id": parent}}
    everything = dict.fromkeys(
        (
            *("showType", "showOwner", "showPreviousTransaction"),
            *("showStorageRebate", "showBcs", "showContent"),
        ),
        True,
    )
    return {"data": _shown(network, found, options or everything)}


# Transactions


@method("iota_dryRunTransactionBlock")
def _dry_run(network: Network, transaction: str) -> Json:
    data = _base64(transaction)
    try:
        outcome = network.dry_run(data)
    except MalformedError as error:
        raise RpcError(INVALID_PARAMS, str(error)) from error
    except RefusedError as error:
        raise RpcError(INVALID_REQUEST, str(error)) from error
    return {
        "effects": effects_of(outcome.effects, outcome.status.to_rpc().get("error")),
        "events": [],
        "objectChanges": [],
        "balanceChanges": [],
        "input": _offered(Submitted.read(data)),
    }


def _offered(submitted: Submitted) -> Json:
    """Return who sends a transaction and what pays for it; its program is left out."""
    payment = [
        {"objectId": each.object_id, "version": each.version, "digest": each.digest}
        for each in submitted.payment
    ]
    return {
        "messageVersion": "v1",
        "transaction": {
            "kind": "ProgrammableTransaction",
            "inputs": [],
            "transactions": [],
        },
        "sender": submitted.sender,
        "gasData": {
            "payment": payment,
            "owner": submitted.sponsor,
            "price": str(submitted.price),
            "budget": str(submitted.budget),
        },
    }


@method("iota_executeTransactionBlock")
def _execute(
    network: Network,
    transaction: str,
    signatures: Sequence[str],
    options: Mapping[str, bool] | None = None,
    request_type: str | None = None,
) -> Json:
    if request_type not in {None, "WaitForEffectsCert", "WaitForLocalExecution"}:
        raise RpcError(INVALID_PARAMS, "Invalid params: unknown request type")
    try:
        executed = network.execute(_base64(transaction), signatures)
    except RefusedError as error:
        raise RpcError(error.code, error.framed, error.data) from error
    answer = _transaction(network, executed, options or {})
    # What was executed just now is not looked up in checkpoints.
    answer.pop("checkpoint", None)
    answer.pop("timestampMs", None)
    return {
        **answer,
        "confirmedLocalExecution": request_type == "WaitForLocalExecution",
    }


@method("iota_getTransactionBlock")
def _get_transaction(
    network: Network, digest: str, options: Mapping[str, bool] | None = None
) -> Json:
    found = network.transaction(digest)
    if found is None:
        raise RpcError(
            INVALID_PARAMS,
            f"Could not find the referenced transaction [TransactionDigest({digest})].",
        )
    return _transaction(network, found, options or {})


def _transaction(
    network: Network, executed: Executed, options: Mapping[str, bool]
) -> dict[str, Json]:
    """Return a transaction with as much as is asked for."""
    answer: dict[str, Json] = {"digest": executed.digest}
    if options.get("showRawInput"):
        whole = signed(executed.data, list(executed.signatures))
        answer["rawTransaction"] = b64encode(whole).decode()
    if options.get("showEffects"):
        answer["effects"] = effects_of(executed.effects, executed.debug)
    if options.get("showRawEffects"):
        answer["rawEffects"] = list(executed.effects)
    if executed.checkpoint is not None:
        made = network.checkpoint_at(executed.checkpoint)
        assert made
        answer |= {"timestampMs": str(made.time), "checkpoint": str(made.number)}
    return answer


@method("iotax_queryTransactionBlocks")
def _query(
    network: Network,
    query: Mapping[str, Any],
    cursor: str | None = None,
    limit: int | None = None,
    descending_order: bool | None = None,
) -> Json:
    wanted = query.get("filter") or {}
    if set(wanted) - {"FromAddress"}:
        raise RpcError(
            INVALID_PARAMS, "Invalid params: a filter that is not known here"
        )
    sender = wanted.get("FromAddress")
    after = None
    if cursor is not None:
        if (last := network.transaction(cursor)) is None:
            raise RpcError(INVALID_PARAMS, f"Transaction {cursor} not found")
        after = last.number
    size = min(MOST if limit is None else max(limit, 1), MOST)
    found = network.history(
        sender=_address(sender) if sender else None,
        after=None if descending_order else after,
        before=after if descending_order else None,
        limit=size + 1,
        newest_first=bool(descending_order),
    )
    options = query.get("options") or {}
    shown = found[:size]
    return {
        "data": [_transaction(network, each, options) for each in shown],
        "nextCursor": shown[-1].digest if shown else cursor,
        "hasNextPage": len(found) > size,
    }


def _costs(form: Mapping[str, str]) -> Json:
    """Return costs in this wire's spelling."""
    return {
        "computationCost": form["computation_cost"],
        "computationCostBurned": form["computation_cost_burned"],
        "storageCost": form["storage_cost"],
        "storageRebate": form["storage_rebate"],
        "nonRefundableStorageFee": form["non_refundable_storage_fee"],
    }


def effects_of(data: bytes, problem: str | None) -> dict[str, Json]:
    """Return effects in this wire's spelling, given in BCS with why a transaction failed."""
    form = json.loads(sdk.TransactionEffects.from_bcs(data).to_json())["V1"]
    version = int(form["lamport_version"])
    changes = form["changed_objects"]
    before = [
        {
            "objectId": each["object_id"],
            "sequenceNumber": each["input_state"]["Data"]["version"],
        }
        for each in changes
        if each["input_state"] != "Missing"
    ]
    made, changed, gone = [], [], []
    for each in changes:
        after = each["output_state"]
        if after == "Missing":
            gone.append(_reference(each, version, _DELETED))
        elif each["input_state"] == "Missing":
            made.append(_written(each, version))
        else:
            changed.append(_written(each, version))
    return {
        "messageVersion": "v1",
        "status": {"status": "failure", "error": problem}
        if problem
        else {"status": "success"},
        "executedEpoch": form["epoch"],
        "gasUsed": _costs(form["gas_cost_summary"]),
        "modifiedAtVersions": before,
        "sharedObjects": _shared(form, before),
        "transactionDigest": form["transaction_digest"],
        "created": made,
        "mutated": changed,
        "deleted": gone,
        "gasObject": _written(changes[form["gas_object_index"]], version),
        "dependencies": form["dependencies"],
    }


def _reference(change: Mapping[str, Any], version: int, digest: str) -> Json:
    """Return what names an object in a version."""
    return {"objectId": change["object_id"], "version": version, "digest": digest}


def _written(change: Mapping[str, Any], version: int) -> Json:
    """Return an object that was made or changed, with its owner."""
    after = change["output_state"]["ObjectWrite"]
    return {
        "owner": _owner(after["owner"]),
        "reference": _reference(change, version, after["digest"]),
    }


def _owner(form: Mapping[str, str]) -> Json:
    """Return an owner in this wire's spelling."""
    ((kind, value),) = form.items()
    return Owner(kind, value).to_rpc()


def _shared(form: Mapping[str, Any], before: Sequence[Mapping[str, str]]) -> Json:
    """Return the objects of everybody's, in the versions that were used."""
    versions = {each["objectId"]: each["sequenceNumber"] for each in before}
    used = [
        (
            each["object_id"],
            versions[each["object_id"]],
            each["input_state"]["Data"]["digest"],
        )
        for each in form["changed_objects"]
        if "Shared" in _owner_before(each)
    ]
    for each in form["unchanged_shared_objects"]:
        read = each["kind"]["ReadOnlyRoot"]
        used.append((each["object_id"], read["version"], read["digest"]))
    return [
        {"objectId": name, "version": int(version), "digest": digest}
        for name, version, digest in used
    ]


def _owner_before(change: Mapping[str, Any]) -> Mapping[str, str]:
    """Return who had an object, as the library writes it."""
    if change["input_state"] == "Missing":
        return {}
    owner: Mapping[str, str] = change["input_state"]["Data"]["owner"]
    return owner
