"""Entries of tables, which Move keeps as objects of their own (iota-types, dynamic_field.rs).

The id of an entry's object follows from the table and the key; its contents are

    Field { id: 32 bytes, name: the key, value }
"""

from hashlib import blake2b

from .bcs import Writer
from .transaction import ADDRESS_SIZE, Type

_CHILD = b"\xf0"
"""Before what the id of a child object is the hash of (HashingIntentScope::ChildObjectId)."""

_KEY_SIZE = 8
_KEY = Type("u64")


def entry_id(table: bytes, number: int) -> bytes:
    """Return the id of the object that holds what stands in a table under a u64."""
    key, kind = _key(number), Writer()
    _KEY.write(kind)
    size = len(key).to_bytes(8, "little")
    hashed = _CHILD + table + size + key + kind.finish()
    return blake2b(hashed, digest_size=ADDRESS_SIZE).digest()


def entry_value(table: bytes, number: int, contents: bytes) -> bytes:
    """Return the value in such an object's contents; raises ValueError for another's."""
    before = entry_id(table, number) + _key(number)
    if not contents.startswith(before):
        raise ValueError("not an entry of this table")
    return contents[len(before) :]


def _key(number: int) -> bytes:
    """Return the form of a key."""
    return number.to_bytes(_KEY_SIZE, "little")
