"""What a node of IOTA is asked, whichever way: GraphQL, or JSON-RPC where only that is offered.

Every answer is data of limited size, and refused unless it has the form that is expected:
LedgerUnavailableError (NOT_A_NODE) then, and for what may pass; LedgerRejectedError for what
a person must mend. Each client is of one node.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ..ledger import LedgerRejectedError, LedgerUnavailableError, Reason
from .transaction import ObjectRef, Transaction


@dataclass(frozen=True, slots=True)
class Epoch:
    """The epoch that the network is in: a day, as a rule."""

    number: int
    gas_price: int
    """What a unit of computation costs at the least, in NANOS."""


@dataclass(frozen=True, slots=True)
class Coin:
    """A coin of IOTA that pays for transactions."""

    reference: ObjectRef
    balance: int
    """In NANOS, 10⁻⁹ IOTA."""


@dataclass(frozen=True, slots=True)
class MoveObject:
    """An object as it is now."""

    reference: ObjectRef
    kind: str
    """Its type as Move writes it, all addresses with 64 digits: 0x…::main::AuditTrail<…>."""
    contents: bytes
    """Its fields in BCS."""
    initial_version: int | None
    """In which it began to be shared; None where it is not shared."""


@dataclass(frozen=True, slots=True)
class Effects:
    """What a transaction has done, or would do."""

    problem: str | None
    """Why it failed, in the node's words; None where it succeeded."""
    fee: int
    """What it costs in NANOS: computation and storage, less what storage gives back."""
    gas: int
    """What has to be there for it in NANOS: computation and storage."""


@dataclass(frozen=True, slots=True)
class Included:
    """Where a transaction stands for good."""

    checkpoint: int
    """The number of the checkpoint: the network's own, of transactions."""
    time: datetime
    """By the network's clock, in UTC."""


@dataclass(frozen=True, slots=True)
class Executed:
    """A transaction that the network has executed."""

    transaction: Transaction
    """As its sender has signed it; the node's bytes hash to the digest asked for."""
    effects: Effects
    included: Included | None
    """None until it is in a checkpoint."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A part of what an account has sent, the newest first."""

    transactions: tuple[Executed, ...]
    """Without those of other forms than ours."""
    cursor: str | None
    """For the next part; None where there is no more."""


class LockedError(LedgerUnavailableError):
    """An object is promised to another transaction until the epoch ends."""


class StaleError(LedgerRejectedError):
    """The transaction will never be executed.

    An object is not in that version any more, or the epoch has passed that it was meant for.
    """


class OutOfGasError(LedgerRejectedError):
    """The budget is too small, or too little is left to pay it: nothing was executed."""


class PriceError(LedgerRejectedError):
    """It offers less for computation than the epoch asks: it will not be executed in it."""


class IotaClient(Protocol):
    """One node."""

    @property
    def url(self) -> str:
        """Where it is, without a password."""

    async def chain(self) -> str:
        """Return the network's identity: the first four bytes of its genesis, 8 digits."""

    async def epoch(self) -> Epoch:
        """Return the epoch that the network is in."""

    async def balance(self, owner: bytes) -> int:
        """Return what an address has in NANOS."""

    async def coins(self, owner: bytes) -> list[Coin]:
        """Return coins of an address, at most some fifty."""

    async def owned(self, owner: bytes, kind: str) -> list[MoveObject]:
        """Return objects of an address with a type, at most some fifty."""

    async def object(self, object_id: bytes) -> MoveObject | None:
        """Return an object, None where there is none with this id (any more)."""

    async def entry(self, table: bytes, number: int) -> bytes | None:
        """Return what a Move table holds under a u64, in BCS; None where there is nothing."""

    async def dry_run(self, transaction: bytes) -> Effects:
        """Return what a transaction would do.

        Raises StaleError, OutOfGasError or PriceError where it would not be executed at all.
        """

    async def execute(self, transaction: bytes, signatures: Sequence[str]) -> Effects:
        """Send a transaction, and return its certified effects. A repeat gives the same.

        Raises LockedError, StaleError, OutOfGasError or PriceError besides.
        """

    async def executed(self, digest: str) -> Executed | None:
        """Return a transaction, None where the node does not know it (any more).

        Raises MalformedTransactionError for one of another form than ours.
        """

    async def sent(self, owner: bytes, cursor: str | None = None) -> Sent:
        """Return what an address has sent, the newest first."""

    def unavailable(self, reason: Reason, problem: str) -> LedgerUnavailableError:
        """Return an error of this node that may pass; `problem` follows "The node …"."""

    def rejected(self, reason: Reason, problem: str) -> LedgerRejectedError:
        """Return an error of this node that a person must mend."""
