"""The explorer: pages that show transactions with their messages, and milestones, the newest first.

    /                      what is new; follows the Tangle while it is open
    /transaction/<hash>    everything about one transaction
    /address/<address>     the bundles at one address
    /find?q=<trytes>       whichever of the two it is

Messages are written by strangers: the templates escape everything (Jinja's autoescape), and the pages' security policy
allows no script, style or picture but the explorer's own two files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from custom_components.sensorchain.ledgers.tangle.transaction import (
    HASH_TRYTES,
    Transaction,
)
from custom_components.sensorchain.ledgers.tangle.trytes import is_trytes

from .message import Message, read_message
from .node import Node
from .store import Entry, Milestone, Store

_PAGE_LENGTH = 25
_MILESTONES = 40
_AT_ADDRESS = 50
_MESSAGES_KEPT = 64

_HERE = Path(__file__).parent
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_STATIC = {
    "/static/explorer.css": "text/css",
    "/static/explorer.js": "text/javascript",
    "/static/icon.svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Card:
    """A bundle as a list shows it."""

    tail: Entry
    message: Message


@dataclass(frozen=True, slots=True)
class Overview:
    """What stands at the top of each page."""

    milestone: Milestone
    transactions: int
    tips: int


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything about one transaction."""

    entry: Entry
    transaction: Transaction
    trytes: str
    parents: tuple[str, str]
    approvers: list[Entry]
    number: int | None
    bundle: list[Entry]
    message: Message | None


class _Reader:
    """Reads from the store what pages show. Messages never change, so that the last few are kept."""

    def __init__(self) -> None:
        """Begin with no message kept."""
        self._messages: dict[str, Message] = {}

    def cards(self, store: Store, tails: Sequence[Entry]) -> list[Card]:
        """Return the bundles of these tails."""
        return [Card(tail, self._message(store, tail)) for tail in tails]

    def recent(self, store: Store, before: int | None) -> list[Card]:
        """Return a page of bundles, the newest first."""
        return self.cards(store, store.tails(before, _PAGE_LENGTH))

    def at_address(self, store: Store, address: str) -> list[Card]:
        """Return the newest bundles at an address."""
        return self.cards(store, store.at_address(address, _AT_ADDRESS))

    def detail(self, store: Store, name: str) -> Detail | None:
        """Return everything about a transaction, None if it is not known."""
        entry = store.entry(name)
        if entry is None:
            return None
        (trytes,) = store.trytes([name])
        tail = store.tail(entry)
        return Detail(
            entry=entry,
            transaction=Transaction.from_trytes(trytes),
            trytes=trytes,
            parents=store.parents(entry),
            approvers=store.approvers(entry, _PAGE_LENGTH),
            number=store.milestone_number(entry),
            bundle=store.bundle(tail) if tail else [entry],
            message=self._message(store, tail) if tail else None,
        )

    def _message(self, store: Store, tail: Entry) -> Message:
        """Read a bundle's message."""
        if tail.hash not in self._messages:
            trytes = store.trytes(entry.hash for entry in store.bundle(tail))
            self._messages[tail.hash] = read_message(trytes)
            if len(self._messages) > _MESSAGES_KEPT:
                del self._messages[next(iter(self._messages))]
        return self._messages[tail.hash]


def _overview(store: Store) -> Overview:
    """Return what stands at the top of each page."""
    return Overview(store.latest_milestone(), store.count(), len(store.tips()))


def _at(milliseconds: int) -> datetime | None:
    """Return the time of Unix milliseconds; None for what can not be a time, which strangers may write."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except ValueError, OverflowError, OSError:
        return None


def _short(trytes: str) -> str:
    """Return the two ends of trytes that are too long to show."""
    return f"{trytes[:10]}…{trytes[-6:]}"


def _templates() -> Environment:
    """Return the templates: everything escaped, nothing silently missing."""
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {"at": _at, "short": _short}
    return environment


class _Explorer:
    """Answers the explorer's pages for a node."""

    def __init__(self, node: Node) -> None:
        """Show this node."""
        self._node = node
        self._reader = _Reader()
        self._templates = _templates()

    async def index(self, request: web.Request) -> web.Response:
        """Show what is new, or what came before a transaction's number."""
        overview = await self._node.ask(_overview)
        before = request.query.get("before", "")
        tag = f'"{overview.transactions}-{overview.milestone.number}-{overview.tips}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304)
        older_than = int(before) if before.isdecimal() and len(before) < 18 else None
        return self._page(
            "index.html",
            headers={"ETag": tag, "Cache-Control": "no-cache"},
            overview=overview,
            cards=await self._node.ask(self._reader.recent, older_than),
            milestones=await self._node.ask(Store.milestones, _MILESTONES),
            page_length=_PAGE_LENGTH,
            live=older_than is None,
        )

    async def transaction(self, request: web.Request) -> web.Response:
        """Show one transaction."""
        name = request.match_info["hash"]
        detail = await self._node.ask(self._reader.detail, name)
        if detail is None:
            return await self._missing("There is no such transaction on this Tangle.")
        return self._page(
            "transaction.html",
            overview=await self._node.ask(_overview),
            detail=detail,
            live=detail.entry.milestone is None,
        )

    async def address(self, request: web.Request) -> web.Response:
        """Show the bundles at an address."""
        address = request.match_info["address"]
        if not is_trytes(address, HASH_TRYTES):
            return await self._missing("This is not an address: those have 81 trytes.")
        return self._page(
            "address.html",
            overview=await self._node.ask(_overview),
            address=address,
            is_coordinator=address == self._node.coordinator_address,
            cards=await self._node.ask(self._reader.at_address, address),
            most=_AT_ADDRESS,
            live=True,
        )

    async def find(self, request: web.Request) -> web.Response:
        """Go to the page of a transaction or an address."""
        wanted = request.query.get("q", "").strip()
        if not is_trytes(wanted, HASH_TRYTES):
            return await self._missing(
                "Transactions and addresses are 81 trytes: 9 and A to Z."
            )
        known = await self._node.ask(Store.entry, wanted)
        raise web.HTTPFound(f"/{'transaction' if known else 'address'}/{wanted}")

    async def static(self, request: web.Request) -> web.FileResponse:
        """Send the style, the script or the icon."""
        headers = _HEADERS | {"Content-Type": _STATIC[request.path]}
        return web.FileResponse(_HERE / request.path.removeprefix("/"), headers=headers)

    async def unknown(self, request: web.Request) -> web.Response:
        """Answer for paths that are none."""
        return await self._missing("There is no such page.")

    async def _missing(self, reason: str) -> web.Response:
        """Say that there is nothing to show."""
        overview = await self._node.ask(_overview)
        return self._page(
            "missing.html", status=404, overview=overview, reason=reason, live=False
        )

    def _page(
        self,
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] = MappingProxyType({}),
        **values: Any,
    ) -> web.Response:
        """Fill in a template."""
        text = self._templates.get_template(template).render(node=self._node, **values)
        return web.Response(
            text=text,
            status=status,
            content_type="text/html",
            headers={**_HEADERS, **headers},
        )


def routes(node: Node) -> list[web.RouteDef]:
    """Return the explorer's pages."""
    explorer = _Explorer(node)
    return [
        web.get("/", explorer.index),
        web.get("/transaction/{hash}", explorer.transaction),
        web.get("/address/{address}", explorer.address),
        web.get("/find", explorer.find),
        *(web.get(path, explorer.static) for path in _STATIC),
        web.get("/{path:.*}", explorer.unknown),
    ]
