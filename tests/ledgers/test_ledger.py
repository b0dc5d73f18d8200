"""The life of an anchor on private Tangles."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import sys
import time
from traceback import walk_stack
from typing import Any

from aiohttp import ClientSession, web
import pytest

from custom_components.sensorchain.ledgers import nodes
from custom_components.sensorchain.ledgers.catalog import CATALOG
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
from custom_components.sensorchain.ledgers.message import Message
from custom_components.sensorchain.ledgers.tangle import ledger as tangle_ledger
from custom_components.sensorchain.ledgers.tangle.address import address_of
from custom_components.sensorchain.ledgers.tangle.bundle import (
    attach,
    message_trytes,
    validate,
)
from custom_components.sensorchain.ledgers.tangle.client import TangleClient
from custom_components.sensorchain.ledgers.tangle.ledger import TangleLedger
from custom_components.sensorchain.ledgers.tangle.proof_of_work import search
from custom_components.sensorchain.ledgers.tangle.settings import ProofOfWork
from custom_components.sensorchain.ledgers.tangle.transaction import Transaction
from custom_components.sensorchain.ledgers.tangle.trytes import trytes_to_text
from custom_components.sensorchain.transparency.note import SigningKey
from demo.tangle.private_tangle import PrivateTangle

from .common import KEY, WEIGHT, checkpoint, reading, settings
from .conftest import Client, Handler, Serve


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        """Begin now."""
        self.time = datetime.now(UTC)

    def __call__(self) -> datetime:
        """Return the time."""
        return self.time


class World:
    """Private Tangles that know nothing of each other, and ledgers on them."""

    def __init__(
        self, session: ClientSession, folder: Path, stack: AsyncExitStack
    ) -> None:
        """Begin with nothing."""
        self.session = session
        self.transport = AiohttpTransport(session)
        self.clock = Clock()
        self._folder = folder
        self._stack = stack
        self._count = 0

    async def tangle(self, **options: Any) -> PrivateTangle:
        """Return a new node, which issues milestones on command."""
        self._count += 1
        return await self._stack.enter_async_context(
            PrivateTangle(
                self._folder / f"{self._count}.db",
                **{"minimum_weight_magnitude": WEIGHT} | options,
            )
        )

    def ledger(self, *nodes: PrivateTangle | str, **changes: Any) -> TangleLedger:
        """Return a ledger on these nodes."""
        urls = [node if isinstance(node, str) else node.url for node in nodes]
        return TangleLedger(
            self.transport,
            settings(*urls, **changes),
            KEY.verifier,
            clock=self.clock,
            timeout=timedelta(minutes=1),
        )


@pytest.fixture
async def world(session: ClientSession, tmp_path: Path) -> AsyncIterator[World]:
    """Return a world of Tangles."""
    async with AsyncExitStack() as stack:
        yield World(session, tmp_path, stack)


@contextmanager
def failing(kind: type[LedgerError], reason: Reason) -> Iterator[None]:
    """Expect an error of a kind, for a reason."""
    with pytest.raises(kind) as raised:
        yield
    assert raised.value.reason is reason


def transactions(prepared: PreparedAnchor) -> list[Transaction]:
    """Return what was prepared."""
    trytes = prepared.content["trytes"]
    assert isinstance(trytes, list)
    return [Transaction.from_trytes(str(each)) for each in trytes]


def message(prepared: PreparedAnchor) -> Message:
    """Return the message of what was prepared."""
    return Message.parse(trytes_to_text(message_trytes(transactions(prepared))))


def searching() -> list[int]:
    """Return the threads that search for a proof of work now."""
    return [
        thread
        for thread, frame in sys._current_frames().items()
        if "search" in (each.f_code.co_name for each, _ in walk_stack(frame))
    ]


async def anchored(ledger: TangleLedger) -> tuple[PreparedAnchor, Receipt]:
    """Return an anchor that has been published."""
    prepared = await ledger.prepare(
        checkpoint(), [reading(index) for index in range(7)]
    )
    return prepared, await ledger.publish(prepared)


async def test_from_checkpoint_to_confirmation(world: World) -> None:
    """Prepare, publish, wait for a milestone, verify."""
    tangle = await world.tangle()
    ledger = world.ledger(tangle, explorer=f"{tangle.url}/transaction/{{transaction}}")
    assert await ledger.check() == tangle.coordinator_address

    prepared, submitted = await anchored(ledger)
    assert submitted.status is AnchorStatus.SUBMITTED
    assert submitted.transaction == transactions(prepared)[0].hash
    assert submitted.confirmed_at is submitted.place is None
    assert await ledger.confirm(submitted) == submitted
    verification = await ledger.verify(submitted, checkpoint())
    assert verification.status is AnchorStatus.SUBMITTED

    # A milestone's time has no more than milliseconds.
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    milestone = await tangle.issue_milestone()
    confirmed = await ledger.confirm(submitted)
    assert confirmed.status is AnchorStatus.CONFIRMED
    assert confirmed.place == f"milestone {milestone.number}"
    assert confirmed.transaction == submitted.transaction
    assert confirmed.details["milestone"] == milestone.transaction
    assert confirmed.details["coordinator"] == tangle.coordinator_address
    assert confirmed.confirmed_at is not None
    assert before <= confirmed.confirmed_at <= datetime.now(UTC)
    verification = await ledger.verify(confirmed, checkpoint())
    assert verification.status is AnchorStatus.CONFIRMED
    assert verification.problem is None
    assert verification.existed_before == confirmed.confirmed_at
    assert verification.place == confirmed.place
    assert verification.is_trial

    url = ledger.explorer_url(confirmed)
    assert url == f"{tangle.url}/transaction/{confirmed.transaction}"
    async with world.session.get(url) as page:
        assert page.status == 200
    assert world.ledger(tangle).explorer_url(confirmed) is None


async def test_what_was_prepared_is_final(world: World) -> None:
    """It is a valid bundle of enough weight at the log's address, in JSON."""
    ledger = world.ledger(await world.tangle())
    prepared = await ledger.prepare(checkpoint(), [reading(1), reading(3)])
    bundle = transactions(prepared)
    validate(bundle)
    assert all(each.weight >= WEIGHT for each in bundle)
    assert {each.address for each in bundle} == {address_of(KEY.verifier)}
    assert {each.tag for each in bundle} == {"SENSORCHAIN9999999999999999"}
    assert message(prepared) == Message(
        checkpoint().note, ((1, reading(1).leaf), (3, reading(3).leaf))
    )
    assert (
        PreparedAnchor.from_json(json.loads(json.dumps(prepared.to_json()))) == prepared
    )


