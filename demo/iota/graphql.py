"""The GraphQL wire: what `schema.graphql` names, of a network.

A field's value is an attribute or a method of the view of its type, with the same name in Python's spelling.
"""

from base64 import b64decode, b64encode
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
import json
from pathlib import Path
import re
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLSyntaxError,
    OverlappingFieldsCanBeMergedRule,
    build_schema,
    execute_sync,
    parse,
    specified_rules,
    validate,
)
import iota_sdk as sdk

from .admission import MOST_BUDGET
from .identity import written
from .kinds import (
    GAS_COIN,
    Kind,
    MalformedValueError,
    UnknownKindError,
    encode,
    to_json,
)
from .limits import (
    MOST_BYTES,
    MOST_DEPTH,
    MOST_NODES,
    MOST_OUTPUT,
    check_length,
    check_size,
)
from .network import Network
from .objects import LiveObject
from .pages import MOST, PAGE, BadInputError, Connection, Window, page
from .refusals import MalformedError, RefusedError
from .store import Checkpoint, Executed
from .submitted import Submitted

PROTOCOL = 39
"""The protocol's version on the public networks in November 2026."""


def base64(data: bytes) -> str:
    """Return bytes as text."""
    return b64encode(data).decode()


def _bytes(text: str, what: str) -> bytes:
    """Return the bytes of Base64; raises BadInputError."""
    try:
        return b64decode(text, validate=True)
    except binascii.Error as error:
        raise BadInputError(
            f"Unable to deserialize {what} from Base64: {error}"
        ) from error


def _time(milliseconds: int) -> str:
    """Return a time as the service writes it."""
    at = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"


@dataclass(frozen=True)
class MoveType:
    """A type."""

    repr: str


@dataclass(frozen=True)
class MoveValue:
    """A value with its type."""

    network: Network
    kind: Kind
    value: Any

    @property
    def type(self) -> MoveType:
        """Its type."""
        return MoveType(self.network.identity.written(self.kind))

    @property
    def bcs(self) -> str:
        """The value in BCS."""
        return base64(encode(self.kind, self.value))

    @property
    def json(self) -> Any:
        """The value as a person reads it."""
        return to_json(self.kind, self.value)


@dataclass(frozen=True)
class DynamicField:
    """An entry of an object."""

    network: Network
    field: LiveObject

    @property
    def name(self) -> MoveValue:
        """What it is found under."""
        key, _ = self.field.kind.parameters
        return MoveValue(self.network, key, self.field.value["name"])

    @property
    def value(self) -> MoveValue:
        """What is there."""
        _, of = self.field.kind.parameters
        return MoveValue(self.network, of, self.field.value["value"])


@dataclass(frozen=True)
class Shared:
    """Everybody's."""

    initial_shared_version: int


@dataclass(frozen=True)
class AddressOwner:
    """An address's."""

    owner: Holder


@dataclass(frozen=True)
class Parent:
    """An object's."""

    parent: Object | None


@dataclass(frozen=True)
class Balance:
    """The coins of an address."""

    coins: list[LiveObject]
    coin_type: MoveType

    @property
    def coin_object_count(self) -> int:
        """How many they are."""
        return len(self.coins)

    @property
    def total_balance(self) -> str:
        """What they hold."""
        return str(sum(each.balance for each in self.coins))


