"""Who pays for a transaction: the account's own coins, or a gas station.

A gas station (iotaledger/gas-station, src/rpc) keeps coins of its own for a while, and signs
and sends the transaction that they are to pay:

    POST /v1/reserve_gas  {"gas_budget": 4000000, "reserve_duration_secs": 600}
        {"result": {"sponsor_address": "0x…", "reservation_id": 42, "gas_coins": [
            {"objectId": "0x…", "version": 7, "digest": "…"}]}, "error": null}
    POST /v1/execute_tx   {"reservation_id": 42, "tx_bytes": "AAAI…", "user_sig": "AJ4x…"}
        {"effects": {"status": {"status": "success"}, …}, "error": null}

Its errors are {"result": null, "error": "why"} with a status that is not 200.
"""

from base64 import b64encode
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from ...transparency.jcs import JsonValue
from ..given import public_url
from ..http import Transport
from ..json_server import JsonServer
from ..ledger import LedgerError, LedgerRejectedError, LedgerUnavailableError, Reason
from ..threads import in_thread
from .anchor import Reservation, Signed
from .answers import address, effects, fields, legible, listed, number, reference, text
from .client import (
    Coin,
    Effects,
    IotaClient,
    LockedError,
    OutOfGasError,
    PriceError,
    StaleError,
)
from .key import Key
from .nodes import IotaNodes
from .settings import MOST_BUDGET, UNIT, in_unit
from .sight import prevailing
from .transaction import Gas, ObjectRef, Program, Transaction, written

Found = TypeVar("Found")

MOST_COINS = 256
"""That pay for one transaction (iota-protocol-config, max_gas_payment_objects)."""

RESERVED_FOR = timedelta(minutes=10)
"""As long as a gas station keeps coins, at the most (MAX_DURATION_S)."""

MAX_ANSWER = 1024 * 1024
"""Bytes of a gas station's answer."""

_RESERVE = 4
"""A quarter more than a dry run needs is allowed for; what is not used is not paid."""

_UNAUTHORISED, _REFUSED, _LIMITED = 401, {400, 403, 404, 405, 415, 422}, 429


class GoneError(LedgerRejectedError):
    """The coins that were to pay are kept no longer: the transaction will not be executed."""


REFUSALS = (StaleError, OutOfGasError, PriceError, GoneError)
"""What nobody has executed, and nobody will."""


@dataclass(frozen=True, slots=True)
class Payment:
    """What pays for a transaction."""

    coins: tuple[ObjectRef, ...]
    owner: bytes
    reservation: Reservation | None = None


class Payer(Protocol):
    """Who pays for a transaction."""

    async def reserve(self, budget: int, held: Collection[bytes]) -> Payment:
        """Return coins worth so many NANOS, none of which is held by another transaction."""

    async def send(self, signed: Signed) -> Effects:
        """Have a transaction executed, and return its certified effects.

        Raises one of REFUSALS where it was not executed and will not be, LockedError where
        it may be in the next epoch, LedgerError for what is not known.
        """


