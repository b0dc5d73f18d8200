"""A server that JSON is posted to, and that answers with it: a node, a faucet, a gas station.

What it answers is data: it is limited in size and time, and whoever asks checks it.
"""

from collections.abc import Mapping
from datetime import timedelta
import json
from typing import ClassVar
from urllib.parse import urlsplit

from ..transparency.jcs import JsonValue
from .http import Request, Transport, TransportError
from .ledger import LedgerRejectedError, LedgerUnavailableError, Reason

_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


def origin_of(url: str) -> str:
    """Return a URL's scheme, host and port: a path may be a token, as a password is one."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


class JsonServer:
    """A server at an http or https URL. Errors name it: "The node https://node.example …"."""

    kind: ClassVar[str] = "node"
    """What it is, in a word or two."""
    limit: ClassVar[int]
    """Bytes that an answer may have."""

    def __init__(
        self, transport: Transport, url: str, name: str, timeout: timedelta
    ) -> None:
        """Speak to a server that is named without password or token."""
        self._transport = transport
        self._url = url
        self._timeout = timeout
        self.name = name

    def unavailable(self, reason: Reason, problem: str) -> LedgerUnavailableError:
        """Return an error of this server that may pass."""
        return LedgerUnavailableError(reason, self.said(problem))

    def rejected(self, reason: Reason, problem: str) -> LedgerRejectedError:
        """Return an error of this server that will not pass by itself."""
        return LedgerRejectedError(reason, self.said(problem))

    def nonsense(self, what: str) -> LedgerUnavailableError:
        """Return the error for an answer that no such server gives."""
        return self.unavailable(Reason.NOT_A_NODE, f"answered {what}")

    def said(self, problem: str) -> str:
        """Return a sentence on this server."""
        return f"The {self.kind} {self.name} {problem}"

    async def posted(
        self,
        question: JsonValue,
        path: str = "",
        headers: Mapping[str, str] | None = None,
        within: timedelta | None = None,
    ) -> tuple[int, dict[str, JsonValue] | None]:
        """Return the status of an answer and its JSON object, None where that is no object.

        Raises LedgerUnavailableError where there is no answer.
        """
        request = Request(
            url=self._url + path,
            body=json.dumps(question).encode(),
            headers={**_HEADERS, **(headers or {})},
            limit=self.limit,
            timeout=within or self._timeout,
        )
        try:
            answer = await self._transport.send(request)
        except TransportError as error:
            raise self.unavailable(error.reason, str(error)) from error
        return answer.status, _object(answer.body)


def _object(body: bytes) -> dict[str, JsonValue] | None:
    """Return the JSON object of a body, if it is one."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
