r"""The proof format of OpenTimestamps: how one reaches a block's merkle root from a digest.

A timestamp is a tree. At its root is a message; operations lead to other messages; an
attestation says where a message stands. A file that is as good as finished:

    004f70656e54696d65…92 94    magic: "\0OpenTimestamps\0\0Proof\0" and eight bytes more
    01                          version
    08 <32 bytes>               SHA-256 of the file that is timestamped
    f0 10 <16 bytes>            append a nonce
    08                          SHA-256: what the calendars are given
    ff f1 04 <4 bytes> …        a branch (another one follows): prepend four bytes, …
       00 83dfe30d2ef90c8e …    … an attestation: pending at a calendar, whose URL follows
    f0 20 <32 bytes> 08 …       the last branch: append, SHA-256, …
       00 0588960d73d71901 …    … an attestation: merkle root of the block of this height

(opentimestamps 0.4.5: core/timestamp.py, core/op.py, core/notary.py. Numbers are LEB128,
texts and arguments follow their length.) Calendars use three operations; others are refused.
Attestations of other kinds, those of other chains, are left out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import accumulate
import re
from typing import NamedTuple

FILE_MAGIC = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94"
FILE_VERSION = 1

MOST_MESSAGE = 4096
"""Bytes of a message and of an argument (core/op.py, MAX_RESULT_LENGTH)."""

MOST_DEPTH = 255
"""Operations one after the other (core/timestamp.py, the limit of recursion)."""

MOST_PAYLOAD = 8192
"""Bytes of an attestation (core/notary.py, MAX_PAYLOAD_SIZE)."""

MOST_HEIGHT = 2**31 - 1
"""Blocks; there will be as many in 40 000 years."""

_APPEND, _PREPEND, _SHA256 = 0xF0, 0xF1, 0x08
_ATTESTATION, _FORK = 0x00, 0xFF
_TAG_BYTES = 8

# core/notary.py, PendingAttestation: no query, no fragment, no user, nothing escaped.
_URI = re.compile(rb"[A-Za-z0-9._/:-]{0,1000}\Z")


class MalformedTimestampError(ValueError):
    """Bytes that are not a timestamp, or not in its one canonical form."""


class Operation(NamedTuple):
    """What leads from one message to the next; in the order in which they are written."""

    tag: int
    argument: bytes = b""
    """Empty for SHA-256."""

    def __call__(self, message: bytes) -> bytes:
        """Return the next message; raises MalformedTimestampError if it is too long."""
        result = _APPLIED[self.tag](message, self.argument)
        if len(result) > MOST_MESSAGE:
            raise MalformedTimestampError("A message of a timestamp is too long")
        return result

    def to_bytes(self) -> bytes:
        """As it is written."""
        argument = b"" if self.tag == _SHA256 else _sized(self.argument)
        return bytes([self.tag]) + argument


_APPLIED: Mapping[int, Callable[[bytes, bytes], bytes]] = {
    _APPEND: lambda message, argument: message + argument,
    _PREPEND: lambda message, argument: argument + message,
    _SHA256: lambda message, _: sha256(message).digest(),
}

SHA256 = Operation(_SHA256)


def append(argument: bytes) -> Operation:
    """Return the operation that puts 1 to 4096 bytes behind a message."""
    return Operation(_APPEND, argument)


def prepend(argument: bytes) -> Operation:
    """Return the operation that puts 1 to 4096 bytes before a message."""
    return Operation(_PREPEND, argument)


@dataclass(frozen=True, slots=True)
class Pending:
    """A calendar has taken the message, and can be asked for more at its URI."""

    uri: str

    tag = bytes.fromhex("83dfe30d2ef90c8e")

    def payload(self) -> bytes:
        """Return the bytes that follow the tag."""
        return _sized(self.uri.encode())

    def order(self) -> tuple[bytes, str]:
        """Return what attestations of one message are sorted by."""
        return self.tag, self.uri


@dataclass(frozen=True, slots=True)
class InBlock:
    """The message is the merkle root of Bitcoin's block of this height."""

    height: int

    tag = bytes.fromhex("0588960d73d71901")

    def payload(self) -> bytes:
        """Return the bytes that follow the tag."""
        return _number(self.height)

    def order(self) -> tuple[bytes, int]:
        """Return what attestations of one message are sorted by."""
        return self.tag, self.height


