"""The life of an anchor on private chains."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
import json
from pathlib import Path
from typing import Any

from aiohttp import web
import pytest

from custom_components.sensorchain.ledgers.catalog import CATALOG
from custom_components.sensorchain.ledgers.evm.key import Key
from custom_components.sensorchain.ledgers.evm.ledger import EvmLedger
from custom_components.sensorchain.ledgers.evm.settings import FeeStyle, Finality
from custom_components.sensorchain.ledgers.evm.transaction import (
    SignedTransaction,
    Transaction,
)
from custom_components.sensorchain.ledgers.http import AiohttpTransport
from custom_components.sensorchain.ledgers.ledger import (
    AnchorStatus,
    LedgerError,
    LedgerRejectedError,
    LedgerUnavailableError,
    PreparedAnchor,
    Reason,
    Receipt,
)
from custom_components.sensorchain.transparency.note import SigningKey
from demo.evm.anvil import CHAIN_ID
from demo.evm.private_chain import PrivateChain
from tests.ledgers.common import KEY, checkpoint, reading

from .conftest import ACCOUNT_KEY, ONE, Lies, World
from .test_client import SIGNED, TOLD

MINUTES = timedelta(minutes=1)


@contextmanager
def failing(kind: type[LedgerError], reason: Reason) -> Iterator[None]:
    """Expect an error of a kind for a reason."""
    with pytest.raises(kind) as raised:
        yield
    assert raised.value.reason is reason, raised.value


async def sent(ledger: EvmLedger, size: int = 7) -> tuple[PreparedAnchor, Receipt]:
    """Return an anchor that was sent."""
    prepared = await ledger.prepare(checkpoint(size), [])
    return prepared, await ledger.publish(prepared)


async def anchored(chain: PrivateChain, ledger: EvmLedger, size: int = 7) -> Receipt:
    """Return the receipt of an anchor that is confirmed."""
    _, receipt = await sent(ledger, size)
    await chain.mine(3)
    receipt = await ledger.confirm(receipt)
    assert receipt.status is AnchorStatus.CONFIRMED
    return receipt


def transactions(prepared: PreparedAnchor) -> list[SignedTransaction]:
    """Return the transactions that were prepared."""
    raw = prepared.content["transactions"]
    assert isinstance(raw, list)
    return [SignedTransaction.decode(bytes.fromhex(str(each)[2:])) for each in raw]


async def anchors_in(chain: PrivateChain) -> int:
    """Return how many transactions the account has in a chain."""
    count = await chain.call("eth_getTransactionCount", ACCOUNT_KEY.account, "latest")
    return int(count, 16)


async def status(ledger: EvmLedger, receipt: Receipt) -> AnchorStatus:
    """Return what has become of an anchor."""
    return (await ledger.confirm(receipt)).status


@pytest.mark.parametrize("fees", FeeStyle)
async def test_life_of_an_anchor(world: World, fees: FeeStyle) -> None:
    """Prepared, sent, in a block, final, verified, found; what it cost is told."""
    chain = await world.chain()
    ledger = world.ledger(chain, fees=fees)
    assert await ledger.check() == str(CHAIN_ID)
    assert await ledger.latest() is None
    prepared = await ledger.prepare(checkpoint(), [reading(3), reading(4)])
    receipt = await ledger.publish(prepared)
    assert receipt.status is AnchorStatus.SUBMITTED
    assert await ledger.confirm(receipt) == receipt
    assert ledger.fee(receipt) is None

    await chain.mine()
    assert await status(ledger, receipt) is AnchorStatus.SUBMITTED
    await chain.mine(2)
    receipt = await ledger.confirm(receipt)
    assert receipt.status is AnchorStatus.CONFIRMED
    assert receipt.place == "block 1"
    assert await ledger.confirm(receipt) == receipt
    assert Receipt.from_json(json.loads(json.dumps(receipt.to_json()))) == receipt

    verification = await ledger.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.CONFIRMED
    assert verification.existed_before == receipt.confirmed_at
    assert verification.place == "block 1"
    assert verification.is_trial
    (found,) = await ledger.published(10)
    assert found.checkpoint == checkpoint()
    assert found.is_confirmed
    assert [index for index, _ in found.readings] == [3, 4]
    assert await ledger.latest() == checkpoint()

    account = await ledger.account()
    fee = ledger.fee(receipt)
    assert account
    assert fee
    assert account.address == ACCOUNT_KEY.account
    assert account.balance == 1 - fee
    assert account.anchors_left == account.balance // fee
    assert ledger.unit == "ETH"
    assert ledger.explorer_url(receipt) == (
        f"http://explorer.example/tx/{receipt.transaction}"
    )
    assert world.ledger(chain, explorer=None).explorer_url(receipt) is None


async def test_anybody_can_verify(world: World) -> None:
    """What goes into a bundle is enough: there is no key in it."""
    chain = await world.chain()
    receipt = await anchored(chain, world.ledger(chain))
    settings = CATALOG["evm"].public(world.settings(chain).to_json())
    assert settings["private_key"] is None
    ledger = CATALOG["evm"].create(
        AiohttpTransport(world.session), settings, KEY.verifier
    )
    verification = await ledger.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.CONFIRMED
    assert await ledger.account() is None
    with failing(LedgerRejectedError, Reason.REJECTED):
        await ledger.prepare(checkpoint(), [])


async def test_other_checkpoint_is_refuted(world: World) -> None:
    """A receipt proves its own checkpoint alone, and only where there is such a transaction."""
    chain = await world.chain()
    ledger = world.ledger(chain)
    receipt = await anchored(chain, ledger)
    verification = await ledger.verify(receipt, checkpoint(8))
    assert verification.status is AnchorStatus.LOST
    assert verification.problem == "The transaction holds another checkpoint"
    unknown = f"0x{'ab' * 32}"
    invented = replace(
        receipt,
        transaction=unknown,
        details={**receipt.details, "transactions": [unknown]},
    )
    verification = await ledger.verify(invented, checkpoint())
    assert verification.status is AnchorStatus.LOST
    assert verification.problem == f"No transaction {unknown} is known"


async def test_what_is_not_final_is_not_verified(world: World) -> None:
    """Neither waiting nor in a young block."""
    chain = await world.chain()
    ledger = world.ledger(chain)
    _, receipt = await sent(ledger)
    for _ in range(2):
        verification = await ledger.verify(receipt, checkpoint())
        assert verification.status is AnchorStatus.SUBMITTED
        await chain.mine()


@pytest.mark.parametrize(
    ("changes", "blocks"),
    [
        ({"finality": Finality.FINALIZED}, 3),
        ({"finality": Finality.SAFE}, 2),
        ({"finality": Finality.BLOCKS, "blocks": 1}, 1),
        ({"finality": Finality.BLOCKS, "blocks": 5}, 5),
    ],
)
async def test_the_rule_decides(
    world: World, changes: dict[str, Any], blocks: int
) -> None:
    """Confirmed by the rule that was chosen, not a block earlier."""
    chain = await world.chain()
    ledger = world.ledger(chain, **changes)
    _, receipt = await sent(ledger)
    for _ in range(blocks):
        assert await status(ledger, receipt) is AnchorStatus.SUBMITTED
        await chain.mine()
    assert await status(ledger, receipt) is AnchorStatus.CONFIRMED


async def test_several_under_way(world: World) -> None:
    """Anchors that wait have numbers of their own, whatever the nodes know of them."""
    chain = await world.chain()
    ledger = world.ledger(chain)
    receipts = [(await sent(ledger, size))[1] for size in (1, 2, 3)]
    await chain.call("anvil_dropAllTransactions")
    _, last = await sent(ledger, 4)
    assert [each.details["nonce"] for each in (*receipts, last)] == [0, 1, 2, 3]

    # Another program, which has only what was stored, learns it from that.
    other = world.ledger(chain)
    for receipt in (*receipts, last):
        await other.confirm(receipt)
    assert (await sent(other, 5))[1].details["nonce"] == 4


async def test_sent_again_after_a_crash(world: World) -> None:
    """The same bytes: nothing is sent twice, at no step."""
    chain = await world.chain()
    prepared, receipt = await sent(world.ledger(chain))
    waiting = await world.ledger(chain).publish(prepared)
    assert waiting.transaction == receipt.transaction
    await chain.mine()
    included = await world.ledger(chain).publish(prepared)
    assert included.status is AnchorStatus.SUBMITTED
    await chain.mine(2)
    assert await status(world.ledger(chain), included) is AnchorStatus.CONFIRMED
    assert await anchors_in(chain) == 1


async def test_reorganisation(world: World) -> None:
    """A confirmation is taken back, and the same bytes are sent again."""
    chain = await world.chain()
    ledger = world.ledger(chain)
    prepared, receipt = await sent(ledger)
    await chain.mine(3)
    receipt = await ledger.confirm(receipt)
    await chain.call("anvil_rollback", 3)
    with failing(LedgerUnavailableError, Reason.OUT_OF_SYNC):
        await ledger.confirm(receipt)
    await chain.mine(3)
    lost = await ledger.confirm(receipt)
    assert lost.status is AnchorStatus.LOST
    assert lost.confirmed_at is None
    assert ledger.fee(lost) is None

    assert await ledger.renew(prepared) == prepared
    again = await ledger.publish(prepared)
    assert again.transaction == receipt.transaction
    await chain.mine(3)
    confirmed = await ledger.confirm(again)
    assert confirmed.status is AnchorStatus.CONFIRMED
    assert confirmed.place == "block 4"
    assert await anchors_in(chain) == 1


async def test_dropped(world: World) -> None:
    """What no node knows any more is sent again, the same bytes, but not at once."""
    chain = await world.chain()
    ledger = world.ledger(chain)
    prepared, receipt = await sent(ledger)
    await chain.call("anvil_dropAllTransactions")
    assert await status(ledger, receipt) is AnchorStatus.SUBMITTED
    world.clock.late += MINUTES
    assert await status(ledger, receipt) is AnchorStatus.LOST
    assert await ledger.renew(prepared) == prepared
    receipt = await ledger.publish(prepared)
    await chain.mine(3)
    assert await status(ledger, receipt) is AnchorStatus.CONFIRMED


async def spike(chain: PrivateChain, gwei: int) -> None:
    """Have the next block's base fee be so high."""
    await chain.call("anvil_setNextBlockBaseFeePerGas", hex(gwei * 10**9))
    await chain.mine()


