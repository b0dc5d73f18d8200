"""A private Tangle, and a log on it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from demo.tangle.private_tangle import PrivateTangle


@pytest.fixture
async def tangle(tmp_path: Path, socket_enabled: None) -> AsyncIterator[PrivateTangle]:
    """Return a private Tangle, with a milestone a moment."""
    async with PrivateTangle(
        database=tmp_path / "tangle.db",
        minimum_weight_magnitude=4,
        milestone_interval=0.2,
    ) as tangle:
        yield tangle
