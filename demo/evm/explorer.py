"""What a person sees of a private chain: its newest transactions, and what one says, as plain text."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession, web

from .private_chain import PrivateChain

MOST_BLOCKS = 200
"""Blocks that are looked through for transactions."""

MAX_QUESTION = 1_000_000


class Explorer:
    """Pages about a chain; what is posted goes to its node."""

    def __init__(self, chain: PrivateChain, session: ClientSession) -> None:
        """Show a chain that runs."""
        self._chain = chain
        self._session = session

    @asynccontextmanager
    async def serving(self, port: int) -> AsyncIterator[None]:
        """Serve within the block."""
        application = web.Application(client_max_size=MAX_QUESTION)
        application.router.add_post("/", self._ask)
        application.router.add_get("/", self._index)
        application.router.add_get("/tx/{transaction}", self._show)
        runner = web.AppRunner(application, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            yield
        finally:
            await runner.cleanup()

    async def _ask(self, request: web.Request) -> web.Response:
        """Hand a question to the node, and its answer back."""
        question = await request.read()
        headers = {"Content-Type": "application/json"}
        async with self._session.post(
            self._chain.url, data=question, headers=headers
        ) as answer:
            return web.Response(
                body=await answer.read(),
                status=answer.status,
                content_type="application/json",
            )

    async def _index(self, _request: web.Request) -> web.Response:
        """List the newest transactions."""
        head = int(await self._chain.call("eth_blockNumber"), 16)
        lines = [f"A private chain, block {head}. /tx/<transaction> shows one.", ""]
        for number in range(head, max(head - MOST_BLOCKS, -1), -1):
            block = await self._chain.call("eth_getBlockByNumber", hex(number), False)
            lines += [f"block {number}  {each}" for each in block["transactions"]]
        return web.Response(text="\n".join([*lines, ""]))

    async def _show(self, request: web.Request) -> web.Response:
        """Show a transaction, its data as text."""
        name = request.match_info["transaction"]
        found = await self._chain.call("eth_getTransactionByHash", name)
        if found is None:
            raise web.HTTPNotFound(text=f"There is no transaction {name}\n")
        return web.Response(text=_told(found))


def _told(transaction: dict[str, Any]) -> str:
    """Return what is told of a transaction."""
    number = transaction["blockNumber"]
    block = "waiting" if number is None else f"in block {int(number, 16)}"
    data = bytes.fromhex(transaction["input"][2:]).decode(errors="replace")
    return (
        f"{transaction['hash']}\n{block}\nfrom {transaction['from']}"
        f" to {transaction['to']}\n\n{data}\n"
    )
