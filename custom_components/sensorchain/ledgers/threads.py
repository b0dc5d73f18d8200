"""Work in threads: what would hold up the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
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


async def in_own_thread(work: Callable[[], Result]) -> Result:
    """Return the result of work that may take long to end once it has been given up.

    It is done in a thread of its own: it takes no place from other work, and when this is
    cancelled the thread is left alone. A program can end while it still runs.
    """
    future: Future[Result] = Future()
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised where it is awaited
            future.set_exception(error)

    threading.Thread(target=run, name="sensorchain", daemon=True).start()
    return await asyncio.wrap_future(future)