async def test_publishing_again_changes_nothing(world: World) -> None:
    """The same bytes are the same transactions."""
    tangle = await world.tangle()
    ledger = world.ledger(tangle)
    prepared, receipt = await anchored(ledger)
    assert await ledger.publish(prepared) == receipt
    client = TangleClient(world.transport, tangle.url)
    found = await client.find_bundle(str(receipt.details["bundle"]))
    assert sorted(found) == sorted(each.hash for each in transactions(prepared))
    assert Receipt.from_json(json.loads(json.dumps(receipt.to_json()))) == receipt
    await tangle.issue_milestone()
    confirmed = await ledger.confirm(receipt)
    assert Receipt.from_json(json.loads(json.dumps(confirmed.to_json()))) == confirmed


@pytest.mark.parametrize("most", [1, 2, 4])
async def test_newest_readings_that_fit(world: World, most: int) -> None:
    """The number of transactions does not grow with the number of readings."""
    ledger = world.ledger(await world.tangle(), transactions=most)
    readings = [reading(index) for index in range(1000)]
    prepared = await ledger.prepare(checkpoint(), readings)
    assert len(transactions(prepared)) == most
    indexes = [index for index, _ in message(prepared).readings]
    assert indexes == list(range(1000 - len(indexes), 1000))
    assert len(indexes) >= 3 * most


async def test_readings_are_optional(world: World) -> None:
    """A log may keep all its readings to itself."""
    prepared = await world.ledger(await world.tangle()).prepare(checkpoint(), [])
    assert len(transactions(prepared)) == 1
    assert message(prepared) == Message(checkpoint().note, ())


