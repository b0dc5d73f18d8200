"""What both clients make of nodes: of answers, of refusals, and of what is no node."""

from contextlib import suppress
import json
from typing import Any

from hypothesis import given, settings, strategies as st
import iota_sdk as sdk
import pytest

from custom_components.sensorchain.ledgers.http import Transport
from custom_components.sensorchain.ledgers.iota.answers import kind as canonical
from custom_components.sensorchain.ledgers.iota.client import (
    Included,
    LockedError,
    OutOfGasError,
    PriceError,
    StaleError,
)
from custom_components.sensorchain.ledgers.iota.errors import MalformedTransactionError
from custom_components.sensorchain.ledgers.iota.settings import Wire
from custom_components.sensorchain.ledgers.iota.tables import entry_id, entry_value
from custom_components.sensorchain.ledgers.iota.transaction import Transaction, written
from custom_components.sensorchain.ledgers.iota.wire import MAX_ANSWER
from custom_components.sensorchain.ledgers.ledger import (
    LedgerError,
    LedgerRejectedError,
    LedgerUnavailableError,
    Reason,
)
from tests.ledgers.conftest import Serve, transport

from .wires import (
    ASKS,
    ENTRY,
    EXPECTED,
    FIRST,
    KEY,
    KIND,
    OBJECT,
    SECOND,
    TABLE,
    TIME,
    Always,
    Ask,
    answering,
    at_once,
    client,
    no,
    node,
    said,
    signed,
)

__all__ = ["transport"]

wires = pytest.mark.parametrize("wire", Wire)
asks = pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)


@wires
@pytest.mark.parametrize("name", ASKS)
def test_answers(wire: Wire, name: str) -> None:
    """The same, whichever way it is asked."""
    assert at_once(ASKS[name](node(wire))) == EXPECTED[name]


GARBAGE = [
    b"<html><body>It works!</body></html>",
    b"",
    b"{",
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"jsonrpc":"2.0","id":1}',
    b'{"data":null}',
    b'{"data":[]}',
    b"[]",
    b"7",
    b'{"result":%s}' % (b"9" * 5000),
    b'{"result":NaN,"data":NaN}',
    b'{"result":{},"data":{}}',
    b'{"errors":[],"data":{},"result":[]}',
]


@wires
@asks
@pytest.mark.parametrize("body", GARBAGE)
def test_what_is_not_a_node(wire: Wire, ask: Ask, body: bytes) -> None:
    """HTML, garbage, and JSON of something else are told from a node's answer."""
    with pytest.raises(LedgerUnavailableError) as raised:
        at_once(ask(client(wire, Always(body))))
    assert raised.value.reason is Reason.NOT_A_NODE


@wires
async def test_over_http(wire: Wire, transport: Transport, serve: Serve) -> None:
    """Over both transports; an answer is read no further than it may be long."""
    url = await serve(answering(b" " * (MAX_ANSWER + 1)))
    with pytest.raises(LedgerUnavailableError) as raised:
        await client(wire, transport, url).chain()
    assert raised.value.reason is Reason.ANSWER_TOO_LARGE
    url = await serve(answering(b"<html>", 404))
    with pytest.raises(LedgerUnavailableError) as raised:
        await client(wire, transport, url).chain()
    assert raised.value.reason is Reason.NOT_A_NODE
    url = await serve(answering(no(wire, "Too many requests")))
    with pytest.raises(LedgerUnavailableError) as raised:
        await client(wire, transport, url).chain()
    assert raised.value.reason is Reason.RATE_LIMITED


@wires
async def test_nobody_is_there(wire: Wire, transport: Transport, dead_url: str) -> None:
    """It may come back."""
    with pytest.raises(LedgerUnavailableError) as raised:
        await client(wire, transport, dead_url).chain()
    assert raised.value.reason is Reason.CANNOT_CONNECT


