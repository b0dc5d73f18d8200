"""Transactions of IOTA: inputs, commands on them, and who pays.

Their form is BCS (iota-types, transaction.rs: TransactionData::V1 with a
ProgrammableTransaction). Of all commands these three are used: a call of a Move function, a
transfer of objects, and the making of a vector. A transaction's name, its digest, is the
BLAKE2b-256 hash of its form behind "TransactionData::", in Base58.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
import re
from typing import TypeAlias

from ...transparency.errors import MalformedError
from .base58 import encode_base58
from .bcs import Reader, Writer

ADDRESS_SIZE = 32
DIGEST_SIZE = 32

MOST_BYTES = 131_072
"""Of a transaction (iota-protocol-config, max_tx_size_bytes)."""

MOST_PURE = 16_384
"""Bytes of one input that is not an object (max_pure_argument_size)."""

MOST_DEPTH = 16
"""Of types within types (max_type_argument_depth)."""

_ADDRESS = re.compile(r"0x[0-9a-f]{64}")
_TAGS = {"bool": 0, "u8": 1, "u64": 2, "u128": 3, "address": 4, "u16": 8, "u32": 9}
_VECTOR, _STRUCT = 6, 7


def address(text: str) -> bytes:
    """Return the 32 bytes of 0x and 64 small hexadecimal digits; raises MalformedError."""
    if not _ADDRESS.fullmatch(text):
        raise MalformedError(f"Not an address: {text!r:.80}")
    return bytes.fromhex(text[2:])


def written(value: bytes) -> str:
    """Return an address as people see it."""
    return f"0x{value.hex()}"


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """An object in one version: what a transaction uses up."""

    object_id: bytes
    version: int
    digest: bytes

    def write(self, writer: Writer) -> None:
        """Write it."""
        writer.fixed(self.object_id)
        writer.number(self.version, 8)
        writer.blob(self.digest)

    @classmethod
    def read(cls, reader: Reader) -> "ObjectRef":
        """Read one."""
        object_id, version = reader.fixed(ADDRESS_SIZE), reader.number(8)
        digest = reader.blob()
        if len(digest) != DIGEST_SIZE:
            raise MalformedError("A digest that has not 32 bytes")
        return cls(object_id, version, digest)


@dataclass(frozen=True, slots=True)
class Pure:
    """An input that is not an object: its bytes in BCS."""

    data: bytes

    def write(self, writer: Writer) -> None:
        """Write it: variant 0 of CallArg."""
        writer.length(0)
        writer.blob(self.data)


@dataclass(frozen=True, slots=True)
class Owned:
    """An input that is an object of the sender's."""

    reference: ObjectRef

    def write(self, writer: Writer) -> None:
        """Write it: variant 1 of CallArg, 0 of ObjectArg."""
        writer.length(1)
        writer.length(0)
        self.reference.write(writer)


@dataclass(frozen=True, slots=True)
class Shared:
    """An input that is an object of everybody's."""

    object_id: bytes
    initial_version: int
    is_mutable: bool = False

    def write(self, writer: Writer) -> None:
        """Write it: variant 1 of CallArg, 1 of ObjectArg."""
        writer.length(1)
        writer.length(1)
        writer.fixed(self.object_id)
        writer.number(self.initial_version, 8)
        writer.truth(self.is_mutable)


Input: TypeAlias = "Pure | Owned | Shared"


def _read_input(reader: Reader) -> Input:
    """Read an input."""
    match reader.length():
        case 0:
            return Pure(reader.blob())
        case 1:
            match reader.length():
                case 0:
                    return Owned(ObjectRef.read(reader))
                case 1:
                    return Shared(
                        reader.fixed(ADDRESS_SIZE), reader.number(8), reader.truth()
                    )
    raise MalformedError("An input of another kind")


@dataclass(frozen=True, slots=True)
class Argument:
    """What a command works on: an input, or what an earlier command gave.

    Variants: 1 an input, 2 the result of a command, 3 one of several results.
    """

    variant: int
    index: int
    result: int = 0

    def write(self, writer: Writer) -> None:
        """Write it."""
        writer.length(self.variant)
        writer.number(self.index, 2)
        if self.variant == 3:
            writer.number(self.result, 2)

    @classmethod
    def read(cls, reader: Reader) -> "Argument":
        """Read one."""
        variant = reader.length()
        if not 1 <= variant <= 3:
            raise MalformedError("An argument of another kind")
        index = reader.number(2)
        return cls(variant, index, reader.number(2) if variant == 3 else 0)

    def part(self, result: int) -> "Argument":
        """Return one of the results of the command behind this argument."""
        return Argument(3, self.index, result)