async def test_checkpoint_that_does_not_fit(world: World) -> None:
    """It is refused before any work is done for it."""
    ledger = world.ledger(await world.tangle(), transactions=1)
    long = SigningKey.from_seed("a" * 600, bytes(32))
    with failing(LedgerRejectedError, Reason.TOO_LARGE):
        await ledger.prepare(checkpoint(7, long), [])


async def test_other_clients_read_it_by_address(world: World, client: Client) -> None:
    """Whoever has the verifier key finds the anchor, with a client that is not ours."""
    tangle = await world.tangle()
    prepared, receipt = await anchored(world.ledger(tangle))
    await tangle.issue_milestone()
    assert await client("read", tangle.url, address_of(KEY.verifier)) == [
        {
            "tail": receipt.transaction,
            "transactions": len(transactions(prepared)),
            "message": message(prepared).to_text(),
            "confirmed": True,
        }
    ]


async def test_reads_what_other_clients_send(world: World, client: Client) -> None:
    """A bundle that another client made is valid, and its message comes out."""
    tangle = await world.tangle()
    text = "sent by somebody else " * 100
    address = address_of(KEY.verifier)
    sent = await client("publish", tangle.url, address, "OTHER", text, str(WEIGHT))
    node = TangleClient(world.transport, tangle.url)
    found = await node.transactions(sent["hashes"])
    bundle = [each for each in found if each is not None]
    validate(bundle)
    assert len(bundle) == 3
    assert trytes_to_text(message_trytes(bundle)) == text


async def test_node_does_the_proof_of_work(world: World) -> None:
    """Where a person prefers it, the node searches; what it returns is checked."""
    tangle = await world.tangle()
    ledger = world.ledger(tangle, proof_of_work=ProofOfWork.NODE)
    prepared, receipt = await anchored(ledger)
    assert all(each.weight >= WEIGHT for each in transactions(prepared))
    await tangle.issue_milestone()
    assert (await ledger.confirm(receipt)).status is AnchorStatus.CONFIRMED


@pytest.mark.parametrize("fault", ["weight", "message", "order"])
async def test_node_that_attaches_wrongly(
    world: World, serve: Serve, fault: str
) -> None:
    """Another message or too little weight is not taken from a node."""

    async def handler(request: web.Request) -> web.Response:
        asked = await request.json()
        if asked["command"] == "getTransactionsToApprove":
            return web.json_response(
                {"trunkTransaction": "A" * 81, "branchTransaction": "B" * 81}
            )
        bundle = tuple(Transaction.from_trytes(each) for each in asked["trytes"])
        if fault == "message":
            bundle = tuple(replace(each, message="Z" * 2187) for each in bundle)
        find = _too_light if fault == "weight" else _enough
        attached = attach(bundle, "A" * 81, "B" * 81, 5, find)
        if fault == "order":
            attached = attached[:-1]
        return web.json_response({"trytes": [each.to_trytes() for each in attached]})

    ledger = world.ledger(await serve(handler), proof_of_work=ProofOfWork.NODE)
    with failing(LedgerUnavailableError, Reason.NOT_A_NODE):
        await ledger.prepare(checkpoint(), [reading(index) for index in range(9)])


def _enough(trytes: str) -> str:
    """Return a nonce of enough weight."""
    return search(trytes, WEIGHT)


def _too_light(trytes: str) -> str:
    """Return a nonce of too little weight."""
    while True:
        nonce = search(trytes, 1)
        if Transaction.from_trytes(trytes[:-27] + nonce).weight < WEIGHT:
            return nonce


async def test_cancelling_leaves_no_search(world: World) -> None:
    """The thread that searched has stopped when the task has."""
    ledger = world.ledger(await world.tangle(), minimum_weight_magnitude=81)
    task = asyncio.create_task(ledger.prepare(checkpoint(), []))
    async with asyncio.timeout(30):
        while not searching():
            await asyncio.sleep(0.01)
    start = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - start < 10
    assert not searching()


