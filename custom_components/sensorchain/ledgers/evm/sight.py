"""What one node sees of an anchor."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..ledger import LedgerUnavailableError, Reason
from .client import Block, EvmClient
from .nodes import final_block, head
from .settings import EvmSettings


@dataclass(frozen=True, slots=True)
class Included:
    """A transaction in the chain."""

    transaction: str
    block: Block
    fee: int | None
    is_final: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Of an account's transactions, how many are in the chain, for good, and are waiting too."""

    latest: int
    final: int
    pending: int


async def included(
    client: EvmClient, settings: EvmSettings, transactions: Sequence[str]
) -> Included | None:
    """Return which of an anchor's transactions a node has in its chain, the newest first.

    One that has failed has no effect, on some chains no data either: it does not count.
    """
    for transaction in reversed(transactions):
        found = await client.receipt(transaction)
        if found is None or not found.is_successful:
            continue
        block = await client.block(found.block)
        if block is None or block.hash != found.block_hash:
            continue
        final = await final_block(client, settings.finality, settings.blocks)
        is_final = block.number <= final
        return Included(transaction, block, found.fee, is_final)
    return None


async def standing(client: EvmClient, settings: EvmSettings, account: str) -> Standing:
    """Return how far an account's transactions have come on a node."""
    final = await final_block(client, settings.finality, settings.blocks)
    return Standing(
        latest=await client.count(account, "latest"),
        final=0 if final < 0 else await _count_at(client, account, final),
        pending=await client.count(account, "pending"),
    )


async def check_caught_up(client: EvmClient, block: int) -> None:
    """Refuse what a node says that has not come to a block yet."""
    if (await head(client)).number < block:
        raise client.unavailable(Reason.OUT_OF_SYNC, "is behind its network")


async def _count_at(client: EvmClient, account: str, block: int) -> int:
    """Return how many transactions an account had sent at a block; 0 where that is forgotten."""
    try:
        return await client.count(account, block)
    except LedgerUnavailableError as error:
        if error.reason is not Reason.UNSEARCHABLE:
            raise
        return 0
