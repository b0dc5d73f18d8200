"""One of three nodes lies: it prevents nothing, and proves nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.sensorchain.ledgers.iota.programs import notarise
from custom_components.sensorchain.ledgers.iota.settings import AnchorForm
from custom_components.sensorchain.ledgers.iota.transaction import Gas, Transaction
from custom_components.sensorchain.ledgers.ledger import (
    AnchorStatus,
    LedgerUnavailableError,
    Reason,
)
from tests.ledgers.common import checkpoint

from .conftest import Lie, World, elsewhere, failed, instead, unknown
from .test_ledger import confirmed, costing, failing, forms, sent, worth
from .test_transaction import PACKAGES

MINUTES = timedelta(minutes=1)


def other() -> bytes:
    """Return the bytes of a transaction that nobody has sent."""
    gas = Gas(payment=(), owner=bytes(32), price=1, budget=1)
    return Transaction(notarise(PACKAGES, "a lie"), bytes(32), gas).to_bytes()


LIES: dict[str, tuple[str, Lie]] = {
    "existence": ("executed", unknown),
    "effects": ("executed", failed),
    "checkpoint": ("executed", elsewhere),
    "bytes": ("executed", instead(other())),
}


@forms
@pytest.mark.parametrize(("question", "lie"), LIES.values(), ids=LIES)
async def test_where_it_stands(
    world: World, form: AnchorForm, question: str, lie: Lie
) -> None:
    """Nothing is confirmed, lost or proved against two nodes; in time the lie is told."""
    node = await world.node()
    liar = await world.lies(node)
    settings = await world.ready(form, node)
    nodes = (*settings.nodes, world.url(node) + "?2", liar.url)
    ledger = world.on(replace(settings, nodes=nodes))
    prepared, receipt = await sent(ledger)
    await node.checkpoint()
    liar.told[question] = lie
    is_silent = lie is LIES["bytes"][1]

    first = await ledger.confirm(receipt)
    verification = await ledger.verify(
        await world.on(settings).confirm(receipt), checkpoint()
    )
    if is_silent:
        # Bytes that hash to another name are no answer: two of three are enough.
        assert first.status is AnchorStatus.CONFIRMED
        assert verification.status is AnchorStatus.CONFIRMED
        return
    assert first == receipt
    assert await ledger.renew(prepared) == prepared
    world.clock.late += 11 * MINUTES
    if lie is unknown:
        # The object is there, which the liar has not denied.
        assert (await ledger.confirm(receipt)).status is AnchorStatus.CONFIRMED
        liar.told["object"] = unknown
    with failing(LedgerUnavailableError, Reason.NODES_DISAGREE):
        await ledger.confirm(receipt)
    assert (await ledger.verify(receipt, checkpoint())).status is (
        AnchorStatus.SUBMITTED
    )
    liar.told.clear()
    await confirmed(node, ledger, receipt)
    assert len(await ledger.published(9)) == 1


@pytest.mark.parametrize(
    ("question", "lie"),
    [
        ("coins", worth(1)),
        ("coins", worth(10**18)),
        ("dry_run", costing(1)),
        ("dry_run", failed),
        ("execute", failed),
        ("owned", unknown),
        ("object", unknown),
        ("epoch", unknown),
    ],
)
@forms
async def test_what_is_prepared(
    world: World, form: AnchorForm, question: str, lie: Lie
) -> None:
    """What two nodes say of coins, prices, costs and effects counts."""
    node = await world.node()
    liar = await world.lies(node)
    settings = await world.ready(form, node)
    nodes = (liar.url, *settings.nodes, world.url(node) + "?2")
    ledger = world.on(replace(settings, nodes=nodes))
    liar.told[question] = lie
    prepared, receipt = await sent(ledger)
    assert receipt.status is AnchorStatus.SUBMITTED
    assert await ledger.renew(prepared) == prepared
    await confirmed(node, ledger, receipt)
    assert len(await ledger.published(9)) == 1
