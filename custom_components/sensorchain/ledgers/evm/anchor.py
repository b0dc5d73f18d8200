"""What is kept of an anchor: the transactions that were signed for it, and their names.

What was prepared looks like this, oldest first; only one of them can ever be included:

    {"transactions": ["0x02f9…", "0x02f9…"]}

And the details of a receipt, the last three once it is confirmed:

    {"account": "0x7099…", "nonce": 5, "transactions": ["0x6d1c…"], "sent_at": 1795341600000,
     "block": 118, "block_hash": "0x4b8e…", "fee": "30000000000000"}
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ...transparency.jcs import JsonValue
from ..ledger import AnchorStatus, LedgerRejectedError, PreparedAnchor, Reason, Receipt
from .client import Block
from .secp256k1 import written
from .transaction import SignedTransaction

MOST_TRANSACTIONS = 50
"""Of one anchor that are looked for: each replacement costs an eighth more."""


def prepared(checkpoint: str, *transactions: SignedTransaction) -> PreparedAnchor:
    """Return transactions as they are stored."""
    raw: list[JsonValue] = [f"0x{each.raw.hex()}" for each in transactions]
    return PreparedAnchor(checkpoint, {"transactions": raw})


def transactions_of(anchor: PreparedAnchor) -> tuple[SignedTransaction, ...]:
    """Return what was prepared, oldest first; raises LedgerRejectedError."""
    stored = anchor.content.get("transactions")
    given = stored if isinstance(stored, list) else []
    try:
        found = tuple(
            SignedTransaction.decode(bytes.fromhex(str(each)[2:])) for each in given
        )
    except ValueError as error:
        problem = f"What was prepared is damaged: {error}"
        raise LedgerRejectedError(Reason.REJECTED, problem) from error
    if not found:
        raise LedgerRejectedError(Reason.REJECTED, "Nothing was prepared")
    return found


@dataclass(frozen=True, slots=True)
class Details:
    """Of a receipt, what is needed to find the anchor."""

    account: str
    nonce: int
    transactions: tuple[str, ...]
    sent_at: datetime

    @classmethod
    def of(cls, receipt: Receipt) -> "Details":
        """Return the details of a receipt; raises LedgerRejectedError."""
        given = receipt.details
        nonce, sent_at = given.get("nonce"), given.get("sent_at")
        account, names = given.get("account"), given.get("transactions")
        if (
            type(nonce) is not int
            or type(sent_at) is not int
            or not isinstance(account, str)
            or not isinstance(names, list)
            or not names
        ):
            raise LedgerRejectedError(
                Reason.REJECTED, "The receipt is of another ledger"
            )
        return cls(account, nonce, tuple(map(str, names)), _time(sent_at))

    def to_json(self) -> dict[str, JsonValue]:
        """Return them as they are stored."""
        return {
            "account": self.account,
            "nonce": self.nonce,
            "transactions": list(self.transactions),
            "sent_at": int(self.sent_at.timestamp() * 1000),
        }


def submitted(
    transactions: tuple[SignedTransaction, ...], now: datetime, status: AnchorStatus
) -> Receipt:
    """Return the receipt of what was sent."""
    last = transactions[-1]
    names = tuple(each.hash for each in transactions[-MOST_TRANSACTIONS:])
    account = written(last.transaction.to)
    details = Details(account, last.transaction.nonce, names, now)
    return Receipt(status, last.hash, None, None, details.to_json())


def taken_back(receipt: Receipt, status: AnchorStatus) -> Receipt:
    """Return a receipt without what a confirmation has added."""
    details = Details.of(receipt)
    return Receipt(status, details.transactions[-1], None, None, details.to_json())


def confirmed(
    receipt: Receipt, transaction: str, block: Block, fee: int | None
) -> Receipt:
    """Return the receipt of a confirmed anchor, which has cost so many wei."""
    found: dict[str, JsonValue] = {"block": block.number, "block_hash": block.hash}
    paid: dict[str, JsonValue] = {} if fee is None else {"fee": str(fee)}
    return replace(
        receipt,
        status=AnchorStatus.CONFIRMED,
        transaction=transaction,
        confirmed_at=block.time,
        place=place(block.number),
        details={**Details.of(receipt).to_json(), **found, **paid},
    )


def place(block: int) -> str:
    """Return where an anchor stands, in words."""
    return f"block {block}"


def _time(milliseconds: int) -> datetime:
    """Return the time of milliseconds since 1970."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError) as error:
        problem = "The receipt has no time"
        raise LedgerRejectedError(Reason.REJECTED, problem) from error