class Purse:
    """Signs what an account does, at a price that it may cost."""

    def __init__(self, nodes: IotaNodes, key: Key, payer: Payer, most: int) -> None:
        """Pay no more than so many NANOS for a transaction."""
        self.address = key.address
        self._nodes = nodes
        self._key = key
        self._payer = payer
        self._most = most

    async def sign(
        self, program: Program, held: Collection[bytes] = (), attempt: int = 1
    ) -> Signed:
        """Return a transaction that runs a program; each attempt may cost a quarter more.

        It uses no coin that is held. It may be executed in this epoch and the next one.
        """
        draft = await self._draft(program)
        needed = await self._tried(draft)
        budget = needed.gas + attempt * needed.gas // _RESERVE
        if budget > self._most:
            raise LedgerRejectedError(
                Reason.FEES_TOO_HIGH,
                f"The network asks for up to {told(budget)}, and no more than"
                f" {told(self._most)} may be spent at once",
            )
        payment = await self._payer.reserve(budget, held)
        gas = replace(
            draft.gas, payment=payment.coins, owner=payment.owner, budget=budget
        )
        transaction = replace(draft, gas=gas)
        sign = partial(self._key.sign, transaction.to_bytes())
        return Signed(transaction, await in_thread(sign), payment.reservation)

    async def send(self, signed: Signed) -> Effects:
        """Have a transaction executed; raises what its payer does."""
        return await self._payer.send(signed)

    async def fee(self, program: Program) -> int:
        """Return what a program costs now, in NANOS."""
        return (await self._tried(await self._draft(program))).fee

    async def _draft(self, program: Program) -> Transaction:
        """Return a transaction that nothing pays yet."""
        epochs = await self._nodes.agreed(lambda client: client.epoch())
        epoch = prevailing(epochs)
        gas = Gas(
            payment=(), owner=self.address, price=epoch.gas_price, budget=MOST_BUDGET
        )
        return Transaction(program, self.address, gas, epoch.number + 1)

    async def _tried(self, draft: Transaction) -> Effects:
        """Return what a transaction would do; a node pays with a coin of its own invention."""
        data = draft.to_bytes()
        try:
            tried = await self._nodes.agreed(lambda client: client.dry_run(data))
        except (StaleError, PriceError) as error:
            # It is new: a node has listed objects or the price as they were before.
            raise LedgerUnavailableError(Reason.OUT_OF_SYNC, str(error)) from error
        found = prevailing(tried)
        if found.problem is not None:
            problem = f"The network would not carry it out: {found.problem}"
            raise LedgerRejectedError(Reason.REJECTED, problem)
        return found


class OwnCoins:
    """The account pays; implements Payer."""

    def __init__(self, nodes: IotaNodes, account: bytes) -> None:
        """Pay with the coins of an account."""
        self._nodes = nodes
        self._account = account

    async def reserve(self, budget: int, held: Collection[bytes]) -> Payment:
        """Return the largest coin, and as many more as it takes; they become one."""
        answers = await self._nodes.agreed(self._coins)
        coins = prevailing(answers)
        free = [each for each in coins if each.reference.object_id not in held]
        paying, worth = [], 0
        for coin in free[:MOST_COINS]:
            paying.append(coin.reference)
            worth += coin.balance
            if worth >= budget:
                return Payment(tuple(paying), self._account)
        if sum(each.balance for each in coins) >= budget:
            problem = "What was sent before holds the account's coins"
            raise LedgerUnavailableError(Reason.NODE_ERROR, problem)
        raise LedgerRejectedError(
            Reason.INSUFFICIENT_FUNDS,
            f"The account {written(self._account)} has {told(worth)}, and it may cost"
            f" {told(budget)}",
        )

    async def send(self, signed: Signed) -> Effects:
        """Send a transaction to every node; what one has executed, it tells of again."""
        data, signatures = signed.transaction.to_bytes(), [signed.signature]
        answers = [
            answer
            for _, answer in await self._nodes.all(
                lambda client: client.execute(data, signatures)
            )
        ]
        done = [answer for answer in answers if isinstance(answer, Effects)]
        if done:
            return next((each for each in done if each.problem is None), done[0])
        errors = [answer for answer in answers if isinstance(answer, LedgerError)]
        for kind in (LockedError, *REFUSALS):
            for error in errors:
                if isinstance(error, kind):
                    raise error
        raise self._nodes.telling(errors)

    async def _coins(self, client: IotaClient) -> tuple[Coin, ...]:
        """Return the account's coins, the largest first."""
        coins = await client.coins(self._account)
        return tuple(
            sorted(coins, key=lambda coin: (-coin.balance, coin.reference.object_id))
        )


