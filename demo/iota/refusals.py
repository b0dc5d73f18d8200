"""Why a node refuses a transaction before it is executed: nothing is paid, and there are no effects.

The words are those of iota-types (error.rs), with the frame that JSON-RPC puts around them (iota-json-rpc, error.rs).
"""

from collections.abc import Mapping, Sequence

CLIENT_ERROR = -32002
TRANSIENT_ERROR = -32050
"""Codes of JSON-RPC (iota-json-rpc-api: TRANSACTION_EXECUTION_CLIENT_ERROR_CODE, TRANSIENT_ERROR_CODE)."""


class RefusedError(Exception):
    """A transaction was refused; `str()` tells the words alone."""

    code = CLIENT_ERROR

    @property
    def framed(self) -> str:
        """What JSON-RPC answers."""
        return f"Transaction execution failed due to issues with transaction inputs, please review the errors and try again:\n- {self}"

    @property
    def data(self) -> object:
        """What JSON-RPC adds to it."""
        return None


class MalformedError(RefusedError):
    """It cannot be read."""

    code = -32602

    @property
    def framed(self) -> str:
        """What JSON-RPC answers."""
        return str(self)


class UnsignedError(RefusedError):
    """A signature is missing, or is not one."""

    @property
    def framed(self) -> str:
        """What JSON-RPC answers."""
        return f"Invalid user signature: {self}"


class UnfinishedError(RefusedError):
    """It was signed, and there are no effects yet."""

    code = TRANSIENT_ERROR

    @property
    def framed(self) -> str:
        """What JSON-RPC answers."""
        return str(self)


class LockedError(RefusedError):
    """An object is promised to another transaction, or to several and so to none."""

    def __init__(self, lockers: Sequence[str], reference: Sequence[str | int]) -> None:
        """Keep the transactions, and the object: id, version, digest."""
        self._lockers = {
            each: 100 / len(lockers) if len(lockers) > 1 else 100.0 for each in lockers
        }
        self._reference = list(reference)
        state = (
            "reserved for another transaction"
            if len(lockers) == 1
            else "equivocated until the next epoch"
        )
        others = "\n".join(
            f"- {each} (stake {stake:.1f})" for each, stake in self._lockers.items()
        )
        super().__init__(
            f"Failed to sign transaction by a quorum of validators because one or more of its objects is {state}."
            f" Other transactions locking these objects:\n{others}"
        )

    @property
    def framed(self) -> str:
        """What JSON-RPC answers."""
        return str(self)

    @property
    def data(self) -> Mapping[str, object]:
        """What JSON-RPC adds to it."""
        return {each: [self._reference] for each in self._lockers}
