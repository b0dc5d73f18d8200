"""The log's trail: made and sealed once, whatever happens on the way."""

from typing import Any

from aiohttp import web
import pytest

from custom_components.sensorchain.ledgers.iota import bcs, trails
from custom_components.sensorchain.ledgers.iota.key import Key
from custom_components.sensorchain.ledgers.iota.objects import Capability, TrailState
from custom_components.sensorchain.ledgers.iota.programs import (
    ROLE,
    Trail,
    make_trail,
    seal_trail,
)
from custom_components.sensorchain.ledgers.iota.settings import AnchorForm
from custom_components.sensorchain.ledgers.iota.transaction import (
    Builder,
    Gas,
    ObjectRef,
    Owned,
    Program,
    Pure,
    Transaction,
    Transfer,
)
from custom_components.sensorchain.ledgers.ledger import (
    LedgerRejectedError,
    LedgerUnavailableError,
    Reason,
)
from custom_components.sensorchain.transparency.note import SigningKey
from demo.iota.private_iota import PrivateIota
from tests.ledgers.common import KEY

from .conftest import ACCOUNT_KEY, ADDRESS, ONE, World, failed, unknown
from .test_ledger import anchored, failing

OTHER_LOG = SigningKey.from_seed("f" * 32, bytes(range(1, 33)))


async def capabilities(
    world: World, node: PrivateIota, owner: bytes = ADDRESS
) -> list[tuple[Capability, ObjectRef]]:
    """Return what an account may do with trails."""
    kind = str(node.packages.capability)
    return [
        (Capability.parse(each.contents), each.reference)
        for each in await world.client(node).owned(owner, kind)
    ]


async def run(
    world: World, node: PrivateIota, program: Program, key: Key = ACCOUNT_KEY
) -> None:
    """Run a program as some other software would."""
    client = world.client(node)
    coin = max(await client.coins(key.address), key=lambda each: each.balance)
    gas = Gas(
        payment=(coin.reference,), owner=key.address, price=1000, budget=ONE // 10
    )
    data = Transaction(program, key.address, gas).to_bytes()
    effects = await client.execute(data, [key.sign(data)])
    assert effects.problem is None


def given_to(address: bytes, capability: ObjectRef) -> Program:
    """Return what gives a capability to somebody."""
    program = Builder()
    recipient = program.pure(address)
    program.add(Transfer((program.input(Owned(capability)),), recipient))
    return program.finish()


async def test_made_and_sealed(world: World) -> None:
    """The trail has the log's name, and nobody may do anything but add records."""
    node = await world.node()
    ledger = world.on(world.settings(node))
    trail = await ledger.make_trail()
    assert await ledger.make_trail() == trail
    ((capability, _),) = await capabilities(world, node)
    assert capability == Capability(trail.object_id, ROLE)
    found = await world.client(node).object(trail.object_id)
    assert found
    assert found.initial_version == trail.initial_version
    state = TrailState.parse(found.contents)
    assert (state.name, state.creator, state.count) == (KEY.name, ADDRESS, 0)


@pytest.mark.parametrize("cut", ["before", "after"])
@pytest.mark.parametrize("step", [1, 2])
async def test_power_cut(world: World, step: int, cut: str) -> None:
    """Whenever it stops, before a transaction is sent or after, the rest is done later."""
    node = await world.node()
    lies = await world.lies(node)
    steps = iter(range(1, 3))

    def stop(answer: Any) -> Any:
        return web.Response(status=503) if next(steps) == step else answer

    lies.told["execute" if cut == "after" else "dry_run"] = stop
    with failing(LedgerUnavailableError, Reason.NODE_ERROR):
        await world.on(world.settings(lies)).make_trail()
    lies.told.clear()
    trail = await world.on(world.settings(lies)).make_trail()
    ((capability, _),) = await capabilities(world, node)
    assert capability == Capability(trail.object_id, ROLE)


async def test_logs_of_one_account(world: World) -> None:
    """Each log has its own trail, also where another one's is half made."""
    node = await world.node()
    await run(world, node, make_trail(node.packages, ADDRESS, OTHER_LOG.name))
    ((half, _),) = await capabilities(world, node)
    trail = await world.on(world.settings(node)).make_trail()
    assert trail.object_id != half.trail
    other = await world.on(world.settings(node), OTHER_LOG).make_trail()
    assert other.object_id == half.trail
    roles = [each.role for each, _ in await capabilities(world, node)]
    assert roles == [ROLE, ROLE]


