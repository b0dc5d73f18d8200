"""The life of an anchor on private networks, over both wires."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
import json
from typing import Any

from aiohttp import web
import pytest

from custom_components.sensorchain.ledgers.catalog import CATALOG
from custom_components.sensorchain.ledgers.http import AiohttpTransport
from custom_components.sensorchain.ledgers.iota import bcs
from custom_components.sensorchain.ledgers.iota.anchor import Details, transactions_of
from custom_components.sensorchain.ledgers.iota.client import LockedError
from custom_components.sensorchain.ledgers.iota.key import Key
from custom_components.sensorchain.ledgers.iota.ledger import IotaLedger
from custom_components.sensorchain.ledgers.iota.programs import notarise
from custom_components.sensorchain.ledgers.iota.settings import AnchorForm, nanos
from custom_components.sensorchain.ledgers.iota.transaction import (
    Gas,
    Program,
    Pure,
    Transaction,
    written,
)
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
from demo.iota.private_iota import PrivateIota
from tests.ledgers.common import KEY, checkpoint, reading

from .conftest import (
    ACCOUNT_KEY,
    ADDRESS,
    ONE,
    Lie,
    World,
    altered,
    failed,
    noted,
    once,
    unknown,
)

MINUTES = timedelta(minutes=1)

forms = pytest.mark.parametrize("form", AnchorForm)


@contextmanager
def failing(kind: type[LedgerError], reason: Reason) -> Iterator[None]:
    """Expect an error of a kind for a reason."""
    with pytest.raises(kind) as raised:
        yield
    assert raised.value.reason is reason, raised.value


async def sent(ledger: IotaLedger, size: int = 7) -> tuple[PreparedAnchor, Receipt]:
    """Return an anchor that was sent."""
    prepared = await ledger.prepare(checkpoint(size), [])
    return prepared, await ledger.publish(prepared)


async def confirmed(node: PrivateIota, ledger: IotaLedger, receipt: Receipt) -> Receipt:
    """Return the receipt of an anchor that is confirmed with the next checkpoint."""
    await node.checkpoint()
    receipt = await ledger.confirm(receipt)
    assert receipt.status is AnchorStatus.CONFIRMED
    return receipt


async def anchored(node: PrivateIota, ledger: IotaLedger, size: int = 7) -> Receipt:
    """Return the receipt of an anchor that was sent and is confirmed."""
    _, receipt = await sent(ledger, size)
    return await confirmed(node, ledger, receipt)


async def carried(ledger: IotaLedger, prepared: PreparedAnchor) -> Receipt:
    """Return the receipt of an anchor that is sent, and renewed as often as it is lost."""
    receipt = await ledger.publish(prepared)
    while receipt.status is AnchorStatus.LOST:
        prepared = await ledger.renew(prepared)
        receipt = await ledger.publish(prepared)
    return receipt


async def spend(
    world: World, node: PrivateIota, program: Program | None = None
) -> None:
    """Let another program of the account use its largest coin."""
    client = world.client(node)
    coins = sorted(await client.coins(ADDRESS), key=lambda coin: coin.balance)
    epoch = await client.epoch()
    gas = Gas(
        payment=(coins[-1].reference,),
        owner=ADDRESS,
        price=epoch.gas_price,
        budget=20_000_000,
    )
    program = program or notarise(node.packages, "something else")
    data = Transaction(program, ADDRESS, gas).to_bytes()
    effects = await client.execute(data, [ACCOUNT_KEY.sign(data)])
    assert effects.problem is None


def names(prepared: PreparedAnchor) -> list[str]:
    """Return the names of the transactions that were prepared."""
    return [each.transaction.digest for each in transactions_of(prepared)]


@forms
async def test_life_of_an_anchor(world: World, form: AnchorForm) -> None:
    """Prepared, sent, in a checkpoint, verified, found; what it cost is told."""
    node = await world.node()
    settings = await world.ready(form, node)
    ledger = world.on(settings)
    assert await ledger.check() == node.chain
    assert await ledger.latest() is None
    prepared = await ledger.prepare(checkpoint(), [reading(3), reading(4)])
    before = await ledger.account()
    receipt = await ledger.publish(prepared)
    assert receipt.status is AnchorStatus.SUBMITTED
    assert await ledger.confirm(receipt) == receipt
    assert ledger.fee(receipt) is None

    receipt = await confirmed(node, ledger, receipt)
    assert receipt.place == f"checkpoint {receipt.details['checkpoint']}"
    assert await ledger.confirm(receipt) == receipt
    assert Receipt.from_json(json.loads(json.dumps(receipt.to_json()))) == receipt

    verification = await ledger.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.CONFIRMED
    assert verification.existed_before == receipt.confirmed_at
    assert verification.place == receipt.place
    assert verification.is_trial
    (found,) = await ledger.published(10)
    assert found.checkpoint == checkpoint()
    assert found.is_confirmed
    assert [index for index, _ in found.readings] == [3, 4]
    assert await ledger.latest() == checkpoint()

    account, fee = await ledger.account(), ledger.fee(receipt)
    assert before
    assert account
    assert fee
    assert account.address == written(ADDRESS)
    assert before.balance - account.balance == fee
    assert account.anchors_left == account.balance // fee
    assert ledger.unit == "IOTA"
    assert ledger.explorer_url(receipt) == (
        f"http://explorer.example/tx/{receipt.transaction}"
    )
    assert world.on(replace(settings, explorer=None)).explorer_url(receipt) is None


@forms
async def test_what_is_told(world: World, form: AnchorForm) -> None:
    """A receipt says where on the chain an anchor is read, and has all to check it alone."""
    node = await world.node()
    settings = await world.ready(form, node)
    ledger = world.on(settings)
    receipt = await anchored(node, ledger)
    (found,) = await ledger.published(1)
    assert receipt.details["form"] == form.value
    if form is AnchorForm.AUDIT_TRAIL:
        assert receipt.details["trail"] == settings.trail
        assert found.transaction == f"{settings.trail}/0"
        return
    assert found.transaction == receipt.transaction
    made = await world.client(node).object(
        bytes.fromhex(str(receipt.details["object"])[2:])
    )
    assert made
    assert made.kind == str(node.packages.notarised)


@forms
async def test_anybody_can_verify(world: World, form: AnchorForm) -> None:
    """What goes into a bundle is enough: there is no key in it."""
    node = await world.node()
    settings = await world.ready(form, node)
    receipt = await anchored(node, world.on(settings))
    public = CATALOG["iota"].public(settings.to_json())
    assert public["private_key"] is None
    ledger = CATALOG["iota"].create(
        AiohttpTransport(world.session), public, KEY.verifier
    )
    verification = await ledger.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.CONFIRMED
    assert await ledger.account() is None
    with failing(LedgerRejectedError, Reason.REJECTED):
        await ledger.prepare(checkpoint(), [])


@forms
async def test_forgotten(world: World, form: AnchorForm) -> None:
    """Nodes forget transactions: the object that was made is left, and the receipt."""
    node = await world.node()
    settings = await world.ready(form, node)
    ledger = world.on(settings)
    receipts = [await anchored(node, ledger, size) for size in range(1, 24)]
    await node.prune()
    for size in (1, 12, 23):
        receipt = receipts[size - 1]
        verification = await ledger.verify(receipt, checkpoint(size))
        assert verification.status is AnchorStatus.CONFIRMED
        assert verification.existed_before
        assert receipt.confirmed_at
        assert verification.existed_before <= receipt.confirmed_at
        home = "trail" if form is AnchorForm.AUDIT_TRAIL else "object"
        assert verification.place
        assert verification.place.endswith(str(receipt.details[home]))
        refuted = await ledger.verify(receipt, checkpoint(size + 1))
        assert refuted.status is AnchorStatus.LOST
    sizes = [each.checkpoint.checkpoint.size for each in await ledger.published(3)]
    assert sizes == [23, 22, 21]


@forms
async def test_forgotten_before_it_was_confirmed(
    world: World, form: AnchorForm
) -> None:
    """A machine that was off for days finds what it has sent: nothing is sent again."""
    node = await world.node()
    settings = await world.ready(form, node)
    prepared, receipt = await sent(world.on(settings))
    await node.checkpoint()
    await node.prune()
    world.clock.late += MINUTES
    ledger = world.on(settings)
    assert await ledger.renew(prepared) == prepared
    again = await ledger.publish(prepared)
    assert again.status is AnchorStatus.SUBMITTED
    world.clock.late += MINUTES
    found = await ledger.confirm(again)
    assert found.status is AnchorStatus.CONFIRMED
    assert "checkpoint" not in found.details
    assert ledger.fee(found) is None
    assert (await ledger.confirm(receipt)).place == found.place
    verification = await ledger.verify(found, checkpoint())
    assert verification.status is AnchorStatus.CONFIRMED
    assert len(await ledger.published(9)) == 1


@forms
async def test_other_checkpoint_is_refuted(world: World, form: AnchorForm) -> None:
    """A receipt proves its own checkpoint alone, and only where there is such a transaction."""
    node = await world.node()
    settings = await world.ready(form, node)
    ledger = world.on(settings)
    receipt = await anchored(node, ledger)
    verification = await ledger.verify(receipt, checkpoint(8))
    assert verification.status is AnchorStatus.LOST
    assert verification.problem == "The transaction holds another checkpoint"
    _, other = await sent(ledger, 8)
    swapped = replace(receipt, details=other.details)
    await node.prune()
    verification = await ledger.verify(swapped, checkpoint(8))
    assert verification.status is AnchorStatus.LOST
    assert verification.problem == f"No transaction {receipt.transaction} is known"
    nonsense = replace(receipt, transaction="0OIl")
    verification = await ledger.verify(nonsense, checkpoint())
    assert verification.problem == "No transaction 0OIl is known"


async def test_other_trail_is_refuted(world: World) -> None:
    """A receipt that names another trail than its transaction does proves nothing."""
    node = await world.node()
    ledger = world.on(await world.ready(AnchorForm.AUDIT_TRAIL, node))
    receipt = await anchored(node, ledger)
    for trail in (written(bytes(32)), None):
        moved = replace(receipt, details={**receipt.details, "trail": trail})
        verification = await ledger.verify(moved, checkpoint())
        assert verification.status is AnchorStatus.LOST
        assert verification.problem == "The transaction is of another trail"


async def test_other_packages_are_refuted(world: World) -> None:
    """What some other program has written counts for nothing."""
    node = await world.node()
    ledger = world.ledger(node)
    receipt = await anchored(node, ledger)
    other = world.ledger(node, notarization=written(b"\x09" * 32))
    verification = await other.verify(receipt, checkpoint())
    assert verification.problem == "The transaction is no anchor"
    stranger = SigningKey.generate("0" * 32)
    settings = world.settings(node, form=AnchorForm.NOTARIZATION)
    verification = await world.on(settings, stranger).verify(
        receipt, checkpoint(key=stranger)
    )
    assert verification.problem
    assert verification.problem.startswith("The transaction does not hold an anchor")


async def test_more_than_the_network_takes(world: World) -> None:
    """Bytes that no network has executed are refuted, whatever the receipt says."""
    node = await world.node()
    ledger = world.ledger(node)
    receipt = await anchored(node, ledger)
    found = Details.of(receipt)
    inputs = (Pure(bcs.text("a" * 20_000)), *found.transaction.program.inputs[1:])
    program = replace(found.transaction.program, inputs=inputs)
    forged = replace(found, transaction=replace(found.transaction, program=program))
    verification = await ledger.verify(
        replace(receipt, transaction="", details=forged.to_json()), checkpoint()
    )
    assert verification.status is AnchorStatus.LOST
    assert verification.problem == "The transaction is no anchor"


async def test_what_is_in_no_checkpoint_is_not_verified(world: World) -> None:
    """Executed alone does not count."""
    node = await world.node()
    ledger = world.ledger(node)
    _, receipt = await sent(ledger)
    verification = await ledger.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.SUBMITTED
    assert verification.problem


@forms
async def test_several_in_a_row(world: World, form: AnchorForm) -> None:
    """One after the other, without waiting for checkpoints; found newest first."""
    node = await world.node()
    ledger = world.on(await world.ready(form, node))
    receipts = [(await sent(ledger, size))[1] for size in (1, 2, 3)]
    for receipt in receipts:
        await confirmed(node, ledger, receipt)
    sizes = [each.checkpoint.checkpoint.size for each in await ledger.published(2)]
    assert sizes == [3, 2]
    latest = await ledger.latest()
    assert latest
    assert latest.checkpoint.size == 3


@forms
async def test_sent_again_after_a_crash(world: World, form: AnchorForm) -> None:
    """The same bytes: nothing is sent twice, at no step."""
    node = await world.node()
    settings = await world.ready(form, node)
    prepared, receipt = await sent(world.on(settings))
    waiting = await world.on(settings).publish(prepared)
    assert waiting.transaction == receipt.transaction
    await node.checkpoint()
    included = await world.on(settings).publish(prepared)
    assert included.status is AnchorStatus.SUBMITTED
    assert await world.on(settings).renew(prepared) == prepared
    await confirmed(node, world.on(settings), included)
    assert len(await world.on(settings).published(9)) == 1


@forms
async def test_one_at_a_time(world: World, form: AnchorForm) -> None:
    """While a transaction may still be executed, nothing else uses its objects."""
    node = await world.node()
    settings = await world.ready(form, node)
    lies = await world.lies(node)
    ledger = world.on(replace(settings, nodes=(lies.url,)))
    prepared = await ledger.prepare(checkpoint(1), [])
    lies.told["execute"] = lambda _: web.Response(status=503)
    with failing(LedgerUnavailableError, Reason.NODE_ERROR):
        await ledger.publish(prepared)
    with failing(LedgerUnavailableError, Reason.NODE_ERROR):
        await ledger.prepare(checkpoint(2), [])
    lies.told.clear()
    # It was executed behind our back.
    receipt = await ledger.publish(prepared)
    assert receipt.status is AnchorStatus.SUBMITTED
    await anchored(node, ledger, 2)
    assert len(await ledger.published(9)) == 2


async def test_another_coin(world: World) -> None:
    """What holds one coin leaves others to pay."""
    node = await world.node()
    await node.fund(ADDRESS, ONE // 2)
    lies = await world.lies(node)
    ledger = world.ledger(lies)
    prepared = await ledger.prepare(checkpoint(1), [])
    lies.told["execute"] = lambda _: web.Response(status=503)
    with failing(LedgerUnavailableError, Reason.NODE_ERROR):
        await ledger.publish(prepared)
    lies.told.clear()
    await anchored(node, ledger, 2)
    receipt = await ledger.publish(prepared)
    await confirmed(node, ledger, receipt)
    assert len(await ledger.published(9)) == 2


@forms
async def test_equivocation(world: World, form: AnchorForm) -> None:
    """Locked objects are waited for, with the same bytes, until the epoch ends."""
    node = await world.node()
    settings = await world.ready(form, node)
    ledger = world.on(settings)
    prepared = await ledger.prepare(checkpoint(), [])
    (signed,) = transactions_of(prepared)
    await node.equivocate(signed.transaction.gas.payment[0].object_id)
    with pytest.raises(LockedError):
        await ledger.publish(prepared)
    with pytest.raises(LockedError):
        await world.on(settings).publish(prepared)
    assert await world.on(settings).renew(prepared) == prepared
    await node.next_epoch()
    receipt = await ledger.publish(prepared)
    assert receipt.transaction == signed.transaction.digest
    await confirmed(node, ledger, receipt)
    assert len(await ledger.published(9)) == 1


@forms
async def test_held_back(world: World, form: AnchorForm) -> None:
    """What was signed and not executed is waited for, with the same bytes and nothing else."""
    node = await world.node()
    ledger = world.on(await world.ready(form, node))
    prepared = await ledger.prepare(checkpoint(1), [])
    node.hold = True
    with pytest.raises(LedgerUnavailableError):
        await ledger.publish(prepared)
    with failing(LedgerUnavailableError, Reason.NODE_ERROR):
        await ledger.prepare(checkpoint(2), [])
    assert await ledger.renew(prepared) == prepared
    await node.release()
    await confirmed(node, ledger, await ledger.publish(prepared))
    assert len(await ledger.published(9)) == 1


@forms
async def test_held_back_until_it_expired(world: World, form: AnchorForm) -> None:
    """What an epoch's end has dropped, and the next one's has forbidden, is signed anew."""
    node = await world.node()
    ledger = world.on(await world.ready(form, node))
    prepared = await ledger.prepare(checkpoint(1), [])
    node.hold = True
    with pytest.raises(LedgerUnavailableError):
        await ledger.publish(prepared)
    node.hold = False
    await node.next_epoch()
    await node.next_epoch()
    await confirmed(node, ledger, await carried(ledger, prepared))
    await anchored(node, ledger, 2)
    assert len(await ledger.published(9)) == 2


@forms
async def test_coin_moved_on(world: World, form: AnchorForm) -> None:
    """Another program of the account has used the coin: the anchor is signed anew."""
    node = await world.node()
    ledger = world.on(await world.ready(form, node))
    prepared = await ledger.prepare(checkpoint(), [])
    await spend(world, node)
    lost = await ledger.publish(prepared)
    assert lost.status is AnchorStatus.LOST
    renewed = await ledger.renew(prepared)
    assert len(names(renewed)) == 2
    receipt = await ledger.publish(renewed)
    assert receipt.transaction == names(renewed)[1]
    assert Details.of(receipt).earlier == (names(renewed)[0],)
    receipt = await confirmed(node, ledger, receipt)
    verification = await ledger.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.CONFIRMED
    assert len(await ledger.published(9)) == 1


@forms
async def test_price_was_raised(world: World, form: AnchorForm) -> None:
    """What offers too little in a new epoch is signed anew."""
    node = await world.node()
    ledger = world.on(await world.ready(form, node))
    prepared = await ledger.prepare(checkpoint(), [])
    await node.next_epoch(2000)
    assert (await ledger.publish(prepared)).status is AnchorStatus.LOST
    renewed = await ledger.renew(prepared)
    assert transactions_of(renewed)[-1].transaction.gas.price == 2000
    await confirmed(node, ledger, await ledger.publish(renewed))
    assert len(await ledger.published(9)) == 1


@forms
async def test_expired(world: World, form: AnchorForm) -> None:
    """What was not sent in its epoch or the next one is signed anew."""
    node = await world.node()
    ledger = world.on(await world.ready(form, node))
    prepared = await ledger.prepare(checkpoint(), [])
    await node.next_epoch()
    assert await ledger.renew(prepared) == prepared
    await node.next_epoch()
    assert (await ledger.publish(prepared)).status is AnchorStatus.LOST
    receipt = await carried(ledger, prepared)
    await confirmed(node, ledger, receipt)
    assert len(await ledger.published(9)) == 1


def costing(gas: int) -> Lie:
    """Return a lie of what a transaction would cost."""

    def change(key: str, value: Any) -> Any:
        wrong = {"computationCost": gas, "storageCost": 0, "storageRebate": 0}
        return str(wrong[key]) if key in wrong else value

    return lambda answer: altered(answer, change)


def is_out_of_gas(problem: str) -> bool:
    """Whether this is why a transaction has failed, in the words of either wire."""
    return "InsufficientGas" in problem.replace(" ", "")


async def test_out_of_gas(world: World) -> None:
    """A budget that was too small after all grows with each attempt; nothing stands twice."""
    node = await world.node()
    lies = await world.lies(node)
    ledger = world.ledger(lies)
    lies.told["dry_run"] = costing(2_500_000)
    prepared = await ledger.prepare(checkpoint(), [])
    lost = await ledger.publish(prepared)
    assert lost.status is AnchorStatus.LOST
    assert is_out_of_gas(str(lost.details["problem"]))
    receipt = await carried(ledger, prepared)
    receipt = await confirmed(node, ledger, receipt)
    assert len(Details.of(receipt).names) > 2
    assert len(await ledger.published(9)) == 1
    # What had been lost is told of no more.
    assert "problem" not in receipt.details


async def test_failure_that_was_not_told(world: World) -> None:
    """A transaction that has failed is lost, whatever was said when it was sent."""
    node = await world.node()
    lies = await world.lies(node)
    ledger = world.ledger(lies)
    lies.told["dry_run"] = costing(2_500_000)
    prepared = await ledger.prepare(checkpoint(), [])
    lies.told["execute"] = succeeded
    receipt = await ledger.publish(prepared)
    assert receipt.status is AnchorStatus.SUBMITTED
    lost = await ledger.confirm(receipt)
    assert lost.status is AnchorStatus.LOST
    assert is_out_of_gas(str(lost.details["problem"]))
    verification = await ledger.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.LOST
    assert verification.problem
    assert is_out_of_gas(verification.problem)


def succeeded(answer: Any) -> Any:
    """Say that a transaction has succeeded."""

    def change(key: str, value: Any) -> Any:
        if key == "status" and isinstance(value, dict):
            return {"status": "success"}
        if (key, value) == ("status", "FAILURE"):
            return "SUCCESS"
        return None if key == "errors" else value

    return altered(answer, change)


def worth(balance: int) -> Lie:
    """Return a lie of what coins are worth."""

    def change(key: str, value: Any) -> Any:
        return str(balance) if key in {"coinBalance", "balance"} else value

    return lambda answer: altered(answer, change)


async def test_coin_worth_less(world: World) -> None:
    """What no validator has taken, for want of money, is signed anew."""
    node = await world.node(2_000_000)
    lies = await world.lies(node)
    ledger = world.ledger(lies)
    lies.told["coins"] = worth(ONE)
    prepared = await ledger.prepare(checkpoint(), [])
    assert (await ledger.publish(prepared)).status is AnchorStatus.LOST
    del lies.told["coins"]
    with failing(LedgerRejectedError, Reason.INSUFFICIENT_FUNDS):
        await ledger.renew(prepared)
    await node.fund(ADDRESS, ONE)
    renewed = await ledger.renew(prepared)
    await confirmed(node, ledger, await ledger.publish(renewed))


async def test_rate_limit(world: World) -> None:
    """A node that has had enough is asked later."""
    node = await world.node()
    lies = await world.lies(node)
    ledger = world.ledger(lies)
    prepared = await ledger.prepare(checkpoint(), [])
    for question in ("execute", "executed", "epoch"):
        lies.told[question] = lambda _: web.Response(status=429)
    with failing(LedgerUnavailableError, Reason.RATE_LIMITED):
        await ledger.publish(prepared)
    with failing(LedgerUnavailableError, Reason.RATE_LIMITED):
        await ledger.prepare(checkpoint(8), [])
    lies.told.clear()
    receipt = await ledger.publish(prepared)
    lies.told["executed"] = lambda _: web.Response(status=429)
    with failing(LedgerUnavailableError, Reason.RATE_LIMITED):
        await ledger.confirm(receipt)


async def test_lost_and_found(world: World) -> None:
    """What no node knows after a while is sent again, the same bytes."""
    node = await world.node()
    lies = await world.lies(node)
    ledger = world.ledger(lies)
    prepared, receipt = await sent(ledger)
    lies.told["executed"] = lies.told["object"] = unknown
    assert await ledger.confirm(receipt) == receipt
    world.clock.late += MINUTES
    lost = await ledger.confirm(receipt)
    assert lost.status is AnchorStatus.LOST
    assert "problem" not in lost.details
    lies.told.clear()
    assert await ledger.renew(prepared) == prepared
    again = await ledger.publish(prepared)
    assert again.transaction == receipt.transaction
    await confirmed(node, ledger, again)
    assert len(await ledger.published(9)) == 1


async def test_node_that_is_behind(world: World) -> None:
    """Objects as they were before are no reason to stop: the node catches up."""
    node = await world.node()
    lies = await world.lies(node)
    settings = await world.ready(AnchorForm.AUDIT_TRAIL, node)
    ledger = world.on(replace(settings, nodes=(lies.url,)))
    held: dict[str, Any] = {}

    def remember(question: str) -> Lie:
        return lambda answer: held.setdefault(question, answer)

    for question in ("owned", "coins"):
        lies.told[question] = remember(question)
    prepared, _ = await sent(ledger, 1)
    with failing(LedgerUnavailableError, Reason.OUT_OF_SYNC):
        await ledger.prepare(checkpoint(2), [])
    del lies.told["owned"]
    prepared, lost = await sent(ledger, 2)
    assert lost.status is AnchorStatus.LOST
    lies.told.clear()
    await confirmed(node, ledger, await carried(ledger, prepared))


async def test_node_that_contradicts_itself(world: World) -> None:
    """A node that lists things as they were, and tries them as they are, decides nothing."""
    node = await world.node()
    lies = await world.lies(node)
    ledger = world.ledger(lies)
    prepared = await ledger.prepare(checkpoint(), [])
    (coin,) = transactions_of(prepared)[0].transaction.gas.payment
    seen: list[Any] = []
    lies.told["object"] = noted(seen)
    await world.client(lies).object(coin.object_id)
    await ledger.publish(prepared)

    def before(answer: Any) -> Any:
        is_coin = coin.object_id.hex() in json.dumps(answer)
        return seen[0] if is_coin else unknown(answer)

    lies.told["object"], lies.told["executed"] = before, unknown
    with failing(LedgerUnavailableError, Reason.OUT_OF_SYNC):
        await ledger.renew(prepared)
    lies.told.clear()
    assert await ledger.renew(prepared) == prepared


async def test_executed_meanwhile(world: World) -> None:
    """What a node learns while it is asked is not signed again."""
    node = await world.node()
    lies = await world.lies(node)
    ledger = world.ledger(lies)
    prepared, receipt = await sent(ledger)
    await node.checkpoint()
    lies.told["executed"], lies.told["object"] = once(unknown), once(unknown)
    assert await ledger.renew(prepared) == prepared
    await confirmed(node, ledger, receipt)


@forms
async def test_what_cannot_be_prepared(world: World, form: AnchorForm) -> None:
    """Too much, too dear, too poor: in words, with the account and the amounts."""
    node = await world.node(1_500_000)
    await node.fund(ADDRESS, 2 * ONE)
    settings = await world.ready(form, node)
    with failing(LedgerRejectedError, Reason.TOO_LARGE):
        large = SigningKey.generate("0" * 400)
        await world.on(replace(settings, most_bytes=512), large).prepare(
            checkpoint(key=large), []
        )
    with pytest.raises(LedgerRejectedError) as raised:
        await world.on(replace(settings, most_fee="0.001")).prepare(checkpoint(), [])
    assert raised.value.reason is Reason.FEES_TOO_HIGH
    assert "no more than 0.001 IOTA may be spent" in str(raised.value)
    poor = Key.generate()
    ledger = world.ledger(node, private_key=poor.reveal())
    with pytest.raises(LedgerRejectedError) as raised:
        await ledger.prepare(checkpoint(), [])
    assert raised.value.reason is Reason.INSUFFICIENT_FUNDS
    assert f"The account {written(poor.address)} has 0 IOTA" in str(raised.value)
    # Before there is any money, an anchor's price can be told.
    assert 0 < await ledger.typical_fee() < nanos("0.05")
    account = await ledger.account()
    assert account
    assert account.balance == Decimal()
    assert account.anchors_left == 0


async def test_without_a_trail(world: World) -> None:
    """Neither before it is made, nor with somebody else's key, nor with one that is not there."""
    node = await world.node()
    settings = world.settings(node)
    ledger = world.on(settings)
    with failing(LedgerRejectedError, Reason.REJECTED):
        await ledger.prepare(checkpoint(), [])
    assert await ledger.published(3) == []
    settings = await world.ready(AnchorForm.AUDIT_TRAIL, node)
    other = replace(settings, private_key=Key.generate().reveal())
    with failing(LedgerRejectedError, Reason.REJECTED):
        await world.on(other).prepare(checkpoint(), [])
    nowhere = world.on(replace(settings, trail=written(b"\x08" * 32)))
    with failing(LedgerUnavailableError, Reason.OUT_OF_SYNC):
        await nowhere.prepare(checkpoint(), [])
    with failing(LedgerUnavailableError, Reason.OUT_OF_SYNC):
        await nowhere.published(3)


