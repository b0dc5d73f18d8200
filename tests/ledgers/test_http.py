"""Requests over aiohttp and over urllib: the same answers, the same limits."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
import ssl
import threading
from typing import Any

from aiohttp import ClientSession, web
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
import pytest

from custom_components.sensorchain.ledgers import http
from custom_components.sensorchain.ledgers.http import (
    AiohttpTransport,
    Answer,
    Request,
    Transport,
    TransportError,
    UrllibTransport,
)
from custom_components.sensorchain.ledgers.ledger import Reason
from tests.common import eventually

from .conftest import Serve

LIMIT = 1000

# What a server does with a connection.
type Connection = Callable[
    [asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]
]


def request(url: str, **changes: Any) -> Request:
    """Return a request that is in no hurry."""
    return Request(
        **{"url": url, "limit": LIMIT, "timeout": timedelta(seconds=30)} | changes
    )


async def reason_of(transport: Transport, asked: Request) -> Reason:
    """Return why there is no answer."""
    with pytest.raises(TransportError) as raised:
        await transport.send(asked)
    return raised.value.reason


@asynccontextmanager
async def listening(
    connection: Connection, tls: ssl.SSLContext | None = None
) -> AsyncIterator[str]:
    """Run a server of bare bytes; yield where it listens."""

    answering: set[asyncio.Task[Any] | None] = set()

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        answering.add(asyncio.current_task())
        try:
            await connection(reader, writer)
        except OSError:
            return
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        # Those that have not noticed yet that nobody listens any more.
        tasks = [task for task in answering if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def sending(*parts: bytes) -> Connection:
    """Return what sends the same bytes to everybody."""

    async def send(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for part in parts:
            writer.write(part)
        await writer.drain()

    return send


def waiting_threads() -> list[threading.Thread]:
    """Return the threads that wait for a server."""
    return [each for each in threading.enumerate() if each.name == "sensorchain"]


async def test_what_is_asked_arrives(transport: Transport, serve: Serve) -> None:
    """Method, path, body and headers; whatever the status, the answer comes back."""
    asked: list[Any] = []

    async def handler(given: web.Request) -> web.Response:
        asked.append((given.method, given.path_qs, await given.read()))
        asked.append(given.headers.get("X-Mine"))
        return web.Response(body=b"\x00\xff", status=418)

    url = await serve(handler)
    assert await transport.send(request(f"{url}/a?b=c#d")) == Answer(418, b"\x00\xff")
    posted = request(
        url, body=b"\xfe", headers={"Content-Type": "x/y", "X-Mine": "too"}
    )
    assert await transport.send(posted) == Answer(418, b"\x00\xff")
    assert asked == [("GET", "/a?b=c", b""), None, ("POST", "/", b"\xfe"), "too"]


async def test_urls_beyond_ascii(transport: Transport, serve: Serve) -> None:
    """They are encoded once, and what is encoded already stays as it is."""
    asked = []

    async def handler(given: web.Request) -> web.Response:
        asked.append((given.path, given.query.get("q")))
        return web.Response()

    url = await serve(handler)
    for text in ("Kälte/%C3%A4 b?q=1 ü", "K%C3%A4lte/ä%20b?q=1%20%C3%BC"):
        await transport.send(request(f"{url}/{text}"))
    assert asked == [("/Kälte/ä b", "1 ü")] * 2


async def test_user_and_password(transport: Transport, serve: Serve) -> None:
    """They go into the header, decoded."""
    asked = []

    async def handler(given: web.Request) -> web.Response:
        asked.append(given.headers["Authorization"])
        return web.Response()

    url = (await serve(handler)).replace("http://", "http://anna:p%40ss@")
    await transport.send(request(url))
    assert asked == ["Basic YW5uYTpwQHNz"]


@pytest.mark.parametrize("is_chunked", [False, True])
async def test_limit(transport: Transport, serve: Serve, is_chunked: bool) -> None:
    """What fits comes back; one byte more does not."""

    async def handler(given: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        body = b"x" * int(given.query["size"])
        if is_chunked:
            response.enable_chunked_encoding()
        else:
            response.content_length = len(body)
        await response.prepare(given)
        await response.write(body)
        return response

    url = await serve(handler)
    answer = await transport.send(request(f"{url}?size={LIMIT}"))
    assert answer == Answer(200, b"x" * LIMIT)
    larger = request(f"{url}?size={LIMIT + 1}")
    assert await reason_of(transport, larger) is Reason.ANSWER_TOO_LARGE


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ((), Reason.CANNOT_CONNECT),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123",), Reason.CANNOT_CONNECT),
        (
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n123",),
            Reason.CANNOT_CONNECT,
        ),
        ((b"220 mail.example ESMTP\r\n\r\n",), Reason.NOT_A_NODE),
        ((b"HTTP/1.1 200 OK\r\nA: " + b"x" * 100_000,), Reason.NOT_A_NODE),
    ],
    ids=["nothing", "cut", "cut chunk", "mail", "long header"],
)
async def test_broken_answers(
    transport: Transport, parts: tuple[bytes, ...], reason: Reason
) -> None:
    """A part is not taken for the whole, and another protocol not for HTTP."""
    async with listening(sending(*parts)) as server:
        assert await reason_of(transport, request(f"http://{server}")) is reason


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1", "http:"])
async def test_other_urls(transport: Transport, url: str) -> None:
    """Nothing but web servers can be asked."""
    assert await reason_of(transport, request(url)) is Reason.CANNOT_CONNECT


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 200 ", b"HTTP/1.1 200 OK\r\nA: ", b"HTTP/1.1 200 OK\r\n\r\n"]
)
async def test_byte_by_byte(transport: Transport, start: bytes) -> None:
    """A server that keeps on sending is given up in time, wherever it is; no thread stays."""

    async def trickle(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(start)
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with listening(trickle) as server:
        hurried = request(f"http://{server}", timeout=timedelta(seconds=0.5))
        assert await reason_of(transport, hurried) is Reason.TIMEOUT
        await eventually(lambda: not waiting_threads())


async def test_cancelled_thread_ends(serve: Serve) -> None:
    """A thread that waits for an answer is let go, long before its time is over."""
    asked = asyncio.Event()

    async def handler(given: web.Request) -> web.Response:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    long = request(await serve(handler), timeout=timedelta(hours=1))
    task = asyncio.create_task(UrllibTransport().send(long))
    await asked.wait()
    assert waiting_threads()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await eventually(lambda: not waiting_threads())


async def test_proxy_of_the_environment(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that stands alone goes the way that the machine prescribes."""

    async def handler(given: web.Request) -> web.Response:
        return web.Response(text=given.headers["Host"])

    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv("http_proxy", await serve(handler))
    answer = await UrllibTransport().send(request("http://node.invalid:14265/"))
    assert answer == Answer(200, b"node.invalid:14265")


