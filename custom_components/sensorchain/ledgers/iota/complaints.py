"""What nodes say, and what it means.

The texts are those of iotaledger/iota: UserInputError and IotaError (iota-types, error.rs),
QuorumDriverError (quorum_driver_types.rs), TransactionDriverError (iota-core,
transaction_driver/error.rs), and the limits of iota-graphql-rpc; the newest ones, those of
early 2025, and the form for debugging, in which one error stands in another. A text may tell
of several validators: what is found first in this table counts.
"""

from dataclasses import dataclass
import re

from ..ledger import LedgerError, LedgerRejectedError, LedgerUnavailableError, Reason
from .answers import legible
from .client import LockedError, OutOfGasError, PriceError, StaleError


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a complaint stands for."""

    error: type[LedgerError]
    reason: Reason
    words: str
    """Follow the node's name."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A complaint that is known."""

    pattern: str
    meaning: Meaning
    only_sending: bool = False


_STALE = Meaning(
    StaleError, Reason.REJECTED, "says that the transaction is out of date"
)
_BEHIND = Meaning(
    LedgerUnavailableError, Reason.OUT_OF_SYNC, "does not know an object yet"
)
_REFUSED = Meaning(LedgerRejectedError, Reason.REJECTED, "refuses")
_FAILED = Meaning(LedgerUnavailableError, Reason.NODE_ERROR, "failed")

_TABLE = (
    _Row(
        r"too many requests|rate.?limit|quota",
        Meaning(
            LedgerUnavailableError,
            Reason.RATE_LIMITED,
            "wants to be asked less often",
        ),
    ),
    _Row(
        (
            r"already locked by|of locked objects|locking these objects|ObjectLockConflict"
            r"|reserved for another transaction|equivocated"
        ),
        Meaning(
            LockedError,
            Reason.NODE_ERROR,
            "says that an object is promised to another transaction",
        ),
    ),
    _Row(
        r"object deleted at reference|ObjectDeleted|Transaction ?Expired|invalid object digest",
        _STALE,
    ),
    # Said by a third of the validators at least, unlike in a dry run.
    _Row(
        r"referenced object \S+ at version None|ObjectNotFound \{[^}]*version: None",
        _STALE,
        only_sending=True,
    ),
    _Row(
        (
            r"could not find the referenced object|not available for consumption"
            r"|ObjectVersionUnavailable|ObjectNotFound"
            r"|dependent package not found|DependentPackageNotFound"
        ),
        _BEHIND,
    ),
    _Row(
        r"gas budget: \S+ is lower than min|GasBudgetTooLow",
        Meaning(
            OutOfGasError, Reason.FEES_TOO_HIGH, "says that the gas budget is too small"
        ),
    ),
    _Row(
        (
            r"balance of gas object|GasBalanceTooLow|not have enough balance"
            r"|InsufficientBalanceToCover"
        ),
        Meaning(
            OutOfGasError, Reason.INSUFFICIENT_FUNDS, "says that too little is left"
        ),
    ),
    _Row(
        r"under reference gas price|GasPriceUnderRGP",
        Meaning(
            PriceError, Reason.FEES_TOO_HIGH, "says that the gas price is too small"
        ),
    ),
    _Row(
        r"size limit exceeded|too large|oversized|exceeded max limit|payload.{0,40}exceed",
        Meaning(LedgerRejectedError, Reason.TOO_LARGE, "finds it too large"),
    ),
    _Row(
        r"outside the available|pruned|index(es)?( store)? (are )?not available",
        Meaning(
            LedgerUnavailableError, Reason.UNSEARCHABLE, "does not keep what is asked"
        ),
    ),
    _Row(
        r"a retry may|already finalized|already (been )?executed|retriable with",
        _FAILED,
    ),
    _Row(
        (
            r"invalid user signature|signature is not valid|not signed by|is denied"
            r"|failed validation|rejected as invalid|review the errors"
            r"|non recoverable errors|higher than max:|gas price cannot exceed"
        ),
        _REFUSED,
    ),
)

_VERSIONS = re.compile(
    r"(?:version:? |version\(|sequencenumber\()+(\d{1,20})(?:(?!version|sequencenumber).)*"
    r"current[ _]version: (?:version\(|sequencenumber\()?(\d{1,20})",
    re.IGNORECASE | re.DOTALL,
)
"""The version of an object that a transaction uses, and the one that it has by now."""

_REFUSALS = {
    *(-32002, -32600, -32601, -32602, 401, 403),
    *("BAD_REQUEST", "BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED"),
    "GRAPHQL_VALIDATION_FAILED",
}
"""The transaction is bad; no such request, method or parameters; no such key; the same again."""

_UNKNOWN = r"find the referenced transaction|Transaction \w+ not found"

_MOST = 20_000
"""Characters of a complaint that are looked at."""


class NodeComplaintError(Exception):
    """A node that says no: its code, and its text."""

    def __init__(self, code: int | str | None, message: str) -> None:
        """Keep the code beside the text."""
        super().__init__(message[:_MOST])
        self.code = code

    @property
    def legible(self) -> str:
        """The beginning of the text, in one line."""
        return legible(str(self))

    @property
    def is_unknown_transaction(self) -> bool:
        """Whether it says that the node does not know a transaction."""
        return re.search(_UNKNOWN, str(self)) is not None


def meaning_of(complaint: NodeComplaintError, *, is_sending: bool) -> Meaning:
    """Return what a complaint stands for; some tell more of what was sent to be executed."""
    said = str(complaint)
    for row in _TABLE:
        if row.only_sending and not is_sending:
            continue
        if re.search(row.pattern, said, re.IGNORECASE):
            is_late = row.meaning is _BEHIND and _has_moved_on(said)
            return _STALE if is_late else row.meaning
    return _REFUSED if complaint.code in _REFUSALS else _FAILED


def _has_moved_on(said: str) -> bool:
    """Whether an object is in a later version by now: a node may be behind as well."""
    return any(int(now) > int(used) for used, now in _VERSIONS.findall(said))
