"""What of objects on the chain is read: trails, their records, capabilities, notarizations.

Their form is BCS, a struct's fields in the order in which Move declares them; an ID is an
address, an option is none or one, sets and maps are vectors. Every reader raises
MalformedError for anything else, and leaves nothing unread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TypeVar

from ...transparency.errors import MalformedError
from .bcs import Reader
from .transaction import ADDRESS_SIZE, Transaction, hash_of

Found = TypeVar("Found")

_OBJECT_ID = b"\xf1"
"""Before what the id of an object is hashed of (iota-types, HashingIntentScope)."""

_PERMISSIONS = 19
"""So many there are (audit_trails::permission, enum Permission)."""

_TEXT = 1
_LOCKED = 1


def made_by(transaction: Transaction, count: int = 0) -> bytes:
    """Return the id of what a transaction makes, after so many others.

    It is the BLAKE2b-256 hash of f1, the transaction's digest and the count in eight bytes
    (iota-types, ObjectID::derive_id): nobody can have it before the transaction is made.
    """
    of = hash_of(transaction.to_bytes()) + count.to_bytes(8, "little")
    return blake2b(_OBJECT_ID + of, digest_size=ADDRESS_SIZE).digest()


@dataclass(frozen=True, slots=True)
class Capability:
    """What lets its owner do something with a trail.

    (tf_components::capability, struct Capability.)

        32  id
        32  the trail's id
            role: a text
            only for whom, from and until when: options of an address, a u64, a u64
    """

    trail: bytes
    role: str

    @classmethod
    def parse(cls, data: bytes) -> "Capability":
        """Return the capability of an object's contents."""
        return _whole(data, cls._read)

    @classmethod
    def _read(cls, reader: Reader) -> "Capability":
        """Read one."""
        _id(reader)
        trail, role = _id(reader), reader.text()
        reader.option(_id)
        reader.option(_u64)
        reader.option(_u64)
        return cls(trail, role)


@dataclass(frozen=True, slots=True)
class TrailState:
    """A trail as it is now (audit_trails::main, struct AuditTrail).

    32  id
    32  creator
     8  when it was made, in milliseconds since 1970
     8  how many records it has ever had
    32  records: id of the table (iota::linked_table)
     8  how many there are
        the first one's number and the last one's: options of a u64
        tags: a map of texts to u64
        what cannot be deleted, and until when: see _read_locks
        roles: see _read_roles
        name and description, which never change: an option of a text and of one
        what may be changed: an option of a text
     8  version of the package
    """

    creator: bytes
    table: bytes
    """Under whose id the records are kept."""
    count: int
    """Of the records; their numbers are those below."""
    name: str | None

    @classmethod
    def parse(cls, data: bytes) -> "TrailState":
        """Return the trail of an object's contents."""
        return _whole(data, cls._read)

    @classmethod
    def _read(cls, reader: Reader) -> "TrailState":
        """Read one."""
        _id(reader)
        creator = _id(reader)
        _u64(reader)
        count = _u64(reader)
        table = _read_table(reader, _u64)
        reader.sequence(lambda reader: (reader.text(), _u64(reader)))
        _read_locks(reader)
        _read_roles(reader)
        name = reader.option(_read_name)
        reader.option(Reader.text)
        _u64(reader)
        return cls(creator, table, count, name)


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a trail, as its table holds it.

    (iota::linked_table, struct Node; audit_trails::record, struct Record.)

            the numbers of the one before and the one behind it: options of a u64
            data: 0 bytes, or 1 a text
            metadata and tag: options of a text
         8  number
        32  who has added it
         8  when, in milliseconds since 1970
            the numbers of those that it replaces: a vector of u64
            the number of the one that replaces it: an option of a u64
    """

    text: str | None
    """None where it holds bytes."""
    number: int
    added_by: bytes
    added_at: datetime

    @classmethod
    def parse(cls, data: bytes) -> "Record":
        """Return the record of an entry of the table."""
        return _whole(data, cls._read)

    @classmethod
    def _read(cls, reader: Reader) -> "Record":
        """Read one."""
        reader.option(_u64)
        reader.option(_u64)
        text = _read_data(reader)
        reader.option(Reader.text)
        reader.option(Reader.text)
        found = cls(text, _u64(reader), _id(reader), _time(reader))
        reader.sequence(_u64)
        reader.option(_u64)
        return found


@dataclass(frozen=True, slots=True)
class Notarization:
    """A text that has been notarised (iota_notarization::notarization, Notarization<String>).

    32  id
        the text; what is said of it: an option of a text
     8  when it was made, in milliseconds since 1970
        description: an option of a text
        locks: an option of three, see _read_lock
        what may be changed: an option of a text
     8  when the text was last changed, in milliseconds since 1970
     8  how often
        method: 0 dynamic, 1 locked
    """

    text: str
    changed_at: datetime
    is_locked: bool

    @classmethod
    def parse(cls, data: bytes) -> "Notarization":
        """Return the notarization of an object's contents."""
        return _whole(data, cls._read)

    @classmethod
    def _read(cls, reader: Reader) -> "Notarization":
        """Read one."""
        _id(reader)
        text = reader.text()
        reader.option(Reader.text)
        _u64(reader)
        reader.option(Reader.text)
        reader.option(_read_three_locks)
        reader.option(Reader.text)
        changed_at = _time(reader)
        _u64(reader)
        return cls(text, changed_at, _variant(reader, 2) == _LOCKED)


