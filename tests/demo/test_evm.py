"""The private EVM chain of the demo, and its explorer."""

import asyncio
from asyncio.subprocess import PIPE
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


async def run_once(state: Path, size: int, *earlier: str) -> str:
    """Start the chain, anchor a checkpoint, look at it as a person does, and stop.

    Return the transaction; those of earlier starts are there still.
    """
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "demo.evm", "--block-time", "1"),
        *("--port", str(port), "--state", state),
        cwd=ROOT,
        stdout=PIPE,
    )
    assert process.stdout
    assert url.encode() in await process.stdout.readline()
    async with ClientSession() as session:
        settings = EvmSettings((url,), CHAIN_ID, RICH_KEY)
        ledger = EvmLedger(AiohttpTransport(session), settings, KEY.verifier)
        prepared = await ledger.prepare(checkpoint(size), [reading(3)])
        receipt = await ledger.publish(prepared)
        async with asyncio.timeout(30):
            while receipt.status is not AnchorStatus.CONFIRMED:
                receipt = await ledger.confirm(receipt)
                await asyncio.sleep(0.2)
        async with session.get(url) as response:
            assert receipt.transaction in await response.text()
        for transaction in (receipt.transaction, *earlier):
            async with session.get(f"{url}/tx/{transaction}") as response:
                shown = await response.text()
            assert "sensorchain/v1" in shown
            assert '"index":3' in shown
        async with session.get(f"{url}/tx/0x{'ab' * 32}") as response:
            assert response.status == 404
    process.terminate()
    await process.wait()
    return receipt.transaction


async def test_chain_goes_on(anvil: None, socket_enabled: None, tmp_path: Path) -> None:
    """What was anchored is there after a restart, and can be looked at."""
    first = await run_once(tmp_path / "chain.json", 1)
    await run_once(tmp_path / "chain.json", 2, first)
