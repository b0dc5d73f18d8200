"""What stands of a log on the chain: in its trail, or in what its account has notarised.

Who has written it does not matter: what counts is the signature of the checkpoint.
"""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import TypeVar

from ...transparency.checkpoint import SignedCheckpoint
from ...transparency.errors import MalformedError, SignatureError
from ...transparency.note import VerifierKey
from ..ledger import Published, Reason
from ..message import Message
from .client import Executed, IotaClient
from .objects import Notarization, Record, TrailState
from .programs import Packages, Trail, message_of
from .transaction import written
from .wire import PAGE

Found = TypeVar("Found")

MOST_OTHERS = 20
"""In a row that are none of the log's, before it is given up."""

SEARCHED = 20
"""Records that are read in search of a message, from where it should be backwards."""

MOST_PAGES = 5
"""Of what an account has sent, in a row without an anchor, before it is given up."""

FULL = PAGE
"""Of so many objects a node may have more than it lists."""


def parsed(
    client: IotaClient, parse: Callable[[bytes], Found], contents: bytes
) -> Found:
    """Return what a node gives as an object's contents; raises LedgerUnavailableError."""
    try:
        return parse(contents)
    except MalformedError as error:
        problem = f"answered what no object is: {error}"
        raise client.unavailable(Reason.NOT_A_NODE, problem) from error


async def trail_state(
    client: IotaClient, trail: bytes, packages: Packages
) -> TrailState | None:
    """Return a trail as it is now; None where a node has no such trail."""
    found = await client.object(trail)
    if found is None or found.kind != str(packages.trail):
        return None
    return parsed(client, TrailState.parse, found.contents)


async def find_record(
    client: IotaClient,
    trail: bytes,
    packages: Packages,
    message: str,
    before: datetime | None,
) -> Record | None:
    """Return the record of a trail that holds a message, if it was added before a time.

    Records have times that never decrease: the last one before is found by halving.
    """
    state = await trail_state(client, trail, packages)
    if state is None:
        return None
    end = state.count
    if before is not None:
        end = await _count_before(client, state, before)
    for number in reversed(range(max(end - SEARCHED, 0), end)):
        record = await _record(client, state, number)
        if record.text == message:
            return record
    return None


async def search_trail(
    client: IotaClient, trail: Trail, packages: Packages, key: VerifierKey, limit: int
) -> list[Published]:
    """Return the log's records in its trail, the newest first."""
    found: list[Published] = []
    others = 0
    async for record in _newest(client, trail.object_id, packages):
        name = f"{written(trail.object_id)}/{record.number}"
        anchor = _published(record.text or "", name, key)
        if anchor:
            found.append(anchor)
        others = 0 if anchor else others + 1
        if len(found) == limit:
            break
        if others == MOST_OTHERS:
            problem = "has too many other records in the trail"
            raise client.rejected(Reason.UNSEARCHABLE, problem)
    return found


async def search_notarizations(
    client: IotaClient, owner: bytes, packages: Packages, key: VerifierKey, limit: int
) -> list[Published]:
    """Return the log's notarizations among what an account has sent, the newest first.

    Where a node has forgotten that, among the objects that the account has.
    """
    found = await _sent(client, owner, packages, key, limit)
    if found:
        return found
    objects = await client.owned(owner, str(packages.notarised))
    if len(objects) >= FULL:
        problem = (
            "has forgotten the account's transactions, and lists few of its objects"
        )
        raise client.rejected(Reason.UNSEARCHABLE, problem)
    for each in objects:
        notarization = parsed(client, Notarization.parse, each.contents)
        name = written(each.reference.object_id)
        if anchor := _published(notarization.text, name, key):
            found.append(anchor)
    return sorted(found, key=size, reverse=True)[:limit]


def size(published: Published) -> int:
    """Return how many leaves a checkpoint has."""
    return published.checkpoint.checkpoint.size


async def _newest(
    client: IotaClient, trail: bytes, packages: Packages
) -> AsyncIterator[Record]:
    """Yield the records of a trail, the newest first."""
    state = await trail_state(client, trail, packages)
    if state is None:
        raise client.unavailable(Reason.OUT_OF_SYNC, "does not have the log's trail")
    for number in reversed(range(state.count)):
        yield await _record(client, state, number)


async def _record(client: IotaClient, state: TrailState, number: int) -> Record:
    """Return a record of a trail."""
    entry = await client.entry(state.table, number)
    if entry is None:
        problem = f"has lost record {number} of a trail"
        raise client.unavailable(Reason.OUT_OF_SYNC, problem)
    record = parsed(client, Record.parse, entry)
    if record.number != number:
        problem = f"answered another record than number {number}"
        raise client.unavailable(Reason.NOT_A_NODE, problem)
    return record


async def _count_before(client: IotaClient, state: TrailState, time: datetime) -> int:
    """Return how many records were added by a time."""
    least, most = 0, state.count
    while least < most:
        middle = (least + most) // 2
        if (await _record(client, state, middle)).added_at <= time:
            least = middle + 1
        else:
            most = middle
    return least


async def _sent(
    client: IotaClient, owner: bytes, packages: Packages, key: VerifierKey, limit: int
) -> list[Published]:
    """Return the log's notarizations among what an account has sent, the newest first."""
    found: list[Published] = []
    others, cursor = 0, None
    while True:
        sent = await client.sent(owner, cursor)
        anchors = [
            anchor
            for each in sent.transactions
            if (anchor := _anchor(each, packages, key))
        ]
        found += anchors
        cursor, others = sent.cursor, 0 if anchors else others + 1
        if cursor is None or len(found) >= limit:
            return found[:limit]
        if others == MOST_PAGES:
            problem = "has too many other transactions of the account"
            raise client.rejected(Reason.UNSEARCHABLE, problem)


def _anchor(sent: Executed, packages: Packages, key: VerifierKey) -> Published | None:
    """Return the anchor that a transaction has made, None for none of this log."""
    message = message_of(sent.transaction.program, packages)
    if message is None or sent.effects.problem:
        return None
    is_confirmed = sent.included is not None
    return _published(message, sent.transaction.digest, key, is_confirmed=is_confirmed)


def _published(
    text: str, name: str, key: VerifierKey, *, is_confirmed: bool = True
) -> Published | None:
    """Return the anchor that a text is, None for none of this log."""
    try:
        message = Message.parse(text)
        checkpoint = SignedCheckpoint.open(message.checkpoint, key)
    except (MalformedError, SignatureError):
        return None
    return Published(checkpoint, name, is_confirmed, message.readings)
