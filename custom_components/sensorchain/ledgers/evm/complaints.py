"""What nodes say, and what it means: every maker of nodes has words of its own.

(The texts are those of geth, Nethermind, Erigon, Besu, Reth and anvil; the codes those of
JSON-RPC 2.0 and EIP-1474.)
"""

from enum import Enum, auto
import re

from ..ledger import LedgerError, LedgerRejectedError, LedgerUnavailableError, Reason


class Sending(Enum):
    """What a node makes of a transaction that it is sent."""

    TAKEN = auto()
    KNOWN = auto()
    """It has had it before."""
    NONCE_TAKEN = auto()
    """A transaction with its number is in the chain: this one, or another."""
    OCCUPIED = auto()
    """Another one with its number is waiting, which pays as much or more."""
    UNDERPRICED = auto()
    """It pays too little to be included."""


_SENDINGS = (
    (r"nonce (is )?too low|oldnonce|nonce has already been used", Sending.NONCE_TAKEN),
    (
        r"replacement|too low to replace|could not replace|another transaction with same nonce",
        Sending.OCCUPIED,
    ),
    (
        r"already known|alreadyknown|known transaction|already imported|already in (the )?(mem)?pool",
        Sending.KNOWN,
    ),
    (
        (
            r"underpriced|feetoolow|fee (is )?too low|gas price (is )?(too low|below)"
            r"|less than (block )?base ?fee|tip .*below|gas price .*(must be|expected)"
        ),
        Sending.UNDERPRICED,
    ),
)

_Meaning = tuple[type[LedgerError], Reason, str]

_COMPLAINTS: tuple[tuple[str, _Meaning], ...] = (
    (
        r"rate.?limit|too many requests|limit exceeded|request limit|quota|capacity|throughput",
        (LedgerUnavailableError, Reason.RATE_LIMITED, "wants to be asked less often"),
    ),
    (
        r"insufficient (funds|balance)|insufficientfunds|not enough funds",
        (
            LedgerRejectedError,
            Reason.INSUFFICIENT_FUNDS,
            "says that too little is left",
        ),
    ),
    (
        r"chain.?id|invalid sender|wrong chain",
        (LedgerRejectedError, Reason.WRONG_NETWORK, "is of another chain"),
    ),
    (
        (
            r"missing trie node|historical state|state .*(not available|unavailable|pruned)"
            r"|archive|header not found|block .*not found|pruned|distance to target"
            r"|block ?(is )?out ?of ?range"
        ),
        (LedgerUnavailableError, Reason.UNSEARCHABLE, "does not keep what is old"),
    ),
    (
        r"too large|oversized|exceeds? (the )?(max|block|configured)|exceeds max",
        (LedgerRejectedError, Reason.TOO_LARGE, "finds it too large"),
    ),
    (
        r"pool (is )?full|timeout|timed out|overload|busy|try again|temporar|sync",
        (LedgerUnavailableError, Reason.NODE_ERROR, "cannot do it now"),
    ),
)

_RATE_LIMITS = {-32005, -32029, 429}
_REFUSALS = {-32601, -32602, -32600, 401, 403}
"""No such method, no such parameters, no such request; no such key."""


def sending_of(message: str) -> Sending | None:
    """Return what a complaint about a transaction tells of it, None where it is another."""
    for pattern, sending in _SENDINGS:
        if re.search(pattern, message, re.IGNORECASE):
            return sending
    return None


def error_of(code: int, message: str, *, is_sending: bool) -> _Meaning:
    """Return the kind of error that a complaint stands for, its reason and its words."""
    if code in _RATE_LIMITS:
        return _COMPLAINTS[0][1]
    for pattern, meaning in _COMPLAINTS:
        if re.search(pattern, message, re.IGNORECASE):
            return meaning
    if code in _REFUSALS or is_sending:
        return LedgerRejectedError, Reason.REJECTED, "refuses"
    return LedgerUnavailableError, Reason.NODE_ERROR, "failed"
