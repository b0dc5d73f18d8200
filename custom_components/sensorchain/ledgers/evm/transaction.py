"""Transactions: what is signed, what is sent, and back.

Two forms are used, both with the chain's id in what is signed, so that no other chain takes
them:

    EIP-1559   0x02 ‖ rlp([chain id, nonce, tip, most price, gas, to, value, data, access
               list, parity, r, s])
    legacy     rlp([nonce, price, gas, to, value, data, v, r, s]), v = 35 + 2 · chain id
               + parity (EIP-155)

The transaction's hash is Keccak-256 of these bytes. Prices are in wei for a unit of gas.
"""

from dataclasses import dataclass
from functools import cached_property

from ..keccak import keccak_256
from . import rlp
from .errors import MalformedTransactionError
from .key import Key
from .secp256k1 import ADDRESS_SIZE, NoSignatureError, Signature

EIP1559 = b"\x02"
EIP155 = 35
"""From here on v tells the chain too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """What is signed."""

    chain_id: int
    nonce: int
    """The number of this transaction among those of its account, from 0."""
    price: int
    """The most that is paid for a unit of gas; of a legacy transaction just what is paid."""
    tip: int | None
    """Of that the most for whoever makes the block; None for a legacy transaction."""
    gas: int
    """The most gas that is paid for."""
    to: bytes
    """An address, 20 bytes: of an anchor, the account's own."""
    value: int = 0
    """Wei that are moved."""
    data: bytes

    def __post_init__(self) -> None:
        """Refuse what is not to an address: it would make a contract."""
        if len(self.to) != ADDRESS_SIZE:
            raise MalformedTransactionError("Not a transaction to an address")

    @property
    def digest(self) -> bytes:
        """What the account signs, 32 bytes."""
        if self.tip is None:
            return keccak_256(
                rlp.encode([*self._legacy(), *_numbers(self.chain_id), b"", b""])
            )
        return keccak_256(EIP1559 + rlp.encode(self._eip1559()))

    @property
    def most_fee(self) -> int:
        """The most wei that it costs, on a chain that charges for gas alone."""
        return self.gas * self.price

    def signed(self, key: Key) -> "SignedTransaction":
        """Return it signed: the same bytes every time. Takes 50 ms."""
        return SignedTransaction(self, key.sign(self.digest))

    def raw(self, signature: Signature) -> bytes:
        """Return the bytes that are sent."""
        if self.tip is None:
            v = EIP155 + 2 * self.chain_id + signature.parity
            return rlp.encode([*self._legacy(), *_numbers(v, signature.r, signature.s)])
        signed = _numbers(signature.parity, signature.r, signature.s)
        return EIP1559 + rlp.encode([*self._eip1559(), *signed])

    def _legacy(self) -> list[rlp.Item]:
        """Return the fields of a legacy transaction."""
        numbers = _numbers(self.nonce, self.price, self.gas)
        return [*numbers, self.to, rlp.from_number(self.value), self.data]

    def _eip1559(self) -> list[rlp.Item]:
        """Return the fields of an EIP-1559 transaction."""
        numbers = _numbers(
            self.chain_id, self.nonce, self.tip or 0, self.price, self.gas
        )
        return [*numbers, self.to, rlp.from_number(self.value), self.data, []]


@dataclass(frozen=True)
class SignedTransaction:
    """What is sent."""

    transaction: Transaction
    signature: Signature

    @cached_property
    def raw(self) -> bytes:
        """The bytes that are sent."""
        return self.transaction.raw(self.signature)

    @cached_property
    def hash(self) -> str:
        """The transaction's name: 0x and 64 hexadecimal digits."""
        return f"0x{keccak_256(self.raw).hex()}"

    @classmethod
    def decode(cls, raw: bytes) -> "SignedTransaction":
        """Return the transaction of bytes; raise MalformedTransactionError if they are none."""
        if raw.startswith(EIP1559):
            return _decode_eip1559(rlp.decode(raw[1:]))
        return _decode_legacy(rlp.decode(raw))


def _decode_eip1559(item: rlp.Item) -> SignedTransaction:
    """Return the transaction of its fields."""
    if not isinstance(item, list) or len(item) != 12 or item[8] != []:
        raise MalformedTransactionError(
            "Not a transaction of EIP-1559 without accesses"
        )
    chain_id, nonce, tip, price, gas = map(rlp.to_number, item[:5])
    parity, r, s = map(rlp.to_number, item[9:])
    return _signed(
        Transaction(
            chain_id=chain_id,
            nonce=nonce,
            price=price,
            tip=tip,
            gas=gas,
            to=_bytes(item[5]),
            value=rlp.to_number(item[6]),
            data=_bytes(item[7]),
        ),
        (r, s, parity),
    )


def _decode_legacy(item: rlp.Item) -> SignedTransaction:
    """Return the transaction of its fields."""
    if not isinstance(item, list) or len(item) != 9:
        raise MalformedTransactionError("Not a transaction")
    nonce, price, gas = map(rlp.to_number, item[:3])
    v, r, s = map(rlp.to_number, item[6:])
    if v < EIP155:
        raise MalformedTransactionError("A transaction for every chain")
    return _signed(
        Transaction(
            chain_id=(v - EIP155) // 2,
            nonce=nonce,
            price=price,
            tip=None,
            gas=gas,
            to=_bytes(item[3]),
            value=rlp.to_number(item[4]),
            data=_bytes(item[5]),
        ),
        (r, s, (v - EIP155) % 2),
    )


def _signed(
    transaction: Transaction, signature: tuple[int, int, int]
) -> SignedTransaction:
    """Return a transaction with its signature."""
    try:
        return SignedTransaction(transaction, Signature(*signature))
    except NoSignatureError as error:
        raise MalformedTransactionError(str(error)) from error


def _numbers(*numbers: int) -> list[rlp.Item]:
    """Return numbers as items."""
    return [rlp.from_number(number) for number in numbers]


def _bytes(item: rlp.Item) -> bytes:
    """Return an item that must be a string of bytes."""
    if isinstance(item, list):
        raise MalformedTransactionError("Not bytes")
    return item