@dataclass(frozen=True)
class Holder:
    """Who has objects: an address, or an object."""

    network: Network
    address: str

    @property
    def as_address(self) -> Holder:
        """The address."""
        return self

    @property
    def as_object(self) -> Object | None:
        """The object."""
        return _object(self.network, self.address)

    def objects(
        self, filter: Mapping[str, Any] | None = None, **window: Any
    ) -> Connection[Object]:
        """Return what it has."""
        return _objects(self.network, {**(filter or {}), "owner": self.address}, window)

    def _coins(self, type: str | None) -> list[LiveObject]:
        """Return its coins of a type."""
        if type and self.network.identity.read(type).name != "iota::iota::IOTA":
            return []
        owned = self.network.owned(self.address)
        return [each for each in owned if each.kind == GAS_COIN]

    def balance(self, type: str | None = None) -> Balance | None:
        """Return what its coins hold; None where it has none."""
        coin_type = MoveType(self.network.identity.written(GAS_COIN.parameters[0]))
        coins = self._coins(type)
        return Balance(coins, coin_type) if coins else None

    def coins(self, type: str | None = None, **window: Any) -> Connection[Object]:
        """Return its coins."""
        coins = [
            Object(self.network, each.object_id, each) for each in self._coins(type)
        ]
        return page(coins, Window(**window), lambda each: each.address)

    def dynamic_field(self, name: Mapping[str, str]) -> DynamicField | None:
        """Return an entry by its name."""
        try:
            data = _bytes(name["bcs"], "name")
            found = self.network.field(self.address, name["type"], data)
        except (MalformedValueError, UnknownKindError) as error:
            raise BadInputError(f"Invalid type or name: {error}") from error
        return DynamicField(self.network, found) if found else None

    def dynamic_fields(self, **window: Any) -> Connection[DynamicField]:
        """Return its entries."""
        fields = [
            DynamicField(self.network, each)
            for each in self.network.owned(self.address)
            if each.owner.form == "Object"
        ]
        return page(fields, Window(**window), lambda each: each.field.object_id)

    def transaction_blocks(
        self, relation: str | None = None, filter: object = None, **window: Any
    ) -> Connection[Transaction]:
        """Return what it has sent."""
        if relation not in {None, "SENT"}:
            raise BadInputError("Only transactions that were sent are listed here")
        return _history(self.network, self.address, window)


@dataclass(frozen=True)
class Object(Holder):
    """An object: as such, as a Move object and as a coin."""

    live: LiveObject
    status = "INDEXED"

    @property
    def version(self) -> int:
        """Its version."""
        return self.live.version

    @property
    def digest(self) -> str:
        """Hash of this version."""
        return self.live.digest

    @property
    def owner(self) -> Shared | AddressOwner | Parent:
        """Who has it."""
        owner = self.live.owner
        match owner.form:
            case "Shared":
                return Shared(int(owner.value))
            case "Address":
                return AddressOwner(Holder(self.network, owner.value))
        return Parent(_object(self.network, owner.value))

    @property
    def previous_transaction_block(self) -> Transaction | None:
        """What made this version."""
        return _transaction(self.network, self.live.previous)

    @property
    def storage_rebate(self) -> str:
        """What is given back for its storage."""
        return str(self.live.rebate)

    @property
    def bcs(self) -> str:
        """All of it."""
        return base64(self.live.bcs)

    @property
    def as_move_object(self) -> Object:
        """What it is here in any case."""
        return self

    @property
    def as_coin(self) -> Object | None:
        """The coin that it is."""
        return self if self.live.kind == GAS_COIN else None

    @property
    def coin_balance(self) -> str:
        """What a coin holds."""
        return str(self.live.balance)

    @property
    def contents(self) -> MoveValue:
        """Its fields."""
        return MoveValue(self.network, self.live.kind, self.live.value)


def _object(network: Network, object_id: str) -> Object | None:
    """Return an object."""
    found = network.object(object_id)
    return Object(network, object_id, found) if found else None


def _objects(
    network: Network, wanted: Mapping[str, Any], window: Mapping[str, Any]
) -> Connection[Object]:
    """Return objects of an owner, of a type, or by their ids; none that belong to others' objects."""
    owner, ids = wanted.get("owner"), wanted.get("objectIds")
    found = [
        Object(network, each.object_id, each)
        for each in network.owned(owner)
        if each.owner.form == "Address" or (not owner and each.owner.is_shared)
        if not ids or each.object_id in ids
        if is_of(network, each.kind, wanted.get("type"))
    ]
    return page(found, Window(**window), lambda each: each.address)


def is_of(network: Network, kind: Kind, wanted: str | None) -> bool:
    """Tell whether a type is what a filter wants: a package, a module, a type, or one with its parameters."""
    if wanted is None:
        return True
    if "::" not in wanted:
        wanted = written(int(wanted, 16))
        return network.identity.written(kind).startswith(f"{wanted}::")
    other = network.identity.read(wanted)
    if other.parameters or other.name.count("::") == 2:
        return other.name == kind.name and other.parameters in {(), kind.parameters}
    return kind.name.startswith(f"{other.name}::")


