"""IOTA as a ledger: an anchor is a record in the log's trail, or a notarization of its own.

    prepare     message ─► program ─► dry run, budget and coins ─► signed
    publish     the exact bytes to every node, or to the gas station that pays
    confirm     every node is asked; more than half must answer, and all of these must agree
    renew       the same bytes where they may still be executed; new ones where they cannot
    verify      all of it again from what the nodes hold, the digest computed from the bytes
    published   what is found in the trail, or in what the account has sent

A transaction uses up objects, each in one version: coins, and what lets the account write to
the trail. Two transactions on the same version lock it until the epoch ends. So while one may
still be executed, nothing else is signed on what it uses.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from ...transparency.checkpoint import SignedCheckpoint
from ...transparency.log import LoggedReading
from ...transparency.note import VerifierKey
from ..given import PLACEHOLDER
from ..http import Transport
from ..ledger import (
    Account,
    AnchorStatus,
    LedgerRejectedError,
    LedgerUnavailableError,
    PreparedAnchor,
    Published,
    Reason,
    Receipt,
    Verification,
)
from ..message import Message, compose, problem_of
from .anchor import (
    Details,
    Signed,
    confirmed,
    lost,
    prepared as stored,
    sent,
    transactions_of,
)
from .client import IotaClient
from .errors import MalformedTransactionError
from .history import search_notarizations, search_trail, size
from .networks import is_trial
from .nodes import IotaNodes, clients
from .payer import REFUSALS, GasStation, OwnCoins, Payer, Purse
from .programs import Trail, add_record, message_of, notarise, trail_of
from .settings import UNIT, AnchorForm, IotaSettings, in_unit, nanos
from .sight import (
    Failed,
    Sight,
    Standing,
    Waiting,
    can_be_executed,
    executed,
    known,
    living,
    prevailing,
    used_up,
)
from .trails import TrailMaker, recorder
from .transaction import Program, Transaction, written
from .wire import TIMEOUT

SETTLING = timedelta(seconds=30)
"""So long after it was sent, a transaction may not be known to all nodes yet."""

DISPUTED_AFTER = timedelta(minutes=10)
"""Nodes may contradict each other on a transaction as long."""

TYPICAL_MESSAGE = "-" * 340
"""As long as a checkpoint and no readings."""


def _now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


class IotaLedger:
    """Anchors of one log on one network; implements Ledger."""

    def __init__(
        self,
        transport: Transport,
        settings: IotaSettings,
        verifier_key: VerifierKey,
        *,
        clock: Callable[[], datetime] = _now,
        timeout: timedelta = TIMEOUT,
    ) -> None:
        """Use the nodes of the settings, each of which may take so long to answer."""
        self._settings = settings
        self._packages = settings.packages
        self._key = verifier_key
        self._clock = clock
        self._nodes = IotaNodes(clients(transport, settings, timeout), settings.chain)
        self._own_purse = self._opened(transport, timeout)
        # What may still be executed, by its name: nothing else uses its objects.
        self._under_way: dict[str, Transaction] = {}
        self._last_fee = 0

    @property
    def unit(self) -> str | None:
        """What anchors are paid in; None where a gas station pays."""
        return None if self._settings.gas_station else UNIT

    async def check(self) -> str:
        """Return the network's identifier, once a node is found fit for use."""
        return await self._nodes.check()

    async def make_trail(self) -> Trail:
        """Return the log's trail, which is made unless it is there; raises LedgerError."""
        purse, origin = self._purse, self._key.name
        return await TrailMaker(self._nodes, purse, self._packages, origin).make()

    # Sending

    async def prepare(
        self, checkpoint: SignedCheckpoint, public: Sequence[LoggedReading]
    ) -> PreparedAnchor:
        """Return a signed transaction with the checkpoint, and what it may cost at the most."""
        most = self._settings.most_bytes
        message = compose(checkpoint.note, public, most).to_text()
        if len(message) > most:
            problem = f"The checkpoint needs more than {most} bytes"
            raise LedgerRejectedError(Reason.TOO_LARGE, problem)
        return stored(checkpoint.note, await self._signed(message))

    async def publish(self, prepared: PreparedAnchor) -> Receipt:
        """Have the newest transaction executed; it counts as sent once its effects are certified.

        It is lost at once where it is refused, or has failed. But what is refused may have
        been executed before.
        """
        transactions = transactions_of(prepared)
        last = transactions[-1].transaction
        self._under_way[last.digest] = last
        problem, status = None, AnchorStatus.SUBMITTED
        try:
            problem = (await self._purse.send(transactions[-1])).problem
        except REFUSALS:
            if not await self._is_known(transactions):
                return sent(transactions, self._clock(), AnchorStatus.LOST)
        del self._under_way[last.digest]
        if problem is not None:
            problem, status = _failure(problem), AnchorStatus.LOST
        return sent(transactions, self._clock(), status, problem)

    async def renew(self, prepared: PreparedAnchor) -> PreparedAnchor:
        """Return what is to be sent of an anchor that was lost: the same bytes, or new ones.

        New ones are signed only when more than half of the nodes answer, and all of these
        say that what was signed before stands nowhere and cannot be executed any more.
        """
        transactions = transactions_of(prepared)
        last = transactions[-1].transaction
        if last.sender != self._purse.address:
            return prepared
        answers = await self._nodes.agreed(
            lambda client: self._is_over(client, transactions)
        )
        if not all(answers):
            return prepared
        self._under_way.pop(last.digest, None)
        message = message_of(last.program, self._packages)
        if message is None:
            message = Message(prepared.checkpoint, ()).to_text()
        again = await self._signed(message, len(transactions) + 1)
        return stored(prepared.checkpoint, *transactions, again)

    async def _signed(self, message: str, attempt: int = 1) -> Signed:
        """Return a transaction that publishes a message, on objects that are free."""
        purse = self._purse
        held = {
            reference.object_id
            for transaction in self._under_way.values()
            for reference in used_up(transaction)
        }
        return await purse.sign(await self._program(message, held), held, attempt)

    async def _program(self, message: str, held: Collection[bytes]) -> Program:
        """Return what publishes a message."""
        if self._settings.form is AnchorForm.NOTARIZATION:
            return notarise(self._packages, message)
        trail = self._settings.trail_object
        if trail is None:
            problem = "The log has no trail yet to add records to"
            raise LedgerRejectedError(Reason.REJECTED, problem)
        account, packages = self._purse.address, self._packages
        capability = prevailing(
            await self._nodes.agreed(
                lambda client: recorder(client, account, packages, trail)
            )
        )
        if capability is None:
            raise LedgerRejectedError(
                Reason.REJECTED,
                f"The account {written(account)} may not add records to the trail"
                f" {written(trail.object_id)}",
            )
        if capability.object_id in held:
            problem = "What was sent before holds the log's trail"
            raise LedgerUnavailableError(Reason.NODE_ERROR, problem)
        return add_record(packages, trail, capability, message)

    async def _is_known(self, transactions: Sequence[Signed]) -> bool:
        """Whether any node has executed one of an anchor's transactions with success."""
        answers = await self._nodes.each(
            lambda client: self._found(client, transactions)
        )
        return any(isinstance(each, Standing | Waiting) for each in answers)

    async def _is_over(
        self, client: IotaClient, transactions: Sequence[Signed]
    ) -> bool:
        """Whether a node finds that an anchor stands nowhere, and will not as it is.

        Looked for again at the end: what is executed in between is not taken for missing.
        """
        found = await self._found(client, transactions)
        if found is None and not await self._can_come(client, transactions[-1]):
            found = await self._found(client, transactions)
            return not isinstance(found, Standing | Waiting)
        return isinstance(found, Failed)

    async def _can_come(self, client: IotaClient, signed: Signed) -> bool:
        """Whether what a node has not executed may still be.

        A gas station sends while it keeps the coins or not at all: then it lends them to others.
        """
        if signed.reservation and signed.reservation.is_over(self._clock()):
            return False
        return await can_be_executed(client, signed.transaction)

    async def _found(self, client: IotaClient, transactions: Sequence[Signed]) -> Sight:
        """Return what a node has of an anchor: a transaction of it, or what that has made."""
        names = [each.transaction.digest for each in transactions]
        last = transactions[-1].transaction
        found = await known(client, names)
        return found or await living(client, last, self._packages)

    @property
    def _purse(self) -> Purse:
        """What signs and pays; raises LedgerRejectedError where there is no key."""
        if self._own_purse is None:
            raise LedgerRejectedError(Reason.REJECTED, "There is no key to sign with")
        return self._own_purse

    def _opened(self, transport: Transport, timeout: timedelta) -> Purse | None:
        """Return what signs and pays, None where there is no key."""
        settings = self._settings
        if settings.key is None:
            return None
        payer: Payer = OwnCoins(self._nodes, settings.key.address)
        if settings.gas_station is not None:
            payer = GasStation(
                transport,
                settings.gas_station,
                settings.gas_station_token,
                self._nodes,
                clock=self._clock,
                timeout=timeout,
            )
        return Purse(self._nodes, settings.key, payer, nanos(settings.most_fee))

    # Confirming

    async def confirm(self, receipt: Receipt) -> Receipt:
        """Return what more than half of the nodes, without one against it, say of an anchor.

        A checkpoint is final: nobody need be asked again.
        """
        if receipt.status is AnchorStatus.CONFIRMED:
            return receipt
        details = Details.of(receipt)
        age = self._clock() - details.sent_at
        answers = await self._nodes.agreed(
            lambda client: self._seen(client, details, is_old=age > SETTLING)
        )
        if standing := _agreed(answers):
            self._last_fee = standing.fee or self._last_fee
            return confirmed(receipt, standing)
        failures = [each.problem for each in answers if isinstance(each, Failed)]
        if len(failures) == len(answers):
            return lost(receipt, _failure(failures[0]))
        if not any(answers) and age > SETTLING:
            return lost(receipt)
        if age > DISPUTED_AFTER and not all(
            isinstance(each, Waiting) for each in answers
        ):
            problem = f"The nodes do not agree on where {receipt.transaction} stands"
            raise LedgerUnavailableError(Reason.NODES_DISAGREE, problem)
        return receipt

    async def _seen(
        self, client: IotaClient, details: Details, *, is_old: bool
    ) -> Sight:
        """Return what a node sees of an anchor; what is old, it may have forgotten."""
        found = await known(client, details.names)
        if found is None and is_old:
            return await living(client, details.transaction, self._packages)
        return found

    # Verifying

    async def verify(
        self, receipt: Receipt, checkpoint: SignedCheckpoint
    ) -> Verification:
        """Return what the nodes' transactions and objects prove.

        Each digest is computed again from the bytes, so that no node can show other data. That
        the transaction was executed, and when, are the nodes' word: more than half must
        answer, and all of these must say the same. What they have forgotten is proved by the
        object that it has made, with the object's own time. Who has signed and paid it proves
        nothing: what counts is the signature of the checkpoint.
        """
        answers = await self._nodes.agreed(
            lambda client: self._examined(client, receipt, checkpoint)
        )
        problems = [answer for answer in answers if isinstance(answer, str)]
        sights = [answer for answer in answers if not isinstance(answer, str)]
        standing = None if problems else _agreed(sights)
        if standing:
            return Verification(
                AnchorStatus.CONFIRMED,
                standing.time,
                standing.place,
                None,
                is_trial=is_trial(self._settings.chain),
            )
        if not sights:
            return Verification(AnchorStatus.LOST, None, None, problems[0])
        problem = "The nodes do not agree, or not yet, that it is confirmed"
        return Verification(AnchorStatus.SUBMITTED, None, None, problem)

    async def _examined(
        self, client: IotaClient, receipt: Receipt, checkpoint: SignedCheckpoint
    ) -> Standing | Waiting | str:
        """Return where a node has an anchor, or what is wrong."""
        await self._nodes.fit(client)
        details = Details.of(receipt)
        names = dict.fromkeys((*details.names, receipt.transaction))
        try:
            found = await executed(client, list(names))
        except MalformedTransactionError as error:
            return f"The transaction is no anchor: {error}"
        transaction = found.transaction if found else details.transaction
        if problem := self._problem(transaction, receipt, checkpoint):
            return problem
        if isinstance(found, Failed):
            return _failure(found.problem)
        if found is None and transaction.digest == receipt.transaction:
            found = await living(
                client, transaction, self._packages, receipt.confirmed_at
            )
        return found or f"No transaction {receipt.transaction} is known"

    def _problem(
        self, transaction: Transaction, receipt: Receipt, checkpoint: SignedCheckpoint
    ) -> str | None:
        """Return what is wrong with an anchor of a checkpoint, or None."""
        message = message_of(transaction.program, self._packages)
        if message is None:
            return "The transaction is no anchor"
        trail = trail_of(transaction.program)
        if receipt.details.get("trail") != (trail and written(trail)):
            return "The transaction is of another trail"
        return problem_of(lambda: Message.parse(message), checkpoint, self._key)

    # Looking

    async def latest(self) -> SignedCheckpoint | None:
        """Return the largest checkpoint of the log that any node which answers finds."""
        found = await self.published(1)
        return found[0].checkpoint if found else None

    async def published(self, limit: int) -> Sequence[Published]:
        """Return what nodes find in the trail, or in what the account has notarised."""
        answers = await self._nodes.each(lambda client: self._searched(client, limit))
        by_name = {each.transaction: each for answer in answers for each in answer}
        return sorted(by_name.values(), key=size, reverse=True)[:limit]

    async def _searched(self, client: IotaClient, limit: int) -> list[Published]:
        """Return what a node finds."""
        await self._nodes.fit(client)
        packages, trail = self._packages, self._settings.trail_object
        if self._settings.form is AnchorForm.NOTARIZATION:
            account = self._purse.address
            return await search_notarizations(
                client, account, packages, self._key, limit
            )
        if trail is None:
            return []
        return await search_trail(client, trail, packages, self._key, limit)

    async def account(self) -> Account | None:
        """Return the account that pays, and how many more anchors it can pay."""
        if self._own_purse is None or self._settings.gas_station:
            return None
        address = self._own_purse.address
        balance = await self._nodes.first(lambda client: client.balance(address))
        fee = self._last_fee or await self.typical_fee()
        left = balance // fee if fee > 0 else None
        return Account(written(address), in_unit(balance), left)

    async def typical_fee(self) -> int:
        """Return what an anchor without readings costs now, in NANOS; a little less, in truth.

        That of a notarization, which is much the same as a record's, whatever the form: it
        can be tried without a trail. Nor does it take coins: nodes try it with one of their
        own, which is counted as stored beside.
        """
        return await self._purse.fee(notarise(self._packages, TYPICAL_MESSAGE))

    def fee(self, receipt: Receipt) -> Decimal | None:
        """Return what a confirmed anchor has cost; None where a gas station has paid."""
        paid = receipt.details.get("fee")
        if self.unit is None or not isinstance(paid, str) or not paid.isdecimal():
            return None
        return in_unit(int(paid))

    def explorer_url(self, receipt: Receipt) -> str | None:
        """Return the page of the anchor's transaction."""
        if self._settings.explorer is None:
            return None
        return self._settings.explorer.replace(PLACEHOLDER, receipt.transaction)


def _failure(problem: str) -> str:
    """Return what is said of a transaction that has failed."""
    return f"The network executed the transaction without success: {problem}"


def _agreed(answers: Sequence[Sight]) -> Standing | None:
    """Return where an anchor stands by all answers, None where one says something else.

    A node that has forgotten the transaction tells of the object, which is no other place.
    The latest time is the one that all of them vouch for.
    """
    found = [answer for answer in answers if isinstance(answer, Standing)]
    kinds = {each.checkpoint is None for each in found}
    if len(found) < len(answers) or len(set(found)) > len(kinds):
        return None
    return replace(prevailing(found), time=max(each.time for each in found))
