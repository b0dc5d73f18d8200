"""What every ledger is to its callers: a check, and the way of an anchor.

    prepare(checkpoint, public) -> PreparedAnchor    the exact bytes, stored before they are sent
    publish(prepared)           -> Receipt           idempotent: the same bytes may be sent again
    confirm(receipt)            -> Receipt           submitted, confirmed, or lost
    renew(prepared)             -> PreparedAnchor    the same content again, where it was lost
    verify(receipt, checkpoint) -> Verification      from the chain alone
    latest()                    -> SignedCheckpoint  the largest of this log that is known
    published(limit)            -> Published...      what stands of this log, newest first

Errors are two: unavailable, and rejected.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from ..transparency.checkpoint import SignedCheckpoint
from ..transparency.jcs import JsonValue
from ..transparency.log import LoggedReading
from ..transparency.reading import Leaf


class Reason(StrEnum):
    """Why a ledger could not do what it was asked."""

    CANNOT_CONNECT = "cannot_connect"
    TIMEOUT = "timeout"
    NOT_A_NODE = "not_a_node"
    ANSWER_TOO_LARGE = "answer_too_large"
    OUT_OF_SYNC = "out_of_sync"
    NODE_ERROR = "node_error"
    NODES_DISAGREE = "nodes_disagree"
    TIPS_UNKNOWN = "tips_unknown"
    WRONG_NETWORK = "wrong_network"
    WEIGHT_REFUSED = "weight_refused"
    REJECTED = "rejected"
    TOO_LARGE = "too_large"
    RATE_LIMITED = "rate_limited"
    FEES_TOO_HIGH = "fees_too_high"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    UNSEARCHABLE = "unsearchable"


class LedgerError(Exception):
    """A ledger could not do what it was asked; the text is one plain line."""

    def __init__(self, reason: Reason, message: str) -> None:
        """Keep the reason beside the text."""
        super().__init__(message)
        self.reason = reason


class LedgerUnavailableError(LedgerError):
    """It may work later: try again with backoff."""


class LedgerRejectedError(LedgerError):
    """It will not work until a person does something."""


class SettingsError(ValueError):
    """A setting of a ledger that cannot be; `setting` is its name."""

    def __init__(self, setting: str, message: str) -> None:
        """Keep the setting's name beside the text."""
        super().__init__(message)
        self.setting = setting


class AnchorStatus(StrEnum):
    """How far an anchor has come on its ledger."""

    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    LOST = "lost"


def _text(value: JsonValue) -> str:
    """Return a value that must be a text."""
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _object(value: JsonValue) -> Mapping[str, JsonValue]:
    """Return a value that must be an object."""
    if not isinstance(value, Mapping):
        raise TypeError("not an object")
    return value


def _time_to_json(time: datetime | None) -> str | None:
    """Return a time as it is kept in JSON: ISO 8601 in UTC."""
    return None if time is None else time.astimezone(UTC).isoformat()


def _time_from_json(value: JsonValue) -> datetime | None:
    """Return the time of such a text; ValueError for any other spelling."""
    if value is None:
        return None
    time = datetime.fromisoformat(_text(value))
    if time.tzinfo is None or _time_to_json(time) != value:
        raise ValueError("not a time as it is written here")
    return time.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class PreparedAnchor:
    """A checkpoint made ready for one ledger."""

    checkpoint: str
    """The signed note."""
    content: Mapping[str, JsonValue]
    """The ledger's own: the exact bytes that will be sent."""

    def to_json(self) -> dict[str, JsonValue]:
        """As it is stored."""
        return {"checkpoint": self.checkpoint, "content": dict(self.content)}

    @classmethod
    def from_json(cls, value: Mapping[str, JsonValue]) -> "PreparedAnchor":
        """Return what was stored; raises KeyError, TypeError or ValueError."""
        return cls(_text(value["checkpoint"]), _object(value["content"]))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a ledger gave back: enough to find the anchor again, and to check it, without us."""

    status: AnchorStatus
    transaction: str
    """The transaction's name on the ledger."""
    confirmed_at: datetime | None
    """By the ledger's own clock the anchor was there no later than this."""
    place: str | None
    """Where on the ledger it was confirmed, in words: "milestone 42"."""
    details: Mapping[str, JsonValue]
    """The ledger's own. A lost one's "problem" is why, in words, where that should not be."""

    def to_json(self) -> dict[str, JsonValue]:
        """As it is stored and exported."""
        return {
            "status": self.status.value,
            "transaction": self.transaction,
            "confirmed_at": _time_to_json(self.confirmed_at),
            "place": self.place,
            "details": dict(self.details),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, JsonValue]) -> "Receipt":
        """Return what was stored; raises KeyError, TypeError or ValueError."""
        place = value["place"]
        return cls(
            status=AnchorStatus(_text(value["status"])),
            transaction=_text(value["transaction"]),
            confirmed_at=_time_from_json(value["confirmed_at"]),
            place=None if place is None else _text(place),
            details=_object(value["details"]),
        )


