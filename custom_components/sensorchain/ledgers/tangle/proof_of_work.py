"""Proof of work: the search for a nonce whose transaction hash ends in enough zeros.

In numpy alone. Curl-P-81 is done on a batch of 64 * 24 nonces at once, bit-sliced: a *plane*
has a row for each of the state's 729 trits, and a row holds one bit for each nonce (each
*lane*) of the batch. Four ideas make that fast:

**No permutation.** Row u of a plane after round r holds position i, with u = i *
(-2)**(81 - r) modulo 729, so that a round is new[u] = s_box(old[u], old[u + (-2)**(81 - r)]):
two slices of adjacent rows (see curl.py). After round 81 row and position agree, and since
only the last trits of the hash are asked for, the last ten rounds need only a few rows.

**Three encodings.** A trit is two bits, a high and a low one, in one of three codes, one a
round in turn. Chosen so, three rounds are 13 operations on planes, where one code for all of
them would need at least 15:

    code         +           0           -         before rounds           in planes
      0      00 or 01       10          11         1, 4 … and at the end     0, 4
      1         01       00 or 10       11         2, 5 …                    3, 2
      2      01 or 11       10          00         3, 6 …                    1, 2

**Counting without the first six rounds.** In six rounds a trit reaches 64 rows, and those that
four adjacent trits of the nonce reach have none in common. So six rounds are done for the three
values of all four, and the 81 batches that these four count through begin in round 7, from
tables of the rows reached.

**In the cache.** 24 words of 64 lanes a row keep all planes within a core's second-level cache.

The nonce's 81 trits are then: 70 random ones, 4 that count batches, and 7 that number the lanes
of a batch (the same in all batches).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .curl import HASH_LENGTH, HASH_TRYTES, ROUNDS, STATE_LENGTH, curl_hash, curl_state
from .transaction import NONCE_TRYTES, weight_magnitude
from .trytes import ALPHABET, trytes_to_trits

_Trits: TypeAlias = NDArray[np.int8]
_Words: TypeAlias = NDArray[np.uint64]
_Planes: TypeAlias = int | slice
_Call: TypeAlias = tuple[np.ufunc, _Words, _Words, _Words]

_WORDS = 24
_LANES = 64 * _WORDS
_CACHE_LINE_WORDS = 8

_LANE_TRITS = 7
_COUNTER_TRITS = 4
_BATCHES = 3**_COUNTER_TRITS
_COUNTER_VALUES = (0, 1, -1)
_OPENING_ROUNDS = 6

# Where the parts of the nonce stand in the hashed block.
_LANE_POSITIONS = slice(HASH_LENGTH - _LANE_TRITS, HASH_LENGTH)
_COUNTER_POSITIONS = slice(
    _LANE_POSITIONS.start - _COUNTER_TRITS, _LANE_POSITIONS.start
)
_RANDOM_POSITIONS = slice(HASH_LENGTH - 3 * NONCE_TRYTES, _COUNTER_POSITIONS.start)

_WORKING_PLANES = 5
_STATE_PLANES = slice(None, None, 4)
_ALL_ROWS = (0, STATE_LENGTH)
_ONES = np.uint64(2**64 - 1)


def _trits(trytes: str) -> _Trits:
    """Return the trits of trytes."""
    return np.array(trytes_to_trits(trytes), np.int8)


def _trytes(trits: _Trits) -> str:
    """Return the trytes of trits."""
    values = trits.reshape(-1, 3) @ np.array((1, 3, 9), np.int8)
    return "".join(ALPHABET[value] for value in values)


def _offset(number: int) -> int:
    """How far from its own row the second row is that a round (1 to 81) reads."""
    return pow(-2, ROUNDS - number, STATE_LENGTH)


# The row of each position before the first round.
_ROW = np.arange(STATE_LENGTH) * _offset(0) % STATE_LENGTH
# The trits of each lane's number, one row a trit, in the order of their positions.
_LANE_NUMBERS = np.array(
    [np.arange(_LANES) // 3**k % 3 - 1 for k in reversed(range(_LANE_TRITS))], np.int8
)


class SearchStoppedError(Exception):
    """The search was told to stop before it had found a nonce."""


class _Rows(Enum):
    """Which rows an operation is done on."""

    READ = auto()
    """All that the round reads."""
    WRITTEN = auto()
    """Those that the round writes."""
    TURNED = auto()
    """Those that the round writes; the second operand's are the round's offset further."""


@dataclass(frozen=True, slots=True)
class _Operation:
    """One operation of a round; a slice of planes means several at once."""

    function: np.ufunc
    first: _Planes
    second: _Planes
    result: _Planes
    rows: _Rows


# What a round does, by its number modulo 3: from code 2 to 0, from 0 to 1, from 1 to 2.
_ROUND_OPERATIONS = (
    (
        _Operation(np.bitwise_or, 1, 2, 3, _Rows.READ),
        _Operation(
            np.bitwise_xor, slice(1, 3), slice(2, 4), _STATE_PLANES, _Rows.TURNED
        ),
        _Operation(np.bitwise_or, 2, 0, 0, _Rows.WRITTEN),
    ),
    (
        _Operation(np.bitwise_and, 0, 4, 4, _Rows.READ),
        _Operation(
            np.bitwise_xor, _STATE_PLANES, slice(4, None, -4), slice(2, 4), _Rows.TURNED
        ),
        _Operation(np.bitwise_or, 4, 2, 2, _Rows.WRITTEN),
    ),
    (
        _Operation(np.bitwise_and, 3, 2, 3, _Rows.READ),
        _Operation(np.bitwise_xor, 2, 3, 0, _Rows.READ),
        _Operation(np.bitwise_xor, 0, 3, 1, _Rows.TURNED),
        _Operation(np.bitwise_or, 0, 0, 3, _Rows.TURNED),
        _Operation(np.bitwise_xor, 2, 3, 2, _Rows.WRITTEN),
    ),
)


def _rows_needed(weight: int) -> list[tuple[int, int]]:
    """Return the first row needed after each round 0 to 81, and the one after the last."""
    needed = [(HASH_LENGTH - weight, HASH_LENGTH)]
    for k in range(ROUNDS):
        first, end = needed[-1]
        first, end = min(first, first + (-2) ** k), max(end, end + (-2) ** k)
        needed.append((first, end) if first >= 0 and end <= STATE_LENGTH else _ALL_ROWS)
    return needed[::-1]


def _turned(first: int, end: int, offset: int) -> Iterator[tuple[slice, slice]]:
    """Return these rows and those an offset further round the ring, in adjacent pieces."""
    seam = STATE_LENGTH - offset
    for start, stop, shift in (
        (first, min(end, seam), offset),
        (max(first, seam), end, -seam),
    ):
        if start < stop:
            yield slice(start, stop), slice(start + shift, stop + shift)


def _pieces(
    rows: _Rows, number: int, needed: list[tuple[int, int]]
) -> Iterator[tuple[slice, slice]]:
    """Return the rows of an operation's first operand, and of its second one, in a round.

    The result's rows are the first operand's.
    """
    if rows is _Rows.TURNED:
        yield from _turned(*needed[number], _offset(number))
    else:
        piece = slice(*needed[number - 1 if rows is _Rows.READ else number])
        yield piece, piece


def _calls(planes: _Words, rounds: range, needed: list[tuple[int, int]]) -> list[_Call]:
    """Return the numpy calls that do these rounds on the planes, in order."""
    return [
        (
            step.function,
            planes[step.first, own],
            planes[step.second, other],
            planes[step.result, own],
        )
        for number in rounds
        for step in _ROUND_OPERATIONS[number % 3]
        for own, other in _pieces(step.rows, number, needed)
    ]


def _run(calls: list[_Call]) -> None:
    """Do the calls."""
    for function, first, second, result in calls:
        function(first, second, result)


def _reach(position: int) -> NDArray[np.int64]:
    """Return the rows that a trit at this position has a part in after the opening rounds."""
    rows = _ROW[position : position + 1]
    for number in range(1, _OPENING_ROUNDS + 1):
        rows = np.concatenate((rows, (rows - _offset(number)) % STATE_LENGTH))
    return rows


_REACHES = [
    _reach(position)
    for position in reversed(range(*_COUNTER_POSITIONS.indices(HASH_LENGTH)))
]


def _aligned_planes(count: int) -> _Words:
    """Planes that begin on a cache line."""
    words = np.empty(count * STATE_LENGTH * _WORDS + _CACHE_LINE_WORDS, np.uint64)
    start = -(words.ctypes.data // words.itemsize) % _CACHE_LINE_WORDS
    return words[start : start + count * STATE_LENGTH * _WORDS].reshape(
        count, STATE_LENGTH, _WORDS
    )


def _counter_digits(batch: int) -> list[int]:
    """Which of the counter values each counter trit has in a batch, the fastest trit first."""
    return [batch // 3**k % 3 for k in range(_COUNTER_TRITS)]


class _Batches:
    """The planes, the rounds as calls on them, and the tables that batches begin from."""

    def __init__(self, weight: int) -> None:
        """Lay out everything that depends on the weight magnitude only."""
        planes = _aligned_planes(_WORKING_PLANES + 2)
        self._state = planes[:_WORKING_PLANES][_STATE_PLANES]
        self._opened = planes[_WORKING_PLANES:]
        needed = _rows_needed(weight)
        self._opening = _calls(planes, range(1, _OPENING_ROUNDS + 1), needed)
        self._closing = _calls(planes, range(_OPENING_ROUNDS + 1, ROUNDS + 1), needed)
        self._hash_end = slice(HASH_LENGTH - weight, HASH_LENGTH)
        self._tables: list[list[_Words]] = []

    def _load(self, trits: _Trits) -> None:
        """Write a state into the planes, in code 0, the same in all lanes but their numbers."""
        for plane, codes in enumerate((np.less_equal, np.less)):
            self._state[plane, _ROW] = np.where(codes(trits, 0), _ONES, np.uint64(0))[
                :, None
            ]
            numbers = np.packbits(codes(_LANE_NUMBERS, 0), axis=1, bitorder="little")
            self._state[plane, _ROW[_LANE_POSITIONS]] = numbers.view("<u8")

    def open(self, trits: _Trits) -> None:
        """Do the opening rounds of a state for each value of the counter trits."""
        self._tables = []
        for value in _COUNTER_VALUES:
            trits[_COUNTER_POSITIONS] = value
            self._load(trits)
            _run(self._opening)
            self._tables.append([self._state[:, rows] for rows in _REACHES])
        self._opened[:] = self._state

    def close(self, batch: int) -> int | None:
        """Do the other rounds of a batch (0 to 80, in order); return a lane that will do."""
        for k, digit in enumerate(_counter_digits(batch)):
            if batch % 3**k == 0:
                self._opened[:, _REACHES[k]] = self._tables[digit][k]
        self._state[:] = self._opened
        _run(self._closing)
        return self._zero_lane()

    def _zero_lane(self) -> int | None:
        """Return the first lane whose hash ends in zeros (high bit set, low bit not)."""
        high, low = self._state[:, self._hash_end]
        zeros: Any = np.bitwise_and.reduce(high) & ~np.bitwise_or.reduce(low)
        if not zeros.any():
            return None
        word = int(zeros.nonzero()[0][0])
        lanes = int(zeros[word])
        return 64 * word + (lanes & -lanes).bit_length() - 1


def _finished(trytes: str, block: _Trits, weight: int) -> str:
    """Return the nonce of a block, once the transaction has been hashed the ordinary way."""
    nonce = _trytes(block[-3 * NONCE_TRYTES :])
    if weight_magnitude(curl_hash(trytes[:-NONCE_TRYTES] + nonce)) < weight:
        raise RuntimeError("the search for a proof of work gave a wrong nonce")
    return nonce


def search(
    trytes: str, minimum_weight_magnitude: int, stop: Callable[[], bool] = lambda: False
) -> str:
    """Return a nonce, 27 trytes, that gives a transaction's hash so many zero trits at its end.

    The transaction is 2673 trytes, whose own nonce is ignored; the weight magnitude is 1 to
    81, and 3**magnitude nonces are tried on average. `stop` is asked every 1536 nonces
    (about a millisecond); once it is true SearchStoppedError is raised.
    """
    state = _trits(
        trytes[-HASH_TRYTES:] + curl_state(trytes[:-HASH_TRYTES])[HASH_TRYTES:]
    )
    batches = _Batches(minimum_weight_magnitude)
    random = np.random.default_rng()
    while True:
        state[_RANDOM_POSITIONS] = random.integers(
            -1, 2, _RANDOM_POSITIONS.stop - _RANDOM_POSITIONS.start
        )
        batches.open(state)
        for batch in range(_BATCHES):
            if stop():
                raise SearchStoppedError
            lane = batches.close(batch)
            if lane is not None:
                state[_COUNTER_POSITIONS] = [
                    _COUNTER_VALUES[digit] for digit in reversed(_counter_digits(batch))
                ]
                state[_LANE_POSITIONS] = _LANE_NUMBERS[:, lane]
                return _finished(trytes, state[:HASH_LENGTH], minimum_weight_magnitude)
