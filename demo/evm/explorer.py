"""What a person sees of a private chain: its newest transactions, and what one says, as plain text."""

from contextlib import AsyncExitStack
from typing import Any, Self

from aiohttp import ClientSession, web

from demo.serving import listen

from .private_chain import PrivateChain

MOST_BLOCKS = 200
"""Blocks that are looked through for transactions."""

MAX_QUESTION = 1_000_000


class Explorer:
    """Pages about a chain, within the block; what is posted goes to its node."""

    def __init__(self, chain: PrivateChain, host: str, port: int) -> None:
        """Show a chain that runs; port 0 is a free one."""
        self._chain = chain
        self._host, self._port = host, port
        self._exit = AsyncExitStack()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{self._host}:{self._port}"

    async def __aenter__(self) -> Self:
        """Start."""
        async with AsyncExitStack() as stack:
            self._session = await stack.enter_async_context(ClientSession())
            self._port = await listen(
                stack, self._application(), self._host, self._port
            )
            self._exit = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self._exit.aclose()

    def _application(self) -> web.Application:
        """Return the pages, and the way to the node."""
        application = web.Application(client_max_size=MAX_QUESTION)
        application.router.add_post("/", self._ask)
        application.router.add_get("/", self._index)
        application.router.add_get("/tx/{transaction}", self._show)
        return application

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
