"""What is the same whichever way a node is asked: JSON is posted, and JSON answered.

What a node answers is data: it is limited in size and time, and every field is checked.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import TypeVar

from ...transparency.jcs import JsonValue
from ..http import Transport
from ..json_server import JsonServer, origin_of
from ..ledger import LedgerError, Reason
from .client import MoveObject
from .complaints import NodeComplaintError, meaning_of
from .errors import MalformedTransactionError
from .tables import entry_id, entry_value

Given = TypeVar("Given")
Value = TypeVar("Value")

MAX_ANSWER = 16 * 1024 * 1024
"""Bytes of an answer: fifty of the largest transactions, and what they did."""

TIMEOUT = timedelta(seconds=15)
"""For a whole answer, from connecting to its last byte; a node waits ten for validators."""

MOST_ENTRIES = 1024
"""Entries of tables that are remembered."""

PAGE = 50
"""Of items that nodes give at once, at the most."""

_LARGE, _LIMITED = 413, 429
_NOT_NOW = {401, 403, 408}


class WireClient(JsonServer, ABC):
    """A node, and what is said of it. All that is asked raises LedgerError, which names it."""

    limit = MAX_ANSWER

    def __init__(
        self, transport: Transport, url: str, *, timeout: timedelta = TIMEOUT
    ) -> None:
        """Speak to the node at an http or https URL."""
        super().__init__(transport, url, origin_of(url), timeout)
        self._entries: dict[tuple[bytes, int], bytes] = {}

    @property
    def url(self) -> str:
        """Where it is, without a password or a token."""
        return self.name

    def complaint(
        self, complaint: NodeComplaintError, *, is_sending: bool = False
    ) -> LedgerError:
        """Return the error that a node's complaint stands for."""
        meaning = meaning_of(complaint, is_sending=is_sending)
        text = self.said(f"{meaning.words}: {complaint.legible!r}")
        return meaning.error(meaning.reason, text)

    async def post(self, question: JsonValue) -> Mapping[str, JsonValue]:
        """Return the JSON object that is answered; raises NodeComplaintError for a no."""
        status, answer = await self.posted(question)
        return self._checked(status, answer or {})

    def read(self, what: str, parse: Callable[[Given], Value], value: Given) -> Value:
        """Return what an answer to a question stands for; whatever is odd is no node's."""
        try:
            return parse(value)
        except MalformedTransactionError:
            raise
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise self.nonsense(f"{what} as no node does") from error

    @abstractmethod
    async def object(self, object_id: bytes) -> MoveObject | None:
        """Return an object, None where there is none."""

    async def entry(self, table: bytes, number: int) -> bytes | None:
        """Return what a Move table holds under a u64; None where there is nothing.

        What was told is remembered for a while: records of trails do not change, and who
        looks for one by halving, or for one after the other, asks for the same ones often.
        """
        if (known := self._entries.get((table, number))) is not None:
            return known
        found = await self.object(entry_id(table, number))
        if found is None:
            return None
        value = self.read("entry", partial(entry_value, table, number), found.contents)
        if len(self._entries) == MOST_ENTRIES:
            self._entries.pop(next(iter(self._entries)))
        self._entries[table, number] = value
        return value

    @abstractmethod
    def refusal(self, answer: Mapping[str, JsonValue]) -> NodeComplaintError | None:
        """Return what an answer says against a question, None where it says nothing."""

    def _checked(
        self, status: int, answer: Mapping[str, JsonValue]
    ) -> Mapping[str, JsonValue]:
        """Return an answer, or raise what it stands for."""
        if status == _LIMITED:
            raise self.unavailable(Reason.RATE_LIMITED, "wants to be asked less often")
        refusal = self.refusal(answer)
        if refusal is not None:
            raise refusal
        if status == _LARGE:
            raise self.rejected(Reason.TOO_LARGE, "finds it too large")
        if status in _NOT_NOW or status >= 500:
            problem = f"is overloaded or faulty (HTTP status {status})"
            raise self.unavailable(Reason.NODE_ERROR, problem)
        if status != 200:
            raise self.nonsense("something that is not from a node")
        return answer
