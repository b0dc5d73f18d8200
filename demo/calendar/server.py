"""The calendars and their chain with an HTTP server.

POST /<calendar>/digest                 GET /<calendar>/timestamp/<message>
GET  /api/blocks/tip/height             GET /api/block-height/<height>      GET /api/block/<hash>/header
POST /rpc                               GET /                               GET /block/<hash>
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
import json
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from demo.serving import Place, listen

from . import pages
from .calendar import Calendar, Mood, Reply
from .chain import Chain
from .store import Store

NAMES = ("alice", "bob")


@dataclass(eq=False, kw_only=True)
class DemoCalendars:
    """Calendars that listen while `async with` lasts; started again they have the same URLs and know the same."""

    database: Path
    """The SQLite file, made if it is not there."""
    block_interval: float = 0
    """Seconds between blocks; 0 makes them only when mine() is called."""
    names: Sequence[str] = NAMES
    """Of the calendars."""
    host: str = "127.0.0.1"
    """The address to listen at."""
    port: int = 0
    """The port to listen at; 0 takes a free one, which is kept from then on."""
    spoil_header: Callable[[bytes], bytes] = field(default=bytes)
    """What is done to a header before it is told; for tests."""

    def __post_init__(self) -> None:
        """Prepare what lives as long as the object."""
        self._exit = AsyncExitStack()
        self._place = Place()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Stop."""
        await self.stop()

    async def start(self) -> None:
        """Listen, and make blocks if that is wished."""
        async with AsyncExitStack() as stack:
            store = Store(self.database)
            stack.callback(store.close)
            self.store, self.chain = store, Chain(store)
            await self._listen(stack)
            self._place.give_up()
            self.calendars = {
                name: Calendar(store, name, f"{self.url}/{name}/")
                for name in self.names
            }
            clock = asyncio.create_task(self._make_blocks())
            stack.callback(clock.cancel)
            self._exit = stack.pop_all()

    async def stop(self) -> None:
        """Stop, and let nobody else have the port before the next start; no harm when it is not running."""
        await self._exit.aclose()
        self._place.take(self.host, self.port)

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    @property
    def urls(self) -> list[str]:
        """The URLs of the calendars; the reference client needs the slash at their end."""
        return [f"{self.url}/{name}/" for name in self.names]

    @property
    def explorer(self) -> str:
        """The URL at which the chain is told of as Esplora does it."""
        return f"{self.url}/api"

    def mine(self, blocks: int = 1) -> None:
        """Make blocks; the first one holds what the calendars have been given."""
        for _ in range(blocks):
            self._mine()

    def reorganise(self, depth: int) -> None:
        """Put other blocks, and one more, in the place of the last ones; what these held waits again."""
        self.chain.cut(depth)
        for _ in range(depth + 1):
            self.chain.mine()

    def _mine(self) -> None:
        """Make a block of what waits."""
        waiting = [
            (calendar, *found)
            for calendar in self.calendars.values()
            if (found := calendar.commitment())
        ]
        ends = self.chain.mine([commitment for _, commitment, _ in waiting])
        for (calendar, _, timestamps), end in zip(waiting, ends, strict=True):
            calendar.fulfil(self.chain.tip, timestamps, end)

    async def _make_blocks(self) -> None:
        """Make a block every so often."""
        while self.block_interval:
            await asyncio.sleep(self.block_interval)
            self.mine()

    async def _listen(self, stack: AsyncExitStack) -> None:
        """Start the HTTP server."""
        application = web.Application()
        application.add_routes(
            [
                web.get("/", self._index),
                web.get("/block/{block}", self._page),
                web.get("/api/blocks/tip/height", self._tip),
                web.get("/api/block-height/{height:[0-9]{1,9}}", self._hash),
                web.get("/api/block/{block}/header", self._header),
                web.post("/rpc", self._rpc),
                web.post("/{calendar}/digest", self._take),
                web.get("/{calendar}/timestamp/{message:([0-9a-f]{2})+}", self._tell),
            ]
        )
        self.port = await listen(stack, application, self.host, self.port)

    # Calendars

    async def _take(self, request: web.Request) -> web.Response:
        """Take a digest."""
        calendar = self._calendar(request)
        return await self._reply(calendar, calendar.take(await request.read()))

    async def _tell(self, request: web.Request) -> web.Response:
        """Tell of a message."""
        calendar = self._calendar(request)
        message = bytes.fromhex(request.match_info["message"])
        return await self._reply(calendar, calendar.tell(message))

    def _calendar(self, request: web.Request) -> Calendar:
        """Return the calendar that is asked."""
        try:
            return self.calendars[request.match_info["calendar"]]
        except KeyError:
            raise web.HTTPNotFound from None

    async def _reply(self, calendar: Calendar, reply: Reply) -> web.Response:
        """Answer, if the calendar does."""
        if calendar.mood is Mood.STALLING:
            await asyncio.Event().wait()
        return web.Response(
            status=reply.status,
            body=reply.body,
            content_type="application/vnd.opentimestamps.v1",
        )

    # The chain

    async def _tip(self, _request: web.Request) -> web.Response:
        """Tell the height of the last block."""
        return web.Response(text=str(self.chain.tip))

    async def _hash(self, request: web.Request) -> web.Response:
        """Tell the hash of the block at a height."""
        header = self.chain.header_at(int(request.match_info["height"]))
        if header is None:
            return web.Response(status=404, text="Block not found")
        return web.Response(text=header.hash)

    async def _header(self, request: web.Request) -> web.Response:
        """Tell the header of a block."""
        height = self.chain.height_of(request.match_info["block"])
        if height is None or (header := self.chain.header_at(height)) is None:
            return web.Response(status=404, text="Block not found")
        return web.Response(text=self.spoil_header(header.data).hex())

    async def _rpc(self, request: web.Request) -> web.Response:
        """Answer what the reference client asks a node of Bitcoin."""
        asked = await request.json()
        try:
            result = self._called(asked["method"], asked["params"])
        except IndexError, KeyError:
            error = {"code": -8, "message": "Block height out of range"}
            return web.json_response(
                {"result": None, "error": error, "id": asked["id"]}
            )
        answer = {"result": result, "error": None, "id": asked["id"]}
        return web.Response(text=json.dumps(answer), content_type="application/json")

    def _called(self, method: str, parameters: Sequence[Any]) -> object:
        """Return what one of bitcoind's methods does."""
        if method == "getblockcount":
            return self.chain.tip
        if method == "getblockhash":
            if header := self.chain.header_at(parameters[0]):
                return header.hash
        elif method == "getblockheader":
            height = self.chain.height_of(parameters[0])
            if height is not None and (header := self.chain.header_at(height)):
                return self.spoil_header(header.data).hex()
        raise KeyError(method)

    # Pages

    async def _index(self, _request: web.Request) -> web.Response:
        """Show the last blocks."""
        return pages.index(self.chain, self.store)

    async def _page(self, request: web.Request) -> web.Response:
        """Show a block."""
        height = self.chain.height_of(request.match_info["block"])
        return pages.block(self.chain, self.store, height)
