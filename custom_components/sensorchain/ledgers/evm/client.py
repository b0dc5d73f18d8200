"""One node of a chain, over Ethereum's JSON-RPC.

A method is a JSON object that is posted to the node:

    POST /    {"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}
    200       {"jsonrpc": "2.0", "id": 1, "result": "0x2105"}
    200       {"jsonrpc": "2.0", "id": 1, "error": {"code": -32000, "message": "nonce too low"}}

(JSON-RPC 2.0; ethereum/execution-apis; EIP-1474.) Numbers are hexadecimal texts. What a node
answers is data: it is limited in size and time, and every field is checked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
import re
from typing import TypeVar

from ...transparency.jcs import JsonValue
from ..http import Transport
from ..json_server import JsonServer, origin_of
from ..ledger import LedgerError, LedgerRejectedError, Reason
from .complaints import Sending, error_of, sending_of
from .errors import MalformedTransactionError
from .secp256k1 import NoSignatureError, Signature
from .transaction import EIP155, SignedTransaction, Transaction

Value = TypeVar("Value")

MAX_ANSWER = 8 * 1024 * 1024
"""Bytes of an answer: a full block with its transactions."""

TIMEOUT = timedelta(seconds=15)
"""For a whole answer, from connecting to its last byte."""

_QUANTITY = re.compile(r"0x[0-9a-fA-F]{1,64}")
_DATA = re.compile(r"0x(?:[0-9a-fA-F]{2})*")
_HASH_SIZE = 32


@dataclass(frozen=True, slots=True)
class Block:
    """The head of a block."""

    number: int
    hash: str
    time: datetime
    """By the clock of whoever made it, in whole seconds."""


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Where a transaction was included, by its receipt."""

    block: int
    block_hash: str
    is_successful: bool
    fee: int | None
    """Wei that were paid for it, on a rollup with its share of what that pays; None: not told."""


class RpcError(Exception):
    """A node that says no: its code, and its text in one line."""

    def __init__(self, code: int, message: str) -> None:
        """Keep the code beside the text."""
        super().__init__(message)
        self.code = code