@dataclass(frozen=True, slots=True)
class Verification:
    """What the chain alone says of an anchor."""

    status: AnchorStatus
    """Confirmed only when every check held; lost when the chain does not hold it."""
    existed_before: datetime | None
    """By the ledger's own clock the checkpoint existed at this time."""
    place: str | None
    """Where on the ledger it stands, in words."""
    problem: str | None
    """What did not hold, in one plain line."""
    is_trial: bool = False
    """Whether this is a trial network: of tests, private, or one that is not known here.

    Its tokens or blocks cost nothing, and whoever runs it can make all of it anew, with any
    time. To strangers it proves nothing of since when the checkpoint existed.
    """


@dataclass(frozen=True, slots=True)
class Published:
    """A checkpoint of the log as it stands on a ledger, found by the log's key alone."""

    checkpoint: SignedCheckpoint
    transaction: str
    """The transaction's name on the ledger."""
    is_confirmed: bool
    """Whether the ledger's own finality rule has been met."""
    readings: tuple[tuple[int, Leaf], ...] = ()
    """What stands beside it in clear, each with its index in the log.

    The log has not signed these: whoever repeats its checkpoint can write others.
    """


@dataclass(frozen=True, slots=True)
class Account:
    """What pays for the anchors of a ledger."""

    address: str
    """As the ledger writes it."""
    balance: Decimal
    """In the ledger's unit."""
    anchors_left: int | None
    """How many more anchors the balance pays, at what the last ones cost; None: not known."""


class Ledger(Protocol):
    """Where checkpoints are published."""

    @property
    def unit(self) -> str | None:
        """What anchors are paid in ("ETH"); None where nothing is paid."""

    async def check(self) -> str:
        """Return the identity of the network behind the settings; raises LedgerError."""

    async def prepare(
        self, checkpoint: SignedCheckpoint, public: Sequence[LoggedReading]
    ) -> PreparedAnchor:
        """Return the exact bytes that anchor a checkpoint.

        The newest public readings that fit go with it. All randomness, proof of work and
        signing is done here. Raises LedgerError.
        """

    async def renew(self, prepared: PreparedAnchor) -> PreparedAnchor:
        """Return the same content once more, where an anchor was lost; raises LedgerError."""

    async def publish(self, prepared: PreparedAnchor) -> Receipt:
        """Send a prepared anchor; sending it again changes nothing. Raises LedgerError."""

    async def confirm(self, receipt: Receipt) -> Receipt:
        """Tell what has become of an anchor; raises LedgerError."""

    async def verify(
        self, receipt: Receipt, checkpoint: SignedCheckpoint
    ) -> Verification:
        """Tell whether the chain holds this checkpoint; raises LedgerError."""

    async def latest(self) -> SignedCheckpoint | None:
        """Return the largest checkpoint of the log that the ledger knows, None for none.

        Raises LedgerError: LedgerRejectedError with Reason.UNSEARCHABLE where it cannot be
        told.
        """

    async def published(self, limit: int) -> Sequence[Published]:
        """Return what stands of the log, the largest checkpoints first, `limit` at the most.

        Asks the ledger alone. Raises LedgerError: LedgerRejectedError with
        Reason.UNSEARCHABLE, and why in plain words, where a ledger cannot be searched.
        """

    async def account(self) -> Account | None:
        """Return what pays for anchors, None where nothing is paid; raises LedgerError."""

    def fee(self, receipt: Receipt) -> Decimal | None:
        """Return what a confirmed anchor has cost, in `unit`; None where nothing was paid."""

    def explorer_url(self, receipt: Receipt) -> str | None:
        """Return a page on which a person sees the anchor."""
