"""Who pays: the account's own coins, one or several, or a gas station."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

from aiohttp import web
import pytest

from custom_components.sensorchain.ledgers.iota.anchor import transactions_of
from custom_components.sensorchain.ledgers.iota.settings import AnchorForm
from custom_components.sensorchain.ledgers.iota.transaction import address
from custom_components.sensorchain.ledgers.ledger import (
    AnchorStatus,
    LedgerError,
    LedgerRejectedError,
    LedgerUnavailableError,
    Reason,
)
from demo.iota.gas_station import GasStation
from demo.iota.private_iota import PrivateIota
from tests.ledgers.common import checkpoint

from .conftest import ADDRESS, World
from .test_ledger import (
    carried,
    confirmed,
    costing,
    failing,
    forms,
    is_out_of_gas,
    sent,
)

MINUTES = timedelta(minutes=1)


async def test_coins_become_one(world: World) -> None:
    """Where no coin is worth enough, several are."""
    node = await world.node(0)
    for _ in range(10):
        await node.fund(ADDRESS, 2_000_000)
    ledger = world.ledger(node)
    prepared, receipt = await sent(ledger)
    (signed,) = transactions_of(prepared)
    paid = len(signed.transaction.gas.payment)
    assert paid > 1
    assert len(await world.client(node).coins(ADDRESS)) == 10 - paid + 1
    receipt = await confirmed(node, ledger, receipt)
    assert ledger.fee(receipt)


async def test_largest_coin_pays(world: World) -> None:
    """One coin that is worth enough is enough."""
    node = await world.node(2_000_000)
    await node.fund(ADDRESS, 10**9)
    prepared = await world.ledger(node).prepare(checkpoint(), [])
    (signed,) = transactions_of(prepared)
    (coin,) = signed.transaction.gas.payment
    largest = await world.client(node).object(coin.object_id)
    assert largest
    assert largest.reference == coin
    assert await world.client(node).balance(ADDRESS) == 10**9 + 2_000_000


class Gate:
    """A gas station, and what stands before it: it lets through at first."""

    def __init__(self, world: World, station: GasStation) -> None:
        """Stand before a station."""
        self.station = station
        self.url = ""
        self.before: list[web.Response] = []
        self.after: list[web.Response] = []
        """Answers in place of the station's to a request that it gets, or does not get."""
        self._session = world.session

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Let a request through, or not, and its answer, or not."""
        if self.before:
            return self.before.pop(0)
        async with self._session.post(
            self.station.url + request.path,
            data=await request.read(),
            headers={"Authorization": request.headers.get("Authorization", "")},
        ) as answer:
            body = await answer.read()
        if self.after:
            return self.after.pop(0)
        return web.Response(body=body, status=answer.status)


type Opened = Callable[..., Awaitable[Gate]]


@pytest.fixture
async def opened(world: World) -> AsyncIterator[Opened]:
    """Return a function that opens a gas station on a network."""
    async with AsyncExitStack() as stack:

        async def open_station(node: PrivateIota, **options: Any) -> Gate:
            station = GasStation(network=node.network, **options)
            gate = Gate(world, await stack.enter_async_context(station))
            gate.url = await world.serve(gate.handle)
            return gate

        yield open_station


def sponsored(gate: Gate, token: str | None = "let me in") -> dict[str, Any]:
    """Return the settings for a station."""
    return {"gas_station": gate.url + "/", "gas_station_token": token}


@forms
async def test_sponsored(world: World, opened: Opened, form: AnchorForm) -> None:
    """An account without money anchors; who pays is another one, and what is not told."""
    node = await world.node(0)
    gate = await opened(node)
    settings = await world.ready(form, node, **sponsored(gate))
    ledger = world.on(settings)
    prepared, receipt = await sent(ledger)
    (signed,) = transactions_of(prepared)
    assert signed.transaction.sender == ADDRESS
    assert signed.transaction.gas.owner == address(gate.station.sponsor)
    receipt = await confirmed(node, ledger, receipt)
    verification = await ledger.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.CONFIRMED
    assert ledger.unit is None
    assert ledger.fee(receipt) is None
    assert await ledger.account() is None
    # It is sent again, by whoever has only what was stored.
    again = await world.on(settings).publish(prepared)
    assert again.status is AnchorStatus.SUBMITTED
    assert len(await ledger.published(9)) == 1


async def test_wrong_token(world: World, opened: Opened) -> None:
    """A person must mend that; the token is not in what they read."""
    node = await world.node()
    gate = await opened(node)
    for token in ("wrong", None):
        ledger = world.ledger(node, **sponsored(gate, token))
        with pytest.raises(LedgerRejectedError, match="wants another token") as raised:
            await ledger.prepare(checkpoint(), [])
        assert raised.value.reason is Reason.REJECTED
        assert "wrong" not in str(raised.value)


async def test_station_without_money(world: World, opened: Opened) -> None:
    """It says so, and may have some later."""
    node = await world.node()
    gate = await opened(node, coins=0)
    with pytest.raises(LedgerUnavailableError, match="Unable to reserve gas coins"):
        await world.ledger(node, **sponsored(gate)).prepare(checkpoint(), [])


async def test_station_that_is_down(
    world: World, opened: Opened, dead_url: str
) -> None:
    """Nothing is lost: the same bytes are sent when it is back."""
    node = await world.node()
    gate = await opened(node)
    ledger = world.ledger(node, **sponsored(gate))
    prepared = await ledger.prepare(checkpoint(), [])
    gone = world.ledger(node, gas_station=dead_url)
    for question in (gone.prepare(checkpoint(), []), gone.publish(prepared)):
        with failing(LedgerUnavailableError, Reason.CANNOT_CONNECT):
            await question
    assert await ledger.renew(prepared) == prepared
    await confirmed(node, ledger, await ledger.publish(prepared))
    assert len(await ledger.published(9)) == 1


async def test_answer_is_lost(world: World, opened: Opened) -> None:
    """What the station has sent, without saying so, the nodes know."""
    node = await world.node()
    gate = await opened(node)
    ledger = world.ledger(node, **sponsored(gate))
    prepared = await ledger.prepare(checkpoint(), [])
    gate.after = [web.Response(status=502)]
    receipt = await ledger.publish(prepared)
    assert receipt.status is AnchorStatus.SUBMITTED
    await confirmed(node, ledger, receipt)
    assert len(await ledger.published(9)) == 1


@forms
async def test_reservation_is_over(
    world: World, opened: Opened, form: AnchorForm
) -> None:
    """Coins are kept for ten minutes: then others may have them, and the anchor gets new ones."""
    node = await world.node(0)
    gate = await opened(node)
    ledger = world.on(await world.ready(form, node, **sponsored(gate)))
    prepared = await ledger.prepare(checkpoint(), [])
    # It has forgotten what it has lent; but what it has signed may be on its way.
    gate.station = (await opened(node, key=gate.station.key, coins=0)).station
    with failing(LedgerUnavailableError, Reason.NODE_ERROR):
        await ledger.publish(prepared)
    assert await ledger.renew(prepared) == prepared
    world.clock.late += 11 * MINUTES
    lost = await ledger.publish(prepared)
    assert lost.status is AnchorStatus.LOST
    receipt = await carried(ledger, prepared)
    assert receipt.details["earlier"] == [lost.transaction]
    await confirmed(node, ledger, receipt)
    assert len(await ledger.published(9)) == 1


async def test_transaction_that_fails(world: World, opened: Opened) -> None:
    """The station tells why, and the anchor is signed anew."""
    node = await world.node()
    gate = await opened(node)
    lies = await world.lies(node)
    lies.told["dry_run"] = costing(2_500_000)
    ledger = world.ledger(lies, **sponsored(gate))
    prepared, lost = await sent(ledger)
    assert lost.status is AnchorStatus.LOST
    assert is_out_of_gas(str(lost.details["problem"]))
    lies.told.clear()
    await confirmed(node, ledger, await carried(ledger, prepared))
    assert len(await ledger.published(9)) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        ({"status": 429}, LedgerUnavailableError, Reason.RATE_LIMITED),
        ({"status": 403, "body": b"{"}, LedgerRejectedError, Reason.REJECTED),
        (
            {"status": 400, "body": b'{"error": "too much"}'},
            LedgerRejectedError,
            Reason.REJECTED,
        ),
        ({"body": b'{"error": "busy"}'}, LedgerUnavailableError, Reason.NODE_ERROR),
        ({"body": b"[]"}, LedgerUnavailableError, Reason.NOT_A_NODE),
        ({"body": b"[" * 10_000}, LedgerUnavailableError, Reason.NOT_A_NODE),
        ({"body": b'{"result": 7}'}, LedgerUnavailableError, Reason.NOT_A_NODE),
        (
            {"body": b'{"result": {"gas_coins": []}}'},
            LedgerUnavailableError,
            Reason.NOT_A_NODE,
        ),
        (
            {"body": b'{"result": {"gas_coins": [{"objectId": "0x1"}]}}'},
            LedgerUnavailableError,
            Reason.NOT_A_NODE,
        ),
    ],
)
async def test_what_no_station_says(
    world: World,
    opened: Opened,
    answer: dict[str, Any],
    kind: type[LedgerError],
    reason: Reason,
) -> None:
    """Whatever is answered is data, and no more than a reason to try again or to ask a person."""
    node = await world.node()
    gate = await opened(node)
    ledger = world.ledger(node, **sponsored(gate))
    gate.before = [web.Response(**answer)]
    with failing(kind, reason):
        await ledger.prepare(checkpoint(), [])
    prepared = await ledger.prepare(checkpoint(), [])
    gate.before = [web.Response(**answer)]
    with failing(kind, reason):
        await ledger.publish(prepared)
    await confirmed(node, ledger, await ledger.publish(prepared))


async def test_effects_of_another(world: World, opened: Opened) -> None:
    """Effects of another transaction say nothing of ours: the nodes are asked."""
    node = await world.node()
    gate = await opened(node)
    ledger = world.ledger(node, **sponsored(gate))
    prepared = await ledger.prepare(checkpoint(), [])
    effects = (
        b'{"effects": {"status": {"status": "success"}, "transactionDigest": "1"}}'
    )
    gate.before = [web.Response(body=effects)]
    with failing(LedgerUnavailableError, Reason.NOT_A_NODE):
        await ledger.publish(prepared)
