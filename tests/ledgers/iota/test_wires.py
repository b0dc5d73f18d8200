"""Both ways of asking a node, side by side: the same questions, the same answers."""

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import ClientSession
import iota_sdk as sdk
import pytest

from custom_components.sensorchain.ledgers.http import AiohttpTransport
from custom_components.sensorchain.ledgers.iota.client import (
    Effects,
    Executed,
    IotaClient,
    LockedError,
    MoveObject,
    OutOfGasError,
    PriceError,
    Sent,
    StaleError,
)
from custom_components.sensorchain.ledgers.iota.key import Key
from custom_components.sensorchain.ledgers.iota.objects import Capability, TrailState
from custom_components.sensorchain.ledgers.iota.programs import (
    ROLE,
    Trail,
    add_record,
    make_trail,
    notarise,
    seal_trail,
)
from custom_components.sensorchain.ledgers.iota.settings import Wire
from custom_components.sensorchain.ledgers.iota.transaction import (
    Gas,
    Program,
    Transaction,
    written,
)
from custom_components.sensorchain.ledgers.ledger import (
    LedgerError,
    LedgerRejectedError,
    LedgerUnavailableError,
    Reason,
)
from demo.iota.private_iota import PrivateIota
from tests.ledgers.conftest import loopback, session

from .wires import CLIENTS

__all__ = ["loopback", "session"]

KEY = Key(b"whoever asks in two ways, always")
ONE = 10**9
BUDGET = 50_000_000

type Ask[T] = Callable[[IotaClient], Coroutine[Any, Any, T]]


def worded[T](answer: T) -> T:
    """Return an answer without what each wire has words of its own for.

    That is why something failed, and where the next part of a history begins.
    """
    match answer:
        case Effects(str()):
            return replace(answer, problem="failed")
        case Executed():
            return replace(answer, effects=worded(answer.effects))
        case Sent():
            cursor = answer.cursor and "more"
            transactions = tuple(map(worded, answer.transactions))
            return replace(answer, transactions=transactions, cursor=cursor)
    return answer


def entry_of(table: bytes, number: int) -> Ask[bytes | None]:
    """Ask for an entry of a table."""
    return lambda client: client.entry(table, number)


def object_of(object_id: bytes) -> Ask[MoveObject | None]:
    """Ask for an object."""
    return lambda client: client.object(object_id)


@dataclass(frozen=True)
class Both:
    """A node, asked in both ways at once."""

    node: PrivateIota
    clients: Mapping[Wire, IotaClient]

    async def say[T](self, ask: Ask[T]) -> T:
        """Return what a node answers to a question, the same over both."""
        one, other = [await ask(each) for each in self.clients.values()]
        assert worded(one) == worded(other)
        return one

    async def refuse(self, ask: Ask[object]) -> LedgerError:
        """Return why a node does not answer a question, the same over both."""
        errors = []
        for each in self.clients.values():
            with pytest.raises(LedgerError) as raised:
                await ask(each)
            errors.append(raised.value)
        one, other = errors
        assert (type(one), one.reason) == (type(other), other.reason)
        return one

    async def prepare(self, program: Program, **changes: Any) -> Transaction:
        """Return a transaction that the account's first coin pays for."""
        epoch = await self.say(lambda each: each.epoch())
        coins = await self.say(lambda each: each.coins(KEY.address))
        gas = Gas(
            payment=(coins[0].reference,),
            owner=KEY.address,
            price=epoch.gas_price,
            budget=BUDGET,
        )
        gas = replace(gas, **changes)
        return Transaction(program, KEY.address, gas, epoch.number + 1)

    async def send(self, wire: Wire, transaction: Transaction) -> Effects:
        """Send a transaction in one way, and again in the other: nothing changes."""
        data = transaction.to_bytes()
        await self.say(lambda each: each.dry_run(data))
        signatures = [KEY.sign(data)]
        effects = await self.clients[wire].execute(data, signatures)
        again = await self.say(lambda each: each.execute(data, signatures))
        assert worded(again) == worded(effects)
        executed = await self.say(lambda each: each.executed(transaction.digest))
        assert executed
        assert executed.transaction == transaction
        assert worded(executed.effects) == worded(effects)
        assert executed.included is None
        await self.node.checkpoint()
        executed = await self.say(lambda each: each.executed(transaction.digest))
        assert executed
        assert executed.included
        return effects

    async def capability(self, role: str | None) -> MoveObject:
        """Return the account's only capability, which gives a role."""
        kind = str(self.node.packages.capability)
        (found,) = await self.say(lambda each: each.owned(KEY.address, kind))
        assert found.kind == kind
        if role:
            assert Capability.parse(found.contents).role == role
        return found


