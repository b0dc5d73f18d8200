"""A power cut at any step of an anchor on an EVM chain pays for none of them twice."""

from collections.abc import AsyncIterator

from aiohttp import ClientSession
import pytest

from custom_components.sensorchain.ledgers.evm.ledger import EvmLedger
from custom_components.sensorchain.ledgers.evm.settings import EvmSettings
from custom_components.sensorchain.ledgers.http import AiohttpTransport
from demo.evm.anvil import CHAIN_ID
from demo.evm.private_chain import PrivateChain
from tests.evm.conftest import anvil, chain
from tests.evm.forms import SECRET, choice_page, network_page
from tests.ledgers.evm.conftest import ACCOUNT_KEY

from .fridge import live_through_cut
from .house import House, Wire

__all__ = ["anvil", "chain"]

# Two starts of Home Assistant, and blocks of a second.
pytestmark = pytest.mark.timeout(240)


@pytest.fixture
async def wire(chain: PrivateChain) -> AsyncIterator[Wire]:
    """Lay the wire to the chain."""
    await chain.fund(ACCOUNT_KEY.account)
    wire = Wire(
        lambda: chain.url,
        named="method",
        is_answer=lambda answer: answer.get("result") is not None,
    )
    async with wire.laid():
        yield wire


@pytest.mark.parametrize(
    "at",
    [
        ("eth_estimateGas", "before"),  # nothing is prepared yet
        ("eth_sendRawTransaction", "before"),  # prepared and stored, not sent
        ("eth_sendRawTransaction", "after"),  # sent, without an answer
        ("eth_getTransactionReceipt", "before"),  # submitted, not asked for
        ("eth_getTransactionReceipt", "after"),  # in the chain, which is not stored
    ],
    ids=" ".join,
)
async def test_power_cut_at(
    house: House, wire: Wire, chain: PrivateChain, at: tuple[str, str]
) -> None:
    """Home Assistant is killed at a step, started again, and confirms what was recorded."""
    pages = (choice_page(), network_page(wire.url), {})
    key = await live_through_cut(house, wire, at, "evm", *pages)

    settings = EvmSettings(nodes=(chain.url,), chain_id=CHAIN_ID, private_key=SECRET)
    async with ClientSession() as session:
        ledger = EvmLedger(AiohttpTransport(session), settings, key.verifier)
        anchors = await ledger.published(10)
    assert [each.checkpoint.checkpoint.size for each in anchors] == [2, 1]
    count = await chain.call("eth_getTransactionCount", ACCOUNT_KEY.account, "latest")
    assert int(count, 16) == len(anchors), "something was paid for twice"
