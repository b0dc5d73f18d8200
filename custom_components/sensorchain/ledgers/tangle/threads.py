"""Work in threads: what would hold up the event loop."""

import asyncio
from collections.abc import Callable
import threading
from typing import TypeVar

Result = TypeVar("Result")


async def in_thread(work: Callable[[], Result]) -> Result:
    """Return the result of work that would hold up the event loop."""
    return await asyncio.get_running_loop().run_in_executor(None, work)


async def cancellable_in_thread(work: Callable[[Callable[[], bool]], Result]) -> Result:
    """Return the result of long work in a thread, which stops when this is cancelled.

    The work is given a function that says whether to stop; the thread is at its end when
    this returns.
    """
    stop = threading.Event()
    future = asyncio.get_running_loop().run_in_executor(None, work, stop.is_set)
    try:
        await asyncio.wait([future])
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([future])
        future.exception()
        raise
    return future.result()
