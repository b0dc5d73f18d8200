"""The nodes of a network of IOTA."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from ..http import Transport
from ..ledger import LedgerError, Reason
from ..nodes import Nodes
from .client import IotaClient
from .graphql import GraphqlClient
from .json_rpc import JsonRpcClient
from .settings import IotaSettings, Wire
from .wire import TIMEOUT

Result = TypeVar("Result")

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
        """Return the network's identifier, once a node is found fit for use.

        A node of another network is an error even where others are fit: it would take part
        in every decision.
        """
        answers = await self.all(self.fit)
        errors = [answer for _, answer in answers if isinstance(answer, LedgerError)]
        for error in errors:
            if error.reason is Reason.WRONG_NETWORK:
                raise error
        if len(errors) == len(answers):
            raise self.telling(errors)
        return self._chain

    async def fit(self, client: IotaClient) -> None:
        """Refuse a node of another network."""
        chain = await client.chain()
        if chain != self._chain:
            raise client.rejected(
                Reason.WRONG_NETWORK,
                f"belongs to the network {chain}, not to {self._chain}",
            )

    async def agreed(
        self, ask: Callable[[IotaClient], Coroutine[Any, Any, Result]]
    ) -> list[Result]:
        """Return the answers of more than half of all nodes; raise if fewer give one."""
        answers = [answer for _, answer in await self.all(ask)]
        errors = [answer for answer in answers if isinstance(answer, LedgerError)]
        given = [answer for answer in answers if not isinstance(answer, LedgerError)]
        if 2 * len(given) <= len(answers):
            raise self.telling(errors)
        return given