async def stuck_node(world: World, chain: PrivateChain, receipt: Receipt) -> Lies:
    """Return a node that keeps what offers too little, as most do; anvil drops it."""
    lies = await world.lies(chain)
    kept = await chain.call("eth_getTransactionByHash", receipt.transaction)

    def told(truth: object) -> object:
        return truth or kept

    lies.told["eth_getTransactionByHash"] = told
    return lies


async def test_fee_spike(world: World) -> None:
    """A stuck transaction is replaced: the same nonce, a higher price, either one counts."""
    chain = await world.chain()
    prepared, receipt = await sent(world.ledger(chain))
    ledger = world.ledger(await stuck_node(world, chain, receipt))
    world.clock.late += 3 * MINUTES
    assert await status(ledger, receipt) is AnchorStatus.SUBMITTED
    await spike(chain, 10)
    world.clock.late -= 3 * MINUTES
    assert await status(ledger, receipt) is AnchorStatus.SUBMITTED
    world.clock.late += 3 * MINUTES
    assert await status(ledger, receipt) is AnchorStatus.LOST

    renewed = await ledger.renew(prepared)
    first, second = transactions(renewed)
    assert [first] == transactions(prepared)
    assert first.transaction.nonce == second.transaction.nonce
    assert second.transaction.price > first.transaction.price
    assert second.transaction.data == first.transaction.data
    receipt = await ledger.publish(renewed)
    assert receipt.details["transactions"] == [first.hash, second.hash]
    await chain.mine(3)
    confirmed = await ledger.confirm(receipt)
    assert confirmed.transaction == second.hash
    assert confirmed.status is AnchorStatus.CONFIRMED
    assert await anchors_in(chain) == 1
    verification = await world.ledger(chain).verify(confirmed, checkpoint())
    assert verification.status is AnchorStatus.CONFIRMED


