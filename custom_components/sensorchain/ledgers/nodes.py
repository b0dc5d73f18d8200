"""The nodes of a ledger: any one of them, or all at once."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, Generic, Protocol, TypeVar

from .ledger import LedgerError, LedgerUnavailableError, Reason

Result = TypeVar("Result")

ENOUGH_TIME = timedelta(seconds=30)
"""In which one node at least must have answered all that it is asked at once."""

PATIENCE = timedelta(seconds=5)
"""How much slower than the first node that answers the others may be."""


class Node(Protocol):
    """One of several servers that a ledger is asked at."""

    def unavailable(self, reason: Reason, problem: str) -> LedgerUnavailableError:
        """Return an error of this node that may pass."""


Client = TypeVar("Client", bound=Node)


class Nodes(Generic[Client]):
    """The nodes that a person has chosen, all of one network.

    Of their errors those for the reasons in `decisive` tell most, the first one first:
    what a person must mend.
    """

    decisive: tuple[Reason, ...] = (Reason.WRONG_NETWORK,)

    def __init__(self, clients: Sequence[Client]) -> None:
        """Ask these, the first one first."""
        self._clients = list(clients)

    async def first(
        self, ask: Callable[[Client], Coroutine[Any, Any, Result]]
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
        raise self.telling(errors)

    async def each(
        self, ask: Callable[[Client], Coroutine[Any, Any, Result]]
    ) -> list[Result]:
        """Return the answers of all nodes that give one; raise if none does."""
        answers = [answer for _, answer in await self.all(ask)]
        given = [answer for answer in answers if not isinstance(answer, LedgerError)]
        if not given:
            raise self.telling(
                [answer for answer in answers if isinstance(answer, LedgerError)]
            )
        return given

    async def all(
        self, ask: Callable[[Client], Coroutine[Any, Any, Result]]
    ) -> list[tuple[Client, Result | LedgerError]]:
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

    async def agreed(
        self, ask: Callable[[Client], Coroutine[Any, Any, Result]]
    ) -> list[Result]:
        """Return the answers of more than half of all nodes; raise if fewer give one."""
        answers = [answer for _, answer in await self.all(ask)]
        errors = [answer for answer in answers if isinstance(answer, LedgerError)]
        given = [answer for answer in answers if not isinstance(answer, LedgerError)]
        if 2 * len(given) <= len(answers):
            raise self.telling(errors)
        return given

    async def found_fit(
        self, fit: Callable[[Client], Coroutine[Any, Any, None]]
    ) -> None:
        """Return once a node is found fit for use.

        A node of another network is an error even where others are fit: it would take part
        in every decision.
        """
        answers = await self.all(fit)
        errors = [answer for _, answer in answers if isinstance(answer, LedgerError)]
        for error in errors:
            if error.reason is Reason.WRONG_NETWORK:
                raise error
        if len(errors) == len(answers):
            raise self.telling(errors)

    def telling(self, errors: Sequence[LedgerError]) -> LedgerError:
        """Return the error of several nodes that tells most about what to do.

        What a person must mend comes first; a refusal of another kind counts when no node
        is left that may take it later.
        """
        for reason in self.decisive:
            for error in errors:
                if error.reason is reason:
                    return error
        unavailable = [
            each for each in errors if isinstance(each, LedgerUnavailableError)
        ]
        return unavailable[0] if unavailable else errors[0]


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


def _outcome(client: Node, task: asyncio.Task[Result]) -> Result | LedgerError:
    """Return what a node answered, or why it did not."""
    if not task.done():
        return client.unavailable(Reason.TIMEOUT, "is too slow")
    error = task.exception()
    return error if isinstance(error, LedgerError) else task.result()
