"""HTTP as ledgers use it: one request, one answer of limited size and time.

A ledger is handed a Transport. There are two: over aiohttp, whose session Home Assistant
keeps, and over urllib, for a program that stands alone. Neither follows redirects; both check
certificates and read an answer no further than its limit. A user and a password in a URL
become Basic authentication.
"""

import asyncio
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, partial
from http.client import (
    HTTPConnection,
    HTTPException,
    HTTPResponse,
    HTTPSConnection,
    IncompleteRead,
    InvalidURL,
)
import socket
import ssl
from typing import TYPE_CHECKING, Any, Protocol
from urllib.error import URLError
from urllib.parse import quote, unquote, urlsplit
import urllib.request

from .ledger import Reason
from .threads import in_own_thread

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession

_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "SensorChain"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of a server."""

    url: str
    """http or https."""
    body: bytes | None = field(default=None, repr=False)
    """What is posted; without a body it is a GET."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """A body has a Content-Type."""
    limit: int
    """Bytes that the body of the answer may have."""
    timeout: timedelta
    """For the whole answer, from connecting to its last byte."""

    @property
    def method(self) -> str:
        """The HTTP method."""
        return "GET" if self.body is None else "POST"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, whatever its status."""

    status: int
    """200 and the like."""
    body: bytes


class TransportError(Exception):
    """No whole answer came.

    The text is what the server did, in words to follow its name: "cannot be reached".
    """

    def __init__(self, reason: Reason, problem: str) -> None:
        """Keep the reason beside the text."""
        super().__init__(problem)
        self.reason = reason


class Transport(Protocol):
    """What carries requests to servers."""

    async def send(self, request: Request) -> Answer:
        """Return the answer to a request; raises TransportError. Can be cancelled."""


def _late(request: Request) -> TransportError:
    """Return the error for a server that takes too long."""
    seconds = request.timeout.total_seconds()
    return TransportError(Reason.TIMEOUT, f"did not answer within {seconds:g} seconds")


def _too_large(request: Request) -> TransportError:
    """Return the error for a server that sends too much."""
    problem = f"sent an answer of more than {request.limit} bytes"
    return TransportError(Reason.ANSWER_TOO_LARGE, problem)


def _closed() -> TransportError:
    """Return the error for a server that ends the connection early."""
    problem = "closed the connection without a whole answer"
    return TransportError(Reason.CANNOT_CONNECT, problem)


def _uncertified() -> TransportError:
    """Return the error for a server that is not who it should be."""
    return TransportError(Reason.CANNOT_CONNECT, "has no valid certificate")


def _unreachable() -> TransportError:
    """Return the error for a server that is not there."""
    return TransportError(Reason.CANNOT_CONNECT, "cannot be reached")


def _not_http() -> TransportError:
    """Return the error for a server of another kind."""
    return TransportError(Reason.NOT_A_NODE, "answered something that is not HTTP")


class AiohttpTransport:
    """Requests over a session of aiohttp; implements Transport."""

    def __init__(self, session: "ClientSession") -> None:
        """Use a session, which its owner closes."""
        self._session = session

    async def send(self, request: Request) -> Answer:
        """Return the answer to a request; raises TransportError."""
        # Whoever has a session has loaded it; whoever has none may not have it.
        import aiohttp

        try:
            async with self._session.request(
                request.method,
                request.url,
                data=request.body,
                headers={**_HEADERS, **request.headers},
                timeout=aiohttp.ClientTimeout(total=request.timeout.total_seconds()),
                allow_redirects=False,
            ) as response:
                return Answer(response.status, await self._body(response, request))
        except TimeoutError as error:
            raise _late(request) from error
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError) as error:
            raise _closed() from error
        except aiohttp.ClientConnectorCertificateError as error:
            raise _uncertified() from error
        except (
            aiohttp.ClientConnectionError,
            aiohttp.InvalidURL,
            aiohttp.NonHttpUrlClientError,
            OSError,
        ) as error:
            raise _unreachable() from error
        except aiohttp.ClientError as error:
            raise _not_http() from error

    async def _body(self, response: "ClientResponse", request: Request) -> bytes:
        """Return the body, or raise as soon as it is too large."""
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > request.limit:
                response.close()
                raise _too_large(request)
        return bytes(body)


