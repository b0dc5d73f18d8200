"""What a node checks of a transaction alone, before it looks at what it approves (IRI: TransactionValidator)."""

from collections.abc import Iterable
import time

from custom_components.sensorchain.ledgers.tangle.transaction import (
    Transaction,
    weight_magnitude,
)

from .store import RefusedError

# How far in the future a transaction's time may lie.
_MAX_FUTURE_SECONDS = 2 * 60 * 60


def read_transactions(
    trytes: Iterable[str], minimum_weight_magnitude: int
) -> list[Transaction]:
    """Read transactions of 2673 trytes each and hash them: about 4 ms of work each. Raises RefusedError, in IRI's words."""
    transactions = [Transaction.from_trytes(each) for each in trytes]
    for transaction in transactions:
        _check(transaction, minimum_weight_magnitude)
    return transactions


def _check(transaction: Transaction, minimum_weight_magnitude: int) -> None:
    """Check time, value and proof of work."""
    if not _is_timely(transaction):
        raise RefusedError("Invalid transaction timestamp.")
    if transaction.value:
        raise RefusedError("Invalid transaction value")
    if weight_magnitude(transaction.hash) < minimum_weight_magnitude:
        raise RefusedError("Invalid transaction hash")


def _is_timely(transaction: Transaction) -> bool:
    """Whether the time of the attachment, or the transaction's own where there is none, is not negative and not to come."""
    seconds = transaction.attachment_timestamp / 1000 or transaction.timestamp
    return 0 <= seconds <= time.time() + _MAX_FUTURE_SECONDS
