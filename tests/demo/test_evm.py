"""The private EVM chain of the demo, and its explorer."""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
import sys

from aiohttp import ClientSession

from custom_components.sensorchain.ledgers.evm.ledger import EvmLedger
from custom_components.sensorchain.ledgers.evm.settings import EvmSettings
from custom_components.sensorchain.ledgers.http import AiohttpTransport
from custom_components.sensorchain.ledgers.ledger import AnchorStatus
from demo.evm.anvil import CHAIN_ID, RICH_KEY
from demo.world.ports import free_ports
from tests.ledgers.common import KEY, checkpoint, reading
from tests.ledgers.evm.conftest import anvil

__all__ = ["anvil"]

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def running(state: Path) -> AsyncIterator[str]:
    """Run the chain, and return its URL; stop it in order."""
    (port,) = free_ports(1)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "demo.evm", "--block-time", "1"),
        *("--port", str(port), "--state", state),
        cwd=ROOT,
        stdout=PIPE,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        assert process.stdout
        assert url.encode() in await process.stdout.readline()
        yield url
    finally:
        process.terminate()
        await process.wait()


async def anchored(session: ClientSession, url: str, size: int) -> str:
    """Return the transaction of an anchor that is confirmed."""
    settings = EvmSettings((url,), CHAIN_ID, RICH_KEY)
    ledger = EvmLedger(AiohttpTransport(session), settings, KEY.verifier)
    prepared = await ledger.prepare(checkpoint(size), [reading(3)])
    receipt = await ledger.publish(prepared)
    async with asyncio.timeout(30):
        while receipt.status is not AnchorStatus.CONFIRMED:
            receipt = await ledger.confirm(receipt)
            await asyncio.sleep(0.2)
    return receipt.transaction


async def page(session: ClientSession, url: str) -> tuple[int, str]:
    """Return the status and the text of a page."""
    async with session.get(url) as response:
        return response.status, await response.text()


async def test_chain_goes_on(anvil: None, socket_enabled: None, tmp_path: Path) -> None:
    """What was anchored is there after a restart, and can be looked at."""
    transactions: list[str] = []
    async with ClientSession() as session:
        for size in (1, 2):
            async with running(tmp_path / "chain.json") as url:
                transactions.append(await anchored(session, url, size))
                assert transactions[-1] in (await page(session, url))[1]
                for transaction in transactions:
                    _, shown = await page(session, f"{url}/tx/{transaction}")
                    assert "sensorchain/v1" in shown
                    assert '"index":3' in shown
                status, _ = await page(session, f"{url}/tx/0x{'ab' * 32}")
                assert status == 404
