"""Run a private chain with an explorer: `python -m demo.evm --port 8545 --state chain.json`."""

import argparse
import asyncio
from pathlib import Path
import signal

from aiohttp import ClientSession

from demo.world.ports import free_ports

from .explorer import Explorer
from .private_chain import PrivateChain


def _arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m demo.evm", description=__doc__)
    parser.add_argument("--port", type=int, default=8545, help="default %(default)s")
    parser.add_argument(
        "--state", type=Path, required=True, help="JSON file, made if it is not there"
    )
    parser.add_argument(
        "--block-time",
        type=int,
        default=2,
        metavar="SECONDS",
        help="default %(default)s",
    )
    return parser.parse_args()


async def _run(arguments: argparse.Namespace) -> None:
    """Run until SIGINT or SIGTERM."""
    over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    (port,) = free_ports(1)
    options = {"block_time": arguments.block_time, "state": arguments.state}
    async with (
        ClientSession() as session,
        PrivateChain(port, **options) as chain,
        Explorer(chain, session).serving(arguments.port),
    ):
        print(f"listening on http://127.0.0.1:{arguments.port}", flush=True)
        await over.wait()


if __name__ == "__main__":
    asyncio.run(_run(_arguments()))