async def test_event_loop_goes_on_during_proof_of_work(world: World) -> None:
    """Other tasks have their turn while a thread searches."""
    ledger = world.ledger(await world.tangle(), minimum_weight_magnitude=81)
    task = asyncio.create_task(ledger.prepare(checkpoint(), []))
    async with asyncio.timeout(30):
        while not searching():
            await asyncio.sleep(0.01)
        for _ in range(100):
            await asyncio.sleep(0)
    assert searching()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_too_little_weight(world: World) -> None:
    """What the node refuses must be set right by a person."""
    tangle = await world.tangle()
    ledger = world.ledger(tangle)
    prepared = await ledger.prepare(checkpoint(), [])
    tangle.minimum_weight_magnitude = 40
    with failing(LedgerRejectedError, Reason.WEIGHT_REFUSED):
        await ledger.publish(prepared)


async def test_prepared_with_less_than_the_setting(world: World) -> None:
    """Everything is hashed again before it is sent."""
    tangle = await world.tangle()
    prepared = await world.ledger(tangle).prepare(checkpoint(), [])
    with failing(LedgerRejectedError, Reason.WEIGHT_REFUSED):
        await world.ledger(tangle, minimum_weight_magnitude=40).publish(prepared)


@pytest.mark.parametrize(
    "content", [{}, {"trytes": []}, {"trytes": ["9"]}, {"trytes": 5}]
)
async def test_damaged_anchor(world: World, content: Any) -> None:
    """What is not a bundle is not sent."""
    ledger = world.ledger(await world.tangle())
    with failing(LedgerRejectedError, Reason.REJECTED):
        await ledger.publish(PreparedAnchor(checkpoint().note, content))


async def test_reattaching_keeps_one_identity(world: World) -> None:
    """A lost anchor is attached anew; whichever attachment is confirmed counts."""
    tangle = await world.tangle()
    ledger = world.ledger(tangle)
    first, lost = await anchored(ledger)
    second = await ledger.renew(first)
    receipt = await ledger.publish(second)
    assert receipt.transaction != lost.transaction
    assert receipt.details["bundle"] == lost.details["bundle"]
    assert message(second) == message(first)
    assert [each.essence for each in transactions(second)] == [
        each.essence for each in transactions(first)
    ]
    await tangle.issue_milestone()
    for each in (lost, receipt):
        confirmed = await ledger.confirm(each)
        assert confirmed.status is AnchorStatus.CONFIRMED
        verification = await ledger.verify(confirmed, checkpoint())
        assert verification.status is AnchorStatus.CONFIRMED


async def test_confirmed_through_another_attachment(world: World) -> None:
    """The receipt then names the attachment that was confirmed."""
    other, tangle = await world.tangle(), await world.tangle()
    elsewhere = world.ledger(other)
    first, unknown = await anchored(elsewhere)
    ledger = world.ledger(tangle)
    receipt = await ledger.publish(await ledger.renew(first))
    await tangle.issue_milestone()
    confirmed = await ledger.confirm(unknown)
    assert confirmed.status is AnchorStatus.CONFIRMED
    assert confirmed.transaction == receipt.transaction


async def test_other_message_in_the_same_bundle_does_not_count(world: World) -> None:
    """The bundle hash does not cover messages, so that anybody can reuse it."""
    tangle = await world.tangle()
    elsewhere = world.ledger(await world.tangle())
    prepared, receipt = await anchored(elsewhere)
    client = TangleClient(world.transport, tangle.url)
    trunk, branch = await client.tips()
    forged = attach(
        tuple(replace(each, message="Z" * 2187) for each in transactions(prepared)),
        trunk,
        branch,
        int(time.time() * 1000),
        _enough,
    )
    await client.store([each.to_trytes() for each in forged])
    await tangle.issue_milestone()
    ledger = world.ledger(tangle)
    assert (await ledger.confirm(receipt)).status is AnchorStatus.LOST
    copied = replace(receipt, transaction=forged[0].hash)
    verification = await ledger.verify(copied, checkpoint())
    assert verification.status is AnchorStatus.LOST
    assert verification.existed_before is None


