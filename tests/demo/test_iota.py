"""The private IOTA network of the demo as a program, and what its explorer shows."""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
import sys

from aiohttp import ClientSession

from custom_components.sensorchain.ledgers.http import AiohttpTransport
from custom_components.sensorchain.ledgers.iota.faucet import Faucet
from custom_components.sensorchain.ledgers.iota.ledger import IotaLedger
from custom_components.sensorchain.ledgers.iota.settings import IotaSettings
from custom_components.sensorchain.ledgers.iota.transaction import written
from custom_components.sensorchain.ledgers.ledger import AnchorStatus
from demo.iota.identity import OWN_CHAIN, OWN_PACKAGES
from demo.world.ledgers import IOTA, LocalLedger
from demo.world.ports import free_ports
from tests.iota.forms import ACCOUNT_KEY
from tests.ledgers.common import KEY, checkpoint, reading

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def running(ledger: LocalLedger, port: int, folder: Path) -> AsyncIterator[None]:
    """Run a ledger of the demo, until it is stopped in order."""
    program = ledger.program(port - ledger.beside, folder, folder / "log")
    process = await asyncio.create_subprocess_exec(
        sys.executable, *program.command[1:], cwd=ROOT, stdout=PIPE
    )
    try:
        assert process.stdout
        assert f":{port}".encode() in await process.stdout.readline()
        yield
    finally:
        process.terminate()
        await process.wait()


def ledger_of(session: ClientSession, url: str) -> IotaLedger:
    """Return the ledger that the demo's form describes, with an account of ours."""
    _, network, _ = IOTA.pages(url)
    more = dict(network["more"])  # type: ignore[call-overload]
    assert more.pop("faucet") == url
    settings = {key: network[key] for key in network if key != "more"} | more
    settings |= {"private_key": ACCOUNT_KEY.reveal(), "chain": OWN_CHAIN}
    settings["form"] = "notarization"
    chosen = IotaSettings.from_json(settings)
    assert chosen.packages == OWN_PACKAGES
    return IotaLedger(AiohttpTransport(session), chosen, KEY.verifier)


async def anchored(ledger: IotaLedger, size: int) -> str:
    """Return the transaction of an anchor that is confirmed."""
    receipt = await ledger.publish(await ledger.prepare(checkpoint(size), [reading(3)]))
    async with asyncio.timeout(60):
        while receipt.status is not AnchorStatus.CONFIRMED:
            receipt = await ledger.confirm(receipt)
            await asyncio.sleep(0.1)
    return receipt.transaction


async def page(session: ClientSession, url: str) -> tuple[int, str]:
    """Return the status and the text of a page."""
    async with session.get(url) as response:
        return response.status, await response.text()


async def test_network_goes_on(socket_enabled: None, tmp_path: Path) -> None:
    """What was anchored is there after a restart, and can be looked at."""
    transactions: list[str] = []
    (port,) = free_ports(1)
    url = IOTA.url(port - IOTA.beside)
    async with ClientSession() as session:
        ledger = ledger_of(session, url)
        for size in (1, 2):
            async with running(IOTA, port, tmp_path):
                if not transactions:
                    faucet = Faucet(AiohttpTransport(session), url)
                    await faucet.ask(ACCOUNT_KEY.address)
                transactions.append(await anchored(ledger, size))
                _, shown = await page(session, url)
                assert OWN_CHAIN in shown
                assert written(OWN_PACKAGES.notarization) in shown
                for transaction in transactions:
                    _, shown = await page(session, f"{url}/txblock/{transaction}")
                    assert "checkpoint" in shown
                    assert "&quot;index&quot;:3" in shown
                status, _ = await page(session, f"{url}/txblock/{'1' * 43}")
                assert status == 404