@dataclass(frozen=True)
class CheckpointView:
    """A checkpoint."""

    network: Network
    made: Checkpoint

    @property
    def digest(self) -> str:
        """Its name."""
        return self.made.digest

    @property
    def bcs(self) -> str:
        """What it says."""
        return base64(self.made.summary)

    @property
    def sequence_number(self) -> int:
        """Its number."""
        return self.made.number

    @property
    def timestamp(self) -> str:
        """Its time."""
        return _time(self.made.time)

    @property
    def previous_checkpoint_digest(self) -> str | None:
        """The one before."""
        before = self.network.checkpoint_at(self.made.number - 1)
        return before.digest if before else None

    @property
    def network_total_transactions(self) -> int:
        """All transactions so far."""
        return self.made.total

    @property
    def epoch(self) -> EpochView:
        """The epoch that it belongs to."""
        summary = sdk.CheckpointSummary.from_bcs(self.made.summary)
        return EpochView(self.network, summary.epoch())


@dataclass(frozen=True)
class ProtocolConfigs:
    """The rules."""

    protocol_version: int = PROTOCOL
    feature_flags: tuple[object, ...] = ()
    configs: tuple[object, ...] = ()


@dataclass(frozen=True)
class EpochView:
    """An epoch."""

    network: Network
    epoch_id: int
    protocol_configs = ProtocolConfigs()
    end_timestamp = None
    total_checkpoints = None
    total_transactions = None

    @property
    def reference_gas_price(self) -> str:
        """What a unit of computation costs at the least."""
        return str(self.network.price)

    @property
    def start_timestamp(self) -> str:
        """When it began."""
        return _time(self.network.since)


@dataclass(frozen=True)
class GasCostSummary:
    """What a transaction cost, in NANOS."""

    computation_cost: str
    computation_cost_burned: str
    storage_cost: str
    storage_rebate: str
    non_refundable_storage_fee: str


@dataclass(frozen=True)
class GasEffects:
    """What paid."""

    network: Network
    object_id: str
    gas_summary: GasCostSummary

    @property
    def gas_object(self) -> Object | None:
        """The coin."""
        return _object(self.network, self.object_id)


@dataclass(frozen=True)
class ObjectChange:
    """What became of an object."""

    network: Network
    form: Mapping[str, Any]

    @property
    def address(self) -> str:
        """Its id."""
        return str(self.form["object_id"])

    @property
    def output_state(self) -> Object | None:
        """The object as it is now."""
        return _object(self.network, self.address)

    @property
    def id_created(self) -> bool:
        """Whether it was made."""
        return bool(self.form["id_operation"] == "created")

    @property
    def id_deleted(self) -> bool:
        """Whether it was deleted."""
        return bool(self.form["id_operation"] == "deleted")


@dataclass(frozen=True)
class Effects:
    """What a transaction has done, or would do."""

    network: Network
    transaction_block: Transaction
    data: bytes
    errors: str | None
    checkpoint_number: int | None = None

    @cached_property
    def _form(self) -> Mapping[str, Any]:
        read = sdk.TransactionEffects.from_bcs(self.data)
        form: Mapping[str, Any] = json.loads(read.to_json())["V1"]
        return form

    @property
    def bcs(self) -> str:
        """All of them."""
        return base64(self.data)

    @property
    def status(self) -> str:
        """How it ended."""
        return "SUCCESS" if self.errors is None else "FAILURE"

    @property
    def lamport_version(self) -> int:
        """Of everything that was changed."""
        return int(self._form["lamport_version"])

    @property
    def gas_effects(self) -> GasEffects:
        """What it cost."""
        index = self._form["gas_object_index"]
        object_id = self._form["changed_objects"][index]["object_id"]
        summary = GasCostSummary(**self._form["gas_cost_summary"])
        return GasEffects(self.network, object_id, summary)

    def object_changes(self, **window: Any) -> Connection[ObjectChange]:
        """Return what was changed."""
        changes = [
            ObjectChange(self.network, each) for each in self._form["changed_objects"]
        ]
        return page(changes, Window(**window), lambda each: each.address)

    @property
    def epoch(self) -> EpochView:
        """The epoch of its execution."""
        return EpochView(self.network, int(self._form["epoch"]))

    @property
    def checkpoint(self) -> CheckpointView | None:
        """Where it stands for good."""
        if self.checkpoint_number is None:
            return None
        made = self.network.checkpoint_at(self.checkpoint_number)
        return CheckpointView(self.network, made) if made else None

    @property
    def timestamp(self) -> str | None:
        """When."""
        return self.checkpoint.timestamp if self.checkpoint else None


