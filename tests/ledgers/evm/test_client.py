"""What a client makes of nodes that are none, refuse, or misbehave."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from aiohttp import web
import pytest

from custom_components.sensorchain.ledgers.evm.client import MAX_ANSWER, EvmClient
from custom_components.sensorchain.ledgers.evm.complaints import Sending
from custom_components.sensorchain.ledgers.evm.errors import MalformedTransactionError
from custom_components.sensorchain.ledgers.evm.transaction import (
    SignedTransaction,
    Transaction,
)
from custom_components.sensorchain.ledgers.http import Transport
from custom_components.sensorchain.ledgers.ledger import (
    LedgerError,
    LedgerRejectedError,
    LedgerUnavailableError,
    Reason,
)
from tests.ledgers.conftest import Handler, Serve, transport

from .conftest import ACCOUNT_KEY

__all__ = ["transport"]

HASH = f"0x{'ab' * 32}"
BLOCK = {"number": "0x7", "hash": HASH, "timestamp": "0x6a000000"}

SIGNED: SignedTransaction = Transaction(
    chain_id=5,
    nonce=1,
    price=10,
    tip=1,
    gas=30_000,
    to=ACCOUNT_KEY.address,
    data=b"sensorchain/v1\n{}",
).signed(ACCOUNT_KEY)

TOLD: dict[str, Any] = {
    "type": "0x2",
    "chainId": "0x5",
    "nonce": "0x1",
    "maxFeePerGas": "0xa",
    "maxPriorityFeePerGas": "0x1",
    "gas": "0x7530",
    "to": f"0x{ACCOUNT_KEY.address.hex()}",
    "value": "0x0",
    "input": f"0x{SIGNED.transaction.data.hex()}",
    "accessList": [],
    "r": hex(SIGNED.signature.r),
    "s": hex(SIGNED.signature.s),
    "v": hex(SIGNED.signature.parity),
    "hash": SIGNED.hash,
}


def answering(body: str | bytes, status: int = 200) -> Handler:
    """Return a handler that always answers the same."""

    async def handler(_request: web.Request) -> web.Response:
        data = body if isinstance(body, bytes) else body.encode()
        return web.Response(body=data, status=status)

    return handler


def saying(result: Any) -> Handler:
    """Return a handler that always answers the same result."""

    async def handler(_request: web.Request) -> web.Response:
        return web.json_response({"jsonrpc": "2.0", "id": 1, "result": result})

    return handler


def refusing(message: str, code: int = -32000, status: int = 200) -> Handler:
    """Return a handler that always says no."""

    async def handler(_request: web.Request) -> web.Response:
        error = {"code": code, "message": message}
        return web.json_response(
            {"jsonrpc": "2.0", "id": 1, "error": error}, status=status
        )

    return handler


async def client_of(transport: Transport, serve: Serve, handler: Handler) -> EvmClient:
    """Return a client of a node that answers as it likes."""
    return EvmClient(transport, await serve(handler), timeout=timedelta(minutes=1))


type Ask = Callable[[EvmClient], Awaitable[object]]

ASKS: dict[str, Ask] = {
    "chain_id": lambda client: client.chain_id(),
    "block": lambda client: client.block("latest"),
    "count": lambda client: client.count(ACCOUNT_KEY.account, 5),
    "base_fee": lambda client: client.base_fee(),
    "send": lambda client: client.send(SIGNED),
    "receipt": lambda client: client.receipt(HASH),
    "transactions_to": lambda client: client.transactions_to(ACCOUNT_KEY.account, 7),
}

GARBAGE = [
    answering("<html><body>It works!</body></html>"),
    answering("<html>Not Found</html>", 404),
    answering(""),
    answering("{"),
    answering(b"\xff\xfe\x00"),
    answering("[" * 100_000),
    answering('{"jsonrpc":"2.0","id":1}'),
    answering("[]"),
    saying("0x"),
    saying("7"),
    saying("0x-7"),
    saying(7),
    saying(True),
    saying([]),
    saying({}),
    saying({**BLOCK, "number": None, "hash": "0xab"}),
    saying({"baseFeePerGas": {"0": "0x1"}, "transactions": {"0": TOLD}}),
    saying(f"0x{'f' * 65}"),
    saying("0x" + "f" * 10_000),
]


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
async def test_what_is_not_a_node(transport: Transport, serve: Serve, ask: Ask) -> None:
    """HTML, garbage, and JSON of something else are told from a node's answer."""
    for handler in GARBAGE:
        client = await client_of(transport, serve, handler)
        with pytest.raises(LedgerUnavailableError) as raised:
            await ask(client)
        assert raised.value.reason is Reason.NOT_A_NODE


