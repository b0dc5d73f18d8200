"""What was acknowledged is there after a restart, however the node ended."""

import asyncio
from pathlib import Path
import socket
import sys
from typing import Any

import aiohttp
import pytest

from demo.tangle.private_tangle import PrivateTangle

from .conftest import Call
from .transactions import attached, trytes_of

_ROOT = Path(__file__).parents[2]


async def test_stop_and_start_keep_everything(
    tangle: PrivateTangle, call: Call
) -> None:
    """After a restart: the same URL, transactions, confirmations, milestones and tips."""
    _, tips = await call("getTransactionsToApprove", depth=3)
    trunk = tips["trunkTransaction"]
    confirmed, pending = attached(trunk, trunk, 2), attached(trunk, trunk, 2)
    await call("storeTransactions", trytes=trytes_of(confirmed))
    await tangle.issue_milestone()
    await call("storeTransactions", trytes=trytes_of(pending))
    hashes = [each.hash for each in (*confirmed, *pending)]

    async def everything() -> list[Any]:
        _, info = await call("getNodeInfo")
        return [
            await call("getTrytes", hashes=hashes),
            await call("getInclusionStates", transactions=hashes),
            await call("findTransactions", addresses=[confirmed[0].address]),
            await call("getTips"),
            info["latestMilestone"],
            info["latestMilestoneIndex"],
        ]

    before = await everything()
    assert before[1] == (200, {"states": [True, True, False, False]})
    await tangle.stop()
    await tangle.stop()
    await tangle.start()
    assert await everything() == before
    await tangle.issue_milestone()
    assert (await everything())[1] == (200, {"states": [True] * 4})


async def test_node_may_stop_at_any_time(tmp_path: Path, socket_enabled: None) -> None:
    """Stopping in the middle of a milestone's work, at once, or after a port was taken leaves nothing behind."""
    busy = PrivateTangle(tmp_path / "busy.db", milestone_interval=0.001)
    for pause in (0, 0.01, 0.03, 0.05):
        async with busy:
            await asyncio.sleep(pause)
    async with busy:
        other = PrivateTangle(tmp_path / "other.db", port=busy.port)
        with pytest.raises(OSError, match="in use"):
            await other.start()
    async with other:
        assert other.url == busy.url


async def test_its_port_is_kept_while_it_is_stopped(
    tangle: PrivateTangle, session: aiohttp.ClientSession
) -> None:
    """Nobody answers there, and nobody else can begin to."""
    await tangle.stop()
    with pytest.raises(aiohttp.ClientConnectorError):
        await session.get(tangle.url)
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind((tangle.host, tangle.port))
    await tangle.start()
    async with session.get(tangle.url) as response:
        assert response.status == 200


async def _started(database: Path) -> tuple[asyncio.subprocess.Process, str]:
    """Start the program and wait until it listens."""
    # What was attached fifteen milestones ago is left behind: there is time enough.
    options = ("--milestone-interval", "0.1", "--minimum-weight-magnitude", "2")
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "demo.tangle",
            "--port",
            "0",
            "--database",
            database,
            *options,
        ),
        cwd=_ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    assert line.startswith("listening on http://127.0.0.1:")
    return process, line.split()[-1]


async def test_kill_loses_nothing_acknowledged(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """Killed while it stores and issues milestones, the node comes back with all that it said it had."""
    acknowledged: list[str] = []
    milestone = 0
    headers = {"X-IOTA-API-Version": "1"}

    async def call(url: str, **body: Any) -> Any:
        async with session.post(url, json=body, headers=headers) as response:
            assert response.status == 200
            return await response.json()

    for _ in range(3):
        process, url = await _started(tmp_path / "tangle.db")
        info = await call(url, command="getNodeInfo")
        assert info["latestMilestoneIndex"] >= max(1, milestone)
        answer = await call(url, command="getTrytes", hashes=acknowledged)
        assert "9" * 2673 not in answer["trytes"]
        for _ in range(10):
            tips = await call(url, command="getTransactionsToApprove", depth=3)
            bundle = attached(tips["trunkTransaction"], tips["branchTransaction"], 2)
            await call(url, command="storeTransactions", trytes=trytes_of(bundle))
            acknowledged += [each.hash for each in bundle]
        milestone = (await call(url, command="getNodeInfo"))["latestMilestoneIndex"]
        process.kill()
        await process.wait()

    process, url = await _started(tmp_path / "tangle.db")
    while not all(
        (await call(url, command="getInclusionStates", transactions=acknowledged))[
            "states"
        ]
    ):
        await asyncio.sleep(0.05)
    process.terminate()
    assert await process.wait() == 0