async def test_what_would_fail(world: World) -> None:
    """What a dry run does not carry out is not signed."""
    node = await world.node()
    lies = await world.lies(node)
    lies.told["dry_run"] = failed
    with failing(LedgerRejectedError, Reason.REJECTED):
        await world.ledger(lies).prepare(checkpoint(), [])


async def test_account_of_another(world: World) -> None:
    """What another account has signed is sent as it is, and never again by this one."""
    node = await world.node()
    prepared = await world.ledger(node).prepare(checkpoint(), [])
    await spend(world, node)
    other = world.ledger(node, private_key=Key.generate().reveal())
    assert await other.renew(prepared) == prepared


async def test_form_was_changed(world: World) -> None:
    """What was lost as a notarization, and comes again as a record, is the same content."""
    node = await world.node()
    prepared = await world.ledger(node).prepare(checkpoint(), [reading(3)])
    settings = await world.ready(AnchorForm.AUDIT_TRAIL, node)
    ledger = world.on(settings)
    receipt = await confirmed(node, ledger, await carried(ledger, prepared))
    assert receipt.details["trail"] == settings.trail
    (found,) = await ledger.published(9)
    assert [index for index, _ in found.readings] == [3]


async def test_packages_were_changed(world: World) -> None:
    """What was prepared for packages that are no more is made anew of its checkpoint."""
    node = await world.node()
    prepared = await world.ledger(node).prepare(checkpoint(), [reading(3)])
    (signed,) = transactions_of(prepared)
    elsewhere = notarise(replace(node.packages, notarization=b"\x09" * 32), "message")
    other = replace(signed, transaction=replace(signed.transaction, program=elsewhere))
    stale = replace(prepared, content={"transactions": [other.to_json()]})
    await spend(world, node)
    ledger = world.ledger(node)
    renewed = await ledger.renew(stale)
    await confirmed(node, ledger, await ledger.publish(renewed))
    assert await ledger.latest() == checkpoint()


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"transactions": []},
        {"transactions": [7]},
        {"transactions": [{"bytes": "AAAA", "signature": ""}]},
        {"transactions": [{"bytes": "A", "signature": ""}]},
        {"transactions": [{"bytes": 7, "signature": ""}]},
    ],
)
async def test_damaged(world: World, content: Any) -> None:
    """What was prepared and is damaged is not sent."""
    node = await world.node()
    ledger = world.ledger(node)
    with failing(LedgerRejectedError, Reason.REJECTED):
        await ledger.publish(PreparedAnchor(checkpoint().note, content))