async def test_too_much(transport: Transport, serve: Serve) -> None:
    """An answer is read no further than it may be long."""
    client = await client_of(transport, serve, answering(b" " * (MAX_ANSWER + 1)))
    with pytest.raises(LedgerUnavailableError) as raised:
        await client.chain_id()
    assert raised.value.reason is Reason.ANSWER_TOO_LARGE


async def test_token_is_not_told(transport: Transport, serve: Serve) -> None:
    """Neither a password nor what a provider puts into the path is in an error."""
    url = await serve(refusing("no"))
    url = url.replace("http://", "http://me:SECRET@") + "/v3/SECRET?key=SECRET"
    with pytest.raises(LedgerError) as raised:
        await EvmClient(transport, url).chain_id()
    assert "SECRET" not in str(raised.value)


@pytest.mark.parametrize(
    ("handler", "kind", "reason"),
    [
        (answering("slow down", 429), LedgerUnavailableError, Reason.RATE_LIMITED),
        (refusing("daily quota", -32005), LedgerUnavailableError, Reason.RATE_LIMITED),
        (
            refusing("rate limit exceeded", -32016),
            LedgerUnavailableError,
            Reason.RATE_LIMITED,
        ),
        (
            refusing("Too Many Requests", 429, 429),
            LedgerUnavailableError,
            Reason.RATE_LIMITED,
        ),
        (
            refusing("over compute units per second capacity", 429),
            LedgerUnavailableError,
            Reason.RATE_LIMITED,
        ),
        (answering("bad gateway", 502), LedgerUnavailableError, Reason.NODE_ERROR),
        (answering("<html>blocked", 403), LedgerUnavailableError, Reason.NODE_ERROR),
        (refusing("Internal error", -32603), LedgerUnavailableError, Reason.NODE_ERROR),
        (refusing("request timed out"), LedgerUnavailableError, Reason.NODE_ERROR),
        (refusing("missing trie node ab"), LedgerUnavailableError, Reason.UNSEARCHABLE),
        (
            refusing(
                "BlockOutOfRangeError: block height is 3 but requested was 1", -32602
            ),
            LedgerUnavailableError,
            Reason.UNSEARCHABLE,
        ),
        (
            refusing("invalid project id", -32002, 401),
            LedgerRejectedError,
            Reason.REJECTED,
        ),
        (
            refusing("the method is not available", -32601),
            LedgerRejectedError,
            Reason.REJECTED,
        ),
    ],
)
async def test_refusals(
    transport: Transport,
    serve: Serve,
    handler: Handler,
    kind: type[LedgerError],
    reason: Reason,
) -> None:
    """Being asked too often, faults and refusals are told apart."""
    client = await client_of(transport, serve, handler)
    with pytest.raises(LedgerError) as raised:
        await client.chain_id()
    assert type(raised.value) is kind
    assert raised.value.reason is reason


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (refusing("the method is not available", -32601), Reason.REJECTED),
        (refusing("slow down", 429), Reason.RATE_LIMITED),
    ],
)
async def test_no_final_block_and_no_answer_are_told_apart(
    transport: Transport, serve: Serve, handler: Handler, reason: Reason
) -> None:
    """A refusal does not say that nothing is final yet."""
    client = await client_of(transport, serve, handler)
    with pytest.raises(LedgerError) as raised:
        await client.block("finalized")
    assert raised.value.reason is reason


@pytest.mark.parametrize(
    ("message", "sending"),
    [
        ("nonce too low", Sending.NONCE_TAKEN),
        ("nonce too low: next nonce 5, tx nonce 4", Sending.NONCE_TAKEN),
        ("Nonce is too low", Sending.NONCE_TAKEN),
        ("OldNonce, Current nonce: 5, nonce of rejected tx: 4", Sending.NONCE_TAKEN),
        ("already known", Sending.KNOWN),
        ("AlreadyKnown", Sending.KNOWN),
        ("known transaction: 0xabcd", Sending.KNOWN),
        ("transaction already imported", Sending.KNOWN),
        ("replacement transaction underpriced", Sending.OCCUPIED),
        ("could not replace existing tx", Sending.OCCUPIED),
        ("ReplacementNotAllowed", Sending.OCCUPIED),
        ("transaction underpriced", Sending.UNDERPRICED),
        (
            "max fee per gas less than block base fee: address 0x, maxFeePerGas: 1",
            Sending.UNDERPRICED,
        ),
        ("FeeTooLow, MaxFeePerGas too low", Sending.UNDERPRICED),
    ],
)
async def test_words_about_a_transaction(
    transport: Transport, serve: Serve, message: str, sending: Sending
) -> None:
    """Every maker of nodes has words of its own."""
    client = await client_of(transport, serve, refusing(message))
    assert await client.send(SIGNED) is sending


