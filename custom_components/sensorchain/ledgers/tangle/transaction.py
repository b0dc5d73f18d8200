"""One transaction: 2673 trytes of fields at fixed places.

    trytes     field                                trytes       field
    0-2187     message (or signature)               2430-2511    trunk, a hash
    2187-2268  address                              2511-2592    branch, a hash
    2268-2295  value                                2592-2619    tag
    2295-2322  obsolete tag                         2619-2628    attachment timestamp, milliseconds
    2322-2331  timestamp, seconds                   2628-2637    its lower bound
    2331-2340  current index in the bundle          2637-2646    its upper bound
    2340-2349  last index of the bundle             2646-2673    nonce
    2349-2430  bundle, a hash

(IOTA protocol before 1.5, "Structure of a transaction".) Numbers are integers in balanced
ternary.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .curl import curl_hash
from .trytes import (
    MalformedTrytesError,
    integer_to_trytes,
    is_trytes,
    trytes_to_integer,
    trytes_to_trits,
)

TRANSACTION_TRYTES = 2673
MESSAGE_TRYTES = 2187
HASH_TRYTES = 81
TAG_TRYTES = 27
NONCE_TRYTES = 27

NULL_HASH = "9" * HASH_TRYTES
NULL_TAG = "9" * TAG_TRYTES
NULL_NONCE = "9" * NONCE_TRYTES

# The largest number of nine trytes, MMMMMMMMM: the upper bound that every attachment carries.
LAST_ATTACHMENT_TIMESTAMP = (3**27 - 1) // 2

_LAYOUT = (
    ("message", MESSAGE_TRYTES),
    ("address", HASH_TRYTES),
    ("value", 27),
    ("obsolete_tag", TAG_TRYTES),
    ("timestamp", 9),
    ("current_index", 9),
    ("last_index", 9),
    ("bundle", HASH_TRYTES),
    ("trunk", HASH_TRYTES),
    ("branch", HASH_TRYTES),
    ("tag", TAG_TRYTES),
    ("attachment_timestamp", 9),
    ("attachment_timestamp_lower", 9),
    ("attachment_timestamp_upper", 9),
    ("nonce", NONCE_TRYTES),
)
_NUMBERS = frozenset(
    {
        "value",
        "timestamp",
        "current_index",
        "last_index",
        "attachment_timestamp",
        "attachment_timestamp_lower",
        "attachment_timestamp_upper",
    }
)
_ESSENCE = slice(2187, 2349)


def weight_magnitude(transaction_hash: str) -> int:
    """How many trits at the end of a hash are 0: the work that was done for it."""
    trits = trytes_to_trits(transaction_hash)
    zeros = (count for count, trit in enumerate(reversed(trits)) if trit)
    return next(zeros, len(trits))


# Without slots: the hash, which takes milliseconds, is kept once it has been asked for.
@dataclass(frozen=True)
class Transaction:
    """The fields of a transaction: texts are trytes of full length, numbers integers."""

    message: str
    address: str
    value: int
    obsolete_tag: str
    timestamp: int
    current_index: int
    last_index: int
    bundle: str = NULL_HASH
    trunk: str = NULL_HASH
    branch: str = NULL_HASH
    tag: str = NULL_TAG
    attachment_timestamp: int = 0
    attachment_timestamp_lower: int = 0
    attachment_timestamp_upper: int = 0
    nonce: str = NULL_NONCE

    def __post_init__(self) -> None:
        """Refuse texts that are not trytes of their field's length."""
        for name, length in _LAYOUT:
            if name not in _NUMBERS and not is_trytes(getattr(self, name), length):
                raise MalformedTrytesError(
                    f"the {name.replace('_', ' ')} of a transaction is {length} trytes"
                )

    @classmethod
    def from_trytes(cls, trytes: str) -> "Transaction":
        """Return the fields of 2673 trytes; raises MalformedTrytesError."""
        if not is_trytes(trytes, TRANSACTION_TRYTES):
            raise MalformedTrytesError(f"a transaction is {TRANSACTION_TRYTES} trytes")
        fields: dict[str, Any] = {}
        start = 0
        for name, length in _LAYOUT:
            part = trytes[start : start + length]
            fields[name] = trytes_to_integer(part) if name in _NUMBERS else part
            start += length
        return cls(**fields)

    def to_trytes(self) -> str:
        """Return the 2673 trytes that are hashed, sent and stored."""
        return "".join(
            integer_to_trytes(getattr(self, name), length)
            if name in _NUMBERS
            else getattr(self, name)
            for name, length in _LAYOUT
        )

    @property
    def essence(self) -> str:
        """The 162 trytes that the bundle's hash covers: address to last index."""
        return self.to_trytes()[_ESSENCE]

    @cached_property
    def hash(self) -> str:
        """The transaction's name on the Tangle: Curl-P-81 of all its trytes."""
        return curl_hash(self.to_trytes())

    @property
    def weight(self) -> int:
        """The weight magnitude of its hash."""
        return weight_magnitude(self.hash)
