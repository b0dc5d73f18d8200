"""The page that checks bundles, in a real browser.

With a folder in SENSORCHAIN_PICTURES it leaves pictures there: those in docs/images are made so.
"""

import asyncio
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
import os
from pathlib import Path
import shutil
import socket

import pytest

from demo.tangle.private_tangle import PrivateTangle
from tests.verifier.test_program import anchored

from .bundles import anchor, bundle, cold_room, files

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "custom_components" / "sensorchain" / "frontend" / "verify.html"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
HUGE = 20_000
"""Readings of the largest bundle: enough to see whether the page hangs."""


@pytest.fixture
async def tangle(tmp_path: Path, socket_enabled: None) -> AsyncIterator[PrivateTangle]:
    """Run a Tangle whose milestones come on command, except the first."""
    async with PrivateTangle(
        tmp_path / "tangle.db", minimum_weight_magnitude=3
    ) as tangle:
        yield tangle


async def bundles(folder: Path, tangle: PrivateTangle) -> None:
    """Write the bundles that the page is shown."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        silent = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    for name, data in await asyncio.to_thread(lambda: list(files(silent, HUGE))):
        (folder / name).write_bytes(data)
    with cold_room() as log:
        anchors = [await anchored(log, tangle, size) for size in (300, 500, 700)]
        (folder / "anchored.json").write_bytes(bundle(log, anchors))
        claimed = [anchor(log, 700, tangle.url)]
        (folder / "refuted.json").write_bytes(bundle(log, claimed))


@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="Chromium is missing")
@pytest.mark.timeout(400)
async def test_the_page(tangle: PrivateTangle, tmp_path: Path) -> None:
    """It tells the truth of good and bad bundles, and everybody can use it."""
    await bundles(tmp_path, tangle)
    process = await asyncio.create_subprocess_exec(
        str(ROOT / "scripts" / "browser"),
        "verify_page.mjs",
        str(PAGE),
        str(tmp_path),
        *filter(None, [os.environ.get("SENSORCHAIN_PICTURES")]),
        stdout=PIPE,
        stderr=STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
