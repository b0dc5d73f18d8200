"""What is found of a log on private networks, and what nodes say in place of it."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from custom_components.sensorchain.ledgers.catalog import CATALOG
from custom_components.sensorchain.ledgers.http import AiohttpTransport
from custom_components.sensorchain.ledgers.iota import graphql, history, json_rpc
from custom_components.sensorchain.ledgers.iota.ledger import IotaLedger
from custom_components.sensorchain.ledgers.iota.programs import add_record, notarise
from custom_components.sensorchain.ledgers.iota.settings import AnchorForm, IotaSettings
from custom_components.sensorchain.ledgers.iota.trails import recorder
from custom_components.sensorchain.ledgers.ledger import (
    AnchorStatus,
    LedgerRejectedError,
    LedgerUnavailableError,
    Reason,
)
from demo.iota.private_iota import PrivateIota
from tests.ledgers.common import KEY, checkpoint

from .conftest import ADDRESS, Lie, World, altered, instead, unknown
from .test_ledger import MINUTES, anchored, failing, forms, sent, spend


async def write(world: World, node: PrivateIota, settings: IotaSettings) -> None:
    """Let another program of the account write something else where the log's anchors are."""
    if settings.form is AnchorForm.NOTARIZATION:
        await spend(world, node, notarise(node.packages, "something else"))
        await node.checkpoint()
        return
    trail = settings.trail_object
    assert trail
    may_add = await recorder(world.client(node), ADDRESS, node.packages, trail)
    assert may_add
    record = add_record(node.packages, trail, may_add, "something else")
    await spend(world, node, record)


async def sizes(ledger: IotaLedger, limit: int = 9) -> list[int]:
    """Return the sizes of the checkpoints that are found."""
    found = await ledger.published(limit)
    return [each.checkpoint.checkpoint.size for each in found]


