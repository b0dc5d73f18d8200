"""A private chain, and the forms with which a person adds it."""

from collections.abc import AsyncIterator

import pytest

from demo.evm.private_chain import PrivateChain
from demo.world.ports import free_ports
from tests.ledgers.evm.conftest import anvil

__all__ = ["anvil"]


@pytest.fixture
async def chain(anvil: None, socket_enabled: None) -> AsyncIterator[PrivateChain]:
    """Run a private chain that makes a block a second."""
    async with PrivateChain(*free_ports(1), block_time=1) as chain:
        yield chain
