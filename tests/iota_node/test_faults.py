"""What can go wrong with a node, on command."""

from pathlib import Path
import socket
import time

from aiohttp import ClientConnectionError, ClientSession
import pytest

from custom_components.sensorchain.ledgers.iota.programs import notarise
from custom_components.sensorchain.ledgers.iota.transaction import Transaction
from demo.iota.private_iota import PrivateIota
from demo.iota.refusals import LockedError, RefusedError, UnfinishedError
from demo.world.ports import free_ports

from .conftest import Account, Wires, base64

STATE = "query($d:String!){transactionBlock(digest:$d){digest effects{checkpoint{sequenceNumber timestamp}}}}"


def notarization(account: Account, message: str = "A message") -> Transaction:
    """Return a transaction that succeeds."""
    return account.prepare(notarise(account.node.packages, message))


async def test_checkpoints(account: Account, wires: Wires) -> None:
    """A transaction stands in no checkpoint until one is made, and in that one for good."""
    executed = account.send(notarization(account))
    told = await wires.graphql(STATE, d=executed.digest)
    assert told["data"]["transactionBlock"]["effects"]["checkpoint"] is None
    answer = await wires.call("iota_getTransactionBlock", executed.digest)
    assert "checkpoint" not in answer["result"]
    number = await account.node.checkpoint()
    await account.node.checkpoint()
    told = await wires.graphql(STATE, d=executed.digest)
    place = told["data"]["transactionBlock"]["effects"]["checkpoint"]
    assert place["sequenceNumber"] == number
    answer = await wires.call("iota_getTransactionBlock", executed.digest)
    assert answer["result"]["checkpoint"] == str(number)
    made = await wires.call("iota_getCheckpoint", str(number))
    assert executed.digest in made["result"]["transactions"]
    assert made["result"]["timestampMs"] == answer["result"]["timestampMs"]


async def test_hold(account: Account, wires: Wires) -> None:
    """A transaction that is held has locked its objects, and is executed when it is let go."""
    account.node.hold = True
    first, other = notarization(account), notarization(account, "Another one")
    with pytest.raises(UnfinishedError):
        account.send(first)
    told = await wires.graphql(STATE, d=first.digest)
    assert told["data"] == {"transactionBlock": None}
    answer = await wires.call("iota_getTransactionBlock", first.digest)
    assert answer["error"]["code"] == -32602
    assert "Could not find the referenced transaction" in answer["error"]["message"]
    data = other.to_bytes()
    for words in await wires.refusals(data, account.key.sign(data)):
        assert "one or more of its objects is reserved for another transaction" in words
        assert first.digest in words
    # The same one again is no other one.
    with pytest.raises(UnfinishedError):
        account.send(first)
    await account.node.release()
    assert account.node.network.transaction(first.digest)
    with pytest.raises(RefusedError, match="not available for consumption"):
        account.send(other)


async def test_held_until_the_epoch_ends(account: Account) -> None:
    """An epoch's end unlocks objects, and what was held is not executed."""
    account.node.hold = True
    first, other = notarization(account), notarization(account, "Another one")
    with pytest.raises(UnfinishedError):
        account.send(first)
    account.node.hold = False
    with pytest.raises(LockedError):
        account.send(other)
    assert await account.node.next_epoch() == 1
    assert account.send(other).words is None
    assert account.node.network.transaction(first.digest) is None


async def test_equivocation(account: Account, wires: Wires) -> None:
    """An object that two transactions have half of is locked until the epoch ends."""
    transaction = notarization(account)
    await account.node.equivocate(account.coin().object_id)
    data = transaction.to_bytes()
    for words in await wires.refusals(data, account.key.sign(data)):
        assert "is equivocated until the next epoch" in words
    answer = await wires.call(
        "iota_executeTransactionBlock", base64(data), [account.key.sign(data)]
    )
    assert len(answer["error"]["data"]) == 2
    await account.node.next_epoch()
    assert account.send(transaction).words is None


async def test_new_price(account: Account) -> None:
    """An epoch may have another price, below which nothing is executed."""
    cheap = notarization(account)
    await account.node.next_epoch(2_000)
    with pytest.raises(RefusedError, match=r"under reference gas price \(RGP\) 2000"):
        account.send(cheap)
    assert account.send(notarization(account)).words is None