@wires
@asks
def test_token_is_not_told(wire: Wire, ask: Ask) -> None:
    """Neither a password nor what a provider puts into the path is in an error."""
    url = "https://me:SECRET@node.example/v3/SECRET?key=SECRET"
    for body in (no(wire, "no"), b"{}"):
        asked = client(wire, Always(body), url)
        with pytest.raises(LedgerError) as raised:
            at_once(ask(asked))
        assert str(raised.value).startswith("The node https://node.example ")
        assert "SECRET" not in str(raised.value)
        assert asked.url == "https://node.example"


@wires
@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (429, Reason.RATE_LIMITED),
        (502, Reason.NODE_ERROR),
        (503, Reason.NODE_ERROR),
        (403, Reason.NODE_ERROR),
        (408, Reason.NODE_ERROR),
        (404, Reason.NOT_A_NODE),
        (301, Reason.NOT_A_NODE),
        (413, Reason.TOO_LARGE),
    ],
)
def test_status(wire: Wire, status: int, reason: Reason) -> None:
    """Being asked too often, and faults, are told from what is no node."""
    with pytest.raises(LedgerError) as raised:
        at_once(client(wire, Always(b"<html>", status)).chain())
    assert raised.value.reason is reason


LOCKED = [
    (
        "Failed to sign transaction by a quorum of validators because one or more of its "
        "objects is reserved for another transaction. Other transactions locking these "
        "objects:\n- 4vJ9JU1bJJE96FWSJKvHsmmFADCg4gpZQff4P3bkLKi (stake 80.0)"
    ),
    (
        "Failed to sign transaction by a quorum of validators because one or more of its "
        "objects is equivocated until the next epoch. Other transactions locking these "
        "objects:\n- 8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR (stake 40.0)"
    ),
    (
        "Failed to sign transaction by a quorum of validators because of locked objects: "
        "{TransactionDigest(4vJ9JU1b): ([], 5000)}, retried a conflicting transaction None"
    ),
    (
        "Internal error occurred while processing request: Unable to execute transaction: "
        "Transaction is rejected as invalid by more than 1/3 of validators by stake "
        "(non-retriable). Non-retriable errors: [Object (0x65, 7, o#4vJ9) already locked by "
        "a different transaction: 8qbHbw2B { k#a1 } with 7000 stake]."
    ),
]
STALE = [
    (
        "Transaction execution failed due to issues with transaction inputs, please review "
        "the errors and try again:\n- Object ID 0x65 Version 7 Digest 4vJ9JU1b is not "
        "available for consumption, current version: 9"
    ),
    (
        "- Object (0x65, SequenceNumber(7), o#4vJ9JU1b) is not available for consumption, "
        "its current version: SequenceNumber(9)"
    ),
    (
        "Transaction has non recoverable errors from at least 1/3 of validators: [(UserInput "
        "{ error: ObjectVersionUnavailableForConsumption { provided_obj_ref: (0x65, "
        "SequenceNumber(7), o#4vJ9JU1b), current_version: SequenceNumber(9) } }, 7500, [])]."
    ),
    (
        "Transaction is rejected as invalid by more than 1/3 of validators by stake "
        "(non-retriable). Non-retriable errors: [Object ID 0x65 Version 7 Digest 4vJ9 is not "
        "available for consumption, current version: 7 { k#a1 } with 10 stake; Object ID 0x66 "
        "Version 7 Digest 4vJ9 is not available for consumption, current version: 9 { k#a2 } "
        "with 8000 stake]."
    ),
    "Object deleted at reference (0x65, SequenceNumber(7), o#4vJ9JU1b)",
    "Transaction Expired",
    "Invalid Object digest for object 0x65. Expected digest : 4vJ9JU1b",
]
BEHIND = [
    (
        "Object ID 0x65 Version 7 Digest 4vJ9JU1b is not available for consumption, current "
        "version: 5"
    ),
    "Could not find the referenced object 0x65 at version Some(SequenceNumber(7))",
    (
        "Could not find the referenced object 0x65 as the asked version 7 is higher than the "
        "latest 5"
    ),
    "Dependent package not found on-chain: 0x65",
]
GONE = [
    "Could not find the referenced object 0x65 at version None",
    "[(UserInput { error: ObjectNotFound { object_id: 0x65, version: None } }, 7500, [])]",
]
SMALL = [
    "Gas budget: 999999 is lower than min: 1000000",
    "[(UserInput { error: GasBudgetTooLow { gas_budget: 1, min_budget: 1000000 } }, 1, [])]",
]
POOR = [
    "Balance of gas object 10 is lower than the needed amount: 1000000",
    "Gas object does not have enough balance to cover minimal gas spend",
    "UserInput { error: GasBalanceTooLow { gas_balance: 10, needed_gas_amount: 1000 } }",
]
CHEAP = [
    "Gas price 10 under reference gas price (RGP) 1000",
    "Error checking transaction input objects: GasPriceUnderRGP { gas_price: 10, rgp: 9 }",
]
LARGE = [
    "Size limit exceeded: serialized transaction size exceeded maximum is 131072",
    "Query payload is too large. The maximum allowed is 5000 bytes",
    "Exceeded max limit of 131072",
]
OLD = [
    "Requesting data at checkpoint 7, outside the available range",
    "Required indexes are not available on this node",
    "Index store not available on this Fullnode.",
]
BUSY = [
    "Transaction timed out before reaching finality",
    "Transaction is already finalized but with different user signatures",
    "Transaction processing aborted (retriable with another submission).",
    (
        "Transaction TransactionDigest(4vJ9JU1b) was recently submitted; duplicate "
        "resubmission suppressed"
    ),
    "Signature is not valid, but a retry may result in a valid one: no committee",
    "Internal error occurred while executing transaction.",
    "Validator temporarily stopped processing transactions due to epoch change",
    "There are too many transactions pending in consensus",
    "",
]
REFUSED = [
    "Invalid user signature: Signature is not valid: Test",
    "Transaction is denied: the sender",
    "Gas budget: 60000000000 is higher than max: 50000000000",
    "Gas price cannot exceed 100000 nanos",
]
LIMITED = ["Too many requests", "Rate limit exceeded", "Your monthly quota is used up"]