async def test_the_first_is_included_after_all(world: World) -> None:
    """A replacement that comes too late does no harm: the first one is the anchor."""
    chain = await world.chain()
    ledger = world.ledger(chain)
    prepared, _ = await sent(ledger)
    await spike(chain, 10)
    renewed = await ledger.renew(prepared)
    first, second = transactions(renewed)
    await spike(chain, 1)
    await world.ledger(chain).publish(prepared)
    await chain.mine()
    assert await anchors_in(chain) == 1
    assert await ledger.renew(renewed) == renewed
    receipt = await ledger.publish(renewed)
    assert receipt.transaction == second.hash
    await chain.mine(2)
    confirmed = await ledger.confirm(receipt)
    assert confirmed.status is AnchorStatus.CONFIRMED
    assert confirmed.transaction == first.hash
    assert await anchors_in(chain) == 1


async def test_ceiling(world: World) -> None:
    """Nothing is raised above what a person allows; once prices fall it goes on."""
    chain = await world.chain()
    prepared, receipt = await sent(world.ledger(chain, most_fee="0.0001"))
    node = await stuck_node(world, chain, receipt)
    ledger = world.ledger(node, most_fee="0.0001")
    await spike(chain, 1000)
    world.clock.late += 3 * MINUTES
    assert await status(ledger, receipt) is AnchorStatus.SUBMITTED
    assert await ledger.renew(prepared) == prepared
    assert (await ledger.publish(prepared)).status is AnchorStatus.LOST
    with failing(LedgerUnavailableError, Reason.FEES_TOO_HIGH):
        await ledger.prepare(checkpoint(8), [])
    await spike(chain, 1)
    assert await ledger.renew(prepared) == prepared
    receipt = await ledger.publish(prepared)
    await chain.mine(3)
    assert await status(ledger, receipt) is AnchorStatus.CONFIRMED


