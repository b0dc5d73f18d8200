"""A real node of Bitcoin, on a chain of its own."""

import asyncio
from asyncio.subprocess import DEVNULL
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
import subprocess
from typing import Any

from aiohttp import ClientError, ClientSession
from bitcoin.core import CBlock
from opentimestamps.bitcoin import make_timestamp_from_block
from opentimestamps.core.timestamp import Timestamp as Reference
import pytest

from demo.world.ports import free_ports

ROOT = Path(__file__).parents[3]
USER = "user:password"


def program() -> Path:
    """Return bitcoind, or skip the test where there is none."""
    found = subprocess.run(
        [ROOT / "scripts" / "setup", "bitcoin"],
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        pytest.skip(f"there is no bitcoind: {found.stderr.strip()}")
    return Path(found.stdout.strip(), "bin", "bitcoind")


@dataclass(frozen=True)
class Node:
    """A node that runs in regtest mode."""

    port: int

    @property
    def rest(self) -> str:
        """The URL of its REST interface."""
        return f"http://127.0.0.1:{self.port}/rest"

    @property
    def rpc(self) -> str:
        """The URL of its RPC, with user and password."""
        return f"http://{USER}@127.0.0.1:{self.port}"

    async def call(self, method: str, *parameters: Any) -> Any:
        """Return what a method of its RPC answers."""
        authorization = f"Basic {b64encode(USER.encode()).decode()}"
        async with (
            ClientSession() as session,
            session.post(
                f"http://127.0.0.1:{self.port}/",
                json={"method": method, "params": parameters, "id": 1},
                headers={"Authorization": authorization},
            ) as response,
        ):
            answer = await response.json()
        assert answer["error"] is None, answer
        return answer["result"]

    async def mine(self, blocks: int) -> None:
        """Make blocks."""
        address = await self.call("getnewaddress")
        await self.call("generatetoaddress", blocks, address)

    async def commit(self, commitment: bytes) -> Reference:
        """Put 32 bytes into a transaction and that into a block; return the library's timestamp."""
        bare = await self.call("createrawtransaction", [], [{"data": commitment.hex()}])
        funded = await self.call("fundrawtransaction", bare, {"fee_rate": 10})
        signed = await self.call("signrawtransactionwithwallet", funded["hex"])
        await self.call("sendrawtransaction", signed["hex"])
        await self.mine(1)
        block = await self.call("getbestblockhash")
        raw = CBlock.deserialize(bytes.fromhex(await self.call("getblock", block, 0)))
        height = await self.call("getblockcount")
        return make_timestamp_from_block(commitment, raw, height)


@asynccontextmanager
async def regtest(folder: Path) -> AsyncIterator[Node]:
    """Run a node with a wallet that has something to spend."""
    bitcoind = program()
    (port,) = free_ports(1)
    user, _, password = USER.partition(":")
    process = await asyncio.create_subprocess_exec(
        bitcoind,
        f"-datadir={folder}",
        "-regtest",
        "-server",
        "-rest",
        "-listen=0",
        "-dnsseed=0",
        "-natpmp=0",
        "-keypool=5",
        f"-rpcport={port}",
        f"-rpcuser={user}",
        f"-rpcpassword={password}",
        "-fallbackfee=0.0001",
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    node = Node(port)
    try:
        await ready(node)
        await node.call("createwallet", "tests")
        await node.mine(101)
        yield node
    finally:
        process.terminate()
        await process.wait()


async def ready(node: Node) -> None:
    """Wait until a node answers."""
    async with asyncio.timeout(60):
        while True:
            try:
                await node.call("getblockcount")
            except ClientError, AssertionError:
                await asyncio.sleep(0.05)
            else:
                return