@forms
async def test_among_others(
    world: World, form: AnchorForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the account has written beside is passed over, but not for ever."""
    for module in (graphql, json_rpc):
        monkeypatch.setattr(module, "PAGE", 2)
    monkeypatch.setattr(history, "MOST_OTHERS", 6)
    monkeypatch.setattr(history, "MOST_PAGES", 3)
    node = await world.node()
    settings = await world.ready(form, node)
    ledger = world.on(settings)
    await anchored(node, ledger, 1)
    for _ in range(3):
        await write(world, node, settings)
    await anchored(node, ledger, 2)
    await write(world, node, settings)
    assert await sizes(ledger) == [2, 1]
    assert await sizes(ledger, 1) == [2]
    for _ in range(6):
        await write(world, node, settings)
    with failing(LedgerRejectedError, Reason.UNSEARCHABLE):
        await ledger.latest()


async def test_forgotten_notarizations(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what is forgotten the objects are left; a node that lists too many lists not all."""
    node = await world.node()
    settings = world.settings(node, form=AnchorForm.NOTARIZATION)
    ledger = world.on(settings)
    for size in (1, 2):
        await anchored(node, ledger, size)
        await write(world, node, settings)
    await node.prune()
    assert await sizes(ledger) == [2, 1]
    assert await sizes(ledger, 1) == [2]
    monkeypatch.setattr(history, "FULL", 4)
    with failing(LedgerRejectedError, Reason.UNSEARCHABLE):
        await ledger.latest()


def rewritten(change: Callable[[bytes], bytes]) -> Lie:
    """Return a lie of what is in objects."""

    def lie(key: str, value: Any) -> Any:
        if key not in {"bcs", "bcsBytes"} or not isinstance(value, str):
            return value
        return b64encode(change(b64decode(value))).decode()

    return lambda answer: altered(answer, lie)


def of_another_kind(answer: Any) -> Any:
    """Say that an object is of another kind."""

    def change(key: str, value: Any) -> Any:
        is_kind = key in {"repr", "type"} and isinstance(value, str)
        return "0x1::a::B" if is_kind else value

    return altered(answer, change)


def other_number(contents: bytes) -> bytes:
    """Return a record with another number: before the address of who has added it."""
    return contents.replace(bytes(8) + ADDRESS, b"\1" + bytes(7) + ADDRESS)


@pytest.mark.parametrize(
    ("lie", "reason"),
    [
        (unknown, Reason.OUT_OF_SYNC),
        (rewritten(lambda contents: contents + b"\0"), Reason.NOT_A_NODE),
        (rewritten(other_number), Reason.NOT_A_NODE),
    ],
)
async def test_records_that_are_none(world: World, lie: Lie, reason: Reason) -> None:
    """A trail whose records are missing, or others, is no answer."""
    node = await world.node()
    lies = await world.lies(node)
    settings = await world.ready(AnchorForm.AUDIT_TRAIL, node)
    receipt = await anchored(node, world.on(settings))
    ledger = world.on(replace(settings, nodes=(lies.url,)))
    # The trail itself is asked for first, and told.
    truths = iter([True, False] * 2)
    lies.told["object"] = lambda answer: answer if next(truths) else lie(answer)
    with failing(LedgerUnavailableError, reason):
        await ledger.published(9)
    await node.prune()
    with failing(LedgerUnavailableError, reason):
        await ledger.verify(receipt, checkpoint())


async def test_notarization_of_something_else(world: World) -> None:
    """An object that does not hold the message, or is of another kind, proves nothing."""
    node = await world.node()
    lies = await world.lies(node)
    ledger = world.ledger(lies)
    receipt = await anchored(node, ledger)
    await node.prune()
    for lie in (
        rewritten(lambda contents: contents.replace(b"checkpoint", b"chequepoin")),
        of_another_kind,
    ):
        lies.told["object"] = lie
        verification = await ledger.verify(receipt, checkpoint())
        assert verification.status is AnchorStatus.LOST
        assert verification.problem
    del lies.told["object"]
    verification = await ledger.verify(receipt, checkpoint())
    assert verification.status is AnchorStatus.CONFIRMED


async def test_trail_of_another_kind(world: World) -> None:
    """Neither anchors nor a trail are looked for in an object of other packages."""
    node = await world.node()
    lies = await world.lies(node)
    settings = await world.ready(AnchorForm.AUDIT_TRAIL, node)
    ledger = world.on(replace(settings, nodes=(lies.url,)))
    receipt = await anchored(node, ledger)
    await node.prune()
    lies.told["object"] = of_another_kind
    assert (await ledger.verify(receipt, checkpoint())).status is AnchorStatus.LOST
    with failing(LedgerUnavailableError, Reason.OUT_OF_SYNC):
        await ledger.published(9)


async def test_transaction_of_another_form(world: World) -> None:
    """A receipt that names some payment is refuted; a node that tells of one is no node."""
    node = await world.node()
    lies = await world.lies(node)
    ledger = CATALOG["iota"].create(
        AiohttpTransport(world.session),
        world.settings(lies, form=AnchorForm.NOTARIZATION).to_json(),
        KEY.verifier,
    )
    payment = node.network.history()[0].digest
    prepared = await ledger.prepare(checkpoint(), [])
    receipt = await ledger.publish(prepared)
    await node.checkpoint()
    wrong = replace(receipt, transaction=payment)
    verification = await ledger.verify(wrong, checkpoint())
    assert verification.status is AnchorStatus.LOST
    assert verification.problem
    assert verification.problem.startswith("The transaction is no anchor")
    lies.told["executed"] = instead(b"\0\0\0")
    with failing(LedgerUnavailableError, Reason.NOT_A_NODE):
        await ledger.confirm(receipt)
    with failing(LedgerUnavailableError, Reason.NOT_A_NODE):
        await ledger.renew(prepared)


async def test_found_although_another_time_is_told(world: World) -> None:
    """A receipt that says an earlier time than the record's proves nothing with that."""
    node = await world.node()
    settings = await world.ready(AnchorForm.AUDIT_TRAIL, node)
    ledger = world.on(settings)
    receipt = await anchored(node, ledger)
    await anchored(node, ledger, 8)
    await node.prune()
    assert receipt.confirmed_at
    early = replace(receipt, confirmed_at=receipt.confirmed_at - 60 * MINUTES)
    verification = await ledger.verify(early, checkpoint())
    assert verification.status is AnchorStatus.LOST
    late = replace(receipt, confirmed_at=receipt.confirmed_at + 60 * MINUTES)
    verification = await ledger.verify(late, checkpoint())
    assert verification.status is AnchorStatus.CONFIRMED
    assert verification.existed_before
    assert verification.existed_before <= receipt.confirmed_at
    assert await sizes(ledger) == [8, 7]
    assert (await sent(ledger, 9))[1].status is AnchorStatus.SUBMITTED
