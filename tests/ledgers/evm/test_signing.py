"""Signing and writing transactions, held against eth-account."""

from typing import Any

from eth_account import Account
from hypothesis import given, settings, strategies as st
import pytest
import rlp as other_rlp

from custom_components.sensorchain.ledgers.evm import rlp
from custom_components.sensorchain.ledgers.evm.errors import MalformedTransactionError
from custom_components.sensorchain.ledgers.evm.key import Key
from custom_components.sensorchain.ledgers.evm.secp256k1 import (
    ORDER,
    G,
    NoSignatureError,
    Signature,
    recover,
)
from custom_components.sensorchain.ledgers.evm.transaction import (
    SignedTransaction,
    Transaction,
)
from custom_components.sensorchain.ledgers.ledger import SettingsError

keys = st.builds(Key, st.integers(1, ORDER - 1))
amounts = st.integers(0, 2**64)
items = st.recursive(
    st.binary(max_size=100), lambda inner: st.lists(inner, max_size=5), max_leaves=20
)
transactions = st.builds(
    Transaction,
    chain_id=st.integers(1, 2**40),
    nonce=st.integers(0, 2**40),
    price=amounts,
    tip=st.none() | amounts,
    gas=st.integers(21_000, 2**32),
    to=st.binary(min_size=20, max_size=20),
    value=amounts,
    data=st.binary(max_size=300),
)


def as_fields(transaction: Transaction) -> dict[str, Any]:
    """Return a transaction as eth-account takes it."""
    fields = {
        "chainId": transaction.chain_id,
        "nonce": transaction.nonce,
        "gas": transaction.gas,
        "to": transaction.to,
        "value": transaction.value,
        "data": transaction.data,
    }
    if transaction.tip is None:
        return fields | {"gasPrice": transaction.price}
    return fields | {
        "type": 2,
        "maxFeePerGas": transaction.price,
        "maxPriorityFeePerGas": transaction.tip,
    }


@settings(deadline=None, max_examples=50)
@given(key=keys, transaction=transactions)
def test_same_bytes_as_eth_account(key: Key, transaction: Transaction) -> None:
    """The same bytes, hash and address; and all of it is read back."""
    account = Account.from_key(key.reveal())
    theirs = account.sign_transaction(as_fields(transaction))
    ours = transaction.signed(key)
    assert ours.raw == theirs.raw_transaction
    assert ours.hash == f"0x{bytes(theirs.hash).hex()}"
    assert key.account == account.address
    assert recover(transaction.digest, ours.signature) == key.public_key
    assert SignedTransaction.decode(ours.raw) == ours


def test_known_answer() -> None:
    """The example of EIP-155."""
    transaction = Transaction(
        chain_id=1,
        nonce=9,
        price=20 * 10**9,
        tip=None,
        gas=21_000,
        to=bytes.fromhex("35" * 20),
        value=10**18,
        data=b"",
    )
    assert transaction.digest.hex() == (
        "daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53"
    )
    assert transaction.signed(Key.parse("46" * 32)).raw.hex() == (
        "f86c098504a817c800825208943535353535353535353535353535353535353535880"
        "de0b6b3a76400008025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590"
        "620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"
    )


@given(item=items)
def test_rlp_as_others_write_it(item: Any) -> None:
    """The same bytes as Ethereum's own library, and back."""
    written = rlp.encode(item)
    assert written == other_rlp.encode(item)
    if _depth(item) < rlp.MOST_DEPTH:
        assert rlp.decode(written) == item


def _depth(item: Any) -> int:
    """Return how deep lists are nested."""
    return 1 + max(map(_depth, item), default=0) if isinstance(item, list) else 0


@given(data=st.binary(max_size=60))
def test_rlp_has_one_form(data: bytes) -> None:
    """What is read is written the same; all else is refused."""
    try:
        item = rlp.decode(data)
    except MalformedTransactionError:
        return
    assert rlp.encode(item) == data


