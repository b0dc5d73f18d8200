"""The faucet of a test network: it gives money that is worth nothing to whoever asks.

    POST /v1/gas    {"FixedAmountRequest": {"recipient": "0x…"}}
    202             {"task": "6f1c…", "error": null}
    500             {"task": null, "error": "…"}
    429, 503        asked too often, by somebody or by everybody

(iotaledger/iota, crates/iota-faucet.) What it gives arrives a moment later, if at all: the
account's balance tells.
"""

from datetime import timedelta
import json

from ...transparency.jcs import JsonValue
from ..given import public_url
from ..http import Answer, Request, Transport, TransportError
from ..ledger import LedgerUnavailableError, Reason
from .answers import legible
from .transaction import written

PATH = "/v1/gas"

TIMEOUT = timedelta(seconds=20)
"""For a whole answer: it is given once the faucet has put the request into its queue."""

MAX_ANSWER = 64 * 1024
"""Bytes of an answer: a few short texts."""

_ACCEPTED = {200, 201, 202}
_TOO_OFTEN = {429, 503}
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}


class Faucet:
    """A faucet at an http or https URL; errors name it, without a password."""

    def __init__(
        self, transport: Transport, url: str, *, timeout: timedelta = TIMEOUT
    ) -> None:
        """Ask at this URL, which is without the path."""
        self._transport = transport
        self._url = url.rstrip("/") + PATH
        self._timeout = timeout
        self._name = public_url(url)

    async def ask(self, recipient: bytes) -> None:
        """Have money sent to an address of 32 bytes; raises LedgerUnavailableError."""
        wish = {"FixedAmountRequest": {"recipient": written(recipient)}}
        request = Request(
            url=self._url,
            body=json.dumps(wish).encode(),
            headers=_HEADERS,
            limit=MAX_ANSWER,
            timeout=self._timeout,
        )
        try:
            answer = await self._transport.send(request)
        except TransportError as error:
            raise self._unavailable(error.reason, str(error)) from error
        self._check(answer)

    def _check(self, answer: Answer) -> None:
        """Refuse every answer but a promise."""
        if answer.status in _TOO_OFTEN:
            raise self._unavailable(Reason.RATE_LIMITED, "is asked too often")
        told = _told(answer.body)
        if isinstance(error := told.get("error"), str):
            complaint = legible(error).strip()
            raise self._unavailable(Reason.NODE_ERROR, f"refuses: {complaint!r}")
        if answer.status not in _ACCEPTED:
            problem = f"answered HTTP status {answer.status}"
            raise self._unavailable(Reason.NODE_ERROR, problem)
        if not isinstance(told.get("task"), str):
            problem = "answered something that no faucet does"
            raise self._unavailable(Reason.NOT_A_NODE, problem)

    def _unavailable(self, reason: Reason, problem: str) -> LedgerUnavailableError:
        """Return an error of this faucet."""
        return LedgerUnavailableError(reason, f"The faucet {self._name} {problem}")


def _told(body: bytes) -> dict[str, JsonValue]:
    """Return the object in an answer; one of nothing where there is none."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
