"""The cards, used in a real browser on the demo's Home Assistant as a person would.

With a folder in SENSORCHAIN_PICTURES it leaves pictures there.
"""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
import os
from pathlib import Path
import shutil
import signal
from typing import Any

from aiohttp import ClientSession
import pytest

from demo.world.home_assistant import HomeAssistant
from demo.world.ports import free_ports
from demo.world.world import LOGIN
from tests.log import verify

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "scripts"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DASHBOARD = "card-test"

pytestmark = [
    pytest.mark.skipif(
        not any(map(shutil.which, BROWSERS)), reason="Chromium is missing"
    ),
    pytest.mark.usefixtures("socket_enabled"),
    # The first run may have to install Home Assistant and the browser's driver.
    pytest.mark.timeout(900),
]


@asynccontextmanager
async def _world(folder: Path, port: int, tangle_port: int) -> AsyncIterator[str]:
    """Run the demo world; yield the URL of its Home Assistant."""
    process = await asyncio.create_subprocess_exec(
        SCRIPTS / "develop",
        *("--folder", folder, "--port", str(port), "--tangle-port", str(tangle_port)),
        stdout=PIPE,
        stderr=DEVNULL,
    )
    try:
        assert process.stdout
        async for line in process.stdout:
            if b"Ctrl-C stops all of it" in line:
                break
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        await process.communicate()


async def _make_dashboard(url: str) -> None:
    """Make a dashboard that has the card of the ledger alone."""
    cards = [{"type": "custom:sensorchain-ledger-card"}]
    view = {"type": "sections", "sections": [{"type": "grid", "cards": cards}]}
    async with (
        ClientSession() as session,
        HomeAssistant.sign_in(session, url, LOGIN) as home,
    ):
        await home.command(
            "lovelace/dashboards/create", url_path=DASHBOARD, title="Test"
        )
        await home.command(
            "lovelace/config/save", url_path=DASHBOARD, config={"views": [view]}
        )


async def _use_cards(url: str, folder: Path) -> dict[str, Any]:
    """Return what the browser found."""
    process = await asyncio.create_subprocess_exec(
        SCRIPTS / "browser",
        "card.mjs",
        url,
        DASHBOARD,
        folder,
        stdout=PIPE,
        stderr=PIPE,
    )
    output, told = await process.communicate()
    assert process.returncode == 0, told.decode()
    found: dict[str, Any] = json.loads(output)
    return found


async def test_cards(tmp_path: Path) -> None:
    """Added from the picker, it shows readings being confirmed, verifies and exports them."""
    port, tangle_port = free_ports(2)
    folder = Path(os.environ.get("SENSORCHAIN_PICTURES", tmp_path))
    async with _world(tmp_path / "world", port, tangle_port) as url:
        await _make_dashboard(url)
        found = await _use_cards(url, folder)
        verdict = await verify(
            found["bundle"], "--node", f"http://127.0.0.1:{tangle_port}"
        )
    assert found["statuses"][-1] == "confirmed"
    assert {"recorded", "submitted"} & set(found["statuses"])
    assert len(found["steps"]) >= 6
    # That a private Tangle holds it is no proof to others.
    assert set(found["steps"][:-1]) == {"good"}
    assert found["steps"][-1] == "unknown"
    assert found["result"].startswith("It is unchanged. But only a trial network")
    assert (verdict["outcome"], found["readings"]) == ("genuine", 1)
    assert found["name"].startswith("climate_log-")
    assert found["isFocusBack"], "the keyboard is where it was before the dialog"
    assert found["anchored"] == "Confirmed"
    assert found["plain"] == "on_trial", "without WebCrypto"
    assert found["forged"] == "forged"
    assert found["said"] == []
    assert found["elsewhere"] == []