@pytest.mark.parametrize("fees", FeeStyle)
async def test_what_is_paid_stays_below_the_ceiling(
    world: World, fees: FeeStyle
) -> None:
    """Whatever the style, also after many replacements."""
    chain = await world.chain()
    ledger = world.ledger(chain, most_fee="0.001", fees=fees)
    prepared, _ = await sent(ledger)
    for gwei in (4, 10, 24, 40):
        await spike(chain, gwei)
        prepared = await ledger.renew(prepared)
        assert await ledger.renew(prepared) == prepared
    assert len(transactions(prepared)) > 2
    for each in transactions(prepared):
        assert each.transaction.most_fee <= ONE // 1000
    await spike(chain, 1)
    receipt = await ledger.publish(prepared)
    await chain.mine(3)
    confirmed = await ledger.confirm(receipt)
    fee = ledger.fee(confirmed)
    assert fee
    assert fee <= Decimal("0.001")


async def test_no_funds(world: World) -> None:
    """What the account cannot pay is refused, before anything is signed; then it goes on."""
    chain = await world.chain(balance=0)
    ledger = world.ledger(chain)
    with failing(LedgerRejectedError, Reason.INSUFFICIENT_FUNDS):
        await ledger.prepare(checkpoint(), [])
    account = await ledger.account()
    assert account
    assert account.anchors_left == 0
    await chain.fund(ACCOUNT_KEY.account)
    receipt = await anchored(chain, ledger)
    assert receipt.details["nonce"] == 0


async def test_funds_are_gone_when_it_is_sent(world: World) -> None:
    """The node refuses; once there is money again the same bytes are sent."""
    chain = await world.chain()
    ledger = world.ledger(chain)
    prepared = await ledger.prepare(checkpoint(), [])
    await chain.fund(ACCOUNT_KEY.account, 0)
    with failing(LedgerRejectedError, Reason.INSUFFICIENT_FUNDS):
        await ledger.publish(prepared)
    await chain.fund(ACCOUNT_KEY.account)
    assert await ledger.renew(prepared) == prepared
    receipt = await ledger.publish(prepared)
    await chain.mine(3)
    assert await status(ledger, receipt) is AnchorStatus.CONFIRMED


async def test_wrong_chain(world: World) -> None:
    """A node of another chain is refused, also beside one that is right."""
    chain, other = await world.chain(), await world.chain(chain_id=CHAIN_ID + 1)
    with failing(LedgerRejectedError, Reason.WRONG_NETWORK):
        await world.ledger(other).check()
    with failing(LedgerRejectedError, Reason.WRONG_NETWORK):
        await world.ledger(chain, other).check()
    prepared = await world.ledger(chain).prepare(checkpoint(), [])
    with pytest.raises(LedgerRejectedError):
        await world.ledger(other).publish(prepared)
    receipt = await anchored(chain, world.ledger(chain))
    with failing(LedgerRejectedError, Reason.WRONG_NETWORK):
        await world.ledger(other).verify(receipt, checkpoint())


