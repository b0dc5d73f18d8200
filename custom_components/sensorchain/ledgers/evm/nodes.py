"""The nodes of a chain."""

from collections.abc import Sequence

from ..ledger import Reason
from ..nodes import Nodes
from .client import Block, EvmClient
from .settings import Finality


class EvmNodes(Nodes[EvmClient]):
    """The nodes that a person has chosen, all of one chain."""

    decisive = (Reason.WRONG_NETWORK, Reason.INSUFFICIENT_FUNDS, Reason.TOO_LARGE)

    def __init__(self, clients: Sequence[EvmClient], chain_id: int) -> None:
        """Hold the nodes to a chain."""
        super().__init__(clients)
        self._chain_id = chain_id

    async def check(self, finality: Finality) -> str:
        """Return the chain's number, once a node is found fit for use.

        Each that answers must know the rule for what is confirmed.
        """

        async def look(client: EvmClient) -> None:
            await self.fit(client)
            await final_block(client, finality, 1)

        await self.found_fit(look)
        return str(self._chain_id)

    async def fit(self, client: EvmClient) -> None:
        """Refuse a node of another chain."""
        chain_id = await client.chain_id()
        if chain_id != self._chain_id:
            raise client.rejected(
                Reason.WRONG_NETWORK,
                f"belongs to the chain {chain_id}, not to {self._chain_id}",
            )


async def final_block(client: EvmClient, finality: Finality, blocks: int) -> int:
    """Return the number of the last block that is final by a rule, -1 for none.

    Of Finality.BLOCKS it is the one that has itself and `blocks` - 1 others on top.
    """
    if finality is Finality.BLOCKS:
        latest = await head(client)
        return max(latest.number - blocks + 1, -1)
    block = await client.block(finality.value)
    return -1 if block is None else block.number


async def head(client: EvmClient) -> Block:
    """Return the newest block of a node."""
    block = await client.block("latest")
    if block is None:
        raise client.unavailable(Reason.OUT_OF_SYNC, "knows no block")
    return block