MEANINGS = [
    (LIMITED, LedgerUnavailableError, Reason.RATE_LIMITED),
    (LOCKED, LockedError, Reason.NODE_ERROR),
    (STALE, StaleError, Reason.REJECTED),
    (BEHIND, LedgerUnavailableError, Reason.OUT_OF_SYNC),
    (SMALL, OutOfGasError, Reason.FEES_TOO_HIGH),
    (POOR, OutOfGasError, Reason.INSUFFICIENT_FUNDS),
    (CHEAP, PriceError, Reason.FEES_TOO_HIGH),
    (LARGE, LedgerRejectedError, Reason.TOO_LARGE),
    (OLD, LedgerUnavailableError, Reason.UNSEARCHABLE),
    (BUSY, LedgerUnavailableError, Reason.NODE_ERROR),
    (REFUSED, LedgerRejectedError, Reason.REJECTED),
]
"""Texts of nodes, and what they stand for."""


@wires
@pytest.mark.parametrize("name", ["dry_run", "execute"])
@pytest.mark.parametrize(
    ("message", "kind", "reason"),
    [(text, kind, reason) for texts, kind, reason in MEANINGS for text in texts],
)
def test_words(
    wire: Wire, name: str, message: str, kind: type[LedgerError], reason: Reason
) -> None:
    """What a transaction waits for is told from what it will never be."""
    with pytest.raises(LedgerError) as raised:
        at_once(ASKS[name](client(wire, Always(no(wire, message)))))
    assert type(raised.value) is kind
    assert raised.value.reason is reason
    assert str(raised.value).isprintable()


@wires
@pytest.mark.parametrize("message", GONE)
def test_what_is_gone(wire: Wire, message: str) -> None:
    """One node alone may not know it yet; that validators say so tells that it is gone."""
    asked = client(wire, Always(no(wire, message)))
    with pytest.raises(StaleError):
        at_once(asked.execute(FIRST.to_bytes(), []))
    with pytest.raises(LedgerUnavailableError) as raised:
        at_once(asked.dry_run(FIRST.to_bytes()))
    assert raised.value.reason is Reason.OUT_OF_SYNC