async def test_unknown_to_all_nodes_is_lost(world: World) -> None:
    """A node that has lost its data has lost the anchor."""
    _, receipt = await anchored(world.ledger(await world.tangle()))
    ledger = world.ledger(await world.tangle(), await world.tangle())
    assert (await ledger.confirm(receipt)).status is AnchorStatus.LOST
    verification = await ledger.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.LOST
    assert receipt.transaction in str(verification.problem)


async def test_tips_of_another_node_are_lost(world: World) -> None:
    """Where no node knows what it approves, the anchor is prepared again, not refused."""
    prepared, _ = await anchored(world.ledger(await world.tangle()))
    ledger = world.ledger(await world.tangle())
    receipt = await ledger.publish(prepared)
    assert receipt.status is AnchorStatus.LOST
    receipt = await ledger.publish(await ledger.renew(prepared))
    assert receipt.status is AnchorStatus.SUBMITTED


async def test_unconfirmed_for_too_long_is_lost(world: World) -> None:
    """Nodes do not choose old tips."""
    ledger = world.ledger(await world.tangle())
    _, receipt = await anchored(ledger)
    world.clock.time += tangle_ledger.LOST_AFTER - timedelta(minutes=1)
    assert (await ledger.confirm(receipt)).status is AnchorStatus.SUBMITTED
    world.clock.time += timedelta(minutes=2)
    assert (await ledger.confirm(receipt)).status is AnchorStatus.LOST


def between(
    world: World, tangle: PrivateTangle, change: Callable[[str, Any], Any]
) -> Handler:
    """Return what answers in a node's place, after a change by the command."""

    async def handler(request: web.Request) -> web.Response:
        asked = await request.json()
        async with world.session.post(
            tangle.url, json=asked, headers={"X-IOTA-API-Version": "1"}
        ) as response:
            answer = change(asked["command"], await response.json())
            return web.json_response(answer, status=response.status)

    return handler


async def test_half_a_bundle_is_none(world: World, serve: Serve) -> None:
    """A node that has lost some of a bundle's transactions has lost the anchor."""
    tangle = await world.tangle()
    _, receipt = await anchored(world.ledger(tangle))
    await tangle.issue_milestone()

    def change(command: str, answer: Any) -> Any:
        if command != "findTransactions":
            return answer
        return {**answer, "hashes": [receipt.transaction]}

    ledger = world.ledger(await serve(between(world, tangle, change)))
    assert (await ledger.confirm(receipt)).status is AnchorStatus.LOST
    assert await ledger.latest() is None
    assert await world.ledger(tangle).latest() == checkpoint()


@pytest.mark.parametrize("milestone", ["none", "of somebody", "of a far future"])
async def test_milestone_without_a_time(
    world: World, serve: Serve, milestone: str
) -> None:
    """What a node has confirmed is confirmed, but since when is told by milestones alone."""
    tangle = await world.tangle()
    _, receipt = await anchored(world.ledger(tangle))
    await tangle.issue_milestone()
    far = replace(
        Transaction.from_trytes("9" * 2673),
        address=tangle.coordinator_address,
        timestamp=(3**27 - 1) // 2,
    )
    named = {"none": "Z" * 81, "of somebody": receipt.transaction}

    def change(command: str, answer: Any) -> Any:
        if command == "getNodeInfo":
            name = named.get(milestone, far.hash)
            return {**answer, "latestSolidSubtangleMilestone": name}
        if command == "getTrytes" and set(answer["trytes"]) == {"9" * 2673}:
            wrong = "9" * 2672 if milestone == "none" else far.to_trytes()
            return {**answer, "trytes": [wrong]}
        return answer

    ledger = world.ledger(await serve(between(world, tangle, change)))
    confirmed = await ledger.confirm(receipt)
    assert confirmed.status is AnchorStatus.CONFIRMED
    assert confirmed.confirmed_at is None
    verification = await ledger.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.CONFIRMED
    assert verification.existed_before is None


@pytest.mark.parametrize("name", ["bundle", "message", "attached_at"])
async def test_receipt_of_another_ledger(world: World, name: str) -> None:
    """It is refused, not taken for lost."""
    ledger = world.ledger(await world.tangle())
    _, receipt = await anchored(ledger)
    details = {**receipt.details, name: None}
    with failing(LedgerRejectedError, Reason.REJECTED):
        await ledger.confirm(replace(receipt, details=details))