@dataclass(frozen=True)
class GasInput:
    """What is offered."""

    network: Network
    submitted: Submitted

    @property
    def gas_sponsor(self) -> Holder:
        """Who pays."""
        return Holder(self.network, self.submitted.sponsor)

    @property
    def gas_price(self) -> str:
        """Of a unit of computation."""
        return str(self.submitted.price)

    @property
    def gas_budget(self) -> str:
        """What it may cost."""
        return str(self.submitted.budget)


@dataclass(frozen=True)
class Transaction:
    """A transaction, executed or tried."""

    network: Network
    data: bytes
    signatures: list[str] | None
    """None of one that was only tried."""
    _effects: Callable[[Transaction], Effects]
    number: int = 0

    @cached_property
    def _submitted(self) -> Submitted:
        return Submitted.read(self.data)

    @property
    def digest(self) -> str:
        """Its name."""
        return self._submitted.digest

    @property
    def sender(self) -> Holder:
        """Whose it is."""
        return Holder(self.network, self._submitted.sender)

    @property
    def gas_input(self) -> GasInput:
        """What is offered."""
        return GasInput(self.network, self._submitted)

    @property
    def expiration(self) -> EpochView | None:
        """The last epoch in which it may be executed."""
        last = self._submitted.last_epoch
        return None if last is None else EpochView(self.network, last)

    @property
    def effects(self) -> Effects:
        """What it does."""
        return self._effects(self)

    @property
    def bcs(self) -> str | None:
        """It with its signatures."""
        if self.signatures is None:
            return None
        return base64(signed(self.data, self.signatures))


def signed(data: bytes, signatures: list[str]) -> bytes:
    """Return a transaction with its signatures, as nodes keep it (iota-types, SenderSignedData)."""
    together = sdk.SignedTransaction(
        transaction=sdk.Transaction.from_bcs(data),
        signatures=[sdk.UserSignature.from_base64(each) for each in signatures],
    )
    # One transaction, and what was signed is one of IOTA's: three zeros before it.
    return b"\1" + bytes(3) + bytes(together.to_bcs())


def _view(network: Network, executed: Executed) -> Transaction:
    """Return a transaction that was executed."""

    def effects(of: Transaction) -> Effects:
        return Effects(
            network, of, executed.effects, executed.words, executed.checkpoint
        )

    signatures = list(executed.signatures)
    return Transaction(network, executed.data, signatures, effects, executed.number)


def _transaction(network: Network, digest: str) -> Transaction | None:
    """Return a transaction by its name."""
    found = network.transaction(digest)
    return _view(network, found) if found else None


_DIGITS = 12


def _history(
    network: Network, sender: str | None, window: Mapping[str, Any]
) -> Connection[Transaction]:
    """Return transactions in checkpoints, in their order."""
    part = Window(
        **{name: window.get(name) for name in ("first", "after", "last", "before")}
    )
    found = network.history(
        sender=sender,
        after=None if part.after is None else int(part.after),
        before=None if part.before is None else int(part.before),
        limit=part.size + 1,
        newest_first=part.is_backward,
        final=True,
    )
    views = [_view(network, each) for each in found]
    if part.is_backward:
        views.reverse()
    return page(
        views,
        part,
        lambda each: f"{each.number:0{_DIGITS}d}",
        is_more_before=part.after is not None,
        is_more_after=part.before is not None,
    )


@dataclass(frozen=True)
class ExecutionResult:
    """That a transaction was executed."""

    effects: Effects
    errors: None = None


@dataclass(frozen=True)
class DryRunResult:
    """What a transaction would do."""

    error: str | None
    transaction: Transaction
    results: None = None


@dataclass(frozen=True)
class ServiceConfig:
    """What the service allows."""

    available_versions: tuple[str, ...] = ("2026.11",)
    enabled_features: tuple[str, ...] = ("COINS", "DYNAMIC_FIELDS")
    max_query_depth: int = MOST_DEPTH
    max_query_nodes: int = MOST_NODES
    max_output_nodes: int = MOST_OUTPUT
    default_page_size: int = PAGE
    max_page_size: int = MOST
    mutation_timeout_ms: int = 74_000
    request_timeout_ms: int = 40_000
    max_query_payload_size: int = MOST_BYTES
    max_type_argument_depth: int = 16
    max_type_argument_width: int = 32
    max_type_nodes: int = 256
    max_move_value_depth: int = 128