Attestation = Pending | InBlock


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A message, what attests it, and where operations lead from it. Never changed."""

    message: bytes
    attestations: frozenset[Attestation] = frozenset()
    branches: Mapping[Operation, "Timestamp"] = field(default_factory=dict)

    @classmethod
    def path(
        cls, message: bytes, operations: Sequence[Operation], *ends: Attestation
    ) -> "Timestamp":
        """Return the timestamp that leads along operations to attestations."""
        messages = list(
            accumulate(operations, lambda last, each: each(last), initial=message)
        )
        timestamp = cls(messages.pop(), frozenset(ends))
        for each, operation in zip(messages[::-1], operations[::-1], strict=True):
            timestamp = cls(each, branches={operation: timestamp})
        return timestamp

    def merged(self, other: "Timestamp") -> "Timestamp":
        """Return all of two timestamps of one message; raises ValueError for two of two."""
        if self.message != other.message:
            raise ValueError("These timestamps are of different messages")
        branches = dict(self.branches)
        for operation, branch in other.branches.items():
            ours = branches.get(operation)
            branches[operation] = ours.merged(branch) if ours else branch
        return Timestamp(self.message, self.attestations | other.attestations, branches)

    def extended(self, other: "Timestamp") -> "Timestamp":
        """Return this with another timestamp merged in wherever its message stands here."""
        branches = dict(self.branches)
        # A loop, not a comprehension: on Python 3.11 that would go twice as deep.
        for operation, branch in self.branches.items():
            branches[operation] = branch.extended(other)
        extended = Timestamp(self.message, self.attestations, branches)
        return extended.merged(other) if self.message == other.message else extended

    def without(
        self, refuted: Iterable[tuple[bytes, Attestation]]
    ) -> "Timestamp | None":
        """Return this less some attestations of messages; None when nothing is left."""
        refuted = frozenset(refuted)
        kept = frozenset(
            each for each in self.attestations if (self.message, each) not in refuted
        )
        branches = {
            operation: left
            for operation, branch in self.branches.items()
            if (left := branch.without(refuted))
        }
        return Timestamp(self.message, kept, branches) if kept or branches else None

    def nodes(self) -> Iterator["Timestamp"]:
        """Yield this timestamp and all that are below it."""
        left = [self]
        while left:
            yield (node := left.pop())
            left += node.branches.values()

    @property
    def depth(self) -> int:
        """The number of operations on the longest way."""
        depth, row = 0, [self]
        while row := [each for node in row for each in node.branches.values()]:
            depth += 1
        return depth

    def attested(self) -> Iterator[tuple[bytes, Attestation]]:
        """Yield every attestation with the message that it is about."""
        for node in self.nodes():
            for attestation in node.attestations:
                yield node.message, attestation

    def to_bytes(self) -> bytes:
        """As it is written: sorted, the message itself left out.

        Raises ValueError for one that attests nothing.
        """
        parts = [
            bytes([_ATTESTATION]) + each.tag + _sized(each.payload())
            for each in sorted(self.attestations, key=_order)
        ]
        parts += [
            operation.to_bytes() + branch.to_bytes()
            for operation, branch in sorted(self.branches.items())
        ]
        if not parts:
            raise ValueError("A timestamp that attests nothing cannot be written")
        return b"".join(bytes([_FORK]) + part for part in parts[:-1]) + parts[-1]


def _order(attestation: Attestation) -> tuple[bytes, str | int]:
    """Return what attestations are sorted by; two of one tag have values of one type."""
    return attestation.order()


def parse_timestamp(data: bytes, message: bytes) -> Timestamp:
    """Return the timestamp of a message, as calendars send it.

    Attestations need not be sorted, and there may be none that we know. Raises
    MalformedTimestampError.
    """
    reader = _Reader(data)
    timestamp = _timestamp(reader, message, MOST_DEPTH)
    reader.end()
    return timestamp


def to_file(timestamp: Timestamp) -> bytes:
    """Return the bytes of an .ots file; the message is the SHA-256 of what is stamped."""
    head = FILE_MAGIC + _number(FILE_VERSION) + SHA256.to_bytes()
    return head + timestamp.message + timestamp.to_bytes()


def from_file(data: bytes) -> Timestamp:
    """Return the timestamp of an .ots file; raises MalformedTimestampError.

    Only what to_file writes is taken: sorted, with nothing that is not understood.
    """
    reader = _Reader(data)
    if reader.take(len(FILE_MAGIC)) != FILE_MAGIC:
        raise MalformedTimestampError("Not a file of OpenTimestamps")
    if reader.number() != FILE_VERSION or reader.take(1) != SHA256.to_bytes():
        raise MalformedTimestampError("Not a file of version 1 with a SHA-256")
    timestamp = _timestamp(reader, reader.take(sha256().digest_size), MOST_DEPTH)
    reader.end()
    if not any(timestamp.attested()) or to_file(timestamp) != data:
        raise MalformedTimestampError("Not in the one canonical form")
    return timestamp


def _timestamp(reader: "_Reader", message: bytes, depth: int) -> Timestamp:
    """Read all that is known of a message."""
    if depth < 0:
        raise MalformedTimestampError("Too many operations one after the other")
    timestamp = Timestamp(message)
    while True:
        is_fork = (tag := reader.byte()) == _FORK
        part = _part(reader, reader.byte() if is_fork else tag, message, depth)
        timestamp = timestamp.merged(part)
        if not is_fork:
            return timestamp


def _part(reader: "_Reader", tag: int, message: bytes, depth: int) -> Timestamp:
    """Read an attestation, or an operation and all that follows it."""
    if tag == _ATTESTATION:
        return Timestamp(message, _attestation(reader))
    operation = _operation(reader, tag)
    branch = _timestamp(reader, operation(message), depth - 1)
    # Nothing that we know may be left of it.
    is_known = branch.attestations or branch.branches
    return Timestamp(message, branches={operation: branch} if is_known else {})


def _operation(reader: "_Reader", tag: int) -> Operation:
    """Read an operation's argument."""
    if tag not in _APPLIED:
        raise MalformedTimestampError(f"Operation {tag:02x} is not used by calendars")
    if tag == _SHA256:
        return SHA256
    argument = reader.sized(MOST_MESSAGE)
    if not argument:
        raise MalformedTimestampError("An operation without an argument")
    return Operation(tag, argument)


