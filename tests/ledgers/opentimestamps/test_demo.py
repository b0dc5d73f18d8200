"""The demo's calendars: what they keep, and what a person sees of their chain."""

from pathlib import Path
import socket

from aiohttp import ClientSession
import pytest

from custom_components.sensorchain.ledgers.http import AiohttpTransport, Transport
from custom_components.sensorchain.ledgers.ledger import AnchorStatus
from demo.calendar.chain import merkle_tree
from demo.calendar.server import DemoCalendars

from .common import CONFIRMATIONS, chosen, ledger_of, submitted


@pytest.fixture
def transport(session: ClientSession) -> Transport:
    """Return one transport: the demo does not see which it was."""
    return AiohttpTransport(session)


async def test_goes_on_after_a_restart(
    transport: Transport, calendars: DemoCalendars
) -> None:
    """Blocks and promises are still there, at the same URLs."""
    ledger = ledger_of(transport, chosen(calendars))
    receipt = await submitted(ledger)
    calendars.mine(1)
    header = calendars.chain.header_at(1)
    await calendars.stop()
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind((calendars.host, calendars.port))
    await calendars.start()
    assert calendars.chain.header_at(1) == header
    calendars.mine(CONFIRMATIONS)
    assert (await ledger.confirm(receipt)).status is AnchorStatus.CONFIRMED


async def test_first_block_is_always_the_same(
    calendars: DemoCalendars, tmp_path: Path
) -> None:
    """A demo that begins anew is on the same chain."""
    async with DemoCalendars(database=tmp_path / "other.db") as other:
        assert other.chain.genesis == calendars.chain.genesis


async def test_pages(
    transport: Transport, session: ClientSession, calendars: DemoCalendars
) -> None:
    """The last blocks are shown, and each block with what it holds."""
    await submitted(ledger_of(transport, chosen(calendars)))
    calendars.mine(2)
    header = calendars.chain.header_at(1)
    assert header
    for path, status, texts in (
        ("/", 200, ["The last blocks", f"/block/{header.hash}"]),
        (f"/block/{header.hash}", 200, ["Block 1", header.data.hex(), "<td>3</td>"]),
        (f"/block/{'0' * 64}", 404, ["No such block"]),
    ):
        async with session.get(calendars.url + path) as response:
            assert response.status == status
            shown = await response.text()
        assert all(text in shown for text in texts), shown


@pytest.mark.parametrize("count", range(1, 10))
def test_merkle_tree(count: int) -> None:
    """Every transaction's way leads to the one root."""
    ids = [bytes([number]) * 32 for number in range(count)]
    root, paths = merkle_tree(ids)
    assert len(paths) == count
    for message, path in zip(ids, paths, strict=True):
        for operation in path:
            message = operation(message)
        assert message == root