class UrllibTransport:
    """Requests with the standard library alone, each in a thread; implements Transport.

    Proxies are those of the environment (http_proxy, https_proxy, no_proxy).
    """

    async def send(self, request: Request) -> Answer:
        """Return the answer to a request; raises TransportError."""
        exchange = _Exchange(request)
        try:
            async with asyncio.timeout(request.timeout.total_seconds()):
                return await in_own_thread(exchange.run)
        except (OSError, HTTPException, ValueError) as error:
            raise _translated(error, request) from error
        finally:
            exchange.cut()


def _translated(error: Exception, request: Request) -> TransportError:
    """Return what an error of urllib means."""
    if isinstance(error, URLError) and isinstance(error.reason, Exception):
        error = error.reason
    match error:
        case TimeoutError():
            return _late(request)
        case ConnectionResetError() | BrokenPipeError() | IncompleteRead():
            return _closed()
        case ssl.SSLCertVerificationError():
            return _uncertified()
        case HTTPException() if not isinstance(error, InvalidURL):
            return _not_http()
    return _unreachable()


class _Exchange:
    """One request over urllib, which another thread can cut short."""

    def __init__(self, request: Request) -> None:
        """Begin without a connection."""
        self._request = request
        self._socket: socket.socket | None = None
        self._is_cut = False

    def run(self) -> Answer:
        """Return the answer; raises OSError, HTTPException, ValueError, TransportError.

        What is not among the opener's handlers is not done: redirects, cookies, files.
        """
        opener = urllib.request.OpenerDirector()
        opener.add_handler(urllib.request.ProxyHandler())
        opener.add_handler(_Handler(self._connected))
        opener.add_handler(urllib.request.UnknownHandler())
        seconds = self._request.timeout.total_seconds()
        with opener.open(_prepared(self._request), timeout=seconds) as response:
            return Answer(response.status, self._body(response))

    def cut(self) -> None:
        """End the connection, so that a thread that waits for it goes on."""
        self._is_cut = True
        if self._socket is not None:
            try:
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                return

    def _connected(self, connection: socket.socket) -> None:
        """Note a connection; end it at once if it comes too late."""
        self._socket = connection
        if self._is_cut:
            self.cut()

    def _body(self, response: HTTPResponse) -> bytes:
        """Return the body, read no further than to find it too large."""
        body = response.read(self._request.limit + 1)
        if len(body) > self._request.limit:
            raise _too_large(self._request)
        if response.length:
            raise ConnectionResetError("the answer is not whole")
        return body


def _prepared(request: Request) -> urllib.request.Request:
    """Return a request as urllib wants it: in ASCII, its user and password in a header."""
    parts = urlsplit(request.url)
    user, _, server = parts.netloc.rpartition("@")
    url = parts._replace(
        netloc=server.encode("idna").decode(),
        path=quote(parts.path, safe="/%:@!$&'()*+,;=~"),
        query=quote(parts.query, safe="/%:@!$&'()*+,;=~?"),
    ).geturl()
    credentials = b64encode(unquote(user).encode()).decode()
    authorization = {"Authorization": f"Basic {credentials}"} if user else {}
    return urllib.request.Request(
        url, request.body, {**_HEADERS, **authorization, **request.headers}
    )


@cache
def _tls() -> ssl.SSLContext:
    """Return what certificates are checked with; loading them takes a while."""
    return ssl.create_default_context()


class _Http(HTTPConnection):
    """A connection that tells of its socket."""

    connected: Callable[[socket.socket], None]

    def connect(self) -> None:
        """Connect, and tell of it."""
        super().connect()
        self.connected(self.sock)


class _Https(_Http, HTTPSConnection):
    """A secured connection that does so too."""


class _Handler(urllib.request.AbstractHTTPHandler):
    """Opens http and https with connections that tell of their sockets."""

    def __init__(self, connected: Callable[[socket.socket], None]) -> None:
        """Tell a function."""
        super().__init__()
        self._connected = connected

    http_request = https_request = urllib.request.AbstractHTTPHandler.do_request_

    def http_open(self, request: urllib.request.Request) -> HTTPResponse:
        """Open an http URL."""
        return self.do_open(partial(self._connection, _Http), request)

    def https_open(self, request: urllib.request.Request) -> HTTPResponse:
        """Open an https URL."""
        kind = partial(_Https, context=_tls())
        return self.do_open(partial(self._connection, kind), request)

    def _connection(
        self, kind: Callable[..., _Http], host: str, **options: Any
    ) -> HTTPConnection:
        """Return a connection to a host."""
        connection = kind(host, **options)
        connection.connected = self._connected
        return connection
