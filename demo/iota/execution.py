"""A program that is run: its commands, one after the other, on values and objects."""

from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import iota_sdk as sdk

from .functions import FUNCTIONS, AbortedError, Function, Parameter, Value
from .identity import Identity
from .kinds import (
    GAS_COIN,
    Kind,
    MalformedValueError,
    UnknownKindError,
    abilities,
    decode,
    encode,
    is_pure,
)
from .objects import LiveObject, Owner, Thing
from .problems import (
    ARITY_MISMATCH,
    FUNCTION_NOT_FOUND,
    INSUFFICIENT_COIN,
    INVALID_TRANSFER,
    NOT_SUPPORTED,
    TYPE_ARITY_MISMATCH,
    FailedError,
    Problem,
    abort_problem,
    argument_problem,
    index_problem,
    result_problem,
    type_problem,
    unused_problem,
)
from .submitted import Submitted

_FIELD = "iota::dynamic_field::Field"


class CommandError(Exception):
    """A command has failed."""

    def __init__(self, problem: Problem) -> None:
        """Keep the reason."""
        super().__init__(problem.words)
        self.problem = problem


@dataclass(slots=True)
class Slot:
    """A value that commands work on."""

    kind: Kind | None
    """None for an input of bytes, which has the type that is wanted."""
    value: Value
    owner: Owner | None = None
    """Of an object that was there before."""
    is_mutable: bool = True
    is_gone: bool = False
    """Whether a command has taken it."""


def field_id(identity: Identity, parent: str, key: Kind, name: Value) -> str:
    """Return the id of a dynamic field."""
    derived = sdk.ObjectId.from_hex(parent).derive_dynamic_child_id(
        identity.tag(key), encode(key, name)
    )
    return str(derived.to_canonical_string(True))


