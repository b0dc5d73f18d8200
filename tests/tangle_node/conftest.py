"""A running private Tangle, and what speaks to it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
import json
import os
from pathlib import Path
import sys
from typing import Any

import aiohttp
import pytest

from demo.tangle.private_tangle import PrivateTangle

from .transactions import MAGNITUDE

_ROOT = Path(__file__).parents[2]
_CLIENTS = _ROOT / "tests" / "clients"

type Call = Callable[..., Coroutine[Any, Any, tuple[int, dict[str, Any]]]]
type Client = Callable[..., Awaitable[Any]]


@pytest.fixture
async def tangle(tmp_path: Path, socket_enabled: None) -> AsyncIterator[PrivateTangle]:
    """Run a Tangle whose milestones come on command, except the first."""
    async with PrivateTangle(
        tmp_path / "tangle.db", minimum_weight_magnitude=MAGNITUDE
    ) as tangle:
        yield tangle


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """Open an HTTP session."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def call(tangle: PrivateTangle, session: aiohttp.ClientSession) -> Call:
    """Return a function that sends a command and returns status and answer."""

    async def call(command: str, **parameters: Any) -> tuple[int, dict[str, Any]]:
        headers = {"X-IOTA-API-Version": "1"}
        body = {"command": command, **parameters}
        async with session.post(tangle.url, json=body, headers=headers) as response:
            answer = await response.json()
            assert isinstance(answer.pop("duration"), int)
            return response.status, answer

    return call


async def run(*command: str | Path, **environment: str) -> str:
    """Run a program to its end and return what it printed."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"no_proxy": "*"} | environment,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode().strip()


async def _pyota(*arguments: str) -> Any:
    """Call PyOTA."""
    return json.loads(await run(sys.executable, _CLIENTS / "pyota.py", *arguments))


async def _iota_core(*arguments: str) -> Any:
    """Call @iota/core."""
    folder = await run(_ROOT / "scripts" / "setup", "node")
    script = _CLIENTS / "iota_core.mjs"
    modules = f"{folder}/node_modules"
    return json.loads(await run("node", script, *arguments, NODE_MODULES=modules))


@pytest.fixture(params=[_pyota, _iota_core], ids=["PyOTA", "@iota/core"])
def client(request: pytest.FixtureRequest) -> Client:
    """Return a client of the Tangle that others wrote."""
    return request.param  # type: ignore[no-any-return]
