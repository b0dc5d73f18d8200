"""What a person sees of a private network: plain pages of transactions and objects."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from html import escape
import json
from typing import Any

from aiohttp import web

from .identity import written
from .kinds import encode, kind, to_json
from .network import Network
from .objects import LiveObject
from .store import Executed
from .submitted import Submitted

_NEWEST = 50
_RECORDS = 100
"""On one page, the newest unless others are asked for."""

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_STYLE = "body{font:16px/1.5 system-ui;max-width:72rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap;overflow-wrap:anywhere}li,td{overflow-wrap:anywhere}"


def routes(network: Network) -> list[web.AbstractRouteDef]:
    """Return the explorer's routes."""

    async def index(_request: web.Request) -> web.Response:
        newest = network.history(limit=_NEWEST)
        made = network.checkpoint_at()
        head = f"Epoch {network.epoch}, checkpoint {made.number if made else 0}"
        rows = (
            f"{_link('txblock', each.digest)} by {_link('address', each.sender)}: {_state(network, each)}"
            for each in newest
        )
        body = f"{_identity(network)}<p>{head}</p>{_list(rows)}"
        return _page("A private IOTA network", body)

    async def transaction(request: web.Request) -> web.Response:
        digest = request.match_info["digest"]
        found = network.transaction(digest)
        if found is None:
            raise web.HTTPNotFound(text=f"There is no transaction {digest}\n")
        return _page(f"Transaction {digest}", _transaction(network, found))

    async def thing(request: web.Request) -> web.Response:
        object_id = request.match_info["id"]
        found = network.object(object_id)
        if found is None:
            raise web.HTTPNotFound(text=f"There is no object {object_id}\n")
        first = request.query.get("from", "")
        from_ = int(first) if first.isdecimal() else None
        return _page(f"Object {object_id}", _object(network, found, from_))

    async def address(request: web.Request) -> web.Response:
        owner = request.match_info["id"]
        rows = (
            f"{_link('object', each.object_id)} {escape(str(each.kind))}"
            for each in network.owned(owner)
        )
        return _page(f"Address {owner}", _list(rows))

    return [
        web.get("/", index),
        web.get("/txblock/{digest}", transaction),
        web.get("/object/{id}", thing),
        web.get("/address/{id}", address),
    ]


def _page(title: str, body: str) -> web.Response:
    """Return a page; what strangers wrote has been escaped."""
    title = escape(title)
    text = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style><h1>{title}</h1>{body}</html>'
    return web.Response(text=text, content_type="text/html", headers=_HEADERS)


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{each}</li>' for each in items)}</ul>"


def _link(page: str, name: str) -> str:
    return f'<a href="/{page}/{escape(name)}">{escape(name)}</a>'


def _identity(network: Network) -> str:
    """Return what a person is asked for who adds this network to a log."""
    own = asdict(network.identity.packages)
    packages = _list(f"{name}: <code>{written(own[name])}</code>" for name in own)
    return f"<p>Chain id <code>{network.identity.chain}</code>, packages:</p>{packages}"


def _shown(value: Any) -> str:
    """Return JSON to be read."""
    return f"<pre>{escape(json.dumps(value, indent=2, ensure_ascii=False))}</pre>"


def _state(network: Network, executed: Executed) -> str:
    """Return how a transaction ended, and where it stands."""
    ended = f"failed: {escape(executed.words)}" if executed.words else "succeeded"
    if executed.checkpoint is None:
        return f"{ended}, in no checkpoint yet"
    made = network.checkpoint_at(executed.checkpoint)
    assert made
    at = datetime.fromtimestamp(made.time / 1000, UTC)
    return f"{ended}, in checkpoint {made.number} of {at:%Y-%m-%d %H:%M:%S} UTC"


def _transaction(network: Network, executed: Executed) -> str:
    """Return what is told of a transaction."""
    submitted = Submitted.read(executed.data)
    objects = {each.object_id for each in submitted.shared}
    objects |= {each.object_id for each in submitted.owned}
    return (
        f"<p>By {_link('address', executed.sender)}; {_state(network, executed)}</p>"
        f"<h2>Objects</h2>{_list(_link('object', each) for each in sorted(objects))}"
        f"<h2>Texts</h2>{_list(f'<pre>{escape(each)}</pre>' for each in submitted.texts)}"
        f"<h2>Transaction</h2>{_shown(submitted.form)}"
    )


def _object(network: Network, found: LiveObject, first: int | None) -> str:
    """Return what is told of an object, and a trail's records in their order, from a number on."""
    fields = _shown(to_json(found.kind, found.value))
    owner = f"{found.owner.form} {escape(found.owner.value)}"
    head = (
        f"<p>{escape(str(found.kind))}, version {found.version}, owner: {owner};"
        f" changed by {_link('txblock', found.previous)}</p>"
    )
    if found.kind.name != "trails::main::AuditTrail":
        return f"{head}{fields}"
    count = found.value["sequence_number"]
    first = max(count - _RECORDS, 0) if first is None else first
    shown = range(first, min(first + _RECORDS, count))
    earlier = f"<p><a href='?from={max(first - _RECORDS, 0)}'>Earlier ones</a></p>"
    records = "".join(_records(network, found.value["records"]["id"], shown))
    return (
        f"{head}<h2>Records</h2>{earlier if first else ''}"
        f"<ol start='{first}'>{records}</ol><h2>Fields</h2>{fields}"
    )


def _records(network: Network, table: str, numbers: Iterable[int]) -> Iterable[str]:
    """Return the records of a trail."""
    for number in numbers:
        entry = network.field(table, "u64", encode(kind("u64"), number))
        assert entry
        record = entry.value["value"]["value"]
        at = datetime.fromtimestamp(record["added_at"] / 1000, UTC)
        (_, data) = record["data"]
        text = escape(str(data["0"]))
        yield f"<li><p>{at:%Y-%m-%d %H:%M:%S} UTC, by {_link('address', record['added_by'])}</p><pre>{text}</pre></li>"
