"""The explorer shows what is on the Tangle, and lets no stranger's message become markup."""

from html.parser import HTMLParser
import json

import aiohttp
import pytest

from demo.tangle.private_tangle import PrivateTangle

from .conftest import Call
from .transactions import ADDRESS, attached, trytes_of

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"' onload='alert(3)"
MESSAGES = {
    "text": EVIL,
    "JSON": json.dumps({EVIL: EVIL}),
    "reading": json.dumps(
        {
            "checkpoint": f"{EVIL}\n7\n{EVIL}\n",
            "readings": [
                dict.fromkeys(
                    ("entity_id", "state", "unit", "last_updated", "index"), EVIL
                )
            ],
        }
    ),
    "other shapes": json.dumps(
        {"checkpoint": {"size": EVIL}, "readings": [EVIL, [EVIL], {"state": [EVIL]}]}
    ),
}


class _Elements(HTMLParser):
    """Collects the elements of a page and its text."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect an element."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Collect text."""
        self.text += data


async def _page(session: aiohttp.ClientSession, url: str, status: int = 200) -> str:
    """Get a page."""
    async with session.get(url) as response:
        assert response.status == status
        if response.content_type == "text/html":
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        return await response.text()


async def _publish(call: Call, text: str) -> str:
    """Publish a message; the hash of its tail."""
    _, tips = await call("getTransactionsToApprove", depth=3)
    bundle = attached(tips["trunkTransaction"], tips["branchTransaction"], text=text)
    assert await call("storeTransactions", trytes=trytes_of(bundle)) == (200, {})
    return bundle[0].hash


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
async def test_messages_are_escaped(
    tangle: PrivateTangle, session: aiohttp.ClientSession, call: Call, message: str
) -> None:
    """On every page a hostile message is text: no element and no attribute comes from it."""
    name = await _publish(call, message)
    for path in ("/", f"/transaction/{name}", f"/address/{ADDRESS}"):
        page = _Elements(await _page(session, tangle.url + path))
        assert "alert(1)" in page.text
        scripts = [
            attributes.get("src")
            for tag, attributes in page.elements
            if tag == "script"
        ]
        pictures = [
            attributes.get("src") for tag, attributes in page.elements if tag == "img"
        ]
        assert scripts == ["/static/explorer.js"]
        assert pictures == ["/static/icon.svg"]
        assert not [
            name
            for _, attributes in page.elements
            for name in attributes
            if name.startswith("on")
        ]


async def test_paths_and_queries_are_escaped(
    tangle: PrivateTangle, session: aiohttp.ClientSession
) -> None:
    """What stands in a URL does not become markup either."""
    for path in (
        "/transaction/%3Cscript%3Ealert(1)",
        "/address/%3Cscript%3Ealert(1)",
        "/find?q=%3Cscript%3Ealert(1)",
    ):
        assert "alert(1)" not in await _page(session, tangle.url + path, 404)
    await _page(session, f"{tangle.url}/?before=%3Cscript%3E")
    await _page(session, f"{tangle.url}/static/..%2f..%2fstore.py", 404)


async def test_index_shows_what_is_new(
    tangle: PrivateTangle, session: aiohttp.ClientSession, call: Call
) -> None:
    """Newest first, with reading, checkpoint and status, which changes with the milestone."""
    reading = {
        "entity_id": "sensor.cold_room_temperature",
        "state": "4.5",
        "unit": "°C",
        "last_updated": "2026-11-22T10:00:00.123456Z",
        "index": 41,
    }
    first = await _publish(call, "the first")
    second = await _publish(
        call,
        json.dumps(
            {"checkpoint": "origin\n42\nroot=\n\n— origin sig\n", "readings": [reading]}
        ),
    )
    page = await _page(session, tangle.url)
    assert 0 < page.index(second) < page.index(first)
    for expected in (
        "sensor.cold_room_temperature",
        "4.5",
        "°C",
        "42 readings",
        "root=",
        "the first",
        "Pending",
    ):
        assert expected in page
    assert "Confirmed" not in page
    issued = await tangle.issue_milestone()
    page = await _page(session, tangle.url)
    assert f"by milestone {issued.number}" in page
    assert f"/transaction/{issued.transaction}" in page
    assert "Pending" not in page


async def test_unchanged_page_is_not_sent_again(
    tangle: PrivateTangle, session: aiohttp.ClientSession, call: Call
) -> None:
    """A page that follows the Tangle costs nothing while nothing happens."""
    async with session.get(tangle.url) as response:
        tag = {"If-None-Match": response.headers["ETag"]}
    async with session.get(tangle.url, headers=tag) as response:
        assert response.status == 304
    await _publish(call, "news")
    async with session.get(tangle.url, headers=tag) as response:
        assert response.status == 200


async def test_older_pages(
    tangle: PrivateTangle, session: aiohttp.ClientSession, call: Call
) -> None:
    """What does not fit on the first page is on the next."""
    names = [await _publish(call, f"number {number}") for number in range(26)]
    page = await _page(session, tangle.url)
    assert names[0] not in page
    (older,) = (
        attributes["href"]
        for tag, attributes in _Elements(page).elements
        if tag == "a" and (attributes["href"] or "").startswith("/?before=")
    )
    assert names[0] in await _page(session, f"{tangle.url}{older}")


async def test_every_part_of_a_bundle_has_a_page(
    tangle: PrivateTangle, session: aiohttp.ClientSession, call: Call
) -> None:
    """Each transaction's page shows the bundle's whole message; so does a bundle without its tail, as far as it goes."""
    _, tips = await call("getTransactionsToApprove", depth=3)
    bundle = attached(
        tips["trunkTransaction"],
        tips["branchTransaction"],
        text="start" + "." * 3000 + "end",
    )
    await call("storeTransactions", trytes=trytes_of(bundle[1:]))
    assert "has not arrived" in await _page(
        session, f"{tangle.url}/transaction/{bundle[1].hash}"
    )
    await call("storeTransactions", trytes=trytes_of(bundle))
    for transaction in bundle:
        page = await _page(session, f"{tangle.url}/transaction/{transaction.hash}")
        assert "start..." in page
        assert "...end" in page
    genesis = await _page(session, f"{tangle.url}/transaction/{'9' * 81}")
    assert "No message" in genesis


async def test_find_goes_where_it_should(
    tangle: PrivateTangle, session: aiohttp.ClientSession, call: Call
) -> None:
    """The search field takes transactions and addresses."""
    name = await _publish(call, "findable")
    for wanted, kind in ((name, "transaction"), (ADDRESS, "address")):
        async with session.get(
            f"{tangle.url}/find", params={"q": f" {wanted} "}
        ) as response:
            assert response.url.path == f"/{kind}/{wanted}"
            assert "findable" in await response.text()
