"""Against a real node of Bitcoin in regtest mode: transactions, blocks and headers as they are."""

from collections.abc import AsyncIterator
from pathlib import Path

from opentimestamps.core.serialize import BytesSerializationContext
import pytest

from custom_components.sensorchain.ledgers.http import Transport
from custom_components.sensorchain.ledgers.ledger import AnchorStatus
from custom_components.sensorchain.ledgers.opentimestamps.ledger import ots_file
from custom_components.sensorchain.ledgers.opentimestamps.timestamp import (
    parse_timestamp,
)
from demo.calendar.server import DemoCalendars
from tests.ledgers.common import checkpoint

from .bitcoind import Node, regtest
from .common import CONFIRMATIONS, chosen, ledger_of, submitted
from .test_reference_client import ots, saved, transport

__all__ = ["transport"]

REGTEST = "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"


@pytest.fixture
async def node(tmp_path: Path, loopback: None) -> AsyncIterator[Node]:
    """Run bitcoind."""
    async with regtest(tmp_path) as node:
        yield node


async def timestamped(calendars: DemoCalendars, node: Node) -> None:
    """Have the calendars put what they were given into the node's chain."""
    for calendar in calendars.calendars.values():
        if found := calendar.commitment():
            commitment, timestamps = found
            context = BytesSerializationContext()
            (await node.commit(commitment)).serialize(context)
            end = parse_timestamp(context.getbytes(), commitment)
            height = await node.call("getblockcount")
            calendar.fulfil(height, timestamps, end)


async def test_real_blocks(
    transport: Transport, calendars: DemoCalendars, node: Node, tmp_path: Path
) -> None:
    """Submitted, mined, confirmed by REST, verified by `ots`, reorganised, confirmed again."""
    settings = chosen(
        calendars,
        calendars=(calendars.urls[0],),
        quorum=1,
        nodes=(node.rest,),
        network=None,
    )
    ledger = ledger_of(transport, settings)
    assert await ledger.check() == REGTEST
    receipt = await submitted(ledger)
    assert await ledger.confirm(receipt) == receipt
    await timestamped(calendars, node)
    included = await ledger.confirm(receipt)
    assert included.status is AnchorStatus.SUBMITTED
    await node.mine(CONFIRMATIONS - 1)
    confirmed = await ledger.confirm(included)
    assert confirmed.status is AnchorStatus.CONFIRMED
    assert confirmed.place == "block 102 of a regtest chain, which proves nothing"
    block = await node.call("getblockhash", 102)
    header = await node.call("getblockheader", block)
    assert confirmed.details["block"] == block
    assert confirmed.confirmed_at
    assert confirmed.confirmed_at.timestamp() == header["time"]
    verification = await ledger.verify(confirmed, checkpoint())
    assert verification.existed_before == confirmed.confirmed_at

    folder = saved(confirmed, tmp_path)
    arguments = ("--btc-regtest", f"--bitcoin-node={node.rpc}", "verify")
    status, said = await ots(folder, *arguments, "checkpoint.ots")
    assert status == 0, said
    assert "Success! Bitcoin block 102 attests existence" in said
    assert len(ots_file(confirmed, checkpoint())[1]) < 1000

    await node.call("invalidateblock", block)
    await node.mine(CONFIRMATIONS + 1)
    calendars.store.cut(102)
    back = await ledger.confirm(confirmed)
    assert back.status is AnchorStatus.SUBMITTED
    await timestamped(calendars, node)
    await node.mine(CONFIRMATIONS)
    again = await ledger.confirm(back)
    assert again.status is AnchorStatus.CONFIRMED
    assert again.place != confirmed.place
