"""The nodes of a Tangle: any one of them, or all at once."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar

from ..ledger import LedgerError, LedgerUnavailableError, Reason
from .client import NodeInfo, TangleClient

Result = TypeVar("Result")

ENOUGH_TIME = timedelta(seconds=30)
"""In which one node at least must have answered all that it is asked at once."""

PATIENCE = timedelta(seconds=5)
"""How much slower than the first node that answers the others may be."""


class TangleNodes:
    """The nodes that a person has chosen, all of one network."""

    def __init__(
        self, clients: Sequence[TangleClient], coordinator: str | None
    ) -> None:
        """Hold the nodes to a coordinator; without one, to that of the first check."""
        self._clients = list(clients)
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
            raise _telling([*map(_out_of_sync, infos), *errors])
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

    async def first(
        self, ask: Callable[[TangleClient], Coroutine[Any, Any, Result]]
    ) -> Result:
        """Return the answer of the first node that gives one.

        A node that fails is asked last the next time.
        """
        errors: list[LedgerError] = []
        for client in list(self._clients):
            try:
                return await ask(client)
            except LedgerError as error:
                errors.append(error)
                self._clients.remove(client)
                self._clients.append(client)
        raise _telling(errors)

    async def each(
        self, ask: Callable[[TangleClient], Coroutine[Any, Any, Result]]
    ) -> list[Result]:
        """Return the answers of all nodes that give one; raise if none does."""
        answers = [answer for _, answer in await self.all(ask)]
        given = [answer for answer in answers if not isinstance(answer, LedgerError)]
        if not given:
            raise _telling(
                [answer for answer in answers if isinstance(answer, LedgerError)]
            )
        return given

    async def all(
        self, ask: Callable[[TangleClient], Coroutine[Any, Any, Result]]
    ) -> list[tuple[TangleClient, Result | LedgerError]]:
        """Return the answer of every node, asked at the same time, or its error.

        A slow node does not hold up the others for more than a few seconds.
        """
        tasks = {client: asyncio.create_task(ask(client)) for client in self._clients}
        try:
            await _wait_for_first(tasks.values())
            await asyncio.wait(tasks.values(), timeout=PATIENCE.total_seconds())
            return [(client, _outcome(client, task)) for client, task in tasks.items()]
        finally:
            for task in tasks.values():
                task.cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)


async def _wait_for_first(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Wait until one task has succeeded, all have failed, or there was time enough."""
    waiting = set(tasks)
    with suppress(TimeoutError):
        async with asyncio.timeout(ENOUGH_TIME.total_seconds()):
            while waiting:
                done, waiting = await asyncio.wait(
                    waiting, return_when=asyncio.FIRST_COMPLETED
                )
                if any(task.exception() is None for task in done):
                    return


def _outcome(client: TangleClient, task: asyncio.Task[Result]) -> Result | LedgerError:
    """Return what a node answered, or why it did not."""
    if not task.done():
        return client.unavailable(Reason.TIMEOUT, "is too slow")
    error = task.exception()
    return error if isinstance(error, LedgerError) else task.result()


_DECISIVE = (Reason.WRONG_NETWORK, Reason.WEIGHT_REFUSED, Reason.TIPS_UNKNOWN)


def _telling(errors: Sequence[LedgerError]) -> LedgerError:
    """Return the error of several nodes that tells most about what to do.

    What a person must mend comes first; a refusal of another kind counts when no node is
    left that may take it later.
    """
    for reason in _DECISIVE:
        for error in errors:
            if error.reason is reason:
                return error
    unavailable = [each for each in errors if isinstance(each, LedgerUnavailableError)]
    return unavailable[0] if unavailable else errors[0]


def _out_of_sync(client: TangleClient) -> LedgerUnavailableError:
    """Return the error of a node that does not know the latest milestones."""
    return client.unavailable(Reason.OUT_OF_SYNC, "is out of sync with its network")
