"""Trits, trytes, integers and text.

A trit is -1, 0 or 1. Three make a tryte, the least significant first, written as one of 27
characters: 9 is 0, A to M are 1 to 13 and N to Z are -13 to -1 (IOTA protocol before 1.5,
"Ternary"). Example: M = [1, 1, 1], N = [-1, -1, -1].
"""

from itertools import product

ALPHABET = "9ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_VALUE_OF = {
    character: (place + 13) % 27 - 13 for place, character in enumerate(ALPHABET)
}
_TRITS_OF = {
    ALPHABET[a + 3 * b + 9 * c]: (a, b, c) for a, b, c in product((-1, 0, 1), repeat=3)
}
_PAIR_OF = {code: ALPHABET[code % 27] + ALPHABET[code // 27] for code in range(128)}
_CHARACTER_OF = {pair: chr(code) for code, pair in _PAIR_OF.items()}


class MalformedTrytesError(ValueError):
    """A text that is not trytes, or trytes that do not hold what they should."""


def is_trytes(value: object, length: int) -> bool:
    """Whether a value is a text of exactly this many trytes."""
    return isinstance(value, str) and len(value) == length and not value.strip(ALPHABET)


def trytes_to_trits(trytes: str) -> list[int]:
    """Three trits a tryte, the least significant first; raises MalformedTrytesError."""
    try:
        return [trit for tryte in trytes for trit in _TRITS_OF[tryte]]
    except KeyError:
        raise MalformedTrytesError("trytes are the characters 9 and A to Z") from None


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
    return text.translate(_PAIR_OF)


def trytes_to_text(trytes: str) -> str:
    """Return the ASCII text of trytes, the reverse of text_to_trytes.

    Zeros at the end (pairs "99") belong to the text. Raises MalformedTrytesError.
    """
    pairs = [trytes[start : start + 2] for start in range(0, len(trytes), 2)]
    try:
        return "".join([_CHARACTER_OF[pair] for pair in pairs])
    except KeyError:
        raise MalformedTrytesError("these trytes do not hold ASCII text") from None
