"""What is in an answer of a node, whichever way it is asked: one function for each kind of value.

All raise KeyError, TypeError, ValueError or OverflowError for what is not of the kind.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
import re
from typing import TypeVar

from ...transparency.errors import MalformedError
from ...transparency.jcs import JsonValue
from .base58 import decode_base58
from .bcs import Reader
from .client import Effects, Executed
from .errors import MalformedTransactionError
from .transaction import ADDRESS_SIZE, DIGEST_SIZE, ObjectRef, Transaction

Value = TypeVar("Value")

_NUMBER = re.compile(r"[0-9]{1,39}")
_ADDRESS = re.compile(r"0x([0-9a-fA-F]{1,64})")
_TYPE = re.compile(r"[0-9A-Za-z_:<>, ]{1,4096}")
_PACKAGE = re.compile(r"\b0x([0-9a-fA-F]{1,64})(?=::)")
_CHAIN = re.compile(r"[0-9a-f]{8}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

_SIGNED = b"\1\0\0\0"
"""Before a transaction that is signed: there is one, and what its signatures are for."""


def fields(value: JsonValue) -> dict[str, JsonValue]:
    """Return an object."""
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value


def listed(value: JsonValue) -> list[JsonValue]:
    """Return a list."""
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def text(value: JsonValue) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def truth(value: JsonValue) -> bool:
    """Return yes or no."""
    if not isinstance(value, bool):
        raise TypeError("neither yes nor no")
    return value


def number(value: JsonValue, bits: int = 64) -> int:
    """Return a whole number from 0 on, which may be written as a text."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = int(value)
    if type(value) is not int or not 0 <= value < 1 << bits:
        raise ValueError("not a number")
    return value


def base64(value: JsonValue) -> bytes:
    """Return bytes; their text has one form only."""
    data = b64decode(text(value), validate=True)
    if b64encode(data).decode() != value:
        raise ValueError("not Base64")
    return data


def chain(value: JsonValue) -> str:
    """Return a network's identifier."""
    if not _CHAIN.fullmatch(text(value)):
        raise ValueError("not a chain's identifier")
    return text(value)


def address(value: JsonValue) -> bytes:
    """Return an address, which may be written without its first zeros."""
    found = _ADDRESS.fullmatch(text(value))
    if found is None:
        raise ValueError("not an address")
    return bytes.fromhex(found[1].zfill(2 * ADDRESS_SIZE))


def digest(value: JsonValue) -> bytes:
    """Return a digest."""
    found = decode_base58(text(value), DIGEST_SIZE)
    if found is None:
        raise ValueError("not a digest")
    return found


def kind(value: JsonValue) -> str:
    """Return the name of a type as it is written here: addresses whole, ", " between types."""
    if not _TYPE.fullmatch(text(value)):
        raise ValueError("not a type")
    spaced = re.sub(r", *", ", ", text(value))
    return _PACKAGE.sub(lambda found: f"0x{found[1].lower():0>64}", spaced)


def time(value: JsonValue) -> datetime:
    """Return a time that is written out, in UTC: 2026-05-05T08:00:00.123Z."""
    if not _TIME.fullmatch(text(value)):
        raise ValueError("not a time")
    return datetime.fromisoformat(text(value)).astimezone(UTC)


def milliseconds(value: JsonValue) -> datetime:
    """Return a time that is a number: milliseconds since 1970."""
    return _BEGINNING + timedelta(milliseconds=number(value))


def reference(object_id: JsonValue, version: JsonValue, name: JsonValue) -> ObjectRef:
    """Return an object in one version, with the digest of that."""
    return ObjectRef(address(object_id), number(version), digest(name))


def effects(problem: str | None, costs: JsonValue) -> Effects:
    """Return what a transaction has done, of why it failed and a summary of its costs."""
    given = fields(costs)
    gas = number(given["computationCost"]) + number(given["storageCost"])
    return Effects(problem, gas - number(given["storageRebate"]), gas)


def signed(value: JsonValue, name: JsonValue) -> Transaction:
    """Return the transaction of a digest, of its form with signatures (SenderSignedData).

    Raises MalformedTransactionError for one that is not of our form.
    """
    data = base64(value)
    if not data.startswith(_SIGNED):
        raise ValueError("not a signed transaction")
    reader = Reader(data[len(_SIGNED) :])
    try:
        transaction = Transaction.read(reader)
        reader.sequence(Reader.blob)
        reader.finish()
    except MalformedError as error:
        raise MalformedTransactionError("A transaction of another form") from error
    if transaction.digest != name:
        raise ValueError("another transaction")
    return transaction


def all_sent(
    owner: bytes, read: Callable[[str, JsonValue], Executed], found: list[JsonValue]
) -> tuple[Executed, ...]:
    """Return the transactions that an address has sent, without those of other forms."""
    transactions = []
    for each in found:
        try:
            executed = read(text(fields(each)["digest"]), each)
        except MalformedTransactionError:
            continue
        # What it has only paid for may be among them.
        if executed.transaction.sender == owner:
            transactions.append(executed)
    return tuple(transactions)


def legible(said: str) -> str:
    """Return the beginning of what a node says, in one line."""
    return "".join(c if c.isprintable() else " " for c in said[:200])


def optional(
    read: Callable[[JsonValue], Value],
) -> Callable[[JsonValue], Value | None]:
    """Return what reads a value that may be missing."""
    return lambda value: None if value is None else read(value)
