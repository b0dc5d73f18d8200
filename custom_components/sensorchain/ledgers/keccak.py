"""Keccak with its own padding: the hash of Ethereum's chains, and what Kerl is made of.

The state is 25 lanes of 64 bits, lane x + 5 * y at column x and row y. Each of 24 rounds does

    theta    every lane is mixed with two of the columns beside it
    rho, pi  every lane is rotated and moved
    chi      every lane is mixed with the two to its right
    iota     the first lane is mixed with the round's constant

(FIPS 202 section 3. SHA-3 is the same with another padding.) hashlib has Keccak where it is
made with OpenSSL 3.2 or newer, and then is a hundred times as fast.
"""

from collections.abc import Iterator
from hashlib import new
from struct import Struct

_LANES = Struct("<25Q")
_MASK = 2**64 - 1
_ROUNDS = 24


def _moves() -> list[tuple[int, int]]:
    """Return for each lane which lane moves there, and how far it is rotated.

    (FIPS 202 sections 3.2.2 and 3.2.3.)
    """
    moves = [(0, 0)] * 25
    x, y = 1, 0
    for step in range(24):
        following = y, (2 * x + 3 * y) % 5
        distance = (step + 1) * (step + 2) // 2 % 64
        moves[following[0] + 5 * following[1]] = (x + 5 * y, distance)
        x, y = following
    return moves


def _constants() -> Iterator[int]:
    """Yield the constant of each round: bits of a shift register at places 2**j - 1.

    (FIPS 202 section 3.2.5.)
    """
    register = 1
    for _ in range(_ROUNDS):
        constant = 0
        for place in range(7):
            constant |= (register & 1) << (2**place - 1)
            register <<= 1
            register ^= (register >> 8) * 0x171
        yield constant


_MOVES = [(source, source % 5, turn, 64 - turn) for source, turn in _moves()]
_CONSTANTS = tuple(_constants())
_RIGHT = [
    (lane, row + (lane + 1) % 5, row + (lane + 2) % 5)
    for row in range(0, 25, 5)
    for lane in range(row, row + 5)
]


def _permuted(lanes: list[int]) -> list[int]:
    """Return the state after 24 rounds: Keccak-f[1600]."""
    for constant in _CONSTANTS:
        columns = [
            a ^ b ^ c ^ d ^ e
            for a, b, c, d, e in zip(
                lanes[:5],
                lanes[5:10],
                lanes[10:15],
                lanes[15:20],
                lanes[20:],
                strict=True,
            )
        ]
        turned = [(column << 1 | column >> 63) & _MASK for column in columns]
        mixed = [columns[x - 1] ^ turned[x - 4] for x in range(5)]
        moved = [
            ((lane := lanes[source] ^ mixed[column]) << left | lane >> right) & _MASK
            for source, column, left, right in _MOVES
        ]
        lanes = [moved[a] ^ (~moved[b] & moved[c]) for a, b, c in _RIGHT]
        lanes[0] ^= constant
    return lanes


def _in_python(data: bytes, size: int) -> bytes:
    """Return the hash of this size in bytes; the rate is 200 bytes less twice the size."""
    rate = 200 - 2 * size
    padded = bytearray(data + b"\x01" + bytes(-(len(data) + 1) % rate))
    padded[-1] |= 0x80
    state = bytes(_LANES.size)
    for start in range(0, len(padded), rate):
        block = padded[start : start + rate].ljust(_LANES.size, b"\0")
        lanes = zip(_LANES.unpack(state), _LANES.unpack(block), strict=True)
        state = _LANES.pack(*_permuted([one ^ other for one, other in lanes]))
    return state[:size]


def _in_openssl(data: bytes, size: int) -> bytes:
    """Return the same; raises ValueError where OpenSSL does not have it."""
    return new(f"keccak-{8 * size}", data).digest()


def _is_in_openssl() -> bool:
    """Tell whether OpenSSL has it."""
    try:
        _in_openssl(b"", 48)
    except ValueError:  # pragma: no cover - OpenSSL before 3.2
        return False
    return True


_keccak = _in_openssl if _is_in_openssl() else _in_python


def keccak_256(data: bytes) -> bytes:
    """Return the Keccak-256 hash, 32 bytes."""
    return _keccak(data, 32)


def keccak_384(data: bytes) -> bytes:
    """Return the Keccak-384 hash, 48 bytes."""
    return _keccak(data, 48)
