"""What a header of Bitcoin's chain proves by itself.

    bytes   field                                bytes   field
    0-4     version                              68-72   time, seconds since 1970
    4-36    hash of the header before            72-76   bits: the target, in short
    36-68   merkle root of the transactions      76-80   nonce

(developer.bitcoin.org, "Block Headers"; numbers are little-endian.) Its hash is SHA-256 twice,
as a number no larger than the target: that is the proof of work. Hashes are shown backwards.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from ...transparency.jcs import JsonValue

HEADER_BYTES = 80

LEAST_DIFFICULTY = 10**13
"""Of a block of Bitcoin in which a timestamp may stand.

The difficulty has been above since the end of 2019, and was fifteen times that in 2025. One
header takes 2**32 times as many hashes: years for a machine, which a lying server must spend.
"""

# The target of difficulty 1 (bits 1d00ffff).
_EASIEST = 0xFFFF << 208
_HASH_BYTES = 32


class MalformedHeaderError(ValueError):
    """Bytes that are no header of the chain; the text says why, to follow "a header"."""


@dataclass(frozen=True, slots=True)
class Network:
    """A chain of blocks, told from others by its first one."""

    genesis: str
    """The hash of block 0, 64 hexadecimal digits."""
    name: str | None
    """None for Bitcoin itself; else what it is called."""
    least_difficulty: int = 0
    """Of a block in which a timestamp may stand."""

    def place(self, height: int) -> str:
        """Return a block of the chain in words."""
        if self.name is None:
            return f"block {height}"
        return f"block {height} of {self.name}, which proves nothing"


BITCOIN = Network(
    "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
    None,
    LEAST_DIFFICULTY,
)
_OTHERS = {
    "000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943": "Bitcoin's testnet3",
    "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043": "Bitcoin's testnet4",
    "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6": "Bitcoin's signet",
    "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206": "a regtest chain",
}


def network(genesis: str) -> Network:
    """Return the chain that begins with a block."""
    if genesis == BITCOIN.genesis:
        return BITCOIN
    name = _OTHERS.get(genesis, f"the test chain {genesis[:8]}")
    return Network(genesis, name)


def is_trial(genesis: JsonValue) -> bool:
    """Whether the chain that begins with a block is another one than Bitcoin."""
    return genesis != BITCOIN.genesis


@dataclass(frozen=True, slots=True)
class Header:
    """A block's header: 80 bytes."""

    data: bytes

    def __post_init__(self) -> None:
        """Refuse any other number of bytes."""
        if len(self.data) != HEADER_BYTES:
            raise MalformedHeaderError(f"of {len(self.data)} bytes")

    @property
    def hash(self) -> str:
        """The block's hash as it is shown: 64 hexadecimal digits."""
        return self._hash()[::-1].hex()

    @property
    def merkle_root(self) -> bytes:
        """The 32 bytes to which a timestamp must lead."""
        return self.data[36:68]

    @property
    def time(self) -> datetime:
        """When the block was made, as its miner says.

        The chain takes times up to two hours ahead, and after the median of the eleven
        blocks before.
        """
        return datetime.fromtimestamp(int.from_bytes(self.data[68:72], "little"), UTC)

    @property
    def target(self) -> int:
        """The largest number that the hash may be; raises MalformedHeaderError.

        The last byte of the bits is the number of bytes, the others are the first three.
        """
        bits = int.from_bytes(self.data[72:76], "little")
        size, digits = bits >> 24, bits & 0xFFFFFF
        target = digits << 8 * (size - 3) if size > 3 else digits >> 8 * (3 - size)
        if digits > 0x7FFFFF or not 0 < target < 1 << 8 * _HASH_BYTES:
            raise MalformedHeaderError("whose target cannot be")
        return target

    def check_work(self, chain: Network) -> None:
        """Raise MalformedHeaderError unless there is enough work in it for the chain."""
        if int.from_bytes(self._hash(), "little") > self.target:
            raise MalformedHeaderError("without its proof of work")
        if self.target * chain.least_difficulty > _EASIEST:
            raise MalformedHeaderError("with far too little proof of work for Bitcoin")

    def _hash(self) -> bytes:
        """Return SHA-256 twice."""
        return sha256(sha256(self.data).digest()).digest()