@dataclass(frozen=True)
class Query:
    """What can be asked."""

    network: Network

    @property
    def chain_identifier(self) -> str:
        """Which network it is."""
        return self.network.identity.chain

    @property
    def service_config(self) -> ServiceConfig:
        """What the service allows."""
        return ServiceConfig()

    @property
    def available_range(self) -> Mapping[str, CheckpointView | None]:
        """The checkpoints that there are."""
        return {"first": self._checkpoint(0), "last": self._checkpoint()}

    def _checkpoint(self, number: int | None = None) -> CheckpointView | None:
        made = self.network.checkpoint_at(number)
        return CheckpointView(self.network, made) if made else None

    def protocol_config(self, protocol_version: int | None = None) -> ProtocolConfigs:
        """Return the rules."""
        return ProtocolConfigs()

    def owner(self, address: str, root_version: int | None = None) -> Holder:
        """Return who has objects."""
        return Holder(self.network, address)

    def address(self, address: str) -> Holder:
        """Return an address."""
        return Holder(self.network, address)

    def object(self, address: str, version: int | None = None) -> Object | None:
        """Return an object; older versions are not kept."""
        found = _object(self.network, address)
        return found if found and version in {None, found.version} else None

    def objects(
        self, filter: Mapping[str, Any] | None = None, **window: Any
    ) -> Connection[Object]:
        """Return objects."""
        return _objects(self.network, filter or {}, window)

    def coins(self, type: str | None = None, **window: Any) -> Connection[Object]:
        """Return all coins."""
        wanted = {"type": self.network.identity.written(GAS_COIN)}
        return _objects(self.network, wanted, window)

    def epoch(self, id: int | None = None) -> EpochView | None:
        """Return the epoch."""
        now = self.network.epoch
        return EpochView(self.network, now) if id in {None, now} else None

    def checkpoint(self, id: Mapping[str, Any] | None = None) -> CheckpointView | None:
        """Return a checkpoint."""
        found = self._checkpoint((id or {}).get("sequenceNumber"))
        digest = (id or {}).get("digest")
        return found if found and digest in {None, found.digest} else None

    def transaction_block(self, digest: str) -> Transaction | None:
        """Return a transaction."""
        return _transaction(self.network, digest)

    def transaction_blocks(
        self, filter: Mapping[str, Any] | None = None, **window: Any
    ) -> Connection[Transaction]:
        """Return transactions."""
        return _history(self.network, (filter or {}).get("signAddress"), window)

    def is_transaction_indexed_on_node(self, digest: str) -> bool:
        """Tell whether a transaction is known here."""
        return self.network.transaction(digest) is not None

    def dry_run_transaction_block(
        self,
        tx_bytes: str,
        tx_meta: Mapping[str, Any] | None = None,
        skip_checks: bool | None = None,
    ) -> DryRunResult:
        """Return what a transaction would do."""
        data = _bytes(tx_bytes, "transaction bytes")
        if tx_meta is not None:
            data = _completed(self.network, data, tx_meta)
        try:
            outcome = self.network.dry_run(data)
        except RefusedError as error:
            raise _failed(f"Unable to dry run transaction: {error}", error) from error
        words = outcome.status.to_words()

        def effects(of: Transaction) -> Effects:
            return Effects(self.network, of, outcome.effects, words)

        tried = Transaction(self.network, data, None, effects)
        return DryRunResult(outcome.status.to_rpc().get("error"), tried)


def _completed(network: Network, kind: bytes, meta: Mapping[str, Any]) -> bytes:
    """Return a transaction of its program, its sender and who pays."""
    try:
        read = sdk.TransactionKind.from_bcs(kind)
    except sdk.SdkFfiError as error:
        raise BadInputError(
            f"Unable to deserialize transaction bytes as BCS: {error}"
        ) from error
    sender = meta.get("sender") or written(0)
    sponsor = meta.get("gasSponsor") or sender
    # Without coins one is lent, as in any dry run.
    coins = meta.get("gasObjects") or ()
    found = (network.object(each["address"]) for each in coins)
    balance = sum(each.balance for each in found if each)
    references = [
        sdk.ObjectReference(
            object_id=sdk.ObjectId.from_hex(each["address"]),
            version=sdk.Version.from_u64(each["version"]),
            digest=sdk.ObjectDigest.from_base58(each["digest"]),
        )
        for each in coins
    ]
    payment = sdk.GasPayment(
        objects=references,
        owner=sdk.Address.from_hex(sponsor),
        price=meta.get("gasPrice") or network.price,
        budget=meta.get("gasBudget") or min(balance or MOST_BUDGET, MOST_BUDGET),
    )
    completed = sdk.Transaction.new_v1(
        sdk.TransactionV1(
            read,
            sdk.Address.from_hex(sender),
            payment,
            sdk.TransactionExpiration.NONE(),
        )
    )
    return bytes(completed.to_bcs())


