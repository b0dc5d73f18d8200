"""What a client makes of nodes that are none, or that misbehave."""

import asyncio
from datetime import timedelta
import socket
import time
from typing import Any

from aiohttp import web
import pytest

from custom_components.sensorchain.ledgers.http import Transport
from custom_components.sensorchain.ledgers.ledger import (
    LedgerError,
    LedgerRejectedError,
    LedgerUnavailableError,
    Reason,
)
from custom_components.sensorchain.ledgers.tangle.client import MAX_ANSWER, TangleClient
from custom_components.sensorchain.ledgers.tangle.transaction import NULL_HASH

from .conftest import Handler, Serve

HASH = "A" * 81
INFO = {
    "appName": "IRI",
    "latestMilestoneIndex": 7,
    "latestSolidSubtangleMilestone": HASH,
    "latestSolidSubtangleMilestoneIndex": 7,
    "coordinatorAddress": HASH,
}


def answering(body: str | bytes, status: int = 200) -> Handler:
    """Return a handler that always answers the same."""

    async def handler(request: web.Request) -> web.Response:
        data = body if isinstance(body, bytes) else body.encode()
        return web.Response(body=data, status=status)

    return handler


def saying(answer: Any, status: int = 200) -> Handler:
    """Return a handler that always answers the same JSON."""

    async def handler(request: web.Request) -> web.Response:
        return web.json_response(answer, status=status)

    return handler


async def error_of(transport: Transport, url: str, within: float = 60) -> LedgerError:
    """Return the error of asking who a node is, which has so many seconds to answer."""
    client = TangleClient(transport, url, timeout=timedelta(seconds=within))
    with pytest.raises(LedgerError) as raised:
        await client.node_info()
    return raised.value


@pytest.mark.parametrize(
    "handler",
    [
        answering("<html><body>It works!</body></html>"),
        answering("<html>Not Found</html>", 404),
        answering(""),
        answering("{"),
        answering(b"\xff\xfe\x00"),
        answering("[" * 100_000),
        saying(None),
        saying([]),
        saying("IRI"),
        saying({}),
        saying({"error": 5}, 400),
        *(
            saying({key: INFO[key] for key in INFO if key != missing})
            for missing in list(INFO)[1:]
        ),
        saying(INFO | {"latestMilestoneIndex": "7"}),
        saying(INFO | {"latestMilestoneIndex": True}),
        saying(INFO | {"latestMilestoneIndex": 7.5}),
        saying(INFO | {"latestMilestoneIndex": 2**40}),
        saying(INFO | {"coordinatorAddress": "A" * 80}),
        saying(INFO | {"coordinatorAddress": "a" * 81}),
        saying(INFO | {"coordinatorAddress": None}),
    ],
)
async def test_what_is_not_a_node(
    transport: Transport, serve: Serve, handler: Handler
) -> None:
    """HTML, garbage, and JSON of something else are told from a node's answer."""
    error = await error_of(transport, await serve(handler))
    assert isinstance(error, LedgerUnavailableError)
    assert error.reason is Reason.NOT_A_NODE


async def test_what_does_not_speak_http(transport: Transport) -> None:
    """Neither does another kind of server."""

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        error = await error_of(transport, f"http://127.0.0.1:{port}")
    assert error.reason in {Reason.NOT_A_NODE, Reason.CANNOT_CONNECT}


async def test_nobody_listens(transport: Transport, dead_url: str) -> None:
    """A closed port is told with the node's name."""
    error = await error_of(transport, dead_url)
    assert error.reason is Reason.CANNOT_CONNECT
    assert dead_url in str(error)


