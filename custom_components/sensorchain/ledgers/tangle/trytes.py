"""Trits, trytes, integers and text.

A trit is -1, 0 or 1. Three make a tryte, the least significant first, written as one of 27
characters: 9 is 0, A to M are 1 to 13 and N to Z are -13 to -1 (IOTA protocol before 1.5,
"Ternary"). Example: M = [1, 1, 1], N = [-1, -1, -1].
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Trits: TypeAlias = NDArray[np.int8]

ALPHABET = "9ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# The values of the alphabet's characters: 0, 1 … 13, -13 … -1.
VALUES = np.array([*range(14), *range(-13, 0)])
_VALUE_OF = {
    character: int(value) for character, value in zip(ALPHABET, VALUES, strict=True)
}
_TRITS = np.stack(
    [(VALUES + 1) % 3, (VALUES + 4) // 3 % 3, (VALUES + 13) // 9], axis=1
).astype(np.int8) - np.int8(1)
_CHARACTERS = np.frombuffer(ALPHABET.encode(), np.uint8)
_NO_TRYTE = 27
_INDEX_OF_BYTE = np.full(256, _NO_TRYTE, np.uint8)
_INDEX_OF_BYTE[_CHARACTERS] = np.arange(27)


class MalformedTrytesError(ValueError):
    """A text that is not trytes, or trytes that do not hold what they should."""


def is_trytes(value: object, length: int) -> bool:
    """Whether a value is a text of exactly this many trytes."""
    return isinstance(value, str) and len(value) == length and not value.strip(ALPHABET)


def _tryte_indices(trytes: str) -> NDArray[np.uint8]:
    """Each character's place in the alphabet."""
    if not trytes.isascii():
        raise MalformedTrytesError("trytes are the characters 9 and A to Z")
    indices = _INDEX_OF_BYTE[np.frombuffer(trytes.encode(), np.uint8)]
    if (indices == _NO_TRYTE).any():
        raise MalformedTrytesError("trytes are the characters 9 and A to Z")
    return indices


def trytes_to_trits(trytes: str) -> Trits:
    """Three trits a tryte, the least significant first; raises MalformedTrytesError."""
    return _TRITS[_tryte_indices(trytes)].ravel()


def trits_to_trytes(trits: Trits) -> str:
    """Return the trytes of trits (values -1, 0, 1; a multiple of three of them)."""
    values = trits.reshape(-1, 3).astype(np.int16) @ np.array((1, 3, 9), np.int16)
    return _CHARACTERS[values % 27].tobytes().decode()


def trytes_to_integer(trytes: str) -> int:
    """Return the integer of trytes in balanced ternary, the least significant first."""
    value = 0
    for character in reversed(trytes):
        try:
            value = 27 * value + _VALUE_OF[character]
        except KeyError:
            raise MalformedTrytesError(
                "trytes are the characters 9 and A to Z"
            ) from None
    return value


def integer_to_trytes(value: int, length: int) -> str:
    """Return an integer in balanced ternary, `length` trytes.

    Raises OverflowError beyond ±(27**length - 1) / 2.
    """
    offset = (27**length - 1) // 2
    if abs(value) > offset:
        raise OverflowError(f"{value} does not fit into {length} trytes")
    rest, characters = value + offset, []
    for _ in range(length):
        rest, digit = divmod(rest, 27)
        characters.append(ALPHABET[digit - 13])
    return "".join(characters)


def text_to_trytes(text: str) -> str:
    """Two trytes a character, its code's remainder and quotient by 27; ASCII only.

    The same as PyOTA's and @iota/converter's: "{" (code 123 = 4 * 27 + 15) becomes "OD".
    """
    if not text.isascii():
        raise MalformedTrytesError("only ASCII text can be written in trytes")
    return "".join(ALPHABET[code % 27] + ALPHABET[code // 27] for code in text.encode())


def trytes_to_text(trytes: str) -> str:
    """Return the ASCII text of trytes, the reverse of text_to_trytes.

    Zeros at the end (pairs "99") belong to the text. Raises MalformedTrytesError.
    """
    indices = _tryte_indices(trytes)
    if len(indices) % 2:
        raise MalformedTrytesError("a text has two trytes a character")
    codes = indices[0::2].astype(np.uint16) + 27 * indices[1::2].astype(np.uint16)
    if (codes > 127).any():
        raise MalformedTrytesError("these trytes do not hold ASCII text")
    return codes.astype(np.uint8).tobytes().decode()
