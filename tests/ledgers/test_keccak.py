"""Keccak, against known answers and against the implementation that PyOTA uses."""

from hypothesis import given, strategies as st
import pytest
import sha3

from custom_components.sensorchain.ledgers.keccak import (
    _in_python,
    keccak_256,
    keccak_384,
)

# Around the rates: 136 bytes for 256 bits, 104 for 384.
LENGTHS = [0, 1, 103, 104, 105, 135, 136, 137, 207, 208, 272, 1000]


def test_known_answers() -> None:
    """What Ethereum calls the hash of nothing, and Keccak-384 of nothing."""
    assert keccak_256(b"").hex() == (
        "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    )
    assert keccak_384(b"").hex() == (
        "2c23146a63a29acf99e73b88f8c24eaa7dc60aa771780ccc006afbfa8fe2479b"
        "2dd2b21362337441ac12b515911957ff"
    )


@pytest.mark.parametrize("length", LENGTHS)
def test_length_of_blocks(length: int) -> None:
    """Padding is right where a block ends."""
    data = bytes(number % 251 for number in range(length))
    check(data)


@given(st.binary(max_size=500))
def test_any_bytes(data: bytes) -> None:
    """All else is as in the other implementation."""
    check(data)


def check(data: bytes) -> None:
    """Compare both hashes, also without OpenSSL's, with the other implementation's."""
    theirs = sha3.keccak_256(data).digest(), sha3.keccak_384(data).digest()
    assert (keccak_256(data), keccak_384(data)) == theirs
    assert (_in_python(data, 32), _in_python(data, 48)) == theirs
