"""Bitcoin through OpenTimestamps as a ledger: an anchor is a timestamp of a checkpoint.

    prepare     SHA-256 of the signed note ─► with a nonce ─► SHA-256: the digest
    publish     the digest to all calendars at once; a quorum must take it
    confirm     the calendars are asked for more; what they name is looked for in the chain
    renew       the same digest to the calendars again, where it was lost
    verify      the path from note to merkle root again, and the block's header

A calendar puts the digests of many people into one transaction a few times a day. The
timestamp that comes of it needs neither the calendar nor us: a chain of hashes leads from the
note to the merkle root in a block's header. The file of it (.ots) is in the receipt:

    {"proof": "AE9wZW5UaW1lc3RhbXBz…", "submitted_at": "2026-11-22T10:00:00+00:00",
     "block": "00000000000000000001…"}        the block's hash, once it is confirmed
"""

import asyncio
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from secrets import token_bytes
from urllib.parse import urlsplit

from ...transparency.checkpoint import SignedCheckpoint
from ...transparency.jcs import JsonValue
from ...transparency.log import LoggedReading
from ...transparency.note import VerifierKey
from ..given import public_url
from ..http import Transport
from ..ledger import (
    Account,
    AnchorStatus,
    LedgerError,
    LedgerRejectedError,
    LedgerUnavailableError,
    PreparedAnchor,
    Published,
    Reason,
    Receipt,
    Verification,
)
from .bitcoin import is_trial
from .calendar import Calendar, Calendars, Word
from .server import TIMEOUT
from .settings import OpenTimestampsSettings
from .sources import Sight, Sources, source
from .timestamp import (
    MOST_DEPTH,
    SHA256,
    InBlock,
    MalformedTimestampError,
    Pending,
    Timestamp,
    append,
    from_file,
    to_file,
)

NONCE_BYTES = 16
"""So that a calendar learns nothing of the checkpoint, as the reference client does it."""

SETTLING = timedelta(hours=1)
"""So long after it has taken a digest, a calendar may say that it does not know it."""

LOST_AFTER = timedelta(days=14)
"""In no block for longer, a timestamp is asked for again: fees may be high for days."""

CHECK_EVERY = timedelta(hours=1)
"""Calendars that answered are not asked more often whether they are there."""

MOST_PROOF = 2**18
"""Bytes of a proof; one of four calendars has a few thousand."""


def _now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Place:
    """A block that a timestamp leads to."""

    height: int
    sight: Sight


@dataclass(frozen=True, slots=True)
class _Findings:
    """What the chain says of a timestamp's attestations."""

    place: _Place | None
    """The lowest block that holds it and is deep enough."""
    is_shallow: bool
    """Whether a block holds it that is not deep enough yet."""
    is_unknown: bool
    """Whether it names a block that too few sources know; there may never be one."""
    refuted: tuple[tuple[bytes, InBlock], ...]
    """Attestations of blocks that do not have that merkle root."""