@dataclass(frozen=True, slots=True)
class Type:
    """A Move type: a name of its own ("u8", "vector"), or a struct of a module."""

    name: str
    package: bytes = b""
    module: str = ""
    parameters: "tuple[Type, ...]" = ()

    def write(self, writer: Writer) -> None:
        """Write it (TypeTag)."""
        if self.package:
            writer.length(_STRUCT)
            writer.fixed(self.package)
            writer.text(self.module)
            writer.text(self.name)
            writer.sequence(self.parameters, lambda writer, each: each.write(writer))
        elif self.name == "vector":
            writer.length(_VECTOR)
            self.parameters[0].write(writer)
        else:
            writer.length(_TAGS[self.name])

    @classmethod
    def read(cls, reader: Reader, depth: int = 1) -> "Type":
        """Read one, which is so many types deep in others."""
        if depth > MOST_DEPTH:
            raise MalformedError("Too many types within types")
        inner = partial(cls.read, depth=depth + 1)
        match reader.length():
            case 6:
                return cls("vector", parameters=(inner(reader),))
            case 7:
                package = reader.fixed(ADDRESS_SIZE)
                module, name = reader.text(), reader.text()
                return cls(name, package, module, reader.sequence(inner))
            case tag:
                for name, number in _TAGS.items():
                    if number == tag:
                        return cls(name)
        raise MalformedError("A type of another kind")

    def __str__(self) -> str:
        """Return it as Move writes it: 0x2::coin::Coin<0x2::iota::IOTA>."""
        own = f"{written(self.package)}::{self.module}::" if self.package else ""
        parameters = ", ".join(map(str, self.parameters))
        return own + self.name + (f"<{parameters}>" if parameters else "")


@dataclass(frozen=True, slots=True)
class MoveCall:
    """A call of a Move function."""

    package: bytes
    module: str
    function: str
    types: tuple[Type, ...] = ()
    arguments: tuple[Argument, ...] = ()

    def write(self, writer: Writer) -> None:
        """Write it: variant 0 of Command."""
        writer.length(0)
        writer.fixed(self.package)
        writer.text(self.module)
        writer.text(self.function)
        writer.sequence(self.types, lambda writer, each: each.write(writer))
        writer.sequence(self.arguments, lambda writer, each: each.write(writer))


@dataclass(frozen=True, slots=True)
class Transfer:
    """Objects that are given to an address."""

    objects: tuple[Argument, ...]
    recipient: Argument

    def write(self, writer: Writer) -> None:
        """Write it: variant 1 of Command."""
        writer.length(1)
        writer.sequence(self.objects, lambda writer, each: each.write(writer))
        self.recipient.write(writer)


@dataclass(frozen=True, slots=True)
class MakeVector:
    """A vector of values of one type."""

    kind: Type
    items: tuple[Argument, ...]

    def write(self, writer: Writer) -> None:
        """Write it: variant 5 of Command."""
        writer.length(5)
        writer.option(self.kind, lambda writer, each: each.write(writer))
        writer.sequence(self.items, lambda writer, each: each.write(writer))


Command: TypeAlias = "MoveCall | Transfer | MakeVector"


def _read_command(reader: Reader) -> Command:
    """Read a command."""
    match reader.length():
        case 0:
            return MoveCall(
                reader.fixed(ADDRESS_SIZE),
                reader.text(),
                reader.text(),
                reader.sequence(Type.read),
                reader.sequence(Argument.read),
            )
        case 1:
            return Transfer(reader.sequence(Argument.read), Argument.read(reader))
        case 5:
            kind = reader.option(Type.read)
            if kind is None:
                raise MalformedError("A vector of no type")
            return MakeVector(kind, reader.sequence(Argument.read))
    raise MalformedError("A command of another kind")


