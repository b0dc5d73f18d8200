"""Curl-P-81: the hash of transactions, and what their proof of work is done on.

A sponge of 729 trits. Each block of 243 trits replaces the first third of the state, which
then goes through 81 rounds of

    new[i] = s_box(old[364 * i], old[364 * (i + 1)])          (all indices modulo 729)

(Curl-P, IOTA Reference Implementation). The hash is the first third after the last block.

The state is kept as two integers of 729 bits, so that one operation of Python's works on all
trits at once; three trits, a tryte, are an octal digit of each. Two ideas make that possible:

- 364 is the inverse of -2. If position i is kept in row i * (-2)**(81 - r) after round r, a
  round reads rows u and u + (-2)**(81 - r) and writes row u: no permutation is left, only a
  rotation. After round 81 row and position agree.
- (-2)**81 = 1 + 2 * 243 (modulo 729), so that the permutation before the first round moves
  position i to row i + 2 * 243 * (i modulo 3): three masks and rotations.
"""

from collections.abc import Iterator
from functools import reduce

from .trytes import ALPHABET, MalformedTrytesError, trytes_to_trits

STATE_LENGTH = 729
STATE_TRYTES = 243
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


def _digits(sign: int) -> dict[str, str]:
    """Return an octal digit for each tryte: the bits of its trits that are 0 or of a sign."""
    return {
        tryte: str(
            sum(
                1 << place
                for place, trit in enumerate(trytes_to_trits(tryte))
                if trit in {0, sign}
            )
        )
        for tryte in ALPHABET
    }


_LOW, _HIGH = _digits(-1), _digits(1)
_LOW_DIGITS, _HIGH_DIGITS = str.maketrans(_LOW), str.maketrans(_HIGH)
_TRYTE_OF = {(_LOW[tryte], _HIGH[tryte]): tryte for tryte in ALPHABET}


def _blocks(trytes: str) -> Iterator[State]:
    """Return the blocks of trytes as the low ends of states."""
    for end in range(HASH_TRYTES, len(trytes) + 1, HASH_TRYTES):
        block = trytes[end - HASH_TRYTES : end][::-1]
        low, high = block.translate(_LOW_DIGITS), block.translate(_HIGH_DIGITS)
        yield int(low, 8), int(high, 8)


def _trytes(state: State) -> str:
    """Return the 243 trytes of a state."""
    low, high = (f"{bits:0{STATE_TRYTES}o}"[::-1] for bits in state)
    return "".join(_TRYTE_OF[digits] for digits in zip(low, high, strict=True))


def _absorbed(state: State, block: State) -> State:
    """Return the state after one block more."""
    return _rounds(
        ((state[0] & _BEYOND_HASH) | block[0], (state[1] & _BEYOND_HASH) | block[1])
    )


def curl_state(trytes: str) -> str:
    """Return the state, 243 trytes, after a multiple of 81 trytes.

    Raises MalformedTrytesError.
    """
    if len(trytes) % HASH_TRYTES or trytes.strip(ALPHABET):
        raise MalformedTrytesError("Curl hashes blocks of 81 trytes")
    return _trytes(reduce(_absorbed, _blocks(trytes), _ZEROS))


def curl_hash(trytes: str) -> str:
    """Return the Curl-P-81 hash, 81 trytes, of a multiple of 81 trytes.

    Raises MalformedTrytesError.
    """
    return curl_state(trytes)[:HASH_TRYTES]
