"""The Tangle as a ledger: an anchor is a bundle of transactions without value.

    prepare     message ─► bundle ─► two tips from a node ─► chained, with nonces
    publish     the exact trytes to the first node that takes them
    confirm     every node is asked; the majority of those that answer decides
    renew       the same bundle at two new tips ("reattached"): another hash, one identity
    verify      all of it again from what the nodes hold
    published   what stands at the log's address, each hash computed again

A milestone, which the network's coordinator issues every now and then, confirms all that it
approves, directly or through others.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import pairwise

from ...transparency.checkpoint import SignedCheckpoint
from ...transparency.errors import MalformedError, SignatureError
from ...transparency.log import LoggedReading
from ...transparency.note import VerifierKey
from ..given import PLACEHOLDER
from ..http import Transport
from ..ledger import (
    AnchorStatus,
    LedgerRejectedError,
    LedgerUnavailableError,
    PreparedAnchor,
    Published,
    Reason,
    Receipt,
    Verification,
)
from ..message import Message, compose
from ..threads import cancellable_in_thread, in_thread
from .address import address_of
from .bundle import (
    Bundle,
    MalformedBundleError,
    attach,
    make,
    message_trytes,
    validate,
    validate_essence,
)
from .client import TIMEOUT, NodeInfo, TangleClient
from .history import Found, search_log
from .nodes import TangleNodes
from .settings import ProofOfWork, TangleSettings
from .transaction import MESSAGE_TRYTES, TAG_TRYTES, Transaction
from .trytes import MalformedTrytesError, text_to_trytes, trytes_to_text

TAG = "SENSORCHAIN".ljust(TAG_TRYTES, "9")

LOST_AFTER = timedelta(minutes=10)
"""Unconfirmed for longer, an anchor is taken for lost: nodes have ceased to choose it."""

SETTLING = timedelta(seconds=30)
"""So long after it was sent, a node may still be at checking what an anchor approves."""

MOST_LOOKED_AT = 500
"""Transactions of one bundle hash that are looked at, attachments by others included."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Sight:
    """What one node sees of an anchor: is it known, can it be confirmed, has it been."""

    client: TangleClient
    info: NodeInfo
    is_known: bool
    is_consistent: bool
    confirmed: str | None
    """The first transaction of the attachment that a milestone has referenced."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an anchor was confirmed: by a milestone, at that milestone's own time."""

    index: int
    time: datetime | None

    def __str__(self) -> str:
        """Return the place in words."""
        return f"milestone {self.index}"


