"""IOTA's own clients, which know nothing of this node, find what they expect."""

from datetime import timedelta

import iota_sdk as sdk

from demo.iota.faucet import AMOUNT, COINS
from demo.iota.gas_station import GasStation
from demo.iota.private_iota import PrivateIota

from .conftest import ONE, Account

SECRET = sdk.Ed25519PrivateKey(b"a stranger's secret, of 32 bytes")
ADDRESS = SECRET.public_key().derive_address()
SIGNER = sdk.TransactionSigner.from_ed25519(SECRET)
SOMEBODY = sdk.Address.from_bytes(bytes([7]) * 32)


async def test_reading(account: Account) -> None:
    """The official client reads network, coins, balance, objects and dynamic fields."""
    node = account.node
    client = sdk.GraphQlClient(node.graphql)
    owner = sdk.Address.from_bytes(account.key.address)
    assert await client.chain_id() == node.chain
    assert await client.reference_gas_price() == 1000
    assert await client.balance(owner) == ONE
    assert await client.balance(SOMEBODY) is None
    (coin,) = (await client.coins(owner)).data
    assert coin.balance() == ONE
    found = await client.object(coin.id())
    assert found
    live = node.network.object(coin.id().to_canonical_string(True))
    assert live
    assert found.digest().to_base58() == live.digest
    assert found.version().as_u64() == live.version
    trail = account.trail()
    whole = await client.object(sdk.ObjectId.from_bytes(trail.object_id))
    assert whole
    assert whole.owner().as_shared().as_u64() == trail.initial_version


async def test_payment() -> None:
    """The official client's builder tries a payment, has it executed, and waits for a checkpoint."""
    async with PrivateIota(checkpoint_interval=0.01) as node:
        await node.fund(ADDRESS.to_bytes(), ONE)
        client = sdk.GraphQlClient(node.graphql)
        amount = sdk.PtbArgument.u64(12_345)
        payment = sdk.TransactionBuilder(ADDRESS).with_client(client)
        payment = payment.send_iota(SOMEBODY, amount)
        tried = await payment.dry_run()
        assert tried.error is None
        effects = await payment.execute(SIGNER, sdk.WaitForTransaction.FINALIZED)
        assert effects.as_v1().status().is_success()
        assert await client.balance(SOMEBODY) == 12_345
        digest = effects.as_v1().transaction_digest()
        sent = await client.transaction(digest)
        assert sent
        assert sent.transaction.digest().to_base58() == digest.to_base58()
        known = await client.transaction_effects(digest)
        assert known
        assert known.to_bcs() == effects.to_bcs()
        assert await client.is_transaction_finalized(digest)
        assert await client.latest_checkpoint_sequence_number() > 0
        assert len((await client.transactions()).data) == 2


async def test_faucet(node: PrivateIota) -> None:
    """The official client of faucets gets coins."""
    faucet = sdk.FaucetClient(node.faucet)
    receipt = await faucet.request_and_wait(ADDRESS)
    assert receipt
    assert [each.amount for each in receipt.sent] == [AMOUNT] * COINS
    client = sdk.GraphQlClient(node.graphql)
    assert await client.balance(ADDRESS) == AMOUNT * COINS


async def test_gas_station() -> None:
    """The official client gives its only coin away, which a gas station pays for."""
    async with (
        PrivateIota(checkpoint_interval=0.01) as node,
        GasStation(network=node.network, token="let me in") as station,
    ):
        await node.fund(ADDRESS.to_bytes(), ONE)
        client = sdk.GraphQlClient(node.graphql)
        (coin,) = (await client.coins(ADDRESS)).data
        gift = sdk.TransactionBuilder(ADDRESS).with_client(client)
        gift = gift.transfer_objects(SOMEBODY, [sdk.PtbArgument.object_id(coin.id())])
        gift = gift.gas_station_sponsor(
            station.url, timedelta(seconds=60), {"Authorization": ["Bearer let me in"]}
        )
        effects = await gift.execute(SIGNER)
        assert effects.as_v1().status().is_success()
        assert await client.balance(SOMEBODY) == ONE
        assert await client.balance(ADDRESS) is None
        sponsor = sdk.Address.from_hex(station.sponsor)
        cost = effects.as_v1().gas_cost_summary()
        net = cost.computation_cost + cost.storage_cost - cost.storage_rebate
        assert await client.balance(sponsor) == station.coins * ONE - net