async def test_unknown_host(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So is a name that does not exist."""

    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = await error_of(transport, "http://node.invalid:14265")
    assert error.reason is Reason.CANNOT_CONNECT


async def test_never_answers(transport: Transport, serve: Serve) -> None:
    """It is not waited for longer than the time-out."""

    async def handler(request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    error = await error_of(transport, await serve(handler), within=0.5)
    assert error.reason is Reason.TIMEOUT


async def test_answers_byte_by_byte(transport: Transport, serve: Serve) -> None:
    """The time-out is for the whole answer."""

    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.05)

    error = await error_of(transport, await serve(handler), within=0.5)
    assert error.reason is Reason.TIMEOUT


async def test_answers_too_much(transport: Transport, serve: Serve) -> None:
    """Reading stops at the limit; the rest is not taken."""
    sent = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(1000):
            await response.write(b" " * 100_000)
            sent += 100_000
        return response

    error = await error_of(transport, await serve(handler))
    assert error.reason is Reason.ANSWER_TOO_LARGE
    assert sent < 10 * MAX_ANSWER


async def test_closes_the_connection(transport: Transport, serve: Serve) -> None:
    """A connection that is cut is a node that cannot be reached."""

    async def handler(request: web.Request) -> web.Response:
        assert request.transport
        request.transport.abort()
        return web.Response()

    error = await error_of(transport, await serve(handler))
    assert error.reason is Reason.CANNOT_CONNECT


async def test_cuts_an_answer(transport: Transport, serve: Serve) -> None:
    """So is an answer that is cut."""

    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"{")
        assert request.transport
        request.transport.abort()
        return response

    error = await error_of(transport, await serve(handler))
    assert isinstance(error, LedgerUnavailableError)


@pytest.mark.parametrize("status", [301, 307])
async def test_redirects_are_not_followed(
    transport: Transport, serve: Serve, status: int
) -> None:
    """Where a person has not sent us we do not go."""
    asked = []

    async def elsewhere(request: web.Request) -> web.Response:
        asked.append(request)
        return web.json_response(INFO)

    target = await serve(elsewhere)

    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": target})

    error = await error_of(transport, await serve(handler))
    assert error.reason is Reason.NOT_A_NODE
    assert not asked


@pytest.mark.parametrize(
    ("status", "answer", "kind", "reason"),
    [
        (400, {"error": "Invalid API Version"}, LedgerRejectedError, Reason.REJECTED),
        (
            401,
            {"error": "COMMAND getNodeInfo is not available"},
            LedgerRejectedError,
            Reason.REJECTED,
        ),
        (
            500,
            {"exception": "Invalid transaction hash"},
            LedgerRejectedError,
            Reason.WEIGHT_REFUSED,
        ),
        (
            400,
            {"error": "Invalid transaction hash"},
            LedgerRejectedError,
            Reason.WEIGHT_REFUSED,
        ),
        (
            400,
            {
                "error": "This operation cannot be executed: The subtangle has not been updated yet."
            },
            LedgerUnavailableError,
            Reason.OUT_OF_SYNC,
        ),
        (
            400,
            {"error": f"Invalid transaction, missing: {HASH}"},
            LedgerUnavailableError,
            Reason.TIPS_UNKNOWN,
        ),
        (
            500,
            {"exception": "Index 3 out of bounds"},
            LedgerUnavailableError,
            Reason.NODE_ERROR,
        ),
        (
            429,
            {"error": "Too many requests"},
            LedgerUnavailableError,
            Reason.NODE_ERROR,
        ),
        (502, None, LedgerUnavailableError, Reason.NODE_ERROR),
    ],
)
async def test_complaints(
    transport: Transport,
    serve: Serve,
    status: int,
    answer: Any,
    kind: type,
    reason: Reason,
) -> None:
    """What a node complains about is understood, and quoted in one line."""
    error = await error_of(transport, await serve(saying(answer, status)))
    assert type(error) is kind
    assert error.reason is reason
    assert "\n" not in str(error)


async def test_complaints_are_made_legible(transport: Transport, serve: Serve) -> None:
    """A complaint can bring neither new lines nor pages of text into a log."""
    error = await error_of(
        transport, await serve(saying({"error": "x\n\x1b[31m" * 5000}, 400))
    )
    assert str(error).isprintable()
    assert len(str(error)) < 500


async def test_credentials_are_not_told(transport: Transport, serve: Serve) -> None:
    """A password in a URL is used, and does not appear in errors."""
    headers: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        headers.append(request.headers["Authorization"])
        return web.json_response({"error": "no"}, status=400)

    url = (await serve(handler)).replace("http://", "http://anna:secret@")
    error = await error_of(transport, f"{url}/?token=hidden")
    assert headers[0].startswith("Basic ")
    assert "secret" not in str(error)
    assert "hidden" not in str(error)


async def test_header_of_the_api_is_sent(transport: Transport, serve: Serve) -> None:
    """Without it a node refuses every command."""
    asked: list[tuple[str | None, Any]] = []

    async def handler(request: web.Request) -> web.Response:
        asked.append((request.headers.get("X-IOTA-API-Version"), await request.json()))
        return web.json_response(INFO)

    info = await TangleClient(transport, await serve(handler)).node_info()
    assert asked == [("1", {"command": "getNodeInfo"})]
    assert info.is_in_sync


@pytest.mark.parametrize(
    ("latest", "solid", "in_sync"),
    [
        (7, 7, True),
        (7, 5, True),
        (7, 4, False),
        (0, 0, False),
        (-1, -1, False),
        (5, 7, True),
    ],
)
async def test_sync(
    transport: Transport, serve: Serve, latest: int, solid: int, in_sync: bool
) -> None:
    """A node may lag by two milestones, and must have one."""
    answer = INFO | {
        "latestMilestoneIndex": latest,
        "latestSolidSubtangleMilestoneIndex": solid,
    }
    info = await TangleClient(transport, await serve(saying(answer))).node_info()
    assert info.is_in_sync is in_sync


@pytest.mark.parametrize(
    "answer", [{"states": []}, {"states": [1]}, {"states": [True, True]}]
)
async def test_answers_of_another_length(
    transport: Transport, serve: Serve, answer: Any
) -> None:
    """There is one state for each transaction."""
    client = TangleClient(transport, await serve(saying(answer)))
    with pytest.raises(LedgerUnavailableError):
        await client.inclusion_states([HASH])


async def test_transaction_that_was_not_asked_for(
    transport: Transport, serve: Serve
) -> None:
    """What comes back must have the hash that was asked for; all 9 stands for nothing."""
    client = TangleClient(transport, await serve(saying({"trytes": ["A" * 2673]})))
    with pytest.raises(LedgerUnavailableError, match="not asked for"):
        await client.transactions([HASH])
    client = TangleClient(transport, await serve(saying({"trytes": ["9" * 2673]})))
    assert await client.transactions([HASH]) == [None]


@pytest.mark.parametrize("trytes", ["A" * 2672, "a" * 2673, "", None, 5])
async def test_what_is_no_transaction(
    transport: Transport, serve: Serve, trytes: Any
) -> None:
    """A transaction is 2673 trytes, whoever sends it."""
    client = TangleClient(transport, await serve(saying({"trytes": [trytes]})))
    with pytest.raises(LedgerUnavailableError) as raised:
        await client.transactions([HASH])
    assert raised.value.reason is Reason.NOT_A_NODE


async def test_node_without_a_milestone(transport: Transport, serve: Serve) -> None:
    """Some nodes write no hash as an empty text, others as all 9."""
    for none in ("", NULL_HASH):
        answer = INFO | {
            "latestSolidSubtangleMilestone": none,
            "latestSolidSubtangleMilestoneIndex": 0,
        }
        info = await TangleClient(transport, await serve(saying(answer))).node_info()
        assert info.solid_milestone == NULL_HASH
        assert not info.is_in_sync


async def test_cancelling_ends_at_once(transport: Transport, serve: Serve) -> None:
    """A question can be given up."""

    async def handler(request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    client = TangleClient(transport, await serve(handler))
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await client.node_info()
    assert time.monotonic() - start < 10