async def test_receipts_of_others(world: World) -> None:
    """A receipt of another ledger, or a damaged one, is refused."""
    node = await world.node()
    ledger = world.ledger(node)
    receipt = await anchored(node, ledger)
    for wrong in (
        {"bytes": None},
        {"bytes": "AAAA"},
        {"signatures": 7},
        {"earlier": None},
        {"sent_at": "now"},
        {"sent_at": 10**20},
    ):
        damaged = replace(receipt, details={**receipt.details, **wrong})
        with failing(LedgerRejectedError, Reason.REJECTED):
            await ledger.verify(damaged, checkpoint())
    strange = replace(receipt, details={**receipt.details, "fee": 7})
    assert ledger.fee(strange) is None


async def test_wrong_network(world: World, dead_url: str) -> None:
    """A node of another network is refused, wherever it would count."""
    node = await world.node()
    other = await world.lies(node)
    other.told["chain"] = lambda answer: altered(
        answer, lambda _, value: "00000000" if value == node.chain else value
    )
    ledger = world.ledger(node, other, dead_url)
    with failing(LedgerRejectedError, Reason.WRONG_NETWORK):
        await ledger.check()
    lone = world.ledger(node)
    receipt = await anchored(node, lone)
    with failing(LedgerRejectedError, Reason.WRONG_NETWORK):
        await world.ledger(other).verify(receipt, checkpoint())
    with failing(LedgerRejectedError, Reason.WRONG_NETWORK):
        await world.ledger(other).published(3)


async def test_nodes_that_are_down(world: World, dead_url: str) -> None:
    """Two of three are enough; one of three is not, to decide what is so."""
    node = await world.node()
    second = await world.lies(node)
    ledger = world.ledger(node, second, dead_url)
    assert await ledger.check() == node.chain
    receipt = await anchored(node, ledger)
    verification = await ledger.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.CONFIRMED
    lonely = world.ledger(node, dead_url, dead_url + "/2")
    for question in (
        lonely.prepare(checkpoint(), []),
        lonely.confirm(replace(receipt, status=AnchorStatus.SUBMITTED)),
        lonely.verify(receipt, checkpoint()),
    ):
        with failing(LedgerUnavailableError, Reason.CANNOT_CONNECT):
            await question
    assert await lonely.latest() == checkpoint()
