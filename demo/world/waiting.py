"""Waiting for what others do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from .errors import WorldError

INTERVAL = 0.25
"""Seconds between two looks."""


@asynccontextmanager
async def within(seconds: float | None, what: str) -> AsyncIterator[None]:
    """Raise WorldError when the block takes longer; None: let it."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise WorldError(f"{what}: not within {seconds} seconds") from None


async def until[T](
    look: Callable[[], Awaitable[T | None]], what: str, seconds: float | None
) -> T:
    """Return what `look` returns once that is something; raise WorldError when it takes longer."""
    async with within(seconds, what):
        found = await look()
        while found is None:
            await asyncio.sleep(INTERVAL)
            found = await look()
    return found