@dataclass(frozen=True, slots=True)
class Program:
    """What a transaction does: commands, one after the other, on its inputs."""

    inputs: tuple[Input, ...]
    commands: tuple[Command, ...]

    def write(self, writer: Writer) -> None:
        """Write it: variant 0 of TransactionKind."""
        writer.length(0)
        writer.sequence(self.inputs, lambda writer, each: each.write(writer))
        writer.sequence(self.commands, lambda writer, each: each.write(writer))

    @classmethod
    def read(cls, reader: Reader) -> "Program":
        """Read one."""
        if reader.length():
            raise MalformedError("A transaction of the system")
        return cls(reader.sequence(_read_input), reader.sequence(_read_command))

    def to_bytes(self) -> bytes:
        """Return its form alone, which a gas station is given."""
        writer = Writer()
        self.write(writer)
        return writer.finish()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gas:
    """Who pays for a transaction, with which coins: in NANOS, 10⁻⁹ IOTA."""

    payment: tuple[ObjectRef, ...]
    owner: bytes
    price: int
    """Of a unit of computation."""
    budget: int
    """What it may cost at the most, storage included."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """A program of one sender, and what pays for it.

    `expiration` is the last epoch in which it may be executed, None for no end.
    """

    program: Program
    sender: bytes
    gas: Gas
    expiration: int | None = None

    def to_bytes(self) -> bytes:
        """Return its form, which is signed and hashed: variant 0 of TransactionData."""
        writer = Writer()
        writer.length(0)
        self.program.write(writer)
        writer.fixed(self.sender)
        writer.sequence(self.gas.payment, lambda writer, each: each.write(writer))
        writer.fixed(self.gas.owner)
        writer.number(self.gas.price, 8)
        writer.number(self.gas.budget, 8)
        # The variants of an expiration are those of an option: none, or an epoch.
        writer.option(self.expiration, lambda writer, epoch: writer.number(epoch, 8))
        return writer.finish()

    @classmethod
    def parse(cls, data: bytes) -> "Transaction":
        """Return the transaction of a form; raises MalformedError for any other."""
        if len(data) > MOST_BYTES:
            raise MalformedError(f"A transaction of {len(data)} bytes")
        reader = Reader(data)
        found = cls.read(reader)
        reader.finish()
        return found

    @classmethod
    def read(cls, reader: Reader) -> "Transaction":
        """Read one."""
        if reader.length():
            raise MalformedError("A transaction of another version")
        program, sender = Program.read(reader), reader.fixed(ADDRESS_SIZE)
        gas = Gas(
            payment=reader.sequence(ObjectRef.read),
            owner=reader.fixed(ADDRESS_SIZE),
            price=reader.number(8),
            budget=reader.number(8),
        )
        return cls(program, sender, gas, reader.option(lambda each: each.number(8)))

    @property
    def digest(self) -> str:
        """The transaction's name."""
        return digest_of(self.to_bytes())


def digest_of(data: bytes) -> str:
    """Return the name of the transaction of a form."""
    return encode_base58(hash_of(data))


def hash_of(data: bytes) -> bytes:
    """Return the 32 bytes of which that name is made."""
    return blake2b(b"TransactionData::" + data, digest_size=DIGEST_SIZE).digest()


@dataclass(slots=True)
class Builder:
    """A program that is being made: equal inputs are one."""

    inputs: list[Input] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)

    def input(self, value: Input) -> Argument:
        """Add an input, unless it is there; return the argument for it."""
        if value not in self.inputs:
            self.inputs.append(value)
        return Argument(1, self.inputs.index(value))

    def pure(self, data: bytes) -> Argument:
        """Add bytes in BCS; raises MalformedError for more than a transaction takes."""
        if len(data) > MOST_PURE:
            raise MalformedError(f"An input of {len(data)} bytes")
        return self.input(Pure(data))

    def add(self, command: Command) -> Argument:
        """Add a command; return the argument for its result."""
        self.commands.append(command)
        return Argument(2, len(self.commands) - 1)

    def call(
        self,
        package: bytes,
        function: str,
        *arguments: Argument,
        types: Sequence[Type] = (),
    ) -> Argument:
        """Add a call of a function, which is given as module::name."""
        module, _, name = function.partition("::")
        return self.add(MoveCall(package, module, name, tuple(types), arguments))

    def finish(self) -> Program:
        """Return the program."""
        return Program(tuple(self.inputs), tuple(self.commands))