async def test_trails_of_strangers(world: World) -> None:
    """A trail that somebody else has made under the log's name is not taken."""
    node = await world.node()
    stranger = Key.generate()
    await node.fund(stranger.address, ONE)
    program = make_trail(node.packages, stranger.address, KEY.name)
    await run(world, node, program, stranger)
    ((admin, reference),) = await capabilities(world, node, stranger.address)
    found = await world.client(node).object(admin.trail)
    assert found
    assert found.initial_version
    trail = Trail(admin.trail, found.initial_version)
    sealed = seal_trail(node.packages, trail, reference)
    await run(world, node, sealed, stranger)
    ((_, recorder),) = await capabilities(world, node, stranger.address)
    await run(world, node, given_to(ADDRESS, recorder), stranger)
    own = await world.on(world.settings(node)).make_trail()
    assert own.object_id != trail.object_id


async def test_other_roles(world: World) -> None:
    """A role that somebody has added to the trail is not the one that is needed."""
    node = await world.node()
    await run(world, node, make_trail(node.packages, ADDRESS, KEY.name))
    ((admin, reference),) = await capabilities(world, node)
    found = await world.client(node).object(admin.trail)
    assert found
    assert found.initial_version
    trail = Trail(admin.trail, found.initial_version)
    sealing = seal_trail(node.packages, trail, reference)
    inputs = tuple(
        Pure(bcs.text("auditor")) if each == Pure(bcs.text(ROLE)) else each
        for each in sealing.inputs
    )
    # Without the last step the administrator's capability is still there.
    await run(world, node, Program(inputs, sealing.commands[:-1]))
    assert await world.on(world.settings(node)).make_trail() == trail
    roles = [each.role for each, _ in await capabilities(world, node)]
    assert sorted(roles) == ["auditor", ROLE]


async def test_capability_was_given_away(world: World) -> None:
    """A trail that the account may do nothing with any more is replaced by another one."""
    node = await world.node()
    program = make_trail(node.packages, ADDRESS, KEY.name)
    await run(world, node, program)
    ((_, admin),) = await capabilities(world, node)
    stranger = Key.generate()
    await run(world, node, given_to(stranger.address, admin))
    trail = await world.on(world.settings(node)).make_trail()
    ((capability, _),) = await capabilities(world, node)
    assert capability.trail == trail.object_id


async def test_trail_that_a_node_lacks(world: World) -> None:
    """Nothing is made while a node tells half of it."""
    node = await world.node()
    ledger = world.on(world.settings(node))
    await ledger.make_trail()
    lies = await world.lies(node)
    lies.told["object"] = unknown
    lies.told["dry_run"] = lambda _: web.Response(status=503)
    with failing(LedgerUnavailableError, Reason.NODE_ERROR):
        await world.on(world.settings(lies)).make_trail()


async def test_failure(world: World) -> None:
    """A transaction that has failed is told in words."""
    node = await world.node()
    lies = await world.lies(node)
    lies.told["execute"] = failed
    with pytest.raises(LedgerRejectedError, match="The network did not make the trail"):
        await world.on(world.settings(lies)).make_trail()


async def test_never_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the nodes do not show within a minute is asked for later."""
    monkeypatch.setattr(trails, "_LOOKS", 2)
    node = await world.node()
    lies = await world.lies(node)
    lies.told["object"] = unknown
    with failing(LedgerUnavailableError, Reason.OUT_OF_SYNC):
        await world.on(world.settings(lies)).make_trail()


async def test_seen_later(world: World) -> None:
    """A node that shows objects some time after it has made them is waited for."""
    node = await world.node()
    lies = await world.lies(node)
    late = iter([True, True, False, False, True])

    def hide(answer: Any) -> Any:
        return unknown(answer) if next(late, False) else answer

    lies.told["object"] = hide
    trail = await world.on(world.settings(lies)).make_trail()
    assert trail == await world.on(world.settings(node)).make_trail()


async def test_too_dear(world: World) -> None:
    """No trail is made for more than a transaction may cost."""
    node = await world.node()
    with failing(LedgerRejectedError, Reason.FEES_TOO_HIGH):
        await world.on(world.settings(node, most_fee="0.002")).make_trail()
    with failing(LedgerRejectedError, Reason.REJECTED):
        await world.on(world.settings(node, private_key=None)).make_trail()


async def test_used_by_two(world: World) -> None:
    """Two logs of one account, each in its trail."""
    node = await world.node()
    first = world.on(await world.ready(AnchorForm.AUDIT_TRAIL, node))
    settings = await world.ready(AnchorForm.AUDIT_TRAIL, node, key=OTHER_LOG)
    second = world.on(settings, OTHER_LOG)
    await anchored(node, first)
    assert await second.published(9) == []
    assert len(await first.published(9)) == 1