class TangleLedger:
    """Anchors of one log on one Tangle; implements Ledger."""

    def __init__(
        self,
        transport: Transport,
        settings: TangleSettings,
        verifier_key: VerifierKey,
        *,
        clock: Callable[[], datetime] = _now,
        timeout: timedelta = TIMEOUT,
    ) -> None:
        """Use the nodes of the settings, each of which may take so long to answer."""
        self._settings = settings
        self._key = verifier_key
        self._address = address_of(verifier_key)
        self._clock = clock
        clients = [
            TangleClient(transport, url, timeout=timeout) for url in settings.nodes
        ]
        self._nodes = TangleNodes(clients, settings.coordinator)

    async def check(self) -> str:
        """Return the coordinator's address, once a node is found fit for use.

        A node of another network is an error even where others are fit: it would take
        part in every decision. So is a network other than at the last check.
        """
        return await self._nodes.check()

    async def prepare(
        self, checkpoint: SignedCheckpoint, public: Sequence[LoggedReading]
    ) -> PreparedAnchor:
        """Return the trytes of a bundle with the checkpoint, its proof of work done.

        Cancelled, it leaves no search running.
        """
        most = self._settings.transactions * MESSAGE_TRYTES // 2
        text = compose(checkpoint.note, public, most).to_text()
        if len(text) > most:
            raise LedgerRejectedError(
                Reason.TOO_LARGE,
                f"The checkpoint needs more than {self._settings.transactions} transactions",
            )
        timestamp = int(self._clock().timestamp())
        bundle = await in_thread(
            partial(make, self._address, TAG, text_to_trytes(text), timestamp)
        )
        return _prepared(checkpoint.note, await self._attached(bundle))

    async def renew(self, prepared: PreparedAnchor) -> PreparedAnchor:
        """Return the same bundle at two new tips, its proof of work done anew."""
        return _prepared(prepared.checkpoint, await self._attached(_bundle(prepared)))

    async def publish(self, prepared: PreparedAnchor) -> Receipt:
        """Send the bundle to the first node that takes it; what it has, it ignores.

        The anchor is lost at once where no node knows the tips that it approves (they were
        another node's, or the node has lost them).
        """
        bundle = _bundle(prepared)
        await in_thread(partial(self._check_attached, bundle))
        trytes = [transaction.to_trytes() for transaction in bundle]

        async def send(client: TangleClient) -> None:
            await client.store(trytes)
            await client.broadcast(trytes)

        status = AnchorStatus.SUBMITTED
        try:
            await self._nodes.first(send)
        except LedgerUnavailableError as error:
            if error.reason is not Reason.TIPS_UNKNOWN:
                raise
            status = AnchorStatus.LOST
        return Receipt(
            status=status,
            transaction=bundle[0].hash,
            confirmed_at=None,
            place=None,
            details={
                "address": self._address,
                "attached_at": bundle[0].attachment_timestamp,
                "bundle": bundle[0].bundle,
                "message": _digest(bundle),
            },
        )

    async def confirm(self, receipt: Receipt) -> Receipt:
        """Return what the majority of the nodes that answer say of an anchor.

        Any attachment of the same bundle with the same message counts.
        """
        sights = await self._sights(receipt)
        confirming = [sight for sight in sights if sight.confirmed]
        if 2 * len(confirming) > len(sights):
            return await self._confirmed(receipt, confirming)
        if not confirming and self._is_lost(receipt, sights):
            return replace(receipt, status=AnchorStatus.LOST)
        if confirming and self._age(receipt) > LOST_AFTER:
            raise LedgerUnavailableError(
                Reason.NODES_DISAGREE,
                f"{len(confirming)} of {len(sights)} nodes say that {receipt.transaction}"
                " is confirmed: no majority",
            )
        return replace(receipt, status=AnchorStatus.SUBMITTED)

    async def verify(
        self, receipt: Receipt, checkpoint: SignedCheckpoint
    ) -> Verification:
        """Return what the nodes' transactions prove, each hash and weight computed again.

        Nodes tell that an anchor is confirmed, not since when: `existed_before` is the
        time of their latest milestone. (The receipt's own time is what was noted then.)
        """
        answers = await self._nodes.each(
            lambda client: self._examined(client, receipt, checkpoint)
        )
        problems = [answer for answer in answers if isinstance(answer, str)]
        places = [answer for answer in answers if isinstance(answer, _Place)]
        if 2 * len(places) > len(answers):
            place = max(places, key=lambda each: each.index)
            # There is no Tangle of everybody any more: each is private, or for tests.
            return Verification(
                AnchorStatus.CONFIRMED, place.time, str(place), None, is_trial=True
            )
        if len(problems) == len(answers):
            return Verification(AnchorStatus.LOST, None, None, problems[0])
        problem = "The majority of the nodes does not say that it is confirmed"
        return Verification(AnchorStatus.SUBMITTED, None, None, problem)

    async def latest(self) -> SignedCheckpoint | None:
        """Return the largest checkpoint of the log that any fit node which answers knows."""
        answers = await self._nodes.each(self._searched)
        known = [found[0].checkpoint for found in answers if found]
        return max(known, key=lambda each: each.checkpoint.size, default=None)

    async def published(self, limit: int) -> Sequence[Published]:
        """Return what any fit node which answers holds, each transaction hashed again.

        Confirmed is what the majority of these nodes says is.
        """
        answers = await self._nodes.each(partial(self._published, limit=limit))
        by_name = {each.transaction: each for answer in answers for each in answer}
        votes = Counter(
            each.transaction
            for answer in answers
            for each in answer
            if each.is_confirmed
        )
        merged = [
            replace(each, is_confirmed=2 * votes[name] > len(answers))
            for name, each in by_name.items()
        ]
        merged.sort(key=lambda each: each.checkpoint.checkpoint.size, reverse=True)
        return merged[:limit]

    async def _published(self, client: TangleClient, limit: int) -> list[Published]:
        """Return the largest of what a fit node holds of the log."""
        found = (await self._searched(client))[:limit]
        await in_thread(partial(_check_hashes, client, found))
        names = [each.transaction for each in found]
        states = await client.inclusion_states(names) if names else []
        return [
            Published(each.checkpoint, each.transaction, state, each.message.readings)
            for each, state in zip(found, states, strict=True)
        ]

    async def _searched(self, client: TangleClient) -> list[Found]:
        """Return all that a fit node holds of the log, the largest checkpoint first."""
        await self._nodes.fit(client)
        return await search_log(client, self._address, self._key)

    unit = None

    async def account(self) -> None:
        """Return nothing: proof of work is all that an anchor costs."""

    def fee(self, receipt: Receipt) -> None:
        """Return nothing."""

    def explorer_url(self, receipt: Receipt) -> str | None:
        """Return the page of the anchor's first transaction."""
        if self._settings.explorer is None:
            return None
        return self._settings.explorer.replace(PLACEHOLDER, receipt.transaction)

    # Attaching

    async def _attached(self, bundle: Bundle) -> Bundle:
        """Return the bundle at two tips that a node gives, its proof of work done."""
        if self._settings.proof_of_work is ProofOfWork.NODE:
            return await self._nodes.first(partial(self._attached_by, bundle=bundle))
        trunk, branch = await self._nodes.first(lambda client: client.tips())
        return await cancellable_in_thread(
            lambda stop: attach(
                bundle, trunk, branch, self._milliseconds(), self._search(stop)
            )
        )

    def _search(self, stop: Callable[[], bool]) -> Callable[[str], str]:
        """Return a search for nonces of the weight in the settings; called in a thread."""
        # numpy, which takes long to load, is for those who anchor.
        from .proof_of_work import search

        weight = self._settings.minimum_weight_magnitude
        return lambda trytes: search(trytes, weight, stop)

    async def _attached_by(self, client: TangleClient, bundle: Bundle) -> Bundle:
        """Return the bundle as a node attached it, if it did what it was asked."""
        trunk, branch = await client.tips()
        trytes = [transaction.to_trytes() for transaction in bundle]
        weight = self._settings.minimum_weight_magnitude
        answer = await client.attach(trunk, branch, weight, trytes)
        attached = tuple(sorted(answer, key=lambda each: each.current_index))
        try:
            await in_thread(partial(self._check_attached, attached))
        except LedgerRejectedError as error:
            raise client.unavailable(
                Reason.NOT_A_NODE, f"did the proof of work wrong: {error}"
            ) from error
        if [_content(each) for each in attached] != [_content(each) for each in bundle]:
            raise client.unavailable(Reason.NOT_A_NODE, "attached something else")
        return attached

    def _check_attached(self, bundle: Bundle) -> None:
        """Refuse a bundle that no node would take."""
        try:
            validate(bundle)
        except MalformedBundleError as error:
            raise LedgerRejectedError(Reason.REJECTED, str(error)) from error
        weight = self._settings.minimum_weight_magnitude
        if any(transaction.weight < weight for transaction in bundle):
            raise LedgerRejectedError(
                Reason.WEIGHT_REFUSED, f"A transaction's weight is less than {weight}"
            )

    # Confirming

    async def _sights(self, receipt: Receipt) -> list[_Sight]:
        """Return what every node that answers sees of an anchor."""
        return await self._nodes.each(lambda client: self._sight(client, receipt))

    async def _sight(self, client: TangleClient, receipt: Receipt) -> _Sight:
        """Return what a node sees of an anchor."""
        tails = await self._attachments(client, receipt)
        states = await client.inclusion_states(tails) if tails else []
        confirmed = [tail for tail, state in zip(tails, states, strict=True) if state]
        is_consistent = (
            bool(confirmed) or not tails or await client.is_consistent(tails[0])
        )
        # Asked last: the milestone that confirmed it is not newer than this one.
        info = await self._nodes.fit(client)
        return _Sight(
            client, info, bool(tails), is_consistent, next(iter(confirmed), None)
        )

    async def _attachments(self, client: TangleClient, receipt: Receipt) -> list[str]:
        """Return the first transactions of a bundle's attachments that a node knows.

        The bundle hash does not cover messages: only those with ours count.
        """
        hashes = await client.find_bundle(_text(receipt, "bundle"))
        hashes.sort(key=lambda each: each != receipt.transaction)
        known = await client.transactions(hashes[:MOST_LOOKED_AT])
        by_hash = {each.hash: each for each in known if each is not None}
        return [
            first.hash
            for first in by_hash.values()
            if first.current_index == 0
            and (bundle := _chain(first, by_hash))
            and _digest(bundle) == _text(receipt, "message")
        ]

    async def _confirmed(self, receipt: Receipt, confirming: list[_Sight]) -> Receipt:
        """Return the receipt of a confirmed anchor.

        Of the nodes' latest milestones the highest is named: that one is late enough
        for all of them.
        """
        sight = max(confirming, key=lambda each: each.info.solid_milestone_index)
        place = await _latest_place(sight.client, sight.info)
        return replace(
            receipt,
            status=AnchorStatus.CONFIRMED,
            transaction=sight.confirmed or receipt.transaction,
            confirmed_at=place.time,
            place=str(place),
            details={
                **receipt.details,
                "coordinator": sight.info.coordinator,
                "milestone": sight.info.solid_milestone,
            },
        )

    def _is_lost(self, receipt: Receipt, sights: list[_Sight]) -> bool:
        """Whether an anchor that no node has confirmed will not be any more."""
        knowing = [sight for sight in sights if sight.is_known]
        age = self._age(receipt)
        if not knowing or age > LOST_AFTER:
            return True
        return age > SETTLING and not any(sight.is_consistent for sight in knowing)

    def _age(self, receipt: Receipt) -> timedelta:
        """Return how long ago an anchor was attached."""
        return timedelta(
            milliseconds=self._milliseconds() - _number(receipt, "attached_at")
        )

    # Verifying

    async def _examined(
        self, client: TangleClient, receipt: Receipt, checkpoint: SignedCheckpoint
    ) -> "_Place | str | None":
        """Return where a node proves an anchor to be confirmed, what is wrong, or None.

        None stands for an anchor that is as it should be, not confirmed yet.
        """
        bundle = await self._fetched(client, receipt.transaction)
        if bundle is None:
            return f"No transaction {receipt.transaction} is known"
        problem = await in_thread(partial(self._problem, bundle, checkpoint))
        if problem is not None:
            return problem
        (is_included,) = await client.inclusion_states([receipt.transaction])
        info = await self._nodes.fit(client)
        return await _latest_place(client, info) if is_included else None

    async def _fetched(self, client: TangleClient, tail: str) -> Bundle | None:
        """Return the bundle that a first transaction begins, walked along its trunks."""
        bundle: list[Transaction] = []
        following = tail
        while True:
            transaction = (await client.transactions([following]))[0]
            if transaction is None:
                return None
            bundle.append(transaction)
            if not len(bundle) <= transaction.last_index < MOST_LOOKED_AT:
                return tuple(bundle)
            following = transaction.trunk

    def _problem(self, bundle: Bundle, checkpoint: SignedCheckpoint) -> str | None:
        """Return what is wrong with an anchor of a checkpoint, or None."""
        try:
            self._check_attached(bundle)
            if any(each.address != self._address for each in bundle):
                return "The address is not the one of this log"
            note = Message.parse(trytes_to_text(message_trytes(bundle))).checkpoint
            SignedCheckpoint.open(note, self._key)
        except (
            LedgerRejectedError,
            MalformedError,
            MalformedTrytesError,
            SignatureError,
        ) as error:
            return f"The transaction does not hold an anchor: {error}"
        if note != checkpoint.note:
            return "The transaction holds another checkpoint"
        return None

    def _milliseconds(self) -> int:
        """Return the time in milliseconds since 1970."""
        return int(self._clock().timestamp() * 1000)


