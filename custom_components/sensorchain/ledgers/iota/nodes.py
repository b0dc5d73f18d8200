"""The nodes of a network of IOTA."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from ..http import Transport
from ..ledger import Reason
from ..nodes import Nodes
from .client import IotaClient
from .graphql import GraphqlClient
from .json_rpc import JsonRpcClient
from .settings import IotaSettings, Wire
from .wire import TIMEOUT

_CLIENTS: Mapping[Wire, type[GraphqlClient | JsonRpcClient]] = {
    Wire.GRAPHQL: GraphqlClient,
    Wire.JSON_RPC: JsonRpcClient,
}


def clients(
    transport: Transport, settings: IotaSettings, timeout: timedelta = TIMEOUT
) -> list[IotaClient]:
    """Return what asks each of the nodes that a person has chosen."""
    client = _CLIENTS[settings.wire]
    return [client(transport, node, timeout=timeout) for node in settings.nodes]


class IotaNodes(Nodes[IotaClient]):
    """The nodes that a person has chosen, all of one network."""

    decisive = (Reason.WRONG_NETWORK, Reason.INSUFFICIENT_FUNDS, Reason.TOO_LARGE)

    def __init__(self, clients: Sequence[IotaClient], chain: str) -> None:
        """Hold the nodes to a network, by its identifier."""
        super().__init__(clients)
        self._chain = chain

    async def check(self) -> str:
        """Return the network's identifier, once a node is found fit for use."""
        await self.found_fit(self.fit)
        return self._chain

    async def fit(self, client: IotaClient) -> None:
        """Refuse a node of another network."""
        chain = await client.chain()
        if chain != self._chain:
            raise client.rejected(
                Reason.WRONG_NETWORK,
                f"belongs to the network {chain}, not to {self._chain}",
            )
