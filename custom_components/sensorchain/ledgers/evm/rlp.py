"""RLP, in which Ethereum writes everything down (Yellow Paper appendix B).

An item is a string of bytes or a list of items:

    one byte under 0x80      itself
    up to 55 bytes           0x80 + length, the bytes        0x83 "dog"
    more bytes               0xb7 + length of length, length, the bytes
    a list of up to 55       0xc0 + length, its items        0xc4 0x83 "dog"
    a longer list            0xf7 + length of length, length, its items

A number is its bytes, the first one first, without leading zeroes; 0 is no bytes.
"""

from typing import TypeAlias

from .errors import MalformedTransactionError

Item: TypeAlias = "bytes | list[Item]"

MOST_DEPTH = 8
"""Lists in lists that are read; a transaction has three."""

_STRING = 0x80
_LIST = 0xC0
_MOST_SHORT = 55


def encode(item: Item) -> bytes:
    """Return the bytes of an item."""
    if isinstance(item, list):
        return _headed(_LIST, b"".join(map(encode, item)))
    if len(item) == 1 and item[0] < _STRING:
        return item
    return _headed(_STRING, item)


def decode(data: bytes) -> Item:
    """Return the item of bytes; raise MalformedTransactionError unless they are its own."""
    item, rest = _read(data, MOST_DEPTH)
    if rest or encode(item) != data:
        raise MalformedTransactionError("Not RLP in its one form")
    return item


def from_number(number: int) -> bytes:
    """Return a number, 0 or more, as a string of bytes."""
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def to_number(item: Item) -> int:
    """Return the number of an item; raise MalformedTransactionError if it is none."""
    if isinstance(item, list) or item[:1] == b"\0":
        raise MalformedTransactionError("Not a number")
    return int.from_bytes(item, "big")


def _headed(kind: int, body: bytes) -> bytes:
    """Return a body with what tells its kind and its length."""
    if len(body) <= _MOST_SHORT:
        return bytes([kind + len(body)]) + body
    length = from_number(len(body))
    return bytes([kind + _MOST_SHORT + len(length)]) + length + body


def _read(data: bytes, depth: int) -> tuple[Item, bytes]:
    """Return the first item of bytes, and what is left of these."""
    if not data or not depth:
        raise MalformedTransactionError("Not RLP: it ends too early, or is too deep")
    if data[0] < _STRING:
        return data[:1], data[1:]
    kind = _LIST if data[0] >= _LIST else _STRING
    body, rest = _body(data[0] - kind, data[1:])
    if kind == _STRING:
        return body, rest
    items: list[Item] = []
    while body:
        item, body = _read(body, depth - 1)
        items.append(item)
    return items, rest


def _body(size: int, data: bytes) -> tuple[bytes, bytes]:
    """Return a body whose head tells its size, and what is left."""
    if size > _MOST_SHORT:
        digits = size - _MOST_SHORT
        size, data = int.from_bytes(data[:digits], "big"), data[digits:]
    if size > len(data):
        raise MalformedTransactionError("Not RLP: it ends too early")
    return data[:size], data[size:]
