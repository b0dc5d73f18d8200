"""A private chain inside a program."""

import asyncio
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path
from typing import Any, Self

from aiohttp import ClientError, ClientSession

from demo.world.waiting import until

from .anvil import CHAIN_ID, command, find

SECONDS_TO_START = 30
SECONDS_TO_STOP = 10


class RefusedError(Exception):
    """The node refuses a method."""


class PrivateChain:
    """A node that runs within the block; without a block time it makes blocks on command."""

    def __init__(
        self,
        port: int,
        *,
        chain_id: int = CHAIN_ID,
        block_time: int | None = None,
        state: Path | None = None,
    ) -> None:
        """Keep what it is started with."""
        self.url = f"http://127.0.0.1:{port}"
        self.port = port
        self._chain_id = chain_id
        self._block_time = block_time
        self._state = state
        self._process: Process

    async def __aenter__(self) -> Self:
        """Start it, and wait until it answers."""
        self._session = ClientSession()
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop it."""
        await self.stop()
        await self._session.close()

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        program = await asyncio.to_thread(find)
        self._process = await asyncio.create_subprocess_exec(
            *command(
                program,
                self.port,
                chain_id=self._chain_id,
                block_time=self._block_time,
                state=self._state,
            ),
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=DEVNULL,
        )
        await until(self._answers, "anvil answers", SECONDS_TO_START)

    async def stop(self) -> None:
        """Stop it in order: what it knows is written down."""
        if self._process.returncode is None:
            self._process.terminate()
            async with asyncio.timeout(SECONDS_TO_STOP):
                await self._process.wait()

    async def call(self, method: str, *params: object) -> Any:
        """Return what the node answers to a method; raises RefusedError."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        async with self._session.post(self.url, json=body) as response:
            answer = await response.json()
        if "error" in answer:
            raise RefusedError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    async def mine(self, blocks: int = 1) -> None:
        """Make blocks; the first one takes what waits."""
        await self.call("anvil_mine", hex(blocks))

    async def fund(self, account: str, wei: int = 10**18) -> None:
        """Give an account a balance."""
        await self.call("anvil_setBalance", account, hex(wei))

    async def _answers(self) -> bool | None:
        """Return True once the node answers; raises RefusedError when it has ended."""
        if self._process.returncode is not None:
            raise RefusedError(f"anvil ended with {self._process.returncode}")
        try:
            await self.call("eth_chainId")
        except ClientError:
            return None
        return True