def _check_hashes(client: TangleClient, found: Iterable[Found]) -> None:
    """Refuse what a node gives under a wrong hash."""
    for each in found:
        if each.bundle[0].hash != each.transaction or not _is_chained(each.bundle):
            raise client.unavailable(
                Reason.NOT_A_NODE, "gave a transaction a hash that is not its own"
            )


def _is_chained(bundle: Bundle) -> bool:
    """Whether each transaction names the next one by its own hash."""
    return all(each.trunk == following.hash for each, following in pairwise(bundle))


async def _latest_place(client: TangleClient, info: NodeInfo) -> _Place:
    """Return a node's latest milestone as a place, with its time if it can be had."""
    try:
        (milestone,) = await client.transactions([info.solid_milestone])
    except LedgerUnavailableError:
        milestone = None
    return _Place(info.solid_milestone_index, _milestone_time(milestone, info))


def _milestone_time(milestone: Transaction | None, info: NodeInfo) -> datetime | None:
    """Return when a milestone was issued, to the millisecond or to the end of a second.

    Its timestamp is in whole seconds, rounded down: what it confirms may be newer.
    """
    if milestone is None or milestone.address != info.coordinator:
        return None
    end = 1000 * (milestone.timestamp + 1)
    attached = milestone.attachment_timestamp
    try:
        return _EPOCH + timedelta(
            milliseconds=attached if end - 1000 <= attached < end else end
        )
    except OverflowError:
        return None


