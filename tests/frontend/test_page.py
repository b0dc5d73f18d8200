"""The page that checks bundles, in a real browser.

With a folder in SENSORCHAIN_PICTURES it leaves pictures there: those in docs/images are made so.
"""

import asyncio
from asyncio.subprocess import PIPE, STDOUT
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
import os
from pathlib import Path
import shutil
import socket

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.sensorchain.ledgers.evm.chains import CHAINS
from custom_components.sensorchain.ledgers.evm.key import Key
from custom_components.sensorchain.ledgers.evm.ledger import EvmLedger
from custom_components.sensorchain.ledgers.evm.settings import EvmSettings
from custom_components.sensorchain.ledgers.http import AiohttpTransport
from custom_components.sensorchain.ledgers.iota.settings import AnchorForm, Wire
from custom_components.sensorchain.ledgers.opentimestamps.ledger import (
    OpenTimestampsLedger,
)
from custom_components.sensorchain.transparency.bundle import AnchorRecord
from custom_components.sensorchain.transparency.log import Log
from demo.calendar.server import DemoCalendars
from demo.evm.anvil import NoAnvilError, find
from demo.evm.private_chain import PrivateChain
from demo.iota.private_iota import PrivateIota
from demo.tangle.private_tangle import PrivateTangle
from demo.world.ports import free_ports
from tests.ledgers.opentimestamps.common import CONFIRMATIONS, chosen
from tests.verifier.test_iota import (
    ACCOUNT,
    MAINNET,
    anchored as on_iota,
    other_message,
    other_trail,
)
from tests.verifier.test_program import anchored

from .bundles import anchor, bundle, cold_room, files

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "custom_components" / "sensorchain" / "frontend" / "verify.html"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PAYER = Key(0xC0FFEE)
BASE = CHAINS["base"]
"""A chain of everybody's, which the private one claims to be."""

HUGE = 20_000
"""Readings of the largest bundle: enough to see whether the page hangs."""


@pytest.fixture
async def tangle(tmp_path: Path, socket_enabled: None) -> AsyncIterator[PrivateTangle]:
    """Run a Tangle whose milestones come on command, except the first."""
    async with PrivateTangle(
        tmp_path / "tangle.db", minimum_weight_magnitude=3
    ) as tangle:
        yield tangle


@pytest.fixture
async def calendars(
    tmp_path: Path, socket_enabled: None
) -> AsyncIterator[DemoCalendars]:
    """Run calendars, whose blocks come on command."""
    async with DemoCalendars(database=tmp_path / "calendar.db") as calendars:
        yield calendars


@asynccontextmanager
async def open_to_pages(url: str) -> AsyncIterator[str]:
    """Let web pages ask a server, as they may ask public ones; yield its URL for them."""
    allowed = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Headers": "Content-Type",
    }

    async def told(request: web.Request) -> web.Response:
        if request.method == "OPTIONS":
            return web.Response(headers=allowed)
        async with (
            ClientSession() as session,
            session.request(
                request.method,
                url + request.path,
                data=await request.read(),
                headers={"Content-Type": "application/json"},
            ) as answer,
        ):
            body, status = await answer.read(), answer.status
        return web.Response(body=body, status=status, headers=allowed)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", told)
    async with TestServer(application) as server:
        yield str(server.make_url("/")).rstrip("/")


@pytest.fixture
async def explorer(calendars: DemoCalendars) -> AsyncIterator[str]:
    """Run an explorer that web pages may ask, and return its URL."""
    async with open_to_pages(calendars.url) as url:
        yield f"{url}/api"


@dataclass(frozen=True)
class OpenIota:
    """A node of IOTA, and where web pages ask it."""

    node: PrivateIota
    url: str

    async def anchor(self, log: Log, form: AnchorForm, wire: Wire) -> AnchorRecord:
        """Return an anchor of a log that is to be asked for there."""
        (anchor,) = await on_iota(log, self.node, log.size, form=form, wire=wire)
        path = "/graphql" if wire is Wire.GRAPHQL else "/"
        settings = {**anchor.settings, "nodes": [self.url + path]}
        return replace(anchor, name=self.node.chain, settings=settings)


@pytest.fixture
async def iota(socket_enabled: None) -> AsyncIterator[tuple[OpenIota, OpenIota]]:
    """Run a node that claims to be of the main network, and one of a private network."""
    async with AsyncExitStack() as stack:
        nodes = []
        for node in (
            PrivateIota(chain=MAINNET.chain, packages=MAINNET.packages),
            PrivateIota(),
        ):
            await stack.enter_async_context(node)
            await node.fund(ACCOUNT.address)
            url = await stack.enter_async_context(open_to_pages(node.url))
            nodes.append(OpenIota(node, url))
        yield nodes[0], nodes[1]