async def test_failover(world: World, dead_url: str) -> None:
    """One of three may be down; with two of three that is too few to confirm."""
    chain = await world.chain()
    ledger = world.ledger(dead_url, chain, f"{chain.url}/?again")
    assert await ledger.check() == str(CHAIN_ID)
    receipt = await anchored(chain, ledger)
    verification = await ledger.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.CONFIRMED
    two = world.ledger(dead_url, chain)
    prepared = await two.prepare(checkpoint(8), [])
    receipt = await two.publish(prepared)
    await chain.mine(3)
    for answer in (two.confirm(receipt), two.verify(receipt, checkpoint(8))):
        with failing(LedgerUnavailableError, Reason.CANNOT_CONNECT):
            await answer
    with failing(LedgerUnavailableError, Reason.CANNOT_CONNECT):
        await world.ledger(dead_url).check()


async def test_nodes_that_disagree(world: World) -> None:
    """An anchor in one of two chains is not confirmed, and after a while that is told."""
    chain, other = await world.chain(), await world.chain()
    prepared, receipt = await sent(world.ledger(chain))
    await chain.mine(3)
    await other.mine(3)
    both = world.ledger(chain, other)
    assert await status(both, receipt) is AnchorStatus.SUBMITTED
    assert await status(world.ledger(chain), receipt) is AnchorStatus.CONFIRMED
    verification = await both.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.SUBMITTED
    world.clock.late += 11 * MINUTES
    with failing(LedgerUnavailableError, Reason.NODES_DISAGREE):
        await both.confirm(receipt)

    # In both, but not in the same block.
    await world.ledger(other).publish(prepared)
    await other.mine(3)
    with failing(LedgerUnavailableError, Reason.NODES_DISAGREE):
        await both.confirm(receipt)
    verification = await both.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.SUBMITTED


async def test_lost_needs_all_to_miss_it(world: World) -> None:
    """While one node knows a transaction it is not lost."""
    chain, other = await world.chain(), await world.chain()
    _, receipt = await sent(world.ledger(chain))
    world.clock.late += MINUTES
    assert await status(world.ledger(chain, other), receipt) is AnchorStatus.SUBMITTED
    assert await status(world.ledger(other), receipt) is AnchorStatus.LOST


async def test_restarted_node(world: World, tmp_path: Path) -> None:
    """What a node has forgotten is sent again; what it has kept is confirmed."""
    chain = await world.chain(state=tmp_path / "chain.json")
    ledger = world.ledger(chain)
    _, kept = await sent(ledger, 1)
    await chain.mine()
    prepared, waiting = await sent(ledger, 2)
    await chain.stop()
    for ask in (ledger.check(), ledger.confirm(kept)):
        with failing(LedgerUnavailableError, Reason.CANNOT_CONNECT):
            await ask
    await chain.start()
    await chain.mine(2)
    assert await status(ledger, kept) is AnchorStatus.CONFIRMED
    world.clock.late += MINUTES
    assert await status(ledger, waiting) is AnchorStatus.LOST
    assert await ledger.renew(prepared) == prepared
    waiting = await ledger.publish(prepared)
    await chain.mine(3)
    assert await status(ledger, waiting) is AnchorStatus.CONFIRMED
    assert await anchors_in(chain) == 2


async def test_chain_begun_anew(world: World) -> None:
    """On a private chain that has forgotten all, anchors under way begin at the first nonce."""
    old = await world.chain()
    ledger = world.ledger(old)
    await anchored(old, ledger, 1)
    prepared, receipt = await sent(ledger, 2)
    new = await world.chain()
    ledger = world.ledger(new)
    world.clock.late += MINUTES
    assert await status(ledger, receipt) is AnchorStatus.LOST
    renewed = await ledger.renew(prepared)
    assert [each.transaction.nonce for each in transactions(renewed)] == [1, 0]
    receipt = await ledger.publish(renewed)
    await new.mine(3)
    assert await status(ledger, receipt) is AnchorStatus.CONFIRMED


