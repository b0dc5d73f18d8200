"""The faucet of a test network: it gives money that is worth nothing to whoever asks.

    POST /v1/gas    {"FixedAmountRequest": {"recipient": "0x…"}}
    202             {"task": "6f1c…", "error": null}
    500             {"task": null, "error": "…"}
    429, 503        asked too often, by somebody or by everybody

(iotaledger/iota, crates/iota-faucet.) What it gives arrives a moment later, if at all: the
account's balance tells.
"""

from collections.abc import Mapping
from datetime import timedelta

from ...transparency.jcs import JsonValue
from ..given import public_url
from ..http import Transport
from ..json_server import JsonServer
from ..ledger import Reason
from .answers import legible
from .transaction import written

PATH = "/v1/gas"

TIMEOUT = timedelta(seconds=20)
"""For a whole answer: it is given once the faucet has put the request into its queue."""

MAX_ANSWER = 64 * 1024
"""Bytes of an answer: a few short texts."""

_ACCEPTED = {200, 201, 202}
_TOO_OFTEN = {429, 503}


class Faucet(JsonServer):
    """A faucet at an http or https URL; errors name it, without a password."""

    kind = "faucet"
    limit = MAX_ANSWER

    def __init__(
        self, transport: Transport, url: str, *, timeout: timedelta = TIMEOUT
    ) -> None:
        """Ask at this URL, which is without the path."""
        super().__init__(transport, url.rstrip("/"), public_url(url), timeout)

    async def ask(self, recipient: bytes) -> None:
        """Have money sent to an address of 32 bytes; raises LedgerUnavailableError."""
        wish: JsonValue = {"FixedAmountRequest": {"recipient": written(recipient)}}
        status, answer = await self.posted(wish, PATH)
        self._check(status, answer or {})

    def _check(self, status: int, told: Mapping[str, JsonValue]) -> None:
        """Refuse every answer but a promise."""
        if status in _TOO_OFTEN:
            raise self.unavailable(Reason.RATE_LIMITED, "is asked too often")
        if isinstance(error := told.get("error"), str):
            complaint = legible(error).strip()
            raise self.unavailable(Reason.NODE_ERROR, f"refuses: {complaint!r}")
        if status not in _ACCEPTED:
            problem = f"answered HTTP status {status}"
            raise self.unavailable(Reason.NODE_ERROR, problem)
        if not isinstance(told.get("task"), str):
            raise self.nonsense("something that no faucet does")
