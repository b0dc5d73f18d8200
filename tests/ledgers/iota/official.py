"""The same transactions, built with IOTA's own library: what ours are held against."""

import iota_sdk as sdk

from custom_components.sensorchain.ledgers.iota.transaction import (
    Argument,
    Command,
    Input,
    MakeVector,
    MoveCall,
    ObjectRef,
    Owned,
    Pure,
    Transaction,
    Transfer,
    Type,
)

_PLAIN = {
    "bool": sdk.TypeTag.new_bool,
    "u8": sdk.TypeTag.new_u8,
    "u16": sdk.TypeTag.new_u16,
    "u32": sdk.TypeTag.new_u32,
    "u64": sdk.TypeTag.new_u64,
    "u128": sdk.TypeTag.new_u128,
    "address": sdk.TypeTag.new_address,
}


def official(transaction: Transaction) -> sdk.Transaction:
    """Return a transaction as the library has it."""
    program, gas = transaction.program, transaction.gas
    return sdk.Transaction.new_v1(
        sdk.TransactionV1(
            sdk.TransactionKind.new_programmable(
                sdk.ProgrammableTransaction(
                    [_input(each) for each in program.inputs],
                    [_command(each) for each in program.commands],
                )
            ),
            sdk.Address.from_bytes(transaction.sender),
            sdk.GasPayment(
                objects=[_reference(each) for each in gas.payment],
                owner=sdk.Address.from_bytes(gas.owner),
                price=gas.price,
                budget=gas.budget,
            ),
            sdk.TransactionExpiration.NONE()
            if transaction.expiration is None
            else sdk.TransactionExpiration.EPOCH(transaction.expiration),
        )
    )


def _reference(reference: ObjectRef) -> sdk.ObjectReference:
    return sdk.ObjectReference(
        object_id=sdk.ObjectId.from_bytes(reference.object_id),
        version=sdk.Version.from_u64(reference.version),
        digest=sdk.ObjectDigest.from_bytes(reference.digest),
    )


def _input(value: Input) -> sdk.Input:
    match value:
        case Pure(data):
            return sdk.Input.new_pure(data)
        case Owned(reference):
            return sdk.Input.new_immutable_or_owned(_reference(reference))
    return sdk.Input.new_shared(
        sdk.ObjectId.from_bytes(value.object_id),
        sdk.Version.from_u64(value.initial_version),
        value.is_mutable,
    )


def _argument(argument: Argument) -> sdk.Argument:
    match argument.variant:
        case 1:
            return sdk.Argument.new_input(argument.index)
        case 2:
            return sdk.Argument.new_result(argument.index)
    return sdk.Argument.new_nested_result(argument.index, argument.result)


def _type(kind: Type) -> sdk.TypeTag:
    if kind.package:
        return sdk.TypeTag.new_struct(
            sdk.StructTag(
                sdk.Address.from_bytes(kind.package),
                sdk.Identifier(kind.module),
                sdk.Identifier(kind.name),
                [_type(each) for each in kind.parameters],
            )
        )
    if kind.name == "vector":
        return sdk.TypeTag.new_vector(_type(kind.parameters[0]))
    return _PLAIN[kind.name]()


def _command(command: Command) -> sdk.Command:
    match command:
        case MoveCall():
            return sdk.Command.new_move_call(
                sdk.MoveCall(
                    sdk.ObjectId.from_bytes(command.package),
                    sdk.Identifier(command.module),
                    sdk.Identifier(command.function),
                    [_type(each) for each in command.types],
                    [_argument(each) for each in command.arguments],
                )
            )
        case Transfer():
            return sdk.Command.new_transfer_objects(
                sdk.TransferObjects(
                    [_argument(each) for each in command.objects],
                    _argument(command.recipient),
                )
            )
        case MakeVector():
            return sdk.Command.new_make_move_vector(
                sdk.MakeMoveVector(
                    _type(command.kind), [_argument(each) for each in command.items]
                )
            )