@wires
@asks
def test_long_complaint(wire: Wire, ask: Ask) -> None:
    """It is cut; what does not say why is an error all the same."""
    for message in ("x" * 100_000, None, 7):
        with pytest.raises(LedgerUnavailableError) as raised:
            at_once(ask(client(wire, Always(no(wire, message)))))
        assert raised.value.reason is Reason.NODE_ERROR
        assert len(str(raised.value)) < 300


@wires
@pytest.mark.parametrize(
    "changed",
    [
        Transaction(FIRST.program, FIRST.sender, FIRST.gas, 43).to_bytes(),
        SECOND.to_bytes(),
    ],
)
def test_transaction_is_hashed_again(wire: Wire, changed: bytes) -> None:
    """Whatever digest the node tells."""
    name, field = _bytes_of(wire)
    given = said(wire)
    given[name][field] = signed(changed)
    with pytest.raises(LedgerUnavailableError) as raised:
        at_once(node(wire, given).executed(FIRST.digest))
    assert raised.value.reason is Reason.NOT_A_NODE


def _bytes_of(wire: Wire) -> tuple[str, str]:
    """Return where a transaction's bytes are."""
    if wire is Wire.GRAPHQL:
        return "transactionBlock", "bcs"
    return "iota_getTransactionBlock", "rawTransaction"


@wires
@pytest.mark.parametrize(
    "form",
    [
        b"\0\1",
        b"\1",
        b"",
        FIRST.to_bytes() + b"\0",
        b"\0\0\0\1\0" + bytes(32) + b"a" + b"\1" + b"\6" * 100_000,
        b"\0\0\0\1\0" + bytes(32) + b"\1a\1a\1" + b"\6" * 100_000,
    ],
)
def test_transaction_of_another_form(wire: Wire, form: bytes) -> None:
    """It is no anchor; among others it is left out."""
    name, field = _bytes_of(wire)
    given = said(wire)
    given[name][field] = signed(form)
    with pytest.raises(MalformedTransactionError):
        at_once(node(wire, given).executed(FIRST.digest))
    page = "address.transactionBlocks", "nodes"
    if wire is Wire.JSON_RPC:
        page = "iotax_queryTransactionBlocks", "data"
    for each in given[page[0]][page[1]]:
        if each["digest"] == FIRST.digest:
            each[field] = signed(form)
    sent = at_once(node(wire, given).sent(KEY.address))
    assert [each.transaction for each in sent.transactions] == [SECOND]
    assert sent.cursor == "older"


@wires
def test_what_somebody_else_sent(wire: Wire) -> None:
    """What an address has only paid for is not its own."""
    sent = at_once(node(wire).sent(SECOND.gas.owner))
    assert sent.transactions == ()


@wires
def test_not_in_a_checkpoint_yet(wire: Wire) -> None:
    """Neither its number nor its time is there."""
    given = said(wire)
    if wire is Wire.GRAPHQL:
        given["transactionBlock"]["effects"]["checkpoint"] = None
    else:
        del given["iota_getTransactionBlock"]["checkpoint"]
        given["iota_getTransactionBlock"]["timestampMs"] = None
    found = at_once(node(wire, given).executed(FIRST.digest))
    assert found
    assert found.included is None
    found = at_once(node(wire).executed(FIRST.digest))
    assert found
    assert found.included == Included(1234, TIME)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("u64", "u64"),
        ("0x2::coin::Coin<0x2::iota::IOTA>", "{2}::coin::Coin<{2}::iota::IOTA>"),
        ("0xAB::m::T<u8,vector<0x1::a::b>>", "{ab}::m::T<u8, vector<{1}::a::b>>"),
    ],
)
def test_kinds(short: str, long: str) -> None:
    """However a node writes it."""
    whole = long.replace("{2}", f"0x{2:064x}").replace("{1}", f"0x{1:064x}")
    whole = whole.replace("{ab}", f"0x{0xAB:064x}")
    assert canonical(short) == whole
    assert canonical(whole) == whole


