"""Money for accounts: a transaction of whoever has everything in the beginning."""

import iota_sdk as sdk

from .network import TREASURER, TREASURY, Network
from .store import Executed

BUDGET = 10_000_000


def pay(network: Network, recipient: str, *amounts: int) -> Executed:
    """Give an address coins of so many NANOS; executed even while transactions are held."""
    coin = network.object(f"0x{1:064x}")
    assert coin
    inputs = [sdk.Input.new_pure(amount.to_bytes(8, "little")) for amount in amounts]
    inputs.append(sdk.Input.new_pure(bytes.fromhex(recipient[2:])))
    count = len(amounts)
    split = sdk.SplitCoins(
        sdk.Argument.new_gas(), [sdk.Argument.new_input(each) for each in range(count)]
    )
    parts = [sdk.Argument.new_nested_result(0, each) for each in range(count)]
    program = sdk.ProgrammableTransaction(
        inputs,
        [
            sdk.Command.new_split_coins(split),
            sdk.Command.new_transfer_objects(
                sdk.TransferObjects(parts, sdk.Argument.new_input(count))
            ),
        ],
    )
    reference = sdk.ObjectReference(
        object_id=sdk.ObjectId.from_hex(coin.object_id),
        version=sdk.Version.from_u64(coin.version),
        digest=sdk.ObjectDigest.from_base58(coin.digest),
    )
    address = sdk.Address.from_hex(TREASURY)
    transaction = sdk.Transaction.new_v1(
        sdk.TransactionV1(
            sdk.TransactionKind.new_programmable(program),
            address,
            sdk.GasPayment(
                objects=[reference],
                owner=address,
                price=network.price,
                budget=BUDGET + count * 1_000_000,
            ),
            sdk.TransactionExpiration.NONE(),
        )
    )
    signature = TREASURER.try_sign_user(transaction.signing_digest())
    return network.execute(transaction.to_bcs(), [signature.to_base64()], at_once=True)
