"""Headers of Bitcoin's chain, held against python-bitcoinlib."""

from datetime import UTC, datetime

from bitcoin.core import CBlockHeader
from bitcoin.core.serialize import uint256_from_compact
from hypothesis import given, strategies as st
import pytest

from custom_components.sensorchain.ledgers.opentimestamps.bitcoin import (
    BITCOIN,
    Header,
    MalformedHeaderError,
    Network,
    is_trial,
    network,
)

GENESIS = bytes.fromhex(
    "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd"
    "7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c"
)
BLOCK_125552 = bytes.fromhex(
    "0100000081cd02ab7e569e8bcd9317e2fe99f2de44d49ab2b8851ba4a308000000000000e320b6c2"
    "fffc8d750423db8b1eb942ae710e951ed797f7affc8892b0f1fc122bc7f5d74df2b9441a42a14695"
)


def with_bits(bits: int) -> Header:
    """Return a header with such a target."""
    return Header(bytes(72) + bits.to_bytes(4, "little") + bytes(4))


def test_known_headers() -> None:
    """Two blocks that everybody knows, with their hashes and times."""
    assert Header(GENESIS).hash == BITCOIN.genesis
    assert Header(GENESIS).time == datetime(2009, 1, 3, 18, 15, 5, tzinfo=UTC)
    header = Header(BLOCK_125552)
    assert header.hash == (
        "00000000000000001e8d6829a8a21adc5d38d0a473b144b6765798e61f98bd1d"
    )
    assert header.merkle_root[::-1].hex() == (
        "2b12fcf1b09288fcaff797d71e950e71ae42b91e8bdb2304758dfcffc2b620e3"
    )
    header.check_work(network(""))


@given(st.binary(min_size=80, max_size=80))
def test_as_bitcoinlib_reads_it(data: bytes) -> None:
    """Hash, merkle root and time are those that the library reads."""
    theirs = CBlockHeader.deserialize(data)
    header = Header(data)
    assert bytes.fromhex(header.hash)[::-1] == theirs.GetHash()
    assert header.merkle_root == theirs.hashMerkleRoot
    assert header.time.timestamp() == theirs.nTime


@given(st.integers(0, 2**32 - 1))
def test_targets(bits: int) -> None:
    """A target is what the library makes of the bits, or cannot be."""
    try:
        target = with_bits(bits).target
    except MalformedHeaderError:
        digits, theirs = bits & 0xFFFFFF, uint256_from_compact(bits)
        assert digits > 0x7FFFFF or not 0 < theirs < 2**256
        return
    assert target == uint256_from_compact(bits)


@pytest.mark.parametrize("bits", [0, 0x01003456, 0x04923456, 0x23000001, 0xFF7FFFFF])
def test_targets_that_cannot_be(bits: int) -> None:
    """Zero, negative, or more than a hash can be."""
    with pytest.raises(MalformedHeaderError, match="target"):
        _ = with_bits(bits).target


@pytest.mark.parametrize("place", range(80))
def test_any_change_spoils_the_work(place: int) -> None:
    """Whatever is changed, the hash is not below the target any more, or that is too easy."""
    data = bytearray(BLOCK_125552)
    data[place] ^= 0x01
    with pytest.raises(MalformedHeaderError):
        Header(bytes(data)).check_work(Network("", None, least_difficulty=100_000))


def test_easy_work_is_not_enough() -> None:
    """What was hard in 2011 is done in a moment today, by a server that lies."""
    header = Header(BLOCK_125552)
    header.check_work(Network("", None, least_difficulty=244_112))
    for chain in (BITCOIN, Network("", None, least_difficulty=244_113)):
        with pytest.raises(MalformedHeaderError, match="far too little"):
            header.check_work(chain)


@pytest.mark.parametrize("length", [0, 79, 81])
def test_length(length: int) -> None:
    """A header is 80 bytes."""
    with pytest.raises(MalformedHeaderError, match=f"{length} bytes"):
        Header(bytes(length))


def test_words() -> None:
    """Bitcoin's blocks need no more words; those of other chains say what they are."""
    regtest = network(
        "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"
    )
    assert network(BITCOIN.genesis).place(903412) == "block 903412"
    assert not is_trial(BITCOIN.genesis)
    assert is_trial(BITCOIN.genesis[::-1])
    assert regtest.place(7) == "block 7 of a regtest chain, which proves nothing"
    assert network("12345678" * 8).place(7) == (
        "block 7 of the test chain 12345678, which proves nothing"
    )