def certificate(folder: Path) -> Path:
    """Return a file with a new key and its own certificate, for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "node")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + made.public_bytes(Encoding.PEM)
    )
    return file


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    """Return a server's key and certificate."""
    return certificate(tmp_path)


@pytest.fixture
def tls(pem: Path) -> ssl.SSLContext:
    """Return what a server proves itself with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


SECURED = sending(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


async def test_unknown_certificate(transport: Transport, tls: ssl.SSLContext) -> None:
    """Who cannot be known is not spoken to."""
    async with listening(SECURED, tls) as server:
        with pytest.raises(TransportError, match="certificate"):
            await transport.send(request(f"https://{server}"))


async def test_trusted_certificate(
    pem: Path, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine's certificates count, and the name must be the one asked for."""
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    http._tls.cache_clear()
    transport = UrllibTransport()
    async with listening(SECURED, tls) as server:
        assert await transport.send(request(f"https://{server}")) == Answer(200, b"ok")
        other = server.replace("127.0.0.1", "localhost")
        with pytest.raises(TransportError, match="certificate"):
            await transport.send(request(f"https://{other}"))
    http._tls.cache_clear()


async def test_session_stays_with_its_owner(
    session: ClientSession, serve: Serve
) -> None:
    """A transport over aiohttp does not close what it was lent."""

    async def handler(given: web.Request) -> web.Response:
        return web.Response()

    await AiohttpTransport(session).send(request(await serve(handler)))
    assert not session.closed