def test_official_kinds() -> None:
    """The library writes them long and short."""
    coin = sdk.TypeTag.new_struct(sdk.StructTag.new_gas_coin())
    assert canonical(coin.to_display_string()) == canonical(
        coin.to_canonical_string(True)
    )
    assert canonical(KIND) == KIND


@settings(deadline=None)
@given(
    st.binary(min_size=32, max_size=32),
    st.integers(0, 2**64 - 1),
    st.binary(max_size=9),
)
def test_official_entries(table: bytes, number: int, value: bytes) -> None:
    """The library derives the same ids."""
    key = number.to_bytes(8, "little")
    parent = sdk.ObjectId.from_bytes(table)
    derived = parent.derive_dynamic_child_id(sdk.TypeTag.new_u64(), key)
    assert entry_id(table, number) == derived.to_bytes()
    contents = entry_id(table, number) + key + value
    assert entry_value(table, number, contents) == value


@wires
def test_entry_of_another_table(wire: Wire) -> None:
    """An object is what was asked for, and so is an entry."""
    asked = node(wire, mixed_up(wire))
    for answer in (asked.object(OBJECT.object_id), asked.entry(TABLE, 3)):
        with pytest.raises(LedgerUnavailableError) as raised:
            at_once(answer)
        assert raised.value.reason is Reason.NOT_A_NODE


def mixed_up(wire: Wire) -> dict[str, Any]:
    """Return what a node says that gives one object for the other, and a key for another."""
    given = said(wire)
    if wire is Wire.GRAPHQL:
        own, entry = given.pop("object"), given[f"object {written(ENTRY.object_id)}"]
        contents = entry["asMoveObject"]["contents"]
        contents["bcs"] = own["asMoveObject"]["contents"]["bcs"]
        return given | {"object": entry}
    name = "iota_getObject"
    own, entry = given.pop(name), given[f"{name} {written(ENTRY.object_id)}"]
    entry["data"]["bcs"]["bcsBytes"] = own["data"]["bcs"]["bcsBytes"]
    return given | {name: entry}


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["0x2", "SUCCESS", "9" * 40, "AAAA", "2026-99-01T00:00:00Z"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner)
    ),
    max_leaves=6,
)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Return every place in a JSON value: what it is in, and its key there."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    found = [(value, key) for key in keys]
    for key in keys:
        if isinstance(value[key], dict | list):
            found += _places(value[key])
    return found


@wires
@asks
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_odd_answers(wire: Wire, ask: Ask, data: st.DataObject) -> None:
    """No answer, however odd, ends in anything but an answer or an error of the ledger."""
    given = said(wire)
    for _ in range(data.draw(st.integers(1, 3))):
        where, key = data.draw(st.sampled_from(_places(given)))
        if where is not given and data.draw(st.booleans()) and key in where:
            del where[key]
        else:
            where[key] = data.draw(_JSON)
    with suppress(LedgerError, MalformedTransactionError):
        at_once(ask(node(wire, given)))


@wires
@asks
@settings(deadline=None, max_examples=60)
@given(
    body=_JSON.map(json.dumps).map(str.encode) | st.binary(), status=st.integers(100)
)
def test_odd_bodies(wire: Wire, ask: Ask, body: bytes, status: int) -> None:
    """Neither does a body that is no answer at all."""
    with pytest.raises(LedgerError):
        at_once(ask(client(wire, Always(body, status))))


@wires
def test_time_that_cannot_be(wire: Wire) -> None:
    """A day that is in no calendar, a year that is in no clock."""
    given = said(wire)
    if wire is Wire.GRAPHQL:
        place = given["transactionBlock"]["effects"]["checkpoint"]
        place["timestamp"] = "2026-02-30T00:00:00Z"
    else:
        given["iota_getTransactionBlock"]["timestampMs"] = str(2**63)
    with pytest.raises(LedgerUnavailableError) as raised:
        at_once(node(wire, given).executed(FIRST.digest))
    assert raised.value.reason is Reason.NOT_A_NODE


G, J = Wire.GRAPHQL, Wire.JSON_RPC