class OpenTimestampsLedger:
    """Anchors of one log in Bitcoin's chain; implements Ledger."""

    def __init__(
        self,
        transport: Transport,
        settings: OpenTimestampsSettings,
        verifier_key: VerifierKey,
        *,
        clock: Callable[[], datetime] = _now,
        timeout: timedelta = TIMEOUT,
    ) -> None:
        """Use the servers of the settings, each of which may take so long to answer."""
        self._settings = settings
        self._key = verifier_key
        self._clock = clock
        self._calendars = Calendars(transport, settings.calendars, timeout)
        nodes = [source(transport, url, timeout) for url in settings.nodes]
        self._sources = Sources(nodes, settings.network)
        self._check_at = datetime.min.replace(tzinfo=UTC)

    @property
    def unit(self) -> str | None:
        """Nothing: calendars are free, they live on donations."""
        return None

    async def check(self) -> str:
        """Return the hash of the chain's first block, once enough calendars are there.

        They are asked no more than once an hour, as long as all goes well. Where the chain
        is known, who tells of its blocks may be away: nothing need wait for that.
        """
        if self._check_at <= self._clock() or self._settings.network is None:
            answers = await self._calendars.all(Calendar.greet)
            self._check_quorum(answers, "are there")
        try:
            return (await self._sources.chain()).genesis
        except LedgerUnavailableError:
            if self._settings.network is None:
                raise
            return self._settings.network

    async def prepare(
        self, checkpoint: SignedCheckpoint, public: Sequence[LoggedReading]
    ) -> PreparedAnchor:
        """Return a checkpoint and its nonce; public readings cannot go with a hash."""
        nonce = token_bytes(NONCE_BYTES).hex()
        return PreparedAnchor(checkpoint.note, {"nonce": nonce})

    async def renew(self, prepared: PreparedAnchor) -> PreparedAnchor:
        """Return the same: the same digest is submitted once more."""
        return prepared

    async def publish(self, prepared: PreparedAnchor) -> Receipt:
        """Submit the digest to all calendars; it is submitted if enough of them take it."""
        stamp, digest = _unattested(prepared)

        async def submit(calendar: Calendar) -> Timestamp:
            timestamp = await calendar.submit(digest)
            if _joined(stamp, timestamp) is None:
                raise calendar.nonsense("a timestamp that is too long")
            return self._calendars.useful(calendar, timestamp)

        answers = await self._calendars.all(submit)
        self._check_quorum(answers, "have taken the checkpoint")
        for _, answer in answers:
            if isinstance(answer, Timestamp):
                stamp = _joined(stamp, answer) or stamp
        return Receipt(
            status=AnchorStatus.SUBMITTED,
            transaction=digest.hex(),
            confirmed_at=None,
            place=None,
            details={
                "proof": _encoded(stamp),
                "submitted_at": self._clock().astimezone(UTC).isoformat(),
            },
        )

    async def confirm(self, receipt: Receipt) -> Receipt:
        """Return what the calendars and the chain say of an anchor.

        What the calendars add to the proof is kept once it is found in the chain, or cannot
        be told yet.
        """
        stamp, submitted_at = _proof(receipt), _submitted_at(receipt)
        stamp, words = await self._upgraded(stamp)
        findings = await self._found(stamp)
        left = stamp.without(findings.refuted)
        if findings.place and left:
            return await self._confirmed(receipt, left, findings.place)
        problem = None if findings.is_shallow else self._loss(submitted_at, words)
        return replace(
            receipt,
            status=AnchorStatus.LOST if problem else AnchorStatus.SUBMITTED,
            confirmed_at=None,
            place=None,
            details={
                "proof": _encoded(left) if left else receipt.details["proof"],
                "submitted_at": receipt.details["submitted_at"],
                **({"problem": problem} if problem else {}),
            },
        )

    async def verify(
        self, receipt: Receipt, checkpoint: SignedCheckpoint
    ) -> Verification:
        """Return what the chain proves: `existed_before` is the time of the lowest block.

        Of a proof that names no block yet, the calendars are asked.
        """
        try:
            stamp = _proof(receipt)
        except LedgerRejectedError as error:
            return Verification(AnchorStatus.LOST, None, None, str(error))
        if stamp.message != sha256(checkpoint.note.encode()).digest():
            problem = "The timestamp is of something else than the checkpoint"
            return Verification(AnchorStatus.LOST, None, None, problem)
        if not _blocks(stamp):
            stamp, _ = await self._upgraded(stamp)
        findings = await self._found(stamp)
        if findings.place:
            return await self._verified(findings.place)
        problem = _problem(findings)
        may_be = findings.is_shallow or findings.is_unknown or not findings.refuted
        status = AnchorStatus.SUBMITTED if may_be else AnchorStatus.LOST
        return Verification(status, None, None, problem)

    async def latest(self) -> SignedCheckpoint | None:
        """Raise LedgerRejectedError: nothing can be found by a log's key."""
        raise _unsearchable()

    async def published(self, limit: int) -> Sequence[Published]:
        """Raise LedgerRejectedError: nothing can be found by a log's key."""
        raise _unsearchable()

    async def account(self) -> Account | None:
        """Return nothing: anchors are free."""
        return None

    def fee(self, receipt: Receipt) -> Decimal | None:
        """Return nothing: anchors are free."""
        return None

    def explorer_url(self, receipt: Receipt) -> str | None:
        """Return the page of the block, at the first explorer that was chosen.

        Explorers have their pages beside their API.
        """
        block = receipt.details.get("block")
        for url in map(public_url, self._settings.nodes):
            if block and urlsplit(url).path.rstrip("/").endswith("/api"):
                return f"{url.rstrip('/').removesuffix('/api')}/block/{block}"
        return None

    # Calendars

    def _check_quorum(
        self, answers: Sequence[tuple[Calendar, object | LedgerError]], done: str
    ) -> None:
        """Raise what tells most of the calendars that failed, if too many did.

        Those that did not are there, and need not be asked for a while.
        """
        errors = [answer for _, answer in answers if isinstance(answer, LedgerError)]
        count = len(answers) - len(errors)
        if count >= self._settings.quorum:
            self._check_at = self._clock() + CHECK_EVERY
            return
        self._check_at = self._clock()
        error = self._calendars.telling(errors)
        raise type(error)(
            error.reason,
            f"{count} of {len(answers)} calendars {done}, {self._settings.quorum} are"
            f" needed: {error}",
        )

    async def _upgraded(self, stamp: Timestamp) -> tuple[Timestamp, list[Word | None]]:
        """Return a timestamp with what its calendars know by now, and what they said.

        None stands for one that did not answer, or is not asked.
        """
        asked = [
            (self._calendars.at(each.uri), node.message)
            for node in stamp.nodes()
            if not _blocks(node)
            for each in node.attestations
            if isinstance(each, Pending)
        ]
        answers = await asyncio.gather(*(_ask(*each) for each in asked))
        for answer in answers:
            if isinstance(answer, Timestamp):
                stamp = _joined(stamp, answer) or stamp
        return stamp, [each if isinstance(each, Word) else None for each in answers]

    def _loss(self, submitted_at: datetime, words: Sequence[Word | None]) -> str | None:
        """Return why nothing will become of an anchor in no block, None if it may."""
        age = self._clock() - submitted_at
        if age > LOST_AFTER:
            return f"No calendar has put it into a block within {LOST_AFTER.days} days"
        if age > SETTLING and set(words) == {Word.UNKNOWN}:
            return "No calendar knows it any more"
        return None

    # The chain

    async def _found(self, stamp: Timestamp) -> _Findings:
        """Return what the chain says of a timestamp; raises LedgerError."""
        is_shallow, is_unknown, refuted = False, False, []
        for message, attestation in _blocks(stamp):
            sight = await self._sources.sight(attestation.height)
            if sight is None:
                is_unknown = True
            elif sight.header.merkle_root != message:
                refuted.append((message, attestation))
            elif sight.confirmations < self._settings.confirmations:
                is_shallow = True
            else:
                place = _Place(attestation.height, sight)
                return _Findings(place, is_shallow, is_unknown, tuple(refuted))
        return _Findings(None, is_shallow, is_unknown, tuple(refuted))

    async def _confirmed(
        self, receipt: Receipt, stamp: Timestamp, place: _Place
    ) -> Receipt:
        """Return the receipt of an anchor in a block that is deep enough."""
        verification = await self._verified(place)
        return replace(
            receipt,
            status=AnchorStatus.CONFIRMED,
            confirmed_at=verification.existed_before,
            place=verification.place,
            details={
                "proof": _encoded(stamp),
                "submitted_at": receipt.details["submitted_at"],
                "block": place.sight.header.hash,
            },
        )

    async def _verified(self, place: _Place) -> Verification:
        """Return what a block that is deep enough proves."""
        chain = await self._sources.chain()
        return Verification(
            AnchorStatus.CONFIRMED,
            place.sight.header.time,
            chain.place(place.height),
            None,
            is_trial=is_trial(chain.genesis),
        )