async def test_inconsistent_is_lost(world: World, serve: Serve) -> None:
    """Below the depth from which nodes choose tips, no milestone will come any more."""
    tangle = await world.tangle()
    _, receipt = await anchored(world.ledger(tangle))
    inconsistent = 0

    def change(command: str, answer: Any) -> Any:
        nonlocal inconsistent
        if command != "checkConsistency":
            return answer
        inconsistent += 1
        return {"state": False, "info": "below max depth"}

    ledger = world.ledger(await serve(between(world, tangle, change)))
    assert (await ledger.confirm(receipt)).status is AnchorStatus.SUBMITTED
    world.clock.time += tangle_ledger.SETTLING + timedelta(seconds=1)
    assert (await ledger.confirm(receipt)).status is AnchorStatus.LOST
    assert inconsistent == 2


async def test_failover(world: World, dead_url: str) -> None:
    """The first node that works is used."""
    tangle = await world.tangle()
    ledger = world.ledger(dead_url, tangle)
    assert await ledger.check() == tangle.coordinator_address
    _, receipt = await anchored(ledger)
    await tangle.issue_milestone()
    assert (await ledger.confirm(receipt)).status is AnchorStatus.CONFIRMED
    verification = await ledger.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.CONFIRMED


async def test_all_nodes_down(world: World, dead_url: str) -> None:
    """Every question says so, and may be asked again later."""
    tangle = await world.tangle()
    ledger = world.ledger(tangle, dead_url)
    prepared, receipt = await anchored(ledger)
    await tangle.stop()
    for question in (
        ledger.check,
        lambda: ledger.prepare(checkpoint(), []),
        lambda: ledger.renew(prepared),
        lambda: ledger.publish(prepared),
        lambda: ledger.confirm(receipt),
        lambda: ledger.verify(receipt, checkpoint()),
    ):
        with failing(LedgerUnavailableError, Reason.CANNOT_CONNECT):
            await question()
    await tangle.start()
    await tangle.issue_milestone()
    assert (await ledger.confirm(receipt)).status is AnchorStatus.CONFIRMED


async def test_majority_decides(world: World, dead_url: str) -> None:
    """Of the nodes that answer, more than half must agree."""
    first, second, third = [await world.tangle() for _ in range(3)]
    prepared, receipt = await anchored(world.ledger(first))
    await first.issue_milestone()

    two = world.ledger(first, second)
    assert (await two.confirm(receipt)).status is AnchorStatus.SUBMITTED
    verification = await two.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.SUBMITTED
    alone = world.ledger(first, dead_url)
    assert (await alone.confirm(receipt)).status is AnchorStatus.CONFIRMED

    # The same bundle at the second node: two of three.
    elsewhere = world.ledger(second)
    await elsewhere.publish(await elsewhere.renew(prepared))
    await second.issue_milestone()
    three = world.ledger(first, second, third)
    assert (await three.confirm(receipt)).status is AnchorStatus.CONFIRMED

    world.clock.time += timedelta(hours=1)
    with failing(LedgerUnavailableError, Reason.NODES_DISAGREE):
        await world.ledger(first, third).confirm(receipt)


