"""Base58, in which digests are written (the alphabet of Bitcoin)."""

_CHARACTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def encode_base58(data: bytes) -> str:
    """Return bytes in Base58."""
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = _CHARACTERS[digit] + text
    zeros = len(data) - len(data.lstrip(b"\0"))
    return _CHARACTERS[0] * zeros + text


def decode_base58(text: str, size: int) -> bytes | None:
    """Return the bytes of a text, None unless there are so many."""
    number = 0
    for character in text[: 2 * size]:
        digit = _CHARACTERS.find(character)
        if digit < 0:
            return None
        number = number * 58 + digit
    if number >> 8 * size:
        return None
    data = number.to_bytes(size, "big")
    return data if encode_base58(data) == text else None
