"""Curl-P-81: the hash of transactions, and what their proof of work is done on.

A sponge of 729 trits. Each block of 243 trits replaces the first third of the state, which
then goes through 81 rounds of

    new[i] = s_box(old[364 * i], old[364 * (i + 1)])          (all indices modulo 729)

(Curl-P, IOTA Reference Implementation). The hash is the first third after the last block.

The state is kept as two integers of 729 bits, so that one operation of Python's works on all
trits at once. Two ideas make that possible:

- 364 is the inverse of -2. If position i is kept in row i * (-2)**(81 - r) after round r, a
  round reads rows u and u + (-2)**(81 - r) and writes row u: no permutation is left, only a
  rotation. After round 81 row and position agree.
- (-2)**81 = 1 + 2 * 243 (modulo 729), so that the permutation before the first round moves
  position i to row i + 2 * 243 * (i modulo 3): three masks and rotations.
"""

from collections.abc import Iterator
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from .trytes import MalformedTrytesError, Trits, trits_to_trytes, trytes_to_trits

STATE_LENGTH = 729
HASH_LENGTH = 243
HASH_TRYTES = 81
ROUNDS = 81

# A state: bit i of the first integer is set where trit i is 0 or -1, of the second where it
# is 0 or 1.
State = tuple[int, int]

_ALL: int = 2**STATE_LENGTH - 1
_ZEROS: State = (_ALL, _ALL)
_BEYOND_HASH: int = _ALL ^ (2**HASH_LENGTH - 1)
_EVERY_THIRD = sum(1 << i for i in range(0, STATE_LENGTH, 3))
_SPREAD = tuple(
    (_EVERY_THIRD << residue, -2 * HASH_LENGTH * residue % STATE_LENGTH)
    for residue in range(3)
)
_OFFSETS = tuple(pow(-2, ROUNDS - r, STATE_LENGTH) for r in range(1, ROUNDS + 1))


def _rotated(bits: int, offset: int) -> int:
    """Bit u of the result is bit u + offset, round the ring."""
    return (bits >> offset) | ((bits << (STATE_LENGTH - offset)) & _ALL)


def _spread(bits: int) -> int:
    """Bits from the order of positions into the order of rows before the first round."""
    return sum(_rotated(bits & mask, offset) for mask, offset in _SPREAD)


def _rounds(state: State) -> State:
    """Return the state after 81 rounds."""
    low, high = _spread(state[0]), _spread(state[1])
    for offset in _OFFSETS:
        change = (low | (_rotated(high, offset) ^ _ALL)) & (
            _rotated(low, offset) ^ high
        )
        low, high = change ^ _ALL, (low ^ _rotated(high, offset)) | change
    return low, high


def _packed(bits: NDArray[np.bool_]) -> int:
    """Return an integer from its bits, the lowest first."""
    return int.from_bytes(np.packbits(bits, bitorder="little").tobytes(), "little")


def _unpacked(bits: int) -> NDArray[np.int8]:
    """Return the 729 bits of an integer, the lowest first."""
    octets = np.frombuffer(bits.to_bytes(STATE_LENGTH // 8 + 1, "little"), np.uint8)
    return np.unpackbits(octets, count=STATE_LENGTH, bitorder="little").astype(np.int8)


def _blocks(trytes: str) -> Iterator[State]:
    """Return the blocks of trytes as the low ends of states."""
    trits = trytes_to_trits(trytes).reshape(-1, HASH_LENGTH)
    return ((_packed(block <= 0), _packed(block >= 0)) for block in trits)


def _absorbed(state: State, block: State) -> State:
    """Return the state after one block more."""
    return _rounds(
        ((state[0] & _BEYOND_HASH) | block[0], (state[1] & _BEYOND_HASH) | block[1])
    )


def curl_state(trytes: str) -> Trits:
    """Return the 729 trits of the state after a multiple of 81 trytes."""
    if len(trytes) % HASH_TRYTES:
        raise MalformedTrytesError("Curl hashes blocks of 81 trytes")
    low, high = reduce(_absorbed, _blocks(trytes), _ZEROS)
    return _unpacked(high) - _unpacked(low)


def curl_hash(trytes: str) -> str:
    """Return the Curl-P-81 hash, 81 trytes, of a multiple of 81 trytes.

    Raises MalformedTrytesError.
    """
    return trits_to_trytes(curl_state(trytes)[:HASH_LENGTH])