async def test_slow_node_does_not_hold_up_the_others(
    world: World, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once one has answered, the others are not waited for long."""
    monkeypatch.setattr(nodes, "PATIENCE", timedelta(seconds=0.2))

    async def handler(request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    tangle = await world.tangle()
    _, receipt = await anchored(world.ledger(tangle))
    await tangle.issue_milestone()
    ledger = world.ledger(await serve(handler), tangle)
    start = time.monotonic()
    assert await ledger.check() == tangle.coordinator_address
    assert (await ledger.confirm(receipt)).status is AnchorStatus.CONFIRMED
    assert time.monotonic() - start < 30


async def test_restarted_node_still_knows(world: World) -> None:
    """What was published before the node stopped is confirmed after it has started."""
    tangle = await world.tangle()
    ledger = world.ledger(tangle)
    _, receipt = await anchored(ledger)
    await tangle.stop()
    with failing(LedgerUnavailableError, Reason.CANNOT_CONNECT):
        await ledger.confirm(receipt)
    await tangle.start()
    assert (await ledger.confirm(receipt)).status is AnchorStatus.SUBMITTED
    await tangle.issue_milestone()
    assert (await ledger.confirm(receipt)).status is AnchorStatus.CONFIRMED


async def test_wrong_network(world: World) -> None:
    """The coordinator's address tells networks apart."""
    tangle = await world.tangle()
    other = await world.tangle(coordinator_address="Z" * 80 + "9")
    for ledger in (
        world.ledger(tangle, other),
        world.ledger(other, coordinator=tangle.coordinator_address),
    ):
        with failing(LedgerRejectedError, Reason.WRONG_NETWORK):
            await ledger.check()
    ledger = world.ledger(tangle, coordinator=tangle.coordinator_address)
    assert await ledger.check() == tangle.coordinator_address


async def test_out_of_sync(world: World) -> None:
    """A node that lags is not asked what is confirmed."""
    tangle = await world.tangle()
    ledger = world.ledger(tangle)
    _, receipt = await anchored(ledger)
    await tangle.issue_milestone()
    tangle.unsolid_milestones = 5
    with failing(LedgerUnavailableError, Reason.OUT_OF_SYNC):
        await ledger.check()
    for answer in (ledger.confirm(receipt), ledger.latest(), ledger.published(9)):
        with failing(LedgerUnavailableError, Reason.OUT_OF_SYNC):
            await answer
    healthy = await world.tangle()
    assert await world.ledger(tangle, healthy).check() == healthy.coordinator_address


async def test_limited_command(world: World) -> None:
    """A node that does no proof of work for strangers says so."""
    tangle = await world.tangle(limited_commands=frozenset({"attachToTangle"}))
    ledger = world.ledger(tangle, proof_of_work=ProofOfWork.NODE)
    with failing(LedgerRejectedError, Reason.REJECTED):
        await ledger.prepare(checkpoint(), [])


async def test_verify_refuses_another_checkpoint(world: World) -> None:
    """An anchor proves its own checkpoint only."""
    tangle = await world.tangle()
    ledger = world.ledger(tangle)
    _, receipt = await anchored(ledger)
    await tangle.issue_milestone()
    verification = await ledger.verify(receipt, checkpoint(size=8))
    assert verification.status is AnchorStatus.LOST
    assert verification.problem


async def test_verify_refuses_another_key(world: World) -> None:
    """An anchor at another log's address proves nothing for this one."""
    tangle = await world.tangle()
    _, receipt = await anchored(world.ledger(tangle))
    await tangle.issue_milestone()
    key = SigningKey.from_seed(KEY.name, bytes(32))
    stranger = TangleLedger(world.transport, settings(tangle.url), key.verifier)
    verification = await stranger.verify(receipt, checkpoint(key=key))
    assert verification.status is AnchorStatus.LOST
    assert "address" in str(verification.problem)


async def test_verify_refuses_another_signature(world: World) -> None:
    """A checkpoint that the log has not signed is none of its own."""
    tangle = await world.tangle()
    ledger = world.ledger(tangle)
    forged = checkpoint(key=SigningKey.from_seed(KEY.name, bytes(32)))
    prepared = await ledger.prepare(forged, [])
    receipt = await ledger.publish(prepared)
    await tangle.issue_milestone()
    verification = await ledger.verify(receipt, forged)
    assert verification.status is AnchorStatus.LOST


async def test_verify_refuses_too_little_weight(world: World) -> None:
    """Work that the network would not take is no work."""
    tangle = await world.tangle()
    _, receipt = await anchored(world.ledger(tangle))
    await tangle.issue_milestone()
    strict = world.ledger(tangle, minimum_weight_magnitude=40)
    verification = await strict.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.LOST


async def test_catalog_makes_a_tangle(world: World) -> None:
    """A row of the catalog makes a ledger out of stored settings."""
    tangle = await world.tangle()
    kind = CATALOG["tangle"]
    ledger = kind.create(world.transport, settings(tangle.url).to_json(), KEY.verifier)
    assert await ledger.check() == tangle.coordinator_address