def _attestation(reader: "_Reader") -> frozenset[Attestation]:
    """Read an attestation; nothing, if it is of a kind that is not known."""
    tag = reader.take(_TAG_BYTES)
    payload = _Reader(reader.sized(MOST_PAYLOAD))
    attestation: Attestation
    if tag == InBlock.tag:
        attestation = InBlock(payload.number())
    elif tag == Pending.tag:
        attestation = Pending(payload.uri())
    else:
        return frozenset()
    payload.end()
    return frozenset({attestation})


def _number(value: int) -> bytes:
    """Return a number as LEB128: seven bits a byte, the least significant first."""
    data = bytearray()
    while value > 0x7F:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*data, value])


def _sized(data: bytes) -> bytes:
    """Return bytes behind their length."""
    return _number(len(data)) + data


class _Reader:
    """Bytes that are read from the first to the last; all raise MalformedTimestampError."""

    def __init__(self, data: bytes) -> None:
        """Begin at the first byte."""
        self._data = data
        self._place = 0

    def take(self, count: int) -> bytes:
        """Return the next bytes."""
        taken = self._data[self._place : self._place + count]
        if len(taken) < count:
            raise MalformedTimestampError("The timestamp is cut off")
        self._place += count
        return taken

    def byte(self) -> int:
        """Return the next byte."""
        return self.take(1)[0]

    def number(self) -> int:
        """Return a number up to that of the highest block, in its shortest form."""
        start, value = self._place, 0
        for shift in range(0, MOST_HEIGHT.bit_length(), 7):
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
        if value > MOST_HEIGHT or _number(value) != self._data[start : self._place]:
            raise MalformedTimestampError(
                "A number is too large, or not in its shortest form"
            )
        return value

    def sized(self, most: int) -> bytes:
        """Return bytes behind their length."""
        if (count := self.number()) > most:
            raise MalformedTimestampError(f"More than {most} bytes")
        return self.take(count)

    def uri(self) -> str:
        """Return a calendar's URI."""
        uri = self.sized(MOST_MESSAGE)
        if not _URI.match(uri):
            raise MalformedTimestampError("A calendar's URI cannot be what it says")
        return uri.decode()

    def end(self) -> None:
        """Refuse what follows."""
        if self._place < len(self._data):
            raise MalformedTimestampError("Something follows the timestamp")