class Program:
    """A program on its objects. Afterwards `left` and `deleted` tell what has become of them."""

    def __init__(
        self,
        identity: Identity,
        submitted: Submitted,
        inputs: Mapping[str, LiveObject],
        gas: Thing,
        look_up: Callable[[str], LiveObject | None],
    ) -> None:
        """Begin; `look_up` returns any object that there is."""
        self.left: dict[str, Thing] = {}
        self.deleted: set[str] = set()
        self.sender = submitted.sender
        self.types: Mapping[str, Kind] = {}
        self._identity = identity
        self._submitted = submitted
        self._look_up = look_up
        self._digest = sdk.TransactionDigest.from_base58(submitted.digest)
        self._ids = 0
        self._gas = Slot(gas.kind, gas.value, gas.owner)
        self._inputs = [self._input(each, inputs) for each in submitted.inputs]
        self._results: list[list[Slot]] = []

    @staticmethod
    def _input(form: Mapping[str, Any], inputs: Mapping[str, LiveObject]) -> Slot:
        """Return an input as it is at the beginning."""
        if "Pure" in form:
            return Slot(None, b64decode(form["Pure"]))
        ((_, named),) = form.items()
        found = inputs[named["object_id"]]
        is_mutable = named.get("mutable", True)
        return Slot(found.kind, found.value, found.owner, is_mutable)

    def run(self) -> None:
        """Run it; raises FailedError."""
        for number, command in enumerate(self._submitted.commands):
            try:
                self._results.append(self._command(command))
            except CommandError as error:
                raise FailedError(error.problem, number) from error
            except AbortedError as error:
                problem = abort_problem(self._identity, error)
                raise FailedError(problem, number) from error
        self._check_left_over()
        for slot in (self._gas, *self._inputs):
            if slot.kind and slot.owner and slot.is_mutable and not slot.is_gone:
                self._leave(slot.kind, slot.value, slot.owner)

    def _check_left_over(self) -> None:
        """Refuse to lose a value that must not be lost."""
        for command, results in enumerate(self._results):
            for number, slot in enumerate(results):
                assert slot.kind
                if not slot.is_gone and "drop" not in abilities(slot.kind):
                    raise FailedError(unused_problem(command, number), None)

    def _leave(self, of: Kind, value: Value, owner: Owner) -> None:
        """Note that an object is there at the end."""
        self.left[value["id"]] = Thing(of, value, owner)

    # What functions ask for (functions.Context)

    def new_id(self) -> str:
        """Return the id of a new object: a hash of the transaction and a number."""
        made = sdk.ObjectId.derive_id(self._digest, self._ids)
        self._ids += 1
        return str(made.to_canonical_string(True))

    def delete(self, object_id: str) -> None:
        """Delete an object."""
        self.left.pop(object_id, None)
        self.deleted.add(object_id)

    def share(self, of: Kind, value: Value) -> None:
        """Give a new object to everybody; since which version is known at the end."""
        self._leave(of, value, Owner.shared(0))

    def transfer(self, of: Kind, value: Value, recipient: str) -> None:
        """Give an object to an address."""
        self._leave(of, value, Owner.address(recipient))

    def field(self, parent: str, key: Kind, name: Value) -> Value | None:
        """Return the value of a dynamic field, which may be changed in place."""
        object_id = field_id(self._identity, parent, key, name)
        if object_id not in self.left:
            found = self._look_up(object_id)
            if found is None:
                return None
            self.left[object_id] = Thing(found.kind, found.value, found.owner)
        return self.left[object_id].value["value"]

    def add_field(
        self, parent: str, key: Kind, name: Value, of: Kind, value: Value
    ) -> None:
        """Add a dynamic field."""
        object_id = field_id(self._identity, parent, key, name)
        whole = {"id": object_id, "name": name, "value": value}
        self._leave(Kind(_FIELD, (key, of)), whole, Owner.object(parent))

    # Commands

    def _command(self, command: Mapping[str, Any]) -> list[Slot]:
        """Run a command; return its results."""
        ((form, of),) = command.items()
        run = {
            "MoveCall": self._call,
            "TransferObjects": self._transfer_objects,
            "MakeMoveVector": self._make_vector,
            "SplitCoins": self._split_coins,
            "MergeCoins": self._merge_coins,
        }.get(form)
        if run is None:
            raise CommandError(NOT_SUPPORTED)
        return run(of)

    def _call(self, call: Mapping[str, Any]) -> list[Slot]:
        """Call a function."""
        package = self._identity.functions.get(call["package"])
        function = FUNCTIONS.get(f"{package}::{call['module']}::{call['function']}")
        if function is None:
            raise CommandError(FUNCTION_NOT_FOUND)
        self.types = self._bind(function, call["type_arguments"])
        values = self._take_all(function.parameters, call["arguments"])
        given = function.run(self, *values)
        if len(function.results) == 1:
            given = (given,)
        return [
            Slot(of.bind(self.types), value)
            for of, value in zip(function.results, given or (), strict=True)
        ]

    def _bind(self, function: Function, given: Sequence[str]) -> Mapping[str, Kind]:
        """Return what the letters of a function stand for."""
        if len(given) != len(function.letters):
            raise CommandError(TYPE_ARITY_MISMATCH)
        kinds = [self._identity.read(each) for each in given]
        for number, (of, needed) in enumerate(
            zip(kinds, function.letters.values(), strict=True)
        ):
            try:
                has = abilities(of)
            except UnknownKindError as error:
                raise CommandError(type_problem(number, is_known=False)) from error
            if not needed <= has:
                raise CommandError(type_problem(number, is_known=True))
        return dict(zip(function.letters, kinds, strict=True))

    def _take_all(
        self, parameters: Sequence[Parameter], arguments: Sequence[Any]
    ) -> list[Value]:
        """Return what arguments are, as a function's parameters want them."""
        if len(arguments) != len(parameters):
            raise CommandError(ARITY_MISMATCH)
        slots = [self._slot(number, each) for number, each in enumerate(arguments)]
        values = []
        for number, (parameter, slot) in enumerate(zip(parameters, slots, strict=True)):
            if parameter.is_mutable and sum(each is slot for each in slots) > 1:
                raise CommandError(argument_problem(number, "InvalidValueUsage"))
            values.append(self._take(number, slot, parameter))
        return values

    def _slot(self, number: int, argument: Any) -> Slot:
        """Return the slot that an argument names."""
        if argument == "Gas":
            return self._gas
        ((form, index),) = argument.items()
        if form == "Input":
            return _at(self._inputs, index, number)
        command, result = index if form == "NestedResult" else (index, 0)
        if command >= len(self._results):
            raise CommandError(index_problem(number, command))
        results = self._results[command]
        if form == "Result" and len(results) != 1:
            raise CommandError(result_problem(number, command))
        return _at(results, result, number)

    def _take(self, number: int, slot: Slot, parameter: Parameter) -> Value:
        """Return the value of a slot as a parameter wants it."""
        wanted = parameter.kind.bind(self.types)
        if slot.is_gone:
            raise CommandError(argument_problem(number, "InvalidValueUsage"))
        if slot.kind is None:
            return _from_bytes(number, wanted, slot.value)
        if slot.kind != wanted:
            raise CommandError(argument_problem(number, "TypeMismatch"))
        if parameter.is_mutable and not slot.is_mutable:
            raise CommandError(argument_problem(number, "InvalidObjectByMutRef"))
        if parameter.is_reference:
            return slot.value
        if "copy" in abilities(wanted):
            return deepcopy(slot.value)
        return self._take_away(number, slot)

    def _take_away(self, number: int, slot: Slot) -> Value:
        """Return the value of a slot, which has it no more."""
        if slot is self._gas:
            raise CommandError(argument_problem(number, "InvalidGasCoinUsage"))
        if slot.owner and slot.owner.is_shared:
            raise CommandError(
                argument_problem(number, "SharedObjectOperationNotAllowed")
            )
        slot.is_gone = True
        return slot.value

    def _transfer_objects(self, of: Mapping[str, Any]) -> list[Slot]:
        """Give objects to an address."""
        address = Parameter(Kind("address"))
        slots = [self._slot(number, each) for number, each in enumerate(of["objects"])]
        recipient = self._take(
            len(slots), self._slot(len(slots), of["address"]), address
        )
        for number, slot in enumerate(slots):
            if slot.kind is None or slot.is_gone:
                raise CommandError(argument_problem(number, "InvalidValueUsage"))
            if not {"key", "store"} <= abilities(slot.kind):
                raise CommandError(INVALID_TRANSFER)
            if slot is self._gas:
                slot.owner = Owner.address(recipient)
                continue
            self.transfer(slot.kind, self._take_away(number, slot), recipient)
        return []

    def _make_vector(self, of: Mapping[str, Any]) -> list[Slot]:
        """Make a vector."""
        slots = [self._slot(number, each) for number, each in enumerate(of["elements"])]
        kind = self._identity.read(of["type"]) if of.get("type") else slots[0].kind
        if kind is None:
            raise CommandError(argument_problem(0, "TypeMismatch"))
        wanted = Parameter(kind)
        values = [self._take(number, slot, wanted) for number, slot in enumerate(slots)]
        return [Slot(Kind("vector", (kind,)), values)]

    def _split_coins(self, of: Mapping[str, Any]) -> list[Slot]:
        """Make coins of a part of one."""
        coin = self._coin(0, of["coin"])
        amount = Parameter(Kind("u64"))
        amounts = [
            self._take(number, self._slot(number, each), amount)
            for number, each in enumerate(of["amounts"], 1)
        ]
        if sum(amounts) > coin["balance"]["value"]:
            raise CommandError(INSUFFICIENT_COIN)
        coin["balance"]["value"] -= sum(amounts)
        return [
            Slot(GAS_COIN, {"id": self.new_id(), "balance": {"value": each}})
            for each in amounts
        ]

    def _merge_coins(self, of: Mapping[str, Any]) -> list[Slot]:
        """Make coins a part of one."""
        coin = self._coin(0, of["coin"])
        for number, each in enumerate(of["coins_to_merge"], 1):
            other = self._coin(number, each)
            self._take_away(number, self._slot(number, each))
            coin["balance"]["value"] += other["balance"]["value"]
            self.delete(other["id"])
        return []

    def _coin(self, number: int, argument: Any) -> Value:
        """Return the coin that an argument names."""
        return self._take(
            number, self._slot(number, argument), Parameter(GAS_COIN, True, True)
        )


def _at(slots: Sequence[Slot], index: int, number: int) -> Slot:
    """Return one of several slots."""
    if index >= len(slots):
        raise CommandError(index_problem(number, index))
    return slots[index]


def _from_bytes(number: int, wanted: Kind, data: bytes) -> Value:
    """Return the value that an input of bytes is."""
    if not is_pure(wanted):
        raise CommandError(argument_problem(number, "InvalidUsageOfPureArgument"))
    try:
        return decode(wanted, data)
    except MalformedValueError as error:
        raise CommandError(argument_problem(number, "InvalidBcsBytes")) from error