async def test_pruned(account: Account, wires: Wires) -> None:
    """Transactions are forgotten; the objects that they made are not."""
    executed = account.send(notarization(account))
    await account.node.prune()
    told = await wires.graphql(STATE, d=executed.digest)
    assert told["data"] == {"transactionBlock": None}
    (made,) = account.owned("::Notarization")
    assert made.previous == executed.digest
    answer = await wires.call("iota_getObject", made.object_id)
    assert answer["result"]["data"]["digest"] == made.digest


async def test_rate_limit(account: Account, session: ClientSession) -> None:
    """After so many answers a node wants to be left alone."""
    node = account.node
    node.answers_left = 1
    question = {"query": "{chainIdentifier}"}
    statuses = []
    for url in (node.graphql, node.graphql, node.json_rpc):
        async with session.post(url, json=question) as answer:
            statuses.append(answer.status)
    assert statuses == [200, 429, 429]


async def test_down(node: PrivateIota, session: ClientSession) -> None:
    """A node may answer nothing but that it is not available, or not be there at all."""
    node.is_down = True
    async with session.post(node.json_rpc, json={}) as answer:
        assert answer.status == 503
    node.is_down = False
    await node.stop()
    with pytest.raises(ClientConnectionError):
        await session.post(node.json_rpc, json={})
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind((node.host, node.port))
    await node.start()
    async with session.post(
        node.graphql, json={"query": "{chainIdentifier}"}
    ) as answer:
        assert (await answer.json())["data"] == {"chainIdentifier": node.chain}


async def test_slow(node: PrivateIota, wires: Wires) -> None:
    """A node may take its time."""
    node.delay = 0.05
    begin = time.monotonic()
    await wires.call("iota_getChainIdentifier")
    assert time.monotonic() - begin >= node.delay


async def test_lies(node: PrivateIota, wires: Wires) -> None:
    """A node may say something else, over both wires; another node of its network does not."""
    node.lie = lambda name, truth: (
        "a lie" if "ChainIdentifier" in name or name == "chainIdentifier" else truth
    )
    told = await wires.graphql("{chainIdentifier epoch{epochId}}")
    assert told["data"] == {"chainIdentifier": "a lie", "epoch": {"epochId": 0}}
    assert (await wires.call("iota_getChainIdentifier"))["result"] == "a lie"
    async with node.another() as honest:
        other = Wires(honest, wires.session)
        told = await other.graphql("{chainIdentifier}")
        assert told["data"] == {"chainIdentifier": node.chain}


async def test_two_nodes(account: Account) -> None:
    """Two nodes of one network know the same, and fail on their own."""
    async with account.node.another(is_down=True) as other:
        executed = account.send(notarization(account))
        assert other.network.transaction(executed.digest) == executed
        assert other.url != account.node.url
        assert not account.node.is_down


async def test_other_identity(node: PrivateIota, wires: Wires) -> None:
    """A node may say that it belongs to another network."""
    node.chain = "6364aad5"
    told = await wires.graphql("{chainIdentifier}")
    assert told["data"] == {"chainIdentifier": "6364aad5"}
    assert (await wires.call("iota_getChainIdentifier"))["result"] == "6364aad5"


async def test_restart(tmp_path: Path, account: Account) -> None:
    """Started again on its file, at its port, a node knows everything, and what was held as well."""
    (port,) = free_ports(1)
    path = tmp_path / "iota.db"
    async with PrivateIota(port=port, state=path) as node:
        await node.fund(account.key.address)
        elsewhere = Account(node, account.key)
        executed = elsewhere.send(notarization(elsewhere))
        number = await node.checkpoint()
        node.hold = True
        held = notarization(elsewhere, "Held")
        with pytest.raises(UnfinishedError):
            elsewhere.send(held)
        url = node.url
    async with PrivateIota(port=port, state=path) as node:
        assert node.url == url
        known = node.network.transaction(executed.digest)
        assert known
        assert known.checkpoint == number
        await node.release()
        assert node.network.transaction(held.digest)
        assert len(Account(node, account.key).owned("::Notarization")) == 2


async def test_repeat_after_restart(tmp_path: Path, account: Account) -> None:
    """What was executed before a restart is not executed again after it."""
    path = tmp_path / "iota.db"
    async with PrivateIota(state=path) as node:
        await node.fund(account.key.address)
        elsewhere = Account(node, account.key)
        transaction = notarization(elsewhere)
        elsewhere.send(transaction)
    async with PrivateIota(state=path) as node:
        elsewhere = Account(node, account.key)
        assert elsewhere.send(transaction).words is None
        assert len(elsewhere.owned("::Notarization")) == 1