@pytest.fixture
async def both(session: ClientSession) -> AsyncIterator[Both]:
    """Return a node on which the account has a coin."""
    async with AsyncExitStack() as stack:
        node = await stack.enter_async_context(PrivateIota(checkpoint_interval=0))
        await node.fund(KEY.address, ONE)
        transport = AiohttpTransport(session)
        yield Both(
            node,
            {
                wire: client(transport, node.url_of(wire))
                for wire, client in CLIENTS.items()
            },
        )


@pytest.mark.parametrize("wire", Wire)
async def test_trail(both: Both, wire: Wire) -> None:
    """It is made, sealed and written to; everything that is seen of it is the same."""
    packages = both.node.packages
    assert await both.say(lambda each: each.chain()) == both.node.chain
    assert await both.say(lambda each: each.balance(KEY.address)) == ONE
    made = await both.prepare(make_trail(packages, KEY.address, "a log"))
    effects = await both.send(wire, made)
    assert effects.problem is None
    assert 0 < effects.fee <= effects.gas < BUDGET
    assert await both.say(lambda each: each.balance(KEY.address)) == ONE - effects.fee

    admin = await both.capability(None)
    trail_id = Capability.parse(admin.contents).trail
    found = await both.say(object_of(trail_id))
    assert found
    assert found.kind == str(packages.trail)
    assert found.initial_version == found.reference.version
    trail = Trail(trail_id, found.initial_version)
    sealing = await both.prepare(seal_trail(packages, trail, admin.reference))
    assert (await both.send(wire, sealing)).problem is None
    assert await both.say(lambda each: each.object(admin.reference.object_id)) is None

    for number, message in enumerate(("first", "second")):
        recorder = await both.capability(ROLE)
        program = add_record(packages, trail, recorder.reference, message)
        assert (await both.send(wire, await both.prepare(program))).problem is None
        found = await both.say(object_of(trail_id))
        assert found
        assert found.initial_version == trail.initial_version
        table = TrailState.parse(found.contents).table
        entry = await both.say(entry_of(table, number))
        assert entry
        assert message.encode() in entry
        assert await both.say(entry_of(table, number + 1)) is None


@pytest.mark.parametrize("wire", Wire)
async def test_notarizations(both: Both, wire: Wire) -> None:
    """They are found as objects, and as what the account has sent."""
    packages = both.node.packages
    sent = []
    for message in ("first", "second", "third"):
        sent.append(await both.prepare(notarise(packages, message)))
        assert (await both.send(wire, sent[-1])).problem is None
    owned = await both.say(
        lambda each: each.owned(KEY.address, str(packages.notarised))
    )
    assert len(owned) == 3
    for each in owned:
        assert await both.say(object_of(each.reference.object_id)) == each
    history = await both.say(lambda each: each.sent(KEY.address))
    assert [each.transaction for each in history.transactions] == sent[::-1]
    assert history.cursor is None


async def test_long_history(both: Both) -> None:
    """It is told in parts, the newest first."""
    client = both.clients[Wire.JSON_RPC]
    made = []
    for number in range(52):
        program = notarise(both.node.packages, f"number {number}")
        transaction = await both.prepare(program)
        data = transaction.to_bytes()
        await client.execute(data, [KEY.sign(data)])
        made.append(transaction)
    await both.node.checkpoint()
    for each in both.clients.values():
        first = await each.sent(KEY.address)
        assert first.cursor
        second = await each.sent(KEY.address, first.cursor)
        assert second.cursor is None
        found = first.transactions + second.transactions
        assert [one.transaction for one in found] == made[::-1]
    owned = await both.say(
        lambda each: each.owned(KEY.address, str(both.node.packages.notarised))
    )
    assert len(owned) == 50


async def test_what_is_not_there(both: Both) -> None:
    """Nobody, nothing, nowhere."""
    nobody = b"\x77" * 32
    assert await both.say(lambda each: each.balance(nobody)) == 0
    assert await both.say(lambda each: each.coins(nobody)) == []
    kind = str(both.node.packages.capability)
    assert await both.say(lambda each: each.owned(nobody, kind)) == []
    assert await both.say(lambda each: each.object(nobody)) is None
    assert await both.say(lambda each: each.entry(nobody, 2**64 - 1)) is None
    assert await both.say(lambda each: each.executed("1" * 32)) is None
    sent = await both.say(lambda each: each.sent(nobody))
    assert sent == Sent((), None)