async def spend(
    chain: PrivateChain, nonce: int, to: bytes = bytes(19) + b"\1", data: bytes = b""
) -> str:
    """Send something else from the account, as a wallet does; return its hash."""
    other = Transaction(
        chain_id=CHAIN_ID,
        nonce=nonce,
        price=50 * 10**9,
        tip=10**9,
        gas=30_000,
        to=to,
        value=1,
        data=data,
    ).signed(ACCOUNT_KEY)
    await chain.call("eth_sendRawTransaction", f"0x{other.raw.hex()}")
    return other.hash


async def test_somebody_else_uses_the_account(world: World) -> None:
    """A nonce that another transaction has taken for good is replaced by the next one."""
    chain = await world.chain()
    ledger = world.ledger(chain)
    prepared = await ledger.prepare(checkpoint(), [])
    await spend(chain, nonce=0)
    receipt = await ledger.publish(prepared)
    assert receipt.status is AnchorStatus.SUBMITTED
    await chain.mine()
    world.clock.late += 11 * MINUTES
    assert await status(ledger, receipt) is AnchorStatus.SUBMITTED
    assert await ledger.renew(prepared) == prepared
    await chain.mine(2)
    assert await status(ledger, receipt) is AnchorStatus.LOST
    renewed = await ledger.renew(prepared)
    assert [each.transaction.nonce for each in transactions(renewed)] == [0, 1]
    receipt = await ledger.publish(renewed)
    await chain.mine(3)
    assert await status(ledger, receipt) is AnchorStatus.CONFIRMED


async def test_found_among_others(world: World) -> None:
    """The log's largest checkpoint is found, though the account has sent other things since."""
    chain = await world.chain()
    ledger = world.ledger(chain)
    nonce = 0
    for size in (2, 5, 9):
        await anchored(chain, ledger, size)
        await chain.mine(40)
        nonce += 1
    for _ in range(3):
        await spend(chain, nonce)
        await spend(chain, nonce + 1, ACCOUNT_KEY.address, b"a note to oneself")
        nonce += 2
        await chain.mine()
    another = SigningKey.from_seed(KEY.name, bytes(32))
    await ledger.publish(await ledger.prepare(checkpoint(99, another), []))
    await chain.mine()
    _, waiting = await sent(ledger, 11)
    await chain.mine()
    found = await ledger.published(10)
    assert [each.checkpoint.checkpoint.size for each in found] == [11, 9, 5, 2]
    assert [each.is_confirmed for each in found] == [False, True, True, True]
    assert found[0].transaction == waiting.transaction
    assert len(await ledger.published(2)) == 2
    latest = await ledger.latest()
    assert latest
    assert latest.checkpoint.size == 11

    stranger = world.ledger(chain, private_key=Key(2).reveal())
    assert await stranger.latest() is None


async def test_cannot_be_searched(world: World) -> None:
    """A node that has forgotten what is old says so."""
    chain = await world.chain()
    await anchored(chain, world.ledger(chain))
    lies = await world.lies(chain)

    def forgotten(_truth: object) -> web.Response:
        error = {"code": -32000, "message": "missing trie node 0ab3 (path )"}
        return web.json_response({"jsonrpc": "2.0", "id": 1, "error": error})

    lies.told["eth_getTransactionCount"] = forgotten
    with failing(LedgerRejectedError, Reason.UNSEARCHABLE):
        await world.ledger(lies).latest()


async def test_search_that_is_broken_off(world: World) -> None:
    """A node that is asked too often has not forgotten anything: it is asked again later."""
    chain = await world.chain()
    await anchored(chain, world.ledger(chain))
    lies = await world.lies(chain)
    lies.told["eth_getTransactionCount"] = lambda _truth: web.Response(status=429)
    with failing(LedgerUnavailableError, Reason.RATE_LIMITED):
        await world.ledger(lies).latest()
    lies.told.clear()
    assert await world.ledger(lies).latest() == checkpoint()


async def test_too_many_others(world: World) -> None:
    """An account that is used for other things is not searched for ever."""
    chain = await world.chain()
    for nonce in range(21):
        await spend(chain, nonce)
        await chain.mine()
    with failing(LedgerRejectedError, Reason.UNSEARCHABLE):
        await world.ledger(chain).latest()


