"""What one node sees of an anchor: whether it stands, and whether it still can."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeVar

from ..ledger import Reason
from .base58 import decode_base58
from .client import Executed, IotaClient, OutOfGasError, PriceError, StaleError
from .errors import MalformedTransactionError
from .history import find_record, parsed
from .objects import Notarization, made_by
from .programs import Packages, message_of, trail_of
from .transaction import DIGEST_SIZE, ObjectRef, Owned, Transaction, written

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Standing:
    """An anchor that is there for good."""

    transaction: Transaction
    time: datetime
    """By the network's clock."""
    place: str
    """In words: "checkpoint 118"; where the node has forgotten that, the object."""
    checkpoint: int | None = None
    fee: int | None = None
    """In NANOS."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An anchor that is executed, and in no checkpoint yet."""

    transaction: Transaction


@dataclass(frozen=True, slots=True)
class Failed:
    """An anchor that was executed without an effect, never to be executed again."""

    transaction: Transaction
    problem: str
    """Why, in the node's words."""


Sight: TypeAlias = "Standing | Waiting | Failed | None"


async def executed(client: IotaClient, names: Sequence[str]) -> Sight:
    """Return what a node knows of transactions, the last one first.

    One that has failed counts only where none has succeeded. Raises MalformedTransactionError
    for one of another form than ours.
    """
    failed: Sight = None
    for name in reversed(names):
        if decode_base58(name, DIGEST_SIZE) is None:
            continue
        found = await client.executed(name)
        if found and not found.effects.problem:
            return _succeeded(found)
        if found and not failed:
            failed = Failed(found.transaction, found.effects.problem or "")
    return failed


async def known(client: IotaClient, names: Sequence[str]) -> Sight:
    """Return what a node knows of transactions that are our own, and so of our form."""
    try:
        return await executed(client, names)
    except MalformedTransactionError as error:
        problem = "answered another transaction than ours"
        raise client.unavailable(Reason.NOT_A_NODE, problem) from error


async def living(
    client: IotaClient,
    transaction: Transaction,
    packages: Packages,
    before: datetime | None = None,
) -> Standing | None:
    """Return where the message of a transaction stands in an object, if it does.

    Nodes forget transactions, not objects. A record is searched by the time before which it
    was added, or among the newest; a notarization has its id from the transaction.
    """
    message = message_of(transaction.program, packages)
    trail = trail_of(transaction.program)
    if message is None:
        return None
    if trail is None:
        return await _notarised(client, transaction, packages, message)
    record = await find_record(client, trail, packages, message, before)
    if record is None:
        return None
    place = f"record {record.number} of the trail {written(trail)}"
    return Standing(transaction, record.added_at, place)


async def can_be_executed(client: IotaClient, transaction: Transaction) -> bool:
    """Whether a transaction that a node has not executed may still be, for all it knows.

    It cannot when its last epoch is over, when it offers too little, when an object that it
    uses up has moved on or is gone, and when its coins do not pay it.
    """
    epoch = await client.epoch()
    if epoch.number > (transaction.expiration or epoch.number):
        return False
    if epoch.gas_price > transaction.gas.price:
        return False
    for reference in used_up(transaction):
        found = await client.object(reference.object_id)
        if found is None or found.reference.version > reference.version:
            return False
    try:
        await client.dry_run(transaction.to_bytes())
    except OutOfGasError:
        return False
    except (StaleError, PriceError) as error:
        # What tries transactions knows more than what lists objects: that may lack ours too.
        raise client.unavailable(Reason.OUT_OF_SYNC, "contradicts itself") from error
    return True


def used_up(transaction: Transaction) -> tuple[ObjectRef, ...]:
    """Return the objects that a transaction uses, each in its one version."""
    inputs = transaction.program.inputs
    owned = (each.reference for each in inputs if isinstance(each, Owned))
    return (*owned, *transaction.gas.payment)


async def _notarised(
    client: IotaClient, transaction: Transaction, packages: Packages, message: str
) -> Standing | None:
    """Return the notarization that a transaction has made, if it holds the message."""
    made = made_by(transaction)
    found = await client.object(made)
    if found is None or found.kind != str(packages.notarised):
        return None
    notarization = parsed(client, Notarization.parse, found.contents)
    if notarization.text != message:
        return None
    place = f"object {written(made)}"
    return Standing(transaction, notarization.changed_at, place)


def _succeeded(found: Executed) -> Standing | Waiting:
    """Return where a transaction stands."""
    if found.included is None:
        return Waiting(found.transaction)
    return Standing(
        found.transaction,
        found.included.time,
        place(found.included.checkpoint),
        found.included.checkpoint,
        found.effects.fee,
    )


def place(checkpoint: int) -> str:
    """Return where an anchor stands, in words."""
    return f"checkpoint {checkpoint}"


def prevailing(answers: Sequence[Answer]) -> Answer:
    """Return the answer that most nodes give, the first one of several."""
    return Counter(answers).most_common(1)[0][0]