class EvmClient(JsonServer):
    """A node's methods. All raise LedgerError, whose text names the node.

    Blocks are named by a number or by "latest", "safe", "finalized", "pending".
    """

    limit = MAX_ANSWER

    def __init__(
        self, transport: Transport, url: str, *, timeout: timedelta = TIMEOUT
    ) -> None:
        """Speak to the node at an http or https URL."""
        super().__init__(transport, url, origin_of(url), timeout)

    async def chain_id(self) -> int:
        """Return the chain's number (EIP-695)."""
        return await self._ask("eth_chainId", _quantity)

    async def block(self, block: int | str) -> Block | None:
        """Return the head of a block, None where there is none, or not yet."""
        try:
            return await self._call(
                "eth_getBlockByNumber", _optional(_block), _named(block), False
            )
        except RpcError as error:
            # Said of the newest final block by nodes that do not know one yet.
            if "not found" in str(error).lower():
                return None
            raise self._complaint(error) from error

    async def transactions_to(
        self, account: str, block: int
    ) -> list[SignedTransaction]:
        """Return the transactions to an account in a block, each hashed again.

        Those of other forms than ours are left out.
        """
        return await self._ask(
            "eth_getBlockByNumber",
            partial(_transactions, account.lower()),
            _named(block),
            True,
        )

    async def count(self, account: str, block: int | str) -> int:
        """Return how many transactions an account had sent at a block."""
        return await self._ask(
            "eth_getTransactionCount", _quantity, account, _named(block)
        )

    async def balance(self, account: str) -> int:
        """Return what an account has, in wei."""
        return await self._ask("eth_getBalance", _quantity, account, "latest")

    async def gas_price(self) -> int:
        """Return what the node proposes to pay for a unit of gas, in wei."""
        return await self._ask("eth_gasPrice", _quantity)

    async def tip(self) -> int:
        """Return what of it the node proposes for whoever makes the block, in wei."""
        return await self._ask("eth_maxPriorityFeePerGas", _quantity)

    async def base_fee(self) -> int:
        """Return the base fee of the block to come, in wei (EIP-1559)."""
        return await self._ask("eth_feeHistory", _next_base_fee, "0x1", "latest", [])

    async def gas(self, account: str, data: bytes) -> int:
        """Return how much gas a transaction to oneself with this data takes."""
        call: dict[str, JsonValue] = {
            "from": account,
            "to": account,
            "data": f"0x{data.hex()}",
        }
        return await self._ask("eth_estimateGas", _quantity, call)

    async def send(self, signed: SignedTransaction) -> Sending:
        """Send a transaction; return what the node makes of it."""
        try:
            await self._call("eth_sendRawTransaction", _hash, f"0x{signed.raw.hex()}")
        except RpcError as error:
            sending = sending_of(str(error))
            if sending is None:
                raise self._complaint(error, is_sending=True) from error
            return sending
        return Sending.TAKEN

    async def receipt(self, transaction: str) -> Inclusion | None:
        """Return where a transaction was included, None while it is not."""
        found = await self._ask(
            "eth_getTransactionReceipt", _optional(_receipt), transaction
        )
        if found is None or found[0] != transaction:
            return None
        return found[1]

    async def transaction(self, transaction: str) -> SignedTransaction | None:
        """Return the transaction of a hash, computed again; None where it is not known.

        Raises MalformedTransactionError for one that is not of our form.
        """
        found = await self._ask(
            "eth_getTransactionByHash", _optional(_transaction), transaction
        )
        if found is not None and found.hash != transaction:
            raise self.nonsense("a transaction that was not asked for")
        return found

    async def knows(self, transaction: str) -> bool:
        """Tell whether a transaction is known, included or not."""
        found = await self._ask(
            "eth_getTransactionByHash", lambda value: value, transaction
        )
        return found is not None

    async def _ask(
        self, method: str, parse: Callable[[JsonValue], Value], *params: JsonValue
    ) -> Value:
        """Return what a node answers to a method; what it says against it is an error."""
        try:
            return await self._call(method, parse, *params)
        except RpcError as error:
            raise self._complaint(error) from error

    async def _call(
        self, method: str, parse: Callable[[JsonValue], Value], *params: JsonValue
    ) -> Value:
        """Return what a node answers to a method; raises RpcError for what it says against it."""
        status, answer = await self.posted(
            {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        )
        result = self._result(status, answer or {})
        try:
            return parse(result)
        except MalformedTransactionError:
            raise
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise self.nonsense(f"{method} as no node does") from error

    def _result(self, status: int, answer: Mapping[str, JsonValue]) -> JsonValue:
        """Return what is in an answer, or raise what it stands for."""
        if status == 429:
            raise self.unavailable(Reason.RATE_LIMITED, "wants to be asked less often")
        if (error := answer.get("error")) is not None:
            raise _rpc_error(status, error)
        if status in {401, 403, 408} or status >= 500:
            problem = f"is overloaded or faulty (HTTP status {status})"
            raise self.unavailable(Reason.NODE_ERROR, problem)
        if status != 200 or "result" not in answer:
            raise self.nonsense("something that is not JSON-RPC")
        return answer["result"]

    def _complaint(self, error: RpcError, *, is_sending: bool = False) -> LedgerError:
        """Return the error that a node's complaint stands for."""
        kind, reason, problem = error_of(error.code, str(error), is_sending=is_sending)
        text = f"{problem}: {str(error)!r}"
        if kind is LedgerRejectedError:
            return self.rejected(reason, text)
        return self.unavailable(reason, text)


def _rpc_error(status: int, error: JsonValue) -> RpcError:
    """Return a node's complaint; the status of HTTP stands for a code that is missing."""
    given = error if isinstance(error, dict) else {"message": error}
    code, message = given.get("code"), given.get("message")
    text = message if isinstance(message, str) else "no reason is given"
    legible = "".join(c if c.isprintable() else " " for c in text[:200])
    return RpcError(
        code if type(code) is int and status not in {401, 403} else status, legible
    )


def _named(block: int | str) -> str:
    """Return a block's name in a question."""
    return block if isinstance(block, str) else hex(block)


def _quantity(value: JsonValue) -> int:
    """Return a number."""
    if not isinstance(value, str) or not _QUANTITY.fullmatch(value):
        raise ValueError("not a number")
    return int(value, 16)


def _data(value: JsonValue) -> bytes:
    """Return bytes."""
    if not isinstance(value, str) or not _DATA.fullmatch(value):
        raise ValueError("not bytes")
    return bytes.fromhex(value[2:])


def _hash(value: JsonValue) -> str:
    """Return a hash: 0x and 64 hexadecimal digits."""
    data = _data(value)
    if len(data) != _HASH_SIZE:
        raise ValueError("not a hash")
    return f"0x{data.hex()}"


def _object(value: JsonValue) -> Mapping[str, JsonValue]:
    """Return an object."""
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value


def _list(value: JsonValue) -> list[JsonValue]:
    """Return a list."""
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def _optional(
    parse: Callable[[JsonValue], Value],
) -> Callable[[JsonValue], Value | None]:
    """Return a parser of what may be missing."""
    return lambda value: None if value is None else parse(value)


def _block(value: JsonValue) -> Block:
    """Return the head of a block."""
    given = _object(value)
    return Block(
        _quantity(given["number"]),
        _hash(given["hash"]),
        datetime.fromtimestamp(_quantity(given["timestamp"]), UTC),
    )


def _next_base_fee(value: JsonValue) -> int:
    """Return the last base fee of a history: that of the block to come."""
    return _quantity(_list(_object(value)["baseFeePerGas"])[-1])


def _receipt(value: JsonValue) -> tuple[str, Inclusion]:
    """Return a transaction's hash and its inclusion; on a rollup l1Fee is paid beside gas."""
    given = _object(value)
    fee = None
    if "effectiveGasPrice" in given:
        fee = _quantity(given["gasUsed"]) * _quantity(given["effectiveGasPrice"])
        fee += _quantity(given.get("l1Fee") or "0x0")
    return _hash(given["transactionHash"]), Inclusion(
        _quantity(given["blockNumber"]),
        _hash(given["blockHash"]),
        _quantity(given["status"]) == 1,
        fee,
    )


def _transaction(value: JsonValue) -> SignedTransaction:
    """Return a transaction of its fields; raises MalformedTransactionError too."""
    given = _object(value)
    kind = _quantity(given.get("type") or "0x0")
    if kind not in {0, 2} or given["to"] is None or given.get("accessList"):
        raise MalformedTransactionError("A transaction of another form")
    try:
        return _assembled(given, is_legacy=kind == 0)
    except NoSignatureError as error:
        raise MalformedTransactionError(str(error)) from error


def _assembled(given: Mapping[str, JsonValue], *, is_legacy: bool) -> SignedTransaction:
    """Return a transaction of its fields."""
    v = _quantity(given.get("v") or given.get("yParity"))
    if is_legacy and v < EIP155:
        raise MalformedTransactionError("A transaction for every chain")
    transaction = Transaction(
        chain_id=(v - EIP155) // 2 if is_legacy else _quantity(given["chainId"]),
        nonce=_quantity(given["nonce"]),
        price=_quantity(given["gasPrice" if is_legacy else "maxFeePerGas"]),
        tip=None if is_legacy else _quantity(given["maxPriorityFeePerGas"]),
        gas=_quantity(given["gas"]),
        to=_data(given["to"]),
        value=_quantity(given["value"]),
        data=_data(given["input"]),
    )
    parity = (v - EIP155) % 2 if is_legacy else v
    signature = Signature(_quantity(given["r"]), _quantity(given["s"]), parity)
    return SignedTransaction(transaction, signature)


def _transactions(account: str, value: JsonValue) -> list[SignedTransaction]:
    """Return the transactions to an account, in lower case, of a block."""
    found = []
    for each in _list(_object(value)["transactions"]):
        given = _object(each)
        # The others are not even hashed: a block may have a megabyte of them.
        if str(given.get("to")).lower() != account:
            continue
        try:
            signed = _transaction(each)
        except (KeyError, TypeError, ValueError):
            continue
        if signed.hash == given.get("hash"):
            found.append(signed)
    return found