async def test_readings_that_fit(world: World) -> None:
    """As many of the newest as the limit allows; a checkpoint that does not fit is refused."""
    chain = await world.chain()
    ledger = world.ledger(chain, most_bytes=1024)
    prepared = await ledger.prepare(checkpoint(), [reading(i) for i in range(9)])
    (signed,) = transactions(prepared)
    assert len(signed.transaction.data) <= 1024
    message = json.loads(signed.transaction.data.split(b"\n", 1)[1])
    assert [each["index"] for each in message["readings"]][-1] == 8
    assert 1 < len(message["readings"]) < 9
    long = SigningKey.from_seed("a" * 255, bytes(32))
    with failing(LedgerRejectedError, Reason.TOO_LARGE):
        await world.ledger(chain, most_bytes=512).prepare(checkpoint(7, long), [])


async def test_another_account(world: World) -> None:
    """What one account has signed, another neither replaces nor numbers anew."""
    chain = await world.chain()
    prepared, _ = await sent(world.ledger(chain))
    await spike(chain, 10)
    other = world.ledger(chain, private_key=Key(2).reveal())
    assert await other.renew(prepared) == prepared


async def test_damaged_preparation(world: World) -> None:
    """What was prepared is not sent when it is not what it was."""
    chain = await world.chain()
    ledger = world.ledger(chain)
    prepared = await ledger.prepare(checkpoint(), [])
    for damaged in ({}, {"transactions": []}, {"transactions": ["0x02"]}):
        with failing(LedgerRejectedError, Reason.REJECTED):
            await ledger.publish(replace(prepared, content=damaged))
    receipt = Receipt(AnchorStatus.SUBMITTED, "ABC", None, None, {"bundle": "ABC"})
    with failing(LedgerRejectedError, Reason.REJECTED):
        await ledger.confirm(receipt)
    receipt = await ledger.publish(prepared)
    never = replace(receipt, details={**receipt.details, "sent_at": 10**18})
    with failing(LedgerRejectedError, Reason.REJECTED):
        await ledger.confirm(never)


async def test_receipt_of_something_else(world: World) -> None:
    """Neither another payment nor a transaction of another chain or form is an anchor."""
    chain = await world.chain()
    lies = await world.lies(chain)
    ledger = world.ledger(lies)
    receipt = await anchored(chain, ledger)

    async def problem(name: str) -> str | None:
        details = {**receipt.details, "transactions": [name]}
        given = replace(receipt, transaction=name, details=details)
        verification = await ledger.verify(given, checkpoint())
        assert verification.status is AnchorStatus.LOST
        assert verification.existed_before is None
        return verification.problem

    payment = await spend(chain, nonce=1)
    await chain.mine(3)
    assert "does not hold an anchor" in str(await problem(payment))
    lies.told["eth_getTransactionByHash"] = lambda _truth: TOLD
    assert await problem(SIGNED.hash) == "The transaction is of another chain"
    lies.told["eth_getTransactionByHash"] = lambda truth: {**truth, "type": "0x3"}
    assert "is no anchor" in str(await problem(receipt.transaction))


# A node that lies


async def test_other_data_is_noticed(world: World) -> None:
    """The hash is computed again: a node cannot show other data than was signed."""
    chain = await world.chain()
    receipt = await anchored(chain, world.ledger(chain))
    lies = await world.lies(chain)

    def changed(truth: dict[str, Any]) -> dict[str, Any]:
        data = truth["input"]
        return {**truth, "input": f"{data[:-2]}{'00' if data[-2:] != '00' else '01'}"}

    lies.told["eth_getTransactionByHash"] = changed
    with failing(LedgerUnavailableError, Reason.NOT_A_NODE):
        await world.ledger(lies).verify(receipt, checkpoint())


async def test_invented_receipt(world: World) -> None:
    """A receipt that names a block which is not in the chain is no inclusion."""
    chain = await world.chain()
    await chain.mine(3)
    lies = await world.lies(chain)
    ledger = world.ledger(lies)
    _, receipt = await sent(ledger)

    def invented(_truth: object) -> dict[str, Any]:
        return {
            "transactionHash": receipt.transaction,
            "blockNumber": "0x1",
            "blockHash": f"0x{'00' * 32}",
            "status": "0x1",
            "gasUsed": "0x5208",
            "effectiveGasPrice": "0x1",
        }

    lies.told["eth_getTransactionReceipt"] = invented
    assert await status(ledger, receipt) is AnchorStatus.SUBMITTED
    verification = await ledger.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.SUBMITTED


