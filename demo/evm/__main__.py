"""Run a private chain with an explorer: `python -m demo.evm --port 8545 --state chain.json`."""

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from demo.command_line import CommandLine
from demo.world.ports import free_ports

from .explorer import Explorer
from .private_chain import PrivateChain


@asynccontextmanager
async def _explorer(arguments: argparse.Namespace) -> AsyncIterator[Explorer]:
    """Run a chain, and yield what shows it."""
    (port,) = free_ports(1)
    options = {"block_time": arguments.block_time, "state": arguments.state}
    async with (
        PrivateChain(port, **options) as chain,
        Explorer(chain, arguments.host, arguments.port) as explorer,
    ):
        yield explorer


def main() -> None:
    """Read the command line and run."""
    line = CommandLine("demo.evm", __doc__, 8545, "--state", "JSON")
    line.add_interval("--block-time", int, 2)
    line.run(_explorer)


if __name__ == "__main__":
    main()