@settings(deadline=None, max_examples=50)
@given(key=keys, transaction=transactions, place=st.integers(0), bit=st.integers(0, 7))
def test_changed_bytes(
    key: Key, transaction: Transaction, place: int, bit: int
) -> None:
    """No transaction with a bit changed is by the same account, nor has it the same hash."""
    signed = transaction.signed(key)
    raw = bytearray(signed.raw)
    raw[place % len(raw)] ^= 1 << bit
    try:
        changed = SignedTransaction.decode(bytes(raw))
        signer = recover(changed.transaction.digest, changed.signature)
    except MalformedTransactionError, NoSignatureError:
        return
    assert changed.hash != signed.hash
    assert signer != key.public_key


@given(data=st.binary(max_size=200))
def test_garbage_is_no_transaction(data: bytes) -> None:
    """It is refused, and nothing else happens."""
    with pytest.raises(MalformedTransactionError):
        SignedTransaction.decode(data)


EIP1559_FIELDS: list[Any] = [
    *(b"\1", b"\2", b"\3", b"\4", b"\5", bytes(20), b"", b"data", []),
    *(b"", b"\1", b"\1"),
]
LEGACY_FIELDS: list[Any] = [
    *(b"\1", b"\2", b"\3", bytes(20), b"", b"data"),
    *(b"\x25", b"\1", b"\1"),
]


@pytest.mark.parametrize(
    ("fields", "place", "other"),
    [
        (EIP1559_FIELDS, 0, []),
        (EIP1559_FIELDS, 1, b"\0"),
        (EIP1559_FIELDS, 5, b""),
        (EIP1559_FIELDS, 5, bytes(19)),
        (EIP1559_FIELDS, 7, [b"data"]),
        (EIP1559_FIELDS, 8, b""),
        (EIP1559_FIELDS, 8, [[bytes(20), []]]),
        (EIP1559_FIELDS, 9, b"\2"),
        (EIP1559_FIELDS, 11, b""),
        (LEGACY_FIELDS, 3, b""),
        (LEGACY_FIELDS, 3, []),
        (LEGACY_FIELDS, 6, b"\x1b"),
        (LEGACY_FIELDS, 7, b""),
    ],
)
def test_fields_that_cannot_be(fields: list[Any], place: int, other: Any) -> None:
    """What makes a contract, is for every chain, has accesses, or no signature, is refused."""
    head = b"\2" if fields is EIP1559_FIELDS else b""
    raw = head + rlp.encode(fields)
    assert SignedTransaction.decode(raw).raw == raw
    changed = [*fields[:place], other, *fields[place + 1 :]]
    for damaged in (changed, fields[:-1], b"".join(fields[:3])):
        with pytest.raises(MalformedTransactionError):
            SignedTransaction.decode(head + rlp.encode(damaged))


@pytest.mark.parametrize(
    "numbers",
    [(0, 1, 0), (1, 0, 0), (ORDER, 1, 0), (1, ORDER // 2 + 1, 0), (1, 1, 2)],
)
def test_no_signature(numbers: tuple[int, int, int]) -> None:
    """Numbers out of range, and the higher of two s, are refused (EIP-2)."""
    with pytest.raises(NoSignatureError):
        Signature(*numbers)


def test_signature_of_nobody() -> None:
    """Numbers whose public key would be the point at infinity."""
    with pytest.raises(NoSignatureError):
        recover((1).to_bytes(32), Signature(G[0], 1, 0))


def test_signature_of_no_point() -> None:
    """No point of the curve has an x of 5."""
    with pytest.raises(NoSignatureError):
        recover(bytes(32), Signature(5, 1, 0))


@pytest.mark.parametrize(
    "text", ["", "12", "0x", "g" * 64, "0" * 64, f"{ORDER:064x}", "f" * 65, "ä" * 64]
)
def test_no_key(text: str) -> None:
    """What is no key is refused, and not repeated."""
    with pytest.raises(SettingsError) as raised:
        Key.parse(text)
    assert len(text) < 3 or text not in str(raised.value)
    assert raised.value.__context__ is None


@settings(deadline=None)
@given(key=keys)
def test_key_is_not_shown(key: Key) -> None:
    """It comes back from how it is stored, and from nothing else."""
    assert Key.parse(key.reveal()) == key
    assert Key.parse(f" 0X{key.reveal().upper()}\n".replace("0X", "0x")) == key
    assert repr(key) == "Key()"


def test_new_keys_differ() -> None:
    """Each account is one of its own."""
    assert len({Key.generate() for _ in range(10)}) == 10