def ots_file(receipt: Receipt, checkpoint: SignedCheckpoint) -> tuple[bytes, bytes]:
    """Return an anchor as two files: the signed note, and its timestamp (.ots).

    `ots verify checkpoint.ots` of the reference client looks for the note in `checkpoint`.
    Raises LedgerRejectedError where the receipt holds no timestamp of this checkpoint.
    """
    note, stamp = checkpoint.note.encode(), _proof(receipt)
    if stamp.message != sha256(note).digest():
        problem = "The timestamp is of something else than the checkpoint"
        raise LedgerRejectedError(Reason.REJECTED, problem)
    return note, to_file(stamp)


async def _ask(calendar: Calendar | None, message: bytes) -> Timestamp | Word | None:
    """Return what a calendar knows of a message, None if it does not say."""
    if calendar is None:
        return None
    try:
        return await calendar.upgrade(message)
    except LedgerUnavailableError:
        return None


def _joined(stamp: Timestamp, answer: Timestamp) -> Timestamp | None:
    """Return a timestamp and what a calendar adds; None for more than can be read again."""
    joined = stamp.extended(answer)
    if joined.depth > MOST_DEPTH or len(to_file(joined)) > MOST_PROOF:
        return None
    return joined


def _blocks(stamp: Timestamp) -> list[tuple[bytes, InBlock]]:
    """Return the blocks that a timestamp names, the lowest first, and their merkle roots."""
    found = [
        (message, each)
        for message, each in stamp.attested()
        if isinstance(each, InBlock)
    ]
    return sorted(found, key=lambda each: each[1].height)


