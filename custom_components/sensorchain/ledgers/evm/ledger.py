"""A chain of the Ethereum kind as a ledger: an anchor is a transaction to oneself.

    prepare     message ─► data ─► nonce, gas and price from the nodes ─► signed
    publish     the exact bytes to every node
    confirm     every node is asked; more than half must answer, and all of these must agree
    renew       the same bytes where they can still be included; the same nonce at a higher price
                where they offer too little; a new nonce only where another transaction has
                taken the old one for good
    verify      all of it again from what the nodes hold, the hash computed from the fields
    published   what is found in the account's own transactions

At most one transaction with a nonce is ever included. So whatever is sent twice, and however
often the price is raised, an anchor stands in the chain once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import count
from statistics import median_high

from ...transparency.checkpoint import SignedCheckpoint
from ...transparency.log import LoggedReading
from ...transparency.note import VerifierKey
from ..given import PLACEHOLDER
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
from ..message import problem_of
from ..threads import in_thread
from . import calldata
from .anchor import (
    MOST_TRANSACTIONS,
    Details,
    confirmed,
    place,
    prepared as stored,
    submitted,
    taken_back,
    transactions_of,
)
from .chains import is_trial
from .client import TIMEOUT, EvmClient
from .complaints import Sending
from .errors import MalformedTransactionError
from .fees import Market, Price
from .history import search_log
from .key import Key
from .nodes import EvmNodes, final_block
from .settings import EvmSettings, in_unit, wei
from .sight import Included, Standing, check_caught_up, included, standing
from .transaction import SignedTransaction, Transaction

SETTLING = timedelta(seconds=30)
"""So long after it was sent, a transaction may not be known to all nodes yet."""

STUCK_AFTER = timedelta(minutes=2)
"""Not included for longer, it is replaced if it offers too little."""

RESENT_AFTER = timedelta(minutes=10)
"""Not included for longer, it is sent again. Nodes may contradict each other as long."""

TYPICAL_BYTES = 340
"""Of data with a checkpoint and no readings."""

_GAS_RESERVE = 4
"""A quarter more gas than estimated is allowed for; what is not used is not paid."""


def _now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Sight:
    """What a node sees of an anchor that it does not have in its chain."""

    standing: Standing
    is_known: bool
    is_stuck: bool
    """Whether it offers too little to be included, and more is allowed."""


class EvmLedger:
    """Anchors of one log on one chain; implements Ledger."""

    def __init__(
        self,
        transport: Transport,
        settings: EvmSettings,
        verifier_key: VerifierKey,
        *,
        clock: Callable[[], datetime] = _now,
        timeout: timedelta = TIMEOUT,
    ) -> None:
        """Use the nodes of the settings, each of which may take so long to answer."""
        self._settings = settings
        self._key = verifier_key
        self._clock = clock
        self._account = settings.key.account if settings.key else None
        self._most_fee = wei(settings.most_fee)
        clients = [EvmClient(transport, url, timeout=timeout) for url in settings.nodes]
        self._nodes = EvmNodes(clients, settings.chain_id)
        # What anchors under way have taken; the nodes need not know of all of them.
        self._nonces: set[int] = set()
        self._last_fee = 0

    @property
    def unit(self) -> str:
        """What anchors are paid in."""
        return self._settings.unit

    async def check(self) -> str:
        """Return the chain's number, once a node is found fit for use.

        A node of another chain is an error even where others are fit: it would take part
        in every decision.
        """
        return await self._nodes.check(self._settings.finality)

    # Sending

    async def prepare(
        self, checkpoint: SignedCheckpoint, public: Sequence[LoggedReading]
    ) -> PreparedAnchor:
        """Return a signed transaction with the checkpoint; its price is what nodes ask for."""
        data = calldata.write(checkpoint.note, public, self._settings.most_bytes)
        if len(data) > self._settings.most_bytes:
            problem = (
                f"The checkpoint needs more than {self._settings.most_bytes} bytes"
            )
            raise LedgerRejectedError(Reason.TOO_LARGE, problem)
        return stored(checkpoint.note, await self._made(data))

    async def publish(self, prepared: PreparedAnchor) -> Receipt:
        """Send the newest transaction to every node; what one has, it ignores.

        It counts as sent when one node has it, or one with the same nonce: which one that is,
        confirm tells. The anchor is lost at once where all nodes find the price too low.
        """
        transactions = transactions_of(prepared)
        self._nonces.add(transactions[-1].transaction.nonce)
        answers = [
            answer
            for _, answer in await self._nodes.all(
                lambda client: client.send(transactions[-1])
            )
        ]
        sendings = [answer for answer in answers if isinstance(answer, Sending)]
        if not sendings:
            raise self._nodes.telling(
                [answer for answer in answers if isinstance(answer, LedgerError)]
            )
        is_sent = any(each is not Sending.UNDERPRICED for each in sendings)
        status = AnchorStatus.SUBMITTED if is_sent else AnchorStatus.LOST
        return submitted(transactions, self._clock(), status)

    async def renew(self, prepared: PreparedAnchor) -> PreparedAnchor:
        """Return what is to be sent of an anchor that was lost: as a rule, the same bytes."""
        transactions = transactions_of(prepared)
        last = transactions[-1]
        nonce = last.transaction.nonce
        if last.transaction.to != self._signer[0].address:
            return prepared
        names = [each.hash for each in transactions]
        answers = await self._nodes.agreed(
            lambda client: self._looked_for(client, names)
        )
        if any(isinstance(answer, Included) for answer in answers):
            return prepared
        standings = [each for each in answers if isinstance(each, Standing)]
        if min(each.final for each in standings) > nonce or self._leaves_gap(
            nonce, standings
        ):
            self._nonces.discard(nonce)
            made = await self._made(last.transaction.data)
            return stored(prepared.checkpoint, *transactions, made)
        if max(each.latest for each in standings) > nonce:
            return prepared
        replacement = await self._replacement(last.transaction)
        if replacement is None:
            return prepared
        return stored(prepared.checkpoint, *transactions, replacement)

    async def _made(self, data: bytes) -> SignedTransaction:
        """Return a new transaction with this data: the next nonce, at the nodes' price."""
        key, account = self._signer
        gas = await self._nodes.first(lambda client: client.gas(account, data))
        gas += gas // _GAS_RESERVE
        market = await self._market()
        price = market.offer(self._most_fee // gas)
        counts = await self._nodes.each(lambda client: client.count(account, "pending"))
        transaction = Transaction(
            chain_id=self._settings.chain_id,
            nonce=self._free_nonce(median_high(counts)),
            price=price.most,
            tip=price.tip,
            gas=gas,
            to=key.address,
            data=data,
        )
        await self._check_funds(account, transaction)
        return await in_thread(partial(transaction.signed, key))

    async def _replacement(self, stuck: Transaction) -> SignedTransaction | None:
        """Return a transaction in the place of one that offers too little.

        None where it offers enough, or where no more is allowed.
        """
        market = await self._market()
        price = self._replacing(stuck, market)
        if price is None:
            return None
        replacement = replace(stuck, price=price.most, tip=price.tip)
        return await in_thread(partial(replacement.signed, self._signer[0]))

    def _replacing(self, stuck: Transaction, market: Market) -> Price | None:
        """Return what to offer in place of a transaction's price, None for no more than that."""
        offered = Price(stuck.price, stuck.tip)
        if market.takes(offered):
            return None
        return market.replacement(offered, self._most_fee // stuck.gas)

    async def _market(self) -> Market:
        """Return what a node tells of the price of gas."""
        return await self._nodes.first(
            lambda client: Market.at(client, self._settings.fees)
        )

    async def _check_funds(self, account: str, transaction: Transaction) -> None:
        """Refuse to sign what the account cannot pay."""
        balance = await self._nodes.first(lambda client: client.balance(account))
        if balance < transaction.most_fee:
            raise LedgerRejectedError(
                Reason.INSUFFICIENT_FUNDS,
                f"The account {account} has {self._told(balance)}, and an anchor may cost"
                f" {self._told(transaction.most_fee)}",
            )

    def _free_nonce(self, following: int) -> int:
        """Return the next nonce, as the nodes count, that no anchor under way has taken."""
        return next(each for each in count(following) if each not in self._nonces)

    def _leaves_gap(self, nonce: int, standings: Sequence[Standing]) -> bool:
        """Whether nobody ever sends what has to come before a nonce: a chain begun anew."""
        following = max(each.pending for each in standings)
        return any(each not in self._nonces for each in range(following, nonce))

    @property
    def _signer(self) -> tuple[Key, str]:
        """The account's key and its address; raises LedgerRejectedError where there is none."""
        key = self._settings.key
        if key is None or self._account is None:
            raise LedgerRejectedError(Reason.REJECTED, "There is no key to sign with")
        return key, self._account

    # Confirming

    async def confirm(self, receipt: Receipt) -> Receipt:
        """Return what more than half of the nodes, without one against it, say of an anchor.

        Any of its transactions counts.
        """
        details = Details.of(receipt)
        self._nonces.add(details.nonce)
        answers = await self._nodes.agreed(
            lambda client: self._seen(client, receipt, details)
        )
        found = [answer for answer in answers if isinstance(answer, Included)]
        if len(found) == len(answers) and _is_agreed(found):
            self._nonces.discard(details.nonce)
            self._last_fee = found[0].fee or self._last_fee
            return confirmed(
                receipt, found[0].transaction, found[0].block, found[0].fee
            )
        sights = [answer for answer in answers if isinstance(answer, _Sight)]
        if not found:
            is_lost = self._is_lost(details, receipt, sights)
            status = AnchorStatus.LOST if is_lost else AnchorStatus.SUBMITTED
            return taken_back(receipt, status)
        if self._age(details) > RESENT_AFTER and (sights or not _is_one_place(found)):
            raise LedgerUnavailableError(
                Reason.NODES_DISAGREE,
                f"The nodes do not agree on whether, or where, {found[0].transaction} stands",
            )
        return taken_back(receipt, AnchorStatus.SUBMITTED)

    async def _seen(
        self, client: EvmClient, receipt: Receipt, details: Details
    ) -> Included | _Sight:
        """Return what a node sees of an anchor."""
        answer = await self._looked_for(client, details.transactions, details.account)
        if isinstance(answer, Included):
            return answer
        if type(block := receipt.details.get("block")) is int:
            await check_caught_up(client, block)
        name = details.transactions[-1]
        is_known = await client.knows(name)
        is_old = self._age(details) > STUCK_AFTER
        is_stuck = is_known and is_old and await self._is_stuck(client, name)
        return _Sight(answer, is_known, is_stuck)

    async def _is_stuck(self, client: EvmClient, name: str) -> bool:
        """Whether a node finds that a transaction offers too little, and more is allowed."""
        try:
            signed = await client.transaction(name)
        except MalformedTransactionError as error:
            raise client.nonsense("another transaction than ours") from error
        if signed is None:
            return False
        market = await Market.at(client, self._settings.fees)
        return self._replacing(signed.transaction, market) is not None

    async def _looked_for(
        self, client: EvmClient, transactions: Sequence[str], account: str | None = None
    ) -> Included | Standing:
        """Return which of an anchor's transactions a node has, or how far the account is.

        Looked for again behind that: what is included in between is not taken for missing.
        """
        if found := await included(client, self._settings, transactions):
            return found
        reached = await standing(client, self._settings, account or self._signer[1])
        return await included(client, self._settings, transactions) or reached

    def _is_lost(
        self, details: Details, receipt: Receipt, sights: Sequence[_Sight]
    ) -> bool:
        """Whether an anchor that no node has in its chain must be sent in some form again."""
        age = self._age(details)
        is_free = all(each.standing.latest <= details.nonce for each in sights)
        if not is_free:
            # Another transaction has its nonce. Wait until that is for good.
            is_gone = all(each.standing.final > details.nonce for each in sights)
            return is_gone and age > RESENT_AFTER
        if not any(each.is_known for each in sights):
            was_there = receipt.status is AnchorStatus.CONFIRMED
            return was_there or age > SETTLING
        return age > RESENT_AFTER or all(each.is_stuck for each in sights)

    def _age(self, details: Details) -> timedelta:
        """Return how long ago an anchor was sent."""
        return self._clock() - details.sent_at

    # Verifying

    async def verify(
        self, receipt: Receipt, checkpoint: SignedCheckpoint
    ) -> Verification:
        """Return what the nodes' transactions prove.

        Each hash is computed again from the fields, so that no node can show other data. That
        the transaction stands in the chain, and the block's time, are the nodes' word: more
        than half must answer, and all of these must say the same. Who has signed and paid it
        proves nothing: what counts is the signature of the checkpoint.
        """
        answers = await self._nodes.agreed(
            lambda client: self._examined(client, receipt, checkpoint)
        )
        found = [answer for answer in answers if isinstance(answer, Included)]
        problems = [answer for answer in answers if isinstance(answer, str)]
        if len(found) == len(answers) and _is_agreed(found):
            block = found[0].block
            return Verification(
                AnchorStatus.CONFIRMED,
                block.time,
                place(block.number),
                None,
                is_trial=is_trial(self._settings.chain_id),
            )
        if len(problems) == len(answers):
            return Verification(AnchorStatus.LOST, None, None, problems[0])
        problem = "The nodes do not agree, or not yet, that it is confirmed"
        return Verification(AnchorStatus.SUBMITTED, None, None, problem)

    async def _examined(
        self, client: EvmClient, receipt: Receipt, checkpoint: SignedCheckpoint
    ) -> Included | str | None:
        """Return where a node has an anchor, what is wrong, or None.

        None stands for an anchor that is as it should be, not in the chain yet.
        """
        await self._nodes.fit(client)
        names = (*Details.of(receipt).transactions, receipt.transaction)
        found = await included(
            client, self._settings, list(dict.fromkeys(names[-MOST_TRANSACTIONS:]))
        )
        name = found.transaction if found else receipt.transaction
        try:
            signed = await client.transaction(name)
        except MalformedTransactionError as error:
            return f"The transaction is no anchor: {error}"
        if signed is None:
            return f"No transaction {name} is known"
        return self._problem(signed, checkpoint) or found

    def _problem(
        self, signed: SignedTransaction, checkpoint: SignedCheckpoint
    ) -> str | None:
        """Return what is wrong with an anchor of a checkpoint, or None."""
        if signed.transaction.chain_id != self._settings.chain_id:
            return "The transaction is of another chain"
        data = signed.transaction.data
        return problem_of(lambda: calldata.read(data), checkpoint, self._key)

    # Looking

    async def latest(self) -> SignedCheckpoint | None:
        """Return the largest checkpoint of the log that any node which answers finds."""
        found = await self.published(1)
        return found[0].checkpoint if found else None

    async def published(self, limit: int) -> Sequence[Published]:
        """Return what nodes find in the account's own transactions."""
        account = self._signer[1]

        async def search(client: EvmClient) -> list[Published]:
            await self._nodes.fit(client)
            settings = self._settings
            final = await final_block(client, settings.finality, settings.blocks)
            return await search_log(client, account, self._key, final, limit)

        answers = await self._nodes.each(search)
        by_name = {each.transaction: each for answer in answers for each in answer}
        return sorted(
            by_name.values(),
            key=lambda each: each.checkpoint.checkpoint.size,
            reverse=True,
        )[:limit]

    async def account(self) -> Account | None:
        """Return the account that pays, and how many more anchors it can pay."""
        if self._account is None:
            return None
        account = self._account
        balance = await self._nodes.first(lambda client: client.balance(account))
        fee = self._last_fee or await self.typical_fee()
        return Account(account, in_unit(balance), balance // fee if fee else None)

    async def typical_fee(self) -> int:
        """Return what an anchor without readings costs now, in wei, but for a rollup's share."""
        account = self._signer[1]
        data = calldata.PREFIX.ljust(TYPICAL_BYTES, b"-")
        gas = await self._nodes.first(lambda client: client.gas(account, data))
        return gas * (await self._market()).price

    def fee(self, receipt: Receipt) -> Decimal | None:
        """Return what a confirmed anchor has cost."""
        paid = receipt.details.get("fee")
        if not isinstance(paid, str) or not paid.isdecimal():
            return None
        return in_unit(int(paid))

    def explorer_url(self, receipt: Receipt) -> str | None:
        """Return the page of the anchor's transaction."""
        if self._settings.explorer is None:
            return None
        return self._settings.explorer.replace(PLACEHOLDER, receipt.transaction)

    def _told(self, amount: int) -> str:
        """Return an amount of wei for people."""
        return f"{in_unit(amount).normalize():f} {self._settings.unit}"


def _is_agreed(found: Sequence[Included]) -> bool:
    """Whether nodes have the same transaction in the same block, and all as final."""
    return _is_one_place(found) and all(each.is_final for each in found)


def _is_one_place(found: Sequence[Included]) -> bool:
    """Whether nodes have the same transaction in the same block."""
    return len({(each.transaction, each.block.hash) for each in found}) == 1
