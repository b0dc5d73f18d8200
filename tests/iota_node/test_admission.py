"""What a node refuses before anything is executed: no effects, no fee, and the words of a real node."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import iota_sdk as sdk
import pytest

from custom_components.sensorchain.ledgers.iota.key import Key
from custom_components.sensorchain.ledgers.iota.programs import (
    CLOCK,
    add_record,
    notarise,
)
from custom_components.sensorchain.ledgers.iota.transaction import (
    Builder,
    Owned,
    Program,
    Pure,
    Shared,
    Transaction,
    Transfer,
)
from demo.iota.private_iota import PrivateIota
from demo.iota.refusals import RefusedError

from .conftest import BUDGET, ONE, Account, Wires, base64, reference

OTHER = Key(b"somebody else, who has their own")


def notarization(account: Account) -> Program:
    """Return a program that succeeds."""
    return notarise(account.node.packages, "A message")


def paying(**changes: object) -> Callable[[Account], Transaction]:
    """Return what makes a transaction that pays in another way."""
    return lambda account: account.prepare(notarization(account), **changes)


def with_input(*inputs: object) -> Callable[[Account], Transaction]:
    """Return what makes a transaction with more inputs."""

    def make(account: Account) -> Transaction:
        program = notarization(account)
        more = replace(program, inputs=(*program.inputs, *inputs))
        return account.prepare(more)  # type: ignore[arg-type]

    return make


def of_version(change: int) -> Callable[[Account], Transaction]:
    """Return what makes a transaction with a coin in another version."""

    def make(account: Account) -> Transaction:
        account.run(notarization(account))
        coin = account.coin()
        other = replace(coin, version=coin.version + change)
        return account.prepare(notarization(account), payment=(other,))

    return make


def of_digest(account: Account) -> Transaction:
    """Make a transaction with a coin of another digest."""
    coin = replace(account.coin(), digest=bytes(32))
    return account.prepare(notarization(account), payment=(coin,))


def twice(account: Account) -> Transaction:
    """Make a transaction with one coin twice."""
    coin = account.coin()
    return account.prepare(notarization(account), payment=(coin, coin))


def with_object(account: Account) -> Transaction:
    """Make a transaction that is paid for with something that is no coin."""
    account.run(notarization(account))
    (made,) = account.owned("::Notarization")
    return account.prepare(notarization(account), payment=(reference(made),))


def expired(account: Account) -> Transaction:
    """Make a transaction for an epoch that is over."""
    transaction = replace(account.prepare(notarization(account)), expiration=0)
    account.node.network.next_epoch()
    return transaction


def elsewhere(account: Account) -> Transaction:
    """Make a transaction that calls a package which is not there."""
    program = Builder()
    program.call(bytes([9]) * 32, "record::new_text")
    return account.prepare(program.finish())


def large(account: Account) -> Transaction:
    """Make a transaction that is too large, though each of its inputs is not."""
    inputs = tuple(Pure(bytes([number]) + bytes(16_000)) for number in range(9))
    program = notarization(account)
    more = replace(program, inputs=(*program.inputs, *inputs))
    return account.prepare(more)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (paying(price=999), "Gas price 999 under reference gas price (RGP) 1000"),
        (paying(price=100_001), "Gas price cannot exceed 100000 nanos"),
        (paying(budget=999_999), "Gas budget: 999999 is lower than min: 1000000"),
        (paying(budget=50_000_000_001), "is higher than max: 50000000000"),
        (paying(budget=ONE + 1), "Balance of gas object 1000000000 is lower than the"),
        (paying(payment=()), "Transaction gas payment missing"),
        (of_version(-1), "is not available for consumption, current version: "),
        (of_version(1), "Could not find the referenced object 0x"),
        (of_digest, "Invalid Object digest for object 0x"),
        (twice, "inputs contain duplicated ObjectReference's"),
        (with_object, "is not a gas object"),
        (expired, "Transaction Expired"),
        (elsewhere, f"Dependent package not found on-chain: 0x{'09' * 32}"),
        (large, "serialized transaction size exceeded maximum of 131072"),
        (with_input(Pure(bytes(16_385))), "maximum pure argument size is 16384"),
        (with_input(Shared(bytes(32), 1)), "Could not find the referenced object 0x"),
        (with_input(Shared(CLOCK.object_id, 2)), "duplicated ObjectReference's"),
    ],
)
async def test_refusals(
    account: Account,
    wires: Wires,
    make: Callable[[Account], Transaction],
    words: str,
) -> None:
    """A transaction that cannot be executed is refused over both wires, and changes nothing."""
    transaction = make(account)
    before = account.owned("")
    data = transaction.to_bytes()
    for told in await wires.refusals(data, account.key.sign(data)):
        assert words in told
        assert "Transaction execution failed due to issues with" in told
    assert account.owned("") == before
    assert account.node.network.transaction(transaction.digest) is None


async def test_clock_is_read_only(account: Account) -> None:
    """Nobody changes the clock, or says that it was shared at another time."""
    for clock, words in (
        (replace(CLOCK, is_mutable=True), "immutable parameter expected"),
        (replace(CLOCK, initial_version=2), "Wrong initial version given"),
    ):
        program = notarization(account)
        inputs = tuple(clock if each == CLOCK else each for each in program.inputs)
        with pytest.raises(RefusedError, match=words):
            account.run(replace(program, inputs=inputs))


async def test_object_of_somebody_else(account: Account) -> None:
    """Nobody uses what another address has, be it as an input or to pay."""
    await account.node.fund(OTHER.address)
    theirs = Account(account.node, OTHER).coin()
    program = Builder()
    program.add(Transfer((program.input(Owned(theirs)),), program.pure(bytes(32))))
    for transaction in (
        account.prepare(program.finish()),
        account.prepare(notarization(account), payment=(theirs,)),
    ):
        with pytest.raises(RefusedError, match="not signed by the correct sender"):
            account.send(transaction)


async def test_dynamic_field_is_no_input(account: Account) -> None:
    """What an object has is reached through it alone."""
    trail = account.trail()
    node = account.node
    account.run(add_record(node.packages, trail, account.capability(), "A message"))
    whole = node.network.object(f"0x{trail.object_id.hex()}")
    assert whole
    entry = node.network.field(whole.value["records"]["id"], "u64", bytes(8))
    assert entry
    program = Builder()
    argument = program.input(Owned(reference(entry)))
    program.add(Transfer((argument,), program.pure(bytes(32))))
    with pytest.raises(RefusedError, match="is owned by object 0x"):
        account.run(program.finish())


@dataclass(frozen=True)
class Signed:
    """A transaction, and signatures that are not enough."""

    words: str
    sign: Callable[[Account, bytes], list[str]]


@pytest.mark.parametrize(
    "signed",
    [
        Signed("Expect 1 signer signatures but got 0", lambda _, data: []),
        Signed(
            "Expect 1 signer signatures but got 2",
            lambda account, data: [account.key.sign(data), OTHER.sign(data)],
        ),
        Signed("Required Signature from 0x", lambda _, data: [OTHER.sign(data)]),
        Signed(
            "Signature is not valid",
            lambda account, data: [account.key.sign(data + b"\0")],
        ),
    ],
)
async def test_signatures(account: Account, wires: Wires, signed: Signed) -> None:
    """Who sends it has to have signed it, and nobody else."""
    transaction = account.prepare(notarization(account))
    data = transaction.to_bytes()
    for told in await wires.refusals(data, *signed.sign(account, data)):
        assert f"Invalid user signature: {signed.words}" in told
    assert account.send(transaction).words is None


async def test_sponsor(account: Account) -> None:
    """Who pays has to sign, too."""
    await account.node.fund(OTHER.address)
    sponsor = Account(account.node, OTHER)
    before = [each.object_id for each in account.owned("")]
    transaction = account.prepare(
        notarization(account), payment=(sponsor.coin(),), owner=OTHER.address
    )
    with pytest.raises(RefusedError, match="Expect 2 signer signatures but got 1"):
        account.send(transaction)
    assert account.send(transaction, OTHER).words is None
    (made,) = account.owned("::Notarization")
    assert [made.object_id] == [
        each.object_id for each in account.owned("") if each.object_id not in before
    ]
    assert account.owned("::Coin")[0].balance == ONE
    assert sponsor.owned("::Coin")[0].balance < ONE


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\1" + bytes(40)])
async def test_nonsense(account: Account, wires: Wires, data: bytes) -> None:
    """What is not a transaction is not taken for one."""
    for told in await wires.refusals(data, account.key.sign(data)):
        assert "eserializ" in told


async def test_more_behind(account: Account, wires: Wires) -> None:
    """A transaction ends where it ends."""
    data = account.prepare(notarization(account)).to_bytes() + b"\0"
    for told in await wires.refusals(data, account.key.sign(data)):
        assert "eserializ" in told


async def test_repeat(account: Account) -> None:
    """The same transaction again is not executed again, and gives the same effects."""
    transaction = account.prepare(notarization(account))
    first = account.send(transaction)
    assert account.send(transaction) == first
    assert len(account.owned("::Notarization")) == 1


async def test_dry_run(account: Account, wires: Wires) -> None:
    """A dry run tells the effects that the execution has, and changes nothing; it need not be paid."""
    transaction = account.prepare(notarization(account))
    unpaid = account.prepare(notarization(account), payment=())
    before = account.owned("")
    query = "query($t:String!){dryRunTransactionBlock(txBytes:$t){error transaction{effects{status gasEffects{gasSummary{storageCost}}}}}}"
    costs = []
    for each in (transaction, unpaid):
        data = base64(each.to_bytes())
        told = (await wires.graphql(query, t=data))["data"]["dryRunTransactionBlock"]
        assert told["error"] is None
        answer = await wires.call("iota_dryRunTransactionBlock", data)
        used = answer["result"]["effects"]["gasUsed"]
        shown = told["transaction"]["effects"]
        assert shown["status"] == "SUCCESS"
        assert shown["gasEffects"]["gasSummary"]["storageCost"] == used["storageCost"]
        costs.append(used["storageCost"])
    assert costs[0] == costs[1]
    assert account.owned("") == before
    assert account.node.network.transaction(transaction.digest) is None


async def test_dry_run_is_refused(account: Account, wires: Wires) -> None:
    """What would not be executed at all is not tried, either."""
    transaction = account.prepare(notarization(account), price=999, budget=BUDGET)
    data = base64(transaction.to_bytes())
    query = "query($t:String!){dryRunTransactionBlock(txBytes:$t){error}}"
    told = await wires.graphql(query, t=data)
    assert "under reference gas price" in told["errors"][0]["message"]
    answer = await wires.call("iota_dryRunTransactionBlock", data)
    assert "under reference gas price" in answer["error"]["message"]


async def test_network_of_its_own_transactions(node: PrivateIota) -> None:
    """What only validators may send is refused."""
    nobody = sdk.Address.zero()
    kind = sdk.TransactionKind.new_randomness_state_update(
        sdk.RandomnessStateUpdate(
            epoch=0,
            randomness_round=0,
            random_bytes=b"",
            randomness_obj_initial_shared_version=sdk.Version.from_u64(1),
        )
    )
    payment = sdk.GasPayment(objects=[], owner=nobody, price=1000, budget=BUDGET)
    transaction = sdk.Transaction.new_v1(
        sdk.TransactionV1(kind, nobody, payment, sdk.TransactionExpiration.NONE())
    )
    with pytest.raises(RefusedError, match="system transactions"):
        node.network.execute(transaction.to_bcs(), [])
