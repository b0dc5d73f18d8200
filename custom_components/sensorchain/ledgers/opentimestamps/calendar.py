"""One calendar: it takes a digest now, and tells days later in which block it stands.

    POST /digest                 <digest>      200 <timestamp>: as a rule pending at the calendar
    GET /timestamp/<message>                   200 <timestamp>: from there to a block
                                               404 Pending confirmation in Bitcoin blockchain
                                               404 Not found

(opentimestamps-server, otsserver/rpc.py; a timestamp is written as in a file, without the
message.) The message asked for is that of the pending attestation, which the calendar made
from the digest; of the digest itself it knows nothing. A pool, which hands digests on to one
of several calendars, answers with the URI of that calendar.
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import Enum
import re

from ..given import public_url
from ..http import Transport
from ..ledger import LedgerRejectedError, Reason
from ..nodes import Nodes
from .server import TIMEOUT, Server
from .timestamp import InBlock, MalformedTimestampError, Timestamp, parse_timestamp

MAX_ANSWER = 10_000
"""Bytes of an answer, as the reference client takes it (opentimestamps, calendar.py)."""

MOST_ATTESTATIONS = 16
"""In one answer. One is usual; each block that is named will be looked for."""

PUBLIC_CALENDARS = (
    "https://a.pool.opentimestamps.org",
    "https://b.pool.opentimestamps.org",
    "https://a.pool.eternitywall.com",
    "https://ots.btc.catallaxy.com",
)
"""Free, without an account (opentimestamps, calendar.py, DEFAULT_AGGREGATORS)."""

# opentimestamps, calendar.py, DEFAULT_CALENDAR_WHITELIST.
_PUBLIC = re.compile(
    r"https://[a-z0-9.-]+\.calendar\.(opentimestamps\.org|eternitywall\.com|catallaxy\.com)"
)
_HEADERS = {"Accept": "application/vnd.opentimestamps.v1"}
# What the reference client sends; the server does not look at it.
_POST_HEADERS = {**_HEADERS, "Content-Type": "application/x-www-form-urlencoded"}
_NOT_FOUND = 404
_NEVER = bytes(32)


class Word(Enum):
    """What a calendar says of a message that it cannot prove to be in a block."""

    PENDING = "pending"
    UNKNOWN = "unknown"


class Calendar(Server):
    """A calendar; all raise LedgerUnavailableError, whose text names it."""

    def __init__(
        self, transport: Transport, url: str, timeout: timedelta = TIMEOUT
    ) -> None:
        """Speak to the calendar at an http or https URL."""
        super().__init__(transport, url, MAX_ANSWER, timeout)
        self._is_public = url in PUBLIC_CALENDARS

    async def greet(self) -> None:
        """See whether it is there, by asking for what costs it nothing to look up."""
        answer = await self.ask(f"/timestamp/{_NEVER.hex()}", headers=_HEADERS)
        # A web page is not what a calendar says; what stands before a pool may.
        if answer.body.lstrip()[:1] == b"<" and not self._is_public:
            raise self.nonsense("a web page; it is no calendar")

    async def submit(self, digest: bytes) -> Timestamp:
        """Have a digest of 32 bytes timestamped; return what there is at once."""
        body = await self.answer("/digest", digest, _POST_HEADERS)
        return self._parsed(body, digest)

    async def upgrade(self, message: bytes) -> Timestamp | Word:
        """Return how a pending attestation's message reaches a block, if it does by now."""
        answer = await self.ask(f"/timestamp/{message.hex()}", headers=_HEADERS)
        if answer.status == _NOT_FOUND:
            is_unknown = answer.body.strip().lower() == b"not found"
            return Word.UNKNOWN if is_unknown else Word.PENDING
        if answer.status != 200:
            raise self.nonsense(f"HTTP status {answer.status}")
        timestamp = self._parsed(answer.body, message)
        is_in_block = any(isinstance(each, InBlock) for _, each in timestamp.attested())
        return timestamp if is_in_block else Word.PENDING

    def _parsed(self, body: bytes, message: bytes) -> Timestamp:
        """Return the timestamp of a message that the calendar sent."""
        try:
            timestamp = parse_timestamp(body, message)
        except MalformedTimestampError as error:
            raise self.nonsense(f"something that is no timestamp: {error}") from error
        count = sum(1 for _ in timestamp.attested())
        if not 0 < count <= MOST_ATTESTATIONS:
            raise self.nonsense(f"a timestamp of {count} attestations")
        return timestamp


class Calendars(Nodes[Calendar]):
    """The calendars that a person has chosen, and those that may be asked in their place."""

    def __init__(
        self, transport: Transport, urls: Sequence[str], timeout: timedelta = TIMEOUT
    ) -> None:
        """Submit to these."""
        super().__init__([Calendar(transport, url, timeout) for url in urls])
        self._transport = transport
        self._timeout = timeout
        self._by_name = {_plain(each.name): each for each in self._clients}

    def at(self, uri: str) -> Calendar | None:
        """Return the calendar of a pending attestation, None for one that is not asked.

        An answer can name any server there is, those at home too: asked are the calendars
        that were chosen, and those known to the public.
        """
        uri = _plain(uri)
        if uri in self._by_name:
            return self._by_name[uri]
        if not _PUBLIC.fullmatch(uri):
            return None
        return Calendar(self._transport, uri, self._timeout)

    def useful(self, calendar: Calendar, timestamp: Timestamp) -> Timestamp:
        """Return what a calendar answered to a digest, if something can become of it.

        Raises LedgerRejectedError where only servers that are not asked know more.
        """
        foreign = ""
        for _, attestation in timestamp.attested():
            if isinstance(attestation, InBlock) or self.at(attestation.uri):
                return timestamp
            foreign = attestation.uri
        raise LedgerRejectedError(
            Reason.REJECTED,
            f"{calendar.name} leaves the rest to {foreign!r}, which is neither among the"
            " chosen calendars nor known to the public",
        )


def _plain(url: str) -> str:
    """Return a URL as calendars are told from each other by it."""
    return public_url(url).rstrip("/")