def _prepared(note: str, bundle: Bundle) -> PreparedAnchor:
    """Return an attached bundle as it is stored: the final trytes, in the order of index."""
    return PreparedAnchor(note, {"trytes": [each.to_trytes() for each in bundle]})


def _bundle(prepared: PreparedAnchor) -> Bundle:
    """Return the bundle that was prepared."""
    trytes = prepared.content.get("trytes")
    given = trytes if isinstance(trytes, list) else []
    try:
        bundle = tuple(Transaction.from_trytes(str(each)) for each in given)
        validate_essence(bundle)
    except (MalformedTrytesError, MalformedBundleError) as error:
        problem = f"What was prepared is damaged: {error}"
        raise LedgerRejectedError(Reason.REJECTED, problem) from error
    return bundle


def _content(transaction: Transaction) -> tuple[str, str, str, str]:
    """Return what attaching does not change of a transaction."""
    return transaction.essence, transaction.message, transaction.bundle, transaction.tag


def _digest(bundle: Iterable[Transaction]) -> str:
    """Return SHA-256 of a bundle's message trytes, in hexadecimal digits."""
    return sha256("".join(each.message for each in bundle).encode()).hexdigest()


def _chain(first: Transaction, known: Mapping[str, Transaction]) -> Bundle:
    """Return the bundle that a first transaction begins, or nothing if it is not whole."""
    bundle = [first]
    while len(bundle) <= first.last_index and (
        following := known.get(bundle[-1].trunk)
    ):
        bundle.append(following)
    try:
        validate(bundle)
    except MalformedBundleError:
        return ()
    return tuple(bundle)


def _text(receipt: Receipt, name: str) -> str:
    """Return a text of a receipt's details."""
    value = receipt.details.get(name)
    if not isinstance(value, str):
        raise LedgerRejectedError(Reason.REJECTED, f"The receipt has no {name}")
    return value


def _number(receipt: Receipt, name: str) -> int:
    """Return a number of a receipt's details."""
    value = receipt.details.get(name)
    if type(value) is not int:
        raise LedgerRejectedError(Reason.REJECTED, f"The receipt has no {name}")
    return value