class GasStation(JsonServer):
    """A gas station pays; implements Payer."""

    kind = "gas station"
    limit = MAX_ANSWER

    def __init__(
        self,
        transport: Transport,
        url: str,
        token: str | None,
        nodes: IotaNodes,
        *,
        clock: Callable[[], datetime],
        timeout: timedelta,
    ) -> None:
        """Ask a station at a URL, with the token that it wants."""
        super().__init__(transport, url.rstrip("/"), public_url(url), timeout)
        self._token = token
        self._nodes = nodes
        self._clock = clock

    async def reserve(self, budget: int, held: Collection[bytes]) -> Payment:
        """Return coins that the station keeps for a while."""
        until = self._clock() + RESERVED_FOR
        question: dict[str, JsonValue] = {
            "gas_budget": budget,
            "reserve_duration_secs": int(RESERVED_FOR.total_seconds()),
        }
        return await self._ask("reserve_gas", question, partial(_payment, until))

    async def send(self, signed: Signed) -> Effects:
        """Have the station sign a transaction and send it, which it does once only.

        What it has sent already is known to the nodes.
        """
        reservation, digest = signed.reservation, signed.transaction.digest
        question: dict[str, JsonValue] = {
            "reservation_id": reservation.number if reservation else 0,
            "tx_bytes": b64encode(signed.transaction.to_bytes()).decode(),
            "user_sig": signed.signature,
        }
        try:
            return await self._ask("execute_tx", question, partial(_effects, digest))
        except LedgerUnavailableError as error:
            found = await self._nodes.first(lambda client: client.executed(digest))
            if found:
                return found.effects
            if reservation and not reservation.is_over(self._clock()):
                raise
            raise GoneError(error.reason, str(error)) from error

    async def _ask(
        self,
        what: str,
        question: dict[str, JsonValue],
        parse: Callable[[Mapping[str, JsonValue]], Found],
    ) -> Found:
        """Return what an answer of the station stands for."""
        headers = {}
        if self._token is not None:
            headers["Authorization"] = f"Bearer {self._token}"
        status, answer = await self.posted(question, f"/v1/{what}", headers)
        given = self._checked(status, answer or {})
        try:
            return parse(given)
        except (KeyError, TypeError, ValueError) as error:
            raise self.nonsense("what no gas station does") from error

    def _checked(
        self, status: int, given: Mapping[str, JsonValue]
    ) -> Mapping[str, JsonValue]:
        """Return an answer that is none of the station's errors."""
        why = given.get("error")
        said = f": {legible(why)!r}" if isinstance(why, str) else ""
        if status == _UNAUTHORISED:
            raise self.rejected(Reason.REJECTED, "wants another token")
        if status in _REFUSED:
            raise self.rejected(Reason.REJECTED, f"refuses to pay{said}")
        if status == _LIMITED:
            raise self.unavailable(Reason.RATE_LIMITED, "wants to be asked less often")
        if status != 200 or said:
            raise self.unavailable(Reason.NODE_ERROR, f"cannot pay now{said}")
        return given


def told(amount: int) -> str:
    """Return an amount of NANOS for people."""
    return f"{in_unit(amount).normalize():f} {UNIT}"


def _payment(until: datetime, answer: Mapping[str, JsonValue]) -> Payment:
    """Return what the station has reserved."""
    given = fields(answer["result"])
    coins = tuple(_coin(each) for each in listed(given["gas_coins"]))
    if not coins:
        raise ValueError("no coins")
    reservation = Reservation(number(given["reservation_id"]), until)
    return Payment(coins, address(given["sponsor_address"]), reservation)


def _coin(value: JsonValue) -> ObjectRef:
    """Return a coin of the station's."""
    given = fields(value)
    return reference(given["objectId"], given["version"], given["digest"])


def _effects(digest: str, answer: Mapping[str, JsonValue]) -> Effects:
    """Return what a transaction has done."""
    given = fields(answer["effects"])
    status = fields(given["status"])
    if given["transactionDigest"] != digest:
        raise ValueError("another transaction")
    problem = None
    if status["status"] != "success":
        problem = legible(text(status.get("error", "no reason is given")))
    return effects(problem, given["gasUsed"])
