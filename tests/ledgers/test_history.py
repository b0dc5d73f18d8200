"""What a Tangle knows of a log, whatever else stands at its address."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

from aiohttp import ClientSession
import pytest

from custom_components.sensorchain.ledgers.http import AiohttpTransport
from custom_components.sensorchain.ledgers.ledger import LedgerRejectedError, Reason
from custom_components.sensorchain.ledgers.tangle import history
from custom_components.sensorchain.ledgers.tangle.address import address_of
from custom_components.sensorchain.ledgers.tangle.bundle import attach, make
from custom_components.sensorchain.ledgers.tangle.client import TangleClient
from custom_components.sensorchain.ledgers.tangle.ledger import TAG, TangleLedger
from custom_components.sensorchain.ledgers.tangle.message import Message
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