def _failed(words: str, error: RefusedError) -> GraphQLError:
    """Return an error of the node behind the service."""
    if isinstance(error, MalformedError):
        return BadInputError(f"Unable to deserialize transaction bytes as BCS: {error}")
    return GraphQLError(
        f"Internal error occurred while processing request: {words}",
        extensions={"code": "INTERNAL_SERVER_ERROR"},
    )


@dataclass(frozen=True)
class Mutation:
    """What can be done."""

    network: Network

    def execute_transaction_block(
        self, tx_bytes: str, signatures: list[str]
    ) -> ExecutionResult:
        """Execute a transaction."""
        data = _bytes(tx_bytes, "transaction bytes")
        for each in signatures:
            _bytes(each, f"signature bytes {each}")
        try:
            executed = self.network.execute(data, signatures)
        except RefusedError as error:
            raise _failed(
                f"Unable to execute transaction: {error.framed}", error
            ) from error
        return ExecutionResult(_view(self.network, executed).effects)


@dataclass(frozen=True)
class _Root:
    """Where a question begins."""

    network: Network


_UPPER = re.compile(r"(?=[A-Z])")
_ROOTS: Mapping[str, Callable[[Network], Any]] = {"Query": Query, "Mutation": Mutation}


def _snake(name: str) -> str:
    """Return a name in Python's spelling."""
    return _UPPER.sub("_", name).lower()


def _resolve(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    """Return the value of a field."""
    if isinstance(source, _Root):
        source = _ROOTS[info.parent_type.name](source.network)
    name = _snake(info.field_name)
    if isinstance(source, Mapping):
        return source.get(info.field_name)
    value = getattr(source, name)
    if callable(value):
        return value(**{_snake(each): given for each, given in arguments.items()})
    return value


def _type_of(value: Any, *_: Any) -> str:
    """Return the name of a value's type, where it may be one of several."""
    return type(value).__name__


def _address(value: Any) -> str:
    """Return an address with all its digits."""
    if not isinstance(value, str) or not re.fullmatch(r"0x[0-9a-fA-F]{1,64}", value):
        raise GraphQLError(f'Invalid value for argument: IotaAddress "{value}"')
    return written(int(value, 16))


def _number(value: Any) -> int:
    """Return a number of 53 bits."""
    number = int(value)
    if not 0 <= number < 2**53:
        raise GraphQLError(f"Invalid value for UInt53: {value}")
    return number


def _schema() -> GraphQLSchema:
    """Return the schema."""
    schema = build_schema(Path(__file__).with_name("schema.graphql").read_text())
    for name, read in (("IotaAddress", _address), ("UInt53", _number)):
        scalar = schema.get_type(name)
        assert isinstance(scalar, GraphQLScalarType)
        scalar.parse_value = read  # type: ignore[method-assign]
    return schema


SCHEMA = _schema()


# The service lets two types have a field of one name with and without null, as IOTA's own library asks for.
_RULES = [
    each for each in specified_rules if each is not OverlappingFieldsCanBeMergedRule
]


def answer(network: Network, question: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to a question: {"query": …, "variables": …}."""
    query = str(question.get("query", ""))
    variables = question.get("variables") or {}
    try:
        check_length(query)
        document = parse(query)
        check_size(document, variables)
    except GraphQLSyntaxError as error:
        return {"data": None, "errors": [_told(error, "GRAPHQL_PARSE_FAILED")]}
    except BadInputError as error:
        return {"data": None, "errors": [error.formatted]}
    if wrong := validate(SCHEMA, document, _RULES):
        code = "GRAPHQL_VALIDATION_FAILED"
        return {"data": None, "errors": [_told(error, code) for error in wrong]}
    result = execute_sync(
        SCHEMA,
        document,
        root_value=_Root(network),
        variable_values=variables,
        operation_name=question.get("operationName"),
        field_resolver=_resolve,
        type_resolver=_type_of,
    )
    return dict(result.formatted)


def _told(error: GraphQLError, code: str) -> dict[str, Any]:
    """Return an error with a code."""
    return {**error.formatted, "extensions": {"code": code}}
