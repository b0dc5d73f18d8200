"""What a Tangle knows of a log, whatever else stands at its address."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
import json
from pathlib import Path

from aiohttp import ClientSession
import pytest

from custom_components.sensorchain.ledgers.http import AiohttpTransport, Answer, Request
from custom_components.sensorchain.ledgers.ledger import (
    LedgerRejectedError,
    LedgerUnavailableError,
    Reason,
)
from custom_components.sensorchain.ledgers.message import Message
from custom_components.sensorchain.ledgers.tangle import history
from custom_components.sensorchain.ledgers.tangle.address import address_of
from custom_components.sensorchain.ledgers.tangle.bundle import attach, make
from custom_components.sensorchain.ledgers.tangle.client import TangleClient
from custom_components.sensorchain.ledgers.tangle.ledger import TAG, TangleLedger
from custom_components.sensorchain.ledgers.tangle.proof_of_work import search
from custom_components.sensorchain.ledgers.tangle.trytes import text_to_trytes
from custom_components.sensorchain.transparency.note import SigningKey
from demo.tangle.private_tangle import PrivateTangle

from .common import KEY, WEIGHT, checkpoint, reading, settings


@pytest.fixture
async def tangle(tmp_path: Path, loopback: None) -> AsyncIterator[PrivateTangle]:
    """Return a private Tangle."""
    async with PrivateTangle(
        tmp_path / "tangle.db", minimum_weight_magnitude=WEIGHT
    ) as tangle:
        yield tangle


@pytest.fixture
def ledger(session: ClientSession, tangle: PrivateTangle) -> TangleLedger:
    """Return a ledger on the Tangle."""
    transport = AiohttpTransport(session)
    return TangleLedger(transport, settings(tangle.url), KEY.verifier)


@pytest.fixture
def client(session: ClientSession, tangle: PrivateTangle) -> TangleClient:
    """Return what speaks to the node."""
    return TangleClient(AiohttpTransport(session), tangle.url)


async def put(client: TangleClient, text: str) -> None:
    """Put a text at the log's address, as anybody can."""
    bundle = make(address_of(KEY.verifier), TAG, text_to_trytes(text), 1_700_000_000)
    nonces = partial(search, minimum_weight_magnitude=WEIGHT, stop=lambda: False)
    attached = attach(bundle, *await client.tips(), 1_700_000_000_000, nonces)
    await client.store([each.to_trytes() for each in attached])


async def test_nothing(ledger: TangleLedger) -> None:
    """A log that was never anchored is not known."""
    assert await ledger.latest() is None


async def test_the_largest_checkpoint(
    ledger: TangleLedger, client: TangleClient
) -> None:
    """Whatever the order in which they came, and whatever others put there."""
    for size in (5, 12, 9):
        prepared = await ledger.prepare(
            checkpoint(size), [reading(index) for index in range(5)]
        )
        await ledger.publish(prepared)
    await put(client, "nothing")
    await put(client, Message("no note", ()).to_text())
    stranger = SigningKey.from_seed(KEY.name, bytes(32))
    await put(client, Message(checkpoint(99, stranger).note, ()).to_text())
    latest = await ledger.latest()
    assert latest == checkpoint(12)


async def test_more_than_can_be_searched(
    ledger: TangleLedger, client: TangleClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said, instead of looking at a part."""
    for _ in range(3):
        await put(client, "nothing")
    monkeypatch.setattr(history, "MOST_SEARCHED", 2)
    with pytest.raises(LedgerRejectedError) as raised:
        await ledger.latest()
    assert raised.value.reason is Reason.UNSEARCHABLE


async def test_what_stands_there(
    ledger: TangleLedger, client: TangleClient, tangle: PrivateTangle
) -> None:
    """All checkpoints of the log, the largest first, with what is in clear beside them."""
    assert await ledger.published(9) == []
    receipts = [
        await ledger.publish(
            await ledger.prepare(checkpoint(size), [reading(size - 1)])
        )
        for size in (5, 12, 9)
    ]
    await put(client, "nothing")
    await tangle.issue_milestone()
    await put(client, Message(checkpoint(3).note, ()).to_text())
    told = await ledger.published(9)
    assert [each.checkpoint for each in told] == [
        checkpoint(size) for size in (12, 9, 5, 3)
    ]
    assert [each.transaction for each in told[:3]] == [
        receipts[number].transaction for number in (1, 2, 0)
    ]
    assert [each.is_confirmed for each in told] == [True, True, True, False]
    assert told[0].readings == ((11, reading(11).leaf),)
    assert await ledger.published(1) == told[:1]


class Liar(AiohttpTransport):
    """Has a node give every transaction another hash than its own."""

    async def send(self, request: Request) -> Answer:
        """Turn round the hashes that are asked for, and those that are found."""
        asked = json.loads(request.body or b"{}")
        if asked["command"] == "getTrytes":
            asked["hashes"] = [each[::-1] for each in asked["hashes"]]
        answer = await super().send(replace(request, body=json.dumps(asked).encode()))
        told = json.loads(answer.body)
        if asked["command"] == "findTransactions":
            told["hashes"] = [each[::-1] for each in told["hashes"]]
        return replace(answer, body=json.dumps(told).encode())


async def test_hash_of_another(
    ledger: TangleLedger, session: ClientSession, tangle: PrivateTangle
) -> None:
    """A node that gives a transaction another's name is not believed."""
    await ledger.publish(await ledger.prepare(checkpoint(5), []))
    misled = TangleLedger(Liar(session), settings(tangle.url), KEY.verifier)
    with pytest.raises(LedgerUnavailableError, match="not its own"):
        await misled.published(9)
