"""Helpers that all tests share."""

import asyncio
from collections.abc import Callable
from typing import Any


async def eventually[T](condition: Callable[[], T], within: float = 60) -> T:
    """Return what `condition` returns once that is true.

    Waits in real time, which `async_block_till_done` does not: radios, nodes and
    threads go on outside of Home Assistant's tasks.
    """
    async with asyncio.timeout(within):
        while not (result := condition()):
            await asyncio.sleep(0.01)
    return result


async def never(condition: Callable[[], Any], within: float) -> None:
    """Wait some seconds for what must not come true."""
    try:
        result = await eventually(condition, within)
    except TimeoutError:
        return
    raise AssertionError(f"came true: {result!r}")
