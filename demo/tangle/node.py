"""The node without its HTTP: the store on its thread, proof of work on others, and the coordinator's clock."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
import logging
from pathlib import Path
import sqlite3
import threading
import time
from typing import Concatenate, Self

from custom_components.sensorchain.ledgers.tangle.bundle import (
    Bundle,
    NonceSearch,
    attach,
)
from custom_components.sensorchain.ledgers.tangle.proof_of_work import (
    SearchStoppedError,
    search,
)
from custom_components.sensorchain.ledgers.tangle.transaction import Transaction

from .admission import read_transactions
from .coordinator import COORDINATOR, MAX_GATHERED, knot, milestone
from .store import Milestone, Store

_LOGGER = logging.getLogger(__name__)


@dataclass(eq=False)
class Node:
    """A node and its coordinator. `async with` starts and stops it; it may be started again on the same data."""

    database: Path
    """The SQLite file, made if it is not there."""
    milestone_interval: float = 0
    """Seconds between milestones; 0 issues them only when issue_milestone() is called."""
    minimum_weight_magnitude: int = 9
    """What each transaction must have, 1 to 81."""
    coordinator_address: str = COORDINATOR
    """81 trytes by which clients tell one network from another."""
    unsolid_milestones: int = 0
    """How many milestones the node claims to have heard of and not received; above 1 it is out of sync."""

    def __post_init__(self) -> None:
        """Prepare what lives as long as the object."""
        self._exit = AsyncExitStack()
        self._interrupt = threading.Event()
        self._halt = threading.Event()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Stop."""
        await self.stop()

    async def start(self) -> None:
        """Open the database and issue the first milestone if there is none: a node without one answers hardly anything."""
        async with AsyncExitStack() as stack:
            await self._start(stack)
            self._exit = stack.pop_all()

    async def stop(self) -> None:
        """End any proof of work and close the database; no harm when it is not running."""
        await self._exit.aclose()

    async def _start(self, stack: AsyncExitStack) -> None:
        """Start one thing after the other; each leaves on the stack how it is stopped."""
        self._halt = threading.Event()
        self._attaching, self._issuing = asyncio.Lock(), asyncio.Lock()
        self._disk = stack.enter_context(ThreadPoolExecutor(1, "tangle-disk"))
        self._work = stack.enter_context(ThreadPoolExecutor(2, "tangle-work"))
        self._store = await self._run(self._disk, Store, self.database)
        stack.push_async_callback(self._run, self._disk, self._store.close)
        if not (await self.ask(Store.latest_milestone)).number:
            await self.issue_milestone()
        clock = asyncio.create_task(self._issue_milestones())
        stack.callback(clock.cancel)
        stack.callback(self._halt.set)

    async def ask[**P, R](
        self,
        question: Callable[Concatenate[Store, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Call a method of Store on its thread: `await node.ask(Store.trytes, hashes)`."""
        return await self._run(self._disk, question, self._store, *args, **kwargs)

    async def take(self, trytes: Sequence[str]) -> None:
        """Check transactions and store them, all or none; raises RefusedError."""
        transactions = await self._run(
            self._work, read_transactions, trytes, self.minimum_weight_magnitude
        )
        await self.ask(Store.add, transactions)

    async def attach(
        self, transactions: Bundle, trunk: str, branch: str, weight_magnitude: int
    ) -> Bundle:
        """Do the proof of work for transactions in the order of their index; an empty bundle when it is interrupted.

        One bundle at a time, as in IRI. It ends early when the caller is cancelled.
        """
        async with self._attaching:
            stop = self._interrupt = threading.Event()
            now = time.time_ns() // 1_000_000
            work = self._search(weight_magnitude, stop)
            try:
                return await self._run(
                    self._work, attach, transactions, trunk, branch, now, work
                )
            except SearchStoppedError:
                return ()
            finally:
                stop.set()

    def interrupt(self) -> None:
        """End the proof of work that attach() is doing."""
        self._interrupt.set()

    async def issue_milestone(self) -> Milestone:
        """Issue the next milestone: on the one before it, and on all other tips."""
        async with self._issuing:
            before = await self.ask(Store.latest_milestone)
            branch = await self._tied(before.transaction)
            transaction = await self._make(
                milestone,
                before.number + 1,
                self.coordinator_address,
                before.transaction,
                branch,
            )
            return await self.ask(Store.add_milestone, before.number + 1, transaction)

    async def _tied(self, latest: str) -> str:
        """Tie all tips except the latest milestone to one; the milestone itself when it is alone."""
        tips = await self.ask(Store.oldest_tips, MAX_GATHERED)
        first, *others = [tip for tip in tips if tip != latest] or [latest]
        for other in others:
            transaction = await self._make(knot, first, other)
            await self.ask(Store.add, [transaction])
            first = transaction.hash
        return first

    async def _issue_milestones(self) -> None:
        """Issue a milestone every so often."""
        while self.milestone_interval:
            await asyncio.sleep(self.milestone_interval)
            try:
                await self.issue_milestone()
            except SearchStoppedError:
                return
            except sqlite3.Error:
                _LOGGER.exception("The milestone could not be stored")

    async def _make[**P](
        self,
        kind: Callable[Concatenate[NonceSearch, P], Transaction],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Transaction:
        """Make one of the coordinator's transactions."""
        work = self._search(self.minimum_weight_magnitude, self._halt)
        return await self._run(self._work, kind, work, *args, **kwargs)

    def _search(self, weight_magnitude: int, stop: threading.Event) -> NonceSearch:
        """Return the proof of work of a weight magnitude, which ends with the event or with the node."""

        def is_over() -> bool:
            return stop.is_set() or self._halt.is_set()

        return lambda trytes: search(trytes, weight_magnitude, is_over)

    async def _run[**P, R](
        self,
        executor: ThreadPoolExecutor,
        call: Callable[P, R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> R:
        """Call something that blocks, on a thread of an executor."""
        return await asyncio.get_running_loop().run_in_executor(
            executor, lambda: call(*args, **kwargs)
        )
