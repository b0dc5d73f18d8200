"""Who tells of blocks: explorers that lie, lag, stall or disagree."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from aiohttp import ClientSession, web
import pytest

from custom_components.sensorchain.ledgers.http import Transport
from custom_components.sensorchain.ledgers.ledger import (
    AnchorStatus,
    LedgerRejectedError,
    LedgerUnavailableError,
    Reason,
)
from custom_components.sensorchain.ledgers.opentimestamps.bitcoin import BITCOIN
from custom_components.sensorchain.ledgers.opentimestamps.sources import (
    Sight,
    Sources,
    source,
)
from demo.calendar.server import DemoCalendars
from tests.ledgers.common import checkpoint
from tests.ledgers.conftest import Serve

from .common import CONFIRMATIONS, TIMEOUT, chosen, ledger_of, submitted


@pytest.fixture
async def other(tmp_path: Path, loopback: None) -> AsyncIterator[DemoCalendars]:
    """Run another chain that begins with the same block."""
    async with DemoCalendars(database=tmp_path / "other.db") as other:
        other.mine(10)
        yield other


def sources(transport: Transport, *urls: str, genesis: str | None = None) -> Sources:
    """Return what asks these."""
    return Sources([source(transport, url, TIMEOUT) for url in urls], genesis)


def rest(demo: DemoCalendars) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return a server that tells of the demo's chain as bitcoind does."""

    async def answer(request: web.Request) -> web.Response:
        _, _, *parts = request.path.split("/")
        if parts == ["chaininfo.json"]:
            return web.json_response({"chain": "main", "blocks": demo.chain.tip})
        name = parts[-1].removesuffix(".hex")
        if parts[0] == "blockhashbyheight":
            header = demo.chain.header_at(int(name))
        else:
            height = demo.chain.height_of(name)
            header = demo.chain.header_at(-1 if height is None else height)
        if header is None:
            return web.Response(status=404, text="Block height out of range\r\n")
        told = header.hash if parts[0] == "blockhashbyheight" else header.data.hex()
        return web.Response(text=told + "\n")

    return answer


async def test_explorer_and_node_agree(
    transport: Transport, calendars: DemoCalendars, serve: Serve
) -> None:
    """An explorer and a node tell the same; what the slower one has seen counts."""
    calendars.mine(4)
    node = f"{await serve(rest(calendars))}/rest"
    told = sources(transport, calendars.explorer, node)
    header = calendars.chain.header_at(2)
    assert header
    assert await told.sight(2) == Sight(header, 3)
    assert await told.sight(4) == Sight(calendars.chain.header_at(4) or header, 1)
    assert await told.sight(5) is None
    assert (await told.chain()).genesis == calendars.chain.genesis
    assert await sources(transport, node).sight(2) == Sight(header, 3)


async def test_two_of_three(
    transport: Transport,
    calendars: DemoCalendars,
    other: DemoCalendars,
    serve: Serve,
    dead_url: str,
) -> None:
    """What two say is so, whatever a third one says; one against one is no answer."""
    calendars.mine(5)
    here, there = calendars.explorer, other.explorer
    again = f"{await serve(rest(calendars))}/rest"
    sight = await sources(transport, here, there, again).sight(3)
    assert sight
    assert sight.header == calendars.chain.header_at(3)
    with pytest.raises(LedgerUnavailableError, match="different blocks") as caught:
        await sources(transport, here, there).sight(3)
    assert caught.value.reason is Reason.NODES_DISAGREE
    with pytest.raises(LedgerUnavailableError, match="cannot be reached"):
        await sources(transport, here, dead_url).sight(3)
    assert await sources(transport, here, there).sight(8) is None, "one alone knows it"


async def test_another_chain(
    transport: Transport, calendars: DemoCalendars, dead_url: str
) -> None:
    """One source of another chain is enough to refuse, whoever else answers."""
    told = sources(transport, dead_url, calendars.explorer, genesis=BITCOIN.genesis)
    with pytest.raises(LedgerRejectedError, match="the test chain") as caught:
        await told.chain()
    assert caught.value.reason is Reason.WRONG_NETWORK


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:79],
        lambda data: data[:36] + bytes(32) + data[68:],
        lambda data: bytes(80),
        lambda data: data + data,
    ],
    ids=["cut off", "another merkle root", "nothing", "two"],
)
async def test_a_header_that_was_tampered_with(
    transport: Transport,
    calendars: DemoCalendars,
    spoil: Callable[[bytes], bytes],
) -> None:
    """A header must have the hash that was told before it: nobody can put another root in."""
    ledger = ledger_of(transport, chosen(calendars))
    receipt = await submitted(ledger)
    calendars.mine(CONFIRMATIONS)
    calendars.spoil_header = spoil
    with pytest.raises(LedgerUnavailableError) as caught:
        await ledger.confirm(receipt)
    assert caught.value.reason is Reason.NOT_A_NODE
    with pytest.raises(LedgerUnavailableError):
        await ledger.verify(receipt, checkpoint())
    calendars.spoil_header = bytes
    assert (await ledger.confirm(receipt)).status is AnchorStatus.CONFIRMED


async def test_headers_without_work(
    transport: Transport, calendars: DemoCalendars, serve: Serve
) -> None:
    """A server cannot make up a block of Bitcoin: it would have to do the work."""

    async def lie(request: web.Request) -> web.Response:
        if request.path == "/block-height/0":
            return web.Response(text=BITCOIN.genesis)
        async with (
            ClientSession() as session,
            session.get(calendars.explorer + request.path) as answer,
        ):
            return web.Response(text=await answer.text())

    calendars.mine(10)
    url = await serve(lie)
    with pytest.raises(LedgerUnavailableError, match="too little proof of work"):
        await sources(transport, url, genesis=BITCOIN.genesis).sight(3)


@pytest.mark.parametrize(
    ("status", "text", "reason"),
    [
        (200, "<html>", Reason.NOT_A_NODE),
        (200, "ab", Reason.NOT_A_NODE),
        (200, "AB" * 32, Reason.NOT_A_NODE),
        (200, "ab" * 6000, Reason.ANSWER_TOO_LARGE),
        (301, "", Reason.NOT_A_NODE),
        (400, "", Reason.NOT_A_NODE),
        (429, "", Reason.RATE_LIMITED),
        (503, "", Reason.NODE_ERROR),
    ],
)
async def test_nonsense(
    transport: Transport, serve: Serve, status: int, text: str, reason: Reason
) -> None:
    """Whatever is answered in place of a hash, it is told what is wrong."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=text)

    url = await serve(answer)
    for each in (url, f"{url}/rest"):
        with pytest.raises(LedgerUnavailableError, match=url) as caught:
            await sources(transport, each).sight(3)
        assert caught.value.reason is reason


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"blocks": "7"}', '{"blocks": true}']
)
async def test_nonsense_of_a_node(
    transport: Transport, calendars: DemoCalendars, serve: Serve, text: str
) -> None:
    """A node's word on its last block is a number, or none."""
    honest = rest(calendars)

    async def answer(request: web.Request) -> web.Response:
        if request.path.endswith("chaininfo.json"):
            return web.Response(text=text)
        return await honest(request)

    calendars.mine(3)
    url = f"{await serve(answer)}/rest"
    with pytest.raises(LedgerUnavailableError) as caught:
        await sources(transport, url).sight(1)
    assert caught.value.reason is Reason.NOT_A_NODE
