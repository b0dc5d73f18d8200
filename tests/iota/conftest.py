"""A private network of IOTA, and a way of asking its nodes."""

from collections.abc import AsyncIterator

import pytest

from custom_components.sensorchain.ledgers.iota.settings import Wire
from demo.iota.private_iota import PrivateIota


@pytest.fixture
async def iota(socket_enabled: None) -> AsyncIterator[PrivateIota]:
    """Run a private network that makes checkpoints often."""
    async with PrivateIota(checkpoint_interval=0.2) as iota:
        yield iota


@pytest.fixture(params=list(Wire))
def wire(request: pytest.FixtureRequest) -> Wire:
    """Return each way of asking a node in turn."""
    return Wire(request.param)
