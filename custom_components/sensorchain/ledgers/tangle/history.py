"""What stands of a log on the Tangle: the checkpoints that its key has signed.

Whoever has the verifier key can look: every anchor is at the log's address. Anybody can send
something there; what counts is the signature of the checkpoint.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from ...transparency.checkpoint import SignedCheckpoint
from ...transparency.errors import MalformedError, SignatureError
from ...transparency.note import VerifierKey
from ..ledger import Reason
from ..message import Message
from ..threads import in_thread
from .client import TangleClient
from .settings import MOST_TRANSACTIONS
from .transaction import Transaction
from .trytes import MalformedTrytesError, trytes_to_text

MOST_SEARCHED = 10_000
"""Transactions at a log's address that are looked through: some 27 MB."""

PAGE = 500
"""Transactions asked for at a time: what fits the limit of an answer."""


@dataclass(frozen=True, slots=True)
class Found:
    """A message with a checkpoint of the log, and the bundle that it stands in.

    `transaction` is the hash that the node gives for the bundle's first transaction.
    """

    transaction: str
    bundle: tuple[Transaction, ...]
    message: Message
    checkpoint: SignedCheckpoint


async def search_log(
    client: TangleClient, address: str, key: VerifierKey
) -> list[Found]:
    """Return all of a log that a node holds, the largest checkpoint first.

    What the node says is taken for its word, but for the checkpoints' signatures. Raises
    LedgerRejectedError of Reason.UNSEARCHABLE when there is more than can be looked through.
    """
    hashes = await client.find_address(address)
    if len(hashes) > MOST_SEARCHED:
        problem = f"holds more than {MOST_SEARCHED} transactions of the log"
        raise client.rejected(Reason.UNSEARCHABLE, problem)
    known: dict[str, Transaction] = {}
    for start in range(0, len(hashes), PAGE):
        page = hashes[start : start + PAGE]
        found = await client.claimed_transactions(page)
        known |= {each: tx for each, tx in zip(page, found, strict=True) if tx}
    return await in_thread(partial(_sorted, known, key))


def _sorted(known: Mapping[str, Transaction], key: VerifierKey) -> list[Found]:
    """Return what transactions, by their hashes, hold of a log, the largest first."""
    return sorted(
        _found(known, key),
        key=lambda each: each.checkpoint.checkpoint.size,
        reverse=True,
    )


def _found(known: Mapping[str, Transaction], key: VerifierKey) -> Iterator[Found]:
    """Yield what the log's key has signed."""
    for name, first in known.items():
        if first.current_index or first.last_index >= MOST_TRANSACTIONS:
            continue
        bundle = tuple(_chain(first, known))
        try:
            message = Message.parse(_text(bundle))
            checkpoint = SignedCheckpoint.open(message.checkpoint, key)
        except (MalformedError, MalformedTrytesError, SignatureError):
            # Somebody else's.
            continue
        yield Found(name, bundle, message, checkpoint)


def _chain(
    first: Transaction, known: Mapping[str, Transaction]
) -> Iterator[Transaction]:
    """Yield the transactions of a bundle along its trunks, as far as they are known."""
    transaction: Transaction | None = first
    for _ in range(first.last_index + 1):
        if transaction is None:
            return
        yield transaction
        transaction = known.get(transaction.trunk)


def _text(bundle: Iterable[Transaction]) -> str:
    """Return the text in the messages of a bundle's transactions."""
    trytes = "".join(each.message for each in bundle).rstrip("9")
    return trytes_to_text(trytes + "9" * (len(trytes) % 2))
