"""One calendar: what it takes, what it promises, and what has become of that."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from secrets import token_bytes
import time

from custom_components.sensorchain.ledgers.opentimestamps.timestamp import (
    SHA256,
    InBlock,
    Operation,
    Pending,
    Timestamp,
    append,
    prepend,
)

from .store import Store

MOST_DIGEST = 64
"""Bytes that may be submitted, as otsd has it."""


class Mood(Enum):
    """How a calendar is; all but the first are for tests."""

    HONEST = "honest"
    ALWAYS_PENDING = "always pending"
    FORGETFUL = "forgetful"
    STALLING = "stalling"
    FAULTY = "faulty"
    FOREIGN = "foreign"
    """It leaves the rest to a server that it has no business with."""
    INVENTIVE = "inventive"
    """It names a block that does not hold the message."""
    PROPHETIC = "prophetic"
    """It names a block that is not there."""
    DEEP = "deep"
    """It hashes hundreds of times, for nothing."""
    GARBLED = "garbled"
    HUGE = "huge"


_DEEP = 240
_INVENTED = {Mood.INVENTIVE: 1, Mood.PROPHETIC: 10**6}


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: an HTTP status and a body."""

    status: int
    body: bytes


@dataclass(slots=True)
class Calendar:
    """A calendar called `name` in the store, at its URI for the world."""

    store: Store
    name: str
    uri: str
    mood: Mood = Mood.HONEST
    asked: int = 0
    """How many requests it has had."""

    def take(self, digest: bytes) -> Reply:
        """Promise to timestamp a digest."""
        self.asked += 1
        if not 0 < len(digest) <= MOST_DIGEST:
            return Reply(400, b"digest too long")
        seconds = int(time.time()).to_bytes(4, "big")
        operations: tuple[Operation, ...] = (
            append(token_bytes(16)),
            SHA256,
            prepend(seconds),
            append(token_bytes(8)),
        )
        if self.mood is Mood.DEEP:
            operations += (SHA256,) * _DEEP
        uri = "http://192.168.1.1/admin" if self.mood is Mood.FOREIGN else self.uri
        timestamp = Timestamp.path(digest, operations, Pending(uri))
        *_, (message, _) = timestamp.attested()
        self.store.promise(self.name, message)
        return self._spoilt(Reply(200, timestamp.to_bytes()))

    def tell(self, message: bytes) -> Reply:
        """Tell what has become of a message."""
        self.asked += 1
        found = self.store.find(self.name, message)
        if found is None or self.mood is Mood.FORGETFUL:
            return self._spoilt(Reply(404, b"Not found"))
        (timestamp,) = found
        if self.mood is Mood.DEEP:
            end = InBlock(1)
            timestamp = Timestamp.path(message, (SHA256,) * _DEEP, end).to_bytes()
        if height := _INVENTED.get(self.mood):
            timestamp = Timestamp.path(message, (SHA256,), InBlock(height)).to_bytes()
        if timestamp is None or self.mood is Mood.ALWAYS_PENDING:
            return self._spoilt(
                Reply(404, b"Pending confirmation in Bitcoin blockchain")
            )
        return self._spoilt(Reply(200, timestamp))

    def commitment(self) -> tuple[bytes, list[Timestamp]] | None:
        """Return 32 bytes for all messages that wait, and how each leads there."""
        messages = self.store.promised(self.name)
        return gathered(messages) if messages else None

    def fulfil(
        self, height: int, timestamps: Sequence[Timestamp], end: Timestamp
    ) -> None:
        """Keep that all that waited leads to a block."""
        finished = [
            (each.message, each.extended(end).to_bytes()) for each in timestamps
        ]
        self.store.keep(self.name, height, finished)

    def _spoilt(self, reply: Reply) -> Reply:
        """Return a reply as it is in this mood."""
        if self.mood is Mood.FAULTY:
            return Reply(503, b"<html>out of order</html>")
        if self.mood is Mood.GARBLED:
            return Reply(200, b"\xff" + reply.body[::-1])
        if self.mood is Mood.HUGE:
            return Reply(200, reply.body + bytes(10_000_000))
        return reply


def gathered(messages: Sequence[bytes]) -> tuple[bytes, list[Timestamp]]:
    """Return what pairs of messages lead to, hashed until one is left, and the way from each.

    (opentimestamps 0.4.5, core/timestamp.py, make_merkle_tree: what has no other beside it waits for the next row.)
    """
    paths = [[SHA256] for _ in messages]
    row = [(SHA256(message), [place]) for place, message in enumerate(messages)]
    while len(row) > 1:
        pairs = list(zip(row[::2], row[1::2], strict=False))
        alone = row[-1:] * (len(row) % 2)
        row = []
        for (left, lefts), (right, rights) in pairs:
            for places, join in ((lefts, append(right)), (rights, prepend(left))):
                for place in places:
                    paths[place] += [join, SHA256]
            row.append((SHA256(left + right), [*lefts, *rights]))
        row += alone
    ((end, _),) = row
    return end, [
        Timestamp.path(message, path)
        for message, path in zip(messages, paths, strict=True)
    ]