def _whole(data: bytes, read: Callable[[Reader], Found]) -> Found:
    """Return what all of the bytes are the form of."""
    reader = Reader(data)
    found = read(reader)
    reader.finish()
    return found


def _id(reader: Reader) -> bytes:
    """Read an id."""
    return reader.fixed(ADDRESS_SIZE)


def _u64(reader: Reader) -> int:
    """Read a u64."""
    return reader.number(8)


def _time(reader: Reader) -> datetime:
    """Read milliseconds since 1970."""
    try:
        return datetime.fromtimestamp(_u64(reader) / 1000, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise MalformedError("A time that cannot be") from error


def _variant(reader: Reader, count: int) -> int:
    """Read which of so many variants of an enum it is."""
    variant = reader.length()
    if variant >= count:
        raise MalformedError("A variant that is not known")
    return variant


def _read_table(reader: Reader, key: Callable[[Reader], object]) -> bytes:
    """Read a linked table: its id, its size, its first key and its last; return its id."""
    table = _id(reader)
    _u64(reader)
    reader.option(key)
    reader.option(key)
    return table


def _read_locks(reader: Reader) -> None:
    """Read what of a trail is locked (audit_trails::locking, struct LockingConfig).

    Which records: none (0), the younger than so many seconds (1), so many of the newest (2);
    then until when the trail cannot be deleted, and not be written to.
    """
    if _variant(reader, 3):
        _u64(reader)
    _read_time_lock(reader)
    _read_time_lock(reader)


def _read_time_lock(reader: Reader) -> None:
    """Read a lock (tf_components::timelock, enum TimeLock).

    Until a second (0) or a millisecond (1), until it is destroyed (2), forever (3), none (4).
    """
    variant = _variant(reader, 5)
    if variant < 2:
        reader.number((4, 8)[variant])


def _read_three_locks(reader: Reader) -> None:
    """Read until when a notarization cannot be changed, deleted, and given away."""
    for _ in range(3):
        _read_lock(reader)


def _read_lock(reader: Reader) -> None:
    """Read a lock (iota_notarization::timelock, enum TimeLock).

    Until a second (0), until it is destroyed (1), none (2).
    """
    if not _variant(reader, 3):
        reader.number(4)


def _read_roles(reader: Reader) -> None:
    """Read who may do what with a trail (tf_components::role_map, struct RoleMap).

    The trail's id; roles; the name of the administrator's; a table of
    revoked capabilities; a set of the first administrators'; five permissions that it takes
    to change all that.
    """
    _id(reader)
    reader.sequence(_read_role)
    reader.text()
    _read_table(reader, _id)
    reader.sequence(_id)
    for _ in range(5):
        _read_permission(reader)


def _read_role(reader: Reader) -> None:
    """Read a role: its name, a set of permissions, and an option of a set of tags."""
    reader.text()
    reader.sequence(_read_permission)
    reader.option(lambda reader: reader.sequence(Reader.text))


def _read_permission(reader: Reader) -> int:
    """Read a permission."""
    return _variant(reader, _PERMISSIONS)


def _read_data(reader: Reader) -> str | None:
    """Read what a record holds; None for bytes."""
    if _variant(reader, 2) == _TEXT:
        return reader.text()
    reader.blob()
    return None


def _read_name(reader: Reader) -> str:
    """Read a name, and an option of a description."""
    name = reader.text()
    reader.option(Reader.text)
    return name