async def test_one_liar_among_three_cannot_confirm(world: World) -> None:
    """All that answer must agree."""
    chain = await world.chain()
    lies = await world.lies(chain)
    ledger = world.ledger(chain, f"{chain.url}/?again", lies)
    _, receipt = await sent(ledger)
    await chain.mine(3)
    lies.told["eth_getTransactionReceipt"] = lambda truth: {
        **truth,
        "blockNumber": "0x2",
        "blockHash": f"0x{'00' * 32}",
    }
    assert await status(ledger, receipt) is AnchorStatus.SUBMITTED
    lies.told.clear()
    assert await status(ledger, receipt) is AnchorStatus.CONFIRMED


async def test_failed_transaction_is_no_anchor(world: World) -> None:
    """A receipt with status 0 does not count."""
    chain = await world.chain()
    lies = await world.lies(chain)
    ledger = world.ledger(lies)
    _, receipt = await sent(ledger)
    await chain.mine(3)
    lies.told["eth_getTransactionReceipt"] = lambda truth: {**truth, "status": "0x0"}
    assert await status(ledger, receipt) is AnchorStatus.SUBMITTED
    verification = await ledger.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.SUBMITTED


async def test_node_without_blocks(world: World) -> None:
    """One that has not come to the first block is not fit for use."""
    lies = await world.lies(await world.chain())
    lies.told["eth_getBlockByNumber"] = lambda _truth: None
    with failing(LedgerUnavailableError, Reason.OUT_OF_SYNC):
        await world.ledger(lies, finality=Finality.BLOCKS).check()


async def test_count_that_is_not_told(world: World) -> None:
    """That a node does not say how far the account is, now, is no sign of a loss."""
    chain = await world.chain()
    lies = await world.lies(chain)
    ledger = world.ledger(lies)
    _, receipt = await sent(ledger)
    told: list[Any] = []

    def once(truth: object) -> object:
        told.append(truth)
        return truth if len(told) == 1 else web.Response(status=429)

    lies.told["eth_getTransactionCount"] = once
    world.clock.late += 11 * MINUTES
    with failing(LedgerUnavailableError, Reason.RATE_LIMITED):
        await ledger.confirm(receipt)


async def test_waiting_transaction_that_changes(world: World) -> None:
    """One that a node drops while it is asked may come back; another is no answer."""
    chain = await world.chain()
    lies = await world.lies(chain)
    ledger = world.ledger(lies)
    _, receipt = await sent(ledger)
    world.clock.late += 3 * MINUTES
    told: list[Any] = []

    def dropped(truth: object) -> object:
        told.append(truth)
        return truth if len(told) == 1 else None

    lies.told["eth_getTransactionByHash"] = dropped
    assert await status(ledger, receipt) is AnchorStatus.SUBMITTED
    assert len(told) == 2
    lies.told["eth_getTransactionByHash"] = lambda truth: {**truth, "type": "0x3"}
    with failing(LedgerUnavailableError, Reason.NOT_A_NODE):
        await ledger.confirm(receipt)


async def test_slow_answer(world: World) -> None:
    """A node that takes a transaction and does not say so gets the same bytes again."""
    chain = await world.chain()
    lies = await world.lies(chain)
    ledger = world.ledger(lies)
    prepared = await ledger.prepare(checkpoint(), [])
    lies.told["eth_sendRawTransaction"] = lambda _truth: web.Response(status=504)
    with failing(LedgerUnavailableError, Reason.NODE_ERROR):
        await ledger.publish(prepared)
    await chain.mine()
    lies.told.clear()
    receipt = await ledger.publish(prepared)
    await chain.mine(2)
    assert await status(ledger, receipt) is AnchorStatus.CONFIRMED
    assert await anchors_in(chain) == 1


async def test_time_is_that_of_the_block(world: World) -> None:
    """Not that of our clock."""
    chain = await world.chain()
    ledger = world.ledger(chain)
    _, receipt = await sent(ledger)
    await chain.call("evm_setNextBlockTimestamp", 4_000_000_000)
    await chain.mine(3)
    confirmed = await ledger.confirm(receipt)
    assert confirmed.confirmed_at == datetime.fromtimestamp(4_000_000_000, UTC)
