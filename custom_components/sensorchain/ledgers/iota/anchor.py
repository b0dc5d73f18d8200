"""What is kept of an anchor: the transactions that were signed for it, and their names.

What was prepared looks like this, oldest first; a later one is made only once the earlier
ones can never be executed. The last two stand where a gas station pays:

    {"transactions": [{"bytes": "AAAIAQ…", "signature": "AJ4x…",
                       "reservation": 42, "reserved_until": 1795342200000}]}

And the details of a receipt, the last two once it is confirmed. A notarization has an
"object", the one that it is, in place of the "trail":

    {"form": "audit_trail", "trail": "0x3f70…", "bytes": "AAAIAQ…", "signatures": ["AJ4x…"],
     "earlier": ["8QmZ…"], "sent_at": 1795341600000, "checkpoint": 118, "fee": "2964000"}
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from ...transparency.errors import MalformedError
from ...transparency.jcs import JsonValue
from ..ledger import AnchorStatus, LedgerRejectedError, PreparedAnchor, Reason, Receipt
from .answers import fields, listed, text
from .objects import made_by
from .programs import trail_of
from .settings import AnchorForm
from .sight import Standing
from .transaction import Transaction, written

MOST_EARLIER = 20
"""Of one anchor's transactions that are looked for."""

_LEEWAY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Reservation:
    """Coins that a gas station keeps for a transaction."""

    number: int
    until: datetime

    def is_over(self, now: datetime) -> bool:
        """Whether the station lends them to others by now, by whichever clock."""
        return now > self.until + _LEEWAY


@dataclass(frozen=True, slots=True)
class Signed:
    """A transaction that is ready to be sent."""

    transaction: Transaction
    signature: str
    """Its sender's, in Base64."""
    reservation: Reservation | None = None

    def to_json(self) -> dict[str, JsonValue]:
        """Return it as it is stored."""
        stored: dict[str, JsonValue] = {
            "bytes": _encoded(self.transaction),
            "signature": self.signature,
        }
        if self.reservation:
            stored["reservation"] = self.reservation.number
            stored["reserved_until"] = _milliseconds(self.reservation.until)
        return stored

    @classmethod
    def from_json(cls, value: Mapping[str, JsonValue]) -> "Signed":
        """Return what was stored; raises KeyError, TypeError or ValueError."""
        number, reservation = value.get("reservation"), None
        if number is not None:
            until = _time(value["reserved_until"])
            reservation = Reservation(_whole(number), until)
        return cls(_decoded(value["bytes"]), str(value["signature"]), reservation)


def prepared(checkpoint: str, *transactions: Signed) -> PreparedAnchor:
    """Return transactions as they are stored."""
    stored: list[JsonValue] = [each.to_json() for each in transactions]
    return PreparedAnchor(checkpoint, {"transactions": stored})


def transactions_of(anchor: PreparedAnchor) -> tuple[Signed, ...]:
    """Return what was prepared, oldest first; raises LedgerRejectedError."""
    stored = anchor.content.get("transactions")
    given = stored if isinstance(stored, list) else []
    try:
        found = tuple(Signed.from_json(fields(each)) for each in given)
    except (KeyError, TypeError, ValueError) as error:
        problem = f"What was prepared is damaged: {error}"
        raise LedgerRejectedError(Reason.REJECTED, problem) from error
    if not found:
        raise LedgerRejectedError(Reason.REJECTED, "Nothing was prepared")
    return found


@dataclass(frozen=True, slots=True)
class Details:
    """Of a receipt, what is needed to find the anchor, and to check it where it is forgotten."""

    transaction: Transaction
    signatures: tuple[str, ...]
    earlier: tuple[str, ...]
    """Names of the anchor's other transactions, oldest first."""
    sent_at: datetime

    @classmethod
    def of(cls, receipt: Receipt) -> "Details":
        """Return the details of a receipt; raises LedgerRejectedError."""
        given = receipt.details
        try:
            return cls(
                _decoded(given["bytes"]),
                _texts(given["signatures"]),
                _texts(given["earlier"]),
                _time(given["sent_at"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            problem = "The receipt is of another ledger"
            raise LedgerRejectedError(Reason.REJECTED, problem) from error

    @property
    def names(self) -> tuple[str, ...]:
        """What the anchor may stand as, the most likely name last."""
        return (*self.earlier[-MOST_EARLIER:], self.transaction.digest)

    def to_json(self) -> dict[str, JsonValue]:
        """Return them as they are stored."""
        return {
            **_home(self.transaction),
            "bytes": _encoded(self.transaction),
            "signatures": list(self.signatures),
            "earlier": list(self.earlier),
            "sent_at": _milliseconds(self.sent_at),
        }


def sent(
    transactions: Sequence[Signed],
    now: datetime,
    status: AnchorStatus,
    problem: str | None = None,
) -> Receipt:
    """Return the receipt of what was sent, and why that had no effect."""
    *earlier, last = transactions
    names = tuple(each.transaction.digest for each in earlier)
    details = Details(last.transaction, (last.signature,), names, now).to_json()
    if problem:
        details["problem"] = problem
    return Receipt(status, last.transaction.digest, None, None, details)


def lost(receipt: Receipt, problem: str | None = None) -> Receipt:
    """Return the receipt of an anchor that has to be sent again, and why."""
    details = dict(receipt.details)
    if problem:
        details["problem"] = problem
    return replace(receipt, status=AnchorStatus.LOST, details=details)


def confirmed(receipt: Receipt, standing: Standing) -> Receipt:
    """Return the receipt of an anchor that stands."""
    before = Details.of(receipt)
    found, name = standing.transaction, standing.transaction.digest
    is_last = found == before.transaction
    earlier = tuple(each for each in before.names if each != name)
    signatures = before.signatures if is_last else ()
    details = Details(found, signatures, earlier, before.sent_at).to_json()
    if standing.checkpoint is not None:
        details["checkpoint"] = standing.checkpoint
    if standing.fee is not None:
        details["fee"] = str(standing.fee)
    return Receipt(AnchorStatus.CONFIRMED, name, standing.time, standing.place, details)


def _home(transaction: Transaction) -> dict[str, JsonValue]:
    """Return what an anchor is on the chain, and where it is read."""
    if trail := trail_of(transaction.program):
        return {"form": AnchorForm.AUDIT_TRAIL.value, "trail": written(trail)}
    made = written(made_by(transaction))
    return {"form": AnchorForm.NOTARIZATION.value, "object": made}


def _encoded(transaction: Transaction) -> str:
    """Return a transaction's bytes in Base64."""
    return b64encode(transaction.to_bytes()).decode()


def _decoded(value: JsonValue) -> Transaction:
    """Return the transaction of such a text."""
    try:
        data = b64decode(text(value), validate=True)
    except Base64Error as error:
        raise MalformedError("Not Base64") from error
    return Transaction.parse(data)


def _milliseconds(time: datetime) -> int:
    """Return a time as it is stored: in milliseconds since 1970."""
    return round(time.timestamp() * 1000)


def _time(value: JsonValue) -> datetime:
    """Return the time of milliseconds since 1970."""
    try:
        return datetime.fromtimestamp(_whole(value) / 1000, UTC)
    except (OverflowError, OSError) as error:
        raise MalformedError("A time that cannot be") from error


def _whole(value: JsonValue) -> int:
    """Return a value that must be a whole number."""
    if type(value) is not int:
        raise TypeError("not a whole number")
    return value


def _texts(value: JsonValue) -> tuple[str, ...]:
    """Return a value that must be a list of texts."""
    return tuple(map(text, listed(value)))
