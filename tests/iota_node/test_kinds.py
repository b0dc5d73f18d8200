"""Values of Move and their bytes."""

from typing import Any

from hypothesis import given, strategies as st
import pytest

from demo.iota.identity import Identity, written
from demo.iota.kinds import (
    MalformedValueError,
    UnknownKindError,
    abilities,
    decode,
    encode,
    kind,
)

NUMBERS = st.integers(0, 2**64 - 1)
ADDRESSES = st.binary(min_size=32, max_size=32).map(written)
TEXTS = st.text(max_size=200)
MAYBE = st.none() | TEXTS
DATA = st.tuples(st.just("Text"), st.fixed_dictionaries({"0": TEXTS})) | st.tuples(
    st.just("Bytes"), st.fixed_dictionaries({"0": st.binary(max_size=300)})
)
RECORDS = st.fixed_dictionaries(
    {
        "data": DATA,
        "metadata": MAYBE,
        "tag": MAYBE,
        "sequence_number": NUMBERS,
        "added_by": ADDRESSES,
        "added_at": NUMBERS,
        "correction": st.fixed_dictionaries(
            {
                "replaces": st.fixed_dictionaries({"contents": st.lists(NUMBERS)}),
                "is_replaced_by": st.none() | NUMBERS,
            }
        ),
    }
)


@given(RECORDS)
def test_round_trip(record: Any) -> None:
    """A value is read as it was written."""
    of = kind("Record<Data>")
    assert decode(of, encode(of, record)) == record


def test_bytes() -> None:
    """These are the bytes of an entry (BCS specification)."""
    of = kind("Node<u64, String>")
    node = {"prev": None, "next": 258, "value": "é"}
    assert encode(of, node) == b"\0" + b"\1\2\1" + bytes(6) + b"\2\xc3\xa9"


@pytest.mark.parametrize(
    ("of", "data"),
    [
        ("u64", bytes(7)),
        ("u64", bytes(9)),
        ("bool", b"\2"),
        ("Option<u8>", b"\2\0\0"),
        ("String", b"\1\xff"),
        ("String", b"\x80\0"),
        ("vector<u8>", b"\xff\xff\xff\xff\xff\0"),
        ("LockingWindow", b"\3"),
        ("vector<u64>", b"\2" + bytes(8)),
    ],
)
def test_other_bytes(of: str, data: bytes) -> None:
    """A value has one form only."""
    with pytest.raises(MalformedValueError):
        decode(kind(of), data)


def test_types() -> None:
    """Types are written with a network's addresses, and read again whatever their length."""
    identity = Identity()
    coin = kind("Coin<IOTA>")
    assert identity.read("0x2::coin::Coin<0x2::iota::IOTA>") == coin
    assert identity.short(coin) == "0x2::coin::Coin<0x2::iota::IOTA>"
    assert identity.read(identity.written(coin)) == coin
    trail = kind("Field<u64, Node<u64, Record<Data>>>")
    assert identity.read(identity.written(trail)) == trail
    assert identity.read(identity.short(trail)) == trail


@pytest.mark.parametrize(
    ("of", "has"),
    [
        ("Option<Data>", {"copy", "drop", "store"}),
        ("Option<Record<Data>>", {"store"}),
        ("Capability", {"key", "store"}),
        ("Coin<IOTA>", {"key", "store"}),
        ("Notarization<String>", {"key"}),
        ("notarization::timelock::TimeLock", {"store"}),
    ],
)
def test_abilities(of: str, has: set[str]) -> None:
    """What may be done with a value follows from what it is made of."""
    assert abilities(kind(of)) == has


def test_unknown() -> None:
    """A type of another package is not known."""
    with pytest.raises(UnknownKindError):
        abilities(Identity().read("0x99::coin::Coin"))