async def timestamped(
    log: Log, calendars: DemoCalendars, explorer: str
) -> AnchorRecord:
    """Return an anchor of a log in Bitcoin's stead."""
    settings = chosen(calendars, nodes=(explorer,))
    async with ClientSession() as session:
        transport = AiohttpTransport(session)
        ledger = OpenTimestampsLedger(transport, settings, log.verifier_key)
        prepared = await ledger.prepare(log.checkpoint(log.size), [])
        submitted = await ledger.publish(prepared)
        calendars.mine(CONFIRMATIONS)
        receipt = await ledger.confirm(submitted)
    return AnchorRecord(
        prepared.checkpoint,
        "opentimestamps",
        "Bitcoin",
        settings.to_json(),
        receipt.to_json(),
    )


@pytest.fixture
async def chain(socket_enabled: None) -> AsyncIterator[PrivateChain | None]:
    """Run an EVM chain, where anvil can be had."""
    try:
        await asyncio.to_thread(find)
    except NoAnvilError:
        yield None
        return
    (port,) = free_ports(1)
    async with PrivateChain(port, chain_id=BASE.chain_id) as chain:
        await chain.fund(PAYER.account)
        yield chain


async def sent(log: Log, chain: PrivateChain) -> AnchorRecord:
    """Return an anchor of a log on an EVM chain."""
    settings = EvmSettings(
        nodes=(chain.url,), chain_id=BASE.chain_id, private_key=PAYER.reveal()
    )
    async with ClientSession() as session:
        ledger = EvmLedger(AiohttpTransport(session), settings, log.verifier_key)
        prepared = await ledger.prepare(log.checkpoint(log.size), [])
        submitted = await ledger.publish(prepared)
        await chain.mine(3)
        receipt = await ledger.confirm(submitted)
    return AnchorRecord(
        prepared.checkpoint,
        "evm",
        BASE.name,
        settings.public().to_json(),
        receipt.to_json(),
    )


def spoilt(anchor: AnchorRecord) -> AnchorRecord:
    """Return an anchor whose timestamp leads elsewhere: a byte of an operation is changed."""
    proof = bytearray(b64decode(str(anchor.receipt["details"]["proof"])))
    proof[70] ^= 1
    details = {**anchor.receipt["details"], "proof": b64encode(proof).decode()}
    return replace(anchor, receipt={**anchor.receipt, "details": details})


async def iota_bundles(folder: Path, log: Log, main: OpenIota, own: OpenIota) -> None:
    """Write bundles with anchors on IOTA: of one network all transactions are forgotten."""
    remembered = await main.anchor(log, AnchorForm.AUDIT_TRAIL, Wire.GRAPHQL)
    record = await own.anchor(log, AnchorForm.AUDIT_TRAIL, Wire.JSON_RPC)
    notarized = await own.anchor(log, AnchorForm.NOTARIZATION, Wire.GRAPHQL)
    await own.node.prune()
    other = await main.anchor(log, AnchorForm.NOTARIZATION, Wire.JSON_RPC)
    for name, each in (
        ("iota", remembered),
        ("iota-notarized", other),
        ("iota-forgotten", record),
        ("iota-forgotten-notarized", notarized),
        ("iota-spoilt", other_message(log, record)),
        ("iota-moved", other_trail(log, remembered)),
    ):
        (folder / f"{name}.json").write_bytes(bundle(log, [each]))


async def bundles(
    folder: Path,
    tangle: PrivateTangle,
    calendars: DemoCalendars,
    explorer: str,
    chain: PrivateChain | None,
    iota: tuple[OpenIota, OpenIota],
) -> None:
    """Write the bundles that the page is shown."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        silent = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    for name, data in await asyncio.to_thread(lambda: list(files(silent, HUGE))):
        (folder / name).write_bytes(data)
    with cold_room() as log:
        anchors = [await anchored(log, tangle, size) for size in (300, 500, 700)]
        (folder / "anchored.json").write_bytes(bundle(log, anchors))
        claimed = [anchor(log, 700, tangle.url)]
        (folder / "refuted.json").write_bytes(bundle(log, claimed))
        stamped = await timestamped(log, calendars, explorer)
        (folder / "bitcoin.json").write_bytes(bundle(log, [stamped]))
        if chain:
            (folder / "evm.json").write_bytes(bundle(log, [await sent(log, chain)]))
        (folder / "bitcoin-spoilt.json").write_bytes(bundle(log, [spoilt(stamped)]))
        await iota_bundles(folder, log, *iota)


@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="Chromium is missing")
@pytest.mark.timeout(400)
async def test_the_page(
    tangle: PrivateTangle,
    calendars: DemoCalendars,
    explorer: str,
    chain: PrivateChain | None,
    iota: tuple[OpenIota, OpenIota],
    tmp_path: Path,
) -> None:
    """It tells the truth of good and bad bundles, and everybody can use it."""
    await bundles(tmp_path, tangle, calendars, explorer, chain, iota)
    process = await asyncio.create_subprocess_exec(
        str(ROOT / "scripts" / "browser"),
        "verify_page.mjs",
        str(PAGE),
        str(tmp_path),
        *filter(None, [os.environ.get("SENSORCHAIN_PICTURES")]),
        stdout=PIPE,
        stderr=STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
