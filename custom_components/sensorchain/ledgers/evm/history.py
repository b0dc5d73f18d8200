"""What stands of a log on a chain: the checkpoints in the transactions of its account.

No node lists the transactions of an account. But each tells how many there were at a block,
as far back as it keeps what is old: the block of each is found by halving. Who has sent one
does not matter: what counts is the signature of the checkpoint.
"""

from collections.abc import AsyncIterator

from ...transparency.checkpoint import SignedCheckpoint
from ...transparency.errors import MalformedError, SignatureError
from ...transparency.note import VerifierKey
from ..ledger import LedgerRejectedError, LedgerUnavailableError, Published, Reason
from . import calldata
from .client import EvmClient
from .nodes import head
from .transaction import SignedTransaction

MOST_OTHERS = 20
"""Blocks in a row in which the account sent something else, before it is given up."""


async def search_log(
    client: EvmClient, account: str, key: VerifierKey, final: int, limit: int
) -> list[Published]:
    """Return the anchors of a log that a node has in its chain, the newest first.

    `final` is the last block that is final. Raises LedgerRejectedError of
    Reason.UNSEARCHABLE where the node does not keep what is needed.
    """
    found: list[Published] = []
    others = 0
    try:
        async for block, sent in _blocks(client, account):
            anchors = [
                anchor
                for each in sent
                if (anchor := _published(each, key, is_confirmed=block <= final))
            ]
            found += anchors
            others = 0 if anchors else others + 1
            if len(found) >= limit:
                break
            if others == MOST_OTHERS:
                problem = "has too many other transactions of the account"
                raise client.rejected(Reason.UNSEARCHABLE, problem)
    except LedgerUnavailableError as error:
        if error.reason is not Reason.UNSEARCHABLE:
            raise
        raise LedgerRejectedError(Reason.UNSEARCHABLE, str(error)) from error
    return found[:limit]


async def _blocks(
    client: EvmClient, account: str
) -> AsyncIterator[tuple[int, list[SignedTransaction]]]:
    """Yield the blocks with transactions of an account, the newest first, and those to itself."""
    upper = (await head(client)).number
    count = await client.count(account, upper)
    while count:
        block = await _block_of(client, account, count, upper)
        sent = await client.transactions_to(account, block)
        sent.sort(key=lambda each: each.transaction.nonce, reverse=True)
        yield block, sent
        upper = block - 1
        count = await client.count(account, upper) if block else 0


async def _block_of(client: EvmClient, account: str, count: int, upper: int) -> int:
    """Return the block, `upper` at the most, in which the account came to that count.

    From there back in steps that double, for nodes that keep no more than the last blocks;
    then by halving.
    """
    before, step = -1, 1
    while upper - step > before:
        if await client.count(account, upper - step) < count:
            before = upper - step
        else:
            upper, step = upper - step, 2 * step
    while upper - before > 1:
        middle = (before + upper) // 2
        if await client.count(account, middle) < count:
            before = middle
        else:
            upper = middle
    return upper


def _published(
    signed: SignedTransaction, key: VerifierKey, *, is_confirmed: bool
) -> Published | None:
    """Return the anchor in a transaction, None where there is none of this log."""
    try:
        message = calldata.read(signed.transaction.data)
        checkpoint = SignedCheckpoint.open(message.checkpoint, key)
    except (MalformedError, SignatureError):
        return None
    return Published(checkpoint, signed.hash, is_confirmed, message.readings)
