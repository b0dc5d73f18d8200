"""A real MQTT broker, and Home Assistant connected to it."""

import asyncio
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from pathlib import Path
import shutil
import subprocess

import pytest

from demo.world.ports import free_ports
from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from tests.log import ROOT

from .board import Board, connected


@pytest.fixture(scope="module")
def mosquitto() -> Path:
    """Return the broker's program: this machine's own, or else one that is set up."""
    if own := shutil.which("mosquitto"):
        return Path(own)
    setup = [ROOT / "scripts" / "setup", "mosquitto"]
    done = subprocess.run(setup, capture_output=True, text=True, check=False)
    if done.returncode:
        # What apt had to say stands before the last line.
        pytest.skip(done.stderr.splitlines()[-1])
    return Path(done.stdout.strip(), "bin", "mosquitto")


@pytest.fixture
async def broker(
    mosquitto: Path, tmp_path: Path, socket_enabled: None
) -> AsyncIterator[int]:
    """Run a broker; return its port."""
    (port,) = free_ports(1)
    configuration = tmp_path / "mosquitto.conf"
    configuration.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    process = await asyncio.create_subprocess_exec(
        mosquitto, "-c", configuration, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        yield port
    finally:
        process.terminate()
        await process.wait()


@pytest.fixture
async def board(broker: int) -> AsyncIterator[Board]:
    """Return a board that is connected to the broker."""
    async with connected(broker) as board:
        yield board


@pytest.fixture
async def mqtt(hass: HomeAssistant, broker: int, board: Board) -> ConfigEntry:
    """Set Home Assistant's MQTT integration up with the broker, as a person does."""
    configuration = Path(hass.config.path("configuration.yaml"))
    configuration.parent.mkdir(parents=True, exist_ok=True)
    configuration.touch()
    flow = hass.config_entries.flow
    result = await flow.async_init("mqtt", context={"source": SOURCE_USER})
    given = {
        "broker": "127.0.0.1",
        "port": broker,
        "other_settings": {"set_client_cert": False, "set_ca_cert": "off"},
    }
    result = await flow.async_configure(result["flow_id"], given)
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()
    return result["result"]