@pytest.mark.parametrize(
    ("message", "kind", "reason"),
    [
        (
            "insufficient funds for gas * price + value",
            LedgerRejectedError,
            Reason.INSUFFICIENT_FUNDS,
        ),
        (
            "InsufficientFunds, Balance is zero",
            LedgerRejectedError,
            Reason.INSUFFICIENT_FUNDS,
        ),
        ("invalid chain id for signer", LedgerRejectedError, Reason.WRONG_NETWORK),
        ("oversized data", LedgerRejectedError, Reason.TOO_LARGE),
        ("txpool is full", LedgerUnavailableError, Reason.NODE_ERROR),
        ("something else", LedgerRejectedError, Reason.REJECTED),
    ],
)
async def test_errors_about_a_transaction(
    transport: Transport,
    serve: Serve,
    message: str,
    kind: type[LedgerError],
    reason: Reason,
) -> None:
    """What a person must mend is told from what passes."""
    client = await client_of(transport, serve, refusing(message))
    with pytest.raises(LedgerError) as raised:
        await client.send(SIGNED)
    assert type(raised.value) is kind
    assert raised.value.reason is reason


async def test_transaction_is_computed_again(
    transport: Transport, serve: Serve
) -> None:
    """From its fields, whatever hash the node tells."""
    client = await client_of(transport, serve, saying(TOLD))
    assert await client.transaction(SIGNED.hash) == SIGNED
    with pytest.raises(LedgerUnavailableError):
        await client.transaction(HASH)
    for field in ("nonce", "gas", "value", "maxFeePerGas", "chainId"):
        client = await client_of(transport, serve, saying({**TOLD, field: "0x77"}))
        with pytest.raises(LedgerUnavailableError):
            await client.transaction(SIGNED.hash)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "0x3"},
        {"to": None},
        {"accessList": [{"address": HASH, "storageKeys": []}]},
        {"type": "0x0", "gasPrice": "0x1", "v": "0x1b"},
        {"s": f"0x{'f' * 64}"},
        {"r": "0x0"},
    ],
)
async def test_transaction_of_another_form(
    transport: Transport, serve: Serve, changes: dict[str, Any]
) -> None:
    """It is no anchor."""
    client = await client_of(transport, serve, saying({**TOLD, **changes}))
    with pytest.raises(MalformedTransactionError):
        await client.transaction(SIGNED.hash)


async def test_transactions_of_a_block(transport: Transport, serve: Serve) -> None:
    """Those to the account that are what they say; a block holds everybody's."""
    others = [
        {**TOLD, "to": HASH[:42]},
        {**TOLD, "hash": HASH},
        {**TOLD, "type": "0x4"},
        {**TOLD, "nonce": None},
        {"to": None},
    ]
    block = {**BLOCK, "transactions": [*others, TOLD]}
    client = await client_of(transport, serve, saying(block))
    assert await client.transactions_to(ACCOUNT_KEY.account, 7) == [SIGNED]


async def test_what_is_not_there(transport: Transport, serve: Serve) -> None:
    """A node says null; of a final block that it does not know yet, some say so in words."""
    client = await client_of(transport, serve, saying(None))
    assert await client.receipt(HASH) is None
    assert await client.transaction(HASH) is None
    assert await client.block(7) is None
    assert not await client.knows(HASH)
    client = await client_of(transport, serve, refusing("finalized block not found"))
    assert await client.block("finalized") is None


async def test_share_of_a_rollup(transport: Transport, serve: Serve) -> None:
    """What a rollup pays for the data is paid beside the gas."""
    receipt = {
        "transactionHash": HASH,
        "blockNumber": "0x7",
        "blockHash": HASH,
        "status": "0x1",
        "gasUsed": "0x64",
        "effectiveGasPrice": "0xa",
        "l1Fee": "0x5",
    }
    client = await client_of(transport, serve, saying(receipt))
    found = await client.receipt(HASH)
    assert found
    assert found.fee == 1005
    del receipt["effectiveGasPrice"]
    found = await client.receipt(HASH)
    assert found
    assert found.fee is None
    assert await client.receipt(HASH.replace("a", "c")) is None
