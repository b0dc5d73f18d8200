"""The nodes of a Tangle: any one of them, or all at once."""

from collections.abc import Sequence

from ..ledger import LedgerError, LedgerUnavailableError, Reason
from ..nodes import Nodes
from .client import NodeInfo, TangleClient


class TangleNodes(Nodes[TangleClient]):
    """The nodes that a person has chosen, all of one network."""

    decisive = (Reason.WRONG_NETWORK, Reason.WEIGHT_REFUSED, Reason.TIPS_UNKNOWN)

    def __init__(
        self, clients: Sequence[TangleClient], coordinator: str | None
    ) -> None:
        """Hold the nodes to a coordinator; without one, to that of the first check."""
        super().__init__(clients)
        self._coordinator = coordinator

    async def check(self) -> str:
        """Return the coordinator's address, once a node is found fit for use.

        A node of another network is an error even where others are fit: it would take
        part in every decision. So is a network other than at the last check.
        """
        answers = await self.all(lambda client: client.node_info())
        errors = [answer for _, answer in answers if isinstance(answer, LedgerError)]
        infos = {
            client: answer for client, answer in answers if isinstance(answer, NodeInfo)
        }
        for client, info in infos.items():
            self._coordinator = self._coordinator or info.coordinator
            self._check_network(client, info)
        fit = [info for info in infos.values() if info.is_in_sync]
        if not fit:
            raise self.telling([*map(_out_of_sync, infos), *errors])
        return fit[0].coordinator

    async def fit(self, client: TangleClient) -> NodeInfo:
        """Return what a node says of itself, if it is of our network and in sync."""
        info = await client.node_info()
        self._check_network(client, info)
        if not info.is_in_sync:
            raise _out_of_sync(client)
        return info

    def _check_network(self, client: TangleClient, info: NodeInfo) -> None:
        """Refuse a node of another network."""
        if self._coordinator not in (None, info.coordinator):
            raise client.rejected(
                Reason.WRONG_NETWORK,
                f"belongs to another network: its coordinator is {info.coordinator}",
            )


def _out_of_sync(client: TangleClient) -> LedgerUnavailableError:
    """Return the error of a node that does not know the latest milestones."""
    return client.unavailable(Reason.OUT_OF_SYNC, "is out of sync with its network")
