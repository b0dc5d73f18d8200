"""A server that is asked with one GET or POST at a time: a calendar, or who tells of blocks.

What it answers is data: it is limited in size and time, and whoever asks checks it.
"""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from ..given import public_url
from ..http import Answer, Request, Transport, TransportError
from ..ledger import LedgerUnavailableError, Reason

TIMEOUT = timedelta(seconds=15)
"""For a whole answer, from connecting to its last byte."""

_OK = 200
_TOO_MANY = 429
_FAULT = 500


class Server:
    """A server at an http or https URL; errors name it, without password or token."""

    def __init__(
        self, transport: Transport, url: str, limit: int, timeout: timedelta = TIMEOUT
    ) -> None:
        """Take answers of `limit` bytes."""
        self._transport = transport
        self._url = urlsplit(url)
        self._limit = limit
        self._timeout = timeout
        self.name = public_url(url)

    async def ask(
        self,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return the answer at a path below the URL, if the server is in order.

        Raises LedgerUnavailableError.
        """
        url = self._url._replace(path=self._url.path.rstrip("/") + path).geturl()
        request = Request(
            url=url,
            body=body,
            headers=headers or {},
            limit=self._limit,
            timeout=self._timeout,
        )
        try:
            answer = await self._transport.send(request)
        except TransportError as error:
            raise self.unavailable(error.reason, str(error)) from error
        if answer.status == _TOO_MANY:
            raise self.unavailable(Reason.RATE_LIMITED, "is asked too often")
        if answer.status >= _FAULT:
            problem = f"is overloaded or faulty (HTTP status {answer.status})"
            raise self.unavailable(Reason.NODE_ERROR, problem)
        return answer

    async def answer(
        self,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """Return what stands at a path; raises LedgerUnavailableError if nothing does."""
        answer = await self.ask(path, body, headers)
        if answer.status != _OK:
            raise self.nonsense(f"HTTP status {answer.status}")
        return answer.body

    def unavailable(self, reason: Reason, problem: str) -> LedgerUnavailableError:
        """Return an error of this server that may pass."""
        return LedgerUnavailableError(reason, f"{self.name} {problem}")

    def nonsense(self, what: str) -> LedgerUnavailableError:
        """Return the error for an answer that no such server gives."""
        return self.unavailable(Reason.NOT_A_NODE, f"answered {what}")