def _unattested(prepared: PreparedAnchor) -> tuple[Timestamp, bytes]:
    """Return the way from what was prepared to the digest, and the digest."""
    nonce = prepared.content.get("nonce")
    try:
        operations = (append(bytes.fromhex(str(nonce))), SHA256)
    except ValueError as error:
        problem = "What was prepared is damaged: it has no nonce"
        raise LedgerRejectedError(Reason.REJECTED, problem) from error
    message = sha256(prepared.checkpoint.encode()).digest()
    stamp = Timestamp.path(message, operations)
    *_, last = stamp.nodes()
    return stamp, last.message


def _proof(receipt: Receipt) -> Timestamp:
    """Return the timestamp in a receipt."""
    try:
        data = b64decode(_text(receipt.details, "proof"), validate=True)
        if len(data) > MOST_PROOF:
            raise MalformedTimestampError("Too long")
        return from_file(data)
    except ValueError as error:
        problem = f"The receipt holds no timestamp: {error}"
        raise LedgerRejectedError(Reason.REJECTED, problem) from error


def _submitted_at(receipt: Receipt) -> datetime:
    """Return when an anchor was submitted."""
    try:
        time = datetime.fromisoformat(_text(receipt.details, "submitted_at"))
        return time.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        problem = "The receipt does not say when it was submitted"
        raise LedgerRejectedError(Reason.REJECTED, problem) from error


def _text(details: Mapping[str, JsonValue], name: str) -> str:
    """Return a text of a receipt's details; raises ValueError."""
    value = details.get(name)
    if not isinstance(value, str):
        raise ValueError(f"no {name}")  # noqa: TRY004 - a stranger's value, not a caller's
    return value


def _encoded(stamp: Timestamp) -> str:
    """Return a timestamp's file as it stands in a receipt."""
    return b64encode(to_file(stamp)).decode()


def _problem(findings: _Findings) -> str:
    """Return why a timestamp is not confirmed, in one plain line."""
    if findings.is_shallow:
        return "Its block is not deep enough in the chain yet"
    if findings.is_unknown:
        return "Its block is not known yet"
    if findings.refuted:
        _, attestation = findings.refuted[0]
        return f"Block {attestation.height} does not hold it"
    return "It is in no block yet"


def _unsearchable() -> LedgerRejectedError:
    """Return the error for what cannot be looked for."""
    return LedgerRejectedError(
        Reason.UNSEARCHABLE,
        "Bitcoin holds hashes alone: whoever has a checkpoint and its timestamp can check"
        " them, but nobody can search for a log's",
    )
