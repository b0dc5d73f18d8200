"""A gas station lends coins for a while, and pays with them once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from custom_components.sensorchain.ledgers.iota.programs import notarise
from custom_components.sensorchain.ledgers.iota.transaction import (
    ObjectRef,
    Transaction,
    address,
)
from demo.iota.gas_station import COIN, GasStation

from .conftest import Account, Wires, base64, reference

RESERVE = {"gas_budget": 10_000_000, "reserve_duration_secs": 60}


@dataclass(frozen=True)
class Customer:
    """Somebody whose transactions a station pays for."""

    account: Account
    wires: Wires
    station: GasStation

    async def ask(self, path: str, **question: Any) -> tuple[int, dict[str, Any]]:
        """Return status and answer."""
        headers = {"Authorization": "Bearer let me in"}
        url = f"{self.station.url}/v1/{path}"
        async with self.wires.session.post(
            url, json=question, headers=headers
        ) as answer:
            return answer.status, await answer.json()

    async def reserve(self) -> tuple[int, tuple[ObjectRef, ...]]:
        """Return a reservation's number and its coins."""
        status, answer = await self.ask("reserve_gas", **RESERVE)
        assert status == 200
        result = answer["result"]
        assert result["sponsor_address"] == self.station.sponsor
        network = self.account.node.network
        found = (network.object(each["objectId"]) for each in result["gas_coins"])
        return result["reservation_id"], tuple(
            reference(each) for each in found if each
        )

    def prepare(self, coins: tuple[ObjectRef, ...]) -> Transaction:
        """Return a transaction that is paid with coins."""
        program = notarise(self.account.node.packages, "A message")
        owner = address(self.station.sponsor)
        return self.account.prepare(
            program, payment=coins, owner=owner, budget=10_000_000
        )

    async def execute(self, number: int, transaction: Transaction) -> tuple[int, Any]:
        """Have a transaction paid."""
        data = transaction.to_bytes()
        return await self.ask(
            "execute_tx",
            reservation_id=number,
            tx_bytes=base64(data),
            user_sig=self.account.key.sign(data),
        )


@pytest.fixture
async def customer(account: Account, wires: Wires) -> AsyncIterator[Customer]:
    """Return somebody with a station of two coins."""
    async with GasStation(network=account.node.network, coins=2) as station:
        yield Customer(account, wires, station)


async def test_payment(customer: Customer) -> None:
    """The station signs and sends: the object is the sender's, the fee the station's."""
    number, coins = await customer.reserve()
    status, answer = await customer.execute(number, customer.prepare(coins))
    assert (status, answer["error"]) == (200, None)
    assert answer["effects"]["status"] == {"status": "success"}
    assert customer.account.owned("::Notarization")
    owned = customer.account.node.network.owned(customer.station.sponsor)
    assert sum(each.balance for each in owned) < 2 * COIN


async def test_lent_once(customer: Customer) -> None:
    """What is lent is nobody else's until it is used."""
    first, coins = await customer.reserve()
    _, others = await customer.reserve()
    assert not {each.object_id for each in coins} & {each.object_id for each in others}
    status, answer = await customer.ask("reserve_gas", **RESERVE)
    assert (status, answer["result"]) == (500, None)
    await customer.execute(first, customer.prepare(coins))
    _, again = await customer.reserve()
    assert [each.object_id for each in again] == [each.object_id for each in coins]


async def test_wrong_reservation(customer: Customer) -> None:
    """Coins that were not lent are not used, and a reservation is used once."""
    number, coins = await customer.reserve()
    other, others = await customer.reserve()
    status, answer = await customer.execute(other, customer.prepare(coins))
    assert (status, answer["effects"]) == (500, None)
    assert (await customer.execute(number, customer.prepare(coins)))[0] == 200
    assert (await customer.execute(number, customer.prepare(others)))[0] == 500
    assert len(customer.account.owned("::Notarization")) == 1


async def test_failure_is_paid(customer: Customer) -> None:
    """A transaction that is refused is told in the node's words."""
    number, coins = await customer.reserve()
    transaction = customer.prepare(coins)
    data = transaction.to_bytes()
    status, answer = await customer.ask(
        "execute_tx",
        reservation_id=number,
        tx_bytes=base64(data),
        user_sig=customer.account.key.sign(data + b"\0"),
    )
    assert status == 500
    assert "Invalid user signature" in answer["error"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"gas_budget": 0}, 400),
        ({"gas_budget": 2_000_000_001}, 400),
        ({"reserve_duration_secs": 0}, 400),
        ({"reserve_duration_secs": 601}, 400),
        ({"gas_budget": "1"}, 422),
    ],
)
async def test_limits(customer: Customer, changes: Any, status: int) -> None:
    """A reservation is of so much, and for so long."""
    told, answer = await customer.ask("reserve_gas", **RESERVE | changes)
    assert (told, answer["result"]) == (status, None)


async def test_token(customer: Customer) -> None:
    """Whoever has not the token gets nothing."""
    url = f"{customer.station.url}/v1/reserve_gas"
    async with customer.wires.session.post(url, json=RESERVE) as answer:
        assert answer.status == 401
        assert (await answer.json())["error"] == "Invalid authorization token"
    customer.station.token = None
    async with customer.wires.session.post(url, json=RESERVE) as answer:
        assert answer.status == 200
