"""What is peculiar to JSON-RPC: codes, errors within results, and its ways of saying null."""

import json
from typing import Any

import pytest

from custom_components.sensorchain.ledgers.iota.client import Effects, IotaClient
from custom_components.sensorchain.ledgers.iota.settings import Wire
from custom_components.sensorchain.ledgers.iota.transaction import written
from custom_components.sensorchain.ledgers.ledger import (
    LedgerError,
    LedgerRejectedError,
    LedgerUnavailableError,
    Reason,
)

from .wires import (
    ASKS,
    EXPECTED,
    FIRST,
    KEY,
    KIND,
    OBJECT,
    SECOND,
    Always,
    asking,
    at_once,
    client,
    no,
    node,
    said,
)

RPC = Wire.JSON_RPC


def answering(result: Any) -> IotaClient:
    """Return a client of a node that always answers the same."""
    answer = {"jsonrpc": "2.0", "id": 1, "result": result}
    return client(RPC, Always(json.dumps(answer).encode()))


def refusing(message: object, code: object = None, status: int = 200) -> IotaClient:
    """Return a client of a node that always says no."""
    return client(RPC, Always(no(RPC, message, code), status))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (-32600, LedgerRejectedError),
        (-32601, LedgerRejectedError),
        (-32602, LedgerRejectedError),
        (-32002, LedgerRejectedError),
        (-32603, LedgerUnavailableError),
        (-32050, LedgerUnavailableError),
        ("-32601", LedgerUnavailableError),
    ],
)
def test_codes(code: object, kind: type[LedgerError]) -> None:
    """The same question again is of no use where the node does not understand it."""
    with pytest.raises(LedgerError) as raised:
        at_once(refusing("no", code).epoch())
    assert type(raised.value) is kind


def test_error_of_any_form() -> None:
    """It is one, whatever the status of HTTP."""
    errors: list[Any] = ["no", 7, {"code": 7}, []]
    for error in errors:
        asked = client(RPC, Always(json.dumps({"error": error}).encode(), 500))
        with pytest.raises(LedgerUnavailableError) as raised:
            at_once(asked.chain())
        assert raised.value.reason is Reason.NODE_ERROR


@pytest.mark.parametrize(
    "message",
    [
        "Could not find the referenced transaction [TransactionDigest(4vJ9JU1b)].",
        "Could not find the referenced transaction [4vJ9JU1b]",
        "Invalid argument with error: `Transaction 4vJ9JU1b not found`",
    ],
)
def test_transaction_that_is_not_known(message: str) -> None:
    """A node and an indexer say so in words of their own."""
    asked = refusing(message, -32602)
    assert at_once(asked.executed(FIRST.digest)) is None
    with pytest.raises(LedgerError):
        at_once(asked.sent(KEY.address))


def test_transaction_that_is_not_told() -> None:
    """Any other refusal does not say that there is none."""
    with pytest.raises(LedgerRejectedError):
        at_once(refusing("Invalid params", -32602).executed(FIRST.digest))


@pytest.mark.parametrize("code", ["notExists", "deleted"])
def test_object_that_is_not_there(code: str) -> None:
    """The error is in the result."""
    asked = answering({"error": {"code": code, "object_id": written(OBJECT.object_id)}})
    assert at_once(asked.object(OBJECT.object_id)) is None
    assert at_once(asked.entry(OBJECT.object_id, 7)) is None


def test_object_that_is_not_told() -> None:
    """Any other error does not say that there is none."""
    with pytest.raises(LedgerUnavailableError) as raised:
        at_once(answering({"error": {"code": "unknown"}}).object(OBJECT.object_id))
    assert raised.value.reason is Reason.NODE_ERROR


def test_package_is_no_object() -> None:
    """Nor is it asked for."""
    given = said(RPC)
    given["iota_getObject"]["data"]["bcs"] = {"dataType": "package", "id": "0x2"}
    assert at_once(node(RPC, given).object(OBJECT.object_id)) is None


@pytest.mark.parametrize(
    ("owner", "version"),
    [
        ("Immutable", None),
        ({"AddressOwner": written(KEY.address)}, None),
        ({"ObjectOwner": written(KEY.address)}, None),
        ({"Shared": {"initial_shared_version": "5"}}, 5),
    ],
)
def test_owners(owner: Any, version: int | None) -> None:
    """The version is a number, or a text."""
    given = said(RPC)
    given["iota_getObject"]["data"]["owner"] = owner
    found = at_once(node(RPC, given).object(OBJECT.object_id))
    assert found
    assert found.initial_version == version


def test_failed_without_a_reason() -> None:
    """It has failed all the same."""
    given = said(RPC)
    given["iota_dryRunTransactionBlock"]["effects"]["status"] = {"status": "failure"}
    found = at_once(node(RPC, given).dry_run(FIRST.to_bytes()))
    expected = EXPECTED["dry_run"]
    assert found == Effects("no reason is given", expected.fee, expected.gas)


def test_effects_are_those_of_what_was_sent() -> None:
    """Those of another transaction say nothing of this one."""
    given = said(RPC)
    given["iota_executeTransactionBlock"]["digest"] = SECOND.digest
    with pytest.raises(LedgerUnavailableError):
        at_once(node(RPC, given).execute(FIRST.to_bytes(), []))


def test_last_part() -> None:
    """A node tells the last transaction even where there is no more."""
    given = said(RPC)
    given["iotax_queryTransactionBlocks"] |= {"hasNextPage": False}
    assert at_once(node(RPC, given).sent(KEY.address)).cursor is None


def test_questions() -> None:
    """Parameters are in their places (openrpc.json)."""
    asked, questions = asking(RPC)
    for name in ("owned", "coins", "execute", "sent"):
        at_once(ASKS[name](asked))
    address = written(KEY.address)
    owned, coins, execute, sent = [each["params"] for each in questions]
    assert owned[0] == address
    assert owned[1]["filter"] == {"StructType": KIND}
    assert owned[2:] == [None, 50]
    assert coins == [address, None, None, 50]
    assert execute[2:] == [{"showEffects": True}, "WaitForEffectsCert"]
    assert sent[0]["filter"] == {"FromAddress": address}
    assert sent[1:] == ["newer", 50, True]
