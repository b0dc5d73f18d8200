"""A power cut at any step of an anchor loses no reading and publishes nothing twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import count, groupby
from random import uniform
import signal

from aiohttp import ClientError
import pytest

from demo.tangle.private_tangle import PrivateTangle
from tests.log import published, tangle_form

from .fridge import (
    add_log,
    confirmation,
    live_through_cut,
    read_log,
    set_fridge,
    until_stored,
    wait_for,
)
from .house import House, Wire

# Several starts of Home Assistant, and an anchor that is given half a minute to be found.
pytestmark = pytest.mark.timeout(240)


@pytest.fixture
async def wire(tangle: PrivateTangle) -> AsyncIterator[Wire]:
    """Lay the wire to the Tangle."""
    wire = Wire(
        lambda: tangle.url,
        headers={"X-IOTA-API-Version": "1"},
        is_answer=lambda answer: answer.get("states") != [False],
    )
    async with wire.laid():
        yield wire


@pytest.mark.parametrize(
    "at",
    [
        ("getTransactionsToApprove", "before"),  # nothing is prepared yet
        ("storeTransactions", "before"),  # prepared and stored, not sent
        ("storeTransactions", "after"),  # sent, without an answer
        ("broadcastTransactions", "after"),  # sent, the receipt not stored
        ("findTransactions", "before"),  # submitted, not asked for
        ("getInclusionStates", "after"),  # confirmed, which is not stored
    ],
    ids=" ".join,
)
async def test_power_cut_at(
    house: House, wire: Wire, tangle: PrivateTangle, at: tuple[str, str]
) -> None:
    """Home Assistant is killed at a step, started again, and confirms what was recorded."""
    key = await live_through_cut(house, wire, at, "tangle", tangle_form(wire.url))
    anchors = await published(tangle.url, key.verifier)
    for size, versions in groupby(anchors, key=lambda anchor: anchor.size):
        assert len(list(versions)) == 1, f"two versions of the checkpoint of {size}"
    assert anchors[-1].size == 2


async def test_power_cut_at_any_time(
    house: House, wire: Wire, tangle: PrivateTangle
) -> None:
    """Whatever was told to be recorded is in the log after each of several power cuts."""
    told = -1
    for cut in range(3):
        async with house.inhabited() as home:
            if not cut:
                await add_log(home, "tangle", tangle_form(wire.url))
                await until_stored(house)
            asyncio.get_running_loop().call_later(uniform(1, 3), house.cut_power)
            with suppress(ClientError):
                for number in count():
                    await set_fridge(home, f"{cut}.{number}")
                    told = max(told, (await confirmation(home)).get("index", -1))
        assert house.process
        assert house.process.returncode == -signal.SIGKILL
        key, readings = read_log(house)
        assert len(readings) > told
        assert [each.leaf.sequence for each in readings] == list(range(len(readings)))
    async with house.inhabited() as home:
        await wait_for(home, index=len(readings) - 1, status="confirmed")
    sizes = [anchor.size for anchor in await published(tangle.url, key.verifier)]
    assert len(sizes) == len(set(sizes))
    assert sizes[-1] == len(readings)