ODD: list[tuple[Wire, str, str, list[Any]]] = [
    (G, "chain", "chainIdentifier", [7, "", "2304AA97", "2304aa97\n", None]),
    (J, "chain", "iota_getChainIdentifier", [7, "", "2304aa9", {}]),
    (G, "epoch", "epoch/epochId", [-1, True, 1.5, "x", 2**64, "9" * 40, None, []]),
    (G, "epoch", "epoch/referenceGasPrice", ["", "-1", " 1", "٣", "1e3", "0x1"]),
    (J, "epoch", "iotax_getReferenceGasPrice", [None, "-1", True, {}]),
    (G, "balance", "address.balance/totalBalance", [str(2**128), []]),
    (J, "balance", "iotax_getBalance/totalBalance", [None, str(2**128)]),
    (G, "coins", "address.coins/nodes", [None, {}, "x", [None]]),
    (G, "coins", "address.coins/nodes/0/address", [7, "65", "0x", f"0x{'1' * 65}"]),
    (G, "coins", "address.coins/nodes/0/digest", [None, "0", "", "1" * 31, "2" * 99]),
    (J, "coins", "iotax_getCoins/data", [None, {}, [7]]),
    (J, "coins", "iotax_getCoins/data/0/coinObjectId", [7, "x"]),
    (G, "object", "object/asMoveObject/contents/bcs", [None, "A", "AA", "AB==", "é"]),
    (J, "object", "iota_getObject/data/bcs/bcsBytes", [7, "AAAA\n", "A-_="]),
    (
        *(G, "object", "object/asMoveObject/contents/type/repr"),
        [None, "", "0x2::a;", "x" * 4097],
    ),
    (J, "object", "iota_getObject/data/bcs/type", [None, "a b\n"]),
    (G, "object", "object/owner", ["x", {"initialSharedVersion": -1}]),
    (J, "object", "iota_getObject/data/owner", ["x", None, {"Shared": 5}]),
    (
        G,
        "dry_run",
        "dryRunTransactionBlock/transaction/effects/status",
        [None, "OK", []],
    ),
    (J, "dry_run", "iota_dryRunTransactionBlock/effects/status/status", ["ok", {}]),
    (
        *(G, "dry_run", "dryRunTransactionBlock/transaction/effects/gasEffects"),
        [None, {"gasSummary": None}],
    ),
    (J, "dry_run", "iota_dryRunTransactionBlock/effects/gasUsed/storageCost", [None]),
    (G, "executed", "transactionBlock/bcs", [None, "", "AQAAAQ==", "AgAAAA=="]),
    (J, "executed", "iota_getTransactionBlock/rawTransaction", [None, [], ""]),
    (
        *(G, "executed", "transactionBlock/effects/checkpoint/timestamp"),
        [None, 7, "2026-11-22", "2026-11-22T17:05:09+01:00", "2026-11-22T17:05:09"],
    ),
    (J, "executed", "iota_getTransactionBlock/timestampMs", ["x", -1, 1.5]),
    (
        G,
        "sent",
        "address.transactionBlocks/pageInfo/hasPreviousPage",
        [None, 1, "true"],
    ),
    (G, "sent", "address.transactionBlocks/nodes/0/digest", [None, "1"]),
    (J, "sent", "iotax_queryTransactionBlocks/hasNextPage", [None, "false"]),
]
"""Questions, a place in what is answered, and what cannot stand there."""


@pytest.mark.parametrize(
    ("wire", "name", "place", "value"),
    [(wire, name, place, each) for wire, name, place, odd in ODD for each in odd],
)
def test_odd_values(wire: Wire, name: str, place: str, value: Any) -> None:
    """Every field is checked."""
    where: Any = said(wire)
    given, (*path, last) = where, place.split("/")
    for step in path:
        where = where[int(step) if step.isdigit() else step]
    where[last] = value
    with pytest.raises(LedgerUnavailableError) as raised:
        at_once(ASKS[name](node(wire, given)))
    assert raised.value.reason is Reason.NOT_A_NODE
