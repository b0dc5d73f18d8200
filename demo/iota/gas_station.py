"""A gas station: it keeps coins, lends them, and pays for transactions with them (iotaledger/gas-station).

    POST /v1/reserve_gas    {"gas_budget": 10000000, "reserve_duration_secs": 60}
    200                     {"result": {"sponsor_address": "0x…", "reservation_id": 1, "gas_coins": [{"objectId": …}]}, "error": null}
    POST /v1/execute_tx     {"reservation_id": 1, "tx_bytes": "…", "user_sig": "…"}
    200                     {"effects": {…}, "error": null}

Whoever asks has to show the token: `Authorization: Bearer …`.
"""

from base64 import b64decode
import binascii
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
import time
from typing import Any, Self

from aiohttp import web
import iota_sdk as sdk

from demo.serving import listen

from .json_rpc import effects_of
from .network import Network
from .objects import LiveObject
from .refusals import RefusedError
from .submitted import Submitted, UndecodableError
from .treasury import pay

VERSION = "0.5.0-private"

MOST_BUDGET = 2_000_000_000
MOST_SECONDS = 600
"""Limits of a reservation (src/rpc/rpc_types.rs, MAX_BUDGET, MAX_DURATION_S)."""

COIN = 1_000_000_000
COINS = 4
"""What it has in the beginning."""


class StationError(Exception):
    """A request that is refused, with a status."""

    def __init__(self, status: int, words: str) -> None:
        """Keep the status beside the words."""
        super().__init__(words)
        self.status = status


@dataclass(frozen=True, slots=True)
class Reservation:
    """Coins that are lent."""

    coins: frozenset[str]
    until: float
    """By a clock that only goes on, in seconds."""


@dataclass(eq=False, kw_only=True)
class GasStation:
    """A gas station that is listening while it runs, on a network."""

    network: Network
    token: str | None = "let me in"
    """What has to be shown; None lets everybody in."""
    host: str = "127.0.0.1"
    port: int = 0
    """To listen at; 0 takes a free one, which is kept from then on."""
    coins: int = COINS
    """How many coins it begins with; 0 leaves it without money."""
    key: sdk.Ed25519PrivateKey = field(default_factory=sdk.Ed25519PrivateKey.random)
    """Of the sponsor, who pays."""

    def __post_init__(self) -> None:
        """Begin with nothing lent."""
        self._exit = AsyncExitStack()
        self._lent: dict[int, Reservation] = {}
        self._number = 0

    async def __aenter__(self) -> Self:
        """Take money, and listen."""
        if self.coins:
            pay(self.network, self.sponsor, *[COIN] * self.coins)
        application = web.Application()
        application.router.add_get("/", self._health)
        application.router.add_get("/version", self._version)
        application.router.add_post("/v1/reserve_gas", self._reserve)
        application.router.add_post("/v1/execute_tx", self._execute)
        async with AsyncExitStack() as stack:
            self.port = await listen(stack, application, self.host, self.port)
            self._exit = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Listen no more."""
        await self._exit.aclose()

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    @property
    def sponsor(self) -> str:
        """The address that pays."""
        return str(self.key.public_key().derive_address().to_canonical_string(True))

    async def _health(self, _request: web.Request) -> web.Response:
        """Say that it is there."""
        return web.Response(text="OK")

    async def _version(self, _request: web.Request) -> web.Response:
        """Say which version it is like."""
        return web.Response(text=VERSION)

    async def _reserve(self, request: web.Request) -> web.Response:
        """Lend coins."""
        try:
            question = await self._question(request)
            result = self._lend(*_wanted(question))
        except StationError as error:
            answer = {"result": None, "error": str(error)}
            return web.json_response(answer, status=error.status)
        return web.json_response({"result": result, "error": None})

    async def _execute(self, request: web.Request) -> web.Response:
        """Pay for a transaction."""
        try:
            question = await self._question(request)
            effects = self._pay(question)
        except StationError as error:
            answer = {"effects": None, "error": str(error)}
            return web.json_response(answer, status=error.status)
        return web.json_response({"effects": effects, "error": None})

    async def _question(self, request: web.Request) -> Mapping[str, Any]:
        """Return what is asked by somebody who may; raises StationError."""
        shown = request.headers.get("Authorization")
        if self.token is not None and shown != f"Bearer {self.token}":
            raise StationError(401, "Invalid authorization token")
        try:
            question = await request.json()
        except ValueError as error:
            raise StationError(400, f"Failed to parse the request: {error}") from error
        if not isinstance(question, dict):
            raise StationError(422, "Failed to deserialize the request")
        return question

    def _free(self) -> list[LiveObject]:
        """Return the coins that are not lent."""
        now = time.monotonic()
        self._lent = {
            number: each for number, each in self._lent.items() if each.until > now
        }
        lent = {coin for each in self._lent.values() for coin in each.coins}
        owned = self.network.owned(self.sponsor)
        return [each for each in owned if each.balance and each.object_id not in lent]

    def _lend(self, budget: int, seconds: int) -> Mapping[str, Any]:
        """Lend as many coins as a budget needs."""
        chosen: list[LiveObject] = []
        for coin in self._free():
            if sum(each.balance for each in chosen) < budget:
                chosen.append(coin)
        if sum(each.balance for each in chosen) < budget:
            raise StationError(500, "Unable to reserve gas coins for the given budget.")
        self._number += 1
        ids = frozenset(each.object_id for each in chosen)
        self._lent[self._number] = Reservation(ids, time.monotonic() + seconds)
        return {
            "sponsor_address": self.sponsor,
            "reservation_id": self._number,
            "gas_coins": [each.reference for each in chosen],
        }

    def _pay(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """Sign a transaction that uses coins which were lent, and have it executed."""
        submitted, signature = _submitted(question)
        self._free()
        lent = self._lent.pop(int(question["reservation_id"]), None)
        used = {each.object_id for each in submitted.payment}
        if lent is None or used != lent.coins:
            raise StationError(500, "Reservation expired or never existed")
        own = self.key.try_sign_user(submitted.signing_digest).to_base64()
        try:
            executed = self.network.execute(submitted.data, [signature, own])
        except RefusedError as error:
            raise StationError(500, error.framed) from error
        return effects_of(executed.effects, executed.debug)


def _wanted(question: Mapping[str, Any]) -> tuple[int, int]:
    """Return the budget and the seconds that are asked for; raises StationError."""
    budget = question.get("gas_budget")
    seconds = question.get("reserve_duration_secs")
    if not isinstance(budget, int) or not isinstance(seconds, int):
        raise StationError(422, "Failed to deserialize the request")
    if not budget > 0:
        raise StationError(400, "Gas budget must be positive")
    if budget > MOST_BUDGET:
        raise StationError(400, f"Gas budget must be less than {MOST_BUDGET}")
    if not seconds > 0:
        raise StationError(400, "Reserve duration must be positive")
    if seconds > MOST_SECONDS:
        raise StationError(
            400, f"Reserve duration must be less than {MOST_SECONDS} seconds"
        )
    return budget, seconds


def _submitted(question: Mapping[str, Any]) -> tuple[Submitted, str]:
    """Return a transaction with its sender's signature; raises StationError."""
    try:
        data = b64decode(question["tx_bytes"], validate=True)
        return Submitted.read(data), str(question["user_sig"])
    except (KeyError, TypeError, binascii.Error, UndecodableError) as error:
        raise StationError(400, "Invalid bcs bytes for TransactionData") from error
