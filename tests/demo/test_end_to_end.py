"""From a Bluetooth sensor to a confirmed reading on a Tangle, with the commands that a person types."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
from pathlib import Path
import re
import signal

from aiohttp import ClientSession
import pytest

from demo.world.furnish import DASHBOARD_URL
from demo.world.home_assistant import HomeAssistant
from demo.world.ports import free_ports, is_free
from demo.world.world import LOGIN

from .processes import command_lines_with

DEVELOP = Path(__file__).parents[2] / "scripts" / "develop"

# The first run may have to install Home Assistant.
pytestmark = [pytest.mark.timeout(900), pytest.mark.usefixtures("socket_enabled")]


async def test_smoke() -> None:
    """A temperature of both sensors is confirmed, and PyOTA reads it from the Tangle."""
    process = await asyncio.create_subprocess_exec(
        DEVELOP, "--smoke", stdout=PIPE, stderr=PIPE
    )
    output, told = await process.communicate()
    assert process.returncode == 0, told.decode()
    lines = [json.loads(line) for line in output.splitlines()]
    assert [line["entity_id"] for line in lines] == [
        "sensor.cold_room_temperature",
        "sensor.greenhouse_temperature",
    ]
    for line in lines:
        assert float(line["state"])
        assert len(line["transaction"]) == 81
        assert 0 < line["seconds_to_confirmed"] < 180
        assert line["message"]["checkpoint"].startswith("sensorchain/")
        assert line["state"] in [
            reading["state"]
            for reading in line["message"]["readings"]
            if reading["entity_id"] == line["entity_id"]
        ]


async def test_develop_goes_on(tmp_path: Path) -> None:
    """The world is all there, leaves nothing running, and goes on at the next start."""
    ports = free_ports(2)
    async with _world(tmp_path, ports) as home:
        dashboard = json.dumps(
            await home.command("lovelace/config", url_path=DASHBOARD_URL)
        )
        states = {
            state["entity_id"]: state["state"]
            for state in await home.get("/api/states")
        }
        shown = set(re.findall(r'"entity": "([^"]+)"', dashboard))
        assert len(shown) > 12
        assert shown <= states.keys()
        recorded = int(states["sensor.climate_log_readings_recorded"])
        for ledger in ("tangle", "opentimestamps"):
            assert f"button.climate_log_{ledger}_anchor_now" in states
    assert recorded > 0
    assert command_lines_with(str(tmp_path)) == []
    assert all(map(is_free, ports))
    async with _world(tmp_path, ports) as home:
        state = await home.get("/api/states/sensor.climate_log_readings_recorded")
        assert int(state["state"]) >= recorded


@asynccontextmanager
async def _world(folder: Path, ports: list[int]) -> AsyncIterator[HomeAssistant]:
    """Run the world as a person does, and stop it as a terminal does that is closed."""
    port, tangle_port = map(str, ports)
    process = await asyncio.create_subprocess_exec(
        DEVELOP,
        *("--folder", folder, "--port", port, "--tangle-port", tangle_port),
        stdout=PIPE,
    )
    try:
        await _up(process)
        async with (
            ClientSession() as session,
            HomeAssistant.sign_in(session, f"http://127.0.0.1:{port}", LOGIN) as home,
        ):
            yield home
    finally:
        process.send_signal(signal.SIGHUP)
        await process.communicate()
    assert process.returncode == 0


async def _up(process: Process) -> None:
    """Wait until the addresses are printed."""
    assert process.stdout
    async for line in process.stdout:
        if b"Ctrl-C stops all of it" in line:
            return
    raise AssertionError(f"ended with status {await process.wait()}")