@pytest.mark.parametrize(
    ("changes", "kind", "reason"),
    [
        ({"budget": 999_999}, OutOfGasError, Reason.FEES_TOO_HIGH),
        ({"budget": 2 * ONE}, OutOfGasError, Reason.INSUFFICIENT_FUNDS),
        ({"budget": 51 * ONE}, LedgerRejectedError, Reason.REJECTED),
        ({"price": 999}, PriceError, Reason.FEES_TOO_HIGH),
    ],
)
async def test_what_is_not_paid(
    both: Both, changes: dict[str, int], kind: type[LedgerError], reason: Reason
) -> None:
    """It is refused before anything is executed, in a dry run as well."""
    program = notarise(both.node.packages, "not paid")
    transaction = await both.prepare(program, **changes)
    data = transaction.to_bytes()
    for ask in (
        lambda each: each.dry_run(data),
        lambda each: each.execute(data, [KEY.sign(data)]),
    ):
        error = await both.refuse(ask)
        assert type(error) is kind
        assert error.reason is reason
    assert await both.say(lambda each: each.executed(transaction.digest)) is None


async def test_what_runs_out_of_gas(both: Both) -> None:
    """It fails, and is paid for."""
    program = notarise(both.node.packages, "x" * 1000)
    transaction = await both.prepare(program, budget=1_100_000)
    effects = await both.send(Wire.GRAPHQL, transaction)
    assert effects.problem
    assert 0 < effects.fee <= 1_100_000
    assert await both.say(lambda each: each.balance(KEY.address)) == ONE - effects.fee


async def test_stale(both: Both) -> None:
    """Its coin is in another version by now; a version to come is not known yet."""
    program = notarise(both.node.packages, "first")
    late = await both.prepare(notarise(both.node.packages, "late"))
    await both.send(Wire.JSON_RPC, await both.prepare(program))
    data = late.to_bytes()
    for ask in (
        lambda each: each.dry_run(data),
        lambda each: each.execute(data, [KEY.sign(data)]),
    ):
        assert type(await both.refuse(ask)) is StaleError
    (coin,) = late.gas.payment
    ahead = replace(late, gas=replace(late.gas, payment=(replace(coin, version=99),)))
    early = ahead.to_bytes()
    error = await both.refuse(lambda each: each.execute(early, [KEY.sign(early)]))
    assert type(error) is LedgerUnavailableError
    assert error.reason is Reason.OUT_OF_SYNC


async def test_signature_of_another(both: Both) -> None:
    """It is refused for good."""
    transaction = await both.prepare(notarise(both.node.packages, "mine"))
    data = transaction.to_bytes()
    other = Key(bytes(32)).sign(data)
    error = await both.refuse(lambda each: each.execute(data, [other]))
    assert type(error) is LedgerRejectedError
    assert error.reason is Reason.REJECTED


async def test_equivocation(both: Both) -> None:
    """A coin that is promised twice is locked until the epoch ends; then this has expired."""
    transaction = await both.prepare(notarise(both.node.packages, "locked"))
    await both.node.equivocate(transaction.gas.payment[0].object_id)
    data = transaction.to_bytes()
    signatures = [KEY.sign(data)]
    error = await both.refuse(lambda each: each.execute(data, signatures))
    assert type(error) is LockedError
    before = await both.say(lambda each: each.epoch())
    await both.node.next_epoch()
    await both.node.next_epoch(2 * before.gas_price)
    after = await both.say(lambda each: each.epoch())
    assert (after.number, after.gas_price) == (before.number + 2, 2 * before.gas_price)
    error = await both.refuse(lambda each: each.execute(data, signatures))
    assert type(error) is StaleError


async def test_pruned_history(both: Both) -> None:
    """Transactions are forgotten, objects are not."""
    transaction = await both.prepare(notarise(both.node.packages, "kept"))
    await both.send(Wire.GRAPHQL, transaction)
    await both.node.prune()
    assert await both.say(lambda each: each.executed(transaction.digest)) is None
    kind = str(both.node.packages.notarised)
    assert len(await both.say(lambda each: each.owned(KEY.address, kind))) == 1


async def test_official_client(both: Both) -> None:
    """IOTA's own library reads the same from the same node."""
    transaction = await both.prepare(notarise(both.node.packages, "read by all"))
    await both.send(Wire.GRAPHQL, transaction)
    theirs = sdk.GraphQlClient(both.node.url_of(Wire.GRAPHQL))
    owner = sdk.Address.from_bytes(KEY.address)
    epoch = await both.say(lambda each: each.epoch())
    assert await theirs.reference_gas_price() == epoch.gas_price
    assert await theirs.balance(owner) == await both.say(
        lambda each: each.balance(KEY.address)
    )
    coins = await both.say(lambda each: each.coins(KEY.address))
    page = await theirs.coins(owner)
    assert [(each.id().to_bytes(), each.balance()) for each in page.data] == [
        (each.reference.object_id, each.balance) for each in coins
    ]
    found = await theirs.transaction(
        sdk.TransactionDigest.from_base58(transaction.digest)
    )
    assert found
    assert found.transaction.to_bcs() == transaction.to_bytes()
    assert written(KEY.address) == owner.to_canonical_string(True)
